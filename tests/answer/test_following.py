"""Questions that go on from an answer: what they leave out is what was asked before."""

import pytest

from indexer.answer.following import followed
from indexer.types import (
    Answer,
    Citation,
    CitationKind,
    Freshness,
    Section,
    Statement,
    Verdict,
    VerdictStatus,
)
from tests.asking import build_shop, opened


def answer(question: str, path: str = "shop/payment.py", about: str = "") -> Answer:
    proof = Citation(CitationKind.SPAN, path, 1, 1, None, None, "x")
    return Answer(
        question,
        None,
        Verdict(VerdictStatus.GROUNDED, None, "", (), ()),
        (Statement("It settles.", Section.WHAT, (proof,)),),
        (),
        "extracted",
        Freshness(None, None, -1, False, True, 0, 0),
        about=about,
    )


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("why?", "why (`Payment.settle`)?"),
        ("and why is it done?", "why is it done (`Payment.settle`)?"),
        ("since when?", "since when (`shop/payment.py`, `Payment.settle`)?"),
        ("And who wrote that?", "who wrote that (`shop/payment.py`, `Payment.settle`)?"),
        ("does a refund undo it and why?", "does a refund undo it and why (`Payment.settle`)?"),
        ("who wrote this function?", "who wrote this function (`shop/payment.py`, `Payment.settle`)?"),
        ("why does this payment wait?", "why does this payment wait (`Payment.settle`)?"),
        ("what about the refund?", "How does `Payment.settle` work (the refund)?"),
    ],
)
def test_what_a_question_leaves_out_is_taken_from_the_one_before(question, text):
    assert followed(question, answer("How does `Payment.settle` work?")).text == text


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote the ledger?",
        "What does `refund` do?",
        "Why is the invoice frozen so that nobody can change a line?",
        "How is a request sent and its response returned?",
        "How does a refund work and who wrote it?",
        "Why was this discount limit chosen?",
        "Who decides these shipping rates?",
    ],
)
def test_a_question_that_names_its_own_subject_stands_alone(question):
    told = followed(question, answer("How does `Payment.settle` work?"))
    assert (told.text, told.about) == (question, "")


def test_the_subject_is_kept_over_several_questions():
    first = followed("why?", answer("How is the retry limit of payments read?"))
    second = followed("and since when?", answer("why?", path="shop/retry.py", about=first.about))
    assert first.about == second.about == "retry limit payments read"


def test_who_wrote_that_is_answered_about_the_file_that_was_cited(tmp_path, git_environment):
    with opened(build_shop(tmp_path / "repo", git_environment), tmp_path / "data") as shop:
        before = shop.ask("What does `post_entry` do?")
        after = shop.answerer.ask("and who wrote that?", before=before)
        named = shop.answerer.ask("Who wrote the code of the gateway?", before=before)
    assert after.question == "and who wrote that?"
    assert "post_entry" in after.about
    assert any("shop/ledger.py" in each.text for each in after.statements)
    assert named.about == ""


def test_a_gap_met_on_the_way_can_be_read_by_itself(tmp_path, git_environment):
    with opened(build_shop(tmp_path / "repo", git_environment), tmp_path / "data") as shop:
        before = shop.ask("What is GIFT_DAYS?")
        shop.answerer.ask("why?", before=before)
        gaps = [gap.question for gap in shop.notes.gaps()]
    assert gaps == ["why (`GIFT_DAYS`)?"]
