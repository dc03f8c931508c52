"""A trace goes from a file, or from standard input, through the engine to a terminal and to JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Bench, SmallRepository
from tests.engine.conftest import Engines
from tests.guide.test_traces import TRACE, build


@pytest.fixture
def repository(bench: Bench) -> SmallRepository:
    return build(bench.make())


def test_a_trace_is_shown_with_its_frames_and_ends_with_0(
    engines: Engines, repository: SmallRepository, tmp_path: Path
) -> None:
    file = tmp_path / "crash.txt"
    file.write_text(TRACE)
    assert engines.cli("index", "--words-only", "-q", cwd=repository.path).returncode == 0
    done = engines.cli("explain", str(file), "-q", cwd=repository.path)
    shown = done.stdout.decode()
    assert done.returncode == 0, done.stderr.decode()
    assert "● Till.take  shop/till.py:17  (line 10 then)" in shown
    assert "Verify the fix: a cause may lie deeper." in " ".join(shown.split())
    form = engines.json("explain", str(file), "--repo", str(repository.path))
    assert form["kind"] == "trace"
    assert form["own_frames"] == 1


def test_a_trace_of_another_project_ends_with_3_and_its_escapes_are_written_out(
    engines: Engines, repository: SmallRepository
) -> None:
    evil = TRACE.replace("site-packages/shop/till.py", "site-packages/bank/\u202evault.py")
    assert engines.cli("index", "--words-only", "-q", cwd=repository.path).returncode == 0
    done = engines.cli("explain", "-q", cwd=repository.path, given=evil.encode())
    assert done.returncode == 3
    assert "\u202e" not in done.stdout.decode()
    assert "of another project" in " ".join(done.stdout.decode().split())
