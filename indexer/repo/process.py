"""One running git process: read without ever hanging on it, and never left behind."""

from __future__ import annotations

import contextlib
import os
import select
import threading
import time
from collections.abc import Iterator
from subprocess import Popen, TimeoutExpired
from typing import IO

import psutil

from indexer.errors import ObjectProblemError

STALL_SECONDS = 20.0
"""A git that gave no byte, used no processor time and read nothing for so long waits on
something that will never come, such as a FIFO lying where an object should be."""

PIPE_BYTES = 1 << 20
"""The pipe is widened to this on Linux, so that git works ahead while we parse."""

KEPT_ERROR_BYTES = 16_384
"""Of what git complains about, the last part is kept."""

_F_SETPIPE_SZ = 1031


class GitProcess:
    """A started git whose standard output is read in order; use it as a context manager.

    ``write``, the reads and ``close`` are for one thread at a time; ``kill`` may come from any.
    """

    def __init__(self, process: Popen[bytes], what: str) -> None:
        if process.stdout is None or process.stderr is None:
            raise ValueError("the process was started without pipes")
        self._process = process
        self._what = what
        self._out: IO[bytes] = process.stdout
        self._buffer = bytearray()
        self._errors = bytearray()
        self.closed = False
        _widen(self._out.fileno())
        self._drain = threading.Thread(target=self._read_errors, args=(process.stderr,), daemon=True)
        self._drain.start()

    def __enter__(self) -> GitProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def errors(self) -> str:
        """The last of what git wrote to its standard error so far."""
        return bytes(self._errors).decode("utf-8", "replace").strip()

    def write(self, data: bytes) -> None:
        """Send ``data`` to git. Raises BrokenPipeError when it is gone."""
        if self._process.stdin is None:
            raise ValueError("the process was started without an input pipe")
        self._process.stdin.write(data)
        self._process.stdin.flush()

    @contextlib.contextmanager
    def ended_after(self, seconds: float, over: threading.Event) -> Iterator[None]:
        """Kill git when a block takes longer than so many seconds (0: never), and set ``over`` then."""

        def give_up() -> None:
            over.set()
            self.kill()

        guard = threading.Timer(seconds, give_up)
        guard.daemon = True
        if seconds:
            guard.start()
        try:
            yield
        finally:
            guard.cancel()

    def chunks(self) -> Iterator[bytes]:
        """Yield the output as it comes, until its end."""
        if self._buffer:
            rest = bytes(self._buffer)
            self._buffer.clear()
            yield rest
        while data := self._read_some():
            yield data

    def read_all(self) -> bytes:
        """Return the rest of the output."""
        return b"".join(self.chunks())

    def read_line(self) -> bytes:
        """Return one line without its newline. Raises EOFError when git ended before it."""
        searched = 0
        while True:
            end = self._buffer.find(b"\n", searched)
            if end >= 0:
                line = bytes(self._buffer[:end])
                del self._buffer[: end + 1]
                return line
            searched = len(self._buffer)
            self._fill()

    def read_exactly(self, size: int) -> bytes:
        """Return ``size`` bytes. Raises EOFError when git ended before them."""
        while len(self._buffer) < size:
            self._fill()
        data = bytes(memoryview(self._buffer)[:size])
        del self._buffer[:size]
        return data

    def skip(self, size: int) -> None:
        """Pass over ``size`` bytes without keeping them."""
        while size > len(self._buffer):
            size -= len(self._buffer)
            self._buffer.clear()
            self._fill()
        del self._buffer[:size]

    def wait(self) -> int:
        """Return the exit status of a process whose output was read to its end."""
        try:
            status = self._process.wait(STALL_SECONDS)
        except TimeoutExpired:
            self.kill()
            raise ObjectProblemError(f"git {self._what} did not end and was stopped.") from None
        self._drain.join(STALL_SECONDS)
        return status

    def kill(self) -> None:
        """End the process; whoever reads from it meets the end of its output.

        Its pipes stay open until ``close``: another thread may be waiting on their numbers,
        which the system would give to the next file that anybody opens.
        """
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End the process, if it still runs, and give back all it held."""
        if self.closed:
            return
        self.closed = True
        self.kill()
        self._drain.join(STALL_SECONDS)
        for stream in (self._process.stdin, self._out):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _fill(self) -> None:
        data = self._read_some()
        if not data:
            raise EOFError(self.errors)
        self._buffer += data

    def _read_some(self) -> bytes:
        handle = self._out.fileno()
        activity = -1.0
        while not _readable(handle, STALL_SECONDS):
            seen = _activity(self._process.pid)
            if seen == activity:
                self.kill()
                raise ObjectProblemError(
                    f"git {self._what} stopped making progress and was ended.",
                    "Look at the repository's objects folder: something there cannot be read.",
                )
            activity = seen
        return os.read(handle, PIPE_BYTES)

    def _read_errors(self, stream: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError), stream:
            while data := os.read(stream.fileno(), 65_536):
                self._errors += data
                del self._errors[:-KEPT_ERROR_BYTES]


def _readable(handle: int, seconds: float) -> bool:
    if os.name == "nt":  # select() on Windows knows sockets only: a read there simply waits
        return True
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(handle, select.POLLIN | select.POLLHUP)
        return bool(poll.poll(seconds * 1000))
    return bool(select.select([handle], [], [], seconds)[0])


def _activity(pid: int) -> float:
    """Return a number that grows while the process computes or reads."""
    try:
        process = psutil.Process(pid)
        times = process.cpu_times()
        moved = times.user + times.system
        if hasattr(process, "io_counters"):
            moved += process.io_counters().read_bytes
    except psutil.Error:
        return time.monotonic()
    return float(moved)


def _widen(handle: int) -> None:
    try:
        import fcntl  # POSIX only
    except ImportError:
        return
    with contextlib.suppress(OSError):
        fcntl.fcntl(handle, _F_SETPIPE_SZ, PIPE_BYTES)
