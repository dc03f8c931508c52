"""Small bars of a pane: its tabs, and the field that finds text or goes to a line."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QIntValidator, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QLineEdit, QSizePolicy

from desktop import tokens
from desktop.theme import Theme
from desktop.widgets.words import tool, words


class PaneTab(QAbstractButton):
    """A word with a count; the chosen one has a line below it."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__()
        self._theme = theme
        self._count = ""
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_count(self, count: str) -> None:
        """Show a count behind the word."""
        self._count = count
        self.setAccessibleName(f"{self.text()} {count}".strip())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of word and count."""
        strong = QFontMetricsF(self._theme.font(tokens.STRONG)).horizontalAdvance(self.text())
        count = QFontMetricsF(self._theme.font(tokens.INTERFACE)).horizontalAdvance(self._count)
        gap = self._theme.px(tokens.S2) if self._count else 0
        return QSize(round(strong + gap + count) + self._theme.px(2), self._theme.px(tokens.VIEW_BAR))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint word, count, line and focus."""
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = theme.font(tokens.STRONG if self.isChecked() else tokens.INTERFACE)
        painter.setFont(font)
        painter.setPen(theme.colour("text" if self.isChecked() or self.underMouse() else "text_2"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect(), middle, self.text())
        left = QFontMetricsF(font).horizontalAdvance(self.text()) + theme.px(tokens.S2)
        painter.setFont(theme.font(tokens.INTERFACE))
        painter.setPen(theme.colour("text_2"))
        painter.drawText(QRectF(left, 0, self.width() - left, self.height()), middle, self._count)
        if self.isChecked():
            painter.fillRect(QRectF(0, self.height() - 2, self.width(), 2), theme.colour("accent"))
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 8, -1, -8), 3, 3)


class FindBar(QFrame):
    """Finds text in the pane, or goes to a line of it."""

    findWanted = Signal(str, int)
    """What is sought, and +1 for the next or -1 for the previous place."""
    lineWanted = Signal(int)
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", "pane")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(tokens.S4), theme.px(6), theme.px(tokens.S3), theme.px(6))
        row.setSpacing(theme.px(tokens.S1))
        self.field = _FindField()
        self.field.setFont(theme.font(tokens.INTERFACE))
        self.field.moved.connect(self._on_moved)
        self.field.left.connect(self.left)
        self.field.textChanged.connect(self._on_typed)
        self._said = words(theme, "", tokens.META, "2")
        self._up = tool(theme, "up", self.tr("Previous place"))
        self._down = tool(theme, "down", self.tr("Next place"))
        self._up.clicked.connect(self._on_up)
        self._down.clicked.connect(self._on_down)
        close = tool(theme, "close", self.tr("Close"))
        close.clicked.connect(self.left)
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

    def say(self, text: str) -> None:
        """Say which of how many places is shown."""
        self._said.setText(text)

    def _on_typed(self, text: str) -> None:
        if self._to_line:
            if text.isdigit():
                self.lineWanted.emit(int(text))
        else:
            self.findWanted.emit(text, 0)

    def _on_moved(self, step: int) -> None:
        if self._to_line:
            self.left.emit()
        else:
            self.findWanted.emit(self.field.text(), step)

    def _on_up(self) -> None:
        self.findWanted.emit(self.field.text(), -1)

    def _on_down(self) -> None:
        self.findWanted.emit(self.field.text(), 1)


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
