"""What is suggested while somebody types."""

from __future__ import annotations

import pytest

from indexer.guide.window import Pages
from indexer.knowledge import KnowledgeBase
from indexer.pages import Suggestion, SuggestionGroup, SuggestWanted
from indexer.types import NoteDraft
from tests.conftest import Bench
from tests.guide.conftest import OpenKnowledge, Quiet, build_shop


def rows(pages: Pages, text: str, group: SuggestionGroup) -> list[Suggestion]:
    return [row for row in pages.suggester.suggest(SuggestWanted(text)).rows if row.group is group]


def titles(pages: Pages, text: str, group: SuggestionGroup = SuggestionGroup.SYMBOL) -> list[str]:
    return [row.title for row in rows(pages, text, group)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("b", "Basket"),
        ("check", "checkout"),
        ("total_p", "Basket.total_price"),
        ("asket", "Basket"),
        ("Basket.add", "Basket.add_item"),
        ("add item", "Basket.add_item"),
        ("chekout", "checkout"),
    ],
)
def test_a_name_is_found_by_its_start_a_word_in_it_its_middle_or_a_slip_of_the_pen(
    pages: Pages, typed: str, first: str
) -> None:
    found = titles(pages, typed)
    assert found[0] == first


def test_what_begins_with_the_word_comes_before_what_merely_holds_it(pages: Pages) -> None:
    assert titles(pages, "add")[:2] == ["add_prices", "Basket.add_item"]
    assert titles(pages, "c")[0] == "checkout"


def test_a_test_and_a_private_name_come_last(pages: Pages) -> None:
    found = titles(pages, "checkout")
    assert found.index("checkout") < found.index("test_checkout_of_an_empty_basket")


def test_what_matched_is_marked_in_utf16_units_of_the_title(
    open_knowledge: OpenKnowledge, bench: Bench
) -> None:
    made = bench.make()
    made.commit("😀 Mend the İstanbul price", {"a.py": "def price(): pass\n"})
    row = rows(open_knowledge(made).pages, "price", SuggestionGroup.COMMIT)[0]
    start, length = row.marked[0]
    wide = row.title.encode("utf-16-le")
    assert wide[2 * start : 2 * (start + length)].decode("utf-16-le") == "price"


def test_marks_are_where_the_words_stand_in_a_qualified_name(pages: Pages) -> None:
    row = rows(pages, "total", SuggestionGroup.SYMBOL)[0]
    assert [row.title[start : start + length] for start, length in row.marked] == ["total"]


def test_a_file_is_found_by_its_name_a_part_of_its_path_and_letters_in_order(pages: Pages) -> None:
    for typed in ("basket", "shop/bas", "shpbasket"):
        assert titles(pages, typed, SuggestionGroup.FILE)[0] == "shop/basket.py", typed


def test_headings_commits_notes_and_questions_are_suggested_too(
    open_knowledge: OpenKnowledge, bench: Bench
) -> None:
    knowledge = open_knowledge(build_shop(bench.make()))
    note = knowledge.add_note(
        NoteDraft("Why the till rounds", "The basket is rounded once.", "shop/money.py")
    )
    knowledge.ask("How does Basket.total_price work?")
    pages = knowledge.pages
    heading = rows(pages, "paying", SuggestionGroup.DOCUMENT)[0]
    assert (heading.title, heading.path, heading.line) == ("Paying for a basket", "docs/first-steps.md", 5)
    assert titles(pages, "round half", SuggestionGroup.COMMIT) == ["Round half up"]
    assert rows(pages, "till rounds", SuggestionGroup.NOTE)[0].note_id == note.id
    asked = rows(pages, "total_price work", SuggestionGroup.ASKED)[0]
    assert asked.asked_id is not None
    assert asked.status is not None


def test_totals_count_what_is_not_shown(pages: Pages) -> None:
    found = pages.suggester.suggest(SuggestWanted("e", per_group=1))
    assert sum(row.group is SuggestionGroup.SYMBOL for row in found.rows) == 1
    assert found.totals["symbol"] > 3


def test_scopes_narrow_what_is_suggested(pages: Pages) -> None:
    assert {
        row.path for row in pages.suggester.suggest(SuggestWanted("path:tests/ basket")).rows if row.path
    } == {"tests/test_basket.py"}
    who = pages.suggester.suggest(SuggestWanted("who:bob round"))
    assert [row.title for row in who.rows if row.group is SuggestionGroup.COMMIT] == ["Round half up"]
    assert not pages.suggester.suggest(SuggestWanted("who:nobody round")).rows
    kinds = pages.suggester.suggest(SuggestWanted("kind:commit basket"))
    assert {row.group for row in kinds.rows} == {SuggestionGroup.COMMIT}


def test_the_start_of_a_commit_id_names_it(knowledge: KnowledgeBase) -> None:
    head = knowledge.status(None).freshness.commit_id
    assert head is not None
    found = rows(knowledge.pages, head[:7], SuggestionGroup.COMMIT)
    assert [row.commit_id for row in found] == [head]


@pytest.mark.parametrize("typed", ["", " ", '"', "path:", "*", "a" * 5_000, "\0", "(((", "%_\\", "who: x"])
def test_odd_text_suggests_something_or_nothing_but_never_fails(pages: Pages, typed: str) -> None:
    assert pages.suggester.suggest(SuggestWanted(typed)).text == typed


def test_a_new_name_is_suggested_once_it_is_indexed(open_knowledge: OpenKnowledge, bench: Bench) -> None:
    made = bench.make()
    made.commit("Begin", {"a.py": "def before(): pass\n"})
    knowledge = open_knowledge(made)
    assert titles(knowledge.pages, "before") == ["before"]
    made.commit("Rename it", {"a.py": "def afterwards(): pass\n"})
    knowledge.words(Quiet())
    assert titles(knowledge.pages, "afterw") == ["afterwards"]
    assert titles(knowledge.pages, "before") == []
