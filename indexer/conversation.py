"""One client of an engine: its calls, and the two threads that read and write for it."""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
from collections.abc import Callable

from indexer import protocol
from indexer.errors import CancelledError, EngineLeavingError, LorebaseError, ProtocolError
from indexer.protocol import Cancel, Event, Hello, Lines, Request
from indexer.transport import Channel

HELLO_SECONDS = 30.0
"""How long a client may take to say who it is."""

MAX_CALLS = 32
"""Calls that one client may have under way."""

MAX_QUEUED = 256
"""Lines that may wait for a client that does not read. Progress is dropped beyond it, since a
later one says more; results are not."""

CLOSE_SECONDS = 1.0
"""How long a client that does not read may hold up the end of its conversation."""

LEAVING = EngineLeavingError("The engine is leaving.", "Ask again: the next one answers.")

log = logging.getLogger("lorebase")


class Call:
    """One request under way. `finish` or `fail` ends it once; what comes later is dropped."""

    def __init__(self, conversation: Conversation, request: Request) -> None:
        self._conversation = conversation
        self._id = request.id
        self.method = request.method
        self.params = request.params
        self.taken_back = False
        self._over = False
        self._leave: Callable[[], None] | None = None

    def event(self, event: Event) -> None:
        """Tell the client something; never blocks."""
        if not self._over:
            self._conversation.post(protocol.event_line(self._id, event), droppable=True)

    def finish(self, result: object) -> None:
        """Send the result."""
        try:
            line = protocol.result_line(self._id, result)
        except ProtocolError as error:
            self.fail(error)
            return
        self._close(line)

    def fail(self, error: LorebaseError) -> None:
        """Send an error."""
        self._close(protocol.failure_line(self._id, error))

    def when_taken_back(self, action: Callable[[], None]) -> None:
        """Do ``action`` when the client cancels this call, or is gone."""
        self._leave = action

    def take_back(self) -> None:
        """Drop the call: the client no longer wants it."""
        self.taken_back = True
        self._over = True
        if self._leave is not None:
            self._leave()

    def _close(self, line: bytes) -> None:
        if not self._over:
            self._over = True
            self._conversation.post(line)
        self._conversation.forget(self._id)


class Conversation:
    """All that one client says and hears."""

    def __init__(
        self,
        channel: Channel,
        index: str,
        dispatch: Callable[[Conversation, Request], None],
        ended: Callable[[Conversation], None],
    ) -> None:
        self._channel = channel
        self._index = index
        self._dispatch = dispatch
        self._ended = ended
        self._calls: dict[int, Call] = {}
        self._changed = threading.Condition()
        self._out: queue.Queue[bytes | None] = queue.Queue()
        self._writer = threading.Thread(target=self._write, name="write", daemon=True)

    def start(self) -> None:
        """Begin to read and to write."""
        threading.Thread(target=self._read, name="read", daemon=True).start()
        self._writer.start()

    def call(self, request: Request) -> Call:
        """Return the call that a request begins; raises ProtocolError for too many at once."""
        call = Call(self, request)
        with self._changed:
            if request.id in self._calls or len(self._calls) >= MAX_CALLS:
                raise ProtocolError(
                    f"At most {MAX_CALLS} calls at once, each with its own id.", "Wait for one to end."
                )
            self._calls[request.id] = call
        return call

    def forget(self, call_id: int) -> None:
        """Count a call as ended."""
        with self._changed:
            self._calls.pop(call_id, None)
            self._changed.notify_all()

    def post(self, line: bytes, droppable: bool = False) -> None:
        """Put a line behind those that wait to be sent; never blocks."""
        if not (droppable and self._out.qsize() >= MAX_QUEUED):
            self._out.put(line)

    def settle(self, until: float, waiting_on_job: bool) -> None:
        """Wait until the calls under way are answered, or until a moment of `time.monotonic`.
        Calls that wait for the job are not waited for: it is about to stop; nor are those that
        watch, which never end. Whoever dispatches begins no new ones meanwhile.
        """
        with self._changed:
            unwaited = {protocol.WATCH.name} | ({protocol.INDEX.name} if waiting_on_job else set())
            self._changed.wait_for(
                lambda: all(each.method in unwaited for each in self._calls.values()),
                max(0.0, until - time.monotonic()),
            )

    def part(self) -> None:
        """Let go of a client that did not ask for it. It is told which of its calls may have been done
        in part; whatever else has no answer by then can be asked of the next engine.
        """
        with self._changed:
            calls = list(self._calls.values())
        for call in calls:
            method = protocol.METHODS.get(call.method)
            if method is not None and not method.repeatable:
                call.fail(CancelledError("The engine left before it had answered.", "Look, then repeat it."))
        self.post(protocol.failure_line(None, LEAVING))
        self.close()

    def close(self) -> None:
        """Send what waits, and let go of the client."""
        self._out.put(None)
        if threading.current_thread() is not self._writer:
            self._writer.join(CLOSE_SECONDS)
        self._channel.close()

    # ------------------------------------------------------------------------ private

    def _read(self) -> None:
        lines = Lines(protocol.MAX_HELLO)
        greeted = False
        try:
            self._channel.timeout(HELLO_SECONDS)
            while data := self._channel.receive():
                for line in lines.feed(data):
                    if not greeted:
                        self._greet(line)
                        greeted = True
                        lines.limit = protocol.MAX_LINE
                        self._channel.timeout(None)
                    else:
                        self._hear(line)
        except ProtocolError as error:
            log.warning("a client was sent away: %s", error.message)
            self.post(protocol.failure_line(None, error))
        except OSError:
            pass
        finally:
            self._gone()

    def _greet(self, line: bytes) -> None:
        if not isinstance(protocol.client_message(line), Hello):
            raise ProtocolError("The first message must be a hello.")
        self.post(protocol.welcome_line(os.getpid(), self._index))

    def _hear(self, line: bytes) -> None:
        message = protocol.client_message(line)
        if isinstance(message, Request):
            self._dispatch(self, message)
        elif isinstance(message, Cancel):
            with self._changed:
                call = self._calls.pop(message.id, None)
                self._changed.notify_all()
            if call is not None:
                call.take_back()

    def _gone(self) -> None:
        with self._changed:
            calls = list(self._calls.values())
            self._calls.clear()
            self._changed.notify_all()
        for call in calls:
            call.take_back()
        self.close()
        self._ended(self)

    def _write(self) -> None:
        try:
            while (line := self._out.get()) is not None:
                self._channel.send(line)
        except OSError:
            # The reader notices too, and ends the conversation.
            self._channel.close()
