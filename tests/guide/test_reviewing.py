"""A person's mark on an answer: seen by later readers, stale when the answer rests on something else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.errors import UsageError
from indexer.guide.reviewing import Reviews
from indexer.types import Answer, ReviewDraft, ReviewMark
from tests.asking import GIFT, Asking, build_shop, opened

QUESTION = "Why is GIFT_DAYS 400?"
CONFIRM = ReviewDraft(QUESTION, ReviewMark.CONFIRMED, "Legal told me.", "Ruth", "ruth@example.com")


@pytest.fixture
def shop(tmp_path: Path, git_environment: dict[str, str]) -> Iterator[Asking]:
    with opened(build_shop(tmp_path / "repo", git_environment), tmp_path / "data") as asking:
        yield asking


@pytest.fixture
def reviews(shop: Asking) -> Reviews:
    return Reviews(shop.people)


def marks(answer: Answer) -> list[tuple[ReviewMark, str, bool]]:
    return [(each.mark, each.by, each.stale) for each in answer.reviews]


def test_a_mark_is_shown_with_the_same_question_in_other_words(shop: Asking, reviews: Reviews) -> None:
    answer = shop.ask(QUESTION)
    (review,) = reviews.add(CONFIRM, answer).reviews
    assert (review.by, review.comment, review.commit_id) == ("Ruth", "Legal told me.", answer.commit_id)
    again = reviews.marked(shop.ask("what is the reason that GIFT_DAYS is 400"))
    assert marks(again) == [(ReviewMark.CONFIRMED, "Ruth", False)]
    assert reviews.marked(shop.ask("Who approved GIFT_DAYS?")).reviews == ()


def test_each_person_has_one_mark_the_last_one(shop: Asking, reviews: Reviews) -> None:
    answer = shop.ask(QUESTION)
    reviews.add(CONFIRM, answer)
    reviews.add(replace(CONFIRM, mark=ReviewMark.DISPUTED, by="Leo", email="leo@example.com"), answer)
    both = reviews.add(replace(CONFIRM, mark=ReviewMark.DISPUTED), answer)
    assert marks(both) == [(ReviewMark.DISPUTED, "Ruth", False), (ReviewMark.DISPUTED, "Leo", False)]
    rest = reviews.add(replace(CONFIRM, mark=ReviewMark.WITHDRAWN), answer)
    assert marks(rest) == [(ReviewMark.DISPUTED, "Leo", False)]


def test_a_mark_is_stale_when_the_answer_rests_on_other_words(shop: Asking, reviews: Reviews) -> None:
    reviews.add(CONFIRM, shop.ask(QUESTION))
    shop.repository.commit("Say hello", {"README.md": "# Shop\n\nHello.\n"})
    shop.repository.commit("Move it down", {"shop/gift.py": f'"""Gifts."""\n\n{GIFT}'})
    shop.index()
    assert marks(reviews.marked(shop.ask(QUESTION))) == [(ReviewMark.CONFIRMED, "Ruth", False)], "only moved"
    shop.repository.commit("A year", {"shop/gift.py": GIFT.replace("GIFT_DAYS = 400", "GIFT_DAYS = 365")})
    shop.index()
    assert marks(reviews.marked(shop.ask(QUESTION))) == [(ReviewMark.CONFIRMED, "Ruth", True)]


def test_a_mark_needs_no_words_and_takes_no_essay(shop: Asking, reviews: Reviews) -> None:
    answer = shop.ask(QUESTION)
    assert reviews.add(replace(CONFIRM, comment="  "), answer).reviews[0].comment == ""
    with pytest.raises(UsageError, match="2,000 characters"):
        reviews.add(replace(CONFIRM, comment="x" * 2_001), answer)
