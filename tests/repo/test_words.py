"""How text becomes the words of the lexical index."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from indexer.repo.words import fold, pieces, stems


@pytest.mark.parametrize("written", ["SessionStore", "session_store", "session-store", "SESSION_STORE"])
def test_every_way_of_writing_a_name_gives_the_same_whole_and_sub_words(written):
    assert stems(written) == ["sessionstore", "session", "store"]


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("authorization", "author"),
        ("customer", "custom"),
        ("important", "import"),
        ("locale", "local"),
        ("terminal", "terminate"),
        ("responsible", "response"),
        ("several", "severity"),
    ],
)
def test_words_that_the_stemmer_takes_for_one_another_stay_apart(word: str, other: str):
    assert stems(word) != stems(other)


def test_a_plain_word_is_stemmed_and_given_once():
    assert stems("Sessions") == ["session"]


def test_capitals_in_a_row_end_where_the_next_word_begins():
    assert pieces("HTTPServerError") == ["http", "server", "error"]


def test_a_name_that_begins_with_one_letter_is_found_by_the_common_word_too():
    assert {"oauth", "auth", "session"} <= set(stems("OAuthSession"))


def test_digits_stay_with_the_word_before_them():
    assert {"base64", "encod"} <= set(stems("base64Encode"))
    assert stems("sha256") == ["sha256", "sha", "256"]


def test_a_status_code_is_a_word_and_a_loop_variable_is_not():
    assert stems("x = 404 if i else y") == ["404", "els"]


def test_names_of_cobol_are_whole_and_split():
    assert stems("WS-TRAN-AMT") == ["wstranamt", "ws", "tran", "amt"]


def test_function_words_of_a_question_are_dropped_and_its_negation_is_kept():
    assert stems("how does it not work") == ["not", "work"]


def test_accents_and_case_do_not_matter_in_any_script():
    assert stems("naïve Überlauf") == stems("NAIVE uberlauf")
    assert stems("ПриветМир") == ["приветмир", "привет", "мир"]
    assert fold("Straße") == "strasse"


def test_a_script_without_spaces_is_cut_into_pairs():
    assert stems("会话管理") == ["会话", "话管", "管理"]
    assert "会话" in stems("SessionStore会话")


def test_encoded_data_gives_no_words():
    assert stems("A1" * 500) == []


@pytest.mark.parametrize("nothing", ["", "   ", "???", "🙂🙂", "-- -- --", "_ __ ___"])
def test_T9_text_without_words_gives_none(nothing):
    assert stems(nothing) == []


def test_many_threads_get_the_same_words():
    texts = [f"name{n}Of thing_{n} Sessions running{n}" for n in range(2_000)]
    alone = [stems(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(stems, texts)) == alone


def test_splitting_keeps_up_with_reading():
    text = "def get_user_by_id(self, userId): return self.sessions[userId]  # the user's session\n" * 12_000
    started = time.perf_counter()
    stems(text)
    # 3 MB/s asked; some 20 MB/s seen. A quarter of the asked rate leaves room for a busy machine.
    assert len(text) / (time.perf_counter() - started) > 750_000
