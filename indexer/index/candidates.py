"""What ranking must know of passages, files and commits that a query may be about."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from indexer.index.lexical import WordHit
from indexer.repo.translations import is_translation
from indexer.types import ChunkKind, FileMark, SymbolKind

_SAME_TEXT = 20
"""Passages of one text that are looked at; a licence header may stand in thousands of files."""


_STATE = (
    "SELECT (SELECT max(id) FROM path), (SELECT value FROM meta WHERE key = 'state'),"
    " (SELECT value FROM meta WHERE key = 'head')"
)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A current file. ``rank`` is its PageRank over import edges, scaled to 0..1."""

    path_id: int
    blob_id: int
    path: str
    marks: FileMark
    rank: float
    language: str


@dataclass(frozen=True, slots=True)
class Definition:
    """Where a current file defines a name."""

    path_id: int
    name: str
    kind: SymbolKind
    parent: str
    line: int
    end_line: int


def files(reader: sqlite3.Connection, path_ids: Collection[int]) -> dict[int, FileFacts]:
    """Return what is known of current files, by path id; others are left out."""
    rows = reader.execute(
        "SELECT entry.path_id, entry.blob_id, path.shown, entry.marks, entry.rank, blob.language"
        " FROM entry JOIN path ON path.id = entry.path_id JOIN blob ON blob.id = entry.blob_id"
        " WHERE entry.path_id IN (SELECT value FROM json_each(?))",
        (_array(path_ids),),
    )
    return {row[0]: FileFacts(row[0], row[1], row[2], FileMark(row[3]), row[4], row[5]) for row in rows}


def passages_with(
    reader: sqlite3.Connection, kind: ChunkKind, scored: Sequence[tuple[bytes, float]]
) -> list[WordHit]:
    """Return the current passages whose embedded text has one of these digests, scores kept."""
    scores = dict(scored)
    holes = ", ".join("?" * len(scores))
    rows = reader.execute(
        "SELECT passage.digest, passage.id, passage.path_id, coalesce(chunk.blob_id, 0),"  # noqa: S608
        " coalesce(chunk.commit_id, 0), chunk.start_line, chunk.end_line, chunk.symbol"
        " FROM passage JOIN chunk ON chunk.id = passage.chunk_id"
        f" WHERE passage.digest IN ({holes}) AND passage.kind = ? AND passage.current = 1"
        " ORDER BY passage.id",
        (*scores, kind.value),
    )
    found: dict[bytes, list[WordHit]] = {digest: [] for digest in scores}
    for digest, passage, path, blob, commit, start, end, symbol in rows:
        if len(found[digest]) < _SAME_TEXT:
            hit = WordHit(passage, path, blob, commit, start, end, symbol, scores[digest])
            found[digest].append(hit)
    return [hit for hits in found.values() for hit in hits]


def passage_at(reader: sqlite3.Connection, path_id: int, line: int) -> WordHit | None:
    """Return the current passage of a file that holds a line, without a score."""
    row = reader.execute(
        "SELECT passage.id, passage.path_id, chunk.blob_id, 0, chunk.start_line, chunk.end_line,"
        " chunk.symbol, 0.0"
        " FROM passage JOIN chunk ON chunk.id = passage.chunk_id"
        " WHERE passage.path_id = ? AND passage.current = 1 AND chunk.start_line <= ? AND chunk.end_line >= ?"
        " ORDER BY chunk.end_line - chunk.start_line LIMIT 1",
        (path_id, line, line),
    ).fetchone()
    return WordHit(*row) if row else None


def definitions(reader: sqlite3.Connection, name: str, limit: int) -> list[Definition]:
    """Return where current files define ``name``, whatever its case."""
    rows = reader.execute(
        "SELECT entry.path_id, symbol.name, symbol.kind, symbol.parent, symbol.name_line, symbol.end_line"
        " FROM symbol JOIN entry ON entry.blob_id = symbol.blob_id WHERE symbol.name = ? LIMIT ?",
        (name, limit),
    )
    return [Definition(row[0], row[1], SymbolKind(row[2]), row[3], row[4], row[5]) for row in rows]


def names_defined(reader: sqlite3.Connection, blob_ids: Collection[int]) -> dict[int, set[str]]:
    """Return the names that each of these contents defines."""
    found: dict[int, set[str]] = defaultdict(set)
    for blob_id, name in reader.execute(
        "SELECT blob_id, name FROM symbol WHERE blob_id IN (SELECT value FROM json_each(?))",
        (_array(blob_ids),),
    ):
        found[blob_id].add(name)
    return found


def touched(reader: sqlite3.Connection, commit_ids: Iterable[int], most: int) -> dict[int, list[int]]:
    """Return the paths that each commit touched; commits that touched more than ``most`` are left out."""
    statement = "SELECT path_id FROM change WHERE commit_id = ? LIMIT ?"
    found = {
        commit: [row[0] for row in reader.execute(statement, (commit, most + 1))] for commit in commit_ids
    }
    return {commit: paths for commit, paths in found.items() if 0 < len(paths) <= most}


