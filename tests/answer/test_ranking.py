"""How evidence becomes an order of files and passages."""

from __future__ import annotations

import pytest

from indexer.answer.merging import merge
from indexer.answer.ranking import Evidence, Spoken, joined, pooled, rank_files, seldom, spread
from indexer.answer.wording import read
from indexer.index.candidates import FileFacts
from indexer.types import ChunkKind, FileMark, FoundBy, Hit

WEIGHTS = {"url": 3.0, "pars": 2.0, "api": 3.0, "authent": 4.0, "dynam": 3.0, "buffer": 2.0}
WORDS = ("url", "parsing", "api", "authentication", "dynamic", "buffers")
SPOKEN = Spoken(WEIGHTS, WORDS)


def facts(path_id: int, path: str, marks: FileMark = FileMark.NONE) -> FileFacts:
    return FileFacts(path_id, path_id, path, marks, 0.0, "c")


@pytest.mark.parametrize("name", ["auth", "urlapi", "dynbuf", "url_api", "UrlApi"])
def test_a_name_made_of_spoken_words_or_their_short_forms_is_alike(name: str):
    assert SPOKEN.likeness(name) > 0.3


@pytest.mark.parametrize("name", ["", "x", "main", "au", "urlqqq", "zebra"])
def test_a_name_that_says_nothing_of_the_question_is_not(name: str):
    assert SPOKEN.likeness(name) == 0.0


def test_a_name_with_nothing_beside_the_spoken_words_is_more_alike():
    assert SPOKEN.likeness("url_api") > SPOKEN.likeness("url_api_legacy_adapter")


def test_a_whole_word_is_more_alike_than_its_short_form():
    assert SPOKEN.likeness("authentication") > SPOKEN.likeness("auth")


def test_a_word_of_the_same_root_is_alike_though_its_stem_is_another():
    spoken = Spoken({"format": 2.0, "autosc": 3.0}, ("formatting", "autoscaling"))
    assert spoken.likeness("formatter") > 0.3
    assert spoken.likeness("autoscaler") > 0.3
    assert spoken.likeness("formula") == 0.0


def test_without_words_nothing_is_alike():
    assert Spoken({}, ()).likeness("auth") == 0.0


def test_one_strong_passage_beats_many_weak_ones_but_not_by_itself_alone():
    assert pooled([10.0]) > pooled([3.0] * 10)
    assert pooled([10.0, 9.0]) > pooled([10.0])


def test_a_test_file_falls_behind_unless_tests_are_asked_for():
    evidence = {1: Evidence(words=[10.0]), 2: Evidence(words=[9.0])}
    known = {1: facts(1, "spec/a.c", FileMark.TEST), 2: facts(2, "lib/b.c")}
    assert [file.path_id for file in rank_files(evidence, known, FileMark.NONE, SPOKEN)] == [2, 1]
    assert [file.path_id for file in rank_files(evidence, known, FileMark.TEST, SPOKEN)] == [1, 2]


def test_marks_cost_more_together():
    assert seldom(FileMark.TEST | FileMark.VENDORED, FileMark.NONE) < seldom(FileMark.TEST, FileMark.NONE) < 1


def test_a_file_tells_that_its_name_and_its_history_led_to_it():
    evidence = {1: Evidence(words=[1.0], votes=2.0), 2: Evidence(words=[1.0])}
    known = {1: facts(1, "lib/urlapi.c"), 2: facts(2, "lib/other.c")}
    ranked = {file.path_id: file for file in rank_files(evidence, known, FileMark.NONE, SPOKEN)}
    assert ranked[1].found_by == (FoundBy.PATH, FoundBy.REFERENCE)
    assert ranked[2].found_by == ()


def test_files_that_are_not_current_are_left_out():
    assert rank_files({1: Evidence(words=[1.0])}, {}, FileMark.NONE, SPOKEN) == []


def test_equal_files_stand_in_the_order_of_their_paths():
    evidence = {1: Evidence(words=[1.0]), 2: Evidence(words=[1.0])}
    ranked = rank_files(evidence, {1: facts(1, "b.c"), 2: facts(2, "a.c")}, FileMark.NONE, SPOKEN)
    assert [file.path_id for file in ranked] == [2, 1]


