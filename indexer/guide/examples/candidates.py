"""One thing to copy from, and what is known of it: its text, what it is made from, when it was changed."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from indexer.guide.inventory.sheets import Sheet
from indexer.index.symbols import FoundSymbol
from indexer.types import Citation, SymbolKind

CONTAINERS: Final = (SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.TRAIT)
CALLABLE: Final = (SymbolKind.FUNCTION, SymbolKind.METHOD)
_MADE_FROM: Final = re.compile(
    r"\(([^()]*)\)|\bextends\s+([\w.<>, ]+)|(?<!:):(?!:)\s*([\w.<>, ]+)|\s<\s*([\w:]+)"
)

_TAKES_UP: Final = re.compile(r"\bimplements\s+([\w.<>, ]+)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One that exists: its span, and where it is declared elsewhere, if it is."""

    name: str
    path: str
    first: int
    last: int
    symbol: FoundSymbol | None
    declared: Citation | None = None


def bases_of(symbol: FoundSymbol) -> list[str]:
    """Return the names of what a type is made from, as its signature has them, without their modules."""
    return [each.rpartition(".")[2] for each in dotted_bases(symbol)]


def dotted_bases(symbol: FoundSymbol) -> list[str]:
    """Return the names of what a type is made from, with the modules that are written before them."""
    if symbol.kind not in CONTAINERS:
        return []
    found = _MADE_FROM.search(symbol.signature)
    # A type may take up an interface, or several, and be made from nothing else.
    named = [next(group for group in found.groups() if group is not None)] if found is not None else []
    named = [each.partition(" implements ")[0] for each in named] + _TAKES_UP.findall(symbol.signature)
    words = [
        re.split(r"[<\[(]", each.strip())[0] for part in named for each in part.split(",") if "=" not in each
    ]
    plain = [each.replace("::", ".").strip() for each in words]
    return [each for each in dict.fromkeys(plain) if re.match(r"^[\w.]+$", each)]


def last_changes(reader: sqlite3.Connection, paths: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Return when each file was last changed, and by which commit."""
    found: dict[str, tuple[int, str]] = {}
    for path in dict.fromkeys(paths):
        row = reader.execute(
            "SELECT c.authored, c.oid FROM path p JOIN change h ON h.path_id = p.id"
            " JOIN commits c ON c.id = h.commit_id WHERE p.shown = ? AND c.reachable = 1"
            " ORDER BY c.sequence DESC LIMIT 1",
            (path,),
        ).fetchone()
        if row is not None:
            found[path] = (row[0], row[1])
    return found


def first_changes(reader: sqlite3.Connection, paths: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Return when each file was added, and by which commit."""
    found: dict[str, tuple[int, str]] = {}
    for path in dict.fromkeys(paths):
        row = reader.execute(
            "SELECT c.authored, c.oid FROM path p JOIN change h ON h.path_id = p.id"
            " JOIN commits c ON c.id = h.commit_id WHERE p.shown = ? AND c.reachable = 1"
            " ORDER BY c.sequence LIMIT 1",
            (path,),
        ).fetchone()
        if row is not None:
            found[path] = (row[0], row[1])
    return found


def text_of(sheet: Sheet, candidate: Candidate) -> list[str]:
    """Return the lines of a candidate."""
    return list(sheet.lines[candidate.first - 1 : candidate.last])
