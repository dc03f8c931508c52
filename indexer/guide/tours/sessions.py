"""One person's walk along a tour: what was done, asked, not understood and answered on the way."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from indexer.errors import LorebaseError, NotFoundError, UsageError
from indexer.guide.desk import Desk
from indexer.guide.tours.mentoring import overview_of
from indexer.guide.tours.report import as_html, as_markdown
from indexer.guide.tours.tours import Tours
from indexer.index.people import AskedQuestion
from indexer.index.walks import SESSION, EventRow, SessionRow
from indexer.method import Nothing
from indexer.pages import AskedName, WhoWanted
from indexer.repo.secrets import redact
from indexer.shapes.onboarding import (
    Overview,
    Report,
    ReportForm,
    ReportWanted,
    Session,
    SessionAct,
    SessionEvent,
    SessionList,
    SessionName,
    SessionPage,
    SessionStart,
    SessionStep,
    Tour,
    TourName,
    TourStep,
)
from indexer.types import Category, Contact, Gap, Section, VerdictStatus

LONGEST: Final = 4_000
"""Characters of a note or a question that are kept."""

ANSWER_LINES: Final = 4
"""Sentences of an answer that are kept with the session, so that the report reads without the index."""


class Sessions:
    """Keeps walks; callable from several threads."""

    def __init__(self, desk: Desk, tours: Tours) -> None:
        self._desk = desk
        self._tours = tours
        self._walks = desk.people.walks

    def start(self, wanted: SessionStart) -> SessionPage:
        """Begin a walk. Raises NotFoundError for a tour that there is not."""
        tour = self._tours.adopted(wanted.tour_id)
        now = int(time.time())
        row = self._walks.begin(SessionRow("", tour.id, tour.version, wanted.by.name, wanted.by.email, now))
        self._keep(row.id, SessionAct.OPENED, tour.steps[0].key if tour.steps else "", {})
        return self.show(SessionName(row.id))

    def show(self, wanted: SessionName) -> SessionPage:
        """Return a session with its tour as it stands now. Raises NotFoundError."""
        row = self._row(wanted.id)
        tour, notices = self._tour_of(row)
        session = self._session(row, tour)
        met = list(dict.fromkeys(each.gap_id for each in session.events if each.gap_id))
        gaps = [gap for gap in (self._gap(gap_id) for gap_id in met) if gap is not None]
        step = next((each for each in tour.steps if each.key == session.current), None)
        return SessionPage(session, tour, tuple(gaps), self._may_know(step), notices)

    def step(self, wanted: SessionStep) -> SessionPage:
        """Keep what somebody does, and return the session. Raises NotFoundError, UsageError."""
        row = self._row(wanted.id)
        tour, _ = self._tour_of(row)
        session = self._session(row, tour)
        at = self._at(tour, wanted.step or session.current or (tour.steps[-1].key if tour.steps else ""))
        text = redact(wanted.text.strip())[0][:LONGEST]
        fields: dict[str, object] = {"title": at.title}
        if wanted.act in (SessionAct.STUCK, SessionAct.NOTED, SessionAct.ASKED) and not text:
            raise UsageError("There is no text.", "Say in a sentence what it is.")
        fields["text"] = text
        if wanted.act is SessionAct.STUCK:
            fields["gap_id"] = self._stuck(tour, at, text, wanted)
        elif wanted.act is SessionAct.ASKED:
            fields |= self._answered(wanted.asked_id)
        elif wanted.act is SessionAct.CHECKED:
            fields |= _checked(at, wanted)
        self._keep(row.id, wanted.act, at.key, fields)
        return self.show(SessionName(row.id))

    def all(self) -> SessionList:
        """Return all sessions, the last walked first, without their events."""
        found = [self._whole(row) for row in self._walks.sessions()]
        found.sort(key=lambda each: (-each[0].last, each[0].id))
        return SessionList(tuple(replace(session, events=()) for session, _ in found))

    def delete(self, wanted: SessionName) -> Nothing:
        """Put a session away. Raises NotFoundError."""
        self._walks.hide(SESSION, wanted.id, int(time.time()))
        return Nothing()

    def restore(self, wanted: SessionName) -> Nothing:
        """Take back `delete`. Raises NotFoundError."""
        self._walks.show_again(SESSION, wanted.id)
        return Nothing()

    def report(self, wanted: ReportWanted) -> Report:
        """Return what a mentor reads of a session. Raises NotFoundError."""
        page = self.show(SessionName(wanted.id))
        write = as_html if wanted.form is ReportForm.HTML else as_markdown
        return Report(f"session-{page.session.id}", write(page))

    def overview(self) -> Overview:
        """Return a mentor's view over all sessions."""
        walked = [self._whole(row) for row in self._walks.sessions()]
        gaps = {
            gap_id: gap
            for gap_id in {each.gap_id for session, _ in walked for each in session.events if each.gap_id}
            if (gap := self._gap(gap_id)) is not None
        }
        return overview_of(walked, gaps)

    # ------------------------------------------------------------------------ private

    def _row(self, session_id: str) -> SessionRow:
        if session_id:
            return self._walks.session(session_id)
        found = self.all().sessions
        if not found:
            raise NotFoundError("There is no session yet.", "`lorebase session start` begins one.")
        return self._walks.session(found[0].id)

    def _whole(self, row: SessionRow) -> tuple[Session, Tour]:
        """Return a session with its tour as it was written: nothing is compared with code."""
        tour = self._tours.kept(TourName(row.tour_id))
        return self._session(row, tour), tour

    def _tour_of(self, row: SessionRow) -> tuple[Tour, tuple[str, ...]]:
        """Return the newest version of a session's tour, and what changed since it was begun.

        A tour that was put away is walked on as it is kept.
        """
        tour = self._tours.show(TourName(row.tour_id))
        notices = list(tour.notices)
        if tour.version != row.tour_version:
            first = self._tours.kept(TourName(row.tour_id, row.tour_version))
            before, now = {each.key for each in first.steps}, {each.key for each in tour.steps}
            told = []
            if now - before:
                told.append(f"{len(now - before)} steps are new")
            if before - now:
                told.append(f"{len(before - now)} were taken out; what you did there is kept")
            words = f": {', '.join(told)}." if told else "."
            who = f" by {tour.by}" if tour.by else ""
            notices.append(f"The tour was changed{who} since you began{words}")
        return tour, tuple(dict.fromkeys(notices))

    def _session(self, row: SessionRow, tour: Tour) -> Session:
        events = tuple(_event(each) for each in self._walks.events(row.id))
        done: dict[str, None] = {}
        opened = ""
        finished = 0
        keys = [each.key for each in tour.steps]
        for event in events:
            if event.act is SessionAct.DONE:
                done[event.step] = None
                opened = ""
                if not finished and keys and all(key in done for key in keys):
                    finished = event.at
            elif event.act is SessionAct.AGAIN:
                done.pop(event.step, None)
                opened, finished = event.step, 0
            elif event.act is SessionAct.OPENED:
                opened = event.step
        after = _next(keys, done, events)
        current = opened if opened in keys else after
        return Session(
            id=row.id,
            tour_id=row.tour_id,
            tour_version=tour.version,
            title=tour.title,
            name=row.name,
            email=row.email,
            begun=row.begun,
            last=max((each.at for each in events), default=row.begun),
            current=current,
            done=tuple(key for key in done if key in keys),
            steps=len(keys),
            events=events,
            finished=finished,
        )

    def _at(self, tour: Tour, wanted: str) -> TourStep:
        if wanted.isdigit() and 1 <= int(wanted) <= len(tour.steps):
            return tour.steps[int(wanted) - 1]
        found = [each for each in tour.steps if each.key == wanted]
        if not found:
            raise NotFoundError(
                f"The tour has no step {wanted!r}.", f"Give a number from 1 to {len(tour.steps)}."
            )
        return found[0]

    def _keep(self, session_id: str, act: SessionAct, step: str, fields: dict[str, object]) -> None:
        kept = {key: value for key, value in fields.items() if value not in ("", None)}
        self._walks.happened(EventRow("", session_id, int(time.time()), act.value, step, json.dumps(kept)))

    def _stuck(self, tour: Tour, step: TourStep, text: str, wanted: SessionStep) -> str:
        """Keep what is unclear as a gap, with the step's code and who may know."""
        now = int(time.time())
        paths = tuple(dict.fromkeys(each.anchor.path for each in step.reading if each.anchor.path))[:5]
        missing = f"Somebody was stuck here: step “{step.title}” of the tour “{tour.title}”."
        gap = Gap("", text, Category.ARCHITECTURE, missing, 1, now, now, None, self._may_know(step), paths)
        asked = AskedQuestion(text, now, VerdictStatus.MISSING, Category.ARCHITECTURE, tour.commit_id, None)
        kept = self._desk.notes.record(asked, gap, wanted.by)
        return "" if kept is None else kept.id

    def _answered(self, asked_id: str) -> dict[str, object]:
        """Return what a session keeps of an answer: its label, its first sentences with their places."""
        if not asked_id:
            return {}
        answer = self._desk.pages.asked.kept(AskedName(asked_id)).answer
        said = []
        for each in [one for one in answer.statements if one.section is not Section.MISSING][:ANSWER_LINES]:
            places = [
                f"{one.path}:{one.start_line}" if one.path else (one.commit_id or "")[:9]
                for one in each.citations[:2]
            ]
            said.append(f"{each.text} [{', '.join(place for place in places if place)}]")
        if answer.verdict.status is not VerdictStatus.GROUNDED:
            said.append(answer.verdict.reason)
        return {
            "answer": "\n".join(said),
            "status": answer.verdict.status.value,
            "gap_id": answer.gap_id or "",
            "asked_id": asked_id,
        }

    def _gap(self, gap_id: str) -> Gap | None:
        try:
            return self._desk.people.gap(gap_id)
        except NotFoundError:
            return None

    def _may_know(self, step: TourStep | None) -> tuple[Contact, ...]:
        if step is None:
            return ()
        for reading in step.reading[:2]:
            anchor = reading.anchor
            if anchor.path is None:
                continue
            about = (
                f"{anchor.path}:{anchor.start_line}-{anchor.end_line}" if anchor.start_line else anchor.path
            )
            try:
                found = self._desk.who.knows(WhoWanted(about, 3))
            except LorebaseError:
                continue
            if found.people:
                return tuple(each.contact for each in found.people)
        return ()


