"""People confirm and dispute answers, and publish what they wrote down: on a real engine."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from desktop.engine import Link
from desktop.places import KnowledgePlace
from desktop.theme import Theme
from desktop.views.ask import AskView
from desktop.views.knowledge import KnowledgeView
from desktop.widgets.notepage import NotePage
from indexer.protocol import NOTE_ADD
from indexer.types import NoteDraft
from tests.conftest import SmallRepository
from tests.desktop.conftest import Desk, ask, shown, until
from tests.desktop.test_ask import WHY, answered, open_view


@pytest.fixture
def link(desk: Desk, own_story: SmallRepository) -> Link:
    return desk.indexed(own_story)


def said(view: AskView) -> list[str]:
    assert view._body is not None
    return [
        each.text() for each in view._body.reviews.findChildren(QLabel) if each.text() and each.isVisible()
    ]


def test_a_mark_is_shown_to_the_next_reader_and_can_be_taken_back(link: Link, theme: Theme) -> None:
    view = answered(open_view(link, theme), WHY)
    bar = view._footer.reviews
    assert bar._said.text() == "Not reviewed yet"
    QTest.mouseClick(bar.confirm, Qt.MouseButton.LeftButton)
    until(lambda: said(view))
    assert said(view)[0].startswith(f"Confirmed by {view.writing.own_name}, ")
    assert bar.confirm.text().strip() == "Confirmed"
    later = answered(open_view(link, theme), WHY)
    assert said(later)[0].startswith("Confirmed by ")
    assert later._footer.reviews._said.text() == "1 confirmed"
    QTest.mouseClick(later._footer.reviews.confirm, Qt.MouseButton.LeftButton)
    until(lambda: not said(later))
    assert later._footer.reviews._said.text() == "Not reviewed yet"


def test_a_dispute_asks_what_is_wrong_and_escape_leaves_it(link: Link, theme: Theme) -> None:
    view = answered(open_view(link, theme), WHY)
    bar = view._footer.reviews
    QTest.mouseClick(bar.dispute, Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is bar.field
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.field.isVisible()
    assert said(view) == []
    QTest.mouseClick(bar.dispute, Qt.MouseButton.LeftButton)
    QTest.keyClicks(bar.field, "<b>It was</b> measured in 2011.")
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    until(lambda: said(view))
    assert said(view)[0].startswith("Disputed by ")
    assert "“<b>It was</b> measured in 2011.”" in said(view)[0]


def test_a_note_is_published_as_a_file_for_people_to_commit(
    link: Link, own_story: SmallRepository, theme: Theme
) -> None:
    note = ask(link, NOTE_ADD, NoteDraft("Why four", "Measured in 2010.", "worker/settings.py:4", "Ada"))
    view = KnowledgeView(theme)
    view.set_link(link)
    shown(view)
    told: list[str] = []
    view.noticed.connect(told.append)
    view.show_place(KnowledgePlace(note_id=note.id))
    until(lambda: isinstance(view.page, NotePage))
    QTest.mouseClick(view.page.publish, Qt.MouseButton.LeftButton)
    until(lambda: told)
    files = list((own_story.path / "docs" / "lore").glob("*.md"))
    assert len(files) == 1
    assert "Measured in 2010." in files[0].read_text()
    assert told[0].startswith(f"Written as docs/lore/{files[0].name}. Commit it to share it.")
    until(lambda: isinstance(view.page, NotePage) and bool(view.page.note.published))
    assert view.page.publish.text().strip() == "Publish again"
