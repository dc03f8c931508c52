"""Whether two questions are one, worded a little differently: same need, same subject, in doubt no.

A wrong yes hides a question behind another one's answer; a wrong no only lists it twice. So all that
carries meaning must agree: what is asked for, names, numbers, negation, may or must, directions
(from, before, without), and every other word by its stem. What may differ is how it is said: case,
punctuation, articles, politeness, auxiliaries, and one verb that moves (`why do we round discounts`,
`why are discounts rounded`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from indexer.answer import lexicon
from indexer.answer.citations import letters
from indexer.answer.needs import Need
from indexer.answer.questions import read_question
from indexer.answer.values import NUMBER_WORDS, values_in
from indexer.repo.words import fold, stem


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TOKEN: Final = re.compile(r"[^\W_]+(?:['’_.:/-]+[^\W_]+)*")
_PRELUDE: Final = re.compile(
    r"^(?:(?:please|hi|hello|hey|can|could|would|you|tell|explain|say|to|me|us|do|does|any(?:one|body)|know"
    r"|i|wonder)\b[,\s]*)+(?=(?:why|who|whom|whose|where|when|how|what|which)\b)",
    re.I,
)
"""What is said before a question: "could you tell me why"."""

_SAID_ASIDE: Final = _words(
    """
    a an the this that these those it its we us our ours i me my mine you your they them their there here
    please and so just actually really exactly currently still even ever also then now
    is are was were am be been being do does did has have had having will would shall
    of in on at for about as behind not cannot
    """
)
"""Words that may come and go: they say how it is asked, not what; `not` is told as a sign."""

_LIGHT: Final = _words("get gets got make makes made use uses used using set sets happen happens")
"""Verbs that say little beside a noun; left out where something else remains."""

_DUTY: Final = _words("must shall required obliged mandatory")
_LEAVE: Final = _words("may can could might allowed permitted")
_LEFT_TO: Final = _words("may might allowed permitted")
_ADVICE: Final = _words("should ought recommended")
_NOT: Final = _words("not no never cannot neither nor without except")
_HAS_TO: Final = re.compile(r"\b(?:have|has|had|need|needs|needed) to\b", re.I)
_WHO_DID: Final = re.compile(r"\b(?:who|which \w+|what) \w{2,}ed\b", re.I)
_PAST: Final = _words("was were did had")
_OF_TIME: Final = frozenset((Need.REASON, Need.FIGURE, Need.CHANGE))
"""Needs for which `is` and `was` ask the same; who approves is not who approved."""

_SMALL: Final = {"two": "2", "three": "3", "both": "2"}
_PARTICIPLE: Final = re.compile(r".{2,}(?:ed|ing)$")
_PASSIVE: Final = re.compile(r".{2,}ed$")
_BE: Final = _words("is are was were be been being")
_IRREGULAR: Final = {
    "broke": "break", "broken": "break", "built": "build", "chose": "choose", "chosen": "choose",
    "froze": "freeze", "frozen": "freeze", "held": "hold", "hidden": "hide", "kept": "keep", "left": "leave",
    "lost": "lose", "paid": "pay", "sent": "send", "shown": "show", "split": "split", "taken": "take",
    "thrown": "throw", "written": "write", "wrote": "write", "given": "give",
}  # fmt: skip
"""Forms that the stemmer keeps apart."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All of a question that must agree. ``words`` pairs each stem with the word as written."""

    needs: frozenset[Need]
    stems: tuple[str, ...]
    words: tuple[str, ...]
    values: frozenset[str]
    signs: frozenset[str]
    passive: bool


def same_question(one: str, other: str) -> bool:
    """Return whether an answer to one of them is an answer to the other."""
    first, second = reading(one), reading(other)
    if not first.stems or not second.stems:
        return letters(one) == letters(other)
    if (first.needs, first.values, first.signs) != (second.needs, second.values, second.signs):
        return False
    if first.stems == second.stems:
        # "does the parent notify the child" is not "is the parent notified of the child".
        return first.passive == second.passive
    return _moved(first, second)


def first_same(question: str, known: Iterable[tuple[str, str]]) -> str | None:
    """Return the key of the first of ``known`` ((key, question)) that is the same question."""
    return next((key for key, each in known if same_question(question, each)), None)


@lru_cache(maxsize=8_192)
def reading(question: str) -> Reading:
    """Return what of a question must agree with another one's."""
    question = _PRELUDE.sub("", question.strip())
    needs = frozenset(part.need for part in read_question(question).parts)
    values = _values(question)
    spoken = [fold(word) for word in _TOKEN.findall(question)]
    said = [
        word
        for before, word in pairwise(["", *spoken])
        if not _aside(word, needs, values) and (word != "to" or not _leads_on(before))
    ]
    kept = [word for word in said if word not in _LIGHT] or said
    return Reading(
        needs,
        tuple(stem(_IRREGULAR.get(word, word)) for word in kept),
        tuple(kept),
        values,
        _signs(spoken, needs, question),
        not _BE.isdisjoint(spoken) and any(_PASSIVE.match(word) or word in _IRREGULAR for word in kept),
    )


def _values(question: str) -> frozenset[str]:
    """Return the numbers of a question, those that often count in passing too: two people are not three."""
    small = {_SMALL[word] for word in re.findall(r"[a-z]+", question.lower()) if word in _SMALL}
    return values_in(question) | small


def _leads_on(before: str) -> bool:
    """Return whether a `to` after this word says no direction: "set to", "has to"."""
    return before in _LIGHT or before in _SAID_ASIDE or before in ("need", "needs", "needed", "")


def _aside(word: str, needs: frozenset[Need], values: frozenset[str]) -> bool:
    if word in _SAID_ASIDE or word in lexicon.INTERROGATIVES or word in NUMBER_WORDS or word in values:
        return True
    if word in _DUTY | _LEAVE | _ADVICE or (word in lexicon.AUXILIARIES and word not in _NOT):
        return True
    # "what is the reason for", "what made us": the need says it already.
    return Need.REASON in needs and stem(word) in lexicon.REASON | {"why"}


def _signs(spoken: list[str], needs: frozenset[Need], question: str) -> frozenset[str]:
    """Return marks of what small words say: negation, permission, duty, time where it matters."""
    found = set(spoken)
    out = set()
    if found & _NOT or any(word.endswith(("n't", "n’t")) for word in found):
        out.add("not")
    for name, words in (("duty", _DUTY), ("advice", _ADVICE)):
        if found & words:
            out.add(name)
    if _HAS_TO.search(question):
        out.add("duty")
    if found & _LEFT_TO or (
        found & _LEAVE and needs & {Need.POLICY, Need.PERSON, Need.JUDGEMENT, Need.CONFIRM}
    ):
        out.add("leave")
    if not needs <= _OF_TIME and (found & _PAST or _WHO_DID.search(question)):
        out.add("past")
    return frozenset(out)


def _moved(one: Reading, other: Reading) -> bool:
    """Return whether a single verb stands elsewhere, in another form: active in one, passive in the other."""
    if sorted(one.stems) != sorted(other.stems) or len(set(one.stems)) != len(one.stems):
        return False
    for at, each in enumerate(one.stems):
        there = other.stems.index(each)
        rest = one.stems[:at] + one.stems[at + 1 :]
        if rest != other.stems[:there] + other.stems[there + 1 :]:
            continue
        forms = {one.words[at], other.words[there]}
        if len(forms) > 1 and any(_PARTICIPLE.match(form) or form in _IRREGULAR for form in forms):
            return True
    return False
