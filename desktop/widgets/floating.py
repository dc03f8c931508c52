"""A frame over the window that goes away when the person clicks beside it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QHideEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from desktop.theme import Theme


class Floating(QFrame):
    """A child of the window, so that it needs no grab; it listens for clicks only while it is seen."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._window = parent
        self.setProperty("kind", "popup")
        self.hide()

    def leave(self) -> None:
        """Go away."""
        self.hide()

    def spared(self) -> tuple[QWidget, ...]:
        """Return the widgets beside it that may be clicked while it stays."""
        return ()

    def showEvent(self, event: QShowEvent) -> None:
        """Listen from now on."""
        super().showEvent(event)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop listening."""
        super().hideEvent(event)
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go away when something else is pressed; the press still does what it means."""
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            assert isinstance(event, QMouseEvent)
            inside = (self, *self.spared())
            if not any(each is watched or each.isAncestorOf(watched) for each in inside):
                self.leave()
        return False
