"""A route of steps through an area, for a role: nothing is used before it is introduced."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from indexer.guide.desk import Desk
from indexer.guide.tours import (
    core_stops,
    data_stops,
    depended,
    entry_stops,
    flow_stops,
    layout_stops,
    life_stops,
    past_stops,
    purpose_stops,
    run_stops,
    settings_stops,
    testing_stops,
    unwritten_stop,
)
from indexer.guide.tours.documented import Documented, documented
from indexer.guide.tours.entries import Door, Entry, entries, offered
from indexer.guide.tours.ground import Beside, Ground
from indexer.guide.tours.laid import Laid
from indexer.index.symbols import FoundSymbol
from indexer.shapes.onboarding import StepKind, TourRole, TourStep
from indexer.types import Control, Phase, Progress

SHORTEST: Final = 8
LONGEST: Final = 15
CORE: Final = 8
"""Definitions that much depends on: the first few have a step each, all are looked at for reasons."""
USED: Final = 40
"""Definitions, the most used first, among which those are looked for that nobody gave a reason for."""

LEAST_OF_FIRST: Final = 0.15
"""What must depend on a definition that has a step, beside what depends on the first one."""

FIRST: Final = 3
"""Definitions among which those that users meet come first."""
MET: Final = 1.5
OFTEN: Final = 5.0
"""What a definition counts more that documents show in use, and how often they must for all of that."""

HELD: Final = 0.25
"""What a definition counts that only holds values which are handed around."""
HANDED: Final = 0.3
"""What a definition counts that is handed through everything, or helps to make what is, where no document
shows it: much names it, and it tells nothing of what the system does.
"""
_HANDED: Final = re.compile(r"(?:Context|Factory|Base|Helper|Utils?|Json|Dto|ModelDao|Mapper|Exception\w*)$")

_MEASURES: Final = {
    TourRole.ANY: (3, 2),
    TourRole.BACKEND: (4, 2),
    TourRole.FRONTEND: (3, 2),
    TourRole.OPS: (1, 2),
    TourRole.QA: (2, 1),
}
"""For each role: steps for core definitions, and walks."""


def derive(
    desk: Desk,
    area: str,
    role: TourRole,
    control: Control,
    beside: Beside | None = None,
) -> tuple[Ground, tuple[TourStep, ...]]:
    """Return the steps of a route, in order, and the ground that they were found on.

    Raises NotFoundError for an area that there is not, CancelledError when it is taken back.
    """
    with desk.catalog.snapshot() as reader:
        ground = Ground(desk, reader, area, role, control, beside)
        laid: list[Laid] = []
        stops = _stops(ground)
        for number, (word, make) in enumerate(stops):
            control.checkpoint()
            control.report(Progress(Phase.SCAN, number, len(stops), "steps", word))
            laid += make()
        steps = [step for step in (each.step() for each in laid) if step is not None]
    return ground, tuple(_read_once(ordered(_shortened(steps))))


def ordered(steps: Sequence[TourStep]) -> list[TourStep]:
    """Return steps so that what one uses was introduced before it, and else as they were.

    Two that use each other stay as they were: one of them has to come first.
    """
    home: dict[str, str] = {}
    for step in steps:
        for name in step.introduces:
            home.setdefault(name, step.key)
    left = list(steps)
    out: list[TourStep] = []
    while left:
        waiting = {step.key for step in left}
        ready = next(
            (
                step
                for step in left
                if not any(home.get(name, step.key) in waiting - {step.key} for name in step.uses)
            ),
            left[0],
        )
        left.remove(ready)
        out.append(ready)
    return out


# ------------------------------------------------------------------------------------ private


def _read_once(steps: Sequence[TourStep]) -> Iterator[TourStep]:
    """Yield steps without the readings that an earlier one set, where they have another."""
    set_before = set[tuple[str, int, int]]()
    for step in steps:
        places = [
            (each.anchor.path or "", each.anchor.start_line, each.anchor.end_line) for each in step.reading
        ]
        new = tuple(each for each, place in zip(step.reading, places, strict=True) if place not in set_before)
        set_before.update(places)
        yield replace(step, reading=new) if new else step


def _stops(ground: Ground) -> list[tuple[str, Callable[[], list[Laid]]]]:
    """Return what makes each stop, with a word for it, in the order of a role that has no wish."""
    core_steps, walks = _MEASURES[ground.role]
    found: list[Entry] = []
    shown: list[Documented] = []
    offers: list[FoundSymbol] = []
    used: list[depended.Depended] = []
    core: list[depended.Depended] = []

    def lay_out() -> list[Laid]:
        shown.extend(documented(ground))
        return _one(layout_stops.layout(ground, shown))

    def look() -> list[Laid]:
        found.extend(entries(ground))
        offers.extend(offered(ground, shown))
        used.extend(depended.most_depended_on(ground, USED))
        core.extend(_met_first(ground, used, shown)[:CORE])
        return []

    def enter() -> list[Laid]:
        return _one(entry_stops.ways_in(ground, found, _offers(offers), shown))

    def rest_on() -> list[Laid]:
        least = LEAST_OF_FIRST * max((each.weight for each in core[:1]), default=0.0)
        told = [each for each in core[:core_steps] if each.weight >= least]
        return [core_stops.core(ground, each, shown) for each in told]

    def walk() -> list[Laid]:
        return flow_stops.follow(ground, found, offers, core, walks, shown)

    first = [
        ("what it is for", lambda: [purpose_stops.purpose(ground)]),
        ("how it is run", lambda: _one(run_stops.running(ground))),
        ("how it is laid out", lay_out),
        ("what much depends on", look),
        ("where one comes in", enter),
    ]
    code = [("what much depends on", rest_on), ("one way end to end", walk)]
    life = [
        ("where the data lives", lambda: _one(data_stops.data(ground))),
        ("what can be set", lambda: _one(settings_stops.settings(ground))),
    ]
    shipped = [
        ("how it is tested", lambda: _one(testing_stops.tests(ground, core))),
        ("how it is released", lambda: _one(life_stops.release(ground))),
    ]
    past = [
        ("where it keeps changing", lambda: _one(past_stops.hot_spots(ground))),
        ("what was decided", lambda: _one(past_stops.decisions(ground, core))),
        ("what nobody wrote down", lambda: _one(unwritten_stop.unwritten(ground, used))),
    ]
    if ground.role is TourRole.OPS:
        runs = ("what runs in production", lambda: _one(life_stops.operations(ground)))
        return [*first, life[1], runs, shipped[1], *code, life[0], shipped[0], *past]
    if ground.role is TourRole.QA:
        bare = ("what no test names", lambda: _one(testing_stops.untested(ground, core)))
        return [*first, *code, *shipped[:1], bare, *life, *shipped[1:], *past]
    return [*first, *code, *life, *shipped, *past]


def _met_first(
    ground: Ground, used: Sequence[depended.Depended], shown: Sequence[Documented]
) -> list[depended.Depended]:
    """Return what much depends on, where what documents show in use counts more and comes before the rest,
    and what only holds values less.
    """
    known = {(each.symbol.blob_id, each.symbol.start_line): each.weight for each in shown}

    def seen(each: depended.Depended) -> float:
        return min(known.get((each.symbol.blob_id, each.symbol.start_line), 0.0) / OFTEN, 1.0)

    def worth(each: depended.Depended) -> float:
        held = HELD if core_stops.only_holds(ground, each.symbol) else 1.0
        held *= HANDED if _HANDED.search(each.symbol.name) and not seen(each) else 1.0
        return each.weight * (1.0 + MET * seen(each)) * held

    chosen = sorted(used, key=lambda each: -worth(each))
    chosen = _distinct(chosen, seen)
    first = sorted(chosen[:FIRST], key=lambda each: -seen(each))
    return [*first, *chosen[FIRST:]]


def _distinct(
    chosen: Sequence[depended.Depended], seen: Callable[[depended.Depended], float]
) -> list[depended.Depended]:
    """Return definitions but those that say of themselves, word for word, what one that is met more says: a
    base and what is built on it are the same thing to a reader then.
    """
    told: dict[str, depended.Depended] = {}
    for each in chosen:
        if each.symbol.doc and seen(each) > seen(told.setdefault(each.symbol.doc, each)):
            told[each.symbol.doc] = each
    return [each for each in chosen if told.get(each.symbol.doc, each) is each]


def _offers(offers: Sequence[FoundSymbol]) -> list[Entry]:
    return [Entry(Door.OFFERED, each.qualified, each.path, each.name_line, each) for each in offers]


def _one(laid: Laid | None) -> list[Laid]:
    return [] if laid is None else [laid]


_LEAST_NEEDED: Final = (StepKind.SETTINGS, StepKind.CORE, StepKind.FLOW, StepKind.LAYOUT)


def _shortened(steps: list[TourStep]) -> list[TourStep]:
    """Return at most LONGEST steps: the last ones of a kind that has others go first."""
    out = list(steps)
    for kind in _LEAST_NEEDED * 2:
        of_kind = [step for step in out if step.kind is kind]
        if len(out) > LONGEST and (len(of_kind) > 1 or kind in (StepKind.SETTINGS,)):
            out.remove(of_kind[-1])
    return out[:LONGEST]
