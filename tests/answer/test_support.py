"""A sentence of a language model is held to the evidence that it cites; in doubt it is not shown."""

from __future__ import annotations

from functools import cache

import pytest

from indexer.answer.grounds import Grounds
from indexer.answer.support import Doubt, Nearness, doubt, nearness_by
from indexer.index.embedding import load_embedder
from indexer.settings import IndexingSettings
from tests.benchmarks import written as benchmark

RETRY = Grounds(
    (
        (
            "The bank drops one request in a hundred, so we ask again up to three times.\n"
            "Retry a charge three times\n\n"
            "The bank drops one request in a hundred, so we ask again up to three\n"
            "times. More would make the customer wait longer than the checkout allows.\n"
            "commit 82ae15dc9c by Olga Petrova, 2015-04-25"
        ),
    ),
    "Why do we retry a charge three times?",
)
TIMEOUT = Grounds(
    (
        (
            "`TIMEOUT` is read from `SHOP_BANK_TIMEOUT`.\n"
            'TIMEOUT = os.environ.get("SHOP_BANK_TIMEOUT", "20")\n'
            "def send_charge(invoice, amount=None):\n"
            '    """Send one charge to the bank and wait for its answer, 20 seconds at most."""\n'
            "shop/gateway.py:5"
        ),
    ),
    "How long do we wait?",
)
LEDGER = Grounds(
    ("The ledger is kept in memory. Entries are never deleted, because auditors must see every correction.",),
    "Why are ledger entries never deleted?",
)


@cache
def nearness() -> Nearness:
    model = load_embedder(IndexingSettings(), 1)
    assert model is not None
    return nearness_by(model)


@pytest.mark.parametrize(
    ("grounds", "sentence"),
    [
        (RETRY, "A charge is retried up to 3 times because the bank drops one request in a hundred."),
        (RETRY, "More retries would make the customer wait longer than the checkout allows."),
        (TIMEOUT, "`send_charge` sends one charge to the bank and waits for its answer, 20 seconds at most."),
        (TIMEOUT, "`TIMEOUT` is read from `SHOP_BANK_TIMEOUT` in shop/gateway.py and is 20 by default."),
        (LEDGER, "Ledger entries are never deleted, because auditors must see every correction."),
        (LEDGER, "The ledger is kept in memory."),
    ],
)
def test_what_the_evidence_says_may_pass(grounds: Grounds, sentence: str) -> None:
    assert doubt(sentence, grounds, nearness()) is None
    assert doubt(sentence, grounds, None) is None


@pytest.mark.parametrize(
    ("grounds", "sentence", "why"),
    [
        (RETRY, "A charge is retried up to five times.", Doubt.NUMBER),
        (RETRY, "A charge is retried 30 times.", Doubt.NUMBER),
        (TIMEOUT, "It waits for 20 minutes at most.", Doubt.NUMBER),
        (TIMEOUT, "It waits for 2,000 ms.", Doubt.NUMBER),
        (RETRY, "Ben Ito saw the bank drop one request in a hundred.", Doubt.NAME),
        (TIMEOUT, "`TIMEOUT` is read from `BANK_TIMEOUT`.", Doubt.NAME),
        (TIMEOUT, "It is sent by `Ledger.send_charge`.", Doubt.NAME),
        (TIMEOUT, "It is sent to api.bank.com and waits.", Doubt.NAME),
        (RETRY, "The bank does not drop requests.", Doubt.DENIAL),
        (RETRY, "The bank never drops one request in a hundred.", Doubt.DENIAL),
        (LEDGER, "Ledger entries are deleted when auditors see a correction.", Doubt.DENIAL),
        (TIMEOUT, "`send_charge` waits 20 seconds in order to protect the bank.", Doubt.REASON),
        (TIMEOUT, "`send_charge` waits for the bank because its answer is slow.", Doubt.REASON),
        (RETRY, "The accounting department agreed on the limit for each customer.", Doubt.WORDS),
        (RETRY, "The question is answered: grounded.", Doubt.LABEL),
        (RETRY, "See [the bank](http://bank.example).", Doubt.MARKUP),
        (RETRY, "The bank drops <b>one</b> request in a hundred.", Doubt.MARKUP),
    ],
)
def test_what_the_evidence_does_not_say_is_dropped_and_the_reason_is_told(
    grounds: Grounds, sentence: str, why: Doubt
) -> None:
    assert doubt(sentence, grounds, nearness()) is why
    assert doubt(sentence, grounds, None) is why


def test_two_names_may_not_change_places() -> None:
    calls = Grounds(
        ("`settle` calls `send_charge`, shop/gateway.py:8.\n        receipt = send_charge(invoice)\n",), ""
    )
    assert doubt("`settle` calls `send_charge`.", calls, None) is None
    assert doubt("`send_charge` is called by `settle`.", calls, None) is None
    assert doubt("`send_charge` calls `settle`.", calls, None) is Doubt.ORDER


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("The ledger is kept for 10 years.", Doubt.NUMBER),
        ("The ledger is kept for the Revenue.", Doubt.NAME),
        ("The ledger is kept because the revenue office asked for it.", Doubt.REASON),
        ("The revenue office asked for the ledger.", Doubt.WORDS),
    ],
)
def test_what_a_question_takes_for_granted_is_no_evidence(sentence: str, why: Doubt) -> None:
    question = "Is the ledger kept for 10 years because the Revenue office asked for it?"
    grounds = Grounds(("The ledger is kept in memory, since it is small.",), question)
    assert doubt(sentence, grounds, None) is why


def test_the_measured_limits_hold_on_what_they_were_not_chosen_on() -> None:
    """The floor under the figures of RESULTS.md; what still passes are names that changed places."""
    apart = [case for case in benchmark.cases() if case.repo not in benchmark.CHOSEN_ON]
    passed = [case for case in apart if doubt(case.sentence, case.grounds, nearness()) is None]
    good = sum(case.kind == benchmark.GOOD for case in passed)
    total = sum(case.kind == benchmark.GOOD for case in apart)
    assert good / total >= 0.7
    assert {case.kind for case in passed} <= {benchmark.GOOD, "swap"}
