"""The link to an engine that dies, hides, or never was: one line of notice, and nothing is lost."""

import os
import signal

import psutil
import pytest
from PySide6.QtCore import Qt

from desktop.engine import Link, LinkState, error_said
from desktop.places import AskPlace
from desktop.repositories import KEPT_OPEN, Repositories
from indexer.errors import EngineUnavailableError, LorebaseError
from indexer.lock import holder
from indexer.pages import Suggestions, SuggestWanted
from indexer.protocol import FORGET, NOTE_ADD, NOTE_LIST, STATUS, SUGGEST, Forget, Nothing
from indexer.types import NoteDraft
from tests.conftest import SmallRepository
from tests.desktop.conftest import Desk, ask, build_story, rest, until
from tests.desktop.windows import open_window, opened, pressed, typed


def kill_engine(link: Link) -> int:
    found = holder(link.location.index_dir)
    assert found is not None
    process = psutil.Process(found.pid)
    os.kill(found.pid, signal.SIGKILL)
    process.wait(10)
    return found.pid


def test_an_engine_is_started_by_the_first_call_and_outlives_the_link(
    desk: Desk, own_story: SmallRepository
) -> None:
    link = desk.link(own_story)
    pid = ask(link, STATUS, Nothing()).engine_pid
    assert link.state is LinkState.READY
    link.close()
    rest(0.2)
    assert psutil.pid_exists(pid)
    assert ask(desk.link(own_story), STATUS, Nothing()).engine_pid == pid


def test_a_killed_engine_is_started_again_and_asked_again(desk: Desk, own_story: SmallRepository) -> None:
    link = desk.indexed(own_story)
    times: list[bool] = []
    link.restarted.connect(lambda: times.append(True))
    killed = kill_engine(link)
    status = ask(link, STATUS, Nothing())
    assert status.engine_pid != killed
    assert times == [True]


def test_a_note_in_flight_is_never_sent_twice(desk: Desk, own_story: SmallRepository) -> None:
    link = desk.indexed(own_story)
    found = holder(link.location.index_dir)
    assert found is not None
    errors: list[LorebaseError] = []
    os.kill(found.pid, signal.SIGSTOP)
    link.call(NOTE_ADD, NoteDraft("Why four", "Measured in 2019."), lambda _: None, errors.append)
    rest()
    kill_engine(link)
    until(lambda: errors)
    assert isinstance(errors[0], EngineUnavailableError)


def test_S3_a_note_that_meets_an_engine_on_its_way_out_is_sent_to_the_next(
    desk: Desk, own_story: SmallRepository
) -> None:
    link, other = desk.indexed(own_story), desk.link(own_story)
    leaving = ask(link, STATUS, Nothing()).engine_pid
    ask(other, FORGET, Forget(people=False))
    assert ask(link, NOTE_ADD, NoteDraft("Why four", "Measured in 2019.")).title == "Why four"
    assert ask(link, STATUS, Nothing()).engine_pid != leaving
    assert [each.title for each in ask(link, NOTE_LIST, Nothing()).notes] == ["Why four"]


def test_a_call_that_is_taken_back_is_never_answered(desk: Desk, own_story: SmallRepository) -> None:
    link = desk.indexed(own_story)
    heard: list[Suggestions] = []
    call = link.call(SUGGEST, SuggestWanted("prefetch"), heard.append)
    link.cancel(call)
    ask(link, STATUS, Nothing())
    rest(0.2)
    assert heard == []


def test_an_engine_that_cannot_start_says_why(desk: Desk, own_story: SmallRepository) -> None:
    link = desk.link(own_story)
    desk.data.chmod(0o500)
    try:
        if os.access(desk.data, os.W_OK):
            pytest.skip("this user may write everywhere")
        with pytest.raises(LorebaseError):
            ask(link, STATUS, Nothing())
    finally:
        desk.data.chmod(0o700)


def test_what_a_launcher_says_is_read_whatever_it_is() -> None:
    assert error_said(b'{"pid": 7}') is None
    found = error_said(b'{"code": "StorageError", "message": "No room.", "hint": "Make some."}')
    assert found is not None
    assert found.code == "StorageError"
    assert isinstance(error_said(b"Traceback ..."), EngineUnavailableError)


def test_the_window_tells_a_lost_engine_in_one_line_and_keeps_what_is_typed(
    desk: Desk, own_story: SmallRepository
) -> None:
    with open_window(desk) as window:
        opened(window, own_story.path)
        assert window.repository is not None
        window.ask()
        typed(window.frame.top.field, "prefetch")
        kill_engine(window.repository.link)
        until(window.frame.notice.isVisible)
        assert "was started again" in window.frame.notice.text
        assert window.frame.top.field.text() == "prefetch"
        until(lambda: window.repository is not None and window.repository.link.state is LinkState.READY)
        typed(window.frame.top.field, " count")
        until(lambda: window.frame.finder.is_open and window.frame.finder._shown is not None)
        pressed(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert window.trail.here == AskPlace("prefetch count")


def test_U2_a_hundred_switches_under_forced_collection(
    desk: Desk, own_story: SmallRepository, tmp_path: object
) -> None:
    import gc
    from pathlib import Path

    assert isinstance(tmp_path, Path)
    folders = [own_story.path]
    for name in ("second", "third", "fourth"):
        made = SmallRepository(tmp_path / name, dict(own_story.environment))
        made.path.mkdir()
        made.git("init", "--quiet", "--initial-branch=main", ".")
        made.commit("Begin", {f"{name}.py": f"def {name}():\n    return 1\n"})
        folders.append(made.path)
    with open_window(desk) as window:
        for turn in range(100):
            window.open_folder(str(folders[turn % len(folders)]))
            rest(0.005)
            gc.collect()
        home = opened(window, folders[2])
        until(lambda: home.overview is not None and home.overview.name == "third")
        repositories: Repositories | None = window._repositories
        assert repositories is not None
        assert len(repositories._open) == KEPT_OPEN


def test_a_switch_keeps_each_repositorys_typing_and_place(
    desk: Desk, own_story: SmallRepository, tmp_path: object
) -> None:
    from pathlib import Path

    assert isinstance(tmp_path, Path)
    other = SmallRepository(tmp_path / "other", dict(own_story.environment))
    other.path.mkdir()
    other.git("init", "--quiet", "--initial-branch=main", ".")
    build_story(other)
    with open_window(desk) as window:
        window.open_folder(str(own_story.path))
        window.frame.top.field.setText("first words")
        window.open_folder(str(other.path))
        assert window.frame.top.field.text() == ""
        window.frame.top.field.setText("other words")
        opened(window, own_story.path)
        assert window.frame.top.field.text() == "first words"
        opened(window, other.path)
        assert window.frame.top.field.text() == "other words"
