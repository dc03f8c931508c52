"""The engine as Qt signals: one local socket, no thread; the only place where the two meet.

A `Link` belongs to one repository. Calls are answered in named slots; an engine that is not there
is started by a process of its own, one that dies is started again and asked again, and what the
person typed is nobody's business here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from PySide6.QtCore import QObject, QProcess, QTimer, Signal
from PySide6.QtNetwork import QLocalSocket

from desktop.children import end_child
from indexer import protocol
from indexer.errors import (
    EngineLeavingError,
    EngineUnavailableError,
    LorebaseError,
    ProtocolError,
    error_from,
)
from indexer.launch import Ready, start_message
from indexer.location import Location, socket_path
from indexer.protocol import (
    Event,
    EventMessage,
    FailureMessage,
    Method,
    ResultMessage,
    Welcome,
)
from indexer.settings import Settings

RETRY_MS = 60
"""How soon the socket is tried again after an engine was started or lost."""

MAX_TRIES = 80
"""About five seconds of tries; an engine needs .2 s to listen on a quiet machine."""

MAX_LOSSES = 3
"""How often one call may lose its engine before it is given up."""

P = TypeVar("P")
R = TypeVar("R")


class LinkState(Enum):
    """What the status bar says of the engine."""

    AWAY = "away"
    STARTING = "starting"
    READY = "ready"
    LOST = "lost"


@dataclass
class _Call:
    method: Method[Any, Any]
    params: object
    on_result: Callable[[Any], None]
    on_error: Callable[[LorebaseError], None] | None
    on_event: Callable[[Event], None] | None
    losses: int = 0
    ends: int = 0
    """Where its request ends among all bytes for this engine: one that did not go out whole was not begun."""
    unbegun: bool = False
    """The engine said that it leaves without having begun the call."""


class Link(QObject):
    """A connection to the engine of one index."""

    stateChanged = Signal(object)  # LinkState
    restarted = Signal()
    """The engine was lost and is back: one line of notice, nothing else."""
    failed = Signal(object)  # LorebaseError of a call that nobody listens to

    def __init__(
        self, location: Location, settings: Settings, runtime_dir: str | None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.location = location
        self._settings = settings
        self._address = socket_path(location, runtime_dir)
        self._socket = QLocalSocket(self)
        self._lines = protocol.Lines()
        self._calls: dict[int, _Call] = {}
        self._last = 0
        self._queued = self._written = 0  # bytes for this engine, and those of them that went out
        self._tries = 0
        self._was_ready = False
        self._closing = False
        self._launcher: QProcess | None = None
        self.state = LinkState.AWAY
        self._retry = QTimer(self)
        self._retry.setSingleShot(True)
        self._retry.setInterval(RETRY_MS)
        self._retry.timeout.connect(self._connect)
        self._socket.connected.connect(self._on_connected)
        self._socket.bytesWritten.connect(self._on_written)
        self._socket.readyRead.connect(self._on_data)
        self._socket.disconnected.connect(self._on_lost)
        self._socket.errorOccurred.connect(self._on_socket_error)

    # ------------------------------------------------------------------------ public

    def call(
        self,
        method: Method[P, R],
        params: P,
        on_result: Callable[[R], None],
        on_error: Callable[[LorebaseError], None] | None = None,
        on_event: Callable[[Event], None] | None = None,
    ) -> int:
        """Ask the engine; the answer comes to ``on_result`` or ``on_error``. Returns the call's id."""
        self._last += 1
        self._calls[self._last] = _Call(method, params, on_result, on_error, on_event)
        if self.state is LinkState.READY:
            self._send(self._last)
        else:
            self.open()
        return self._last

    def take_settings(self, settings: Settings) -> None:
        """Start the next engine with other settings; the one that runs keeps its own."""
        self._settings = settings

    def cancel(self, call: int) -> None:
        """Take a call back; neither slot is called any more."""
        if self._calls.pop(call, None) is not None and self.state is LinkState.READY:
            self._write(protocol.cancel_line(call))

    def open(self) -> None:
        """Reach the engine, and start it where there is none; returns at once."""
        if self.state in (LinkState.AWAY, LinkState.LOST):
            self._tries = 0
            self._set_state(LinkState.STARTING)
            self._connect()

    def close(self) -> None:
        """Leave; the engine goes on with its job, and ends by itself when it is idle."""
        self._closing = True
        self._retry.stop()
        self._calls.clear()
        self._socket.abort()
        if self._launcher is not None:
            end_child(self._launcher)
        self._set_state(LinkState.AWAY)

    # ------------------------------------------------------------------------ socket

    def _connect(self) -> None:
        if self._closing or self._socket.state() is not QLocalSocket.LocalSocketState.UnconnectedState:
            return
        if self._launcher is None:
            # While one is being started it says itself when it cannot be; a busy machine takes its time.
            self._tries += 1
        if self._tries > MAX_TRIES:
            self._give_up(
                EngineUnavailableError(
                    "The engine does not answer.",
                    "Press F5 to try again; its log is in the index folder that Health names.",
                )
            )
            return
        self._lines = protocol.Lines()
        self._socket.connectToServer(self._address)

    def _on_connected(self) -> None:
        self._queued = self._written = 0
        self._write(protocol.hello_line())

    def _write(self, line: bytes) -> None:
        self._queued += len(line)
        self._socket.write(line)

    def _on_written(self, count: int) -> None:
        self._written += count

    def _on_socket_error(self) -> None:
        if self._closing:
            return
        if self.state is LinkState.STARTING:
            if self._launcher is None:
                self._launch()
            self._retry.start()

    def _on_lost(self) -> None:
        if self._closing or self.state is not LinkState.READY:
            return
        for number, call in list(self._calls.items()):
            call.losses += 1
            unbegun = call.unbegun or call.ends > self._written
            if call.losses >= MAX_LOSSES or not (call.method.repeatable or unbegun):
                self._fail(
                    number,
                    EngineUnavailableError(
                        "The engine stopped before it answered.", "Try again; nothing was lost."
                    ),
                )
        self._set_state(LinkState.LOST)
        self.open()

    def _on_data(self) -> None:
        try:
            for line in self._lines.feed(bytes(self._socket.readAll().data())):
                self._take(protocol.engine_message(line))
        except ProtocolError as error:
            self._socket.abort()
            self._give_up(error)

    def _take(self, message: protocol.EngineMessage) -> None:
        if isinstance(message, Welcome):
            self._welcome(message)
        elif isinstance(message, EventMessage):
            call = self._calls.get(message.id)
            if call is not None and call.on_event is not None:
                call.on_event(message.event)
        elif isinstance(message, ResultMessage):
            done = self._calls.pop(message.id, None)
            if done is not None:
                done.on_result(protocol.result_of(done.method, message.result))
        elif isinstance(message, FailureMessage):
            if isinstance(message.error, EngineLeavingError):
                # Without an id: of all that has no answer yet.
                for number, call in self._calls.items():
                    call.unbegun |= message.id in (number, None)
            elif message.id is None:
                self._give_up(message.error)
            else:
                self._fail(message.id, message.error)

    def _welcome(self, message: Welcome) -> None:
        ours = protocol.edition()
        if ours.newer_than(message.edition):
            # An engine of an older installation makes way; its successor is started by the retry.
            self._last += 1
            self._write(protocol.request_line(self._last, protocol.FINISH, protocol.Nothing()))
            self._socket.flush()
            self._socket.disconnectFromServer()
            self._retry.start()
            return
        if message.edition.protocol != ours.protocol:
            self._give_up(
                ProtocolError(
                    f"The engine is lorebase {message.edition.version}; this window cannot speak to it.",
                    "Update this installation, or close the newer one first.",
                )
            )
            return
        # Who hears of the state may call at once, and that call is sent then: only what waited until
        # now is sent here, and before anybody hears.
        self.state = LinkState.READY
        for number in list(self._calls):
            self._send(number)
        again, self._was_ready = self._was_ready, True
        self.stateChanged.emit(self.state)
        if again:
            self.restarted.emit()

    def _send(self, number: int) -> None:
        call = self._calls[number]
        call.unbegun = False
        try:
            self._write(protocol.request_line(number, call.method, call.params))
            call.ends = self._queued
        except ProtocolError as error:
            self._fail(number, error)

    # ------------------------------------------------------------------------ starting

    def _launch(self) -> None:
        """Start the engine through a child of ours, which ends as soon as the engine listens."""
        launcher = QProcess(self)
        launcher.setProgram(sys.executable)
        launcher.setArguments(["-m", "indexer.launch"])
        launcher.setWorkingDirectory(str(Path(protocol.__file__).resolve().parent.parent))
        launcher.finished.connect(self._on_launched)
        launcher.start()
        start = start_message(self.location, self._settings, self._address)
        launcher.write(msgspec.json.encode(start))
        launcher.closeWriteChannel()
        self._launcher = launcher

    def _on_launched(self) -> None:
        launcher, self._launcher = self._launcher, None
        if launcher is None:
            return
        said = bytes(launcher.readAllStandardOutput().data())
        launcher.deleteLater()
        if self._closing or self.state is not LinkState.STARTING:
            return
        error = error_said(said)
        if error is not None and error.code != "LockedError":
            self._give_up(error)

    # ------------------------------------------------------------------------ private

    def _fail(self, number: int, error: LorebaseError) -> None:
        call = self._calls.pop(number, None)
        if call is None:
            return
        if call.on_error is not None:
            call.on_error(error)
        else:
            self.failed.emit(error)

    def _give_up(self, error: LorebaseError) -> None:
        self._retry.stop()
        self._set_state(LinkState.AWAY)
        waiting = list(self._calls)
        for number in waiting:
            self._fail(number, error)
        if not waiting:
            self.failed.emit(error)

    def _set_state(self, state: LinkState) -> None:
        if state is not self.state:
            self.state = state
            self.stateChanged.emit(state)


def error_said(said: bytes) -> LorebaseError | None:
    """Return the error that the launcher printed, if it did."""
    try:
        ready = msgspec.json.decode(said, type=Ready)
    except msgspec.DecodeError:
        return EngineUnavailableError(
            "The engine could not be started.", "Its log is in the index folder; run `lorebase doctor`."
        )
    return error_from(ready.code, ready.message, ready.hint) if ready.code else None
