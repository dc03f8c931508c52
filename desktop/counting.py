"""Numbers of things, in words. It imports nothing: the first page is painted with it."""

from __future__ import annotations


def counted(number: int, one: str, many: str) -> str:
    """Return ``one`` for one thing, else ``many`` with the number in the place of its ``%s``."""
    return one if number == 1 else many % f"{number:,}"
