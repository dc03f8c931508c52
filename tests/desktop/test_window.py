"""The frame around the views: where the person is, what the keys do, and what is remembered."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from desktop import frame
from desktop.places import AskPlace, HomePlace, SourcePlace, Trail
from desktop.state import MAX_RECENT, WindowState
from desktop.theme import Theme
from desktop.views.ask import AskView
from desktop.views.catalogue import make_answer_side
from desktop.views.history import HistoryView
from desktop.widgets.answerside import AnswerSide
from desktop.widgets.rail import Place
from indexer.settings import WindowSettings, load_settings
from tests.conftest import SmallRepository
from tests.desktop.conftest import Desk, rest, until
from tests.desktop.windows import dropped, open_window, opened, pressed, typed

CTRL = Qt.KeyboardModifier.ControlModifier


def test_the_first_page_offers_to_open_and_nothing_is_dead(desk: Desk) -> None:
    with open_window(desk) as window:
        assert window.frame.welcome is not None
        assert not window.frame.top.field.isEnabled()
        assert not window.frame.top.back.isEnabled()
        window.choose_view(Place.ASK)
        assert window.trail.here == HomePlace()


def test_a_folder_that_is_no_repository_is_said_on_the_first_page(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    with open_window(desk) as window:
        dropped(window, tmp_path / "plain")
        assert window.frame.welcome is not None
        labels = [each.text() for each in window.frame.welcome.findChildren(QLabel) if each.isVisible()]
        assert any("is not inside a git repository" in text for text in labels)
        assert window.repository is None


def test_a_file_that_is_dropped_opens_the_repository_around_it(
    desk: Desk, own_story: SmallRepository
) -> None:
    with open_window(desk) as window:
        dropped(window, own_story.path / "worker" / "queue.py")
        assert window.repository is not None
        assert window.repository.folder == own_story.path


def test_back_and_forward_go_through_places(desk: Desk, own_story: SmallRepository) -> None:
    with open_window(desk) as window:
        opened(window, own_story.path)
        window.go(SourcePlace("worker/queue.py", 3, 3))
        window.go(SourcePlace("worker/settings.py", 4, 4))
        pressed(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        assert window.trail.here == SourcePlace("worker/queue.py", 3, 3)
        window.go_back()
        assert window.trail.here == HomePlace()
        assert not window.frame.top.back.isEnabled()
        pressed(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
        assert window.trail.here == SourcePlace("worker/queue.py", 3, 3)


def test_a_trail_forgets_what_lay_ahead_and_keeps_one_step_a_place() -> None:
    trail = Trail(HomePlace())
    for question in ("a", "b", "b"):
        trail.go(AskPlace(question))
    assert trail.back() == AskPlace("a")
    trail.go(AskPlace("c"))
    assert not trail.can_go_forward
    trail.replace(AskPlace("c", asked_id="7"))
    assert trail.back() == AskPlace("a")
    assert trail.forward() == AskPlace("c", asked_id="7")


def test_another_scheme_and_scale_keep_place_and_typing(desk: Desk, own_story: SmallRepository) -> None:
    with open_window(desk) as window:
        opened(window, own_story.path)
        window.ask()
        typed(window.frame.top.field, "prefetch")
        window.frame.top.field.setCursorPosition(3)
        window.toggle_scheme()
        until(lambda: window.theme.dark)
        assert window.frame.top.field.text() == "prefetch"
        assert window.frame.top.field.cursorPosition() == 3
        assert window.frame.top.field.hasFocus()
        window.change_scale(1)
        until(lambda: window.theme.scale == pytest.approx(1.1))
        assert window.trail.here == HomePlace()
        home = window.frame.views[Place.HOME]
        assert home.overview is not None, "the page was asked for again though it was known"
    kept = load_settings({"LOREBASE_DATA": str(desk.data)}).window
    assert (kept.scheme, kept.scale) == ("dark", pytest.approx(1.1))


def test_a_window_comes_back_where_it_stood(desk: Desk, own_story: SmallRepository) -> None:
    with open_window(desk) as window:
        opened(window, own_story.path)
        window.resize(765, 555)
        rest()
    assert WindowState(desk.data).open_folder == str(own_story.path)
    with open_window(desk) as again:
        assert [each.folder for each in again.state.recent()] == [str(own_story.path)]
        again.resize(800, 500)
        again._restore_size()
        assert again.size() == QSize(765, 555)


def test_recent_repositories_are_few_and_those_that_are_gone_are_left_out(tmp_path: Path) -> None:
    state = WindowState(tmp_path / "data")
    for number in range(MAX_RECENT + 5):
        (tmp_path / str(number)).mkdir()
        state.remember(str(tmp_path / str(number)), str(number))
    state.remember(str(tmp_path / "3"), "3")
    (tmp_path / "16").rmdir()
    names = [each.name for each in WindowState(tmp_path / "data").recent()]
    assert names[0] == "3"
    assert "16" not in names
    assert len(names) <= MAX_RECENT


def test_a_damaged_state_file_only_forgets(tmp_path: Path) -> None:
    (tmp_path / "window.ini").write_bytes(b'[General]\nrecent="[{"\nopen=\x00\xff\n')
    assert WindowState(tmp_path).recent() == ()


def test_every_key_has_one_meaning(desk: Desk, own_story: SmallRepository) -> None:
    with open_window(desk) as window:
        opened(window, own_story.path)
        keys = [each.key for each in window.commands() if each.key]
        assert len(keys) == len(set(keys))
        assert {"Ctrl+K", "Ctrl+P", "Ctrl+T", "Ctrl+Shift+P", "?", "F5", "F6", "Ctrl+O"} <= set(keys)


def test_f6_walks_field_view_and_rail(desk: Desk, own_story: SmallRepository) -> None:
    with open_window(desk) as window:
        opened(window, own_story.path)
        window.ask()
        pressed(Qt.Key.Key_F6)
        held = QApplication.focusWidget()
        assert held is not None
        assert window.frame.stack.isAncestorOf(held)
        pressed(Qt.Key.Key_F6)
        held = QApplication.focusWidget()
        assert held is not None
        assert window.frame.rail.isAncestorOf(held)
        pressed(Qt.Key.Key_F6)
        assert window.frame.top.field.hasFocus()


def test_f6_goes_through_the_panes_of_a_view_before_it_leaves(desk: Desk, own_story: SmallRepository) -> None:
    with open_window(desk) as window:
        opened(window, own_story.path)
        window.go(AskPlace("Why does a worker reserve 4 tasks per process?"))
        answers = window.frame.view(Place.ASK)
        assert isinstance(answers, AskView)
        until(lambda: answers.shown is not None and answers.whole)
        window.focus_view()
        for _ in range(2):  # a key that two widgets listen for works every other time
            pressed(Qt.Key.Key_F6)
            assert answers.evidence.isAncestorOf(QApplication.focusWidget())
            pressed(Qt.Key.Key_F6)
            assert window.frame.rail.isAncestorOf(QApplication.focusWidget())
            window.focus_view()
        window.choose_view(Place.HISTORY)
        history = window.frame.view(Place.HISTORY)
        assert isinstance(history, HistoryView)
        until(lambda: history.paper.page is not None)
        pressed(Qt.Key.Key_F6)
        assert history.paper.isAncestorOf(QApplication.focusWidget())
        pressed(Qt.Key.Key_F6)
        assert window.frame.rail.isAncestorOf(QApplication.focusWidget())


def test_ctrl_k_reaches_the_field_from_anywhere_and_from_itself(
    desk: Desk, own_story: SmallRepository
) -> None:
    with open_window(desk) as window:
        opened(window, own_story.path)
        window.focus_view()
        pressed(Qt.Key.Key_K, CTRL)
        field = window.frame.top.field
        assert field.hasFocus()
        typed(field, "queue")
        field.setCursorPosition(0)
        pressed(Qt.Key.Key_K, CTRL)
        assert field.text() == "queue"
        assert field.selectedText() == "queue"


def test_every_control_has_a_name(desk: Desk, own_story: SmallRepository) -> None:
    with open_window(desk) as window:
        opened(window, own_story.path)
        window.show_keys()
        nameless = [
            each
            for each in window.findChildren(QWidget)
            if isinstance(each, QAbstractButton | QLineEdit)
            and not (each.accessibleName() or (isinstance(each, QAbstractButton) and each.text()))
            and not each.objectName().startswith("qt_")
        ]
        assert nameless == []


@pytest.mark.parametrize(("scale", "size"), [(1.0, (1024, 640)), (1.6, (1024, 640)), (0.8, (1440, 900))])
def test_network_off_is_in_view_at_every_size(
    desk: Desk, own_story: SmallRepository, scale: float, size: tuple[int, int]
) -> None:
    with open_window(desk, WindowSettings(scheme="dark", scale=scale)) as window:
        window.resize(*size)
        opened(window, own_story.path)
        rest()
        assert window.size() == QSize(*size), "something is wider than the window"
        label = next(each for each in window.frame.status.findChildren(QLabel) if "Network" in each.text())
        box = label.geometry()
        assert label.isVisible()
        assert box.width() >= label.sizeHint().width()
        assert window.frame.status.rect().contains(box)


def test_an_ampersand_or_a_tag_in_a_name_is_shown_as_it_is(desk: Desk, tmp_path: Path, bench: object) -> None:
    made = bench.make("a&b <img src=x>")  # type: ignore[attr-defined]
    made.commit("Begin", {"a.txt": "text\n"})
    with open_window(desk) as window:
        opened(window, made.path)
        assert "a&b <img" in window.frame.top.repository.accessibleName()
        assert "<img" not in window.frame.top.repository.toolTip()


def test_the_view_of_answers_is_made_ahead_in_three_turns(
    theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[AnswerSide] = []

    def counted(theme: Theme, parent: QWidget) -> AnswerSide:
        made.append(make_answer_side(theme, parent))
        return made[-1]

    monkeypatch.setattr(frame, "make_answer_side", counted)
    parent = QWidget()
    ahead = frame.Frame(theme, parent)
    ahead.prepare_answers()
    assert Place.ASK not in ahead.views
    until(lambda: made)
    assert Place.ASK not in ahead.views
    until(lambda: Place.ASK in ahead.views)
    view = ahead.view(Place.ASK)
    assert isinstance(view, AskView)
    assert view._left is made[0]
    # Who asks in between does not wait for the rest.
    early = frame.Frame(theme, parent)
    early.prepare_answers()
    asked = early.view(Place.ASK)
    rest()
    assert early.view(Place.ASK) is asked
    assert len(made) == 1
