"""Where a line of an older version stands now, as far as the versions that a trace fits agree on it."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.guide.traces.bodies import LEAST, given_around, spans
from indexer.guide.traces.book import Book, Place
from indexer.guide.traces.carrying import TELLING, Carrier
from indexer.guide.traces.fitting import (
    begins,
    defines,
    fit,
    function_around,
    headers,
    idle,
    telling,
    type_around,
    within,
)
from indexer.guide.traces.lines import TYPES, Spot, around, made_up, named
from indexer.guide.traces.model import RawFrame
from indexer.guide.traces.overloads import parameters
from indexer.guide.traces.raising import Raised
from indexer.guide.traces.renames import Renames
from indexer.guide.traces.successors import Successor, Successors
from indexer.guide.traces.tags import tagged
from indexer.guide.traces.versions import MOST_LINES, Version, Versions, counted
from indexer.guide.traces.weighing import SURE, agreed_on, spread, standing, weight
from indexer.index.symbols import FoundSymbol, definitions_in
from indexer.repo.repository import Repository
from indexer.shapes.traces import Mapped
from indexer.types import ReadAs

SECONDS: Final = 8.0
"""For all frames of one text together."""


STRAY: Final = 0.2
"""Share of the lines of a function that a definition of another name must have, for a line to be carried."""

BESIDE: Final = 6
"""Lines above and below one without a name of its function that it stood among."""


@dataclass(frozen=True, slots=True)
class Stood:
    """What a frame stood among in an older text: the lines, which of them (from 0) is its own, -1 where that
    is not known, and the whole text.
    """

    lines: Sequence[str]
    at: int
    text: Sequence[str]


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
        ends = time.monotonic() + seconds
        self._versions = Versions(reader, repository, ends)
        self._renames = Renames(reader, repository, self._versions, ends)
        self._at_tags: dict[int, list[Version]] = {}
        self._fitting: dict[tuple[int, str], list[Version]] = {}
        self._carried: dict[tuple[int, int], Carrier] = {}
        self._defined: dict[int, list[FoundSymbol]] = {}
        self._frames: dict[str, list[RawFrame]] = defaultdict(list)
        for frame in frames:
            if frame.path and frame.line and not frame.outside and frame not in self._frames[frame.path]:
                self._frames[frame.path].append(frame)
        self._tagged = tagged(text, repository, names, reader)

    # ---------------------------------------------------------------------------- what is known

    @property
    def stopped(self) -> bool:
        """Whether the time was not enough for all that was asked."""
        return bool(self._versions.stopped) or self._renames.stopped

    def unread(self, place: Place) -> bool:
        """Return whether the time was not enough for the history of this file."""
        return place.path_id in self._versions.stopped

    @property
    def frames(self) -> dict[str, list[RawFrame]]:
        """The frames of the text that have a place, by the path that is written."""
        return self._frames

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

    def defined(self, place: Place) -> list[FoundSymbol]:
        """Return what a file of now defines."""
        known = self._defined.get(place.path_id)
        if known is None:
            known = self._defined[place.path_id] = definitions_in(self._reader, place.path_id)
        return known

    def by_lines(self, place: Place) -> bool:
        """Return whether a file of now was read line by line, so that what it defines is not known."""
        row = self._reader.execute(
            "SELECT b.read_as FROM entry e JOIN blob b ON b.id = e.blob_id WHERE e.path_id = ?",
            (place.path_id,),
        ).fetchone()
        return row is not None and row[0] == ReadAs.LINES.value

    # ---------------------------------------------------------------------------- lines

    def quoted(
        self, frame: RawFrame, place: Place, lines: Sequence[str], definitions: Sequence[FoundSymbol]
    ) -> Spot | None:
        """Return where the line that a trace shows stands now, by a version that has it at that number."""
        if not frame.line or not frame.code or len(lines) > MOST_LINES:
            return None
        best: Spot | None = None
        for old in (*self._at(place), *self._versions.of(place)):
            if self._versions.over():
                self._versions.stopped.add(place.path_id)
                break
            if frame.line > len(old.lines) or _bare(old.lines[frame.line - 1]) != _bare(frame.code):
                continue
            found = self._spot_by(old, frame, lines, definitions)
            if found is not None and found.line:
                return found
            best = best or found
        return best

    def at_version(
        self, frame: RawFrame, place: Place, lines: Sequence[str], definitions: Sequence[FoundSymbol]
    ) -> Spot | None:
        """Return where the line stands now, going by the version that the text names, if it fits there."""
        if not frame.line or len(lines) > MOST_LINES:
            return None
        best: Spot | None = None
        for old in self._at(place):
            if not _fits_alone(frame, old.lines):
                continue
            found = self._spot_by(old, frame, lines, definitions)
            if found is not None and found.line:
                return found
            best = best or found
        return best

    def agreed(
        self, frame: RawFrame, place: Place, lines: Sequence[str], definitions: Sequence[FoundSymbol]
    ) -> Spot | None:
        """Return where the line stands now, if all versions that the frames of its file fit agree on it.

        Where they agree on the definition alone, that is returned.
        """
        if not frame.line or len(lines) > MOST_LINES or self.unread(place):
            return None
        fitting = self._fit(place, frame, lines)
        known = any(telling(each) for each in self._frames.get(frame.path, []))
        if not frame.name and not known and not all(_begins(old, frame) == 2 for old in fitting):
            return None
        return agreed_on([self._spot_by(old, frame, lines, definitions) for old in fitting])

    def stood_in(
        self, frame: RawFrame, place: Place, lines: Sequence[str], definitions: Sequence[FoundSymbol]
    ) -> FoundSymbol | None:
        """Return the definition of now of the function that the line stood in, in the versions that fit."""
        return standing(self._ran(frame, place, lines), frame, definitions)

    def always(
        self,
        frame: RawFrame,
        place: Place,
        lines: Sequence[str],
        definitions: Sequence[FoundSymbol],
        raised: Raised | None = None,
    ) -> FoundSymbol | None:
        """Return the definition that the line was in, whichever version ran; None where they differ.

        Where a column or a message is told, those versions count which they fit best.
        """
        if not frame.line or len(lines) > MOST_LINES:
            return None
        weighed = [(weight(old, frame, raised), old) for old in self._versions.of(place)]
        best = max((weight for weight, _ in weighed), default=0)
        fitting = [old for weight, old in weighed if weight == best > 0]
        if len(fitting) < (2 if best < SURE else 1) or self.unread(place):
            return None
        spots = [self._spot_by(old, frame, lines, definitions) for old in spread(fitting)]
        # No other frame says which of the versions ran, so that nearly all must tell.
        found = agreed_on(spots) if sum(each is None for each in spots) * 4 <= len(spots) else None
        return found.symbol if found is not None else standing(fitting, frame, definitions)

    def lost(self, place: Place, frame: RawFrame) -> tuple[list[str], list[str]]:
        """Return what the function of a frame was made of, and the version of its file that had it: one that
        the frame fits, else the newest with one function of that name. Nothing where that is not clear.
        """
        for old in self._ran(frame, place, ()):
            inside = [span for span in spans(old.lines, frame.name) if span[0] <= frame.line <= span[1]]
            if inside:
                first, last = inside[-1]
                return old.lines[first:last], old.lines
        for old in self._versions.of(place):
            found = spans(old.lines, frame.name) if not self._late(place) else []
            if found:
                return (old.lines[found[0][0] : found[0][1]], old.lines) if len(found) == 1 else ([], [])
        return [], []

    def stood_among(self, place: Place, frame: RawFrame) -> Stood | None:
        """Return the lines of the function that a frame was in, or those beside it where it has no name, in
        a version that the frame fits, or that has the line which it shows; of a function else in the newest
        that has one of its name.
        """
        called = frame.name if frame.name.isidentifier() else ""
        fitting = [(old, frame.line) for old in self._ran(frame, place, ())]
        for old, line in fitting or self._showing(place, frame):
            if (stood := _stood(old, line, called)) is not None:
                return stood
        for old in self._versions.of(place) if called else ():
            found = spans(old.lines, called) if not self._late(place) else []
            if found:
                first, last = found[0]
                return Stood(old.lines[first:last], -1, old.lines) if len(found) == 1 else None
        return None

    def _showing(self, place: Place, frame: RawFrame) -> list[tuple[Version, int]]:
        """Return the versions that have the very line which a frame shows, wherever it stands in the function
        of its name, and where: no version may have all lines of a trace at their numbers.
        """
        if sum(map(str.isalnum, frame.code)) <= TELLING or self._late(place):
            return []
        code = _bare(frame.code)
        return [
            (old, at)
            for old in self._versions.of(place)
            for at, line in enumerate(old.lines, start=1)
            if _bare(line) == code and (not frame.name.isidentifier() or within(old.lines, at, frame.name))
        ]

    def types_of(self, frame: RawFrame, place: Place, lines: Sequence[str] = ()) -> set[str]:
        """Return the types that a frame stood in, in the versions of its file that it fits."""
        spots = [(old.lines, frame.line) for old in self._ran(frame, place, lines)]
        if not spots and frame.name:
            # No version has the code at its number; one that was not looked into had.
            spots = [(old.lines, at) for old, at in self._showing(place, frame)]
        return {found for old, line in spots if (found := type_around(old, line))}

    def overloads(
        self, frame: RawFrame, place: Place, lines: Sequence[str], alike: Sequence[FoundSymbol]
    ) -> list[FoundSymbol]:
        """Return those of several definitions of one name that are given what that one was which the line
        stood in, in all versions of the file that the frame fits; none where those do not agree.
        """
        given = [given_around(old.lines, frame.line, frame.name) for old in self._ran(frame, place, lines)]
        if not given or None in given or any(each != given[0] for each in given):
            return []
        return [each for each in alike if parameters(each.signature) == given[0]]

    def around(self, frame: RawFrame, place: Place, lines: Sequence[str]) -> set[str]:
        """Return the words of what a frame stood in, in each of the versions of its file that it fits."""
        found: set[str] | None = None
        for old in self._ran(frame, place, lines):
            words = set(re.findall(r"\w+", " ".join(headers(old.lines, frame.line))))
            found = words if found is None else found & words
        return found or set()

    def _ran(self, frame: RawFrame, place: Place, lines: Sequence[str]) -> list[Version]:
        tagged = [old for old in self._at(place) if _fits_alone(frame, old.lines)]
        return tagged or self._fit(place, frame, lines)

    # ---------------------------------------------------------------------------- files

    def went(self, place: Place, book: Book) -> list[Place]:
        """Return which files of now a file that is gone became, the likeliest first."""
        found = self._renames.went(place, book)
        for each in found:
            self._versions.follow(each, place)
        return found

    def renamed(self, place: Place) -> Place | None:
        """Return the file of now that git says one of the past became."""
        return self._renames.now(place)

    def dropped(self, place: Place, name: str) -> list[str]:
        """Return the commits of which one took a name out of a file, the newest first; none if too many."""
        return self._versions.dropped(place, name)

    def gained(self, path: str, name: str, commits: Sequence[str]) -> bool:
        """Return whether a file came to have a word by one of some commits in a row, the newest first."""
        return self._versions.gained(path, name, commits)

    def successor(self, place: Place, name: str, book: Book) -> Successor | None:
        """Return what a function is called now that a file does not have any more."""
        return Successors(self._reader, self._versions, book).of(place, name)

    def texts(self, place: Place) -> list[list[str]]:
        """Return the older texts of a file, each once, the newest first; of one that is gone the last too."""
        return [old.lines for old in self._versions.of(place)]

    def held(self, place: Place, frame: RawFrame, *, beside: bool = False) -> bool:
        """Return whether a file of the past had what a frame names, in one of its versions.

        A plain word, or a line without a name, counts only ``beside`` other frames of this repository.
        """
        texts = [old.lines for old in self._versions.of(place) if frame.line <= len(old.lines)]
        if self._late(place):
            return False
        if frame.code:
            return any(_bare(frame.code) == _bare(lines[frame.line - 1]) for lines in texts)
        if not frame.name.strip("<>"):
            return beside and any(not idle(lines[frame.line - 1], frame.form) for lines in texts)
        sure = made_up(frame.name)
        if (beside or sure) and any(within(lines, frame.line, frame.name) for lines in texts):
            return True
        word = re.compile(rf"(?<![\w$]){re.escape(frame.name)}(?![\w$])")
        return sure and any(word.search(line) for line in self._versions.last(place))

    def continues(self, gone: Place, place: Place) -> bool:
        """Return whether a file of now is one of the past under another path, as history shows."""
        return self._renames.continues(gone, place)

    def gone_in(self, place: Place) -> str:
        """Return the commit that took a file away; empty when it is not known."""
        return self._renames.gone_in(place)

    # ---------------------------------------------------------------------------- private

    def _late(self, place: Place) -> bool:
        """Return whether the time is up, and remember that of a file's history not all was looked at."""
        if self._versions.over():
            self._versions.stopped.add(place.path_id)
            return True
        return False

    def _at(self, place: Place) -> list[Version]:
        known = self._at_tags.get(place.path_id)
        if known is None:
            known = self._at_tags[place.path_id] = self._versions.at(place, self._tagged)
        return known

    def _fit(self, place: Place, frame: RawFrame, lines: Sequence[str]) -> list[Version]:
        """Return versions of a file that all frames of it fit best, spread from the newest to the oldest."""
        frames = self._frames.get(frame.path, [])
        if not any(telling(each) or each.code or each.callee for each in frames):
            return []
        key = (place.path_id, frame.path)
        known = self._fitting.get(key)
        if known is None:
            texts = [*([Version(list(lines))] if lines else []), *self._versions.of(place)]
            scored = [(fit(old.lines, frames), old) for old in texts]
            best = max((score for score, _ in scored), default=0)
            known = spread([old for score, old in scored if score == best > 0])
            self._fitting[key] = known
        return known

    def _spot_by(
        self, old: Version, frame: RawFrame, lines: Sequence[str], definitions: Sequence[FoundSymbol]
    ) -> Spot | None:
        if frame.line > len(old.lines):
            return None
        key = (id(old.lines), id(lines))
        carrier = self._carried.get(key)
        if carrier is None:
            carrier = self._carried[key] = Carrier(old.lines, lines)
        line = carrier.exact(frame.line)
        wanted = named(definitions, frame)
        version = _name(old)
        if line:
            symbol = around(definitions, line)
            if wanted and symbol not in wanted and not any(_holds(each, symbol) for each in wanted):
                return None
            if not wanted and _is_stray(old, frame, lines, symbol):
                return None
            told = "" if line == frame.line else f"Line {frame.line} of {version} is line {line} now."
            return Spot(Mapped.LINE if line == frame.line else Mapped.MOVED, line, symbol, told)
        near = carrier.near(frame.line)
        symbols = {around(definitions, now) for _, now in near}
        symbol = symbols.pop() if len(symbols) == 1 else None
        if symbol is None or (symbol not in wanted if wanted else symbol.kind in TYPES):
            return None
        note = f"Line {frame.line} of {version} is not there any more; it stood in this definition."
        # Of a function that was taken out, or put elsewhere, what stands around it is of others.
        stood = function_around(old.lines, frame.line)
        beside = {function_around(old.lines, then) for then, _ in near}
        if frame.name and not wanted:
            if beside != {stood}:
                return None
            note = f"`{frame.name}` is not there any more; what stood around its line is in this definition."
        elif not wanted and stood and stood != symbol.name and stood not in beside:
            return None
        return Spot(Mapped.NAMED, 0, symbol, note)


