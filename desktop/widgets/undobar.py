"""One line that says what was put away, and takes it back."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from desktop import tokens
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.words import button, tool, words


@dataclass(frozen=True, slots=True)
class PutAway:
    """What was put away, in words, and what whoever put it away needs to bring it back."""

    text: str
    what: object


class UndoBar(QFrame):
    """Stays until it is used, closed, or something else is put away."""

    undone = Signal(object)
    """What shall come back, as it was offered."""
    offered = Signal(bool)
    """True when there is something to take back, False when there is nothing any more."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.held: PutAway | None = None
        """What can be brought back."""
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

    def offer(self, away: PutAway) -> None:
        """Say what happened, and that it can be taken back."""
        self.held = away
        self._text.setText(plain(away.text))
        self.setAccessibleDescription(plain(away.text))
        self.show()
        self.offered.emit(True)

    def undo(self) -> None:
        """Take it back, if there is something."""
        away = self.held
        self.clear()
        if away is not None:
            self.undone.emit(away.what)

    def possible(self) -> bool:
        """Say whether there is something to take back."""
        return self.held is not None

    def text(self) -> str:
        """Return what is said."""
        return self._text.text() if self.held is not None else ""

    def clear(self) -> None:
        """Offer nothing any more."""
        self.held = None
        self.hide()
        self.offered.emit(False)
