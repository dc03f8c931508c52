"""Yes or no: what settles it is shown, and the reader says which it is."""

from __future__ import annotations

from typing import Final

from indexer.answer.commands import say_command_named
from indexer.answer.extract import (
    best_lines,
    say_answers,
    say_definition,
    say_lines,
    say_nearest,
    say_sentences,
)
from indexer.answer.inquiry import Inquiry
from indexer.answer.needs import Need
from indexer.index.symbols import FoundSymbol
from indexer.types import Section

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
    if say_sentences(inquiry, 3) < _FEW and not named:
        say_lines(inquiry)
    if not inquiry.page.of(Section.WHAT):
        say_nearest(inquiry)


def _say_within(inquiry: Inquiry, symbol: FoundSymbol) -> None:
    """Show the lines of a definition that hold most of the question."""
    source = inquiry.page.sources.file(symbol.path)
    if source is None:
        return
    best = best_lines(inquiry, source.lines[symbol.name_line : symbol.end_line])
    if best is not None:
        start, end = (symbol.name_line + 1 + at for at in best)
        inquiry.page.code(Section.WHAT, symbol.path, start, end)
