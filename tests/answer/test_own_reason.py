"""The reason that stands at the definition itself, and what is no reason for it."""

from __future__ import annotations

import pytest

from indexer.answer.cues import Cue, cue_of
from indexer.index.reader import PassageReader
from indexer.types import Citation, CitationKind, Section, Statement, VerdictStatus, sections_shown
from tests.asking import Asking, opened
from tests.conftest import SmallRepository

WORKERS = '''"""Workers of the shop's queue."""

import random

# Threads get slices of 100 ms.
#
# A busy worker may hold one so long that others see timeouts, which a lower
# priority makes rarer.
THREAD_PRIORITY = -1

MOST_ATTEMPTS = 25

# How long the shop waits for the post office.
POST_OFFICE_WAIT = 40


# The post office answers a request at a time. The order of the queues is made
# anew for each fetch, to honor weights and avoid queue starvation.
def queue_order(queues):
    """Return the queues as a fetch goes through them."""
    shuffled = list(queues)
    random.shuffle(shuffled)
    return shuffled


def splay(failures):
    """Spread attempts out, so that not all come at once: the most is 30 seconds times each attempt,
    which would be 780 seconds for the last of the most attempts.
    """
    return random.random() * 30 * failures
'''


@pytest.fixture(scope="module")
def workers(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("workers")
    (folder / "repo").mkdir()
    made = SmallRepository(folder / "repo", dict(git_environment))
    made.git("init", "--quiet", "--initial-branch=main", ".")
    made.commit("Begin with the workers", {"shop/workers.py": WORKERS})
    with opened(made, folder / "data", PassageReader(1)) as asking:
        yield asking


def why(asking: Asking, question: str) -> str:
    return asking.said(question, Section.WHY)


def test_the_comment_on_a_value_is_its_reason_with_what_leads_to_it(workers: Asking):
    question = "Why is THREAD_PRIORITY -1?"

    said = why(workers, question)

    assert "Threads get slices of 100 ms." in said
    assert "which a lower priority makes rarer" in said
    assert workers.ask(question).verdict.status is VerdictStatus.GROUNDED


def test_a_comment_that_only_names_a_value_gives_no_reason(workers: Asking):
    answer = workers.ask("Why is POST_OFFICE_WAIT 40?")

    assert answer.verdict.status is not VerdictStatus.GROUNDED
    assert not [each for each in answer.statements if each.section is Section.WHY and not each.hinted]


def test_a_reason_for_other_figures_is_none_for_this_one(workers: Asking):
    question = "Why is MOST_ATTEMPTS 25 and not some other number?"

    assert "780 seconds" not in why(workers, question)
    assert workers.ask(question).verdict.status is not VerdictStatus.GROUNDED


def test_of_a_definition_in_plain_words_its_comment_is_the_reason(workers: Asking):
    assert "to honor weights and avoid queue starvation" in why(
        workers, "Why is the order of the queues shuffled for each fetch?"
    )


def test_what_is_quoted_as_a_hint_is_not_called_unrecorded_nor_taken_for_the_reason(workers: Asking):
    hinted = workers.ask("Why was the queue order made anew and not kept for a day?")
    bare = workers.ask("Why is POST_OFFICE_WAIT 40?")

    assert any(each.hinted for each in hinted.statements)
    assert hinted.verdict.reason.startswith("Not plainly recorded: the reason (")
    assert "may hint at it, or be about something else" in hinted.verdict.reason
    assert not any(each.hinted for each in bare.statements)
    assert bare.verdict.reason.startswith("Not recorded: the reason (")


def test_a_reason_that_is_asked_for_leads(workers: Asking):
    statements = workers.ask("Why is THREAD_PRIORITY -1?").statements

    assert sections_shown(statements)[0] is Section.WHY


def test_a_hint_never_leads_nor_does_what_is_missing():
    place = Citation(CitationKind.FACT, None, 0, 0, None, None, "")
    hint = Statement(Section.WHY, "Only hinted at", (place,), hinted=True)
    missing = Statement(Section.MISSING, "Not recorded", ())
    what = Statement(Section.WHAT, "It waits.", (place,))

    assert sections_shown([missing, hint, what])[0] is Section.WHAT
    assert sections_shown([]) == (Section.WHAT, Section.WHY, Section.MISSING)


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("The order is made anew to honor weights and avoid starvation.", Cue.STRONG),
        ("With shorter slices we reduce the risk of timeouts.", Cue.STRONG),
        ("The most splay would be 780 seconds.", Cue.NONE),
    ],
)
def test_how_plainly_a_sentence_gives_a_reason(text: str, cue: Cue):
    assert cue_of(text) is cue
