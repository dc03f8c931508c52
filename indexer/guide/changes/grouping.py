"""Which part of the repository a path belongs to, and folders that moved as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from indexer.repo.differences import FileChange

ROOT: Final = "(top level)"
DEPTH: Final = 2
"""Folders of a path that name its part; more would tell every file by itself."""

LEAST_MOVED: Final = 3
"""Files from which a move of a folder is told as one."""

ModuleOf = Callable[[str], str]
"""From a path to the name of its module."""


def by_folder(path: str) -> str:
    """Return the name of a path's part by its folders alone."""
    folders = path.split("/")[:-1]
    return "/".join(folders[:DEPTH]) if folders else ROOT


def moved_folders(changes: Sequence[FileChange]) -> list[tuple[str, str, int]]:
    """Return the folders that moved, from where, to where, with how many files, the largest first."""
    moves: Counter[tuple[str, str]] = Counter()
    for each in changes:
        if each.status == "R":
            old, new = _differing(each.old_path, each.path)
            if old or new:
                moves[old, new] += 1
    return [(old, new, count) for (old, new), count in moves.most_common() if count >= LEAST_MOVED]


def _differing(old: str, new: str) -> tuple[str, str]:
    """Return the folders of two paths without the end that they share: what was renamed."""
    was, now = old.split("/")[:-1], new.split("/")[:-1]
    if old.rpartition("/")[2] != new.rpartition("/")[2]:
        return "", ""
    while was and now and was[-1] == now[-1]:
        was.pop()
        now.pop()
    return "/".join(was) or ".", "/".join(now) or "."
