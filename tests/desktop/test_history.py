"""The history view: what the timeline, the list and a commit's page show, by mouse and by keys."""

import time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from desktop.engine import Link
from desktop.places import CommitPlace, HistoryPlace, SourcePlace
from desktop.theme import Theme
from desktop.tokens import LIGHT
from desktop.views.history import HistoryView
from desktop.widgets.commitlist import SLICE, CommitList
from desktop.widgets.commitpage import ChangeList
from desktop.widgets.prose import Prose
from desktop.widgets.timeline import WEEK, TimelineView
from indexer.errors import EngineUnavailableError
from indexer.pages import CommitRow, Tag, Timeline
from indexer.protocol import COMMITS, CommitsWanted
from tests.conftest import SmallRepository
from tests.desktop.conftest import Desk, ask, rest, shown, until, wear

FIRST = 1_000_000_000 // WEEK * WEEK


@pytest.fixture
def view(theme: Theme, story_link: Link) -> HistoryView:
    made = HistoryView(theme)
    shown(made, 1200, 760)
    made.set_link(story_link)
    until(lambda: made.list.commits.rowCount() and made.paper.page is not None)
    return made


def rows(view: HistoryView) -> list[str]:
    count = view.list.commits.rowCount()
    return [row.subject for at in range(count) if (row := view.list.commits.row(at)) is not None]


def row(number: int) -> CommitRow:
    return CommitRow(f"{number:040x}", f"Change {number}", "Ada", FIRST + number, 1, False, False)


# --------------------------------------------------------------------------------- the list


def test_commits_are_listed_newest_first_and_the_first_is_shown(view: HistoryView) -> None:
    assert rows(view)[0] == "Say what this is"
    assert len(rows(view)) == 5
    assert view.paper.page is not None
    assert view.paper.page.row.subject == "Say what this is"


def test_words_and_scopes_narrow_the_list(view: HistoryView) -> None:
    view.field.setText("prefetch")
    until(lambda: len(rows(view)) == 2)
    view.field.setText("who:nadler")
    until(lambda: [each.split()[0] for each in rows(view)] == ["Fix", "Explain"])
    view.field.setText("path:docs")
    until(lambda: rows(view) == ["Explain how to tune a worker"])


def test_the_narrowed_history_is_where_the_person_is(view: HistoryView) -> None:
    met: list[object] = []
    view.placeChanged.connect(met.append)
    view.field.setText("who:ada")
    until(lambda: met)
    assert met == [HistoryPlace("who:ada")]


def test_a_filter_that_fits_nothing_says_so_and_is_taken_back_by_one_button(view: HistoryView) -> None:
    view.field.setText("zebra")
    until(lambda: view.list.commits.rowCount() == 0)
    until(view._state.isVisible)
    assert view._state.title() == "No commit fits"
    QTest.mouseClick(view._state.step, Qt.MouseButton.LeftButton)
    until(lambda: len(rows(view)) == 5)
    assert view.field.text() == ""


def test_a_repository_without_commits_says_what_is_missing(
    desk: Desk, own_story: SmallRepository, theme: Theme
) -> None:
    own_story.git("checkout", "-q", "--orphan", "empty")
    link = desk.indexed(own_story)
    view = HistoryView(theme)
    shown(view)
    view.set_link(link)
    until(lambda: view._state.title() == "No commits yet")


def test_an_engine_that_cannot_read_is_said_with_a_next_step(theme: Theme, story_link: Link) -> None:
    view = HistoryView(theme)
    shown(view)
    view.set_link(story_link)
    view._on_list_failed(EngineUnavailableError("The engine does not answer.", "Press F5."))
    assert view._state.title() == "The history could not be read"
    assert view._state.step.text() == "Try again"


def test_rows_are_marked_as_reason_and_tag(view: HistoryView, story_link: Link) -> None:
    found = ask(story_link, COMMITS, CommitsWanted())
    assert [each.tags for each in found.rows if each.tags] == [("v1.0",)]
    said = view.list.commits.spoken(found.rows[0])
    assert "v1.0" in said
    because = next(each for each in found.rows if "four tasks" in each.subject)
    assert ("says why" in view.list.commits.spoken(because)) == because.reason


# ----------------------------------------------------------------------------- one commit


def test_arrow_keys_walk_the_commits(view: HistoryView) -> None:
    view.focus_first()
    QTest.keyClick(view.list, Qt.Key.Key_Down)
    until(lambda: view.paper.page is not None and view.paper.page.row.subject.startswith("Fix the prefetch"))


def test_a_changed_path_leads_to_the_file_as_of_the_commit(view: HistoryView) -> None:
    met: list[object] = []
    view.opened.connect(met.append)
    changes = view.paper.findChild(ChangeList)
    assert changes is not None
    changes.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(changes, Qt.Key.Key_Return)
    assert view.paper.page is not None
    assert met == [SourcePlace("README.md", commit_id=view.paper.page.row.commit_id)]


