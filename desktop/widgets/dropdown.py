"""A field that opens a list of choices, with the sign that says so: a style sheet leaves Qt's out."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox

from desktop import tokens
from desktop.icons import pixmap
from desktop.theme import Theme


class DropDown(QComboBox):
    """Shows what is chosen; a click or an arrow key changes it."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setFont(theme.font(tokens.INTERFACE))
        self.setAccessibleName(name)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the field, and the sign at its right."""
        super().paintEvent(event)
        side = self._theme.px(16)
        sign = pixmap("down", self._theme.roles.text_2, side, self.devicePixelRatioF())
        QPainter(self).drawPixmap(
            self.width() - side - self._theme.px(tokens.S2), (self.height() - side) // 2, sign
        )
