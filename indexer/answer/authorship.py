"""Who wrote the commits of some files, counted as one command of git counts them.

A count that its own command does not give is worse than none, so nothing is counted but here: files with
where they stood before, of a person all names, robots in the whole though nobody asks them.
"""

from __future__ import annotations

import json
import re
import shlex
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.index.history import AuthorShare, CommitFacts, authors, commits_touching
from indexer.index.persons import same_people

EVERYBODY: Final = 1_000_000
"""More than any repository has: who is left out of the list is missing in its sum."""

_PATHS: Final = 8
"""Paths that a command still names; of more it says how many there are."""

_ROBOT: Final = re.compile(
    r"\[bot\]|^(?:(?:your )?name|unknown|no name|root|user|admin)$"
    r"|^(?:dependabot|renovate|pyup|github-actions|pre-commit-ci|greenkeeper)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Authorship:
    """Who wrote some files, most commits first; ``total`` is of all commits, those of robots too."""

    shares: tuple[AuthorShare, ...]
    names: tuple[tuple[str, ...], ...]
    """Of each share all names that its person wrote under, the most used first."""
    total: int
    command: str
    """What gives the same count."""
    path_ids: tuple[int, ...]

    def written_as(self, name: str) -> tuple[str, ...]:
        """Return all names under which a person wrote, by the one of the share; nothing for a stranger."""
        return next((each for each in self.names if each[0] == name), ())


def authorship(reader: sqlite3.Connection, path_ids: Sequence[int] | None) -> Authorship:
    """Return who wrote the paths (None: the whole repository); those of now the first."""
    found = authors(reader, path_ids, EVERYBODY)
    people = _people(found)
    return Authorship(
        tuple(share for share, _ in people),
        tuple(names for _, names in people),
        sum(each.commits for each in found),
        "git log --format=%an" if path_ids is None else log_command(reader, path_ids, "--format=%an"),
        tuple(path_ids or ()),
    )


def log_command(reader: sqlite3.Connection, path_ids: Sequence[int], form: str = "") -> str:
    """Return the git command whose commits are those that the index counts for some paths.

    Merges repeat what they merge, and git leaves out sides of the history unless told not to.
    """
    rows = reader.execute(
        "SELECT id, shown FROM path WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(path_ids)),),
    ).fetchall()
    shown = dict(rows)
    paths = [shown[each] for each in path_ids if each in shown]
    named = " ".join(shlex.quote(each) for each in paths)
    if len(paths) > _PATHS:
        named = f"the {len(paths)} paths that these files have or had"
    return " ".join(filter(None, ("git log --full-history --no-merges", form, named and f"-- {named}")))


def commits_by(reader: sqlite3.Connection, counted: Authorship, name: str) -> list[CommitFacts]:
    """Return the commits of one person among those counted, newest first."""
    names = set(counted.written_as(name))
    return [each for each in commits_touching(reader, counted.path_ids, EVERYBODY) if each.author in names]


def merged(shares: Sequence[AuthorShare]) -> list[AuthorShare]:
    """Return one share for each person, under the name that is first; no robots."""
    return [share for share, _ in _people(shares)]


def is_robot(name: str, email: str) -> bool:
    """Return whether commits under this name are a program's."""
    return bool(_ROBOT.search(name) or _ROBOT.search(email))


# ------------------------------------------------------------------------------------ private


def _people(shares: Sequence[AuthorShare]) -> list[tuple[AuthorShare, tuple[str, ...]]]:
    people = [each for each in shares if not is_robot(each.name, each.email)]
    out: dict[int, AuthorShare] = {}
    names: dict[int, list[str]] = {}
    for share, root in zip(people, same_people([(each.name, each.email) for each in people]), strict=True):
        known = out.get(root)
        if share.name not in names.setdefault(root, []):
            names[root].append(share.name)
        if known is None:
            out[root] = share
            continue
        newer = share if share.last > known.last else known
        out[root] = AuthorShare(
            known.name,
            newer.email or known.email or share.email,
            known.commits + share.commits,
            min(known.first, share.first),
            max(known.last, share.last),
        )
    return sorted(((out[root], tuple(names[root])) for root in out), key=lambda each: -each[0].commits)