def test_a_deleted_path_leads_to_the_commit_before(
    desk: Desk, own_story: SmallRepository, theme: Theme
) -> None:
    before = own_story.head
    own_story.git("rm", "-q", "README.md")
    own_story.commit("Say nothing", {})
    view = HistoryView(theme)
    shown(view)
    view.set_link(desk.indexed(own_story))
    until(lambda: view.paper.page is not None)
    met: list[object] = []
    view.opened.connect(met.append)
    changes = view.paper.findChild(ChangeList)
    assert changes is not None
    changes._on_opened(changes.model().index(0, 0))
    assert met == [SourcePlace("README.md", commit_id=before)]


def test_a_parent_leads_to_its_page(view: HistoryView) -> None:
    met: list[object] = []
    view.opened.connect(met.append)
    view.paper._on_parent("abc")
    assert met == [CommitPlace("abc")]


def test_a_commit_is_shown_by_its_id(view: HistoryView) -> None:
    first = view.list.commits.row(4)
    assert first is not None
    view.show_place(CommitPlace(first.commit_id[:8]))
    until(lambda: view.paper.page is not None and view.paper.page.row.commit_id == first.commit_id)
    assert view.list.current() == first.commit_id


def test_an_unknown_commit_is_said(view: HistoryView) -> None:
    view.show_place(CommitPlace("ffffffffff"))
    until(lambda: view.paper.page is None)
    assert view.paper._state.title() == "This commit cannot be shown"


def test_T2_markup_in_a_message_is_text(desk: Desk, own_story: SmallRepository, theme: Theme) -> None:
    own_story.commit(
        "<b>Bold</b> <img src=file:///etc/hostname>\n\n<i>body</i> \u202e reversed", {"a.txt": "a\n"}
    )
    view = HistoryView(theme)
    shown(view)
    view.set_link(desk.indexed(own_story))
    until(lambda: view.paper.page is not None)
    texts = [
        each.text()
        for each in view.paper.findChildren(QWidget)
        if hasattr(each, "text") and callable(each.text)
    ]
    assert "<b>Bold</b> <img src=file:///etc/hostname>" in texts

    prose = view.paper.findChild(Prose)
    assert prose is not None
    assert prose.toPlainText() == "<i>body</i> U+202E reversed"


# ----------------------------------------------------------------------------- the timeline


@pytest.fixture
def line(theme: Theme) -> TimelineView:
    made = TimelineView(theme)
    shown(made, 900, 148)
    counts = tuple(week % 7 for week in range(400))
    tags = tuple(Tag(f"v{n}.0.0", "0" * 40, FIRST + n * 40 * WEEK) for n in range(10))
    made.show_timeline(Timeline(FIRST, counts, tags, False))
    return made


def test_a_drag_chooses_a_range(line: TimelineView) -> None:
    met: list[tuple[int, int]] = []
    line.rangeChanged.connect(lambda after, before: met.append((after, before)))
    QTest.mousePress(line, Qt.MouseButton.LeftButton, pos=QPoint(200, 70))
    QTest.mouseMove(line, QPoint(300, 70))
    QTest.mouseMove(line, QPoint(400, 70))
    QTest.mouseRelease(line, Qt.MouseButton.LeftButton, pos=QPoint(400, 70))
    after, before = met[-1]
    assert (after - FIRST) % WEEK == 0
    assert 85 <= (before - after) / WEEK <= 100


def test_an_end_of_the_range_can_be_moved(line: TimelineView) -> None:
    line.choose(FIRST + 100 * WEEK, FIRST + 200 * WEEK)
    end = QPoint(round(line._x(200)), 70)
    QTest.mousePress(line, Qt.MouseButton.LeftButton, pos=end)
    QTest.mouseMove(line, end + QPoint(50, 0))
    QTest.mouseRelease(line, Qt.MouseButton.LeftButton, pos=end + QPoint(50, 0))
    after, before = line.chosen()
    assert abs(after - (FIRST + 100 * WEEK)) <= 3 * WEEK
    assert before > FIRST + 215 * WEEK


