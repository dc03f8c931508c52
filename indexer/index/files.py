"""The current files of a repository, looked up the ways in which code names them."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from posixpath import dirname, normpath

from indexer.types import ReferenceKind

MANY = 300
"""A base name that more files than this share (``index.ts``) is not searched by its ending."""


@dataclass(frozen=True, slots=True)
class Source:
    """A current file: ids of its path and content (None when skipped), and its language."""

    path_id: int
    path: str
    blob_id: int | None
    language: str


@dataclass(frozen=True, slots=True)
class Used:
    """A name that a file uses, as its parser wrote it down."""

    name: str
    kind: ReferenceKind
    line: int
    inside: str


@dataclass(frozen=True, slots=True)
class Edge:
    """One file takes in, runs or touches another."""

    to_path: int
    line: int
    kind: ReferenceKind


class Files:
    """Finds current files by path, by the ending of a path, by base name, and by folder."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.sources = list(sources)
        self.by_path = {source.path: source for source in self.sources}
        self._by_name: dict[str, list[Source]] = defaultdict(list)
        self._by_stem: dict[str, list[Source]] = defaultdict(list)
        self.by_folder: dict[str, list[Source]] = defaultdict(list)
        for source in self.sources:
            folder, _, name = source.path.rpartition("/")
            self._by_name[name].append(source)
            self._by_stem[name.partition(".")[0].upper()].append(source)
            self.by_folder[folder].append(source)

    @property
    def languages(self) -> frozenset[str]:
        """Return the languages that occur."""
        return frozenset(source.language for source in self.sources)

    def at(self, path: str) -> Source | None:
        """Return the file at a path from the root, which may hold ``..``; None when outside."""
        plain = normpath(path) if path else ""
        return None if plain.startswith(("..", "/")) else self.by_path.get(plain)

    def first(self, paths: Iterable[str]) -> Source | None:
        """Return the first of these paths that is a file."""
        return next((found for path in paths if (found := self.by_path.get(path)) is not None), None)

    def ending(self, suffix: str) -> Sequence[Source]:
        """Return the files whose path ends in these whole parts."""
        suffix = suffix.removeprefix("./")
        named = self._by_name.get(suffix.rpartition("/")[2], ())
        if "/" not in suffix or len(named) > MANY:
            return named if "/" not in suffix else [each for each in named if each.path == suffix]
        return [each for each in named if each.path == suffix or each.path.endswith("/" + suffix)]

    def stem(self, name: str) -> Sequence[Source]:
        """Return the files whose base name up to the first dot is this, whatever its case."""
        return self._by_stem.get(name.upper(), ())

    def nearest(self, candidates: Sequence[Source], path: str) -> Source | None:
        """Return the candidate that shares the most leading folders with a path."""
        if len(candidates) < 2:
            return candidates[0] if candidates else None
        return min(candidates, key=lambda each: (-shared(each.path, path), len(each.path), each.path))


def shared(one: str, other: str) -> int:
    """Return how many leading folders two paths have in common."""
    count = 0
    for mine, theirs in zip(dirname(one).split("/"), dirname(other).split("/"), strict=False):
        if mine != theirs:
            break
        count += 1
    return count


def read_files(connection: sqlite3.Connection) -> Files:
    """Return the current files as the catalog has them."""
    rows = connection.execute(
        "SELECT e.path_id, p.raw, e.blob_id, coalesce(b.language, '') FROM entry e"
        " JOIN path p ON p.id = e.path_id LEFT JOIN blob b ON b.id = e.blob_id"
    )
    return Files(
        Source(path_id, bytes(raw).decode("utf-8", "surrogateescape"), blob_id, language)
        for path_id, raw, blob_id, language in rows
    )


def text_of_blob(connection: sqlite3.Connection, blob_id: int | None) -> str:
    """Return a small file's text from its chunks (secrets cut out); empty when none is kept."""
    rows = connection.execute(
        "SELECT text FROM chunk WHERE blob_id = ? AND commit_id IS NULL ORDER BY start_line", (blob_id,)
    )
    return "\n".join(text for (text,) in rows)
