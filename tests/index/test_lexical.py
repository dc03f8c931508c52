"""Words in FTS5: what stands in the columns, and what a query can and cannot do."""

from __future__ import annotations

import sqlite3
from importlib import resources

import pytest

from indexer.index import lexical
from indexer.index.lexical import Lexicon, columns, rarity, search, telling, terms_of
from indexer.types import ChunkKind


@pytest.fixture
def catalog() -> sqlite3.Connection:
    """Five passages of code at five paths; the last one is not current."""
    made = sqlite3.connect(":memory:", isolation_level=None)
    made.executescript((resources.files("indexer.index") / "schema.sql").read_text())
    texts = [
        ("lib/session.py", "Session", "open session cookie"),
        ("lib/cookie.py", "jar", "cookie jar keeps cookie cookie"),
        ("lib/url.py", "parse", "parse url common"),
        ("lib/common.py", "common", "common common"),
        ("old/session.py", "Session", "session session session"),
    ]
    for number, (path, symbol, text) in enumerate(texts, 1):
        made.execute("INSERT INTO path VALUES (?, ?, ?)", (number, path.encode(), path))
        made.execute(
            "INSERT INTO chunk (id, kind, blob_id, start_line, end_line, symbol, text, words)"
            " VALUES (?, 'code', ?, 1, 2, ?, ?, ?)",
            (number, number, symbol, text, text),
        )
        made.execute(
            "INSERT INTO passage VALUES (?, 'code', ?, ?, x'00', ?)",
            (number, number, number, int(number != len(texts))),
        )
        stem, dirs = columns(path, symbol)
        made.execute(
            "INSERT INTO words_code (rowid, stem, dirs, body) VALUES (?, ?, ?, ?)", (number, stem, dirs, text)
        )
    return made


def found(catalog: sqlite3.Connection, text: str, limit: int = 10) -> list[int]:
    return [hit.passage_id for hit in search(catalog, ChunkKind.CODE, terms_of(text), limit)]


def test_the_columns_hold_the_words_of_name_symbol_and_folders():
    assert columns("src/http_client/SessionStore.test.ts", "Pool.close") == (
        "sessionstor session store pool close".replace("sessionstor ", "sessionstore "),
        "src httpclient http client",
    )


def test_a_file_without_a_stem_is_known_by_its_ending():
    assert columns(".gitignore", "")[0] == "gitignor"


def test_a_name_weighs_more_than_a_line(catalog: sqlite3.Connection):
    assert found(catalog, "cookie")[0] == 2
    assert found(catalog, "session") == [1]


def test_passages_that_are_not_current_are_never_found(catalog: sqlite3.Connection):
    assert 5 not in found(catalog, "session")


def test_the_budget_is_filled_past_passages_that_are_not_current(catalog: sqlite3.Connection):
    assert found(catalog, "session", limit=1) == [1]


def test_nothing_asked_finds_nothing(catalog: sqlite3.Connection):
    assert search(catalog, ChunkKind.CODE, [], 10) == []
    assert search(catalog, ChunkKind.CODE, ["cookie"], 0) == []


def test_only_passages_within_scope_are_found(catalog: sqlite3.Connection):
    hits = search(catalog, ChunkKind.CODE, ["cooki", "cookie", "common"], 10, within={3, 4})
    assert {hit.path_id for hit in hits} == {3, 4}
    assert search(catalog, ChunkKind.CODE, ["common"], 10, within=set()) == []


def test_paths_that_come_last_take_only_the_places_that_are_left(catalog: sqlite3.Connection):
    def paths(limit: int, **scope: set[int]) -> list[int]:
        return [hit.path_id for hit in search(catalog, ChunkKind.CODE, ["common", "cookie"], limit, **scope)]

    best, *others = paths(10)
    assert len(others) == 3
    assert paths(10, last={best}) == [*others, best]
    assert best not in paths(3, last={best})
    assert paths(10, within={best, others[0]}, last={best}) == [others[0], best]


