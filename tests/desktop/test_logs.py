"""A log is read in the window: its groups over time, and beside them the statement that writes each."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from desktop.engine import Link
from desktop.pasting import Pasting
from desktop.places import AskPlace, LogPlace
from desktop.theme import Theme
from desktop.tokens import DARK
from desktop.views.ask import AskView
from desktop.widgets.answer import AnswerBody
from desktop.widgets.askstates import EmptyBody
from desktop.widgets.logpage import LogBody, ReadingBody
from desktop.widgets.logtable import Column
from desktop.widgets.topbar import AskField
from indexer.shapes.logs import Level, Tie
from tests.conftest import SmallRepository
from tests.desktop.conftest import Desk, rest, shown, until, wear

POOL = """import logging

logger = logging.getLogger(__name__)


def start(slots):
    logger.info("starting %d slots of the pool", slots)


def lose(slot, why):
    logger.error("slot %s was lost: %s", slot, why)
"""
LOG = "".join(
    f"2026-09-01 12:{n // 10:02d}:{n % 10:02d},000 INFO worker.pool: starting {n} slots of the pool\n"
    f"2026-09-01 12:{n // 10:02d}:{n % 10:02d},100 INFO other.thing: nothing that we know {n}\n"
    for n in range(300)
) + "".join(
    f"2026-09-01 12:20:00,{n:03d} ERROR worker.pool: slot {n} was lost: <b>gone</b>\n" for n in range(40)
)


@pytest.fixture(scope="module")
def link(
    shared_desk: Desk, tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> Link:
    made = SmallRepository(tmp_path_factory.mktemp("logs"), dict(git_environment))
    made.git("init", "--quiet", "--initial-branch=main", ".")
    made.commit("Log what the pool does", {"worker/pool.py": POOL})
    return shared_desk.indexed(made)


def open_view(link: Link, theme: Theme, width: int = 1368) -> AskView:
    wear(theme)
    view = AskView(theme)
    view.opened.connect(view.show_place)
    view.set_link(link)
    shown(view, width, 824)
    return view


def read(view: AskView, place: LogPlace) -> LogBody:
    view.show_place(place)
    until(lambda: view.findChildren(LogBody))
    rest(0.1)
    return view.findChildren(LogBody)[-1]


def test_a_log_is_shown_as_groups_errors_first_with_their_statement_beside(link: Link, theme: Theme) -> None:
    view = open_view(link, theme)
    body = read(view, LogPlace(text=LOG, name="worker.log"))
    assert [(each.count, each.level, each.tie) for each in body.table.groups] == [
        (40, Level.ERROR, Tie.NAMED),
        (300, Level.INFO, Tie.NAMED),
        (300, Level.INFO, Tie.NONE),
    ]
    until(lambda: view.evidence.code.cited == (11, 11))
    assert view.evidence.head.title() == "pool.py"
    assert view.title() == "worker.log"


def test_the_keyboard_walks_the_groups_and_enter_opens_the_statement(link: Link, theme: Theme) -> None:
    view = open_view(link, theme)
    body = read(view, LogPlace(text=LOG, name="worker.log"))
    places: list[object] = []
    body.statementWanted.connect(places.append)
    view.take_focus()
    assert body.table.hasFocus()
    QTest.keyClick(body.table, Qt.Key.Key_Down)
    QTest.keyClick(body.table, Qt.Key.Key_Return)
    assert [(each.path, each.start_line) for each in places] == [("worker/pool.py", 7)]  # type: ignore[attr-defined]
    assert any("starting {…} slots" in each.text() for each in body.findChildren(QLabel))


def test_the_table_sorts_by_a_click_on_its_head(link: Link, theme: Theme) -> None:
    body = read(open_view(link, theme), LogPlace(text=LOG, name="worker.log"))
    body.table.sortByColumn(Column.COUNT, Qt.SortOrder.DescendingOrder)
    assert [each.count for each in body.table.groups] == [300, 300, 40]
    body.table.sortByColumn(-1, Qt.SortOrder.DescendingOrder)
    assert [each.count for each in body.table.groups] == [40, 300, 300]


def test_t2_what_looks_like_markup_in_a_log_is_text(link: Link, theme: Theme) -> None:
    body = read(open_view(link, theme), LogPlace(text=LOG, name="<i>worker</i>.log"))
    labels = body.findChildren(QLabel)
    assert any("<b>gone</b>" in each.text() for each in labels)
    assert all(each.textFormat() == Qt.TextFormat.PlainText for each in labels)


def test_a_question_after_a_log_is_answered_and_back_leads_to_the_log(link: Link, theme: Theme) -> None:
    view = open_view(link, theme)
    place = LogPlace(text=LOG, name="worker.log")
    read(view, place)
    view.show_place(AskPlace("What does prefetch_count do?"))
    until(lambda: view.shown is not None and view.findChildren(AnswerBody))
    assert not view.findChildren(LogBody)
    read(view, place)
    assert view.shown is None


def test_another_scheme_keeps_the_log_that_is_shown(link: Link, theme: Theme) -> None:
    view = open_view(link, theme)
    read(view, LogPlace(text=LOG, name="worker.log"))
    kept = view.keep()
    other = open_view(link, Theme(DARK, 1.6), 1024)
    other.recall(kept)
    assert other.findChildren(LogBody)


def test_reading_can_be_stopped(link: Link, theme: Theme, tmp_path: Path) -> None:
    file = tmp_path / "big.log"
    file.write_text(LOG * 400)
    view = open_view(link, theme)
    view.show_place(LogPlace(path=str(file), name="big.log"))
    until(lambda: view.findChildren(ReadingBody))
    stop = next(each for each in view.findChildren(QPushButton) if each.text() == "Stop")
    stop.click()
    until(lambda: view.findChildren(EmptyBody) and not view.findChildren(ReadingBody))
    assert view.log.place is None


def test_a_log_that_is_none_is_said_to_be(link: Link, theme: Theme, tmp_path: Path) -> None:
    view = open_view(link, theme)
    said: list[str] = []
    view.noticed.connect(said.append)
    (tmp_path / "core").write_bytes(bytes(range(256)) * 500)
    view.show_place(LogPlace(path=str(tmp_path / "core"), name="core"))
    until(lambda: said)
    assert "not text" in said[0]


def test_a_pasted_log_leads_to_its_page_and_a_dropped_one_is_read_by_its_path(
    link: Link, theme: Theme, tmp_path: Path
) -> None:
    field = AskField(theme)
    pasting = Pasting(field)
    pasting.set_link(link)
    found: list[object] = []
    pasting.found.connect(found.append)
    for text, path in ((LOG, ""), (LOG, str(tmp_path / "worker.log")), ("What\nis\nthis?", "")):
        count = len(found)
        pasting.take(text, path)
        until(lambda count=count: len(found) > count)
    assert found == [
        LogPlace(text=LOG, name="Pasted log"),
        LogPlace(path=str(tmp_path / "worker.log"), name="worker.log"),
        AskPlace("What\nis\nthis?"),
    ]
