"""How well older texts of a file fit a place without a name, and which function it stood in there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from indexer.guide.traces.fitting import begins, function_around, headers, idle
from indexer.guide.traces.lines import Spot
from indexer.guide.traces.model import RawFrame
from indexer.guide.traces.raising import Raised
from indexer.guide.traces.versions import Version
from indexer.index.symbols import FoundSymbol
from indexer.shapes.traces import Mapped

COMPARED: Final = 8
"""Versions that a trace fits which are compared line by line, the newest and the oldest among them."""

SURE: Final = 3
"""What a version weighs that has the very name, or the words, which a frame tells, where it tells them."""


def standing(
    versions: Sequence[Version], frame: RawFrame, definitions: Sequence[FoundSymbol]
) -> FoundSymbol | None:
    """Return the definition of now of the one function that a line stood in, in all of some versions."""
    names = {function_around(old.lines, frame.line) for old in versions}
    name = names.pop() if len(names) == 1 and frame.line else ""
    found = [each for each in definitions if name and each.name == name and each.end_line > each.start_line]
    if len(found) > 1:
        around = [set(re.findall(r"\w+", " ".join(headers(old.lines, frame.line)))) for old in versions]
        words = set.intersection(*around)
        found = [each for each in found if each.parent.rpartition(".")[2] in words]
    return found[0] if len(found) == 1 else None


def weight(old: Version, frame: RawFrame, raised: Raised | None) -> int:
    """Return how well a version fits a frame without a name; 0 where it cannot have been the one that ran."""
    if not 0 < frame.line <= len(old.lines) or idle(old.lines[frame.line - 1], frame.form):
        return 0
    line = old.lines[frame.line - 1]
    sign = raised.sign if raised is not None else None
    begun = begins(line, frame)
    if (frame.column and not begun) or (sign is not None and not sign.search(line)):
        return 0
    if raised is None:
        return 1 + begun
    said = raised.said_by(old.lines[frame.line - 1 : frame.line + 1])
    return 1 + begun + SURE * said + bool(sign) + raised.made_by(line)


def spread(found: Sequence[Version]) -> list[Version]:
    """Return some versions, as far from each other as their number allows."""
    if len(found) <= COMPARED:
        return list(found)
    last = len(found) - 1
    return [found[round(last * at / (COMPARED - 1))] for at in range(COMPARED)]


def agreed_on(spots: Sequence[Spot | None]) -> Spot | None:
    """Return where all versions that fit lay a frame, if they lay it in one definition."""
    found = [each for each in spots if each is not None]
    if len(found) * 2 < len(spots) or not found or len({each.symbol for each in found}) > 1:
        return None
    lines = {each.line for each in found}
    if len(lines) == 1 and len(found) == len(spots):
        return found[0]
    note = "Which line it is differs between the versions that the trace fits."
    return replace(found[0], mapped=Mapped.NAMED, line=0, note=note)
