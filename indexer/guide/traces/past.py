"""Where a line of an older version stands now, and where a file of the past went."""

from __future__ import annotations

import difflib
import json
import sqlite3
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.answer.lineage import with_former_paths
from indexer.guide.traces.book import Book, Place
from indexer.guide.traces.fitting import fit, idle, telling, type_around, within
from indexer.guide.traces.lines import TYPES, Spot, around, calls, named
from indexer.guide.traces.model import RawFrame
from indexer.guide.traces.tags import tagged
from indexer.index.symbols import FoundSymbol
from indexer.repo.decoding import decode, split_lines
from indexer.repo.repository import Repository
from indexer.shapes.traces import Mapped

VERSIONS: Final = 12
"""Older versions of a file that are compared, spread over its history."""

LOOKED_INTO: Final = 200
"""Older versions of a file that are looked into for one that its frames fit."""

REWRITTEN: Final = 3
"""How often a file may have been written anew under another ending, or in another folder."""

MOST_LINES: Final = 6_000
"""Longer files are not compared."""

SECONDS: Final = 6.0
"""For all frames of one text together."""


_SCRIPTS: Final = frozenset(("js", "cjs", "mjs", "jsx", "ts", "cts", "mts", "tsx", "coffee"))


def _family(path: str) -> str:
    """Return the ending of a file; those between which scripts are rewritten are one."""
    ending = path.rpartition("/")[2].rpartition(".")[2].lower() if "." in path.rpartition("/")[2] else ""
    return "script" if ending in _SCRIPTS else ending


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0].lower()


