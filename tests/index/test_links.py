"""Names in code lead to the files that they mean, in the ways of each language."""

from __future__ import annotations

import pytest

from indexer.index.links import link, rank
from indexer.index.manifests import loads
from tests.conftest import Bench
from tests.index.conftest import Index, OpenIndex

Pairs = set[tuple[str, str]]

PYTHON = {
    "src/shop/__init__.py": "from .cart import Cart\n",
    "src/shop/cart.py": (
        "import json\nfrom . import prices\nfrom shop.tax.rates import rate\n\nclass Cart: pass\n"
    ),
    "src/shop/prices.py": "X = 1\n",
    "src/shop/tax/__init__.py": "",
    "src/shop/tax/rates.py": "from ..prices import X\n\ndef rate(): return X\n",
    "src/shop/json.py": "Y = 1\n",
    "tests/test_cart.py": "import helper\nfrom shop import Cart\nfrom shop.cart import Cart as C\n",
    "tests/helper.py": "Z = 1\n",
    "tools/helper.py": "Z = 2\n",
    "docs/api.rst": "API\n===\n\n.. autoclass:: shop.cart.Cart\n\n.. include:: more.rst\n",
    "docs/more.rst": "More\n====\n",
}
SCRIPT = {
    "package.json": '{"name": "root", "workspaces": ["packages/*"]}\n',
    "packages/core/package.json": '{"name": "@shop/core", "main": "dist/index.js"}\n',
    "packages/core/src/index.ts": 'export * from "./cart";\nexport { tax } from "./tax/index.js";\n',
    "packages/core/src/cart.ts": "export const cart = 1;\n",
    "packages/core/src/tax/index.ts": "export const tax = 2;\n",
    "packages/core/src/adapters/web.ts": "export const web = 3;\n",
    "app/tsconfig.json": (
        '{\n // aliases\n "compilerOptions": {"baseUrl": ".", "paths": {"~/*": ["./lib/*"],}},\n}\n'
    ),
    "app/lib/page.tsx": "export const Page = 1;\n",
    "app/main.ts": (
        'import { Page } from "~/page";\nimport { cart } from "@shop/core";\n'
        'import { web } from "@shop/core/adapters/web";\nimport React from "react";\n'
        'const x = require("../old");\n'
    ),
    "old.js": "module.exports = 1;\n",
}
JAVA = {
    "src/main/java/org/shop/Cart.java": (
        "package org.shop;\nimport org.shop.tax.Rate;\nimport java.util.List;\n"
        "public class Cart { Item item; List<Rate> rates; }\n"
    ),
    "src/main/java/org/shop/Item.java": "package org.shop;\npublic class Item {}\n",
    "src/main/java/org/shop/tax/Rate.java": "package org.shop.tax;\npublic class Rate {}\n",
    "src/test/java/org/shop/CartTest.java": (
        "package org.shop;\nimport static org.shop.tax.Rate.of;\npublic class CartTest { Cart cart; }\n"
    ),
}
GO = {
    "go.mod": "module example.com/shop\n\ngo 1.22\n",
    "main.go": (
        'package main\n\nimport (\n\t"fmt"\n\t"example.com/shop/cart"\n)\n\n'
        "func main() { fmt.Println(cart.New()) }\n"
    ),
    "cart/cart.go": "package cart\n\nfunc New() int { return price() }\n",
    "cart/price.go": "package cart\n\nfunc price() int { return 1 }\n",
    "cart/cart_test.go": "package cart\n\nfunc helper() int { return New() }\n",
}
C = {
    "src/cart.c": '#include "cart.h"\n#include <shop/tax.h>\n#include <string.h>\n',
    "src/cart.h": "int cart(void);\n",
    "include/shop/tax.h": "int tax(void);\n",
    "lib/string.h": "int ours(void);\n",
}
RUST = {
    "Cargo.toml": '[package]\nname = "shop-core"\n',
    "src/lib.rs": "mod cart;\npub mod tax;\nuse crate::cart::Cart;\n",
    "src/cart.rs": "use super::tax::rates::Rate;\nuse std::fmt;\npub struct Cart;\n",
    "src/tax/mod.rs": "pub mod rates;\n",
    "src/tax/rates.rs": "pub struct Rate;\n",
}
OTHERS = {
    "lib/shop/cart.rb": 'require "shop/item"\nrequire_relative "tax"\nrequire "json"\n',
    "lib/shop/item.rb": "class Item; end\n",
    "lib/shop/tax.rb": "class Tax; end\n",
    "composer.json": '{"autoload": {"psr-4": {"Shop\\\\": "php/"}}}\n',
    "php/Cart.php": "<?php\nnamespace Shop;\nuse Shop\\Tax\\Rate;\nclass Cart {}\n",
    "php/Tax/Rate.php": "<?php\nnamespace Shop\\Tax;\nclass Rate {}\n",
}


