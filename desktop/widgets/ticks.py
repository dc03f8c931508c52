"""A box to tick: the sign that the style sheet cannot paint in a role's colour."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleOptionButton

from desktop import tokens
from desktop.icons import pixmap
from desktop.theme import Theme


class Tick(QCheckBox):
    """A check box in the colours of the design."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__(text)
        self._theme = theme
        self.setFont(theme.font(tokens.INTERFACE))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tick over the box."""
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        side = min(box.width(), self._theme.px(14))
        sign = pixmap("check", self._theme.roles.on_accent, side, self.devicePixelRatioF())
        left, top = box.center().x() - side // 2 + 1, box.center().y() - side // 2 + 1
        QPainter(self).drawPixmap(left, top, sign)
