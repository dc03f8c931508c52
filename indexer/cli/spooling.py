"""How what is piped in becomes a file: a log of a gigabyte must not travel through the engine's socket,
which would hold back the questions behind it, and the engine reads a file by its path.
"""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from indexer.errors import LorebaseError, UsageError

MOST_SPOOLED: Final = 1 << 30
"""Bytes that are kept: no more of a log is read anyway."""

CHUNK: Final = 1 << 20


@contextmanager
def as_file(file: str | None) -> Iterator[tuple[Path, str]]:
    """Give a regular file, and what to call it. ``-`` and None mean standard input.

    What is no regular file is copied to a temporary one that only this user can read, and that is
    gone when the command ends. Raises UsageError when there is nothing to read.
    """
    if file in (None, "-"):
        if sys.stdin.isatty():
            sys.stderr.write("Paste the text, then end with Ctrl+D.\n")
        with _spooled(sys.stdin.buffer) as path:
            yield path, "standard input"
        return
    path = Path(file or "")
    try:
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):
            with path.open("rb"):  # so that what may not be read is told here, in words for a person
                pass
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}.", "Give a file, or - for standard input."
        ) from error
    if stat.S_ISREG(mode):
        yield path.resolve(), path.name
    elif stat.S_ISDIR(mode):
        raise UsageError(f"{path} is no file.", "Give one file of it, or - for standard input.")
    else:
        with path.open("rb") as stream, _spooled(stream) as copy:
            yield copy, path.name


@contextmanager
def _spooled(stream: BinaryIO) -> Iterator[Path]:
    descriptor, name = tempfile.mkstemp(prefix="lorebase-spool-")
    path = Path(name)
    try:
        _copy(stream, descriptor)
        yield path
    finally:
        with suppress(OSError):
            path.unlink()


def _copy(stream: BinaryIO, descriptor: int) -> None:
    """Copy a stream up to a little over the limit, so that its reader sees that there was more."""
    try:
        with os.fdopen(descriptor, "wb") as out:
            kept = 0
            while kept <= MOST_SPOOLED and (chunk := stream.read(CHUNK)):
                out.write(chunk)
                kept += len(chunk)
    except OSError as error:
        raise LorebaseError(
            f"Standard input could not be kept: {error.strerror}.", "Give it as a file."
        ) from error
