"""What implements an interface, and so has to follow when it asks for more."""

from __future__ import annotations

from typing import Final

from indexer.answer.declared import BEARERS
from indexer.answer.inquiry import MINOR, Inquiry, listed_first, shown_place
from indexer.index.symbols import FoundSymbol, definitions_in, find_symbols, references_to
from indexer.types import Citation, ReferenceKind, Section, SymbolKind

_ASKED_FOR: Final = frozenset((SymbolKind.INTERFACE, SymbolKind.TRAIT))
_METHODS: Final = frozenset((SymbolKind.METHOD, SymbolKind.FUNCTION))
_NAMED: Final = 6
"""Implementations that are named."""
_MANY: Final = 400
"""Bearers of one method's name that are looked at."""


def say_implementers(inquiry: Inquiry, symbol: FoundSymbol) -> bool:
    """Tell which types implement an interface: in Go those that have all its methods, else those that are
    built on it by name. Return whether there are any.
    """
    if symbol.kind not in _ASKED_FOR:
        return False
    found = _with_all(inquiry, symbol) if symbol.path.endswith(".go") else _built_on(inquiry, symbol)
    if not found:
        return False
    own = [each for each in found if not each.marks & MINOR]
    tests = [each for each in found if each.marks & MINOR]
    names = [f"`{each.qualified}` ({shown_place(each.path, each.name_line)})" for each in (*own, *tests)]
    cited: list[Citation | None] = [inquiry.signature(each) for each in (*own, *tests)[:_NAMED]]
    count = len(found)
    of_tests = f", {len(tests)} of them in tests" if tests and own else ", in tests" if tests else ""
    verb = "implements" if count == 1 else "implement"
    types = "type" if count == 1 else "types"
    return inquiry.page.tell(
        Section.WHAT,
        f"{count} {types} here {verb} `{symbol.qualified}`{of_tests}: {listed_first(names, _NAMED)}.",
        cited,
    )


def _with_all(inquiry: Inquiry, symbol: FoundSymbol) -> list[FoundSymbol]:
    """Return the types that have each method of an interface, under their folder's name of it."""
    wanted = {
        each.name
        for each in definitions_in(inquiry.reader, symbol.path_id)
        if each.parent == symbol.qualified and each.kind in _METHODS
    }
    having: set[tuple[str, str]] | None = None
    for name in wanted:
        bearers = {
            (each.path.rpartition("/")[0], each.parent)
            for each in find_symbols(inquiry.reader, name, _MANY)
            if each.name == name and each.kind in _METHODS and each.parent
        }
        having = bearers if having is None else having & bearers
    out = []
    for folder, parent in sorted(having or ()):
        if parent == symbol.qualified:
            continue
        kinds = find_symbols(inquiry.reader, parent, BEARERS)
        out += [
            each
            for each in kinds
            if each.qualified == parent
            and each.path.rpartition("/")[0] == folder
            and each.kind not in _ASKED_FOR
            and each.kind not in _METHODS
        ][:1]
    return out


def _built_on(inquiry: Inquiry, symbol: FoundSymbol) -> list[FoundSymbol]:
    """Return the types at whose head the interface stands as what they are built on."""
    uses = references_to(inquiry.reader, symbol.name, _MANY, (ReferenceKind.INHERIT,))
    out: dict[tuple[int, int], FoundSymbol] = {}
    for use in uses:
        if use.name != symbol.name:
            continue
        for each in definitions_in(inquiry.reader, use.path_id):
            head = each.start_line <= use.line <= each.name_line + 3
            if head and each.kind not in _METHODS and each.qualified != symbol.qualified:
                out.setdefault((each.path_id, each.name_line), each)
                break
    return list(out.values())
