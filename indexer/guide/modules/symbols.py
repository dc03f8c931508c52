"""The definitions that a reason can be asked for, with how often each is rewritten and named."""

from __future__ import annotations

import math
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.inquiry import MINOR
from indexer.guide.modules.tree import TreeFile
from indexer.repo.languages import kind_of
from indexer.types import ChunkKind

COUNTED: Final = frozenset(
    (
        "class", "interface", "struct", "enum", "trait", "function", "method", "property", "type", "macro",
        "program", "paragraph", "section", "job", "table", "constant",
    )
)  # fmt: skip
"""Kinds of definitions that somebody decided on; fields and local names come with them."""

HOLDERS: Final = frozenset(("class", "interface", "struct", "enum", "trait", "program", "module"))
"""Kinds that hold others: of such a one only what stands before the first of them is its own."""

_NOT_IN: Final[Mapping[str, frozenset[str]]] = {"cobol": frozenset(("constant", "struct", "property"))}
_MARKUP: Final = frozenset(
    ("html", "xml", "css", "scss", "less", "yaml", "json", "toml", "ini", "properties", "maven", "dockerfile")
)
_PAST: Final = re.compile(r"(?:^|/)(?:migrations|migrate|versions)/[^/]*\d")
"""Migrations tell what was; nobody asks for their reasons."""

_CALLED: Final = ("call", "execute", "inherit", "type", "use", "copy")


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition of a current file. Its own lines end where the first definition in it begins."""

    name: str
    kind: str
    parent: str
    start: int
    end: int
    name_line: int
    own_end: int

    @property
    def qualified(self) -> str:
        """``parent.name``."""
        return f"{self.parent}.{self.name}" if self.parent else self.name


def asks_for_reasons(file: TreeFile) -> bool:
    """Say whether the definitions of a file are counted: code of the system itself."""
    return (
        file.is_code
        and not file.marks & MINOR
        and file.language not in _MARKUP
        and not _PAST.search(file.path)
        and file.blob_id is not None
        and kind_of(file.language) is ChunkKind.CODE
    )


def definitions(reader: sqlite3.Connection, files: Iterable[TreeFile]) -> dict[int, tuple[Definition, ...]]:
    """Return the counted definitions of each content (by its id), in the order of their lines."""
    languages = {file.blob_id: file.language for file in files if asks_for_reasons(file)}
    found: dict[int, list[tuple[str, str, str, int, int, int]]] = defaultdict(list)
    rows = reader.execute(
        "SELECT blob_id, name, kind, parent, start_line, end_line, name_line FROM symbol"  # noqa: S608 - marks
        f" WHERE kind IN ({','.join('?' * len(COUNTED))})"
        " ORDER BY blob_id, start_line, end_line DESC",
        sorted(COUNTED),
    )
    for blob_id, *row in rows:
        language = languages.get(blob_id)
        if language is not None and row[1] not in _NOT_IN.get(language, ()):
            found[blob_id].append((row[0], row[1], row[2], row[3], row[4], row[5]))
    return {blob_id: tuple(_with_own_lines(each)) for blob_id, each in found.items()}


def uses(reader: sqlite3.Connection) -> Counter[str]:
    """Return how often current files name each name (calls, types, base classes), tests included."""
    found: Counter[str] = Counter()
    rows = reader.execute(
        "SELECT r.name COLLATE BINARY, count(*) FROM reference r JOIN entry e ON e.blob_id = r.blob_id"  # noqa: S608
        f" WHERE r.kind IN {_CALLED!r} GROUP BY 1"
    )
    for name, number in rows:
        last = name.rpartition(".")[2].rpartition("::")[2]
        found[last] += number
    return found


def weight(changes: int, used: float) -> float:
    """Return how much it matters that a definition has a reason: it grows with how often it was rewritten,
    and, slower, with how often it is used.
    """
    return (1 + changes) * (1 + math.log2(1 + used))


def _with_own_lines(rows: Sequence[tuple[str, str, str, int, int, int]]) -> Iterable[Definition]:
    for at, (name, kind, parent, start, end, name_line) in enumerate(rows):
        own_end = end
        if kind in HOLDERS:
            inner = next((each[3] for each in rows[at + 1 :] if start < each[3] <= end), None)
            if inner is not None:
                own_end = max(inner - 1, name_line)
        yield Definition(name, kind, parent, start, end, name_line, own_end)
