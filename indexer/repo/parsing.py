"""A pool of parser processes that can be killed: one that hangs or crashes costs one file's parse.

Files and texts are gathered into batches for the processes (``parse_process``), and what cannot
be read at all is answered here.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from typing import Final

from indexer.repo.languages import FileClass, Limits
from indexer.repo.parse_frames import (
    Batch,
    FileTask,
    Reply,
    TextTask,
)
from indexer.repo.parse_process import Answers, ParseProcess, Work
from indexer.types import ParsedFile, ReadAs, Redaction

BATCH_BYTES: Final = 256_000
"""Content sent at once: about 0.1 s of work, beside which a round trip (0.2 ms) is nothing."""
BATCH_TASKS: Final = 64
POLL_SECONDS: Final = 0.2
"""How often a waiting caller looks at the clock and at its checkpoint."""
IDLE_SECONDS: Final = 20.0
"""How long a worker without work is kept: its memory (35 MB) is wanted back for the embedding."""
_WORKER: Final = "indexer.repo.parse_worker"


@dataclass(frozen=True, slots=True)
class ParseJob:
    """A blob to parse; ``key`` comes back with the result."""

    key: int
    path: str
    file_class: FileClass
    data: bytes


def ignore_checkpoint() -> None:
    """Stand in for a caller's checkpoint where nothing can stop the work."""


class ParsePool:
    """``workers`` processes, started when there is work and ended when there was none for a while.

    Calls from several threads share them.
    """

    def __init__(
        self,
        workers: int,
        seconds: float,
        limits: Limits | None = None,
        module: str = _WORKER,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._limits = limits or Limits()
        self._seconds = seconds
        self._queue: SimpleQueue[Work | None] = SimpleQueue()
        self._workers = [
            ParseProcess(self._queue, seconds, module, idle_seconds) for _ in range(max(1, workers))
        ]
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
            parsed = reply.parsed or _unread(language, reply.problem)
            yield reply.key, replace(parsed, late=True) if reply.late else parsed
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
        answers: Answers = SimpleQueue()
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
                    self._queue.put(Work(batch, answers, dropped))
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

    def _wait(self, answers: Answers, checkpoint: Callable[[], None]) -> Reply | None:
        while True:
            try:
                answer = answers.get(timeout=POLL_SECONDS)
                if isinstance(answer, Exception):
                    raise answer
                return answer
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
            wanted = job.file_class
            tasks.append(
                FileTask(job.key, path, wanted.language, wanted.kind, job.data, included=wanted.included)
            )
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


def _left_out(language: str, reason: str) -> ParsedFile:
    return ParsedFile(language, ReadAs.LINES, "", 0, (), (), (), skipped=reason)


def _unread(language: str, problem: str) -> ParsedFile:
    return _left_out(language, f"could not be read: {problem}")


def _drain(ready: deque[tuple[int, ParsedFile]]) -> Iterator[tuple[int, ParsedFile]]:
    while ready:
        yield ready.popleft()
