"""Lays the frames of a trace on this repository: file, line and definition, or foreign."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from indexer.answer.citations import SourceFile, Sources
from indexer.guide.traces.book import Book, Place
from indexer.guide.traces.by_name import of_crate, of_program
from indexer.guide.traces.files import Candidate, candidates, common
from indexer.guide.traces.fitting import idle, telling
from indexer.guide.traces.lines import Spot, around, made_up, named, nearest, spot
from indexer.guide.traces.matched import Matched
from indexer.guide.traces.model import RawFrame
from indexer.guide.traces.past import Past
from indexer.guide.traces.roots import parts_of, place_in, root_of
from indexer.index.symbols import FoundSymbol, definitions_in, find_symbols
from indexer.shapes.traces import Mapped, TraceForm
from indexer.types import FileMark

HEAD_LINES: Final = 80
"""Within which a file names its package."""

_PACKAGE: Final = re.compile(r"^\s*(?:package|namespace)\s+([\w.]+)")


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
        elsewhere = None if candidate.compiled else self._went_with_type(frame, place, definitions)
        if elsewhere is not None:
            return elsewhere
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
        unlike = there and idle(source.lines[frame.line - 1], frame.form)
        if plain and not frame.code and (not there or unlike or self._past.is_older(frame, source.lines)):
            return self._unproven(frame, source, definitions)
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

    def _unproven(self, frame: RawFrame, source: SourceFile, definitions: Sequence[FoundSymbol]) -> Spot:
        """Return what is known of a line that nothing names and that is another one now."""
        place = self._book.paths.get(source.path)
        symbol = self._past.always(frame, place, source.lines, definitions) if place is not None else None
        if symbol is not None:
            note = f"Line {frame.line} was in this definition in every version that was looked into."
            return Spot(Mapped.NAMED, 0, symbol, note)
        return Spot(Mapped.FILE, 0, None, f"Where line {frame.line} of the trace stands now is not known.")

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
            # Of another name, made when this one was taken away: a plain word would stand in many such.
            if (
                (frame.name and (same or made_up(frame.name)) and named(definitions, frame))
                or self._has_line(source, frame)
                or (same and not frame.name.strip("<>"))
            ):
                moved = Candidate(place, sure=True, common=candidate.common)
                told = "has moved to" if same else "is no more; what the frame names is in"
                return self._placed(moved, source, frame, f"{gone.path} {told} {place.path}.")
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

    def below(self, others: Sequence[Matched]) -> list[Matched]:
        """Return the frames, those that were foreign laid on files of the folder that others prove ours."""
        root = root_of([each.frame for each in others], self._book, self._names)
        if root is None:
            return list(others)
        told: list[Matched] = []
        for each in others:
            place = None if each.own else place_in(root, parts_of(each.frame), self._book)
            told.append(each if place is None else self._below(place, each))
        return told

    def _below(self, place: Place, matched: Matched) -> Matched:
        candidate = Candidate(place, sure=True, common=len(place.parts))
        source = self._source(place) if place.current else None
        if source is not None:
            return self._placed(candidate, source, matched.frame)
        return self._moved_away(candidate, matched.frame) or matched

    def _names(self, place: Place, frame: RawFrame) -> bool:
        return bool(named(self._definitions_of(place), frame))

    def _went_with_type(
        self, frame: RawFrame, place: Place, definitions: Sequence[FoundSymbol]
    ) -> Matched | None:
        """Return a method whose type went to another file, where that is the only one of both names."""
        if not telling(frame) or named(definitions, frame):
            return None
        type_name = frame.owner.rpartition(".")[2] or self._past.type_of(frame, place)
        if not made_up(type_name) or any(each.name == type_name for each in definitions):
            return None
        ending = place.path.rpartition(".")[2]
        found = [
            each
            for each in find_symbols(self._reader, frame.name, 200)
            if each.name == frame.name
            and each.parent.rpartition(".")[2] == type_name
            and each.path.endswith(f".{ending}")
        ]
        went = self._book.paths.get(found[0].path) if len(found) == 1 else None
        if went is None:
            return None
        note = f"`{type_name}` is not in {place.path} any more; it is in {went.path}."
        return Matched(frame, Mapped.NAMED, went, 0, found[0], note)

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
            return of_crate(frame, self._reader, self._book, self._definitions_of)
        if frame.binary:
            return of_program(frame, self._reader, self._book)
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
