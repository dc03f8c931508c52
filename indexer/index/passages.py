"""Looks up passages and files: by id, by place, and what a path shows now."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from indexer.types import ChunkKind, FileMark, shown_path


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk at a path, or of a commit (then ``path`` is None, and ``oid`` is the commit's).

    ``path`` is git's, not the shown one. ``oid`` of a file is its blob's; ``working``: the
    content is the working copy's, in no commit.
    """

    id: int
    kind: ChunkKind
    path: str | None
    oid: str
    start_line: int
    end_line: int
    symbol: str
    text: str
    language: str
    working: bool
    current: bool


@dataclass(frozen=True, slots=True)
class FileEntry:
    """What a path shows now. ``blob_id`` is None, and ``skipped`` says why, when it was not read."""

    path_id: int
    path: str
    oid: str
    mode: int
    size: int
    working: bool
    marks: FileMark
    rank: float
    language: str
    encoding: str
    lines: int
    blob_id: int | None
    skipped: str
    notice: str


def passages(reader: sqlite3.Connection, ids: Iterable[int]) -> dict[int, Passage]:
    """Return the passages of ``ids`` that exist, by id, in no order."""
    asked = json.dumps(list(ids))
    rows = reader.execute(f"{_PASSAGE} WHERE passage.id IN (SELECT value FROM json_each(?))", (asked,))  # noqa: S608
    return {row[0]: _passage(row) for row in rows}


def passages_at(
    reader: sqlite3.Connection, path: str, start_line: int = 1, end_line: int = 1 << 60
) -> list[Passage]:
    """Return the current passages of a file that touch these lines, in the file's order."""
    rows = reader.execute(
        f"{_PASSAGE} WHERE passage.path_id = ? AND passage.current = 1 AND chunk.start_line <= ? "
        "AND chunk.end_line >= ? ORDER BY chunk.start_line, chunk.id",
        (path_id(reader, path) or -1, end_line, start_line),
    )
    return [_passage(row) for row in rows]


def file_entry(reader: sqlite3.Connection, path: str) -> FileEntry | None:
    """Return what a path (git's or as shown) shows now, or None when it is not current."""
    row = reader.execute(f"{_ENTRY} WHERE entry.path_id = ?", (path_id(reader, path) or -1,)).fetchone()
    return None if row is None else _entry(row)


def file_entries(reader: sqlite3.Connection, under: str = "") -> Iterator[FileEntry]:
    """Yield all current files, or those below a folder, in the order of their paths."""
    folder = under.strip("/")
    for row in reader.execute(f"{_ENTRY} ORDER BY path.raw"):
        entry = _entry(row)
        if not folder or entry.path.startswith(folder + "/"):
            yield entry


def path_id(reader: sqlite3.Connection, path: str) -> int | None:
    """Return the id of a path, given as git has it or as it is shown; None if never seen."""
    raw = path.encode("utf-8", "surrogateescape")
    row = reader.execute("SELECT id FROM path WHERE raw = ?", (raw,)).fetchone()
    if row is None:
        # Two paths can be shown alike; the one that is current is meant.
        row = reader.execute(
            "SELECT id FROM path LEFT JOIN entry ON path_id = id WHERE shown = ? "
            "ORDER BY path_id IS NULL LIMIT 1",
            (shown_path(path),),
        ).fetchone()
    return None if row is None else int(row[0])


_PASSAGE = (
    "SELECT passage.id, passage.kind, path.raw, coalesce(blob.oid, commits.oid), chunk.start_line, "
    "chunk.end_line, chunk.symbol, chunk.text, coalesce(blob.language, ''), "
    "coalesce(entry.working AND entry.blob_id = chunk.blob_id, 0), passage.current "
    "FROM passage JOIN chunk ON chunk.id = passage.chunk_id "
    "LEFT JOIN path ON path.id = passage.path_id LEFT JOIN blob ON blob.id = chunk.blob_id "
    "LEFT JOIN entry ON entry.path_id = passage.path_id LEFT JOIN commits ON commits.id = chunk.commit_id"
)

_ENTRY = (
    "SELECT entry.path_id, path.raw, entry.oid, entry.mode, entry.size, entry.working, entry.marks, "
    "entry.rank, coalesce(blob.language, ''), coalesce(blob.encoding, ''), coalesce(blob.lines, 0), "
    "entry.blob_id, entry.skipped, coalesce(blob.notice, '') "
    "FROM entry JOIN path ON path.id = entry.path_id LEFT JOIN blob ON blob.id = entry.blob_id"
)

_Row = tuple[Any, ...]  # as SQLite gives it; nothing but the two functions below sees one


def _passage(row: _Row) -> Passage:
    number, kind, raw, oid, start, end, symbol, text, language, working, current = row
    path = None if raw is None else _decoded(raw)
    return Passage(
        number, ChunkKind(kind), path, oid, start, end, symbol, text, language, bool(working), bool(current)
    )


def _entry(row: _Row) -> FileEntry:
    number, raw, oid, mode, size, working, marks, *rest = row
    return FileEntry(number, _decoded(raw), oid, mode, size, bool(working), FileMark(marks), *rest)


def _decoded(raw: bytes) -> str:
    return bytes(raw).decode("utf-8", "surrogateescape")
