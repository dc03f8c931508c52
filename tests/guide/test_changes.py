"""What a range of commits changes is told by module, cited, with drafts that a person reviews."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from indexer.errors import NotFoundError, UsageError
from indexer.knowledge import KnowledgeBase
from indexer.shapes.changes import (
    ApiChange,
    ChangeSummary,
    ChangesWanted,
    DraftKind,
    RangeKind,
    RiskKind,
    SettingKind,
    StoryForm,
)
from indexer.types import Citation, CitationKind, Statement
from tests.conftest import Bench, SmallRepository
from tests.guide.conftest import ADA, BOB, OpenKnowledge, Quiet

START = 1_720_000_000
DAY = 86_400
TILL = '''"""The till."""


def pay(amount, currency="EUR"):
    """Take money."""
    return round(amount, 2)


def refund(amount):
    return -pay(amount)


class Drawer:
    """Where coins lie."""

    def open(self):
        return True

    def _spring(self):
        return None
'''
CALLER = "from shop.till import pay, refund\n\n\ndef checkout(basket):\n    return pay(refund(basket))\n"


def told(
    knowledge: KnowledgeBase, name: str = "", of: RangeKind = RangeKind.COMMITS, **more: object
) -> ChangeSummary:
    return knowledge.mentor.changes.summary(ChangesWanted(of, name, **more), Quiet())  # type: ignore[arg-type]


def every_statement(summary: ChangeSummary) -> list[Statement]:
    out = [*summary.lead, *summary.tests, *summary.missing]
    out += [each.says for each in (*summary.settings, *summary.risks, *summary.reviewers)]
    for module in summary.modules:
        out += [*module.facts, *(row.says for row in module.api), *(risk.says for risk in module.risks)]
        for story in module.stories:
            out += [story.says, *story.why]
    return out


@pytest.fixture
def shop(bench: Bench) -> SmallRepository:
    """A shop with a till, a caller and a test; a branch that changes all of it has yet to come."""
    made = bench.make()
    files = {f"shop/{name}.py": f'"""{name}."""\n' for name in ("__init__", "stock", "mail")}
    files |= {
        "shop/till.py": TILL,
        "shop/checkout.py": CALLER,
        "tests/test_till.py": "def test_pay():\n    pass\n",
    }
    files |= {
        "requirements.txt": "money>=1.0\n",
        "shop/settings.toml": "[till]\nlimit = 10\n",
        "README.md": "# Shop\n",
    }
    made.commit("Begin the shop", files, ADA, START)
    made.git("tag", "v1")
    return made


@pytest.fixture
def changed(shop: SmallRepository) -> SmallRepository:
    """The shop after a release's worth of commits, at v2."""
    shop.commit(
        "Round amounts as the bank does (#12)\n\n"
        "The bank rounds half up, because its ledger has no half cents.",
        {"shop/till.py": TILL.replace('currency="EUR"', 'currency="EUR", rounding="half-up"')},
        BOB,
        START + DAY,
    )
    shop.commit(
        "Add a mailer", {"shop/mail.py": "def send(to, text):\n    return True\n"}, BOB, START + 2 * DAY
    )
    text = (shop.path / "shop/till.py").read_text()
    shop.commit(
        "Remove refunds",
        {"shop/till.py": text.replace("def refund(amount):\n    return -pay(amount)\n\n\n", "")},
        BOB,
        START + 3 * DAY,
    )
    shop.commit(
        "Raise the limit and test it",
        {
            "shop/settings.toml": "[till]\nlimit = 50\nqueue = 'slow'\n",
            "requirements.txt": "money>=2.0\nqueue-it==1\n",
            "tests/test_till.py": "def test_pay():\n    assert True\n",
        },
        ADA,
        START + 4 * DAY,
    )
    shop.git("tag", "v2")
    return shop


def test_a_range_is_told_by_module_with_what_its_messages_give_as_reasons(
    changed: SmallRepository, open_knowledge: OpenKnowledge
) -> None:
    summary = told(open_knowledge(changed), "v1..v2")
    assert (summary.counts.commits, summary.counts.files, summary.counts.authors) == (4, 5, 2)
    stories = [story for module in summary.modules for story in module.stories]
    first = next(each for each in stories if "bank" in each.says.text)
    assert first.says.text == "Round amounts as the bank does (#12)"
    assert first.number == "#12"
    assert [each.text for each in first.why] == [
        "The bank rounds half up, because its ledger has no half cents."
    ]
    assert first.why[0].citations[0].start_line == 3
    missing = " ".join(each.text for each in summary.missing)
    assert "2 of 3 commits by people that change code give no reason" in missing


