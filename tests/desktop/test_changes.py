"""What changed in a brushed range, or since the last look: the summary beside the commits, drafts to copy."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop.change_page import arrange
from desktop.engine import Link
from desktop.places import ChangesPlace, CommitPlace, SourcePlace
from desktop.theme import Theme
from desktop.views.history import HistoryView
from desktop.widgets.changerows import ChangeRows
from desktop.widgets.statements import StatementText
from indexer.shapes.changes import CHANGES, ChangesWanted, DraftKind
from tests.conftest import SmallRepository
from tests.desktop.conftest import Desk, ask, shown, until

WHOLE = ChangesPlace()


@pytest.fixture
def view(theme: Theme, story_link: Link) -> HistoryView:
    made = HistoryView(theme)
    shown(made, 1200, 760)
    made.set_link(story_link)
    until(lambda: made.list.commits.rowCount() and made.paper.page is not None)
    return made


def told(view: HistoryView) -> None:
    until(lambda: view.changes.summary is not None and view.changes.sheet.page is not None)


def rows(view: HistoryView) -> list[ChangeRows]:
    return [each for each in view.changes.sheet.findChildren(ChangeRows) if each.isVisibleTo(view)]


def test_the_button_stands_there_while_a_range_is_chosen(view: HistoryView) -> None:
    assert not view.bar.changes.isVisible()
    view.timeline.setFocus()
    view._on_range(1, 0)
    assert view.bar.changes.isVisible()
    view._on_range(0, 0)
    assert not view.bar.changes.isVisible()


def test_what_changed_stands_beside_the_commits_with_its_sources(view: HistoryView) -> None:
    met: list[object] = []
    view.placeChanged.connect(met.append)
    view._on_range(1, 0)
    QTest.mouseClick(view.bar.changes, Qt.MouseButton.LeftButton)
    told(view)
    assert view.title() == "What changed"
    assert ChangesPlace(after=1) in met
    texts = view.changes.sheet.findChildren(StatementText)
    assert texts[0].accessibleDescription().startswith("5 commits, by ")
    assert view.changes.sheet.page is not None
    assert view.changes.sheet.page.sources


def test_a_commit_and_a_definition_open_where_they_stand(view: HistoryView) -> None:
    opened: list[object] = []
    view.opened.connect(opened.append)
    view._show_changes(WHOLE)
    told(view)
    found = rows(view)
    commits = next(each for each in found if isinstance(each.rows[0].place, CommitPlace))
    definitions = next(each for each in found if isinstance(each.rows[0].place, SourcePlace))
    commits.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(commits, Qt.Key.Key_Return)
    definitions.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(definitions, Qt.Key.Key_Return)
    assert opened == [commits.rows[0].place, definitions.rows[0].place]
    assert "added, class, Consumer" in definitions.model().index(0, 0).data(
        Qt.ItemDataRole.AccessibleTextRole
    )


def test_a_chip_that_was_counted_shows_what_the_count_rests_on(view: HistoryView) -> None:
    view._show_changes(WHOLE)
    told(view)
    view.changes.sheet._on_chip(1)
    assert view.changes._counted.accessibleName() == "Counted"
    QTest.keyClick(view.changes, Qt.Key.Key_Escape)
    assert view.changes._stack.currentWidget() is view.changes.sheet


def test_drafts_are_marked_and_copied_and_escape_leads_back(view: HistoryView) -> None:
    view._show_changes(WHOLE)
    told(view)
    for made, kind in (
        (view.changes._pull, DraftKind.PULL_REQUEST),
        (view.changes._note, DraftKind.RELEASE_NOTE),
    ):
        QTest.mouseClick(made, Qt.MouseButton.LeftButton)
        assert view.changes._mark.isVisible()
        QTest.mouseClick(view.changes._copy, Qt.MouseButton.LeftButton)
        copied = QGuiApplication.clipboard().text()
        assert copied.startswith("> **Draft to review.**")
        assert view.changes.summary is not None
        assert copied == next(each.text for each in view.changes.summary.drafts if each.kind is kind)
        QTest.keyClick(view.changes.text, Qt.Key.Key_Escape)
        assert view.changes._stack.currentWidget() is view.changes.sheet


def test_choosing_a_commit_takes_the_summary_away_and_back_brings_the_commit(view: HistoryView) -> None:
    view._show_changes(WHOLE)
    told(view)
    view._on_picked(view.list.commits.row(1).commit_id)  # type: ignore[union-attr]
    until(lambda: view.paper.page is not None and view.paper.page.row.subject.startswith("Fix"))
    assert view._page is view.paper
    view._show_changes(WHOLE)
    told(view)
    view.changes._on_back()
    assert view._page is view.paper


def test_a_commit_that_is_gone_is_told_from_its_day_on(view: HistoryView) -> None:
    view.show_place(ChangesPlace("0" * 40 + "..HEAD", after=1))
    told(view)
    assert view.changes.summary is not None
    assert view.changes.summary.counts.commits == 5


def test_a_range_that_cannot_be_told_says_so_with_a_next_step(view: HistoryView) -> None:
    view.show_place(ChangesPlace("nowhere..HEAD"))
    until(lambda: view.changes._state.title() == "What changed cannot be told")
    assert view.changes._state.step.text() == "Try again"


def test_a_new_view_of_the_same_history_shows_the_same_summary(
    view: HistoryView, theme: Theme, story_link: Link
) -> None:
    view._show_changes(ChangesPlace(after=1))
    told(view)
    other = HistoryView(theme)
    shown(other)
    other.set_link(story_link)
    other.recall(view.keep())
    told(other)
    assert other._page is other.changes


def test_t2_what_a_message_holds_is_shown_and_never_acts(
    desk: Desk, own_story: SmallRepository, theme: Theme
) -> None:
    own_story.commit("<img src='file:///etc/passwd'> \u202e<b>bold</b>", {"worker/queue.py": "A = 1\n"})
    view = HistoryView(theme)
    shown(view)
    view.set_link(desk.indexed(own_story))
    view._show_changes(ChangesPlace("HEAD~1..HEAD"))
    told(view)
    said = [each.rows[0].title for each in rows(view)]
    assert said[0].startswith("<img")
    assert "\u202e" not in rows(view)[0].model().index(0, 0).data()


def test_modules_beyond_the_first_ten_come_when_they_are_asked_for(
    desk: Desk, own_story: SmallRepository, theme: Theme
) -> None:
    body = "".join(f"VALUE_{at} = {at}\n" for at in range(40))
    files = {f"part{number}/{name}.py": body for number in range(12) for name in ("a", "b", "c")}
    own_story.commit("Add parts", files)
    for number in range(12):
        own_story.commit(f"Change part {number}", {f"part{number}/a.py": body + "MORE = 1\n"})
    link = desk.indexed(own_story)
    summary = ask(link, CHANGES, ChangesWanted(name="HEAD~12..HEAD"))
    assert arrange(summary).modules_more == 2
    view = HistoryView(theme)
    shown(view)
    view.set_link(link)
    view._show_changes(ChangesPlace("HEAD~12..HEAD"))
    told(view)
    more = next(
        each for each in view.changes.sheet.findChildren(QPushButton) if each.text() == "Show 2 more modules"
    )
    QTest.mouseClick(more, Qt.MouseButton.LeftButton)
    assert view.changes.sheet.page is not None
    assert view.changes.sheet.page.modules_more == 0