def indexed(bench: Bench, open_index: OpenIndex, files: dict[str, str]) -> Index:
    source = bench.make()
    source.commit("Begin", dict(files))
    index = open_index(source)
    index.words()
    return index


def edges(index: Index) -> Pairs:
    rows = index.rows(
        "SELECT f.shown, t.shown FROM edge JOIN path f ON f.id = from_path JOIN path t ON t.id = to_path"
    )
    return {(str(start), str(end)) for start, end in rows}


def ids(index: Index, *paths: str) -> set[int]:
    return {int(str(index.column("SELECT id FROM path WHERE shown = ?", path)[0])) for path in paths}


@pytest.fixture
def shop(bench: Bench, open_index: OpenIndex) -> Index:
    return indexed(bench, open_index, PYTHON)


def test_python_names_lead_to_modules_in_packages_sources_and_beside_a_script(shop: Index) -> None:
    assert edges(shop) == {
        ("src/shop/__init__.py", "src/shop/cart.py"),
        ("src/shop/cart.py", "src/shop/prices.py"),
        ("src/shop/cart.py", "src/shop/tax/rates.py"),
        ("src/shop/tax/rates.py", "src/shop/prices.py"),
        ("tests/test_cart.py", "tests/helper.py"),
        ("tests/test_cart.py", "src/shop/__init__.py"),
        ("tests/test_cart.py", "src/shop/cart.py"),
        ("docs/api.rst", "src/shop/cart.py"),
        ("docs/api.rst", "docs/more.rst"),
    }


def test_scripts_follow_relative_paths_aliases_and_packages_of_the_workspace(
    bench: Bench, open_index: OpenIndex
) -> None:
    index = indexed(bench, open_index, SCRIPT)
    assert edges(index) == {
        ("packages/core/src/index.ts", "packages/core/src/cart.ts"),
        ("packages/core/src/index.ts", "packages/core/src/tax/index.ts"),
        ("app/main.ts", "app/lib/page.tsx"),
        ("app/main.ts", "packages/core/src/index.ts"),
        ("app/main.ts", "packages/core/src/adapters/web.ts"),
        ("app/main.ts", "old.js"),
    }


def test_java_classes_are_found_by_import_and_in_their_own_package(
    bench: Bench, open_index: OpenIndex
) -> None:
    index = indexed(bench, open_index, JAVA)
    main = "src/main/java/org/shop"
    assert edges(index) == {
        (f"{main}/Cart.java", f"{main}/tax/Rate.java"),
        (f"{main}/Cart.java", f"{main}/Item.java"),
        ("src/test/java/org/shop/CartTest.java", f"{main}/tax/Rate.java"),
        ("src/test/java/org/shop/CartTest.java", f"{main}/Cart.java"),
    }


def test_go_imports_lead_to_the_files_that_define_what_is_used(bench: Bench, open_index: OpenIndex) -> None:
    index = indexed(bench, open_index, GO)
    assert edges(index) == {
        ("main.go", "cart/cart.go"),
        ("cart/cart.go", "cart/price.go"),
        ("cart/cart_test.go", "cart/cart.go"),
    }


