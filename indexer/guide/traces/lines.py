"""Where in a file a frame stands now: by the line, by the code that the trace shows, by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.guide.traces.model import RawFrame
from indexer.index.symbols import FoundSymbol
from indexer.shapes.traces import Mapped, TraceForm
from indexer.types import SymbolKind

_IDLE: Final = frozenset((SymbolKind.HEADING, SymbolKind.KEY, SymbolKind.RULE))
_SMALL: Final = frozenset((SymbolKind.FIELD, SymbolKind.VARIABLE, SymbolKind.CONSTANT, SymbolKind.PROPERTY))
TYPES: Final = frozenset(
    (SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.TRAIT,
     SymbolKind.TYPE, SymbolKind.MODULE)
)  # fmt: skip
_MAKERS: Final = frozenset(("__init__", "initialize", "__construct", "constructor", "new", "init"))
CALL_LINES: Final = 2
"""Lines below one over which a call may be spread."""

_LITTLE: Final = 3
"""Letters of a line of code below which it stands anywhere."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a frame stands now. ``line`` 0: not known; ``symbol`` None: in no definition."""

    mapped: Mapped
    line: int
    symbol: FoundSymbol | None
    note: str = ""
    guessed: bool = False
    """Several fit; the nearest was taken."""


def named(definitions: Sequence[FoundSymbol], frame: RawFrame) -> list[FoundSymbol]:
    """Return the definitions that a frame names, those of its class where the trace tells one."""
    if not frame.name or frame.name.startswith("<"):
        return []
    fold = frame.form in (TraceForm.PHP, TraceForm.DOTNET)
    wanted = frame.name.lower() if fold else frame.name
    alike = [
        each for each in definitions
        if (each.name.lower() if fold else each.name).rpartition(".")[2] == wanted
        and each.kind not in _IDLE
    ]  # fmt: skip
    if len(alike) > 1 and any(each.kind not in _SMALL for each in alike):
        alike = [each for each in alike if each.kind not in _SMALL]
    if frame.owner:
        own = [each for each in alike if _is_of(each, frame.owner)]
        if own:
            alike = own
    if frame.name == frame.owner.rpartition(".")[2] and len(alike) > 1:
        # A constructor bears the name of its class.
        makers = [each for each in alike if each.kind not in TYPES]
        alike = makers or alike
    if (
        not alike
        and frame.form in (TraceForm.PYTHON, TraceForm.RUBY, TraceForm.PHP)
        and frame.name in _MAKERS
    ):
        alike = [each for each in definitions if each.kind in TYPES and each.name == frame.owner]
    return alike


def around(definitions: Sequence[FoundSymbol], line: int) -> FoundSymbol | None:
    """Return the innermost definition around a line."""
    inside = [
        each for each in definitions
        if each.start_line <= line <= each.end_line and each.kind not in _IDLE and each.kind not in _SMALL
    ]  # fmt: skip
    return min(inside, key=lambda each: each.end_line - each.start_line, default=None)


def made_up(name: str) -> bool:
    """Return whether a name is put together, so that it stands for one thing: no plain word."""
    return "_" in name.strip("_") or any(letter.isupper() for letter in name[1:])


def spot(frame: RawFrame, lines: Sequence[str], definitions: Sequence[FoundSymbol]) -> Spot | None:
    """Return where a frame stands in a file as it is now; None where only history can tell."""
    code = _bare(frame.code)
    code = code if sum(map(str.isalnum, code)) >= _LITTLE else ""
    alike = named(definitions, frame)
    there = 1 <= frame.line <= len(lines)
    fits = there and bool(code) and _bare(lines[frame.line - 1]) == code
    if alike:
        return _by_name(frame, code, fits, lines, alike)
    if fits:
        symbol = around(definitions, frame.line)
        return Spot(Mapped.LINE, frame.line, symbol)
    if code:
        hits = [at for at, line in enumerate(lines, start=1) if _bare(line) == code]
        if len(hits) == 1 or (hits and not frame.name.strip("<>")):
            line = min(hits, key=lambda at: abs(at - frame.line))
            symbol = around(definitions, line)
            inside = f" in `{symbol.qualified}`" if symbol is not None else ""
            renamed = (
                f", though `{frame.name}` is not in this file any more"
                if frame.name and frame.name[0] != "<"
                else ""
            )
            return Spot(Mapped.MOVED, line, symbol, f"The code of the line stands{inside} now{renamed}.")
    return None


