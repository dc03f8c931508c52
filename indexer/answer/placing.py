"""Where something is: the definition that fits best, and where in it."""

from __future__ import annotations

from typing import Final

from indexer.answer.code_lines import say_hits
from indexer.answer.extract import ranked_sentences, say_definition, say_sentences
from indexer.answer.inquiry import CALLABLE, MINOR, Inquiry, kind_word, shown_place, shown_symbol
from indexer.answer.readable import CHANGE_LOG
from indexer.answer.subjects import is_about
from indexer.index.symbols import FoundSymbol, definitions_in, find_symbols
from indexer.repo.words import stems, tokens
from indexer.types import ChunkKind, Section, SymbolKind

_TYPES: Final = frozenset((SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.TRAIT))
_BRIDGES: Final = 8
_BRIDGING: Final = 0.3
_BRIDGED: Final = 0.5
"""Sentences that may name what the question says in other words, the share of it that one must hold, and the
worth that it must have.
"""
_TELLING_WORD: Final = 6
"""Letters of a word from which it may be a name by itself."""

_SUBJECT: Final = 3
"""First words of a sentence among which its subject stands."""

_BEARERS: Final = 5
"""Definitions of one name that are looked at."""
_REST: Final = 0.35
_HELD_WITHIN: Final = 0.5
_WITHIN: Final = 6
_BODY: Final = 2_000
"""Share of the question beside a name from which it asks where in the thing, the part of that which lines
must hold, how many lines, and of how many at most.
"""


def say_place(inquiry: Inquiry) -> None:
    """Answer where something is: the definition that fits best, then the others that do."""
    page = inquiry.page
    for naming in inquiry.namings:
        for path in naming.paths[:2]:
            if not naming.symbols:
                page.tell(Section.WHAT, f"`{naming.name}` is {path}.", [page.sources.span(path, 1, 1)])
    fitting = [each for each in inquiry.subjects if is_about(each)]
    shown = _say_bridged(inquiry, fitting[0].score if fitting else 0.0)
    for subject in fitting[:4]:
        if shown and subject.likely < fitting[0].likely * 0.6:
            break
        shown += say_definition(inquiry, subject.symbol)
    if fitting and fitting[0].named:
        _say_within(inquiry, fitting[0].symbol)
    if not shown or not (inquiry.subject and inquiry.subject.named):
        # What a commit said was so then: where it is now, the code and its documents say.
        most = 2 if shown else 4
        if not say_sentences(inquiry, most, commits=False, logs=True) and not shown:
            say_sentences(inquiry, most)
    if not shown:
        say_hits(inquiry)


def _say_within(inquiry: Inquiry, symbol: FoundSymbol) -> None:
    """Show where in a thing that is named the rest of the question stands: "where does listen() put up the
    second server"; else the definition in its file that holds it, which it may lean on.
    """
    weights = inquiry.evidence.weights
    rest = weights.keys() - set(stems(symbol.name))
    whole = sum(weights[term] for term in rest)
    source = inquiry.page.sources.file(symbol.path)
    if whole < _REST or source is None:
        return
    first = symbol.name_line + 1
    body = source.lines[symbol.name_line : min(symbol.end_line, symbol.name_line + _BODY)]
    held = [inquiry.evidence.terms_in(line) & rest for line in body]
    worth = [
        sum(weights[term] for term in frozenset().union(*held[at : at + _WITHIN])) if own else 0.0
        for at, own in enumerate(held)
    ]
    best = max(worth, default=0.0)
    if best >= _HELD_WITHIN * whole:
        place = first + worth.index(best)
        inquiry.page.code(Section.WHAT, symbol.path, place, min(place + _WITHIN - 1, symbol.end_line))
        return
    beside = [
        (
            sum(weights[term] for term in rest & inquiry.evidence.terms_in(f"{each.name} {each.doc[:300]}")),
            each,
        )
        for each in definitions_in(inquiry.reader, symbol.path_id)
        if each.kind in CALLABLE and each.name != symbol.name
    ]
    most = max(beside, key=lambda each: each[0], default=None)
    if most is not None and most[0] >= _HELD_WITHIN * whole:
        say_definition(inquiry, most[1])


def _say_bridged(inquiry: Inquiry, score: float) -> int:
    """Tell the definition that a document names for what is asked in plain words. Return 1 when told.

    "What adds or removes processes": "The autoscaler adds more pool processes when there is work to do".
    ``score`` is the share of the question that the likeliest definition holds itself.
    """
    if any(each.named for each in inquiry.subjects):
        return 0
    for _, found in ranked_sentences(inquiry)[:_BRIDGES]:
        if (
            found.hit.kind is not ChunkKind.DOC
            # What a release once changed tells of no definition what it is.
            or CHANGE_LOG.search(found.hit.path or "")
            or found.coverage < _BRIDGING
            or found.worth < max(_BRIDGED, score)
        ):
            continue
        words = list(dict.fromkeys(tokens(found.sentence.text)))
        for at, word in enumerate(words):
            symbol = _class_called(inquiry, word, exactly=at >= _SUBJECT)
            proof = inquiry.page.cite(found) if symbol is not None else None
            if symbol is not None and proof is not None:
                return int(
                    inquiry.page.tell(
                        Section.WHAT,
                        f"{shown_symbol(symbol)} is {kind_word(symbol.kind)} in"
                        f" {shown_place(symbol.path, symbol.name_line)}. “{found.sentence.text}”",
                        [inquiry.signature(symbol), proof],
                    )
                )
    return 0


def _class_called(inquiry: Inquiry, word: str, *, exactly: bool) -> FoundSymbol | None:
    """Return the one type that is called by a word of a document which the question does not have. A small
    letter means a type with a capital only in what a sentence begins with ("The autoscaler adds ...").
    """
    if len(word) < _TELLING_WORD or inquiry.evidence.terms_in(word):
        return None
    borne = [
        each
        for each in find_symbols(inquiry.reader, word, _BEARERS)
        if (each.name == word or (not exactly and each.name.lower() == word.lower()))
        and each.kind in _TYPES
        and not each.marks & MINOR
    ]
    return borne[0] if len(borne) == 1 else None
