"""Where a name is defined and used, and what else speaks of a definition."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

from indexer.index import lexical
from indexer.index.catalog import Catalog
from indexer.index.passages import passages, path_id
from indexer.index.symbols import (
    FETCHED,
    FoundReference,
    FoundSymbol,
    callers,
    find_symbols,
    imported_by,
    references_to,
    symbol_at,
)
from indexer.pages import NamedPlace, NamePlaces, NameWanted, SpanWanted
from indexer.types import ChunkKind, shown_path

MOST_PLACES: Final = 500
MENTIONS: Final = 50
LONGEST_LINE: Final = 400
_DOCUMENTS: Final = 40
"""Passages of documents that are looked through for a name."""


class Names:
    """Reads symbols and references; callable from several threads."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def named(self, wanted: NameWanted) -> NamePlaces:
        """Return where a name is defined, nearest to the clicked file first, and where it is used."""
        limit = min(max(wanted.limit, 0), MOST_PLACES)
        name = wanted.name.strip()
        with self._catalog.snapshot() as reader:
            here = path_id(reader, wanted.path) if wanted.path else None
            definitions = find_symbols(reader, name, FETCHED)
            near = _near(reader, here)
            definitions.sort(key=lambda each: _distance(each.path_id, each.path, here, near, wanted.path))
            uses = [
                each for each in references_to(reader, name, FETCHED) if not _is_definition(each, definitions)
            ]
            uses.sort(key=lambda each: each.path_id != here)
            lines = _Lines(reader)
            return NamePlaces(
                name,
                tuple(_defined(lines, each) for each in definitions[:limit]),
                tuple(_used(lines, each) for each in uses[:limit]),
                len(uses),
            )

    def mentions(self, wanted: SpanWanted) -> NamePlaces:
        """Return what speaks of the definition around a span: code that uses it, documents that name
        it. Where there is no definition, the files that take this one in.
        """
        with self._catalog.snapshot() as reader:
            number = path_id(reader, wanted.path)
            if number is None:
                return NamePlaces("", (), (), 0, ("This file is not in the index.",))
            lines = _Lines(reader)
            symbol = symbol_at(reader, number, max(wanted.start_line, 1))
            if symbol is None:
                return _takers(reader, lines, number, wanted.path)
            used = [
                _used(lines, each)
                for each in callers(reader, symbol, FETCHED)
                if not (each.path_id == number and wanted.start_line <= each.line <= wanted.end_line)
            ]
            said = _documents(reader, symbol)
            known = {(each.path, each.line) for each in said}
            places = said + [each for each in used if (each.path, each.line) not in known]
            return NamePlaces(
                symbol.qualified, (_defined(lines, symbol),), tuple(places[:MENTIONS]), len(places)
            )


class _Lines:
    """Single lines of current contents, from the stored chunks, whose secrets are cut out."""

    def __init__(self, reader: sqlite3.Connection) -> None:
        self._reader = reader
        self._kept: dict[int, list[tuple[int, int, list[str]]]] = {}

    def line(self, blob_id: int, number: int) -> str:
        """Return a line, stripped and cut; empty when it is not kept."""
        pieces = self._kept.setdefault(blob_id, [])
        held = next((each for each in pieces if each[0] <= number <= each[1]), None)
        if held is None:
            row = self._reader.execute(
                "SELECT start_line, end_line, text FROM chunk"
                " WHERE blob_id = ? AND start_line <= ? AND end_line >= ? LIMIT 1",
                (blob_id, number, number),
            ).fetchone()
            if row is None:
                return ""
            held = (row[0], row[1], row[2].split("\n"))
            pieces.append(held)
        start, _, lines = held
        text: str = lines[number - start].strip() if number - start < len(lines) else ""
        return text if len(text) <= LONGEST_LINE else text[:LONGEST_LINE] + "…"


def _defined(lines: _Lines, symbol: FoundSymbol) -> NamedPlace:
    return NamedPlace(
        symbol.path,
        symbol.name_line,
        symbol.end_line,
        symbol.qualified,
        symbol.kind.value,
        lines.line(symbol.blob_id, symbol.name_line),
    )


def _used(lines: _Lines, each: FoundReference) -> NamedPlace:
    text = lines.line(each.blob_id, each.line)
    return NamedPlace(each.path, each.line, each.line, each.inside, each.kind.value, text)


def _is_definition(use: FoundReference, definitions: Iterable[FoundSymbol]) -> bool:
    return any(use.path_id == each.path_id and use.line == each.name_line for each in definitions)


def _near(reader: sqlite3.Connection, here: int | None) -> set[int]:
    """Return the files that a file takes in."""
    if here is None:
        return set()
    rows = reader.execute("SELECT to_path FROM edge WHERE from_path = ?", (here,))
    return {number for (number,) in rows}


def _distance(number: int, path: str, here: int | None, near: set[int], clicked: str) -> tuple[int, int]:
    """Order: the same file, one that it takes in, else by how many folders are shared."""
    if number == here:
        return 0, 0
    if number in near:
        return 1, 0
    ours, theirs = clicked.split("/")[:-1], path.split("/")[:-1]
    shared = next((at for at, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), None)
    return 2, -(min(len(ours), len(theirs)) if shared is None else shared)


def _takers(reader: sqlite3.Connection, lines: _Lines, number: int, path: str) -> NamePlaces:
    found = imported_by(reader, number, FETCHED)
    blobs = _blobs(reader, [each.path_id for each in found])
    places = [
        NamedPlace(
            each.path,
            each.line,
            each.line,
            "",
            each.kind.value,
            lines.line(blobs.get(each.path_id, 0), each.line),
        )
        for each in found
    ]
    return NamePlaces(shown_path(path), (), tuple(places[:MENTIONS]), len(places))


def _blobs(reader: sqlite3.Connection, path_ids: Sequence[int]) -> dict[int, int]:
    marks = ", ".join("?" * len(path_ids))
    rows = reader.execute(f"SELECT path_id, blob_id FROM entry WHERE path_id IN ({marks})", path_ids)  # noqa: S608
    return dict(rows.fetchall())


def _documents(reader: sqlite3.Connection, symbol: FoundSymbol) -> list[NamedPlace]:
    """Return lines of documents that hold the symbol's name as a word of its own."""
    hits = lexical.search(reader, ChunkKind.DOC, lexical.terms_of(symbol.name)[:1], _DOCUMENTS)
    found = passages(reader, [hit.passage_id for hit in hits])
    name = re.compile(rf"(?<!\w){re.escape(symbol.name)}(?!\w)")
    places: list[NamedPlace] = []
    for hit in hits:
        passage = found.get(hit.passage_id)
        if passage is None or passage.path is None:
            continue
        for offset, line in enumerate(passage.text.split("\n")):
            if name.search(line):
                at = passage.start_line + offset
                text = line.strip()[:LONGEST_LINE]
                places.append(NamedPlace(shown_path(passage.path), at, at, passage.symbol, "document", text))
                break
    return places
