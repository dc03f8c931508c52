"""What each line of a text begins with alike, since a container, a shipper or a logger put it there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

LEAST_LINES: Final = 4
"""Fewer lines begin alike by chance."""

SHARE: Final = 0.75
"""Of the lines: a terminal wraps some, and leaves what it wrapped without a prefix."""

MOST_TOKENS: Final = 12
"""A date, a host, a process and what they are set between."""

LOOKED_AT: Final = 2_000
"""Lines that tell what all of a text begin with."""

_TOKEN: Final = re.compile(r"[^\s|:\]>]*[|:\]>!]|[^\s|:\]>]+")
_VARYING: Final = re.compile(r"\d+")
_NAMING: Final = re.compile(r"[A-Za-z]{2}|^!$")
_NAME: Final = re.compile(r"[A-Za-z]{3}")
_OF_FRAMES: Final = frozenset(("at", "in", "by", "from", "to", "File", "bei", "en", "em", "frame"))
"""With what a frame itself begins."""
_ENDING: Final = re.compile(r"[|:\]>!]$")


def without_prefix(lines: Sequence[str], frames: Callable[[Sequence[str]], int]) -> list[str]:
    """Return lines without what most of them begin with, where no frame is lost by that.

    ``frames`` counts the frames that lines are read as. What ends in a sign that sets it off, or is a
    name, is taken off if as many are read without it; a word that frames begin with only if more are.
    """
    found = _shared(lines)
    if not found:
        return list(lines)
    before = frames(lines)
    for count in range(len(found), 0, -1):
        shape = found[:count]
        if shape[-1] in _OF_FRAMES or not any(_NAMING.search(token) for token in shape):
            continue
        set_off = _ENDING.search(shape[-1]) is not None or any(_NAME.search(token) for token in shape)
        cut = _cut(lines, shape)
        emptied = sum(bool(line) and not rest for line, rest in zip(lines, cut, strict=True))
        if emptied * 2 > len(lines):
            continue  # lines of a log that are all alike: what they say is no prefix
        read = frames(cut)
        if read > before or (set_off and read == before > 0):
            return cut
    return list(lines)


def _shared(lines: Sequence[str]) -> list[str]:
    """Return the tokens, numbers aside, that most lines begin with, the longest such row."""
    spoken = [line for line in lines[:LOOKED_AT] if any(map(str.isalnum, line))]
    if len(spoken) < LEAST_LINES:
        return []
    least = SHARE * len(spoken)
    rows = [_shape(line) for line in spoken]
    shared: list[str] = []
    while len(shared) < MOST_TOKENS:
        at = len(shared)
        counted = Counter(row[at] for row in rows if len(row) > at)
        if not counted:
            break
        token, number = counted.most_common(1)[0]
        # A line may be its prefix alone, where a blank line was written.
        ended = sum(len(row) == at for row in rows)
        if number + ended < least or number < LEAST_LINES:
            break
        shared.append(token)
        rows = [row for row in rows if len(row) == at or row[at] == token]
    return shared


def _shape(line: str) -> list[str]:
    if line[:1].isspace():
        return [""]
    return [_VARYING.sub("0", match.group()) for match in _TOKEN.finditer(line[:300])][:MOST_TOKENS]


def _cut(lines: Sequence[str], shape: Sequence[str]) -> list[str]:
    """Return lines without a prefix, and without the blanks that all of those that had it have behind it."""
    ends: list[int] = []
    for line in lines:
        end, row = 0, list(_TOKEN.finditer(line[:300]))[: len(shape)]
        if not line[:1].isspace() and [_VARYING.sub("0", each.group()) for each in row] == list(shape):
            end = row[-1].end()
        ends.append(end)
    behind = [
        len(line[end:]) - len(line[end:].lstrip())
        for line, end in zip(lines, ends, strict=True)
        if end and line[end:].strip()
    ]
    blanks = min(behind, default=0)
    return [line[end + blanks :] if end else line for line, end in zip(lines, ends, strict=True)]
