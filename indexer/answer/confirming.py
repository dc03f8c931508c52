"""Yes or no: what settles it is shown, and the reader says which it is."""

from __future__ import annotations

from typing import Final

from indexer.answer.code_lines import say_lines
from indexer.answer.commands import say_command_named
from indexer.answer.extract import (
    LIKELY,
    is_near,
    say_answers,
    say_definition,
    say_nearest,
    say_sentences,
)
from indexer.answer.inquiry import REMARK, Inquiry
from indexer.answer.needs import Need
from indexer.index.symbols import FoundSymbol
from indexer.repo.words import stems
from indexer.types import Section

_HALF: Final = 0.5
"""Share of what is asked of a definition that one of its lines must hold to be shown."""

_FEW: Final = 2
"""Sentences below which lines of code are shown too."""


def say_confirmation(inquiry: Inquiry) -> None:
    """Answer yes or no by what settles it: what was read so, what is named, sentences, lines of code."""
    say_command_named(inquiry)
    if say_answers(inquiry, Need.CONFIRM, Section.WHAT):
        return
    named = [each for each in inquiry.subjects if each.named]
    if named:
        say_definition(inquiry, named[0].symbol)
        _say_within(inquiry, named[0].symbol)
    read = inquiry.evidence.reads[:1]
    if read and not named and read[0].odds >= LIKELY and is_near(inquiry, read[0]):
        # What was read as half an answer is nearer to one than what only has the words.
        say_nearest(inquiry, 1)
    if say_sentences(inquiry, 3) < _FEW and not named:
        say_lines(inquiry)
    if not inquiry.page.of(Section.WHAT):
        say_nearest(inquiry)


def _say_within(inquiry: Inquiry, symbol: FoundSymbol) -> None:
    """Show the line of a definition that holds most of what is asked of it."""
    source = inquiry.page.sources.file(symbol.path)
    weights = inquiry.evidence.weights
    asked = weights.keys() - set(stems(symbol.qualified))
    if source is None or not asked:
        return
    held = {
        at: sum(weights[term] for term in inquiry.evidence.terms_in(line) & asked)
        for at, line in enumerate(source.lines[symbol.name_line : symbol.end_line], symbol.name_line + 1)
        if not REMARK.match(line)
    }
    best = max(held, key=lambda at: held[at], default=0)
    if best and held[best] >= _HALF * sum(weights[term] for term in asked):
        inquiry.page.code(Section.WHAT, symbol.path, best, best)
