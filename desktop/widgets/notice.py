"""One line over the page that says what happened; it goes by itself, and moves nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from desktop import tokens
from desktop.icons import pixmap
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.words import tool, words

SECONDS_A_WORD = 0.35
LEAST_SECONDS = 6.0
"""A reader needs a third of a second for a word, and some time to see that there is a line."""

FOOTER = 48
"""Height of the highest bar under a page, px at 100 %."""


class NoticeLine(QFrame):
    """Stands over the lower edge of its parent."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._window = parent
        self.setProperty("kind", "popup")
        self.setAccessibleName(self.tr("Notice"))
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(12), theme.px(6), theme.px(6), theme.px(6))
        row.setSpacing(theme.px(10))
        sign = words(theme, "")
        sign.setPixmap(pixmap("warn", theme.roles.text_2, theme.px(16), self.devicePixelRatioF()))
        self._text = words(theme, "", tokens.INTERFACE, wrap=True)
        close = tool(theme, "close", self.tr("Close this notice"), 24)
        close.clicked.connect(self.hide)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._text, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignVCenter)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    @property
    def text(self) -> str:
        """What is said now, or was said last."""
        return self._text.text()

    def say(self, text: str) -> None:
        """Show ``text`` for as long as it takes to read it."""
        self._text.setText(plain(text))
        self.setAccessibleDescription(plain(text))
        self._timer.start(round(1000 * max(LEAST_SECONDS, SECONDS_A_WORD * len(text.split()))))
        self.show()
        self.place()

    def place(self) -> None:
        """Stand over the lower edge of the parent, and above the bar of buttons that many views end with."""
        parent, theme = self._window, self._theme
        width = min(theme.px(640), parent.width() - theme.px(32))
        needed = self._text.fontMetrics().horizontalAdvance(self.text) + theme.px(90)
        width = min(width, needed)
        height = max(theme.px(40), self._row.heightForWidth(width), self.sizeHint().height())
        bottom = parent.height() - theme.px(tokens.STATUS_BAR + FOOTER + 8)
        self.setGeometry((parent.width() - width) // 2, bottom - height, width, height)
        self.raise_()
