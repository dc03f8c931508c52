"""What the parts of a question ask for, read by the packaged reader where it is there.

The rules of ``needs`` know the plain forms; people ask for a reason with what, where and is too. The
model was trained on questions over many domains, none about the repository that is asked about. Measured
on 455 questions over four repositories that it was not trained on: the first need is right in .81 with
the model, in .56 with the rules alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from indexer.answer import lexicon
from indexer.answer.needs import (
    CONDITIONS,
    ONESELF,
    OURS,
    VERSUS,
    WORD,
    Need,
    asks_if_so,
    asks_in_order,
    asks_to_copy,
    asks_who_knows,
)
from indexer.answer.questions import Asked, Part, merged
from indexer.answer.release_asked import asks_of_release
from indexer.index.reader import CATEGORIES, NEEDS
from indexer.repo.words import stem
from indexer.types import Category

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_NEED_OF: Final = {
    "yes_no": Need.CONFIRM,
    "person_decided": Need.PERSON,
    "person_to_ask": Need.PERSON,
    "fitness": Need.JUDGEMENT,
    "advice": Need.JUDGEMENT,
}
"""Where the model's word is not ours."""

RULED: Final = 0.2
"""What the rules' reading adds to the probability of its need: they know the plain forms."""

SURE: Final = 0.6
"""The same for needs whose plain forms are hardly ever meant otherwise: how do I run it, who knows it."""

UNSEEN: Final = 0.2
"""What is taken from the probability of such a need where the rules read another."""

GUESSED: Final = 0.1
"""The same for what the rules say when they know nothing better."""

READ_AT_LEAST: Final = 0.3
"""Probability from which the model's reading stands against the rules' at all."""

OF_ONES_OWN: Final = 0.95
"""Probability from which a question of "I" and "my" is taken for one about those who run it. Of 57 such
questions of newcomers on eight repositories none was, and the highest are at .87, .90, .91 and .91; all seven
of "we" and "our" are at .98 or more.
"""

_RULING: Final = re.compile(
    r"\b(?:must|may|should|shall|can|could|allow\w*|permi\w*|have to|has to|need(?:s|ed)? to|polic\w+|rules?"
    r"|forb\w+|supposed|ok(?:ay)?|agreed|procedure|approv\w+|sign(?:s|ed)? off|required|guidelines?"
    r"|conventions?)\b",
    re.I,
)
"""Without any such word no rule that people follow is asked for."""

_PLAIN: Final = frozenset(
    {Need.AUTHOR, Need.CHANGE, Need.IMPACT, Need.COMMAND, Need.SETTING, Need.EXAMPLE, Need.PARTS}
)


_PEOPLE: Final = frozenset(
    (
        "who", "whom", "whose", "customer", "client", "user", "team", "staff", "vendor", "merchant", "depart",
        "colleagu", "tenant", "member", "partner", "compani", "peopl", "person", "shopper", "visitor",
    )
)  # fmt: skip
"""Stems of what a question about people names."""


_TURNED_TO: Final = re.compile(r"\bwhom? (?:(?:can|could|should|may|might|do|would) i|(?:best )?knows)\b")

_DID: Final = re.compile(
    r"(?:and )?who (?:first )?(?:added|introduced|removed|deleted|moved|migrated|switched|renamed|reverted)\b"
)
"""Who did what a commit says: its author, and nobody who decided it."""

_MEANT: Final = re.compile(
    r"\bwhat (?:do|does|did|is|are) .{1,60}(?:stand|short) for\b"
    r"|^what(?: on earth| the hell)? (?:is|are) \S+\W*$"
    r"|\bwhat .{1,40} abbreviat"
)
_DOES: Final = re.compile(
    r"\bwhat (?:does|do) (?:the )?(?P<name>`?[\w.:]*[A-Z_]\w*`?)(?: \w+)? (?:do|change|add|represent)\b", re.I
)
"""What a named thing does is told by it, and not by what can be set."""
_EACH_FOR: Final = re.compile(r"\bwhat (?:is|are) (?:each|they|these|those|it)\b(?: of \w+)? for\W*$")
_WRITES_NEW: Final = re.compile(
    r"\bhow (?:do|should|can|would) (?:i|we|you) (?:usually |best )?"
    r"(?:add|write|create|make|define|implement) (?:a new|another|one more)\b"
)
"""One more of what there is: what others are made like tells it, and no command."""
_HAPPENS: Final = re.compile(r"\bwhat (?:happens|will happen|would happen)\b")
_PLACED: Final = re.compile(r"(?:^|, |\band )where (?:is|are|does|do) (?:it|this|that|they)\b")


class QuestionReader(Protocol):
    """What reads questions."""

    def asked(self, questions: Sequence[str]) -> NDArray[np.float32]:
        """Return log-odds (len(questions), len(ASKED)), in the order of `indexer.index.reader.ASKED`."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A question with what was read of it. ``categories`` are probabilities that add up to 1."""

    asked: Asked
    categories: dict[Category, float]


