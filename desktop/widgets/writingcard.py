"""A card where a person writes a text: Ctrl+Enter keeps it, Escape leaves it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from desktop import tokens
from desktop.theme import Theme
from desktop.widgets.words import button, words


class WritingCard(QFrame):
    """Makes the field, the line that says why it could not be kept, and the button that keeps.

    Where they stand, and what is kept, belongs to those who build on it. What was typed stays until it
    is kept.
    """

    left = Signal()

    def __init__(self, theme: Theme, name: str, text: str, hint: str, keep: str, sign: str = "") -> None:
        """``hint`` stands in the empty field; ``keep`` and ``sign`` are the button's words and icon."""
        super().__init__()
        self._theme = theme
        self.setProperty("kind", "card")
        self.setAccessibleName(name)
        self.text = QPlainTextEdit(text)
        self.text.setProperty("kind", "field")
        self.text.setFont(theme.font(tokens.INTERFACE))
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(name)
        self.text.setPlaceholderText(hint)
        self.problem = words(theme, "", tokens.INTERFACE, "missing", wrap=True)
        self.problem.hide()
        self.keep = button(theme, keep, sign, primary=True)
        self.keep.setToolTip(self.tr("Ctrl+Enter"))
        self.keep.clicked.connect(self.on_keep)

    def on_keep(self) -> None:
        """Keep what was written."""

    def begin(self) -> None:
        """Put the cursor where the text is to be written."""
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problem(self, message: str) -> None:
        """Say why it could not be kept; the text stays."""
        self.problem.setText(message)
        self.problem.setVisible(bool(message))
        self.keep.setEnabled(True)

    def event(self, event: QEvent) -> bool:
        """Take Ctrl+Enter before the view around us does, which has a use of its own for it."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _keeps(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep with Ctrl+Enter, leave with Escape."""
        if _keeps(event):
            self.on_keep()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _keeps(event: QKeyEvent) -> bool:
    """Return whether the keys are those that keep a text."""
    control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and bool(control)
