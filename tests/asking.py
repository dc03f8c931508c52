"""A repository worth asking about, indexed by the real engine's parts, with notes and answers.

It holds code with and without recorded reasons, documents, a batch job, a secret, people who left.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from indexer.answer.answerer import Answerer
from indexer.answer.citations import Sources
from indexer.answer.retrieval import Retriever
from indexer.guide.notes import Notes, NotesApart
from indexer.index.catalog import Catalog
from indexer.index.people import People
from indexer.index.reader import PassageReader
from indexer.index.sync import Sync
from indexer.location import locate
from indexer.repo.parsing import ParsePool
from indexer.repo.repository import Repository
from indexer.settings import Settings
from indexer.types import Answer, Progress, Section
from tests.conftest import SmallRepository

GONE = ("Olga Petrova", "olga@example.com")
HERE = ("Ben Ito", "ben@example.com")
IN_2015 = 1_430_000_000
IN_2024 = 1_710_000_000
TOKEN = "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"

PAYMENT = '''"""Payments of the shop."""

from shop.gateway import send_charge
from shop.ledger import post_entry

RETRY_LIMIT = 3


class Payment:
    """One payment of an invoice by card."""

    def settle(self, invoice):
        """Charge the card and post the entry to the ledger."""
        # We freeze the invoice so that nobody can change it while the bank answers.
        invoice.freeze()
        receipt = send_charge(invoice)
        post_entry(receipt)
        return receipt


def refund(payment, amount):
    """Give money back to the card that paid."""
    return send_charge(payment, -amount)
'''
GATEWAY = '''"""The bank's side."""

import os

TIMEOUT = os.environ.get("SHOP_BANK_TIMEOUT", "20")


def send_charge(invoice, amount=None):
    """Send one charge to the bank and wait for its answer."""
    return _request("/charge", invoice, amount)


def _request(path, *parts):
    """Build the signed request."""
    return (path, parts)
'''
LEDGER = '''"""Double-entry bookkeeping."""


def post_entry(receipt):
    """Write both sides of a receipt into the ledger."""
    return [(receipt, 1), (receipt, -1)]
'''
SECRET = f'''"""How we reach the bank."""

BANK_USER = "shop"
BANK_TOKEN = "{TOKEN}"
BANK_HOST = "bank.example.com"
'''
TESTS = """from shop.payment import Payment


def test_settle_posts_to_the_ledger():
    assert Payment().settle(None)
"""
README = """# Shop

Shop is a small web shop that takes card payments.

## Running the tests

    $ pytest tests

## Ledger

The ledger is kept in memory. Entries are never deleted, because auditors must see every correction.
"""
MAKEFILE = "test:\n\tpytest tests\n\nrun:\n\tpython -m shop\n"
JCL = """//DAYPOST  JOB 'POST',CLASS=A
//* Post the daily sales to the master file
//STEP10   EXEC PGM=SALPOST
//SALES    DD DISP=SHR,DSN=SHOP.DAILY.SALES
//MASTER   DD DISP=SHR,DSN=SHOP.MASTER.FILE
"""
COBOL = """       IDENTIFICATION DIVISION.
       PROGRAM-ID. SALPOST.
      * Function : Post the daily sales to the master file.
       ENVIRONMENT DIVISION.
       INPUT-OUTPUT SECTION.
       FILE-CONTROL.
           SELECT SALES-FILE ASSIGN TO SALES.
           SELECT MASTER-FILE ASSIGN TO MASTER.
       DATA DIVISION.
       FILE SECTION.
       FD  SALES-FILE.
       COPY SALREC.
       FD  MASTER-FILE.
       01  MASTER-REC PIC X(80).
       PROCEDURE DIVISION.
       0000-MAIN.
           OPEN INPUT SALES-FILE.
           OPEN OUTPUT MASTER-FILE.
           PERFORM 1000-POST.
           GOBACK.
       1000-POST.
           READ SALES-FILE.
           WRITE MASTER-REC.
"""
GIFT = '''GIFT_DAYS = 400


def gift_card():
    """Make a gift card that expires."""
    return GIFT_DAYS
