"""From marks (a heading, a key, a paragraph at a line) to symbols and cuts that cover a file.

Each format's own module finds the marks in one pass over lines or tokens. Nesting, ends, names
with their parents and what a reference stands inside are worked out here, once for all of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from indexer.types import Reference, ReferenceKind, Symbol, SymbolKind

SYMBOLS_MAX = 20_000
"""A file with more names than this is data (a dictionary, a fixture), and nobody looks them up."""

NAME_MAX = 200
"""Characters of a name or signature that are kept; a whole paragraph can be underlined."""

SCANNED = 1_000
"""Characters of a line that rules look at, so that one line of a megabyte costs nothing."""

LONG_CUT = 26
"""A cut of more lines is broken at blank lines, which are better places than any line count."""

WORTH_A_CUT = 4
"""Lines that an inner key has at least to stand apart from its neighbours."""

SHORT_CUT = 8
"""Lines that a broken piece has at least."""


_ONCE = frozenset((ReferenceKind.CALL, ReferenceKind.COPY, ReferenceKind.USE, ReferenceKind.IMPORT))
"""Kinds kept once for each place that they stand inside; data and programs keep every line."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One natural piece of a file. ``symbol`` is empty before the first named thing."""

    start_line: int
    end_line: int
    symbol: str


@dataclass(frozen=True, slots=True)
class FormatParse:
    """What rules found in a file. ``cuts`` come in order and cover every line once."""

    cuts: tuple[Cut, ...]
    symbols: tuple[Symbol, ...]
    references: tuple[Reference, ...]
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A named thing that begins at ``line``; ``depth`` is 1 for the outermost.

    ``first`` is where its cut begins when that is above the name (its comment); ``last`` its
    last line when that is known, else it ends before the next mark that is not deeper.
    ``cut`` False: a symbol only, its lines stay in the piece around it.
    """

    line: int
    depth: int
    name: str
    kind: SymbolKind
    first: int = 0
    last: int = 0
    signature: str = ""
    doc: str = ""
    cut: bool = True


@dataclass(frozen=True, slots=True)
class Mention:
    """A reference before it is known what it stands inside; ``inside`` is set where a rule knows."""

    line: int
    name: str
    kind: ReferenceKind
    inside: str = ""


def word_set(words: str) -> frozenset[str]:
    """Return the words of a text; for tables of keywords that read as prose."""
    return frozenset(words.split())


def lines_of(text: str) -> list[str]:
    r"""Split at ``\n`` alone, as git does; a final newline begins no line."""
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return lines


def assemble(
    lines: Sequence[str],
    marks: Iterable[Mark],
    mentions: Iterable[Mention] = (),
    joint: str = ".",
    notice: str = "",
) -> FormatParse:
    """Return symbols, cuts and references for marks in any order. ``joint`` joins names."""
    ordered = sorted((mark for mark in marks if mark.name), key=lambda mark: (mark.line, mark.depth))
    if len(ordered) > SYMBOLS_MAX:
        dropped = len(ordered) - SYMBOLS_MAX
        ordered = ordered[:SYMBOLS_MAX]
        notice = notice or f"{dropped} more names than {SYMBOLS_MAX} are not listed"
    symbols = _symbols(ordered, lines, joint)
    starts, cuts, owners = _cuts(ordered, symbols, lines, joint)
    references: list[Reference] = []
    known: set[tuple[str, ReferenceKind, str]] = set()
    for mention in sorted(dict.fromkeys(mentions), key=lambda each: each.line):
        owner = owners[bisect_right(starts, mention.line) - 1] if starts else -1
        inside = mention.inside or (symbols[owner].qualified if owner >= 0 else "")
        same = (mention.name, mention.kind, inside)
        if same not in known or mention.kind not in _ONCE:
            references.append(Reference(mention.name[:NAME_MAX], mention.kind, mention.line, inside))
        known.add(same)
    return FormatParse(tuple(cuts), tuple(symbols), tuple(references), notice)


def thin(marks: Sequence[Mark], total: int, always: int = 2, large: int = LONG_CUT) -> list[Mark]:
    """Return the marks that are worth their place: outer ones, and those inside large ones.

    Up to ``always`` levels stay, deeper ones when the block around them is large. The outermost
    begin a cut, and those of some lines inside a block of at least ``large`` lines.
    """
    ends = _ends(marks, total)
    kept: list[Mark] = []
    around: list[int] = []
    for index, mark in enumerate(marks):
        while around and marks[around[-1]].depth >= mark.depth:
            around.pop()
        roomy = not around or ends[around[-1]] - marks[around[-1]].line >= large
        if mark.depth <= always or roomy:
            spans = ends[index] - mark.line + 1 >= WORTH_A_CUT
        kept.append(replace(mark, cut=mark.cut and (mark.depth == 1 or (roomy and spans))))
        around.append(index)
    return kept


def lead(lines: Sequence[str], line: int, prefixes: tuple[str, ...], furthest: int = 40) -> int:
    """Return the first of the comment lines right above ``line``, or ``line``. All 1-based."""
    first = line
    while first > 1 and line - first < furthest and lines[first - 2].lstrip().startswith(prefixes):
        first -= 1
    return first


def _ends(marks: Sequence[Mark], total: int) -> list[int]:
    """Return each mark's last line: its own, or the one before the next that is not deeper."""
    ends = [total] * len(marks)
    pending: list[int] = []
    for index, mark in enumerate(marks):
        while pending and marks[pending[-1]].depth >= mark.depth:
            closed = pending.pop()
            ends[closed] = max(marks[closed].line, (mark.first or mark.line) - 1)
        pending.append(index)
    return [mark.last or end for mark, end in zip(marks, ends, strict=True)]


