"""What is counted over a whole repository at once: files, changes, people and links, and all of it for any
module. One pass over the catalog, kept until the index changes.
"""

from __future__ import annotations

import json
import math
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.authorship import is_robot
from indexer.answer.citations import FACT_ROOTS
from indexer.guide.modules.groups import Groups
from indexer.guide.modules.named import named
from indexer.guide.modules.store import Store
from indexer.guide.modules.tree import Split, Tree, TreeFile, nothing_split
from indexer.index.catalog import get_meta, indexed_state
from indexer.index.history import LARGEST_TOGETHER
from indexer.index.persons import same_people
from indexer.types import FileMark

MONTH: Final = 2_629_800
"""Seconds of a twelfth of a year."""

YEAR: Final = 12 * MONTH

BY_NAME: Final = "name"
"""Kind of a link that no import makes: a text names what it takes."""


@dataclass(frozen=True, slots=True)
class Link:
    """A file takes in another at a line; ``kind`` is a ReferenceKind's value, or BY_NAME."""

    source: int
    target: int
    line: int
    kind: str


@dataclass(frozen=True, slots=True)
class Touch:
    """A commit of the last 24 months with the current files that it touched."""

    commit_id: int
    oid: str
    authored: int
    person: int
    paths: tuple[int, ...]
    size: int
    """Paths that it touched in all, those that are gone included."""


@dataclass(frozen=True, slots=True)
class Author:
    """A person; all names and addresses of one are one."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the commits that touched something are one person's, with the newest of them."""

    person: int
    commits: int
    last: int
    oids: tuple[str, ...]


