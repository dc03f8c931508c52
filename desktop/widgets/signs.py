"""Small painted signs: section marks, the meter of reasons, the hatched band of a gap card."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop import tokens
from desktop.theme import Theme
from desktop.widgets.painting import Mark, hatch, paint_mark


class MarkSign(QWidget):
    """A section's mark, ``side`` px wide."""

    def __init__(self, theme: Theme, mark: Mark, side: int = 9) -> None:
        super().__init__()
        self._theme = theme
        self._mark = mark
        self.setFixedSize(theme.px(side), theme.px(side))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the mark over the whole widget."""
        paint_mark(QPainter(self), self._theme, self._mark, QRectF(self.rect()))


class HatchBand(QWidget):
    """The hatched edge of a card about something that nobody wrote down."""

    def __init__(self, theme: Theme, width: int = 12) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedWidth(theme.px(width))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the hatch, with the card's line at its right."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), hatch(self._theme, self.devicePixelRatioF()))
        painter.setPen(QPen(self._theme.colour("outline"), 1))
        painter.drawLine(self.width() - 1, 0, self.width() - 1, self.height())


class ReasonMeter(QWidget):
    """The share with a recorded reason, filled; the rest is hatched. ``share`` is 0 to 1."""

    def __init__(self, theme: Theme, share: float, height: int = 12) -> None:
        super().__init__()
        self._theme = theme
        self._share = min(1.0, max(0.0, share))
        self.setFixedHeight(theme.px(height))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("%d percent with a recorded reason") % round(self._share * 100))

    def sizeHint(self) -> QSize:
        """Return a size that fits a table's cell."""
        return QSize(self._theme.px(72), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint fill, hatch and outline."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        shape = QPainterPath()
        shape.addRoundedRect(box, tokens.RADIUS_METER, tokens.RADIUS_METER)
        painter.setClipPath(shape)
        painter.fillRect(self.rect(), self._theme.colour("page"))
        painter.fillRect(self.rect(), hatch(self._theme, self.devicePixelRatioF()))
        filled = QRectF(0, 0, self.width() * self._share, self.height())
        painter.fillRect(filled, self._theme.colour("accent"))
        painter.setClipping(False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.colour("hatch"), 1))
        painter.drawPath(shape)
