"""Which names a question writes are known here, and which only look so."""

from __future__ import annotations

import pytest

from indexer.answer.overview import _OF_ALL
from indexer.answer.understanding import _PEOPLE
from indexer.answer.verdict import _ANYBODY
from indexer.repo.words import stem
from indexer.types import VerdictStatus
from tests.asking import Asking, opened
from tests.conftest import SmallRepository

PAYMENTS = '''"""Payments."""


class Base:
    """What all processors have."""

    def close(self):
        """Close the connection to the bank."""
        return self.bank.close()


class PaymentProcessor(Base):
    """Takes money."""

    def charge(self, order):
        """Charge the card of an order."""
        self.receipt = self.bank.charge(order)
        return self.receipt

    def refund_all(self):
        """Pay back what was charged."""
        return self.bank.refund()


def settle(each):
    """Settle a day."""
    return each.refund_all()


def parse_amount(text):
    """Read an amount.

    raise nothing at all for blanks, as this comment says
    """
    if not text.strip():
        return None
    if text.startswith("-"):
        raise ValueError("an amount is no debt")
    return int(text)


def find_card(number):
    """Find a card."""
    if not number:
        return None
    return number


def create_payment(order):
    """Make a payment of an order."""
    return PaymentProcessor().charge(order)
'''
PAGE = "<h1>Not found: 404</h1>\n"
QUESTIONS = """# Frequently asked

## May several threads share one processor?

No, you have to make one for each thread yourself. Its connection keeps the state of a charge.

## What is charged?

The whole order.
"""


@pytest.fixture(scope="module")
def bank(tmp_path_factory, git_environment):
    folder = tmp_path_factory.mktemp("bank") / "repo"
    folder.mkdir()
    made = SmallRepository(folder, dict(git_environment))
    made.git("init", "--quiet", "--initial-branch=main", ".")
    made.commit("Begin", {"bank/payments.py": PAYMENTS, "pages/404.html": PAGE, "FAQ.md": QUESTIONS})
    with opened(made, tmp_path_factory.mktemp("data")) as asking:
        yield asking


def known(bank: Asking, question: str) -> list[tuple[str, bool]]:
    with bank.catalog.snapshot():
        return [(each.name, each.known) for each in bank.answerer._inquire(question).namings]


def test_a_member_that_a_known_type_does_not_have_is_no_name_of_anything(bank: Asking):
    question = "How does PaymentProcessor.create_payment_intent work?"

    assert known(bank, question) == [("PaymentProcessor.create_payment_intent", False)]
    answer = bank.ask(question)
    assert answer.verdict.status is VerdictStatus.UNKNOWN
    assert "Nothing here is named `PaymentProcessor.create_payment_intent`" in bank.said(question)


@pytest.mark.parametrize(
    "name", ["PaymentProcessor.charge", "PaymentProcessor.close", "PaymentProcessor.receipt"]
)
def test_what_a_type_has_or_inherits_or_sets_is_known(bank: Asking, name: str):
    assert known(bank, f"How does {name} work?") == [(name, True)]


def test_a_number_in_quotes_names_no_file(bank: Asking):
    with bank.catalog.snapshot():
        inquiry = bank.answerer._inquire('May the receipt be "404"?')
        assert not [path for each in inquiry.namings for path in each.paths]


def test_yes_or_no_is_quoted_where_a_document_asks_the_same(bank: Asking):
    answer = bank.ask("Is it okay that several threads share one processor?")
    assert answer.statements[0].text.startswith("No, you have to make one for each thread yourself.")
    assert answer.verdict.status is VerdictStatus.GROUNDED
    assert not bank.said("Is the order charged as a whole?").startswith("No,")


def test_where_no_other_bears_a_name_its_own_file_uses_it_for_certain(bank: Asking):
    first = bank.ask("What breaks if I change refund_all?").statements[0].text
    assert "`settle` (bank/payments.py:27)" in first
    assert "most likely" not in first


def test_whether_a_function_raises_is_read_in_its_own_lines(bank: Asking):
    answer = bank.ask("Does parse_amount raise an error for a debt?")
    assert answer.statements[0].text == (
        "`parse_amount` raises an error itself: `raise ValueError(…)` (bank/payments.py:38)."
    )
    assert answer.verdict.status is VerdictStatus.GROUNDED
    assert bank.ask("Does find_card raise an error without a number?").statements[0].text == (
        "`find_card` raises no error itself, and gives nothing instead: `return None`"
        " (bank/payments.py:45). What it calls may raise one."
    )
    assert "raises" not in bank.said("Is find_card fast?")


def test_lists_of_stems_hold_stems():
    # Written as stems by hand, they must be those that a question's words come to.
    assert stem("customers") in _PEOPLE & _ANYBODY
    assert stem("important") in _OF_ALL