def _stood(old: Version, line: int, called: str) -> Stood | None:
    """Return what stands around a line of a version: the function of a name, or the lines beside it."""
    if not 0 < line <= len(old.lines):
        return None
    inside = [span for span in spans(old.lines, called) if span[0] <= line <= span[1]] if called else []
    if inside:
        first, last = inside[-1]
        return Stood(old.lines[first:last], line - 1 - first, old.lines)
    if called or sum(map(str.isalnum, old.lines[line - 1])) < TELLING:
        return None
    # What has no name itself may stand in what has one.
    if (named_one := function_around(old.lines, line)) and (stood := _stood(old, line, named_one)):
        return stood
    first = max(line - 1 - BESIDE, 0)
    return Stood(old.lines[first : line + BESIDE], line - 1 - first, old.lines)


def _is_stray(old: Version, frame: RawFrame, lines: Sequence[str], symbol: FoundSymbol | None) -> bool:
    """Return whether a line that is carried over stands in a definition which has next to nothing else of the
    function that it was in: a line of a few letters is written in many.
    """
    inside = [span for span in spans(old.lines, frame.name) if span[0] <= frame.line <= span[1]]
    if symbol is None or not telling(frame) or not inside or symbol.name == frame.name:
        return False
    wanted = counted(old.lines[inside[-1][0] : inside[-1][1]])
    held = counted(lines[symbol.start_line - 1 : symbol.end_line]) & wanted
    return held != wanted if wanted.total() < LEAST else held.total() < STRAY * wanted.total()


def _name(old: Version) -> str:
    if not old.tag:
        return "an older version"
    return old.tag if old.tag.startswith("commit ") else f"version {old.tag}"


def _begins(old: Version, frame: RawFrame) -> int:
    return begins(old.lines[frame.line - 1], frame) if 0 < frame.line <= len(old.lines) else 0


def _holds(outer: FoundSymbol, inner: FoundSymbol | None) -> bool:
    return inner is not None and outer.start_line <= inner.start_line and inner.end_line <= outer.end_line


def _fits_alone(frame: RawFrame, lines: Sequence[str]) -> bool:
    """Return whether a version may be the one that ran, going by one frame."""
    if not 1 <= frame.line <= len(lines):
        return False
    if frame.code:
        return _bare(frame.code) == _bare(lines[frame.line - 1])
    if idle(lines[frame.line - 1], frame.form):
        return False
    # A name that the version does not define at all was made while it ran.
    return not telling(frame) or bool(fit(lines, [frame])) or not defines(lines, frame.name)


def _bare(code: str) -> str:
    return "".join(code.split())
