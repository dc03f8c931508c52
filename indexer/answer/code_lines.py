"""The lines of code that hold most of a question, where no sentence can be quoted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from indexer.answer.inquiry import REMARK, Inquiry, shown_place
from indexer.answer.readable import is_import
from indexer.answer.remarks import comment_lines
from indexer.types import ChunkKind, Hit, Section

ENOUGH: Final = 0.45
"""Support from which a sentence is said to be about the question at all."""

_LINED: Final = 8
"""Passages of code in which lines that hold the question are looked for."""


def say_lines(inquiry: Inquiry, limit: int = 2) -> int:
    """Show the lines of code that hold most of the question's words, one small piece a file.

    Return how many pieces were laid down.
    """
    shown = 0
    for hit in inquiry.evidence.of_kind(ChunkKind.CODE)[:_LINED]:
        if hit.path is None or shown >= limit or inquiry.is_minor_hit(hit):
            continue
        best = best_lines(inquiry, hit.text.split("\n"), idle_lines(inquiry, hit))
        if best is not None:
            start, end = best
            shown += inquiry.page.code(Section.WHAT, hit.path, hit.start_line + start, hit.start_line + end)
    return shown


def say_hits(inquiry: Inquiry) -> None:
    """Name the passages that come closest, when nothing in them can be quoted as a sentence."""
    page = inquiry.page
    for hit in inquiry.evidence.of_kind(ChunkKind.CODE, ChunkKind.DOC)[:4]:
        if hit.path is None or inquiry.evidence.sharing(f"{hit.text} {hit.path} {hit.symbol}") < ENOUGH:
            continue
        if hit.kind is ChunkKind.DOC:
            title = f", under “{hit.symbol.rpartition(' > ')[2]}”" if hit.symbol else ""
            page.tell(
                Section.WHAT,
                f"{shown_place(hit.path, hit.start_line)}{title} speaks of it.",
                [page.sources.span(hit.path, hit.start_line, hit.start_line)],
            )
        elif (best := best_lines(inquiry, hit.text.split("\n"), idle_lines(inquiry, hit))) is not None:
            page.code(Section.WHAT, hit.path, hit.start_line + best[0], hit.start_line + best[1])


def idle_lines(inquiry: Inquiry, hit: Hit) -> frozenset[int]:
    """Return the places of the lines of a passage that no quotation of code is for: comments and imports.

    What a comment says is quoted as a sentence; what a file takes in tells only who asks for that.
    """
    lines = hit.text.split("\n")
    taken = (at for at, line in enumerate(lines) if is_import(line) and not inquiry.asks_imports)
    spoken = comment_lines(lines, hit.language) if hit.kind is ChunkKind.CODE else frozenset[int]()
    return spoken | frozenset(taken)


def best_lines(inquiry: Inquiry, lines: Sequence[str], idle: frozenset[int]) -> tuple[int, int] | None:
    """Return the window (offsets) of at most 6 lines that holds most of the question's weight."""
    weights = inquiry.evidence.weights
    # A piece of code begins and ends with code.
    held = [
        frozenset() if at in idle or REMARK.match(line) else inquiry.evidence.terms_in(line)
        for at, line in enumerate(lines)
    ]
    best, window = 0.0, None
    for start in range(len(lines)):
        if not held[start]:
            continue
        terms: set[str] = set()
        for end in range(start, min(start + 6, len(lines))):
            terms |= held[end]
            value = sum(weights[term] for term in terms) - 0.015 * (end - start)
            if held[end] and value > best + 1e-9:
                best, window = value, (start, end)
    if window is None or best < ENOUGH:
        return None
    return window
