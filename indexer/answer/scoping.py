"""Turn the scopes of a query into the files, commits and lines that may be found."""

from __future__ import annotations

import fnmatch
import sqlite3
from collections import defaultdict
from dataclasses import dataclass

from indexer.answer.scopes import Scopes
from indexer.index import candidates
from indexer.index.lexical import WordHit
from indexer.types import ChunkKind

_DEFINITIONS = 500


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is in scope, by the catalog's ids; None: everything."""

    paths: frozenset[int] | None = None
    commits: frozenset[int] | None = None
    spans: dict[int, tuple[tuple[int, int], ...]] | None = None
    """Lines of definitions, by path id, when a symbol is in scope."""

    def within(self, kind: ChunkKind) -> frozenset[int] | None:
        """Return the ids that hold for passages of ``kind``."""
        return self.commits if kind is ChunkKind.COMMIT else self.paths

    def holds(self, hit: WordHit) -> bool:
        """Return whether a passage of a file overlaps lines in scope."""
        if self.spans is None:
            return True
        return any(
            start <= hit.end_line and end >= hit.start_line for start, end in self.spans.get(hit.path_id, ())
        )


def allowed(reader: sqlite3.Connection, scopes: Scopes) -> Allowed:
    """Return what ``scopes`` let through."""
    if not scopes.narrow:
        return Allowed()
    paths: set[int] | None = None
    commits: set[int] | None = None
    spans: dict[int, tuple[tuple[int, int], ...]] | None = None
    if scopes.paths or scopes.languages:
        paths = {
            path_id
            for path_id, path, language in candidates.current_paths(reader)
            if (not scopes.paths or any(matches(path, asked) for asked in scopes.paths))
            and (not scopes.languages or language in scopes.languages)
        }
    if scopes.symbols:
        spans = _spans(reader, scopes.symbols)
        paths = spans.keys() & paths if paths is not None else set(spans)
    if paths is not None:
        commits = candidates.commits_touching(reader, paths)
    if scopes.of_history:
        said = candidates.commits_within(reader, scopes.people, scopes.since, scopes.before)
        commits = said if commits is None else commits & said
        touched = candidates.paths_touched(reader, said)
        paths = touched if paths is None else paths & touched
    return Allowed(
        None if paths is None else frozenset(paths), None if commits is None else frozenset(commits), spans
    )


def matches(path: str, asked: str) -> bool:
    """Return whether a path is in scope: by a pattern when ``asked`` is one, else by a part of it.

    >>> matches("src/auth/login.py", "auth/"), matches("src/auth/login.py", "*.py")
    (True, True)
    """
    path, asked = path.casefold(), asked.casefold().removeprefix("./")
    if any(letter in asked for letter in "*?["):
        return fnmatch.fnmatchcase(path, asked) or fnmatch.fnmatchcase(path, f"*/{asked}")
    return asked in path


def browse(reader: sqlite3.Connection, kind: ChunkKind, scope: Allowed, limit: int) -> list[WordHit]:
    """Return what is in scope when nothing else is asked: newest commits, most used files first."""
    if kind is ChunkKind.COMMIT:
        return candidates.newest_commits(reader, scope.commits, limit)
    if scope.spans is not None:
        at = [
            candidates.passage_at(reader, path, start)
            for path, lines in scope.spans.items()
            if scope.paths is None or path in scope.paths
            for start, _ in lines
        ]
        return list({hit.passage_id: hit for hit in at if hit}.values())[:limit]
    return candidates.opening_passages(reader, kind, scope.paths or frozenset(), limit)


def _spans(reader: sqlite3.Connection, symbols: tuple[str, ...]) -> dict[int, tuple[tuple[int, int], ...]]:
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for symbol in symbols:
        parent, _, name = symbol.replace("::", ".").replace("#", ".").rpartition(".")
        for each in candidates.definitions(reader, name, _DEFINITIONS):
            if not parent or each.parent.casefold().endswith(parent.casefold()):
                found[each.path_id].append((each.line, max(each.line, each.end_line)))
    return {path: tuple(spans) for path, spans in found.items()}
