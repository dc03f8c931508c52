"""Finds the files of a work tree without ever following a link out of it."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from indexer.repo.ignore import IgnoreRules
from indexer.repo.trees import SUBMODULE
from indexer.types import Skipped, TreeEntry

MAX_UNTRACKED = 20_000
"""Untracked files that are looked at; more of them are no work of anybody's, and are counted."""

MAX_IGNORE_BYTES = 1_000_000


@dataclass(slots=True)
class Found:
    """What stands in a work tree: state by path, and what could not be looked at."""

    files: dict[str, os.stat_result] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    """Folders (with a ``/`` behind) whose files are unknown, which is not the same as gone."""


def walk(root: Path, tracked: Mapping[str, TreeEntry], rules: IgnoreRules) -> Found:
    """Return all tracked files that stand under ``root``, and the untracked ones not ignored.

    ``.git``, submodules and other repositories inside are not entered.
    """
    return _Walk(root, tracked, rules).run()


class _Walk:
    def __init__(self, root: Path, tracked: Mapping[str, TreeEntry], rules: IgnoreRules) -> None:
        self._root = os.fsencode(root)
        self._tracked = tracked
        self._rules = rules
        self._holding = _folders_of(tracked)
        self._found = Found()
        self._untracked = 0
        self._beyond = 0
        self._pending = [("", False)]

    def run(self) -> Found:
        while self._pending:
            self._folder(*self._pending.pop())
        if self._beyond:
            self._skip(".", f"{self._beyond} more untracked files, beyond {MAX_UNTRACKED}")
        for name, count in self._rules.dropped.items():
            self._skip(name, f"{count} ignore patterns not followed: too costly, or unknown")
        return self._found

    def _folder(self, prefix: str, ignored: bool) -> None:
        try:
            scan = os.scandir(self._root + b"/" + _raw(prefix))
        except OSError as error:
            self._found.unread.append(prefix)
            self._skip(prefix or ".", f"folder cannot be read: {error.strerror}")
            return
        with scan:
            for entry in scan:
                if entry.name == b".git":
                    continue
                path = prefix + entry.name.decode("utf-8", "surrogateescape")
                if entry.is_dir(follow_symlinks=False):
                    self._subfolder(path, entry, ignored)
                elif path in self._tracked or self._is_wanted(path, ignored):
                    with suppress(OSError):  # it vanished since its folder was listed
                        self._found.files[path] = entry.stat(follow_symlinks=False)

    def _subfolder(self, path: str, entry: os.DirEntry[bytes], ignored: bool) -> None:
        known = self._tracked.get(path)
        if known is not None and known.mode == SUBMODULE:
            return
        ignored = ignored or self._rules.ignores(f"{path}/")
        if path in self._holding:
            self._pending.append((f"{path}/", ignored))
        elif ignored:
            return
        elif os.path.lexists(entry.path + b"/.git"):
            self._skip(path, "another repository inside this one")
        elif self._untracked < MAX_UNTRACKED:
            self._pending.append((f"{path}/", False))
        else:
            self._beyond += 1

    def _is_wanted(self, path: str, ignored: bool) -> bool:
        if ignored or (self._untracked < MAX_UNTRACKED and self._rules.ignores(path)):
            return False
        if self._untracked >= MAX_UNTRACKED:
            self._beyond += 1
            return False
        self._untracked += 1
        return True

    def _skip(self, path: str, reason: str) -> None:
        self._found.skipped.append(Skipped(path, reason))


def kind_of(mode: int) -> str:
    """Return what a thing is that is neither a file nor a link, in a word for the user."""
    for test, word in (
        (stat.S_ISFIFO, "FIFO"),
        (stat.S_ISSOCK, "socket"),
        (stat.S_ISCHR, "device"),
        (stat.S_ISBLK, "device"),
        (stat.S_ISDIR, "folder"),
    ):
        if test(mode):
            return word
    return "special file"


def _folders_of(tracked: Mapping[str, TreeEntry]) -> set[str]:
    folders: set[str] = set()
    for path in tracked:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return folders


def _raw(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")
