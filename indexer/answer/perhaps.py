"""What the search put first where nothing answers: it may be meant in other words, and is told as no more.

Nothing tells whether it is meant: what plain words ask for here is no more like the first hits than what
is not here at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from indexer.answer.inquiry import Inquiry, kind_word, shown_place, shown_symbol
from indexer.answer.needs import OF_PEOPLE, Need
from indexer.answer.reaching import unwritten_names
from indexer.answer.readable import CHANGE_LOG, is_readable, is_told
from indexer.answer.verdict import Label, is_symptom
from indexer.index.symbols import FoundSymbol, find_symbols
from indexer.types import ChunkKind, Citation, CitationKind, Hit, Section, VerdictStatus

NAMES: Final = 2
TITLES: Final = 1
"""Definitions and sections of documents that are offered."""

HELD: Final = 0.2
"""Share of what is known of a question that what is shown must hold. Of 80 questions of newcomers over four
repositories 8 were answered below it, none of them by a place that answers; of the 17 above it that something
answers 8 were. Of 30 over two others none was below it.
"""

ALIKE: Final = 2.6
AHEAD: Final = 1.25
KNOWN: Final = 0.9
"""Score of the first file of code (words give up to 1, vectors 2, its names what they hold), how far it is
before the second, and the share of the question that stands here. Of 360 questions about what is not here 2
come by all three, of 182 others 49.
"""

_NAME: Final = re.compile(r"[\w$.:#~@?!=/-]+")
"""What can be asked about by its name; a rule of a style sheet cannot."""

_NO_GUIDE: Final = re.compile(r"(?:licen[sc]e|copying|notice|authors|conduct)[^/]*$", re.I)
_TITLE: Final = 80
"""Documents that tell nothing of the code; characters of a title with those above it, beyond which it is a
sentence.
"""

_ASKED: Final = {
    Need.CHANGE: "When was `{}` changed?",
    Need.AUTHOR: "Who knows `{}`?",
    Need.IMPACT: "What breaks if I change `{}`?",
}
"""What is asked of it for what was asked here."""


@dataclass(frozen=True, slots=True)
class Perhaps:
    """A definition or a section that may be what was meant."""

    question: str
    """What asks about it in the repository's own words."""
    hit: Hit


def is_guess(inquiry: Inquiry, label: Label) -> bool:
    """Return whether what was laid down, and called half an answer or near one, holds next to nothing of a
    question that names nothing here: it is the least bad passage.
    """
    if label.bare or label.status not in (VerdictStatus.PARTIAL, VerdictStatus.MISSING):
        return False
    page, evidence = inquiry.page, inquiry.evidence
    said = [*page.of(Section.WHAT), *page.of(Section.WHY)]
    noted = any(each.kind is CitationKind.NOTE for statement in said for each in statement.citations)
    settled = page.people or page.answers or page.settled or noted
    if not said or settled or not evidence.known or any(each.known for each in inquiry.namings):
        return False
    if is_found_alike(inquiry):
        return False
    return evidence.sharing(" ".join(each.text for each in said)) <= HELD * evidence.known


def is_found_alike(inquiry: Inquiry) -> bool:
    """Return whether words and meaning lead to one file of code before all others, and what is asked for in
    words that all stand here: then it is what is meant, in whichever words it is written.
    """
    best: dict[str | None, float] = {}
    for hit in inquiry.evidence.of_kind(ChunkKind.CODE):
        if not inquiry.is_minor_hit(hit):
            best.setdefault(hit.path, hit.score)
    first, second = (*best.values(), 0.0, 0.0)[:2]
    return inquiry.evidence.known >= KNOWN and first >= ALIKE and first >= AHEAD * second


def guess(label: Label) -> Label:
    """Return the label of a guess: of what code could tell nothing was found; people may know the rest."""
    if any(part.need in OF_PEOPLE for part in label.missing):
        return replace(label, status=VerdictStatus.MISSING, bare=True)
    return replace(label, status=VerdictStatus.UNKNOWN, category=None)


