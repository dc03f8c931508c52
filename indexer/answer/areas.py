"""Which module a question speaks of: a folder or a file that is named as its words are."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from indexer.repo.words import stems
from indexer.types import FileMark

_MINOR: Final = (
    FileMark.TEST
    | FileMark.EXAMPLE
    | FileMark.GENERATED
    | FileMark.VENDORED
    | FileMark.DOCUMENTATION
    | FileMark.STUB
)

PARENT: Final = 0.5
"""What a word counts that stands in the name of a folder around it, against one in its own name (1)."""

_SHORT: Final = 4
"""Stems up to this length are looked for as a whole; of longer ones the end may be written otherwise."""


@dataclass(frozen=True, slots=True)
class Area:
    """A folder (without a slash at its end) or a file, with the terms of the question that name it."""

    path: str
    is_folder: bool
    held: frozenset[str]
    score: float

    def holds(self, path: str) -> bool:
        """Say whether a path is this one or stands beneath it."""
        return path == self.path or path.startswith(f"{self.path}/")


def areas_named(reader: sqlite3.Connection, terms: Collection[str], *, joined: bool = False) -> list[Area]:
    """Return the folders and files of code that these stems name, the likeliest first; no one within another.

    ``joined``: the words stand side by side ("offers and benefits"), so that a folder that holds both is
    meant, and not the file of one in the folder of the other.
    """
    wanted = frozenset(terms)
    found: dict[str, _Counted] = {}
    for path in _paths(reader, wanted):
        _count(path, wanted, found)
    areas = [
        Area(path, each.is_folder, each.own | each.around, len(each.own) + PARENT * len(each.around))
        for path, each in found.items()
    ]
    if joined:
        areas = [_spread(area, areas) for area in areas]
    areas.sort(key=lambda each: (-each.score, not each.is_folder, each.path.count("/"), each.path))
    out: list[Area] = []
    for area in areas:
        if not any(each.holds(area.path) or area.holds(each.path) for each in out):
            out.append(area)
    return out


@dataclass
class _Counted:
    is_folder: bool
    own: frozenset[str] = field(default_factory=frozenset)
    around: frozenset[str] = field(default_factory=frozenset)


def _paths(reader: sqlite3.Connection, terms: Iterable[str]) -> list[str]:
    """Return the current files of code of this repository's own whose path may hold one of the terms."""
    found: dict[str, None] = {}
    for term in terms:
        beginning = term if len(term) <= _SHORT else term[:-1]
        rows = reader.execute(
            "SELECT p.shown FROM path p JOIN entry e ON e.path_id = p.id WHERE instr(lower(p.shown), ?) > 0"
            " AND e.marks & ? = 0"
            " AND EXISTS (SELECT 1 FROM symbol s WHERE s.blob_id = e.blob_id AND s.kind != 'heading')",
            (beginning, int(_MINOR)),
        )
        found.update((path, None) for (path,) in rows.fetchall())
    return sorted(found)


def _count(path: str, terms: frozenset[str], found: dict[str, _Counted]) -> None:
    """Add each part of a path that is named as the question says."""
    parts = path.split("/")
    around: frozenset[str] = frozenset()
    for at, part in enumerate(parts):
        is_folder = at < len(parts) - 1
        words = stems(part if is_folder else part.partition(".")[0])
        # Of a name of several words the first is all of it, which a question in plain words never has.
        named = frozenset(words[1:] or words)
        own = named & terms
        # `basket_tags.py` is about its tags: only what has no other word in its name is meant by it.
        if own and named <= terms:
            found.setdefault("/".join(parts[: at + 1]), _Counted(is_folder, own, around - own))
        around |= own


def _spread(area: Area, areas: Iterable[Area]) -> Area:
    """Return a folder with the terms that name what stands in it."""
    if not area.is_folder:
        return area
    within = frozenset(
        term for each in areas if each is not area and area.holds(each.path) for term in each.held
    )
    return Area(area.path, True, area.held | within, area.score + len(within - area.held))
