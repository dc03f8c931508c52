"""The reason that stands right at a definition: in its own comment.

What explains a value or a function is mostly written where it stands; of passages that are alike in words
another's reason is easily taken for this one's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.cues import CAUSAL, Cue, cue_of
from indexer.answer.evidence import Found
from indexer.answer.extract import say_definition
from indexer.answer.inquiry import CALLABLE, MINOR, Inquiry
from indexer.answer.readable import is_readable
from indexer.answer.sentences import sentences_in
from indexer.answer.values import values_in
from indexer.index.symbols import FoundSymbol, definitions_in
from indexer.repo.words import stems
from indexer.types import ChunkKind, Hit, Section, SymbolKind

SENTENCES: Final = 4
"""That are quoted of one comment."""

_VALUES: Final = frozenset((SymbolKind.CONSTANT, SymbolKind.VARIABLE, SymbolKind.FIELD, SymbolKind.PROPERTY))

_ABOUT_A_VALUE: Final = re.compile(
    r"\b(?:avoid|prevent|reduc|ensur|protect|guard|honou?r|risk|starv|otherwise|lead|may|might|could|would|else"
    r"|since|because|too|expensive|cheap|slow|fast|safe|compat|legacy|histor|backward|bug|work-?around|hack"
    r"|problem|limit|allow|enough|at least|at most|so (?:that|it|we|the|as)|why"
    r"|reason|recommend|trade|balanc|match|same as"
    r"|equal)\w*",
    re.I,
)
"""What a comment on a value says when it tells why the value is what it is, however softly."""

_HELD: Final = 0.75
"""Share of what is known of the question that a definition which nobody named must hold, and be the first
that was found.
"""

_OF_REST: Final = 0.3
"""Share of what is asked beside the name that the sentence, or the one before it, must hold."""

_OF_PLACE: Final = 0.5
"""Share of what is asked beside the name that a comment within must hold with the lines it stands at."""
_NAMED: Final = 3
"""Definitions that a question names which are looked into."""
_AT: Final = 3
"""Lines below a comment that it is written for."""
_PASSAGE: Final = Hit("", 1, 1, ChunkKind.CODE, "", None, 0.0, (), "", None)

_LITTLE: Final = 0.12
"""Share of the question that is nothing to be asked beside the name."""


def say_own_reason(inquiry: Inquiry) -> bool:
    """Quote what the comment of the definition that is meant gives as a reason. Return whether it did."""
    for definition, named in _meant(inquiry):
        told = [each for each in inquiry.documentation(definition) if is_readable(each.sentence.text)]
        at = _giving(inquiry, definition, told, named=named)
        if at is None:
            continue
        # What leads to it stands before it: "This can lead to ...".
        first = max(0, at - SENTENCES + 1)
        quoted = [each for each in told[first : at + 1] if inquiry.page.quote(Section.WHY, each)]
        if quoted:
            say_definition(inquiry, definition, documented=False)
            inquiry.page.explained = told[at]
            return True
    held = [each.symbol for each in inquiry.subjects if each.named and not each.symbol.marks & MINOR]
    # Of "why does f return when g() fails" it is f in which it stands.
    return any(_say_inside(inquiry, each) for each in held[:_NAMED] if each.kind in CALLABLE)


def _say_inside(inquiry: Inquiry, definition: FoundSymbol) -> bool:
    """Quote the comment within a definition that stands at the lines which are asked about.

    "Why does it return early when there is a task id" is told where it returns, in none of these words.
    """
    source = inquiry.page.sources.file(definition.path)
    own = set(stems(definition.qualified))
    rest = {term: weight for term, weight in inquiry.evidence.weights.items() if term not in own}
    asked = sum(rest.values())
    if source is None or definition.kind in _VALUES or asked < _LITTLE:
        return False
    text = "\n".join(source.lines[definition.name_line : definition.end_line])
    hit = replace(_PASSAGE, path=definition.path, text=text, language=source.language, blob_id=source.oid,
                  start_line=definition.name_line + 1, end_line=definition.end_line)  # fmt: skip
    told = [each for each in sentences_in(hit) if each.role is Role.COMMENT and is_readable(each.text)]
    best: tuple[float, int, int] = (0.0, 0, 0)
    for at, each in enumerate(told):
        if not each.first:
            continue
        end = next((n for n in range(at + 1, len(told)) if told[n].first), len(told))
        # The condition right above it, what it says, and the statement that it stands at.
        above, below = each.start_line - 1, told[end - 1].end_line
        near, around = (
            inquiry.evidence.terms_in(
                "\n".join(source.lines[max(above - lines, definition.name_line) : below + lines])
            )
            for lines in (1, _AT)
        )
        share = sum(weight * (term in around) for term, weight in rest.items())
        nearer = share + sum(weight * (term in near) for term, weight in rest.items())
        if share >= _OF_PLACE * asked and nearer > best[0]:
            best = nearer, at, end
    said = [
        each
        for each in told[best[1] : min(best[2], best[1] + SENTENCES + 1)]
        if inquiry.page.quote(Section.WHY, Found.of(each, hit))
    ]
    if not said:
        return False
    say_definition(inquiry, definition, documented=False)
    inquiry.page.explained = Found.of(said[0], hit)
    return True


def _meant(inquiry: Inquiry) -> list[tuple[FoundSymbol, bool]]:
    """Return the definitions that the question names, else the one that was found first and holds most of it;
    with whether it was named.
    """
    named = [
        each.symbol
        for each in inquiry.subjects
        # The name of the whole ("Why does Celery ...") is borne by a class, and says little.
        if each.named
        and not each.symbol.marks & MINOR
        and inquiry.evidence.sharing(each.symbol.name) > _LITTLE
    ]
    if named or inquiry.namings:
        return [(each, True) for each in named[:1]]
    hits = inquiry.evidence.of_kind(ChunkKind.CODE)
    first = next((hit for hit in hits if not inquiry.is_minor_hit(hit)), None)
    if first is None or first.path is None:
        return []
    least = _HELD * inquiry.evidence.known
    if inquiry.evidence.sharing(f"{first.path} {first.symbol} {first.text}") < least:
        return []
    within = [
        each
        for each in definitions_in(inquiry.reader, inquiry.path_id(first.path))
        if first.start_line <= each.name_line <= first.end_line
        and inquiry.evidence.sharing(f"{first.path} {each.parent} {_text(inquiry, each)}") >= least
    ]
    return [(min(within, key=lambda each: each.end_line - each.start_line), False)] if within else []


def _text(inquiry: Inquiry, definition: FoundSymbol) -> str:
    source = inquiry.page.sources.file(definition.path)
    return "" if source is None else "\n".join(source.lines[definition.start_line - 1 : definition.end_line])


def _giving(inquiry: Inquiry, definition: FoundSymbol, told: Sequence[Found], *, named: bool) -> int | None:
    """Return which sentence of a comment gives the reason, the last of several; None where none does."""
    values = values_in(inquiry.asked.text)
    own = set(stems(definition.qualified))
    rest = {term: weight for term, weight in inquiry.evidence.weights.items() if term not in own}
    asked = sum(rest.values())
    giving = None
    for at, found in enumerate(told):
        text = found.sentence.text
        if definition.kind in _VALUES and (values or asked < _LITTLE):
            gives = _ABOUT_A_VALUE.search(text) is not None
        else:
            near = set(stems(" ".join(each.sentence.text for each in told[max(0, at - 1) : at + 1])))
            held = sum(weight for term, weight in rest.items() if term in near)
            gives = (cue_of(text) is Cue.STRONG if named else bool(CAUSAL.search(text))) and (
                asked < _LITTLE or held >= _OF_REST * asked
            )
        if gives:
            giving = at
    return giving