@dataclass(frozen=True, slots=True)
class _Version:
    """An older version of a file. ``tag`` is set where the text of the trace names it."""

    lines: list[str]
    tag: str = ""
    fits: bool = False
    """The functions of the trace stand at its lines in this version."""


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
        frames: Iterable[RawFrame] = (),
        seconds: float = SECONDS,
    ) -> None:
        self._reader = reader
        self._repository = repository
        self._ends = time.monotonic() + seconds
        self._versions: dict[int, list[_Version]] = {}
        self._fitting: dict[tuple[int, str], list[_Version]] = {}
        self._frames: dict[str, list[RawFrame]] = defaultdict(list)
        for frame in frames:
            if frame.path and frame.line and not frame.outside and frame not in self._frames[frame.path]:
                self._frames[frame.path].append(frame)
        self._tagged = tagged(text, repository, names)
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
        fitting = self._fit(place, frame)
        tagged = [old for old in self._old(place) if old.tag]
        if not frame.name and not frame.code and not tagged:
            return _agreed([_spot_by(old, frame, lines, definitions) for old in fitting])
        for old in (*tagged, *fitting, *(old for old in self._old(place) if not old.tag)):
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

    def always(
        self, frame: RawFrame, place: Place, lines: Sequence[str], definitions: Sequence[FoundSymbol]
    ) -> FoundSymbol | None:
        """Return the definition that the line was in, whichever version ran; None where they differ."""
        if not frame.line or len(lines) > MOST_LINES:
            return None
        fitting = [
            replace(old, fits=True)
            for old in self._old(place)
            if frame.line <= len(old.lines) and not idle(old.lines[frame.line - 1], frame.form)
        ]
        found = _agreed([_spot_by(old, frame, lines, definitions) for old in fitting])
        return found.symbol if found is not None and len(fitting) > 1 else None

    def is_older(self, frame: RawFrame, lines: Sequence[str]) -> bool:
        """Return whether other frames of its file show that a trace was made by another text than this."""
        alike = self._frames.get(frame.path, [])
        return any(telling(each) for each in alike) and not fit(lines, alike)

    def type_of(self, frame: RawFrame, place: Place) -> str:
        """Return the type that a frame stood in, in a version of its file that it fits; empty for none."""
        return next(
            (found for old in self._fit(place, frame) if (found := type_around(old.lines, frame.line))), ""
        )

    def _fit(self, place: Place, frame: RawFrame) -> list[_Version]:
        """Return the newest and the oldest version of a file that all frames of it fit best."""
        frames = self._frames.get(frame.path, [])
        if not any(telling(each) or each.code for each in frames):
            return []
        key = (place.path_id, frame.path)
        known = self._fitting.get(key)
        if known is None:
            scored: list[tuple[int, list[str]]] = []
            for lines in self._texts(place, LOOKED_INTO):
                score = fit(lines, frames)
                if score:
                    scored.append((score, lines))
            best = max((score for score, _ in scored), default=0)
            kept = [lines for score, lines in scored if score == best]
            known = [
                _Version(lines, fits=True) for lines in (kept[:1] if len(kept) < 2 else [kept[0], kept[-1]])
            ]
            self._fitting[key] = known
        return known

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
        out: list[_Version] = []
        paths = self._paths(place)
        seen: set[str] = set()
        for tag, commit in self._tagged:
            lines = self._lines(commit, paths, seen)
            if lines:
                out.append(_Version(lines, tag))
        return out + [_Version(lines) for lines in self._texts(place, VERSIONS, seen)]

    def _ids(self, place: Place) -> list[int]:
        """Return the paths of a file, and those of files of its name that went as it came."""
        ids = with_former_paths(self._reader, [place.path_id])
        for _ in range(REWRITTEN):
            rows = self._reader.execute(
                "SELECT DISTINCT gone.path_id, p.shown FROM change made JOIN change gone"
                " ON gone.commit_id = made.commit_id AND gone.status = 'D'"
                " JOIN path p ON p.id = gone.path_id"
                " WHERE made.path_id IN (SELECT value FROM json_each(?)) AND made.status = 'A' LIMIT 4000",
                (json.dumps(ids),),
            ).fetchall()
            more = [
                path_id
                for path_id, shown in rows
                if path_id not in ids
                and _stem(shown) == _stem(place.path)
                and _family(shown) == _family(place.path)
            ]
            if not more:
                break
            ids = [*ids, *with_former_paths(self._reader, more)]
        return ids

    def _paths(self, place: Place) -> list[str]:
        """Return the paths that a file has had, that of now first."""
        numbers = json.dumps(self._ids(place))
        rows = self._reader.execute(
            "SELECT raw, id = ? FROM path WHERE id IN (SELECT value FROM json_each(?)) ORDER BY 2 DESC",
            (place.path_id, numbers),
        )
        return [raw.decode("utf-8", "surrogateescape") for raw, _ in rows]

    def _texts(self, place: Place, most: int, seen: set[str] | None = None) -> Iterator[list[str]]:
        """Yield older texts of a file, the newest first, spread over its history where there are many."""
        seen = set() if seen is None else seen
        paths = self._paths(place)
        numbers = json.dumps(self._ids(place))
        rows = self._reader.execute(
            "SELECT DISTINCT c.oid, c.sequence FROM change JOIN commits c ON c.id = change.commit_id"
            " WHERE path_id IN (SELECT value FROM json_each(?)) AND reachable = 1 AND status <> 'D'"
            " ORDER BY c.sequence DESC",
            (numbers,),
        ).fetchall()
        oids = [oid for oid, _ in rows]
        if len(oids) > most:
            # The newer ones the denser: traces are mostly of the last releases.
            last = len(oids) - 1
            oids = list(dict.fromkeys(oids[round(last * (at / (most - 1)) ** 1.6)] for at in range(most)))
        for oid in oids:
            if time.monotonic() > self._ends:
                self.stopped = True
                return
            lines = self._lines(oid, paths, seen)
            if lines:
                yield lines

    def _lines(self, commit: str, paths: Sequence[str], seen: set[str]) -> list[str]:
        for path in paths:
            oid = self._repository.find_file(commit, path)
            if oid is None:
                continue
            if oid in seen:
                return []
            seen.add(oid)
            data = self._repository.blob(oid).data
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
    sure = exact and (frame.code or old.tag or (old.fits and not frame.name))
    # Where the very line is gone, a name that is gone too stood in nothing that is here.
    nameless = not frame.name and (old.tag or old.fits) and symbol is not None and symbol.kind not in TYPES
    if not wanted and not sure and not nameless:
        return None
    if not old.tag and not frame.code and not old.fits and not _proves(old, frame):
        return None
    version = f"version {old.tag}" if old.tag else "an older version"
    if exact:
        told = "" if line == frame.line else f"Line {frame.line} of {version} is line {line} now."
        return Spot(Mapped.LINE if line == frame.line else Mapped.MOVED, line, symbol, told)
    note = f"Line {frame.line} of {version} is not there any more; it stood in this definition."
    return Spot(Mapped.NAMED, 0, symbol, note)


def _proves(old: _Version, frame: RawFrame) -> bool:
    """Return whether the line of an old version is the frame's, by what stands in it and around it."""
    if not calls(frame, old.lines, frame.line):
        return False
    return not telling(frame) or within(old.lines, frame.line, frame.name)


def _agreed(spots: Sequence[Spot | None]) -> Spot | None:
    """Return where all versions that fit lay a frame, if they lay it in one definition."""
    found = [each for each in spots if each is not None]
    if not found or len(found) < len(spots) or len({each.symbol for each in found}) > 1:
        return None
    lines = {each.line for each in found}
    return found[0] if len(lines) == 1 else replace(found[0], mapped=Mapped.NAMED, line=0, note="")


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