'''
COPYBOOK = "       01  SAL-REC.\n           05 SAL-ID PIC X(8).\n"


class Quiet:
    """Steers an index job without a word."""

    def checkpoint(self) -> None:
        """Go on."""

    def report(self, progress: Progress) -> None:
        """Say nothing."""


@dataclass
class Asking:
    """An index with everything that answers need."""

    repository: SmallRepository
    settings: Settings
    reader: Repository
    catalog: Catalog
    people: People
    notes: Notes
    answerer: Answerer
    sources: Sources
    pool: ParsePool

    def index(self) -> None:
        """Bring the index to what the repository and its working copy are now."""
        Sync(self.reader, self.catalog, self.pool, self.settings, None, None).words(Quiet())
        self.notes.read_back()

    def ask(self, question: str) -> Answer:
        """Return the answer to a question."""
        return self.answerer.ask(question)

    def said(self, question: str, section: Section | None = None) -> str:
        """Return the text of an answer's statements, one a line."""
        statements = self.ask(question).statements
        return "\n".join(each.text for each in statements if section in (None, each.section))


def build_shop(folder: Path, environment: dict[str, str]) -> SmallRepository:
    """Make the repository: six commits by three people over nine years."""
    folder.mkdir(parents=True)
    shop = SmallRepository(folder, dict(environment))
    shop.git("init", "--quiet", "--initial-branch=main", ".")
    shop.commit(
        "Add payments\n\nCards come first since every customer has one.",
        {
            "shop/__init__.py": "",
            "shop/payment.py": PAYMENT,
            "shop/gateway.py": GATEWAY,
            "shop/ledger.py": LEDGER,
        },
        author=GONE,
        date=IN_2015,
    )
    shop.commit(
        "Retry a charge three times\n\nThe bank drops one request in a hundred, so we ask again up to three\n"
        "times. More would make the customer wait longer than the checkout allows.\n",
        {"shop/retry.py": "RETRIES = 3\n\n\ndef retry(call):\n    return call()\n"},
        author=GONE,
        date=IN_2015 + 1000,
    )
    shop.commit(
        "Say what this is",
        {"README.md": README, "Makefile": MAKEFILE, "tests/test_payment.py": TESTS},
        date=IN_2024,
    )
    shop.commit("Reach the bank", {"shop/bank.py": SECRET}, author=HERE, date=IN_2024 + 1000)
    shop.commit(
        "Post sales each night",
        {
            "jcl/DAYPOST.jcl": JCL,
            "cbl/SALPOST.cbl": COBOL,
            "cpy/SALREC.cpy": COPYBOOK,
            "CODEOWNERS": "*.cbl @batch-team\n",
        },
        author=HERE,
        date=IN_2024 + 2000,
    )
    shop.commit(
        "Add gift cards",
        {"shop/gift.py": GIFT},
        author=HERE,
        date=IN_2024 + 3000,
    )
    return shop


@contextmanager
def opened(
    repository: SmallRepository, data: Path, passage_reader: PassageReader | None = None
) -> Iterator[Asking]:
    """Index a repository, and close everything behind the test."""
    settings = Settings(data_dir=data)
    location = locate(repository.path, settings)
    reader = Repository.open(location, location.index_dir / "overlay")
    catalog, people = Catalog.open(location.index_dir), People.open(location.people_dir)
    pool = ParsePool(1, 10.0)
    notes = Notes(people, catalog, reader)
    retriever = Retriever(catalog, None, None, notes.search)
    answerer = Answerer(NotesApart(retriever, notes), catalog, reader, notes, None, passage_reader)
    asking = Asking(
        repository, settings, reader, catalog, people, notes, answerer, Sources(catalog, reader), pool
    )
    try:
        asking.index()
        yield asking
    finally:
        pool.close()
        reader.close()
        people.close()
        catalog.close()


def copy_of(repository: SmallRepository, target: Path) -> SmallRepository:
    """Return a repository of its own with the same content, for a test that changes it."""
    shutil.copytree(repository.path, target)
    return SmallRepository(target, repository.environment, repository.clock)
