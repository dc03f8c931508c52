"""Questions as people word them: quotes, idioms, times, lists and pointers that are no names."""

from __future__ import annotations

import pytest

from indexer.answer.copying import kind_to_write, points_back
from indexer.answer.needs import Need, need_of
from indexer.answer.questions import literal_terms, read_question
from indexer.answer.values_named import things_listed
from indexer.types import VerdictStatus
from tests.asking import Asking, opened
from tests.conftest import SmallRepository

VIEWS = '''"""Finds pages and renders them."""

PAGE_MARK = "<!--page-->"
DEFAULT_POOL_SIZE = 10
DEFAULT_RETRIES = 3


class Head:
    """The head of a page."""


def lookup(name):
    """Look a template up on disk: the file itself, then an index in a folder of its name."""
    return read_text(name) or read_text(name + "/index")


def read_text(name):
    """Read a template from disk."""
    return open(name).read() + PAGE_MARK


def wrap(text):
    # hW, head writer
    return "<" + text + ">"


class Cart:
    """What somebody is about to buy."""

    def use(self, coupon):
        """Use a coupon."""
        return coupon
'''
EXAMPLE = "def users(request):\n    return request.cart.use('SAVE')\n"
WORKER = '''"""Runs jobs."""

import os

INTERVAL = float(os.environ.get("INTERVAL", "5"))
MAX_INTERVAL = float(os.environ.get("MAX_INTERVAL", "60"))
VERBOSE = os.environ.get("VERBOSE")
QUIET = os.environ.get("QUIET")


def heartbeat(request):
    """Answer whether the worker is alive."""
    return "ok"
'''
GUIDE = """Jobs
====

Forking
-------

A worker forks before each job.

Why?

Because a job may leak memory, and a child gives it back when it ends.

Polling
-------

`INTERVAL` says how often a worker polls for jobs.

The suite
---------

A plain `pytest tests` runs the whole suite.

Hands
-----

- The foreman hires more hands when there is much to do,
- and sends some home when there is not.
"""
FOREMAN = '"""Looks after the hands."""\n\n\nclass Foreman:\n    """Counts, and acts."""\n'


