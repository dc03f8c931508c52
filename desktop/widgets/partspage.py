"""A page that is built a part a turn of the event loop, and shows each part once it has its place."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

SHOWN_EVERY = 0.05
"""Seconds from one look at what is there to the next: each costs a paint of the whole page."""


class PartsPage(QWidget):
    """A long page made in one go would hold up a key or a frame by a tenth of a second.

    Whoever needs all of it at once calls `finish`.
    """

    finished = Signal()
    """All parts are there."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[Callable[[], None]] = []
        self._settling = False
        self._shown = 0.0
        self._turns = QTimer(self)
        self._turns.setInterval(0)
        self._turns.timeout.connect(self._on_turn)

    def build(self, parts: Iterable[Callable[[], None]]) -> None:
        """Begin to add what these add, in their order."""
        self._parts = list(parts)
        self._turns.start()

    def finish(self) -> None:
        """Add at once what is not there yet."""
        while self._parts:
            self._parts.pop(0)()
        self._end()

    @property
    def whole(self) -> bool:
        """True when all parts are there and can be seen."""
        return not self._turns.isActive()

    def _on_turn(self) -> None:
        """Add a part in one turn and show it in a later one, when the page around us has grown for it: seen
        before that, what is there already would be squeezed for a frame, lists over each other.
        """
        due = time.monotonic() - self._shown >= SHOWN_EVERY
        if self._settling and (due or not self._parts):
            self._settling = False
            self._shown = time.monotonic()
            self.setUpdatesEnabled(True)
            if not self._parts:
                self._end()
        elif self._parts:
            self._settling = True
            self.setUpdatesEnabled(False)
            self._parts.pop(0)()

    def _end(self) -> None:
        if self._turns.isActive():
            self._turns.stop()
            self._settling = False
            self.setUpdatesEnabled(True)
            self.finished.emit()
