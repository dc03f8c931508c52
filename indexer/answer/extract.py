"""What the sources say: meanings, and the sentences that come closest to a question."""

from __future__ import annotations

import re
from typing import Final

from indexer.answer.answering import GIVES, HINTS, Read
from indexer.answer.blocks import Role
from indexer.answer.code_lines import ENOUGH, best_lines, idle_lines, say_hits, say_lines
from indexer.answer.cues import Cue, cue_of
from indexer.answer.evidence import Found
from indexer.answer.inquiry import (
    CALLABLE,
    MINOR,
    REMARK,
    VALUES,
    Inquiry,
    kind_word,
    listed,
    shown_place,
    shown_symbol,
)
from indexer.answer.needs import Need
from indexer.answer.page import CODE_LINES
from indexer.answer.readable import CHANGE_LOG, is_import, is_readable
from indexer.answer.sections import say_titled
from indexer.answer.sentences import Sentence, sentences_in
from indexer.answer.subjects import Subject, is_about
from indexer.answer.usage import usage
from indexer.answer.values import values_in
from indexer.index.symbols import FoundSymbol
from indexer.repo.words import stems
from indexer.types import ChunkKind, Hit, Section

ANSWERING: Final = 3
"""Passages, the likeliest first, among which the answer must be."""

LEAST: Final = {
    Need.REASON: 2.5,
    Need.POLICY: 3.0,
    Need.JUDGEMENT: 3.0,
    Need.CONFIRM: 5.0,
    Need.PERSON: 3.7,
    Need.FIGURE: 4.5,
}
"""Log-odds from which a passage is taken to give it; GIVES for anything else. Doubt says missing: set on 244
questions, those about a repository that was kept out of the training and those that may be tuned on.
Figures stand everywhere, and most that look right are not. Persons at 3.0 gave three more there at no cost,
and elsewhere one more for two that were believed wrongly. Yes or no at 5.0 is caution and no fit: of nine
such questions over two repositories three lie between 3.5 and 5.0, and something answers two of them.
"""

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

_LEANING: Final = {
    Role.NOTE: 1.3,
    Role.PROSE: 1.0,
    Role.DOCSTRING: 1.05,
    Role.COMMENT: 0.85,
    Role.SUBJECT: 0.55,
    Role.BODY: 0.6,
}
_MINOR_LEANING: Final = 0.6
_LOG_LEANING: Final = 0.75
_SAYS_LITTLE: Final = 60
"""Characters of a sentence that ends in a colon, below which it says nothing without what follows."""
_DANGLING: Final = 0.6
"""For a sentence that points to what cannot be quoted with it: "This capsule will pull jobs"."""
_PLACE_BONUS: Final = 0.15
"""What the first hit of a kind has over a late one, as a share of its worth."""


_OWNED: Final = re.compile(r"\b(?:our|ours|my)\b", re.I)
"""Words of a question about the asker's own affairs, of which a source that all users share cannot tell."""
_ASKS_WHY: Final = re.compile(r"\b(?:why|how come)\b", re.I)
_OF_TESTS: Final = re.compile(r"\b(?:tests?|testing|examples?|spec)\b", re.I)
"""Words of a question that is about tests or examples themselves."""
_PLACES: Final = 5
_TWO: Final = 2


def ranked_sentences(inquiry: Inquiry, *, minor: bool = False) -> list[tuple[float, Found]]:
    """Return the sentences worth showing, best first, each with what it is worth (0 to about 1.3)."""
    out = []
    for found in inquiry.evidence.found:
        text = found.sentence.text
        if found.worth <= 0 or not is_readable(text):
            continue
        value = found.worth * _LEANING.get(found.sentence.role, 1.0)
        value *= 1 + _PLACE_BONUS / (1 + found.place) + (0.03 if found.sentence.first else 0.0)
        if not minor and inquiry.is_minor(found):
            value *= _MINOR_LEANING
        if CHANGE_LOG.search(found.hit.path or ""):
            value *= _LOG_LEANING
        if text.endswith((":", "?")):
            # Of a comment the code that it announces is not shown with it: "Customize it so:" says nothing.
            bare = found.hit.kind is ChunkKind.CODE and len(text) < _SAYS_LITTLE
            value *= 0.5 if bare and found.sentence.listed is None else 0.8
        if found.sentence.dangles:
            value *= _DANGLING
        out.append((value, found))
    out.sort(key=lambda each: (-each[0], each[1].hit.path or "", each[1].sentence.start_line))
    return out


