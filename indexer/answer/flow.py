"""How something works, step by step: a definition, what it calls in this repository, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from indexer.answer.answering import GIVES, sentences_within
from indexer.answer.byways import is_by_the_way
from indexer.answer.calling import MAKERS, Call, Calls, asks_of_byways, holds, words_of
from indexer.answer.chains import STEPS, chain_of
from indexer.answer.extract import say_meaning, say_sentences
from indexer.answer.inquiry import CALLABLE, MINOR, Inquiry
from indexer.answer.legacy import say_job
from indexer.answer.naming import RUNS
from indexer.answer.needs import Need
from indexer.answer.outcomes import say_outcome
from indexer.answer.read_answers import BESIDE, found_in
from indexer.answer.readable import is_readable
from indexer.answer.sections import say_titled
from indexer.answer.sentences import sentences_of
from indexer.answer.subjects import TELLS, is_about, read_of
from indexer.answer.usage import usage
from indexer.answer.way import leads_on, say_way
from indexer.index.symbols import FoundSymbol, definitions_in, symbol_at
from indexer.repo.words import stem, stems, tokens
from indexer.types import ChunkKind, Section, SymbolKind

_FEW: Final = 2
"""Calls below which the code of the definition itself is shown too."""
_WRITTEN: Final = 2
_HOLDS: Final = 0.4
"""Sentences of a document with which a walk begins, and the share of the question that each must hold."""

_BEGINNINGS: Final = 4
"""Definitions from which a walk is tried."""

_OF_SCORE: Final = 0.5
"""What its own likeliness counts of a beginning, beside the share of the question that its walk comes by."""

_LEAST: Final = 0.4
"""Share of the question below which a walk that nobody named the beginning of tells of something else."""

_OWN_WORDS: Final = 2
_LEAST_OWN: Final = 0.3
"""The same where the beginning's own name bears so many words of a question that plainly asks how."""

_SHORT: Final = (3, 4)
"""Letters of a word that code writes short."""

_ASKS_HOW: Final = re.compile(r"^(?:so |and )?how\b|\bstep by step\b|\bwhat happens when\b", re.I)

_STEPWISE: Final = re.compile(r"\bstep[- ]by[- ]step\b|\bin (?:which|what) order\b", re.I)

_RAISED: Final = 3
"""Calls that a walk may begin further up."""

_PER_CALL: Final = 0.04
_MAKING: Final = re.compile(
    r"\b(?:construct|creat|initiali[sz]|instantiat|ma[dk]e|built|build|set ?up|configur|start)\w*", re.I
)
_ONLY_MADE: Final = 0.3
"""What is taken from a constructor: that a thing is made tells nothing of what it does."""
_NO_WALK: Final = 0.3
"""What is taken from a beginning from which no call leads on."""

_OPENINGS: Final = 5
"""Passages of code that are looked at for one that opens a file."""

_OPENS: Final = 0.6
"""Share of the question that the first sentence of a file must hold, for a walk to begin in that file."""


def say_mechanism(inquiry: Inquiry) -> None:
    """Tell how something works: what is written about it, then the calls in their order."""
    if say_job(inquiry):
        say_sentences(inquiry, 1)
        return
    if say_outcome(inquiry):
        return
    entry, calls = _walk(inquiry)
    named = any(each.named and each.symbol == entry for each in inquiry.subjects)
    if entry is not None and not named and entry.name.lower() not in _asked_words(inquiry):
        entry, calls = _raised(inquiry, entry, calls)
    if entry is None or not (calls or leads_on(inquiry, entry)):
        _say_written(inquiry)
        stepwise = _STEPWISE.search(inquiry.asked.text) is not None
        if stepwise:
            # Steps were asked for, and none can be told: what is near them in words leads away from them.
            inquiry.page.settled[Need.MECHANISM] = False
        if not (stepwise and inquiry.page.of(Section.WHAT)):
            say_meaning(inquiry)
        if entry is not None and not stepwise:
            _say_code(inquiry, entry)
        return
    if not say_titled(inquiry):
        _say_written(inquiry)
    elif not inquiry.evidence.terms_in(entry.qualified):
        # What only speaks of it, in an example say, is no way into it.
        say_sentences(inquiry, 3)
        return
    ended = say_way(inquiry, entry, calls)
    alone = len(calls) < _FEW and not ended
    if alone:
        _say_code(inquiry, entry)
    said = " ".join(each.text for each in inquiry.page.of(Section.WHAT))
    inquiry.page.walked = inquiry.evidence.terms_in(said) | _shortened_in(inquiry, said)
    if alone:
        # A sentence that is near in words may still speak of something else: it never leads.
        say_sentences(inquiry, 1, least=0.7)


