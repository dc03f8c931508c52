"""Doc comments of languages whose paragraphs, lists and fields are marked with tags."""

import pytest

from indexer.answer.citations import letters
from indexer.answer.inquiry import _begins
from indexer.answer.markup import LEFT_OUT, plain
from indexer.answer.readable import is_import, is_readable
from indexer.answer.remarks import comment_lines
from indexer.answer.sentences import asked_of, sentences_in, sentences_of
from indexer.types import ChunkKind, Hit


def cut(language, text, first=1):
    return sentences_of(ChunkKind.CODE, language, text, first)


def said(language, text, first=1):
    return [(each.text, each.start_line, each.end_line) for each in cut(language, text, first)]


def test_a_tag_parts_paragraphs_as_an_empty_line_does():
    text = """/**
 Cleans pages. Be careful
 with them!
 <p>
 It is assumed that a page is short.
 </p>
 <p>A cleaner may be shared by threads once its {@link Safelist} is set.</p>
 */
class Cleaner {}"""
    assert said("java", text, 10) == [
        ("Cleans pages.", 11, 11),
        ("Be careful with them!", 11, 12),
        ("It is assumed that a page is short.", 14, 14),
        ("A cleaner may be shared by threads once its `Safelist` is set.", 16, 16),
    ]


def test_a_tag_within_a_line_parts_it_and_a_list_has_items():
    text = "/**\n * Keeps stock.<p>Counts all of it: <ul><li>by day</li>\n * <li>by week</li></ul> Fast.\n */"
    assert said("java", text) == [
        ("Keeps stock.", 2, 2),
        ("Counts all of it: by day; by week", 2, 3),
        ("Fast.", 3, 3),
    ]


def test_a_tag_that_is_spoken_of_parts_nothing():
    text = "/** Wraps it in a <p> element if {@code <li>} is missing and `<ul>` too. */"
    assert len(cut("java", text)) == 1
    assert [each[0] for each in said("python", "# See <p>\n# and go on.")] == ["See and go on."]


def test_what_xml_comments_say_is_parted_too():
    text = """/// <summary>Gets the <see cref="T:Order"/> of a day.</summary>
/// <param name="day">The day.</param>
/// <returns>The order.</returns>
/// <remarks>
/// Slow at night.
/// <para>See the <c>Cache</c>.</para>
/// <code>
/// var x = Get(day);
/// </code>
/// </remarks>"""
    told = cut("csharp", text)
    assert [(each.text, each.field) for each in told] == [
        ("Gets the `Order` of a day.", ""),
        ("`day`: The day.", "day"),
        ("The order.", "return"),
        ("Slow at night.", ""),
        ("See the `Cache`.", ""),
    ]


def test_code_in_a_comment_is_no_sentence():
    java = "/**\n * Runs all of it:\n * <pre>\n * run(1). Now.\n * </pre>\n * Then stops.\n */"
    assert [each[0] for each in said("java", java)] == ["Runs all of it:", "Then stops."]
    ruby = "# Set it like so:\n#\n#   Shop.open do |cfg|\n#     cfg.days = 1\n#   end\n#\n# It stays set."
    assert [each[0] for each in said("ruby", ruby)] == ["Set it like so:", "It stays set."]
    js = "/**\n * Sends it.\n *\n * @example\n * send('Now. Later.')\n * @param {string} text the text\n */"
    assert [each[0] for each in said("javascript", js)] == ["Sends it.", "`text`: the text"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("{@link Order an order}", "an order"),
        ("{@link Order#of(int, int)}", "`Order#of(int, int)`"),
        ("{@link Order | orders}", "orders"),
        ("[orders]{@link Order}", "orders"),
        ("{@code a < b}", "`a < b`"),
        ('<paramref name="day"/>', "`day`"),
        ('<see cref="M:Shop.Open"/>', "`Shop.Open`"),
    ],
)
def test_inline_tags_are_told_by_what_they_name(written, shown):
    assert plain(written) == shown


def test_a_field_is_told_under_its_name_and_only_to_who_asks_for_it():
    text = "/**\n * Waits.\n * @param {number} days - How long to wait\n * @return the order\n */"
    waits, days, back = cut("javascript", text)
    assert (waits.field, days.field, back.field) == ("", "days", "return")
    assert days.text == "`days`: How long to wait"
    assert [asked_of(each, "what does wait do?") for each in (waits, days, back)] == [True, False, False]
    assert asked_of(days, "what is days for?")
    assert asked_of(back, "what does it return?")
    assert (
        cut("python", 'def f():\n    """Wait.\n\n    :param int days: How long.\n    """')[1].field == "days"
    )