def say_sentences(
    inquiry: Inquiry,
    limit: int,
    least: float = ENOUGH,
    section: Section = Section.WHAT,
    *,
    commits: bool = True,
) -> int:
    """Quote the best sentences, one of a place at a time. Return how many were laid down.

    Without ``commits`` change logs are left out too: they say what was done to a thing, not what it does.
    """
    said = 0
    best = [each for each in ranked_sentences(inquiry) if commits or not _is_history(each[1].hit)]
    if not best:
        return 0
    floor = max(least, best[0][0] * 0.6)
    covered: set[str] = set()
    places: dict[str, int] = {}
    for value, found in best:
        if said >= limit or value < floor:
            break
        if found.sentence.dangles and said:
            continue
        place = found.hit.path or found.hit.commit_id or ""
        adds = found.shared - covered
        if places.get(place, 0) >= 2 or (said >= 2 and not adds and value < best[0][0] * 0.85):
            continue
        if inquiry.page.quote(section, found):
            if not said:
                _say_around(inquiry, section, found)
            said += 1
            covered |= found.shared
            places[place] = places.get(place, 0) + 1
    return said


def _say_around(inquiry: Inquiry, section: Section, found: Found) -> None:
    """Quote the sentence after the one that leads, in its paragraph of a document.

    What is asked is often told by the neighbour of what bears its words.
    """
    if found.hit.kind is not ChunkKind.DOC or found.sentence.role is not Role.PROSE:
        return
    hit = found.hit
    told = sentences_in(hit)
    at = next((at for at, each in enumerate(told) if each.start_line == found.sentence.start_line
               and each.text == found.sentence.text), len(told))  # fmt: skip
    for after in told[at + 1 : at + 2]:
        near = not after.first and not after.dangles and after.start_line <= found.sentence.end_line + 1
        if near and after.heading == found.sentence.heading and is_readable(after.text):
            inquiry.page.quote(section, Found.of(after, hit))


def _is_history(hit: Hit) -> bool:
    return hit.kind is ChunkKind.COMMIT or CHANGE_LOG.search(hit.path or "") is not None


def say_meaning(inquiry: Inquiry) -> None:
    """Answer what something is or does: its own documentation, else what is written about it."""
    # How a test does it says nothing of what it is.
    subject = next((each for each in inquiry.subjects if not each.symbol.marks & MINOR), None)
    named = [each for each in inquiry.subjects if each.named]
    if named:
        # One name may be borne by several; the likeliest is told, the others are only placed.
        _describe(inquiry, named[0].symbol)
        say_sentences(inquiry, 2)
        for other in named[1:3]:
            same = other.symbol.name.lower() == named[0].symbol.name.lower()
            if same and other.symbol.kind in CALLABLE:
                say_definition(inquiry, other.symbol)
        return
    told = _say_file(inquiry) + _say_written(inquiry)
    # What bears the very word that is asked for says best what it is; commits say what was done to it.
    called = next((each for each in inquiry.subjects if not told and _is_called(inquiry, each)), None)
    told += say_titled(inquiry)
    if called is not None:
        _describe(inquiry, called.symbol)
        say_sentences(inquiry, 2, commits=False)
        return
    most = 2 if told else 4
    said = (say_sentences(inquiry, most, commits=False) or say_sentences(inquiry, most)) + told
    if subject is not None and is_about(subject) and not told:
        _describe(inquiry, subject.symbol)
    elif not said:
        say_hits(inquiry)


def _is_called(inquiry: Inquiry, subject: Subject) -> bool:
    """Say whether a documented definition is called by all the words that are asked for, and no others."""
    symbol = subject.symbol
    asked = {term for part in inquiry.asked.parts for term in part.terms}
    if (
        symbol.marks & MINOR
        or not is_about(subject)
        or symbol.kind not in CALLABLE
        or set(stems(symbol.name)) != asked
    ):
        return False
    return any(is_readable(each.sentence.text) for each in inquiry.documentation(symbol))


