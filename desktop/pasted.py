"""What is pasted or dropped in place of a question: a text of several lines, cut to its two ends. No Qt."""

from __future__ import annotations

from pathlib import Path
from typing import Final

MOST: Final = 400_000
"""Characters that are handed on: half from each end, since a message stands at one of them."""

MOST_LOG: Final = 16_000_000
"""Characters of a pasted log that are read whole; of a longer one only its ends are. A file is dropped."""

LINE_BREAKS: Final = 2
"""From which on a text is no question any more."""

LONG: Final = 2_000
"""Characters of one line from which on it is none either."""


def is_pasted(text: str) -> bool:
    """Say whether a text is more than a question."""
    return text.strip().count("\n") >= LINE_BREAKS or len(text) > LONG


def ends(text: str) -> str:
    """Return a text, or its two ends when it is long."""
    half = MOST // 2 - 1
    return text if len(text) <= MOST else f"{text[:half]}\n{text[-half:]}"


def ends_of(file: Path) -> str:
    """Return the text of a file, or its two ends; empty when it cannot be read."""
    try:
        with file.open("rb") as stream:
            head = stream.read(MOST // 2)
            size = stream.seek(0, 2)
            stream.seek(max(size - MOST // 2, len(head)))
            tail = stream.read(MOST // 2)
    except OSError:
        return ""
    cut = b"\n" if size > MOST else b""
    return (head + cut + tail).decode("utf-8", "replace")


def heading(text: str) -> str:
    """Return what stands for a question on a page, before its answer is there."""
    if not is_pasted(text):
        return text
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return first if len(first) <= 160 else f"{first[:159]}…"
