"""No text, however made, lets a rule hang, recurse, raise, or lose a line."""

from __future__ import annotations

import gc
import random
import time

import pytest

from indexer.repo.formats import parse_format
from indexer.repo.formats.outline import word_set
from tests.repo.formats.conftest import check

SIZE = 30_000
"""Characters of each text: enough that a rule that is not linear takes minutes."""

SECONDS = 3.0
"""Processor time that one text may take; on a quiet machine they take a sixtieth."""

LANGUAGES = sorted(
    word_set(
        "markdown rst asciidoc text notebook yaml toml json xml ini properties dockerfile make gradle"
        " terraform proto cobol jcl bms ims asm csd plsql vb jsp rexx bat gomod requirements control"
    )
)

PIECES = (
    "[", "(", "{", "{\n", '{"a":', '{"a":\n', "<a>", "<a>\n", '<a "', "<a '", '<a x="1" ', "<!--", "<", "/*",
    "<![CDATA[", '"', "'", '\\"', "`", " ", "\n", "a ", "# a\n", "a\n===\n", "- ", "- a:\n", "k:\n", "](",
    "[a](b ", "![", ".. x:: a\n", "....\na\n....\n", "//A DD DSN=B,\n", "//  C=D,\n", "//A DD *\n",
    "           EXEC ", "           EXEC CICS\n", "       01 A.\n", "       PROCEDURE DIVISION.\n       A.\n",
    "      * x\n", "       OPEN INPUT A\n", "       PROGRAM-ID. A.\n",
    "A DFHMDF POS=(1,1),".ljust(71) + "-\n", "CREATE TABLE a (", "''", "--", "FROM a ", "a.", "Class a\n",
    "Public ", "<%@ taglib ", "<form ", "<h1>a<", "define a\n", '{"cells":[',
    '{"cell_type":"code","source":["', "\u2028\x85\x0b\x0c", "\udcff# a\n", "\0", "# a\r\n", "\r",
)  # fmt: skip


def timed(text: str, language: str) -> None:
    # This thread's own time, and no collection of what other tests of this process left behind.
    gc.disable()
    try:
        started = time.thread_time()
        parse = parse_format(text, "x", language)
        taken = time.thread_time() - started
    finally:
        gc.enable()
    assert taken < SECONDS, (language, text[:40])
    if parse is not None:
        check(text, parse)


@pytest.mark.parametrize("language", LANGUAGES)
def test_endless_repetition_is_read_in_linear_time(language: str) -> None:
    for piece in PIECES:
        timed(piece * (SIZE // len(piece)), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_noise_and_its_pieces_never_raise(language: str) -> None:
    chance = random.Random(7)
    for length in (1, 2, 7, 60, 5_000):
        for _ in range(6):
            timed("".join(chance.choices([*PIECES, "A", "1", ".", ",", "="], k=length))[:SIZE], language)


def test_more_names_than_anybody_looks_up_are_counted_not_kept() -> None:
    parse = parse_format("# a\n" * 25_000, "x.md", "markdown")
    assert parse is not None
    assert len(parse.symbols) == 20_000
    assert "5000 more names" in parse.notice


def test_entities_of_an_xml_file_are_never_expanded() -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 40))
    text = f"<!DOCTYPE a [{entities}]>\n<a><b>&l39;</b></a>\n"
    timed(text, "xml")