def test_no_sentence_is_lost_for_its_length():
    parted = (
        "Waits for " + "; ".join(f"the {word * 9} of the day" for word in ("ab ", "cd ", "ef ") * 7) + "."
    )
    unparted = "word " * 150 + "end."
    for text in (parted, unparted):
        told = sentences_of(ChunkKind.DOC, "markdown", text, 1)
        assert len(told) > 1
        assert letters("".join(each.text for each in told)) == letters(text)
        assert all(len(each.text) <= 440 for each in told)
    cut_at = sentences_of(ChunkKind.DOC, "markdown", unparted, 1)
    assert cut_at[0].text.endswith(LEFT_OUT) or cut_at[1].text.startswith(LEFT_OUT)


def test_an_empty_line_of_comment_ends_no_remark_above_a_definition():
    lines = ["x = 1", "", "# Lower is kinder.", "#", "#   sample()", "#", "LEVEL = -1"]
    assert _begins(lines, 7) == 3
    assert _begins(["int x;", "// One.", "//", "// Two.", "int f();"], 5) == 2
    assert _begins(["#include <a>", "#define B 1", "int f();"], 3) == 3


def test_what_says_nothing_is_not_readable():
    for text in (
        "Create a new SoftPool.",
        "Constructs an instance of the Order class.",
        "Default constructor.",
        "public class Order extends Base {",
        "import java.io.BufferedInputStream;",
        "from zoneinfo import ZoneInfo",
    ):
        assert not is_readable(text), text
    for text in (
        "Create a new cleaner, that sanitizes documents.",
        "Creates a new user.",
        "Class of the day.",
    ):
        assert is_readable(text), text


def test_imports_are_told_from_other_code():
    taken = ("import os", "from a import b", "#include <x.h>", "using System.Text;", "const a = require('a')")
    assert all(map(is_import, taken))
    assert not any(map(is_import, ("importer = 1", "using (var x = y) {", "from_date = 1", "requires(1)")))


def test_comment_lines_are_known_even_from_the_middle_of_one():
    lines = ["  copied. All are.", "  */", "  Order(int x) {", "    // one", "    x = 1; // two"]
    assert comment_lines(lines, "java") == {0, 1, 3}
    assert comment_lines(['"""Do it."""', "x = 1", "# so"], "python") == {0, 2}


STEPS = "Retries go like this:\n\n" + "".join(
    f"{number}. Step {number} is done{' with great care' * 6}.\n" for number in range(1, 7)
)


def test_a_long_numbered_list_is_quoted_whole_from_any_of_its_items():
    lead, *items = sentences_of(ChunkKind.DOC, "markdown", STEPS, 1)
    assert lead.text == "Retries go like this:"
    assert len(items) == 6
    whole = items[3].listed
    assert whole is not None
    assert lead.listed == whole
    assert (whole.start_line, whole.end_line) == (1, 8)
    assert whole.text.startswith("Retries go like this: 1. Step 1")
    assert "; 6. Step 6 is done" in whole.text


def test_a_numbered_list_too_long_for_that_keeps_its_last_item_behind_a_mark():
    text = "Steps:\n" + "".join(f"{number}. {'word ' * 20}{number}.\n" for number in range(1, 30))
    whole = sentences_of(ChunkKind.DOC, "markdown", text, 1)[0].listed
    assert whole is not None
    assert f"; {LEFT_OUT} 29. word" in whole.text
    assert whole.end_line == 30


def test_of_a_change_log_each_item_stands_for_itself():
    text = "changes:\n- the cookie is ignored\n- deps: a@1\n- deps: b@2\n"
    here = Hit("History.md", 1, 4, ChunkKind.DOC, "", None, 0.0, (), text, "", language="markdown")
    assert [each.text for each in sentences_in(here)] == [
        "changes:",
        "the cookie is ignored",
        "deps: a@1",
        "deps: b@2",
    ]


def test_what_points_to_another_paragraph_or_a_diff_dangles():
    text = "Shops are opened.\n\nThis shop sells one thing. It is small.\n\nIt is possible to close it.\n"
    told = sentences_of(ChunkKind.DOC, "markdown", text, 1)
    assert [each.dangles for each in told] == [False, True, True, False]
    items = sentences_of(
        ChunkKind.DOC, "markdown", "- Send no code.\n- Similarly, no text.\n- It is so.\n", 1
    )
    assert [each.dangles for each in items] == [False, False, False]
    assert items[1].whole().text == "Send no code. Similarly, no text."
    assert told[2].leans_on == told[1]
    (subject,) = sentences_of(ChunkKind.COMMIT, "", "This option is missing from relaxed", 1)
    assert subject.dangles
    similar = sentences_of(ChunkKind.DOC, "markdown", "Send no code. Similarly, please send no text.", 1)
    assert similar[1].leans_on == similar[0]


def test_what_documents_itself_does_not_dangle():
    text = "/**\n * Opens it.\n *\n * This class is shared.\n */"
    assert not any(each.dangles for each in cut("java", text))
