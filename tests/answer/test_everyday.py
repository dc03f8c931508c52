"""Plain words for what code calls otherwise, and lines of prose that are no commands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.answer.command_lines import Command, commands_in
from indexer.answer.commands import serving
from indexer.answer.everyday import otherwise_called
from indexer.answer.evidence import CALLED
from indexer.answer.goals import MEANT
from indexer.answer.irregular import FORMS
from indexer.answer.needs import Need
from indexer.answer.questions import read_question
from indexer.answer.reaching import is_noun
from indexer.repo.words import stem
from indexer.types import Section, VerdictStatus
from tests.asking import Asking, opened
from tests.conftest import SmallRepository

QUEUE = '''"""Jobs and what becomes of them."""


class Job:
    """One piece of work."""

    def retry(self, countdown):
        """Send the job to the queue once more, after a while."""
        return self.queue.push(self, countdown)

    def on_failure(self, error):
        """Note that the job failed."""
        return error


def retried(job):
    return job.retry(10)


def retries_left(job):
    """How many a retry has left."""
    return job.limit - job.retry_count
'''
GUIDE = """Jobs
====

Limits
------

.. attribute:: limit

    task will be sent for ever until it succeeds.

Tidying
-------

    $ make tidy
"""
MAKEFILE = 'report:\n\t@echo "The results of several jobs are in jobs.txt."\n\tpython report.py\n'


@pytest.fixture(scope="module")
def queue(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("plain") / "repo"
    folder.mkdir()
    repository = SmallRepository(folder, dict(git_environment))
    repository.git("init", "--quiet", "--initial-branch=main", ".")
    files = {"queue/job.py": QUEUE, "docs/jobs.rst": GUIDE, "Makefile": MAKEFILE}
    repository.commit("Send jobs", files)
    with opened(repository, tmp_path_factory.mktemp("data")) as asking:
        yield asking


def test_what_is_said_in_plain_words_is_found_under_its_own_name(queue: Asking):
    said = queue.said("How does a job get run again?")
    assert "`Job.retry`" in said
    assert "on_failure" not in said


def test_only_what_stands_here_is_searched_for(queue: Asking):
    evidence = queue.answerer._inquire("How does a job get run again?").evidence
    assert evidence.called == frozenset({"retri"})
    # It counts for what was said, and not as the very word.
    assert evidence.terms_in("A retry is made.") == frozenset({"run"})
    assert not evidence.spoken_in("A retry is made.")
    assert not queue.answerer._inquire("Who gets the money back?").evidence.called


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("How is a task run again after it fails?", "retry"),
        ("Can two jobs run at the same time?", "concurrent"),
        ("How long is a result kept?", "expires"),
        ("Where is a user sent to another page?", "redirect"),
    ],
)
def test_plain_words_have_their_terms(text, term):
    assert any(term in terms for _, terms in otherwise_called(text))


def test_a_question_in_its_own_terms_has_no_others():
    assert not otherwise_called("How does the scheduler parse a crontab?")


def test_prose_that_begins_with_a_tool_is_no_command():
    assert [each.text for each in commands_in("docs/jobs.rst", tuple(GUIDE.split("\n")))] == ["make tidy"]


def test_what_a_recipe_prints_does_not_speak_for_it(queue: Asking):
    said = queue.said("How do I run several jobs and then use their results?")
    assert "make report" not in said


def test_all_forms_of_an_irregular_verb_are_one_word():
    assert FORMS[stem("hide")] == {stem("hid"), stem("hidden")}
    assert FORMS[stem("sent")] == {stem("send")}
    assert stem("hide") in FORMS[stem("hidden")]


@pytest.mark.parametrize(
    ("question", "need"),
    [
        ("What happens if someone mistypes a name?", Need.MECHANISM),
        ("What happens when nobody answers?", Need.MECHANISM),
        ("What happens if I remove the cache?", Need.IMPACT),
        ("Who decides what happens when a payment fails?", Need.PERSON),
    ],
)
def test_what_happens_asks_for_no_person(question, need):
    assert [part.need for part in read_question(question).parts] == [need]


def test_small_words_that_mean_a_thing_of_the_trade_weigh_as_it_does(queue: Asking):
    evidence = queue.answerer._inquire("How does it happen again?").evidence
    assert stem("retry") in evidence.weights
    assert not evidence.called


def test_what_code_only_may_call_it_counts_half(queue: Asking):
    found = queue.answerer._inquire("How does a job get run again?").evidence.found
    near = next(each for each in found if each.sentence.text.startswith("How many a retry"))
    assert near.coverage == pytest.approx(
        CALLED * queue.answerer._inquire("How does a job get run again?").evidence.weights["run"]
    )


def test_of_a_bigger_one_nothing_is_named():
    words = ["how", "does", "a", "small", "app", "get", "put", "inside", "a", "bigger", "one"]
    assert not is_noun("bigger", words)
    assert is_noun("app", ["how", "does", "the", "app", "start"])


def test_a_build_that_leaves_the_tests_out_does_not_run_them():
    built = Command("ci.yml", 1, "mvn install -DskipTests=true", "", 0.7)
    tested = Command("ci.yml", 2, "mvn test", "", 0.7)
    assert serving([MEANT["test"]], [built, tested], installing=False) == [tested]
    assert not serving([MEANT["test"]], [replace(built, text="gradle build -x test")], installing=False)


def test_where_plain_words_reach_nothing_the_nearest_is_offered_as_a_question(queue: Asking):
    answer = queue.ask("How does a job nudge its thingamabob into the whatnot?")
    assert answer.verdict.status is VerdictStatus.UNKNOWN
    assert not any(each.citations for each in answer.statements if each.section.value == "what")
    assert any("`Job" in each or "`ret" in each for each in answer.follow_ups)


def test_what_may_be_meant_is_told_with_its_place_and_as_no_more_than_that(queue: Asking):
    answer = queue.ask("How does a job nudge its thingamabob into the whatnot?")
    perhaps = [each for each in answer.statements if each.text.startswith(("Perhaps this is meant: ", "Or "))]
    assert [each.text.split()[0] for each in perhaps] == ["Perhaps", "Or", "Or"][: len(perhaps)]
    assert perhaps
    assert len(perhaps) == len(answer.follow_ups)
    for each in perhaps:
        assert each.section is Section.MISSING
        assert each.citations[0].path is not None
        assert each.citations[0].path in each.text


@pytest.mark.parametrize(
    "question", ["Where is the Kafka queue opened?", "Who may countersign when the landlord sells a caravan?"]
)
def test_t1_nothing_is_offered_for_a_name_that_is_nowhere_or_for_what_people_know(queue: Asking, question):
    answer = queue.ask(question)
    assert not any(each.startswith("How does") for each in answer.follow_ups)
    assert not any(each.text.startswith("Perhaps") for each in answer.statements)


def test_a_fault_that_somebody_meets_is_no_decision_that_nobody_wrote_down(queue: Asking):
    answer = queue.ask("Why does my job vanish before the printer is warm?")
    assert answer.verdict.category is None
    assert "Not recorded" not in answer.verdict.reason
    decided = queue.ask("Why does the warehouse ship jobs on Tuesdays?").verdict
    assert decided.category is not None
    assert decided.reason.startswith("Nothing that was found tells the reason")
