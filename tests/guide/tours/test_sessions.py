"""Walks: progress, questions, gaps, self-checks, several at once, and what a mentor reads of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest

from indexer.errors import NotFoundError, UsageError
from indexer.knowledge import KnowledgeBase
from indexer.shapes.onboarding import (
    ReportForm,
    ReportWanted,
    SessionAct,
    SessionName,
    SessionPage,
    SessionStart,
    SessionStep,
    Tour,
)
from indexer.types import NoteDraft, Person
from tests.conftest import Bench
from tests.guide.conftest import OpenKnowledge
from tests.guide.tours.conftest import EVE, build_till, derived

MAX = Person("Max", "max@example.com")


@pytest.fixture
def walk(till: KnowledgeBase, tour: Tour) -> SessionPage:
    return till.mentor.sessions.start(SessionStart(tour.id, EVE))


Do = Callable[..., SessionPage]


@pytest.fixture
def do(till: KnowledgeBase, walk: SessionPage) -> Do:
    def act(act: SessionAct, **fields: object) -> SessionPage:
        step = SessionStep(walk.session.id, act, by=EVE, **fields)  # type: ignore[arg-type]
        return till.mentor.sessions.step(step)

    return act


def test_steps_are_ticked_off_one_after_another(do: Do, tour: Tour) -> None:
    keys = [step.key for step in tour.steps]
    for number in range(len(keys)):
        page = do(SessionAct.DONE)
        assert page.session.done == tuple(keys[: number + 1])
    assert page.session.current == ""
    assert page.session.finished


def test_any_step_can_be_done_opened_and_taken_back(do: Do, tour: Tour) -> None:
    page = do(SessionAct.DONE, step="3")
    assert page.session.done == (tour.steps[2].key,)
    assert page.session.current == tour.steps[3].key
    page = do(SessionAct.OPENED, step="1")
    assert page.session.current == tour.steps[0].key
    page = do(SessionAct.AGAIN, step="3")
    assert page.session.done == ()
    with pytest.raises(NotFoundError):
        do(SessionAct.DONE, step="99")


def test_being_stuck_is_a_gap_with_the_steps_code_and_who_may_know(
    do: Do, till: KnowledgeBase, tour: Tour
) -> None:
    page = do(SessionAct.STUCK, text="Why is a cent rounded up and not down?", step="5")
    gap = page.gaps[0]
    assert gap.question == "Why is a cent rounded up and not down?"
    assert gap.askers[0].name == EVE.name
    assert set(gap.paths) <= {each.anchor.path for each in tour.steps[4].reading}
    assert gap.contacts
    assert gap.id in {each.id for each in till.gaps(answered=True)}
    with pytest.raises(UsageError):
        do(SessionAct.STUCK, text="  ")


def test_a_question_is_kept_with_its_answer(do: Do, till: KnowledgeBase) -> None:
    answer = till.ask("How is an order placed?", EVE)
    page = do(SessionAct.ASKED, text=answer.question, asked_id=answer.kept_id)
    event = page.session.events[-1]
    assert event.status is answer.verdict.status
    assert "place_order" in event.answer
    assert "till/orders.py" in event.answer


def test_a_self_check_is_marked(do: Do, tour: Tour) -> None:
    number, step = next(
        (number, step) for number, step in enumerate(tour.steps, 1) if step.check and step.check.choices
    )
    assert step.check is not None
    wrong = (step.check.right + 1) % len(step.check.choices)
    assert do(SessionAct.CHECKED, step=str(number), chosen=wrong).session.events[-1].right is False
    assert do(SessionAct.CHECKED, step=str(number), chosen=step.check.right).session.events[-1].right is True
    with pytest.raises(UsageError):
        do(SessionAct.CHECKED, step=str(number), chosen=77)


def test_secrets_are_cut_out_of_what_is_kept(do: Do) -> None:
    token = "ghp_" + "0123456789abcdefABCDEF0123456789abcd"
    page = do(SessionAct.NOTED, text=f"I used {token} here")
    assert token not in page.session.events[-1].text


def test_several_walks_of_several_people_at_once(till: KnowledgeBase, tour: Tour, walk: SessionPage) -> None:
    other = till.mentor.sessions.start(SessionStart(tour.id[:5], MAX))
    till.mentor.sessions.step(SessionStep(other.session.id, SessionAct.DONE))
    assert till.mentor.sessions.show(SessionName(walk.session.id)).session.done == ()
    ids = {each.id for each in till.mentor.sessions.all().sessions}
    assert {other.session.id, walk.session.id} <= ids
    till.mentor.sessions.delete(SessionName(other.session.id))
    assert other.session.id not in {each.id for each in till.mentor.sessions.all().sessions}
    till.mentor.sessions.restore(SessionName(other.session.id))
    assert len(till.mentor.sessions.show(SessionName(other.session.id)).session.done) == 1


def test_the_report_says_what_was_read_asked_and_not_answered(
    do: Do, till: KnowledgeBase, tour: Tour
) -> None:
    do(SessionAct.DONE)
    do(SessionAct.STUCK, text="Who decided that rows are text?")
    page = do(SessionAct.NOTED, text="Ask about the bank.")
    text = till.mentor.sessions.report(ReportWanted(page.session.id)).text
    assert text.startswith("# Eve Newcomer: ")
    assert "Who decided that rows are text?" in text
    assert "May know: " in text
    assert tour.steps[0].title in text.partition("What was read")[2]
    assert "Ask about the bank." in text
    assert "lorebase note add --gap" in text


def test_t2_t7_the_html_report_runs_nothing_and_loads_nothing(do: Do, till: KnowledgeBase) -> None:
    evil = "<script>alert(1)</script><img src=http://x/y> \u202e [a](javascript:b) =cmd()"
    page = do(SessionAct.STUCK, text=evil)
    html = till.mentor.sessions.report(ReportWanted(page.session.id, ReportForm.HTML)).text
    assert "<script" not in html
    assert "<img" not in html
    assert "\u202e" not in html
    assert "default-src 'none'" in html
    markdown = till.mentor.sessions.report(ReportWanted(page.session.id)).text
    assert "\\<script" in markdown
    assert "](javascript" not in markdown


def test_an_answered_gap_is_answered_in_the_report(bench: Bench, open_knowledge: OpenKnowledge) -> None:
    own = open_knowledge(build_till(bench.make("till")))
    page = own.mentor.sessions.start(SessionStart(derived(own).id, EVE))
    page = own.mentor.sessions.step(SessionStep(page.session.id, SessionAct.STUCK, text="Why up?", by=EVE))
    own.add_note(NoteDraft("Why up", "The bank wants it.", gap_id=page.gaps[0].id))
    text = own.mentor.sessions.report(ReportWanted(page.session.id)).text
    assert "Answered since by note" in text
    assert "Nothing is open." in text


def test_a_mentor_sees_where_people_are_stuck_and_what_comes_up_again(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    own = open_knowledge(build_till(bench.make("till")))
    tour = derived(own)
    for who in (EVE, MAX):
        page = own.mentor.sessions.start(SessionStart(tour.id, who))
        own.mentor.sessions.step(SessionStep(page.session.id, SessionAct.DONE, by=who))
        stuck = SessionStep(page.session.id, SessionAct.STUCK, text="Why are rows text?", by=who)
        own.mentor.sessions.step(stuck)
    found = own.mentor.sessions.overview()
    trouble = found.tours[0]
    assert (trouble.sessions, trouble.finished) == (2, 0)
    assert [each.done for each in trouble.steps[:2]] == [2, 0]
    assert trouble.steps[1].stuck == 2
    assert set(found.gaps[0].people) == {"Max", "Eve Newcomer"}
    assert found.gaps[0].gap.asked == 2
    assert found.gaps[0].steps == (tour.steps[1].title,)


def test_walks_outlive_a_rebuild_a_restart_and_a_lost_database(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = build_till(bench.make("till"))
    own = open_knowledge(made)
    tour = derived(own)
    page = own.mentor.sessions.start(SessionStart(tour.id, EVE))
    own.mentor.sessions.step(SessionStep(page.session.id, SessionAct.NOTED, text="Before the loss.", by=EVE))
    people = own._people.path
    own.close()
    people.write_bytes(b"garbage" * 1000)  # S9: the last backup is older than all of this
    again = open_knowledge(made)
    kept = again.mentor.sessions.show(SessionName(page.session.id))
    assert [each.text for each in kept.session.events if each.text] == ["Before the loss."]
    assert kept.tour.steps == tour.steps
    assert any("people.db was damaged" in notice for notice in again._people.notices)


def test_a_database_of_the_version_before_gets_the_tables(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = build_till(bench.make("till"))
    own = open_knowledge(made)
    note = own.add_note(NoteDraft("Kept", "Over the upgrade."))
    path = own._people.path
    own.close()
    with sqlite3.connect(path) as db:
        for table in ("tour_version", "session", "session_event"):
            db.execute(f"DROP TABLE {table}")
        db.execute("PRAGMA user_version = 2")
    db.close()
    again = open_knowledge(made)
    assert again.note(note.id).text == "Over the upgrade."
    tour = derived(again)
    assert again.mentor.sessions.start(SessionStart(tour.id, EVE)).session.id


def test_walks_of_an_older_folder_are_taken_over(bench: Bench, open_knowledge: OpenKnowledge) -> None:
    from indexer.index.people import People

    own = open_knowledge(build_till(bench.make("till")))
    tour = derived(own)
    page = own.mentor.sessions.start(SessionStart(tour.id, EVE))
    own.mentor.sessions.step(SessionStep(page.session.id, SessionAct.NOTED, text="Mine.", by=EVE))
    old = own._people.path.parent
    own.close()
    fresh = People.open(bench.folder / "fresh")
    fresh.take_over(old)
    assert [each.id for each in fresh.walks.sessions()] == [page.session.id]
    assert len(fresh.walks.events(page.session.id)) == 2
    fresh.close()


def test_an_unknown_session_is_said_to_be_one(till: KnowledgeBase) -> None:
    with pytest.raises(NotFoundError):
        till.mentor.sessions.show(SessionName("nope"))
