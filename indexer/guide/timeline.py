"""The history pages: commits a week, slices of the list, and one commit with all that is known of it."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from array import array
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from indexer.answer.cues import Cue, cue_of
from indexer.answer.scopes import Scopes, parse
from indexer.answer.scoping import matches
from indexer.errors import NotFoundError
from indexer.index import history, lexical
from indexer.index.catalog import Catalog, get_meta
from indexer.pages import (
    CommitName,
    CommitPage,
    CommitRow,
    CommitSlice,
    CommitsWanted,
    Tag,
    Timeline,
    TimelineWanted,
)
from indexer.types import RepositoryFacts

WEEK: Final = 604_800
MONDAY: Final = 345_600
"""1970-01-05, the first Monday: bars begin where weeks do."""

MOST_ROWS: Final = 1_000
MOST_CHANGES: Final = 2_000
READ_OF_MESSAGE: Final = 4_000
"""Characters of a message that the cue rule reads: beyond them there are only lists and trailers."""

_LISTS_KEPT: Final = 8
_REMEMBERED: Final = 20_000
_BY_ID: Final = frozenset("0123456789abcdef")


class Tagged(Protocol):
    """What is needed of the repository."""

    def tags(self) -> dict[str, str]:
        """Return the tags with the ids of their commits."""

    def facts(self) -> RepositoryFacts:
        """Return what is known of the repository."""


class History:
    """Reads the catalog's commits for the pages; callable from several threads."""

    def __init__(self, catalog: Catalog, repository: Tagged) -> None:
        self._catalog = catalog
        self._repository = repository
        self._lists: OrderedDict[object, array[int]] = OrderedDict()
        self._reasons: OrderedDict[int, bool] = OrderedDict()
        self._lock = threading.Lock()

    def timeline(self, wanted: TimelineWanted) -> Timeline:
        """Return the commits of HEAD's ancestry by week, and the tags among them."""
        with self._catalog.snapshot() as reader:
            counts = _weeks(reader, wanted.path.strip().strip("/"))
            tags = self._tags(reader)
        shallow = self._repository.facts().shallow
        if not counts:
            return Timeline(0, (), tuple(tags), shallow)
        first, last = max(min(counts), 0), min(max(counts), _week_of(int(time.time())))
        bars = [0] * (max(last - first, 0) + 1)
        moved = 0
        for week, number in counts.items():
            at = min(max(week - first, 0), len(bars) - 1)
            moved += number * (at != week - first)
            bars[at] += number
        notices = (f"{moved:,} commits with an impossible date stand at the ends.",) if moved else ()
        return Timeline(MONDAY + (first - 1) * WEEK, tuple(bars), tuple(tags), shallow, notices)

    def commits(self, wanted: CommitsWanted) -> CommitSlice:
        """Return a slice of HEAD's ancestry, newest first. Words of the text must all occur."""
        scopes, notices = parse(wanted.text)
        with self._catalog.snapshot() as reader:
            ids = self._listed(reader, (scopes, wanted.after, wanted.before))
            start = max(wanted.start, 0)
            chosen = list(ids[start : start + min(max(wanted.count, 0), MOST_ROWS)])
            rows = reader.execute(
                f"{_ROW} WHERE c.id IN (SELECT value FROM json_each(?)) ORDER BY c.sequence DESC",  # noqa: S608
                (json.dumps(chosen),),
            ).fetchall()
            return CommitSlice(self._rows(reader, rows), len(ids), tuple(notices))

    def warm(self) -> None:
        """Order the whole history now, so that the first look at it need not wait."""
        self.commits(CommitsWanted())

    def by_id(self, oids: Sequence[str]) -> tuple[CommitRow, ...]:
        """Return the rows of these commits, in this order; those that are not indexed are left out."""
        with self._catalog.snapshot() as reader:
            rows = reader.execute(
                f"{_ROW} WHERE c.oid IN (SELECT value FROM json_each(?))",  # noqa: S608
                (json.dumps(list(oids)),),
            ).fetchall()
            found = {each.commit_id: each for each in self._rows(reader, rows)}
        return tuple(found[oid] for oid in oids if oid in found)

    def commit(self, wanted: CommitName) -> CommitPage:
        """Return one commit. Raises NotFoundError when the id names none, or more than one."""
        with self._catalog.snapshot() as reader:
            facts = history.commit(reader, wanted.id.strip())
            if facts is None:
                raise NotFoundError(
                    f"No commit of the index has the id {wanted.id!r}.",
                    "Give more of the id, or wait until the history is read.",
                )
            row = reader.execute(f"{_ROW} WHERE c.id = ?", (facts.id,)).fetchall()
            touched = history.paths_touched(reader, facts.id, MOST_CHANGES)
            return CommitPage(
                row=self._rows(reader, row)[0],
                email=facts.email,
                committed=facts.committed,
                parents=facts.parents,
                message=facts.message,
                changes=tuple((each.status, each.path) for each in touched),
                changes_total=int(row[0][-2]),
                reachable=facts.reachable,
                changes_known=facts.changes_known,
            )

    # ---------------------------------------------------------------------------- private

    def _listed(self, reader: sqlite3.Connection, asked: tuple[Scopes, int, int]) -> array[int]:
        """Return what a filter leaves, remembered for the slices that follow."""
        newest = reader.execute("SELECT max(id) FROM commits").fetchone()[0]
        key = (asked, get_meta(reader, "head"), newest)
        with self._lock:
            known = self._lists.get(key)
        if known is None:
            known = _matching(reader, *asked)
            with self._lock:
                self._lists[key] = known
                while len(self._lists) > _LISTS_KEPT:
                    self._lists.popitem(last=False)
        return known

    def _rows(self, reader: sqlite3.Connection, rows: Sequence[tuple]) -> tuple[CommitRow, ...]:  # type: ignore[type-arg]
        reasons = self._say_why(reader, [row[0] for row in rows])
        named: dict[str, list[str]] = {}
        for name, oid in self._repository.tags().items():
            named.setdefault(oid, []).append(name)
        return tuple(
            CommitRow(
                commit_id=oid,
                subject=subject,
                author=author,
                authored=authored,
                files=files,
                merge=" " in parents,
                reason=number in reasons,
                tags=tuple(sorted(named.get(oid, ()))),
            )
            for number, oid, subject, author, authored, parents, files, _ in rows
        )

    def _say_why(self, reader: sqlite3.Connection, ids: Iterable[int]) -> set[int]:
        """Return which of the commits say why, by the rule that answers go by."""
        wanted = list(ids)
        with self._lock:
            known = {number: self._reasons[number] for number in wanted if number in self._reasons}
        asked = [number for number in wanted if number not in known]
        if asked:
            rows = reader.execute(
                "SELECT commit_id, text FROM chunk WHERE commit_id IN (SELECT value FROM json_each(?))"
                " ORDER BY start_line DESC",
                (json.dumps(asked),),
            )
            found = {number: cue_of(text[:READ_OF_MESSAGE]) is Cue.STRONG for number, text in rows.fetchall()}
            known |= {number: found.get(number, False) for number in asked}
            with self._lock:
                self._reasons.update(found)
                while len(self._reasons) > _REMEMBERED:
                    self._reasons.popitem(last=False)
        return {number for number, reason in known.items() if reason}

    def _tags(self, reader: sqlite3.Connection) -> list[Tag]:
        tags = self._repository.tags()
        rows = reader.execute(
            "SELECT oid, authored FROM commits WHERE reachable = 1"
            " AND oid IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(set(tags.values()))),),
        )
        times = dict(rows.fetchall())
        found = [Tag(name, oid, times[oid]) for name, oid in tags.items() if oid in times]
        return sorted(found, key=lambda tag: (tag.when, tag.name))


