"""Has a child read a log: tells how far it is, ends it when nobody wants it, explains how it failed."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

import msgspec

import indexer
from indexer.errors import LorebaseError, StorageError, UsageError
from indexer.guide.logs.outcome import INDEX_PROBLEM, LogRequest, Outcome, Told
from indexer.types import Control, Phase, Progress

LOOK_SECONDS: Final = 0.1
"""How often the caller is asked whether it still wants the log."""

SILENCE: Final = 300.0
"""Seconds without a sign after which a child is given up. Before its first one it reads the catalog."""

# What a child needs to find Python and its libraries; nothing else is passed.
_ENVIRONMENT: Final = (
    "PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT", "PYTHONPATH", "VIRTUAL_ENV", "USERPROFILE",
    "LOCALAPPDATA", "APPDATA",
)  # fmt: skip
_MEGABYTE: Final = 1 << 20


def read_in_child(request: LogRequest, name: str, control: Control) -> Outcome:
    """Return what a log holds. Raises UsageError for what is no log, CancelledError when stopped."""
    child = subprocess.Popen(
        [sys.executable, "-m", "indexer.guide.logs.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(indexer.__file__).resolve().parents[1],
        env={key: os.environ[key] for key in _ENVIRONMENT if key in os.environ},
    )
    assert child.stdin
    assert child.stdout
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    reader = threading.Thread(target=_read_lines, args=(child.stdout, lines), daemon=True)
    reader.start()
    try:
        with suppress(OSError):  # A child that died is told by the end of its stdout.
            child.stdin.write(msgspec.json.encode(request) + b"\n")
            child.stdin.flush()
        return _listen(child, lines, name, control)
    finally:
        child.kill()
        child.wait()
        reader.join()
        with suppress(OSError):
            child.stdin.close()
        child.stdout.close()


def _listen(
    child: subprocess.Popen[bytes], lines: queue.SimpleQueue[bytes], name: str, control: Control
) -> Outcome:
    waited = 0.0
    while True:
        control.checkpoint()
        try:
            line = lines.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            waited += LOOK_SECONDS
            if waited > SILENCE:
                raise _failed(name, f"no sign of life for {SILENCE:.0f} s") from None
            continue
        waited = 0.0
        if not line:
            raise _failed(name, f"the process that read it ended with status {child.wait()}")
        told = msgspec.json.decode(line, type=Told)
        if told.outcome is None:
            total = max(told.total // _MEGABYTE, 1)
            control.report(Progress(Phase.SCAN, told.done // _MEGABYTE, total, "MB", name))
            continue
        if told.outcome.problem.startswith(INDEX_PROBLEM):
            raise StorageError(
                told.outcome.problem, "Try again; `lorebase doctor` says whether it is damaged."
            )
        if told.outcome.problem:
            raise UsageError(f"{name}: {told.outcome.problem}", _hint(told.outcome.problem))
        return told.outcome


def _hint(problem: str) -> str:
    if problem == "It is not text.":
        return "Unpack it first (`zcat FILE | lorebase explain --log -`), or give the log itself."
    return "Give a text file, or `-` for standard input."


def _failed(name: str, why: str) -> LorebaseError:
    return LorebaseError(f"{name} could not be read: {why}.", "The index is not touched by it.")


def _read_lines(stream: IO[bytes], lines: queue.SimpleQueue[bytes]) -> None:
    with suppress(ValueError, OSError):
        for line in stream:
            lines.put(line)
    lines.put(b"")
