"""What a search finds, in which order, and what it says about itself."""

from __future__ import annotations

import pytest

from indexer.answer.retrieval import NO_WORDS, WORDS_ONLY, Retriever
from indexer.types import ChunkKind, FoundBy, Hit, Query
from tests.answer.conftest import IndexShop, Shop, build_shop
from tests.conftest import Bench


def test_the_file_that_does_it_comes_before_those_that_use_or_mention_it(shop: Shop):
    assert shop.paths("how is a session opened and saved")[0] == "src/sessions.py"


def test_tests_come_first_when_tests_are_asked_for(shop: Shop):
    assert shop.paths("which test covers that the session cookie is signed")[0] == "tests/test_sessions.py"


def test_a_name_written_out_leads_to_its_definition(shop: Shop):
    best = shop.search("What does the DigestAuth class do with the nonce of a server?")[0]
    assert (best.path, best.symbol.split(".")[0]) == ("src/auth.py", "DigestAuth")
    assert FoundBy.SYMBOL in best.found_by


def test_a_bare_name_finds_its_definition_before_its_uses(shop: Shop):
    assert shop.paths("SessionStore")[0] == "src/sessions.py"


def test_a_file_is_found_by_the_word_that_its_name_shortens(shop: Shop):
    best = shop.search("authentication of a user")[0]
    assert best.path == "src/auth.py"
    assert FoundBy.PATH in best.found_by


def test_a_commit_of_before_a_move_speaks_for_the_file_of_today(shop: Shop):
    hits = shop.search("why do we call the bank gateway again only so many times before a TimeoutError")
    retry = next(hit for hit in hits if hit.path == "src/retry.py")
    assert FoundBy.REFERENCE in retry.found_by


def test_a_reason_that_only_a_message_holds_is_found_as_a_commit(shop: Shop):
    hits = shop.search("bank blocks our account")
    commit = next(hit for hit in hits if hit.kind is ChunkKind.COMMIT)
    assert commit.text.startswith("Stop after five")
    assert commit.path is None
    assert commit.commit_id is not None
    assert len(commit.commit_id) == 40


def test_two_words_that_the_code_writes_as_one_find_it(bench: Bench, index_shop: IndexShop):
    source = build_shop(bench.make())
    source.commit("Add a screen", {"src/cosgn.py": "def send_screen():\n    # SIGNON\n    return None\n"})
    assert index_shop(source, bench).paths("where does a user sign on")[0] == "src/cosgn.py"


def test_several_files_come_before_a_second_passage_of_one(shop: Shop):
    paths = [hit.path for hit in shop.search("cookie session", 30) if hit.path]
    assert len(set(paths[:3])) == 3


def test_a_document_leads_when_only_it_holds_the_words(shop: Shop):
    assert shop.search("renew certificates each quarter")[0].path == "docs/deploy.md"


def test_code_leads_when_a_document_merely_mentions_it(shop: Shop):
    assert shop.search("store of sessions")[0].kind is ChunkKind.CODE


def test_asked_kinds_are_the_only_ones(shop: Shop):
    hits, _ = shop.by_words.search(Query("session", 10, (ChunkKind.DOC, ChunkKind.COMMIT)))
    assert {hit.kind for hit in hits} == {ChunkKind.DOC, ChunkKind.COMMIT}


def test_scores_never_rise_along_the_list(shop: Shop):
    scores = [hit.score for hit in shop.search("session cookie proxy bank", 30)]
    assert scores == sorted(scores, reverse=True)


def test_every_hit_says_how_it_was_found_and_where_it_stands(shop: Shop):
    hits, _ = shop.fully.search(Query("how is a session opened and saved", 30))
    assert hits
    for hit in hits:
        assert hit.found_by
        assert 1 <= hit.start_line <= hit.end_line
        assert hit.passage_id > 0
        if hit.kind is not ChunkKind.COMMIT:
            assert hit.path is not None
            text = (shop.source.path / hit.path).read_text().split("\n")
            assert hit.text.strip() in "\n".join(text[hit.start_line - 1 : hit.end_line])


