"""Where a name is defined and used, and what speaks of a definition."""

from __future__ import annotations

from indexer.guide.window import Pages
from indexer.pages import NameWanted, SkippedWanted, SpanWanted
from tests.conftest import Bench
from tests.guide.conftest import TOKEN, OpenKnowledge


def test_a_name_has_its_definition_and_its_uses_with_their_lines(pages: Pages) -> None:
    found = pages.names.named(NameWanted("round_price", "shop/basket.py"))
    assert [(each.path, each.line, each.text) for each in found.definitions] == [
        ("shop/money.py", 4, "def round_price(price):")
    ]
    assert {each.path for each in found.uses} == {"shop/basket.py"}
    assert "return round_price(price)" in {each.text for each in found.uses}
    assert found.uses_total == len(found.uses)


def test_definitions_near_the_clicked_file_come_first(open_knowledge: OpenKnowledge, bench: Bench) -> None:
    made = bench.make()
    made.commit(
        "Begin",
        {
            "a/one.py": "def load(): pass\n",
            "b/two.py": "def load(): pass\n",
            "b/use.py": "from b.two import load\nload()\n",
            "c/own.py": "def load(): pass\nload()\n",
        },
    )
    names = open_knowledge(made).pages.names
    assert names.named(NameWanted("load", "b/use.py")).definitions[0].path == "b/two.py"
    assert names.named(NameWanted("load", "c/own.py")).definitions[0].path == "c/own.py"
    assert len(names.named(NameWanted("load", "c/own.py", limit=1)).definitions) == 1
    assert names.named(NameWanted("nothing")).definitions == ()


def test_code_and_documents_that_speak_of_a_definition_are_mentions(pages: Pages) -> None:
    found = pages.names.mentions(SpanWanted("shop/basket.py", 25, 28))
    assert found.name == "checkout"
    assert {each.path for each in found.uses} == {"docs/first-steps.md", "tests/test_basket.py"}
    assert found.uses[0].text == "Call `checkout` on it."


def test_a_file_is_mentioned_by_those_that_take_it_in(pages: Pages) -> None:
    found = pages.names.mentions(SpanWanted("shop/money.py", 1, 1))
    assert [each.path for each in found.uses] == ["shop/basket.py"]
    assert pages.names.mentions(SpanWanted("no/such.py", 1, 1)).notices


def test_the_health_page_lists_what_is_left_out_with_its_size_and_reason(pages: Pages) -> None:
    page = pages.health.page(SkippedWanted())
    rows = {row.path: row for row in page.skipped}
    assert rows["logo.png"].size == 10
    assert "binary" in rows["logo.png"].reason
    assert not rows["logo.png"].searchable
    assert "secrets" in rows[".env"].reason
    part = pages.health.page(SkippedWanted(start=1, count=1))
    assert part.skipped == page.skipped[1:2]
    assert part.skipped_total == page.skipped_total == len(page.skipped)


def test_F17_secrets_are_told_by_type_and_place_never_by_value(pages: Pages) -> None:
    page = pages.health.page(SkippedWanted())
    assert [(row.path, row.line, row.count) for row in page.secrets] == [("deploy/settings.ini", 2, 1)]
    assert page.secrets_total == 1
    assert TOKEN not in str(page)


def test_languages_are_told_with_files_and_lines(pages: Pages) -> None:
    rows = {row.language: row for row in pages.health.page(SkippedWanted()).languages}
    assert (rows["python"].files, rows["markdown"].files) == (3, 2)
    assert rows["python"].lines > 40


def test_the_log_is_shown_without_secrets_and_only_its_end(
    open_knowledge: OpenKnowledge, bench: Bench
) -> None:
    made = bench.make()
    knowledge = open_knowledge(made, words=False)
    log = bench.locate(made).index_dir / "engine.log"
    log.write_text("".join(f"line {n}\n" for n in range(20_000)) + f"token {TOKEN}\nlast\n", "utf-8")
    lines = knowledge.pages.health.page(SkippedWanted()).log
    assert lines[-1] == "last"
    assert len(lines) == 200
    assert TOKEN not in "\n".join(lines)
