"""Every module has a summary, each sentence of it is proven, and what people said of it stays."""

from __future__ import annotations

import threading

import pytest

from indexer.answer.citations import Sources, borne_out
from indexer.errors import NotFoundError, UsageError
from indexer.guide.modules import summaries
from indexer.guide.modules.groups import parts
from indexer.guide.modules.store import FILE_NAME
from indexer.guide.modules.summaries import Summaries
from indexer.guide.modules.tree import FLAT, TreeFile
from indexer.knowledge import KnowledgeBase
from indexer.shapes.modules import (
    ModuleMark,
    ModulePage,
    ModulesWanted,
    ModuleText,
    ModuleWanted,
    PersonRole,
    ReviewState,
)
from indexer.types import FileMark
from tests.benchmarks.modules import statements_of
from tests.conftest import Bench
from tests.guide.conftest import ADA, BOB, OpenKnowledge, Quiet

START = 1_720_000_000
YEAR = 31_557_600
LONG = "\n".join(f"def helper_{at}(x):\n    return x + {at}\n" for at in range(25))
TILL = (
    '"""Takes money in, and gives change."""\n\nfrom stock.shelf import Shelf\n\n\n'
    "class Till:\n"
    '    """Where people pay."""\n\n'
    "    def pay(self, price):\n"
    "        # In cents, because floats lose one now and then.\n"
    "        return Shelf().take(price)\n\n\n"
)
SHELF = 'class Shelf:\n    """Holds what is sold."""\n\n    def take(self, x):\n        return x\n\n\n'
TEST = "from till.till import Till\n\n\ndef test_pay():\n    assert Till().pay(3) == 3\n"
FILES = {
    "README.md": "# Kiosk\n\nKiosk is a small shop for tests.\n",
    "till/__init__.py": '"""The till of the kiosk."""\n',
    "till/till.py": TILL + LONG,
    "till/coins.py": LONG,
    "stock/__init__.py": "",
    "stock/shelf.py": SHELF + LONG,
    "stock/count.py": LONG,
    "stock/order.py": LONG,
    "tests/test_till.py": TEST + LONG,
    "tests/test_more.py": LONG,
    "tests/test_most.py": LONG,
    "CODEOWNERS": "stock/ @stock-team\n",
}


@pytest.fixture
def kiosk(bench: Bench, open_knowledge: OpenKnowledge) -> KnowledgeBase:
    """A shop whose first author left long ago."""
    made = bench.make("kiosk")
    made.commit("Begin", FILES, ADA, START - 4 * YEAR)
    made.commit("Count", {"stock/count.py": LONG + "COUNT = 1\n"}, BOB, START)
    return open_knowledge(made)


def page_of(knowledge: KnowledgeBase, path: str) -> ModulePage:
    return knowledge.mentor.modules.page(ModuleWanted(path), Quiet())


def test_every_module_has_a_summary_and_every_sentence_is_proven(kiosk: KnowledgeBase) -> None:
    pages = kiosk.mentor.modules.pages(Quiet())
    assert [page.row.path for page in pages] == ["", "stock", "tests", "till"]
    sources: Sources = kiosk.mentor._desk.sources
    for page in pages:
        assert page.purpose
        for statement in statements_of(page):
            assert statement.citations
            assert borne_out(statement, sources)


def test_a_summary_tells_what_a_newcomer_asks(kiosk: KnowledgeBase) -> None:
    page = page_of(kiosk, "till")
    assert page.purpose[0].text == "The till of the kiosk."
    assert page.surface[0].statement.text.endswith("is a class in till.py:6: “Where people pay.”")
    assert [(each.path, each.imports) for each in page.uses] == [("stock", 1)]
    assert [each.name for each in page.tests] == ["test_till.py"]
    assert [each.statement.text for each in page.decisions] == [
        "In cents, because floats lose one now and then."
    ]
    assert page.why is not None
    assert (page.why.count.reasons, page.why.count.definitions) == (1, 52)
    assert [each.role for each in page.people] == [PersonRole.LEFT]
    assert "Everybody who wrote to it has left." in [each.text for each in page.missing]
    assert page.heat is not None
    assert page.heat.changes == 0


def test_the_whole_is_what_its_readme_says(kiosk: KnowledgeBase) -> None:
    assert page_of(kiosk, ".").purpose[0].text == "Kiosk is a small shop for tests."


def test_owners_are_named_first(kiosk: KnowledgeBase) -> None:
    people = page_of(kiosk, "stock").people
    assert [(each.role, each.contact.name) for each in people][:2] == [
        (PersonRole.OWNER, "@stock-team"),
        (PersonRole.RECENT, BOB[0]),
    ]


def test_a_file_is_told_of_within_its_module_and_nothing_else_is_guessed(kiosk: KnowledgeBase) -> None:
    assert page_of(kiosk, "till/coins.py").row.path == "till"
    with pytest.raises(NotFoundError):
        page_of(kiosk, "till/absent.py")


