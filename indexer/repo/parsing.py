"""A pool of parser processes that can be killed: one that hangs or crashes costs one file's parse.

Each worker has a thread here that sends it one batch at a time and takes the answers one by one,
so the first task without an answer is the one that a dead worker died of. That file is read again
by lines, in a fresh worker.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from time import monotonic
from typing import BinaryIO, Final, cast

from indexer.repo.languages import FileClass, Limits
from indexer.repo.parse_frames import (
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
from indexer.types import ParsedFile, ReadAs, Redaction

BATCH_BYTES: Final = 256_000
"""Content sent at once: about 0.1 s of work, beside which a round trip (0.2 ms) is nothing."""
BATCH_TASKS: Final = 64
WALL_FACTOR: Final = 6
"""A worker ends itself after five times the limit on the clock; where it cannot, it is killed here."""
POLL_SECONDS: Final = 0.2
"""How often a waiting caller looks at the clock and at its checkpoint."""
_WORKER: Final = "indexer.repo.parse_worker"
_BOOT: Final = "import sys; sys.path[:] = sys.argv[2:]; __import__(sys.argv[1], None, None, ['main']).main()"
_LOST_TEXT: Final = "[this text could not be read]"
_TIMEOUTS: Final = frozenset(
    -getattr(signal, name) for name in ("SIGPROF", "SIGALRM") if hasattr(signal, name)
)
"""How a worker ends that the kernel stopped for being over its time."""


@dataclass(frozen=True, slots=True)
class ParseJob:
    """A blob to parse; ``key`` comes back with the result."""

    key: int
    path: str
    file_class: FileClass
    data: bytes


@dataclass(slots=True)
class _Work:
    """A batch on its way, and where its answers go."""

    batch: Batch
    answers: SimpleQueue[Reply | None]
    """None ends the batch."""
    dropped: threading.Event


def ignore_checkpoint() -> None:
    """Stand in for a caller's checkpoint where nothing can stop the work."""


