"""The jobs drawer: what runs is told step by step, and Pause and Stop show at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.engine import Link
from desktop.jobtrack import JobTrack, State, Step
from desktop.theme import Theme
from desktop.widgets.jobs import JobsDrawer
from indexer.types import Phase, Progress
from tests.desktop.conftest import shown, until

EMBEDDING = Progress(Phase.EMBED, 12_004, 25_138, "passages", "t/test_canvas.py", 60.2, (120.0, 190.0))
UNTIL_WORDS = (
    Progress(Phase.SCAN, 823, 0, "files"),
    Progress(Phase.HISTORY, 40, 0, "commits"),
    Progress(Phase.PARSE, 400, 823, "files"),
    Progress(Phase.HISTORY, 13_145, 0, "commits"),
    Progress(Phase.PARSE, 823, 823, "files"),
    Progress(Phase.LINK, 1, 1, "files"),
)


@pytest.fixture
def drawer(theme: Theme) -> JobsDrawer:
    made = JobsDrawer(theme)
    made.set_name("celery")
    shown(made, 440, 824)
    return made


def feed(drawer: JobsDrawer, *more: Progress) -> None:
    for each in (*UNTIL_WORDS, *more):
        drawer.show_progress(each)


def test_files_and_history_run_together_and_are_ticked_together() -> None:
    track = JobTrack()
    for each in UNTIL_WORDS[:4]:
        track.take(each)
    assert track.step(Step.SCAN).done
    assert track.step(Step.PARSE).running
    assert track.step(Step.HISTORY).running
    track.take(UNTIL_WORDS[5])
    assert track.step(Step.PARSE).done
    assert track.step(Step.HISTORY).done


def test_a_running_step_tells_how_far_how_fast_and_how_long_as_a_range(drawer: JobsDrawer) -> None:
    feed(drawer, EMBEDDING)
    row = drawer.phases.rows[Step.MEANING]
    assert row.right.text() == "47%"
    assert row.count.text() == "12,004 of 25,138"
    assert row.rate.text() == "60 a second"
    assert row.left.text() == "2 to 3 min left"
    assert row.current.text() == "t/test_canvas.py"
    assert "You can ask already" in drawer.told.text()


def test_stop_says_at_once_what_is_kept_and_offers_to_go_on(drawer: JobsDrawer, story_link: Link) -> None:
    drawer.set_link(story_link)
    feed(drawer, EMBEDDING)
    QTest.mouseClick(drawer.stop_button, Qt.MouseButton.LeftButton)
    assert "keeping 12,004 finished passages" in drawer.told.text()
    assert not drawer.stop_button.isEnabled()
    drawer.show_progress(Progress(Phase.EMBED, 12_036, 25_138, "passages"))
    assert drawer.track.state is State.STOPPING, "a report on its way does not undo the stop"
    drawer.show_progress(None)
    assert "Stopped, keeping 12,036 finished passages" in drawer.told.text()
    assert drawer.go_on.isVisible()


def test_pause_shows_at_once_and_a_report_on_its_way_does_not_undo_it(drawer: JobsDrawer) -> None:
    feed(drawer, EMBEDDING)
    drawer.pause.click()
    assert drawer.pause.text().strip() == "Resume"
    drawer.show_progress(EMBEDDING)
    assert drawer.track.state is State.PAUSED


def test_a_job_that_begins_again_shows_no_ticks_of_the_last_one() -> None:
    track = JobTrack()
    for each in (*UNTIL_WORDS, EMBEDDING, Progress(Phase.SCAN, 0, 0, "files")):
        track.take(each)
    assert not track.step(Step.PARSE).done
    assert not track.step(Step.MEANING).running


def test_escape_closes_and_every_button_has_a_name(drawer: JobsDrawer) -> None:
    closed: list[bool] = []
    drawer.closed.connect(lambda: closed.append(True))
    drawer.focus_first()
    QTest.keyClick(drawer.close_button, Qt.Key.Key_Escape)
    assert closed
    assert drawer.isHidden()
    assert drawer.close_button.accessibleName()


def test_finished_jobs_and_the_log_come_from_the_engine(drawer: JobsDrawer, story_link: Link) -> None:
    drawer.set_link(story_link)
    until(lambda: "Indexed" in " ".join(each.text() for each in drawer.earlier_texts()))
    until(drawer.log.toPlainText)
    assert drawer.track.state is State.QUIET
