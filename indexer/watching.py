"""Tells every open window of jobs and changes, and remembers the jobs that ended."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from indexer.errors import CancelledError, LorebaseError
from indexer.pages import FinishedJob
from indexer.protocol import Change, Event
from indexer.types import IndexReport, Phase, Progress

JOBS_KEPT = 20


class Watchers:
    """Whoever watches this engine. Callable from several threads; a listener must not block."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[int, Callable[[Event], None]] = {}
        self._last = 0
        self._jobs: deque[FinishedJob] = deque(maxlen=JOBS_KEPT)

    def join(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Begin to tell ``listener``, and return what ends that."""
        with self._lock:
            self._last += 1
            number = self._last
            self._listeners[number] = listener

        def leave() -> None:
            with self._lock:
                self._listeners.pop(number, None)

        return leave

    def progress(self, where: Progress) -> None:
        """Tell where the running job stands."""
        self._tell(Event(progress=where))

    def changed(self, change: Change, notice: str = "") -> None:
        """Tell that something changed."""
        self._tell(Event(notice=notice, change=change))

    def job_ended(self, report: IndexReport | None, error: Exception | None) -> None:
        """Remember a job that ended, and tell of it."""
        text, good = _told(report, error)
        with self._lock:
            self._jobs.appendleft(FinishedJob(int(time.time()), text, good))
        self.changed(Change.UPDATED if good else Change.STOPPED, "" if good else text)

    def remember(self, text: str, good: bool) -> None:
        """Remember other work that ended, such as a repair."""
        with self._lock:
            self._jobs.appendleft(FinishedJob(int(time.time()), text, good))

    def finished(self) -> tuple[FinishedJob, ...]:
        """Return the jobs that ended, the last one first."""
        with self._lock:
            return tuple(self._jobs)

    def _tell(self, event: Event) -> None:
        with self._lock:
            listeners = tuple(self._listeners.values())
        for listener in listeners:
            listener(event)


def _told(report: IndexReport | None, error: Exception | None) -> tuple[str, bool]:
    if error is not None:
        said = error.message if isinstance(error, LorebaseError) else f"{type(error).__name__} in the engine."
        prefix = "" if isinstance(error, CancelledError) else "Indexing failed: "
        return f"{prefix}{said}", False
    if report is None:
        return "Indexed.", True
    seconds = report.seconds.get("total", sum(report.seconds.get(phase.value, 0.0) for phase in Phase))
    commit = "" if report.commit is None else f" at {report.commit[:7]}"
    made = f", {report.embedded:,} vectors made" if report.embedded else ""
    skipped = f", {len(report.skipped):,} skipped" if report.skipped else ""
    return f"Indexed {report.files:,} files{commit} in {seconds:,.1f} s{made}{skipped}.", True