def perhaps_meant(inquiry: Inquiry) -> list[Perhaps]:
    """Return what may be meant, the likeliest first.

    A name that stands nowhere is no other word for anything.
    """
    strange = any(not naming.known for naming in inquiry.namings) or unwritten_names(inquiry)
    of_people = all(part.need in OF_PEOPLE for part in inquiry.asked.parts)
    if strange or (of_people and not is_symptom(inquiry)):
        return []
    evidence = inquiry.evidence
    code = {
        hit.symbol: hit
        for hit in reversed(evidence.of_kind(ChunkKind.CODE))
        if hit.symbol and not inquiry.is_minor_hit(hit)
    }
    needs = {part.need for part in inquiry.asked.parts}
    asked = next((_ASKED[need] for need in _ASKED if need in needs), "How does `{}` work?")
    named = [Perhaps(asked.format(name), code[name]) for name in reversed(code) if _NAME.fullmatch(name)]
    told = [hit for hit in evidence.of_kind(ChunkKind.DOC) if not _NO_GUIDE.search(hit.path or "")]
    told = [hit for hit in told if not CHANGE_LOG.search(hit.path or "") and len(hit.symbol) <= _TITLE]
    titled = [
        Perhaps(f"What is {title}?", hit)
        for hit in told[:TITLES]
        if (title := hit.symbol.rpartition(" > ")[2].strip("`"))
    ]
    return [*named[:NAMES], *titled]


def say_perhaps(inquiry: Inquiry) -> None:
    """Tell of each what it says of itself, where it stands, and that it may not be what was asked about."""
    said_before = False
    for each in perhaps_meant(inquiry):
        if each.hit.path is None:
            continue
        said = _titled(inquiry, each.hit) if each.hit.kind is ChunkKind.DOC else _named(inquiry, each.hit)
        if said is not None:
            text, cited = said
            begin = "Or" if said_before else "Perhaps this is meant:"
            said_before |= inquiry.page.tell(Section.MISSING, f"{begin} {text}", cited)


def _named(inquiry: Inquiry, hit: Hit) -> tuple[str, list[Citation]] | None:
    symbol = next((each for each in find_symbols(inquiry.reader, hit.symbol) if each.path == hit.path), None)
    signature = None if symbol is None else inquiry.signature(symbol)
    if symbol is None or signature is None:
        return None
    place = shown_place(symbol.path, symbol.name_line)
    text, cited = f"{shown_symbol(symbol)}, {kind_word(symbol.kind)} in {place}", [signature]
    told, proof = _own_words(inquiry, symbol)
    return (f"{text}: “{told}”", [*cited, proof]) if proof is not None else (f"{text}.", cited)


def _own_words(inquiry: Inquiry, symbol: FoundSymbol) -> tuple[str, Citation | None]:
    for found in inquiry.documentation(symbol):
        if is_readable(found.sentence.text):
            return found.sentence.text, inquiry.page.cite(found)
    return "", None


def _titled(inquiry: Inquiry, hit: Hit) -> tuple[str, list[Citation]] | None:
    title, path = hit.symbol.rpartition(" > ")[2].strip("`"), hit.path or ""
    # The sentence of the section that is most like the question: what it begins with may say nothing of it.
    told = [each for each in inquiry.evidence.found if each.hit == hit and is_told(each.sentence.text)]
    best = max(told, key=lambda each: each.worth, default=None)
    proof = None if best is None else inquiry.page.cite(best)
    if best is not None and proof is not None:
        return f"“{title}” in {shown_place(path, hit.start_line)}: “{best.sentence.text}”", [proof]
    heading = inquiry.page.sources.span(path, hit.start_line, hit.start_line)
    return None if heading is None else (f"“{title}” in {shown_place(path, hit.start_line)}.", [heading])