@pytest.fixture(scope="module")
def shop(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("asked") / "repo"
    folder.mkdir()
    repository = SmallRepository(folder, dict(git_environment))
    repository.git("init", "--quiet", "--initial-branch=main", ".")
    repository.commit(
        "Add the pages",
        {
            "shop/__init__.py": "",
            "shop/views.py": VIEWS,
            "examples/users.py": EXAMPLE,
            "ci/pipeline.yml": "agent: GEESE01\n",
        },
    )
    repository.commit("Heartbeat answers HEAD requests as well", {"shop/worker.py": WORKER})
    repository.commit("Read pages from disk", {"docs/jobs.rst": GUIDE, "shop/foreman.py": FOREMAN})
    with opened(repository, tmp_path_factory.mktemp("data")) as asking:
        yield asking


def test_a_word_in_quotes_is_no_name_of_some_example(shop: Asking):
    said = shop.said('When I render a page called "users", where is its template looked up on disk?')
    assert "examples/users.py" not in said
    assert "`lookup` is a function" in said


def test_a_word_in_capitals_names_nothing_that_is_written_otherwise(shop: Asking):
    said = shop.said("Since when does the heartbeat answer HEAD requests too, and who did that?")
    assert said.startswith("2023")
    assert "“Heartbeat answers HEAD requests as well”" in said.split("\n", maxsplit=1)[0]
    assert "`Head`" not in said


def test_a_method_is_meant_by_a_call_on_a_variable_of_the_code(shop: Asking):
    assert "`Cart.use` is a method" in shop.said("What does cart.use do?")
    assert shop.ask("What does stripe.use do?").verdict.status is not VerdictStatus.GROUNDED


def test_a_document_that_asks_why_itself_gives_the_reason(shop: Asking):
    answer = shop.ask("Why on earth does a worker fork before each job?")
    assert answer.statements[0].text.startswith("Because a job may leak memory")
    assert answer.verdict.status is VerdictStatus.GROUNDED


def test_a_command_is_found_in_running_text(shop: Asking):
    assert "`pytest tests`" in shop.said("How do I run the test suite on my laptop?")


def test_variables_are_chosen_by_what_a_document_says_of_them(shop: Asking):
    said = shop.said("Which environment variables control how often a worker polls for jobs?")
    assert "`INTERVAL` is read" in said
    assert "`MAX_INTERVAL` is read" in said
    assert "VERBOSE" not in said


def test_where_a_value_is_used_tells_what_it_is_for(shop: Asking):
    said = shop.said("What is PAGE_MARK for?")
    assert "`PAGE_MARK` is used in shop/views.py:19." in said
    assert "return open(name).read() + PAGE_MARK" in said


def test_several_values_of_one_list_are_told_each(shop: Asking):
    said = shop.said("What are the default values for pool size, retries and colour?")
    assert "`DEFAULT_POOL_SIZE = 10`" in said
    assert "`DEFAULT_RETRIES = 3`" in said


def test_t1_a_name_that_nothing_defines_is_shown_where_it_stands(shop: Asking):
    answer = shop.ask("Who looks after the machine GEESE01?")
    assert answer.verdict.status is not VerdictStatus.GROUNDED
    assert any(
        "ci/pipeline.yml" in (each.path or "") for said in answer.statements for each in said.citations
    )


def test_a_yes_or_no_about_a_definition_shows_it_with_the_lines_that_tell(shop: Asking):
    said = shop.said("Does lookup also try an index?")
    assert "`lookup` is a function" in said
    assert 'read_text(name + "/index")' in said


@pytest.mark.parametrize(
    ("clause", "need"),
    [
        ("Which existing one should I copy?", Need.EXAMPLE),
        ("Is there one I can copy?", Need.EXAMPLE),
        ("How does one copy the file to another folder?", Need.MECHANISM),
        ("What goes wrong if I change what lookup returns?", Need.IMPACT),
        ("Which file should I open first?", Need.PARTS),
        ("open files versus generators: how do the headers differ?", Need.COMPARE),
        ('What do "an" and "py310" stand for?', Need.MEANING),
        ("Who reverted it?", Need.CHANGE),
    ],
)
def test_what_a_clause_asks_for(clause, need):
    assert need_of(clause) is need


def test_who_did_it_belongs_to_the_change_before_it():
    asked = read_question("When did redirect stop working, and who took it out?")
    assert [part.need for part in asked.parts] == [Need.CHANGE]
    asked = read_question("Since when is it so, and whose commit was it?")
    assert [part.need for part in asked.parts] == [Need.CHANGE]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I have to write a new failure backend. Which one should I copy?", "a new failure backend"),
        ("How do I write my own printer?", "a new printer"),
        ("I have to add tab suggestions with a text. Any I can copy?", "a new tab suggestions"),
        ("I need an offer that does nothing. How do we usually write such a benefit?", "a new benefit"),
        ("Which one should I copy?", ""),
    ],
)
def test_what_is_to_be_written(text, kind):
    assert kind_to_write(text) == kind


def test_a_clause_that_points_back():
    assert points_back("Is there an existing one I can copy?")
    assert not points_back("How do we write a new migration?")


def test_terms_of_an_address_alone_are_examples_of_the_askers():
    assert literal_terms("How does /admin/accounts reach the router of /admin?") == {"admin", "account"}
    assert literal_terms("Where is the admin of /admin?") == set()


def test_things_of_a_list():
    assert things_listed("What are the defaults for pool size, retries and timeout?") == [
        "pool size",
        "retries",
        "timeout",
    ]
    assert things_listed("What is the default of the timeout?") == []


def test_a_document_leads_from_plain_words_to_the_type_that_it_names(shop: Asking):
    said = shop.said("Where is it decided how many hands are hired when there is much to do?")
    assert said.startswith("`Foreman` is a class in shop/foreman.py:4.")
    assert (
        "“The foreman hires more hands when there is much to do, and sends some home when there is not.”"
        in said
    )


def test_an_item_that_goes_on_with_and_is_quoted_with_the_one_before_it(shop: Asking):
    assert "and sends some home" in shop.said("Who hires more hands when there is much to do?")


@pytest.mark.parametrize(
    ("clause", "need"),
    [
        ("If the file gets corrupted, will beat crash?", Need.CONFIRM),
        ("How do I get the shop running?", Need.COMMAND),
    ],
)
def test_what_a_clause_asks_for_after_a_condition(clause, need):
    assert need_of(clause) is need


@pytest.mark.parametrize(
    "question",
    [
        "When was the heartbeat taken out, and who did that?",
        "Which settings of the head of a page are there?",
        "If I change how pages are fetched over the network, what else is affected?",
    ],
)
def test_t1_what_is_not_of_the_sort_that_is_asked_for_answers_nothing(shop: Asking, question):
    assert shop.ask(question).verdict.status is not VerdictStatus.GROUNDED
