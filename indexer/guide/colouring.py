"""The process that finds the colours of code: started when needed, ended when idle or stuck."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import IO, Final

import msgspec

from indexer.guide.colours import LARGEST, ROLES, SECONDS, Coloured, Task
from indexer.pages import Token

MODULE: Final = "indexer.guide.colours"
PATIENCE: Final = SECONDS * 6
"""Seconds after which a process that has not answered is ended: a pattern runs away in it."""

IDLE_SECONDS: Final = 120.0
"""Its 40 MB are given back when nobody has opened a file for so long."""

_BOOT: Final = "import sys; sys.path[:] = sys.argv[2:]; __import__(sys.argv[1], None, None, ['main']).main()"


class Colourist:
    """Callable from several threads; one file is coloured at a time."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._idle: threading.Timer | None = None
        self._closed = False

    def tokens(self, language: str, lines: Sequence[str], first_line: int) -> tuple[tuple[Token, ...], bool]:
        """Return the coloured pieces of ``lines``, and whether all of them were reached in time."""
        if sum(map(len, lines)) + len(lines) > LARGEST:
            return (), False
        with self._lock:
            if self._closed:
                return (), False
            try:
                found = self._ask(Task(language, list(lines)))
            except (OSError, msgspec.DecodeError):
                # It was ended for being stuck, or died of what it read: code is shown without colours.
                self._end()
                return (), False
            self._rest()
        pieces = iter(found.pieces)
        return tuple(
            Token(first_line + line, start, length, ROLES[role])
            for line, start, length, role in zip(pieces, pieces, pieces, pieces, strict=True)
        ), found.complete

    def close(self) -> None:
        """End the process; no other is started."""
        self._closed = True
        process = self._process
        if process is not None:
            process.kill()  # whoever waits for its answer does so no longer
        with self._lock:
            self._end()

    def _ask(self, task: Task) -> Coloured:
        given, answers = self._running()
        process = self._process
        guard = threading.Timer(self._patience, lambda: process.kill() if process is not None else None)
        guard.daemon = True
        guard.start()
        try:
            given.write(msgspec.json.encode(task) + b"\n")
            given.flush()
            return msgspec.json.decode(answers.readline(), type=Coloured)
        finally:
            guard.cancel()

    def _running(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._idle is not None:
            self._idle.cancel()
        if self._process is None or self._process.poll() is not None:
            self._end()
            # Isolated, with our own search path, as the parsers are.
            command = [sys.executable, "-I", "-S", "-c", _BOOT, MODULE, *filter(None, sys.path)]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        given, answers = self._process.stdin, self._process.stdout
        if given is None or answers is None:
            raise OSError("the process was started without pipes")
        return given, answers

    def _rest(self) -> None:
        self._idle = threading.Timer(IDLE_SECONDS, self._end_idle)
        self._idle.daemon = True
        self._idle.start()

    def _end_idle(self) -> None:
        with self._lock:
            self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if self._idle is not None:
            self._idle.cancel()
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        process.wait()
