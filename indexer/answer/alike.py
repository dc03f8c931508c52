"""What lies nearest to a question by meaning, where nothing that was found answers it in its own words.

Whoever has not read the code asks in plain words. Whether it is something of this repository that is asked
about, the meaning of the question tells well enough to show what is nearest; that it answers, nothing tells.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from indexer.answer.blocks import Role
from indexer.answer.code_lines import idle_lines
from indexer.answer.evidence import Found
from indexer.answer.inquiry import Inquiry, kind_word, shown_place, shown_symbol
from indexer.answer.needs import Need
from indexer.answer.ranking import joined
from indexer.answer.readable import CHANGE_LOG, is_readable
from indexer.answer.sentences import Sentence, sentences_in
from indexer.errors import ModelError
from indexer.index.symbols import innermost, symbols_where
from indexer.types import ChunkKind, Hit, Section

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHOWN: Final = 3
"""Places that are shown."""

_LOOKED_INTO: Final = {ChunkKind.CODE: 4, ChunkKind.DOC: 2, ChunkKind.COMMIT: 2}
"""Passages of each kind whose pieces are compared with the question, the nearest first."""

_PIECES: Final = 10
"""Of each passage: a piece takes the model some 2 ms of one core."""

_LINES: Final = 6
_STEP: Final = 4
"""Lines of a piece of code, and how far the next one begins behind it."""

_HISTORY: Final = frozenset((Need.REASON, Need.CHANGE, Need.AUTHOR, Need.PERSON))
"""What a commit's message may tell."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or lines ``start`` to ``end`` of code, of a passage."""

    hit: Hit
    start: int
    end: int
    text: str
    sentence: Sentence | None = None


def say_alike(inquiry: Inquiry, section: Section) -> int:
    """Show the few places that are nearest by meaning, each with the piece of it that is; return how many."""
    shown = 0
    for piece in _nearest(inquiry):
        if shown >= SHOWN:
            break
        shown += _say(inquiry, piece, section)
    if shown and section is Section.MISSING:
        # Of half an answer the sentence on what is missing says it.
        inquiry.page.tell(
            section, "What is shown is nearest by its meaning, and may be about something else.", []
        )
    return shown


def _nearest(inquiry: Inquiry) -> list[_Piece]:
    """Return the nearest piece of each passage that is looked into, the nearest one first."""
    embedder = inquiry.evidence.embedder
    pieces = [piece for hit in _passages(inquiry) for piece in _pieces(inquiry, hit)]
    if embedder is None or not pieces:
        return []
    try:
        rows = embedder.embed([f"{each.hit.path or ''}\n{each.hit.symbol}\n{each.text}" for each in pieces])
        likeness = rows @ embedder.embed_query(inquiry.asked.text)
    except ModelError:
        # The search has said already that there is no model.
        return []
    best: dict[int, tuple[float, _Piece]] = {}
    for piece, value in zip(pieces, _with_passage(pieces, likeness), strict=True):
        if value > best.get(id(piece.hit), (-math.inf, piece))[0]:
            best[id(piece.hit)] = (value, piece)
    return [piece for _, piece in sorted(best.values(), key=lambda each: -each[0])]


def _with_passage(pieces: Sequence[_Piece], likeness: NDArray[np.float32]) -> list[float]:
    """Return what speaks for each piece: itself, and the passage that it stands in."""
    return [float(own) + each.hit.likeness for own, each in zip(likeness, pieces, strict=True)]


def _passages(inquiry: Inquiry) -> list[Hit]:
    of_history = any(part.need in _HISTORY for part in inquiry.asked.parts)
    chosen: list[Hit] = []
    for kind, most in _LOOKED_INTO.items():
        if kind is ChunkKind.COMMIT and not of_history:
            continue
        hits = [
            hit
            for hit in inquiry.evidence.of_kind(kind)
            if not inquiry.is_minor_hit(hit) and not CHANGE_LOG.search(hit.path or "")
        ]
        chosen += [hits[at] for at in joined([hit.likeness for hit in hits])[:most]]
    return chosen


def _pieces(inquiry: Inquiry, hit: Hit) -> list[_Piece]:
    told = [
        _Piece(hit, each.start_line, each.end_line, each.text, each)
        for each in sentences_in(hit)
        if each.role is not Role.TITLE and is_readable(each.text) and inquiry.evidence.may_tell(each)
    ]
    if hit.kind is not ChunkKind.CODE:
        return told[:_PIECES]
    lines, idle = hit.text.split("\n"), idle_lines(inquiry, hit)
    code = [
        _Piece(hit, hit.start_line + kept[0], hit.start_line + kept[-1], "\n".join(lines[at] for at in kept))
        for first in range(0, len(lines), _STEP)
        if (kept := [at for at in range(first, min(first + _LINES, len(lines))) if _tells(lines, at, idle)])
    ]
    half = _PIECES // 2
    return [*told[: max(half, _PIECES - len(code))], *code[: max(half, _PIECES - len(told))]]


def _tells(lines: Sequence[str], at: int, idle: frozenset[int]) -> bool:
    return at not in idle and any(letter.isalnum() for letter in lines[at])


def _say(inquiry: Inquiry, piece: _Piece, section: Section) -> bool:
    hit, page = piece.hit, inquiry.page
    if piece.sentence is not None:
        quoted = page.quote(section, Found.of(piece.sentence, hit))
        if quoted:
            _say_whose(inquiry, piece, section)
        return quoted
    named = _say_whose(inquiry, piece, section)
    return page.code(section, hit.path or "", piece.start, piece.end) or named


def _say_whose(inquiry: Inquiry, piece: _Piece, section: Section) -> bool:
    """Tell of which definition a piece of code is: the one it stands in, or stands over."""
    if piece.hit.kind is not ChunkKind.CODE:
        return False
    defined = symbols_where(inquiry.reader, "p.shown = ?", (piece.hit.path,))
    around = [innermost(defined, line) for line in (piece.start, piece.end + 1)]
    symbol = min(
        (each for each in around if each is not None),
        key=lambda each: each.end_line - each.start_line,
        default=None,
    )
    cited = None if symbol is None else inquiry.signature(symbol)
    if symbol is None or cited is None:
        return False
    place = shown_place(symbol.path, symbol.name_line)
    return inquiry.page.tell(
        section, f"{shown_symbol(symbol)} is {kind_word(symbol.kind)} in {place}.", [cited]
    )
