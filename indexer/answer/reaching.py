"""Whether what was laid down reaches what a "how" or a comparison asks about, or only something near it.

A chain of calls can be followed from almost anywhere; it answers only when it begins at the thing that is
asked about. Nothing reaches a thing whose name stands nowhere here.
"""

from __future__ import annotations

import re
from typing import Final

from indexer.answer import lexicon
from indexer.answer.answering import GIVES
from indexer.answer.evidence import GLANCED_AT, Evidence
from indexer.answer.how_to import asks_how_to
from indexer.answer.inquiry import Inquiry, listed
from indexer.answer.needs import Need
from indexer.answer.questions import VERSIONED, spoken_terms
from indexer.answer.standing import Standing
from indexer.repo.words import stem, stems
from indexer.types import Section

TELLS: Final = 0.0
"""Log-odds below which no passage is taken to tell how. Of 11 such questions on two repositories the best
passage was at 1.9 or more for each of the 8 that something answers, at -0.3 and -2.0 for two that nothing
does, and at 4.5 for the third (HTTP/3, where HTTP is told): its name stands nowhere, which is seen apart.
"""

_FEW: Final = 5
"""Passages up to which it is said in how few a word stands."""

_WEIGHTY: Final = 0.75
"""Share of the rarest word's weight from which a noun is what distinguishes the question."""

HANGS_ON: Final = 0.35
"""Share of the question in one word from which it has no place in code where the word stands in none."""

HELD_TOGETHER: Final = 0.75
"""From which it is something of this repository that is asked about, whatever other words stand nowhere."""

_TOGETHER: Final = 15
"""Passages that are looked at for it."""

OF_NAME: Final = 0.15
"""The same for a name: nothing else is meant by it."""

_BEFORE_NOUN: Final = frozenset(
    (
        "a", "an", "the", "its", "our", "their", "your", "this", "that", "these", "of", "on", "in", "with",
        "for", "by", "from", "into", "via", "per", "between", "or",
    )
)  # fmt: skip
_NO_NOUN: Final = re.compile(r"(?:ed|ing|ly|en|ize|ise|ify)$")
_NOUN: Final = re.compile(r"(?:[^aius]s|tion|sion|ment|ness|ity|ance|ence|ism|ship|ure|logy)$")
_NAME: Final = re.compile(r".[A-Z]|_|^[A-Z]")
_TIMES: Final = frozenset(("minut", "second", "hour", "day", "week", "month", "year", "moment", "night"))
"""Stems of what says how long or how late something is: "a minute later" is no thing to be looked for."""
_OF_NAMES: Final = frozenset((Need.PLACE, Need.SETTING))
"""What is asked of a thing by its name, or of one that is here."""


def unwritten(inquiry: Inquiry) -> tuple[Standing, ...]:
    """Return the nouns of a how or a comparison that stand in no code and in no document, and those of a when
    that stand nowhere at all: history may speak of what is gone.
    """
    words = [word for word, _ in spoken_terms(inquiry.asked.text)]
    evidence = inquiry.evidence
    # What code may call it stands here; and a default is none of its words where a value is asked about.
    otherwise = (
        lexicon.ANYTHING
        | _TIMES
        | (lexicon.SETTING if asks_when(inquiry) else frozenset())
        | {evidence.forms[form] for form in evidence.called}
    )
    nouns = [
        each
        for each in inquiry.standings
        if is_noun(each.word, words) and otherwise.isdisjoint(stems(each.word))
    ]
    if asks_when(inquiry):
        return tuple(each for each in nouns if each.nowhere)
    if all(part.need in _OF_NAMES for part in inquiry.asked.parts):
        # A plain word may be another for what is here; Celery is never another for a queue.
        return unwritten_names(inquiry)
    return tuple(each for each in nouns if each.unwritten) if _asks_how(inquiry) else ()


def unwritten_names(inquiry: Inquiry) -> tuple[Standing, ...]:
    """Return what a question writes as a name and stands nowhere here."""
    words = [word for word, _ in spoken_terms(inquiry.asked.text)]
    return tuple(each for each in inquiry.standings if each.nowhere and _is_name(each.word, words))


def asks_when(inquiry: Inquiry) -> bool:
    """Return whether nothing but when and how something changed is asked for."""
    return all(part.need is Need.CHANGE for part in inquiry.asked.parts)


def uncoded(inquiry: Inquiry) -> tuple[Standing, ...]:
    """Return the word that a where hangs on, or the name that a how is about, if it stands in no code.

    Where other backends stand shows no place of Kafka's, nor does how they work tell how it does.
    """
    placed = any(part.need is Need.PLACE for part in inquiry.asked.parts)
    if not (placed or _asks_how(inquiry)) or inquiry.page.answers:
        return ()
    if any(each.symbols or each.paths for each in inquiry.namings):
        return ()
    weights = inquiry.evidence.weights
    spoken = dict(spoken_terms(inquiry.asked.text))
    words = list(spoken)
    return tuple(
        each
        for each in inquiry.standings
        if each.uncoded
        and max((weights.get(term, 0.0) for term in spoken.get(each.word, ())), default=0.0)
        >= (OF_NAME if _is_name(each.word, words) else HANGS_ON)
        and (placed or _is_name(each.word, words))
    )


