"""`lorebase explain` on a log: from a file and from a pipe, its codes, and nothing left behind."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import SmallRepository
from tests.engine.conftest import Engines

POOL = """import logging

logger = logging.getLogger(__name__)


def lose(slot, why):
    logger.error("slot %s was lost: %s", slot, why)
"""
LINE = "2026-09-01 12:00:{0:02d} ERROR worker.pool: slot {0} was lost: by \x1b[31mfire\n"
OWN = "".join(LINE.format(n) for n in range(50))
FOREIGN = "".join(f"Sep  1 12:00:{n:02d} host sshd[{n}]: session opened for user x{n}\n" for n in range(50))


@pytest.fixture(scope="module")
def pool(
    tmp_path_factory: pytest.TempPathFactory,
    git_environment: dict[str, str],
    engine_folders: tuple[Path, Path],
) -> Iterator[tuple[Engines, SmallRepository]]:
    engines = Engines(*engine_folders)
    (engines.data / "settings.toml").write_text('[indexing]\nmodel = "none"\nwatch_seconds = 0.0\n')
    made = SmallRepository(tmp_path_factory.mktemp("pool"), dict(git_environment))
    made.git("init", "--quiet", "--initial-branch=main", ".")
    made.commit("Log what is lost", {"worker/pool.py": POOL})
    yield engines, made
    engines.end()


def test_a_log_is_explained_from_a_file_and_from_a_pipe(
    pool: tuple[Engines, SmallRepository], tmp_path: Path
) -> None:
    engines, repository = pool
    engines.client(repository)
    file = tmp_path / "worker.log"
    file.write_text(OWN)
    found = engines.json("explain", str(file), "--repo", str(repository.path))
    group = found["groups"][0]  # type: ignore[index]
    assert (group["count"], group["level"], group["tie"]) == (50, "error", "named")
    assert (group["place"]["path"], group["place"]["line"]) == ("worker/pool.py", 7)
    assert group["statements"][0]["citations"][0]["path"] == "worker/pool.py"
    piped = engines.cli("explain", "--json", "--repo", str(repository.path), given=OWN.encode())
    assert json.loads(piped.stdout)["groups"] == found["groups"]
    assert not list(Path(tempfile.gettempdir()).glob("lorebase-spool-*"))


def test_what_a_terminal_would_obey_is_written_out(
    pool: tuple[Engines, SmallRepository], tmp_path: Path
) -> None:
    engines, repository = pool
    (tmp_path / "worker.log").write_text(OWN.replace("\x1b[31m", "\x9b31m\u202e"))
    done = engines.cli("explain", str(tmp_path / "worker.log"), "--repo", str(repository.path))
    assert done.returncode == 0
    assert b"Logged by worker/pool.py:7, in `lose`." in done.stdout
    assert "\x9b" not in done.stdout.decode()
    assert "\u202e" not in done.stdout.decode()


def test_a_log_of_another_program_ends_with_three(
    pool: tuple[Engines, SmallRepository], tmp_path: Path
) -> None:
    engines, repository = pool
    done = engines.cli("explain", "--log", "-", "--repo", str(repository.path), given=FOREIGN.encode())
    assert done.returncode == 3
    assert b"another program's" in done.stdout


def test_no_log_and_contradictions_are_said(pool: tuple[Engines, SmallRepository], tmp_path: Path) -> None:
    engines, repository = pool
    (tmp_path / "core").write_bytes(bytes(range(256)) * 1_000)
    for arguments in (
        ("--log", str(tmp_path / "core")),
        (str(tmp_path / "gone.log"),),
        ("--log", "--trace", "-"),
        (str(tmp_path),),
    ):
        done = engines.cli("explain", *arguments, "--repo", str(repository.path))
        assert done.returncode == 2, done.stderr
        assert b"Traceback" not in done.stderr
