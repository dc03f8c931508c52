"""Two things beside each other: what is written about both, what each says of itself, how they differ."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.extract import is_readable, ranked_sentences, say_meaning, say_sentences
from indexer.answer.inquiry import MINOR, Inquiry, kind_word, shown_place, shown_symbol
from indexer.answer.questions import content_terms
from indexer.index.symbols import FoundSymbol, callers, definitions_in
from indexer.repo.words import pieces, stems, tokens
from indexer.types import ChunkKind, Section, SymbolKind

_BOTH: Final = 2
"""Sentences on both that are quoted before anything else."""

_USES: Final = 2_000

_TWO: Final = 2

_FURTHER: Final = 3
"""Sentences of a definition's own documentation that are told, the first one included."""

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
    one, other = pair
    names = [set(stems(one.word)), set(stems(other.word))]
    told = 0
    for symbol in (one.symbol, other.symbol):
        _say_one(inquiry, symbol)
    for _, found in ranked_sentences(inquiry):
        words = set(stems(found.sentence.text))
        subject = found.sentence.role is Role.SUBJECT
        if told < _BOTH and not subject and all(name and name <= words for name in names):
            told += inquiry.page.quote(Section.WHAT, found)
    inquiry.page.answers = all(symbol.doc for symbol in (one.symbol, other.symbol))
    if not told:
        say_sentences(inquiry, 2)


def _pair(inquiry: Inquiry) -> list[_Thing]:
    """Return the two things that are compared: by the names that are written, else by the plain words."""
    named: dict[str, _Thing] = {}
    for subject in inquiry.subjects:
        if subject.named:
            named.setdefault(subject.symbol.name.lower(), _Thing(subject.symbol.name, subject.symbol))
    if len(named) >= _TWO:
        return list(named.values())[:_TWO]
    out = [(word, _class_of(inquiry, word)) for word in _words_compared(inquiry.asked.text)]
    return [_Thing(word, symbol) for word, symbol in out if symbol is not None]


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


def _say_one(inquiry: Inquiry, symbol: FoundSymbol) -> None:
    """Say where it is, what it says of itself, and how much it is used."""
    said = [each for each in inquiry.documentation(symbol) if is_readable(each.sentence.text)]
    proof = inquiry.page.cite(said[0]) if said else None
    told = f": “{said[0].sentence.text}”" if said and proof is not None else "."
    inquiry.page.tell(
        Section.WHAT,
        f"{shown_symbol(symbol)} is {kind_word(symbol.kind)} in"
        f" {shown_place(symbol.path, symbol.name_line)}{told}",
        [inquiry.signature(symbol), proof],
    )
    for found in said[1:_FURTHER]:
        inquiry.page.quote(Section.WHAT, found)
    if len(said) < _TWO:
        end = min(symbol.end_line, symbol.name_line + 2)
        inquiry.page.code(Section.WHAT, symbol.path, symbol.name_line, end)
    uses = [each for each in callers(inquiry.reader, symbol, _USES) if each.path_id != symbol.path_id]
    files = len({each.path_id for each in uses})
    if files:
        # None found is none that can be seen: a value that is read off an object has no caller.
        inquiry.page.fact(
            Section.WHAT,
            f"`{symbol.name}` is used in {files} other file{'' if files == 1 else 's'}.",
            f"references to {symbol.qualified}",
            [f"{each.path}:{each.line}" for each in uses[:20]],
        )
