"""Two things beside each other: which they are, what is told of each, and what is not."""

from __future__ import annotations

import pytest

from indexer.answer.comparison import phrases_compared
from indexer.types import VerdictStatus
from tests.asking import Asking, opened
from tests.conftest import SmallRepository

LOADING = '''"""Loads rows."""


class EagerLoader:
    """Loads all rows at once. It needs one query."""

    def run(self, rows):
        return list(rows)


class LazyLoader:
    """Loads a row when it is asked for. It needs a query for each."""

    def run(self, rows):
        yield from rows
'''
BINDING = '''"""Binds requests."""


def bind_all(request):
    """Checks the type of a request to choose an engine. It parses the body. It decodes the fields.

    It is slow. It writes an error where the input is not valid.
    """


def should_bind(request):
    """Checks the type of a request to choose an engine. It parses the body. It decodes the fields.

    It is slow. Like bind_all but this writes no error.
    """
'''
GUIDE = """Loading rows
============

A snapshot is a copy of all rows at one moment.

A journal is the list of what was changed since. A snapshot is large, a journal is small and takes longer to
be read back.

Tenants are kept apart by a prefix. Somebody may write a Kafka loader one day.
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("compared") / "repo"
    folder.mkdir()
    repository = SmallRepository(folder, dict(git_environment))
    repository.git("init", "--quiet", "--initial-branch=main", ".")
    repository.commit(
        "Load rows", {"rows/__init__.py": "", "rows/loading.py": LOADING, "docs/rows.rst": GUIDE}
    )
    repository.commit("Bind requests", {"rows/binding.py": BINDING})
    with opened(repository, tmp_path_factory.mktemp("data")) as asking:
        yield asking


@pytest.mark.parametrize(
    ("question", "phrases"),
    [
        ("What is the difference between a voucher and an offer?", ["voucher", "offer"]),
        ("What is the difference between eager and lazy loading?", ["eager loading", "lazy loading"]),
        ("How does the prefork pool differ from the thread pool?", ["prefork pool", "thread pool"]),
        ("Compare `get_class` with get_model.", ["get_class", "get_model"]),
        ("How do chords and groups differ?", ["chords", "groups"]),
        ("Where is the loader?", []),
    ],
)
def test_the_two_sides_of_a_comparison_are_read(question, phrases):
    assert phrases_compared(question) == phrases


def test_each_side_is_told_to_its_end_before_the_other(shop: Asking):
    said = shop.said("What is the difference between the eager and the lazy loader?")
    assert (
        said.index("`EagerLoader` is a class")
        < said.index("one query")
        < said.index("`LazyLoader` is a class")
    )


def test_of_two_that_say_much_alike_what_tells_them_apart_is_told(shop: Asking):
    said = shop.said("What is the difference between bind_all and should_bind?")
    assert "Like bind_all but this writes no error." in said
    assert "It writes an error where the input is not valid." in said


def test_sides_without_a_definition_are_told_by_what_is_written_of_them(shop: Asking):
    answer = shop.ask("What is the difference between a snapshot and a journal?")
    said = " ".join(each.text for each in answer.statements)
    assert "copy of all rows" in said
    assert "takes longer to be read back" in said
    assert answer.verdict.status is VerdictStatus.GROUNDED


def test_t1_a_side_of_which_nothing_is_told_is_named_as_missing(shop: Asking):
    answer = shop.ask("What is the difference between a snapshot and a changelog?")
    assert answer.verdict.status is not VerdictStatus.GROUNDED
    assert "changelog" in answer.verdict.reason


def test_t1_how_something_works_that_only_a_document_names_is_not_told_by_its_like(shop: Asking):
    answer = shop.ask("How does the Kafka loader load rows?")
    assert answer.verdict.status is not VerdictStatus.GROUNDED
    assert "“Kafka” stands in no code" in answer.verdict.reason
    assert "EagerLoader" not in " ".join(each.text for each in answer.statements)
