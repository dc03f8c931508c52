"""One engine for one index: the lock that proves it, and who holds it."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from indexer.errors import LockedError, StorageError

LOCK_NAME = "engine.lock"
HOLDER_NAME = "engine.json"
"""Beside the lock and not in it: a file that is locked cannot be read on Windows, and is emptied
by whoever tries to lock it in older filelock releases."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The engine that holds an index. ``started`` tells it from a later process of the same id."""

    pid: int
    started: float
    host: str
    address: str


class IndexLock:
    """Held as long as this object is not released, or until its process is gone.

    The system lets go of the lock when the process dies, so what a dead engine left behind, or
    the reuse of its process id, blocks nobody.
    """

    def __init__(self, index_dir: Path) -> None:
        # filelock costs .03 s, and only an engine needs it.
        from filelock import FileLock

        self._file = index_dir / LOCK_NAME
        self._lock = FileLock(self._file, timeout=0)
        self._holder = index_dir / HOLDER_NAME
        self._inode = 0

    def acquire(self, address: str) -> bool:
        """Take the lock, and say who we are; False when another process has it.

        Raises StorageError when the folder cannot be written.
        """
        from filelock import Timeout

        try:
            self._lock.acquire()
            self._inode = self._file.stat().st_ino
            holder = Holder(os.getpid(), _started(os.getpid()), socket.gethostname(), address)
            fresh = self._holder.with_suffix(f".{os.getpid()}")
            fresh.write_bytes(msgspec.json.encode(holder))
            fresh.replace(self._holder)
        except Timeout:
            return False
        except OSError as error:
            raise StorageError(
                f"The index folder {self._holder.parent} cannot be written: {error.strerror or error}.",
                "Free some space or mend its permissions; nothing in it was changed.",
            ) from error
        return True

    def stands(self) -> bool:
        """Say whether others still find this lock: not when the index was deleted under us."""
        try:
            return self._file.stat().st_ino == self._inode
        except OSError:
            return False

    def release(self) -> None:
        """Let others have the index."""
        if self.stands():
            with suppress(OSError):
                self._holder.unlink(missing_ok=True)
        self._lock.release()


@contextmanager
def guarded(file: Path, seconds: float = 30.0) -> Iterator[None]:
    """Hold the lock ``file`` within this block, against other processes and threads.

    Raises LockedError when it is not free in time, OSError when the file cannot be made.
    """
    from filelock import FileLock, Timeout  # late as above

    lock = FileLock(file, timeout=seconds)
    try:
        lock.acquire()
    except Timeout as error:
        raise LockedError(
            f"Another engine works on {file.parent} and does not end.", "Try again in a moment."
        ) from error
    try:
        yield
    finally:
        lock.release()


def holder(index_dir: Path) -> Holder | None:
    """Return the engine that holds this index, when it says so and is alive."""
    try:
        found = msgspec.json.decode((index_dir / HOLDER_NAME).read_bytes(), type=Holder)
    except (OSError, msgspec.DecodeError):
        return None
    if found.host != socket.gethostname():
        return found
    return found if found.started and _started(found.pid) == found.started else None


def _started(pid: int) -> float:
    """Return when process ``pid`` was started, 0 when there is none."""
    import psutil  # .02 s, and only an engine, or a client in trouble, needs it

    try:
        return float(psutil.Process(pid).create_time())
    except psutil.Error:
        return 0.0
