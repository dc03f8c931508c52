"""Which file of now one of the past became: by git's own likeness, step by step, else by its name."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Sequence
from typing import Final

from indexer.errors import ObjectProblemError
from indexer.guide.traces.book import Book, Place
from indexer.guide.traces.versions import Versions, alike, counted, same_family
from indexer.repo.repository import Repository

STEPS: Final = 8
"""Renames of one file that are followed, one after another."""

LIKE: Final = 0.4
"""Share of the lines of the smaller of two texts that both must have, for one to be the other moved."""

CALLED: Final = 0.6
"""Share of the names that the smaller of two texts calls or defines, which the other must have too."""

MOST: Final = 12
"""Files that one may have become which are looked into."""


class Renames:
    """Follows files that are gone; callable until a moment, for one text."""

    def __init__(
        self, reader: sqlite3.Connection, repository: Repository, versions: Versions, ends: float
    ) -> None:
        self._reader = reader
        self._repository = repository
        self._versions = versions
        self._ends = ends
        self._of_commit: dict[str, dict[str, str]] = {}
        self._went: dict[int, list[Place]] = {}
        self._now: dict[int, Place] = {}
        self._ended: dict[int, Place] = {}
        self.stopped = False
        """Whether the time was not enough to ask git of all that was wanted."""

    def went(self, place: Place, book: Book) -> list[Place]:
        """Return which files of now a file that is gone became, the likeliest first.

        What git calls its rename comes first; then files of its name that its last commit added, and those
        of other names, which only hold what a frame names where that is in them.
        """
        known = self._went.get(place.path_id)
        if known is None:
            known = self._went[place.path_id] = self._followed(place, book)
        return known

    def now(self, place: Place) -> Place | None:
        """Return the file of now that ``went`` found by git's own likeness."""
        return self._now.get(place.path_id)

    def gone_in(self, place: Place) -> str:
        """Return the commit that took a file away; empty when it is not known."""
        row = self._end(place)
        return "" if row is None else str(row[0])

    def continues(self, gone: Place, place: Place) -> bool:
        """Return whether a file of now came when or after one went, and began like it ended."""
        end = self._end(self._ended.get(gone.path_id, gone))
        row = self._reader.execute(
            "SELECT min(c.sequence) FROM change JOIN commits c ON c.id = change.commit_id"
            " WHERE path_id = ? AND status = 'A' AND reachable = 1",
            (place.path_id,),
        ).fetchone()
        if end is None or row is None or row[0] is None or row[0] < end[2]:
            return False
        begun = self._versions.of(place)
        if not begun:
            return False
        old = self._versions.last(gone)
        # In another language of the same runtime the lines differ, and what is called does not.
        return likeness(old, begun[-1].lines) >= LIKE or _called_alike(old, begun[-1].lines) >= CALLED

    # ---------------------------------------------------------------------------- private

    def _end(self, place: Place) -> tuple[str, str, int] | None:
        """Return the commit that took a file away, its parents, and its place in history."""
        row = self._reader.execute(
            "SELECT c.oid, c.parents, c.sequence FROM change JOIN commits c ON c.id = change.commit_id"
            " WHERE path_id = ? AND status = 'D' AND reachable = 1 ORDER BY sequence DESC LIMIT 1",
            (place.path_id,),
        ).fetchone()
        return None if row is None else (str(row[0]), str(row[1]), int(row[2]))

    def _followed(self, place: Place, book: Book) -> list[Place]:
        found: list[Place] = []
        at, seen = place, {place.path_id}
        others: list[Place] = []
        for _ in range(STEPS):
            moved = self._moved(at)
            renamed = moved.get(at.path, "")
            added, names = self._added(at, book)
            # A file that git says was another one before has its own past.
            taken = set(moved.values()) - {renamed}
            others += [each for each in added if each not in others and each.path not in taken]
            names = [each for each in names if each not in taken]
            # Where git sees nothing alike, one file of the name that came in the commit goes on from it.
            following = renamed or (names[0] if len(names) == 1 else "")
            current = book.paths.get(following)
            if current is not None:
                found.append(current)
                if renamed:
                    self._now[place.path_id] = current
            name = following.rpartition("/")[2].lower()
            former = next((each for each in book.former.get(name, ()) if each.path == following), None)
            if current is not None or former is None or former.path_id in seen:
                break
            at = former
            seen.add(at.path_id)
        self._ended[place.path_id] = at
        return [*found, *(each for each in others if each not in found)][:MOST]

    def _moved(self, place: Place) -> dict[str, str]:
        """Return what git says that files became where one went, by what they were."""
        end = self._end(place)
        if end is None or not end[1]:
            return {}
        commit, parents, _ = end
        known = self._of_commit.get(commit)
        if known is None:
            left = self._ends - time.monotonic()
            if left <= 0:
                self.stopped = True
                return {}
            try:
                moved = self._repository.renames(parents.split(" ")[0], commit, left)
            except ObjectProblemError:
                moved = []
            self.stopped |= time.monotonic() >= self._ends
            known = self._of_commit[commit] = {each.old_path: each.path for each in moved}
        return known

    def _added(self, place: Place, book: Book) -> tuple[list[Place], list[str]]:
        """Return files of now that the commit which took one away added, those of its name before others; and
        the paths of its name that it added, whether they are still there or not.
        """
        rows = self._reader.execute(
            "SELECT made.status, p.shown, c.oid FROM change gone JOIN commits c ON c.id = gone.commit_id"
            " JOIN change made ON made.commit_id = gone.commit_id AND made.status IN ('A', 'M')"
            " JOIN path p ON p.id = made.path_id"
            " WHERE gone.path_id = ? AND gone.status = 'D' AND c.reachable = 1 ORDER BY c.sequence DESC"
            " LIMIT 400",
            (place.path_id,),
        ).fetchall()
        found: list[tuple[int, str]] = []
        names: list[str] = []
        old = self._versions.last(place)
        for status, shown, commit in rows:
            same = alike(shown, place.path)
            if not same_family(shown, place.path) or not (same or status == "A"):
                continue
            if same and status == "A":
                names.append(shown)
            # One that was there before has its own past; it may only have taken the lines over.
            if status == "A" or self._versions.taken_over(shown, old, commit) >= LIKE:
                found.append((0 if same else 1, shown))
        places = (book.paths.get(shown) for _, shown in sorted(found))
        return list(dict.fromkeys(each for each in places if each is not None)), names


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """Return which share of the lines of the smaller text the other has too; brackets do not count."""
    left, right = counted(one), counted(other)
    smaller = min(left.total(), right.total())
    return (left & right).total() / smaller if smaller else 0.0


def _called_alike(one: Sequence[str], other: Sequence[str]) -> float:
    left, right = (set(re.findall(r"[A-Za-z_]\w{3,}(?=\s*\()", "\n".join(lines))) for lines in (one, other))
    smaller = min(len(left), len(right))
    return len(left & right) / smaller if smaller > 3 else 0.0
