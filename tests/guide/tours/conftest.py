"""A shop with a request to follow, tests, a release and a history, behind the real door."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from indexer.guide.tours.ground import Ground
from indexer.knowledge import KnowledgeBase
from indexer.shapes.onboarding import Tour, TourRole, TourWanted
from indexer.types import Person
from tests.conftest import Bench, SmallRepository
from tests.guide.conftest import ADA, BOB, YEAR_2024, Quiet, settings_of

EVE = Person("Eve Newcomer", "eve@example.com")


@contextmanager
def opened_with(
    factory: pytest.TempPathFactory, environment: dict[str, str], name: str, files: Mapping[str, str]
) -> Iterator[KnowledgeBase]:
    """Open a repository of this name whose one commit holds the files, read by words."""
    folder = factory.mktemp(name)
    bench = Bench(folder, settings_of(folder), environment)
    made = bench.make(name)
    made.commit(f"Begin the {name}", dict(files), ADA, YEAR_2024)
    opened = KnowledgeBase.open(bench.locate(made), bench.settings)
    opened.words(Quiet())
    yield opened
    opened.close()


@contextmanager
def grounded(knowledge: KnowledgeBase) -> Iterator[Ground]:
    """Give the ground that tours of the whole repository, for anybody, are laid on."""
    desk = knowledge.mentor._desk
    with desk.catalog.snapshot() as reader:
        yield Ground(desk, reader, "", TourRole.ANY, Quiet())


ORDERS = '''"""Orders: what was bought, and by whom."""

from till.money import round_price
from till.store import Store


class Order:
    """What a customer has bought."""

    def __init__(self, items):
        self.items = items

    def total_price(self):
        """Return what all of it costs.

        Prices are added before they are rounded, because rounding each of them would lose a cent.
        """
        return round_price(sum(item.price for item in self.items))


class OrderService:
    """Takes orders, and keeps them."""

    def __init__(self, store):
        self.store = store

    def place_order(self, items):
        """Turn items into an order, and store it."""
        order = Order(items)
        price = order.total_price()
        return save_order(self.store, order, price)


def save_order(store: Store, order, price):
    """Write an order into the store, with what it costs."""
    store.write_row("orders", {"price": price, "items": len(order.items)})
    return price
'''
STORE = '''"""The store: a table for each kind of thing."""


class Store:
    """Keeps rows in a file."""

    def write_row(self, table, row):
        """Append a row to a table, and flush it to the disk."""
        line = format_row(table, row)
        with open(self.path, "a") as out:
            out.write(line)

    def read_rows(self, table):
        """Return the rows of a table."""
        return [line for line in open(self.path) if line.startswith(table)]


def format_row(table, row):
    """Return a row as a line of text."""
    parts = [f"{key}={value}" for key, value in sorted(row.items())]
    return f"{table} {' '.join(parts)}\\n"
'''
MONEY = '''"""Money, in whole cents."""


def round_price(price):
    """Round half up, as the till does."""
    cents = int(price + 0.5)
    return cents


def parse_price(text):
    """Read a price as people write it."""
    whole, _, part = text.partition(",")
    return int(whole) * 100 + int(part or 0)
'''
WEB = '''"""What the till answers over the network."""

from flask import Flask, request

from till.orders import OrderService
from till.store import Store

app = Flask(__name__)
service = OrderService(Store())


@app.route("/orders", methods=["POST"])
def create_order():
    """Take an order from the network."""
    items = request.json["items"]
    return service.place_order(items)


@app.route("/orders", methods=["GET"])
def list_orders():
    """Show what was ordered."""
    return service.store.read_rows("orders")
'''
TESTS = '''"""Tests of orders."""

from till.orders import Order, OrderService


def test_an_empty_order_is_free():
    assert Order([]).total_price() == 0


def test_an_order_is_stored():
    assert OrderService(None)
'''
README = """# The till

The till is a small shop server that takes orders and keeps them.

## Installation

    pip install -e .

## Running it

    python -m till serve

## Testing

    pytest tests
"""
WORKFLOW = """name: Checks
on:
  push:
  pull_request:
jobs:
  test:
    steps:
      - run: pytest tests
"""
DESIGN = """# Design

The store is one file.

Rows are text, because a person must be able to mend the file by hand.

## Money

All money is counted in cents.
"""
SETUP = """from setuptools import setup

setup(name="till", description="A till for a small shop")
"""


def build_till(made: SmallRepository) -> SmallRepository:
    """Write the till's history."""
    files = {
        "README.md": README,
        "till/__init__.py": '"""A till for a small shop."""\n',
        "till/money.py": MONEY,
        "till/store.py": STORE,
        "till/orders.py": ORDERS,
        "till/web.py": WEB,
        "tests/test_orders.py": TESTS,
        ".github/workflows/checks.yml": WORKFLOW,
        "docs/design.md": DESIGN,
        "setup.py": SETUP,
    }
    made.commit("Begin the till", files, ADA, YEAR_2024)
    made.git("tag", "v1.0.0")
    body = "The bank settles in whole cents, so that half a cent has to go somewhere: up."
    made.commit(
        f"Fix rounding\n\n{body}", {"till/money.py": MONEY.replace("0.5", "0.50")}, BOB, YEAR_2024 + 86_400
    )
    made.commit("Show orders", {"till/web.py": WEB + "\n\nVERSION = 2\n"}, BOB, YEAR_2024 + 172_800)
    return made


@pytest.fixture(scope="session")
def till(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> Iterator[KnowledgeBase]:
    """The till, indexed; no test may change its files."""
    folder = tmp_path_factory.mktemp("till")
    bench = Bench(folder, settings_of(folder), git_environment)
    made = build_till(bench.make("till"))
    opened = KnowledgeBase.open(bench.locate(made), bench.settings)
    opened.words(Quiet())
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def tour(till: KnowledgeBase) -> Tour:
    """A tour of the whole till, as Eve had it derived."""
    return till.mentor.tours.new(TourWanted(by=EVE), Quiet())


def derived(knowledge: KnowledgeBase, area: str = "", role: TourRole = TourRole.ANY) -> Tour:
    """Return a new tour."""
    return knowledge.mentor.tours.new(TourWanted(area, role, EVE), Quiet())