def _is_name(word: str, words: list[str]) -> bool:
    """Return whether a word is written as a name, and not for beginning the question."""
    return words[:1] != [word] and _NAME.search(word) is not None


def is_foreign(inquiry: Inquiry) -> bool:
    """Return whether a how is about something whose name stands nowhere here, and nothing tells of it.

    A name, or one with its version, is never another word for something; a plain noun may be.
    """
    strange = unwritten(inquiry)
    if not strange or inquiry.page.answers or any(each.named for each in inquiry.subjects):
        return False
    named = any(VERSIONED.fullmatch(each.word) or _NAME.search(each.word) for each in strange)
    together = inquiry.evidence.found_well or held_together(inquiry.evidence) >= HELD_TOGETHER
    return named or (_best(inquiry) < GIVES and not together)


def held_together(evidence: Evidence) -> float:
    """Return the largest share of what is known of a question (0 to 1) that one passage holds with its place.

    What many words of the question stand in together is about it, though it may not answer it.
    """
    return max(evidence.holds[:_TOGETHER], default=0.0) / evidence.known if evidence.known else 0.0


def reaches(inquiry: Inquiry) -> bool:
    """Return whether anything laid down is about what distinguishes the question."""
    if not _asks_how(inquiry) or inquiry.page.answers or any(each.named for each in inquiry.subjects):
        return True
    if inquiry.evidence.glanced:
        return _best(inquiry) >= TELLS
    held = inquiry.evidence.terms_in(_shown(inquiry))
    weights = inquiry.evidence.weights
    words = [word for word, _ in spoken_terms(inquiry.asked.text)]
    nouns = {
        term
        for word, terms in spoken_terms(inquiry.asked.text)
        if is_noun(word, words)
        for term in terms
        if weights.get(term, 0.0) >= _WEIGHTY * max(weights.values())
    }
    return not nouns or bool(nouns & held)


def said_missing(inquiry: Inquiry) -> str:
    """Return in one sentence why nothing reaches what is asked, or nothing."""
    strange = [f"“{each.word}”" for each in unwritten(inquiry)]
    if strange:
        stand = "stands" if len(strange) == 1 else "stand"
        return f"{listed(strange)} {stand} nowhere in the code or the documents of this repository."
    if bare := uncoded(inquiry):
        found = "; ".join(
            f"“{each.word}” stands in no code of this repository; found was {_elsewhere(each)}"
            for each in bare
        )
        return f"{found}."
    if reaches(inquiry):
        return ""
    rare = [
        f"“{each.word}” in {each.written} passage{'' if each.written == 1 else 's'} in all"
        for each in inquiry.standings
        if 0 <= each.written <= _FEW
    ]
    told = f"; {listed(rare)}" if rare else ""
    return f"Nothing that was found here tells how (“{inquiry.asked.text[:120]}”){told}."


_DOES: Final = frozenset(
    ("somebody", "someone", "anybody", "anyone", "nobody", "everybody", "everyone", "it", "he", "she", "that",
     "which", "who", "user", "client", "one")
)  # fmt: skip
"""Words behind which another one in -s is what they do."""


def is_noun(word: str, words: list[str]) -> bool:
    """Return whether a word of a question is a thing, by its form and what stands before it."""
    if VERSIONED.fullmatch(word):
        return True
    at = words.index(word) if word in words else -1
    if stem(word.lower()) in lexicon.FRAME or (at > 0 and words[at - 1].lower() == "to"):
        return False
    if at > 0 and _NAME.search(word):
        return True
    # Of "a bigger one" nothing says what it is.
    if _NO_NOUN.search(word.lower()) or words[at + 1 : at + 2] in (["one"], ["ones"]):
        return False
    before = words[at - 1].lower() if at > 0 else ""
    if before in _DOES and word.lower().endswith("s"):
        return False  # "if somebody drops a file": what is done
    return before in _BEFORE_NOUN or _NOUN.search(word.lower()) is not None


def _elsewhere(standing: Standing) -> str:
    return listed([str(each) for each in standing.counts if each.passages])


def _best(inquiry: Inquiry) -> float:
    reads = inquiry.evidence.glanced
    return reads[0].odds if reads else TELLS


def _asks_how(inquiry: Inquiry) -> bool:
    # What one does with it is told otherwise than how it works inside.
    aside = inquiry.asked.about_us or asks_how_to(inquiry.asked.text)
    return all(part.need in GLANCED_AT for part in inquiry.asked.parts) and not aside


def _shown(inquiry: Inquiry) -> str:
    out = []
    for statement in inquiry.page.statements:
        if statement.section is not Section.MISSING:
            quotes = " ".join(f"{each.path or ''} {each.quote or ''}" for each in statement.citations)
            out.append(f"{statement.text} {quotes}")
    return " ".join(out)
