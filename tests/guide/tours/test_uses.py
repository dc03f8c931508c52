"""Which uses are of one's own, where a walk may begin, and what a call on a declared type means."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from indexer.answer.worth import does_work, is_by_the_way
from indexer.guide.tours.beginnings import beginnings
from indexer.guide.tours.depended import most_depended_on
from indexer.guide.tours.ground import Ground
from indexer.guide.tours.uses import Uses
from indexer.guide.tours.walk import Walker
from indexer.index.symbols import FoundSymbol, find_symbols
from indexer.knowledge import KnowledgeBase
from tests.guide.conftest import Opened, Quiet
from tests.guide.tours.conftest import grounded

BODY = "\n".join(f"        self.step_{at} = {at}" for at in range(8))
FILES = {
    "shop/pack.py": f"class group:\n    def pack_goods(self, goods):\n{BODY}\n        return goods\n",
    "shop/cli.py": "import click\n\n\n@click.group()\ndef main():\n    return 1\n",
    "shop/more.py": "import click\n\n\n@click.group()\ndef other():\n    return 1\n",
    "shop/use.py": (
        "from shop.pack import group\n\n\ndef ship(goods):\n    return group().pack_goods(goods)\n"
    ),
    "shop/send.py": (
        "from shop.pack import group\n\n\nclass Sender:\n"
        f"    def execute(self, task):\n{BODY}\n        return group()\n\n"
        f"    def dispatch(self, task):\n{BODY}\n        return group()\n\n\n"
        "def send_all(sender, tasks):\n    return [sender.dispatch(each) for each in tasks]\n"
    ),
    "tests/test_send.py": (
        "from shop.send import Sender\n\n\ndef test_it():\n    assert Sender().execute(1)\n"
    ),
    "pay/src/main/java/pay/PayApi.java": (
        "package pay;\npublic interface PayApi {\n    void payBill(String id);\n}\n"
    ),
    "pay/src/main/java/pay/DefaultPayApi.java": (
        "package pay;\npublic class DefaultPayApi implements PayApi {\n"
        "    private final Ledger ledger = new Ledger();\n"
        "    public void payBill(final String id) {\n        ledger.writeEntry(id);\n    }\n}\n"
    ),
    "pay/src/main/java/pay/Ledger.java": (
        "package pay;\npublic class Ledger {\n    public void writeEntry(final String id) {\n"
        "        System.out.println(id);\n    }\n}\n"
    ),
    "pay/src/main/java/pay/PayResource.java": (
        "package pay;\npublic class PayResource {\n    private final PayApi payApi;\n"
        "    public PayResource(final PayApi payApi) {\n        this.payApi = payApi;\n    }\n"
        "    public void post(final String id) {\n        payApi.payBill(id);\n    }\n}\n"
    ),
}


@pytest.fixture
def shop(opened: Opened) -> KnowledgeBase:
    return opened(FILES)


@pytest.fixture
def ground(shop: KnowledgeBase) -> Iterator[Ground]:
    with grounded(shop) as ground:
        yield ground


def named(ground: Ground, name: str) -> FoundSymbol:
    return find_symbols(ground.reader, name, 1)[0]


def test_a_librarys_name_before_the_dot_is_no_use_of_ones_own(ground: Ground) -> None:
    users = {each.path for each in Uses(ground).of(named(ground, "group"), "group")}
    assert users == {"shop/use.py", "shop/send.py"}


def test_what_uses_it_is_counted_with_callers_of_what_it_alone_has(ground: Ground) -> None:
    found = next(each for each in most_depended_on(ground, 8) if each.symbol.name == "group")
    assert (found.code, found.reached) == (2, 2)


def test_a_walk_begins_in_nothing_that_only_tests_call(ground: Ground) -> None:
    begun = {symbol.qualified for _, symbol, _ in beginnings(ground, (), ())}
    assert "Sender.dispatch" in begun
    assert "Sender.execute" not in begun
    reached = Uses(ground).reaching(named(ground, "Sender.dispatch"))
    assert reached is not None
    assert (reached.path, reached.inside) == ("shop/send.py", "send_all")


def test_a_call_on_an_interface_leads_to_its_only_implementation(ground: Ground) -> None:
    walker = Walker(ground.inquiry(), Quiet(), ground.minor)
    calls = {each.callee.qualified: each for each in walker.calls(named(ground, "PayResource.post"))}
    assert calls["DefaultPayApi.payBill"].sure
    assert not calls["DefaultPayApi.payBill"].via
    onward = walker.calls(named(ground, "DefaultPayApi.payBill"))
    assert [(each.callee.qualified, each.sure, each.via) for each in onward] == [
        ("Ledger.writeEntry", True, "")
    ]


def test_a_name_tells_by_its_whole_words_what_it_does() -> None:
    assert does_work("send_task")
    assert does_work("placeOrder")
    assert not does_work("truncate")  # has "run" in it
    assert is_by_the_way("mark_as_failure")
    assert not is_by_the_way("conversion_rate")  # has "version" in it
