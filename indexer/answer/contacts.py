"""Who most likely knows: counted from the history of the files that an answer speaks of."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Final

from indexer.answer.authorship import authorship, merged
from indexer.answer.citations import Sources
from indexer.answer.lineage import with_former_paths
from indexer.index.activity import GONE_SECONDS, Activity, activity
from indexer.index.history import AuthorShare
from indexer.types import Contact

MOST: Final = 3

ALONE: Final = "; nobody else has committed here"

_FEW_COMMITS: Final = 12
"""Commits up to which each who wrote one of a few files knows something of them."""

_OWNER_FILES: Final = ("CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")


def contacts(
    reader: sqlite3.Connection,
    sources: Sources,
    files: Sequence[tuple[int, str]],
    *,
    most: int = MOST,
    where: str = "",
) -> list[Contact]:
    """Return people for ``files`` ((id, path), the most important first), the best first.

    Who is still there comes before who wrote more and left; owners named by the repository first.
    ``where`` names the files in the reasons; without it the first of them does.
    """
    named = where or (_named(files) if files else "")
    active = activity(reader)
    found = [_owner(name, path) for name, path in code_owners(sources, [path for _, path in files])]
    ids = with_former_paths(reader, [path_id for path_id, _ in files])
    counted = authorship(reader, ids)
    whole = not ids or not counted.shares
    if whole:
        counted = authorship(reader, None)
    shares, total = counted.shares, counted.total
    ranked = sorted(
        shares,
        key=lambda each: (_left(each, active), -_weight(each, active)),
    )
    there = [each for each in ranked if not _left(each, active)]
    # Of a file that many worked on, who touched it once mended a word.
    there = [each for each in there if each.commits > 1 or total <= _FEW_COMMITS]
    found += [_contact(each, named, total, active, whole=whole) for each in there]
    if not found and not whole:
        # All who wrote it are gone: whoever looks after the whole now is the next best.
        found += _at_home(reader, active.newest)
    told = {each.name for each in found}
    left = [each for each in ranked if each not in there and each.name not in told]
    found += [_contact(each, named, total, active, whole=whole) for each in left]
    if len(found) == len(shares) == 1 and len(authorship(reader, None).shares) == 1:
        found = [replace(found[0], reason=f"{found[0].reason}{ALONE}")]
    return found[:most]


def code_owners(sources: Sources, paths: Sequence[str]) -> list[tuple[str, str]]:
    """Return (owner, place of the rule) for the first of ``paths`` that CODEOWNERS has a rule for."""
    for name in _OWNER_FILES:
        source = sources.file(name)
        if source is None:
            continue
        for path in paths:
            # The last rule that matches is the one that counts.
            for number in range(len(source.lines), 0, -1):
                rule, *owners = source.lines[number - 1].split("#")[0].split() or [""]
                if rule and owners and _matches(rule, path):
                    return [(owner, f"{name}:{number}") for owner in owners[:2]]
    return []


def day(seconds: int) -> str:
    """Return the date of a time as recorded, in UTC; empty for one that no calendar has."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
    except (ValueError, OverflowError, OSError):
        return ""


def _left(share: AuthorShare, active: Activity) -> bool:
    return active.has_left(share.email, share.last)


def _at_home(reader: sqlite3.Connection, newest: int) -> list[Contact]:
    rows = reader.execute(
        "SELECT name, email, count(*) AS number, min(authored), max(authored) FROM commits"
        " JOIN person ON person.id = person_id WHERE reachable = 1 AND authored >= ?"
        " GROUP BY person.id ORDER BY number DESC LIMIT 10",
        (newest - GONE_SECONDS,),
    ).fetchall()
    people = merged([AuthorShare(*row) for row in rows])
    return [
        Contact(
            each.name,
            each.email,
            f"{each.commits} commits in the whole repository in the last two years of it,"
            f" the last on {day(each.last)}; those who wrote these files seem to have left",
        )
        for each in people[:1]
    ]


def _weight(share: AuthorShare, active: Activity) -> float:
    """Halve a commit's weight for each two years that lie between the person's last one and now.

    Somebody at home in the repository knows more of a file than one commit to it shows.
    """
    age: float = max(active.newest - share.last, 0) / GONE_SECONDS
    return share.commits * math.pow(0.5, age) + 0.5 * math.log1p(active.recent.get(share.email, 0))


def _contact(share: AuthorShare, named: str, total: int, active: Activity, *, whole: bool) -> Contact:
    where = "in the whole repository" if whole else f"that touched {named}"
    reason = f"{share.commits} of {total} commits {where}, the last on {day(share.last)}"
    if _left(share, active):
        reason += f"; seems to have left (no commit at all since {day(active.last(share.email, share.last))})"
    return Contact(share.name, share.email, reason)


def _named(files: Sequence[tuple[int, str]]) -> str:
    first = files[0][1].rpartition("/")[2]
    return first if len(files) == 1 else f"{first} and {len(files) - 1} more"


def _owner(name: str, place: str) -> Contact:
    return Contact(name, name if "@" in name[1:] else "", f"named as owner in {place}")


def _matches(rule: str, path: str) -> bool:
    anchored = rule.startswith("/") or "/" in rule.rstrip("/")
    pattern = rule.strip("/")
    if pattern == "*":
        return True
    candidates = [path] if anchored else [path, path.rpartition("/")[2]]
    return any(fnmatchcase(each, pattern) or fnmatchcase(each, f"{pattern}/*") for each in candidates) or (
        not anchored and f"/{pattern}/" in f"/{path}"
    )
