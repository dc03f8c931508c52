"""Has the engine read a log, tells how far it is, and takes it back when the page is left."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop.asking import Asking
from desktop.engine import Link
from desktop.places import LogPlace
from indexer.errors import LorebaseError
from indexer.protocol import Event
from indexer.shapes.logs import EXPLAIN_LOG, LogExplained, LogWanted


class LogReading(QObject):
    """Holds the log that is shown, or is on its way."""

    began = Signal(object)
    told = Signal(int, int)
    """Megabytes read, and of how many."""
    came = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._asking = Asking(self)
        self._call = 0
        self.place: LogPlace | None = None
        self.shown: LogExplained | None = None

    def set_link(self, link: Link | None) -> None:
        """Ask this engine from now on."""
        self.leave()
        self._asking.set_link(link)

    def show(self, place: LogPlace) -> None:
        """Read a log; the one that is here is shown again without."""
        if place == self.place and self.shown is not None:
            self.came.emit(self.shown)
            return
        self.leave()
        self.place = place
        self.began.emit(place)
        wanted = LogWanted(place.path, place.text, place.name)
        self._call = self._asking.ask(
            EXPLAIN_LOG,
            wanted,
            partial(self._on_came, place),
            partial(self._on_failed, place),
            self._on_event,
        )

    def leave(self) -> None:
        """Take back what is on its way, and forget what is shown."""
        self._asking.cancel(self._call)
        self._call, self.place, self.shown = 0, None, None

    def recall(self, place: LogPlace, shown: LogExplained | None) -> None:
        """Take over what another reading has."""
        self.place, self.shown = place, shown
        if shown is not None:
            self.came.emit(shown)
        else:
            self.place = None
            self.show(place)

    # ------------------------------------------------------------------------ private

    def _on_came(self, place: LogPlace, found: LogExplained) -> None:
        if place == self.place:
            self._call, self.shown = 0, found
            self.came.emit(found)

    def _on_failed(self, place: LogPlace, error: LorebaseError) -> None:
        if place == self.place:
            self._call, self.place = 0, None
            self.failed.emit(error)

    def _on_event(self, event: Event) -> None:
        if event.progress is not None and self._call:
            self.told.emit(event.progress.done, event.progress.total)
