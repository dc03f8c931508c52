"""Statements: what is quoted is shown letter by letter, and nothing of a repository becomes markup."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtTest import QTest

from desktop.answer_page import Told
from desktop.oddities import plain, show
from desktop.theme import Theme
from desktop.widgets.statements import StatementText
from desktop.widgets.words import tip
from indexer.types import Citation, CitationKind, Section, Statement
from tests.desktop.conftest import rest, shown

SPAN = Citation(CitationKind.SPAN, "a.py", 3, 4, "c" * 40, "b" * 40, "quote")


def told(text: str, *numbers: int, quoted: bool = True, said_by: str = "") -> Told:
    return Told(Statement(Section.WHAT, text, (SPAN,), quoted), numbers or (1,), said_by)


def text_of(theme: Theme, *statements: Told, width: int = 540) -> StatementText:
    made = StatementText(theme, statements)
    shown(made, width, 400)
    return made


def test_quotation_marks_stand_around_what_is_quoted_and_nothing_else(theme: Theme) -> None:
    made = text_of(theme, told("Verbatim."), told("Counted.", quoted=False))
    lines = made.toPlainText().split("\n")
    assert lines[0].startswith("“Verbatim.”")
    assert lines[1].startswith("Counted.")


def test_who_said_it_and_when_stands_below(theme: Theme) -> None:
    assert "Ada, 2023-11-14" in text_of(theme, told("Because.", said_by="Ada, 2023-11-14")).toPlainText()


def test_a_chip_never_begins_a_line(theme: Theme) -> None:
    made = text_of(theme, told("word " * 12 + "end", 7, 8), width=260)
    assert "\u2060\u00a0\u2060\ufffc" in made.toPlainText() or made.toPlainText().count("\ufffc") == 2
    for number in (7, 8):
        assert made.chip_rect(number).left() > made.mapToGlobal(QPoint(0, 0)).x()


def test_a_click_on_a_chip_tells_its_number(theme: Theme) -> None:
    made = text_of(theme, told("Short.", 4))
    picked: list[int] = []
    made.chipClicked.connect(picked.append)
    where = made.viewport().mapFromGlobal(made.chip_rect(4).center())
    QTest.mouseClick(made.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert picked == [4]


def test_chips_can_be_reached_and_opened_by_keyboard(theme: Theme) -> None:
    made = text_of(theme, told("One.", 1), told("Two.", 2))
    picked: list[int] = []
    made.chipClicked.connect(picked.append)
    made.activateWindow()
    made.setFocus()
    for _ in range(2):
        QTest.keyClick(made, Qt.Key.Key_Tab)
        QTest.keyClick(made, Qt.Key.Key_Return)
    assert picked == [1, 2]


def test_pointing_at_a_statement_tints_its_chips(theme: Theme) -> None:
    made = text_of(theme, told("One statement.", 1), told("Another.", 2, 3))
    second = made.chip_rect(2).center() - made.mapToGlobal(QPoint(0, 0))
    QTest.mouseMove(made.viewport(), QPoint(10, second.y()))
    rest()
    assert made.tinted == {2, 3}


@pytest.mark.parametrize(
    "evil",
    [
        "<img src='file:///etc/hostname'>",
        "![x](file:///etc/hostname)",
        "<a href='javascript:alert(1)'>x</a>",
        "\\\\host\\share\\x.png",
        "<script>1</script>&amp;",
    ],
)
def test_T2_T3_T4_markup_of_a_repository_is_shown_as_it_is_written(theme: Theme, evil: str) -> None:
    made = text_of(theme, told(f"{evil} end"))
    assert evil in made.toPlainText()
    assert made.loadResource(2, QUrl("file:///etc/hostname")) is None
    picked: list[int] = []
    made.chipClicked.connect(picked.append)
    for link in ("file:///etc/hostname", "javascript:alert(1)", "chip:x", "chip:"):
        made.anchorClicked.emit(QUrl(link))
    assert picked == []


def test_T1_characters_that_deceive_are_shown_as_their_code_points(theme: Theme) -> None:
    made = text_of(theme, told("access\u202e level\u200b `na\u2066me` \U0001f600\x1b end"))
    text = made.toPlainText()
    assert "accessU+202E levelU+200B naU+2066me \U0001f600U+001B end" in text
    assert not any(each in text for each in "\u202e\u200b\u2066\x1b")


def test_T1_the_places_of_what_was_made_visible_count_as_Qt_counts() -> None:
    line = show("\U0001f600a\u202eb\u2029c")
    assert line.text == "\U0001f600aU+202EbU+2029c"
    assert line.odd == ((3, 6), (10, 6))
    assert [line.place(each) for each in (0, 2, 3, 4, 5, 6)] == [0, 2, 3, 9, 10, 16]


def test_T2_a_tooltip_never_reads_markup() -> None:
    assert tip("<img src='file:///x'>") == "<qt>&lt;img src=&#x27;file:///x&#x27;&gt;</qt>"
    assert tip("plain") == "plain"
    assert plain("a\nb\tc\u202e") == "a b cU+202E"


def test_T5_T9_a_monstrous_statement_is_laid_out_at_once_and_cut_with_a_sign(theme: Theme) -> None:
    start = time.process_time()
    made = text_of(theme, told("<div>" * 20_000), told("\U0001f600" * 20_000), told("x" * 1_000_000))
    assert time.process_time() - start < 2
    assert made.toPlainText().count("…") == 3


def test_code_that_is_quoted_keeps_its_lines_and_is_not_cut_at_the_side(theme: Theme) -> None:
    made = text_of(theme, told("def f(a):\n    return a + " + "b" * 150), width=300)
    assert "    return a" in made.toPlainText()
    assert made.document().idealWidth() <= made.viewport().width() + 1


def test_the_text_takes_the_height_that_it_needs_at_every_width(theme: Theme) -> None:
    made = text_of(theme, told("word " * 80))
    before = made.height()
    made.resize(270, 100)
    rest()
    assert made.height() > before * 1.5
    assert made.verticalScrollBar().maximum() == 0