class Survey:
    """The counted facts of one state of an index."""

    def __init__(
        self, reader: sqlite3.Connection, groups: Groups | None = None, store: Store | None = None
    ) -> None:
        self.key = indexed_state(reader)
        self.head = get_meta(reader, "head")
        self.files = {file.path_id: file for file in _files(reader)}
        self.named = () if store is None else named(reader, store, self.files)
        links = (
            Link(*row)
            for row in reader.execute("SELECT from_path, to_path, line, kind FROM edge ORDER BY 1, 3, 2, 4")
            if row[0] in self.files and row[1] in self.files
        )
        self.links = (*links, *(Link(each.source, each.target, each.line, BY_NAME) for each in self.named))
        self.ends = _newest(reader)
        self.people, self._robots = _people(reader)
        self.seen = self._seen(reader)
        self.touches = self._touches(reader)
        self.authors = self._authors(reader)
        self.last_changed: dict[int, int] = dict(
            reader.execute(
                "SELECT path_id, max(authored) FROM change JOIN commits ON commits.id = commit_id"
                " WHERE reachable = 1 GROUP BY path_id"
            ).fetchall()
        )
        self.tree = Tree(self.files.values(), nothing_split if groups is None else self._splitting(groups))
        self.module_by_id = {
            file.path_id: module.path for module in self.tree.modules.values() for file in module.own
        }

    def changes_since(self, since: int) -> Mapping[int, int]:
        """Return how many commits touched each file after a time; only the last 24 months are known."""
        found: dict[int, int] = defaultdict(int)
        for touch in self.touches:
            if touch.authored > since:
                for path_id in touch.paths:
                    found[path_id] += 1
        return found

    def places(self, nodes: Iterable[str]) -> dict[int, str]:
        """Return for each file the innermost of ``nodes`` (paths of modules) that it lies in."""
        chosen = set(nodes)
        of_module: dict[str, str] = {}
        for path in self.tree.modules:
            for module in self.tree.around(path):
                if module.path in chosen:
                    of_module[path] = module.path
                    break
        return {
            path_id: of_module[module] for path_id, module in self.module_by_id.items() if module in of_module
        }

    def commits_by(self, reader: sqlite3.Connection, path_ids: Sequence[int]) -> list[Share]:
        """Return who wrote the commits that touched files, the most first; no robots."""
        rows = reader.execute(
            "SELECT person_id, authored, oid FROM commits WHERE reachable = 1 AND id IN (SELECT commit_id"
            " FROM change WHERE path_id IN (SELECT value FROM json_each(?))) ORDER BY sequence DESC",
            (json.dumps(list(path_ids)),),
        )
        found: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for person, authored, oid in rows:
            if not self.is_robot(person):
                found[self.same_person(person)].append((authored, oid))
        shares = [
            Share(person, len(each), max(at for at, _ in each), tuple(oid for _, oid in each[:FACT_ROOTS]))
            for person, each in found.items()
        ]
        return sorted(shares, key=lambda each: (-each.commits, -each.last, each.person))

    def worth(self, share: Share) -> float:
        """Return what a share of the history says of who knows it now: half of it for each two years."""
        return share.commits * math.pow(0.5, max(self.ends - share.last, 0) / (2 * YEAR))

    # ---------------------------------------------------------------------------- private

    def _splitting(self, groups: Groups) -> Split:
        def split(folder: str, files: Sequence[TreeFile]) -> Mapping[str, str]:
            links = [(each.source, each.target) for each in self.links]
            return groups.split(folder, files, links, [each.paths for each in self.touches])

        return split

    def _seen(self, reader: sqlite3.Connection) -> dict[int, int]:
        """Return when each person last wrote any commit."""
        found: dict[int, int] = {}
        rows = reader.execute("SELECT person_id, max(authored) FROM commits WHERE reachable = 1 GROUP BY 1")
        for person, last in rows:
            same = self.same_person(person)
            found[same] = max(found.get(same, 0), min(last, self.ends))
        return found

    def _touches(self, reader: sqlite3.Connection) -> tuple[Touch, ...]:
        rows = reader.execute(
            "SELECT c.id, c.oid, c.authored, c.person_id, change.path_id FROM commits c"
            " JOIN change ON change.commit_id = c.id"
            " WHERE c.reachable = 1 AND c.authored > ? AND c.authored <= ? ORDER BY c.sequence DESC, c.id",
            (self.ends - 2 * YEAR, self.ends),
        )
        found: list[Touch] = []
        paths: list[int] = []
        last: tuple[int, str, int, int] | None = None

        def finish() -> None:
            if last is not None:
                current = tuple(sorted(each for each in paths if each in self.files))
                found.append(Touch(*last, current, len(paths)))

        for commit_id, oid, authored, person, path_id in rows:
            if last is None or last[0] != commit_id:
                finish()
                last, paths = (commit_id, oid, authored, person), []
            paths.append(path_id)
        finish()
        return tuple(found)

    def _authors(self, reader: sqlite3.Connection) -> dict[int, frozenset[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        rows = reader.execute(
            "SELECT DISTINCT path_id, person_id FROM change JOIN commits ON commits.id = commit_id"
            " WHERE reachable = 1"
        )
        for path_id, person in rows:
            if path_id in self.files and person not in self._robots:
                found[path_id].add(self.same_person(person))
        return {path_id: frozenset(each) for path_id, each in found.items()}

    def same_person(self, person: int) -> int:
        """Return the one id for all names and addresses of a person."""
        return self.people.get(person, (person, None))[0]

    def is_robot(self, person: int) -> bool:
        """Say whether commits of this id are a program's."""
        return person in self._robots


def is_small(touch: Touch) -> bool:
    """Say whether a commit is small enough to tell what belongs together."""
    return touch.size <= LARGEST_TOGETHER


def _files(reader: sqlite3.Connection) -> Iterable[TreeFile]:
    rows = reader.execute(
        "SELECT e.path_id, p.shown, e.oid, e.marks, e.rank, e.blob_id, coalesce(b.language, ''),"
        " coalesce(b.lines, 0), coalesce(b.skipped, e.skipped) FROM entry e JOIN path p ON p.id = e.path_id"
        " LEFT JOIN blob b ON b.id = e.blob_id ORDER BY p.shown"
    )
    for path_id, path, oid, marks, rank, blob_id, language, lines, skipped in rows:
        read = not skipped and blob_id is not None
        yield TreeFile(
            path_id, path, oid, FileMark(marks), rank, blob_id if read else None,
            language if read and language != "link" else "", lines if read else 0,
        )  # fmt: skip


def _newest(reader: sqlite3.Connection) -> int:
    """Return the time of the newest commit; one from the future is not believed."""
    row = reader.execute(
        "SELECT authored FROM commits WHERE reachable = 1 AND authored <= ? ORDER BY sequence DESC LIMIT 1",
        (int(time.time()) + 86_400,),
    ).fetchone()
    return 0 if row is None else int(row[0])


def _people(reader: sqlite3.Connection) -> tuple[dict[int, tuple[int, Author]], frozenset[int]]:
    """Return the one person behind each name and address, and the ids of programs."""
    rows = reader.execute("SELECT id, name, email FROM person ORDER BY id").fetchall()
    robots = frozenset(number for number, name, email in rows if is_robot(name, email))
    same: dict[int, tuple[int, Author]] = {}
    for (number, _, _), root in zip(rows, same_people([row[1:] for row in rows]), strict=True):
        first, name, email = rows[root]
        same[number] = (first, Author(name, email))
    return same, robots