class Translations:
    """The current files that hold messages in other languages, remembered until the index changes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: tuple[object, ...] = ()
        self._paths: frozenset[int] = frozenset()

    def of(self, reader: sqlite3.Connection) -> frozenset[int]:
        """Return the ids of their paths."""
        state = reader.execute(_STATE).fetchone()
        with self._lock:
            if state != self._state:
                rows = reader.execute("SELECT id, shown FROM path JOIN entry ON entry.path_id = path.id")
                self._paths = frozenset(number for number, path in rows if is_translation(path))
                self._state = state
            return self._paths


class Heirs:
    """Which current file a path of the past became when its folder was renamed or moved.

    The log is read without looking for renames, which would cost ten times as much; a file that
    kept its name is found by it, and by as many of its folders as agree.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: tuple[object, ...] = ()
        self._heirs: dict[int, int] = {}

    def of(self, reader: sqlite3.Connection) -> Mapping[int, int]:
        """Return the current path id for each path id of the past that has one."""
        state = reader.execute(_STATE).fetchone()
        with self._lock:
            if state != self._state:
                self._heirs = _heirs(reader)
                self._state = state
            return self._heirs


def _heirs(reader: sqlite3.Connection) -> dict[int, int]:
    current: dict[str, list[tuple[int, list[str]]]] = defaultdict(list)
    known = set()
    for path_id, path, _ in current_paths(reader):
        known.add(path_id)
        parts = path.split("/")
        current[parts[-1]].append((path_id, parts[-2::-1]))
    heirs = {}
    for path_id, path in reader.execute("SELECT id, shown FROM path"):
        if path_id in known:
            continue
        parts = path.split("/")
        folders = parts[-2::-1]
        ranked = sorted(
            ((_agreeing(folders, other), other_id) for other_id, other in current.get(parts[-1], ())),
            reverse=True,
        )
        if ranked and (len(ranked) == 1 or ranked[0][0] > ranked[1][0]):
            heirs[path_id] = ranked[0][1]
    return heirs


def _agreeing(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many folders agree, from the file upwards."""
    pairs = zip(one, other, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def commits_within(
    reader: sqlite3.Connection, people: Sequence[str], since: int | None, before: int | None
) -> set[int]:
    """Return the commits of HEAD's ancestry by any of ``people`` (part of a name or an email)
    that were authored in [``since``, ``before``).
    """
    who = " OR ".join(
        ["instr(lower(person.name || ' <' || person.email || '>'), lower(?)) > 0"] * len(people)
    )
    rows = reader.execute(
        "SELECT commits.id FROM commits JOIN person ON person.id = commits.person_id"  # noqa: S608
        f" WHERE commits.reachable = 1 AND ({who or '1'}) AND commits.authored >= ? AND commits.authored < ?",
        (*people, since if since is not None else -(2**62), before if before is not None else 2**62),
    )
    return {row[0] for row in rows}


def commits_touching(reader: sqlite3.Connection, path_ids: Collection[int]) -> set[int]:
    """Return the commits that touched any of these paths."""
    rows = reader.execute(
        "SELECT DISTINCT commit_id FROM change WHERE path_id IN (SELECT value FROM json_each(?))",
        (_array(path_ids),),
    )
    return {row[0] for row in rows}


def paths_touched(reader: sqlite3.Connection, commit_ids: Collection[int]) -> set[int]:
    """Return the paths that any of these commits touched."""
    rows = reader.execute(
        "SELECT DISTINCT path_id FROM change WHERE commit_id IN (SELECT value FROM json_each(?))",
        (_array(commit_ids),),
    )
    return {row[0] for row in rows}


def current_paths(reader: sqlite3.Connection) -> list[tuple[int, str, str]]:
    """Return (path id, shown path, language) of every current file that is searchable."""
    return reader.execute(
        "SELECT entry.path_id, path.shown, blob.language FROM entry"
        " JOIN path ON path.id = entry.path_id JOIN blob ON blob.id = entry.blob_id"
    ).fetchall()


def newest_commits(reader: sqlite3.Connection, within: Collection[int] | None, limit: int) -> list[WordHit]:
    """Return passages of the newest current commits, of those ``within`` when given."""
    scope = "" if within is None else " AND commits.id IN (SELECT value FROM json_each(?))"
    rows = reader.execute(
        "SELECT passage.id, 0, 0, commits.id, chunk.start_line, chunk.end_line, chunk.symbol, 0.0"  # noqa: S608
        " FROM commits JOIN chunk ON chunk.commit_id = commits.id AND chunk.start_line = 1"
        " JOIN passage ON passage.chunk_id = chunk.id"
        f" WHERE passage.current = 1{scope} ORDER BY commits.committed DESC, commits.id DESC LIMIT ?",
        (limit,) if within is None else (_array(within), limit),
    )
    return [WordHit(*row) for row in rows]


def opening_passages(
    reader: sqlite3.Connection, kind: ChunkKind, path_ids: Collection[int], limit: int
) -> list[WordHit]:
    """Return the first passage of each of these files, most depended-on files first."""
    rows = reader.execute(
        "SELECT passage.id, passage.path_id, chunk.blob_id, 0, min(chunk.start_line), chunk.end_line,"
        " chunk.symbol, 0.0"
        " FROM passage JOIN chunk ON chunk.id = passage.chunk_id"
        " JOIN entry ON entry.path_id = passage.path_id"
        " WHERE passage.current = 1 AND passage.kind = ?"
        " AND passage.path_id IN (SELECT value FROM json_each(?))"
        " GROUP BY passage.path_id ORDER BY entry.rank DESC, passage.path_id LIMIT ?",
        (kind.value, _array(path_ids), limit),
    )
    return [WordHit(*row) for row in rows]


def _array(ids: Collection[int]) -> str:
    return json.dumps(sorted(ids))
