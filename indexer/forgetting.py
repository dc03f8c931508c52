"""Deletes an index: what was read from the repository, and only when asked what people wrote."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from pathlib import Path

from indexer.errors import StorageError
from indexer.index.people_files import mirror_folder, newest_backups
from indexer.index.people_store import FILE_NAME, GUARD_NAME
from indexer.lock import guarded

GOING = ".deleted-"
"""Part of the name of a folder that is being deleted: no program of ours opens one."""


def forget(index_dir: Path, people_dir: Path, *, people: bool) -> None:
    """Delete an index that nobody has open. The folder goes in one step, its content after that.

    Without ``people`` the notes, gaps and questions stay, and are found by the next engine; with
    it they go for every worktree of the repository, since all share them. The lock goes with the
    folder, so the engine that holds it must leave. Raises StorageError when the folder cannot be
    moved; nothing is deleted then.
    """
    backups = {each.parent for each in newest_backups(index_dir)}
    going = _moved(index_dir)
    if people and people_dir.exists():
        with guarded(people_dir / GUARD_NAME):  # no other worktree's engine opens it just now
            gone = _moved(people_dir)
        _delete(gone)
    if not people:
        # What an older version kept here, and nobody took over yet.
        kept = [*going.glob(f"{FILE_NAME}*"), going / mirror_folder(index_dir).name]
        kept = [each for each in (*kept, *(going / each.name for each in backups)) if each.exists()]
        if kept:
            index_dir.mkdir(mode=0o700)
        for each in kept:
            each.rename(index_dir / each.name)
    _delete(going)


def _moved(folder: Path) -> Path:
    going = folder.with_name(f"{folder.name}{GOING}{time.time_ns()}")
    try:
        folder.rename(going)
    except OSError as error:
        raise StorageError(
            f"The index in {folder} cannot be deleted: {error.strerror or error}.",
            "Mend the permissions of the folder; nothing was deleted.",
        ) from error
    return going


def _delete(going: Path) -> None:
    with suppress(OSError):
        shutil.rmtree(going)
    if going.exists():
        raise StorageError(
            f"Some files of the index could not be deleted; they are in {going}.",
            "Nothing uses them: delete that folder yourself.",
        )
