"""Real windows on real engines: one application, small repositories, and an engine for each.

Nothing is stubbed: a test asks, waits until the window shows it, and looks.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import psutil
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop.engine import Link
from desktop.theme import Theme, load_fonts, palette, style_sheet
from desktop.tokens import LIGHT
from indexer.client import finish_engine
from indexer.errors import LorebaseError
from indexer.location import locate
from indexer.lock import holder
from indexer.protocol import INDEX, IndexRequest, Method
from indexer.settings import EngineSettings, IndexingSettings, Settings
from tests.conftest import SmallRepository

PATIENCE = 30.0
QUIET = IndexingSettings(model="none", watch_seconds=0.0, parse_workers=1)
"""No model and no watching: a test says what happens when."""

P = TypeVar("P")
R = TypeVar("R")


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The one application of a test run, with our fonts and our style."""
    found = QApplication.instance()
    made = found if isinstance(found, QApplication) else QApplication(["lorebase"])
    made.setStyle("Fusion")
    load_fonts()
    wear(Theme(LIGHT))
    return made


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    """The light theme at 100 %, worn by the application."""
    made = Theme(LIGHT)
    wear(made)
    return made


@pytest.fixture(autouse=True)
def nothing_left_behind(qapp: QApplication) -> Iterator[None]:
    """Close what a test opened, so that no widget of it hears the next one's events."""
    yield
    for widget in qapp.topLevelWidgets():
        widget.close()
        widget.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    qapp.processEvents()
    gc.collect()


def wear(theme: Theme) -> None:
    """Give the whole application a theme."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setPalette(palette(theme))
    application.setStyleSheet(style_sheet(theme))


def until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Let the window work until something comes true; fails when it never does."""
    end = time.monotonic() + seconds
    while True:
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        if condition():
            return
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.005)


def rest(seconds: float = 0.05) -> None:
    """Let the window work for a while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.005)


def shown(widget: QWidget, width: int = 1440, height: int = 900) -> QWidget:
    """Show ``widget`` at a size, and let it settle."""
    widget.resize(width, height)
    widget.show()
    widget.activateWindow()
    rest()
    return widget


@dataclass
class Desk:
    """A data folder, a runtime folder short enough for sockets, and the links that were opened."""

    data: Path
    runtime: Path
    links: list[Link] = field(default_factory=list)

    def settings(self, indexing: IndexingSettings = QUIET) -> Settings:
        return Settings(self.data, indexing, EngineSettings(idle_seconds=600.0))

    def link(self, repository: SmallRepository | Path, indexing: IndexingSettings = QUIET) -> Link:
        """Return a link to the repository's engine, which starts with the first call."""
        settings = self.settings(indexing)
        folder = repository if isinstance(repository, Path) else repository.path
        made = Link(locate(folder, settings), settings, str(self.runtime))
        self.links.append(made)
        return made

    def indexed(self, repository: SmallRepository | Path) -> Link:
        """Return a link to an engine that has read the repository."""
        made = self.link(repository)
        ask(made, INDEX, IndexRequest(), seconds=120)
        return made

    def end(self) -> None:
        """Let every engine leave; fails when one stays."""
        for link in self.links:
            link.close()
        met: list[psutil.Process] = []
        for folder in (self.data / "indexes").glob("*"):
            found = holder(folder) if folder.is_dir() else None
            if found is not None:
                try:
                    met.append(psutil.Process(found.pid))
                except psutil.NoSuchProcess:
                    continue
                finish_engine(folder)
        _, alive = psutil.wait_procs(met, timeout=20)
        for process in alive:
            process.kill()
        assert not alive, "an engine was left behind"


@pytest.fixture
def desk(tmp_path: Path, qapp: QApplication) -> Iterator[Desk]:
    """Engines of one test."""
    yield from _desk(tmp_path / "data")


