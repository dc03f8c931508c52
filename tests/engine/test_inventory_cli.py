"""Inventory, examples and export from the command line, through a real engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Bench
from tests.engine.conftest import Engines

ROUTE = '''from flask import Flask
import os

app = Flask(__name__)


@app.get("/{path}")
def {name}():
    """Say \\x1b red things."""
    return os.environ["SHOP_KEY"]  # \x1b[31m \u202e
'''


@pytest.fixture
def shop(bench: Bench) -> Path:
    """Two endpoints, one of them with a name that a terminal or a table could take for more."""
    made = bench.make("shop")
    files = {
        "shop/one.py": ROUTE.format(path="one", name="one"),
        "shop/two.py": ROUTE.format(path="a|`b`", name="two"),
    }
    made.commit("Add two endpoints", files)
    return made.path


def test_inventory_examples_and_export_from_the_command_line(
    engines: Engines, shop: Path, tmp_path: Path
) -> None:
    """One engine answers all of it: starting one takes longer than what it is asked."""
    engines.client(shop)
    is_listed(engines, shop)
    shows_examples(engines, shop)
    is_exported(engines, shop, tmp_path)


def is_listed(engines: Engines, shop: Path) -> None:
    """See that the inventory has its forms, and that none obeys the repository."""
    found = engines.json("inventory", "endpoints", "env", "--repo", str(shop))
    assert [(each["methods"], each["url"]) for each in found["endpoints"]] == [
        (["GET"], "/a|`b`"),
        (["GET"], "/one"),
    ]
    assert found["endpoints"][1]["citations"][0]["path"] == "shop/one.py"
    assert [each["name"] for each in found["variables"]] == ["SHOP_KEY"]
    table = engines.cli("inventory", "--repo", str(shop)).stdout
    assert b"HTTP endpoints (2)" in table
    assert b"\x1b[31m" not in table
    markdown = engines.cli("inventory", "endpoints", "--markdown", "--repo", str(shop)).stdout.decode()
    row = next(line for line in markdown.splitlines() if "two.py" in line)
    assert row.replace("\\|", "").count("|") == 5


def shows_examples(engines: Engines, shop: Path) -> None:
    """See that there are some, and that their absence has an exit code."""
    found = engines.cli("examples", "a new endpoint", "--repo", str(shop))
    assert found.returncode == 0
    assert b'2 found as "endpoint"' in found.stdout
    assert b"\xe2\x80\xae" not in found.stdout
    missing = engines.cli("examples", "a websocket", "--repo", str(shop))
    assert missing.returncode == 3


def is_exported(engines: Engines, shop: Path, tmp_path: Path) -> None:
    """See that it is, and that a folder with other files is refused."""
    report = engines.json("export", "--html", str(tmp_path / "site"), "--repo", str(shop))
    assert Path(str(report["first"])).read_text("utf-8").startswith("<!doctype html>")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.txt").write_text("x")
    wrong = engines.cli("export", str(tmp_path / "mine"), "--repo", str(shop))
    assert wrong.returncode == 2
    assert b"holds other files" in wrong.stderr
