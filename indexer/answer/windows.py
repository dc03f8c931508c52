"""Cut from a passage the few lines that are nearest to a question, to be read beside it.

A passage may be a long section, a whole class or a message of forty lines; whether it answers a
question is decided on at most some sixty tokens of it, so that forty passages can be read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.sentences import sentences_in
from indexer.types import ChunkKind, Hit

CHARACTERS: Final = 330
"""Of a window without its title: about sixty tokens of prose, seventy of code."""

TITLE_CHARACTERS: Final = 90

_LONG: Final = 900
"""Characters from which a passage is given a second window, at another place."""

_WIDEST: Final = 160
"""Characters of one line of code that are read."""


@dataclass(frozen=True, slots=True)
class Window:
    """Lines ``start_line`` to ``end_line`` of a hit, as one text without signs of markup or comment.

    ``title`` says where they stand: the headings, the definition, or the subject of the message.
    """

    hit: Hit
    title: str
    text: str
    start_line: int
    end_line: int
    share: float
    """Of the question's weight, what the line in the middle holds."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence of prose, or a line of code."""

    text: str
    start_line: int
    end_line: int
    share: float


def windows(hit: Hit, sharing: Callable[[str], float], *, whole: bool = False) -> list[Window]:
    """Return one window of a passage, two of a long one; none when nothing in it can be read.

    ``sharing`` gives the share (0 to 1) of the question's weight that stands in a text. With ``whole`` the
    rest of the passage is cut too, one window after another: what answers may share no word with what is
    asked.
    """
    units = _units(hit, sharing)
    if not units:
        return []
    best = max(range(len(units)), key=lambda at: units[at].share)
    first = _around(hit, units, best)
    out = [first]
    before = [unit for unit in units if unit.end_line < first.start_line]
    behind = [unit for unit in units if unit.start_line > first.end_line]
    if whole:
        return [*out, *_one_by_one(hit, before), *_one_by_one(hit, behind)]
    if len(hit.text) >= _LONG:
        side = max(before, behind, key=lambda some: max((unit.share for unit in some), default=0.0))
        # A place that shares no word with the question is read for its passage's likeness alone, once.
        if any(unit.share for unit in side):
            out.append(_around(hit, side, max(range(len(side)), key=lambda at: side[at].share)))
    return out


def _one_by_one(hit: Hit, units: Sequence[_Unit]) -> list[Window]:
    """Return all units in windows, each as long as there is room."""
    out: list[Window] = []
    first = 0
    while first < len(units):
        last, room = first, CHARACTERS - len(units[first].text)
        while last + 1 < len(units) and len(units[last + 1].text) <= room:
            last += 1
            room -= len(units[last].text) + 1
        out.append(_around(hit, units[first : last + 1], 0))
        first = last + 1
    return out


def _units(hit: Hit, sharing: Callable[[str], float]) -> list[_Unit]:
    sentences = [each for each in sentences_in(hit) if each.role is not Role.TITLE]
    if hit.kind is ChunkKind.COMMIT and len(sentences) > 1:
        # The subject stands in the title already.
        sentences = [each for each in sentences if each.role is not Role.SUBJECT]
    # What a field says of a parameter that is not asked about takes the room of what is told.
    told = [each for each in sentences if not each.field or sharing(each.field)] or sentences
    units = [_Unit(each.text, each.start_line, each.end_line, sharing(each.text)) for each in told]
    if hit.kind is ChunkKind.CODE:
        covered = {line for each in sentences for line in range(each.start_line, each.end_line + 1)}
        for number, line in enumerate(hit.text.split("\n"), hit.start_line):
            if number not in covered and any(letter.isalnum() for letter in line):
                text = " ".join(line.split())[:_WIDEST]
                units.append(_Unit(text, number, number, sharing(text)))
        units.sort(key=lambda each: (each.start_line, each.end_line))
    return units


def _around(hit: Hit, units: Sequence[_Unit], middle: int) -> Window:
    """Return a window that grows from ``middle``: what follows explains more often than what precedes."""
    first = last = middle
    room = CHARACTERS - len(units[middle].text)
    grown = True
    while grown:
        grown = False
        if last + 1 < len(units) and len(units[last + 1].text) <= room:
            last += 1
            room -= len(units[last].text) + 1
            grown = True
        if first > 0 and len(units[first - 1].text) <= room:
            first -= 1
            room -= len(units[first].text) + 1
            grown = True
    text = " ".join(unit.text for unit in units[first : last + 1])
    return Window(
        hit,
        _title(hit),
        text[: CHARACTERS + _WIDEST],
        units[first].start_line,
        max(unit.end_line for unit in units[first : last + 1]),
        units[middle].share,
    )


def _title(hit: Hit) -> str:
    if hit.kind is ChunkKind.COMMIT:
        return hit.symbol[:TITLE_CHARACTERS]
    name = (hit.path or "").rpartition("/")[2]
    symbol = hit.symbol.replace(" > ", ", ") if hit.kind is ChunkKind.DOC else hit.symbol
    return f"{name} {symbol[-TITLE_CHARACTERS:]}".strip()
