"""Who was active when, over the whole history.

Each answer that names people asks for it several times, and a scan of all commits takes 2 ms for 13,000 of
them; so it is reckoned once for each state of the history.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from indexer.index.catalog import indexed_state
from indexer.index.persons import addresses

GONE_SECONDS: Final = 2 * 365 * 86_400
"""Without a commit for so long before the newest one, a person is said to have left."""

_MOST_KEPT: Final = 4


@dataclass(frozen=True, slots=True)
class Activity:
    """Of HEAD's ancestry, by address: the person behind it may have written under several."""

    newest: int
    """When the newest commit was written (seconds since 1970); 0 without any."""
    seen: Mapping[str, int]
    """When the person behind an address last wrote a commit."""
    recent: Mapping[str, int]
    """How many commits that person wrote in the two years before the newest one."""

    def last(self, email: str, known: int) -> int:
        """Return when the person behind an address last wrote; ``known`` is a commit of theirs."""
        return max(self.seen.get(email, known), known)

    def has_left(self, email: str, known: int | None = None) -> bool:
        """Return whether that person is said to have left: not of one of whom no commit is known."""
        if known is None and email not in self.seen:
            return False
        return self.newest - self.last(email, known or 0) > GONE_SECONDS


_kept: dict[tuple[str | int | None, ...], Activity] = {}


def activity(reader: sqlite3.Connection) -> Activity:
    """Return who was active when, in the state that ``reader`` sees."""
    # While the history is read its commits come under one state.
    last = reader.execute("SELECT max(id) FROM commits").fetchone()[0]
    key = (*indexed_state(reader), last)
    known = _kept.get(key)
    if known is None:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        known = _kept[key] = _reckoned(reader)
    return known


def _reckoned(reader: sqlite3.Connection) -> Activity:
    row = reader.execute("SELECT authored FROM commits WHERE reachable = 1 ORDER BY sequence DESC LIMIT 1")
    newest = int((row.fetchone() or (0,))[0])
    people = reader.execute(
        "SELECT person_id, max(authored), sum(authored >= ?) FROM commits WHERE reachable = 1"
        " GROUP BY person_id",
        (newest - GONE_SECONDS,),
    ).fetchall()
    known = addresses(reader)
    seen: dict[str, int] = {}
    recent: dict[str, int] = {}
    for person, last, commits in people:
        for email in known.get(person, ()):
            seen[email] = max(seen.get(email, last), last)
            recent[email] = recent.get(email, 0) + commits
    return Activity(newest, seen, recent)
