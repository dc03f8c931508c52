"""A mentor's view over several walks: where people are stuck, and which gaps come up again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from indexer.shapes.onboarding import (
    GapAgain,
    Overview,
    Session,
    SessionAct,
    SessionEvent,
    StepTrouble,
    Tour,
    TourTrouble,
)
from indexer.types import Gap


def overview_of(walked: Sequence[tuple[Session, Tour]], gaps: Mapping[str, Gap]) -> Overview:
    """Return the view; ``gaps`` are those that any session met, by id."""
    tours: dict[str, tuple[Tour, list[Session]]] = {}
    for session, tour in walked:
        tours.setdefault(tour.id, (tour, []))[1].append(session)
    sessions = sorted((session for session, _ in walked), key=lambda each: (-each.last, each.id))
    return Overview(
        sessions=tuple(sessions),
        tours=tuple(_trouble(tour, of_it) for tour, of_it in tours.values()),
        gaps=tuple(_again(walked, gaps)),
    )


def _trouble(tour: Tour, sessions: Sequence[Session]) -> TourTrouble:
    steps = []
    for step in tour.steps:
        events = [[each for each in session.events if each.step == step.key] for session in sessions]
        firsts = [_first_check(each) for each in events]
        steps.append(
            StepTrouble(
                key=step.key,
                title=step.title,
                reached=sum(
                    1
                    for session, own in zip(sessions, events, strict=True)
                    if own or session.current == step.key
                ),
                done=sum(1 for session in sessions if step.key in session.done),
                stuck=_with(events, SessionAct.STUCK),
                asked=_with(events, SessionAct.ASKED),
                checked=sum(1 for each in firsts if each is not None),
                wrong=sum(1 for each in firsts if each is not None and each.right is False),
            )
        )
    finished = sum(1 for session in sessions if session.finished)
    return TourTrouble(tour.id, tour.title, len(sessions), finished, tuple(steps))


def _with(events: Sequence[Sequence[SessionEvent]], act: SessionAct) -> int:
    return sum(1 for own in events if any(each.act is act for each in own))


def _first_check(events: Sequence[SessionEvent]) -> SessionEvent | None:
    return next((each for each in events if each.act is SessionAct.CHECKED), None)


def _again(walked: Sequence[tuple[Session, Tour]], gaps: Mapping[str, Gap]) -> list[GapAgain]:
    out = []
    for gap_id, gap in gaps.items():
        met = [
            (session, tour, event)
            for session, tour in walked
            for event in session.events
            if event.gap_id == gap_id
        ]
        titles = {step.key: step.title for _, tour, _ in met for step in tour.steps}
        out.append(
            GapAgain(
                gap=gap,
                sessions=tuple(dict.fromkeys(session.id for session, _, _ in met)),
                people=tuple(dict.fromkeys(session.name or "somebody" for session, _, _ in met)),
                steps=tuple(dict.fromkeys(titles.get(event.step, event.title) for _, _, event in met)),
            )
        )
    out.sort(
        key=lambda each: (each.gap.note_id is not None, -len(each.sessions), -each.gap.asked, each.gap.id)
    )
    return out