def test_what_only_tells_the_deed_is_quoted_as_no_reason(
    shop: SmallRepository, open_knowledge: OpenKnowledge
) -> None:
    before = shop.head
    deeds = (
        "Use a list instead of a tuple for the items.",
        "Fixed a bug where an empty basket would cause an error.",
        "This test checks that nothing would fail without items.",
        "Thanks to Eve for the report.",
    )
    why = "Cashiers lost their place in it, because a tuple does not keep what is taken out."
    message = "\n\n".join(("Keep items in a list (#7)", *deeds, why))
    shop.commit(message, {"shop/items.py": "def items_of(basket):\n    return list(basket)\n"}, ADA)
    summary = told(open_knowledge(shop), f"{before}..HEAD")
    said = [each.text for module in summary.modules for story in module.stories for each in story.why]
    assert said == [why]


def test_definitions_that_came_went_and_changed_are_told_with_their_signatures(
    changed: SmallRepository, open_knowledge: OpenKnowledge
) -> None:
    summary = told(open_knowledge(changed), "v1..v2")
    rows = {row.name: row for module in summary.modules for row in module.api}
    assert {name: row.change for name, row in rows.items()} == {
        "pay": ApiChange.CHANGED,
        "refund": ApiChange.REMOVED,
        "send": ApiChange.ADDED,
    }
    assert rows["pay"].after == 'def pay(amount, currency="EUR", rounding="half-up")'
    assert rows["refund"].used == 1  # the call that checkout still has
    still = [risk for risk in summary.risks if risk.kind is RiskKind.STILL_USED]
    assert any("`refund` is removed, and 1 place uses that name" in risk.says.text for risk in still)


def test_a_last_comma_is_no_change_and_a_body_is_no_part_of_a_signature(
    shop: SmallRepository, open_knowledge: OpenKnowledge
) -> None:
    colours = "public enum Colour {\n    RED,\n    GREEN,\n    BLUE\n}\n"
    java = (
        "public class Till {\n    public String payTheWholeBill(final String accountOfTheOneWhoPays,\n"
        "            final java.util.List<String> allTheInvoicesThatAreStillOpen,\n"
        "            final boolean evenThoseThatAreNotDueYet) throws java.io.IOException {\n"
        "        return null;\n    }\n}\n"
    )
    shop.commit("Begin", {"src/Colour.java": colours, "src/Till.java": java})
    fewer = java.replace(",\n            final boolean evenThoseThatAreNotDueYet", "")
    shop.commit("Change", {"src/Colour.java": colours.replace(",\n    BLUE", ""), "src/Till.java": fewer})
    summary = told(open_knowledge(shop), "HEAD~1..HEAD")
    rows = {row.name: row for module in summary.modules for row in module.api}
    assert {name: row.change for name, row in rows.items()} == {
        "Colour.BLUE": ApiChange.REMOVED,
        "Till.payTheWholeBill": ApiChange.CHANGED,
    }
    assert "return null" not in rows["Till.payTheWholeBill"].before


def test_settings_and_dependencies_are_told_with_both_values(
    changed: SmallRepository, open_knowledge: OpenKnowledge
) -> None:
    summary = told(open_knowledge(changed), "v1..v2")
    rows = {(row.kind, row.name): (row.before, row.after) for row in summary.settings}
    assert rows[SettingKind.KEY, "till.limit"] == ("limit = 10", "limit = 50")
    assert rows[SettingKind.KEY, "till.queue"] == ("", "queue = 'slow'")
    assert rows[SettingKind.DEPENDENCY, "money"] == ("money>=1.0", "money>=2.0")
    assert rows[SettingKind.DEPENDENCY, "queue-it"] == ("", "queue-it==1")


