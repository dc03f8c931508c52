"""Where a line of an older version stands now, and where a file of the past went."""

from __future__ import annotations

import difflib
import json
import re
import sqlite3
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.lineage import with_former_paths
from indexer.errors import ObjectProblemError
from indexer.guide.traces.book import Book, Place
from indexer.guide.traces.lines import TYPES, Spot, around, calls, named
from indexer.guide.traces.model import RawFrame
from indexer.index.symbols import FoundSymbol
from indexer.repo.decoding import decode, split_lines
from indexer.repo.repository import Repository
from indexer.shapes.traces import Mapped
from indexer.types import shown_path

VERSIONS: Final = 12
"""Older versions of a file that are looked at, spread over its history."""

TAGS: Final = 6
"""Versions named by a text that are looked at."""

MOST_LINES: Final = 6_000
"""Longer files are not compared."""

SECONDS: Final = 6.0
"""For all frames of one text together."""


_SCRIPTS: Final = frozenset(("js", "cjs", "mjs", "jsx", "ts", "cts", "mts", "tsx", "coffee"))


def _family(path: str) -> str:
    """Return the ending of a file; those between which scripts are rewritten are one."""
    ending = path.rpartition(".")[2].lower()
    return "script" if ending in _SCRIPTS else ending


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0].lower()


@dataclass(frozen=True, slots=True)
class _Version:
    """An older version of a file. ``tag`` is set where the text of the trace names it."""

    lines: list[str]
    tag: str = ""


class Past:
    """Looks into older versions, within a time. One object serves one text, whose words may name the
    versions that ran.
    """

    def __init__(
        self,
        reader: sqlite3.Connection,
        repository: Repository,
        text: str = "",
        names: Collection[str] = (),
        seconds: float = SECONDS,
    ) -> None:
        self._reader = reader
        self._repository = repository
        self._ends = time.monotonic() + seconds
        self._versions: dict[int, list[_Version]] = {}
        self._tagged = _tagged(text, repository, names)
        self.stopped = False
        """Whether the time was not enough for all that was asked."""

    @property
    def knows_version(self) -> bool:
        """Whether the text names a version that is tagged here."""
        return bool(self._tagged)

    def version(self) -> tuple[str, int] | None:
        """Return the tag of the version that the text names, and its place in history; None without one."""
        for tag, commit in self._tagged:
            row = self._reader.execute("SELECT sequence FROM commits WHERE oid = ?", (commit,)).fetchone()
            if row is not None:
                return tag, int(row[0])
        return None

    def after(self, oids: Sequence[str], sequence: int) -> list[str]:
        """Return which commits came after a place in history, the newest first."""
        rows = self._reader.execute(
            "SELECT oid FROM commits WHERE oid IN (SELECT value FROM json_each(?)) AND sequence > ?"
            " ORDER BY sequence DESC",
            (json.dumps(list(oids)), sequence),
        )
        return [oid for (oid,) in rows]

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
            if frame.line > len(old.lines):
                continue
            if frame.code and _bare(old.lines[frame.line - 1]) != _bare(frame.code):
                continue
            found = _spot_by(old, frame, lines, definitions)
            if found is not None and found.line:
                return found
            best = best or found
        return best

    def went(self, place: Place, book: Book) -> list[Place]:
        """Return where a file that is gone went: files that its last commit added, by name or content."""
        rows = self._reader.execute(
            "SELECT made.status, p.shown FROM change gone JOIN commits c ON c.id = gone.commit_id"
            " JOIN change made ON made.commit_id = gone.commit_id AND made.status IN ('A', 'M')"
            " JOIN path p ON p.id = made.path_id"
            " WHERE gone.path_id = ? AND gone.status = 'D' AND c.reachable = 1 ORDER BY c.sequence "
            "DESC LIMIT 400",
            (place.path_id,),
        ).fetchall()
        found: list[tuple[int, str]] = []
        for status, shown in rows:
            if _family(shown) != _family(place.path):
                continue
            same = _stem(shown) == _stem(place.path)
            if same or status == "A":
                found.append((0 if same else 1, shown))
        out: list[Place] = []
        for _, shown in sorted(found):
            current = book.paths.get(shown)
            if current is not None and current not in out:
                out.append(current)
            elif current is None:
                out += [each for each in self._further(shown, book) if each not in out]
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

    def _old(self, place: Place) -> list[_Version]:
        known = self._versions.get(place.path_id)
        if known is None:
            known = self._versions[place.path_id] = list(self._read(place))
        return known

    def _read(self, place: Place) -> list[_Version]:
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
        out: list[_Version] = []
        seen: set[str] = set()
        for tag, commit in self._tagged:
            lines = self._lines(commit, paths, seen)
            if lines:
                out.append(_Version(lines, tag))
        if len(oids) > VERSIONS:
            # The newer ones the denser: traces are mostly of the last releases.
            last = len(oids) - 1
            oids = list(
                dict.fromkeys(oids[round(last * (at / (VERSIONS - 1)) ** 1.6)] for at in range(VERSIONS))
            )
        for oid in oids:
            if time.monotonic() > self._ends:
                self.stopped = True
                break
            lines = self._lines(oid, paths, seen)
            if lines:
                out.append(_Version(lines))
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


