"""The label: decided from the evidence for each part of the question; in doubt it says missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer import lexicon
from indexer.answer.answering import GIVES
from indexer.answer.blocks import Role
from indexer.answer.categories import category
from indexer.answer.cues import cue_of
from indexer.answer.evidence import READ, Found
from indexer.answer.extract import ranked_sentences
from indexer.answer.how_to import asks_how_to
from indexer.answer.inquiry import Inquiry
from indexer.answer.needs import OF_PEOPLE, ONESELF, OURS, WORD, Need
from indexer.answer.questions import Part, literal_terms
from indexer.answer.reaching import (
    HELD_TOGETHER,
    asks_when,
    held_together,
    is_foreign,
    reaches,
    uncoded,
    unwritten,
)
from indexer.answer.read_answers import answering, found_in
from indexer.answer.reasons import Reason
from indexer.answer.wishes import asks_whom
from indexer.repo.words import stems
from indexer.types import Category, ChunkKind, Section, Statement, VerdictStatus

ANSWERS: Final = 0.6
"""Worth from which a written sentence is taken to answer a question of what people decided."""

CONFIRMS: Final = 0.58
"""Worth from which a sentence settles a yes or no: one about something near by must not."""

STRANGE: Final = 0.2
"""Share of a question in words that this repository does not have, from which it must be shown
that it is about something here all the same.
"""

MOSTLY_STRANGE: Final = 0.5
"""The same from which it is not shown by words that stand together here."""

OTHERWISE_SAID: Final = 0.52
"""Worth from which a sentence is about the question though it has other words for it ("eaten too much").
Of 20 questions about what is not here the worthiest that is not known for such otherwise has .45.
"""

FAINT: Final = 0.35
"""Worth below which nothing that was found is about the question at all."""

OWN: Final = 0.3
"""Share of the question that such a sentence must hold itself: likeness alone is no answer."""

MEASURED: Final = 0.5
"""The same for a sentence that gives a figure: numbers stand everywhere."""

SHOWS: Final = 0.5
"""Worth from which the sources are taken to answer what code itself can answer."""

TOGETHER: Final = 0.6
"""Share of what is known of a question that one passage must hold, for who wrote it to know what is asked."""

REACHED: Final = 0.5
"""Share of the question that the calls of a walk must come by."""

_NUMBER: Final = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million|half|twice)\b",
    re.I,
)
_NORM: Final = re.compile(
    r"\b(?:must|may|should|shall|can(?:not|'t)?|allow\w*|permit\w*|require[sd]?|forbid\w*|never|always|only|not|need"
    r"|recommend\w*|polic\w+|rule\w*|please|by default|required|responsib\w+)\b",
    re.I,
)
_ANYBODY: Final = frozenset(
    ("anyon", "anybodi", "someon", "somebodi", "peopl", "person", "customer", "client")
)
_ANY: Final = frozenset({Need.PLACE, Need.EXAMPLE, Need.PARTS, Need.COMMAND, Need.SETTING})
"""What is answered by anything of the sort that stands here."""

_NAMED_ALONE: Final = frozenset((Need.FIGURE, Need.PERSON, Need.AFFECTED))
"""What is one thing to be named, a number or who: what stands around it answers no half of that, as what the
code does is half the answer to why it does so.
"""

_PERSON: Final = re.compile(r"@|\b[A-Z][a-z]+ [A-Z][a-z]+\b")


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether one part of a question is answered, and by what."""

    part: Part
    answered: bool
    by: Found | None = None


