"""Two things beside each other: what is written about both, what each says of itself, how they differ."""

from __future__ import annotations

from typing import Final

from indexer.answer.extract import ranked_sentences, say_meaning, say_sentences
from indexer.answer.impact import usage
from indexer.answer.inquiry import Inquiry, kind_word, shown_place, shown_symbol
from indexer.answer.subjects import Subject
from indexer.index.symbols import FoundSymbol
from indexer.repo.words import stems
from indexer.types import Section

_BOTH: Final = 2
"""Sentences on both that are quoted before anything else."""


def say_comparison(inquiry: Inquiry) -> None:
    """Lay two named definitions side by side; anything else is answered by what is written about it."""
    pair = _pair(inquiry)
    if len(pair) < 2:
        say_meaning(inquiry)
        return
    one, other = (each.symbol for each in pair)
    names = [set(stems(one.name)), set(stems(other.name))]
    told = 0
    for _, found in ranked_sentences(inquiry):
        words = set(stems(found.sentence.text))
        if told < _BOTH and all(name and name <= words for name in names):
            told += inquiry.page.quote(Section.WHAT, found)
    for symbol in (one, other):
        _say_one(inquiry, symbol)
    if not told:
        say_sentences(inquiry, 2)


def _pair(inquiry: Inquiry) -> list[Subject]:
    """Return the best definition of each of the first two names that the question writes."""
    out: dict[str, Subject] = {}
    for subject in inquiry.subjects:
        if subject.named:
            out.setdefault(subject.symbol.name.lower(), subject)
    return list(out.values())[:2]


def _say_one(inquiry: Inquiry, symbol: FoundSymbol) -> None:
    """Say where it is, what it says of itself, and how much it is used."""
    first = next(iter(inquiry.documentation(symbol)), None)
    proof = inquiry.page.cite(first) if first is not None else None
    told = f": “{first.sentence.text}”" if first is not None and proof is not None else "."
    used = usage(inquiry, symbol)
    files = len(used.files(symbol.path_id))
    many = f"{files}" if used.complete else f"At least {files}"
    places = used.places()
    inquiry.page.tell(
        Section.WHAT,
        f"{shown_symbol(symbol)} is {kind_word(symbol.kind)} in"
        f" {shown_place(symbol.path, symbol.name_line)}{told}",
        [inquiry.signature(symbol), proof],
    )
    inquiry.page.code(Section.WHAT, symbol.path, symbol.name_line, min(symbol.end_line, symbol.name_line + 2))
    inquiry.page.fact(
        Section.WHAT,
        f"{many if files else 'No'} other file{'' if files == 1 else 's'} outside tests"
        f" write{'s' if files == 1 else ''} the name `{symbol.name}`.",
        f"git grep -w {symbol.name}, comments, documents and tests left out",
        places[:20],
    )
