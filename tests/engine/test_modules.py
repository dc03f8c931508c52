"""Modules on the command line, through an engine of its own."""

from __future__ import annotations

import json

from tests.conftest import Bench
from tests.engine.conftest import Engines

LINES = "\n".join(f"def step_{at}(x):\n    return x + {at}\n" for at in range(12))
FILES = {
    "README.md": "# Kiosk\n\nKiosk is a small shop for tests.\n",
    "till/__init__.py": '"""The till of the kiosk."""\n',
    "till/till.py": "# Cents, because floats lose one now and then.\n" + LINES,
    "till/coins.py": LINES,
    "stock/evil\x1b[31m.py": LINES,
    "stock/shelf.py": LINES,
    "stock/order.py": LINES,
}


def test_modules_are_listed_told_of_reviewed_and_written_about(bench: Bench, engines: Engines) -> None:
    made = bench.make("kiosk")
    made.commit("Begin", FILES)
    assert engines.cli("index", "--words-only", cwd=made.path).returncode == 0

    shown = engines.cli("modules", cwd=made.path)
    assert shown.returncode == 0
    assert b"The till of the kiosk." in shown.stdout
    rows = json.loads(engines.cli("modules", "--json", cwd=made.path).stdout)["rows"]
    assert [row["path"] for row in rows] == ["", "stock", "till"]

    page = engines.cli("modules", "till", cwd=made.path)
    assert "Cents, because floats lose one now and then." in page.stdout.decode()
    assert b"Sources" in page.stdout

    marked = json.loads(
        engines.cli("modules", "till", "--review", "--author", "Bob", "--json", cwd=made.path).stdout
    )
    assert (marked["row"]["review"], marked["review"]["by"]) == ("reviewed", "Bob")
    written = engines.cli("modules", "till", "--write", "Ask Ada\x1b[31m.", "--author", "Bob", cwd=made.path)
    assert b"Reviewed by Bob" in written.stdout
    assert b"Ask Ada\\x1b[31m." in written.stdout
    assert b"reviewed, own words" in engines.cli("modules", cwd=made.path).stdout

    made.commit("Change", {"till/coins.py": LINES + "COINS = 3\n"})
    assert engines.cli("index", "--words-only", cwd=made.path).returncode == 0
    assert (
        b"is withdrawn: 1 file of it changed since." in engines.cli("modules", "till", cwd=made.path).stdout
    )


def test_hostile_names_are_shown_and_wrong_ones_refused(bench: Bench, engines: Engines) -> None:
    made = bench.make("kiosk")
    made.commit("Begin", FILES)
    engines.cli("index", "--words-only", cwd=made.path)
    page = engines.cli("modules", "stock", cwd=made.path)
    assert page.returncode == 0
    assert b"\x1b[31m" not in page.stdout
    absent = engines.cli("modules", "nowhere", cwd=made.path)
    assert absent.returncode == 1
    assert b"There is no module, folder or file" in absent.stderr
    assert engines.cli("modules", "--review", cwd=made.path).returncode == 2
    assert engines.cli("modules", "till", "--review", "--unreview", cwd=made.path).returncode == 2
