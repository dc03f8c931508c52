"""A person asks, checks, and writes down what was missing: on a real window and a real engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QStackedWidget,
    QWidget,
)

from desktop import tokens
from desktop.answer_text import BADGES, as_markdown, as_text
from desktop.engine import Link
from desktop.places import AskPlace, CommitPlace, SourcePlace
from desktop.theme import Theme
from desktop.tokens import DARK, LIGHT
from desktop.views.ask import AskView
from desktop.widgets.answer import AnswerBody
from desktop.widgets.askstates import Banner, EmptyBody, ErrorBody, LoadingBody
from desktop.widgets.badge import Badge
from desktop.widgets.gapcard import GapCard, KeptNote, contact_words
from desktop.widgets.noteeditor import NoteEditor
from desktop.widgets.sections import SectionLabel
from desktop.widgets.statements import StatementText
from indexer.pages import AskedList, AskedWanted
from indexer.protocol import ASKED, INDEX, SEARCH, IndexRequest
from indexer.types import NoteDraft, Query, Section
from tests.conftest import SmallRepository
from tests.desktop.conftest import Desk, ask, rest, shown, until, wear

WHY = "Why does a worker reserve 4 tasks per process?"
GAP = "Why is a stored result deleted after 86400 seconds?"
UNKNOWN = "What does PREFETCH_MULTIPLER do?"


def open_view(link: Link | None, theme: Theme, width: int = 1368, height: int = 824) -> AskView:
    wear(theme)
    view = AskView(theme)
    view.opened.connect(lambda place: view.show_place(place) if isinstance(place, Follow) else None)
    view.set_link(link)
    shown(view, width, height)
    return view


Follow = AskPlace | SourcePlace | CommitPlace


def answered(view: AskView, question: str) -> AskView:
    view.show_place(AskPlace(question))
    until(lambda: view.shown is not None and view.shown.answer.question == question)
    until(lambda: all(body.whole for body in view.findChildren(AnswerBody)))
    rest(0.1)
    return view


def texts(widget: QWidget) -> list[str]:
    return [each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget)]


@pytest.fixture(autouse=True)
def no_drafts(shared_desk: Desk) -> Iterator[None]:
    """Leave no draft of one test to the next: they are kept in a file, as people want them to be."""
    yield
    kept = QSettings(str(shared_desk.data / "drafts.ini"), QSettings.Format.IniFormat)
    kept.clear()
    kept.sync()


@pytest.fixture
def view(story_link: Link, theme: Theme) -> AskView:
    return open_view(story_link, theme)


def test_an_answer_shows_its_verdict_its_counts_and_of_which_commit_it_speaks(
    view: AskView, story_repository: SmallRepository
) -> None:
    answered(view, WHY)
    badge = view.findChild(Badge)
    assert badge is not None
    answer, page = view.shown.answer, view.shown.page
    assert badge.word() == BADGES[answer.verdict.status]
    assert f"What: {page.count(Section.WHAT)} sources" in badge.accessibleName()
    # "Got a 3x performance gain" is a reason that nobody calls one: told apart from a recorded reason.
    assert f"Hint: {page.count(Section.WHY)}" in badge.accessibleName()
    assert {"Hint", "no plain reason is recorded"} <= set(texts(view))
    assert view._left.bar.state.text() == f"As of {story_repository.head[:9]}, HEAD has not moved"
    assert any("Extracted, no model" in each for each in texts(view))
    said = "\n".join(each.toPlainText() for each in view.findChildren(StatementText))
    assert "Got a 3x performance gain" in said
    assert "Ada Lovelace, 2023-11-14" in said
    assert [each for each in QApplication.topLevelWidgets() if each.isVisible()] == [view]


def test_a_chip_selects_its_row_and_its_lines_together(view: AskView) -> None:
    answered(view, WHY)
    view.findChildren(StatementText)[0].chipClicked.emit(1)
    source = view.shown.page.source(1)
    until(lambda: view.evidence.code.cited == (source.start_line, source.end_line))
    assert view.evidence.head.title() == Path(source.first.path).name
    assert view.evidence._list.currentIndex().row() == 0
    assert [each.selected for each in view.findChildren(StatementText)] == [1, 1]
    QTest.keyClick(view.findChildren(StatementText)[0], Qt.Key.Key_2)
    rest()
    assert view.evidence.selected() == 2
    assert view.findChildren(StatementText)[0].selected == 2


def test_F8_walks_the_citations_around_and_shows_a_commit_as_its_own_page(view: AskView) -> None:
    answered(view, WHY)
    count = len(view.shown.page.sources)
    kinds = []
    for _ in range(count):
        QTest.keyClick(view, Qt.Key.Key_F8)
        rest(0.05)
        kinds.append(view.evidence.selected())
    assert kinds == [*range(2, count + 1), 1]
    QTest.keyClick(view, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert view.evidence.selected() == count
    until(lambda: any("Reserve four tasks" in each for each in texts(view.evidence.paper)))
    assert any(row.title == "worker/settings.py" for row in _changed(view))


def _changed(view: AskView) -> list:
    from desktop.widgets.related import RelatedPanel

    return [row for panel in view.evidence.paper.findChildren(RelatedPanel) for row in panel.rows()]


def test_hovering_a_chip_shows_the_exact_lines_after_a_moment(view: AskView) -> None:
    answered(view, WHY)
    text = view.findChildren(StatementText)[0]
    text.chipHovered.emit(1)
    rest(0.1)
    assert not view._card.isVisible()
    until(view._card.isVisible, 2)
    quote = view.shown.page.source(1).first.quote
    assert [each.strip() for each in view._card.lines()] == [each.strip() for each in quote.split("\n")]
    text.chipHovered.emit(0)
    assert not view._card.isVisible()


def test_what_is_missing_is_written_down_in_place_and_found_when_asked_again(
    desk: Desk, own_story: SmallRepository, theme: Theme
) -> None:
    view = answered(open_view(desk.indexed(own_story), theme), GAP)
    card = view.findChild(GapCard)
    assert card is not None
    until(lambda: "Kept as a gap" in " ".join(texts(card)))
    assert "Ada Lovelace" in texts(card)
    QTest.mouseClick(card.write, Qt.MouseButton.LeftButton)
    editor = view.findChild(NoteEditor)
    assert editor is not None
    assert card.isHidden()
    assert editor.about.text() == "worker/settings.py:7-7"
    assert not editor.keep.isEnabled()
    saved: list[object] = []
    view.noteSaved.connect(saved.append)
    editor.author.setText("Ada Lovelace")
    editor.text.setPlainText(
        "A stored result is deleted after 86400 seconds because the audit of 2023 asked it."
    )
    QTest.keyClick(editor.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(lambda: view.findChild(KeptNote) is not None)
    assert saved
    assert not view.writing.has_draft()
    QTest.mouseClick(view.findChild(KeptNote).again, Qt.MouseButton.LeftButton)
    until(lambda: view.findChild(KeptNote) is None and view.findChildren(StatementText))
    assert "the audit of 2023" in " ".join(each.toPlainText() for each in view.findChildren(StatementText))
    number = next(each.number for each in view.shown.page.sources if each.first.note_id)
    view.show_citation(number)
    until(lambda: any("86400" in each.text() for each in view.evidence.paper.findChildren(QLabel)))


def test_what_was_typed_is_there_again_after_another_question(view: AskView) -> None:
    answered(view, GAP)
    view.write_it_down()
    view.writing.editor.text.setPlainText("Half a sent")
    answered(view, WHY)
    assert view.findChild(NoteEditor) is None
    answered(view, GAP)
    assert view.writing.editor.text.toPlainText() == "Half a sent"
    QTest.keyClick(view.writing.editor.text, Qt.Key.Key_Escape)
    assert view.findChild(GapCard).isVisible()
    assert view.writing.has_draft()


def test_what_was_typed_outlives_the_window(story_link: Link, theme: Theme) -> None:
    first = answered(open_view(story_link, theme), GAP)
    first.write_it_down()
    first.writing.editor.text.setPlainText("Three quarters of a sent")
    first.close()
    first.deleteLater()
    second = answered(open_view(story_link, theme), GAP)
    assert second.writing.editor.text.toPlainText() == "Three quarters of a sent"
    second.writing.editor.text.setPlainText("")
    second.writing.leave()
    assert not second.writing.has_draft()


def test_a_note_that_cannot_be_kept_says_why_and_keeps_the_text(view: AskView) -> None:
    answered(view, GAP)
    view.write_it_down()
    view.writing.editor.about.setText("no/such/file.py:3")
    view.writing.editor.text.setPlainText("Known by heart.")
    QTest.mouseClick(view.writing.editor.keep, Qt.MouseButton.LeftButton)
    until(view.writing.editor.problem.isVisible)
    assert "no/such/file.py" in view.writing.editor.problem.text()
    assert view.writing.editor.text.toPlainText() == "Known by heart."
    assert view.writing.editor.keep.isEnabled()


def test_an_unknown_name_shows_the_nearest_ones_and_offers_other_words(view: AskView) -> None:
    answered(view, UNKNOWN)
    assert view.findChild(Badge).word() == "Not found in this repository"
    assert "PREFETCH_MULTIPLIER" in view.findChild(StatementText).toPlainText()
    assert view.evidence._searched.isVisible()
    wanted: list[bool] = []
    view.askWanted.connect(lambda: wanted.append(True))
    again = next(
        each for each in view.findChildren(QAbstractButton) if each.accessibleName() == "Ask in other words"
    )
    QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    assert wanted


def test_what_was_searched_is_a_table_of_words_and_counts(view: AskView) -> None:
    answered(view, GAP)
    link = next(each for each in view.findChildren(QAbstractButton) if each.text() == "What was searched")
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    rest()
    said = texts(view.evidence._searched)
    assert {"Code", "Documents", "Commits", "commit messages"} <= set(said)
    assert any("other repositories" in each for each in said)


def test_an_answer_of_before_says_that_HEAD_moved_and_which_lines_changed_since(
    desk: Desk, own_story: SmallRepository, theme: Theme
) -> None:
    link = desk.indexed(own_story)
    view = answered(open_view(link, theme), WHY)
    asked = ask(link, ASKED, AskedWanted()).rows[0]
    settings = (own_story.path / "worker/settings.py").read_text()
    own_story.commit("Reserve two", {"worker/settings.py": "import os\n" + settings})
    ask(link, INDEX, IndexRequest())
    view.show_place(AskPlace(asked_id=asked.id))
    until(lambda: view.shown is not None and view.shown.asked)
    until(lambda: any("HEAD" in each.label.text() for each in view.findChildren(Banner)))
    number = next(each.number for each in view.shown.page.sources if each.first.path == "worker/settings.py")
    view.show_citation(number)
    until(lambda: view.findChildren(StatementText)[0].stale == {number})
    assert "changed since" in " ".join(texts(view.evidence.head))
    line = view.evidence.code.cited[0]
    assert "How many tasks" in view.evidence.code._page.lines[line - 1]
    banner = view.findChildren(Banner)[0]
    banner.pressed.emit()
    until(lambda: view.shown is not None and not view.shown.asked)
    assert "HEAD has not moved" in view._left.bar.state.text()


def test_questions_asked_before_can_be_filtered_and_opened_by_keyboard(view: AskView) -> None:
    answered(view, WHY)
    answered(view, GAP)
    view.show_threads()
    until(lambda: view._left.asked.count() >= 2)
    QTest.keyClicks(view._left.asked.field, "reserve")
    until(lambda: view._left.asked.count() == 1)
    # What was asked for a letter before comes late.
    view.answering.listed.emit("reserv", AskedList((), 0))
    assert view._left.asked.count() == 1
    QTest.keyClick(view._left.asked.field, Qt.Key.Key_Return)
    until(lambda: view.shown is not None and view.shown.answer.question == WHY)
    assert not view._left.list_shown


def test_nothing_asked_yet_offers_questions_made_from_this_repository(view: AskView) -> None:
    until(lambda: view._starters)
    body = view.findChild(EmptyBody)
    assert body is not None
    question = view._starters[0].question
    starter = next(each for each in body.findChildren(QAbstractButton) if question in each.accessibleName())
    QTest.mouseClick(starter, Qt.MouseButton.LeftButton)
    until(lambda: view.shown is not None and view.shown.answer.question == question)


def test_sources_come_before_an_answer_that_takes_long(story_link: Link, theme: Theme) -> None:
    body = LoadingBody(theme, WHY)
    shown(body, 700, 500)
    assert any("Searching" in each for each in texts(body))
    body.show_hits(ask(story_link, SEARCH, Query(WHY, limit=8)).hits)
    assert body.hits_shown() >= 3


def test_an_engine_that_cannot_start_leaves_the_question_and_a_next_step(
    desk: Desk, own_story: SmallRepository, theme: Theme
) -> None:
    (desk.data / "indexes").write_text("a file where a folder must be")
    view = open_view(desk.link(own_story), theme)
    view.show_place(AskPlace(WHY))
    until(lambda: view.findChild(ErrorBody) is not None)
    said = " ".join(texts(view))
    assert WHY in said
    assert "What was answered before can still be read." in said
    (desk.data / "indexes").unlink()
    again = next(each for each in view.findChildren(QAbstractButton) if each.text() == "Ask again")
    QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    until(lambda: view.shown is not None)


def test_copying_and_saving_carry_every_source(view: AskView) -> None:
    answered(view, WHY)
    saved: list[tuple[str, str]] = []
    view.saveWanted.connect(lambda name, text: saved.append((name, text)))
    QTest.keyClick(
        view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    QTest.keyClick(view, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().text()
    assert "[3] commit" in copied
    assert saved[0][0] == "why-does-a-worker-reserve-4-tasks-per-process.md"
    assert "docs/optimizing.md L5" in saved[0][1]


def test_back_to_an_answer_shows_it_without_asking(view: AskView, story_link: Link) -> None:
    answered(view, WHY)
    answered(view, GAP)
    before = ask(story_link, ASKED, AskedWanted()).total
    view.show_place(AskPlace(WHY))
    assert view.shown.answer.question == WHY
    assert ask(story_link, ASKED, AskedWanted()).total == before


@pytest.mark.parametrize(
    ("width", "height", "scale"), [(952, 564, 1.0), (952, 512, 1.6), (1368, 824, 1.6), (1368, 824, 0.8)]
)
def test_no_text_is_cut_at_any_size(story_link: Link, width: int, height: int, scale: float) -> None:
    view = open_view(story_link, Theme(DARK, scale), width, height)
    for question in (GAP, WHY, UNKNOWN):
        answered(view, question)
        assert view.width() == width
        rest(0.2)
        until(lambda: cut(view) == [], 10)
        view.toggle_evidence()
        rest()
        rest(0.2)
        until(lambda: cut(view) == [], 10)
        view.toggle_evidence()
        rest()


def test_U4_from_right_to_left_no_text_is_cut_and_the_way_to_the_lines_is_the_same(
    story_link: Link, theme: Theme, qapp: QApplication
) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        view = answered(open_view(story_link, theme, 1368, 824), WHY)
        until(lambda: cut(view) == [], 10)
        assert view._left.mapToGlobal(QPoint(0, 0)).x() > view.evidence.mapToGlobal(QPoint(0, 0)).x()
        text = view.findChildren(StatementText)[0]
        picked: list[int] = []
        text.chipClicked.connect(picked.append)
        where = text.viewport().mapFromGlobal(text.chip_rect(1).center())
        QTest.mouseClick(text.viewport(), Qt.MouseButton.LeftButton, pos=where)
        assert picked == [1]
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def cut(view: QWidget) -> list[str]:
    """Return the words that do not fit where they stand."""
    found = []
    for each in view.findChildren(QLabel):
        if not each.isVisible() or not each.text():
            continue
        needed = each.heightForWidth(each.width()) if each.wordWrap() else each.sizeHint().height()
        if needed > each.height() + 1 or (not each.wordWrap() and each.sizeHint().width() > each.width() + 1):
            found.append(each.text())
    buttons = [each for each in view.findChildren(QAbstractButton) if each.isVisible() and each.text()]
    return found + [each.text() for each in buttons if each.sizeHint().width() > each.width() + 1]


def test_where_there_is_room_for_one_pane_F6_and_digits_bring_the_evidence(
    story_link: Link, theme: Theme
) -> None:
    view = answered(open_view(story_link, theme, 952, 564), WHY)
    assert view._left.isVisible()
    assert not view.evidence.isVisible()
    view.take_focus()
    QTest.keyClick(view.focusWidget() or view, Qt.Key.Key_2)
    rest()
    assert view.evidence.isVisible()
    assert view.evidence.selected() == 2
    QTest.keyClick(view.focusWidget() or view, Qt.Key.Key_Escape)
    assert view._left.isVisible()
    assert view.next_pane()
    assert view.evidence.isVisible()


def test_every_control_has_a_name_for_screen_readers(view: AskView) -> None:
    for question in (GAP, WHY, UNKNOWN):
        answered(view, question)
        view.write_it_down()
        kinds = (QAbstractButton, QLineEdit, QPlainTextEdit, QListView, StatementText)
        for kind in kinds:
            for each in view.findChildren(kind):
                if each.isVisible():
                    assert each.accessibleName() or getattr(each, "text", str)(), each


def test_the_whole_way_from_answer_to_commit_goes_by_keyboard(view: AskView) -> None:
    answered(view, WHY)
    view.take_focus()
    text = view.findChildren(StatementText)[0]
    QTest.keyClick(text, Qt.Key.Key_1)
    until(lambda: view.evidence.strip.run_shown() is not None)
    view.evidence.strip.setFocus()
    QTest.keyClick(view.evidence.strip, Qt.Key.Key_Space)
    until(lambda: any("changed" in each.lower() for each in texts(view.evidence.paper)) or _changed(view))
    assert view.evidence.selected() == 0
    view.show_place(AskPlace(WHY))
    assert view.evidence.selected() == 1


def test_switching_the_repository_while_an_answer_is_on_its_way_shows_nothing_of_it(
    view: AskView, story_link: Link
) -> None:
    view.show_place(AskPlace(WHY))
    view.set_link(None)
    rest(0.4)
    assert view.shown is None
    assert view.findChild(EmptyBody) is not None


def test_light_and_dark_draw_every_state(story_link: Link) -> None:
    for roles in (LIGHT, DARK):
        view = answered(open_view(story_link, Theme(roles)), GAP)
        picture = view.grab().toImage()
        assert picture.pixelColor(5, 300).name().upper() == roles.page
        view.close()


def test_a_view_made_anew_for_another_theme_stands_where_the_old_one_did(
    view: AskView, story_link: Link
) -> None:
    answered(view, GAP)
    view.show_citation(2)
    view.write_it_down()
    view.writing.editor.text.setPlainText("Half a sent")
    kept = view.keep()
    view.deleteLater()
    other = open_view(story_link, Theme(DARK, 1.25))
    other.recall(kept)
    assert other.shown.answer.question == GAP
    assert other.evidence.selected() == 2
    assert other.writing.editor.text.toPlainText() == "Half a sent"


def test_an_answer_learns_the_id_under_which_it_is_kept_so_that_back_shows_this_very_one(
    view: AskView, story_link: Link
) -> None:
    places: list[AskPlace] = []
    view.placeChanged.connect(places.append)
    answered(view, WHY)
    until(lambda: places)
    first = places[0]
    assert first.question == WHY
    assert first.asked_id
    answered(view, GAP)
    before = ask(story_link, ASKED, AskedWanted()).total
    view.show_place(first)
    until(lambda: view.shown is not None and view.shown.answer.question == WHY)
    view.answering.known.clear()
    view.show_place(AskPlace())
    view.show_place(first)
    until(lambda: view.shown is not None and view.shown.asked > 0)
    assert ask(story_link, ASKED, AskedWanted()).total == before


def test_asking_something_new_begins_on_the_page_of_starters(view: AskView) -> None:
    answered(view, WHY)
    view.show_place(AskPlace())
    assert view.findChild(EmptyBody) is not None
    assert view.evidence.selected() == 0
    view.show_place(AskPlace(WHY))
    assert view.shown.answer.question == WHY


def test_a_contact_who_left_is_told_apart() -> None:
    reason = "5 of 9 commits that touched a.py, the last on 2015-01-02; seems to have left"
    assert contact_words(f"{reason} (no commit at all since 2016-12-01)") == (
        "5 of 9 commits that touched a.py",
        "2016-12-01",
        True,
    )
    assert contact_words("named as owner in CODEOWNERS:3") == ("named as owner in CODEOWNERS:3", "", False)


def test_a_draft_carries_the_gap_that_it_answers(theme: Theme) -> None:
    editor = NoteEditor(theme, NoteDraft("Title", "", "a.py:3", gap_id="g1"))
    editor.text.setPlainText("Because.")
    assert editor.draft() == NoteDraft("Title", "Because.", "a.py:3", gap_id="g1")


def test_a_question_that_names_nothing_goes_on_from_the_page(view: AskView) -> None:
    answered(view, WHY)
    answered(view, "and who wrote that?")
    about = view.shown.answer.about
    assert "worker" in about
    read = f"Taken as a question about: {about}"
    assert read in [each.text() for each in view._left.body.findChildren(QLabel)]
    assert read in as_text(view.shown.answer, view.shown.page).splitlines()
    assert read in as_markdown(view.shown.answer, view.shown.page).splitlines()
    until(lambda: view.shown.asked_id)
    kept = view.shown.asked_id
    answered(view, UNKNOWN)
    assert view.shown.answer.about == "", "it names its own subject"
    view.show_place(AskPlace("and who wrote that?", kept))
    until(lambda: view.shown is not None and view.shown.answer.about == about)


def test_labels_stand_beside_an_answer_that_came_before_its_view_was_seen(
    story_link: Link, theme: Theme
) -> None:
    stack = QStackedWidget()
    front = QLabel()
    view = AskView(theme, stack)
    for each in (front, view):
        stack.addWidget(each)
    shown(stack, 1500, 900)
    view.set_link(story_link)
    view.show_place(AskPlace("How are results kept?"))
    until(lambda: view.shown is not None)
    stack.setCurrentWidget(view)
    until(lambda: view.whole)
    rest()
    label = view.findChild(SectionLabel)
    assert label is not None
    assert label.width() == theme.px(tokens.LABEL_COLUMN)
