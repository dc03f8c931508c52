"""`lorebase map` writes drawings that any viewer opens, and nothing else over what was there."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.conftest import SmallRepository
from tests.engine.conftest import Engines

PAY = '''"""Takes payments."""

from shop.ledger import post


def charge(amount):
    return post(amount)


def refund(amount):
    return post(-amount)
'''
LEDGER = '''"""Keeps the books."""

from shop.pay import charge


def post(amount):
    return amount, charge
'''
HOSTILE = "src/<script>alert(1)<\u202e&'\x1b.py"


@pytest.fixture(scope="module")
def shop(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> Iterator[tuple[Engines, SmallRepository]]:
    """A repository with two packages that import each other, and a name that is markup."""
    folder = tmp_path_factory.mktemp("drawn")
    runtime = Path(tempfile.mkdtemp(prefix="lb-"))
    engines = Engines(folder / "data", runtime)
    engines.data.mkdir()
    (engines.data / "settings.toml").write_text('[indexing]\nmodel = "none"\nwatch_seconds = 0.0\n')
    (folder / "shop&co").mkdir()
    repository = SmallRepository(folder / "shop&co", dict(git_environment))
    repository.git("init", "--quiet", "--initial-branch=main", ".")
    files = {
        "shop/__init__.py": "x = 1\n",
        "shop/pay/__init__.py": PAY,
        "shop/ledger/__init__.py": LEDGER,
        HOSTILE: "y = 2\n" * 40,
        "README.md": "# Shop\n",
    }
    for package in ("pay", "ledger"):
        # A folder of a file or two is told of with the one around it.
        for number in range(3):
            files[f"shop/{package}/part{number}.py"] = f"VALUE = {number}\n" * 30
    repository.commit("Begin", files)
    repository.commit("Charge once", {"shop/pay/__init__.py": PAY + "\n# once\n"})
    done = engines.cli("index", str(repository.path), "--json")
    assert done.returncode == 0, done.stderr
    yield engines, repository
    engines.end()
    shutil.rmtree(runtime, ignore_errors=True)


Shop = tuple[Engines, SmallRepository]


def drawn(shop: Shop, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    engines, repository = shop
    return engines.cli("map", *arguments, "--repo", str(repository.path), "-q", cwd=cwd)


def test_both_drawings_are_written_and_named_on_standard_output(shop: Shop, tmp_path: Path) -> None:
    done = drawn(shop, "--no-png", cwd=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    names = sorted(each.name for each in tmp_path.iterdir())
    assert names == ["shop-co-dependencies.svg", "shop-co-map.svg"]
    said = done.stdout.decode()
    assert all(name in said for name in names)
    assert "shop&co: 11 files" in said
    words = " ".join(said.split())
    assert "2 modules reach each other by imports shop/ledger, shop/pay" in words
    assert "uses" in words.split("reach each other")[1], "and what closes the circle"


def test_t2_t6_a_hostile_name_is_neither_markup_nor_a_command(shop: Shop, tmp_path: Path) -> None:
    done = drawn(shop, "--no-png", cwd=tmp_path)
    assert b"\x1b" not in done.stdout
    assert "\u202e" not in done.stdout.decode()
    svg = (tmp_path / "shop-co-map.svg").read_text("utf-8")
    kinds = {each.tag.rpartition("}")[2] for each in ElementTree.fromstring(svg).iter()}
    assert "script" not in kinds
    assert "&lt;script&gt;alert(1)&lt;U+202E&amp;&#39;U+001B.py" in svg


def test_the_png_is_a_picture_in_the_place_of_the_svg(shop: Shop, tmp_path: Path) -> None:
    pytest.importorskip("PySide6")
    done = drawn(shop, "shop", "--out", "maps", "--dark", cwd=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    pictures = sorted((tmp_path / "maps").glob("*.png"))
    assert [each.name for each in pictures] == ["shop-co-shop-dependencies.png", "shop-co-shop-map.png"]
    for each in pictures:
        assert each.read_bytes().startswith(b"\x89PNG\r\n")
        assert each.stat().st_size > 5_000


def test_a_drawing_is_renewed_but_nothing_else_is_written_over(shop: Shop, tmp_path: Path) -> None:
    other = tmp_path / "shop-co-map.svg"
    other.write_text("<svg>mine</svg>")
    refused = drawn(shop, "--no-png", cwd=tmp_path)
    assert refused.returncode == 2
    assert b"--force" in refused.stderr
    assert other.read_text() == "<svg>mine</svg>"
    assert drawn(shop, "--no-png", "--force", cwd=tmp_path).returncode == 0
    first = other.stat().st_mtime_ns
    assert drawn(shop, "--no-png", cwd=tmp_path).returncode == 0, "our own is drawn anew"
    assert other.stat().st_mtime_ns > first


def test_json_tells_the_data_and_writes_nothing(shop: Shop, tmp_path: Path) -> None:
    done = drawn(shop, "--json", cwd=tmp_path)
    found = json.loads(done.stdout)
    assert list(tmp_path.iterdir()) == []
    assert found["written"] == []
    assert {row["path"]: row["changes"] for row in found["files"]["rows"]}["shop/pay/__init__.py"] == 2
    assert ["shop/ledger", "shop/pay"] in found["dependencies"]["circles"]


def test_a_path_without_files_and_a_folder_that_cannot_be_written_are_named(
    shop: Shop, tmp_path: Path
) -> None:
    gone = drawn(shop, "nowhere", cwd=tmp_path)
    assert gone.returncode == 1
    assert b"nowhere" in gone.stderr
    (tmp_path / "file").write_text("x")
    full = drawn(shop, "--out", "file", cwd=tmp_path)
    assert full.returncode == 1
    assert b"--out" in full.stderr
