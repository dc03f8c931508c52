"""An answer arranged and carried away: numbers, sections, and Markdown in which nothing is alive."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.answer_page import arrange, day, span_words, without_question
from desktop.answer_text import as_markdown, as_text, escaped, file_name
from desktop.widgets.searched import read_searched
from indexer.types import (
    Answer,
    Citation,
    CitationKind,
    Contact,
    Freshness,
    Section,
    Statement,
    Verdict,
    VerdictStatus,
)


def span(path: str, start: int, end: int = 0, blob: str = "b" * 40) -> Citation:
    return Citation(CitationKind.SPAN, path, start, end or start, "c" * 40, blob, f"{path} {start}")


COMMIT = Citation(CitationKind.COMMIT, None, 3, 4, "d" * 40, None, "Because.", None, "Ada", 1_700_000_000)
FACT = Citation(CitationKind.FACT, None, 0, 0, None, None, "", fact="2 passages")


def answer(status: VerdictStatus, *statements: Statement, question: str = "Why four?") -> Answer:
    verdict = Verdict(status, None, "reason", ("2 passages",), (Contact("A_da", "", "wrote *it*"),))
    fresh = Freshness("c" * 40, "c" * 40, 0, False, True, 2, 0)
    return Answer(question, "c" * 40, verdict, statements, (), "extracted", fresh)


PARTIAL = answer(
    VerdictStatus.PARTIAL,
    Statement(Section.WHY, "Because.", (COMMIT,), True),
    Statement(Section.WHAT, "It is `four`.", (span("a.py", 3), span("a.py", 5), span("a.py", 90))),
    Statement(Section.WHAT, "def f():\n    return 4", (span("b.py", 1, 2),), True),
    Statement(Section.MISSING, "Not recorded: a figure (“Why four?”).", (FACT,)),
)


def test_sources_are_numbered_in_the_order_in_which_they_are_read() -> None:
    page = arrange(PARTIAL)
    # The reason was asked for: it leads.
    assert [section for section, _ in page.sections] == [Section.WHY, Section.WHAT, Section.MISSING]
    assert [(each.number, each.first.path, each.start_line, each.end_line) for each in page.sources] == [
        (1, None, 3, 4),
        (2, "a.py", 3, 5),
        (3, "a.py", 90, 90),
        (4, "b.py", 1, 2),
    ]
    assert page.missing == ("Not recorded: a figure.",)
    assert page.sections[0][1][0].said_by == "Ada, 2023-11-14"


def test_near_lines_of_two_versions_of_a_file_are_two_sources() -> None:
    two = Statement(Section.WHAT, "x", (span("a.py", 3), span("a.py", 4, blob="e" * 40)))
    assert len(arrange(answer(VerdictStatus.GROUNDED, two)).sources) == 2


def test_one_place_that_is_cited_twice_keeps_its_number() -> None:
    first = Statement(Section.WHAT, "x", (span("a.py", 3),))
    page = arrange(answer(VerdictStatus.GROUNDED, first, replace(first, text="y")))
    assert [told.numbers for told in page.sections[0][1]] == [(1,), (1,)]


@pytest.mark.parametrize("status", [VerdictStatus.MISSING, VerdictStatus.UNKNOWN])
def test_where_all_is_missing_the_gap_comes_first(status: VerdictStatus) -> None:
    found = answer(status, *PARTIAL.statements[1:])
    assert arrange(found).sections[0][0] is Section.MISSING


def test_the_question_is_not_told_twice() -> None:
    assert without_question("Not recorded: why (“Is it so…”).", "Is it so or not?") == "Not recorded: why."
    placed = "Nothing tells how (“Is it so?”); “so” in 4 passages in all."
    assert without_question(placed, "Is it so?") == "Nothing tells how; “so” in 4 passages in all."
    followed = "Not recorded: why (“Is it so (the worker)?”)."
    assert without_question(followed, "Is it so?") == "Not recorded: why."
    assert without_question("Not recorded: why (“Other”).", "Is it so?") == "Not recorded: why (“Other”)."


def test_text_for_a_mail_names_every_source() -> None:
    text = as_text(PARTIAL, arrange(PARTIAL))
    assert "  It is `four`. [2] [3]" in text
    assert "  [2] a.py L3–5 at cccccccccccc" in text
    assert f"  [1] commit {'d' * 40}, Ada, 2023-11-14" in text


def test_T2_T4_nothing_of_a_repository_is_alive_in_the_saved_markdown() -> None:
    evil = Statement(
        Section.WHAT, "<img src=x> [a](javascript:1) ![b](file:///c) `<ok>` # h\u202e", (span("a`b.py", 1),)
    )
    found = answer(VerdictStatus.GROUNDED, evil, question="<b>Why</b>\n# [x](y)?")
    text = as_markdown(found, arrange(found))
    assert "\\<img src=x\\> \\[a\\](javascript:1)" in text
    assert "`<ok>`" in text
    assert "U+202E" in text
    assert "\u202e" not in text
    assert text.startswith("# \\<b\\>Why\\</b\\> \\# \\[x\\](y)?\n")
    assert "`` a`b.py L1" in text


def test_code_is_saved_as_code_whatever_fences_it_holds() -> None:
    code = Statement(Section.WHAT, "a = 1\n```\n# no heading", (span("a.py", 1, 3),), True)
    found = answer(VerdictStatus.GROUNDED, code)
    assert "````\na = 1\n```\n# no heading\n````" in as_markdown(found, arrange(found))


def test_the_name_of_a_saved_file_holds_no_path() -> None:
    assert file_name("Why ../../etc/passwd?") == "why-etc-passwd.md"
    assert file_name("???") == "answer.md"
    assert len(file_name("long " * 50)) <= 63
    assert escaped("a_b `c_d`") == "a\\_b `c_d`"


def test_what_was_searched_is_read_into_a_table_and_nothing_is_lost() -> None:
    lines = (
        "4,600 passages of code, 2,402 of documents, 13,244 of commit messages, 1 note",
        "worker: 1,264 in code, 920 in documents, 660 in commits",
        "headers (with header): 100 or more in code, 72 in documents, 100 or more in commits",
        "a: b: nowhere",
        "found nowhere: frobnicator, quux",
        "something new",
    )
    totals, terms, rest = read_searched(lines)
    assert totals == ("4,600", "2,402", "13,244", "1")
    assert [(each.text, each.code, each.documents) for each in terms[:3]] == [
        ("worker", "1,264", "920"),
        ("headers (with header)", "100+", "72"),
        ("a: b", "0", "0"),
    ]
    assert [(each.text, each.commits) for each in terms[3:]] == [("frobnicator", "0"), ("quux", "0")]
    assert rest == ["something new"]


def test_lines_and_days_are_written_in_one_way() -> None:
    assert [span_words(0, 0), span_words(4, 4), span_words(4, 9)] == ["", "L4", "L4–9"]
    assert day(1_700_000_000) == "2023-11-14"
    assert day(10**15) == str(10**15)