def test_passages_of_one_file_are_spread():
    passages = [(1, 5.0), (1, 4.9), (2, 3.0), (1, 2.0)]
    assert [place for place, _ in spread(passages, {1: 1.0, 2: 0.8})] == [0, 2, 1, 3]


def hits(kind: ChunkKind, count: int, text: str = "nothing") -> list[Hit]:
    return [
        Hit(f"{kind}{n}", 1, 1, kind, "", None, 1.0 - n / 100, (FoundBy.WORDS,), text) for n in range(count)
    ]


def test_code_comes_first_and_every_kind_is_let_in():
    merged = merge(
        {kind: hits(kind, 30) for kind in (ChunkKind.CODE, ChunkKind.DOC, ChunkKind.COMMIT)},
        read("parsing of a url"),
        SPOKEN,
        10,
    )
    kinds = [hit.kind for hit in merged]
    assert kinds[:5] == [ChunkKind.CODE] * 5
    assert {ChunkKind.DOC, ChunkKind.COMMIT} <= set(kinds)
    assert len(kinds) == 10


def test_a_kind_that_ends_leaves_its_places_to_the_others():
    merged = merge(
        {ChunkKind.CODE: hits(ChunkKind.CODE, 2), ChunkKind.DOC: hits(ChunkKind.DOC, 30)},
        read("x y"),
        SPOKEN,
        10,
    )
    assert len(merged) == 10


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("what does PreparedRequest do", "PreparedRequest"),
        ("where is `host` read", "host"),
        ("why does get_environ_proxies ask", "get_environ_proxies"),
        ("how is Session.send called", "send"),
        ("std::vector growth", "vector"),
        ("Router", "Router"),
        ("router", "router"),
    ],
)
def test_names_of_code_are_seen_in_a_question(question: str, name: str):
    assert name in {each.text for each in read(question).names}


def test_a_plain_word_is_no_name_and_a_capital_is_a_weak_one():
    names = {each.text: each.weight for each in read("how does the Session keep cookies").names}
    assert "cookies" not in names
    assert 0 < names["Session"] < 1


@pytest.mark.parametrize(
    ("question", "mark"),
    [
        ("how do I run the tests", FileMark.TEST),
        ("what does test_login check", FileMark.TEST),
        ("an example of a plugin", FileMark.EXAMPLE),
        ("which yaml file sets the port", FileMark.CONFIGURATION),
        ("deprecated options", FileMark.LEGACY),
    ],
)
def test_a_question_may_ask_for_what_is_seldom_meant(question: str, mark: FileMark):
    assert mark in read(question).asks_for


@pytest.mark.parametrize("question", ["how is a contest scored", "the latest release", "attestation of keys"])
def test_a_word_that_holds_test_asks_for_no_tests(question: str):
    assert FileMark.TEST not in read(question).asks_for


@pytest.mark.parametrize(
    ("likeness", "order"),
    [
        # Nothing was found by meaning: the list stays as it is.
        ([0.0, 0.0, 0.0], [0, 1, 2]),
        ([0.5, 0.4, 0.3], [0, 1, 2]),
        # The likest comes before what is like nothing, though it stood at the end.
        ([0.0, 0.0, 0.0, 0.6], [3, 0, 1, 2]),
        # What stands well in both comes before what leads one and is late in the other.
        ([0.1, 0.5, 0.2, 0.3, 0.4, 0.6], [1, 0, 5, 2, 4, 3]),
        ([], []),
    ],
)
def test_a_list_that_is_read_whole_is_ordered_by_its_rank_and_by_likeness_together(likeness, order):
    assert joined(likeness) == order


def test_what_is_likest_of_many_comes_to_the_front_and_what_is_late_in_both_stays_behind():
    likeness = [0.2] * 99 + [0.9]

    order = joined(likeness)

    assert order.index(99) < 20
    assert order[-1] == 98
