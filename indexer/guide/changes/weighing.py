"""What wants a closer look: hot spots, much-used files, nobody left who knows, no reason, no test."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.authorship import is_robot, merged
from indexer.answer.lineage import with_former_paths
from indexer.guide.changes.citing import fact
from indexer.guide.changes.public import ASIDE, CODE
from indexer.guide.changes.stories import Teller
from indexer.guide.changes.subjects import MIGRATION, path_kind
from indexer.index.activity import activity
from indexer.index.history import AuthorShare, authors
from indexer.repo.differences import FileChange
from indexer.repo.languages import classify
from indexer.shapes.changes import Risk, RiskKind, StoryKind
from indexer.types import CommitRecord, FileMark, Statement, shown_path

YEAR: Final = 365 * 86_400
HOT_SHARE: Final = 0.05
"""A hot spot is among this share of the code files that changed most often in a year,"""
HOT_LEAST: Final = 6
"""and changed at least so often."""

MANY: Final = 10
"""Files that take another one in, from which it has many dependants, when it is also"""
MANY_SHARE: Final = 0.05
"""among this share of the files that others take in."""

LOOKED_AT: Final = 60
"""Changed files whose people are looked up, the largest changes first."""

KNOWN_FROM: Final = 3
"""Commits from which a file has an owner who may be gone."""

NAMED: Final = 4
"""Files named in one sentence."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A changed file with what the index knows of it. ``path_id`` is None when it is not current."""

    change: FileChange
    path: str
    path_id: int | None
    code: bool
    test: bool

    @property
    def lines(self) -> int:
        """How many lines changed."""
        return (self.change.added or 0) + (self.change.deleted or 0)


def weighed(reader: sqlite3.Connection, changes: Sequence[FileChange]) -> list[Weighed]:
    """Return the changed files, the largest changes first."""
    ids = _current(reader, [shown_path(each.path) for each in changes])
    found = []
    for each in changes:
        path = shown_path(each.path)
        known = classify(each.path, {})
        code = (
            known.language in CODE
            and not known.marks & ASIDE
            and path_kind(each.path) is StoryKind.CHANGE
            and not MIGRATION.search(each.path)
        )
        found.append(Weighed(each, path, ids.get(path), code, bool(known.marks & FileMark.TEST)))
    return sorted(found, key=lambda each: (-each.lines, each.path))


def tests_told(files: Sequence[Weighed], records: Sequence[CommitRecord]) -> tuple[list[Statement], set[str]]:
    """Return what is to be said of tests, and the changed code files that no test changed with.

    For commits it counts whether a commit that touched a file touched any test too; of what is staged
    it can only be said whether a test is staged as well.
    """
    code = [each for each in files if each.code and each.change.status != "D"]
    tests = [each for each in files if each.test]
    out: list[Statement] = []
    if tests:
        counted = sum((each.change.added or 0) for each in tests)
        out.append(
            fact(
                f"{_files(len(tests))} of tests changed"
                + (f", with {counted:,} lines added." if counted else "."),
                "changed files that are tests",
                [each.path for each in tests],
            )
        )
    if not code:
        return out, set()
    if not records:
        if tests:
            return out, set()
        text = f"No test is among them, and {_files(len(code))} of code {_are(len(code))}."
        return [fact(text, "changed files that are tests", [each.path for each in code])], {
            each.path for each in code
        }
    with_test: dict[str, bool] = {}
    for record in records:
        tested = any(classify(each.path, {}).marks & FileMark.TEST for each in record.changes)
        for change in record.changes:
            path = shown_path(change.path)
            with_test[path] = with_test.get(path, False) or tested
    # A file that moved, or came with a merge alone, has no commit of its own here: nothing is said of it.
    bare = [each for each in code if with_test.get(each.path) is False]
    told = [each for each in code if each.path in with_test]
    if told:
        text = (
            f"All {len(told)} changed code files changed together with a test at least once."
            if not bare
            else f"{len(bare)} of {len(told)} changed code files never changed together with a test:"
            f" {_named(bare)}."
        )
        out.append(
            fact(
                text,
                "commits of the range that touch a file and no test",
                [each.path for each in bare or told],
            )
        )
    return out, {each.path for each in bare}