def test_c_includes_leave_the_system_alone(bench: Bench, open_index: OpenIndex) -> None:
    assert edges(indexed(bench, open_index, C)) == {
        ("src/cart.c", "src/cart.h"),
        ("src/cart.c", "include/shop/tax.h"),
    }


def test_rust_modules_are_found_from_the_crate_and_from_beside(bench: Bench, open_index: OpenIndex) -> None:
    assert edges(indexed(bench, open_index, RUST)) == {
        ("src/lib.rs", "src/cart.rs"),
        ("src/lib.rs", "src/tax/mod.rs"),
        ("src/cart.rs", "src/tax/rates.rs"),
        ("src/tax/mod.rs", "src/tax/rates.rs"),
    }


def test_ruby_and_php_names_become_paths(bench: Bench, open_index: OpenIndex) -> None:
    assert edges(indexed(bench, open_index, OTHERS)) == {
        ("lib/shop/cart.rb", "lib/shop/item.rb"),
        ("lib/shop/cart.rb", "lib/shop/tax.rb"),
        ("php/Cart.php", "php/Tax/Rate.php"),
    }


def test_linking_what_changed_gives_what_linking_all_gives(shop: Index) -> None:
    changes: list[dict[str, str]] = [
        {"src/shop/prices.py": "from shop.tax import rates\n"},
        {"src/shop/late.py": "from shop import prices\n", "src/shop/cart.py": "from . import late\n"},
        {"tests/test_late.py": "from shop.missing import x\n"},
        {"src/shop/missing.py": "x = 1\n"},
    ]
    for number, files in enumerate(changes):
        shop.source.commit(f"Change {number}", dict(files))
        shop.words()
        kept = edges(shop)
        with shop.catalog.transaction() as writer:
            link(writer, None)
        assert kept == edges(shop)
    assert ("tests/test_late.py", "src/shop/missing.py") in edges(shop)


def test_a_definition_that_moves_to_a_new_file_takes_its_users_along(
    bench: Bench, open_index: OpenIndex
) -> None:
    others = {f"other{number}/a.go": "package other\n" for number in range(20)}
    index = indexed(bench, open_index, {**GO, **others})
    moved = {
        "cart/price.go": "package cart\n\nfunc other() int { return 1 }\n",
        "cart/money.go": "package cart\n\nfunc price() int { return 1 }\n",
    }
    index.source.commit("Move", dict(moved))
    index.words()
    assert {pair for pair in edges(index) if pair[0] == "cart/cart.go"} == {("cart/cart.go", "cart/money.go")}


def test_a_file_that_went_takes_its_edges_with_it(shop: Index) -> None:
    (shop.source.path / "src/shop/prices.py").unlink()
    shop.source.commit("Remove")
    shop.words()
    assert not any("src/shop/prices.py" in pair for pair in edges(shop))


def test_the_file_that_most_is_built_on_ranks_first(shop: Index) -> None:
    ranked = shop.rows("SELECT shown, rank FROM entry JOIN path ON id = path_id ORDER BY rank DESC")
    assert ranked[0] == ("src/shop/prices.py", 1.0)
    assert dict(ranked)["tools/helper.py"] == 0


def test_without_edges_nothing_ranks(bench: Bench, open_index: OpenIndex) -> None:
    index = indexed(bench, open_index, {"a.py": "x = 1\n"})
    with index.catalog.transaction() as writer:
        assert link(writer, None) == 0
        rank(writer)
    assert index.column("SELECT rank FROM entry") == [0]


def test_a_broken_or_endless_manifest_is_as_if_it_were_not_there(bench: Bench, open_index: OpenIndex) -> None:
    broken = {**SCRIPT, "app/tsconfig.json": "{" * 5_000, "packages/core/package.json": '{"name": ["a"]}\n'}
    assert ("app/main.ts", "old.js") in edges(indexed(bench, open_index, broken))
    assert loads("[" * 100_000) is None
    assert loads('{"a": "//b", /* c */ "d": [1,],}') == {"a": "//b", "d": [1]}
