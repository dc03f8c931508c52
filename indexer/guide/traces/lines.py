"""Where in a file a frame stands now: by the line, by the code that the trace shows, by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.guide.traces.model import RawFrame
from indexer.guide.traces.overloads import as_generic, fitting_parameters, with_bodies
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
        if (each.name.lower() if fold else each.name).rpartition(".")[2].strip("`") == wanted
        and each.kind not in _IDLE
    ]  # fmt: skip
    if fold:
        # A field is often called as its property is, but for the first letter.
        alike = [each for each in alike if each.name.rpartition(".")[2].strip("`") == frame.name] or alike
    if len(alike) > 1 and any(each.kind not in _SMALL for each in alike):
        alike = [each for each in alike if each.kind not in _SMALL]
    if frame.owner:
        alike = _of_owner(alike, definitions, frame) or alike
    if frame.name == frame.owner.rpartition(".")[2] and len(alike) > 1:
        # A constructor bears the name of its class.
        makers = [each for each in alike if each.kind not in TYPES and "~" not in each.signature]
        alike = makers or alike
    if (
        not alike
        and frame.form in (TraceForm.PYTHON, TraceForm.RUBY, TraceForm.PHP)
        and frame.name in _MAKERS
    ):
        alike = [each for each in definitions if each.kind in TYPES and each.name == frame.owner]
    if frame.form is TraceForm.SCRIPT and alike and all(each.kind in TYPES for each in alike):
        # What makes an object of a class is called by the name of the class there.
        makers = [each for each in definitions if each.name == "constructor"]
        alike = [each for each in makers if each.parent.rpartition(".")[2] == frame.name] or alike
    if frame.form is TraceForm.DOTNET and frame.parameters is not None:
        alike = as_generic(alike, generic=f"{frame.name}[" in frame.written)
    return fitting_parameters(with_bodies(alike), frame.parameters)


def _of_owner(
    alike: Sequence[FoundSymbol], definitions: Sequence[FoundSymbol], frame: RawFrame
) -> list[FoundSymbol]:
    """Return those of several definitions that are of the class which a frame tells."""
    if frame.nameless:
        wanted = f".{frame.owner.lower()}."
        inside = [each for each in alike if wanted in f".{each.parent.lower()}"]
        if inside:
            return inside
    own = [each for each in alike if _is_of(each, frame.owner)]
    if not own and frame.form is TraceForm.JVM and frame.owner.endswith("Kt"):
        # Of no class: Kotlin makes one of the file.
        types = {each.name for each in definitions if each.kind in TYPES}
        own = [each for each in alike if each.parent.rpartition(".")[2] not in types]
    return own


def around(definitions: Sequence[FoundSymbol], line: int) -> FoundSymbol | None:
    """Return the innermost definition around a line."""
    inside = [
        each for each in definitions
        if each.start_line <= line <= each.end_line and each.kind not in _IDLE and each.kind not in _SMALL
    ]  # fmt: skip
    return min(inside, key=lambda each: each.end_line - each.start_line, default=None)


def in_no_style(name: str) -> str:
    """Return a name as far as conventions leave it: no underscores, no capitals, and not said to be async."""
    bare = name.replace("_", "").lower()
    return bare.removesuffix("async") or bare


def made_up(name: str) -> bool:
    """Return whether a name is put together, so that it stands for one thing: no plain word."""
    return "_" in name.strip("_") or any(letter.isupper() for letter in name[1:])


def quoted(frame: RawFrame, lines: Sequence[str], definitions: Sequence[FoundSymbol]) -> Spot | None:
    """Return where the line of code that a trace shows stands in a file; None where it does not.

    ``guessed`` where it stands in several places, of which the nearest is given.
    """
    code = _bare(frame.code)
    if sum(map(str.isalnum, code)) < _LITTLE:
        return None
    alike = named(definitions, frame)
    hits = [at for at, line in enumerate(lines, start=1) if _bare(line) == code]
    if alike:
        hits = [at for at in hits if any(each.start_line <= at <= each.end_line for each in alike)]
    elif frame.line not in hits and len(hits) > 1 and frame.name.strip("<>"):
        return None
    if not hits:
        return None
    line = frame.line if frame.line in hits else min(hits, key=lambda at: abs(at - frame.line))
    inside = [each for each in alike if each.start_line <= line <= each.end_line]
    inner = min(inside, key=lambda each: each.end_line - each.start_line, default=None)
    symbol = inner or around(definitions, line)
    if line == frame.line:
        return Spot(Mapped.LINE, line, symbol)
    # Where nothing is known to be defined, it may be too large to be parsed: then nothing is said to be gone.
    if not alike and definitions:
        where = f" in `{symbol.qualified}`" if symbol is not None else ""
        renamed = f", though `{frame.name}` is not in this file any more" if frame.name.strip("<>") else ""
        note = f"The code of the line stands{where} now{renamed}."
        return Spot(Mapped.MOVED, line, symbol, note, len(hits) > 1)
    note = f"Line {frame.line} of the trace is line {line} now."
    if len(hits) > 1:
        note += f" The same line stands {len(hits)} times; the nearest was taken."
    return Spot(Mapped.MOVED, line, symbol, note, len(hits) > 1)


def _is_of(symbol: FoundSymbol, owner: str) -> bool:
    parent = symbol.parent.lower()
    wanted = owner.lower()
    last = wanted.rpartition(".")[2]
    return parent == wanted or parent.endswith("." + wanted) or parent.rpartition(".")[2] == last


def _bare(code: str) -> str:
    """Return a line without the blanks in it and without a comment's start."""
    return re.sub(r"\s+", "", code)
