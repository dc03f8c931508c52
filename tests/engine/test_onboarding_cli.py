"""Tours and sessions through the command line and a real engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Bench
from tests.engine.conftest import Engines
from tests.guide.tours.conftest import build_till


@pytest.fixture
def folder(bench: Bench) -> str:
    return str(build_till(bench.make("till")).path)


def test_a_newcomers_first_hour(engines: Engines, folder: str, tmp_path: Path) -> None:
    made = engines.json("tour", "new", "--role", "backend", "--author", "Eve", "--repo", folder)
    tour = str(made["id"])
    assert made["role"] == "backend"
    shown = engines.cli("tour", "show", tour, "--step", "1", "--repo", folder).stdout.decode()
    assert "What till is for" in shown
    assert "README.md:3" in shown
    asked = engines.cli("tour", "show", tour, "--repo", folder).stdout.decode()
    assert "Answer" not in asked
    assert "Answer" in engines.cli("tour", "show", tour, "--answers", "--repo", folder).stdout.decode()

    page = engines.json("session", "start", tour, "--author", "Eve", "--repo", folder)
    session = page["session"]
    assert isinstance(session, dict)
    page = engines.json("session", "next", "--repo", folder)
    assert page["session"]["done"] == ["purpose"]  # type: ignore[index]
    stuck = engines.cli("session", "stuck", "Why are rows text?", "--repo", folder).stdout.decode()
    assert "Kept as the gap" in stuck
    asked = engines.cli("session", "ask", "how is an order placed?", "--repo", folder)
    assert asked.returncode == 0
    page = engines.json("session", "show", "--repo", folder)
    acts = [each["act"] for each in page["session"]["events"]]  # type: ignore[index]
    assert acts == ["opened", "done", "stuck", "asked"]

    for name in ("report.md", "report.html"):
        out = tmp_path / name
        assert engines.cli("session", "export", "-o", str(out), "--repo", folder).returncode == 0
        assert "Why are rows text?" in out.read_text("utf-8")
    overview = engines.cli("session", "overview", "--repo", folder).stdout.decode()
    assert "Why are rows text?" in overview


def test_a_tour_is_edited_published_and_listed(engines: Engines, folder: str) -> None:
    tour = str(engines.json("tour", "new", "--repo", folder)["id"])
    text = engines.cli("tour", "edit", tour, "--print", "--repo", folder).stdout.decode()
    changed = text.replace("## What till is for", "## Begin here").encode()
    done = engines.cli("tour", "edit", tour, "--file", "-", "--repo", folder, given=changed)
    assert done.returncode == 0, done.stderr.decode()
    assert "Begin here" in done.stdout.decode()
    assert engines.cli("tour", "publish", tour, "--repo", folder).returncode == 0
    assert list(Path(folder, "docs/tours").glob("*.md"))
    listed = engines.json("tour", "list", "--repo", folder)
    assert [each["version"] for each in listed["tours"]] == [2]  # type: ignore[union-attr,attr-defined]


def test_what_is_wrong_is_told_with_the_exit_code_of_usage(
    engines: Engines, folder: str, tmp_path: Path
) -> None:
    bad = engines.cli("tour", "new", "--role", "poet", "--repo", folder)
    assert bad.returncode == 2
    assert b"backend" in bad.stderr
    assert engines.cli("tour", "new", "--area", "no/such", "--repo", folder).returncode != 0
    assert engines.cli("session", "show", "--repo", folder).returncode != 0
    tour = str(engines.json("tour", "new", "--repo", folder)["id"])
    engines.json("session", "start", tour, "--repo", folder)
    gone = engines.cli("session", "export", "-o", str(tmp_path / "no" / "x.md"), "--repo", folder)
    assert gone.returncode == 1
    assert b"cannot be written" in gone.stderr
    assert engines.cli("session", "export", "--form", "docx", "--repo", folder).returncode == 2
    assert engines.cli("session", "check", "maybe", "--repo", folder).returncode == 2
