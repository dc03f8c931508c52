"""Two things beside each other: what each says of itself, what is written about both, how they differ."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.evidence import Found
from indexer.answer.extract import is_readable, ranked_sentences, say_meaning, say_sentences
from indexer.answer.impact import usage
from indexer.answer.inquiry import MINOR, Inquiry, kind_word, shown_place, shown_symbol
from indexer.answer.questions import content_terms
from indexer.index.symbols import FoundSymbol, definitions_in
from indexer.repo.words import pieces, stems, tokens
from indexer.types import ChunkKind, Section, SymbolKind

_BOTH: Final = 2
"""Sentences on both that are quoted."""

FURTHER: Final = 3
"""Sentences of each one's own documentation."""

_TWO: Final = 2

_FILES: Final = 15
"""Passages in whose files the things are looked for."""

_KINDS: Final = frozenset(
    (SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.FUNCTION)
)
_BETWEEN: Final = re.compile(
    r"between (.+?) and (.+?)(?:[?.,]|$)"
    r"|compare (.+?) (?:with|to|and) (.+?)(?:[?.,]|$)"
    r"|(?:do|does|is|are) (.+?) (?:differ|different) from (.+?)(?:[?.,]|$)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Thing:
    """One side of a comparison, as the question has it, and what defines it here."""

    word: str
    symbol: FoundSymbol


def say_comparison(inquiry: Inquiry) -> None:
    """Lay two definitions side by side; anything else is answered by what is written about it."""
    pair = _pair(inquiry)
    if len(pair) < _TWO:
        say_meaning(inquiry)
        return
    one, other = (each.symbol for each in pair)
    names = [set(stems(each.word)) for each in pair]
    # Each is told to its end before the other: a sentence seldom says which of the two it is about.
    for symbol in (one, other):
        _say_one(inquiry, symbol)
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
    inquiry.page.answers = bool(one.doc and other.doc)
    if not told:
        say_sentences(inquiry, 2, commits=False)


def _pair(inquiry: Inquiry) -> list[_Thing]:
    """Return the two things that are compared: by the names that are written, else by the plain words."""
    named: dict[str, _Thing] = {}
    for symbol in (
        # `group` beside `chunks` is not what chunks calls its group, though that has both words.
        *_side_by_side(inquiry),
        *(each.symbol for each in inquiry.subjects if each.named),
    ):
        named.setdefault(symbol.name.lower(), _Thing(symbol.name, symbol))
    if len(named) >= _TWO:
        text = inquiry.asked.text.lower()
        # In the order of the question.
        return sorted(list(named.values())[:_TWO], key=lambda each: text.find(each.word.lower()))
    out = [(word, _class_of(inquiry, word)) for word in _words_compared(inquiry.asked.text)]
    return [_Thing(word, symbol) for word, symbol in out if symbol is not None]


def _side_by_side(inquiry: Inquiry) -> list[FoundSymbol]:
    """Return what the names stand for: two of one file before two that are only called so."""
    borne = [naming.symbols for naming in inquiry.namings if naming.symbols]
    if len(borne) == _TWO:
        for one in borne[0]:
            for other in borne[1]:
                if one.path == other.path and bool(one.parent) == bool(other.parent):
                    return [one, other]
    return [symbols[0] for symbols in borne]


def _words_compared(text: str) -> list[str]:
    """Return the two words of a comparison, the last of each where it is made of several."""
    match = _BETWEEN.search(text)
    sides = [match[1] or match[3] or match[5], match[2] or match[4] or match[6]] if match else []
    last = [[word for word in tokens(side) if content_terms(word)][-1:] for side in sides]
    return [word for words in last for word in words]


def _class_of(inquiry: Inquiry, word: str) -> FoundSymbol | None:
    """Return the class or the like that a plain word names: its name ends with it, and it says something.

    Looked for in the files that were found for the question.
    """
    wanted, best = stems(word), None
    paths = [hit.path for hit in inquiry.evidence.of_kind(ChunkKind.CODE)[:_FILES] if hit.path]
    for path in dict.fromkeys(paths):
        for symbol in definitions_in(inquiry.reader, inquiry.path_id(path)):
            parts = pieces(symbol.name)
            if symbol.kind not in _KINDS or symbol.marks & MINOR or not parts or stems(parts[-1]) != wanted:
                continue
            value = (bool(symbol.doc), bool(set(wanted) & set(stems(path))), -len(parts), symbol.rank)
            if best is None or value > best[0]:
                best = (value, symbol)
    return best[1] if best else None


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