def test_settings_and_tables_that_the_code_declares_are_told_once(
    shop: SmallRepository, open_knowledge: OpenKnowledge
) -> None:
    model = "class Coin(Base):\n    __tablename__ = 'coins'\n    id = Column(Integer)\n"
    shop.commit(
        "Declare", {"shop/settings.py": "LIMIT = 1\nSECRET_KEY = 'hunter2x'\n", "shop/models.py": model}
    )
    grown = model + "    colour = Column(String)\n"
    shop.commit("Grow", {"shop/settings.py": "LIMIT = 2\nSECRET_KEY = 'hunter3x'\n", "shop/models.py": grown})
    summary = told(open_knowledge(shop), "HEAD~1..HEAD")
    rows = {(row.kind, row.name): row for row in summary.settings}
    assert rows[SettingKind.KEY, "LIMIT"].says.text == (
        "The setting `LIMIT` in shop/settings.py was `1` and is `2`."
    )
    assert "with `colour String` added" in rows[SettingKind.SCHEMA, "coins"].says.text
    assert "hunter" not in repr(summary)
    assert "LIMIT" not in {row.name for module in summary.modules for row in module.api}


def test_every_statement_is_cited_and_its_quotation_is_there(
    changed: SmallRepository, open_knowledge: OpenKnowledge
) -> None:
    summary = told(open_knowledge(changed), "v1..v2")
    statements = every_statement(summary)
    assert len(statements) > 15
    assert summary.dropped == 0

    def holds(citation: Citation) -> bool:
        if citation.kind is CitationKind.FACT:
            return bool(citation.fact)
        if citation.kind is CitationKind.COMMIT:
            message = changed.git("log", "-1", "--format=%B", citation.commit_id or "")
        else:
            message = changed.git("show", f"{citation.commit_id}:{citation.path}")
        lines = message.split("\n")[citation.start_line - 1 : citation.end_line]
        return "\n".join(lines) == citation.quote

    assert all(each.citations and all(map(holds, each.citations)) for each in statements)


def test_a_code_file_that_never_changed_with_a_test_is_named(
    changed: SmallRepository, open_knowledge: OpenKnowledge
) -> None:
    summary = told(open_knowledge(changed), "v1..v2")
    text = " ".join(each.text for each in summary.tests)
    assert "2 of 2 changed code files never changed together with a test: shop/" in text


