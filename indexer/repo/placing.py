"""Puts a file into a work tree, where asked to: never through a link, never over what others wrote.

The one place that writes outside our data folder.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from indexer.repo.trees import is_safe_path

_HAS_DIR_FD = os.open in os.supports_dir_fd and os.mkdir in os.supports_dir_fd
_LARGEST = 10_000_000


class RefusedError(Exception):
    """A file could not be put where it should stand; the message says why, for a person."""


def put_file(root: Path, path: str, data: bytes, may_replace: Callable[[bytes], bool]) -> bytes | None:
    """Write ``data`` as ``path`` below ``root`` in one step, and return what stood there before.

    ``may_replace`` is given that content, and says whether it may go. Folders are made. Raises
    RefusedError when it may not, or when a link, another repository or something that is no file
    stands in the way; nothing is changed then. Raises OSError when the disk refuses.
    """
    if not is_safe_path(path) or "\\" in path or path != path.strip():
        raise RefusedError(f"{path!r} is no path inside the work tree")
    *folders, name = path.split("/")
    with _folder(root, folders) as folder:
        old = _content(folder, name)
        if old == data:
            return old
        if old is not None and not may_replace(old):
            raise RefusedError(f"{path} holds something else")
        fresh = f".{name}.{os.getpid()}.new"
        try:
            _write(folder, fresh, data)
            if old is None:
                _put_new(folder, fresh, name)
            else:
                folder.replace(fresh, name)
        finally:
            with contextlib.suppress(OSError):
                folder.unlink(fresh)
    return old


class _Handle:
    """An opened folder: names in it are used by its handle, so that nobody can swap it meanwhile."""

    def __init__(self, handle: int | None, path: Path) -> None:
        self._handle = handle
        self._path = path

    def open(self, name: str, flags: int) -> int:
        flags |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        return os.open(self._name(name), flags, 0o666, dir_fd=self._handle)

    def state(self, name: str) -> os.stat_result | None:
        try:
            return os.stat(self._name(name), dir_fd=self._handle, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def mkdir(self, name: str) -> None:
        os.mkdir(self._name(name), dir_fd=self._handle)

    def link(self, name: str, other: str) -> None:
        os.link(self._name(name), self._name(other), src_dir_fd=self._handle, dst_dir_fd=self._handle)

    def replace(self, name: str, other: str) -> None:
        os.replace(self._name(name), self._name(other), src_dir_fd=self._handle, dst_dir_fd=self._handle)

    def unlink(self, name: str) -> None:
        os.unlink(self._name(name), dir_fd=self._handle)

    def below(self, name: str) -> _Handle:
        if self._handle is None:
            return _Handle(None, self._path / name)
        return _Handle(self.open(name, os.O_RDONLY | os.O_DIRECTORY), self._path / name)

    def close(self) -> None:
        if self._handle is not None:
            os.close(self._handle)

    def _name(self, name: str) -> str:
        return name if self._handle is not None else str(self._path / name)


@contextlib.contextmanager
def _folder(root: Path, folders: list[str]) -> Iterator[_Handle]:
    """Go to a folder step by step, making what is missing; no step may be a link."""
    flags = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_DIRECTORY", 0)
    here = _Handle(os.open(root, flags) if _HAS_DIR_FD else None, root)
    done: list[str] = []
    try:
        for each in folders:
            done.append(each)
            place = "/".join(done)
            state = here.state(each)
            if state is None:
                with contextlib.suppress(FileExistsError):
                    here.mkdir(each)
            elif stat.S_ISLNK(state.st_mode):
                raise RefusedError(f"{place} is a link, which is not followed")
            elif not stat.S_ISDIR(state.st_mode):
                raise RefusedError(f"{place} is no folder")
            try:
                there = here.below(each)
            except OSError as error:
                if error.errno in (errno.ELOOP, errno.ENOTDIR):
                    raise RefusedError(f"{place} is a link, which is not followed") from error
                raise
            here.close()
            here = there
            if here.state(".git") is not None:
                raise RefusedError(f"{place} is another repository")
        yield here
    finally:
        here.close()


def _content(folder: _Handle, name: str) -> bytes | None:
    state = folder.state(name)
    if state is None:
        return None
    if not stat.S_ISREG(state.st_mode):
        raise RefusedError(f"{name} is no plain file")
    with os.fdopen(folder.open(name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as source:
        return source.read(_LARGEST)


def _write(folder: _Handle, name: str, data: bytes) -> None:
    with os.fdopen(folder.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _put_new(folder: _Handle, fresh: str, name: str) -> None:
    """Give the fresh file its name, unless somebody made one of that name meanwhile."""
    try:
        folder.link(fresh, name)
    except FileExistsError as error:
        raise RefusedError(f"{name} was made by somebody else meanwhile") from error
    except OSError:
        # Some file systems have no hard links; then the look before must do.
        folder.replace(fresh, name)
