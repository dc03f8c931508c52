"""What is staged: git's index of a checkout, copied to a folder of ours and compared there.

Git never runs where the index lies: its own folder may name a program that watches files, and that
git would start.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from indexer.errors import ObjectProblemError
from indexer.repo.differences import TreeDifference, empty_tree, index_difference
from indexer.repo.overlay import Overlay

MAX_INDEX_BYTES: Final = 500_000_000
"""An index of a million files has some 100 MB."""

MAX_SHARED: Final = 8
"""Shared parts of a split index that are looked at; git keeps one or two."""

_SHARED: Final = re.compile(r"sharedindex\.[0-9a-f]{40}(?:[0-9a-f]{24})?")


def staged_difference(overlay: Overlay, git_dir: Path, head: str | None) -> TreeDifference:
    """Return how the index of a checkout differs from ``head``, or from nothing before the first commit.

    Raises ObjectProblemError when the index cannot be read.
    """
    with _copied(overlay, git_dir) as index:
        if index is None:
            # No index at all: nothing was ever added, so everything that HEAD has would look removed.
            return TreeDifference(())
        try:
            return index_difference(overlay, index, head or empty_tree(overlay))
        except ObjectProblemError as error:
            raise ObjectProblemError(
                f"What is staged could not be read: {error.message}",
                "Run `git status` there; if it complains too, remove .git/index and stage again.",
            ) from error


@contextlib.contextmanager
def _copied(overlay: Overlay, git_dir: Path) -> Iterator[Path | None]:
    """Give a copy of the index, with the shared parts that it may rest on, for as long as it is needed."""
    handle, name = tempfile.mkstemp(dir=overlay.folder, prefix="index-")
    copies = [Path(name)]
    try:
        with os.fdopen(handle, "wb") as out:
            there = _copy(git_dir / "index", out)
        if there:
            for shared in _shared_parts(git_dir):
                copies.append(overlay.folder / shared.name)
                with copies[-1].open("wb") as out:
                    _copy(shared, out)
        yield copies[0] if there else None
    finally:
        for each in copies:
            each.unlink(missing_ok=True)


def _shared_parts(git_dir: Path) -> list[Path]:
    try:
        names = sorted(each.name for each in os.scandir(git_dir) if _SHARED.fullmatch(each.name))
    except OSError:
        return []
    return [git_dir / name for name in names[:MAX_SHARED]]


def _copy(file: Path, out: BinaryIO) -> bool:
    """Copy a regular file, and say whether there was one; links are not followed, nobody is waited for."""
    flags = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        handle = os.open(file, flags)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise ObjectProblemError(
            f"{file} cannot be read: {error.strerror}.", "What is staged is looked up there."
        ) from error
    with os.fdopen(handle, "rb") as source:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode) or state.st_size > MAX_INDEX_BYTES:
            raise ObjectProblemError(f"{file} is no index that could be read.", "Stage the files again.")
        shutil.copyfileobj(source, out)
    return state.st_size > 0
