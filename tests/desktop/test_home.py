"""The home page: real names of a real repository, and nothing that leads nowhere."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from desktop.dates import day, lately, spoken_day
from desktop.engine import Link
from desktop.places import AskPlace, SourcePlace
from desktop.theme import Theme
from desktop.views.home import HomeView
from desktop.widgets.progress import ProgressText, said, time_left
from desktop.widgets.rows import Columns, LinkRow, RowParts
from indexer.pages import AskedBefore, Overview, ReadFirst, Starter
from indexer.protocol import OVERVIEW, Nothing
from indexer.types import Phase, Progress, VerdictStatus
from tests.desktop.conftest import ask, shown, until


@pytest.fixture
def home(theme: Theme, story_link: Link) -> Iterator[HomeView]:
    """The home page of the story."""
    made = HomeView(theme)
    made.set_link(story_link)
    shown(made)
    made.refresh()
    until(lambda: made.overview is not None)
    yield made
    made.set_link(None)


def texts(view: HomeView) -> str:
    return "\n".join(each.text() for each in view.findChildren(QLabel) if each.isVisible())


def overview(**changed: object) -> Overview:
    known: dict[str, object] = {
        "name": "shop", "branch": "main", "commit_id": "f" * 40, "committed": 1_700_000_000, "files": 3,
        "commits": 2, "new_commits": -1, "last_looked": 0, "starters": (), "read_first": (), "documents": (),
        "asked": (), "asked_total": 0, "gaps_open": 0, "notes": 0, "reasons": None, "definitions": 0,
    }  # fmt: skip
    return Overview(**{**known, **changed})  # type: ignore[arg-type]


def test_the_page_is_made_of_the_repositorys_own_names(home: HomeView, story_link: Link) -> None:
    known = ask(story_link, OVERVIEW, Nothing())
    rows = {each.text(): each.leads_to for each in home.findChildren(LinkRow) if each.isVisible()}
    for starter in known.starters:
        assert rows[starter.question] == AskPlace(starter.question)
    for file in known.read_first:
        assert rows[file.path] == SourcePlace(file.path)
    assert known.starters
    assert known.read_first


def test_a_row_is_opened_by_click_and_by_key(home: HomeView) -> None:
    went: list[object] = []
    home.opened.connect(went.append)
    row = home.findChildren(LinkRow)[0]
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    home.focus_first()
    QTest.keyClick(row, Qt.Key.Key_Space)
    assert went == [row.leads_to, row.leads_to]


def test_what_is_not_known_is_not_shown(theme: Theme) -> None:
    view = HomeView(theme)
    shown(view)
    view._on_overview(overview(starters=(Starter("how", "How does it work?"),)))
    said_here = texts(view)
    assert "reason" not in said_here
    assert "Last questions" not in said_here
    assert "since you last looked" not in said_here
    assert view._side is None


def test_what_is_known_is_shown(theme: Theme) -> None:
    view = HomeView(theme)
    shown(view)
    asked = (AskedBefore("1", "Why <b>four</b>?", VerdictStatus.PARTIAL, 1_700_000_000, None),)
    file = ReadFirst("a/b.py", "Does things.", 3, 4, 0.34)
    view._on_overview(
        overview(
            asked=asked, asked_total=9, gaps_open=2, notes=1, reasons=0.31, definitions=40,
            new_commits=7, last_looked=1_700_000_000, read_first=(file,),
        )
    )  # fmt: skip
    shown(view)
    said_here = texts(view)
    assert "31% with a reason" in said_here
    assert "7 commits since you last looked on 14 November 2023." in said_here
    names = [each.accessibleName() for each in view.findChildren(LinkRow)]
    assert any(name.startswith("Why <b>four</b>?, Partial") for name in names)
    view.grab()


def test_the_side_goes_below_in_a_narrow_window(theme: Theme) -> None:
    view = HomeView(theme)
    view._on_overview(overview(gaps_open=2))
    shown(view, 1200, 700)
    assert view._side is not None
    assert view._main is not None
    assert view._side.y() == view._main.y()
    shown(view, 700, 700)
    assert view._side.y() >= view._main.y() + view._main.height()


def test_the_focus_stays_on_its_row_when_the_page_is_made_anew(home: HomeView) -> None:
    home.activateWindow()
    home.focus_first()
    held = next(each for each in home.findChildren(LinkRow) if each.hasFocus())
    home._build()
    assert next(e for e in home.findChildren(LinkRow) if e.hasFocus()).leads_to == held.leads_to


def test_columns_become_one_where_there_is_no_room(theme: Theme) -> None:
    rows = [LinkRow(theme, RowParts(f"row {i}"), i) for i in range(8)]
    columns = Columns(theme, rows)
    shown(columns, 800, 400)
    assert {row.x() for row in rows[:4]} == {0}
    assert rows[4].x() > 0
    shown(columns, 400, 600)
    assert {row.x() for row in rows} == {0}
    assert columns.height() == 8 * rows[0].height()


@pytest.mark.parametrize("phase", list(Phase))
def test_every_phase_is_said_in_words(theme: Theme, phase: Phase) -> None:
    progress = Progress(phase, 25, 100, "files", rate=5.0, seconds_left=(12.0, 31.0))
    assert said(progress).endswith(", 25%")
    assert time_left(progress) == "12 to 31 s left"
    text = ProgressText(theme)
    text.show_progress(progress)


def test_a_long_time_left_is_given_in_minutes() -> None:
    assert time_left(Progress(Phase.EMBED, 1, 9, "", seconds_left=(100.0, 400.0))) == "2 to 7 min left"
    assert time_left(Progress(Phase.EMBED, 1, 9, "")) == ""
    assert said(Progress(Phase.EMBED, 1, 2, "", paused=True)) == "Paused, 50%"


def test_times_are_said_as_people_say_them() -> None:
    import time

    now = int(time.time())
    assert lately(now)[2] == ":"
    assert lately(now - 20 * 86400) == day(now - 20 * 86400)
    assert spoken_day(1_700_000_000) == "14 November 2023"
