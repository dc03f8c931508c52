"""How often, and by which commits, the lines of each definition were rewritten.

The hunks of the main line are kept once (they never change); the lines of a definition are followed back
through them, past renames, until the commit that brought them in.
"""

from __future__ import annotations

import sqlite3
import time
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final

from indexer.errors import ObjectProblemError
from indexer.guide.modules.store import Store
from indexer.repo.line_changes import CommitLines, Hunk
from indexer.repo.repository import Repository
from indexer.types import Control, shown_path

SECONDS: Final = 120.0
"""How long the history is read at most in one go; what is older is left out, and said to be."""

MOST_COMMITS: Final = 200
"""Commits that are followed for one definition."""

GROWTH: Final = 2
"""A definition whose lines were once this many times as many is not followed further: they were those of
others too, and what is counted is to be its own."""

BATCH: Final = 200


class Evolution:
    """Follows lines back. One thread at a time."""

    def __init__(self, store: Store, repository: Repository) -> None:
        self._store = store
        self._repository = repository

    def read(self, head: str, first_parents: Mapping[str, str], control: Control) -> None:
        """Take in what the main line changed up to ``head``. ``first_parents`` is from the catalog."""
        newest = self.newest()
        if newest == head:
            return
        known = newest if newest and _is_on_line(newest, head, first_parents) else None
        read: list[CommitLines] = []
        began = time.monotonic()
        with suppress(ObjectProblemError):  # what was read until then is told, as what it is
            for commit in self._repository.line_changes(head, known, SECONDS):
                read.append(commit)
                if len(read) % BATCH == 0:
                    control.checkpoint()
        cut = time.monotonic() - began >= SECONDS
        with self._store.opened() as db:
            if known is None or cut:  # with a gap before them, older commits say nothing of today's lines
                db.execute("DELETE FROM line_commit")
                db.execute("DELETE FROM line_change")
                db.execute(
                    "INSERT OR REPLACE INTO fact VALUES ('cut', ?)", (read[-1].oid if cut and read else "",)
                )
            top = db.execute("SELECT coalesce(max(n), 0) FROM line_commit").fetchone()[0]
            for n, commit in enumerate(reversed(read), start=top + 1):
                db.execute(
                    "INSERT INTO line_commit VALUES (?, ?, ?, ?)",
                    (n, commit.oid, commit.merge, len(commit.files)),
                )
                db.executemany("INSERT OR REPLACE INTO line_change VALUES (?, ?, ?, ?)", _rows(n, commit))
            db.execute("INSERT OR REPLACE INTO fact VALUES ('newest', ?)", (head,))

    def newest(self) -> str:
        """Return the commit up to which the history was taken in, or nothing."""
        with self._store.opened() as db:
            row = db.execute("SELECT value FROM fact WHERE key = 'newest'").fetchone()
        return "" if row is None else str(row[0])

    def cut_at(self) -> str:
        """Return the commit beyond which the history was not read, for lack of time; empty when it was."""
        with self._store.opened() as db:
            row = db.execute("SELECT value FROM fact WHERE key = 'cut'").fetchone()
        return "" if row is None else str(row[0])

    def era(self) -> str:
        """Return what names the counting of the commits: their numbers mean the same as long as it stays."""
        with self._store.opened() as db:
            row = db.execute("SELECT oid FROM line_commit ORDER BY n LIMIT 1").fetchone()
        return "" if row is None else str(row[0])

    def commits(self) -> dict[int, tuple[str, bool, int]]:
        """Return the main line: by number, the id, whether it is a merge, how many files it touched."""
        with self._store.opened() as db:
            rows = db.execute("SELECT n, oid, merge, files FROM line_commit").fetchall()
        return {n: (oid, bool(merge), files) for n, oid, merge, files in rows}

    def last_changes(self) -> dict[str, int]:
        """Return the number of the newest commit of each path."""
        with self._store.opened() as db:
            return dict(db.execute("SELECT path, max(n) FROM line_change GROUP BY path").fetchall())

    def rewritten(self, path: str, spans: Sequence[tuple[int, int]]) -> list[list[int]]:
        """Return for each span of a current file (first and last line) the numbers of the commits that
        rewrote lines of it, the newest first; the one that brought it in is the last.
        """
        with self._store.opened() as db:
            return follow(_changes(db, path), spans)


def follow(
    changes: Iterable[tuple[int, Sequence[Hunk] | None]], spans: Sequence[tuple[int, int]]
) -> list[list[int]]:
    """Follow spans back through changes, the newest first; None for hunks: the file was added there."""
    found: list[list[int]] = [[] for _ in spans]
    alive: dict[int, tuple[int, int]] = dict(enumerate(spans))
    for n, hunks in changes:
        if not alive:
            break
        if hunks is None:
            for at in alive:
                found[at].append(n)
            break
        for at, span in list(alive.items()):
            before, touched = _before(span, hunks)
            if touched:
                found[at].append(n)
            size = spans[at][1] - spans[at][0] + 1
            if before is None or before[1] - before[0] > GROWTH * size or len(found[at]) >= MOST_COMMITS:
                del alive[at]
            else:
                alive[at] = before
    return found


def _before(span: tuple[int, int], hunks: Sequence[Hunk]) -> tuple[tuple[int, int] | None, bool]:
    """Return where a span stood before some hunks (None: nowhere), and whether they touched it."""
    start, end = span
    first = last = None
    before_start = shift = covered = 0
    touched = False
    for old, removed, new, added in hunks:
        # Where nothing was added, lines went between `new` and the line after it.
        begin, finish = (new, new + added - 1) if added else (new + 1, new)
        if begin > end:
            break
        if finish < start and (added or begin <= start):
            shift += removed - added
            before_start = shift
            continue
        touched = True
        covered += min(end, finish) - max(start, begin) + 1 if added else 0
        # What begins or ends within lines that were written begins or ends where those replaced others.
        if added and begin <= start:
            first = old if removed else old + 1
        if added and finish >= end:
            last = old + removed - 1 if removed else old
        shift += removed - added
    first = start + before_start if first is None else first
    last = end + shift if last is None else last
    if last < first:
        return None, touched
    if covered > end - start and last - first > 2 * (end - start):
        return None, True  # written anew in one go with much else: what stood there was another thing
    return (first, last), touched


def _changes(db: sqlite3.Connection, path: str) -> Iterator[tuple[int, Sequence[Hunk] | None]]:
    below = 2**62
    while True:
        rows = db.execute(
            "SELECT n, former, hunks FROM line_change WHERE path = ? AND n < ? ORDER BY n DESC", (path, below)
        ).fetchall()
        for n, former, packed in rows:
            below = n
            if not former:
                yield n, None
                return
            numbers = array("i", packed)
            yield n, list(zip(*[iter(numbers)] * 4, strict=True))
            if former != path:
                path = former
                break
        else:
            return


def _rows(n: int, commit: CommitLines) -> Iterator[tuple[str, int, str, bytes]]:
    for file in commit.files:
        packed = array("i", [number for hunk in file.hunks for number in hunk]).tobytes()
        yield shown_path(file.path), n, shown_path(file.former), packed


def _is_on_line(oid: str, head: str, first_parents: Mapping[str, str]) -> bool:
    current = head
    for _ in range(len(first_parents) + 1):
        if current == oid:
            return True
        current = first_parents.get(current, "")
        if not current:
            return False
    return False
