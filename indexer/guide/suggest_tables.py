"""All that is searched while somebody types, read from the catalog at once, the best rows first."""

from __future__ import annotations

import re
import sqlite3
import time
from dataclasses import dataclass
from typing import Final

from indexer.guide.lines_table import LinesTable
from indexer.index.catalog import get_meta, indexed_state
from indexer.types import FileMark

MOST_SYMBOLS: Final = 400_000

MOST_COMMITS: Final = 200_000

REBUILD_SHARE: Final = 20
"""While a job changes the index, its names are read anew for a twentieth of the time at most."""

_MINOR: Final = FileMark.TEST | FileMark.EXAMPLE | FileMark.GENERATED | FileMark.VENDORED | FileMark.STUB

_LESSER: Final = frozenset(("field", "variable", "key", "property", "constant"))

_TYPES: Final = frozenset(
    ("class", "interface", "struct", "trait", "type", "enum", "program", "job", "table")
)


@dataclass(frozen=True, slots=True)
class NameRow:
    """A definition, or a heading of a document; ``line`` is where its name stands."""

    name: str
    parent: str
    kind: str
    path_id: int
    path: str
    line: int
    end_line: int

    @property
    def qualified(self) -> str:
        """``parent.name``, as types.Symbol has it."""
        return f"{self.parent}.{self.name}" if self.parent else self.name


@dataclass(frozen=True, slots=True)
class FileRow:
    """A current file."""

    path_id: int
    path: str
    language: str


@dataclass(frozen=True, slots=True)
class CommitRow:
    """A commit of HEAD's ancestry."""

    id: int
    oid: str
    subject: str
    author: str
    authored: int


@dataclass(frozen=True, slots=True)
class Tables:
    """All that is searched while somebody types; ``state`` names the state of the catalog."""

    state: tuple[object, ...]
    built: float
    seconds: float
    names: LinesTable[NameRow]
    headings: LinesTable[NameRow]
    files: LinesTable[FileRow]
    commits: LinesTable[CommitRow]


def state_of(reader: sqlite3.Connection) -> tuple[object, ...]:
    """Return what changes whenever names, files or commits do, without counting any."""
    newest = reader.execute(
        "SELECT (SELECT max(id) FROM symbol), (SELECT max(id) FROM commits), (SELECT max(path_id) FROM entry)"
    ).fetchone()
    return (*indexed_state(reader), get_meta(reader, "words_complete"), *newest)


def is_young(tables: Tables) -> bool:
    """Say whether reading the names anew so soon would cost a job too much."""
    return time.monotonic() - tables.built < tables.seconds * REBUILD_SHARE


def build(reader: sqlite3.Connection, state: tuple[object, ...]) -> Tables:
    """Read everything, some .1 s for a repository of 15,000 definitions and as many commits."""
    began = time.monotonic()
    weighed: list[tuple[float, NameRow]] = []
    headings: list[tuple[float, NameRow]] = []
    found = reader.execute(_SYMBOLS, (MOST_SYMBOLS,)).fetchall()
    rows = [(NameRow(*each[:7]), each[7], each[8]) for each in found]
    callables = {(row.path_id, row.qualified) for row, _, _ in rows if row.kind in ("function", "method")}
    for row, rank, marks in rows:
        if row.kind == "heading":
            headings.append((_depth(row), row))
        elif row.kind not in ("key", "rule"):
            local = (row.path_id, row.parent) in callables
            weighed.append((_weight(row, rank, marks, local), row))
    weighed.sort(key=lambda each: (-each[0], len(each[1].name), each[1].path, each[1].line))
    headings.sort(key=lambda each: (each[0], each[1].path, each[1].line))
    files = [FileRow(*row) for row in reader.execute(_FILES, (int(_MINOR),))]
    commits = [CommitRow(*row) for row in reader.execute(_COMMITS, (MOST_COMMITS,))]
    now = time.monotonic()
    return Tables(
        state,
        now,
        now - began,
        LinesTable([row for _, row in weighed], lambda row: row.name),
        LinesTable([row for _, row in headings], lambda row: row.name),
        LinesTable(files, lambda row: row.path),
        LinesTable(commits, lambda row: row.subject),
    )


def _weight(row: NameRow, rank: float, marks: int, local: bool) -> float:
    return (
        rank
        - 0.7 * local
        + 0.3 * (row.kind in _TYPES)
        - 1.0 * bool(marks & _MINOR)
        - 0.5 * (row.kind in _LESSER)
        - 0.2 * row.name.startswith("_")
        - 0.05 * row.parent.count(".")
    )


def _depth(row: NameRow) -> float:
    """Return how deep a heading lies; those of the past, and of the tools around, lie deeper."""
    aside = _ASIDE.search(row.path) is not None
    return row.parent.count(" > ") + bool(row.parent) + row.path.count("/") / 4 + 3 * aside


_ASIDE: Final = re.compile(
    r"(?:^|/)(?:\.[^/]+/|change(?:s|log)|history|news|release|what'?s-?new|requirements|examples?/)", re.I
)
_SYMBOLS: Final = (
    "SELECT name, parent, kind, entry.path_id, shown, name_line, end_line, rank, marks FROM symbol"
    " JOIN entry ON entry.blob_id = symbol.blob_id JOIN path ON path.id = entry.path_id LIMIT ?"
)
_FILES: Final = (
    "SELECT path_id, shown, coalesce(language, '') FROM entry JOIN path ON path.id = path_id"
    " LEFT JOIN blob ON blob.id = blob_id WHERE mode != 57344"
    " ORDER BY entry.marks & ? != 0, rank DESC, length(shown), shown"
)
_COMMITS: Final = (
    "SELECT commits.id, oid, subject, name, authored FROM commits JOIN person ON person.id = person_id"
    " WHERE reachable = 1 ORDER BY sequence DESC LIMIT ?"
)
