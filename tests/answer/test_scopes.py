"""Scopes in a query: how they are read, and what each lets through."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from indexer.answer.scopes import parse
from indexer.answer.scoping import matches
from indexer.types import ChunkKind, FoundBy
from tests.answer.conftest import Shop

NOW = datetime(2024, 6, 15, 12, tzinfo=UTC)


def at(year: int, month: int = 1, day: int = 1) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp())


def test_scopes_are_taken_out_and_the_rest_is_text():
    scopes, notices = parse('path:src lang:py who:"Ann Lee" how does  login work', NOW)
    assert scopes.text == "how does login work"
    assert (scopes.paths, scopes.languages, scopes.people) == (("src",), ("python",), ("Ann Lee",))
    assert notices == []


def test_several_values_of_one_scope_are_kept():
    assert parse("kind:code kind:docs x", NOW)[0].kinds == (ChunkKind.CODE, ChunkKind.DOC)


@pytest.mark.parametrize(
    ("written", "since", "before"),
    [
        ("since:2024", at(2024), None),
        ("since:2024-03", at(2024, 3), None),
        ("since:30d", int(NOW.timestamp()) - 30 * 86_400, None),
        ("since:2weeks", int(NOW.timestamp()) - 14 * 86_400, None),
        ("when:2023", at(2023), at(2024)),
        ("when:2023-12", at(2023, 12), at(2024)),
        ("when:2023-12-31", at(2023, 12, 31), at(2024)),
        ("when:2022..2023-06", at(2022), at(2023, 7)),
        ("when:..2023", None, at(2024)),
        ("when:2023..", at(2023), None),
    ],
)
def test_dates_are_spans_of_time(written: str, since: int | None, before: int | None):
    scopes, notices = parse(written, NOW)
    assert (scopes.since, scopes.before) == (since, before)
    assert notices == []


@pytest.mark.parametrize(
    "written", ["since:lately", "since:2024-13", "when:2023-02-30", "when:x..y", "kind:music", 'path:""']
)
def test_a_value_that_cannot_be_read_stays_text_and_is_said(written: str):
    scopes, notices = parse(f"{written} login", NOW)
    assert scopes.text == f"{written} login"
    assert not scopes.narrow
    assert len(notices) == 1


def test_an_unknown_scope_is_searched_as_words_and_said():
    scopes, notices = parse("author:ann login", NOW)
    assert scopes.text == "author:ann login"
    assert "'author'" in notices[0]


@pytest.mark.parametrize(
    "text", ["std::vector of", "http://example.com/a", "localhost:8080", "KeyError: 'x'", r"C:\temp"]
)
def test_colons_that_are_no_scopes_are_left_alone(text: str):
    scopes, notices = parse(text, NOW)
    assert scopes.text == text
    assert notices == []


@pytest.mark.parametrize(
    ("path", "asked", "inside"),
    [
        ("src/auth/login.py", "auth/", True),
        ("src/auth/login.py", "SRC/", True),
        ("src/auth/login.py", "*.py", True),
        ("src/auth/login.py", "auth/*.py", True),
        ("src/auth/login.py", "*.go", False),
        ("src/auth/login.py", "./src", True),
        ("src/authors.py", "auth/", False),
    ],
)
def test_a_path_is_a_part_or_a_pattern(path: str, asked: str, inside: bool):
    assert matches(path, asked) is inside


def files(shop: Shop, text: str) -> set[str | None]:
    return {hit.path for hit in shop.search(text, 30) if hit.kind is not ChunkKind.COMMIT}


def test_path_keeps_files_below_it_and_commits_that_touched_them(shop: Shop):
    hits = shop.search("path:tests/ session cookie", 30)
    assert {hit.path for hit in hits if hit.path} == {"tests/test_sessions.py"}
    assert {hit.text.split("\n")[0] for hit in hits if not hit.path} == {"Keep sessions in a store"}


def test_lang_keeps_files_in_a_language(shop: Shop):
    assert files(shop, "lang:golang cookie") == {"tools/cookie.go"}


def test_kind_keeps_kinds(shop: Shop):
    assert {hit.kind for hit in shop.search("kind:docs session proxy", 30)} == {ChunkKind.DOC}


def test_sym_keeps_the_lines_of_a_definition(shop: Shop):
    hits = shop.search("sym:check_password constant time", 30)
    assert {hit.path for hit in hits if hit.path} == {"src/auth.py"}
    assert all("def check_password" in hit.text for hit in hits if hit.path)


def test_sym_alone_shows_the_definition(shop: Shop):
    hits = shop.search("sym:SessionStore.save_session")
    assert hits[0].path == "src/sessions.py"
    assert hits[0].found_by == (FoundBy.SYMBOL,)
    assert "def save_session" in hits[0].text


def test_who_keeps_what_a_person_wrote(shop: Shop):
    hits = shop.search("who:meyer session store bank password", 30)
    assert {hit.path for hit in hits if hit.path} >= {"src/sessions.py"}
    messages = {hit.text.split("\n")[0] for hit in hits if not hit.path}
    assert "Stop after five" not in messages
    assert "Keep sessions in a store" in messages


def test_who_alone_lists_the_newest_commits_first(shop: Shop):
    hits = shop.search("who:bob@example.com kind:commit")
    assert [hit.text.strip() for hit in hits] == [
        "Write down how it is deployed",
        "Keep sessions in a store",
        "Move the package",
    ]


def test_since_keeps_what_changed_from_then_on(shop: Shop):
    hits = shop.search("since:2024 shop bank session", 30)
    messages = {hit.text.split("\n")[0] for hit in hits if not hit.path}
    assert messages == {"Keep sessions in a store"}


def test_when_keeps_what_changed_within(shop: Shop):
    hits = shop.search("when:2023 kind:commit shop bank session", 30)
    assert {hit.text.split("\n")[0] for hit in hits} == {"Begin the shop", "Stop after five"}


def test_scopes_narrow_each_other(shop: Shop):
    assert files(shop, "path:src who:meyer lang:go cookie") == set()
    assert files(shop, "path:tools who:meyer lang:go cookie") == {"tools/cookie.go"}


def test_a_scope_that_holds_nothing_finds_nothing(shop: Shop):
    assert shop.search("path:nowhere session", 30) == []
    assert shop.search("path:nowhere", 30) == []


def test_vectors_obey_scopes_too(shop: Shop):
    from indexer.types import Query

    hits, _ = shop.fully.search(Query("path:tools delete stale visitors' data", 30))
    assert {hit.path for hit in hits if hit.path} == {"tools/cookie.go"}
