"""The copies that people.db is restored from: three backups, and each note as a Markdown file."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from indexer.types import Anchor, AnchorState, Category, Note

BACKUPS_KEPT: Final = 3

_FENCE: Final = "---"


def back_up(db: sqlite3.Connection, index_dir: Path) -> Path | None:
    """Copy the open database by SQLite's backup, unless the newest copy already equals it."""
    folder = _backup_folder(index_dir)
    folder.mkdir(mode=0o700, exist_ok=True)
    kept = newest_backups(index_dir)
    fresh = folder / f"people-{time.time_ns():020d}.db"
    unfinished = fresh.with_suffix(".new")
    with contextlib.closing(sqlite3.connect(unfinished)) as copy:
        db.backup(copy)
    # Restarts alone must not push older states out, so a copy that says nothing new is not kept.
    if kept and kept[0].read_bytes() == unfinished.read_bytes():
        unfinished.unlink()
        return None
    sync_to_disk(unfinished)
    unfinished.replace(fresh)
    for old in newest_backups(index_dir)[BACKUPS_KEPT:]:
        old.unlink()
    return fresh


def newest_backups(index_dir: Path) -> list[Path]:
    """Return the kept backups, newest first."""
    return sorted(_backup_folder(index_dir).glob("people-*.db"), reverse=True)


def move_aside(path: Path) -> Path:
    """Rename a damaged database (its journal with it) so that nothing overwrites it."""
    aside = path.with_name(f"{path.name}.damaged-{time.time_ns():020d}")
    path.replace(aside)
    for suffix in ("-journal", "-wal", "-shm"):
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.replace(aside.with_name(aside.name + suffix))
    return aside


def mirror_folder(index_dir: Path) -> Path:
    """Return the folder of the Markdown files."""
    return index_dir / "notes"


def write_mirror(index_dir: Path, note: Note, version: int) -> None:
    """Write a note's newest version so that a crash leaves the old file or the new one."""
    folder = mirror_folder(index_dir)
    folder.mkdir(mode=0o700, exist_ok=True)
    anchor = note.anchor
    fields: dict[str, object] = {
        "id": note.id,
        "version": version,
        "title": note.title,
        "author": note.author,
        "email": note.email,
        "created": note.created,
        "updated": note.updated,
        "category": note.category,
        "gap": note.gap_id,
        "source": note.source,
    }
    if anchor is not None:
        fields |= {
            "path": anchor.path,
            "symbol": anchor.symbol,
            "lines": [anchor.start_line, anchor.end_line],
            "commit": anchor.commit_id,
            "blob": anchor.blob_id,
            "quote": anchor.quote,
        }
    # Each value is JSON, which is YAML too, so that any reader of front matter understands it.
    head = "\n".join(f"{key}: {json.dumps(value)}" for key, value in fields.items())
    unfinished = folder / f"{note.id}.new"
    with unfinished.open("w", encoding="utf-8", newline="\n") as out:
        out.write(f"{_FENCE}\n{head}\n{_FENCE}\n{note.text}")
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(folder / f"{note.id}.md")


def read_mirror(index_dir: Path) -> list[tuple[Note, int]]:
    """Return the notes in the Markdown files with their version; a broken file is left out."""
    return list(_mirrored(index_dir))


def _mirrored(index_dir: Path) -> Iterator[tuple[Note, int]]:
    for path in sorted(mirror_folder(index_dir).glob("*.md")):
        try:
            opening, head, text = path.read_text("utf-8").split(f"{_FENCE}\n", 2)
            fields = dict(line.split(": ", 1) for line in head.splitlines())
            values = {key: json.loads(value) for key, value in fields.items()}
            if opening == "":
                yield _mirrored_note(values, text), int(values["version"])
        except (ValueError, KeyError, TypeError, OSError):
            # A file that a person broke by hand; the database still has the note.
            continue


def _mirrored_note(values: dict[str, object], text: str) -> Note:
    anchor = None
    if "quote" in values:
        lines = values["lines"]
        if not isinstance(lines, list):
            raise ValueError(lines)
        anchor = Anchor(
            path=_text_or_none(values["path"]),
            symbol=str(values["symbol"]),
            start_line=int(lines[0]),
            end_line=int(lines[1]),
            commit_id=_text_or_none(values["commit"]),
            blob_id=_text_or_none(values["blob"]),
            quote=str(values["quote"]),
        )
    category = values["category"]
    return Note(
        id=str(values["id"]),
        title=str(values["title"]),
        text=text,
        author=str(values["author"]),
        email=str(values["email"]),
        created=int(str(values["created"])),
        updated=int(str(values["updated"])),
        category=None if category is None else Category(str(category)),
        anchor=anchor,
        state=AnchorState.UNANCHORED if anchor is None else AnchorState.CURRENT,
        gap_id=_text_or_none(values["gap"]),
        source=str(values["source"]),
    )


def _text_or_none(value: object) -> str | None:
    return None if value is None else str(value)


def _backup_folder(index_dir: Path) -> Path:
    return index_dir / "backups"


def sync_to_disk(path: Path) -> None:
    """Return when a file's content is on the disk."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