class ParsePool:
    """``workers`` processes, started when first needed. Calls from several threads share them."""

    def __init__(
        self, workers: int, seconds: float, limits: Limits | None = None, module: str = _WORKER
    ) -> None:
        self._limits = limits or Limits()
        self._seconds = seconds
        self._module = module
        self._queue: SimpleQueue[_Work | None] = SimpleQueue()
        self._workers = [_Worker(self._queue, seconds, module) for _ in range(max(1, workers))]
        self._closed = False

    def parse(
        self, jobs: Iterable[ParseJob], checkpoint: Callable[[], None] = ignore_checkpoint
    ) -> Iterator[tuple[int, ParsedFile]]:
        """Yield each job's key with its parsed file, as they finish.

        ``checkpoint`` is called between batches, and while waiting; what it raises ends the work.
        """
        ready: deque[tuple[int, ParsedFile]] = deque()
        languages: dict[int, str] = {}

        def batches() -> Iterator[Batch]:
            for batch, skipped in self._batches(jobs):
                ready.extend(skipped)
                languages.update((task.key, task.language) for task in batch.files)
                if batch.files:
                    yield batch

        for reply in self._answers(batches(), checkpoint):
            yield from _drain(ready)
            language = languages.pop(reply.key, "")
            yield reply.key, reply.parsed or _unread(language, reply.problem)
        yield from _drain(ready)

    def tokenize(
        self, texts: Iterable[tuple[int, str]], checkpoint: Callable[[], None] = ignore_checkpoint
    ) -> Iterator[tuple[int, str, str, tuple[Redaction, ...]]]:
        """Yield (key, text without secrets, its words, redactions) of each text.

        The words are joined by spaces; those of the first line, a commit's subject, stand on a
        line of their own.
        """
        for reply in self._answers(self._text_batches(texts), checkpoint):
            for done in reply.texts:
                yield done.key, done.text, done.words, done.redactions

    def close(self) -> None:
        """End all workers at once; calls under way raise."""
        self._closed = True
        for _ in self._workers:
            self._queue.put(None)
        for worker in self._workers:
            worker.kill()
        for worker in self._workers:
            worker.join()

    def pids(self) -> tuple[int, ...]:
        """Return the process ids of the workers that run, for a measure of their memory."""
        return tuple(worker.pid for worker in self._workers if worker.pid)

    def _answers(self, batches: Iterator[Batch], checkpoint: Callable[[], None]) -> Iterator[Reply]:
        answers: SimpleQueue[Reply | None] = SimpleQueue()
        dropped = threading.Event()
        under_way = 0
        exhausted = False
        try:
            while True:
                while not exhausted and under_way < 2 * len(self._workers):
                    checkpoint()
                    batch = next(batches, None)
                    if batch is None:
                        exhausted = True
                        break
                    self._start()
                    self._queue.put(_Work(batch, answers, dropped))
                    under_way += 1
                if exhausted and not under_way:
                    return
                reply = self._wait(answers, checkpoint)
                if reply is None:
                    self._refuse_closed()
                    under_way -= 1
                else:
                    yield reply
        finally:
            # What a stopped caller left behind must not hold the workers up.
            dropped.set()

    def _wait(self, answers: SimpleQueue[Reply | None], checkpoint: Callable[[], None]) -> Reply | None:
        while True:
            try:
                return answers.get(timeout=POLL_SECONDS)
            except Empty:
                checkpoint()
                self._refuse_closed()
                for worker in self._workers:
                    worker.kill_if_stuck()

    def _refuse_closed(self) -> None:
        if self._closed:
            raise RuntimeError("the parse pool is closed")

    def _start(self) -> None:
        self._refuse_closed()
        for worker in self._workers:
            worker.start()

    def _batches(self, jobs: Iterable[ParseJob]) -> Iterator[tuple[Batch, list[tuple[int, ParsedFile]]]]:
        """Yield batches of about one size, each with the jobs that need no worker."""
        tasks: list[FileTask] = []
        skipped: list[tuple[int, ParsedFile]] = []
        size = 0
        for job in jobs:
            if job.file_class.skip:
                skipped.append((job.key, _left_out(job.file_class.language, job.file_class.skip)))
                continue
            if len(job.data) > self._limits.lines_bytes:
                reason = f"larger than {self._limits.lines_bytes:,} bytes"
                skipped.append((job.key, _left_out(job.file_class.language, reason)))
                continue
            path = job.path.encode("utf-8", "surrogateescape")
            tasks.append(FileTask(job.key, path, job.file_class.language, job.file_class.kind, job.data))
            size += len(job.data)
            if size >= BATCH_BYTES or len(tasks) >= BATCH_TASKS:
                yield Batch(self._limits, self._seconds, tuple(tasks)), skipped
                tasks, skipped, size = [], [], 0
        yield Batch(self._limits, self._seconds, tuple(tasks)), skipped

    def _text_batches(self, texts: Iterable[tuple[int, str]]) -> Iterator[Batch]:
        tasks: list[TextTask] = []
        size = 0
        for key, text in texts:
            # A message may hold what is no text (a lone surrogate); it cannot travel, nor be stored.
            tasks.append(TextTask(key, text.encode("utf-8", "replace").decode("utf-8")))
            size += len(text)
            if size >= BATCH_BYTES:
                yield Batch(self._limits, self._seconds, texts=tuple(tasks))
                tasks, size = [], 0
        if tasks:
            yield Batch(self._limits, self._seconds, texts=tuple(tasks))


