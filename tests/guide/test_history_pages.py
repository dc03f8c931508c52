"""The timeline, the list of commits, and one commit."""

from __future__ import annotations

import pytest

from indexer.errors import NotFoundError
from indexer.guide.timeline import MONDAY, WEEK
from indexer.guide.window import Pages
from indexer.pages import CommitName, CommitsWanted, TimelineWanted
from tests.conftest import Bench
from tests.guide.conftest import ADA, YEAR_2023, YEAR_2024, OpenKnowledge


def subjects(pages: Pages, **wanted: object) -> list[str]:
    return [row.subject for row in pages.history.commits(CommitsWanted(**wanted)).rows]


def test_bars_count_commits_by_the_week_and_begin_on_a_monday(pages: Pages) -> None:
    timeline = pages.history.timeline(TimelineWanted())
    assert sum(timeline.counts) == 4
    assert (timeline.first - MONDAY) % WEEK == 0
    assert timeline.first <= YEAR_2023 < timeline.first + WEEK
    last = timeline.first + (len(timeline.counts) - 1) * WEEK
    assert last <= YEAR_2024 + 86_400 < last + WEEK
    assert [tag.name for tag in timeline.tags] == ["v1.0"]
    assert not timeline.starts_here


def test_a_path_narrows_the_bars_to_a_file_or_folder(pages: Pages) -> None:
    assert sum(pages.history.timeline(TimelineWanted("shop")).counts) == 3
    assert sum(pages.history.timeline(TimelineWanted("shop/basket.py")).counts) == 1
    assert pages.history.timeline(TimelineWanted("nothing")).counts == ()


def test_commits_come_newest_first_in_slices(pages: Pages) -> None:
    whole = subjects(pages)
    assert whole[0] == "Write down the first steps"
    assert whole[-1] == "Begin the shop"
    part = pages.history.commits(CommitsWanted(start=1, count=2))
    assert [row.subject for row in part.rows] == whole[1:3]
    assert part.total == 4


def test_words_scopes_and_dates_filter(pages: Pages) -> None:
    assert subjects(pages, text="receipt") == ["Round half up"]
    assert subjects(pages, text="rounds bill") == ["Round half up"]
    assert subjects(pages, text="rece") == ["Round half up"]
    assert subjects(pages, text="who:ada") == ["Keep what is bought in a basket", "Begin the shop"]
    assert subjects(pages, text="path:shop/ who:bob") == ["Round half up"]
    assert len(subjects(pages, after=YEAR_2024)) == 2
    assert len(subjects(pages, before=YEAR_2024)) == 2
    assert len(subjects(pages, text="when:2023")) == 2
    assert subjects(pages, text="nosuchword") == []


def test_a_commit_that_says_why_is_marked(pages: Pages) -> None:
    rows = {row.subject: row for row in pages.history.commits(CommitsWanted()).rows}
    assert rows["Round half up"].reason
    assert not rows["Begin the shop"].reason
    assert rows["Keep what is bought in a basket"].tags == ("v1.0",)


def test_one_commit_is_told_whole(pages: Pages) -> None:
    oid = pages.history.commits(CommitsWanted("who:ada basket")).rows[0].commit_id
    page = pages.history.commit(CommitName(oid[:8]))
    assert (page.row.commit_id, page.row.author, page.email) == (oid, *ADA)
    assert page.changes == (("A", "shop/basket.py"),)
    assert page.changes_total == 1
    assert page.reachable
    with pytest.raises(NotFoundError):
        pages.history.commit(CommitName("0000000"))


def test_impossible_dates_stand_at_the_ends_and_are_told(open_knowledge: OpenKnowledge, bench: Bench) -> None:
    made = bench.make()
    made.commit("Begin", {"a": "1\n"}, ADA, 1_000)
    made.commit("Far away", {"a": "2\n"}, ADA, 40_000_000_000)
    timeline = open_knowledge(made).pages.history.timeline(TimelineWanted())
    assert sum(timeline.counts) == 2
    assert len(timeline.counts) < 6_000
    assert timeline.notices


def test_R5_a_shallow_clone_says_that_history_starts_here(
    open_knowledge: OpenKnowledge, bench: Bench
) -> None:
    made = bench.make("source")
    for number in range(4):
        made.commit(f"Step {number}", {"a": f"{number}\n"})
    shallow = bench.clone(made, "shallow", "--depth", "2")
    timeline = open_knowledge(shallow).pages.history.timeline(TimelineWanted())
    assert timeline.starts_here
    assert sum(timeline.counts) == 2


def test_merges_are_marked(open_knowledge: OpenKnowledge, bench: Bench) -> None:
    made = bench.make()
    made.commit("Begin", {"a": "1\n"})
    made.git("checkout", "-q", "-b", "side")
    made.commit("Beside", {"b": "1\n"})
    made.git("checkout", "-q", "main")
    made.commit("Ahead", {"a": "2\n"})
    made.git("merge", "-q", "--no-edit", "side")
    rows = open_knowledge(made).pages.history.commits(CommitsWanted()).rows
    assert rows[0].merge
    assert sum(row.merge for row in rows) == 1
