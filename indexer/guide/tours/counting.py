"""Numbers as a tour says them."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number of things: ``one`` is what one of them is called."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def files(number: int) -> str:
    """Return a number of files."""
    return counted(number, "file")


def times(number: int) -> str:
    """Return how often something was done."""
    return {0: "not at all", 1: "once", 2: "twice"}.get(number, f"{number} times")
