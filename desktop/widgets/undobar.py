"""One line that says what was put away, and takes it back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from desktop import tokens
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.words import button, tool, words


class UndoBar(QFrame):
    """Stays until it is used, closed, or something else is put away."""

    offered = Signal(bool)
    """True when there is something to take back, False when there is nothing any more."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._undo: Callable[[], None] | None = None
        self.setProperty("kind", "banner")
        self.setAccessibleName(self.tr("Put away"))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(tokens.S3), theme.px(6), theme.px(6), theme.px(6))
        row.setSpacing(theme.px(tokens.S2))
        self._text = words(theme, "", tokens.INTERFACE, wrap=True)
        self.button = button(theme, self.tr("Undo"), "undo")
        self.button.clicked.connect(self.undo)
        close = tool(theme, "close", self.tr("Close"), 24)
        close.clicked.connect(self.clear)
        row.addWidget(self._text, 1)
        row.addWidget(self.button)
        row.addWidget(close)
        self.hide()

    def offer(self, text: str, undo: Callable[[], None]) -> None:
        """Say what happened; ``undo`` takes it back."""
        self._undo = undo
        self._text.setText(plain(text))
        self.setAccessibleDescription(plain(text))
        self.show()
        self.offered.emit(True)

    def undo(self) -> None:
        """Take it back, if there is something."""
        undo = self._undo
        self.clear()
        if undo is not None:
            undo()

    def possible(self) -> bool:
        """Say whether there is something to take back."""
        return self._undo is not None

    def text(self) -> str:
        """Return what is said."""
        return self._text.text() if self._undo is not None else ""

    def clear(self) -> None:
        """Offer nothing any more."""
        self._undo = None
        self.hide()
        self.offered.emit(False)