def _shortened_in(inquiry: Inquiry, said: str) -> frozenset[str]:
    """Return the terms of the question that a walk writes short: `req` is a request."""
    short = {word.lower() for word in tokens(said) if len(word) in _SHORT}
    return frozenset(
        term for term in inquiry.evidence.weights if any(term.startswith(each) for each in short)
    )


def _say_code(inquiry: Inquiry, entry: FoundSymbol) -> None:
    """Show what is done where no call tells it: the definition's lines, of a class its longest method's."""
    shown = entry
    if entry.kind not in RUNS:
        held = [each for each in definitions_in(inquiry.reader, entry.path_id) if holds(entry, each)]
        runs = [each for each in held if each.kind in RUNS]
        shown = max(runs, key=lambda each: each.end_line - each.start_line, default=entry)
    inquiry.page.code(Section.WHAT, shown.path, shown.name_line, shown.end_line)


def _say_written(inquiry: Inquiry) -> None:
    """Begin with what a document tells of it, where the surest passage that was read is one."""
    told = next((read for read in inquiry.evidence.glanced if read.window.hit.kind is ChunkKind.DOC), None)
    if told is None or told.odds < max(GIVES, inquiry.evidence.glanced[0].odds - BESIDE):
        return
    sentences = [each for each in sentences_within(told.window) if is_readable(each.text)]
    sentences = [each for each in sentences if inquiry.evidence.may_tell(each)]
    shares = [inquiry.evidence.sharing(each.text) for each in sentences]
    best = sorted(range(len(sentences)), key=lambda at: -shares[at])[:_WRITTEN]
    for at in sorted(best):
        if shares[at] >= _HOLDS:
            inquiry.page.quote(Section.WHAT, found_in(told, sentences[at]))


def _walk(inquiry: Inquiry) -> tuple[FoundSymbol | None, list[Call]]:
    """Return where the walk begins, and its calls.

    Of the definitions that may be meant that one is the way in whose walk comes by most of the question: what
    begins where the question does may never come to what it ends with.
    """
    best: tuple[FoundSymbol | None, list[Call]] = (None, [])
    most = 0.0
    plain = _ASKS_HOW.search(inquiry.asked.text) is not None
    known = Calls(inquiry)
    for found, likely in _beginnings(inquiry):
        symbol = _as_asked(inquiry, found)
        calls = chain_of(inquiry, symbol, known)
        told = " ".join(words_of(each) for each in _met(symbol, calls))
        share = inquiry.evidence.sharing(told)
        value = likely + share + _PER_CALL * min(len(calls), STEPS) - (0.0 if calls else _NO_WALK)
        value -= _NO_WALK * (is_by_the_way(symbol.name) and not asks_of_byways(inquiry))
        value -= _ONLY_MADE * (symbol.name in MAKERS and _MAKING.search(inquiry.asked.text) is None)
        named = any(each.named and each.symbol == symbol for each in inquiry.subjects)
        own = len(inquiry.evidence.terms_in(symbol.name)) >= _OWN_WORDS and share >= _LEAST_OWN and plain
        if value > most and (named or own or share >= _LEAST):
            best, most = (symbol, calls), value
    return best


def _asked_words(inquiry: Inquiry) -> set[str]:
    """Return the words of a question, as written and without what they are inflected by."""
    words = set(tokens(inquiry.asked.text.lower()))
    return words | {stem(word) for word in words}