class Weigher:
    """Weighs changed files by the history and the imports of the index; for one call."""

    def __init__(self, reader: sqlite3.Connection) -> None:
        self._reader = reader
        self._people: dict[int, list[AuthorShare]] = {}
        self._active = activity(reader)
        self._changes = self._changes_of_a_year()
        self._users = dict(
            reader.execute("SELECT to_path, count(DISTINCT from_path) FROM edge GROUP BY to_path").fetchall()
        )
        self._hot = _floor(list(self._changes.values()), HOT_SHARE, HOT_LEAST)
        self._used = _floor(list(self._users.values()), MANY_SHARE, MANY)

    def risks(self, files: Sequence[Weighed], bare: set[str]) -> list[Risk]:
        """Return what wants a closer look in some changed files; ``bare`` changed without a test."""
        code = [each for each in files if each.code and each.path_id is not None]
        out: list[Risk] = []
        hot = [each for each in code if self._changes.get(each.path_id or 0, 0) >= self._hot]
        hot.sort(key=lambda each: -self._changes[each.path_id or 0])
        for each in hot[:2]:
            number = self._changes[each.path_id or 0]
            rank = 1 + sum(count > number for count in self._changes.values())
            text = (
                f"{each.path} is a hot spot: {number} commits changed it in the last 12 months of the index,"
                f" which makes it number {rank} of {len(self._changes)} code files that changed."
            )
            out.append(
                Risk(
                    RiskKind.HOT_SPOT,
                    fact(text, f"git log --since='12 months' -- {each.path}", self._latest(each)),
                )
            )
        used = [each for each in code if self._users.get(each.path_id or 0, 0) >= self._used]
        used.sort(key=lambda each: -self._users[each.path_id or 0])
        for each in used[:2]:
            text = (
                f"{each.path} has many dependants: {self._users[each.path_id or 0]} files take it in at the"
                " indexed commit."
            )
            out.append(
                Risk(RiskKind.DEPENDANTS, fact(text, f"imports of {each.path}", self._importers(each)))
            )
        left = [each for each in code[:LOOKED_AT] if self.nobody_left(each)]
        if left:
            text = f"Nobody who wrote {_named(left)} has committed anything here in the last two years."
            out.append(
                Risk(
                    RiskKind.NO_OWNER,
                    fact(
                        text,
                        f"git log --format=%an -- {' '.join(each.path for each in left[:NAMED])}",
                        [oid for each in left[:NAMED] for oid in self._latest(each)[:5]],
                    ),
                )
            )
        untested = [each for each in code if each.path in bare]
        if untested:
            text = f"No commit that changed {_named(untested)} changed a test too."
            out.append(
                Risk(
                    RiskKind.NO_TEST,
                    fact(
                        text,
                        "commits of the range that touch a file and no test",
                        [each.path for each in untested],
                    ),
                )
            )
        return out

    def nobody_left(self, file: Weighed) -> bool:
        """Return whether all who wrote a file have left, by the rule that contacts go by."""
        shares = self.people(file)
        if sum(each.commits for each in shares) < KNOWN_FROM:
            return False
        return all(self.has_left(each.email, each.last) for each in shares)

    def has_left(self, email: str, last: int) -> bool:
        """Return whether somebody seems to have left: no commit anywhere for two years of the history."""
        return self._active.has_left(email, last)

    def last_commit(self, email: str, last: int) -> int:
        """Return when somebody last wrote anything here."""
        return self._active.last(email, last)

    def people(self, file: Weighed) -> list[AuthorShare]:
        """Return who wrote a current file, most first; no robots."""
        if file.path_id is None:
            return []
        known = self._people.get(file.path_id)
        if known is None:
            ids = with_former_paths(self._reader, [file.path_id])
            known = self._people[file.path_id] = merged(authors(self._reader, ids, 40))
        return known

    # ---------------------------------------------------------------------------- private

    def _changes_of_a_year(self) -> dict[int, int]:
        rows = self._reader.execute(
            "SELECT change.path_id, count(*) FROM commits JOIN change ON change.commit_id = commits.id"
            " JOIN entry ON entry.path_id = change.path_id WHERE reachable = 1 AND authored >="
            " (SELECT max(authored) FROM commits WHERE reachable = 1"
            " AND authored < strftime('%s', 'now') + 86400) - ?"
            " AND entry.marks & ? = 0 AND entry.blob_id IN (SELECT id FROM blob WHERE language IN"
            " (SELECT value FROM json_each(?))) GROUP BY change.path_id",
            (YEAR, int(ASIDE), json.dumps(sorted(CODE))),
        )
        return dict(rows.fetchall())

    def _latest(self, file: Weighed) -> list[str]:
        rows = self._reader.execute(
            "SELECT oid FROM commits JOIN change ON change.commit_id = commits.id"
            " WHERE change.path_id = ? AND reachable = 1 ORDER BY sequence DESC LIMIT 20",
            (file.path_id,),
        )
        return [oid for (oid,) in rows]

    def _importers(self, file: Weighed) -> list[str]:
        rows = self._reader.execute(
            "SELECT shown || ':' || min(line) FROM edge JOIN path ON path.id = from_path"
            " WHERE to_path = ? GROUP BY from_path ORDER BY shown LIMIT 20",
            (file.path_id,),
        )
        return [place for (place,) in rows]


def without_reason(
    records: Sequence[CommitRecord], teller: Teller, code: set[str]
) -> tuple[list[CommitRecord], int]:
    """Return the commits by people that change code and give no reason, and how many change code at all."""
    asked = [
        each
        for each in records
        if not is_robot(each.author, each.email)
        and len(each.parents) < 2
        and any(shown_path(change.path) in code for change in each.changes)
    ]
    return [each for each in asked if not teller.reasons(each).sentences], len(asked)


def _floor(numbers: list[int], share: float, least: int) -> int:
    """Return the number from which on one is among the highest ``share``, ``least`` at least."""
    if not numbers:
        return least
    ordered = sorted(numbers, reverse=True)
    return max(ordered[min(int(len(ordered) * share), len(ordered) - 1)], least)


def _current(reader: sqlite3.Connection, paths: Sequence[str]) -> Mapping[str, int]:
    rows = reader.execute(
        "SELECT shown, entry.path_id FROM path JOIN entry ON entry.path_id = path.id"
        " WHERE shown IN (SELECT value FROM json_each(?))",
        (json.dumps(list(paths)),),
    )
    return dict(rows.fetchall())


def _named(files: Sequence[Weighed]) -> str:
    names = [each.path for each in files[:NAMED]]
    more = len(files) - len(names)
    if more > 0:
        return f"{', '.join(names)} and {more} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
