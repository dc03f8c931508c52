"""Numbers of things, in words; as light as it is, the first page can say them."""

from __future__ import annotations


def counted(number: int, one: str, many: str) -> str:
    """Return ``one`` for one thing, else ``many`` with the number in the place of its ``%s``."""
    return one if number == 1 else many % f"{number:,}"
