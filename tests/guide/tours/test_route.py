"""A derived route: its steps, their order, and that each sentence is borne out."""

from __future__ import annotations

import pytest

from indexer.answer.citations import borne_out
from indexer.errors import NotFoundError
from indexer.guide.tours.route import LONGEST, SHORTEST, ordered
from indexer.knowledge import KnowledgeBase
from indexer.shapes.onboarding import StepKind, Tour, TourName, TourRole, TourStep
from indexer.types import AnchorState, Section
from tests.guide.tours.conftest import derived


def step_of(tour: Tour, kind: StepKind) -> TourStep:
    return next(step for step in tour.steps if step.kind is kind)


def said(step: TourStep) -> str:
    return "\n".join(line.statement.text for line in step.lines)


def test_a_route_has_8_to_15_steps_each_with_something_to_say(tour: Tour) -> None:
    assert SHORTEST <= len(tour.steps) <= LONGEST
    assert all(step.lines and step.minutes >= 1 for step in tour.steps)
    assert len({step.key for step in tour.steps}) == len(tour.steps)


def test_it_begins_with_what_it_is_for_and_ends_with_what_nobody_wrote_down(tour: Tour) -> None:
    assert tour.steps[0].kind is StepKind.PURPOSE
    assert "The till is a small shop server" in said(tour.steps[0])
    assert tour.steps[-1].kind is StepKind.UNWRITTEN


def test_every_sentence_is_borne_out_by_what_it_cites(till: KnowledgeBase, tour: Tour) -> None:
    sources = till.mentor._desk.sources
    for step in tour.steps:
        checks = () if step.check is None else (step.check.answer,)
        matters = () if step.matters is None else (step.matters,)
        for line in (*step.lines, *checks, *matters):
            assert borne_out(line.statement, sources), line.statement.text
            if line.statement.section is not Section.MISSING:
                assert line.statement.citations, line.statement.text


def test_all_code_to_read_stands_where_it_says(till: KnowledgeBase, tour: Tour) -> None:
    sources = till.mentor._desk.sources
    for step in tour.steps:
        for reading in step.reading:
            source = sources.file(reading.anchor.path or "")
            assert source is not None
            assert reading.state is AnchorState.CURRENT
            lines = source.lines[reading.anchor.start_line - 1 : reading.anchor.end_line]
            assert "\n".join(lines).startswith(reading.anchor.quote[:40])


def test_nothing_is_used_before_it_is_introduced(tour: Tour) -> None:
    home = {
        name: number for number, step in reversed(list(enumerate(tour.steps))) for name in step.introduces
    }
    for number, step in enumerate(tour.steps):
        for name in step.uses:
            assert home.get(name, -1) <= number, f"{step.title} uses {name} too early"


def test_a_request_is_followed_across_files(tour: Tour) -> None:
    flow = step_of(tour, StepKind.FLOW)
    walked = [line.statement.step for line in flow.lines if line.statement.step is not None]
    assert walked[0].name == "create_order"
    names = [each.name for each in walked]
    assert names.index("OrderService.place_order") < names.index("save_order")
    assert {each.path for each in walked} >= {"till/web.py", "till/orders.py"}


def test_the_commands_are_the_documents_own(tour: Tour) -> None:
    assert "`pip install -e .`" in said(step_of(tour, StepKind.RUN))
    assert "`python -m till serve`" in said(step_of(tour, StepKind.RUN))
    assert "`pytest tests`" in said(step_of(tour, StepKind.TESTS))


def test_reasons_that_somebody_recorded_are_quoted(tour: Tour) -> None:
    text = said(step_of(tour, StepKind.DECISIONS))
    assert "because a person must be able to mend the file by hand" in text
    assert "The bank settles in whole cents" in text
    assert "Bob Meyer" in text


def test_self_checks_have_one_right_choice_that_the_answer_names(tour: Tour) -> None:
    asked = [step.check for step in tour.steps if step.check is not None and step.check.choices]
    assert asked
    for check in asked:
        assert len(set(check.choices)) == len(check.choices) >= 3
        right = check.choices[check.right].rstrip("/").rpartition(".")[2]
        assert right in check.answer.statement.text


def test_the_same_state_gives_the_same_route(till: KnowledgeBase, tour: Tour) -> None:
    again = derived(till)
    assert [step.title for step in again.steps] == [step.title for step in tour.steps]
    till.mentor.tours.delete(type_name(again))


def type_name(tour: Tour) -> TourName:
    return TourName(tour.id)


@pytest.mark.parametrize("role", list(TourRole))
def test_every_role_has_a_route(till: KnowledgeBase, role: TourRole) -> None:
    made = derived(till, role=role)
    assert 6 <= len(made.steps) <= LONGEST
    till.mentor.tours.delete(type_name(made))


def test_an_area_is_a_folder_a_file_or_a_name(till: KnowledgeBase) -> None:
    for area, found in (
        ("till", "till"),
        ("./till/", "till"),
        ("OrderService", "till"),
        ("till/web.py", "till/web.py"),
    ):
        made = derived(till, area)
        assert made.area == found
        till.mentor.tours.delete(type_name(made))
    with pytest.raises(NotFoundError):
        derived(till, "no/such/place")


def test_a_step_that_uses_what_comes_later_is_put_behind_it() -> None:
    def step(key: str, introduces: tuple[str, ...] = (), uses: tuple[str, ...] = ()) -> TourStep:
        return TourStep(key, StepKind.CORE, key, (), introduces=introduces, uses=uses)

    first, second = step("a", ("A",), ("B",)), step("b", ("B",))
    assert [each.key for each in ordered([first, second, step("c", uses=("A",))])] == ["b", "a", "c"]
    circle = [step("x", ("X",), ("Y",)), step("y", ("Y",), ("X",))]
    assert [each.key for each in ordered(circle)] == ["x", "y"]
