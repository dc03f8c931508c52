"""Where a line of an older version stands now, and where a file of the past went."""

from __future__ import annotations

import difflib
import json
import sqlite3
import time
from collections.abc import Sequence
from typing import Final

from indexer.answer.lineage import with_former_paths
from indexer.errors import ObjectProblemError
from indexer.guide.traces.book import Book, Place
from indexer.guide.traces.lines import Spot, around, named
from indexer.guide.traces.model import RawFrame
from indexer.index.symbols import FoundSymbol
from indexer.repo.decoding import decode, split_lines
from indexer.repo.repository import Repository
from indexer.shapes.traces import Mapped
from indexer.types import shown_path

VERSIONS: Final = 12
"""Older versions of a file that are looked at, spread over its history."""

MOST_LINES: Final = 6_000
"""Longer files are not compared."""

SECONDS: Final = 6.0
"""For all frames of one text together."""


class Past:
    """Looks into older versions, within a time. One object serves one text."""

    def __init__(self, reader: sqlite3.Connection, repository: Repository, seconds: float = SECONDS) -> None:
        self._reader = reader
        self._repository = repository
        self._ends = time.monotonic() + seconds
        self._versions: dict[int, list[list[str]]] = {}
        self.stopped = False
        """Whether the time was not enough for all that was asked."""

    def spot(
        self, frame: RawFrame, place: Place, lines: Sequence[str], definitions: Sequence[FoundSymbol]
    ) -> Spot | None:
        """Return where the line stands now, going by a version of the file that the frame fits."""
        if not frame.line or len(lines) > MOST_LINES:
            return None
        best: Spot | None = None
        for old in self._old(place):
            if time.monotonic() > self._ends:
                self.stopped = True
                break
            if frame.line > len(old) or (frame.code and _bare(old[frame.line - 1]) != _bare(frame.code)):
                continue
            line, exact = _carried(old, lines, frame.line)
            symbol = around(definitions, line) if line else None
            wanted = named(definitions, frame)
            if wanted and symbol not in wanted:
                continue
            if symbol is None or (not wanted and not frame.code):
                continue
            note = (
                f"Line {frame.line} of an older version is line {line} now."
                if exact
                else (
                    f"Line {frame.line} of an older version is not there any more; it stood in this "
                    "definition."
                )
            )
            found = Spot(Mapped.MOVED if exact else Mapped.NAMED, line if exact else 0, symbol, note)
            if exact:
                return found
            best = best or found
        return best

    def went(self, place: Place, frame: RawFrame, book: Book) -> list[Place]:
        """Return where a file that is gone went: files that its last commit added, by name or content."""
        rows = self._reader.execute(
            "SELECT made.path_id, p.shown FROM change gone JOIN commits c ON c.id = gone.commit_id"
            " JOIN change made ON made.commit_id = gone.commit_id AND made.status IN ('A', 'M')"
            " JOIN path p ON p.id = made.path_id"
            " WHERE gone.path_id = ? AND gone.status = 'D' AND c.reachable = 1 ORDER BY c.sequence "
            "DESC LIMIT 400",
            (place.path_id,),
        ).fetchall()
        ending = place.path.rpartition(".")[2]
        found: list[tuple[int, str]] = []
        for path_id, shown in rows:
            if shown.rpartition(".")[2] != ending:
                continue
            same = shown.rpartition("/")[2].lower() == place.parts[-1].lower()
            found.append((0 if same else 1, shown))
            del path_id
        out: list[Place] = []
        for _, shown in sorted(found):
            current = book.paths.get(shown)
            if current is not None and current not in out:
                out.append(current)
            elif current is None:
                out += [each for each in self._further(shown, book) if each not in out]
        del frame
        return out[:12]

    def gone_in(self, place: Place) -> str:
        """Return the commit that took a file away; empty when it is not known."""
        row = self._reader.execute(
            "SELECT c.oid FROM change JOIN commits c ON c.id = change.commit_id"
            " WHERE path_id = ? AND status = 'D' AND reachable = 1 ORDER BY sequence DESC LIMIT 1",
            (place.path_id,),
        ).fetchone()
        return "" if row is None else str(row[0])

    def _further(self, shown: str, book: Book) -> list[Place]:
        """Return current files of a name that was itself moved on."""
        name = shown.rpartition("/")[2].lower()
        places = book.files.get(name, [])
        return places if len(places) == 1 else []

    def _old(self, place: Place) -> list[list[str]]:
        known = self._versions.get(place.path_id)
        if known is None:
            known = self._versions[place.path_id] = list(self._read(place))
        return known

    def _read(self, place: Place) -> list[list[str]]:
        ids = with_former_paths(self._reader, [place.path_id])
        numbers = json.dumps(ids)
        paths = {
            shown
            for (shown,) in self._reader.execute(
                "SELECT shown FROM path WHERE id IN (SELECT value FROM json_each(?))", (numbers,)
            )
        }
        rows = self._reader.execute(
            "SELECT DISTINCT c.oid, c.sequence FROM change JOIN commits c ON c.id = change.commit_id"
            " WHERE path_id IN (SELECT value FROM json_each(?)) AND reachable = 1 AND status <> 'D'"
            " ORDER BY c.sequence DESC",
            (numbers,),
        ).fetchall()
        oids = [oid for oid, _ in rows]
        if len(oids) > VERSIONS:
            # The newer ones the denser: traces are mostly of the last releases.
            last = len(oids) - 1
            oids = list(
                dict.fromkeys(oids[round(last * (at / (VERSIONS - 1)) ** 1.6)] for at in range(VERSIONS))
            )
        out: list[list[str]] = []
        seen: set[str] = set()
        for oid in oids:
            if time.monotonic() > self._ends:
                self.stopped = True
                break
            lines = self._lines(oid, paths, seen)
            if lines:
                out.append(lines)
        return out

    def _lines(self, commit: str, paths: set[str], seen: set[str]) -> list[str]:
        try:
            entries = self._repository.read_tree(commit).entries
        except ObjectProblemError:
            return []
        for entry in entries:
            if shown_path(entry.path) in paths and entry.oid not in seen:
                seen.add(entry.oid)
                data = self._repository.blob(entry.oid).data
                if data is None or len(data) > 1_000_000:
                    return []
                decoded = decode(data)
                lines = [] if decoded is None else split_lines(decoded[0])
                return lines if len(lines) <= MOST_LINES else []
        return []


def _carried(old: Sequence[str], new: Sequence[str], line: int) -> tuple[int, bool]:
    """Return the line of now for one of then, and whether it is the very line; 0 for nowhere."""
    matcher = difflib.SequenceMatcher(
        None, [_bare(each) for each in old], [_bare(each) for each in new], autojunk=False
    )
    before = 0
    for start, now, size in matcher.get_matching_blocks():
        if start + 1 <= line <= start + size:
            return now + line - start, True
        if start + size < line and size:
            before = now + size
    return before, False


def _bare(code: str) -> str:
    return "".join(code.split())
