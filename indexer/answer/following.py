"""Read a question that goes on from an answer: "and who wrote that?" is about what was asked before.

What such a question leaves out is put into it in so many words, and the answer says so: from there on it
is a question like any other, and the gap that it meets can be read by somebody who saw neither.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from indexer.answer import lexicon
from indexer.answer.evidence import own_terms, subject_terms
from indexer.answer.needs import WORD, Need
from indexer.answer.questions import Asked, read_question, spoken_terms
from indexer.repo.words import stem, stems, tokens
from indexer.types import Answer, Section

MOST_WORDS: Final = 8
"""Of what was asked before; the rarer words stand first in no question, but most have no more."""

_GOES_ON: Final = re.compile(r"^(?:and|but|so|then|also|or|ok(?:ay)?|what about|how about)\b[\s,]*", re.I)

_POINTS: Final = frozenset(
    (
        "it", "its", "this", "these", "those", "they", "them", "their", "there", "he", "she", "him", "her",
        "his", "same", "one", "ones", "else",
    )
)  # fmt: skip
"""As written: words that point back to what was spoken of. ``that`` does too, where it is no conjunction."""

_WITH_NOUN: Final = frozenset(("this", "these", "those"))
_ANYTHING: Final = (
    lexicon.PLACE
    | lexicon.FRAME
    | lexicon.CHANGE
    | frozenset(
        stem(word) for word in ("code", "thing", "part", "commit", "behaviour", "behavior", "feature", "one")
    )
)
"""Stems of what may be called ``this`` whatever was spoken of."""

_JOINS: Final = frozenset({"and", "or", "but", "then"})
"""Words between two clauses of one question."""

_PLACED: Final = frozenset({Need.AUTHOR, Need.CHANGE, Need.IMPACT})
"""What is asked of the very place that was cited, not of the words of a question."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A question with what it left out. ``about`` is what was put in; empty where it stands alone."""

    text: str
    about: str = ""


def followed(question: str, before: Answer) -> Followed:
    """Return the question as it is meant after ``before``: as it stands when it names its own subject."""
    question = " ".join(question.split())
    asked = read_question(question)
    if not _leans(asked) or _names_another(asked, before):
        return Followed(question)
    about = before.about or _subject_of(before.question)
    if not about:
        return Followed(question)
    bare = _GOES_ON.sub("", question).rstrip(" ?!.")
    if _only_adds(asked):
        # "And the tests?" asks the same of something else.
        return Followed(f"{before.question.rstrip(' ?!.')} ({bare})?", about)
    placed = not before.about and {part.need for part in asked.parts} & _PLACED
    place = _place_of(before) if placed else ""
    told = f"`{place}`, {about}" if place and place not in about else about
    return Followed(f"{bare} ({told})?", told)


def _leans(asked: Asked) -> bool:
    """Return whether a question says too little by itself."""
    if asked.names:
        return False
    if _GOES_ON.match(asked.text) or not any(own_terms(part) for part in asked.parts):
        return True
    words = WORD.findall(asked.text.lower())
    pointing = [
        at for at, word in enumerate(words) if word in _POINTS or (word == "that" and _points_back(words, at))
    ]
    return bool(pointing) and not _named_before(asked, words, pointing[0])


def _names_another(asked: Asked, before: Answer) -> bool:
    """Return whether all that points back is a ``this`` with a thing of its own, which was not spoken of:
    "why was this retry limit chosen?" after a question about queues.
    """
    if _GOES_ON.match(asked.text):
        return False
    words = WORD.findall(asked.text.lower())
    pointing = [at for at, word in enumerate(words) if word in _POINTS]
    if not pointing or any(words[at] not in _WITH_NOUN for at in pointing):
        return False
    known = set(subject_terms(read_question(before.question).parts))
    known |= {term for said in before.statements for term in stems(said.text)}
    things = [
        {term for word in words[at + 1 : at + 3] for term in stems(word) if term not in _ANYTHING}
        for at in pointing
    ]
    return all(thing and known.isdisjoint(thing) for thing in things)


def _named_before(asked: Asked, words: list[str], at: int) -> bool:
    """Return whether what the first pointing word stands for is named in the question itself, in a clause
    before its own: "how is a request sent and its response returned?".
    """
    joined = max((place for place, word in enumerate(words[:at]) if word in _JOINS), default=0)
    own = set(subject_terms(asked.parts))
    return any(not own.isdisjoint(found) for _, found in spoken_terms(" ".join(words[:joined])))


def _points_back(words: list[str], at: int) -> bool:
    """Return whether the ``that`` at this place stands for a thing: "who wrote that", "does that hold"."""
    beside = {*words[max(at - 1, 0) : at], *words[at + 1 : at + 2]}
    return at + 1 == len(words) or not beside.isdisjoint(lexicon.AUXILIARIES)


def _only_adds(asked: Asked) -> bool:
    """Return whether a question asks for nothing by itself: "and the tests?", "what about Windows?"."""
    words = WORD.findall(_GOES_ON.sub("", asked.text).lower())
    asks = lexicon.INTERROGATIVES | lexicon.AUXILIARIES
    return _GOES_ON.match(asked.text) is not None and bool(words) and asks.isdisjoint(words)


def _subject_of(question: str) -> str:
    """Return what a question is about: the names that it writes, else its own words, as written."""
    asked = read_question(question)
    if asked.names:
        return ", ".join(f"`{name}`" for name in asked.names[:3])
    terms = set(subject_terms(asked.parts))
    words = [word for word, found in spoken_terms(asked.text) if terms & set(found)]
    return " ".join(list(dict.fromkeys(words))[:MOST_WORDS])


def _place_of(before: Answer) -> str:
    """Return the first file that an answer cites, where it is one that can be written in a question."""
    for statement in before.statements:
        if statement.section is Section.MISSING:
            continue
        for citation in statement.citations:
            if citation.path and tokens(citation.path) and "`" not in citation.path:
                return citation.path
    return ""
