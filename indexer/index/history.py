"""Looks up history: commits, the paths they touched, the people who wrote what, blame."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

LARGEST_TOGETHER = 40
"""Commits that touch more files than this say nothing about which files belong together."""

SHORTEST_ID = 4
"""Hexadecimal digits that an abbreviated commit id has at least, as in git."""


@dataclass(frozen=True, slots=True)
class CommitFacts:
    """A commit of the index. ``reachable``: it is in HEAD's ancestry; else it is on no line shown.

    ``message`` has its secrets cut out. A higher ``sequence`` is newer, whatever the dates say.
    """

    id: int
    oid: str
    parents: tuple[str, ...]
    author: str
    email: str
    authored: int
    committed: int
    subject: str
    message: str
    sequence: int
    changes_known: bool
    reachable: bool


@dataclass(frozen=True, slots=True)
class TouchedPath:
    """A path that a commit touched, as shown; ``status`` is git's letter (A, M, D, T)."""

    path_id: int
    path: str
    status: str


@dataclass(frozen=True, slots=True)
class AuthorShare:
    """How much of the history of some files is one person's; ``last`` is when they last wrote."""

    name: str
    email: str
    commits: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class ChangedTogether:
    """A current file that changed in the same commits as another; ``commits`` counts those."""

    path_id: int
    path: str
    commits: int


def commit(reader: sqlite3.Connection, oid: str) -> CommitFacts | None:
    """Return the commit of this id, which may be abbreviated if it then names one alone."""
    if len(oid) < SHORTEST_ID:
        return None
    rows = reader.execute(
        f"{_COMMIT} WHERE commits.oid >= ? AND commits.oid < ? LIMIT 2", (oid.lower(), oid.lower() + "g")
    ).fetchall()
    return _facts(rows[0]) if len(rows) == 1 else None


def commits_by_id(reader: sqlite3.Connection, ids: Sequence[int]) -> list[CommitFacts]:
    """Return the commits with these ids of the catalog, newest first."""
    rows = reader.execute(
        f"{_COMMIT} WHERE commits.id IN (SELECT value FROM json_each(?)) ORDER BY commits.sequence DESC",  # noqa: S608
        (json.dumps(list(ids)),),
    )
    return [_facts(row) for row in rows]


def commits_touching(
    reader: sqlite3.Connection, path_ids: Sequence[int], limit: int = 50
) -> list[CommitFacts]:
    """Return the commits of HEAD's ancestry that touched any of the paths, newest first."""
    rows = reader.execute(
        f"{_COMMIT} WHERE commits.reachable = 1 AND commits.id IN (SELECT commit_id FROM change "  # noqa: S608
        "WHERE path_id IN (SELECT value FROM json_each(?))) ORDER BY commits.sequence DESC LIMIT ?",
        (json.dumps(list(path_ids)), limit),
    )
    return [_facts(row) for row in rows]


def latest_commits(reader: sqlite3.Connection, limit: int = 50) -> list[CommitFacts]:
    """Return the newest commits of HEAD's ancestry."""
    rows = reader.execute(f"{_COMMIT} WHERE reachable = 1 ORDER BY sequence DESC LIMIT ?", (limit,))
    return [_facts(row) for row in rows]


def paths_touched(reader: sqlite3.Connection, commit_id: int, limit: int = 1000) -> list[TouchedPath]:
    """Return what a commit touched, in the order of the paths."""
    rows = reader.execute(
        "SELECT path.id, path.shown, change.status FROM change JOIN path ON path.id = change.path_id "
        "WHERE change.commit_id = ? ORDER BY path.raw LIMIT ?",
        (commit_id, limit),
    )
    return [TouchedPath(*row) for row in rows]


def authors(
    reader: sqlite3.Connection, path_ids: Sequence[int] | None = None, limit: int = 20
) -> list[AuthorShare]:
    """Return who wrote the commits that touched the paths (None: all commits), most first."""
    rows = reader.execute(
        "SELECT name, email, count(*) AS number, min(authored), max(authored) FROM commits "
        "JOIN person ON person.id = commits.person_id WHERE reachable = 1 AND (?1 IS NULL OR commits.id IN "
        "(SELECT commit_id FROM change WHERE path_id IN (SELECT value FROM json_each(?1)))) "
        "GROUP BY person.id ORDER BY number DESC, max(sequence) DESC LIMIT ?2",
        (None if path_ids is None else json.dumps(list(path_ids)), limit),
    )
    return [AuthorShare(*row) for row in rows]


def commits_of(
    reader: sqlite3.Connection,
    name: str,
    email: str,
    path_ids: Sequence[int] | None = None,
    limit: int = 20,
) -> list[str]:
    """Return the ids of one person's commits that touched the paths (None: any), newest first.

    A person is known by the name or by the e-mail, whichever of their machines wrote it.
    """
    rows = reader.execute(
        "SELECT commits.oid FROM commits JOIN person ON person.id = commits.person_id "
        "WHERE reachable = 1 AND (lower(name) = lower(?1) OR (?2 != '' AND lower(email) = lower(?2))) "
        "AND (?3 IS NULL OR commits.id IN "
        "(SELECT commit_id FROM change WHERE path_id IN (SELECT value FROM json_each(?3)))) "
        "ORDER BY sequence DESC LIMIT ?4",
        (name, email, None if path_ids is None else json.dumps(list(path_ids)), limit),
    )
    return [oid for (oid,) in rows]


def changed_together(
    reader: sqlite3.Connection,
    path_id: int,
    limit: int = 10,
    least: int = 2,
    largest: int = LARGEST_TOGETHER,
) -> list[ChangedTogether]:
    """Return the current files that most often changed in the same commits as ``path_id``, of commits that
    touch ``largest`` files at most.
    """
    rows = reader.execute(
        "WITH own AS (SELECT commit_id FROM change JOIN commits ON commits.id = commit_id "
        "WHERE path_id = ?1 AND reachable = 1 "
        "AND (SELECT count(*) FROM change AS whole WHERE whole.commit_id = commits.id) <= ?4) "
        "SELECT path.id, path.shown, count(*) AS number FROM own JOIN change USING (commit_id) "
        "JOIN path ON path.id = change.path_id JOIN entry ON entry.path_id = path.id "
        "WHERE path.id != ?1 GROUP BY path.id HAVING number >= ?3 ORDER BY number DESC, path.raw LIMIT ?2",
        (path_id, limit, least, largest),
    )
    return [ChangedTogether(*row) for row in rows]


_COMMIT = (
    "SELECT commits.id, commits.oid, commits.parents, person.name, person.email, commits.authored, "
    "commits.committed, commits.subject, "
    "(SELECT group_concat(text, char(10)) FROM "
    "(SELECT text FROM chunk WHERE chunk.commit_id = commits.id ORDER BY start_line)), "
    "commits.sequence, commits.changes_known, commits.reachable "
    "FROM commits JOIN person ON person.id = commits.person_id"
)


def _facts(row: tuple[Any, ...]) -> CommitFacts:
    facts = CommitFacts(*row)
    return replace(
        facts,
        parents=tuple(str(row[2]).split()),
        message=facts.message or "",
        changes_known=bool(facts.changes_known),
        reachable=bool(facts.reachable),
    )