def _say_written(inquiry: Inquiry) -> int:
    """Show the line at which a name stands first that nothing here defines, as an import does not."""
    said = sum(_say_line(inquiry, path, line) for path, line in inquiry.mentioned())
    inquiry.page.answers = inquiry.page.answers or said > 0
    return said


def _say_line(inquiry: Inquiry, path: str, line: int) -> bool:
    """Show a line; of one that only begins something, `release:` say, what follows too."""
    source = inquiry.page.sources.file(path)
    if source is None or (is_import(source.lines[line - 1]) and not inquiry.asks_imports):
        return False
    begins = source.lines[line - 1].rstrip().endswith((":", "{", "(", "["))
    return inquiry.page.code(Section.WHAT, path, line, line + (CODE_LINES - 1 if begins else 0))


def _say_file(inquiry: Inquiry) -> int:
    """Tell of a file that the question names what its own first sentence says. Return 1 when said."""
    for naming in inquiry.namings:
        for path in naming.paths[:1]:
            own = [each for each in inquiry.evidence.found if each.hit.path == path]
            own = [each for each in own if is_readable(each.sentence.text)]
            first = min(own, key=lambda each: each.sentence.start_line, default=None)
            proof = inquiry.page.cite(first) if first is not None else None
            if first is not None and proof is not None:
                text = f"`{naming.name}` is {path}: “{first.sentence.text}”"
                inquiry.page.answers = True
                return int(inquiry.page.tell(Section.WHAT, text, [proof]))
    return 0


def answering(inquiry: Inquiry, need: Need) -> list[Read]:
    """Return what was read and found to give what is asked for, the surest first.

    A reason must sound like one too: what only tells of the thing at length is often taken for it. And it
    must hold some of the question: a reason for something near by is none for this.
    """
    least = LEAST.get(need, GIVES)
    if need is Need.FIGURE and _OWNED.search(inquiry.asked.text):
        # Of "our services" a source that all users share cannot speak.
        return []
    found = [
        read
        for read in inquiry.evidence.reads[:ANSWERING]
        if read.odds >= least and (need is not Need.REASON or _reasons_about(inquiry, read))
    ]
    # A document that is about the thing leads; a commit may only give the reason for its own change.
    return sorted(found, key=lambda read: not (need is Need.REASON and _explains(inquiry, read)))


def _explains(inquiry: Inquiry, read: Read) -> bool:
    """Return whether a window stands in a document under a heading that names what is asked about."""
    hit = read.window.hit
    held = inquiry.evidence.sharing(f"{hit.symbol} {hit.path or ''}")
    return hit.kind is ChunkKind.DOC and held >= OF_HEADING and not CHANGE_LOG.search(hit.path or "")


def _reasons_about(inquiry: Inquiry, read: Read) -> bool:
    """Return whether a window is worded as a reason, and holds some of what the question is about."""
    window, terms = read.window, inquiry.evidence.weights
    held = inquiry.evidence.terms_in(f"{window.title} {window.text} {window.hit.path or ''}")
    quoted = " ".join(each.whole().text for each in read.sentences) or window.text
    # What stands in the same window may be the reason for the next thing.
    if cue_of(quoted) is not Cue.STRONG or len(held) < ABOUT_IT * len(terms):
        return False
    if _of_other_figures(inquiry.asked.text, window.text):
        return False
    if inquiry.is_minor_hit(window.hit) and not _OF_TESTS.search(inquiry.asked.text):
        # Why a test does something is no reason for what it tests.
        return False
    return is_of_this(inquiry, read)


