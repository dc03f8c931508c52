"""Questions asked before, notes and gaps that are put away."""

from __future__ import annotations

import pytest

from indexer.errors import NotFoundError
from indexer.index import people
from indexer.pages import AskedName, AskedWanted, SuggestionGroup, SuggestWanted
from indexer.types import NoteDraft
from tests.conftest import Bench
from tests.guide.conftest import OpenKnowledge, Quiet, build_shop

UNANSWERED = "Why does Basket.add_item append to items?"


def test_an_answer_can_be_read_again_as_it_was_given(open_knowledge: OpenKnowledge, bench: Bench) -> None:
    knowledge = open_knowledge(build_shop(bench.make()))
    given = knowledge.ask("How does Basket.total_price work?")
    row = knowledge.pages.asked.list(AskedWanted()).rows[0]
    assert (row.question, row.status, row.commit_id, row.kept) == (
        given.question,
        given.verdict.status,
        given.commit_id,
        True,
    )
    assert knowledge.pages.asked.kept(AskedName(row.id)).answer == given


def test_asking_again_makes_a_new_row(open_knowledge: OpenKnowledge, bench: Bench) -> None:
    knowledge = open_knowledge(build_shop(bench.make()))
    for _ in range(2):
        knowledge.ask("What is a Basket?")
    listed = knowledge.pages.asked.list(AskedWanted())
    assert listed.total == 2
    assert len({row.id for row in listed.rows}) == 2
    assert all(row.kept for row in listed.rows)


def test_words_filter_the_list_and_slices_are_counted(open_knowledge: OpenKnowledge, bench: Bench) -> None:
    knowledge = open_knowledge(build_shop(bench.make()))
    for question in ("What is a Basket?", "Where is checkout defined?", "Who knows shop/money.py?"):
        knowledge.ask(question)
    listed = knowledge.pages.asked.list(AskedWanted(text="BASKET what"))
    assert [row.question for row in listed.rows] == ["What is a Basket?"]
    part = knowledge.pages.asked.list(AskedWanted(start=1, count=1))
    assert ([row.question for row in part.rows], part.total) == (["Where is checkout defined?"], 3)


def test_answers_beyond_the_bound_are_let_go_and_the_list_says_so(
    open_knowledge: OpenKnowledge, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "ANSWERS_KEPT", 2)
    monkeypatch.setattr("indexer.guide.asked.ANSWERS_KEPT", 2)
    knowledge = open_knowledge(build_shop(bench.make()))
    for question in ("What is a Basket?", "Where is checkout defined?", "Who knows shop/money.py?"):
        knowledge.ask(question)
    listed = knowledge.pages.asked.list(AskedWanted())
    assert [row.kept for row in listed.rows] == [True, True, False]
    assert listed.notices
    with pytest.raises(NotFoundError, match="not kept"):
        knowledge.pages.asked.kept(AskedName(listed.rows[-1].id))


@pytest.mark.parametrize("odd", ["", "x", "-1", "99", "²"])
def test_an_id_that_was_never_given_is_refused(open_knowledge: OpenKnowledge, bench: Bench, odd: str) -> None:
    knowledge = open_knowledge(build_shop(bench.make()), words=False)
    with pytest.raises(NotFoundError):
        knowledge.pages.asked.kept(AskedName(odd))


def test_a_deleted_note_is_gone_everywhere_and_comes_back_whole(
    open_knowledge: OpenKnowledge, bench: Bench
) -> None:
    knowledge = open_knowledge(build_shop(bench.make()))
    note = knowledge.add_note(NoteDraft("Rounding", "The till rounds half up.", "round_price"))
    knowledge.edit_note(note.id, NoteDraft("", "The till rounds half up, always."))
    assert knowledge.pages.delete_note(note.id).title == "Rounding"
    assert knowledge.notes() == ()
    assert knowledge.pages.counts().notes == 0
    found = knowledge.pages.suggester.suggest(SuggestWanted("rounding"))
    assert all(row.group is not SuggestionGroup.NOTE for row in found.rows)
    back = knowledge.pages.restore_note(note.id)
    assert back.text == "The till rounds half up, always."
    assert [each.id for each in knowledge.notes()] == [note.id]
    with pytest.raises(NotFoundError):
        knowledge.pages.delete_note("n0")


def test_a_gap_is_open_again_while_the_note_that_answers_it_is_deleted(
    open_knowledge: OpenKnowledge, bench: Bench
) -> None:
    knowledge = open_knowledge(build_shop(bench.make()))
    gap_id = knowledge.ask(UNANSWERED).gap_id
    assert gap_id is not None
    note = knowledge.add_note(NoteDraft("Price", "The board chose it in May.", gap_id=gap_id))
    assert knowledge.gaps(answered=False) == ()
    knowledge.pages.delete_note(note.id)
    assert [each.id for each in knowledge.gaps(answered=False)] == [gap_id]
    knowledge.pages.restore_note(note.id)
    assert knowledge.gaps(answered=False) == ()


def test_a_dismissed_gap_is_listed_apart_and_comes_back(open_knowledge: OpenKnowledge, bench: Bench) -> None:
    knowledge = open_knowledge(build_shop(bench.make()))
    gap_id = knowledge.ask(UNANSWERED).gap_id
    assert gap_id is not None
    knowledge.pages.dismiss_gap(gap_id)
    knowledge.ask(UNANSWERED)
    assert knowledge.gaps(answered=True) == ()
    assert [(each.id, each.asked) for each in knowledge.gaps(answered=False, dismissed=True)] == [(gap_id, 2)]
    knowledge.pages.restore_gap(gap_id)
    assert [each.id for each in knowledge.gaps(answered=False)] == [gap_id]


def test_stale_notes_are_counted(open_knowledge: OpenKnowledge, bench: Bench) -> None:
    made = build_shop(bench.make())
    knowledge = open_knowledge(made)
    knowledge.add_note(NoteDraft("Rounding", "The till rounds half up.", "round_price"))
    assert knowledge.pages.counts().stale == 0
    made.commit("Round down", {"shop/money.py": "def round_price(price):\n    return int(price)\n"})
    knowledge.words(Quiet())
    assert knowledge.pages.counts().stale == 1
