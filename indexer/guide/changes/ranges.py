"""From how a range is named to its two ends, and the commits between them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from indexer.answer.contacts import day
from indexer.errors import NotFoundError, UsageError
from indexer.index.catalog import Catalog
from indexer.repo.differences import TreeDifference
from indexer.repo.repository import Repository
from indexer.shapes.changes import ChangesWanted, End, RangeKind
from indexer.types import CommitRecord, Control

MOST_COMMITS: Final = 20_000
"""Read of one range, the newest first; 13,000 take a second and 60 MB."""

_LINES: Final = ("main", "master", "trunk", "develop", "devel", "default")
"""Names that the line is known by which branches go back to."""

_RANGE: Final = re.compile(r"^(?P<start>.*?)(?P<dots>\.\.\.?)(?P<end>.*)$")


@dataclass(frozen=True, slots=True)
class Span:
    """Two states and what lies between. ``start`` without a commit: before the first one; ``end``
    without one: what is staged. ``parted``: the start is no ancestor of the end.
    """

    start: End
    end: End
    records: tuple[CommitRecord, ...]
    """Newest first, children before their parents."""
    difference: TreeDifference
    notices: tuple[str, ...] = ()
    unread: int = 0
    """Commits beyond ``MOST_COMMITS``."""


class Ranges:
    """Finds the ends of ranges in one repository."""

    def __init__(self, catalog: Catalog, repository: Repository) -> None:
        self._catalog = catalog
        self._repository = repository

    def span(self, wanted: ChangesWanted, last: str, control: Control) -> Span:
        """Return what is wanted; ``last`` is the commit that was looked at last, for SINCE_LAST.

        Raises UsageError for what is no range, and NotFoundError where a commit is not there.
        """
        match wanted.of:
            case RangeKind.STAGED:
                return self._staged()
            case RangeKind.BRANCH:
                return self._branch(wanted.name.strip(), control)
            case RangeKind.SINCE_LAST:
                return self._since(last, control)
            case RangeKind.DATES:
                return self._dates(wanted.after, wanted.before, control)
            case RangeKind.COMMITS:
                return self._named(wanted.name.strip(), control)

    # ---------------------------------------------------------------------------- private

    def _named(self, name: str, control: Control) -> Span:
        if not name:
            raise UsageError(
                "No range was named.",
                "Name one: `lorebase changes v1.0..v1.1`, or a single commit.",
            )
        match = _RANGE.match(name)
        if match is None:
            return self._single(name, control)
        first, second = match["start"] or "HEAD", match["end"] or "HEAD"
        start, end = self._commit(first), self._commit(second)
        base = self._repository.merge_base(start, end)
        notices: list[str] = []
        if base is None:
            notices.append(
                f"{first} and {second} have no history in common: what follows compares their files, and"
                f" tells the whole history of {second}."
            )
        elif match["dots"] == "..." and base != start:
            start, first = base, f"where {first} and {second} parted"
        elif base != start:
            behind = self._repository.count_between(end, start)
            notices.append(
                f"{first} is not an ancestor of {second}: {_commits(behind)} of {first} are not in {second},"
                " and look taken back here. Name the range with three dots to leave them out."
            )
        return self._between(End(start, first), End(end, second), control, notices)

    def _single(self, name: str, control: Control) -> Span:
        """Return what one commit changes, against its first parent."""
        oid = self._commit(name)
        record = next(self._repository.commits(oid))
        end = End(oid, name, record.committed)
        if not record.parents:
            return self._between(End("", "the empty repository"), end, control, [], only=record)
        parent = record.parents[0]
        try:
            self._commit(parent)
        except NotFoundError:
            raise NotFoundError(
                f"The history of this clone begins with {name}, so there is nothing to compare it with.",
                "`git fetch --unshallow` brings what is older.",
            ) from None
        notices = []
        if len(record.parents) > 1:
            notices.append(f"{name} is a merge: what it brought to its first parent is told.")
            return self._between(End(parent, f"{name}^"), end, control, notices)
        return self._between(End(parent, f"{name}^"), end, control, notices, only=record)

    def _branch(self, name: str, control: Control) -> Span:
        if not name:
            raise UsageError("No branch was named.", "Name one: `lorebase changes --branch NAME`.")
        end, full = self._tip(name)
        line, start = self._line(full)
        base = self._repository.merge_base(start, end)
        if base is None:
            return self._between(
                End(start, line), End(end, name), control, [f"{name} and {line} have no history in common."]
            )
        notices = []
        behind = self._repository.count_between(base, start)
        if behind > 0:
            notices.append(f"{line} has {_commits(behind)} that {name} does not have yet.")
        return self._between(End(base, f"where {name} left {line}"), End(end, name), control, notices)

    def _staged(self) -> Span:
        difference = self._repository.staged()
        head = self._repository.refresh()
        notices = []
        clashes = sum(each.status == "U" for each in difference.changes)
        if clashes:
            notices.append(f"{clashes} files are in conflict: their merge is not finished.")
        start = End("", "no commit yet") if head is None else End(head, "HEAD", self._when(head))
        return Span(start, End("", "what is staged"), (), difference, tuple(notices))

    def _since(self, last: str, control: Control) -> Span:
        head = self._head()
        if not last:
            return Span(
                End(head, "HEAD", self._when(head)),
                End(head, "HEAD", self._when(head)),
                (),
                TreeDifference(()),
                ("You look for the first time: what comes from now on is told the next time.",),
            )
        notices = []
        try:
            start = self._commit(last)
        except NotFoundError:
            with self._catalog.snapshot() as reader:
                row = reader.execute("SELECT committed FROM commits WHERE oid = ?", (last,)).fetchone()
            if row is None:
                raise NotFoundError(
                    f"The commit that you saw last, {last[:10]}, is gone, and nothing is known of it.",
                    "A branch was rewritten; name a range: `lorebase changes A..B`.",
                ) from None
            when = int(row[0])
            span = self._dates(when + 1, 0, control)
            gone = (
                f"The commit that you saw last, {last[:10]}, is gone (a branch was rewritten): what came"
                f" since its day, {day(when)}, is told."
            )
            return replace(span, notices=(gone, *span.notices))
        base = self._repository.merge_base(start, head)
        if base != start:
            notices.append("The branch was rewritten, or another one is checked out, since you last looked.")
            if base is not None:
                start = base
        return self._between(End(start, "what you saw last"), End(head, "HEAD"), control, notices)

    def _dates(self, after: int, before: int, control: Control) -> Span:
        """Return HEAD's own line between two times: its last commit before each of them."""
        head = self._head()
        end = start = ""
        with self._catalog.snapshot() as reader:
            for oid, committed in _own_line(reader, head):
                if not end and (not before or committed < before):
                    end = oid
                if end and committed < after:
                    start = oid
                    break
        if not end:
            raise NotFoundError(
                "No commit lies between these times.", "Choose a longer time, or wait until it is indexed."
            )
        names = (f"the state of {day(after)}" if start else "the empty repository", day(self._when(end)))
        return self._between(End(start, names[0]), End(end, names[1]), control, [])

    def _between(
        self,
        start: End,
        end: End,
        control: Control,
        notices: list[str],
        only: CommitRecord | None = None,
    ) -> Span:
        records: list[CommitRecord] = []
        unread = 0
        if only is not None:
            records = [only]
        elif start.commit_id != end.commit_id:
            exclude = [start.commit_id] if start.commit_id else []
            log = self._repository.commits(end.commit_id, exclude)
            for record in log:
                records.append(record)
                if len(records) % 500 == 0:
                    control.checkpoint()
                if len(records) >= MOST_COMMITS:
                    unread = max(self._repository.count_between(start.commit_id, end.commit_id), 0)
                    unread = max(unread - len(records), 0)
                    notices.append(f"Of the commits the newest {MOST_COMMITS:,} were read.")
                    break
        cut = sum(not each.changes_known for each in records)
        if cut:
            notices.append(
                f"{_commits(cut)} at the edge of this shallow clone came without the files that they changed."
            )
        difference = self._repository.difference(start.commit_id or None, end.commit_id)
        if difference.problem:
            notices.append(
                f"Not all contents are here ({difference.problem}): no lines were counted, and a file that"
                " moved with changes looks removed and added."
            )
        elif not difference.counted:
            notices.append("The lines of some files could not be counted in time.")
        return Span(
            replace(start, when=start.when or self._when(start.commit_id)),
            replace(end, when=end.when or self._when(end.commit_id)),
            tuple(records),
            difference,
            tuple(notices),
            unread,
        )

    def _commit(self, name: str) -> str:
        if name in ("HEAD", "@"):
            return self._head()
        try:
            return self._repository.resolve(name)
        except NotFoundError:
            tip = self._remote(name)
            if tip is None:
                raise
            return tip[1]

    def _head(self) -> str:
        head = self._repository.refresh()
        if head is None:
            raise NotFoundError(
                "There is no commit yet.", "`lorebase changes --staged` tells what is staged."
            )
        return head

    def _tip(self, name: str) -> tuple[str, str]:
        """Return where a branch stands, and its full name (empty for another name of a commit)."""
        names = self._repository.branches()
        for full in (f"refs/heads/{name}", f"refs/remotes/{name}"):
            if full in names:
                return self._repository.resolve(names[full]), full
        remote = self._remote(name)
        if remote is not None:
            return remote[1], remote[0]
        return self._commit(name), ""

    def _remote(self, name: str) -> tuple[str, str] | None:
        """Return the one remote branch of this short name, so that it need not be checked out."""
        found = [
            (full, oid)
            for full, oid in self._repository.branches().items()
            if full.startswith("refs/remotes/") and full.split("/", 3)[-1] == name
        ]
        return (found[0][0], self._repository.resolve(found[0][1])) if len(found) == 1 else None

    def _line(self, branch: str) -> tuple[str, str]:
        """Return the name and the commit of the line that a branch goes back to."""
        names = self._repository.branches()
        for place in ("refs/remotes/origin/HEAD", *_places()):
            if place in names and place.rpartition("/")[2] != branch.rpartition("/")[2]:
                short = place.removeprefix("refs/heads/").removeprefix("refs/remotes/")
                return short, self._repository.resolve(names[place])
        return "HEAD", self._head()

    def _when(self, oid: str) -> int:
        if not oid:
            return 0
        return self._repository.committed(oid)


def _places() -> Iterator[str]:
    for name in _LINES:
        yield f"refs/remotes/origin/{name}"
        yield f"refs/heads/{name}"


def _own_line(reader: sqlite3.Connection, head: str) -> Iterator[tuple[str, int]]:
    """Yield the commits of the first parents, newest first, with their times."""
    parents = {
        oid: (first.split(" ", 1)[0], committed)
        for oid, first, committed in reader.execute("SELECT oid, parents, committed FROM commits")
    }
    oid = head
    while oid in parents:
        parent, committed = parents[oid]
        yield oid, committed
        oid = parent


def _commits(number: int) -> str:
    return "1 commit" if number == 1 else f"{number:,} commits"
