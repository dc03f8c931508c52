"""Find definitions by the look of their lines, where a grammar gave up or there is none.

A definition begins at a line that reads like one, and lasts until the next line that is not
indented deeper. That is right for most code that people indent, and never loses a line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from indexer.types import Symbol, SymbolKind

_KINDS: Final = {
    "class": SymbolKind.CLASS, "object": SymbolKind.CLASS, "record": SymbolKind.CLASS,
    "contract": SymbolKind.CLASS, "mixin": SymbolKind.CLASS, "actor": SymbolKind.CLASS,
    "interface": SymbolKind.INTERFACE, "protocol": SymbolKind.INTERFACE, "defprotocol": SymbolKind.INTERFACE,
    "struct": SymbolKind.STRUCT, "union": SymbolKind.STRUCT, "defstruct": SymbolKind.STRUCT,
    "enum": SymbolKind.ENUM, "trait": SymbolKind.TRAIT, "module": SymbolKind.MODULE,
    "defmodule": SymbolKind.MODULE, "namespace": SymbolKind.MODULE, "package": SymbolKind.MODULE,
    "library": SymbolKind.MODULE, "program": SymbolKind.PROGRAM, "macro": SymbolKind.MACRO,
    "defmacro": SymbolKind.MACRO, "type": SymbolKind.TYPE, "entity": SymbolKind.STRUCT,
}  # fmt: skip
_FUNCTIONS: Final = (
    "function|func|fun|def|defp|defn|defn-|defun|fn|proc|sub|subroutine|procedure|method|constructor"
)
_MODIFIERS: Final = (
    "export|default|public|private|protected|internal|static|final|abstract|async|pub|override|virtual|sealed"
    "|partial|open|data|inline|local|global|extern|unsafe|const|recursive|pure|elemental|integer|real|logical"
)
_KEYWORD: Final = re.compile(
    rf"^(?P<indent>[ \t]*)[(@]?(?:(?:{_MODIFIERS})(?:\([^)]*\))?\s+)*"
    rf"(?P<word>{'|'.join(_KINDS)}|{_FUNCTIONS})\s+(?P<name>[A-Za-z_$][\w$.:!?'-]*)",
    re.IGNORECASE,
)
_C_FUNCTION: Final = re.compile(
    r"^(?P<indent>)(?:[A-Za-z_][\w*&<>:,\s]*[\s*&])?(?P<name>[A-Za-z_~][\w:~]*)\s*\([^;]*$"
)
_OBJC_METHOD: Final = re.compile(r"^(?P<indent>)[-+]\s*\([^)]*\)\s*(?P<name>[A-Za-z_]\w*)")
_C_LIKE: Final = frozenset({"c", "cpp", "objc", "cuda", "glsl", "hlsl", "arduino", "d", "ispc"})
_NO_NAMES: Final = frozenset(
    {
        "if",
        "for",
        "while",
        "switch",
        "return",
        "else",
        "do",
        "is",
        "of",
        "the",
        "to",
        "in",
        "and",
        "defined",
        "sizeof",
    }
)
_SCANNED: Final = 300
"""Characters of a line that are looked at."""


def definitions(lines: Sequence[str], language: str, first: int = 1, last: int = 0) -> list[Symbol]:
    """Return what seems to be defined in lines ``first`` to ``last`` (0: the end), in order."""
    last = min(last or len(lines), len(lines))
    found = [
        (number, match)
        for number in range(first, last + 1)
        if (match := _match(lines[number - 1][:_SCANNED], language)) is not None
    ]
    symbols: list[Symbol] = []
    around: list[tuple[int, int, str]] = []
    for place, (number, match) in enumerate(found):
        indent = len(match["indent"].expandtabs())
        limit = found[place + 1][0] - 1 if place + 1 < len(found) else last
        end = _end(lines, number, indent, last)
        # One that holds others ends by its indent; a flat one at the next at the latest.
        if end > limit and len(found[place + 1][1]["indent"].expandtabs()) <= indent:
            end = limit
        while around and (around[-1][0] >= indent or around[-1][1] < number):
            around.pop()
        parent = around[-1][2] if around else ""
        name = match["name"].rstrip(":.-'")
        kind = _KINDS.get(match.groupdict().get("word", "").lower(), SymbolKind.FUNCTION)
        line = lines[number - 1][:_SCANNED].strip().rstrip(" {:")
        symbol = Symbol(name, kind, parent, number, end, number, line[:240])
        symbols.append(symbol)
        around.append((indent, end, symbol.qualified))
    return symbols


def _match(line: str, language: str) -> re.Match[str] | None:
    match = _KEYWORD.match(line)
    if match is None and language in _C_LIKE:
        match = _C_FUNCTION.match(line) or _OBJC_METHOD.match(line)
    if match is None or match["name"].lower() in _NO_NAMES:
        return None
    return match


def _end(lines: Sequence[str], number: int, indent: int, last: int) -> int:
    """Return the last line of what begins at ``number``: before the next that is not deeper.

    A closing line (``}``, ``end``) at the same indent still belongs to it, an opening brace too.
    """
    end = number
    for here in range(number + 1, last + 1):
        line = lines[here - 1]
        text = line.strip()
        if not text:
            continue
        depth = len(line[:_SCANNED].expandtabs()) - len(line[:_SCANNED].expandtabs().lstrip())
        if depth > indent or text[0] in "{)#" or (depth == indent and text.endswith(":") and " " not in text):
            end = here
        elif depth == indent and re.match(r"(?i)[\])}]|end\b", text):
            return here
        else:
            return end
    return end
