"""Deletes an index: what was read from the repository, and only when asked what people wrote."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from pathlib import Path

from indexer.errors import StorageError
from indexer.index.people import FILE_NAME
from indexer.index.people_files import mirror_folder, newest_backups

GOING = ".deleted-"
"""Part of the name of a folder that is being deleted: no program of ours opens one."""


def forget(index_dir: Path, *, people: bool) -> None:
    """Delete an index that nobody has open. The folder goes in one step, its content after that.

    Without ``people`` the notes, gaps and questions stay, and are found by the next engine. The
    lock goes with the folder, so the engine that holds it must leave. Raises StorageError when
    the folder cannot be moved; nothing is deleted then.
    """
    going = index_dir.with_name(f"{index_dir.name}{GOING}{time.time_ns()}")
    backups = {each.parent for each in newest_backups(index_dir)}
    try:
        index_dir.rename(going)
    except OSError as error:
        raise StorageError(
            f"The index in {index_dir} cannot be deleted: {error.strerror or error}.",
            "Mend the permissions of the folder; nothing was deleted.",
        ) from error
    if not people:
        kept = [*going.glob(f"{FILE_NAME}*"), going / mirror_folder(index_dir).name]
        kept += [going / each.name for each in backups]
        index_dir.mkdir(mode=0o700)
        for each in kept:
            if each.exists():
                each.rename(index_dir / each.name)
    with suppress(OSError):
        shutil.rmtree(going)
    if going.exists():
        raise StorageError(
            f"Some files of the index could not be deleted; they are in {going}.",
            "Nothing uses them: delete that folder yourself.",
        )
