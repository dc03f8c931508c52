"""Questions about symbols: where is it defined, who uses it, what does it use."""

from __future__ import annotations

import pytest

from indexer.index.symbols import (
    callees,
    callers,
    definitions_in,
    find_symbols,
    imported_by,
    imports_of,
    references_to,
    symbol_at,
)
from indexer.types import ReferenceKind
from tests.conftest import Bench
from tests.index.conftest import Index, OpenIndex

FILES = {
    "shop/__init__.py": "",
    "shop/cart.py": (
        "from shop.tax import rate\n\n\nclass Cart:\n    def total(self):\n"
        "        return rate() * self.items()\n\n"
        "    def items(self):\n        return 2\n"
    ),
    "shop/tax.py": "def rate():\n    return load()\n\n\ndef load():\n    return 3\n",
    "shop/other.py": "class Basket:\n    def total(self):\n        return 0\n",
    "tests/test_cart.py": (
        "from shop.cart import Cart\n\n\ndef test_total():\n    assert Cart().total() == 6\n"
    ),
}


@pytest.fixture
def index(bench: Bench, open_index: OpenIndex) -> Index:
    source = bench.make()
    source.commit("Begin", dict(FILES))
    made = open_index(source)
    made.words()
    return made


def path_id(index: Index, path: str) -> int:
    return int(str(index.column("SELECT id FROM path WHERE shown = ?", path)[0]))


def test_a_name_is_found_whatever_its_case_and_a_qualified_one_alone(index: Index) -> None:
    reader = index.catalog.reader()
    assert {each.qualified for each in find_symbols(reader, "TOTAL")} == {"Cart.total", "Basket.total"}
    assert [each.qualified for each in find_symbols(reader, "Cart.total()")] == ["Cart.total"]
    assert [each.path for each in find_symbols(reader, "other::Basket")] == ["shop/other.py"]
    assert find_symbols(reader, "nothing") == []
    assert find_symbols(reader, "") == []


def test_a_test_comes_after_the_code_that_it_tests(index: Index) -> None:
    index.source.commit("Shadow", {"tests/fakes.py": "class Cart:\n    pass\n"})
    index.words()
    found = find_symbols(index.catalog.reader(), "Cart")
    assert [each.path for each in found] == ["shop/cart.py", "tests/fakes.py"]


def test_a_file_lists_its_definitions_and_the_innermost_at_a_line(index: Index) -> None:
    reader = index.catalog.reader()
    cart = path_id(index, "shop/cart.py")
    assert [each.qualified for each in definitions_in(reader, cart)] == ["Cart", "Cart.total", "Cart.items"]
    inner = symbol_at(reader, cart, 6)
    assert inner is not None
    assert inner.qualified == "Cart.total"
    assert symbol_at(reader, cart, 1) is None


def test_callers_are_those_who_can_mean_this_definition(index: Index) -> None:
    reader = index.catalog.reader()
    rate = find_symbols(reader, "rate")[0]
    assert [(each.path, each.inside) for each in callers(reader, rate)] == [("shop/cart.py", "Cart.total")]
    basket = find_symbols(reader, "Basket.total")[0]
    assert callers(reader, basket) == []


def test_callees_lead_to_the_linked_definition(index: Index) -> None:
    reader = index.catalog.reader()
    total = find_symbols(reader, "Cart.total")[0]
    found = {
        each.name: each.symbol for each in callees(reader, total.blob_id, total.start_line, total.end_line)
    }
    assert found["rate"] is not None
    assert found["rate"].path == "shop/tax.py"
    assert found["items"] is not None
    assert found["items"].qualified == "Cart.items"


def test_references_name_every_use_by_kind(index: Index) -> None:
    reader = index.catalog.reader()
    assert {each.path for each in references_to(reader, "Cart")} == {"tests/test_cart.py"}
    assert references_to(reader, "Cart", kinds=[ReferenceKind.WRITE]) == []


def test_neighbours_are_the_files_taken_in_and_those_that_take_in(index: Index) -> None:
    reader = index.catalog.reader()
    cart = path_id(index, "shop/cart.py")
    assert [(each.path, each.line) for each in imports_of(reader, cart)] == [("shop/tax.py", 1)]
    assert [each.path for each in imported_by(reader, cart)] == ["tests/test_cart.py"]
