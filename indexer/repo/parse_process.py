"""One parser process and the thread that speaks with it: batches out, answers in, deaths explained.

The thread sends one batch at a time and takes the answers one by one, so the first task without
an answer is the one that a dead process died of. That file is read again by lines, in a fresh
process; one that dies twice is given up.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from time import monotonic
from typing import BinaryIO, Final, TypeAlias, cast

from indexer.errors import LorebaseError
from indexer.repo.parse_frames import (
    CLOCK_FACTOR,
    Batch,
    FileTask,
    FrameClosedError,
    Reply,
    TextResult,
    TextTask,
    read_frame,
    reply_of,
    seconds_for,
    write_frame,
)

KILL_FACTOR: Final = CLOCK_FACTOR + 1
"""A worker ends itself at the limit on the clock; where it cannot, it is killed here."""
_BOOT: Final = "import sys; sys.path[:] = sys.argv[2:]; __import__(sys.argv[1], None, None, ['main']).main()"
_LOST_TEXT: Final = "[this text could not be read]"
_OVER_TIME: Final = -getattr(signal, "SIGPROF", 0) or None
_OVER_CLOCK: Final = -getattr(signal, "SIGALRM", 0) or None
"""How a worker ends that the kernel stopped: over its processor time, or over its time on the clock."""


Answers: TypeAlias = "SimpleQueue[Reply | Exception | None]"


@dataclass(slots=True)
class Work:
    """A batch on its way, and where its answers go."""

    batch: Batch
    answers: Answers
    """None ends the batch; an error is raised by the caller."""
    dropped: threading.Event


class ParseProcess:
    """One process, and the thread that speaks with it."""

    def __init__(
        self, queue: SimpleQueue[Work | None], seconds: float, module: str, idle_seconds: float
    ) -> None:
        self._queue = queue
        self._seconds = seconds
        self._module = module
        self._idle_seconds = idle_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        self._lock = threading.Lock()
        self._stuck = False
        self._since = 0.0
        """When the task under way began; 0 when there is none."""
        self._allowed = seconds
        """Processor time that it may take."""

    @property
    def pid(self) -> int:
        """Return the id of the process, or 0 while there is none."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else 0

    def start(self) -> None:
        """Start the thread; the process follows with the first work."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="parse", daemon=True)
                self._thread.start()

    def join(self) -> None:
        """Wait for the thread, after ``kill`` and the end of the queue."""
        if self._thread is not None:
            self._thread.join(timeout=5)

    def kill(self) -> None:
        """End the process at once and take no more work."""
        with self._lock:
            self._closed = True
            if self._process is not None:
                self._process.kill()

    def kill_if_stuck(self) -> None:
        """End a process that is far over its time; most end by themselves before."""
        since = self._since
        if since and monotonic() - since > self._allowed * KILL_FACTOR and self._process is not None:
            self._stuck = True
            self._process.kill()

    def _serve(self) -> None:
        while (work := self._next()) is not None:
            pending = deque(work.batch.files)
            texts = deque([work.batch.texts] if work.batch.texts else [])
            try:
                while (pending or texts) and not self._closed and not work.dropped.is_set():
                    self._run(work, pending, texts)
            except Exception as error:  # noqa: BLE001  the edge of a task: the caller raises it
                work.answers.put(error)
            finally:
                work.answers.put(None)
        self._stop()

    def _next(self) -> Work | None:
        """Wait for work; end an idle process meanwhile."""
        while self._process is not None:
            try:
                return self._queue.get(timeout=self._idle_seconds)
            except Empty:
                with suppress(OSError):
                    cast("BinaryIO", self._process.stdin).close()  # Then it ends by itself.
                self._stop()
        return self._queue.get()

    def _run(self, work: Work, pending: deque[FileTask], texts: deque[tuple[TextTask, ...]]) -> None:
        """Send what is left of a batch, take the answers; see to the task that ends the worker."""
        try:
            process = self._running()
            batch = replace(work.batch, files=tuple(pending), texts=texts[0] if texts else ())
            largest = max((len(task.data) for task in pending), default=0)
            self._allowed = seconds_for(largest, self._seconds)
            self._since = monotonic()
            write_frame(cast("BinaryIO", process.stdin), batch)
            while pending:
                work.answers.put(replace(self._answer(process), late=pending[0].late))
                pending.popleft()
            if texts:
                work.answers.put(self._answer(process))
                texts.popleft()
        except (FrameClosedError, OSError):
            cause, late = self._stop()
            if pending:
                task = pending.popleft()
                if task.lines_only:
                    work.answers.put(Reply(task.key, problem=cause, late=late))
                else:
                    pending.appendleft(replace(task, lines_only=f"{cause}: read by lines", late=late))
            elif texts:
                _halve(texts, work)
        finally:
            self._since = 0.0

    def _answer(self, process: subprocess.Popen[bytes]) -> Reply:
        body = read_frame(cast("BinaryIO", process.stdout))
        self._since = monotonic()
        return reply_of(body)

    def _running(self) -> subprocess.Popen[bytes]:
        process = self._process
        if process is not None and process.poll() is not None:
            self._stop()  # Ended from outside while it was idle: no file is to blame.
        with self._lock:
            if self._closed:
                raise FrameClosedError
            if self._process is not None:
                return self._process
            # Isolated, with our own search path: the folder we stand in, which may be a hostile
            # repository, must not lend the worker its modules.
            command = [sys.executable, "-I", "-S", "-c", _BOOT, self._module, *filter(None, sys.path)]
            try:
                self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            except OSError as error:
                raise LorebaseError(
                    f"A parser process could not be started: {error.strerror}.",
                    "What is indexed stays searchable; free memory or file handles, then index again.",
                ) from error
            return self._process

    def _stop(self) -> tuple[str, bool]:
        """End the process and return, in words, how it ended, and whether by the clock."""
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return "the parser was stopped", False
        try:
            process.wait(timeout=0.5)  # It may be dead already; then its own cause is wanted.
        except subprocess.TimeoutExpired:
            process.kill()
        code = process.wait()
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):
                cast("BinaryIO", stream).close()
        stuck, self._stuck = self._stuck, False
        if stuck or code == _OVER_CLOCK:
            seconds = self._seconds * CLOCK_FACTOR
            return f"the parser was not done after {seconds:g} s on the clock, as on a busy machine", True
        return _cause(code, self._seconds), False


def _cause(code: int, seconds: float) -> str:
    if code == _OVER_TIME:
        return f"the parser took longer than {seconds:g} s"
    if code < 0:
        try:
            return f"the parser crashed ({signal.Signals(-code).name})"
        except ValueError:
            pass
    return f"the parser ended (code {code})"


def _halve(texts: deque[tuple[TextTask, ...]], work: Work) -> None:
    """Divide a batch of texts that ended its worker; one text alone is given up."""
    batch = texts.popleft()
    if len(batch) > 1:
        middle = len(batch) // 2
        texts.extendleft((batch[middle:], batch[:middle]))
        return
    lost = TextResult(batch[0].key, _LOST_TEXT, "", ())
    work.answers.put(Reply(texts=(lost,)))
