"""Finds the files of a work tree, and opens them, without ever following a link out of it."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from indexer.repo.ignore import IgnoreRules
from indexer.repo.trees import SUBMODULE, is_safe_path
from indexer.types import Skipped, TreeEntry

MAX_UNTRACKED = 20_000
"""Untracked files that are looked at; more of them are no work of anybody's, and are counted."""

MAX_IGNORE_BYTES = 1_000_000

_HAS_DIR_FD = os.open in os.supports_dir_fd


@dataclass(slots=True)
class Found:
    """What stands in a work tree: state by path, and what could not be looked at."""

    files: dict[str, os.stat_result] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    """Folders (with a ``/`` behind) whose files are unknown, which is not the same as gone."""


class Vanished(Exception):  # noqa: N818  (an event, not an error: the caller goes on without it)
    """A file was there a moment ago and is not any more, or is another kind of thing now."""


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


def read_file(root: Path, path: str, max_bytes: int) -> tuple[bytes, os.stat_result]:
    """Return up to ``max_bytes`` of a regular file, or a link's text, and the state it had then.

    No part of ``path`` may be a link, so that what is read lies under ``root`` for certain, even
    if it is changed at this moment. Raises Vanished, or OSError when it may not be read.
    """
    if not is_safe_path(path):
        raise Vanished(path)
    *folders, name = _raw(path).split(b"/")
    handle = _open_folder(root, folders)
    try:
        where = name if _HAS_DIR_FD else os.fsencode(root) + b"/" + _raw(path)
        state = os.stat(where, dir_fd=handle, follow_symlinks=False)
        if stat.S_ISLNK(state.st_mode):
            return os.fsencode(os.readlink(where, dir_fd=handle)), state
        if not stat.S_ISREG(state.st_mode):
            raise Vanished(path)
        # Non-blocking, since a FIFO may have taken the file's place since the look above.
        flags = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(where, flags, dir_fd=handle), "rb") as source:
            state = os.fstat(source.fileno())
            if not stat.S_ISREG(state.st_mode):
                raise Vanished(path)
            return source.read(max_bytes), state
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Vanished(path) from error
    except OSError as error:
        if error.errno in _LINK_ERRORS:
            raise Vanished(path) from error
        raise
    finally:
        if handle is not None:
            os.close(handle)


_LINK_ERRORS = (40, 62, 6)
"""ELOOP (Linux, macOS) when a link took the file's place, ENXIO when a socket did."""


def _open_folder(root: Path, folders: list[bytes]) -> int | None:
    """Return a handle on the folder, having gone there step by step; None where that cannot be."""
    if not _HAS_DIR_FD:
        return None
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY
    try:
        handle = os.open(root, flags)
        for each in folders:
            try:
                below = os.open(each, flags | os.O_NOFOLLOW, dir_fd=handle)
            finally:
                os.close(handle)
            handle = below
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Vanished(os.fsdecode(b"/".join(folders))) from error
    except OSError as error:
        if error.errno in _LINK_ERRORS:
            raise Vanished(os.fsdecode(b"/".join(folders))) from error
        raise
    return handle


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
