"""A walk along calls arranged for drawing: which step hangs on which, where its number leads. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desktop.answer_page import AnswerPage, Told
from indexer.types import CitationKind, Step

DEEPEST = 6
"""Levels that are indented; what is called still deeper stands below them without a further indent."""


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One step: its numbers, and the lines that tie it to the steps above.

    ``goes_on`` says for each level from 1 to ``depth`` whether a later step hangs on the same line.
    """

    step: Step
    numbers: tuple[int, ...]
    leads_to: int
    """The number of the definition itself; 0 where no source is just that."""
    depth: int
    goes_on: tuple[bool, ...] = ()


def runs(told: Sequence[Told]) -> list[tuple[bool, tuple[Told, ...]]]:
    """Return statements in runs: (True, steps of a walk) or (False, sentences), in their order."""
    found: list[tuple[bool, list[Told]]] = []
    for each in told:
        is_step = each.statement.step is not None
        if not found or found[-1][0] is not is_step:
            found.append((is_step, []))
        found[-1][1].append(each)
    # A walk of one step is a sentence.
    return [(is_step and len(each) > 1, tuple(each)) for is_step, each in found]


def flow_rows(told: Sequence[Told], page: AnswerPage) -> tuple[FlowRow, ...]:
    """Return the steps of a walk, each under the one that calls it."""
    rows: list[FlowRow] = []
    for each in told:
        step = each.statement.step
        if step is not None:
            rows.append(FlowRow(step, each.numbers, _leads_to(each, step, page), _depth(rows, step)))
    return tuple(
        replace(row, goes_on=tuple(_goes_on(rows[place + 1 :], level) for level in range(1, row.depth + 1)))
        for place, row in enumerate(rows)
    )


# ------------------------------------------------------------------------------------- private


def _depth(above: Sequence[FlowRow], step: Step) -> int:
    if not step.caller:
        return 0
    for row in reversed(above):
        if row.step.name == step.caller:
            return min(row.depth + 1, DEEPEST)
    return min(1, len(above))


def _goes_on(below: Sequence[FlowRow], level: int) -> bool:
    """Say whether the line of a level is taken up again before a step further out ends it."""
    for row in below:
        if row.depth <= level:
            return row.depth == level
    return False


def _leads_to(told: Told, step: Step, page: AnswerPage) -> int:
    for number in told.numbers:
        source = page.source(number)
        if source is None or source.first.kind is not CitationKind.SPAN or source.first.path != step.path:
            continue
        if source.start_line <= step.line <= source.end_line:
            return number
    return told.numbers[-1] if told.numbers else 0
