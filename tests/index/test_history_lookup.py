"""Commits, the paths they touched, the people who wrote them, and blame."""

from __future__ import annotations

import pytest

from indexer.index import history
from indexer.index.blame_cache import BlameCache
from indexer.index.passages import path_id
from tests.conftest import Bench
from tests.index.conftest import Index, OpenIndex, Watcher

GRACE = ("Grace Hopper", "grace@example.com")


@pytest.fixture
def index(bench: Bench, open_index: OpenIndex) -> Index:
    source = bench.make()
    source.commit("Start", {"app.py": "one\ntwo\n", "test_app.py": "a\n", "other.py": "x\n"})
    source.commit("Fix\n\nIt was wrong.", {"app.py": "one\nTWO\n", "test_app.py": "b\n"}, author=GRACE)
    source.commit("Fix again", {"app.py": "one\nTHREE\n", "test_app.py": "c\n"}, author=GRACE)
    made = open_index(source)
    made.words()
    return made


def number(index: Index, path: str) -> int:
    found = path_id(index.catalog.reader(), path)
    assert found is not None
    return found


def test_a_commit_is_found_by_an_abbreviated_id(index: Index) -> None:
    found = history.commit(index.catalog.reader(), index.source.head[:8].upper())
    assert found is not None
    assert (found.oid, found.author, found.email) == (index.source.head, *GRACE)
    assert found.parents == (index.source.git("rev-parse", "HEAD~1"),)
    assert history.commit(index.catalog.reader(), "0000000") is None
    assert history.commit(index.catalog.reader(), "") is None


def test_a_message_is_whole(index: Index) -> None:
    found = history.commit(index.catalog.reader(), index.source.git("rev-parse", "HEAD~1"))
    assert found is not None
    assert (found.subject, found.message) == ("Fix", "Fix\n\nIt was wrong.")


def test_commits_that_touched_a_path_come_newest_first(index: Index) -> None:
    reader = index.catalog.reader()
    found = history.commits_touching(reader, [number(index, "app.py")])
    assert [each.subject for each in found] == ["Fix again", "Fix", "Start"]
    assert [each.subject for each in history.commits_touching(reader, [number(index, "other.py")])] == [
        "Start"
    ]
    assert [each.subject for each in history.latest_commits(reader, 1)] == ["Fix again"]
    assert history.commits_by_id(reader, [each.id for each in reversed(found)]) == found


def test_what_a_commit_touched_is_listed(index: Index) -> None:
    reader = index.catalog.reader()
    newest = history.latest_commits(reader, 1)[0]
    assert [(each.path, each.status) for each in history.paths_touched(reader, newest.id)] == [
        ("app.py", "M"),
        ("test_app.py", "M"),
    ]


def test_authors_are_counted_for_paths_and_for_all(index: Index) -> None:
    reader = index.catalog.reader()
    shares = history.authors(reader, [number(index, "app.py")])
    assert [(each.name, each.commits) for each in shares] == [("Grace Hopper", 2), ("Ada Lovelace", 1)]
    assert history.authors(reader, [number(index, "other.py")])[0].name == "Ada Lovelace"
    assert history.authors(reader)[0].commits == 2


def test_files_that_change_together_are_known(index: Index) -> None:
    found = history.changed_together(index.catalog.reader(), number(index, "app.py"))
    assert [(each.path, each.commits) for each in found] == [("test_app.py", 3)]


def test_blame_is_asked_once_and_kept(index: Index) -> None:
    cache = BlameCache(index.catalog, index.repository)
    runs = cache.runs("app.py")
    assert [(run.first_line, run.last_line, run.author) for run in runs] == [
        (1, 1, "Ada Lovelace"),
        (2, 2, "Grace Hopper"),
    ]
    index.repository.close()
    assert BlameCache(index.catalog, index.repository).runs("app.py") == runs
    assert cache.runs("no such file") == []


def test_blame_is_filled_in_the_background(index: Index) -> None:
    cache = BlameCache(index.catalog, index.repository)
    assert cache.fill(Watcher(), limit=2) == 2
    assert cache.fill(Watcher()) == 1
    assert cache.fill(Watcher()) == 0
