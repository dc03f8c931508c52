"""The field over a list that narrows it: its sign at the left, a button that empties it at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QToolButton

from desktop import tokens
from desktop.icons import pixmap
from desktop.theme import Theme


class FilterField(QLineEdit):
    """A line of text; ``hint`` stands in it while it is empty, ``name`` is what a screen reader says."""

    def __init__(self, theme: Theme, hint: str, name: str = "") -> None:
        super().__init__()
        self.setFont(theme.font(tokens.INTERFACE))
        self.setPlaceholderText(hint)
        self.setAccessibleName(name or hint)
        self.setClearButtonEnabled(True)
        for each in self.findChildren(QToolButton):
            if not each.accessibleName():
                each.setAccessibleName(self.tr("Clear"))
        # Qt's own icon of a field keeps its size at every scale.
        side = theme.px(16)
        self._sign = QLabel(self)
        self._sign.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._sign.setPixmap(pixmap("filter", theme.roles.text_2, side, self.devicePixelRatioF()))
        self._sign.resize(side, side)
        self._left = theme.px(10)
        self.setTextMargins(theme.px(22), 0, 0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the sign at the left."""
        super().resizeEvent(event)
        self._sign.move(self._left, (self.height() - self._sign.height()) // 2)
