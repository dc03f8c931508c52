"""The engine's calls about the language model: on threads of their own, and ended when taken back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from indexer import protocol
from indexer.conversation import Call
from indexer.errors import LorebaseError
from indexer.protocol import Event
from indexer.settings import ModelSettings
from indexer.types import Statement

if TYPE_CHECKING:
    from indexer.answer.patience import Patience
    from indexer.writing import Lend, Writer

WRITERS: Final = 4
"""Calls that may wait for a model at once. They do nothing but wait, and must not keep the threads
that answer questions busy meanwhile."""

Work = Callable[["Writer", "Patience"], object]


class WritingCalls:
    """Hands calls to the one `Writer`, which is made by the first of them."""

    def __init__(
        self,
        settings: ModelSettings,
        lend: Lend,
        told: Callable[[Exception, str], LorebaseError],
        changed: Callable[[], None],
    ) -> None:
        self._settings = settings
        self._lend = lend
        self._told = told
        self._changed = changed
        self._guard = threading.Lock()
        self._making = threading.Lock()
        self._writer: Writer | None = None
        self._pool = ThreadPoolExecutor(WRITERS, thread_name_prefix="write")
        self._running: set[Patience] = set()
        self._closed = False

    def handlers(self) -> dict[str, Callable[[Call], None]]:
        """Return what answers each method."""
        return {
            protocol.MODEL.name: self._state,
            protocol.MODEL_FIND.name: self._find,
            protocol.MODEL_TEST.name: self._test,
            protocol.MODEL_KEY.name: self._key,
            protocol.LOCAL_ONLY.name: self._mark,
            protocol.SHOW_SENT.name: self._show_sent,
            protocol.WRITE.name: self._write,
        }

    def close(self) -> None:
        """Let go of every model; its call fails with CancelledError."""
        with self._guard:
            self._closed = True
            running = list(self._running)
        for each in running:
            each.cancel()

    # ------------------------------------------------------------------------ private

    def _state(self, call: Call) -> None:
        given = protocol.params_of(protocol.MODEL, call.params)
        self._submit(call, lambda writer, _: writer.state(given.key))

    def _find(self, call: Call) -> None:
        wanted = protocol.params_of(protocol.MODEL_FIND, call.params)

        def find(_: Writer, patience: Patience) -> object:
            from indexer.answer.local_servers import find_servers  # late, as everything of this

            del patience
            return find_servers(wanted.ports)

        self._submit(call, find)

    def _test(self, call: Call) -> None:
        given = protocol.params_of(protocol.MODEL_TEST, call.params)
        self._submit(call, lambda writer, patience: writer.test(given.key, patience))

    def _key(self, call: Call) -> None:
        wanted = protocol.params_of(protocol.MODEL_KEY, call.params)
        self._submit(call, lambda writer, _: writer.keep_key(wanted))

    def _mark(self, call: Call) -> None:
        wanted = protocol.params_of(protocol.LOCAL_ONLY, call.params)
        self._submit(call, lambda writer, _: writer.mark(wanted.on))

    def _show_sent(self, call: Call) -> None:
        wanted = protocol.params_of(protocol.SHOW_SENT, call.params)
        self._submit(call, lambda writer, _: writer.show_sent(wanted))

    def _write(self, call: Call) -> None:
        wanted = protocol.params_of(protocol.WRITE, call.params)

        def told(sentence: Statement) -> None:
            call.event(Event(written=sentence))

        def write(writer: Writer, patience: Patience) -> object:
            try:
                return writer.write(wanted, told, patience)
            finally:
                self._changed()

        self._submit(call, write)

    def _submit(self, call: Call, work: Work) -> None:
        def run() -> None:
            if call.taken_back:
                return
            try:
                call.finish(self._done(call, work))
            except Exception as error:  # noqa: BLE001 (the edge of a call: its client is told)
                call.fail(self._told(error, call.method))

        self._pool.submit(run)

    def _made_writer(self) -> Writer:
        with self._making:
            if self._writer is None:
                from indexer.writing import Writer  # late: an engine that writes nothing needs no httpx

                self._writer = Writer(self._settings, self._lend)
            return self._writer

    def _done(self, call: Call, work: Work) -> object:
        writer = self._made_writer()
        patience = writer.patience()
        call.when_taken_back(patience.cancel)
        with self._guard:
            self._running.add(patience)
            ending = self._closed
        if call.taken_back or ending:
            patience.cancel()
        try:
            return work(writer, patience)
        finally:
            with self._guard:
                self._running.discard(patience)