class _Worker:
    """One process, and the thread that speaks with it."""

    def __init__(self, queue: SimpleQueue[_Work | None], seconds: float, module: str) -> None:
        self._queue = queue
        self._seconds = seconds
        self._module = module
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
        process = self._process
        return process.pid if process is not None and process.poll() is None else 0

    def start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="parse", daemon=True)
                self._thread.start()

    def join(self) -> None:
        if self._thread is not None:
            self._thread.join(timeout=5)

    def kill(self) -> None:
        with self._lock:
            self._closed = True
            if self._process is not None:
                self._process.kill()

    def kill_if_stuck(self) -> None:
        since = self._since
        if since and monotonic() - since > self._allowed * WALL_FACTOR and self._process is not None:
            self._stuck = True
            self._process.kill()

    def _serve(self) -> None:
        while (work := self._queue.get()) is not None:
            pending = deque(work.batch.files)
            texts = deque([work.batch.texts] if work.batch.texts else [])
            try:
                while (pending or texts) and not self._closed and not work.dropped.is_set():
                    self._run(work, pending, texts)
            except Exception as error:  # noqa: BLE001  the edge of a task: nobody may wait for ever
                for task in pending:
                    work.answers.put(Reply(task.key, problem=f"the pool failed: {error}"))
            finally:
                work.answers.put(None)
        self._stop()

    def _run(self, work: _Work, pending: deque[FileTask], texts: deque[tuple[TextTask, ...]]) -> None:
        """Send what is left of a batch, take the answers; see to the task that ends the worker."""
        try:
            process = self._running()
            batch = replace(work.batch, files=tuple(pending), texts=texts[0] if texts else ())
            largest = max((len(task.data) for task in pending), default=0)
            self._allowed = seconds_for(largest, self._seconds)
            self._since = monotonic()
            write_frame(cast("BinaryIO", process.stdin), batch)
            while pending:
                work.answers.put(self._answer(process))
                pending.popleft()
            if texts:
                work.answers.put(self._answer(process))
                texts.popleft()
        except (FrameClosedError, OSError):
            cause = self._stop()
            if pending:
                task = pending.popleft()
                if task.lines_only:
                    work.answers.put(Reply(task.key, problem=cause))
                else:
                    pending.appendleft(replace(task, lines_only=f"{cause}: read by lines"))
            elif texts:
                _halve(texts, work)
        finally:
            self._since = 0.0

    def _answer(self, process: subprocess.Popen[bytes]) -> Reply:
        body = read_frame(cast("BinaryIO", process.stdout))
        self._since = monotonic()
        return reply_of(body)

    def _running(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._closed:
                raise FrameClosedError
            if self._process is None:
                # Isolated, with our own search path: the folder we stand in, which may be a hostile
                # repository, must not lend the worker its modules.
                self._process = subprocess.Popen(
                    [sys.executable, "-I", "-S", "-c", _BOOT, self._module, *filter(None, sys.path)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                )
            return self._process

    def _stop(self) -> str:
        """End the process and return, in words, how it ended."""
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return "the parser was stopped"
        try:
            process.wait(timeout=0.5)  # It may be dead already; then its own cause is wanted.
        except subprocess.TimeoutExpired:
            process.kill()
        code = process.wait()
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):
                cast("BinaryIO", stream).close()
        stuck, self._stuck = self._stuck, False
        return _cause(code, self._seconds, stuck)


def _cause(code: int, seconds: float, stuck: bool) -> str:
    if stuck or code in _TIMEOUTS:
        return f"the parser took longer than {seconds:g} s"
    if code < 0:
        try:
            return f"the parser crashed ({signal.Signals(-code).name})"
        except ValueError:
            pass
    return f"the parser ended (code {code})"


def _halve(texts: deque[tuple[TextTask, ...]], work: _Work) -> None:
    """Divide a batch of texts that ended its worker; one text alone is given up."""
    batch = texts.popleft()
    if len(batch) > 1:
        middle = len(batch) // 2
        texts.extendleft((batch[middle:], batch[:middle]))
        return
    lost = TextResult(batch[0].key, _LOST_TEXT, "", ())
    work.answers.put(Reply(texts=(lost,)))


def _left_out(language: str, reason: str) -> ParsedFile:
    return ParsedFile(language, ReadAs.LINES, "", 0, (), (), (), skipped=reason)


def _unread(language: str, problem: str) -> ParsedFile:
    return _left_out(language, f"could not be read: {problem}")


def _drain(ready: deque[tuple[int, ParsedFile]]) -> Iterator[tuple[int, ParsedFile]]:
    while ready:
        yield ready.popleft()
