"""Who to ask for review: named owners first, then who wrote most of what changed and is still there."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from indexer.answer.authorship import is_robot
from indexer.answer.citations import Sources
from indexer.answer.contacts import code_owners, day
from indexer.guide.changes.citing import fact
from indexer.guide.changes.weighing import Weighed, Weigher
from indexer.index.history import commits_of
from indexer.shapes.changes import Reviewer
from indexer.types import CommitRecord, Contact, Section, Statement

MOST: Final = 4
LOOKED_AT: Final = 40
"""Changed files whose history is counted, the largest changes first."""

FEW_AUTHORS: Final = 3
"""Up to so many authors, a range is their own work, and others should review it."""

PRESENT: Final = 0.02
"""Share of a file's commits from which somebody is said to know it."""


@dataclass(slots=True)
class _Known:
    """What one person knows of the changed files."""

    name: str
    email: str
    last: int
    weight: float = 0.0
    files: list[tuple[int, int, str, int | None]] = field(default_factory=list)
    """(their commits, all commits, path, its id)."""


def reviewers(
    reader: sqlite3.Connection,
    sources: Sources,
    weigher: Weigher,
    files: Sequence[Weighed],
    records: Sequence[CommitRecord],
) -> tuple[list[Reviewer], tuple[str, ...]]:
    """Return people to ask, the best first, and who was left out since the change is their own."""
    looked_at = [each for each in files if each.code] or [each for each in files if each.path_id is not None]
    looked_at = looked_at[:LOOKED_AT]
    own = _own_work(records)
    out: list[Reviewer] = []
    for owner, place in code_owners(sources, [each.path for each in files]):
        path, _, line = place.rpartition(":")
        citation = sources.span(path, int(line), int(line))
        if citation is not None:
            text = f"{owner} is named as owner in {path}."
            says = Statement(Section.WHAT, text, (citation,))
            out.append(Reviewer(Contact(owner, owner if "@" in owner[1:] else "", f"named in {path}"), says))
    known = _people(weigher, looked_at)
    left_out: list[str] = []
    for person in sorted(known, key=lambda each: -each.weight):
        if weigher.has_left(person.email, person.last):
            continue
        if person.name.casefold() in own:
            left_out.append(person.name)
            continue
        if len(out) >= MOST:
            break
        out.append(_reviewer(reader, person, weigher.last_commit(person.email, person.last), len(looked_at)))
    return out, tuple(left_out)


def _own_work(records: Sequence[CommitRecord]) -> set[str]:
    """Return the few people whose work the range is; nobody when it is that of many."""
    names = {each.author.casefold() for each in records if not is_robot(each.author, each.email)}
    return names if len(names) <= FEW_AUTHORS else set()


def _people(weigher: Weigher, files: Sequence[Weighed]) -> list[_Known]:
    people: dict[str, _Known] = {}
    by_email: dict[str, str] = {}
    for file in files:
        shares = weigher.people(file)
        total = sum(each.commits for each in shares)
        for share in shares:
            if not total or share.commits / total < PRESENT:
                continue
            key = by_email.setdefault(share.email.casefold() or share.name.casefold(), share.name.casefold())
            person = people.setdefault(key, _Known(share.name, share.email, share.last))
            person.last = max(person.last, share.last)
            person.weight += (share.commits / total) * (1 + min(file.lines, 500) / 100)
            person.files.append((share.commits, total, file.path, file.path_id))
    return list(people.values())


def _reviewer(reader: sqlite3.Connection, person: _Known, last: int, of: int) -> Reviewer:
    best = sorted(person.files, key=lambda each: -each[0])
    first = best[0]
    share = f"{first[0]} of the {first[1]} commits of {first[2]}"
    others = f", and knows {len(best) - 1} of the {of} changed files besides" if len(best) > 1 else ""
    reason = f"wrote {share}{others}; last commit on {day(last)}"
    ids = [number for *_, number in best if number is not None]
    commits = commits_of(reader, person.name, person.email, ids)
    where = " ".join(path for _, _, path, _ in best[:3])
    says = fact(
        f"{person.name} {reason}.", f"git log --author={person.email or person.name} -- {where}", commits
    )
    return Reviewer(Contact(person.name, person.email, reason), says)