def test_passages_of_another_branch_cost_no_place_however_many_they_are(catalog: sqlite3.Connection):
    for number in range(10, 60):
        catalog.execute("INSERT INTO passage VALUES (?1, 'code', ?1, 5, x'00', 0)", (number,))
        catalog.execute("INSERT INTO words_code (rowid, stem) VALUES (?, 'cookie')", (number,))
    assert {hit.path_id for hit in search(catalog, ChunkKind.CODE, ["cookie"], 2)} == {1, 2}
    assert [hit.path_id for hit in search(catalog, ChunkKind.CODE, ["cookie"], 1, within={1, 5})] == [1]


@pytest.mark.parametrize(
    "term",
    ['"', 'a"b', "AND", "NEAR(", "*", "stem:", "{", "^cookie", "-cookie", "cookie*", "(", ")", "\\", "'"],
)
def test_T8_a_term_is_never_syntax(catalog: sqlite3.Connection, term: str):
    for hit in search(catalog, ChunkKind.CODE, [term], 10):
        assert hit.passage_id in {1, 2}


def test_rare_words_are_asked_for_and_common_ones_left_out():
    counts = {"the": 90, "cookie": 5, "jar": 2, "absent": 0}
    assert telling(["the", "cookie", "absent", "jar"], counts, 100) == ["cookie", "jar"]


def test_common_words_are_asked_for_when_there_is_little_else():
    assert telling(["the", "cookie"], {"the": 90, "cookie": 5}, 100) == ["the", "cookie"]


def test_T9_of_many_words_the_rarest_are_asked_for():
    counts = {f"w{number}": number + 1 for number in range(500)}
    chosen = telling(list(counts), counts, 100_000)
    assert chosen == [f"w{number}" for number in range(len(chosen))]
    assert len(chosen) < 100


def test_in_a_huge_index_the_commonest_words_are_left_out_but_never_all():
    counts = {"a": 90_000, "b": 80_000, "c": 70_000, "d": 10}
    assert telling(["a", "b", "c", "d"], counts, 1_000_000) == ["c", "d"]
    assert telling(["a", "b"], {"a": 900_000, "b": 800_000}, 10_000_000) == ["a", "b"]


def test_a_word_stands_alone_where_its_part_does_not(catalog: sqlite3.Connection):
    lexicon = Lexicon()
    catalog.execute("INSERT INTO words_code (rowid, body) VALUES (6, 'signon screen'), (7, 'signup sign up')")
    assert lexicon.stands_alone(catalog, ChunkKind.CODE, "signon", "sign")
    assert not lexicon.stands_alone(catalog, ChunkKind.CODE, "signup", "sign")
    assert not lexicon.stands_alone(catalog, ChunkKind.CODE, "absent", "sign")


def test_rarity_falls_with_how_often_a_word_stands_and_is_never_below_zero():
    values = [rarity(found, 100) for found in (0, 1, 50, 100)]
    assert values == sorted(values, reverse=True)
    assert values[-1] >= 0


def test_counts_are_remembered_until_the_index_grows(catalog: sqlite3.Connection):
    lexicon = Lexicon()
    assert lexicon.rows(catalog, ChunkKind.CODE) == 5
    assert lexicon.found(catalog, ChunkKind.CODE, ["cookie", "nothing"]) == {"cookie": 2, "nothing": 0}
    catalog.execute("INSERT INTO words_code (rowid, body) VALUES (6, 'cookie')")
    assert lexicon.found(catalog, ChunkKind.CODE, ["cookie"]) == {"cookie": 2}
    catalog.execute("INSERT INTO passage VALUES (6, 'code', 6, 6, x'00', 1)")
    assert lexicon.found(catalog, ChunkKind.CODE, ["cookie"]) == {"cookie": 3}
    assert lexicon.rows(catalog, ChunkKind.CODE) == 6


def test_the_tables_are_those_of_the_schema(catalog: sqlite3.Connection):
    for kind in (ChunkKind.CODE, ChunkKind.DOC, ChunkKind.COMMIT):
        assert lexical.search(catalog, kind, ["nothing"], 1) == []
