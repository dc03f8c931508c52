"""Two things beside each other: what is written about both, what each says of itself, how they differ."""

from __future__ import annotations

from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.evidence import Found
from indexer.answer.extract import is_readable, ranked_sentences, say_meaning, say_sentences
from indexer.answer.impact import usage
from indexer.answer.inquiry import Inquiry, kind_word, shown_place, shown_symbol
from indexer.index.symbols import FoundSymbol
from indexer.repo.words import stems
from indexer.types import Section

_BOTH: Final = 2
"""Sentences on both that are quoted."""

FURTHER: Final = 3
"""Sentences of each one's own documentation."""


def say_comparison(inquiry: Inquiry) -> None:
    """Lay two named definitions side by side; anything else is answered by what is written about it."""
    pair = _pair(inquiry)
    if len(pair) < 2:
        say_meaning(inquiry)
        return
    one, other = pair
    names = [set(stems(one.name)), set(stems(other.name))]
    # What each is comes first: who compares two things must know both.
    for symbol in (one, other):
        _say_one(inquiry, symbol)
    for symbol in (one, other):
        for further in _own(inquiry, symbol)[1:FURTHER]:
            inquiry.page.quote(Section.WHAT, further)
    told = 0
    for _, found in ranked_sentences(inquiry):
        words = set(stems(found.sentence.text))
        # The subject of a commit says what somebody did, not how the two differ.
        if found.sentence.role in (Role.SUBJECT, Role.TITLE) or inquiry.is_minor(found):
            continue
        if told < _BOTH and all(name and name <= words for name in names):
            told += inquiry.page.quote(Section.WHAT, found)
    for symbol in (one, other):
        _say_uses(inquiry, symbol)
    if not told:
        say_sentences(inquiry, 2, commits=False)


def _pair(inquiry: Inquiry) -> list[FoundSymbol]:
    """Return the best definition of each of the first two names that the question writes."""
    out: dict[str, FoundSymbol] = {}
    for symbol in (
        *(each.symbol for each in inquiry.subjects if each.named),
        *(symbol for naming in inquiry.namings for symbol in naming.symbols[:1]),
    ):
        out.setdefault(symbol.name.lower(), symbol)
    text = inquiry.asked.text.lower()
    # In the order of the question.
    return sorted(list(out.values())[:2], key=lambda each: text.find(each.name.lower()))


def _own(inquiry: Inquiry, symbol: FoundSymbol) -> list[Found]:
    return [each for each in inquiry.documentation(symbol) if is_readable(each.sentence.text)]


def _say_one(inquiry: Inquiry, symbol: FoundSymbol) -> None:
    """Say where it is, and what it says of itself."""
    own = _own(inquiry, symbol)
    first = own[0] if own else None
    proof = inquiry.page.cite(first) if first is not None else None
    told = f": “{first.sentence.text}”" if first is not None and proof is not None else "."
    inquiry.page.tell(
        Section.WHAT,
        f"{shown_symbol(symbol)} is {kind_word(symbol.kind)} in"
        f" {shown_place(symbol.path, symbol.name_line)}{told}",
        [inquiry.signature(symbol), proof],
    )
    if not own:
        last = min(symbol.end_line, symbol.name_line + 2)
        inquiry.page.code(Section.WHAT, symbol.path, symbol.name_line, last)


def _say_uses(inquiry: Inquiry, symbol: FoundSymbol) -> None:
    """Say how much it is used."""
    used = usage(inquiry, symbol)
    files = len(used.files(symbol.path_id))
    many = f"{files}" if used.complete else f"At least {files}"
    places = used.places()
    inquiry.page.fact(
        Section.WHAT,
        f"{many if files else 'No'} other file{'' if files == 1 else 's'} outside tests"
        f" write{'s' if files == 1 else ''} the name `{symbol.name}`.",
        f"git grep -w {symbol.name}, comments, documents and tests left out",
        places[:20],
    )
