"""The why-channel: reasons that somebody recorded, offered only for the thing they are about."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from indexer.answer.antecedents import points_back
from indexer.answer.blocks import Role
from indexer.answer.cues import Cue, cue_of
from indexer.answer.evidence import CONTEXT, Found
from indexer.answer.inquiry import Inquiry
from indexer.answer.read_answers import found_in, is_near, is_of_this, of_other_figures
from indexer.answer.values import values_in
from indexer.repo.words import stems
from indexer.types import ChunkKind, Section


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence that gives a reason, and how surely it is about the question (``tie``, 0 to 1)."""

    found: Found
    cue: Cue
    tie: float

    @property
    def recorded(self) -> bool:
        """True: a reason stands there. False: it is only hinted at."""
        return self.cue is Cue.STRONG and self.tie >= TIED


TIED: Final = 0.5
"""From this tie on a reason is taken to be about the very thing that was asked."""

HINTED: Final = 0.4
"""From this tie on a sentence is worth showing as a hint."""

_BACKWARD: Final = re.compile(r"\b(?:due to|owing to|because of|thanks to|caused by)\b", re.I)
"""What stands before these is explained by what stands behind them."""

_CONSEQUENCE: Final = re.compile(r"^(?:therefore|hence|thus|consequently|as a result)\b", re.I)
"""Begins what follows from a reason; the reason itself stood before."""

_GIVES_CAUSE: Final = re.compile(
    r"^(?:there|because|since|doing"
    r"|without|the (?:reason|rationale|point|idea|alternative|problem|old|former|previous)|reason)\b"
    r"|\b(?:because|in order to|for \w+ reasons?|the reason)\b",
    re.I,
)
"""A sentence that gives the cause of the one before it; another next to it is about its own."""

_MESSAGE_SHARE: Final = 0.5
"""What a word of the subject line adds for the sentences of the same message."""

_DIGIT: Final = re.compile(r"(?<![\w.#-])\d(?![\w.-])")

_SAME_VALUE: Final = 1.15
"""What a tie gains when the very value that the question is about stands close by."""

_BESIDE: Final = 0.85
"""What a reason has of the tie of a sentence next to it: "A is done so. This is because …"."""

_NEXT_LINES: Final = 4

_HINTS_LOOKED_AT: Final = 3
"""Passages, the likeliest first, in which a hint is looked for."""

_OTHER_VALUE: Final = 0.7
"""What is left of a tie when the question is about a value that the passage does not have."""


def reasons(inquiry: Inquiry, limit: int = 6) -> list[Reason]:
    """Return reasons for what the question is about, the surest first."""
    messages = _message_terms(inquiry)
    values = values_in(inquiry.asked.text)
    beside = _beside(inquiry)
    weights = inquiry.evidence.weights
    out: list[Reason] = []
    for found in inquiry.evidence.found:
        cue = cue_of(found.sentence.text, found.sentence.role)
        if cue is Cue.NONE or found.sentence.text.endswith("?"):
            continue
        if explains_another(found.sentence.text, inquiry.evidence.sharing) or _CONSEQUENCE.match(
            found.sentence.text
        ):
            continue
        tie = found.worth
        if found.hit.kind is ChunkKind.COMMIT and found.sentence.role is Role.BODY:
            around = messages.get(found.hit.commit_id or "", frozenset()) - found.shared
            tie += (1 - CONTEXT) * _MESSAGE_SHARE * sum(weights[term] for term in around)
        if points_back(found.sentence.text) or _GIVES_CAUSE.search(found.sentence.text):
            tie = max(tie, _BESIDE * beside.get((id(found.hit), found.sentence.start_line), 0.0))
        if values:
            tie = _valued(tie, values, found)
        if inquiry.is_minor(found):
            tie *= 0.85
        # A subject line says what was done; only now and then why.
        if found.sentence.role is Role.SUBJECT and cue is Cue.WEAK:
            tie *= 0.8
        if tie >= HINTED:
            out.append(Reason(found, cue, min(tie, 1.0)))
    out.sort(key=lambda each: (-int(each.recorded), -each.tie - 0.05 * each.cue, each.found.place))
    return out[:limit]


