"""A file as the window shows it."""

from __future__ import annotations

import time

import pytest

from indexer.errors import NotFoundError
from indexer.guide.colouring import Colourist
from indexer.guide.window import Pages
from indexer.pages import CommitsWanted, SourceWanted, SpanWanted, TokenRole
from tests.conftest import Bench
from tests.guide.conftest import BASKET, BOB, TOKEN, OpenKnowledge, Quiet


def test_a_file_comes_as_it_is_indexed_with_colours_at_the_right_places(pages: Pages) -> None:
    page = pages.reading.source(SourceWanted("shop/basket.py"))
    assert "\n".join(page.lines) + "\n" == BASKET
    assert (page.first_line, page.total_lines, page.language) == (1, len(page.lines), "python")
    said = {
        (page.lines[each.line - 1][each.start : each.start + each.length], each.role) for each in page.tokens
    }
    assert {("class", TokenRole.KEYWORD), ("Basket", TokenRole.NAME), ("total_price", TokenRole.NAME)} <= said


def test_without_tokens_only_the_lines_come(pages: Pages) -> None:
    page = pages.reading.source(SourceWanted("shop/basket.py", tokens=False))
    assert page.lines
    assert page.tokens == ()


def test_tokens_count_utf16_units(open_knowledge: OpenKnowledge, bench: Bench) -> None:
    made = bench.make()
    made.commit("Begin", {"a.py": 'x = "😀😀"  # end\n'})
    page = open_knowledge(made).pages.reading.source(SourceWanted("a.py"))
    wide = page.lines[0].encode("utf-16-le")
    said = [wide[2 * each.start : 2 * (each.start + each.length)].decode("utf-16-le") for each in page.tokens]
    assert said == ['"😀😀"', "# end"]


def test_F17_secrets_are_not_shown_and_a_file_that_is_one_not_at_all(pages: Pages) -> None:
    page = pages.reading.source(SourceWanted("deploy/settings.ini"))
    assert TOKEN not in "\n".join(page.lines)
    assert any("REDACTED" in line for line in page.lines)
    assert "Secrets cut out: 1." in page.notices
    hidden = pages.reading.source(SourceWanted(".env"))
    assert hidden.lines == ()
    assert "secrets" in hidden.notices[0]


def test_an_old_state_is_shown_by_its_commit_or_its_blob_and_says_so(
    open_knowledge: OpenKnowledge, bench: Bench
) -> None:
    made = bench.make()
    made.commit("Begin", {"a.py": "OLD = 1\n"})
    first = made.head
    made.commit("Change", {"a.py": "NEW = 2\n"})
    reading = open_knowledge(made).pages.reading
    old = reading.source(SourceWanted("a.py", commit_id=first))
    assert old.lines == ("OLD = 1",)
    assert "earlier" in old.notices[0]
    assert reading.source(SourceWanted("a.py", blob_id=old.blob_id)).lines == ("OLD = 1",)
    with pytest.raises(NotFoundError):
        reading.source(SourceWanted("b.py", commit_id=first))


def test_an_old_state_of_a_file_of_secrets_is_not_shown(pages: Pages) -> None:
    blob = pages.reading.source(SourceWanted("deploy/settings.ini")).blob_id
    assert pages.reading.source(SourceWanted("config/id_rsa", blob_id=blob)).lines == ()


def test_the_working_copy_is_shown_with_its_changes(open_knowledge: OpenKnowledge, bench: Bench) -> None:
    made = bench.make()
    made.commit("Begin", {"a.py": "one = 1\ntwo = 2\n"})
    made.write({"a.py": "zero = 0\none = 1\ntwo = 2\n"})
    knowledge = open_knowledge(made)
    page = knowledge.pages.reading.source(SourceWanted("a.py"))
    assert page.lines[0] == "zero = 0"
    assert page.commit_id is None
    blame = knowledge.pages.reading.blame(SpanWanted("a.py", 1, 3))
    assert [(run.start_line, run.end_line) for run in blame.runs] == [(2, 3)]
    assert blame.notices
    assert knowledge.pages.reading.span_history(SpanWanted("a.py", 2, 3)).total == 1
    fresh = knowledge.pages.reading.span_history(SpanWanted("a.py", 1, 1))
    assert (fresh.total, len(fresh.notices)) == (0, 1)


def test_F3_a_line_of_five_megabytes_is_cut_and_a_long_file_comes_in_part(
    open_knowledge: OpenKnowledge, bench: Bench
) -> None:
    made = bench.make()
    made.commit("Begin", {"one.txt": "x" * 5_000_000 + "\nend\n", "many.txt": "line\n" * 50_000})
    reading = open_knowledge(made).pages.reading
    cut = reading.source(SourceWanted("one.txt"))
    assert len(cut.lines[0]) == 2_001
    assert any("cut" in each for each in cut.notices)
    part = reading.source(SourceWanted("many.txt", around=40_000))
    assert len(part.lines) == 20_000
    assert part.first_line <= 40_000 < part.first_line + 20_000
    assert part.total_lines == 50_000
    assert any("50,000" in each for each in part.notices)


def test_binary_and_unknown_files_are_refused_in_a_sentence(pages: Pages) -> None:
    with pytest.raises(NotFoundError, match="binary"):
        pages.reading.source(SourceWanted("logo.png"))
    with pytest.raises(NotFoundError):
        pages.reading.source(SourceWanted("no/such.py"))


def test_blame_names_commit_person_and_subject(pages: Pages) -> None:
    runs = pages.reading.blame(SpanWanted("shop/money.py", 4, 6)).runs
    assert [(run.start_line, run.end_line, run.author) for run in runs][-1] == (6, 6, BOB[0])
    assert runs[-1].subject == "Round half up"


def test_the_history_of_lines_is_that_of_these_lines_alone(pages: Pages) -> None:
    rounding = pages.reading.span_history(SpanWanted("shop/money.py", 4, 6))
    assert [row.subject for row in rounding.rows] == ["Round half up", "Begin the shop"]
    adding = pages.reading.span_history(SpanWanted("shop/money.py", 9, 11))
    assert [row.subject for row in adding.rows] == ["Begin the shop"]
    assert pages.history.commits(CommitsWanted("path:shop/money.py")).total == 2


def test_a_colouring_that_takes_too_long_is_ended_and_the_next_one_works() -> None:
    colourist = Colourist(patience=0.02)
    began = time.monotonic()
    found = colourist.tokens("python", ["x = (1)"] * 20_000, 1)
    assert found == ((), False)
    assert time.monotonic() - began < 20
    colourist._patience = 60.0
    assert colourist.tokens("python", ["x = 1"], 7)[0][0].line == 7
    colourist.close()
    assert colourist.tokens("python", ["x = 1"], 1) == ((), False)


def test_what_was_coloured_once_is_not_coloured_again(open_knowledge: OpenKnowledge, bench: Bench) -> None:
    made = bench.make()
    made.commit("Begin", {"a.py": "x = 1\n"})
    knowledge = open_knowledge(made)
    first = knowledge.pages.reading.source(SourceWanted("a.py"))
    knowledge.pages.close()
    assert first.tokens
    assert knowledge.pages.reading.source(SourceWanted("a.py")).tokens == first.tokens
    made.commit("More", {"a.py": "x = 2\n"})
    knowledge.words(Quiet())
    assert knowledge.pages.reading.source(SourceWanted("a.py")).lines == ("x = 2",)
