"""What is shown of a question in plain words: whether it is of this repository, and the nearest pieces."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import pytest

from indexer.answer import unanswered
from indexer.answer.of_here import CERTAIN, LIKELY, PERHAPS, odds_of_here
from indexer.knowledge import KnowledgeBase
from indexer.settings import IndexingSettings, Settings
from indexer.types import Section, VerdictStatus
from tests.answer.conftest import Quiet, build_shop
from tests.conftest import Bench


@pytest.mark.parametrize(
    ("likeness", "held", "strange", "least", "most"),
    [
        # Near passages, and a good part of the question in one of them.
        ([0.55, 0.5, 0.5, 0.48, 0.47, 0.1], 0.6, 0.0, CERTAIN, math.inf),
        ([0.43, 0.43, 0.42, 0.41, 0.41], 0.3, 0.0, LIKELY, CERTAIN),
        ([0.33, 0.33, 0.32, 0.31, 0.31], 0.2, 0.1, PERHAPS, LIKELY),
        # "How many parcels does the belt take before it jams": near to nothing, and strange.
        ([0.31, 0.3, 0.29, 0.28, 0.28], 0.2, 0.6, -math.inf, PERHAPS),
        # By words alone there is no telling, nor with hardly anything found by meaning.
        ([0.0] * 40, 1.0, 0.0, -math.inf, PERHAPS),
        ([0.9, 0.9, 0.9, 0.9], 1.0, 0.0, -math.inf, PERHAPS),
        ([], 0.0, 0.0, -math.inf, PERHAPS),
    ],
)
def test_what_is_of_this_repository_is_told_by_meaning(likeness, held, strange, least, most):
    assert least <= odds_of_here(likeness, held, strange) < most


def test_more_strange_words_speak_against_it_and_more_that_is_held_for_it():
    near = [0.4] * 5

    assert odds_of_here(near, 0.5, 0.5) < odds_of_here(near, 0.5, 0.0) < odds_of_here(near, 0.9, 0.0)


@pytest.fixture(scope="module")
def knowledge(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> Iterator[KnowledgeBase]:
    """The shop with its vectors."""
    folder = tmp_path_factory.mktemp("alike")
    bench = Bench(folder, Settings(data_dir=folder / "data"), git_environment)
    made = KnowledgeBase.open(bench.locate(build_shop(bench.make("shop"))), bench.settings)
    made.words(Quiet())
    made.embed(Quiet())
    yield made
    made.close()


PLAIN = "Where do we throw out the sittings of those who stayed away for weeks?"


@pytest.fixture
def taken_to_be_of_here(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Set the limits so that a question is taken to be of this repository, or perhaps to be: of a dozen
    passages five are never near.
    """

    def set_limits(likely: bool) -> None:
        monkeypatch.setattr(unanswered, "PERHAPS", -20.0)
        monkeypatch.setattr(unanswered, "LIKELY", -20.0 if likely else 20.0)

    return set_limits


def test_plain_words_are_half_answered_with_what_is_nearest_and_it_is_said_to_be_no_more(
    knowledge, taken_to_be_of_here
):
    taken_to_be_of_here(True)

    answer = knowledge.ask(PLAIN)

    shown = [each for each in answer.statements if each.section is Section.WHAT]
    assert answer.verdict.status is VerdictStatus.PARTIAL
    assert answer.verdict.reason.endswith("and may be about something else.")
    assert shown
    assert all(each.citations for each in shown)
    assert any("purge_expired" in each.text or "nobody used for a month" in each.text for each in shown)


def test_what_is_not_likely_of_here_stays_unknown_and_shows_the_nearest_as_a_guess(
    knowledge, taken_to_be_of_here
):
    taken_to_be_of_here(False)

    answer = knowledge.ask(PLAIN)

    assert answer.verdict.status is VerdictStatus.UNKNOWN
    assert {each.section for each in answer.statements} == {Section.MISSING}
    assert any("may be about something else" in each.text for each in answer.statements)
    assert {each.path for s in answer.statements for each in s.citations} >= {"src/sessions.py"}


def test_of_what_people_did_about_something_here_nothing_says_that_it_is_not_here(
    knowledge, taken_to_be_of_here
):
    question = "Has a run at some other firm got stuck halfway because of the clean-up of sittings?"
    before = knowledge.ask(question).verdict

    taken_to_be_of_here(False)
    answer = knowledge.ask(question)

    assert before.status is VerdictStatus.UNKNOWN
    assert answer.verdict.status is VerdictStatus.MISSING
    assert answer.verdict.category is not None
    assert {each.section for each in answer.statements} == {Section.MISSING}


def test_tests_and_examples_are_near_to_nothing(knowledge, taken_to_be_of_here):
    taken_to_be_of_here(True)

    answer = knowledge.ask("Where does the signed biscuit come into play again?")

    cited = {each.path for s in answer.statements for each in s.citations if each.path}
    assert cited
    assert not {path for path in cited if path.startswith(("tests/", "examples/"))}


@pytest.mark.parametrize(
    "question", ["How does the FluxCapacitor charge?", "Who waters the plants in the greenhouse of Ulm?"]
)
def test_a_name_that_stands_nowhere_and_another_trade_are_shown_nothing_as_an_answer(knowledge, question):
    answer = knowledge.ask(question)

    assert answer.verdict.status in (VerdictStatus.UNKNOWN, VerdictStatus.MISSING)
    assert not [each for each in answer.statements if each.section is Section.WHAT]


def test_without_vectors_nothing_is_shown_by_meaning(tmp_path, git_environment):
    settings = Settings(data_dir=tmp_path / "data", indexing=IndexingSettings(model="none"))
    bench = Bench(tmp_path, settings, git_environment)
    made = KnowledgeBase.open(bench.locate(build_shop(bench.make("shop"))), bench.settings)
    made.words(Quiet())

    answer = made.ask(PLAIN)
    made.close()

    assert "something else" not in "\n".join(each.text for each in answer.statements)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        # Nothing here holds half of these words, so they may not be those that it is written in.
        (
            "Why did we settle on this way of remembering guests from last summer?",
            "may be recorded in other words",
        ),
        ("Why are expired sessions dropped after thirty days and not sixty?", "Not recorded: the reason"),
    ],
)
def test_only_what_was_found_by_its_words_is_said_to_be_recorded_by_nobody(knowledge, question, said):
    answer = knowledge.ask(question)

    assert answer.verdict.status in (VerdictStatus.MISSING, VerdictStatus.PARTIAL)
    assert said in answer.verdict.reason
