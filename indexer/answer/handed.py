"""What is called back: the methods of an object that code writes itself and hands to another function, as a
visitor is handed to what walks over a tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.declared import types_written
from indexer.answer.given import arguments
from indexer.answer.inquiry import Inquiry
from indexer.index.symbols import TYPES, Callee, FoundSymbol, bases, callees, definitions_in, find_symbols
from indexer.types import SymbolKind

_LINES: Final = 6
"""Lines over which the arguments of a call are read."""
_DEEPEST: Final = 2
"""Calls through which it is looked for the place that calls back."""
_INLINE: Final = re.compile(r"^(?:new\s+)?&?([A-Z]\w*)\s*[({]")
_METHODS: Final = frozenset((SymbolKind.METHOD, SymbolKind.FUNCTION))


@dataclass(frozen=True, slots=True)
class CalledBack:
    """A method that ``by`` calls on an object of ``kind``, which it or what calls it was handed."""

    kind: FoundSymbol
    method: FoundSymbol
    to: FoundSymbol
    by: FoundSymbol
    line: int


def made_beside(inquiry: Inquiry, caller: FoundSymbol) -> list[FoundSymbol]:
    """Return the classes of the caller's file that it may make to hand them over: what it nowhere names it
    does not make, and what is built on nothing and open to all is handed to nobody to be called back.
    """
    source = inquiry.page.sources.file(caller.path)
    own = "" if source is None else "\n".join(source.lines[caller.name_line - 1 : caller.end_line])
    return [
        each
        for each in definitions_in(inquiry.reader, caller.path_id)
        if each.kind in TYPES
        and each.name in own
        and (each.parent or each.name.startswith("_") or bases(inquiry.reader, each))
    ]


def called_back(
    inquiry: Inquiry,
    caller: FoundSymbol,
    used: Callee,
    callee: FoundSymbol | None,
    kinds: Sequence[FoundSymbol],
) -> CalledBack | None:
    """Return the longest method by which what is called comes back to an object that it is called on or
    given, of one of the classes that are ``made_beside`` it and does not define what is called. Only what is
    seen to call it back counts.
    """
    source = inquiry.page.sources.file(caller.path)
    if not kinds or source is None or callee is None or callee.kind not in _METHODS:
        return None
    own = source.lines[caller.name_line - 1 : caller.end_line]
    text = "\n".join(source.lines[used.line - 1 : used.line - 1 + _LINES])
    given = arguments(text, used.name) or []
    on = re.search(rf"\b(\w+)\s*(?:\.|->)\s*{re.escape(used.name)}\s*\(", text)
    objects = [*given, *([on[1]] if on is not None else [])]
    names = {_made_here(each, own) for each in objects} - {""}
    kinds = [each for each in kinds if each.name in names]
    held = definitions_in(inquiry.reader, caller.path_id) if kinds else []
    for kind in kinds:
        methods = [
            each
            for each in held
            if each.parent == kind.qualified
            and each.kind in _METHODS
            and each.name not in (kind.name, used.name, "__init__", "initialize", "constructor")
        ]
        if callee.parent == kind.qualified or not methods:
            continue
        for method in sorted(methods, key=lambda each: each.start_line - each.end_line):
            place = next(_calling_back(inquiry, callee, method.name, _DEEPEST), None)
            if place is not None and _is_promised(inquiry, kind, method.name):
                return CalledBack(kind, method, callee, *place)
    return None


def _is_promised(inquiry: Inquiry, kind: FoundSymbol, name: str) -> bool:
    """Return whether what a class builds on declares a method, so that others call it by that; true where it
    builds on nothing.
    """
    built_on = bases(inquiry.reader, kind)
    here = [
        each
        for base in built_on
        for each in find_symbols(inquiry.reader, base, 4)
        if each.name == base and each.kind in TYPES
    ]
    if not here:
        return not built_on
    return any(
        each.name == name and each.parent == base.qualified
        for base in here
        for each in definitions_in(inquiry.reader, base.path_id)
    )


def _made_here(given: str, lines: Sequence[str]) -> str:
    """Return the type of what a call is given, where the caller makes it; empty where it does not."""
    inline = _INLINE.match(given)
    if inline is not None:
        return inline[1]
    if not given.isidentifier():
        return ""
    made = re.compile(rf"\b{re.escape(given)}\s*:?=\s*(?:new\s+|&)?(?:\w+\.)?[A-Z]\w*(?:\.new\b|\(|\{{)")
    written = [line for line in lines if made.search(line)]
    return next(types_written(written, given), "")


def _calling_back(
    inquiry: Inquiry, by: FoundSymbol, name: str, deeper: int
) -> Iterator[tuple[FoundSymbol, int]]:
    """Yield where a definition, or what it calls for certain, calls a method on something by its name."""
    source = inquiry.page.sources.file(by.path)
    if source is None:
        return
    call = re.compile(rf"(?<!\bthis)(?<!\bself)(?:\.|->){re.escape(name)}\s*\(")
    for at, line in enumerate(source.lines[by.name_line : by.end_line], by.name_line + 1):
        if call.search(line):
            yield by, at
    if deeper > 1:
        for used in callees(inquiry.reader, by.blob_id, by.name_line, by.end_line, 30):
            if used.symbol is not None and used.symbol.kind in _METHODS and used.symbol != by:
                yield from _calling_back(inquiry, used.symbol, name, deeper - 1)