def _as_asked(inquiry: Inquiry, symbol: FoundSymbol) -> FoundSymbol:
    """Return what stands beside a definition under the very word of the question, where its own name is
    another form of that word: who asks how data is loaded with `load` does not mean `loads`.
    """
    words = _asked_words(inquiry)
    if symbol.name.lower() in tokens(inquiry.asked.text.lower()) or inquiry.asked.names:
        return symbol
    own = stems(symbol.name)
    for each in definitions_in(inquiry.reader, symbol.path_id):
        beside = each.parent == symbol.parent and each.kind in CALLABLE and not each.marks & MINOR
        if beside and each.name.lower() in words and stems(each.name) == own:
            return each
    return symbol


def _raised(inquiry: Inquiry, entry: FoundSymbol, calls: list[Call]) -> tuple[FoundSymbol, list[Call]]:
    """Return the walk from further up, where one definition alone leads to its beginning and speaks of what
    is asked too: what happens "between the call and the response" begins with the call.
    """
    above: list[Call] = []
    top, best = entry, 0
    while len(above) < _RAISED:
        call = _only_call_of(inquiry, top)
        if call is None or any(call.caller == each.callee for each in (*above, *calls)):
            break
        above.insert(0, call)
        top = call.caller
        if inquiry.evidence.terms_in(words_of(top)):
            best = len(above)
    kept = above[len(above) - best :]
    return (kept[0].caller, [*kept, *calls][:STEPS]) if kept else (entry, calls)


def _only_call_of(inquiry: Inquiry, symbol: FoundSymbol) -> Call | None:
    """Return the call of a definition, where one other of this repository's own calls it, for certain."""
    sure = usage(inquiry, symbol, sure_alone=True).sure
    holders = {(each.path, each.inside): each for each in sure if not each.marks & MINOR}
    if len(holders) != 1:
        return None
    use = next(iter(holders.values()))
    around = symbol_at(inquiry.reader, use.path_id, use.line)
    if around is None or around.kind not in RUNS or around == symbol:
        return None
    return Call(around, use.line, symbol, 0.0, True)


def _met(entry: FoundSymbol, calls: Sequence[Call]) -> list[FoundSymbol]:
    return [entry, *(each.callee for each in calls)]


def _beginnings(inquiry: Inquiry) -> Iterator[tuple[FoundSymbol, float]]:
    """Yield where a walk may begin, with what speaks for it: the definitions that the question names; else
    the likeliest ones, and what others may call in the file that says of itself that it does what is asked.
    """
    seen = set[tuple[int, int]]()
    about = [each for each in inquiry.subjects[:_BEGINNINGS] if is_about(each)]
    named = [each for each in about if each.named]
    if not named and any("." in name or "::" in name for name in inquiry.asked.names):
        return  # a way from elsewhere would be taken for that of the name, which is not here
    for subject in named or about:
        symbol = subject.symbol
        runs = symbol.kind in CALLABLE and (subject.named or symbol.kind is not SymbolKind.CLASS)
        if runs and not symbol.marks & MINOR:
            seen.add((symbol.blob_id, symbol.start_line))
            read = min(max(read_of(inquiry.evidence, symbol), 0.0), GIVES) / GIVES
            yield symbol, subject.likely * _OF_SCORE + TELLS * read
    if named:
        return
    for symbol, share in _of_telling_file(inquiry):
        if (symbol.blob_id, symbol.start_line) not in seen:
            yield symbol, share


def _of_telling_file(inquiry: Inquiry) -> Iterator[tuple[FoundSymbol, float]]:
    """Yield the definitions that are not private in the first file whose opening words hold the question."""
    for hit in inquiry.evidence.of_kind(ChunkKind.CODE)[:_OPENINGS]:
        if hit.path is None or hit.start_line > 1 or inquiry.evidence.marks.get(hit.path, MINOR) & MINOR:
            continue
        opening = next(iter(sentences_of(hit.kind, hit.language, hit.text, 1)), None)
        share = 0.0 if opening is None else inquiry.evidence.sharing(opening.text)
        if share < _OPENS:
            continue
        open_ones = [
            each
            for each in definitions_in(inquiry.reader, inquiry.path_id(hit.path))
            if each.kind in RUNS and not each.name.startswith("_")
        ]
        # The longest do the work.
        open_ones.sort(key=lambda each: each.start_line - each.end_line)
        yield from ((each, share) for each in open_ones[:_BEGINNINGS])
        return
