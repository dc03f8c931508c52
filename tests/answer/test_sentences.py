from hypothesis import given
from hypothesis import strategies as st

from indexer.answer.blocks import Role
from indexer.answer.citations import letters
from indexer.answer.markup import plain
from indexer.answer.sentences import sentences_of
from indexer.types import ChunkKind


def said(kind, language, text, first=1):
    return [(each.text, each.start_line, each.end_line) for each in sentences_of(kind, language, text, first)]


def test_prose_is_cut_at_full_stops_and_knows_its_lines():
    text = "# Title\n\nOne goes on\nhere. Two, e.g. this, ends!\n\n- item one\n- item two\n"
    assert said(ChunkKind.DOC, "markdown", text, 10) == [
        ("Title", 10, 10),
        ("One goes on here.", 12, 13),
        ("Two, e.g. this, ends!", 13, 13),
        ("item one", 15, 15),
        ("item two", 16, 16),
    ]


def test_code_in_documents_is_no_sentence():
    text = "Call it:\n\n```\nrun(1)\n```\n\nDone so.\n\n.. code-block:: python\n\n    x = 1\n\nLast one.\n"
    assert [each[0] for each in said(ChunkKind.DOC, "rst", text)] == ["Call it:", "Done so.", "Last one."]


def test_markup_is_rendered_and_its_letters_stay_in_order():
    assert plain("See :ref:`the guide <x>` and [this](http://a/b(c)) for ``code``, **bold** [*]_.") == (
        "See `the guide` and this for `code`, bold."
    )


def test_whom_to_write_to_keeps_the_address():
    told = "Write to [Ada](mailto:ada@example.com) or [bob@example.com](mailto:bob@example.com)."
    assert plain(told) == "Write to Ada (ada@example.com) or bob@example.com."


def test_comments_lose_their_signs_in_every_family_of_languages():
    assert said(ChunkKind.CODE, "python", "x = 1\n# We wait because\n# the bank is slow.\ny = 2") == [
        ("We wait because the bank is slow.", 2, 3)
    ]
    assert said(ChunkKind.CODE, "java", "/**\n * Sends it. And waits.\n */\nvoid f() {}") == [
        ("Sends it.", 2, 2),
        ("And waits.", 2, 2),
    ]
    assert said(ChunkKind.CODE, "cobol", "000100* Post the records.\n000200 MOVE A TO B.") == [
        ("Post the records.", 1, 1)
    ]
    assert said(ChunkKind.CODE, "jcl", "//* Load the file\n//S1 EXEC PGM=A") == [("Load the file", 1, 1)]
    assert said(ChunkKind.CODE, "sql", "-- Keyed by day.\nSELECT 1") == [("Keyed by day.", 1, 1)]


def test_a_docstring_is_told_from_the_comments_around_it():
    roles = [
        each.role
        for each in sentences_of(ChunkKind.CODE, "python", 'def f():\n    """Do it."""\n    # so.\n', 1)
    ]
    assert roles == [Role.DOCSTRING, Role.COMMENT]


def test_a_passage_that_begins_inside_a_docstring_is_not_read_inside_out():
    text = '    the rest of what it says.\n    """\n    if x:\n        run(x)\n'
    assert [each.text for each in sentences_of(ChunkKind.CODE, "python", text, 1)] == [
        "the rest of what it says."
    ]


def test_a_message_has_a_subject_and_a_body_without_trailers():
    found = sentences_of(ChunkKind.COMMIT, "", "Fix it\n\nIt broke. Badly.\n\nSigned-off-by: A <a@b>", 1)
    assert [(each.text, each.role) for each in found] == [
        ("Fix it", Role.SUBJECT),
        ("It broke.", Role.BODY),
        ("Badly.", Role.BODY),
    ]


@given(
    st.text(alphabet="ab .\n#*`_[]()\"'/-:=", max_size=200),
    st.sampled_from(["python", "java", "markdown", "cobol"]),
)
def test_a_sentence_stands_on_the_lines_that_it_names(text, language):
    kind = ChunkKind.DOC if language == "markdown" else ChunkKind.CODE
    lines = text.split("\n")
    for each in sentences_of(kind, language, text, 1):
        assert 1 <= each.start_line <= each.end_line <= len(lines)
        quote = letters("".join(lines[each.start_line - 1 : each.end_line]))
        assert all(letter in quote for letter in letters(each.text))


def test_a_sentence_that_points_back_is_quoted_with_the_one_before_it():
    text = "Stock is set aside when an order is placed. This number is never negative. Orders may be late."
    first, second, third = sentences_of(ChunkKind.DOC, "markdown", text, 4)
    assert (first.leans_on, second.leans_on, third.leans_on) == (None, first, None)
    assert second.whole().text == f"{first.text} {second.text}"
    assert (second.text, second.whole().start_line) == ("This number is never negative.", 4)


def test_nothing_leans_on_another_paragraph_a_subject_line_or_more_than_can_be_read():
    apart = sentences_of(ChunkKind.DOC, "markdown", "Stock is kept.\n\nThis is counted daily.\n", 1)
    message = sentences_of(ChunkKind.COMMIT, "", "Count the stock\n\nThis was asked for.", 1)
    long = sentences_of(ChunkKind.DOC, "markdown", f"{'Stock ' * 55}is kept. This is {'so ' * 15}.", 1)
    assert [each.leans_on for each in (*apart, *message, *long)] == [None] * 6


def test_a_list_is_told_with_what_announces_it_as_far_as_it_can_be_read_aloud():
    text = "There are three modes:\n\n- single\n- multi\n- once\n\nThe last is new.\n"
    assert said(ChunkKind.DOC, "markdown", text) == [
        ("There are three modes: single; multi; once", 1, 5),
        ("The last is new.", 7, 7),
    ]
    long = "Modes:\n" + "".join(f"- {'word ' * 20}{number}\n" for number in range(9))
    assert len(said(ChunkKind.DOC, "markdown", long)) == 6