def test_a_road_is_told_only_for_the_passage_that_it_led_to(shop: Shop):
    hits, _ = shop.fully.search(Query("check_password", 30))
    for hit in hits:
        holds = "check_password" in hit.text
        assert (FoundBy.SYMBOL in hit.found_by) == ("def check_password" in hit.text)
        if FoundBy.WORDS not in hit.found_by:
            assert not holds


def test_without_vectors_it_works_by_words_and_says_so(shop: Shop):
    assert shop.notices("session") == [WORDS_ONLY]


def test_with_vectors_a_thing_is_found_that_shares_no_word(shop: Shop):
    question = "delete stale visitors' data"
    hits, notices = shop.fully.search(Query(question, 10))
    assert "src/sessions.py" in [hit.path for hit in hits]
    assert any(FoundBy.VECTOR in hit.found_by for hit in hits)
    assert notices == []


def test_a_model_without_vectors_yet_is_said_too(shop: Shop, model: object):
    class Empty:
        def search(self, kind, vector, k):
            return []

    _, notices = Retriever(shop.catalog, Empty(), model).search(Query("session"))
    assert notices == [WORDS_ONLY]


def test_notes_stand_first_and_never_fill_the_list(shop: Shop):
    note = Hit(None, 1, 1, ChunkKind.NOTE, "", None, 0.5, (FoundBy.NOTE,), "Why", note_id="n")
    asked: list[tuple[str, int]] = []

    def search(text: str, limit: int) -> list[Hit]:
        asked.append((text, limit))
        return [note] * 6

    hits, _ = Retriever(shop.catalog, notes_search=search).search(Query("session store", 10))
    assert asked == [("session store", 10)]
    assert [hit.kind for hit in hits[:4]] == [ChunkKind.NOTE] * 3 + [ChunkKind.CODE]


def test_a_file_that_is_gone_is_not_found_any_more(bench: Bench, index_shop: IndexShop):
    source = build_shop(bench.make())
    assert "src/auth.py" in index_shop(source, bench).paths("check password")
    source.git("rm", "-q", "src/auth.py")
    source.commit("Let everybody in")
    assert "src/auth.py" not in index_shop(source, bench).paths("check password", 30)


def test_another_branch_is_not_shown_as_current(bench: Bench, index_shop: IndexShop):
    source = build_shop(bench.make())
    source.git("checkout", "-q", "-b", "side")
    source.commit("Add a unicorn", {"src/unicorn.py": "def unicorn():\n    return 'sparkle'\n"})
    assert "src/unicorn.py" in index_shop(source, bench).paths("unicorn sparkle")
    source.git("checkout", "-q", "main")
    hits = index_shop(source, bench).search("unicorn sparkle", 30)
    assert [hit for hit in hits if "unicorn" in hit.text] == []


@pytest.mark.parametrize(
    "text",
    [
        'session" OR "x',
        "session AND NOT store",
        "NEAR(session store, 2)",
        "sess* ^session",
        "{stem dirs}: session",
        "body : session",
        "'; DROP TABLE passage; --session",
        "session) OR (session",
        '"""session"""',
        "session\x00store",
    ],
)
def test_T8_syntax_of_the_search_engine_is_words_or_nothing(shop: Shop, text: str):
    assert "src/sessions.py" in shop.paths(text)


def test_T9_a_question_of_20000_characters_is_answered(shop: Shop):
    filler = " ".join(f"word{number}" for number in range(2_600))
    text = f"{filler} session store cookie"
    assert len(text) > 20_000
    assert shop.paths(text)[0] == "src/sessions.py"


@pytest.mark.parametrize("text", ["", "   ", "🙂🙂", "???", "the of and", '""'])
def test_T9_a_question_without_words_finds_nothing_and_says_so(shop: Shop, text: str):
    hits, notices = shop.by_words.search(Query(text))
    assert hits == []
    assert notices == [NO_WORDS]
