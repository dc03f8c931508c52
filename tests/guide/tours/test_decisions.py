"""A decision is told with its reason, with what it is about, and only while it still holds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from indexer.answer.sentences import sentences_of
from indexer.guide.tours.causal import gives_reason, is_fused, whole
from indexer.knowledge import KnowledgeBase
from indexer.shapes.onboarding import StepKind, TourStep
from indexer.types import ChunkKind
from tests.conftest import Bench
from tests.guide.conftest import ADA, BOB, YEAR_2024, Quiet, settings_of
from tests.guide.tours.conftest import derived
from tests.guide.tours.test_route import said, step_of


@pytest.mark.parametrize(
    ("text", "gives"),
    [
        ("Rows are text, because a person must be able to mend the file by hand.", True),
        ("Loaves are counted twice to avoid a loss at the door.", True),
        ("BREAKING CHANGE: the oven now accepts a map instead of a list.", False),
        ("Another reason is that ovens are hot, because they have to be.", False),
        ("Hence almost all loaves are made by hand, because that is better.", False),
        ("Doors could also help, because they let air in.", False),
        ("We skip this when the oven is hot, because it was baked already.", False),
        ("Upgrading needs care; shelves move; doors are kept; this means more work, because of rust.", False),
    ],
)
def test_a_reason_has_a_cause_and_stands_by_itself(text: str, gives: bool) -> None:
    assert gives_reason(text) is gives


def test_what_leans_on_a_sentence_is_quoted_with_it_and_a_problem_with_its_remedy() -> None:
    text = "Doors rust in the rain.\nTherefore, we paint them.\n\nThis is so, because of paint.\n"
    sentences = sentences_of(ChunkKind.DOC, "markdown", text, 1)
    first = whole(sentences, 0)
    assert first is not None
    assert first.text == "Doors rust in the rain. Therefore, we paint them."
    assert (first.start_line, first.end_line) == (1, 2)
    assert whole(sentences, 2) is None


def test_notes_below_each_other_are_no_sentence() -> None:
    assert is_fused(["Remove the door", "Fix the oven because it was cold"])
    assert not is_fused(["The door was removed from the whole of the long wall, because", "Bob wanted it."])


OVEN = '''"""The oven."""


class Oven:
    """Bakes loaves."""

    def bake_loaf(self, loaf):
        """Bake one."""
        heat = 200
        return loaf, heat
'''
DESIGN = """# Design decisions

What follows tells how the bakery came to be.

## Loaves are round

Round loaves need no tin. Hence they are baked on stones, because these are cheap.

## Ovens are small

Ovens stand in a row. Doors are white.

## Status

Accepted, because everybody said so in a long meeting.
"""


@pytest.fixture(scope="module")
def bakery(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> Iterator[KnowledgeBase]:
    folder = tmp_path_factory.mktemp("bakery")
    bench = Bench(folder, settings_of(folder), git_environment)
    made = bench.make("bakery")
    files = {"README.md": "# bakery\n", "shop/oven.py": OVEN, "docs/design-decisions.md": DESIGN}
    made.commit("Begin the bakery", files, ADA, YEAR_2024)

    def change(number: int, subject: str, body: str, text: str) -> None:
        made.commit(f"{subject}\n\n{body}", {"shop/oven.py": text}, BOB, YEAR_2024 + number * 90_000)

    hot = OVEN.replace("200", "210")
    broken = "Loaves were lost in the oven, because no loaf was counted before the door had been closed."
    change(1, "Count loaves", broken, hot)
    kept = hot + "\n\ndef count(loaves):\n    return len(loaves)\n"
    change(
        2, "Give count", "Loaves are counted by a function, so that a shop without an oven can count.", kept
    )
    gone = "Loaves are weighed by an own function, because weighing in the oven would burn whoever does it."
    change(3, "Make weighing a function", gone, kept + "\n\ndef weigh(loaf):\n    return 1\n")
    now = kept + "\n\ndef open_door():\n    return True\n"
    change(4, "Open", "Currently the door stays shut, because nobody opens it for those who come early.", now)
    kept = now
    change(5, "Weigh no more", "Nobody did.", kept)
    opened = KnowledgeBase.open(bench.locate(made), bench.settings)
    opened.words(Quiet())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def decided(bakery: KnowledgeBase) -> TourStep:
    return step_of(derived(bakery), StepKind.DECISIONS)


def test_each_heading_of_a_document_of_design_is_one_decision(decided: TourStep) -> None:
    text = said(decided)
    told = "“Round loaves need no tin. Hence they are baked on stones, because these are cheap.”"
    assert f"Loaves are round: {told}" in text
    assert "Ovens are small" not in text  # nobody says why
    assert "Accepted" not in text


def test_what_a_commit_mended_is_told_as_it_was_before(decided: TourStep) -> None:
    assert "“Count loaves”: before this change, “Loaves were lost in the oven, because" in said(decided)


def test_what_a_message_calls_current_is_so_no_more(decided: TourStep) -> None:
    assert "“Open”: before this change, “Currently the door stays shut" in said(decided)


def test_a_commit_of_which_no_line_is_left_explains_nothing(decided: TourStep) -> None:
    assert "“Give count”: “Loaves are counted by a function" in said(decided)
    assert "would burn" not in said(decided)


def test_the_check_names_what_it_asks_about(decided: TourStep) -> None:
    assert decided.check is not None
    assert decided.check.question == "What is the reason for “Loaves are round”, by docs/design-decisions.md?"
