"""What was read beside the question: which of it answers, and what comes nearest where nothing does."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from indexer.answer.answering import GIVES, HINTS, Read
from indexer.answer.code_lines import ENOUGH, best_lines, idle_lines, say_lines
from indexer.answer.cues import Cue, cue_of
from indexer.answer.evidence import Found
from indexer.answer.extract import say_definition, say_line, say_sentences, stands_alone
from indexer.answer.inquiry import Inquiry
from indexer.answer.needs import Need
from indexer.answer.readable import CHANGE_LOG, is_readable
from indexer.answer.sentences import Sentence
from indexer.answer.values import values_in
from indexer.index.symbols import FoundSymbol
from indexer.types import ChunkKind, Section

ANSWERING: Final = 3
"""Passages, the likeliest first, among which the answer must be."""

ABOUT_IT: Final = 0.2
"""Share of the question's words that a reason's window must hold. Of 32 whys rightly called grounded 17
rested on another source than the one that answers; this takes 6 of these away, and 1 of the other 15.
"""

ALL_OF_IT: Final = 0.85

OF_MOST: Final = 0.45
"""Share of the question that some passage must hold for the thing to be found by its words, and how much of
that the passage of a reason must hold then.
"""

NEAR: Final = 0.35
"""Share of the question's weight that a passage must hold to be shown as what comes nearest: "how long may
blood samples wait" is not near to all that waits.
"""

LIKELY: Final = 1.0

OF_LIKELY: Final = 0.15
"""Log-odds from which a passage that holds so much less is near too: it is read as half an answer."""

OWN_OF_NEAR: Final = 0.2
"""The same for each sentence that is quoted of it: "thanks to them!" comes near nothing."""

OF_HEADING: Final = 0.3
"""Share of the question's weight in a document's headings and path from which it explains the thing."""

BESIDE: Final = 2.0
"""Log-odds by which a further passage may be less sure than the first one and still be quoted."""

_OWNED: Final = re.compile(r"\b(?:our|ours|my)\b", re.I)
"""Words of a question about the asker's own affairs, of which a source that all users share cannot tell."""

_ASKS_WHY: Final = re.compile(r"\b(?:why|how come)\b", re.I)

_OF_TESTS: Final = re.compile(r"\b(?:tests?|testing|examples?|spec)\b", re.I)
"""Words of a question that is about tests or examples themselves."""


def answering(inquiry: Inquiry, need: Need) -> list[Read]:
    """Return what was read and found to give what is asked for, the surest first.

    A comment must sound like a reason too: what only tells of the thing at length is often taken for it.
    And a reason must hold some of the question: one for something near by is none for this.
    """
    if need is Need.FIGURE and _OWNED.search(inquiry.asked.text):
        # Of "our services" a source that all users share cannot speak.
        return []
    named = {each.symbol.name for each in inquiry.subjects if each.named}
    reads = inquiry.evidence.reads[:ANSWERING]
    if need is Need.REASON:
        reads = tuple(_own_alone(inquiry, each) for each in reads)
    found = [
        read
        for read in reads
        if read.odds >= GIVES
        and (need is not Need.REASON or _reasons_about(inquiry, read))
        and not _is_of_another(read, named)
    ]
    # A document that is about the thing leads; a commit may only give the reason for its own change.
    return sorted(found, key=lambda read: not (need is Need.REASON and _explains(inquiry, read)))


def _is_of_another(read: Read, named: Collection[str]) -> bool:
    """Return whether a window speaks of another definition than those which the question names: it documents
    that one, "This class is not safe for threads", or writes a longer name, `OptionBuilder` for `Option`.
    """
    said = " ".join(each.text for each in read.sentences if is_readable(each.text))
    if not named or not said or any(re.search(rf"\b{re.escape(name)}\b", said) for name in named):
        return False
    if any(re.search(rf"\b{re.escape(name)}[A-Z]\w*", said) for name in named):
        return True
    owner = read.window.hit.symbol
    if not owner or read.window.hit.kind is not ChunkKind.CODE:
        return False
    others = not any(name in re.split(r"[.:#]+", owner) for name in named)
    return others and all(_THIS_ONE.search(each.text) for each in read.sentences if is_readable(each.text))


