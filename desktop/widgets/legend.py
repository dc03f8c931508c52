"""What the colours, hatches and lines of a picture mean: small samples with words, wrapping where it must."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop import tokens
from desktop.theme import Theme
from desktop.widgets.painting import tile_hatch
from desktop.widgets.words import words
from desktop.widgets.wrapping import wrapping
from indexer.drawing import heat

STEP = 26
"""Width of one step of heat, px at 100 %."""


class Legend(QFrame):
    """A bar with one sample and a word for each thing that a picture shows."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(name)
        outer = QVBoxLayout(self)
        side, above = theme.px(tokens.S4), theme.px(tokens.S2)
        outer.setContentsMargins(side, above, side, above)
        holder, self._row = wrapping(theme.px(tokens.S4), theme.px(tokens.S1))
        outer.addWidget(holder)

    def add(self, sample: QWidget | None, said: str, *, before: str = "", tone: str = "2") -> None:
        """Add a sample with the words behind it, and those before."""
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self._theme.px(6))
        if before:
            row.addWidget(words(self._theme, before, tokens.META, tone))
        if sample is not None:
            row.addWidget(sample, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(words(self._theme, said, tokens.META, tone))
        self._row.addWidget(part)

    def push(self) -> None:
        """Let what is added from now on stand at the right."""
        self._row.push()


class Sample(QWidget):
    """A small painted example; ``paint`` gets a painter and the box."""

    def __init__(self, theme: Theme, width: int, paint: Callable[[QPainter, Theme, QRectF], None]) -> None:
        super().__init__()
        self._theme = theme
        self._paint = paint
        self.setFixedSize(theme.px(width), theme.px(13))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the example."""
        self._paint(QPainter(self), self._theme, QRectF(self.rect()))


def map_legend(theme: Theme, tr: Callable[[str], str]) -> Legend:
    """Return the legend of the treemap."""
    made = Legend(theme, tr("What the map shows"))
    made.add(None, tr("Size: lines"))
    steps = Sample(theme, STEP * (len(heat.STEPS) + 1), _paint_steps)
    made.add(steps, tr("%d or more") % heat.STEPS[-1], before=tr("Changes 0"))
    made.add(Sample(theme, 24, _paint_hatch), tr("no recorded reason"))
    made.add(Sample(theme, 24, _paint_outline), tr("one author"))
    made.push()
    made.add(None, tr("A pointer to where to look, never a diagnosis"), tone="3")
    return made


def graph_legend(theme: Theme, tr: Callable[[str], str]) -> Legend:
    """Return the legend of the dependencies."""
    made = Legend(theme, tr("What the lines show"))
    made.add(Sample(theme, 26, _paint_imports), tr("imports; thicker: more of them"))
    made.add(Sample(theme, 26, _paint_circle), tr("closes a circle"))
    made.add(Sample(theme, 26, _paint_together), tr("changes together, no import"))
    made.push()
    made.add(None, tr("Users at the left, what they use at the right"), tone="3")
    return made


# ------------------------------------------------------------------------------------- private


def _paint_steps(painter: QPainter, theme: Theme, box: QRectF) -> None:
    colours = (theme.roles.sunken, *theme.roles.heat)
    width = box.width() / len(colours)
    for at, colour in enumerate(colours):
        painter.fillRect(QRectF(at * width, 0, width, box.height()), colour)
    painter.setPen(QPen(theme.colour("outline"), 1))
    painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))


def _paint_hatch(painter: QPainter, theme: Theme, box: QRectF) -> None:
    device = painter.device()
    painter.fillRect(box, tile_hatch(theme, device.devicePixelRatioF(), theme.colour("text")))
    painter.setPen(QPen(theme.colour("text_3"), 1))
    painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))


def _paint_outline(painter: QPainter, theme: Theme, box: QRectF) -> None:
    painter.setPen(QPen(theme.colour("text"), theme.px(1.5)))
    painter.drawRect(box.adjusted(1, 1, -1, -1))


def _paint_imports(painter: QPainter, theme: Theme, box: QRectF) -> None:
    _line(painter, box, QPen(theme.colour("text_3"), theme.px(3)))


def _paint_circle(painter: QPainter, theme: Theme, box: QRectF) -> None:
    _line(painter, box, QPen(theme.colour("partial"), theme.px(2)))


def _paint_together(painter: QPainter, theme: Theme, box: QRectF) -> None:
    pen = QPen(theme.colour("accent"), theme.px(1.5))
    pen.setDashPattern([4, 3])
    _line(painter, box, pen)


def _line(painter: QPainter, box: QRectF, pen: QPen) -> None:
    painter.setPen(pen)
    middle = box.center().y()
    painter.drawLine(QPointF(box.left(), middle), QPointF(box.right(), middle))
