"""The label of an answer: a shape, a word and a border; colour comes last."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop import tokens
from desktop.theme import Theme
from desktop.widgets.painting import paint_verdict_sign, verdict_colour
from indexer.types import VerdictStatus


class Badge(QWidget):
    """Shows one verdict. ``small`` is the form for lists."""

    def __init__(self, theme: Theme, status: VerdictStatus, small: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._status = status
        self._small = small
        self.setFont(theme.font(tokens.META_STRONG if small else tokens.STRONG))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Verdict: %s") % self.word())

    def word(self) -> str:
        """Return the verdict as a person reads it."""
        return {
            VerdictStatus.GROUNDED: self.tr("Grounded"),
            VerdictStatus.PARTIAL: self.tr("Partial"),
            VerdictStatus.MISSING: self.tr("Not recorded"),
            VerdictStatus.UNKNOWN: self.tr("Not found in this repository"),
        }[self._status]

    def sizeHint(self) -> QSize:
        """Return the size that the word needs."""
        height = self._theme.px(tokens.BADGE_SMALL if self._small else tokens.BADGE)
        width = QFontMetricsF(self.font()).horizontalAdvance(self.word())
        return QSize(round(width + height * 0.62 + self._theme.px(28 if not self._small else 20)), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint border, fill, sign and word."""
        theme, status = self._theme, self._status
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        radius = theme.px(tokens.RADIUS_CONTROL)
        pen = QPen(verdict_colour(theme, status), 1)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if status is VerdictStatus.GROUNDED:
            painter.setBrush(theme.colour("grounded_fill"))
        elif status is VerdictStatus.PARTIAL:
            painter.setBrush(theme.colour("partial_fill"))
            pen.setDashPattern([3, 2])
        elif status is VerdictStatus.UNKNOWN:
            pen.setDashPattern([1, 2])
        painter.setPen(pen)
        painter.drawRoundedRect(frame, radius, radius)
        if status is VerdictStatus.MISSING:
            painter.drawRoundedRect(frame.adjusted(2, 2, -2, -2), radius - 1, radius - 1)
        side = self.height() * 0.62
        left = theme.px(7 if self._small else 9)
        paint_verdict_sign(painter, theme, status, QRectF(left, (self.height() - side) / 2, side, side))
        painter.setPen(verdict_colour(theme, status))
        painter.setFont(self.font())
        start = left + side + theme.px(5)
        painter.drawText(
            QRectF(start, 0, self.width() - start, self.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            self.word(),
        )
