"""Which versions a text names, as far as the repository has tagged them."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from indexer.repo.repository import Repository

TAGS: Final = 6
"""Versions named by a text that are looked at."""

_NUMBER: Final = re.compile(
    r"(?<![\d.])v?(\d{1,4}(?:\.\d{1,5}){1,3}(?:[-.]?(?:rc|beta|alpha|b|a)\.?\d{0,3})?)(?![\d.]*:\d)"
)


def tagged(text: str, repository: Repository, names: Collection[str]) -> list[tuple[str, str]]:
    """Return the tags, with their commits, whose numbers stand in a text, the longest first.

    Where a number stands behind a name that this repository publishes, only such numbers count: others
    are those of a language, or of a library.
    """
    text = text[:200_000]
    numbers = set(_NUMBER.findall(text))
    known = "|".join(re.escape(name.rpartition("/")[2]) for name in names if len(name) > 1)
    if known:
        own = re.findall(
            rf"\b(?:{known})[-@ /_]v?(\d[\w.]*(?:-(?:rc|beta|alpha)[\w.]*)?)", text, re.IGNORECASE
        )
        numbers = ({number.rstrip(".") for number in own} & numbers) or numbers
    if not numbers:
        return []
    found: list[tuple[str, str]] = []
    for tag, commit in repository.tags().items():
        match = _NUMBER.search(tag)
        if match is None or match[1] not in numbers or match[1].count(".") == 0:
            continue
        # "grep-matcher-0.1.5" is meant by "grep-matcher-0.1.5" alone; "v0.1.5" by any 0.1.5.
        before = tag[: match.start()].strip("-_/@").lower()
        if (
            len(before) <= 1
            or before in ("release", "rel", "version")
            or f"{before}-{match[1]}" in text.lower()
        ):
            found.append((tag, commit))
    return sorted(found, key=lambda each: (-len(each[0]), each[0]))[:TAGS]
