"""Where nothing that was found answers: whether it is of this repository all the same, and what is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from indexer.answer.alike import say_alike
from indexer.answer.foreign import is_named_here
from indexer.answer.inquiry import Inquiry
from indexer.answer.naming import nearest_names
from indexer.answer.needs import Need
from indexer.answer.of_here import LIKELY, PERHAPS
from indexer.answer.reaching import HELD_TOGETHER, held_together, unwritten_names
from indexer.answer.verdict import Label, untold
from indexer.index.symbols import find_symbols
from indexer.types import Section, VerdictStatus

_OF_ASKERS: Final = frozenset((Need.FIGURE, Need.PERSON, Need.POLICY, Need.JUDGEMENT, Need.AFFECTED))
"""What those who ask count or decide themselves."""

_SHOWN_BY_CODE: Final = frozenset(
    (
        Need.PLACE, Need.MEANING, Need.MECHANISM, Need.COMMAND, Need.SETTING, Need.EXAMPLE, Need.PARTS,
    )
)  # fmt: skip
"""What the code would show if it were here; all else may have been done and written down nowhere."""


def is_near(inquiry: Inquiry) -> bool:
    """Return whether it is something of this repository that is asked about, though nothing answers it."""
    evidence = inquiry.evidence
    return evidence.found_well or held_together(evidence) >= HELD_TOGETHER or is_named_here(inquiry)


def _may_mean(inquiry: Inquiry) -> bool:
    """Return whether something of this repository is asked about in other words than it is written in.

    A name that stands nowhere is no other word for anything, and of what only the askers count or decide
    nothing here is near.
    """
    strange = any(not each.known for each in inquiry.namings) or unwritten_names(inquiry)
    of_askers = inquiry.asked.about_us and all(part.need in _OF_ASKERS for part in inquiry.asked.parts)
    return not strange and not of_askers and inquiry.evidence.of_here >= PERHAPS


def asks_what_was_done(inquiry: Inquiry) -> bool:
    """Return whether it is asked in plain words what people did, decided or saw: code need not show it."""
    return not inquiry.namings and not {part.need for part in inquiry.asked.parts} <= _SHOWN_BY_CODE


def as_meant(inquiry: Inquiry, label: Label) -> Label:
    """Return the label of a question that nothing was laid down for, in the light of what it may mean.

    What is most likely of here is shown, as half an answer.
    """
    if not _may_mean(inquiry):
        return label
    if inquiry.evidence.of_here >= LIKELY:
        label = _by_meaning(inquiry, label)
    done = label.status is VerdictStatus.UNKNOWN and asks_what_was_done(inquiry)
    return untold(inquiry) if done else label


def say_meant(inquiry: Inquiry) -> bool:
    """Show as what may be meant what is nearest by meaning. Return whether there is any."""
    return _may_mean(inquiry) and say_alike(inquiry, Section.MISSING) > 0


def _by_meaning(inquiry: Inquiry, label: Label) -> Label:
    """Show what is nearest by meaning, and return the label that the answer has then."""
    inquiry.page.by_meaning = say_alike(inquiry, Section.WHAT) > 0
    if not inquiry.page.by_meaning:
        return label
    known = label.status is not VerdictStatus.UNKNOWN
    return replace(label, status=label.status if known else VerdictStatus.PARTIAL, bare=False)


def say_near_names(inquiry: Inquiry) -> None:
    """Tell the nearest names that are here, where a name is asked for that is not."""
    strange = [each.word for each in unwritten_names(inquiry)]
    if not (inquiry.asked.names or strange):
        # Plain words are like any name; what may be meant is offered as questions.
        return
    near = nearest_names(inquiry.evidence, inquiry.reader, strange)
    if not near:
        return
    cited = []
    for name in near:
        cited += [inquiry.signature(symbol) for symbol in find_symbols(inquiry.reader, name, 1)]
    names = ", ".join(f"`{name}`" for name in near)
    inquiry.page.tell(Section.MISSING, f"The nearest names here are {names}.", cited)