def _spot_by(
    old: _Version, frame: RawFrame, lines: Sequence[str], definitions: Sequence[FoundSymbol]
) -> Spot | None:
    line, exact = _carried(old.lines, lines, frame.line)
    symbol = around(definitions, line) if line else None
    wanted = named(definitions, frame)
    if wanted and symbol not in wanted:
        return None
    sure = exact and (frame.code or old.tag)
    # Where the very line is gone, a name that is gone too stood in nothing that is here.
    nameless = not frame.name and old.tag and symbol is not None and symbol.kind not in TYPES
    if not wanted and not sure and not nameless:
        return None
    if not old.tag and not frame.code and not calls(frame, old.lines, frame.line):
        return None
    version = f"version {old.tag}" if old.tag else "an older version"
    if exact:
        told = "" if line == frame.line else f"Line {frame.line} of {version} is line {line} now."
        return Spot(Mapped.LINE if line == frame.line else Mapped.MOVED, line, symbol, told)
    note = f"Line {frame.line} of {version} is not there any more; it stood in this definition."
    return Spot(Mapped.NAMED, 0, symbol, note)


_NUMBER: Final = re.compile(
    r"(?<![\d.])v?(\d{1,4}(?:\.\d{1,5}){1,3}(?:[-.]?(?:rc|beta|alpha|b|a)\.?\d{0,3})?)(?![\d.]*:\d)"
)


def _tagged(text: str, repository: Repository, names: Collection[str]) -> list[tuple[str, str]]:
    """Return the tags, with their commits, whose numbers stand in a text, the longest first.

    Where a number stands behind a name that this repository publishes, only such numbers count: others
    are those of a language, or of a library.
    """
    text = text[:200_000]
    numbers = set(_NUMBER.findall(text))
    known = "|".join(re.escape(name.rpartition("/")[2]) for name in names if len(name) > 1)
    if known:
        own = re.findall(
            rf"\b(?:{known})[-@ /_]v?(\d[\w.]*(?:-(?:rc|beta|alpha)[\w.]*)?)", text, re.IGNORECASE
        )
        numbers = ({number.rstrip(".") for number in own} & numbers) or numbers
    if not numbers:
        return []
    found: list[tuple[str, str]] = []
    for tag, commit in repository.tags().items():
        match = _NUMBER.search(tag)
        if match is None or match[1] not in numbers or match[1].count(".") == 0:
            continue
        # "grep-matcher-0.1.5" is meant by "grep-matcher-0.1.5" alone; "v0.1.5" by any 0.1.5.
        before = tag[: match.start()].strip("-_/@").lower()
        if (
            len(before) <= 1
            or before in ("release", "rel", "version")
            or f"{before}-{match[1]}" in text.lower()
        ):
            found.append((tag, commit))
    return sorted(found, key=lambda each: (-len(each[0]), each[0]))[:TAGS]


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
