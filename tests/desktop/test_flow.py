"""A walk along calls is drawn as one: each step under its caller, each number where its lines are."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.answer_page import AnswerPage, arrange
from desktop.flow import FlowRow, flow_rows, runs
from desktop.places import AskPlace
from desktop.theme import Theme
from desktop.views.ask import AskView
from desktop.widgets.flowview import FlowView, row_height, told_below
from indexer.types import (
    Answer,
    Citation,
    CitationKind,
    Freshness,
    Section,
    Statement,
    Step,
    Verdict,
    VerdictStatus,
)
from tests.conftest import SmallRepository
from tests.desktop.conftest import Desk, rest, shown, until

CALLS = '''\
"""Sends a parcel."""

from depot import pack, store


def send_parcel(parcel):
    """Send a parcel to where it is wanted."""
    weigh(parcel)
    pack(parcel)
    store(parcel)


def weigh(parcel):
    """Weigh the parcel before it is sent."""
    return parcel.weight * 2
'''

DEPOT = '''\
"""Where parcels wait to be sent."""


def pack(parcel):
    """Pack the parcel into a box that can be sent."""
    seal(parcel)
    return parcel


def seal(parcel):
    """Seal the box of the parcel."""
    parcel.sealed = True


def store(parcel):
    """Store the parcel until the van sends it on."""
    label(parcel)
    return parcel


def label(parcel):
    """Label the parcel with its way."""
    parcel.label = parcel.to
'''


def span(path: str, line: int, end: int = 0) -> Citation:
    return Citation(CitationKind.SPAN, path, line, end or line, "c" * 40, "b" * 40, f"line {line}")


def step(name: str, line: int, caller: str = "", at: int = 0, sure: bool = True) -> Statement:
    found = Step(name, "a.py", line, f"Does {name}.", caller, at, sure)
    cited = ([span("a.py", at)] if at else []) + [span("a.py", line, line + 1)]
    return Statement(Section.WHAT, f"`{name}`", tuple(cited), step=found)


WALK = (
    step("start", 10),
    step("one", 100, "start", 20),
    step("inner", 200, "one", 140),
    step("two", 300, "start", 40, sure=False),
)


def page_of(*statements: Statement) -> AnswerPage:
    verdict = Verdict(VerdictStatus.GROUNDED, None, "", (), ())
    fresh = Freshness("c" * 40, "c" * 40, 0, True, True, 1, 1)
    return arrange(Answer("How?", "c" * 40, verdict, statements, (), "extracted", fresh))


def rows_of(*statements: Statement) -> tuple[FlowRow, ...]:
    page = page_of(*statements)
    return flow_rows(page.sections[0][1], page)


def test_each_step_stands_under_the_one_that_calls_it() -> None:
    rows = rows_of(*WALK)
    assert [(row.step.name, row.depth) for row in rows] == [
        ("start", 0),
        ("one", 1),
        ("inner", 2),
        ("two", 1),
    ]
    assert [row.goes_on for row in rows] == [(), (True,), (True, False), (False,)]


def test_a_step_leads_to_the_definition_and_not_to_the_call() -> None:
    page = page_of(*WALK)
    for row in flow_rows(page.sections[0][1], page):
        source = page.source(row.leads_to)
        assert source is not None
        assert source.start_line <= row.step.line <= source.end_line


def test_sentences_stay_sentences_and_a_single_step_is_one() -> None:
    sentence = Statement(Section.WHAT, "Said.", (span("b.py", 1),))
    told = page_of(sentence, *WALK, replace(sentence, text="More.")).sections[0][1]
    assert [(is_walk, len(part)) for is_walk, part in runs(told)] == [(False, 1), (True, 4), (False, 1)]
    assert [is_walk for is_walk, _ in runs(page_of(WALK[0]).sections[0][1])] == [False]


def test_a_walk_is_walked_by_keyboard_and_its_numbers_are_clicked(theme: Theme) -> None:
    rows = rows_of(*WALK)
    view = FlowView(theme, rows)
    shown(view, 540, view.height())
    stepped: list[int] = []
    clicked: list[int] = []
    view.stepped.connect(stepped.append)
    view.chipClicked.connect(clicked.append)
    view.select(rows[0].leads_to)
    assert stepped == []
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert stepped == [rows[1].leads_to, rows[2].leads_to]
    assert clicked == [rows[2].leads_to]
    call = next(number for number in rows[3].numbers if number != rows[3].leads_to)
    where = view.viewport().mapFromGlobal(view.chip_rect(call).center())
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert clicked[-1] == call


def test_a_screen_reader_is_told_where_a_step_is_called_and_when_it_is_a_guess(theme: Theme) -> None:
    view = FlowView(theme, rows_of(*WALK))
    said = [
        str(view.model().index(place, 0).data(Qt.ItemDataRole.AccessibleTextRole))
        for place in range(len(WALK))
    ]
    assert said[1] == "Step 2, one, a.py 100, called by start at line 20, Does one."
    assert "most likely" in said[3]


def test_a_step_tells_under_which_condition_it_is_come_by(theme: Theme) -> None:
    assert WALK[1].step is not None
    only = replace(WALK[1], step=replace(WALK[1].step, when="ready", says=""))
    rows = rows_of(WALK[0], only)
    view = FlowView(theme, rows)
    said = str(view.model().index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole))
    assert said == "Step 2, one, a.py 100, called by start at line 20, if ready"
    assert told_below(rows[1].step, "if %s") == "if `ready`"
    assert row_height(rows[1]) == row_height(rows_of(*WALK)[1]), "there is room for the line below"


def test_how_something_works_is_drawn_from_a_real_repository(
    desk: Desk, small_repository: SmallRepository, theme: Theme
) -> None:
    small_repository.commit("Send parcels", {"parcels.py": CALLS, "depot.py": DEPOT})
    view = AskView(theme)
    view.set_link(desk.indexed(small_repository))
    shown(view, 1368, 824)
    view.show_place(AskPlace("How does send_parcel work step by step?"))
    until(lambda: view.findChildren(FlowView))
    rest(0.1)
    walk = view.findChildren(FlowView)[0]
    tree = [(row.step.name, row.depth, row.step.path, row.step.line) for row in walk.rows]
    assert tree[0] == ("send_parcel", 0, "parcels.py", 6)
    assert ("pack", 1, "depot.py", 4) in tree
    names = [name for name, *_ in tree]
    assert names.index("pack") < names.index("store") < names.index("label")
    assert tree[names.index("label")][1] == 2
    walk.setFocus()
    QTest.keyClick(walk, Qt.Key.Key_Down)
    until(lambda: view.evidence.selected() == walk.rows[1].leads_to)
    assert walk.selected == walk.rows[1].leads_to
