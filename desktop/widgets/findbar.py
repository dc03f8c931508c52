"""The field that finds text in the source, or goes to a line of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit

from desktop import tokens
from desktop.theme import Theme
from desktop.widgets.code import CodeView
from desktop.widgets.words import tool, words


class FindBar(QFrame):
    """Finds text in ``code``, or goes to a line of it; gives the keyboard back when it is left."""

    def __init__(self, theme: Theme, code: CodeView) -> None:
        super().__init__()
        self._theme = theme
        self._code = code
        self._count = self._at = 0
        self.setProperty("kind", "pane")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(tokens.S4), theme.px(6), theme.px(tokens.S3), theme.px(6))
        row.setSpacing(theme.px(tokens.S1))
        self.field = _FindField()
        self.field.setFont(theme.font(tokens.INTERFACE))
        self.field.setAccessibleName(self.tr("Find in this source"))
        self.field.moved.connect(self._on_moved)
        self.field.left.connect(self.leave)
        self.field.textChanged.connect(self._on_typed)
        self._said = words(theme, "", tokens.META, "2")
        self._up = tool(theme, "up", self.tr("Previous place"))
        self._down = tool(theme, "down", self.tr("Next place"))
        self._up.clicked.connect(self._on_up)
        self._down.clicked.connect(self._on_down)
        close = tool(theme, "close", self.tr("Close"))
        close.clicked.connect(self.leave)
        row.addWidget(self.field, 1)
        row.addWidget(self._said)
        for each in (self._up, self._down, close):
            row.addWidget(each)
        self._to_line = False

    def begin(self, *, to_line: bool, text: str = "") -> None:
        """Open for finding ``text``, or for the number of a line."""
        self._to_line = to_line
        self.field.clear()
        self.field.setValidator(QIntValidator(1, 99_999_999, self.field) if to_line else None)  # type: ignore[arg-type]
        name = self.tr("Go to line") if to_line else self.tr("Find in this source")
        self.field.setPlaceholderText(name)
        self.field.setAccessibleName(name)
        self._up.setVisible(not to_line)
        self._down.setVisible(not to_line)
        self._said.clear()
        self.field.setText(text)
        self.field.selectAll()
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def leave(self) -> bool:
        """Close, and forget what was found; returns whether it was open."""
        if not self.isVisible():
            return False
        self._code.find_text("")
        self.hide()
        self._code.setFocus()
        return True

    # ------------------------------------------------------------------------ private

    def _on_typed(self, text: str) -> None:
        if self._to_line:
            if text.isdigit():
                self._code.go_to(int(text))
            return
        self._count, self._at = self._code.find_text(text), 0
        if self._count:
            self._at = self._code.found_from_here()
        self._show(text)

    def _on_moved(self, step: int) -> None:
        if self._to_line:
            self.leave()
        elif self._count:
            self._at = (self._at + step) % self._count
            self._show(self.field.text())

    def _show(self, text: str) -> None:
        """Bring the place into view, and say which of how many it is."""
        if self._count:
            self._code.show_found(self._at)
        here = {"here": self._at + 1, "count": self._count}
        nothing = self.tr("Not here") if text else ""
        self._said.setText(self.tr("%(here)d of %(count)d") % here if self._count else nothing)

    def _on_up(self) -> None:
        self._on_moved(-1)

    def _on_down(self) -> None:
        self._on_moved(1)


class _FindField(QLineEdit):
    moved = Signal(int)
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, shift = event.key(), event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.moved.emit(-1 if shift else 1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
