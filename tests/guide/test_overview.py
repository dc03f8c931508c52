"""The home page: what to ask and to read first, and what is new."""

from __future__ import annotations

import time

import pytest

from indexer.guide import overview
from indexer.guide.window import Pages
from indexer.knowledge import KnowledgeBase
from indexer.pages import AskedWanted, CommitsWanted, SkippedWanted, SuggestWanted, TimelineWanted
from indexer.types import NoteDraft, VerdictStatus
from tests.conftest import Bench
from tests.guide.conftest import ADA, OpenKnowledge, Quiet, build_shop


def test_the_page_tells_what_is_there(pages: Pages) -> None:
    page = pages.home.overview()
    assert (page.name, page.branch, page.commits) == ("shop", "main", 4)
    assert page.files == 8
    assert page.definitions == 7
    assert page.reasons is None
    assert page.notices == ()


def test_files_to_read_first_are_code_with_what_they_say_of_themselves(pages: Pages) -> None:
    files = pages.home.overview().read_first
    assert {each.path for each in files} == {"shop/basket.py", "shop/money.py"}
    money = next(each for each in files if each.path == "shop/money.py")
    assert money.words == "Money, in whole cents."
    assert money.used_by == 1
    assert money.reasons is None


def test_changes_count_the_last_year_of_the_history(pages: Pages) -> None:
    changes = {each.path: each.changes for each in pages.home.overview().read_first}
    assert changes == {"shop/basket.py": 0, "shop/money.py": 1}


def test_documents_come_in_the_order_of_reading_with_their_own_titles(pages: Pages) -> None:
    documents = pages.home.overview().documents
    assert [(each.title, each.path) for each in documents] == [
        ("The shop", "README.md"),
        ("First steps", "docs/first-steps.md"),
    ]


def test_questions_to_start_with_name_what_is_public_and_no_test(pages: Pages) -> None:
    starters = pages.home.overview().starters
    asked = " ".join(each.question for each in starters)
    assert len({each.kind for each in starters}) >= 5
    assert "test_" not in asked
    assert "_secret_rule" not in asked
    assert "Basket" in asked


def test_questions_that_were_tried_are_answered_well_and_leave_no_trace(
    open_knowledge: OpenKnowledge, bench: Bench
) -> None:
    knowledge = open_knowledge(build_shop(bench.make()))
    knowledge.publish(Quiet())
    page = knowledge.pages.home.overview()
    assert len(page.starters) >= 4
    assert (page.asked_total, page.gaps_open) == (0, 0)
    for starter in page.starters:
        assert knowledge.ask(starter.question).verdict.status is VerdictStatus.GROUNDED, starter


def test_new_commits_are_counted_since_the_visit_before(
    open_knowledge: OpenKnowledge, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = bench.make()
    made.commit("Begin", {"a.py": "x = 1\n"})
    knowledge = open_knowledge(made)
    home = knowledge.pages.home
    assert home.overview().new_commits == -1
    assert home.overview().new_commits == -1  # the same look
    visited = int(time.time())
    monkeypatch.setattr(overview.time, "time", lambda: visited + overview.VISIT_SECONDS + 60)
    made.commit("Two", {"a.py": "x = 2\n"}, ADA)
    made.commit("Three", {"a.py": "x = 3\n"}, ADA)
    knowledge.words(Quiet())
    page = home.overview()
    assert page.new_commits == 2
    assert abs(page.last_looked - visited) < 30
    assert home.overview().new_commits == 2  # still the same look
    monkeypatch.setattr(overview.time, "time", lambda: visited + 3 * overview.VISIT_SECONDS)
    assert home.overview().new_commits == 0


def test_what_people_made_is_counted(open_knowledge: OpenKnowledge, bench: Bench) -> None:
    knowledge = open_knowledge(build_shop(bench.make()))
    knowledge.add_note(NoteDraft("Rounding", "The till rounds half up.", "round_price"))
    knowledge.ask("Why was the price of a licence chosen?")
    page = knowledge.pages.home.overview()
    assert (page.notes, page.asked_total, len(page.asked)) == (1, 1, 1)
    assert page.gaps_open == len(knowledge.gaps(answered=False))


def every_page(knowledge: KnowledgeBase) -> list[object]:
    """Ask for all that a window asks for at its start."""
    pages = knowledge.pages
    return [
        pages.home.overview(),
        pages.suggester.suggest(SuggestWanted("a")),
        pages.history.timeline(TimelineWanted()),
        pages.history.commits(CommitsWanted()),
        pages.asked.list(AskedWanted()),
        pages.health.page(SkippedWanted()),
        pages.counts(),
    ]


def test_pages_of_an_unborn_repository_are_empty_and_say_so(
    open_knowledge: OpenKnowledge, bench: Bench
) -> None:
    knowledge = open_knowledge(bench.make())
    page = every_page(knowledge)[0]
    assert (page.commits, page.starters, page.read_first) == (0, (), ())
    assert "no commit yet" in " ".join(page.notices)


def test_pages_before_the_first_index_are_empty_and_say_so(
    open_knowledge: OpenKnowledge, bench: Bench
) -> None:
    knowledge = open_knowledge(build_shop(bench.make()), words=False)
    page = every_page(knowledge)[0]
    assert (page.files, page.commits) == (0, 0)
    assert "still being read" in " ".join(page.notices)
    knowledge.words(Quiet())
    assert every_page(knowledge)[0].notices == ()
