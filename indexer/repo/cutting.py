"""Cut the lines of a file into spans of about one size along its definitions; no line is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

CHUNK_CHARACTERS: Final = 1_000
"""Size that a chunk aims at: what the packaged model reads of it (256 tokens), and what a
person takes in at a glance. Retrieval tunes it; nothing else depends on it."""

_SLACK: Final = 1.5
"""A definition up to so many times the target stays whole: half a function helps nobody."""

_HEADER: Final = 0.15
"""A part below this share of the target goes with the next one, up to the slack."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A natural piece of a file: lines ``start`` to ``end``, 1-based, inclusive.

    ``main`` pieces (functions, classes, sections) give a merged chunk its symbol before others.
    """

    start: int
    end: int
    symbol: str
    main: bool = True


@dataclass(frozen=True, slots=True)
class Span:
    """The lines of one chunk, and the first (or main) definition in them."""

    start: int
    end: int
    symbol: str
    main: bool = True


@dataclass(slots=True)
class _Node:
    """A piece with those inside it, as nested by their lines."""

    piece: Piece
    inside: list[_Node] = field(default_factory=list)


def cut(lines: Sequence[str], pieces: Sequence[Piece]) -> list[Span]:
    """Return spans that cover every line once, in order; ``pieces`` may nest, and leave gaps."""
    return _Cutter(lines).spans(pieces)


class _Cutter:
    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._ends = [0]
        total = 0
        for line in lines:
            total += len(line) + 1
            self._ends.append(total)

    def spans(self, pieces: Sequence[Piece]) -> list[Span]:
        return self._region(1, len(self._lines), "", _nested(pieces, len(self._lines)))

    def _size(self, start: int, end: int) -> int:
        return self._ends[end] - self._ends[start - 1]

    def _region(self, start: int, end: int, symbol: str, nodes: Sequence[_Node]) -> list[Span]:
        """Cut a region whose own symbol is ``symbol``; its header line goes with its first part."""
        parts: list[Span] = []
        here = start
        for node in nodes:
            first, last = node.piece.start, min(node.piece.end, end)
            if last < here:
                continue
            first = max(first, here)
            if first > here:
                parts += self._plain(here, first - 1, symbol)
            parts += self._definition(first, last, node)
            here = last + 1
        if here <= end:
            parts += self._plain(here, end, symbol)
        return self._merged(parts, symbol)

    def _definition(self, start: int, end: int, node: _Node) -> list[Span]:
        piece = node.piece
        if self._size(start, end) <= CHUNK_CHARACTERS * _SLACK:
            return [Span(start, end, piece.symbol, piece.main)]
        if node.inside:
            return self._region(start, end, piece.symbol, node.inside)
        return self._plain(start, end, piece.symbol)

    def _plain(self, start: int, end: int, symbol: str) -> list[Span]:
        """Cut lines without definitions: at blank lines where there are some, by size elsewhere."""
        main = bool(symbol)
        if self._size(start, end) <= CHUNK_CHARACTERS * _SLACK:
            return [Span(start, end, symbol, main)]
        spans = []
        first = start
        while first <= end:
            last = self._break(first, end)
            spans.append(Span(first, last, symbol, main))
            first = last + 1
        return spans

    def _break(self, first: int, end: int) -> int:
        """Return the last line of a part that begins at ``first``: at the best place near the target."""
        if self._size(first, end) <= CHUNK_CHARACTERS * _SLACK:
            return end
        last = first
        best, best_cost = first, float("inf")
        while last < end and (last == first or self._size(first, last) <= CHUNK_CHARACTERS * _SLACK):
            size = self._size(first, last)
            if size >= CHUNK_CHARACTERS / 2:
                cost = abs(size - CHUNK_CHARACTERS) / CHUNK_CHARACTERS + self._tear(last)
                if cost < best_cost:
                    best, best_cost = last, cost
            last += 1
        return best if best_cost < float("inf") else max(first, last - 1)

    def _tear(self, last: int) -> float:
        """Return how bad a cut after line ``last`` is: 0 at a blank line, more the deeper inside."""
        if not self._lines[last - 1].strip():
            return 0.0
        following = self._lines[last]
        if not following.strip():
            return 0.4
        depth = len(following) - len(following.lstrip())
        return 0.5 + min(depth, 24) / 24

    def _merged(self, parts: Sequence[Span], symbol: str) -> list[Span]:
        """Join small neighbours while they fit the target; blank ones go with the one before.

        A span takes the name of the first function or class in it. One of several variables or
        keys is named after none of them, but after what is around.
        """
        out: list[Span] = []
        for part in parts:
            if out and self._fits(out[-1], part):
                before = out[-1]
                if before.main or not part.symbol:
                    named = before
                elif part.main or not before.symbol:
                    named = part
                else:
                    named = Span(0, 0, symbol, main=False)
                out[-1] = Span(before.start, part.end, named.symbol, named.main and bool(named.symbol))
            else:
                out.append(part)
        return out

    def _fits(self, before: Span, part: Span) -> bool:
        size = self._size(before.start, part.end)
        if size <= CHUNK_CHARACTERS:
            return True
        # A header of a line or two says little alone, and much about what follows it.
        tiny = self._size(before.start, before.end) <= CHUNK_CHARACTERS * _HEADER
        if tiny and size <= CHUNK_CHARACTERS * _SLACK:
            return True
        return self._blank(part) or self._blank(before)

    def _blank(self, span: Span) -> bool:
        return self._size(span.start, span.end) < CHUNK_CHARACTERS and not any(
            line.strip() for line in self._lines[span.start - 1 : span.end]
        )


def _nested(pieces: Sequence[Piece], last_line: int) -> list[_Node]:
    """Nest pieces by their lines; one that overlaps the end of another is cut to what is free."""
    top: list[_Node] = []
    stack: list[_Node] = []
    for piece in sorted(pieces, key=lambda each: (each.start, -each.end)):
        if piece.start > last_line:
            continue
        node = _Node(piece)
        while stack and stack[-1].piece.end < piece.start:
            stack.pop()
        (stack[-1].inside if stack else top).append(node)
        stack.append(node)
    return top
