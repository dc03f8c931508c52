"""The onboarding view: choose a tour, walk it beside its code, be stuck, check oneself, and mentor."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from desktop.engine import Link
from desktop.places import AskPlace, KnowledgePlace, OnboardingPlace
from desktop.saving import ReportSaver
from desktop.step_page import arrange_step
from desktop.theme import Theme
from desktop.tokens import DARK
from desktop.views.onboarding import OnboardingView
from desktop.widgets.rows import LinkRow
from desktop.widgets.stuckcard import Writing
from indexer.protocol import GAPS, GapFilter
from indexer.shapes.onboarding import (
    SESSION_SHOW,
    SESSION_START,
    TOUR_NEW,
    SessionName,
    SessionPage,
    SessionStart,
    StepKind,
    Tour,
    TourRole,
    TourWanted,
)
from indexer.types import Person, Section
from tests.desktop.conftest import Desk, _init, ask, rest, shown, until, wear
from tests.guide.tours.conftest import build_till

EVE = Person("Eve", "eve@example.com")


@pytest.fixture(scope="module")
def link(
    shared_desk: Desk, tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> Link:
    """An engine of this module's own."""
    return shared_desk.indexed(build_till(_init(tmp_path_factory.mktemp("walks") / "till", git_environment)))


@pytest.fixture(scope="module")
def tour(link: Link) -> Tour:
    """A tour of it."""
    return ask(link, TOUR_NEW, TourWanted(by=EVE))


@pytest.fixture
def session(link: Link, tour: Tour) -> SessionPage:
    """A fresh session."""
    return ask(link, SESSION_START, SessionStart(tour.id, EVE))


def visited(view: OnboardingView) -> list[object]:
    """Follow the view as the window does, and return where it went."""
    been: list[object] = []

    def go(place: object) -> None:
        been.append(place)
        view.show_place(place)

    view.opened.connect(go)
    return been


@pytest.fixture
def view(theme: Theme, link: Link, session: SessionPage) -> OnboardingView:
    """The view on the session."""
    made = OnboardingView(theme)
    made.set_link(link)
    made.set_person(EVE)
    shown(made, 1500, 900)
    made.show_place(OnboardingPlace(session.session.id))
    until(lambda: made.walk.body is not None)
    return made


def test_the_route_stands_beside_the_step_and_its_code(view: OnboardingView, tour: Tour) -> None:
    rows = view.walk.route.rows()
    assert [row.key for row in rows] == [step.key for step in tour.steps]
    assert view.walk.shown_key == tour.steps[0].key
    reading = tour.steps[0].reading[0].anchor
    until(view.walk.evidence.code.toPlainText)
    assert view.walk.evidence.head.title() == (reading.path or "").rpartition("/")[2]


def test_next_ticks_the_step_off_and_shows_the_following_one(
    view: OnboardingView, tour: Tour, link: Link, session: SessionPage
) -> None:
    been = visited(view)
    view.walk.next.click()
    until(lambda: view.walk.shown_key == tour.steps[1].key)
    assert been[-1] == OnboardingPlace(session.session.id, tour.steps[1].key)
    assert view.walk.route.rows()[0].done
    view.walk.back.click()
    until(lambda: view.walk.shown_key == tour.steps[0].key)
    assert view.walk.undo.isVisible()
    view.walk.undo.click()
    until(lambda: not view.walk.route.rows()[0].done)
    assert ask(link, SESSION_SHOW, SessionName(session.session.id)).session.done == ()


def test_the_answer_of_a_self_check_is_hidden_until_it_is_answered(view: OnboardingView, tour: Tour) -> None:
    step = next(each for each in tour.steps if each.check is not None and each.check.choices)
    assert step.check is not None
    visited(view)
    view._on_step_picked(step.key)
    until(lambda: view.walk.shown_key == step.key)
    body = view.walk.body
    assert body is not None
    assert body.check is not None
    assert body.check.text is None
    page = arrange_step(step, "", "", "%s")
    assert len(page.whole.sources) >= len(page.page.sources)
    body.check.choices[step.check.right].click()
    until(lambda: body.check is not None and body.check.text is not None)
    assert "right" in body.check.choices[step.check.right].accessibleName()
    until(lambda: "1 right the first time" in " ".join(_texts(view.walk.strip)))


def test_being_stuck_is_kept_as_a_gap(view: OnboardingView, link: Link) -> None:
    been = visited(view)
    view.walk.stuck.click()
    body = view.walk.body
    assert body is not None
    assert body.card is not None
    assert not body.card.keep.isEnabled()
    QTest.keyClicks(body.card.field, "Why is the store a file?")
    QTest.keyClick(body.card.field, Qt.Key.Key_Return)
    until(lambda: view.walk.route.rows()[0].stuck)
    until(lambda: body.card is None)
    gaps = ask(link, GAPS, GapFilter()).gaps
    assert "Why is the store a file?" in [gap.question for gap in gaps]
    row = next(row for row in _rows(view.walk.strip) if row.text() == "Why is the store a file?")
    row.click()
    assert isinstance(been[-1], KnowledgePlace)


def test_a_question_on_the_way_is_answered_and_kept(
    view: OnboardingView, link: Link, session: SessionPage
) -> None:
    been: list[object] = []
    view.opened.connect(been.append)
    view.walk.write(Writing.ASK)
    body = view.walk.body
    assert body is not None
    assert body.card is not None
    body.card.field.setText("How is an order placed?")
    body.card.keep.click()
    until(lambda: any(isinstance(place, AskPlace) and place.asked_id for place in been))
    until(lambda: len(ask(link, SESSION_SHOW, SessionName(session.session.id)).session.events) == 2)


