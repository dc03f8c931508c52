"""What a colour, a hatch and an outline of the map stand for: the same rules in the window and in a file."""

from __future__ import annotations

from typing import Final

from indexer.shapes.modules import FileRow

STEPS: Final = (1, 2, 4, 7, 10)
"""The least changes for each step of heat; below the first a file is not coloured at all."""

LEAST_OUTLINED: Final = 13.0
"""Tiles with a shorter side than this have no outline: a field of them would be black."""


def step(changes: int) -> int:
    """Return the step of heat, 0 (no change) to 5."""
    found = 0
    for least in STEPS:
        if changes < least:
            break
        found += 1
    return found


def hatched(file: FileRow) -> bool:
    """Say whether nothing in a file has a recorded reason; one without definitions needs none."""
    return file.why.definitions > 0 and not file.why.reasons


def outlined(file: FileRow) -> bool:
    """Say whether one person alone wrote a file."""
    return file.authors == 1
