"""A worker of the parse pool: reads batches from its input, answers each file as it is done.

Native parsers may hang or crash on what they read, so they run here and nowhere else. The kernel
ends a worker that takes too long over one file, and one whose parent is gone ends by itself.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from indexer.repo.chunking import parse
from indexer.repo.languages import FileClass
from indexer.repo.parse_frames import (
    CLOCK_FACTOR,
    Batch,
    FileTask,
    FrameClosedError,
    Reply,
    TextResult,
    TextTask,
    batch_of,
    read_frame,
    seconds_for,
    write_frame,
)
from indexer.repo.secrets import redact
from indexer.repo.words import stems
from indexer.types import FileMark

NICENESS: Final = 5
MEMORY_BYTES: Final = 1 << 30
"""Address space of a worker: a parser that runs away fails before it takes the machine along."""


def main() -> None:
    """Serve batches until the input ends."""
    _restrain()
    # What a library prints must not fall between the frames.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    batches = sys.stdin.buffer
    with suppress(FrameClosedError, BrokenPipeError):
        while True:
            batch = batch_of(read_frame(batches))
            for reply in _replies(batch):
                write_frame(answers, reply)
    # Nothing is left to be flushed, and unloading the grammars takes longer than their work.
    os._exit(0)


def _replies(batch: Batch) -> Iterator[Reply]:
    for task in batch.files:
        with _limited(seconds_for(len(task.data), batch.seconds)):
            reply = _parsed(task, batch)
        yield reply
    if batch.texts:
        with _limited(batch.seconds * CLOCK_FACTOR):
            results = tuple(_tokenized(task) for task in batch.texts)
        yield Reply(texts=results)


def _parsed(task: FileTask, batch: Batch) -> Reply:
    path = task.path.decode("utf-8", "surrogateescape")
    file_class = FileClass(task.language, task.kind, FileMark.NONE, included=task.included)
    try:
        return Reply(task.key, parse(task.data, path, file_class, batch.limits, task.lines_only))
    except Exception as error:  # noqa: BLE001  the edge of a task: one file must not end the others
        cause = f"{type(error).__name__}: {error}"
    try:
        # A rule of ours that fails on a file is a bug, and no reason to lose the file.
        reason = f"reading it failed ({cause}): read by lines"
        return Reply(task.key, parse(task.data, path, file_class, batch.limits, reason))
    except Exception as error:  # noqa: BLE001
        return Reply(task.key, problem=f"{type(error).__name__}: {error}")


def _tokenized(task: TextTask) -> TextResult:
    text, redactions = redact(task.text)
    first, _, rest = text.partition("\n")
    return TextResult(task.key, text, " ".join(stems(first)) + "\n" + " ".join(stems(rest)), redactions)


def _restrain() -> None:
    """Give way to everything else, and take no more memory than a parser may need."""
    if sys.platform == "win32":
        return
    import resource  # absent on Windows

    os.nice(NICENESS)
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle.
    for number in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Let the kernel end this process when the block takes longer: no Python runs inside a parser."""
    if sys.platform == "win32":
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds * CLOCK_FACTOR)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


if __name__ == "__main__":
    main()
