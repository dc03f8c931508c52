"""Which versions a text names, as far as the repository has tagged them, or has the commit."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection
from typing import Final

from indexer.repo.repository import Repository

TAGS: Final = 6
"""Versions named by a text that are looked at."""

_NUMBER: Final = re.compile(
    r"(?<![\d.])v?(\d{1,4}(?:\.\d{1,5}){1,3}(?:[-.]?(?:rc|beta|alpha|b|a)\.?\d{0,3})?)(?![\d.]*:\d)"
)
_LATER: Final = re.compile(r"[-._]?(?:pre|rc|beta|alpha|dev|snapshot|m\d|b\d|a\d|milestone)", re.IGNORECASE)
"""Behind a number: a version before the one that the number is of."""

_OTHERS: Final = re.compile(r"(?P<name>[A-Za-z][\w.]*?(?:-[A-Za-z]\w*)*)[-@][vV]?(?P<number>\d+(?:\.\d+)+)")
"""A number behind the name of what it is a version of, as in a path."""


def tagged(
    text: str, repository: Repository, names: Collection[str], reader: sqlite3.Connection | None = None
) -> list[tuple[str, str]]:
    """Return the tags, with their commits, whose numbers stand in a text, the longest first.

    Where a number stands behind a name that this repository publishes, only such numbers count: others
    are those of a language, or of a library. So are those behind any other name. A commit that stands
    behind such a name, as in a folder that was unpacked, comes before all tags.
    """
    text = text[:200_000]
    numbers = set(_NUMBER.findall(text))
    own = {_last(name).lower() for name in names if len(_last(name)) > 1}
    others = {
        match["number"] for match in _OTHERS.finditer(text) if own and not _is_of(match["name"].lower(), own)
    }
    known = "|".join(re.escape(name) for name in sorted(own, key=lambda each: -len(each)))
    told: set[str] = set()
    if known:
        behind = re.findall(
            rf"\b(?:{known})[-@ /_]v?(\d[\w.]*(?:-(?:rc|beta|alpha)[\w.]*)?)", text, re.IGNORECASE
        )
        told = {number.rstrip(".") for number in behind} & numbers
    numbers = told or {number for number in numbers if number not in others}
    found = _commits(text, known, reader) if reader is not None and known else []
    for tag, commit in repository.tags().items() if numbers else ():
        match = _NUMBER.search(tag)
        if match is None or match[1] not in numbers or match[1].count(".") == 0:
            continue
        if _LATER.match(tag[match.end() :]):
            continue
        # "grep-matcher-0.1.5" is meant by "grep-matcher-0.1.5" alone; "v0.1.5" by any 0.1.5.
        before = tag[: match.start()].strip("-_/@").lower()
        if (
            len(before) <= 1
            or before in own
            or before in ("release", "rel", "version")
            or f"{before}-{match[1]}" in text.lower()
        ):
            found.append((tag, commit))
    return sorted(found, key=lambda each: (-len(each[0]), each[0]))[:TAGS]


def _commits(text: str, known: str, reader: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return commits whose ids, or beginnings of them, stand behind a name of this repository."""
    found: list[tuple[str, str]] = []
    ids = re.findall(rf"\b(?:{known})[-@/_](?:\d[\w.]*-)?(?=[0-9a-f]*\d)([0-9a-f]{{7,40}})\b", text, re.I)
    for begun in list(dict.fromkeys(each.lower() for each in ids))[:TAGS]:
        rows = reader.execute(
            "SELECT oid FROM commits WHERE oid >= ? AND oid < ? LIMIT 2", (begun, f"{begun}g")
        ).fetchall()
        if len(rows) == 1:
            found.append((f"commit {begun[:10]}", str(rows[0][0])))
    return found


def _is_of(name: str, own: Collection[str]) -> bool:
    """Return whether a name may be of a part of what this repository publishes."""
    return any(each in name or name in each for each in own)


def _last(name: str) -> str:
    """Return what a published name ends in, without the major version that Go adds."""
    bare = re.sub(r"/v\d+$", "", name)
    return bare.rpartition("/")[2]