def _symbols(marks: Sequence[Mark], lines: Sequence[str], joint: str) -> list[Symbol]:
    total = len(lines)
    ends = _ends(marks, total)
    symbols: list[Symbol] = []
    around: list[tuple[int, str]] = []
    for mark, last in zip(marks, ends, strict=True):
        while around and around[-1][0] >= mark.depth:
            around.pop()
        end = min(max(last, mark.line), total)
        while end > mark.line and not lines[end - 1].strip():
            end -= 1
        name = mark.name[:NAME_MAX]
        parent = around[-1][1] if around else ""
        symbols.append(
            Symbol(
                name=name,
                kind=mark.kind,
                parent=parent,
                start_line=max(min(mark.first or mark.line, mark.line), 1),
                end_line=end,
                name_line=mark.line,
                signature=mark.signature[:NAME_MAX],
                doc=mark.doc[: 2 * NAME_MAX],
            )
        )
        around.append((mark.depth, f"{parent}{joint}{name}" if parent else name))
    return symbols


def _cuts(
    marks: Sequence[Mark], symbols: Sequence[Symbol], lines: Sequence[str], joint: str
) -> tuple[list[int], list[Cut], list[int]]:
    """Return starts of the pieces, the pieces, and the index of the symbol that each speaks of."""
    total = len(lines)
    edges: list[tuple[int, int]] = [(1, -1)] if total else []
    around: list[int] = []
    for index, mark in enumerate(marks):
        if not mark.cut:
            continue
        while around and (marks[around[-1]].depth >= mark.depth or symbols[around[-1]].end_line < mark.line):
            closed = around.pop()
            after = symbols[closed].end_line + 1
            until = (mark.first or mark.line) - 1
            if edges[-1][0] < after <= until and _has_text(lines, after, until):
                edges.append((after, around[-1] if around else -1))
        start = max(mark.first or mark.line, 1)
        if start > edges[-1][0]:
            edges.append((start, index))
        else:
            edges[-1] = (edges[-1][0], index)
        around.append(index)
    while around:
        after = symbols[around.pop()].end_line + 1
        if edges[-1][0] < after <= total and _has_text(lines, after, total):
            edges.append((after, around[-1] if around else -1))
    starts: list[int] = []
    cuts: list[Cut] = []
    owners: list[int] = []
    for number, (start, owner) in enumerate(edges):
        end = edges[number + 1][0] - 1 if number + 1 < len(edges) else total
        named = ""
        if owner >= 0:
            symbol = symbols[owner]
            named = f"{symbol.parent}{joint}{symbol.name}" if symbol.parent else symbol.name
        for first, last in _broken(lines, start, end):
            starts.append(first)
            cuts.append(Cut(first, last, named))
            owners.append(owner)
    return starts, cuts, owners


def _has_text(lines: Sequence[str], start: int, end: int) -> bool:
    return any(line.strip() for line in lines[start - 1 : end])


def _broken(lines: Sequence[str], start: int, end: int) -> list[tuple[int, int]]:
    """Return a long piece in parts that begin after a blank line; a short one as it is."""
    if end - start < LONG_CUT:
        return [(start, end)]
    parts: list[tuple[int, int]] = []
    first = start
    for line in range(start + 1, end + 1):
        if line - first >= SHORT_CUT and lines[line - 1].strip() and not lines[line - 2].strip():
            parts.append((first, line - 1))
            first = line
    if parts and end - first + 1 < SHORT_CUT // 2:
        first = parts.pop()[0]
    parts.append((first, end))
    return parts
