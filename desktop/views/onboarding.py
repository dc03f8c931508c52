"""Onboarding: choose a tour, walk it step by step beside its code, and see as a mentor where people stop."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QByteArray, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.asking import Asking
from desktop.commands import Command
from desktop.engine import Link
from desktop.places import AskPlace, OnboardingPlace
from desktop.saving import ReportSaver
from desktop.theme import Theme
from desktop.turns import in_a_turn
from desktop.views.walk import Walk
from desktop.widgets.mentorpage import MentorPage
from desktop.widgets.states import StatePage
from desktop.widgets.stuckcard import Writing
from desktop.widgets.toursheet import TourSheet
from indexer.errors import LorebaseError
from indexer.method import Nothing
from indexer.protocol import ASK, Event, Question
from indexer.shapes.modules import MODULES, ModulesWanted, ModuleTree
from indexer.shapes.onboarding import (
    SESSION_LIST,
    SESSION_OVERVIEW,
    SESSION_REPORT,
    SESSION_SHOW,
    SESSION_START,
    SESSION_STEP,
    TOUR_LIST,
    TOUR_NEW,
    Overview,
    Report,
    ReportForm,
    ReportWanted,
    SessionAct,
    SessionList,
    SessionName,
    SessionPage,
    SessionStart,
    SessionStep,
    Tour,
    TourList,
    TourRole,
    TourWanted,
)
from indexer.types import Answer, Person


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a new view of the same content needs to look like this one."""

    place: OnboardingPlace
    page: SessionPage | None
    sessions: SessionList | None
    tours: TourList | None
    overview: Overview | None
    area: str


