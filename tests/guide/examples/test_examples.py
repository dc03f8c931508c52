"""Examples to copy from: the best ones, what they share, what was touched with them, and a skeleton."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from indexer.errors import UsageError
from indexer.guide.examples.skeleton import skeleton_of
from indexer.guide.examples.wishes import sought
from indexer.knowledge import KnowledgeBase
from indexer.shapes.examples import Examples, ExamplesWanted
from indexer.types import Section, VerdictStatus
from tests.conftest import Bench
from tests.guide.conftest import Quiet, settings_of

DAY = 86_400
BEGAN = 1_700_000_000
FOLDER = "shop/management/commands"
COMMAND = '''from shop.base import BaseCommand


class Command(BaseCommand):
    """{verb} every {name}."""

    help = "{verb}s"

    def handle(self, *args, **options):
        for each in self.{name}s():
            each.{lower}()
        self.stdout.write("done")
'''
TEST = "def test_{name}():\n    value = 1\n    assert value\n"


@pytest.fixture(scope="module")
def shop(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> Iterator[KnowledgeBase]:
    """Four commands, each added with its test and a line of the changelog; one of them is deprecated."""
    folder = tmp_path_factory.mktemp("examples")
    bench = Bench(folder, settings_of(folder), git_environment)
    made = bench.make("shop")
    base = {"shop/base.py": "class BaseCommand:\n    pass\n", "CHANGELOG.md": "# Changes\n"}
    made.commit("Begin", base, date=BEGAN)
    kinds = (("bill", "Send"), ("order", "Close"), ("cart", "Drop"), ("mail", "Queue"))
    for number, (name, verb) in enumerate(kinds, 1):
        text = COMMAND.format(name=name, verb=verb, lower=verb.lower())
        if name == "cart":
            text = text.replace("Drop every cart.", "Deprecated: use close_order.")
        files = {
            f"{FOLDER}/{verb.lower()}_{name}.py": text,
            f"tests/test_{name}.py": TEST.format(name=name),
            "CHANGELOG.md": "# Changes\n" + f"- {name}\n" * number,
        }
        made.commit(f"Add a command for each {name} (#{number})", files, date=BEGAN + number * DAY)
    opened = KnowledgeBase.open(bench.locate(made), bench.settings)
    opened.words(Quiet())
    yield opened
    opened.close()


def find(shop: KnowledgeBase, text: str) -> Examples:
    return shop.mentor.examples.find(ExamplesWanted(text), Quiet())


def test_the_newest_typical_ones_come_first_and_what_is_deprecated_last(shop: KnowledgeBase) -> None:
    found = find(shop, "a new management command")
    assert found.count == 4
    assert [each.path.rpartition("/")[2] for each in found.examples] == [
        "queue_mail.py",
        "close_order.py",
        "send_bill.py",
    ]
    first = found.examples[0]
    assert first.code.quote.startswith("class Command(BaseCommand):")
    reasons = [each.text for each in first.because]
    assert reasons[0].startswith("It has all ")
    assert reasons[1] == "Its file was last changed on 2023-11-18."
    assert "names a pull request" in reasons[2]
    assert first.because[2].citations[0].quote.endswith("(#4)")


def test_what_they_share_is_counted(shop: KnowledgeBase) -> None:
    common = [each.text for each in find(shop, "a command").common]
    assert "All 4 commands are made from `BaseCommand`." in common
    assert "All 4 commands define `handle`." in common
    assert "All 4 commands stand below `shop/management/commands/`." in common


def test_what_was_touched_with_one_is_told_from_history(shop: KnowledgeBase) -> None:
    touched = {each.role: each for each in find(shop, "a command").touched}
    assert touched["test"].commits == touched["test"].of == 4
    assert touched["changelog"].commits == 4
    assert len(touched["test"].statement.citations[0].rests_on) == 4


def test_the_draft_keeps_what_is_the_same_and_opens_what_is_not(shop: KnowledgeBase) -> None:
    draft = find(shop, "a command").draft
    assert draft is not None
    assert draft.path == "shop/management/commands/‹…›.py"
    lines = draft.text.splitlines()
    assert lines[0].startswith(f"# A draft to review (command), made from {FOLDER}/queue_mail.py:4")
    assert "class Command(BaseCommand):" in lines
    assert "    def handle(self, *args, **options):" in lines
    assert "        for each in self.‹…›():" in lines
    assert "            each.‹…›()" in lines
    assert "mail" not in "\n".join(lines[1:])


def test_a_sort_that_is_not_here_is_said_to_be_missing(shop: KnowledgeBase) -> None:
    found = find(shop, "a kafka command")
    assert found.notices == ("None of the 4 commands here is named after kafka.",)
    assert find(shop, "a websocket").examples == ()
    with pytest.raises(UsageError, match="names nothing"):
        find(shop, "a new one here")


def test_a_question_is_answered_with_them(shop: KnowledgeBase) -> None:
    answer = shop.ask("How do we write a new command here?", record=False)
    assert answer.verdict.status is VerdictStatus.GROUNDED
    said = [each.text for each in answer.statements if each.section is Section.WHAT]
    assert said[0].startswith("`manage.py queue_mail` in shop/management/commands/queue_mail.py:4")
    assert "All 4 commands are made from `BaseCommand`." in said


@pytest.mark.parametrize(
    "question", ["How do we add a new kafka command here?", "How do we write a new websocket here?"]
)
def test_a_question_about_a_sort_that_is_not_here_is_not_called_answered(
    shop: KnowledgeBase, question: str
) -> None:
    answer = shop.ask(question, record=False)
    assert answer.verdict.status is not VerdictStatus.GROUNDED


def test_wishes_are_read_as_kinds_and_what_narrows_them() -> None:
    assert sought("how do we usually write a new dashboard view here?").noun == "view"
    assert sought("an HTTP endpoint").kind == "endpoint"
    report = sought("how do we usually add a new report to the dashboard?")
    assert (report.noun, report.said) == ("report", ("dashboard",))
    assert sought("a config").kind == "setting"
    assert sought("a new serializer").kind == "serializer"
    assert sought("dashboard views").said == ("dashboard",)


def test_a_skeleton_of_things_that_share_next_to_nothing_is_none() -> None:
    assert skeleton_of(["alpha(beta)", "gamma = delta"], [["one.two", "three"]], "python", "x") == ""
