"""Lays the frames of a trace on this repository: file, line and definition, or foreign."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.answer.citations import SourceFile, Sources
from indexer.guide.traces.book import Book, Place
from indexer.guide.traces.files import Candidate, candidates, common
from indexer.guide.traces.lines import Spot, around, made_up, named, nearest, spot
from indexer.guide.traces.model import RawFrame
from indexer.guide.traces.past import Past
from indexer.index.symbols import FoundSymbol, definitions_in, find_symbols
from indexer.shapes.traces import Mapped, TraceForm
from indexer.types import FileMark

HEAD_LINES: Final = 80
"""Within which a file names its package."""

_PACKAGE: Final = re.compile(r"^\s*(?:package|namespace)\s+([\w.]+)")


@dataclass(frozen=True, slots=True)
class Matched:
    """A frame on the repository. ``place`` None: foreign, or (``gone``) of a file that is no more."""

    frame: RawFrame
    mapped: Mapped = Mapped.FOREIGN
    place: Place | None = None
    line: int = 0
    symbol: FoundSymbol | None = None
    note: str = ""
    compiled: bool = False
    gone: Place | None = None
    guessed: bool = False

    @property
    def own(self) -> bool:
        """Whether it is of this repository."""
        return self.place is not None or self.gone is not None


class Matcher:
    """Matches the frames of one text; what it read of files is kept until it is done."""

    def __init__(self, reader: sqlite3.Connection, book: Book, sources: Sources, past: Past) -> None:
        self._reader = reader
        self._book = book
        self._sources = sources
        self._past = past
        self._definitions: dict[int, list[FoundSymbol]] = {}
        self._known: dict[RawFrame, Matched] = {}

    def match(self, frame: RawFrame) -> Matched:
        """Return where a frame is; a frame that was seen already is not looked for again."""
        key = replace(frame, repeated=0, written="")
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._match(frame)
        return replace(found, frame=frame)

    # ---------------------------------------------------------------------------- private

    def _match(self, frame: RawFrame) -> Matched:
        found = [(each, self._source(each.place)) for each in candidates(frame, self._book)]
        for candidate, source in found:
            if candidate.place.current and source is not None and self._means(candidate, source, frame):
                return self._placed(candidate, source, frame)
        for candidate, _ in found:
            if not candidate.place.current:
                went = self._moved_away(candidate, frame)
                if went is not None:
                    return went
        if not frame.path and not frame.outside:
            return self._by_name(frame)
        return Matched(frame)

    def _means(self, candidate: Candidate, source: SourceFile, frame: RawFrame) -> bool:
        """Return whether a file is the one meant: by its path alone, else by what is in it."""
        if frame.form is TraceForm.JVM and not candidate.sure:
            return self._declares(source, frame)
        if candidate.sure and not candidate.compiled:
            return True
        has_code = bool(frame.code) and self._has_line(source, frame)
        if candidate.strict:
            return has_code
        definitions = self._definitions_of(candidate.place)
        has_name = bool(named(definitions, frame))
        if frame.code:
            return has_code or (has_name and candidate.common >= 3)
        if not frame.name:
            return not candidate.compiled and frame.line <= len(source.lines) and candidate.common >= 1
        return has_name

    def _declares(self, source: SourceFile, frame: RawFrame) -> bool:
        for line in source.lines[:HEAD_LINES]:
            match = _PACKAGE.match(line)
            if match:
                return match[1] == frame.module or frame.module.startswith(match[1] + ".")
        return False

    def _has_line(self, source: SourceFile, frame: RawFrame) -> bool:
        code = "".join(frame.code.split())
        return len(code) > 3 and any("".join(line.split()) == code for line in source.lines)

    def _placed(self, candidate: Candidate, source: SourceFile, frame: RawFrame, note: str = "") -> Matched:
        place = candidate.place
        definitions = self._definitions_of(place)
        if candidate.compiled:
            alike = named(definitions, frame)
            told = "The trace is of compiled code: its lines are not those of this source."
            symbol = alike[0] if len(alike) == 1 else None
            return Matched(
                frame, Mapped.NAMED if symbol else Mapped.FILE, place, 0, symbol, told, compiled=True
            )
        at = self._spot(frame, place, source, definitions)
        return Matched(
            frame, at.mapped, place, at.line, at.symbol, " ".join(each for each in (note, at.note) if each),
            guessed=at.guessed,
        )  # fmt: skip

    def _spot(
        self, frame: RawFrame, place: Place, source: SourceFile, definitions: Sequence[FoundSymbol]
    ) -> Spot:
        at = spot(frame, source.lines, definitions)
        proven = at is not None and not at.guessed and (frame.code or not self._past.knows_version)
        if at is not None and proven:
            return at
        past = self._past.spot(frame, place, source.lines, definitions)
        if past is not None and (at is None or at.guessed or past.line):
            return past
        if at is not None:
            return at
        alike = named(definitions, frame)
        if alike:
            return nearest(frame, alike)
        return self._without_name(frame, source, definitions)

    def _without_name(self, frame: RawFrame, source: SourceFile, definitions: Sequence[FoundSymbol]) -> Spot:
        there = 1 <= frame.line <= len(source.lines)
        plain = not frame.name or frame.name.startswith("<")
        if plain and there and not frame.code:
            note = (
                ""
                if not frame.owner
                else f"The trace names `{frame.owner}` alone; its line is taken as it is."
            )
            return Spot(Mapped.LINE, frame.line, around(definitions, frame.line), note)
        if plain:
            return Spot(Mapped.FILE, 0, None, "The line that the trace shows is not in this file any more.")
        local = _local(frame.name, source)
        if local:
            symbol = around(definitions, local)
            last = symbol.end_line if symbol is not None else local
            if not frame.code and local <= frame.line <= last:
                return Spot(Mapped.LINE, frame.line, symbol)
            note = (
                f"`{frame.name}` is a function within it; where in it the call stood is not known any more."
            )
            return Spot(Mapped.NAMED, local, symbol, note)
        note = f"`{frame.name}` is not in this file any more"
        place = self._book.paths.get(source.path)
        alone = self._only_definition(frame, place) if place is not None else None
        return Spot(Mapped.FILE, 0, None, f"{note}; it is in {alone[0].path} now." if alone else f"{note}.")

    def _moved_away(self, candidate: Candidate, frame: RawFrame) -> Matched | None:
        """Follow a file that HEAD has not to where its content went; None where it says nothing."""
        if not candidate.sure:
            return None
        gone = candidate.place
        note = f"{gone.path} is no more at this commit."
        landed: Place | None = None
        for place in [*self._past.went(gone, self._book), *self._of_same_class(gone, frame)]:
            source = self._source(place)
            if source is None:
                continue
            definitions = self._definitions_of(place)
            same = place.parts[-1].partition(".")[0].lower() == gone.parts[-1].partition(".")[0].lower()
            if (
                (frame.name and named(definitions, frame))
                or self._has_line(source, frame)
                or (same and not frame.name.strip("<>"))
            ):
                moved = Candidate(place, sure=True, common=candidate.common)
                return self._placed(moved, source, frame, f"{gone.path} has moved to {place.path}.")
            if same and landed is None:
                landed = place
        same_class = self._of_same_class(gone, frame)
        if same_class and frame.form is TraceForm.JVM:
            told = f"{gone.path} has moved to {same_class[0].path}; `{frame.name}` is not in it any more."
            return Matched(frame, Mapped.FILE, same_class[0], 0, None, told)
        if landed is not None:
            told = f"{gone.path} has moved to {landed.path}; `{frame.name}` is not in it any more."
            return Matched(frame, Mapped.FILE, landed, 0, None, told)
        alone = self._only_definition(frame, gone)
        if alone is not None:
            place, symbol = alone
            told = f"{gone.path} is gone; `{frame.name}` is defined in {place.path} alone now."
            return Matched(frame, Mapped.NAMED, place, 0, symbol, told)
        commit = self._past.gone_in(gone)
        if commit:
            note = f"{gone.path} was taken away in commit {commit[:10]}."
        return Matched(frame, Mapped.FILE, None, 0, None, note, gone=gone)

    def _of_same_class(self, gone: Place, frame: RawFrame) -> list[Place]:
        """Return files of the same class in another language of the JVM, or in another package."""
        if frame.form is not TraceForm.JVM:
            return []
        found = [
            each
            for each in self._book.stems.get(gone.parts[-1].lower().partition(".")[0], ())
            if each.path.endswith((".java", ".kt", ".scala", ".groovy")) and not each.marks & FileMark.TEST
        ]
        shared = [(common(each.parts[:-1], gone.parts[:-1]), each) for each in found]
        shared.sort(key=lambda pair: -pair[0])
        return [each for number, each in shared if number > 1 or len(found) == 1]

    def _only_definition(self, frame: RawFrame, beside: Place) -> tuple[Place, FoundSymbol] | None:
        """Return the one definition of a name that somebody made up, in files of the same ending."""
        if not made_up(frame.name):
            return None
        ending = beside.path.rpartition(".")[2]
        found = [
            each
            for each in find_symbols(self._reader, frame.name, 20)
            if each.name == frame.name
            and each.path.endswith(f".{ending}")
            and each.end_line > each.start_line
            and (not frame.owner or frame.owner.rpartition(".")[2] in each.parent.split("."))
        ]
        place = self._book.paths.get(found[0].path) if len(found) == 1 else None
        return (place, found[0]) if place is not None else None

    def neighbour(self, frame: RawFrame, others: Sequence[Matched]) -> Matched | None:
        """Return a frame as one of a file that other frames of its trace were found in, by that path."""
        if not frame.path or frame.outside:
            return None
        place = next(
            (each.place for each in others if each.place is not None and each.frame.path == frame.path), None
        )
        source = self._source(place) if place is not None else None
        if place is None or source is None:
            return None
        return self._placed(Candidate(place, sure=True, common=1), source, frame)

    def _by_name(self, frame: RawFrame) -> Matched:
        """Return the definition that a frame without a file names, if there is just one such."""
        if frame.form is TraceForm.RUST:
            return self._of_crate(frame)
        if not frame.name or not frame.owner or not frame.module:
            return Matched(frame)
        last = frame.owner.rpartition(".")[2]
        rows = self._reader.execute(
            "SELECT DISTINCT e.path_id, p.shown FROM symbol s JOIN entry e ON e.blob_id = s.blob_id"
            " JOIN path p ON p.id = e.path_id WHERE s.name = ? LIMIT 20",
            (last,),
        ).fetchall()
        for _, path in rows:
            place = self._book.paths.get(path)
            source = self._source(place) if place is not None else None
            if place is None or source is None or not self._declares(source, frame):
                continue
            alike = named(self._definitions_of(place), frame)
            named_so = place.parts[-1].partition(".")[0].lower() == last.lower()
            if alike and (
                named_so or any(last in each.parent.split(".") or each.name == last for each in alike)
            ):
                note = "The trace gives no file; found by its name."
                if len(alike) > 1:
                    note = (
                        f"The trace gives no line; {len(alike)} definitions here are called `{frame.name}`."
                    )
                return Matched(frame, Mapped.NAMED, place, 0, alike[0], note, guessed=len(alike) > 1)
        return Matched(frame)

    def _of_crate(self, frame: RawFrame) -> Matched:
        """Return the definition that a frame of a crate of this repository names, if there is just one."""
        crate = frame.module.partition("::")[0]
        folder = next(
            (
                folder
                for (system, name), folder in self._book.published.items()
                if system == "crate" and name.replace("-", "_") == crate
            ),
            None,
        )
        if not frame.name or folder is None:
            return Matched(frame)
        rows = self._reader.execute(
            "SELECT DISTINCT p.shown FROM symbol s JOIN entry e ON e.blob_id = s.blob_id"
            " JOIN path p ON p.id = e.path_id WHERE s.name = ? AND s.kind IN ('function', 'method')"
            " AND p.shown LIKE ? ESCAPE '!' LIMIT 30",
            (frame.name, f"{folder + '/' if folder else ''}src/%.rs".replace("_", "!_")),
        ).fetchall()
        modules = [part for part in frame.module.split("::")[1:] if part]
        found: list[tuple[Place, FoundSymbol]] = []
        for (path,) in rows:
            place = self._book.paths.get(path)
            if place is None or (modules and modules[-1] not in path.replace(".rs", "").split("/")):
                continue
            alike = [
                each
                for each in named(self._definitions_of(place), frame)
                if not frame.owner or frame.owner in each.parent
            ]
            found += [(place, each) for each in alike]
        if len(found) != 1:
            return Matched(frame)
        place, symbol = found[0]
        return Matched(frame, Mapped.NAMED, place, 0, symbol, "The trace gives no file; found by its name.")

    def _source(self, place: Place) -> SourceFile | None:
        return self._sources.file(place.path) if place.current else None

    def _definitions_of(self, place: Place) -> list[FoundSymbol]:
        known = self._definitions.get(place.path_id)
        if known is None:
            known = self._definitions[place.path_id] = definitions_in(self._reader, place.path_id)
        return known


def _local(name: str, source: SourceFile) -> int:
    """Return the line of a function that has this name but is no definition of its own; 0 for none."""
    head = re.compile(rf"\b(?:function\*?|def|fn|func|fun|sub)\s+{re.escape(name)}\b")
    hits = [number for number, line in enumerate(source.lines, start=1) if head.search(line)]
    return hits[0] if len(hits) == 1 else 0
