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
LISTS = """package lists;

public class Lists {
    /** Allows a few words. */
    public static Lists plain() {
        return new Lists()
            .addWords("a", "b", "c", "d", "e")
            .addKind("a", "link")
            .addRule("a", "follow", "no") // links of others only
            ;
    }

    /** Allows many words. */
    public static Lists wide() {
        return new Lists()
            .addWords("a", "b", "c", "d", "e", "table", "img")
            .addKind("a", "link")
            ;
    }
}
"""
SENDING = """'use strict';

var res = exports;

/** Send a thing as it is. */
res.thing = function thing(obj) {
  var body = stringify(obj);
  return this.send(body);
};

/** Send a thing in a wrapper. */
res.thingw = function thingw(obj) {
  var body = stringify(obj);
  // keep others from guessing what it is
  this.set('X-Kind', 'fixed');
  return this.send(body);
};
"""
HISTORY = """# Changes

## 1.2

 * The thing and the thingw are no longer escaped twice
"""
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
    repository.commit(
        "List words", {"lists/Lists.java": LISTS, "web/sending.js": SENDING, "CHANGELOG.md": HISTORY}
    )
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


def test_what_only_one_side_lists_and_calls_is_told_first(shop: Asking):
    answer = shop.ask("What is the difference between Lists.plain and Lists.wide?")
    said = [each.text for each in answer.statements]
    assert said[0] == (
        'Only `Lists.plain` calls `addRule("a", "follow", "no")` (line 9, “links of others only”).'
    )
    assert said[1] == "`Lists.wide` gives to `addWords` what `Lists.plain` does not: `table` and `img`."
    assert said[2] == 'Both call `addKind("a", "link")`.'
    cited = {(each.path, each.start_line) for each in answer.statements[2].citations}
    assert cited == {("lists/Lists.java", 8), ("lists/Lists.java", 17)}


def test_what_is_called_with_a_comment_of_its_own_is_told_and_no_old_change(shop: Asking):
    said = [
        each.text for each in shop.ask("What is the difference between res.thing and res.thingw?").statements
    ]
    assert said[0] == (
        "Only `res.thingw` calls `this.set('X-Kind', 'fixed')` (line 15, “keep others from guessing what it"
        " is”)."
    )
    assert said[1] == "Both call `stringify(obj)` and `this.send(body)`."
    assert not any("escaped twice" in each for each in said)


def test_who_bids_to_compare_is_not_told_what_a_change_reaches(shop: Asking):
    said = shop.said("Compare EagerLoader with LazyLoader: what is the effect of each?")
    assert "`EagerLoader` is a class" in said
    assert "`LazyLoader` is a class" in said
    assert "reaches" not in said


def test_a_file_that_says_nothing_of_itself_is_told_by_what_it_defines(shop: Asking):
    said = shop.said("What is lists/Lists.java?")
    assert "lists/Lists.java defines `Lists`." in said
    assert "is lists/Lists.java: “Allows" not in said
