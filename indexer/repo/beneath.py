"""Opens a file of a work tree without following a link out of it, or waiting for anybody."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from indexer.repo.trees import is_safe_path

_HAS_DIR_FD = os.open in os.supports_dir_fd

_SWAPPED = (errno.ELOOP, errno.ENXIO)
"""What opening gives when a link, or a socket, took the place of what was there."""


class Vanished(Exception):  # noqa: N818  (an event, not an error: the caller goes on without it)
    """A file was there a moment ago and is not any more, or is another kind of thing now."""


def read_file(root: Path, path: str, max_bytes: int) -> tuple[bytes, os.stat_result]:
    """Return up to ``max_bytes`` of a regular file, or a link's text, and the state it had then.

    No part of ``path`` may be a link, so that what is read lies under ``root`` for certain, even
    if it is changed at this moment. Raises Vanished, or OSError when it may not be read.
    """
    with open_file(root, path) as (source, state):
        return source if isinstance(source, bytes) else source.read(max_bytes), state


@contextmanager
def open_file(root: Path, path: str) -> Iterator[tuple[BinaryIO | bytes, os.stat_result]]:
    """Give an opened regular file, or a link's text, with its state; raises as ``read_file``."""
    if not is_safe_path(path):
        raise Vanished(path)
    *folders, name = path.encode("utf-8", "surrogateescape").split(b"/")
    where = name if _HAS_DIR_FD else b"/".join((os.fsencode(root), *folders, name))
    try:
        folder = _open_folder(root, folders)
        try:
            state = os.stat(where, dir_fd=folder, follow_symlinks=False)
            if stat.S_ISLNK(state.st_mode):
                source: BinaryIO | bytes = os.fsencode(os.readlink(where, dir_fd=folder))
            else:
                source, state = _open_regular(where, folder, state, path)
        finally:
            if folder is not None:
                os.close(folder)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Vanished(path) from error
    except OSError as error:
        if error.errno in _SWAPPED:
            raise Vanished(path) from error
        raise
    if isinstance(source, bytes):
        yield source, state
    else:
        with source:
            yield source, state


def _open_regular(
    where: bytes, folder: int | None, state: os.stat_result, path: str
) -> tuple[BinaryIO, os.stat_result]:
    if not stat.S_ISREG(state.st_mode):
        raise Vanished(path)
    # Non-blocking, since a FIFO may have taken the file's place since the look above.
    flags = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    source = os.fdopen(os.open(where, flags, dir_fd=folder), "rb")
    state = os.fstat(source.fileno())
    if not stat.S_ISREG(state.st_mode):
        source.close()
        raise Vanished(path)
    return source, state


def _open_folder(root: Path, folders: list[bytes]) -> int | None:
    """Return a handle on the folder, having gone there step by step; None where that cannot be."""
    if not _HAS_DIR_FD:
        return None
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY
    handle = os.open(root, flags)
    for each in folders:
        try:
            below = os.open(each, flags | os.O_NOFOLLOW, dir_fd=handle)
        finally:
            os.close(handle)
        handle = below
    return handle
