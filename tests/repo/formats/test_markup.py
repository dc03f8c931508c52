"""Documents are cut at their headings, whatever they are written in."""

from __future__ import annotations


def test_markdown_headings_of_both_kinds_nest_and_code_blocks_hold_none(read) -> None:
    found = read(
        """
        Guide
        =====

        Intro [here](docs/more.md) and [there](https://example.com).

        ## Install ##

        ```sh
        # not a heading
        ```

            # nor this

        Usage
        -----
        text
        ### `run`
        """,
        "markdown",
    )
    assert found.symbols() == ["Guide", "Guide.Install", "Guide.Usage", "Guide > Usage.run"]
    assert found.symbol("Install") == (6, 12)
    assert found.cuts()[-1][2] == "Guide > Usage > run"
    assert found.uses("use") == ["docs/more.md"]


def test_a_rule_or_a_list_above_dashes_is_no_heading(read) -> None:
    found = read("# A\n\ntext\n\n---\n\n- item\n---\n| a | b |\n---\n", "markdown", plain=True)
    assert found.symbols() == ["A"]


def test_front_matter_and_comments_are_passed_over(read) -> None:
    found = read("---\ntitle: x\n---\n<!--\n# hidden\n-->\n# Shown\n", "markdown", plain=True)
    assert found.symbols() == ["Shown"]


def test_a_closing_fence_must_be_as_long_as_the_opening_one(read) -> None:
    found = read("````\n```\n# a\n````\n# b\n", "markdown", plain=True)
    assert found.symbols() == ["b"]


def test_headings_in_html_and_with_badges_keep_their_words(read) -> None:
    found = read(
        '<h1 align="center">The <b>Tool</b></h1>\n## [![x](y.svg)](z) Why **us**?\n', "markdown", plain=True
    )
    assert found.symbols()[0] == "The Tool"
    assert found.symbols()[1].endswith("Why us?")


def test_rst_levels_come_in_the_order_of_their_adornments(read) -> None:
    found = read(
        """
        =======
         Title
        =======

        .. include:: other.rst

        Part
        ****
        Section
        -------

        .. setting:: broker_url

        .. autofunction:: pkg.mod.run

        Second
        ******

        =====  =====
        a      table
        =====  =====
        """,
        "rst",
    )
    assert found.symbols("heading") == ["Title", "Title.Part", "Title > Part.Section", "Title.Second"]
    assert found.uses("copy") == ["other.rst"]
    assert "pkg.mod.run" in found.uses("use")
    assert any(each.endswith("broker_url") for each in found.symbols("key"))


def test_asciidoc_titles_stand_outside_of_listings(read) -> None:
    found = read(
        "= Book\n\n== One\n----\n== code\n----\n\nTwo\n---\ninclude::a.adoc[]\n", "asciidoc", plain=True
    )
    assert found.symbols() == ["Book", "Book.One", "Book.Two"]
    assert found.uses("copy") == ["a.adoc"]


def test_plain_text_is_cut_at_titles_and_long_parts_at_blank_lines(read) -> None:
    body = "\n\n".join("\n".join(f"line {n} {m}" for m in range(9)) for n in range(6))
    found = read(f"INSTALLATION\n\n{body}\n\nLicence\n-------\nfree\n", "text", plain=True)
    assert found.symbols() == ["INSTALLATION", "INSTALLATION.Licence"]
    assert len(found.cuts()) > 3
    assert all(end - start < 30 for start, end, _ in found.cuts())


def test_an_empty_file_has_no_piece_and_no_final_newline_loses_no_line(read) -> None:
    assert read("", "markdown", plain=True).cuts() == []
    assert read("a\nb", "text", plain=True).cuts() == [(1, 2, "")]
