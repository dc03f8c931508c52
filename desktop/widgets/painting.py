"""What several widgets paint alike: the hatch that means "nobody wrote it down", marks and shapes."""

from __future__ import annotations

from enum import Enum
from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPixmap

from desktop import tokens
from desktop.theme import Theme
from indexer.types import VerdictStatus


class Mark(Enum):
    """The sign of a section: its shape tells it apart before its colour does."""

    WHAT = "what"
    WHY = "why"
    HINT = "hint"
    MISSING = "missing"


def hatch(theme: Theme, ratio: float, every: int = tokens.HATCH_EVERY, alpha: float = 1.0) -> QBrush:
    """Return a brush of 45 degree lines, ``every`` px apart; Qt's own pattern ignores scale."""
    colour = theme.colour("hatch")
    colour.setAlphaF(alpha)
    return QBrush(_hatch_tile(colour.name(QColor.NameFormat.HexArgb), theme.px(every), ratio))


def tile_hatch(theme: Theme, ratio: float, ink: QColor) -> QBrush:
    """Return the wider hatch of the map, in the colour that a tile's name is written in."""
    colour = QColor(ink)
    colour.setAlphaF(0.42)
    return QBrush(_hatch_tile(colour.name(QColor.NameFormat.HexArgb), theme.px(tokens.HATCH_ON_MAP), ratio))


@cache
def _hatch_tile(colour: str, side: int, ratio: float) -> QPixmap:
    tile = QPixmap(round(side * ratio), round(side * ratio))
    tile.fill(Qt.GlobalColor.transparent)
    tile.setDevicePixelRatio(ratio)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), 1.0))
    for offset in (-side, 0, side):
        painter.drawLine(QPointF(offset, side), QPointF(offset + side, 0))
    painter.end()
    return tile


def paint_meter(painter: QPainter, theme: Theme, box: QRectF, share: float) -> None:
    """Paint the share (0 to 1) with a recorded reason, filled; the rest is hatched."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shape = QPainterPath()
    inner = box.adjusted(0.5, 0.5, -0.5, -0.5)
    shape.addRoundedRect(inner, tokens.RADIUS_METER, tokens.RADIUS_METER)
    ratio = painter.device().devicePixelRatioF()
    painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
    painter.fillRect(box, theme.colour("page"))
    painter.fillRect(box, hatch(theme, ratio, 4))
    filled = QRectF(box.left(), box.top(), box.width() * min(1.0, max(0.0, share)), box.height())
    painter.fillRect(filled, theme.colour("accent"))
    painter.restore()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("hatch"), 1))
    painter.drawPath(shape)
    painter.restore()


def paint_mark(painter: QPainter, theme: Theme, mark: Mark, box: QRectF) -> None:
    """Paint a neutral square (what), an accent disc (why), a ring (a hint of it) or a hatched square
    (missing).
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if mark is Mark.HINT:
        width = max(1.4, box.width() / 6)
        painter.setPen(QPen(theme.colour("accent"), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(box.adjusted(width / 2, width / 2, -width / 2, -width / 2))
        return
    if mark is Mark.WHY:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawEllipse(box)
        return
    radius = min(2.0, box.width() / 4)
    if mark is Mark.WHAT:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("text_3"))
        painter.drawRoundedRect(box, radius, radius)
        return
    inner = box.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(QPen(theme.colour("missing"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(inner, radius, radius)
    path = QPainterPath()
    path.addRoundedRect(inner, radius, radius)
    painter.save()
    painter.setClipPath(path)
    step = box.width() / 2.6
    for place in (0.5, 1.3, 2.1):
        painter.drawLine(
            QPointF(box.left() + step * place - box.height() / 2, box.bottom()),
            QPointF(box.left() + step * place + box.height() / 2, box.top()),
        )
    painter.restore()


def verdict_colour(theme: Theme, status: VerdictStatus) -> QColor:
    """Return the text colour of a verdict."""
    return theme.colour(status.value)


def paint_verdict_sign(painter: QPainter, theme: Theme, status: VerdictStatus, box: QRectF) -> None:
    """Paint the sign of a verdict: ticked disc, half disc, open ring, or dotted ring."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = verdict_colour(theme, status)
    line = max(1.4, box.width() / 10)
    ring = box.adjusted(line / 2 + 0.5, line / 2 + 0.5, -line / 2 - 0.5, -line / 2 - 0.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(colour, line, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    if status is VerdictStatus.GROUNDED:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(ring.adjusted(-line / 2, -line / 2, line / 2, line / 2))
        painter.setPen(QPen(theme.colour("page"), line, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        side = ring.width()
        start = QPointF(ring.left() + side * 0.26, ring.top() + side * 0.54)
        middle = QPointF(ring.left() + side * 0.44, ring.top() + side * 0.70)
        painter.drawLine(start, middle)
        painter.drawLine(middle, QPointF(ring.left() + side * 0.75, ring.top() + side * 0.34))
    elif status is VerdictStatus.PARTIAL:
        painter.setPen(pen)
        painter.drawEllipse(ring)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPie(ring, -90 * 16, 180 * 16)
    elif status is VerdictStatus.MISSING:
        painter.setPen(pen)
        painter.drawArc(ring, 75 * 16, 290 * 16)
    else:
        pen.setDashPattern([0.1, 2.2])
        painter.setPen(pen)
        painter.drawEllipse(ring)
    painter.restore()
