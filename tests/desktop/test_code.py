"""The code view: real lines with git's numbers, whatever stands in them, and never a frozen window.

Times are of this process alone, since others may use the machine.
"""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QTextBlock
from PySide6.QtTest import QTest

from desktop.theme import Theme
from desktop.widgets.code import MAX_COLUMNS, CodeView, short_blame
from indexer.pages import BlameRun, SourcePage, Token, TokenRole
from tests.desktop.conftest import rest, shown, until


def page(*lines: str, tokens: tuple[Token, ...] = (), first: int = 1) -> SourcePage:
    return SourcePage("src/a.py", "b" * 40, "c" * 40, "python", first, len(lines), lines, tokens)


@pytest.fixture
def code(theme: Theme) -> CodeView:
    made = CodeView(theme)
    shown(made, 700, 400)
    return made


def in_view(code: CodeView) -> tuple[int, int]:
    first = code.line_at(1)
    return first, first + code.viewport().height() // code._line_height()


def test_a_file_of_20_000_lines_opens_at_a_line_at_once(code: CodeView) -> None:
    lines = [f"    value_{number} = compute({number}, 'text')  # why not" for number in range(20_000)]
    marks = tuple(Token(line + 1, 4, 9, TokenRole.NAME) for line in range(20_000))
    source = page(*lines, tokens=marks)
    times = []
    for _ in range(3):
        start = time.process_time()
        code.show_page(source, (15_000, 15_004))
        code.grab()
        times.append(time.process_time() - start)
    assert min(times) < 0.15
    first, last = in_view(code)
    assert first < 15_000 < last
    until(lambda: code.document().blockCount() == 20_000)
    assert in_view(code) == (first, last)
    assert code.document().findBlockByNumber(14_999).text() == lines[14_999]
    assert code.document().findBlockByNumber(first - 1).layout().formats(), (
        "what is in view is coloured again"
    )
    code.go_to(3)
    assert in_view(code)[0] <= 3


def test_F3_a_line_of_5_MB_opens_at_once_and_is_shown_cut(code: CodeView) -> None:
    source = page("var a = 1;", "x" * 5_000_000, "y = \U0001f600" * 500_000)
    start = time.process_time()
    code.show_page(source, (2, 2))
    code.grab()
    assert time.process_time() - start < 0.3
    assert code.cut_lines == 2
    assert code.document().blockCount() == 3
    assert len(code.document().findBlockByNumber(1).text()) < MAX_COLUMNS + 10


def test_T1_lines_keep_their_numbers_whatever_stands_in_them(code: CodeView) -> None:
    odd = "a\u2029b\u2028c\rd\x0ce\x85f\ufdd0g\u202eh"
    code.show_page(page("one", odd, "three"), (3, 3))
    assert code.document().blockCount() == 3
    assert code.document().findBlockByNumber(2).text() == "three"
    assert "U+202E" in code.document().findBlockByNumber(1).text()
    assert code.odd == 1


def test_T1_colours_stay_on_their_words_behind_an_odd_character(code: CodeView) -> None:
    line = "s = '\u202e' if x"
    code.show_page(page(line, tokens=(Token(1, 8, 2, TokenRole.KEYWORD),)))
    code._colour_in_view()
    block = code.document().firstBlock()
    found = [block.text()[each.start : each.start + each.length] for each in block.layout().formats()]
    assert found == ["if", "U+202E"]


def test_the_cited_lines_are_in_view_and_stay_there_while_the_pane_takes_its_size(code: CodeView) -> None:
    code.show_page(page(*[f"line {number}" for number in range(1, 501)]), (300, 303))
    code.resize(700, 200)
    rest()
    first, last = in_view(code)
    assert first <= 300
    assert last >= 303


def test_a_page_that_begins_inside_a_file_shows_the_file_s_numbers(code: CodeView) -> None:
    code.show_page(page(*[f"line {number}" for number in range(900, 1_000)], first=900), (950, 950))
    assert code.first_line == 900
    first, last = in_view(code)
    assert first <= 950 <= last


def test_the_margin_asks_once_where_its_lines_begin(code: CodeView, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    measure = code.blockBoundingGeometry

    def counted(block: QTextBlock) -> QRectF:
        asked.append(block.blockNumber())
        return measure(block)

    code.show_page(page(*(f"value_{number} = 1" for number in range(400))), (200, 201))
    rest()
    first, last = in_view(code)
    monkeypatch.setattr(code, "blockBoundingGeometry", counted)
    code._margin.grab()
    assert last - first > 10
    assert asked == [first - 1], "the view measures all lines above the one it is asked for"


def test_blame_that_comes_later_stands_at_the_first_line_of_its_run(code: CodeView) -> None:
    code.show_page(page("a", "b", "c"))
    run = BlameRun(2, 3, "d" * 40, "Ada Lovelace", 1_700_000_000, "Reserve four")
    code.set_blame((run,))
    assert code.blame == {2: run}
    assert short_blame(run) == "AL 2023"
    picked: list[str] = []
    code.commitClicked.connect(picked.append)
    box = code.blockBoundingGeometry(code.document().findBlockByNumber(2)).translated(code.contentOffset())
    y = round(box.center().y())
    QTest.mouseClick(code._margin, Qt.MouseButton.LeftButton, pos=QPoint(10, y))
    assert picked == ["d" * 40]


def test_a_year_that_cannot_be_is_left_out() -> None:
    assert short_blame(BlameRun(1, 1, "d" * 40, "", -(10**14), "")) == "?"


def test_a_click_on_a_name_asks_for_it_and_one_on_a_keyword_or_a_comment_does_not(code: CodeView) -> None:
    marks = (Token(1, 0, 6, TokenRole.KEYWORD), Token(1, 16, 6, TokenRole.COMMENT))
    code.show_page(page("return reserve() # four", tokens=marks))
    asked: list[str] = []
    followed: list[str] = []
    code.nameClicked.connect(asked.append)
    code.nameFollowed.connect(followed.append)
    for column in (2, 10, 20):
        QTest.mouseClick(code.viewport(), Qt.MouseButton.LeftButton, pos=_at(code, column))
    QTest.mouseClick(
        code.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, _at(code, 10)
    )
    assert asked == ["reserve"]
    assert followed == ["reserve"]


def _at(code: CodeView, column: int) -> QPoint:
    cursor = code.textCursor()
    cursor.setPosition(column)
    return code.cursorRect(cursor).center()


def test_finding_marks_every_place_and_walks_them(code: CodeView) -> None:
    code.show_page(page(*["Task \U0001f600 task TASK"] * 3))
    assert code.find_text("task") == 9
    code.show_found(1)
    marked = code.extraSelections()
    assert len(marked) == 9
    assert {each.cursor.selectedText().lower() for each in marked} == {"task"}
    assert code.find_text("") == 0
    assert code.extraSelections() == []
