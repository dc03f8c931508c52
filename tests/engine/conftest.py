"""Real engine processes on small real repositories; none may be left behind."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil
import pytest

from indexer.client import Client, finish_engine
from indexer.location import locate
from indexer.lock import holder
from indexer.protocol import STATUS, Nothing
from indexer.settings import EngineSettings, IndexingSettings, Settings
from tests.conftest import SmallRepository

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
QUIET = IndexingSettings(model="none", watch_seconds=0.0, parse_workers=1)
"""No model and no watching: a test says what happens when."""


def until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait for something that must come true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)


@dataclass
class Engines:
    """A data folder and a runtime folder of their own, and every process that was met there."""

    data: Path
    runtime: Path
    met: dict[int, psutil.Process] = field(default_factory=dict)
    clients: list[Client] = field(default_factory=list)

    def settings(self, indexing: IndexingSettings = QUIET, idle: float = 600.0) -> Settings:
        return Settings(self.data, indexing, EngineSettings(idle_seconds=idle))

    def client(
        self, repository: SmallRepository | Path, indexing: IndexingSettings = QUIET, idle: float = 600.0
    ) -> Client:
        """Return a client of the repository's engine, not connected yet."""
        settings = self.settings(indexing, idle)
        folder = repository if isinstance(repository, Path) else repository.path
        client = Client(locate(folder, settings), settings, str(self.runtime))
        self.clients.append(client)
        return client

    def process(self, client: Client) -> psutil.Process:
        """Return the engine that a client speaks to."""
        return self.meet(client.call(STATUS, Nothing()).engine_pid)

    def meet(self, pid: int) -> psutil.Process:
        """Remember a process and its children, to see that they are gone at the end."""
        process = psutil.Process(pid)
        for each in (process, *process.children(recursive=True)):
            self.met[each.pid] = each
        return process

    def cli(
        self, *arguments: str | bytes, cwd: Path | None = None, given: bytes = b"", wrap: Sequence[str] = ()
    ) -> subprocess.CompletedProcess[bytes]:
        """Run the command line and return what it wrote."""
        process = self.start_cli(*arguments, cwd=cwd, wrap=wrap)
        out, err = process.communicate(given, timeout=60)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def start_cli(
        self, *arguments: str | bytes, cwd: Path | None = None, wrap: Sequence[str] = ()
    ) -> subprocess.Popen[bytes]:
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("LOREBASE_", "GIT_"))
        }
        environment |= {
            "LOREBASE_DATA": str(self.data),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "80",
            "HOME": str(self.runtime),
        }
        # A suite that a shell started in the background is deaf to Ctrl+C, and what it starts would be too.
        hears = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
        code = f"{hears}; from indexer.cli import main; main()"
        return subprocess.Popen(
            [*wrap, sys.executable, "-c", code, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            cwd=cwd or self.runtime,
        )

    def json(self, *arguments: str | bytes, code: int = 0) -> dict[str, object]:
        """Run a command with --json and return its one object."""
        done = self.cli(*arguments, "--json")
        assert done.returncode == code, done.stderr.decode()
        found = json.loads(done.stdout)
        assert isinstance(found, dict)
        return found

    def end(self) -> None:
        """Let every engine leave, and fail when any process of theirs stays."""
        for client in self.clients:
            client.close()
        folders = [each for each in (self.data / "indexes").glob("*") if each.is_dir()]
        for folder in folders:
            found = holder(folder)
            if found is not None:
                try:
                    self.meet(found.pid)
                except psutil.NoSuchProcess:
                    continue
                finish_engine(folder)
        _, alive = psutil.wait_procs(list(self.met.values()), timeout=20)
        for process in alive:
            process.kill()
        assert not alive, f"left behind: {[each.cmdline() for each in alive if each.is_running()]}"


@pytest.fixture(scope="module")
def engine_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """A data folder, and a runtime folder whose path is short enough for a socket."""
    runtime = Path(tempfile.mkdtemp(prefix="lb-"))
    yield tmp_path_factory.mktemp("data"), runtime
    shutil.rmtree(runtime, ignore_errors=True)


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[Engines]:
    """Engines of one test."""
    runtime = Path(tempfile.mkdtemp(prefix="lb-"))
    made = Engines(tmp_path / "data", runtime)
    made.data.mkdir()
    (made.data / "settings.toml").write_text(
        '[indexing]\nmodel = "none"\nwatch_seconds = 0.0\nparse_workers = 1\n'
    )
    yield made
    made.end()
    shutil.rmtree(runtime, ignore_errors=True)


def watching(seconds: float) -> IndexingSettings:
    """Return settings under which the engine looks at the repository so often."""
    return replace(QUIET, watch_seconds=seconds)