def understand(asked: Asked, reader: QuestionReader) -> Understood:
    """Return the question with the needs of its parts as the model reads them. Raises ModelError."""
    import numpy as np

    # A part that stands alone is best understood with all that was told before it.
    alone = len(asked.parts) == 1
    odds = reader.asked([asked.text, *([] if alone else [part.text for part in asked.parts])])
    chances = 1 / (1 + np.exp(-odds))
    # "And what does it read and write?" says by itself too little: the whole question has a say in it.
    read = chances[:1] if alone else (chances[1:] + chances[:1]) / 2
    parts = [
        replace(part, need=_need(part, row[: len(NEEDS)].tolist()))
        for part, row in zip(asked.parts, read, strict=True)
    ]
    kinds = chances[0, len(NEEDS) : len(NEEDS) + len(CATEGORIES)]
    shares = (kinds / kinds.sum()).tolist()
    about_us = asked.about_us
    if about_us and (OURS - ONESELF).isdisjoint(WORD.findall(asked.text.lower())):
        # "My edits do not show up" is said of nobody's company.
        about_us = float(chances[0, -1]) >= OF_ONES_OWN
    return Understood(
        replace(asked, parts=tuple(merged(parts)), about_us=about_us),
        {Category(name): share for name, share in zip(CATEGORIES, shares, strict=True)},
    )


def _need(part: Part, chances: Sequence[float]) -> Need:
    if _is_plain(part):
        return part.need
    # "Where does the 255 come from" asks for a reason; "which programs write it" asks for programs.
    listed = part.need is Need.PLACE and not part.text.lower().startswith("where")
    bonus = SURE if listed or part.need in _PLAIN else GUESSED if part.need is Need.MEANING else RULED
    people = not _PEOPLE.isdisjoint(stem(word) for word in WORD.findall(part.text.lower()))
    parts = not lexicon.PARTS.isdisjoint(stem(word) for word in WORD.findall(part.text.lower()))
    asks_place = part.text.lower().startswith("where")
    best: dict[Need, float] = {part.need: bonus}
    for name, read in zip(NEEDS, chances, strict=True):
        chance = read
        need = _NEED_OF.get(name) or Need(name)
        # Which programs use it is no question about people, however it sounds.
        # "Where is it decided that …" asks for the lines that decide.
        barred = (need is Need.AFFECTED or (need is Need.PERSON and asks_place)) and not people
        # "Which shells are supported" asks for shells, not for what this is made of.
        barred |= need is Need.PARTS and need is not part.need and not parts
        barred |= need is Need.POLICY and need is not part.need and _RULING.search(part.text) is None
        if not barred and (read >= READ_AT_LEAST or need is part.need):
            # A plain form that the rules did not see is seldom there.
            chance -= UNSEEN if need in _PLAIN and need is not part.need else 0.0
            best[need] = max(best.get(need, 0.0), chance + (bonus if need is part.need else 0.0))
    need = max(best, key=lambda need: best[need])
    # "What did caching win us?" asks what somebody saw, not what leans on the cache.
    return Need.REASON if need is Need.IMPACT and need is not part.need and not _of_a_change(part) else need


def _is_plain(part: Part) -> bool:
    """Return whether a part can be read in one way only, in which few were learnt from.

    "Where is it called" lists uses, "whom can I ask" is about who knows, "which one should I copy" wants one.
    """
    text = part.text.lower()
    uses = part.need is Need.IMPACT and text.startswith("where")
    copies = part.need is Need.EXAMPLE and asks_to_copy(text)
    if part.need is Need.COMMAND and asks_of_release(text):
        return True
    if part.need is Need.EXAMPLE and _WRITES_NEW.search(text):
        return True
    if part.need is Need.MEANING and (_EACH_FOR.search(text) or _does_named(part.text)):
        return True
    if (part.need is Need.COMPARE and VERSUS.search(text)) or (
        part.need is Need.CONFIRM and asks_if_so(text)
    ):
        return True
    if part.need is Need.MECHANISM and (_HAPPENS.search(text) or asks_in_order(text)):
        # What comes of touching something was told apart by the rules.
        return True
    meant = part.need is Need.MEANING and _MEANT.search(text) is not None
    placed = meant or (part.need is Need.PLACE and _PLACED.search(text) is not None)
    knows = part.need is Need.AUTHOR and (_TURNED_TO.search(text) is not None or asks_who_knows(text))
    did = part.need is Need.CHANGE and _DID.match(text) is not None
    return uses or copies or placed or knows or did


def _does_named(text: str) -> bool:
    """Return whether a clause asks what something does that it writes as only code is written."""
    does = _DOES.search(text)
    return does is not None and re.search(r"[a-z][A-Z]|_|[A-Z]{2}[a-z]|[.:]", does["name"]) is not None


def _of_a_change(part: Part) -> bool:
    """Return whether a part asks what comes of touching something."""
    words = [word.lower() for word in WORD.findall(part.text)]
    touched = {stem(word) for word in words} & (lexicon.IMPACT | lexicon.CHANGE)
    return bool(touched) or not CONDITIONS.isdisjoint(words)