def test_what_is_staged_is_told_and_drafted_in_the_convention_of_the_history(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    for turn in range(12):
        made.commit(
            f"till: count the coins {turn}\n\nBecause.", {f"till/coin{turn}.py": f"N = {turn}\n"}, ADA
        )
    knowledge = open_knowledge(made)
    made.write({"till/drawer.py": TILL, "till/coin1.py": "N = 100\n"})
    made.git("add", "till/drawer.py")
    summary = told(knowledge, of=RangeKind.STAGED, drafts=(DraftKind.COMMIT_MESSAGE,))
    assert [each.files for each in summary.modules] == [1]
    assert {row.name for module in summary.modules for row in module.api} == {"Drawer", "pay", "refund"}
    draft = summary.drafts[0]
    assert draft.title.startswith("till: add Drawer")
    assert "# WHY is missing" in draft.text
    assert "12 of the last 12 messages by people begin with an area" in draft.convention[0].text
    assert all(citation.commit_id == "" for row in summary.modules[0].api for citation in row.says.citations)


def test_a_long_path_stays_whole_in_a_draft(shop: SmallRepository, open_knowledge: OpenKnowledge) -> None:
    path = "/".join(["shop", *(f"folder-of-parts-{at}" for at in range(6)), "part.py"])
    shop.commit(
        "Begin parts", {path: "def part_of(basket):\n    return basket\n", "shop/new.py": "X = 1\n"}, ADA
    )
    shop.write({path: "def part_of(basket, price):\n    return price\n", "shop/new.py": "Y = 2\n"})
    shop.git("add", "--all")
    draft = told(open_knowledge(shop), of=RangeKind.STAGED, drafts=(DraftKind.COMMIT_MESSAGE,)).drafts[0]
    assert path in draft.text


def test_nothing_staged_and_an_empty_range_say_so(
    shop: SmallRepository, open_knowledge: OpenKnowledge
) -> None:
    knowledge = open_knowledge(shop)
    for summary in (told(knowledge, of=RangeKind.STAGED), told(knowledge, "v1..v1")):
        assert [each.text for each in summary.lead] == ["Nothing changed."]
        assert summary.modules == ()


def test_a_bare_repository_has_nothing_staged(
    shop: SmallRepository, bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    bare = bench.clone(shop, "bare", "--bare")
    with pytest.raises(UsageError, match="bare repository"):
        told(open_knowledge(bare), of=RangeKind.STAGED)


def test_r6_before_the_first_commit_what_is_staged_is_all_new(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make()
    made.write({"till.py": TILL})
    made.git("add", "--all")
    knowledge = open_knowledge(made)
    summary = told(knowledge, of=RangeKind.STAGED)
    assert (summary.counts.added, summary.start.name) == (1, "no commit yet")
    with pytest.raises(NotFoundError, match="no commit yet"):
        told(knowledge, "HEAD..HEAD")


def test_merges_are_told_with_what_they_brought_and_reverts_with_what_they_undo(
    shop: SmallRepository, open_knowledge: OpenKnowledge
) -> None:
    shop.git("checkout", "--quiet", "-b", "feature")
    shop.commit("Count coins", {"shop/coins.py": "def count():\n    return 1\n"}, BOB)
    shop.commit("Count notes", {"shop/notes.py": "def notes():\n    return 1\n"}, BOB)
    shop.git("checkout", "--quiet", "main")
    wrong = shop.commit("Sell air", {"shop/air.py": "def air():\n    return 1\n"}, ADA)
    shop.tick(ADA)
    shop.git(
        "merge",
        "--quiet",
        "--no-ff",
        "-m",
        "Merge pull request #7 from bob/feature\n\nCount money",
        "feature",
    )
    shop.tick(ADA)
    shop.git("revert", "--no-edit", wrong)
    summary = told(open_knowledge(shop), "v1..HEAD")
    stories = {story.says.text: story for module in summary.modules for story in module.stories}
    assert stories["Count money"].form is StoryForm.MERGE
    assert (stories["Count money"].commits, stories["Count money"].number) == (3, "#7")
    assert "Count coins" not in stories
    assert stories['Revert "Sell air"'].undoes == wrong
    assert stories["Sell air"].undone_by == shop.head
    assert (summary.counts.merges, summary.counts.reverts) == (1, 1)


def test_a_branch_is_told_from_where_it_left_its_line(
    shop: SmallRepository, open_knowledge: OpenKnowledge
) -> None:
    shop.git("checkout", "--quiet", "-b", "feature")
    shop.commit("Count coins", {"shop/coins.py": "def count():\n    return 1\n"}, BOB)
    shop.git("checkout", "--quiet", "main")
    shop.commit("Write more", {"README.md": "# The shop\n"}, ADA)
    summary = told(open_knowledge(shop), "feature", RangeKind.BRANCH)
    assert summary.counts.commits == 1
    assert "main has 1 commit that feature does not have yet." in summary.notices


def test_the_second_look_tells_what_came_since_the_first(
    shop: SmallRepository, open_knowledge: OpenKnowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    knowledge = open_knowledge(shop)
    assert "first time" in told(knowledge, of=RangeKind.SINCE_LAST).notices[0]
    shop.commit("Count coins", {"shop/coins.py": "def count():\n    return 1\n"}, BOB)
    knowledge.words(Quiet())
    import time

    later = time.time() + 2 * 3_600
    monkeypatch.setattr(time, "time", lambda: later)
    for _ in range(2):  # within one visit it stays the same
        assert told(knowledge, of=RangeKind.SINCE_LAST).counts.commits == 1


@pytest.mark.parametrize("name", ["--upload-pack=x..HEAD", "-x", "HEAD..nowhere", "0000000000..HEAD"])
def test_a_name_that_is_no_commit_is_not_found_and_never_an_option(
    name: str, shop: SmallRepository, open_knowledge: OpenKnowledge
) -> None:
    with pytest.raises(NotFoundError, match="There is no commit"):
        told(open_knowledge(shop), name)


def test_a_branch_named_like_an_option_is_told(shop: SmallRepository, open_knowledge: OpenKnowledge) -> None:
    shop.commit("Write", {"README.md": "# The shop\n"}, ADA)
    shop.git("update-ref", "refs/heads/--upload-pack", "HEAD")
    assert told(open_knowledge(shop), "v1..--upload-pack").counts.commits == 1


def test_r3_a_range_that_begins_before_a_shallow_clone_says_what_brings_it(
    changed: SmallRepository, bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    first = changed.git("rev-parse", "v1")
    shallow = bench.clone(changed, "shallow", "--depth=2", "--no-tags")
    knowledge = open_knowledge(shallow)
    with pytest.raises(NotFoundError) as caught:
        told(knowledge, f"{first}..HEAD")
    assert "shallow" in caught.value.hint
    assert told(knowledge, "HEAD~1..HEAD").counts.files == 3


def test_unrelated_histories_are_compared_and_said_to_be_so(
    shop: SmallRepository, open_knowledge: OpenKnowledge
) -> None:
    shop.git("checkout", "--quiet", "--orphan", "other")
    shop.commit("Begin anew", {"new.py": "A = 1\n"}, ADA)
    summary = told(open_knowledge(shop), "v1..other")
    assert "no history in common" in summary.notices[0]
    assert summary.counts.commits == 1


def test_a_lock_file_of_200_000_lines_a_picture_and_a_moved_folder_are_counted_not_read(
    shop: SmallRepository, open_knowledge: OpenKnowledge
) -> None:
    lines = "".join(f'"package-{at}" = "{at}"\n' for at in range(200_000))
    shop.commit("Lock", {"poetry.lock": lines, "logo.png": b"\x89PNG\r\n\x1a\n\0\0"}, ADA)
    shop.git("mv", "shop", "store")
    shop.commit("Move the shop", {}, ADA)
    (shop.path / "README.md").chmod(0o755)
    shop.commit("Make it run", {}, ADA)
    summary = told(open_knowledge(shop), "v1..HEAD", drafts=tuple(DraftKind))
    text = " ".join(each.text for each in summary.lead)
    assert "shop/ moved to store/: 6 files" in text
    assert "Only the permission changed of README.md: now executable." in text
    assert summary.counts.lines_added == 200_000
    assert summary.counts.binary == 1
    assert summary.settings == ()
    assert [row for module in summary.modules for row in module.api] == []


def test_a_submodule_that_moves_is_told_by_its_commits(
    shop: SmallRepository, open_knowledge: OpenKnowledge
) -> None:
    for oid in ("1" * 40, "2" * 40):
        shop.git("update-index", "--add", "--cacheinfo", f"160000,{oid},vendor/lib")
        shop.tick(ADA)
        shop.git("commit", "--quiet", "-m", "Take the library")
    summary = told(open_knowledge(shop), "HEAD~1..HEAD")
    assert "The submodule vendor/lib moves from 111111111 to 222222222." in [
        each.text for each in summary.lead
    ]


def test_r20_reading_what_is_staged_runs_nothing_of_the_repository(
    shop: SmallRepository, open_knowledge: OpenKnowledge, canary: Callable[[str], str]
) -> None:
    shop.write({".gitattributes": "*.py diff=evil filter=evil\n", "shop/stock.py": "STOCK = 2\n"})
    shop.git("add", "--all")
    for key in (
        "core.fsmonitor",
        "diff.evil.textconv",
        "diff.evil.command",
        "filter.evil.clean",
        "diff.external",
    ):
        shop.git("config", key, canary(key.replace(".", "-")))
    summary = told(open_knowledge(shop), of=RangeKind.STAGED)
    assert summary.counts.files == 2


def test_k2_the_value_of_a_setting_that_may_be_a_secret_is_not_shown(
    shop: SmallRepository, open_knowledge: OpenKnowledge
) -> None:
    shop.commit("Set it", {"shop/settings.toml": "[till]\nlimit = 10\npassword = 'hunter2hunter2'\n"}, ADA)
    summary = told(open_knowledge(shop), "v1..HEAD", drafts=tuple(DraftKind))
    assert "hunter2" not in repr(summary)
    assert any(row.name == "till.password" for row in summary.settings)


def test_t2_markup_and_mentions_of_a_message_do_not_act_in_a_draft(
    shop: SmallRepository, open_knowledge: OpenKnowledge
) -> None:
    subject = "Ask @everyone ![x](file:///etc/passwd) <img src=x> \u202e of it"
    shop.commit(subject, {"shop/stock.py": "STOCK = 2\n"}, ADA)
    kinds = (DraftKind.PULL_REQUEST, DraftKind.RELEASE_NOTE)
    summary = told(open_knowledge(shop), "v1..HEAD", drafts=kinds)
    for draft in summary.drafts:
        assert "`@everyone`" in draft.text
        assert "![x](" not in draft.text
        assert "<img" not in draft.text.replace("\\<img", "")
        assert "\u202e" not in draft.text
        assert "Draft to review" in draft.text


def test_people_to_ask_are_those_who_know_the_files_and_not_the_author(
    changed: SmallRepository, open_knowledge: OpenKnowledge
) -> None:
    summary = told(open_knowledge(changed), "v1..v2~1")  # all by Bob
    assert [each.contact.name for each in summary.reviewers] == ["Ada Lovelace"]
    assert any("their own work: Bob Meyer" in each for each in summary.notices)