def test_only_what_rests_on_a_change_is_made_again(bench: Bench, open_knowledge: OpenKnowledge) -> None:
    made = bench.make("kiosk")
    first = made.commit("Begin", FILES, ADA, START)
    knowledge = open_knowledge(made)
    modules = knowledge.mentor.modules
    assert modules.tree(ModulesWanted(renewed=True), Quiet()).made == 4
    assert modules.tree(ModulesWanted(renewed=True), Quiet()).made == 0
    made.commit("Change", {"stock/count.py": LONG + "COUNT = 2\n"}, ADA, START + 60)
    knowledge.words(Quiet())
    tree = modules.tree(ModulesWanted(renewed=True), Quiet())
    assert tree.made == 2  # the module, and the whole around it
    page = page_of(knowledge, "till")
    assert (page.commit_id, page.fresh) == (first, False)
    assert page_of(knowledge, "stock").commit_id == made.head


def test_a_kept_summary_that_cannot_be_read_is_made_again(kiosk: KnowledgeBase) -> None:
    desk = kiosk.mentor._desk
    before = page_of(kiosk, "till")
    kiosk.mentor.close()
    (desk.folder / FILE_NAME).write_bytes(b"nothing that SQLite knows" * 100)
    after = Summaries(desk, kiosk.mentor.inventory).page(ModuleWanted("till"), Quiet())
    assert after.purpose == before.purpose


