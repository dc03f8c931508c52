"""A step of a tour arranged for reading: its sections with numbered sources. Knows no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desktop.answer_page import AnswerPage, Told, arrange
from indexer.shapes.onboarding import TourLine, TourStep
from indexer.types import (
    AnchorState,
    Answer,
    Freshness,
    Section,
    Statement,
    Verdict,
    VerdictStatus,
)

_UNREAD = Freshness(None, None, -1, False, True, 0, 0)


@dataclass(frozen=True, slots=True)
class StepPage:
    """What stands on the page of a step. ``page`` has the sources of what is shown; ``whole`` those of the
    hidden answer too, numbered after them.
    """

    page: AnswerPage
    whole: AnswerPage
    sections: tuple[tuple[Section, tuple[Told, ...]], ...]
    matters: Told | None
    answer: Told | None


def arrange_step(step: TourStep, changed: str, gone: str, written_by: str) -> StepPage:
    """Return a step as a page. The words say of a sentence that its code ``changed`` or is ``gone``, and
    of a person's own whose it is (``written_by % name``).
    """
    lines = list(step.lines)
    if step.matters is not None:
        # It stands last in its section, so that its numbers come after the others'.
        lines.append(replace(step.matters, statement=_as_what(step.matters.statement)))
    page = arrange(_answer(step.title, [each.statement for each in lines]))
    told = {section: list(of_it) for section, of_it in page.sections}
    matters = told[Section.WHAT].pop() if step.matters is not None and told.get(Section.WHAT) else None
    by_place = {id(each.statement): each for each in lines}
    words = (changed, gone, written_by)
    sections: list[tuple[Section, tuple[Told, ...]]] = []
    for section in (Section.WHAT, Section.WHY):
        shown = tuple(_marked(each, by_place, words) for each in told.get(section, ()))
        if shown:
            sections.append((section, shown))
    missing = [_marked(each, by_place, words) for each in told.get(Section.MISSING, ())]
    missing += [Told(Statement(Section.MISSING, text, ()), ()) for text in page.missing]
    if missing:
        sections.append((Section.MISSING, tuple(missing)))
    shown_last = None if matters is None else _marked(matters, by_place, words)
    whole, answer = page, None
    if step.check is not None:
        whole, answer = _with_answer(page, step.check.answer)
        answer = _marked(answer, {id(answer.statement): step.check.answer}, words)
    return StepPage(page, whole, tuple(sections), shown_last, answer)


# ------------------------------------------------------------------------------------- private


def _with_answer(page: AnswerPage, line: TourLine) -> tuple[AnswerPage, Told]:
    """Return the page with the sources that the answer alone has, and the answer with its numbers."""
    statement = _as_what(line.statement)
    alone = arrange(_answer("", [statement]))
    sources = list(page.sources)
    numbers: list[int] = []
    for each in alone.sources:
        known = next((one.number for one in sources if set(each.citations) <= set(one.citations)), 0)
        if not known:
            known = len(sources) + 1
            sources.append(replace(each, number=known))
        numbers.append(known)
    return replace(page, sources=tuple(sources)), Told(statement, tuple(dict.fromkeys(numbers)))


def _as_what(statement: Statement) -> Statement:
    return statement if statement.section is Section.WHAT else replace(statement, section=Section.WHAT)


def _marked(told: Told, lines: dict[int, TourLine], words: tuple[str, str, str]) -> Told:
    line = lines.get(id(told.statement))
    if line is None:
        return told
    changed, gone, written_by = words
    parts = [told.said_by] if told.said_by and not line.by else []
    if line.by:
        parts.append(written_by % line.by)
    if line.state is AnchorState.STALE:
        parts.append(changed)
    elif line.state is AnchorState.ORPHANED:
        parts.append(gone)
    return replace(told, said_by=", ".join(parts))


def _answer(title: str, statements: Sequence[Statement]) -> Answer:
    verdict = Verdict(VerdictStatus.GROUNDED, None, "", (), ())
    return Answer(title, None, verdict, tuple(statements), (), "extracted", _UNREAD)
