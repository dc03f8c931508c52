"""A repository that was moved takes the index of its old folder over, and the notes with it.

Each index remembers where its repository was and which commits that began with. An index whose
repository is no longer there, and that began with the same commits, is offered once to the new.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from indexer.errors import LockedError, NotFoundError
from indexer.index.catalog import Catalog
from indexer.index.people import People
from indexer.index.people_store import FILE_NAME as PEOPLE_NAME
from indexer.location import Location
from indexer.lock import HOLDER_NAME, LOCK_NAME, IndexLock
from indexer.types import shown_path

ORIGIN_NAME = "origin.json"

KEPT_BEHIND = (LOCK_NAME, HOLDER_NAME, "engine.log", "engine.old.log", ORIGIN_NAME)
"""What belongs to the process at work in a folder, or is removed last."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the repository of an index was, as the system's bytes, and its first commits."""

    git_dir: bytes
    roots: tuple[str, ...]
    common_dir: bytes = b""
    """Empty in what an older version wrote."""
    people: str = ""
    """Name of the folder of what people made of it."""


def remember(location: Location, catalog: Catalog) -> None:
    """Note where this index's repository is; done after each change of its history."""
    with catalog.snapshot() as reader:
        rows = reader.execute("SELECT oid FROM commits WHERE parents = '' AND reachable = 1 ORDER BY oid")
        origin = Origin(
            os.fsencode(location.git_dir),
            tuple(str(row[0]) for row in rows),
            os.fsencode(location.common_dir),
            location.people_dir.name,
        )
    if origin == _read(location.index_dir):
        return
    file = location.index_dir / ORIGIN_NAME
    fresh = file.with_suffix(".new")
    fresh.write_bytes(msgspec.json.encode(origin))
    fresh.replace(file)


def left_behind(location: Location) -> str:
    """Return where this repository was when an index of it was left behind; empty when there is none."""
    found = next(_left_behind(location), None)
    return "" if found is None else shown_path(os.fsdecode(found[1].git_dir))


def offer(place: str) -> str:
    """Return the sentence that offers the index left behind at ``place``."""
    return (
        f"The index that this repository had at {place} is kept: `lorebase index --take-over` moves it here."
    )


def take_over(location: Location) -> Path:
    """Move the index left behind into this one's place, notes first; return where it was.

    Nobody may have either open. What people made here meanwhile stays beside what comes. Raises
    NotFoundError when there is none, LockedError when an engine still holds the old one.
    """
    found = next(_left_behind(location), None)
    if found is None:
        raise NotFoundError(
            "There is no index of this repository whose folder is gone.",
            "An index can be taken over once its old repository folder is no longer there.",
        )
    folder = found[0]
    people = _people_left_behind(location, found[1])
    lock = IndexLock(folder)
    if not lock.acquire(""):
        raise LockedError(f"An engine still works in {folder}.", "Wait until it has left, and try again.")
    try:
        names = sorted(each.name for each in folder.iterdir() if each.name not in KEPT_BEHIND)
        if people is not None:
            _take_people(location, people)
        for name in sorted(names, key=lambda name: not name.startswith("people")):
            _replace(folder / name, location.index_dir / name)
        (folder / ORIGIN_NAME).unlink(missing_ok=True)
    finally:
        lock.release()
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def _left_behind(location: Location) -> Iterator[tuple[Path, Origin]]:
    ours = _read(location.index_dir)
    if ours is None or not ours.roots:
        return
    for folder in sorted(location.index_dir.parent.iterdir()):
        origin = _read(folder)
        if (
            origin is not None
            and folder != location.index_dir
            and not os.path.lexists(os.fsdecode(origin.git_dir))
            and set(origin.roots) & set(ours.roots)
        ):
            yield folder, origin


def _people_left_behind(location: Location, origin: Origin) -> Path | None:
    """Return the folder of what people made of a repository that is no longer there."""
    folder = location.people_dir.with_name(origin.people) if origin.people else None
    if folder is None or folder == location.people_dir or not (folder / PEOPLE_NAME).exists():
        return None
    # A worktree may be gone, and the repository that it belonged to still use its notes.
    return None if os.path.lexists(os.fsdecode(origin.common_dir)) else folder


def _read(folder: Path) -> Origin | None:
    with suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode((folder / ORIGIN_NAME).read_bytes(), type=Origin)
    return None


def _take_people(location: Location, old: Path) -> None:
    people = People.open(location.people_dir)
    try:
        people.take_over(old)
    finally:
        people.close()
    # All is copied; what lies there goes with the folder of the repository that is gone.
    shutil.rmtree(old, ignore_errors=True)


def _replace(source: Path, target: Path) -> None:
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
    else:
        target.unlink(missing_ok=True)
    source.rename(target)