def test_escape_leaves_what_is_written(view: OnboardingView) -> None:
    view.walk.write(Writing.NOTE)
    body = view.walk.body
    assert body is not None
    assert body.card is not None
    QTest.keyClick(body.card.field, Qt.Key.Key_Escape)
    until(lambda: body.card is None)
    assert not view.walk.note.isChecked()


def test_a_chip_brings_its_source_and_f6_goes_between_the_panes(view: OnboardingView) -> None:
    view.resize(700, 600)
    rest()
    assert not view.walk.evidence.isVisible()
    body = view.walk.body
    assert body is not None
    body.chipPicked.emit(1)
    until(view.walk.evidence.isVisible)
    assert view.walk.evidence.selected() == 1
    view.walk.leave_pane()
    assert not view.walk.evidence.isVisible()
    view.walk.focus_first()
    QTest.keyClick(view, Qt.Key.Key_F6)
    assert view.walk.evidence.isVisible()


def test_a_tour_is_made_and_begun(theme: Theme, link: Link) -> None:
    made = OnboardingView(theme)
    made.set_link(link)
    made.set_person(EVE)
    shown(made)
    been = visited(made)
    made.show_place(OnboardingPlace())
    until(lambda: made._stack.currentWidget() is made.sheet)
    made.sheet.area.setText("till")
    made.sheet.role.show_value(TourRole.QA)
    made.sheet.make.click()
    until(lambda: been and isinstance(been[-1], OnboardingPlace) and been[-1].session_id)
    until(lambda: made.walk.body is not None)
    assert made.walk.route.rows()


def test_the_walk_is_made_when_a_session_is_asked_for_with_the_widths_that_were_kept(
    theme: Theme, link: Link, session: SessionPage, view: OnboardingView
) -> None:
    view.walk._split.setSizes([210, 700, 500])
    widths = view.splitter_state()
    made = OnboardingView(theme)
    made.set_link(link)
    made.restore_splitter(widths)
    shown(made, 1500, 900)
    made.show_place(OnboardingPlace())
    until(lambda: made._stack.currentWidget() is made.sheet)
    for each in made.commands():
        assert each.name
    made.refresh()
    assert not made.next_pane()
    assert made._walk is None
    assert made.splitter_state() == widths
    made.show_place(OnboardingPlace(session.session.id))
    assert made._walk is None, "it is made in a turn of its own, while the engine reads"
    until(lambda: made.walk.body is not None)
    assert made.walk._split.sizes() == view.walk._split.sizes()


def test_a_place_that_there_is_not_is_said_to_be_none(theme: Theme, link: Link) -> None:
    made = OnboardingView(theme)
    made.set_link(link)
    shown(made)
    made.show_place(OnboardingPlace())
    until(lambda: made._stack.currentWidget() is made.sheet)
    made.make_tour("no/such/folder", TourRole.ANY)
    until(lambda: "no/such/folder" in made.sheet._told.text())
    assert made.sheet.make.isVisible()


def test_the_mentor_sees_who_is_stuck_where(view: OnboardingView, link: Link) -> None:
    visited(view)
    view.show_mentor()
    until(lambda: view._stack.currentWidget() is view.mentor)
    names = [each.accessibleName() for each in view.mentor.findChildren(QWidget)]
    assert any("What till is for" in name and "done" in name for name in names)


def test_what_is_exported_stands_in_a_file(qapp: object, tmp_path: Path, view: OnboardingView) -> None:
    told: list[str] = []
    saver = ReportSaver(view)
    saver.noticed.connect(told.append)
    saver.write(str(tmp_path / "a.md"), "md", "# Eve\n")
    assert (tmp_path / "a.md").read_text() == "# Eve\n"
    saver.write(str(tmp_path / "no" / "a.html"), "html", "x")
    assert "could not be written" in told[-1]
    saver.write(str(tmp_path / "a.pdf"), "pdf", "# Eve\n\nRead three steps.\n")
    until(lambda: (tmp_path / "a.pdf").exists() and len(told) == 3)
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


def test_a_view_made_anew_in_the_dark_shows_the_same_step(
    view: OnboardingView, link: Link, tour: Tour, theme: Theme
) -> None:
    visited(view)
    view._on_step_picked(tour.steps[2].key)
    until(lambda: view.walk.shown_key == tour.steps[2].key)
    kept = view.keep()
    dark = Theme(DARK)
    wear(dark)
    again = OnboardingView(dark)
    again.set_link(link)
    again.recall(kept)
    again.show_place(view._place)
    shown(again)
    assert again.walk.shown_key == tour.steps[2].key
    wear(theme)


def test_everything_has_a_name(view: OnboardingView) -> None:
    for each in view.findChildren(type(view.walk.note)):
        assert each.accessibleName() or each.text(), each


def test_a_walk_is_drawn_and_what_is_missing_comes_last(tour: Tour) -> None:
    flow = next(step for step in tour.steps if step.kind is StepKind.FLOW)
    page = arrange_step(flow, "changed", "gone", "by %s")
    assert page.sections[0][0] is Section.WHAT
    assert any(each.statement.step is not None for each in page.sections[0][1])
    assert page.matters is not None
    numbers = [number for _, told in page.sections for each in told for number in each.numbers]
    assert max(numbers) <= len(page.page.sources) <= len(page.whole.sources)


def _texts(widget: QWidget) -> list[str]:
    return [each.text() for each in widget.findChildren(QLabel)]


def _rows(widget: QWidget) -> list[LinkRow]:
    return widget.findChildren(LinkRow)