_THIS_ONE: Final = re.compile(
    r"\b(?:this|the) (?:class|method|function|type|interface|struct|module)\b", re.I
)


def _own_alone(inquiry: Inquiry, read: Read) -> Read:
    """Return what was read of code with those sentences alone that stand at or within what the question
    names, where the same lines hold it: the comment on the constant above is no reason for this one.
    """
    hit = read.window.hit
    named = [each.symbol for each in inquiry.subjects if each.named and each.symbol.path == hit.path]
    near = [each for each in named if hit.start_line <= each.name_line <= hit.end_line]
    if hit.kind is not ChunkKind.CODE or not near:
        return read
    lines = hit.text.split("\n")

    def at(sentence: Sentence, symbol: FoundSymbol) -> bool:
        if symbol.start_line <= sentence.end_line <= symbol.end_line:
            return True
        between = lines[sentence.end_line - hit.start_line + 1 : symbol.start_line - hit.start_line]
        return sentence.end_line < symbol.start_line and all(line.strip() for line in between)

    own = tuple(each for each in read.sentences if any(at(each, symbol) for symbol in near))
    return replace(read, sentences=own)


def _explains(inquiry: Inquiry, read: Read) -> bool:
    """Return whether a window stands in a document under a heading that names what is asked about."""
    hit = read.window.hit
    held = inquiry.evidence.sharing(f"{hit.symbol} {hit.path or ''}")
    return hit.kind is ChunkKind.DOC and held >= OF_HEADING and not CHANGE_LOG.search(hit.path or "")


def _reasons_about(inquiry: Inquiry, read: Read) -> bool:
    """Return whether a window holds some of what the question is about, and code is worded as a reason."""
    said = [each for each in read.sentences if is_readable(each.text)]
    if not said:
        return False  # no code says why
    window, terms = read.window, inquiry.evidence.weights
    held = inquiry.evidence.terms_in(f"{window.title} {window.text} {window.hit.path or ''}")
    quoted = " ".join(each.whole().text for each in said)
    # A comment mostly says what the code does, and what stands in the same window may be the reason for the
    # next thing.
    worded = cue_of(quoted) is Cue.STRONG or window.hit.kind is not ChunkKind.CODE
    if not worded or len(held) < ABOUT_IT * len(terms):
        return False
    if of_other_figures(inquiry.asked.text, window.text):
        return False
    if inquiry.is_minor_hit(window.hit) and not _OF_TESTS.search(inquiry.asked.text):
        # Why a test does something is no reason for what it tests.
        return False
    return is_of_this(inquiry, read)


def of_other_figures(question: str, text: str) -> bool:
    """Return whether it is asked why a value is what it is, and a text gives other figures alone: it is a
    reason for those, however alike they are. A version dates a thing, and is no value of it.
    """
    asked = {each for each in values_in(question) if "." not in each}
    said = values_in(text)
    return bool(asked and said) and said.isdisjoint(asked) and _ASKS_WHY.search(question) is not None


def is_of_this(inquiry: Inquiry, read: Read) -> bool:
    """Return whether a reason may be for what is asked about.

    Where some passage holds nearly all of it, what holds but a little is about something else: following
    redirects is not stripping a header on redirects.
    """
    most = max(inquiry.evidence.holds, default=0.0)
    return most < ALL_OF_IT or read.held >= OF_MOST * most


def say_answers(inquiry: Inquiry, need: Need, section: Section) -> int:
    """Quote the sentences that were read and found to answer, one place after the other.

    Return how many were laid down. Those a good deal less sure than the first are left out.
    """
    found = answering(inquiry, need)
    return sum(_quote_read(inquiry, section, read) for read in found if read.odds >= found[0].odds - BESIDE)


