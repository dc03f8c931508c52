"""The repositories that a window has open: each with its own link, its own trail and its own news."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.engine import Link, LinkState
from desktop.places import HomePlace, Trail
from indexer.errors import CancelledError, LorebaseError
from indexer.location import Location, locate
from indexer.protocol import INDEX, PAUSE, RESUME, STATUS, STOP, WATCH, Change, Event, IndexRequest, Nothing
from indexer.settings import Settings
from indexer.types import IndexReport, IndexStatus, Progress, shown_path

STEERING = {"pause": PAUSE, "resume": RESUME, "stop": STOP}

KEPT_OPEN = 3
"""Repositories whose engines stay up for a quick switch; each engine keeps its model in memory."""


class OpenRepository(QObject):
    """One repository: asks its engine to read it, and tells the window what becomes of it."""

    progressed = Signal(object)
    """Progress of the running job, or None when it has ended."""
    statusChanged = Signal(object)
    """IndexStatus."""
    updated = Signal()
    """Words became searchable, a job ended, or notes changed: pages may ask again."""
    noticed = Signal(str)

    def __init__(self, location: Location, settings: Settings, runtime_dir: str | None) -> None:
        super().__init__()
        self.location = location
        self.folder = location.work_tree or location.git_dir
        self.name = shown_path(self.folder.name) or shown_path(str(self.folder))
        self.link = Link(location, settings, runtime_dir, self)
        self.trail = Trail(HomePlace())
        self.typed = ""
        self.progress: Progress | None = None
        self.status: IndexStatus | None = None
        self.words_ready = False
        self._watch = 0
        self._indexing = 0
        self.link.restarted.connect(self._on_restarted)
        self.link.failed.connect(self._on_failed)
        self.link.stateChanged.connect(self._on_state)

    def start(self) -> None:
        """Read the repository, or what is new in it; words come first, meaning follows by itself."""
        if not self._watch:
            self._watch = self.link.call(
                WATCH, Nothing(), self._on_unwatched, self._on_watch_failed, self._on_event
            )
        if not self._indexing:
            self._indexing = self.link.call(
                INDEX, IndexRequest(words_only=True), self._on_words, self._on_failed, self._on_event
            )
        self.ask_status()

    def ask_status(self) -> None:
        """Ask of what state the index speaks."""
        self.link.call(STATUS, Nothing(), self._on_status, self._on_status_failed)

    def steer(self, deed: str) -> None:
        """Pause, resume or stop the running job; what is finished stays."""
        self.link.call(STEERING[deed], Nothing(), self._on_steered, self._on_failed)

    def close(self) -> None:
        """Leave. A job that runs goes on in its engine, which ends by itself when it is idle."""
        self.link.close()

    # ------------------------------------------------------------------------ private

    def _on_steered(self, _: Nothing) -> None:
        self.ask_status()

    def _on_event(self, event: Event) -> None:
        if event.progress is not None:
            self.progress = event.progress
            self.progressed.emit(event.progress)
        if event.change is None:
            return
        if event.change in (Change.UPDATED, Change.STOPPED, Change.REPAIRED):
            self._job_ended()
        if event.change is not Change.HEAD:
            self.updated.emit()
        if event.notice and event.change in (Change.STOPPED, Change.REPAIRED):
            self.noticed.emit(event.notice)
        self.ask_status()

    def _on_words(self, report: IndexReport) -> None:
        self._indexing = 0
        self.words_ready = True
        if report.vectors_complete:
            self._job_ended()
        self.ask_status()
        self.updated.emit()

    def _on_status(self, status: IndexStatus) -> None:
        self.status = status
        self.words_ready = self.words_ready or status.freshness.words_complete
        self.statusChanged.emit(status)
        if status.job is None:
            self._job_ended()

    def _on_status_failed(self, error: LorebaseError) -> None:
        """Say nothing: whatever is wrong is told by the call that the person waits for."""

    def _on_unwatched(self, _: Nothing) -> None:
        self._watch = 0

    def _on_watch_failed(self, error: LorebaseError) -> None:
        self._watch = 0

    def _on_failed(self, error: LorebaseError) -> None:
        self._indexing = 0
        self._job_ended()
        if not isinstance(error, CancelledError):
            self.noticed.emit(f"{error.message} {error.hint}".strip())

    def _on_restarted(self) -> None:
        self.noticed.emit(self.tr("The engine had stopped and was started again. Nothing was lost."))
        self._indexing = 0
        self.start()

    def _on_state(self, state: LinkState) -> None:
        if state is LinkState.AWAY:
            self._watch = 0

    def _job_ended(self) -> None:
        if self.progress is not None:
            self.progress = None
            self.progressed.emit(None)


class Repositories(QObject):
    """Opens repositories, and keeps the last few of them ready."""

    def __init__(self, settings: Settings, runtime_dir: str | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self._runtime_dir = runtime_dir
        self._open: dict[Path, OpenRepository] = {}
        """By index folder, the one used longest ago first."""

    def open(self, folder: Path) -> OpenRepository:
        """Return the repository around ``folder``; its engine is asked with `start`.

        Raises NotARepositoryError when there is none, EngineUnavailableError when the folder of
        the engine's address belongs to somebody else.
        """
        location = locate(folder, self.settings)
        found = self._open.pop(location.index_dir, None)
        if found is None:
            found = OpenRepository(location, self.settings, self._runtime_dir)
        self._open[location.index_dir] = found
        while len(self._open) > KEPT_OPEN:
            oldest = self._open.pop(next(iter(self._open)))
            oldest.close()
            oldest.deleteLater()
        return found

    def take_settings(self, settings: Settings) -> None:
        """Start engines with other settings from now on."""
        self.settings = settings
        for each in self._open.values():
            each.link.take_settings(settings)

    def close(self, repository: OpenRepository) -> None:
        """Close one repository."""
        self._open.pop(repository.location.index_dir, None)
        repository.close()
        repository.deleteLater()

    def close_all(self) -> None:
        """Close every repository; takes no longer than the sockets do."""
        for each in list(self._open.values()):
            each.close()
        self._open.clear()
