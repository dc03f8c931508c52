"""Compares a work tree with a commit by content, reading only what its state says may differ."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tempfile
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from indexer.errors import NotARepositoryError
from indexer.gitconfig import read_small_file
from indexer.repo.beneath import Vanished, open_file, read_file
from indexer.repo.ignore import IgnoreRules
from indexer.repo.objects import object_id
from indexer.repo.trees import LINK, SUBMODULE
from indexer.repo.walk import MAX_IGNORE_BYTES, Found, kind_of, walk
from indexer.types import Skipped, TreeEntry, WorkingCopy, WorkingFile

MAX_FILE_BYTES = 10_000_000
"""Larger files are searchable by name alone (settings: ``lines_bytes``), so they are not read."""

MAX_TOTAL_BYTES = 256_000_000
"""Content handed over at once; changed files beyond it are named, with a problem."""

RACY_SECONDS = 2.0
"""A file changed this shortly before it was read may change again without its times telling
(FAT counts in two seconds), so its content is looked at again next time."""

_CACHE = "stat-cache"
_IDENT = re.compile(rb"\$Id:[^$\n]*\$")

Attributes = Callable[[list[str]], dict[str, dict[str, str]]]


class _Seen(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """The state of a file when it was hashed, and the ids that its content may go by."""

    size: int
    modified: int
    changed: int
    inode: int
    oids: tuple[str, ...]


@dataclass(slots=True)
class _Pass:
    """What one comparison gathers."""

    known: Collection[str]
    changed: list[WorkingFile] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    cache: dict[str, _Seen] = field(default_factory=dict)
    bytes_kept: int = 0


class WorkTree:
    """The checked-out files of one repository. Not for several threads at once."""

    def __init__(self, root: Path, git_dir: Path, cache_folder: Path, object_format: str) -> None:
        self._root = root
        self._git_dir = git_dir
        self._file = cache_folder / _CACHE
        self._object_format = object_format
        self._cache = _load(self._file)

    def compare(
        self,
        entries: Mapping[str, TreeEntry],
        attributes: Attributes,
        exclude: bytes,
        known: Collection[str],
        *,
        sparse: bool,
    ) -> WorkingCopy:
        """Return how the files differ from ``entries``; see Repository.working_copy.

        ``sparse``: what is missing was perhaps never checked out, and is not deleted.
        """
        if not self._root.is_dir():
            raise NotARepositoryError(
                f"The folder {self._root} is gone.",
                "Open the repository where it is now; what is indexed can still be searched.",
            )
        rules = IgnoreRules(exclude, self._ignore_file)
        found = walk(self._root, entries, rules)
        seen = _Pass(known, skipped=found.skipped)
        unsure: list[str] = []
        for path, entry in entries.items():
            state = found.files.get(path)
            if entry.mode == SUBMODULE:
                continue
            if state is None:
                if not sparse and not _is_unread(path, found):
                    seen.deleted.append(path)
            elif entry.oid not in self._oids(entry, state, seen):
                unsure.append(path)
        if unsure:
            self._settle(unsure, entries, attributes(unsure), found, seen)
        for path in sorted(found.files.keys() - entries.keys()):
            self._add_untracked(path, found.files[path], seen)
        self._store(seen.cache)
        if not (self._git_dir / "index").exists():
            seen.deleted.clear()  # nothing was ever checked out here
        return WorkingCopy(
            tuple(sorted(seen.changed, key=lambda each: each.path)),
            tuple(sorted(seen.deleted)),
            tuple(seen.skipped),
        )

    def _ignore_file(self, name: str) -> bytes:
        with suppress(Vanished, OSError):
            data, state = read_file(self._root, name, MAX_IGNORE_BYTES)
            if stat.S_ISREG(state.st_mode):
                return data
        return b""

    def _oids(self, entry: TreeEntry, state: os.stat_result, seen: _Pass) -> tuple[str, ...]:
        """Return the ids of what stands where ``entry`` was, from the cache if it did not change."""
        path = entry.path
        cached = self._cache.get(path)
        if cached is not None and _same(cached, state):
            seen.cache[path] = cached
            return cached.oids
        if not stat.S_ISREG(state.st_mode) and not stat.S_ISLNK(state.st_mode):
            return ()
        started = time.time()
        try:
            if state.st_size > MAX_FILE_BYTES:
                oids, length = self._large_ids(entry)
            else:
                data, state = read_file(self._root, path, MAX_FILE_BYTES + 1)
                oids, length = self._ids_of(data), len(data)
        except (Vanished, OSError):
            return ()
        if length == state.st_size and started - _touched(state) > RACY_SECONDS:
            seen.cache[path] = _seen(state, oids)
        return oids

    def _large_ids(self, entry: TreeEntry) -> tuple[tuple[str, ...], int]:
        """Return the ids of a file that is too large to hold, and its size.

        With CRLF in place of LF it is taken for unchanged when that explains its size exactly:
        content of this size is not searched, so nothing hangs on an edit that fits as well.
        """
        with open_file(self._root, entry.path) as (source, state):
            size = state.st_size
            if isinstance(source, bytes) or entry.size is None or size < entry.size:
                return (), size
            digest = hashlib.new(self._object_format, usedforsecurity=False)
            digest.update(f"blob {size}\0".encode())
            line_ends, last = 0, b""
            while piece := source.read(1 << 20):
                digest.update(piece)
                line_ends += piece.count(b"\r\n") + (last == b"\r" and piece[:1] == b"\n")
                last = piece[-1:]
        explained = size - line_ends == entry.size and line_ends > 0
        return (digest.hexdigest(), *((entry.oid,) if explained else ())), size

    def _ids_of(self, data: bytes) -> tuple[str, ...]:
        """Return the id of ``data``, and those it has once a checkout's changes are undone."""
        forms = [data]
        if b"\r\n" in data:
            forms.append(data.replace(b"\r\n", b"\n"))
        if b"$Id:" in data:
            forms += [_IDENT.sub(b"$Id$", form) for form in forms]
        return tuple(object_id("blob", form, self._object_format) for form in forms)

    def _settle(
        self,
        paths: list[str],
        entries: Mapping[str, TreeEntry],
        attributes: dict[str, dict[str, str]],
        found: Found,
        seen: _Pass,
    ) -> None:
        """Decide for tracked files whose content is not plainly the commit's."""
        for path in paths:
            own = attributes.get(path, {})
            state, entry = found.files[path], entries[path]
            if own.get("filter", "unset") not in ("unset", "set") and stat.S_ISREG(state.st_mode):
                continue  # a command of the repository made this content, and we run none
            file, data = self._read(path, state, seen)
            if file is None:
                seen.deleted.append(path)
                continue
            encoding = own.get("working-tree-encoding", "")
            if data is not None and entry.oid in self._recoded(data, encoding):
                continue
            if entry.oid != file.oid:
                seen.changed.append(file)

    def _recoded(self, data: bytes, encoding: str) -> tuple[str, ...]:
        if not encoding:
            return ()
        with suppress(LookupError, UnicodeError):
            return self._ids_of(data.decode(encoding).removeprefix("\ufeff").encode())
        return ()

    def _add_untracked(self, path: str, state: os.stat_result, seen: _Pass) -> None:
        if not stat.S_ISREG(state.st_mode) and not stat.S_ISLNK(state.st_mode):
            seen.skipped.append(Skipped(path, f"{kind_of(state.st_mode)}, never opened"))
            return
        file, _ = self._read(path, state, seen)
        if file is not None:
            seen.changed.append(file)

    def _read(self, path: str, state: os.stat_result, seen: _Pass) -> tuple[WorkingFile | None, bytes | None]:
        """Return the file as it is now, None if it is gone; with its content if that was read."""
        mode = _git_mode(state.st_mode)
        if not stat.S_ISREG(state.st_mode) and not stat.S_ISLNK(state.st_mode):
            return WorkingFile(path, "", mode, None, f"{kind_of(state.st_mode)}, never opened"), None
        if state.st_size > MAX_FILE_BYTES:
            return WorkingFile(path, "", mode, None, "too large"), None
        cached = self._cache.get(path)
        if cached is not None and _same(cached, state) and cached.oids[0] in seen.known:
            seen.cache[path] = cached
            return WorkingFile(path, cached.oids[0], mode, None), None
        started = time.time()
        try:
            data, state = read_file(self._root, path, MAX_FILE_BYTES + 1)
        except Vanished:
            return None, None
        except OSError as error:
            return WorkingFile(path, "", mode, None, f"cannot be read: {error.strerror}"), None
        mode = _git_mode(state.st_mode)
        if len(data) > MAX_FILE_BYTES:
            return WorkingFile(path, "", mode, None, "too large"), None
        oids = self._ids_of(data)
        if len(data) == state.st_size and started - _touched(state) > RACY_SECONDS:
            seen.cache[path] = _seen(state, oids)
        seen.bytes_kept += len(data)
        if seen.bytes_kept > MAX_TOTAL_BYTES:
            limit = f"beyond {MAX_TOTAL_BYTES // 1_000_000} MB of uncommitted changes"
            return WorkingFile(path, oids[0], mode, None, limit), None
        return WorkingFile(path, oids[0], mode, data), data

    def _store(self, cache: dict[str, _Seen]) -> None:
        if cache == self._cache:
            return
        self._cache = cache
        data = msgspec.msgpack.encode({_key(path): each for path, each in cache.items()})
        handle, fresh = tempfile.mkstemp(dir=self._file.parent, prefix=".new-")
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        Path(fresh).replace(self._file)


def _load(file: Path) -> dict[str, _Seen]:
    """Return the cache of the last run; a damaged one only costs reading the files again."""
    data = read_small_file(file, 1 << 30)
    with suppress(msgspec.DecodeError):
        kept = msgspec.msgpack.decode(data, type=dict[bytes, _Seen])
        return {key.decode("utf-8", "surrogateescape"): seen for key, seen in kept.items()}
    return {}


def _key(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")


def _seen(state: os.stat_result, oids: tuple[str, ...]) -> _Seen:
    return _Seen(state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino, oids)


def _same(cached: _Seen, state: os.stat_result) -> bool:
    return (
        cached.modified == state.st_mtime_ns
        and cached.size == state.st_size
        and cached.changed == state.st_ctime_ns
        and cached.inode == state.st_ino
    )


def _touched(state: os.stat_result) -> float:
    """Return when the file last changed; the system sets ctime itself, so nobody can backdate it."""
    return state.st_mtime if os.name == "nt" else state.st_ctime


def _git_mode(mode: int) -> int:
    if stat.S_ISLNK(mode):
        return LINK
    return 0o100755 if mode & 0o100 else 0o100644


def _is_unread(path: str, found: Found) -> bool:
    return any(path.startswith(prefix) for prefix in found.unread)