_ROW: Final = (
    "SELECT c.id, c.oid, c.subject, p.name, c.authored, c.parents,"
    " (SELECT count(*) FROM change WHERE change.commit_id = c.id), c.reachable"
    " FROM commits c JOIN person p ON p.id = c.person_id"
)


def _week_of(seconds: int) -> int:
    """Return the number of the week, 1 for that of the first Monday."""
    return (seconds - MONDAY) // WEEK + 1


def _weeks(reader: sqlite3.Connection, path: str) -> dict[int, int]:
    within = ""
    values: tuple[object, ...] = (MONDAY, WEEK)
    if path:
        within = " AND id IN (SELECT commit_id FROM change WHERE path_id IN (SELECT value FROM json_each(?)))"
        values += (json.dumps(_paths_below(reader, path)),)
    # SQLite's division cuts towards zero; a shift by 2,000 weeks keeps dates before 1970 in order.
    rows = reader.execute(
        f"SELECT (authored - ? + 2000 * 604800) / ? - 1999, count(*) FROM commits"  # noqa: S608
        f" WHERE reachable = 1{within} GROUP BY 1",
        values,
    )
    return dict(rows.fetchall())


def _paths_below(reader: sqlite3.Connection, path: str) -> list[int]:
    """Return the ids of a path and of all below it, those that are gone from HEAD included."""
    below = path + "/"
    rows = reader.execute(
        "SELECT id FROM path WHERE shown = ? OR (shown >= ? AND shown < ?)", (path, below, below[:-1] + "0")
    )
    return [number for (number,) in rows]


def _matching(reader: sqlite3.Connection, scopes: Scopes, after: int, before: int) -> array[int]:
    """Return the ids of the commits of HEAD's ancestry that a filter leaves, newest first."""
    conditions, values = ["reachable = 1"], list[object]()
    since = max([each for each in (scopes.since, after) if each], default=0)
    until = min([each for each in (scopes.before, before) if each], default=0)
    if since:
        conditions.append("authored >= ?")
        values.append(since)
    if until:
        conditions.append("authored < ?")
        values.append(until)
    if scopes.people:
        asked = [each.casefold() for each in scopes.people]
        people = [
            number
            for number, name, email in reader.execute("SELECT id, name, email FROM person")
            if any(each in f"{name} <{email}>".casefold() for each in asked)
        ]
        conditions.append("person_id IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(people))
    if scopes.paths:
        conditions.append(
            "id IN (SELECT commit_id FROM change WHERE path_id IN (SELECT value FROM json_each(?)))"
        )
        values.append(json.dumps(_paths_matching(reader, scopes.paths)))
    said = _saying(reader, scopes.text)
    if said is not None:
        conditions.append("id IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(said))
    rows = reader.execute(
        f"SELECT id FROM commits WHERE {' AND '.join(conditions)} ORDER BY sequence DESC",  # noqa: S608
        values,
    )
    return array("q", [number for (number,) in rows])


def _saying(reader: sqlite3.Connection, text: str) -> list[int] | None:
    """Return the commits whose message holds all words of ``text``, or whose id begins with it.

    None when ``text`` has no word that says anything, so that nothing is left out by it.
    """
    terms = lexical.terms_of(text)
    if not terms:
        return None
    found = lexical.commits_saying(reader, terms)
    named = history.commit(reader, text) if _BY_ID.issuperset(text.lower()) else None
    return found if named is None else [named.id, *found]


def _paths_matching(reader: sqlite3.Connection, asked: Sequence[str]) -> list[int]:
    rows = reader.execute("SELECT id, shown FROM path")
    return [number for number, shown in rows if any(matches(shown, each) for each in asked)]
