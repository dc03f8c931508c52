"""Whole journeys with keys and drops alone, on a real engine."""

import os
import signal
import sys
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.places import AskPlace, HomePlace, SourcePlace
from desktop.views.home import HomeView
from desktop.widgets.rail import Place
from desktop.widgets.rows import LinkRow
from desktop.window import Window
from indexer.lock import holder
from indexer.protocol import ASK, Question
from tests.conftest import SmallRepository
from tests.desktop.conftest import Desk, ask, until
from tests.desktop.windows import dropped, open_window, opened, pressed, typed

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def home_of(window: Window) -> HomeView:
    view = window.frame.views[Place.HOME]
    assert isinstance(view, HomeView)
    return view


def test_first_minute_a_drop_opens_and_words_can_be_asked(desk: Desk, own_story: SmallRepository) -> None:
    with open_window(desk) as window:
        dropped(window, own_story.path)
        assert window.frame.top.field.isEnabled()
        assert window.frame.top.field.hasFocus()
        typed(window.frame.top.field, "prefetch_count")
        until(lambda: window.frame.finder.is_open and window.frame.finder._shown is not None)
        pressed(Qt.Key.Key_Escape)
        until(lambda: [e for e in home_of(window).findChildren(LinkRow) if isinstance(e.leads_to, AskPlace)])
        questions = [e for e in home_of(window).findChildren(LinkRow) if isinstance(e.leads_to, AskPlace)]
        assert any("prefetch" in e.text() or "Consumer" in e.text() for e in questions)
        until(lambda: "current" in window.frame.status._index.text())


def test_search_while_typing_by_keyboard_alone(desk: Desk, own_story: SmallRepository) -> None:
    with open_window(desk) as window:
        opened(window, own_story.path)
        pressed(Qt.Key.Key_T, CTRL)
        held = QApplication.focusWidget()
        assert held is not None
        typed(held, "Consumer")
        until(lambda: window.frame.finder._shown is not None)
        pressed(Qt.Key.Key_Return)
        assert isinstance(window.trail.here, SourcePlace)
        pressed(Qt.Key.Key_Left, ALT)
        assert window.trail.here == HomePlace()


def test_a_repository_is_switched_while_it_is_being_indexed(
    desk: Desk, own_story: SmallRepository, tmp_path: Path
) -> None:
    big = SmallRepository(tmp_path / "big", dict(own_story.environment))
    big.path.mkdir()
    big.git("init", "--quiet", "--initial-branch=main", ".")
    big.commit("Begin", {f"m{i}.py": f"def f{i}():\n    return {i}\n\n\n" * 40 for i in range(300)})
    with open_window(desk) as window:
        window.open_folder(str(big.path))
        until(window.has_job)
        first = window.repository
        opened(window, own_story.path)
        until(lambda: not window.has_job())
        assert window.frame.top.repository.accessibleName().startswith("Repository: worker-lib")
        assert first is not None
        until(lambda: first.words_ready)
        opened(window, big.path)
        assert window.repository is first


def test_what_was_asked_elsewhere_comes_to_the_page(desk: Desk, own_story: SmallRepository) -> None:
    with open_window(desk) as window:
        home = opened(window, own_story.path)
        assert window.repository is not None
        ask(window.repository.link, ASK, Question("Why are four tasks reserved?"))
        until(lambda: home.overview is not None and home.overview.asked)
        assert home._side is not None


def test_a_commit_made_meanwhile_is_taken_in_with_f5(desk: Desk, own_story: SmallRepository) -> None:
    with open_window(desk) as window:
        home = opened(window, own_story.path)
        commit = own_story.commit("Add a broker", {"worker/broker.py": "def broker():\n    return 1\n"})
        pressed(Qt.Key.Key_F5)
        until(lambda: home.overview is not None and home.overview.commit_id == commit)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_T2_T3_nothing_of_the_repository_is_opened_and_no_socket_but_the_engines(
    desk: Desk, own_story: SmallRepository
) -> None:
    own_story.commit(
        "See <img src=file:///etc/passwd> and \\\\host\\share",
        {"docs/a.md": "# <img src='http://example.invalid/x.png'>\n\n![x](file:///etc/passwd)\n"},
    )
    seen: set[str] = set()
    connected: set[str] = set()

    def audit(event: str, values: tuple[object, ...]) -> None:
        if event == "open" and isinstance(values[0], str | bytes):
            seen.add(os.fsdecode(values[0]))
        elif event.startswith("socket."):
            connected.add(event)

    sys.addaudithook(audit)
    me = psutil.Process()
    with open_window(desk) as window:
        opened(window, own_story.path)
        window.ask()
        typed(window.frame.top.field, "See img")
        until(lambda: window.frame.finder._shown is not None)
        window.grab()
        files = {each.path for each in me.open_files()}
        inet = me.net_connections("inet")
        pressed(Qt.Key.Key_Escape)
    inside = str(own_story.path)
    assert not {path for path in files | seen if path.startswith((inside + "/worker", inside + "/docs"))}
    assert not {path for path in files | seen if path == "/etc/passwd"}
    assert inet == []


def test_U1_closing_a_window_in_the_middle_of_a_job_leaves_the_engine_to_finish(
    desk: Desk, own_story: SmallRepository
) -> None:
    with open_window(desk) as window:
        window.open_folder(str(own_story.path))
        assert window.repository is not None
        location = window.repository.location
        until(lambda: holder(location.index_dir) is not None)
    found = holder(location.index_dir)
    assert found is not None
    assert psutil.pid_exists(found.pid)
    link = desk.link(own_story)
    answer = ask(link, ASK, Question("How many tasks are reserved?"), seconds=60)
    assert answer.question


def test_an_engine_that_stands_still_does_not_hold_the_window_up(
    desk: Desk, own_story: SmallRepository
) -> None:
    import time

    with open_window(desk) as window:
        opened(window, own_story.path)
        assert window.repository is not None
        found = holder(window.repository.location.index_dir)
        assert found is not None
        os.kill(found.pid, signal.SIGSTOP)
        try:
            window.ask()
            typed(window.frame.top.field, "prefetch")
            began = time.monotonic()
            window.close()
            assert time.monotonic() - began < 1.0
        finally:
            os.kill(found.pid, signal.SIGCONT)