def _by_name(
    frame: RawFrame,
    code: str,
    fits: bool,
    lines: Sequence[str],
    alike: Sequence[FoundSymbol],
) -> Spot | None:
    inside = [each for each in alike if each.start_line <= frame.line <= each.end_line]
    inner = min(inside, key=lambda each: each.end_line - each.start_line, default=None)
    if inner is not None and (fits or (not code and calls(frame, lines, frame.line, inner.name_line))):
        return Spot(Mapped.LINE, frame.line, inner)
    if not code and frame.callee:
        found = _calling(frame, lines, alike)
        if found is not None:
            return found
    if inner is not None and not code:
        return Spot(Mapped.LINE, frame.line, inner)
    if code:
        hits = [
            (abs(at - frame.line), at, each)
            for each in alike
            for at in range(each.start_line, min(each.end_line, len(lines)) + 1)
            if _bare(lines[at - 1]) == code
        ]
        if hits:
            _, line, symbol = min(hits, key=lambda hit: (hit[0], hit[1]))
            several = len({each.qualified for _, _, each in hits}) > 1
            note = f"Line {frame.line} of the trace is line {line} now."
            if several:
                note += " The same line stands in several definitions; the nearest was taken."
            return Spot(Mapped.MOVED if line != frame.line else Mapped.LINE, line, symbol, note, several)
    if len(alike) == 1 and code:
        gone = "The line that the trace shows is not there any more; the definition is found by its name."
        return Spot(Mapped.NAMED, 0, alike[0], gone)
    return None


def calls(frame: RawFrame, lines: Sequence[str], line: int, head: int = 0) -> bool:
    """Return whether a line calls what the deeper frame is in, or nothing is known of that.

    ``head`` is the line that names the definition: no call stands in it, or above it.
    """
    if not frame.callee:
        return True
    if line <= head:
        return False
    called = re.compile(rf"\b{re.escape(frame.callee)}\b")
    return any(called.search(each) for each in lines[max(line - 2, head) : line + CALL_LINES])


def _calling(frame: RawFrame, lines: Sequence[str], alike: Sequence[FoundSymbol]) -> Spot | None:
    """Return the line of a definition that calls what the deeper frame is in; None where none does."""
    called = re.compile(rf"\b{re.escape(frame.callee)}\b\s*(?:\(|\{{|<)")
    hits = [
        (abs(at - frame.line), at, each)
        for each in alike
        for at in range(each.start_line, min(each.end_line, len(lines)) + 1)
        if at != each.name_line and called.search(lines[at - 1])
    ]
    if not hits:
        return None
    _, line, symbol = min(hits, key=lambda hit: (hit[0], hit[1]))
    if len({at for _, at, _ in hits}) > 1:
        note = (
            f"Line {frame.line} of the trace has moved; this is the nearest line that calls `{frame.callee}`."
        )
    else:
        note = f"Line {frame.line} of the trace has moved; this is the line that calls `{frame.callee}`."
    several = len({each for _, _, each in hits}) > 1
    return Spot(Mapped.MOVED, line, symbol, note, several)


def nearest(frame: RawFrame, alike: Sequence[FoundSymbol]) -> Spot:
    """Return the definition of the name that stands nearest to the written line."""
    best = min(
        alike,
        key=lambda each: 0 if each.start_line <= frame.line <= each.end_line
        else min(abs(each.start_line - frame.line), abs(each.end_line - frame.line)),
    )  # fmt: skip
    if len(alike) == 1:
        note = f"Line {frame.line} does not fit this definition any more; it is found by its name."
        return Spot(Mapped.NAMED, 0, best, note if frame.line else "The trace gives no line; found by name.")
    note = (
        f"{len(alike)} definitions here are called `{frame.name}`; the nearest to line {frame.line} was "
        "taken."
    )
    return Spot(Mapped.NAMED, 0, best, note, guessed=True)


def _is_of(symbol: FoundSymbol, owner: str) -> bool:
    parent = symbol.parent.lower()
    wanted = owner.lower()
    last = wanted.rpartition(".")[2]
    return parent == wanted or parent.endswith("." + wanted) or parent.rpartition(".")[2] == last


def _bare(code: str) -> str:
    """Return a line without the blanks in it and without a comment's start."""
    return re.sub(r"\s+", "", code)