class OnboardingView(QWidget):
    """The sheet to choose from, the walk, or the mentor's page: one at a time."""

    opened = Signal(object)
    noticed = Signal(str)
    editorWanted = Signal(str, int)
    placeChanged = Signal(object)
    answered = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._link: Link | None = None
        self._person = Person()
        self._place = OnboardingPlace()
        self._page: SessionPage | None = None
        self._sessions: SessionList | None = None
        self._tours: TourList | None = None
        self._overview: Overview | None = None
        self._making = 0
        self._walk: Walk | None = None
        self._panes = b""
        self._asking = Asking(self)
        self._saver = ReportSaver(self)
        self._saver.noticed.connect(self.noticed)
        self.setAccessibleName(self.tr("Onboarding"))
        self._stack = QStackedWidget(self)
        self.sheet = TourSheet(theme, self._stack)
        self.mentor = MentorPage(theme, self._stack)
        self.state = StatePage(theme)
        for each in (self.state, self.sheet, self.mentor):
            self._stack.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        # Which panes are shown follows from the width, so the panes must not decide on the width.
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        column.addWidget(self._stack)
        self._connect()
        self._show_state(self.tr("No repository is open"))

    # ------------------------------------------------------------------------ the window's side

    def set_link(self, new: Link | None) -> None:
        """Speak of another repository."""
        self._asking.set_link(new)
        self._link = new
        self._page = self._sessions = self._tours = self._overview = None
        self._place = OnboardingPlace()
        self._making = 0
        self.sheet.show_work("")
        if self._walk is not None:
            self._walk.set_link(new)
        if new is None:
            self._show_state(self.tr("No repository is open"))

    def set_person(self, person: Person) -> None:
        """Know who walks here."""
        self._person = person

    def show_place(self, place: object) -> None:
        """Show the sheet, a step of a session, or the mentor's page."""
        if not isinstance(place, OnboardingPlace):
            return
        self._place = place
        if place.mentor:
            self._ask_overview()
        elif place.session_id:
            self._show_session()
        else:
            self._show_sheet()

    def refresh(self) -> None:
        """Ask again: the index has changed."""
        if self._walk is not None:
            self._walk.forget()
        if self._link is not None:
            self.show_place(self._place)

    def seen(self) -> None:
        """Be brought to front."""
        if self._page is None and self._link is not None and not self._place.session_id:
            self._ask_lists()

    def keep(self) -> object:
        """Return what a new view of the same content needs to look like this one."""
        return _Kept(
            self._place, self._page, self._sessions, self._tours, self._overview, self.sheet.area.text()
        )

    def recall(self, kept: object) -> None:
        """Take what ``keep`` returned."""
        if not isinstance(kept, _Kept):
            return
        self._place, self._page, self._overview = kept.place, kept.page, kept.overview
        self._sessions, self._tours = kept.sessions, kept.tours
        self.sheet.area.setText(kept.area)

    def focus_first(self) -> None:
        """Put the keyboard where one begins."""
        shown = self._stack.currentWidget()
        if self._is_walking():
            self.walk.focus_first()
        elif shown is self.sheet:
            self.sheet.focus_first()
        elif shown is not None:
            shown.setFocus(Qt.FocusReason.OtherFocusReason)

    def title(self) -> str:
        """Return what the window calls this page."""
        return self._page.tour.title if self._page is not None else self.tr("Onboarding")

    def splitter_state(self) -> bytes:
        """Return the widths of the panes, for the window's settings."""
        return self._panes if self._walk is None else self._walk.splitter_state()

    def restore_splitter(self, state: bytes) -> None:
        """Take the widths of the panes back."""
        self._panes = state
        if self._walk is not None:
            self._walk.restore_splitter(QByteArray(state))

    def commands(self) -> tuple[Command, ...]:
        """Return what can be done here."""
        group = self.tr("Onboarding")
        walking = self._is_walking
        return (
            Command(self.tr("Next step"), "Ctrl+Return", self.go_on, group, walking),
            Command(self.tr("I am stuck here"), "", partial(self._write, Writing.STUCK), group, walking),
            Command(self.tr("Ask about this step"), "", partial(self._write, Writing.ASK), group, walking),
            Command(self.tr("Note on this step"), "", partial(self._write, Writing.NOTE), group, walking),
            Command(self.tr("Next source"), "F8", partial(self._step_source, 1), group, walking),
            Command(self.tr("Previous source"), "Shift+F8", partial(self._step_source, -1), group, walking),
            Command(self.tr("All tours and sessions"), "", self.show_all, group),
            Command(self.tr("Where people get stuck"), "", self.show_mentor, group),
        )

    def minimumSizeHint(self) -> QSize:
        """Return the least size at which one pane can be used."""
        return QSize(self._theme.px(360), self._theme.px(240))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the walk arrange its panes."""
        super().resizeEvent(event)
        if self._walk is not None:
            self._walk.arrange(self.width())

    def next_pane(self) -> bool:
        """Go on to the next pane of a walk; False when there is none."""
        return self._is_walking() and self.walk.next_pane()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F6 goes between the panes, Escape back."""
        if event.key() == Qt.Key.Key_F6 and self._is_walking():
            if not self.next_pane():
                self.walk.focus_first()
        elif event.key() == Qt.Key.Key_Escape and self._is_walking():
            self.walk.leave_pane()
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------------------ what can be done

    def show_all(self) -> None:
        """Go to the sheet."""
        self.opened.emit(OnboardingPlace())

    def show_mentor(self) -> None:
        """Go to the mentor's page."""
        self.opened.emit(OnboardingPlace(mentor=True))

    def make_tour(self, area: str, role: TourRole) -> None:
        """Have a tour derived, and begin to walk it."""
        if self._making or self._link is None:
            return
        self.sheet.show_work(self.tr("Reading the code, its documents and its history"))
        wanted = TourWanted(area, role, self._person)
        self._making = self._asking.ask(TOUR_NEW, wanted, self._on_made, self._on_not_made, self._on_event)

    def begin(self, tour_id: str) -> None:
        """Begin to walk a tour."""
        self._asking.ask(
            SESSION_START, SessionStart(tour_id, self._person), self._on_started, self._on_refused
        )
        in_a_turn(self, self._prepare_walk)

    def go_on(self) -> None:
        """Tick the step that is shown off, and go to the next."""
        self._do(SessionAct.DONE, follow=True)

    def export(self, ending: str) -> None:
        """Write the session for the mentor: md, html or pdf."""
        if self._page is None:
            return
        form = ReportForm.HTML if ending == "html" else ReportForm.MARKDOWN
        wanted = ReportWanted(self._page.session.id, form)
        self._asking.ask(SESSION_REPORT, wanted, partial(self._on_report, ending), self._on_refused)

    # ------------------------------------------------------------------------ private

    def _connect(self) -> None:
        sheet = self.sheet
        sheet.sessionWanted.connect(self._on_session_wanted)
        sheet.tourWanted.connect(self.begin)
        sheet.newWanted.connect(self.make_tour)
        sheet.stopWanted.connect(self._on_stop)
        sheet.mentorWanted.connect(self.show_mentor)
        self.mentor.sessionWanted.connect(self._on_session_wanted)
        self.mentor.opened.connect(self.opened)
        self.mentor.left.connect(self.show_all)
        self.state.stepWanted.connect(self.refresh)

    @property
    def walk(self) -> Walk:
        """The walk; it is made when a session is asked for: most who look here begin with the sheet."""
        if self._walk is None:
            walk = self._walk = Walk(self._theme, self._stack)
            self._stack.addWidget(walk)
            walk.set_link(self._link)
            if self._panes:
                walk.restore_splitter(QByteArray(self._panes))
            walk.stepPicked.connect(self._on_step_picked)
            walk.nextWanted.connect(self.go_on)
            walk.undoneWanted.connect(partial(self._do, SessionAct.AGAIN))
            walk.written.connect(self._on_written)
            walk.chosen.connect(self._on_chosen)
            walk.judged.connect(self._on_judged)
            walk.exportWanted.connect(self.export)
            walk.allWanted.connect(self.show_all)
            walk.opened.connect(self.opened)
            walk.noticed.connect(self.noticed)
            walk.editorWanted.connect(self.editorWanted)
        return self._walk

    def _prepare_walk(self) -> None:
        """Make the walk while the engine reads a session, in a turn of its own."""
        self.walk.arrange(self.width())

    def _is_walking(self) -> bool:
        return self._walk is not None and self._stack.currentWidget() is self._walk

    def _write(self, writing: Writing) -> None:
        self.walk.write(writing)

    def _step_source(self, by: int) -> None:
        self.walk.evidence.step(by)

    def _show_state(self, title: str, text: str = "", step: str = "") -> None:
        self.state.say(title, text, step)
        self._stack.setCurrentWidget(self.state)

    def _show_sheet(self) -> None:
        if self._sessions is not None and self._tours is not None:
            self._show_lists()
        elif self._link is not None:
            self._show_state(self.tr("Reading tours and sessions"))
        self._ask_lists()

    def _ask_lists(self) -> None:
        self._asking.ask(SESSION_LIST, Nothing(), self._on_sessions, self._on_failed)
        self._asking.ask(TOUR_LIST, Nothing(), self._on_tours, self._on_failed)
        self._asking.ask(MODULES, ModulesWanted(), self._on_modules)

    def _show_lists(self) -> None:
        if self._sessions is None or self._tours is None:
            return
        problems = [f"{each.path}: {each.reason}" for each in self._tours.problems]
        self.sheet.show_lists(self._sessions.sessions, self._tours.tours, problems)
        if not self._place.session_id and not self._place.mentor:
            self._stack.setCurrentWidget(self.sheet)

    def _on_sessions(self, found: SessionList) -> None:
        self._sessions = found
        self._show_lists()

    def _on_tours(self, found: TourList) -> None:
        self._tours = found
        self._show_lists()

    def _on_modules(self, found: ModuleTree) -> None:
        self.sheet.show_folders([row.path for row in found.rows if row.path])

    def _on_made(self, tour: Tour) -> None:
        self._making = 0
        self.sheet.show_work("")
        for notice in tour.notices[:1]:
            self.noticed.emit(notice)
        self.begin(tour.id)

    def _on_not_made(self, error: LorebaseError) -> None:
        self._making = 0
        self.sheet.show_problem(f"{error.message} {error.hint}".strip())

    def _on_event(self, event: Event) -> None:
        progress = event.progress
        if progress is not None and progress.total:
            counts = {"done": progress.done, "all": progress.total, "what": progress.current}
            self.sheet.show_work(self.tr("%(done)d of %(all)d: %(what)s") % counts)

    def _on_stop(self) -> None:
        self._asking.cancel(self._making)
        self._making = 0
        self.sheet.show_work("")

    def _on_started(self, page: SessionPage) -> None:
        self._page = page
        self._sessions = None
        self.opened.emit(OnboardingPlace(page.session.id))

    def _on_session_wanted(self, session_id: str) -> None:
        self.opened.emit(OnboardingPlace(session_id))

    def _show_session(self) -> None:
        known = self._page
        if known is not None and known.session.id == self._place.session_id:
            self._show_walk(known)
        else:
            self._show_state(self.tr("Reading the session"))
            in_a_turn(self, self._prepare_walk)
        wanted = SessionName(self._place.session_id)
        self._asking.ask(SESSION_SHOW, wanted, self._on_session, self._on_failed)

    def _on_session(self, page: SessionPage) -> None:
        if page.session.id == self._place.session_id:
            self._show_walk(page)

    def _show_walk(self, page: SessionPage) -> None:
        self._page = page
        self._stack.setCurrentWidget(self.walk)
        self.walk.arrange(self.width())
        self.walk.show_session(page, self._place.step)

    def _on_step_picked(self, key: str) -> None:
        if self._page is not None:
            self.opened.emit(OnboardingPlace(self._page.session.id, key))

    def _do(self, act: SessionAct, *, follow: bool = False, fields: SessionStep | None = None) -> None:
        if self._page is None:
            return
        given = fields or SessionStep("", act)
        wanted = replace(given, id=self._page.session.id, act=act, step=self.walk.shown_key, by=self._person)
        self._asking.ask(SESSION_STEP, wanted, partial(self._on_stepped, act, follow), self._on_not_kept)

    def _on_stepped(self, act: SessionAct, follow: bool, page: SessionPage) -> None:
        self._sessions = None
        if follow and page.session.current:
            self._page = page
            self.opened.emit(OnboardingPlace(page.session.id, page.session.current))
            return
        self._show_walk(page)
        if act in (SessionAct.STUCK, SessionAct.NOTED, SessionAct.ASKED):
            self.walk.written_down()
        if act is SessionAct.STUCK:
            self.noticed.emit(self.tr("Kept as a gap: Knowledge has it until somebody answers."))
            self.answered.emit(None)
        if follow:
            self.noticed.emit(self.tr("All steps are done. Export the session for your mentor."))

    def _on_written(self, writing: Writing, text: str) -> None:
        if writing is Writing.ASK:
            question = Question(text, by=self._person)
            self._asking.ask(ASK, question, self._on_answered, self._on_not_kept)
            return
        act = SessionAct.STUCK if writing is Writing.STUCK else SessionAct.NOTED
        self._do(act, fields=SessionStep("", act, text=text))

    def _on_answered(self, answer: Answer) -> None:
        """Keep the question with the session, and show its answer where answers are shown."""
        asked = SessionStep("", SessionAct.ASKED, text=answer.question, asked_id=answer.kept_id)
        self._do(SessionAct.ASKED, fields=asked)
        self.answered.emit(answer)
        self.opened.emit(AskPlace(answer.question, answer.kept_id))

    def _on_chosen(self, choice: int) -> None:
        self._do(SessionAct.CHECKED, fields=SessionStep("", SessionAct.CHECKED, chosen=choice))

    def _on_judged(self, right: bool) -> None:
        self._do(SessionAct.CHECKED, fields=SessionStep("", SessionAct.CHECKED, right=right))

    def _ask_overview(self) -> None:
        if self._overview is not None:
            self._show_overview(self._overview)
        else:
            self._show_state(self.tr("Reading the sessions"))
        self._asking.ask(SESSION_OVERVIEW, Nothing(), self._show_overview, self._on_failed)

    def _show_overview(self, found: Overview) -> None:
        self._overview = found
        self.mentor.show_overview(found)
        if self._place.mentor:
            self._stack.setCurrentWidget(self.mentor)

    def _on_report(self, ending: str, report: Report) -> None:
        self._saver.save(report.name, ending, report.text)

    def _on_failed(self, error: LorebaseError) -> None:
        self._show_state(
            self.tr("Tours and sessions could not be read"),
            f"{error.message} {error.hint}".strip(),
            self.tr("Try again"),
        )

    def _on_refused(self, error: LorebaseError) -> None:
        self.noticed.emit(f"{error.message} {error.hint}".strip())

    def _on_not_kept(self, error: LorebaseError) -> None:
        if self._walk is not None:
            self._walk.try_again()
        self._on_refused(error)
