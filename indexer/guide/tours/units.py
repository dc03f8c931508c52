"""What is read as a whole: a definition, the head of a class, a section of a document, a rule, a block."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from indexer.answer.inquiry import CALLABLE
from indexer.index.symbols import FoundSymbol
from indexer.types import SymbolKind

WHOLE: Final = 80
"""Lines up to which something is read from end to end; of more, what its first whole blocks are."""
LEAST: Final = 12
"""Lines that a beginning has at least, where a longer unit is cut between two blocks."""

_HOLDERS: Final = (
    SymbolKind.CLASS,
    SymbolKind.STRUCT,
    SymbolKind.INTERFACE,
    SymbolKind.TRAIT,
    SymbolKind.MODULE,
)
_MAKER: Final = re.compile(r"^(?:__init__|initialize|constructor|__construct|new|init)$")
_CLOSES: Final = re.compile(
    r"^\s*(?:[)\]}]|end\b|else\b|elif\b|except\b|finally\b|catch\b|rescue\b|ensure\b)"
)
"""A line that belongs to the block before it, however it is indented."""


def of_symbol(
    lines: Sequence[str], symbol: FoundSymbol, defined: Sequence[FoundSymbol]
) -> tuple[int, int, bool]:
    """Return the lines to read of a definition, and whether they are all of it.

    A long class is read down to the end of its constructor, else to where its first method begins.
    """
    if symbol.end_line - symbol.start_line < WHOLE:
        return symbol.start_line, symbol.end_line, True
    if symbol.kind in _HOLDERS:
        inner = sorted(
            (each for each in defined if each.parent == symbol.qualified and each.kind in CALLABLE),
            key=lambda each: each.start_line,
        )
        inner = [each for each in inner if each.start_line > symbol.name_line]
        last = symbol.parent.rpartition(".")[2] or symbol.name
        maker = next((each for each in inner if _MAKER.match(each.name) or each.name == last), None)
        if maker is not None and maker.end_line - symbol.start_line < WHOLE:
            return symbol.start_line, maker.end_line, False
        first = inner[0].start_line - 1 if inner else 0
        if symbol.name_line < first < symbol.start_line + WHOLE:
            return symbol.start_line, _trimmed(lines, symbol.name_line, first), False
    return symbol.start_line, cut(lines, symbol.start_line, symbol.end_line, symbol.name_line), False


def around(lines: Sequence[str], line: int, defined: Sequence[FoundSymbol]) -> tuple[int, int]:
    """Return the smallest whole thing of more lines than one that holds a line: a section, a rule, a
    function; where that is long, its paragraphs around the line.
    """
    holding = [each for each in defined if each.start_line <= line <= each.end_line > each.start_line]
    inner = min(holding, key=lambda each: each.end_line - each.start_line, default=None)
    if inner is not None and inner.end_line - inner.start_line < WHOLE:
        return inner.start_line, _trimmed(lines, inner.start_line, inner.end_line)
    low, high = (inner.start_line, inner.end_line) if inner is not None else (1, len(lines))
    return _paragraphs(lines, line, low, high)


def head(lines: Sequence[str], defined: Sequence[FoundSymbol], start: int = 1) -> tuple[int, int]:
    """Return the lines that a file, or what follows a line of it, is begun with: all of a short one; of a
    document its first whole sections, of anything else its first whole blocks.
    """
    if len(lines) - start < WHOLE:
        return start, max(len(lines), 1)
    sections = [
        each.start_line
        for each in defined
        if each.kind is SymbolKind.HEADING and start + LEAST < each.start_line <= start + WHOLE
    ]
    if sections:
        return start, _trimmed(lines, start, max(sections) - 1)
    return start, cut(lines, start, len(lines), 0)


def cut(lines: Sequence[str], start: int, end: int, name_line: int) -> int:
    """Return the last line of the whole blocks that begin something long.

    A block ends where the next line stands no deeper than the body does; best at an empty line.
    """
    limit = min(start + WHOLE - 1, end, len(lines))
    body = _body(lines, name_line, limit) if name_line else 0
    blocks = paragraphs = 0
    for at in range(max(start, name_line) + LEAST, limit + 1):
        text = lines[at - 1]
        if not text.strip() or _indent(text) > body or _CLOSES.match(text):
            continue
        before = _trimmed(lines, start, at - 1)
        blocks = before
        if before < at - 1:
            paragraphs = before
    return paragraphs or blocks or limit


# ------------------------------------------------------------------------------------ private


def _body(lines: Sequence[str], name_line: int, limit: int) -> int:
    """Return how deep the body of a definition stands."""
    head_deep = _indent(lines[name_line - 1]) if 0 < name_line <= len(lines) else 0
    deeper = [_indent(each) for each in lines[name_line:limit] if each.strip() and _indent(each) > head_deep]
    # Parameters on lines of their own stand as deep as the body, or deeper.
    return min(deeper, default=head_deep)


def _paragraphs(lines: Sequence[str], line: int, low: int, high: int) -> tuple[int, int]:
    """Return the paragraph that holds a line, with its neighbours while they fit in a quarter of WHOLE."""
    start = end = line
    while start > low and lines[start - 2].strip():
        start -= 1
    while end < min(high, len(lines)) and lines[end].strip():
        end += 1
    if end - start >= WHOLE:
        return max(line - WHOLE // 4, low), min(line + WHOLE // 4, high, len(lines))
    grown = start
    while grown > low and end - grown < WHOLE // 4:
        grown -= 1
        if not lines[grown - 1].strip() and lines[grown].strip():
            start = grown + 1
    return start, end


def _trimmed(lines: Sequence[str], start: int, end: int) -> int:
    """Return ``end`` without the empty lines before it, nor decorators and remarks of what comes next."""
    while end > start and not lines[end - 1].strip():
        end -= 1
    return end


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