def test_keys_choose_extend_and_clear_a_range(line: TimelineView) -> None:
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Home)
    QTest.keyClick(line, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(line, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    after, before = line.chosen()
    assert after == FIRST
    assert (before - after) // WEEK == 3 * line._weeks_a_bar()
    assert "Chosen: " in line.accessibleDescription()
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert line.chosen() == (0, 0)


def test_zoom_keeps_what_is_under_the_pointer(line: TimelineView) -> None:
    before = line._week_at(500.0)
    line.zoom(2.0, 500.0)
    assert line.zoomed
    assert abs(line._week_at(500.0) - before) < 0.5
    line.zoom_out()
    assert not line.zoomed


def test_a_range_narrows_the_list(view: HistoryView) -> None:
    line = view.timeline
    until(lambda: line._line.counts)
    assert sum(line._line.counts) == 5
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_End)
    QTest.keyClick(line, Qt.Key.Key_Space)
    assert view._after > 0
    until(lambda: view._slices.asked.after == view._after)
    until(lambda: not view._asking.waits("list"))
    total = sum(line._line.counts[line._chosen.first : line._chosen.last + 1]) if line._chosen else 0
    assert len(rows(view)) == total


def test_a_shallow_history_says_where_it_starts(theme: Theme, line: TimelineView) -> None:
    line.show_timeline(Timeline(FIRST, (1, 2, 3), (), True))
    assert line._words_at(line.rect().topLeft() + QPoint(20, 60)) == "Earlier history is not in this clone."


def test_the_timeline_of_a_hundred_thousand_commits_is_painted_in_time(line: TimelineView) -> None:
    weeks = 30 * 52
    tags = tuple(Tag(f"v{n // 10}.{n % 10}.0", "0" * 40, FIRST + n * WEEK // 2) for n in range(2_000))
    line.show_timeline(Timeline(FIRST, tuple(30 + week % 70 for week in range(weeks)), tags, False))
    line.choose(FIRST + 300 * WEEK, FIRST + 900 * WEEK)
    line.resize(1440, 148)
    worst = 0.0
    for factor in (1.0, 1.3, 1.3, 1.3, 0.5):
        line.zoom(factor, 700.0)
        started = time.process_time()
        line.grab()
        worst = max(worst, time.process_time() - started)
    assert worst <= 0.1


def test_a_view_that_is_deleted_hears_no_answer_any_more(theme: Theme, story_link: Link) -> None:
    view = HistoryView(theme)
    view.set_link(story_link)
    view.deleteLater()
    rest(0.3)
    assert ask(story_link, COMMITS, CommitsWanted()).total == 5


# ---------------------------------------------------------------------------- many commits


def test_U3_a_million_rows_scroll_in_time_and_come_by_slices(theme: Theme) -> None:
    made = CommitList(theme)
    asked: list[list[int]] = []
    made.wanted.connect(asked.append)
    shown(made, 440, 700)
    made.commits.begin(1_000_000, [row(number) for number in range(SLICE)])
    rest(0.1)
    assert asked == []
    bar = made.verticalScrollBar()
    worst = 0.0
    for step in range(1, 40):
        started = time.process_time()
        bar.setValue(bar.maximum() * step // 40)
        QApplication.processEvents()
        worst = max(worst, time.process_time() - started)
    assert worst <= 0.05
    rest(0.1)
    assert len(asked[-1]) <= 2
    number = asked[-1][0]
    assert made.commits.data(made.commits.index(number * SLICE, 0)) == "On its way"
    made.commits.put(number, [row(number * SLICE + at) for at in range(SLICE)])
    assert str(made.commits.data(made.commits.index(number * SLICE, 0))).startswith(
        f"Change {number * SLICE}"
    )


def test_slices_that_were_seen_long_ago_are_let_go(theme: Theme) -> None:
    made = CommitList(theme)
    made.commits.begin(1_000_000, [row(0)])
    for number in range(200):
        made.commits.put(number, [row(number * SLICE)])
    assert made.commits.row(0) is None
    assert made.commits.row(199 * SLICE) is not None


# ------------------------------------------------------------------------- keeping and room


def test_a_new_theme_keeps_filter_range_and_commit(view: HistoryView, story_link: Link) -> None:
    view.field.setText("prefetch")
    until(lambda: len(rows(view)) == 2)
    second = view.list.commits.row(1)
    assert second is not None
    view.show_place(CommitPlace(second.commit_id))
    until(lambda: view.paper.page is not None and view.paper.page.row == second)
    other = Theme(LIGHT, 1.25)
    wear(other)
    again = HistoryView(other)
    shown(again, 1200, 760)
    again.set_link(story_link)
    again.recall(view.keep())
    until(lambda: again.paper.page is not None and again.paper.page.row == second)
    until(lambda: len(rows(again)) == 2)
    assert again.field.text() == "prefetch"


def test_in_a_narrow_window_list_and_page_take_turns(theme: Theme, story_link: Link) -> None:
    view = HistoryView(theme)
    shown(view, 600, 640)
    view.set_link(story_link)
    until(view.list.commits.rowCount)
    assert view.list.isVisible()
    assert not view.paper.isVisible()
    view.focus_first()
    QTest.keyClick(view.list, Qt.Key.Key_Return)
    until(lambda: view.paper.isVisible() and view.paper.page is not None)
    assert not view.list.isVisible()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.list.isVisible()


@pytest.mark.parametrize("scale", [1.0, 1.6])
def test_it_fits_the_smallest_window(story_link: Link, scale: float) -> None:
    theme = Theme(LIGHT, scale)
    wear(theme)
    view = HistoryView(theme)
    shown(view, 952, 564)
    view.set_link(story_link)
    until(view.list.commits.rowCount)
    rest()
    assert view.width() == 952
    assert view.minimumSizeHint().width() <= 952


def test_every_control_has_a_name(view: HistoryView) -> None:
    nameless = [
        each
        for each in view.findChildren(QWidget)
        if each.focusPolicy() != Qt.FocusPolicy.NoFocus
        and each.isVisible()
        and not each.accessibleName()
        and not (hasattr(each, "text") and callable(each.text) and each.text())
        and not isinstance(each, QScrollArea)
    ]
    assert [type(each).__name__ for each in nameless] == []
