"""Two people's edits of one tour, laid together step by step; nothing of either is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from indexer.shapes.onboarding import Tour, TourStep


def merged(base: Tour, ours: Sequence[TourStep], newest: Tour) -> tuple[tuple[TourStep, ...], str]:
    """Return the steps of an edit (``ours``, made from ``base``) with what ``newest`` changed meanwhile,
    and what a person is told of it.

    A step that both changed stands there twice, the other's after ours with whose it is in its title.
    """
    before = {step.key: step for step in base.steps}
    theirs = {step.key: step for step in newest.steps}
    out: list[TourStep] = []
    twice: list[str] = []
    for step in ours:
        old, other = before.get(step.key), theirs.get(step.key)
        if other is None:
            if old is not None and step == old:
                continue  # they took it out, we did not touch it
            out.append(step)
        elif step == old:
            out.append(other)
        elif other in (old, step):
            out.append(step)
        else:
            twice.append(step.title)
            by = newest.by or "somebody else"
            out += [
                step,
                replace(other, key=f"{other.key}~{newest.version}", title=f"{other.title} (as {by} has it)"),
            ]
    _put_in(out, before, {step.key for step in ours}, newest)
    told = ""
    if twice:
        told = f"Both changed {', '.join(twice[:4])}: each of these stands there twice, to be made one."
    return tuple(out), told


def _put_in(out: list[TourStep], before: dict[str, TourStep], ours: set[str], newest: Tour) -> None:
    """Add the steps that only the other has: new ones, and changed ones that we took out."""
    for at, step in enumerate(newest.steps):
        if step.key in ours or step == before.get(step.key):
            continue
        previous = newest.steps[at - 1].key if at else ""
        place = next((n for n, each in enumerate(out, 1) if each.key == previous), len(out) if at else 0)
        out.insert(place, step)
