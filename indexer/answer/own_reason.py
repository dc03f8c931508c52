"""The reason that stands right at a definition: in its own comment.

What explains a value or a function is mostly written where it stands; of passages that are alike in words
another's reason is easily taken for this one's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from indexer.answer.cues import CAUSAL, Cue, cue_of
from indexer.answer.evidence import Found
from indexer.answer.extract import say_definition
from indexer.answer.inquiry import MINOR, Inquiry
from indexer.answer.readable import is_readable
from indexer.answer.values import values_in
from indexer.index.symbols import FoundSymbol, definitions_in
from indexer.repo.words import stems
from indexer.types import ChunkKind, Section, SymbolKind

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
    return False


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
