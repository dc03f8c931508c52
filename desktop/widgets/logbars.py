"""How many lines of a log came when, painted as one item: all of them, the errors before them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop import tokens
from desktop.log_text import bar_words, span_words
from desktop.theme import Theme
from desktop.widgets.words import tip
from indexer.shapes.logs import LogExplained

HEIGHT = 72
LEAST_BAR = 2.0
"""px of a bar that is not empty: one line among a million is still seen."""


def paint_bars(
    painter: QPainter,
    box: QRectF,
    counts: Sequence[int],
    most: int,
    colour: QColor,
    spikes: Sequence[int] = (),
) -> None:
    """Paint bars that fill a box; those that stand out get a mark above them."""
    if not counts or most <= 0:
        return
    step = box.width() / len(counts)
    gap = 1.0 if step >= 3 else 0.0
    head = 4.0 if spikes else 0.0
    for place, count in enumerate(counts):
        if count:
            height = max(LEAST_BAR, (box.height() - head) * count / most)
            bar = QRectF(box.left() + place * step, box.bottom() - height, max(1.0, step - gap), height)
            painter.fillRect(bar, colour)
            if place in spikes:
                middle = bar.center().x()
                painter.fillRect(QRectF(middle - 1.5, bar.top() - 4, 3, 2.5), colour)


class LogBars(QWidget):
    """The bars of a whole log."""

    def __init__(self, theme: Theme, found: LogExplained) -> None:
        super().__init__()
        self._theme = theme
        self._found = found
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.px(HEIGHT + tokens.META.line))
        severe = sum(found.errors)
        self.setAccessibleName(
            self.tr("Lines over time: %s, %d bars, %d errors") % (span_words(found), len(found.times), severe)
        )

    def sizeHint(self) -> QSize:
        """Return the usual size."""
        return QSize(self._theme.px(480), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bars and what they span."""
        theme, painter, found = self._theme, QPainter(self), self._found
        box = QRectF(0, 2, self.width(), theme.px(HEIGHT) - 4)
        most = max(found.times, default=0)
        paint_bars(painter, box, found.times, most, theme.colour("outline"))
        paint_bars(painter, box, found.errors, most, theme.colour("missing"))
        painter.fillRect(QRectF(0, box.bottom(), self.width(), 1), theme.colour("border"))
        painter.setFont(theme.font(tokens.META))
        painter.setPen(theme.colour("text_2"))
        foot = QRectF(0, box.bottom() + 2, self.width(), theme.px(tokens.META.line))
        painter.drawText(
            foot, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), span_words(found)
        )
        key = self.tr("%s at most") % f"{most:,}"
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), key)

    def event(self, event: QEvent) -> bool:
        """Say what the bar under the pointer stands for."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._found.times:
            step = self.width() / len(self._found.times)
            place = min(max(int(event.pos().x() / step), 0), len(self._found.times) - 1)
            errors = self._found.errors[place] if place < len(self._found.errors) else 0
            said = bar_words(self._found, place, self._found.times[place], errors)
            QToolTip.showText(event.globalPos(), tip(said), self)
            return True
        return super().event(event)
