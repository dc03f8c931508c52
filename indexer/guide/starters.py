"""Questions to start with, made from a repository's own names, that this very engine answers well."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.pages import Starter

MOST: Final = 8


@dataclass(frozen=True, slots=True)
class _Name:
    name: str
    parent: str
    kind: str
    path: str
    lines: int
    doc: str
    uses: int

    @property
    def qualified(self) -> str:
        return f"{self.parent}.{self.name}" if self.parent else self.name


def starters(reader: sqlite3.Connection, files: Sequence[tuple[int, str, int]]) -> tuple[Starter, ...]:
    """Return up to MOST questions of different kinds. ``files`` are (path id, path, blob id), the
    most important first.
    """
    if not files:
        return ()
    names = _names(reader, files)
    classes = [
        each for each in names if each.kind in ("class", "struct", "interface", "trait", "type", "program")
    ]
    calls = [each for each in names if each.kind in ("function", "method", "program", "paragraph")]
    taken: set[str] = set()

    def pick(chosen: Sequence[_Name]) -> str | None:
        found = next((each for each in chosen if each.name not in taken and each.path not in taken), None)
        if found is None:
            found = next((each for each in chosen if each.name not in taken), None)
        if found is None:
            return None
        taken.update((found.name, found.path))
        return found.qualified

    paths = [path for _, path, _ in files]
    documented = [each for each in calls if each.doc and each.lines >= 8]
    out: list[Starter] = []

    def add(kind: str, wording: str, name: str | None) -> None:
        if name is not None:
            out.append(Starter(kind, wording.format(name)))

    add("how", "How does {} work?", pick(documented or calls))
    add("where", "Where is {} defined?", pick(classes or calls))
    add("what", "What does {} do?", pick([each for each in classes if each.doc] or classes or calls))
    if _has_tests(reader):
        out.append(Starter("run", "How do I run the tests?"))
    add("change", "What breaks if I change {}?", pick(sorted(calls, key=lambda each: -each.uses)))
    add("who", "Who knows {}?", paths[0])
    add("which", "Which files use {}?", pick(sorted(classes, key=lambda each: -each.uses)))
    add("change", "What changed last in {}?", paths[1] if len(paths) > 1 else None)
    return tuple(out[:MOST])


def _names(reader: sqlite3.Connection, files: Sequence[tuple[int, str, int]]) -> list[_Name]:
    """Return public definitions of the files, those of important files that much is said of first."""
    places = {blob: (at, path) for at, (_, path, blob) in reversed(list(enumerate(files)))}
    rows = reader.execute(
        "SELECT blob_id, name, parent, kind, end_line - start_line + 1, doc FROM symbol"
        " WHERE blob_id IN (SELECT value FROM json_each(?)) AND name NOT LIKE '\\_%' ESCAPE '\\'"
        " AND parent NOT LIKE '%.%' AND parent NOT LIKE '\\_%' ESCAPE '\\' AND length(name) > 3"
        " AND kind IN ('class', 'struct', 'interface', 'trait', 'function', 'method', 'program',"
        " 'paragraph')",
        (json.dumps(list(places)),),
    ).fetchall()
    uses = dict(
        reader.execute(
            "SELECT name, count(*) FROM reference WHERE name IN (SELECT value FROM json_each(?))"
            " GROUP BY name",
            (json.dumps(sorted({row[1] for row in rows})),),
        ).fetchall()
    )
    defined: dict[str, int] = {}
    for row in rows:
        defined[row[1]] = defined.get(row[1], 0) + 1
    found = [
        (places[blob][0], _Name(name, parent, kind, places[blob][1], lines, doc, uses.get(name, 0)))
        for blob, name, parent, kind, lines, doc in rows
        if defined[name] == 1
    ]
    found.sort(key=lambda each: (each[0] - 2 * bool(each[1].doc) - each[1].uses ** 0.5, each[1].name))
    return [name for _, name in found]


def _has_tests(reader: sqlite3.Connection) -> bool:
    return reader.execute("SELECT 1 FROM entry WHERE marks & 1 LIMIT 1").fetchone() is not None
