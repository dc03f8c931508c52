"""What is quoted tells something: a sentence more than its name, a reason more than a local remedy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from indexer.guide.tours.saying import tells_more
from indexer.index.symbols import FoundSymbol
from indexer.knowledge import KnowledgeBase
from indexer.shapes.onboarding import StepKind
from indexer.types import FileMark, SymbolKind
from tests.conftest import Bench
from tests.guide.conftest import ADA, BOB, YEAR_2024, Quiet, settings_of
from tests.guide.tours.conftest import derived
from tests.guide.tours.test_route import said, step_of


def named(name: str) -> FoundSymbol:
    """Return a definition of that name."""
    return FoundSymbol(
        path_id=1, path="a.py", blob_id=1, name=name, parent="", kind=SymbolKind.FUNCTION, start_line=1,
        name_line=1, end_line=9, signature="", doc="", rank=0.0, marks=FileMark.NONE,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "says", "tells"),
    [
        ("prepare_auth", "Prepares the given HTTP auth data.", False),
        ("updateRouteTrees", "updateRouteTrees do update to the route trees", False),
        ("copy", "Copy is required", False),
        ("Next", "/ /*********** FLOW CONTROL **********", False),
        ("get", "Sends a GET request.", True),
        ("send", "Send a given PreparedRequest.", True),
        ("cookies", "Keeps what a server set between two visits.", True),
    ],
)
def test_a_sentence_tells_more_than_the_name(name: str, says: str, tells: bool) -> None:
    assert tells_more(says, named(name)) is tells


LEDGER = '''"""The ledger."""


class Ledger:
    """Keeps what was paid, a line for each payment."""

    def __init__(self, book):
        self.book = book

    def note_payment(self, payment):
        """Write one down."""
        # To prevent iterating over None, simply use an empty list here so that nothing fails.
        lines = payment.lines or []
        for line in lines:
            self.book.write(line)
        return len(lines)
'''
CHOSEN = "Payments are written as lines instead of rows, because a book must be readable without the program."
TESTS = "We need a mock of the book in tests, because otherwise each of them would write a file of its own."


@pytest.fixture(scope="module")
def ledger(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> Iterator[KnowledgeBase]:
    folder = tmp_path_factory.mktemp("ledger")
    bench = Bench(folder, settings_of(folder), git_environment)
    made = bench.make("ledger")
    made.commit("Begin the ledger", {"old/ledger.py": LEDGER, "README.md": "# ledger\n"}, ADA, YEAR_2024)
    made.commit(
        f"Replace rows by lines\n\n{CHOSEN}", {"old/ledger.py": LEDGER.replace("one down", "it down")}, BOB,
        YEAR_2024 + 86_400,
    )  # fmt: skip
    mocked = LEDGER.replace("one down", "it down") + "\n\nMOCK = None\n"
    made.commit(f"Mock the book\n\n{TESTS}", {"old/ledger.py": mocked}, BOB, YEAR_2024 + 90_000)
    made.git("mv", "old", "shop")
    made.commit("Move it", {"shop/other.py": "from shop.ledger import Ledger\n" * 9}, ADA, YEAR_2024 + 99_000)
    opened = KnowledgeBase.open(bench.locate(made), bench.settings)
    opened.words(Quiet())
    yield opened
    opened.close()


def test_a_choice_in_a_message_is_a_decision_and_a_local_remedy_is_none(ledger: KnowledgeBase) -> None:
    told = said(step_of(derived(ledger), StepKind.DECISIONS))
    assert CHOSEN in told  # of a file that has moved since
    assert "empty list" not in told
    assert "mock of the book" not in told
