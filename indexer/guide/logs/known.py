"""All statements of a repository that write lines, as the index has its current files."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from indexer.guide.logs.calls import RULES, level_named
from indexer.guide.logs.statements import (
    NO_STATEMENTS,
    FileStatements,
    LogStatement,
    Wrapper,
    read_statements,
    wrapped_calls,
)
from indexer.shapes.logs import Level
from indexer.types import FileMark

MOST_KNOWN: Final = 300_000
"""Statements that are compared with a log; the rest is left out, and that is told."""

LEAST_HELD_WORDS: Final = 3
"""Words of a text that a constant holds, from which on it is likely to be a message."""

SHORTEST_WRAPPER: Final = 5
_NAMED_MESSAGE: Final = re.compile(r"(?i)(?:^|_)(?:log|msg|message)(?:_|$)")
_FAMILY: Final = {"typescript": "javascript", "tsx": "javascript", "cpp": "c", "objc": "c", "cuda": "c"}

_MINOR: Final = (
    FileMark.TEST | FileMark.EXAMPLE | FileMark.GENERATED | FileMark.VENDORED | FileMark.STUB
    | FileMark.DOCUMENTATION
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownStatement:
    """A statement at its path, as shown. ``minor``: in a test, an example, or code of others.

    ``held_at`` is where the text stands, when the statement takes it from a constant: path and line.
    """

    path: str
    statement: LogStatement
    minor: bool
    loggers: tuple[str, ...]
    held_at: tuple[str, int] | None = None
    through: tuple[str, int] | None = None
    """The logger's own call, where the statement calls a function of the repository that logs."""


def known_statements(reader: sqlite3.Connection) -> list[KnownStatement]:
    """Return every statement of the current files."""
    paths = _paths(reader)
    files = [
        _File(path, language, bool(flags & _MINOR), found)
        for blob_id, language, text in _texts(reader)
        if (found := read_statements(text, language)) is not NO_STATEMENTS
        for path, flags in paths[blob_id]
    ]
    files += _calls_from_elsewhere(reader, paths, files)
    constants: dict[str, list[tuple[str, LogStatement]]] = defaultdict(list)
    for file in files:
        for name, text in file.found.constants.items():
            constants[name].append((file.path, text))
    known: list[KnownStatement] = []
    used: set[tuple[str, int]] = set()
    for file in files:
        for statement in file.found.statements:
            made = _resolved(file, statement, constants)
            if made is not None:
                known.append(made)
                if made.held_at is not None:
                    used.add(made.held_at)
    for file in files:
        for name, text in file.found.constants.items():
            if (file.path, text.line) not in used and _is_message(name, text):
                known.append(KnownStatement(file.path, text, file.minor, file.found.loggers))
    return known[:MOST_KNOWN]


# ----------------------------------------------------------------------------------- private


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    language: str
    minor: bool
    found: FileStatements
    through: str = ""
    """The file whose functions its statements call, when it is another one."""


def _paths(reader: sqlite3.Connection) -> dict[int, list[tuple[str, int]]]:
    """Return the paths, as shown, and marks of each content that is read."""
    paths: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for blob_id, shown, flags in reader.execute(
        "SELECT e.blob_id, p.shown, e.marks FROM entry e JOIN path p ON p.id = e.path_id"
        " WHERE e.blob_id IS NOT NULL AND e.skipped = ''"
    ):
        paths[blob_id].append((shown, flags))
    return paths


def _texts(reader: sqlite3.Connection) -> Iterator[tuple[int, str, str]]:
    """Yield id, language and text of each current content that may log."""
    marks = ",".join("?" * len(RULES))
    rows = reader.execute(
        "SELECT b.id, b.language, c.start_line, c.text FROM blob b JOIN chunk c ON c.blob_id = b.id"  # noqa: S608
        f" WHERE b.language IN ({marks}) AND b.id IN (SELECT blob_id FROM entry WHERE skipped = '')"
        " ORDER BY b.id, c.start_line",
        tuple(RULES),
    )
    for (blob_id, language), chunks in groupby(rows, key=lambda row: (row[0], row[1])):
        yield blob_id, language, _text([(row[2], row[3]) for row in chunks])


def _calls_from_elsewhere(
    reader: sqlite3.Connection, paths: dict[int, list[tuple[str, int]]], files: Sequence[_File]
) -> Iterator[_File]:
    """Yield the calls of one file to functions of another that log what they are given."""
    owners: dict[str, list[tuple[_File, Wrapper]]] = defaultdict(list)
    for file in files:
        for wrapper in file.found.wrappers:
            if (
                len(wrapper.name) >= SHORTEST_WRAPPER
                and level_named(wrapper.name) is Level.NONE
                and not file.minor
            ):
                owners[wrapper.name].append((file, wrapper))
    sole = {name: found[0] for name, found in owners.items() if len(found) == 1}
    if not sole:
        return
    by_family: dict[str, list[tuple[_File, Wrapper]]] = defaultdict(list)
    for file, wrapper in sole.values():
        by_family[_FAMILY.get(file.language, file.language)].append((file, wrapper))
    for blob_id, language, text in _texts(reader):
        for file, wrapper in by_family.get(_FAMILY.get(language, language), ()):
            if wrapper.name not in text or any(path == file.path for path, _ in paths[blob_id]):
                continue
            calls = tuple(wrapped_calls(text, language, (wrapper,)))
            if calls:
                found = FileStatements(calls, {}, ())
                yield from (
                    _File(path, language, bool(flags & _MINOR), found, file.path)
                    for path, flags in paths[blob_id]
                )


def _resolved(
    file: _File, statement: LogStatement, constants: dict[str, list[tuple[str, LogStatement]]]
) -> KnownStatement | None:
    """Return a statement with its text, taken from a constant where it names one; None without."""
    through = (file.through or file.path, statement.through) if statement.through else None
    held = _held(statement.named, file, constants) if statement.named else None
    if held is None or (statement.texts and held[1].words < LEAST_HELD_WORDS - 1):
        # The name before the text was a level, a tag, a stream.
        own = KnownStatement(file.path, statement, file.minor, file.found.loggers, None, through)
        return own if statement.texts else None
    filled = replace(statement, texts=held[1].texts, starts=held[1].starts, ends=held[1].ends)
    return KnownStatement(file.path, filled, file.minor, file.found.loggers, (held[0], held[1].line), through)


def _text(chunks: Sequence[tuple[int, str]]) -> str:
    """Return a file's text put together from its chunks, each line at its number."""
    lines: list[str] = []
    for start, text in chunks:
        if start - 1 > len(lines):
            lines.extend([""] * (start - 1 - len(lines)))
        lines[start - 1 :] = text.split("\n")
    return "\n".join(lines)


def _held(
    name: str, file: _File, constants: dict[str, list[tuple[str, LogStatement]]]
) -> tuple[str, LogStatement] | None:
    """Return the text that a name stands for: in its own file, else the only one of that name."""
    own = file.found.constants.get(name)
    if own is not None:
        return file.path, own
    others = constants.get(name, ())
    return others[0] if len(others) == 1 else None


def _is_message(name: str, text: LogStatement) -> bool:
    """Whether a constant holds words for people, and not a path, a query or a dotted name."""
    words = [each for each in " ".join(text.texts).split() if each.strip(".,:;!?'\"()[]").isalpha()]
    return len(words) >= LEAST_HELD_WORDS or bool(words and _NAMED_MESSAGE.search(name))
