"""The bar of the evidence pane: its two tabs, the steps from source to source, the way back to the answer."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from desktop import tokens
from desktop.theme import Theme
from desktop.widgets.words import button, tool, words

SIDE = 7
"""Room at the sides of a tab's words, for the ring of the focus, px at 100 %."""


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
        width = round(strong + gap + count) + 2 * self._theme.px(SIDE)
        return QSize(width, self._theme.px(tokens.VIEW_BAR))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint word, count, line and focus."""
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = theme.font(tokens.STRONG if self.isChecked() else tokens.INTERFACE)
        painter.setFont(font)
        painter.setPen(theme.colour("text" if self.isChecked() or self.underMouse() else "text_2"))
        middle, side = Qt.AlignmentFlag.AlignVCenter, theme.px(SIDE)
        painter.drawText(self.rect().adjusted(side, 0, 0, 0), middle, self.text())
        left = side + QFontMetricsF(font).horizontalAdvance(self.text()) + theme.px(tokens.S2)
        painter.setFont(theme.font(tokens.INTERFACE))
        painter.setPen(theme.colour("text_2"))
        painter.drawText(QRectF(left, 0, self.width() - left, self.height()), middle, self._count)
        if self.isChecked():
            under = QRectF(side, self.height() - 2, self.width() - 2 * side, 2)
            painter.fillRect(under, theme.colour("accent"))
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 8, -1, -8), 3, 3)


class EvidenceBar(QWidget):
    """Which of the two tabs is shown, where one stands among the sources, and how to go on."""

    tabChanged = Signal()
    stepped = Signal(int)
    """+1 to the next source, -1 to the one before."""
    backWanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(tokens.S4) - theme.px(SIDE), 0, theme.px(tokens.S3), 0)
        row.setSpacing(theme.px(tokens.S1))
        self._evidence = PaneTab(theme, self.tr("Evidence"))
        self.searched_tab = PaneTab(theme, self.tr("What was searched"))
        self._evidence.setChecked(True)
        self._up = tool(theme, "up", self.tr("Previous source (Shift+F8)"))
        self._down = tool(theme, "down", self.tr("Next source (F8)"))
        self._key = words(theme, "F8", tokens.META, "3")
        self.back = button(theme, self.tr("Answer"), "back", flat=True)
        self.back.hide()
        row.addWidget(self.back)
        row.addWidget(self._evidence)
        row.addWidget(self.searched_tab)
        row.addStretch(1)
        for each in (self._up, self._down, self._key):
            row.addWidget(each)
        self._evidence.clicked.connect(self.tabChanged)
        self.searched_tab.clicked.connect(self.tabChanged)
        self._up.clicked.connect(partial(self._on_step, -1))
        self._down.clicked.connect(partial(self._on_step, 1))
        self.back.clicked.connect(self.backWanted)

    @property
    def searched(self) -> bool:
        """True while what was searched is shown."""
        return self.searched_tab.isChecked()

    def choose(self, *, searched: bool) -> None:
        """Choose a tab, and tell."""
        (self.searched_tab if searched else self._evidence).setChecked(True)
        self.tabChanged.emit()

    def show_position(self, here: int, count: int) -> None:
        """Show which of how many sources is shown; 0 is none of them."""
        text = self.tr("%(here)d of %(count)d") % {"here": here, "count": count} if here else str(count or "")
        self._evidence.set_count(text)
        for each in (self._up, self._down, self._key):
            each.setVisible(count > 1)

    def _on_step(self, by: int) -> None:
        self.stepped.emit(by)
