"""Which of the methods that share a name a call means: by how many arguments it gives, and of which types."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from indexer.answer.declared import types_written
from indexer.answer.given import arguments
from indexer.answer.inquiry import CALLABLE, Inquiry
from indexer.index.symbols import FoundSymbol, definitions_in

_LINES: Final = 4
"""Lines over which the arguments of a call are read."""
_MADE: Final = re.compile(r"^(?:new\s+)?([A-Z]\w*)\b")
_TYPE: Final = re.compile(r"(?:final\s+|@\w+\s+)*(?:\w+\.)*([A-Z]\w*)")


def overloaded(inquiry: Inquiry, caller: FoundSymbol) -> frozenset[str]:
    """Return the names that several methods of the caller's class share."""
    if not caller.parent:
        return frozenset()
    beside = Counter(
        each.name
        for each in definitions_in(inquiry.reader, caller.path_id)
        if each.parent == caller.parent and each.kind in CALLABLE
    )
    return frozenset(name for name, number in beside.items() if number > 1)


def overload(inquiry: Inquiry, caller: FoundSymbol, name: str, line: int) -> FoundSymbol | None:
    """Return the method of the caller's class under ``name`` that a call on ``line`` means, where several
    bear it and the arguments tell them apart; the caller itself is none of them.
    """
    bearers = [
        each
        for each in definitions_in(inquiry.reader, caller.path_id)
        if each.name == name and each.parent == caller.parent and each.kind in CALLABLE
    ]
    source = inquiry.page.sources.file(caller.path)
    if len(bearers) < 2 or source is None or not caller.parent:
        return None
    given = arguments("\n".join(source.lines[line - 1 : line - 1 + _LINES]), name)
    if given is None:
        return None
    lines = source.lines[caller.name_line - 1 : caller.end_line]
    kinds = [_kind_of(each, lines) for each in given]
    fitting: list[tuple[float, FoundSymbol]] = []
    for each in bearers:
        head = arguments(" ".join(source.lines[each.name_line - 1 : each.name_line + _LINES]), name)
        wanted = [matched[1] if (matched := _TYPE.match(one)) else "" for one in head or ()]
        if each != caller and head is not None and len(wanted) == len(given):
            agree = sum(_agree(one, other) for one, other in zip(kinds, wanted, strict=True))
            fitting.append((agree, each))
    best = max((agree for agree, _ in fitting), default=0.0)
    found = [each for agree, each in fitting if agree == best]
    return found[0] if len(found) == 1 else None


def handed_on(inquiry: Inquiry, caller: FoundSymbol) -> tuple[int, FoundSymbol] | None:
    """Return the line on which a method calls another one of its name, and that one.

    The index holds a use once for each qualified name, which methods that share theirs have in common.
    """
    source = inquiry.page.sources.file(caller.path)
    if source is None or not caller.parent:
        return None
    call = re.compile(rf"(?<![\w.])(?:this\.)?{re.escape(caller.name)}\s*\(")
    for line in range(caller.name_line + 1, caller.end_line + 1):
        if call.search(source.lines[line - 1]):
            other = overload(inquiry, caller, caller.name, line)
            return None if other is None else (line, other)
    return None


def _kind_of(argument: str, lines: Sequence[str]) -> str:
    """Return the type of an argument, as it is made or as its name is declared; empty where nothing tells."""
    made = _MADE.match(argument)
    if made is not None:
        return made[1]
    return next(iter(types_written(lines, argument)), "") if argument.isidentifier() else ""


def _agree(given: str, wanted: str) -> float:
    """Return how well types agree: a `StringReader` is a `Reader` by its name."""
    if not given or not wanted:
        return 0.0
    return 1.0 if given == wanted else 0.5 if given.endswith(wanted) else 0.0
