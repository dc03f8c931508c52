"""What every test of the reader must leave behind: nothing."""

from __future__ import annotations

from collections.abc import Iterator

import psutil
import pytest


@pytest.fixture(autouse=True)
def no_git_is_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """See that each test ends with as many gits as it began with, once all is closed."""
    before = _gits()
    yield
    assert _gits() <= before


def _gits() -> set[int]:
    children = psutil.Process().children(recursive=True)
    found = set()
    for child in children:
        try:
            if child.name().startswith("git") and child.status() != psutil.STATUS_ZOMBIE:
                found.add(child.pid)
        except psutil.Error:
            continue
    return found
