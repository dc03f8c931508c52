"""The lists over the window: commands, repositories, keys."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from desktop.actions import answer_commands
from desktop.commands import Command, always, matching
from desktop.engine import Link
from desktop.theme import Theme
from desktop.views.ask import AskView
from desktop.widgets.rail import Place
from desktop.window import Window
from tests.conftest import SmallRepository
from tests.desktop.conftest import Desk, until
from tests.desktop.windows import open_window, opened, pressed, typed

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(shared_desk: Desk, story_link: Link, story_repository: SmallRepository) -> Iterator[Window]:
    """A window on the story, which its engine has read."""
    with open_window(shared_desk) as made:
        opened(made, story_repository.path)
        made.focus_view()
        yield made


def test_the_palette_runs_what_is_typed(window: Window) -> None:
    pressed(Qt.Key.Key_P, CTRL | SHIFT)
    assert window.frame.chooser.isVisible()
    typed(window.frame.chooser.field, "dark switch")
    assert [each.key for each in window.frame.chooser.choices()] == ["Ctrl+Shift+L"]
    was = window.theme.dark
    pressed(Qt.Key.Key_Return)
    until(lambda: window.theme.dark is not was)


def test_escape_gives_the_focus_back(window: Window) -> None:
    held = QApplication.focusWidget()
    assert held is not None
    pressed(Qt.Key.Key_P, CTRL | SHIFT)
    pressed(Qt.Key.Key_Escape)
    assert not window.frame.chooser.isVisible()
    assert QApplication.focusWidget() is held


def test_a_click_beside_the_palette_closes_it(window: Window) -> None:
    window.show_palette()
    QTest.mouseClick(window.frame.status, Qt.MouseButton.LeftButton, pos=QPoint(400, 10))
    assert not window.frame.chooser.isVisible()


def test_nothing_that_cannot_be_done_is_offered(window: Window) -> None:
    window.show_palette()
    offered = {each.name for each in window.frame.chooser.choices()}
    assert "Pause indexing" not in offered
    assert "Back" not in offered
    assert "Close this repository" in offered


def test_question_mark_lists_every_key_but_is_a_letter_in_the_field(window: Window) -> None:
    pressed(Qt.Key.Key_Question, SHIFT)
    assert window.frame._keys is not None
    assert window.frame._keys.isVisible()
    shown = {each.text() for each in window.frame._keys.findChildren(QLabel)}
    assert {each.shown_key for each in window.commands() if each.key} <= shown
    pressed(Qt.Key.Key_Escape)
    window.ask()
    typed(window.frame.top.field, "why?")
    assert window.frame.top.field.text() == "why?"
    assert not window.frame._keys.isVisible()


def test_every_view_and_every_window_deed_is_in_the_palette(window: Window) -> None:
    names = {each.name for each in window.commands()}
    assert {"Home", "Ask", "Open a repository…", "All commands", "Larger text"} <= names


def test_the_commands_of_answers_are_listed_without_their_view_and_can_all_be_given(theme: Theme) -> None:
    made: list[AskView] = []

    def view() -> AskView:
        if not made:
            made.append(AskView(theme))
        return made[0]

    commands = answer_commands(view, always)
    assert {"F8", "Ctrl+Shift+C"} <= {each.key for each in commands}
    assert not made
    for each in commands:
        each.action()
    assert made[0].shown is None


def test_the_repository_list_opens_by_name_and_by_path(window: Window, own_story: SmallRepository) -> None:
    first = window.repository
    window.switch_repository()
    typed(window.frame.chooser.field, str(own_story.path))
    assert any(str(own_story.path) in each.name for each in window.frame.chooser.choices())
    pressed(Qt.Key.Key_Return)
    until(lambda: window.repository is not None and window.repository.folder == own_story.path)
    window.switch_repository()
    assert first is not None
    assert any(first.name == each.name for each in window.frame.chooser.choices())


def test_commands_are_found_by_words_in_any_order(window: Window) -> None:
    commands = [
        Command("Open in the editor", "", print, "Answer"),
        Command("Close the window", "", print, "Window"),
        Command("Window of another kind", "", print, "X"),
        Command("Impossible window", "", print, "X", possible=lambda: False),
    ]
    assert [each.name for each in matching(commands, "window")] == [
        "Window of another kind",
        "Close the window",
    ]
    assert [each.name for each in matching(commands, "editor open")] == ["Open in the editor"]


def test_alt_and_a_number_go_to_a_view(window: Window) -> None:
    if Place.HEALTH not in window.frame.rail.places():
        pytest.skip("this edition has no second view")
    at = window.frame.rail.places().index(Place.HEALTH) + 1
    pressed(Qt.Key(Qt.Key.Key_0.value + at), Qt.KeyboardModifier.AltModifier)
    assert window.frame.front is Place.HEALTH
