"""People confirm and dispute answers, and publish what they wrote down: on a real engine."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from desktop.engine import Link
from desktop.places import AskPlace, KnowledgePlace
from desktop.theme import Theme
from desktop.views.ask import AskView
from desktop.views.knowledge import KnowledgeView
from desktop.widgets.notepage import NotePage
from desktop.widgets.rail import Place
from indexer.protocol import GAPS, NOTE_ADD, GapFilter
from indexer.types import NoteDraft, Person
from tests.conftest import SmallRepository
from tests.desktop.conftest import Desk, ask, shown, until
from tests.desktop.test_ask import GAP, WHY, answered, open_view
from tests.desktop.windows import open_window, opened


@pytest.fixture
def link(desk: Desk, own_story: SmallRepository) -> Link:
    return desk.indexed(own_story)


def known_view(link: Link, theme: Theme) -> AskView:
    view = open_view(link, theme)
    view.set_person(Person("Ada Lovelace", "ada@example.com"))
    return view


def said(view: AskView) -> list[str]:
    assert view._body is not None
    return [
        each.text() for each in view._body.reviews.findChildren(QLabel) if each.text() and each.isVisible()
    ]


def test_a_mark_is_shown_to_the_next_reader_and_can_be_taken_back(link: Link, theme: Theme) -> None:
    view = answered(known_view(link, theme), WHY)
    bar = view._left.footer.reviews
    assert bar._said.text() == "Not reviewed yet"
    QTest.mouseClick(bar.confirm, Qt.MouseButton.LeftButton)
    until(lambda: said(view))
    assert said(view)[0].startswith("Confirmed by Ada Lovelace, ")
    assert bar.confirm.text().strip() == "Confirmed"
    later = answered(known_view(link, theme), WHY)
    assert said(later)[0].startswith("Confirmed by ")
    assert later._left.footer.reviews._said.text() == "1 confirmed"
    QTest.mouseClick(later._left.footer.reviews.confirm, Qt.MouseButton.LeftButton)
    until(lambda: not said(later))
    assert later._left.footer.reviews._said.text() == "Not reviewed yet"


def test_a_dispute_asks_what_is_wrong_and_escape_leaves_it(link: Link, theme: Theme) -> None:
    view = answered(open_view(link, theme), WHY)
    bar = view._left.footer.reviews
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


def test_who_sits_here_is_found_by_a_child_and_named_with_the_gap(
    desk: Desk, own_story: SmallRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Grace Hopper")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "grace@example.com")
    with open_window(desk) as window:
        opened(window, own_story.path)
        window.prepare()
        view = window.frame.view(Place.ASK)
        until(lambda: view.answering.person.name == "Grace Hopper")
        window.go(AskPlace(GAP))
        until(lambda: view.shown is not None and view.shown.answer.gap_id)
        gaps = ask(window.repository.link, GAPS, GapFilter()).gaps
        assert [(each.name, each.asked) for gap in gaps for each in gap.askers] == [("Grace Hopper", 1)]