def _of_other_figures(question: str, text: str) -> bool:
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
    if any(quoted) or hit.path is None or (least and read.sentences):
        return any(quoted)
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
    for path, line in inquiry.mentioned():
        _say_line(inquiry, path, line)
    near = [read for read in inquiry.evidence.reads if is_near(inquiry, read)][:limit]
    # How a test does it is near to nothing that people decided.
    near = [read for read in near if not inquiry.is_minor_hit(read.window.hit)]
    if sum(_quote_read(inquiry, Section.WHAT, read, OWN_OF_NEAR) for read in near) or say_lines(inquiry, 1):
        return
    if not say_sentences(inquiry, limit) and named is None:
        subject = inquiry.subject
        if subject is not None and subject.score >= ENOUGH:
            say_definition(inquiry, subject.symbol)


def is_near(inquiry: Inquiry, read: Read) -> bool:
    """Return whether what was read is near enough to the question to be shown where nothing answers it."""
    # Words that stand nowhere here ("wipe", "shopper") nothing can hold.
    known = inquiry.evidence.known
    if read.odds >= LIKELY and read.held >= OF_LIKELY * known:
        return True
    return read.odds >= HINTS and read.held >= NEAR * known


def _describe(inquiry: Inquiry, symbol: FoundSymbol) -> None:
    page = inquiry.page
    sentences = [each for each in inquiry.documentation(symbol) if is_readable(each.sentence.text)]
    for found in sentences[:1]:
        page.quote(Section.WHAT, found)
    say_definition(inquiry, symbol, documented=not sentences)
    useful = [each for each in sentences[1:] if stands_alone(each.sentence)]
    useful.sort(key=lambda each: -inquiry.evidence.sharing(each.sentence.text))
    for found in sorted(useful[:2], key=lambda each: each.sentence.start_line):
        page.quote(Section.WHAT, found)
    if not sentences:
        first = _remarked(inquiry, symbol)
        page.code(Section.WHAT, symbol.path, first, min(symbol.end_line, symbol.name_line + 7))
    if symbol.kind in VALUES:
        _say_used(inquiry, symbol)


def stands_alone(sentence: Sentence) -> bool:
    """Return whether a sentence says something where it is quoted: it neither dangles nor only announces."""
    return not sentence.dangles and (sentence.listed is not None or not sentence.text.endswith(":"))


def _remarked(inquiry: Inquiry, symbol: FoundSymbol) -> int:
    """Return the line of a short remark right above a definition ("// colorWrite"), else that of its name."""
    source = inquiry.page.sources.file(symbol.path)
    above = "" if source is None else "".join(source.lines[symbol.name_line - 2 : symbol.name_line - 1])
    return symbol.name_line - 1 if REMARK.match(above) else symbol.name_line


def _say_used(inquiry: Inquiry, symbol: FoundSymbol) -> None:
    """Show where a value is used: what it is for is told by that."""
    used = usage(inquiry, symbol)
    found = [(each.path, each.line) for each in used.sure] + [(each.path, each.line) for each in used.named]
    lines = sorted({each for each in found if each != (symbol.path, symbol.name_line)})
    if not lines:
        return
    page = inquiry.page
    shown = [f"{path}:{line}" for path, line in lines[:_PLACES]]
    more = f" and {len(lines) - _PLACES} more" if len(lines) > _PLACES else ""
    page.fact(
        Section.WHAT,
        f"`{symbol.name}` is used in {', '.join(shown) if more else listed(shown)}{more}.",
        f"git grep -w {symbol.name}, comments, documents and tests left out",
        [f"{path}:{line}" for path, line in lines],
    )
    for path, line in lines[:_TWO]:
        page.code(Section.WHAT, path, line, line)


def say_definition(inquiry: Inquiry, symbol: FoundSymbol, *, documented: bool = True) -> bool:
    """Tell what and where a definition is, with its own first sentence. Return whether it was new."""
    page = inquiry.page
    where = (
        f"{shown_symbol(symbol)} is {kind_word(symbol.kind)} in {shown_place(symbol.path, symbol.name_line)}"
    )
    citation = inquiry.signature(symbol)
    if citation is None:
        return False
    told = inquiry.documentation(symbol) if documented else []
    first = [each for each in told if is_readable(each.sentence.text)][:1]
    if first:
        proof = page.cite(first[0])
        if proof is not None:
            return page.tell(Section.WHAT, f"{where}: “{first[0].sentence.text}”", [citation, proof])
    return page.tell(Section.WHAT, f"{where}.", [citation])
