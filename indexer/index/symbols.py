"""Symbols and references as questions ask for them: definitions, callers, callees, neighbours.

Only current files are looked at. Names are matched without regard to case, since COBOL, SQL and a
person's question have none; an exact match comes first.
"""

# ruff: noqa: S608 - queries are put together from constants of this file alone

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from indexer.index.calls import Meaning
from indexer.index.standard import is_standard
from indexer.types import FileMark, ReferenceKind, SymbolKind

FETCHED = 2_000
"""Rows of one name that are ranked; a name with more (``get``) tells nothing anyway."""

_LAST_PART = re.compile(r"(?:::|->|[.#/\\])(?=[^.#/\\:]++$)")
_MINOR = FileMark.TEST | FileMark.EXAMPLE | FileMark.GENERATED | FileMark.VENDORED | FileMark.STUB
TYPES = frozenset(
    (SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.TRAIT, SymbolKind.TYPE)
)
# Thousands of rows are read for one question; an enumeration is slow to look a value up by itself.
_KINDS = {each.value: each for each in SymbolKind}
_mark = lru_cache(maxsize=None)(FileMark)

_LESSER = frozenset((SymbolKind.FIELD, SymbolKind.VARIABLE, SymbolKind.KEY, SymbolKind.HEADING))
_CALLED = ("call", "execute", "inherit", "type", "use")

_SYMBOL_COLUMNS = (
    "e.path_id, p.shown, s.blob_id, s.name, s.kind, s.parent, s.start_line, s.end_line, s.name_line,"
    " s.signature, s.doc, e.rank, e.marks"
)
_REFERENCE_COLUMNS = "e.path_id, p.shown, r.blob_id, r.name, r.kind, r.line, r.inside, e.rank, e.marks"
_OF_CURRENT = "JOIN path p ON p.id = e.path_id"


@dataclass(frozen=True, slots=True)
class FoundSymbol:
    """A definition in a current file. ``path`` is shown text; ``rank`` is that of its file."""

    path_id: int
    path: str
    blob_id: int
    name: str
    kind: SymbolKind
    parent: str
    start_line: int
    end_line: int
    name_line: int
    signature: str
    doc: str
    rank: float
    marks: FileMark

    @property
    def qualified(self) -> str:
        """``parent.name``, as types.Symbol has it."""
        return f"{self.parent}.{self.name}" if self.parent else self.name


@dataclass(frozen=True, slots=True)
class FoundReference:
    """A use of a name in a current file; ``inside`` is the qualified symbol that holds it."""

    path_id: int
    path: str
    blob_id: int
    name: str
    kind: ReferenceKind
    line: int
    inside: str
    rank: float
    marks: FileMark