def test_a_mark_and_a_paragraph_outlive_what_is_made_again(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make("kiosk")
    made.commit("Begin", FILES, ADA, START)
    knowledge = open_knowledge(made)
    modules = knowledge.mentor.modules
    modules.mark(ModuleMark("till", reviewed=True, by="Bob"), Quiet())
    page = modules.write(ModuleText("till", "Ask Ada **first**.", by="Bob"), Quiet())
    assert page.row.review is ReviewState.REVIEWED
    assert page.paragraph is not None
    assert (page.paragraph.text, page.paragraph.by) == ("Ask Ada **first**.", "Bob")

    made.commit("Change", {"till/coins.py": LONG + "COINS = 2\n"}, ADA, START + 60)
    knowledge.words(Quiet())
    page = page_of(knowledge, "till")
    assert page.paragraph is not None
    assert page.row.review is ReviewState.WITHDRAWN
    assert page.review is not None
    assert page.review.changed == ("till/coins.py",)
    assert "is withdrawn: 1 file of it changed since." in page.notices[0]
    rows = {row.path: row for row in modules.tree(ModulesWanted(), Quiet()).rows}
    assert (rows["till"].review, rows["till"].written) == (ReviewState.WITHDRAWN, True)
    assert rows["stock"].review is ReviewState.NONE

    modules.mark(ModuleMark("till", reviewed=False), Quiet())
    assert modules.write(ModuleText("till", ""), Quiet()).paragraph is None
    assert page_of(knowledge, "till").review is None


def test_a_paragraph_whose_module_is_gone_is_told_of(bench: Bench, open_knowledge: OpenKnowledge) -> None:
    made = bench.make("kiosk")
    made.commit("Begin", FILES, ADA, START)
    knowledge = open_knowledge(made)
    modules = knowledge.mentor.modules
    modules.write(ModuleText("till", "Ask Ada.", by="Bob"), Quiet())
    made.git("rm", "-rq", "till")
    made.commit("Pay elsewhere", {}, ADA, START + 60)
    knowledge.words(Quiet())
    assert modules.tree(ModulesWanted(), Quiet()).notices == (
        "till is no module any more; Bob wrote about it: Ask Ada.",
    )


def test_a_document_that_did_not_change_with_its_code_is_doubted(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make("kiosk")
    files = {path: text for path, text in FILES.items() if path != "till/__init__.py"}
    files["till/README.md"] = "# Till\n\nThe till handles all money of the kiosk.\n"
    made.commit("Begin", files, ADA, START - 5 * YEAR)
    made.commit("Change", {"till/coins.py": LONG + "COINS = 2\n"}, ADA, START)
    page = page_of(open_knowledge(made), "till")
    assert page.purpose[0].text == "The till handles all money of the kiosk."
    assert page.notices[0].startswith(
        "till/README.md, which is quoted for what it is for, was last changed on 2019-"
    )


def test_secrets_are_cut_out_of_a_paragraph_and_long_ones_refused(kiosk: KnowledgeBase) -> None:
    modules = kiosk.mentor.modules
    token = "ghp_" + "0123456789abcdefABCDEF0123456789abcd"
    page = modules.write(ModuleText("till", f"Use {token} here."), Quiet())
    assert page.paragraph is not None
    assert token not in page.paragraph.text
    with pytest.raises(UsageError):
        modules.write(ModuleText("till", "x" * 5_000), Quiet())
    with pytest.raises(UsageError):
        modules.mark(ModuleMark("till/coins.py", reviewed=True), Quiet())


def test_a_repository_without_a_commit_has_modules_too(bench: Bench, open_knowledge: OpenKnowledge) -> None:
    made = bench.make("kiosk")
    made.write(FILES)
    pages = open_knowledge(made).mentor.modules.pages(Quiet())
    assert [page.row.path for page in pages] == ["", "stock", "tests", "till"]
    assert all(page.purpose for page in pages)


def flat_file(at: int, name: str) -> TreeFile:
    return TreeFile(at, f"lib/{name}.c", f"{at:040x}", FileMark.NONE, 0.0, at + 1, "c", 100)


def test_a_flat_folder_is_split_by_what_takes_each_other_in_and_changes_together() -> None:
    names = [f"{word}_{at}" for word in ("alpha", "beta", "gamma") for at in range(FLAT // 3)]
    made = [flat_file(at, name) for at, name in enumerate(names)]
    size = FLAT // 3
    links = [(at, at // size * size) for at in range(len(made)) if at % size]
    found = parts(made, links, [(1, 2, 3), (size, size + 1)])
    assert {path.rpartition("/")[2].partition("_")[0]: name for path, name in found.items()} == {
        "alpha": "alpha",
        "beta": "beta",
        "gamma": "gamma",
    }


def test_parts_stay_when_a_file_comes(bench: Bench, open_knowledge: OpenKnowledge) -> None:
    made = bench.make("flat")
    files = {
        f"lib/{word}{at}.py": (f"from lib import {word}0\n" if at else "") + LONG
        for word in ("north", "south")
        for at in range(FLAT // 2)
    }
    made.commit("Begin", {"lib/__init__.py": "", **files}, ADA, START)
    knowledge = open_knowledge(made)
    modules = knowledge.mentor.modules
    before = {row.path: row.own_files for row in modules.tree(ModulesWanted(), Quiet()).rows}
    assert set(before) == {"", "lib", "lib#north", "lib#south"}
    made.commit("Add", {"lib/late.py": "from lib import north0\n" + LONG}, ADA, START + 60)
    knowledge.words(Quiet())
    after = {row.path: row.own_files for row in modules.tree(ModulesWanted(), Quiet()).rows}
    assert after == {**before, "lib#north": before["lib#north"] + 1}
    assert page_of(knowledge, "lib#north").row.name == "north"


def test_a_setting_comes_with_its_remark_and_not_as_a_bare_name(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make("till")
    settings = (
        "import os\n\n#: seconds that the till waits for a card.\n"
        "WAIT = int(os.environ.get('TILL_WAIT', 5))\n\n"
        "TABLE = {\n    'a': 1,\n    'b': 2,\n}\n\n# The printer is asked so often.\nTRIES = 3\n"
    )
    made.commit("Begin", {**FILES, "till/settings.py": settings})
    data = [each.statement.text for each in page_of(open_knowledge(made), "till").data]
    assert (
        "Environment variable `TILL_WAIT`, by default `5`: “seconds that the till waits for a card.”" in data
    )
    assert "Setting `TRIES`, by default `3`: “The printer is asked so often.”" in data
    assert not any("TABLE" in each for each in data)


def test_what_the_files_of_a_module_build_on_is_told_though_nobody_outside_uses_it(
    bench: Bench, open_knowledge: OpenKnowledge
) -> None:
    made = bench.make("till")
    base = (
        'class PrinterBase:\n    """What every printer is built on."""\n\n'
        "    def print(self, text):\n        pass\n"
    )
    kind = "from printers.base import PrinterBase\n\n\nclass Kind{}(PrinterBase):\n    pass\n"
    kinds = {f"printers/kind{at}.py": kind.format(at) for at in range(4)}
    made.commit("Begin", {**FILES, "printers/__init__.py": "", "printers/base.py": base + LONG, **kinds})
    page = page_of(open_knowledge(made), "printers")
    assert page.surface[0].statement.text == (
        "`PrinterBase` is a class in base.py:1, used in 4 files beside it: “What every printer is built on.”"
    )


def test_a_module_can_be_looked_at_while_all_are_made_in_the_background(
    kiosk: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summaries, "HELD_SECONDS", 0.0)
    seen: list[ModulePage] = []

    class Waiting(Quiet):
        times = 0

        def checkpoint(self) -> None:
            self.times += 1
            if self.times == 4:  # some are made, and some are not
                looking = threading.Thread(target=lambda: seen.append(page_of(kiosk, "till")), daemon=True)
                looking.start()
                looking.join(20)
                assert not looking.is_alive()

    kiosk.mentor.modules.tree(ModulesWanted(), Quiet())
    kiosk.mentor.modules.fill(Waiting())
    assert [each.row.path for each in seen] == ["till"]
    assert kiosk.mentor.modules.fill(Quiet()) == 0
