"""Who is one person under several names and addresses.

git knows what a machine was set up with: "Stéphane Brossier" at work is "stephane brossier" at home.
Those who share an address, or a name but for case, accents and spaces, are taken to be one.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache


def same_people(people: Sequence[tuple[str, str]]) -> list[int]:
    """Return for each (name, address) the place of the first one that is the same person, itself perhaps."""
    roots = list(range(len(people)))
    first: dict[str, int] = {}

    def root(at: int) -> int:
        while roots[at] != at:
            at = roots[at]
        return at

    for at, (name, email) in enumerate(people):
        for key in _keys(name, email):
            if key in first:
                one, other = sorted((root(first[key]), root(at)))
                roots[other] = one
            else:
                first[key] = at
    return [root(at) for at in range(len(people))]


def addresses(reader: sqlite3.Connection) -> Mapping[int, Sequence[str]]:
    """Return for each id of table person all addresses of the person behind it; empty ones are left out."""
    return _addresses(tuple(reader.execute("SELECT id, name, email FROM person ORDER BY id")))


@lru_cache(maxsize=4)
def _addresses(rows: tuple[tuple[int, str, str], ...]) -> Mapping[int, Sequence[str]]:
    # Every answer asks twice, and 2,000 people take 5 ms of comparing names.
    roots = same_people([(name, email) for _, name, email in rows])
    known: dict[int, list[str]] = {}
    for (_, _, email), root in zip(rows, roots, strict=True):
        if email and email not in known.setdefault(root, []):
            known[root].append(email)
    return {number: tuple(known.get(root, ())) for (number, _, _), root in zip(rows, roots, strict=True)}


def _keys(name: str, email: str) -> list[str]:
    # Nobody's name, or address, is everybody's who has none.
    plain = "".join(each for each in unicodedata.normalize("NFKD", name.casefold()) if each.isalnum())
    return [f"n:{plain}"] * bool(plain) + [f"e:{email.casefold()}"] * bool(email)
