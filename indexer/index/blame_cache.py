"""Who last changed each line: asked of git once for each (path, content), then kept."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from indexer.errors import ObjectProblemError
from indexer.index.catalog import Catalog, get_meta
from indexer.index.passages import path_id
from indexer.repo.repository import Repository
from indexer.types import BlameLine, Control

_KEPT_IN_MEMORY = 200

_FILLED_AT_ONCE = 300
"""Files blamed in the background after a run, most-used first: at .05 to 1 s each, more would
keep a laptop's fan busy for what nobody may ever ask."""


@dataclass(frozen=True, slots=True)
class BlameRun:
    """Lines in a row that one commit last changed."""

    first_line: int
    last_line: int
    commit_id: str
    author: str
    email: str
    authored: int


class BlameCache:
    """Callable from several threads. A busy catalog costs a second asking of git, never a wait."""

    def __init__(self, catalog: Catalog, repository: Repository) -> None:
        self._catalog = catalog
        self._repository = repository
        self._recent: dict[tuple[int, str], bytes] = {}
        self._lock = threading.Lock()

    def runs(self, path: str) -> list[BlameRun]:
        """Return the blame of a file of HEAD as it is indexed, line 1 first.

        Empty for a file that HEAD does not have. Takes .05 to 1 s where nothing is kept yet.
        """
        reader = self._catalog.reader()
        head, number = get_meta(reader, "head"), path_id(reader, path)
        if head is None or number is None:
            return []
        row = reader.execute("SELECT oid, working FROM entry WHERE path_id = ?", (number,)).fetchone()
        if row is None:
            return []
        # A file that differs in the working copy is blamed as HEAD has it, for as long as HEAD stays.
        oid = head if row[1] else str(row[0])
        packed = self._kept(reader, number, oid)
        if packed is None:
            try:
                packed = _packed(self._repository.blame(head, path))
            except ObjectProblemError:
                return []
            self._keep(number, oid, packed)
        return _unpacked(packed)

    def fill(self, control: Control, limit: int = _FILLED_AT_ONCE) -> int:
        """Blame the most-used files that are not kept yet; return how many."""
        rows = (
            self._catalog.reader()
            .execute(
                "SELECT path.raw FROM entry JOIN path ON path.id = path_id JOIN blob ON blob.id = blob_id "
                "WHERE working = 0 AND entry.skipped = '' AND lines > 0 AND NOT EXISTS "
                "(SELECT 1 FROM blame WHERE blame.path_id = entry.path_id AND blame.oid = entry.oid) "
                "ORDER BY rank DESC, entry.path_id LIMIT ?",
                (limit,),
            )
            .fetchall()
        )
        for (raw,) in rows:
            control.checkpoint()
            self.runs(bytes(raw).decode("utf-8", "surrogateescape"))
        return len(rows)

    def _kept(self, reader: sqlite3.Connection, number: int, oid: str) -> bytes | None:
        with self._lock:
            recent = self._recent.get((number, oid))
        if recent is not None:
            return recent
        row = reader.execute("SELECT runs FROM blame WHERE path_id = ? AND oid = ?", (number, oid)).fetchone()
        return None if row is None else bytes(row[0])

    def _keep(self, number: int, oid: str, packed: bytes) -> None:
        with self._lock:
            while len(self._recent) >= _KEPT_IN_MEMORY:
                self._recent.pop(next(iter(self._recent)))
            self._recent[number, oid] = packed
        # A connection of its own for one statement: the writing one belongs to the syncing thread.
        with contextlib.suppress(sqlite3.Error), contextlib.closing(self._catalog.brief_writer()) as writer:
            writer.execute(
                "INSERT OR REPLACE INTO blame (path_id, oid, runs) VALUES (?, ?, ?)", (number, oid, packed)
            )


def _packed(lines: Iterable[BlameLine]) -> bytes:
    runs: list[tuple[int, int, str, str, str, int]] = []
    for line in lines:
        if runs and runs[-1][2] == line.commit_id and runs[-1][1] == line.line - 1:
            runs[-1] = (runs[-1][0], line.line, *runs[-1][2:])
        else:
            runs.append((line.line, line.line, line.commit_id, line.author, line.email, line.authored))
    return msgspec.msgpack.encode(runs)


def _unpacked(packed: bytes) -> list[BlameRun]:
    rows = msgspec.msgpack.decode(packed, type=list[tuple[int, int, str, str, str, int]])
    return [BlameRun(*row) for row in rows]
