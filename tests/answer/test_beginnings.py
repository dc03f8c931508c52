"""Where a walk begins, what it leaves out, and what stands before it."""

from __future__ import annotations

import pytest

from indexer.answer.code_blocks import code_in
from indexer.types import VerdictStatus
from tests.asking import Asking, opened
from tests.conftest import SmallRepository

TILL = '''"""Turns a cart into a receipt: prices it, takes the money, prints."""

from shop.money import take
from shop.printer import print_out


class Till:
    """Stands at the counter."""

    def close(self, cart):
        """Close the sale."""
        if not cart:
            raise EmptySale(cart)
        total = self.add_up(cart)
        take(total)
        return print_out(total)

    def add_up(self, cart):
        """Add up what lies in the cart."""
        return sum(each.price for each in cart)


class EmptySale(Exception):
    """Nothing was sold."""
'''
MONEY = '''"""Money."""


def take(total):
    """Take the money for a cart."""
    return total
'''
PRINTER = '''"""The printer."""


def print_out(total):
    """Print the receipt."""
    return str(total)


def receipt_width(receipt):
    """Return how wide a receipt is."""
    return len(receipt)
'''


SETTINGS = """Settings
========

SHOP_MOST_LINES
---------------

How many lines a receipt may have before it is printed on two pages.

Faxing
------

Some customers fax the receipt to their office.

Writing a printer of your own
-----------------------------

A printer is any function that takes a total. Give it to the till::

    def shout(total):
        return str(total).upper()
"""


COUNTER = """package shop;

/** Settles the bill of a guest. */
public class Counter {
    private int tip;

    public int getGuestBill() {
        return tip;
    }

    private void logGuestBill() {
        System.out.println("settled");
    }

    /** Add the tip of the guest to the bill. */
    private int addUp(int bill) {
        int sum = bill;
        sum = sum + tip;
        return sum;
    }

    /** Settle the bill of a guest. */
    public int settleBill(int bill) {
        int tip = getGuestBill();
        logGuestBill();
        return addUp(bill);
    }
}
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("till") / "repo"
    folder.mkdir()
    repository = SmallRepository(folder, dict(git_environment))
    repository.git("init", "--quiet", "--initial-branch=main", ".")
    repository.commit(
        "Add the till",
        {"shop/__init__.py": "", "shop/till.py": TILL, "shop/money.py": MONEY, "shop/printer.py": PRINTER},
    )
    repository.commit("Add the scale", {"shop/scale.py": "def weigh(cart):\n    return len(cart)\n"})
    repository.git("rm", "--quiet", "shop/scale.py")
    repository.commit("Remove the scale", {"docs/settings.rst": SETTINGS, "src/shop/Counter.java": COUNTER})
    with opened(repository, tmp_path_factory.mktemp("data")) as asking:
        yield asking


def test_a_walk_begins_in_the_file_that_says_it_does_what_is_asked(shop: Asking):
    steps = [each.step for each in shop.ask("How does a cart become a receipt?").statements if each.step]
    assert steps[0].name == "Till.close"
    assert [each.name for each in steps[1:]] == ["Till.add_up", "take", "print_out"]


def test_what_goes_wrong_is_no_step_of_a_walk(shop: Asking):
    assert "EmptySale" not in shop.said("How does Till.close work?")


def test_what_only_hands_out_or_logs_is_no_step_of_a_walk(shop: Asking):
    steps = [each.step for each in shop.ask("How is the bill of a guest settled?").statements if each.step]
    assert [each.name for each in steps] == ["Counter.settleBill", "Counter.addUp"]


def test_a_definition_that_calls_nothing_is_shown_with_its_code(shop: Asking):
    assert "return len(receipt)" in shop.said("How does receipt_width work?")


def test_when_it_was_taken_out_is_told_first(shop: Asking):
    said = shop.said("When was the scale removed?").split("\n")
    assert "“Remove the scale”" in said[0]
    assert said[0].endswith("speaks of taking it out.")
    assert sum("Remove the scale" in line for line in said) == 1


def test_what_brought_the_file_that_is_the_thing_is_told_first(shop: Asking):
    said = shop.said("When was the printer introduced?").split("\n")
    assert said[0].endswith("brought shop/printer.py.")
    assert "“Add the till”" in said[0]


def test_what_stands_under_a_setting_is_quoted_with_its_name(shop: Asking):
    said = shop.said("Which setting limits how many lines a receipt may have?")
    assert "`SHOP_MOST_LINES`: “How many lines a receipt may have" in said


def test_the_parts_of_one_folder_are_told_where_it_is_asked_about(shop: Asking):
    said = shop.said("What are the main parts of the shop?")
    assert "shop/till.py defines `Till`, `EmptySale`" in said.replace(" and ", ", ")


def test_t1_what_documents_alone_speak_of_has_no_place_in_code(shop: Asking):
    faxed = shop.ask("Where is a receipt faxed?").verdict
    assert faxed.status is not VerdictStatus.GROUNDED
    assert faxed.reason.startswith("“faxed” stands in no code of this repository; found was 1 in documents")
    assert shop.ask("Where is a receipt printed?").verdict.status is VerdictStatus.GROUNDED


def test_how_one_is_made_is_told_with_the_code_that_the_document_shows(shop: Asking):
    said = shop.said("How do I write my own printer?")
    assert said.startswith("A printer is any function that takes a total.")
    assert "def shout(total):" in said


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Do so::\n\n    one()\n    two()\n\nThen rest.", (2, 3)),
        (".. code-block:: python\n   :caption: x\n\n   one()\n\nRest.", (3, 3)),
        ("Do so:\n\n```python\none()\n```\n", (3, 3)),
        ("Nothing to see.", None),
        ("```\n```", None),
    ],
)
def test_the_first_code_of_a_document_is_found(text, lines):
    assert next(code_in(text.split("\n")), None) == lines
