"""The list that opens while typing: what is selected, what Enter does, and what it never does."""

import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desktop.engine import Link
from desktop.finder import place_of
from desktop.places import AskPlace, CommitPlace, KnowledgePlace, SourcePlace
from desktop.theme import Theme
from desktop.widgets.suggestions import Row, RowKind, SuggestionPopup, is_question
from desktop.window import Window
from indexer.pages import Suggestion, SuggestionGroup, Suggestions
from indexer.types import VerdictStatus
from tests.conftest import SmallRepository
from tests.desktop.conftest import Desk, rest, shown, until
from tests.desktop.windows import open_window, opened, pressed, typed

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(shared_desk: Desk, story_link: Link, story_repository: SmallRepository) -> Iterator[Window]:
    """A window on the story, which its engine has read."""
    with open_window(shared_desk) as made:
        opened(made, story_repository.path)
        yield made


def rows(window: Window) -> list[Row]:
    return window.frame.finder.popup._model.rows


def selected(window: Window) -> Row:
    return rows(window)[window.frame.finder.popup.list.currentIndex().row()]


def search(window: Window, text: str) -> None:
    window.ask()
    typed(window.frame.top.field, text)
    until(lambda: window.frame.finder._shown is not None and window.frame.finder._shown.text == text)


def test_typing_opens_groups_with_the_best_row_selected(window: Window) -> None:
    search(window, "prefetch")
    assert rows(window)[0].kind is RowKind.ASK
    assert selected(window).group is SuggestionGroup.SYMBOL
    assert {each.group for each in rows(window) if each.kind is RowKind.HEAD} >= {
        SuggestionGroup.SYMBOL,
        SuggestionGroup.COMMIT,
    }
    hit = selected(window).hit
    assert hit is not None
    assert hit.marked


def test_the_list_never_takes_the_focus_and_typing_goes_on(window: Window) -> None:
    search(window, "pre")
    assert window.frame.finder.is_open
    assert window.frame.top.field.hasFocus()
    typed(window.frame.top.field, "fetch")
    assert window.frame.top.field.text() == "prefetch"


def test_enter_opens_the_selected_row(window: Window) -> None:
    search(window, "Consumer")
    pressed(Qt.Key.Key_Return)
    assert isinstance(window.trail.here, SourcePlace)
    assert window.trail.here.path == "worker/queue.py"
    assert window.frame.top.field.text() == ""
    assert not window.frame.finder.is_open


def test_enter_before_the_rows_have_come_opens_the_first_of_them(window: Window) -> None:
    window.ask()
    typed(window.frame.top.field, "Consumer")
    pressed(Qt.Key.Key_Return)
    until(lambda: isinstance(window.trail.here, SourcePlace))


def test_control_enter_asks_whatever_is_selected(window: Window) -> None:
    search(window, "prefetch")
    pressed(Qt.Key.Key_Return, CTRL)
    assert window.trail.here == AskPlace("prefetch")


@pytest.mark.parametrize("text", ["why four?", "how many tasks wait"])
def test_a_question_is_asked_with_enter(window: Window, text: str) -> None:
    search(window, text)
    assert selected(window).kind is RowKind.ASK
    pressed(Qt.Key.Key_Return)
    assert window.trail.here == AskPlace(text)


def test_arrows_pass_over_headings_and_around_the_ends(window: Window) -> None:
    search(window, "prefetch")
    seen = []
    for _ in range(len(rows(window)) + 2):
        pressed(Qt.Key.Key_Down)
        seen.append(selected(window))
    assert all(each.kind is not RowKind.HEAD for each in seen)
    assert len(set(map(id, seen))) == sum(each.kind is not RowKind.HEAD for each in rows(window))


def test_escape_clears_and_then_leaves(window: Window) -> None:
    search(window, "prefetch")
    pressed(Qt.Key.Key_Escape)
    assert window.frame.top.field.text() == ""
    assert not window.frame.finder.is_open
    assert window.frame.top.field.hasFocus()
    pressed(Qt.Key.Key_Escape)
    assert not window.frame.top.field.hasFocus()


def test_a_click_beside_the_list_closes_it_and_keeps_what_is_typed(window: Window) -> None:
    search(window, "prefetch")
    QTest.mouseClick(window.frame.status, Qt.MouseButton.LeftButton, pos=QPoint(400, 10))
    assert not window.frame.finder.is_open
    assert window.frame.top.field.text() == "prefetch"


def test_going_to_a_file_shows_files_alone(window: Window) -> None:
    window.find_file()
    typed(window.frame.top.field, "queue")
    until(lambda: window.frame.finder._shown is not None and window.frame.finder._shown.text == "queue")
    groups = {each.group for each in rows(window)}
    assert groups == {SuggestionGroup.FILE}
    pressed(Qt.Key.Key_Return)
    assert window.trail.here == SourcePlace("worker/queue.py", 1, 1)


def test_a_scope_is_put_before_what_is_typed(window: Window) -> None:
    search(window, "tasks")
    window.frame.finder.popup.scopeWanted.emit("path:")
    assert window.frame.top.field.text() == "path:tasks"
    assert window.frame.top.field.cursorPosition() == len("path:")


def test_only_the_last_of_many_keys_is_answered(window: Window) -> None:
    window.ask()
    for text in ("p", "pr", "pre", "pref", "prefetch"):
        window.frame.top.field.setText(text)
    until(lambda: window.frame.finder._shown is not None)
    assert window.frame.finder._shown is not None
    assert window.frame.finder._shown.text == "prefetch"


def test_a_row_leads_where_it_says() -> None:
    file = Suggestion(SuggestionGroup.SYMBOL, "a", "", path="a.py", line=3, end_line=9)
    assert place_of(file) == SourcePlace("a.py", 3, 9)
    assert place_of(Suggestion(SuggestionGroup.COMMIT, "a", "", commit_id="f" * 40)) == CommitPlace("f" * 40)
    assert place_of(Suggestion(SuggestionGroup.NOTE, "a", "", note_id="n")) == KnowledgePlace(note_id="n")
    asked = Suggestion(SuggestionGroup.ASKED, "a", "", asked_id="q", status=VerdictStatus.PARTIAL)
    assert place_of(asked) == AskPlace(asked_id="q")


@pytest.mark.parametrize(
    ("text", "question"),
    [("prefetch", False), ("a b c", False), ("a b c d", True), ("why?", True), ("why? ", True), ("", False)],
)
def test_what_reads_like_a_question(text: str, question: bool) -> None:
    assert is_question(text) is question


def test_T1_T2_hostile_titles_are_shown_as_they_are(theme: Theme) -> None:
    holder = shown(QWidget(), 900, 600)
    popup = SuggestionPopup(theme, holder)
    title = "pay\u202eload <img src=file:///etc/passwd>" + "x" * 5000
    hit = Suggestion(SuggestionGroup.COMMIT, title, "", commit_id="a" * 40, when=1, marked=((0, 3), (4, 4)))
    popup.show_found("pay", Suggestions("pay", (hit,), {"commit": 1}))
    began = time.monotonic()
    popup.place_under(holder)
    popup.setGeometry(0, 0, 800, 400)
    popup.show()
    rest()
    popup.grab()
    assert time.monotonic() - began < 2.0
    assert "U+202E" in popup._model.rows[2].title
    assert "<img" in popup._model.rows[2].title