_SYMPTOM: Final = re.compile(
    r"^(?:and |so |but )?why (?:do|does|did|is|are|was|were|am|can|can't|won't|doesn't|don't|isn't|aren't)\b"
    r".*\b(?:my|mine|i|me)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Label:
    """The verdict without what is said about it."""

    status: VerdictStatus
    category: Category | None
    rulings: tuple[Ruling, ...]
    bare: bool = False
    """Nothing that was found is about what was asked; what is near to it would only mislead."""

    @property
    def missing(self) -> tuple[Part, ...]:
        """The parts that nothing answers."""
        return tuple(each.part for each in self.rulings if not each.answered)


def rule(inquiry: Inquiry, statements: Sequence[Statement], reasons: Sequence[Reason]) -> Label:
    """Return the label for the statements laid down so far."""
    if inquiry.commits and all(inquiry.page.settled.get(part.need) for part in inquiry.asked.parts):
        # The commit that is named tells it, whatever else stands nowhere here.
        return Label(
            VerdictStatus.GROUNDED, None, tuple(Ruling(part, answered=True) for part in inquiry.asked.parts)
        )
    if _names_something_else(inquiry):
        return unknown(inquiry)
    if _answering_note(inquiry) is None and is_foreign(inquiry):
        return unknown(inquiry)
    foreign = all(part.need is Need.MECHANISM for part in inquiry.asked.parts) and uncoded(inquiry)
    # When Django was dropped is not when that other thing was.
    gone = asks_when(inquiry) and bool(unwritten(inquiry))
    if _answering_note(inquiry) is None and (foreign or gone or not reaches(inquiry)):
        return Label(VerdictStatus.MISSING, None, _all_open(inquiry), bare=True)
    rulings = tuple(_rule_part(inquiry, part, statements, reasons) for part in inquiry.asked.parts)
    open_parts = [each.part for each in rulings if not each.answered]
    if not open_parts:
        return Label(VerdictStatus.GROUNDED, None, rulings)
    what = [each for each in statements if each.section is not Section.MISSING]
    # Whoever asks how "I" do something asks nothing about themselves.
    about_us = inquiry.asked.about_us and not asks_how_to(inquiry.asked.text)
    ours = (_is_people_question(open_parts) or about_us) and not is_symptom(inquiry)
    # A figure or a name that nobody recorded is no part of an answer to what shows where it would belong.
    shown = not inquiry.page.authors_alone and not all(each.need in _NAMED_ALONE for each in open_parts)
    some = any(each.answered for each in rulings) or (shown and _shows_subject(inquiry, what))
    if what and (some or not ours):
        status = VerdictStatus.PARTIAL
    elif ours or best_worth(inquiry) >= FAINT:
        status = VerdictStatus.MISSING
    else:
        return unknown(inquiry)
    # What the code could have shown is no business context.
    return Label(status, category(inquiry, open_parts) if ours else None, rulings)


def unknown(inquiry: Inquiry) -> Label:
    """Return the label of a question about something that is not here."""
    return Label(VerdictStatus.UNKNOWN, None, _all_open(inquiry))


def untold(inquiry: Inquiry) -> Label:
    """Return the label of a question in plain words that nothing answers, and whose meaning is of here: that
    nothing here is about it would be said of the asker's words alone.
    """
    return Label(VerdictStatus.MISSING, category(inquiry, inquiry.asked.parts), _all_open(inquiry), bare=True)


def elsewhere(inquiry: Inquiry) -> Label:
    """Return the label of a question of which most stands nowhere here.

    What people alone know is missing then, and nothing is shown beside it; anything else is unknown.
    """
    parts = inquiry.asked.parts
    strange = any(not naming.known for naming in inquiry.namings)
    if strange or is_symptom(inquiry) or not all(part.need in OF_PEOPLE for part in parts):
        return unknown(inquiry)
    return Label(VerdictStatus.MISSING, category(inquiry, parts), _all_open(inquiry))


def _all_open(inquiry: Inquiry) -> tuple[Ruling, ...]:
    return tuple(Ruling(part, answered=False) for part in inquiry.asked.parts)


def _names_something_else(inquiry: Inquiry) -> bool:
    """Return whether a word of weight stands nowhere here, and nothing found makes up for it.

    Not asked of what only people know: their own words for a thing are often not the code's.
    """
    if _is_people_question(inquiry.asked.parts) or inquiry.asked.about_us:
        return False
    settled = inquiry.page.answers or inquiry.page.settled
    if settled or any(each.named for each in inquiry.subjects):
        return False
    if any(each.known for each in inquiry.namings):
        return False
    evidence = inquiry.evidence
    if evidence.found_well or (evidence.reads and evidence.reads[0].odds >= GIVES):
        # What is read as an answer is about it, in whichever words.
        return False
    if _answering_note(inquiry) is not None:
        return False
    strange = sum(evidence.weights[term] for term in evidence.absent())
    best = [found for _, found in ranked_sentences(inquiry)[:5]]
    held = max((found.coverage for found in best), default=0.0)
    if strange < STRANGE or held >= SHOWS or best_worth(inquiry) >= OTHERWISE_SAID:
        return False
    return strange >= MOSTLY_STRANGE or held_together(evidence) < HELD_TOGETHER


def _rule_part(
    inquiry: Inquiry, part: Part, statements: Sequence[Statement], reasons: Sequence[Reason]
) -> Ruling:
    if (certain := _certain(inquiry, part)) is not None:
        return certain
    if part.need in READ and inquiry.evidence.reads:
        return _as_read(inquiry, part)
    if part.need in OF_PEOPLE:
        return _as_worded(inquiry, part, reasons)
    borne = any(each.symbols or each.paths for each in inquiry.namings)
    ours = part.need in _ANY and "ours" in WORD.findall(part.text.lower())
    if ours or unwritten(inquiry) or (part.need is Need.IMPACT and inquiry.namings and not borne):
        # "On which box is ours?": what is here is everybody's. And nothing can lean on what is not there;
        # what leans on its like was not asked.
        return Ruling(part, answered=False)
    if part.need in (
        Need.AUTHOR,
        Need.CHANGE,
        Need.IMPACT,
        Need.COMMAND,
        Need.SETTING,
        Need.PARTS,
        Need.EXAMPLE,
    ):
        said = any(each.section is Section.WHAT for each in statements)
        # Sentences near it are none to copy from.
        shown = part.need is Need.PARTS or (part.need is Need.EXAMPLE and inquiry.page.modelled)
        near = part.need is not Need.EXAMPLE and _shows_subject(inquiry, statements)
        if part.need is Need.IMPACT and not inquiry.page.answers:
            # What leans on something near it was not asked.
            near = near and _is_sure(inquiry)
        if part.need is Need.AUTHOR and not any(each.named for each in inquiry.subjects):
            # "The prices of the neighbours": who wrote what has one of the two knows of no such thing.
            near = near and (_is_sure(inquiry) or held_together(inquiry.evidence) >= TOGETHER)
        near = near and inquiry.page.carried.get(part.need, True)
        return Ruling(part, said and (shown or near))
    if part.need is Need.CONFIRM:
        settled = [each for _, each in ranked_sentences(inquiry)[:3] if _settles(inquiry, each)]
        return Ruling(part, bool(settled), settled[0] if settled else None)
    if part.need is Need.MECHANISM and not inquiry.page.answers:
        return Ruling(part, _shows_subject(inquiry, statements) and _explains(inquiry))
    astray = (part.need is Need.PLACE and uncoded(inquiry)) or (
        part.need is Need.COMPARE and inquiry.page.unmatched
    )
    return Ruling(part, not astray and _shows_subject(inquiry, statements))


def _is_sure(inquiry: Inquiry) -> bool:
    """Return whether what is asked about is named, or bears most of the question itself."""
    borne = any(each.symbols or each.paths for each in inquiry.namings)
    return borne or any(each.named or each.score >= SHOWS for each in inquiry.subjects)


def _certain(inquiry: Inquiry, part: Part) -> Ruling | None:
    """Rule on what a note answers, what the guide told for certain, and who wants a person named."""
    if (note := _answering_note(inquiry)) is not None:
        return Ruling(part, answered=True, by=note)
    if part.need is Need.REASON and inquiry.page.explained is not None:
        return Ruling(part, answered=True, by=inquiry.page.explained)
    if part.need in inquiry.page.settled:
        return Ruling(part, inquiry.page.settled[part.need])
    # Whatever else is said of it: without a name that is no answer.
    return Ruling(part, answered=False) if asks_whom(part.text) and not inquiry.page.people else None


def _as_worded(inquiry: Inquiry, part: Part, reasons: Sequence[Reason]) -> Ruling:
    """Rule on what people alone know by the wording of what was found: where no reader can be had."""
    if part.need is Need.REASON:
        recorded = [each for each in reasons if each.recorded]
        return Ruling(part, bool(recorded), recorded[0].found if recorded else None)
    by = _written_answer(inquiry, part)
    figured = part.need is Need.FIGURE and inquiry.page.figures
    return Ruling(part, by is not None or figured, by)


def _as_read(inquiry: Inquiry, part: Part) -> Ruling:
    """Rule by what was read beside the question; a number that the code itself sets is one too."""
    found = answering(inquiry, part.need)
    figured = part.need is Need.FIGURE and inquiry.page.figures
    by = found_in(found[0], found[0].sentences[0]) if found and found[0].sentences else None
    return Ruling(part, bool(found) or figured, by)


def _explains(inquiry: Inquiry) -> bool:
    """Return whether a walk reaches what was asked about, or a sentence tells how it works.

    Calls that start where the question does, and never come to what it ends with, explain half.
    """
    walked, weights = inquiry.page.walked, inquiry.evidence.weights
    subject = inquiry.subject
    if walked is None:
        # What stands here then was written to be read, or is the definition that was named.
        settled = any(_settles(inquiry, each) for _, each in ranked_sentences(inquiry)[:3])
        if glanced := inquiry.evidence.glanced:
            # Sentences near in words are no account of how it works, unless one was read as such.
            settled = (settled and glanced[0].odds >= GIVES) or any(
                inquiry.page.cites(each.window.hit, each.window.start_line, each.window.end_line)
                for each in glanced
                if each.odds >= GIVES
            )
        return settled or (subject is not None and (subject.named or subject.score >= SHOWS + 0.1))
    begins = subject is not None and (subject.named or subject.score >= SHOWS + 0.1)
    # A word that code never uses ("on the wire") is the asker's own; no walk comes by it.
    examples = literal_terms(inquiry.asked.text)
    known = {
        term: weight
        for term, weight in weights.items()
        if inquiry.evidence.counts[term].code and term not in examples
    }
    return begins and sum(known.get(term, 0.0) for term in walked) >= REACHED * sum(known.values())


def _settles(inquiry: Inquiry, found: Found) -> bool:
    """Return whether a sentence says of the subject what is asked about it, not only its name."""
    if found.worth < CONFIRMS or found.coverage < OWN:
        return False
    weights = inquiry.evidence.weights
    names = {term for each in inquiry.subjects if each.named for term in stems(each.symbol.qualified)}
    said = {term: weight for term, weight in weights.items() if term not in names}
    held = sum(weight for term, weight in said.items() if term in found.shared)
    if not names:
        return True
    about = found.shared | set(stems(f"{found.hit.symbol} {found.hit.path or ''}"))
    return bool(names & about) and held >= OWN * sum(said.values())


def best_worth(inquiry: Inquiry) -> float:
    """Return the worth of the best sentence that could be shown."""
    return max((found.worth for _, found in ranked_sentences(inquiry)[:3]), default=0.0)


def _answering_note(inquiry: Inquiry) -> Found | None:
    """Return what a note says, when it was written for this question or plainly speaks of it."""
    if not inquiry.evidence.of_kind(ChunkKind.NOTE):
        return None  # comparing all sentences by meaning is not worth it then
    for found in inquiry.evidence.found:
        if found.hit.kind is ChunkKind.NOTE and (found.hit.score >= 1 or found.support >= ANSWERS):
            return found
    return None


def _shows_subject(inquiry: Inquiry, statements: Sequence[Statement]) -> bool:
    """Return whether what was laid down holds enough of what the question is about."""
    if not any(each.section is not Section.MISSING for each in statements):
        return False
    if inquiry.page.answers or any(subject.named for subject in inquiry.subjects):
        return True
    best = best_worth(inquiry)
    named = max((each.score for each in inquiry.subjects), default=0.0)
    return best >= SHOWS or named >= SHOWS + 0.1


def _written_answer(inquiry: Inquiry, part: Part) -> Found | None:
    """Return a sentence, written to be read, that gives what the part asks for about its subject."""
    if part.need is Need.FIGURE and inquiry.asked.about_us:
        # Of "our cluster", "our data" a source that all users share cannot speak; a note can.
        return None
    # "May support staff …": what says nothing of them does not answer it.
    roles = {term for term in part.terms if term in lexicon.ROLES - _ANYBODY}
    own = MEASURED if part.need is Need.FIGURE else OWN
    for found in inquiry.evidence.found[:40]:
        if found.worth < ANSWERS or found.coverage < own or inquiry.is_minor(found):
            continue
        if found.sentence.role is Role.SUBJECT or not roles <= set(stems(found.sentence.text)):
            continue
        if _gives(part.need, found.sentence.text):
            return found
    return None


def _gives(need: Need, text: str) -> bool:
    """Return whether a sentence holds the sort of thing that is asked for."""
    if need is Need.FIGURE:
        return bool(_NUMBER.search(text))
    if need is Need.PERSON:
        return bool(_PERSON.search(text)) or not lexicon.ROLES.isdisjoint(stems(text))
    if need is Need.POLICY:
        return bool(_NORM.search(text))
    return bool(_NORM.search(text)) or cue_of(text) > 1


def _is_people_question(parts: Sequence[Part]) -> bool:
    return any(part.need in OF_PEOPLE for part in parts)


def is_symptom(inquiry: Inquiry) -> bool:
    """Return whether it is asked why something goes as it does for the asker: no decision of anybody's.

    What "we" do is one: "why do we retry three times".
    """
    text = inquiry.asked.text
    others = (OURS - ONESELF) & set(WORD.findall(text.lower()))
    return not others and _SYMPTOM.match(text) is not None