def explains_another(text: str, sharing: Callable[[str], float]) -> bool:
    """Return whether the subject is the cause there of something else: "a crash due to the change"."""
    found = _BACKWARD.search(text)
    if found is None or found.start() == 0:
        return False
    return sharing(text[: found.start()]) < 0.5 * sharing(text[found.end() :])


def say_reasons(inquiry: Inquiry, known: list[Reason], limit: int = 3) -> int:
    """Quote the recorded reasons, else at most one hint. Return how many recorded ones were laid."""
    said = 0
    surest = max((reason.tie for reason in known if reason.recorded), default=0.0)
    for reason in known:
        if reason.recorded and reason.tie >= _BESIDE * surest and said < limit:
            said += inquiry.page.quote(Section.WHY, reason.found)
    if not said:
        for reason in [each for each in known if not _says_only_what(each)][:1]:
            _hint(inquiry, reason.found)
    return said


def say_hint(inquiry: Inquiry) -> None:
    """Quote the sentence that comes nearest to giving the reason, as what it is."""
    for read in [each for each in inquiry.evidence.reads if each.sentences][:_HINTS_LOOKED_AT]:
        other = of_other_figures(inquiry.asked.text, read.window.text)
        if other or not is_near(inquiry, read) or not is_of_this(inquiry, read):
            continue
        for sentence in read.sentences:
            if cue_of(sentence.text, sentence.role) is Cue.STRONG and not sentence.text.endswith("?"):
                _hint(inquiry, found_in(read, sentence))
                return


def _hint(inquiry: Inquiry, found: Found) -> None:
    text = f"Only hinted at: “{found.sentence.text}”"
    inquiry.page.tell(Section.WHY, text, [inquiry.page.cite(found)], hinted=True)


def _says_only_what(reason: Reason) -> bool:
    """Return whether it is a part of a message without any plain word of a reason."""
    return reason.found.sentence.role in (Role.SUBJECT, Role.BODY) and reason.cue is Cue.WEAK


def _valued(tie: float, asked: frozenset[str], found: Found) -> float:
    """Return a tie in the light of the values that the question is about."""
    first = max(found.sentence.start_line - found.hit.start_line - _NEXT_LINES, 0)
    last = found.sentence.end_line - found.hit.start_line + _NEXT_LINES
    if asked <= values_in("\n".join(found.hit.text.split("\n")[first : last + 1])):
        return tie * _SAME_VALUE
    said = values_in(found.sentence.text) | frozenset(_DIGIT.findall(found.sentence.text))
    # A reason for another value is none for this one, however alike the sentences are.
    return min(tie * _OTHER_VALUE, HINTED) if said and not said & asked else tie * _OTHER_VALUE


def _beside(inquiry: Inquiry) -> dict[tuple[int, int], float]:
    """Return for each sentence the worth of the best one close to it in the same passage."""
    by_hit: dict[int, list[Found]] = {}
    for found in inquiry.evidence.found:
        by_hit.setdefault(id(found.hit), []).append(found)
    out: dict[tuple[int, int], float] = {}
    for key, each in by_hit.items():
        for one in each:
            line = one.sentence.start_line
            near = [
                other.worth
                for other in each
                if other is not one
                and other.sentence.role is one.sentence.role
                and abs(other.sentence.start_line - line) <= _NEXT_LINES
            ]
            out[key, line] = max(near, default=0.0)
    return out


def _message_terms(inquiry: Inquiry) -> dict[str, frozenset[str]]:
    """Return the question's terms that stand in each commit's subject line."""
    weights = inquiry.evidence.weights
    return {
        hit.commit_id or "": frozenset(weights.keys() & set(stems(hit.symbol)))
        for hit in inquiry.evidence.of_kind(ChunkKind.COMMIT)
    }