def _next(keys: Sequence[str], done: dict[str, None], events: Sequence[SessionEvent]) -> str:
    """Return the step after the last one that was done, else the first that is left."""
    last = next((each.step for each in reversed(events) if each.act is SessionAct.DONE), "")
    start = keys.index(last) + 1 if last in keys else 0
    return next((key for key in (*keys[start:], *keys[:start]) if key not in done), "")


def _checked(step: TourStep, wanted: SessionStep) -> dict[str, object]:
    check = step.check
    if check is None:
        raise UsageError("This step has no question.", "Go on with `lorebase session next`.")
    if not check.choices:
        return {"right": wanted.right}
    if not 0 <= wanted.chosen < len(check.choices):
        raise UsageError(
            f"The question has {len(check.choices)} choices.",
            f"Give a number from 1 to {len(check.choices)}.",
        )
    return {"chosen": wanted.chosen, "right": wanted.chosen == check.right}


def _event(row: EventRow) -> SessionEvent:
    fields = json.loads(row.body)
    status = fields.get("status")
    return SessionEvent(
        act=SessionAct(row.act),
        at=row.at,
        step=row.step,
        text=fields.get("text", ""),
        answer=fields.get("answer", ""),
        status=None if status is None else VerdictStatus(status),
        gap_id=fields.get("gap_id", ""),
        asked_id=fields.get("asked_id", ""),
        chosen=fields.get("chosen", -1),
        right=fields.get("right"),
        title=fields.get("title", ""),
    )
