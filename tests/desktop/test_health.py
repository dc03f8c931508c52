"""Health: what is indexed and what is not, and deeds that ask before they cost anything."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop.diagnostics import diagnostics
from desktop.engine import Link
from desktop.places import SourcePlace
from desktop.theme import Theme
from desktop.views.health import HealthView
from desktop.widgets.carecards import DeleteCard, FindingsCard
from desktop.widgets.healthbody import HealthBody
from desktop.widgets.tables import Cell, Column, Table
from indexer.client import finish_engine
from indexer.lock import holder
from indexer.protocol import SEARCH, STATUS, Nothing
from indexer.types import Query
from tests.conftest import SmallRepository
from tests.desktop.conftest import Desk, ask, rest, shown, until

BODY = "\n".join(f"MIIEpAIBAAKCAQEA{i}x9Jf3kQm7Zr1vT5yWc8uHb2nDs6gLe4pXa0oKi" for i in range(4))
KEY = f"-----BEGIN RSA PRIVATE KEY-----\n{BODY}\n-----END RSA PRIVATE KEY-----\n"


@pytest.fixture
def view(theme: Theme, story_link: Link) -> HealthView:
    made = HealthView(theme)
    made.set_name("worker-lib")
    made.set_link(story_link)
    made.show_place(None)
    shown(made, 1024, 640)
    until(lambda: made.status and made.page)
    return made


def test_figures_tables_and_log_are_those_of_the_engine(view: HealthView, story_link: Link) -> None:
    status = ask(story_link, STATUS, Nothing())
    assert f"{status.freshness.passages:,} passages" in view.body.figures.accessibleName()
    languages = {
        view.body.languages.table.rows.index(i, 0).data()
        for i in range(view.body.languages.table.rows.rowCount())
    }
    assert {"Python", "Markdown"} <= languages
    assert "listening" in view.body.log.toPlainText()


def test_what_stands_below_is_made_in_later_turns_or_when_it_is_to_be_filled(
    theme: Theme, view: HealthView
) -> None:
    made = HealthBody(theme)
    assert len(made._missing) == 3
    until(lambda: not made._missing)
    at_once = HealthBody(theme)
    assert view.page is not None
    at_once.show_page(view.page)
    assert at_once.languages.table.rows.rowCount() == view.body.languages.table.rows.rowCount()
    until(lambda: made.log is not None)
    for body in (made, at_once):
        column = body.layout()
        assert column is not None
        assert column.count() == 9, "five parts with a space before each but the first"


def test_a_check_lists_what_was_looked_at_with_the_worst_first(view: HealthView) -> None:
    view.check_button.click()
    until(lambda: isinstance(view.card, FindingsCard))
    assert isinstance(view.card, FindingsCard)
    assert view.card.findings[0].severity.value == "notice", "search is by words only in this test"
    assert {"catalog", "words", "notes"} <= {each.check for each in view.card.findings}


def test_skipped_files_and_secrets_tell_their_reason_and_place(
    theme: Theme, desk: Desk, own_story: SmallRepository
) -> None:
    own_story.commit("Add", {"pic.png": b"\x89PNG\r\n\x1a\n\0\0", "keys.py": f'K = """\n{KEY}"""\n'})
    view = HealthView(theme)
    view.set_link(desk.indexed(own_story))
    view.show_place(None)
    shown(view)
    until(lambda: view.page)
    rows = view.body.skipped.table.rows
    assert (rows.index(0, 0).data(), rows.index(0, 1).data()) == ("pic.png", "binary, by its name")
    assert view.body.secrets.table.rows.index(0, 0).data() == "Private key"
    opened: list[object] = []
    view.opened.connect(opened.append)
    view.body.secrets.table.rowOpened.emit(0)
    assert isinstance(opened[0], SourcePlace)
    assert opened[0].path == "keys.py"


def test_a_file_that_is_left_out_is_included_with_one_click_and_left_out_with_another(
    theme: Theme, desk: Desk, own_story: SmallRepository
) -> None:
    own_story.commit("Lock", {"poetry.lock": 'name = "okapipack"\n', "pic.png": b"\x89PNG\r\n\x1a\n\0\0"})
    link = desk.indexed(own_story)
    view = HealthView(theme)
    view.set_link(link)
    view.show_place(None)
    shown(view)
    until(lambda: view.page)
    table = view.body.skipped.table

    def deed(path: str) -> str:
        rows = (table.rows.row(i) for i in range(table.rows.rowCount()))
        return next(row[-1].text for row in rows if row is not None and row[0].text == path)

    def click(path: str) -> None:
        rows = [table.rows.row(i) for i in range(table.rows.rowCount())]
        table.rowOpened.emit(next(i for i, row in enumerate(rows) if row and row[0].text == path))

    assert (deed("poetry.lock"), deed("pic.png")) == ("Include", "")
    click("pic.png")
    click("poetry.lock")
    until(lambda: deed("poetry.lock") == "Leave out")
    assert [hit.path for hit in ask(link, SEARCH, Query("okapipack")).hits] == ["poetry.lock"]
    click("poetry.lock")
    until(lambda: deed("poetry.lock") == "Include")


def test_an_index_left_behind_is_moved_here_with_a_click(
    theme: Theme, desk: Desk, own_story: SmallRepository
) -> None:
    link = desk.indexed(own_story)
    link.close()
    engine = holder(link.location.index_dir)
    assert engine is not None
    finish_engine(link.location.index_dir)
    until(lambda: not psutil.pid_exists(engine.pid))
    moved = own_story.path.with_name("moved")
    own_story.path.rename(moved)
    view = HealthView(theme)
    view.set_link(desk.indexed(replace(own_story, path=moved)))
    view.show_place(None)
    shown(view)
    until(lambda: view.status and view.status.left_behind)
    button = next(each for each in view.findChildren(QPushButton) if each.text() == "Move them here")
    button.click()
    until(lambda: view.status and not view.status.left_behind and view.card is None)


def test_deleting_wants_the_name_typed_and_leaves_no_engine_and_no_index(
    theme: Theme, desk: Desk, own_story: SmallRepository
) -> None:
    link = desk.indexed(own_story)
    view = HealthView(theme)
    view.set_name("worker-lib")
    view.set_link(link)
    view.show_place(None)
    shown(view)
    until(lambda: view.status)
    view.delete_button.click()
    card = view.card
    assert isinstance(card, DeleteCard)
    QTest.keyClicks(card.field, "worker")
    QTest.keyClick(card.field, Qt.Key.Key_Return)
    assert not card.agree.isEnabled()
    QTest.keyClicks(card.field, "-lib")
    gone: list[bool] = []
    view.forgotten.connect(lambda: (gone.append(True), link.close()))
    QTest.keyClick(card.field, Qt.Key.Key_Return)
    until(lambda: gone)
    until(lambda: not (link.location.index_dir / "catalog.db").exists())


def test_escape_puts_a_question_away_and_gives_the_keyboard_back(view: HealthView) -> None:
    view.ask_rebuild()
    assert view.card is not None
    QTest.keyClick(view.card, Qt.Key.Key_Escape)
    assert view.card is None


def test_without_a_repository_the_page_says_so_and_offers_one_step(theme: Theme) -> None:
    view = HealthView(theme)
    shown(view, 1024, 640)
    wanted: list[bool] = []
    view.openWanted.connect(lambda: wanted.append(True))
    steps = [each for each in view.findChildren(QPushButton) if each.isVisible() and each.isEnabled()]
    assert [each.text() for each in steps] == ["Open a repository…"]
    steps[0].click()
    assert wanted


def test_diagnostics_name_no_folder_of_the_person(view: HealthView, story_link: Link) -> None:
    view.copy_diagnostics()
    text = QGuiApplication.clipboard().text()
    assert "Files by language" in text
    location = story_link.location
    for place in (location.index_dir, location.common_dir, location.work_tree, Path.home()):
        assert str(place) not in text
    assert diagnostics(None, None, ()).startswith("lorebase ")


def test_every_control_has_a_name_and_nothing_is_wider_than_the_page(view: HealthView) -> None:
    for each in view.findChildren(QPushButton):
        assert each.text() or each.accessibleName()
    assert view.widget().width() <= view.viewport().width()


def test_a_table_of_a_million_rows_asks_only_for_what_is_seen(theme: Theme) -> None:
    table = Table(theme, (Column("Path"), Column("Size", 80, right=True)), "Skipped")
    asked: list[int] = []

    def give(start: int, count: int) -> None:
        asked.append(start)
        table.rows.put(start, [(Cell(f"file {i}"), Cell("1 KB")) for i in range(start, start + count)])

    table.rows.wanted.connect(give, Qt.ConnectionType.QueuedConnection)
    table.rows.begin(1_000_000)
    table.show_rows(16)
    shown(table, 800, 500)
    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum())
    until(lambda: table.rows.index(999_999, 0).data() == "file 999999")
    rest()
    assert len(asked) <= 4
