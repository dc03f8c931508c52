"""The shape of a definition: what a type is made from, what a function returns or takes."""

from __future__ import annotations

import re
from typing import Final

from indexer.guide.examples.candidates import CONTAINERS, bases_of
from indexer.index.symbols import FoundSymbol
from indexer.types import SymbolKind

Shape = tuple[str, ...]
SHAPELESS: Final[Shape] = ("takes",)
"""That of functions which take nothing and return nothing that tells anything."""
_TELLS_NOTHING: Final = frozenset(
    ("", "void", "None", "error", "string", "str", "bool", "boolean", "int", "Any", "any", "object", "unit")
)
_NAMED: Final = re.compile(r"\b\w+ (?=[*&\[\]\w.]+(?:[,)]|\s*$))")
_ARROW: Final = re.compile(r"^\s*(?:->|:|=>)\s*")


def shape_of(symbol: FoundSymbol) -> Shape:
    """Return what tells one sort of definitions from another: one can stand in for another of its shape.

    A type that is made from nothing has a shape as well.
    """
    if symbol.kind in CONTAINERS:
        return ("type", *bases_of(symbol)[:1])
    if symbol.kind is SymbolKind.MODULE:
        return ("module",)
    taken, rest = _split(symbol.signature)
    returned = _ARROW.sub("", rest).rstrip(" {;:").strip()
    # ``func(next http.Handler) http.Handler`` and ``func(http.Handler) http.Handler`` are the same.
    returned = _NAMED.sub("", returned)
    if re.split(r"[\[<]", returned)[0] not in _TELLS_NOTHING:
        return ("returns", returned)
    return ("takes", *taken)


def _split(signature: str) -> tuple[list[str], str]:
    """Return the names of what a function takes, and what its signature says behind them."""
    receiver = re.match(r"func\s*\([^()]*\)\s*\w+", signature)
    start = signature.find("(", receiver.end() if receiver else 0)
    if start < 0:
        return [], ""
    depth = 0
    for at in range(start, len(signature)):
        depth += {"(": 1, ")": -1}.get(signature[at], 0)
        if depth == 0:
            inside = signature[start + 1 : at]
            names = re.findall(r"(?:^|,)\s*[*&]*(?:\w+\s+(?=\w+\s*$))?(\w+)", inside)
            return names, signature[at + 1 :]
    return [], ""
