"""A small shop as a real index behind the real door, read by its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest

from indexer.guide.window import Pages
from indexer.knowledge import KnowledgeBase
from indexer.settings import IndexingSettings, Settings
from indexer.types import Progress
from tests.conftest import Bench, SmallRepository

ADA = ("Ada Lovelace", "ada@example.com")
BOB = ("Bob Meyer", "bob@example.com")
YEAR_2023 = 1_680_000_000
YEAR_2024 = 1_720_000_000
TOKEN = "ghp_" + "0123456789abcdefABCDEF0123456789abcd"

BASKET = '''"""Baskets of the shop, kept until they are paid."""

from shop.money import add_prices, round_price


class Basket:
    """What a visitor wants to buy."""

    def add_item(self, item):
        """Put one thing in."""
        self.items.append(item)

    def total_price(self):
        """Return what all of it costs.

        Prices are added before they are rounded, because rounding each loses a cent.
        """
        return round_price(add_prices(self.items))

    def _secret_rule(self):
        return None


def checkout(basket):
    """Turn a basket into an order."""
    price = basket.total_price()
    return round_price(price)
'''
MONEY = '''"""Money, in whole cents."""


def round_price(price):
    """Round half up, as the till does."""
    return int(price + 0.5)


def add_prices(items):
    """Add what items cost."""
    return sum(item.price for item in items)
'''
TEST = """from shop.basket import Basket, checkout


def test_checkout_of_an_empty_basket():
    assert checkout(Basket()) == 0
"""
README = "# The shop\n\nSells things. Start with `Basket`.\n\n## Running it\n\nCall `python -m shop`.\n"
GUIDE = "# First steps\n\nPut things in a basket.\n\n## Paying for a basket\n\nCall `checkout` on it.\n"


class Quiet:
    """A control that never stops anything."""

    def checkpoint(self) -> None:
        return

    def report(self, progress: Progress) -> None:
        del progress


def build_shop(made: SmallRepository) -> SmallRepository:
    """Write the shop's history."""
    made.commit("Begin the shop", {"README.md": README, "shop/money.py": MONEY}, ADA, YEAR_2023)
    made.commit("Keep what is bought in a basket", {"shop/basket.py": BASKET}, ADA, YEAR_2023 + 86_400)
    made.git("tag", "v1.0")
    made.commit(
        "Round half up\n\nThe till of the shop rounds half up, so that a bill and its receipt are equal.",
        {"shop/money.py": MONEY.replace("0.5", "0.50")},
        BOB,
        YEAR_2024,
    )
    made.commit(
        "Write down the first steps",
        {
            "docs/first-steps.md": GUIDE,
            "tests/test_basket.py": TEST,
            "deploy/settings.ini": f"[api]\ntoken = {TOKEN}\n",
            "logo.png": b"\x89PNG\r\n\x1a\n\x00\x00",
            ".env": "PASSWORD=hunter2hunter2\n",
        },
        BOB,
        YEAR_2024 + 86_400,
    )
    return made


OpenKnowledge = Callable[..., KnowledgeBase]
Opened = Callable[[Mapping[str, str | bytes]], KnowledgeBase]


@pytest.fixture(scope="session")
def shop_folder(tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]) -> Bench:
    """Where the shop that no test changes lies."""
    folder = tmp_path_factory.mktemp("shop")
    return Bench(folder, settings_of(folder), git_environment)


def settings_of(folder: object) -> Settings:
    """Return settings without a model; nothing watches by itself."""
    indexing = IndexingSettings(model="none", parse_workers=1, watch_seconds=0.0)
    return Settings(data_dir=folder / "data", indexing=indexing)


@pytest.fixture(scope="session")
def knowledge(shop_folder: Bench) -> Iterator[KnowledgeBase]:
    """The shop, indexed; no test may change its files."""
    made = build_shop(shop_folder.make("shop"))
    opened = KnowledgeBase.open(shop_folder.locate(made), shop_folder.settings)
    opened.words(Quiet())
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def pages(knowledge: KnowledgeBase) -> Pages:
    """The pages of the shop."""
    return knowledge.pages


@pytest.fixture
def opened(bench: Bench) -> Iterator[Opened]:
    """Commit files as a repository of one test's own, and index them with whatever the bench is set to."""
    made: list[KnowledgeBase] = []

    def open_it(files: Mapping[str, str | bytes]) -> KnowledgeBase:
        source = bench.make("shop")
        source.commit("Begin", files, ADA, YEAR_2024)
        made.append(KnowledgeBase.open(bench.locate(source), bench.settings))
        made[-1].words(Quiet())
        return made[-1]

    yield open_it
    for each in made:
        each.close()


@pytest.fixture
def open_knowledge(bench: Bench) -> Iterator[OpenKnowledge]:
    """Open a repository of one test's own; with ``words=False`` it is not indexed yet."""
    opened: list[KnowledgeBase] = []

    def open_it(source: SmallRepository, *, words: bool = True) -> KnowledgeBase:
        made = KnowledgeBase.open(bench.locate(source), settings_of(bench.folder))
        opened.append(made)
        if words:
            made.words(Quiet())
        return made

    yield open_it
    for each in opened:
        each.close()
