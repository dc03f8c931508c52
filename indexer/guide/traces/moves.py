"""Where a function went that is not in its file any more: with its type, to a base of it, or by history."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

from indexer.answer.citations import Sources
from indexer.guide.traces.bodies import OTHER_NAME, SAME_NAME, taken_over
from indexer.guide.traces.book import Book, Place
from indexer.guide.traces.fitting import defines, telling
from indexer.guide.traces.lines import TYPES, made_up
from indexer.guide.traces.model import RawFrame
from indexer.guide.traces.past import Past
from indexer.index.symbols import FoundSymbol, find_symbols
from indexer.shapes.traces import TraceForm
from indexer.types import FileMark, SymbolKind

LEVELS: Final = 5
"""Bases above bases that are looked into."""

FETCHED: Final = 300
COMPARED: Final = 80
"""Definitions of one name whose lines are compared with those of one that is no more."""

MOST: Final = 12
"""Files of which history is asked whether they took a function over."""

_CALLED: Final = frozenset((SymbolKind.FUNCTION, SymbolKind.METHOD))

Went = tuple[Place, FoundSymbol, str]
"""Where a function is now, and what is told of it."""


class Moves:
    """Finds functions in other files than the one that a frame names."""

    def __init__(self, reader: sqlite3.Connection, book: Book, sources: Sources, past: Past) -> None:
        self._reader = reader
        self._book = book
        self._sources = sources
        self._past = past
        self._definitions = past.defined

    def of(self, frame: RawFrame, place: Place) -> Went | None:
        """Return the one definition that a frame means outside of its file; None where it is not clear."""
        if not telling(frame) and not frame.name.isidentifier():
            return None
        types = self._types(frame, place)
        alike = self._alike(frame, place)
        return (
            self._with_type(frame, place, types, alike)
            or self._in_base(frame, place, types, alike)
            or self._by_history(frame, place, types, alike)
        )

    def of_name(self, frame: RawFrame, gone: Place) -> Went | None:
        """Return the one definition of a name that somebody made up, where its file is gone."""
        if not made_up(frame.name):
            return None
        last = _last(frame.owner)
        found = [
            each
            for each in self._alike(frame, gone)
            if each.end_line > each.start_line and (not last or last in each.parent.split("."))
        ]
        place = self._place(found)
        note = f"{gone.path} is gone; `{frame.name}` is defined in {{}} alone now."
        return (place, _last_of(found), note.format(place.path)) if place is not None else None

    def by_body(self, frame: RawFrame, place: Place, homes: Sequence[Place] = ()) -> Went | None:
        """Return the definition that has taken over the lines of a function which is no more: of its name
        anywhere, or of another name in ``homes``, the file of now that its file became, or all of its type.
        """
        old, text = self._past.lost(place, frame) if frame.name.isidentifier() else ([], [])
        if not old:
            return None
        found = _without_tests([each for each in self._alike(frame, place) if each.kind not in TYPES], place)
        found = [each for each in found[:COMPARED] if each.end_line > each.start_line]
        here = [each for home in homes for each in self._definitions(home)]
        found += [
            each
            for each in here
            if each.kind in _CALLED and each.end_line > each.start_line and not defines(text, each.name)
        ]
        bodies = [
            (self._lines_of(each), SAME_NAME if each.name == frame.name else OTHER_NAME) for each in found
        ]
        at, share = taken_over(old, bodies)
        target = self._book.paths.get(found[at].path) if at >= 0 else None
        if target is None:
            return None
        note = (
            f"`{frame.name}` is not in {place.path} any more; `{found[at].qualified}` in {target.path} has "
            f"{share:.0%} of its lines."
        )
        return target, found[at], note

    def by_name(self, frame: RawFrame, place: Place) -> Went | None:
        """Return the definition that a function is since a commit gave it another name, or another file."""
        found = self._past.successor(place, frame.name, self._book) if frame.name.isidentifier() else None
        alike = [
            each
            for each in (self._definitions(found.place) if found is not None else ())
            if found is not None and each.name == found.name and each.kind not in TYPES
        ]
        if found is None or len({each.qualified for each in alike}) != 1:
            return None
        where = "" if found.place is place else f" in {found.place.path}"
        note = (
            f"`{frame.name}` is called `{found.name}`{where} since commit {found.commit[:10]}, which has "
            f"{found.share:.0%} of its lines."
            if found.name != frame.name
            else f"`{frame.name}` is{where} since commit {found.commit[:10]}."
        )
        return found.place, alike[0], note

    def _lines_of(self, symbol: FoundSymbol) -> Sequence[str]:
        source = self._sources.file(symbol.path)
        return source.lines[symbol.start_line - 1 : symbol.end_line] if source is not None else ()

    def in_base(self, frame: RawFrame, place: Place) -> Went | None:
        """Return the method of a base of the type that a frame names, whose file is known."""
        return self._in_base(frame, place, {_last(frame.owner)}, self._alike(frame, place))

    def in_base_of_file(self, frame: RawFrame, place: Place) -> Went | None:
        """Return the method of a base of the one type of a file, whatever the type was called before."""
        types = {each.name for each in self._definitions(place) if each.kind in TYPES and not each.parent}
        return self._in_base(frame, place, types, self._alike(frame, place)) if len(types) == 1 else None

    def in_own_base(self, frame: RawFrame, place: Place, alike: Sequence[FoundSymbol]) -> Went | None:
        """Return which of several methods of a file is of a base of the type that a frame stood in."""
        types = self._types(frame, place)
        return self._in_base(frame, place, types, alike) if len(types) == 1 else None

    def left(self, frame: RawFrame, place: Place) -> bool:
        """Return whether the type that a frame stood in is not in its file any more."""
        types = self._types(frame, place)
        here = {each.name for each in self._definitions(place) if each.kind in TYPES}
        return bool(types) and not types & here

    # ---------------------------------------------------------------------------- private

    def _alike(self, frame: RawFrame, place: Place) -> list[FoundSymbol]:
        fold = frame.form in (TraceForm.PHP, TraceForm.DOTNET)
        wanted = frame.name.lower() if fold else frame.name
        ending = _endings(place.path)
        return [
            each
            for each in find_symbols(self._reader, frame.name, FETCHED)
            if (each.name.lower() if fold else each.name) == wanted
            and each.path.lower().endswith(ending)
            and each.path != place.path
        ]

    def _types(self, frame: RawFrame, place: Place) -> set[str]:
        if frame.owner:
            return {_last(frame.owner)}
        source = place if place.current else None
        return self._past.types_of(frame, source or place)

    def _place(self, found: Sequence[FoundSymbol]) -> Place | None:
        places = {each.path for each in found}
        qualified = {each.qualified for each in found}
        return self._book.paths.get(found[0].path) if len(places) == len(qualified) == 1 else None

    def _with_type(
        self, frame: RawFrame, place: Place, types: set[str], alike: Iterable[FoundSymbol]
    ) -> Went | None:
        """Return the method of a type that is in another file, or is spread over several of one folder."""
        found = [each for each in alike if _last(each.parent) in types]
        if frame.form is TraceForm.GO or len({each.path for each in found}) > 1:
            # A type of Go lies in one package, which is one folder.
            beside = [each for each in found if each.path.rpartition("/")[0] == "/".join(place.parts[:-1])]
            found = beside or ([] if frame.form is TraceForm.GO and not made_up(frame.name) else found)
        target = self._place(_without_tests(found, place))
        if target is None:
            return None
        found = _without_tests(found, place)
        type_name = _last(found[0].parent)
        here = place.current and any(
            each.name == type_name and each.kind in TYPES for each in self._definitions(place)
        )
        if not here and not made_up(type_name) and frame.form is not TraceForm.GO:
            return None
        if place.current and not here:
            note = f"`{type_name}` is not in {place.path} any more; it is in {target.path}."
        else:
            note = f"`{found[0].qualified}` is not in {place.path} any more; it is in {target.path}."
        return target, _last_of(found), note

    def _in_base(
        self, frame: RawFrame, place: Place, types: set[str], alike: Sequence[FoundSymbol]
    ) -> Went | None:
        """Return the method of a base of the type, where the type itself has it no more."""
        if not place.current or not alike:
            return None
        own = [each for each in self._definitions(place) if each.kind in TYPES and each.name in types]
        seen = set(types)
        told = _last(frame.owner) or min((each.name for each in own), default="")
        for _ in range(LEVELS):
            bases = {base for each in own for base in self._bases(each)} - seen
            if not bases:
                return None
            found = [each for each in alike if _last(each.parent) in bases]
            target = self._place(found)
            if target is not None:
                note = (
                    f"`{frame.name}` is not in `{told}` any more; it is in "
                    f"`{found[0].parent}`, which that is built on."
                )
                return target, _last_of(found), note
            if found:
                return None
            seen |= bases
            own = [
                each for base in bases for each in find_symbols(self._reader, base, 6) if each.kind in TYPES
            ]
        return None

    def _bases(self, symbol: FoundSymbol) -> set[str]:
        rows = self._reader.execute(
            "SELECT DISTINCT name FROM reference WHERE blob_id = ? AND kind = 'inherit'"
            " AND line BETWEEN ? AND ? AND (inside = ? OR line <= ?)",
            (symbol.blob_id, symbol.start_line, symbol.end_line, symbol.qualified, symbol.name_line + 3),
        ).fetchall()
        return {_last(str(name)) for (name,) in rows}

    def _by_history(
        self, frame: RawFrame, place: Place, types: set[str], alike: Sequence[FoundSymbol]
    ) -> Went | None:
        """Return the one definition in a file that the commit changed which took the name out of this one, be
        this one gone since or not.
        """
        if not alike:
            return None
        commits = self._past.dropped(place, frame.name)
        paths = {each.path for each in alike[:MOST]} if commits else set()
        gaining = {path for path in paths if self._past.gained(path, frame.name, commits)}
        found = _without_tests([each for each in alike if each.path in gaining], place)
        if not made_up(frame.name):
            # A plain word is in many files; it must be in a type of the name that it was in.
            found = [each for each in found if types and _last(each.parent) in types]
        target = self._place(found)
        if target is None:
            return None
        note = (
            f"`{frame.name}` was taken out of {place.path} by commit {commits[0][:10]}, which changed "
            f"{target.path}, where it is now."
        )
        return target, _last_of(found), note


def _last_of(found: Sequence[FoundSymbol]) -> FoundSymbol:
    """Return of definitions of one thing the first; in Python the last, which is the one that stays."""
    last = max(found, key=lambda each: each.start_line)
    return last if last.path.endswith(".py") else found[0]


def _without_tests(found: Sequence[FoundSymbol], place: Place) -> list[FoundSymbol]:
    return [each for each in found if place.marks & FileMark.TEST or not each.marks & FileMark.TEST]


def _endings(path: str) -> tuple[str, ...]:
    ending = path.rpartition(".")[2].lower()
    family = (
        ("java", "kt", "scala", "groovy"),
        ("js", "jsx", "ts", "tsx", "mjs", "cjs"),
        ("c", "cc", "cpp", "cxx", "h", "hpp", "hh", "hxx"),
    )
    return tuple(f".{each}" for each in next((group for group in family if ending in group), (ending,)))


def _last(name: str) -> str:
    return name.rpartition(".")[2]