@pytest.fixture(scope="session")
def shared_desk(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Iterator[Desk]:
    """Engines that tests share because they only read."""
    yield from _desk(tmp_path_factory.mktemp("shared") / "data")


def _desk(data: Path) -> Iterator[Desk]:
    runtime = Path(tempfile.mkdtemp(prefix="lb-"))
    data.mkdir(parents=True, exist_ok=True)
    made = Desk(data, runtime)
    yield made
    made.end()
    shutil.rmtree(runtime, ignore_errors=True)


def ask(link: Link, method: Method[P, R], params: P, seconds: float = PATIENCE) -> R:
    """Call the engine through the window's own link and wait for the result."""
    results: list[Any] = []
    errors: list[LorebaseError] = []
    link.call(method, params, results.append, errors.append)
    until(lambda: results or errors, seconds)
    if errors:
        raise errors[0]
    found: R = results[0]
    return found


# ----------------------------------------------------------------------- a small real repository

ADA, BEN = ("Ada Lovelace", "ada@example.com"), ("Ben Nadler", "ben@example.com")

QUEUE = '''\
"""A queue that hands out tasks a few at a time."""

from settings import PREFETCH_MULTIPLIER


class Consumer:
    """Takes tasks from the broker for one worker."""

    def __init__(self, slots):
        self.slots = slots

    def prefetch_count(self):
        """Return how many tasks are reserved ahead for all slots."""
        return max(self.slots, 1) * PREFETCH_MULTIPLIER

    def start(self, channel):
        """Tell the broker how many tasks may wait here."""
        channel.basic_qos(self.prefetch_count())
'''

SETTINGS = '''\
"""Settings of the worker."""

# How many tasks a worker process reserves ahead.
PREFETCH_MULTIPLIER = 4

# Seconds after which a stored result is deleted.
RESULT_EXPIRES = 86400
'''

GUIDE = """\
# Optimizing

The default prefetch count is the `PREFETCH_MULTIPLIER` setting multiplied by the number of slots.

If you have many tasks with a long duration you want the multiplier to be one, because a worker
that reserves tasks keeps them from idle workers.

## Results

Results are kept by the backend, and are deleted after `RESULT_EXPIRES` seconds.
"""


def build_story(made: SmallRepository) -> SmallRepository:
    """Fill a repository with code, documents, reasons and two people."""
    made.commit("Hand out tasks one at a time", {"worker/queue.py": QUEUE.replace("max(self.slots, 1)", "1")})
    made.commit(
        "Reserve four tasks for each process\n\nGot a 3x performance gain by setting the prefetch count to 4"
        " times the\nconcurrency, because the round trip to the broker no longer stalls the pool.\n",
        {"worker/settings.py": SETTINGS},
        author=ADA,
    )
    made.commit("Explain how to tune a worker", {"docs/optimizing.md": GUIDE}, author=BEN)
    made.commit(
        "Fix the prefetch count of a worker without slots\n\nWithout slots the product was zero, which the"
        " broker reads as no limit.\n",
        {"worker/queue.py": QUEUE},
        author=BEN,
    )
    made.commit("Say what this is", {"README.md": "# Worker\n\nRuns tasks from a broker.\n"})
    made.git("tag", "v1.0")
    return made


@pytest.fixture(scope="session")
def story_repository(
    tmp_path_factory: pytest.TempPathFactory, git_environment: dict[str, str]
) -> SmallRepository:
    """A small worker library with a history; only read by the tests that share it."""
    return build_story(_init(tmp_path_factory.mktemp("story") / "worker-lib", git_environment))


@pytest.fixture
def own_story(tmp_path: Path, git_environment: dict[str, str]) -> SmallRepository:
    """The same repository for one test that changes it."""
    return build_story(_init(tmp_path / "worker-lib", git_environment))


@pytest.fixture(scope="session")
def story_link(shared_desk: Desk, story_repository: SmallRepository) -> Link:
    """A link to an engine that has read the story; tests that write take `desk` and `own_story`."""
    return shared_desk.indexed(story_repository)


def _init(path: Path, environment: dict[str, str]) -> SmallRepository:
    path.mkdir(parents=True)
    made = SmallRepository(path, dict(environment))
    made.git("init", "--quiet", "--initial-branch=main", ".")
    return made
