"""What fronts hold: speaks to the engine of an index, and starts it when there is none.

Blocking and without threads. A front with an event loop uses `indexer.protocol` with a
transport of its own, and `indexer.launch`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from indexer import protocol
from indexer.errors import (
    EngineLeavingError,
    EngineUnavailableError,
    LockedError,
    LorebaseError,
    ProtocolError,
)
from indexer.launch import LOG_NAME, START_SECONDS, last_words, start_engine, start_message
from indexer.location import Location, socket_path
from indexer.lock import holder
from indexer.protocol import Event, EventMessage, FailureMessage, Method, ResultMessage, Welcome
from indexer.settings import Settings
from indexer.transport import Channel, connect

HANDSHAKE_SECONDS = 10.0
"""How long an engine may take for its first line: it gives it before it opens anything."""

LEAVE_SECONDS = 15.0
"""How long an older engine may take to finish what it answers."""

CONNECT_SECONDS = 2.0

RETRY_SECONDS = 0.05

MAX_LOSSES = 3
"""How often one call may lose its engine before it is given up: a fourth would die as well."""

P = TypeVar("P")
R = TypeVar("R")


class Client:
    """A connection to the engine of one index; it is made, and made again, when it is needed.

    ``runtime_dir`` is the user's XDG_RUNTIME_DIR, if any.
    """

    def __init__(self, location: Location, settings: Settings, runtime_dir: str | None = None) -> None:
        self.location = location
        self._settings = settings
        self._address = socket_path(location, runtime_dir)
        self._channel: Channel | None = None
        self._lines = protocol.Lines()
        self._pending: list[bytes] = []
        self._calls = 0
        self.engine: Welcome | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave; what was asked for in other calls goes on."""
        if self._channel is not None:
            self._channel.close()
        self._channel = None
        self._pending = []

    def call(self, method: Method[P, R], params: P, on_event: Callable[[Event], None] | None = None) -> R:
        """Ask the engine, and wait. An engine that dies meanwhile is started again, and asked
        again where that does no harm: not for a call that it may have done already.

        Raises whatever error the engine met, or EngineUnavailableError when it is lost for good.
        """
        for losses in range(1, MAX_LOSSES + 1):
            self.connect()
            self._calls += 1
            line = protocol.request_line(self._calls, method, params)
            try:
                return self._exchange(method, line, on_event)
            except EngineLeavingError:
                self.close()  # not begun: asked again, whatever it is
                if losses == MAX_LOSSES:
                    raise
            except (OSError, EOFError) as error:
                self.close()
                if not method.repeatable or losses == MAX_LOSSES:
                    raise self._lost(method) from error
            except KeyboardInterrupt:
                self._take_back()
                raise
            except ProtocolError:
                self.close()
                raise
        raise AssertionError("unreachable")

    def connect(self) -> None:
        """Reach the engine, and start it where there is none."""
        until = time.monotonic() + START_SECONDS
        while self._channel is None:
            try:
                self._greet()
            except TimeoutError as error:
                raise self._locked() from error
            except (OSError, EOFError) as error:
                self.close()
                if time.monotonic() > until:
                    raise self._locked() from error
                self._start()

    def running(self) -> bool:
        """Say whether an engine can be reached, without starting one."""
        try:
            self._greet(replace_older=False)
        except (OSError, EOFError, LorebaseError):
            self.close()
        return self._channel is not None

    def finish(self) -> bool:
        """Ask a running engine to leave, and wait until it has; False when there was none."""
        if not self.running():
            return False
        self._dismiss()
        return True

    # ------------------------------------------------------------------------ private

    def _start(self) -> None:
        try:
            start_engine(start_message(self.location, self._settings, self._address))
        except LockedError:
            # Somebody else's engine is starting, or one is leaving: both take a moment.
            time.sleep(RETRY_SECONDS)

    def _greet(self, replace_older: bool = True) -> None:
        if self._channel is not None:
            return
        self._channel = connect(self._address, self.location.index_dir, CONNECT_SECONDS)
        self._lines = protocol.Lines()
        self._channel.timeout(HANDSHAKE_SECONDS)
        self._channel.send(protocol.hello_line())
        message = self._next()
        if isinstance(message, FailureMessage):
            self.close()
            if isinstance(message.error, EngineLeavingError):
                raise ConnectionResetError("the engine left")
            raise message.error
        if not isinstance(message, Welcome):
            self.close()
            raise ProtocolError("What answers at the engine's address is not an engine.")
        self.engine = message
        self._channel.timeout(None)
        ours = protocol.edition()
        if replace_older and ours.newer_than(message.edition):
            self._dismiss()
            raise ConnectionResetError("an older engine left")
        if message.edition.protocol != ours.protocol:
            self.close()
            raise ProtocolError(
                f"The engine is lorebase {message.edition.version}; this {ours.version} cannot speak to it.",
                "Update this installation, or run `lorebase stop` with the newer one.",
            )

    def _dismiss(self) -> None:
        """Send FINISH, and wait for the end of the stream."""
        assert self._channel is not None
        self._channel.timeout(LEAVE_SECONDS)
        with suppress(OSError):
            self._calls += 1
            self._channel.send(protocol.request_line(self._calls, protocol.FINISH, protocol.Nothing()))
            while self._channel.receive():
                pass
        self.close()

    def _exchange(self, method: Method[P, R], line: bytes, on_event: Callable[[Event], None] | None) -> R:
        assert self._channel is not None
        try:
            self._channel.send(line)
        except OSError as error:
            # Half a line is no request: whoever was there did not begin it.
            raise EngineLeavingError("The engine is gone.", "Ask again: the next one answers.") from error
        while True:
            message = self._next()
            if isinstance(message, Welcome) or message.id not in (self._calls, None):
                continue  # the end of a call that was taken back
            if isinstance(message, EventMessage):
                if on_event is not None:
                    on_event(message.event)
            elif isinstance(message, ResultMessage):
                return protocol.result_of(method, message.result)
            else:
                raise message.error

    def _next(self) -> protocol.EngineMessage:
        assert self._channel is not None
        while not self._pending:
            data = self._channel.receive()
            if not data:
                raise EOFError("the engine is gone")
            self._pending.extend(self._lines.feed(data))
        return protocol.engine_message(self._pending.pop(0))

    def _take_back(self) -> None:
        if self._channel is not None:
            with suppress(OSError):
                self._channel.send(protocol.cancel_line(self._calls))

    def _locked(self) -> LorebaseError:
        self.close()
        found = holder(self.location.index_dir)
        who = "Another process" if found is None else f"Process {found.pid} on {found.host}"
        return LockedError(
            f"{who} holds the index {self.location.index_dir} and does not answer.",
            "Wait and try again; if it never answers, end that process. Nothing in the index is lost.",
        )

    def _lost(self, method: Method[P, R]) -> LorebaseError:
        log = self.location.index_dir / LOG_NAME
        if method.repeatable:
            return EngineUnavailableError(
                f"The engine was lost {MAX_LOSSES} times in the middle of `{method.name}`{last_words(log)}",
                f"The index is intact. See {log}, and `lorebase doctor`.",
            )
        return EngineUnavailableError(
            f"The engine was lost in the middle of `{method.name}`, so it is not known whether it was done.",
            "Look first (`lorebase note list`), then repeat it if it is missing.",
        )


def finish_engine(index_dir: Path) -> bool:
    """Ask the engine of this index, wherever it listens, to leave; False when none was reached."""
    found = holder(index_dir)
    if found is None:
        return False
    try:
        channel = connect(found.address, index_dir, CONNECT_SECONDS)
    except (OSError, LorebaseError):
        return False
    with suppress(OSError):
        channel.timeout(LEAVE_SECONDS)
        channel.send(protocol.hello_line())
        channel.send(protocol.request_line(1, protocol.FINISH, protocol.Nothing()))
        while channel.receive():
            pass
    channel.close()
    return True