def _quote_read(inquiry: Inquiry, section: Section, read: Read, least: float = 0.0) -> bool:
    """Quote what was read, each sentence that holds ``least`` of the question; its code where none can be."""
    hit = read.window.hit
    fit = [
        each
        for each in read.sentences
        if is_readable(each.text) and inquiry.evidence.sharing(each.whole().text) >= least
    ]
    # What points to something that is not quoted gives way to what stands for itself.
    quoted = [
        inquiry.page.quote(section, found_in(read, each))
        for each in [each for each in fit if stands_alone(each)] or fit
    ]
    if any(quoted) or hit.path is None or (least and read.sentences) or section is Section.WHY:
        return any(quoted)  # no code says why
    first, last = read.window.start_line, read.window.end_line
    idle = idle_lines(inquiry, hit)
    lines = hit.text.split("\n")[first - hit.start_line : last - hit.start_line + 1]
    idle_here = frozenset(at - (first - hit.start_line) for at in idle)
    best = best_lines(inquiry, lines, idle_here)
    if best is None:
        told = [at for at, line in enumerate(lines) if line.strip() and at not in idle_here]
        if least or not told:
            return False
        best = told[0], told[-1]
    return inquiry.page.code(section, hit.path, first + best[0], first + best[1])


def found_in(read: Read, sentence: Sentence) -> Found:
    """Return a sentence that was read as evidence of the other sort."""
    return Found(sentence, read.window.hit, 0, read.window.share, read.window.share, frozenset())


def say_nearest(inquiry: Inquiry, limit: int = 2) -> None:
    """Show what comes nearest, for an answer that says that the rest is not recorded: what is named, what was
    read and holds enough of the question, else the lines of code that do.
    """
    names = [each.symbol for each in inquiry.subjects if each.named]
    named = max(names, key=lambda each: inquiry.evidence.sharing(each.name), default=None)
    if named is not None and inquiry.evidence.sharing(named.name) >= OWN_OF_NEAR:
        say_definition(inquiry, named)
    if not _say_value(inquiry):
        for path, line in inquiry.mentioned():
            say_line(inquiry, path, line)
    near = [read for read in inquiry.evidence.reads if is_near(inquiry, read)][:limit]
    # How a test does it is near to nothing that people decided.
    near = [read for read in near if not inquiry.is_minor_hit(read.window.hit)]
    if sum(_quote_read(inquiry, Section.WHAT, read, OWN_OF_NEAR) for read in near) or say_lines(inquiry, 1):
        return
    if not say_sentences(inquiry, limit) and named is None:
        subject = inquiry.subject
        if subject is not None and subject.score >= ENOUGH:
            say_definition(inquiry, subject.symbol)


def _say_value(inquiry: Inquiry) -> bool:
    """Show the line of code that sets the number which a question names, beside a word of it."""
    values = values_in(inquiry.asked.text)
    if not values:
        return False
    for hit in inquiry.evidence.of_kind(ChunkKind.CODE)[:_OF_VALUE]:
        if hit.path is None or inquiry.is_minor_hit(hit):
            continue
        idle = idle_lines(inquiry, hit)
        for at, line in enumerate(hit.text.split("\n")):
            if at not in idle and values & values_in(line) and inquiry.evidence.sharing(line) >= OWN_OF_NEAR:
                return inquiry.page.code(Section.WHAT, hit.path, hit.start_line + at, hit.start_line + at)
    return False


_OF_VALUE: Final = 12


def is_near(inquiry: Inquiry, read: Read) -> bool:
    """Return whether what was read is near enough to the question to be shown where nothing answers it."""
    # Words that stand nowhere here ("wipe", "shopper") nothing can hold.
    known = inquiry.evidence.known
    if read.odds >= LIKELY and read.held >= OF_LIKELY * known:
        return True
    return read.odds >= HINTS and read.held >= NEAR * known