@dataclass(frozen=True, slots=True)
class Callee:
    """A name used in a span, and the definition that it can only mean (None: not here, or open)."""

    name: str
    kind: ReferenceKind
    line: int
    symbol: FoundSymbol | None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A file linked with another by an import, a copy or a job step at ``line`` of the one that names."""

    path_id: int
    path: str
    line: int
    kind: ReferenceKind
    rank: float


def find_symbols(reader: sqlite3.Connection, name: str, limit: int = 20) -> list[FoundSymbol]:
    """Return definitions of a name, likeliest first.

    ``name`` may be qualified (``Session.get``, ``a::b``, ``A#b``) and may end in ``()``.
    """
    parts = _LAST_PART.split(name.strip().removesuffix("()").strip())
    found = _named(reader, name.strip()) if len(parts) > 1 else []
    parent = _plain(parts[0]) if len(parts) > 1 else ""
    for symbol in _named(reader, parts[-1]):
        if not parent or _is_parent(symbol, parent):
            found.append(symbol)
    found.sort(key=lambda each: _order(each, parts[-1]))
    return found[:limit]


def symbols_where(
    reader: sqlite3.Connection, condition: str, values: Sequence[Any] = (), limit: int = 20_000
) -> list[FoundSymbol]:
    """Return the definitions of current files that satisfy a condition on the tables symbol (s), entry (e)
    and path (p), those of the most used files first. The condition is code's own, the ``values`` anybody's.
    """
    rows = reader.execute(
        f"SELECT DISTINCT {_SYMBOL_COLUMNS} FROM symbol s JOIN entry e ON e.blob_id = s.blob_id {_OF_CURRENT}"
        f" WHERE {condition} ORDER BY e.rank DESC, p.shown, s.start_line LIMIT ?",
        (*values, limit),
    )
    return [_symbol(row) for row in rows]


def definitions_in(reader: sqlite3.Connection, path_id: int) -> list[FoundSymbol]:
    """Return what a current file defines, in the order of its lines."""
    rows = reader.execute(
        f"SELECT {_SYMBOL_COLUMNS} FROM entry e {_OF_CURRENT} JOIN symbol s ON s.blob_id = e.blob_id"
        " WHERE e.path_id = ? ORDER BY s.start_line, s.end_line DESC",
        (path_id,),
    )
    return [_symbol(row) for row in rows]


def bases(reader: sqlite3.Connection, kind: FoundSymbol) -> list[str]:
    """Return the names of what a type is built on, as they are written at its head."""
    rows = reader.execute(
        "SELECT name FROM reference WHERE blob_id = ? AND kind = 'inherit' AND line BETWEEN ? AND ?",
        (kind.blob_id, kind.start_line, kind.name_line + 3),
    ).fetchall()
    return [str(name).rpartition(".")[2] for (name,) in rows]


def symbol_at(reader: sqlite3.Connection, path_id: int, line: int) -> FoundSymbol | None:
    """Return the innermost definition around a line, or None."""
    return innermost(definitions_in(reader, path_id), line)


def innermost(definitions: Sequence[FoundSymbol], line: int) -> FoundSymbol | None:
    """Return the innermost of a file's definitions around a line, or None."""
    around = [each for each in definitions if each.start_line <= line <= each.end_line]
    return min(around, key=lambda each: each.end_line - each.start_line, default=None)


def references_to(
    reader: sqlite3.Connection, name: str, limit: int = 50, kinds: Sequence[ReferenceKind] = ()
) -> list[FoundReference]:
    """Return uses of a name (its last part), code before tests, much-used files first."""
    last = _LAST_PART.split(name.strip().removesuffix("()"))[-1]
    names = dict.fromkeys((name.strip(), last))
    found: list[FoundReference] = []
    for each in names:
        rows = reader.execute(
            f"SELECT {_REFERENCE_COLUMNS} FROM reference r JOIN entry e ON e.blob_id = r.blob_id"
            f" {_OF_CURRENT} WHERE r.name = ? LIMIT ?",
            (each, FETCHED),
        )
        found += [_reference(row) for row in rows]
    if kinds:
        found = [each for each in found if each.kind in kinds]
    found.sort(key=lambda each: (each.name != last, *_use_order(each)))
    return found[:limit]


def callers(reader: sqlite3.Connection, symbol: FoundSymbol, limit: int = 50) -> list[FoundReference]:
    """Return uses of a symbol: in its own file, then in files that import it, then elsewhere.

    Uses elsewhere are left out when the name has several definitions, or is one that every library
    has, since they may mean another.
    """
    rows = reader.execute(
        f"SELECT {_REFERENCE_COLUMNS} FROM reference r JOIN entry e ON e.blob_id = r.blob_id {_OF_CURRENT}"
        f" WHERE r.name = ? AND r.kind IN {_CALLED!r} LIMIT ?",
        (symbol.name, FETCHED),
    )
    importing = {each.path_id for each in imported_by(reader, symbol.path_id, FETCHED)}
    bearers = [each for each in _named(reader, symbol.name) if each.kind not in _LESSER]
    alone = len(bearers) <= 1 and not is_standard(symbol.name)
    found: list[tuple[int, FoundReference]] = []
    for reference in map(_reference, rows):
        own = reference.path_id == symbol.path_id
        if own and reference.inside == symbol.qualified:
            continue
        nearness = 0 if own else 1 if reference.path_id in importing else 2
        if nearness < 2 or alone:
            found.append((nearness, reference))
    found.sort(key=lambda each: (bool(each[1].marks & _MINOR), each[0], *_use_order(each[1])))
    return [reference for _, reference in found[:limit]]


def callees(reader: sqlite3.Connection, blob_id: int, start: int, end: int, limit: int = 50) -> list[Callee]:
    """Return what the lines of a content use, in order, each with what it can only mean."""
    rows = reader.execute(
        "SELECT name, kind, line FROM reference WHERE blob_id = ? AND line BETWEEN ? AND ?"
        " ORDER BY line, rowid",
        (blob_id, start, end),
    ).fetchall()
    meaning = Meaning(reader, blob_id, start, end)
    found: list[Callee] = []
    seen: set[tuple[str, str]] = set()
    for name, kind, line in rows:
        if (name, kind) in seen or len(found) >= limit:
            continue
        seen.add((name, kind))
        found.append(Callee(name, ReferenceKind(kind), line, _meant(reader, meaning, name, kind, line)))
    return found


def imports_of(reader: sqlite3.Connection, path_id: int, limit: int = 100) -> list[Neighbour]:
    """Return the files that a file takes in, in the order of its lines."""
    return _neighbours(reader, "g.to_path", "g.from_path = ?", "g.line", path_id, limit)


def imported_by(reader: sqlite3.Connection, path_id: int, limit: int = 100) -> list[Neighbour]:
    """Return the files that take a file in, most-used first."""
    return _neighbours(reader, "g.from_path", "g.to_path = ?", "e.rank DESC, p.shown", path_id, limit)


def _neighbours(
    reader: sqlite3.Connection, end: str, where: str, order: str, path_id: int, limit: int
) -> list[Neighbour]:
    rows = reader.execute(
        f"SELECT e.path_id, p.shown, g.line, g.kind, e.rank FROM edge g JOIN entry e ON e.path_id = {end}"
        f" {_OF_CURRENT} WHERE {where} ORDER BY {order} LIMIT ?",
        (path_id, limit),
    )
    return [Neighbour(row[0], row[1], row[2], ReferenceKind(row[3]), row[4]) for row in rows]


def _named(reader: sqlite3.Connection, name: str) -> list[FoundSymbol]:
    rows = reader.execute(
        f"SELECT {_SYMBOL_COLUMNS} FROM symbol s JOIN entry e ON e.blob_id = s.blob_id {_OF_CURRENT}"
        " WHERE s.name = ? LIMIT ?",
        (name, FETCHED),
    )
    return [_symbol(row) for row in rows]


def _meant(
    reader: sqlite3.Connection, meaning: Meaning, name: str, kind: str, line: int
) -> FoundSymbol | None:
    """Return the definition that a use can only mean; None when it is not here, or stays open."""
    last = _LAST_PART.split(name)[-1]
    bearers = [each for each in _named(reader, last) if each.name == last or each.name.isupper()]
    if not bearers:
        return None
    called = kind == ReferenceKind.CALL
    found = meaning.candidates(last, line, bearers) if called else meaning.near(last, bearers)
    return min(found, key=lambda each: _order(each, last), default=None)


def _plain(parent: str) -> str:
    return re.sub(r"::|->|[#/\\]", ".", parent).lower()


def _is_parent(symbol: FoundSymbol, parent: str) -> bool:
    """Say whether a symbol stands in what a person wrote before its name: a class, module or file."""
    own = symbol.parent.lower()
    stem = symbol.path.rpartition("/")[2].partition(".")[0].lower()
    return own == parent or own.endswith("." + parent) or stem == parent.rpartition(".")[2]


def _use_order(each: FoundReference) -> tuple[bool, float, str, int]:
    return bool(each.marks & _MINOR), -each.rank, each.path, each.line


def _order(symbol: FoundSymbol, name: str) -> tuple[bool, bool, bool, float, int, str, int]:
    return (
        symbol.name != name,
        bool(symbol.marks & _MINOR),
        symbol.kind in _LESSER,
        -symbol.rank,
        symbol.parent.count("."),
        symbol.path,
        symbol.start_line,
    )


def _symbol(row: tuple[Any, ...]) -> FoundSymbol:
    path_id, path, blob_id, name, kind, *place, rank, marks = row
    parent, start, end, name_line, signature, doc = place
    return FoundSymbol(
        path_id, path, blob_id, name, _KINDS[kind], parent, start, end, name_line, signature, doc,
        rank, _mark(marks),
    )  # fmt: skip


def _reference(row: tuple[Any, ...]) -> FoundReference:
    path_id, path, blob_id, name, kind, line, inside, rank, marks = row
    kind_of = ReferenceKind(kind)
    return FoundReference(path_id, path, blob_id, name, kind_of, line, inside, rank, _mark(marks))
