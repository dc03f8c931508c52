"""A walk along calls, drawn: a step a row, an arrow from each caller, a dashed one where it is a guess."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QSizePolicy,
    QStyle,
    QStyleOptionViewItem,
)

from desktop import tokens
from desktop.flow import FlowRow
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.rowmodel import Index, RowDelegate, RowModel
from desktop.widgets.sources import Chip, chip_width, paint_chip
from desktop.widgets.statements import pieces
from desktop.widgets.words import tip
from indexer.types import Step

TALL, LOW = 46, 28
"""Height of a row with and without its own words, px at 100 %."""

INDENT = 22
DOT = 9
LEFT = 16
"""From a step's dot to its name."""


class FlowView(QListView):
    """Steps that a person can walk with the arrows; every number opens its lines."""

    chipClicked = Signal(int)
    chipHovered = Signal(int)
    """The number under the pointer, or 0."""
    stepped = Signal(int)
    """The keyboard came to a step: the number of its definition."""

    def __init__(self, theme: Theme, rows: Sequence[FlowRow]) -> None:
        super().__init__()
        self._theme = theme
        self._quiet = False
        self.rows = tuple(rows)
        self.selected = 0
        self.hovered = 0
        self.stale: frozenset[int] = frozenset()
        self.setModel(RowModel[FlowRow](self, self._spoken, self.rows))
        self.setItemDelegate(_StepDelegate(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(sum(theme.px(row_height(row)) for row in self.rows))
        self.setAccessibleName(self.tr("Steps, in the order in which they run"))
        self.selectionModel().currentChanged.connect(self._on_current)

    def select(self, number: int) -> None:
        """Show chip ``number`` as the selected one (0: none)."""
        self.selected = number
        place = next((at for at, row in enumerate(self.rows) if number in row.numbers), -1)
        here = self.currentIndex().row()
        if place >= 0 and not (0 <= here < len(self.rows) and number in self.rows[here].numbers):
            self._quiet = True
            self.setCurrentIndex(self.model().index(place, 0))
            self._quiet = False
        elif place < 0:
            self.clearSelection()
        self.viewport().update()

    def mark_stale(self, numbers: frozenset[int]) -> None:
        """Show these chips dashed: the code has moved since."""
        self.stale = numbers
        self.viewport().update()

    def chip_rect(self, number: int) -> QRect:
        """Return where chip ``number`` stands, on the screen; the whole widget when it is not here."""
        for place, row in enumerate(self.rows):
            box = self.visualRect(self.model().index(place, 0))
            for each, chip in chip_boxes(self._theme, row, box):
                if each == number:
                    found = chip.toAlignedRect()
                    return QRect(self.viewport().mapToGlobal(found.topLeft()), found.size())
        return QRect(self.mapToGlobal(self.rect().topLeft()), self.size())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the number that was clicked, or the step's definition beside it."""
        self._quiet = True
        super().mousePressEvent(event)
        self._quiet = False
        where = event.position().toPoint()
        index = self.indexAt(where)
        if event.button() is Qt.MouseButton.LeftButton and index.isValid():
            self.chipClicked.emit(self._number_at(where) or self.rows[index.row()].leads_to)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which number is under the pointer."""
        super().mouseMoveEvent(event)
        where = event.position().toPoint()
        self._hover(self._number_at(where))
        index = self.indexAt(where)
        says = self.rows[index.row()].step.says if index.isValid() else ""
        self.setToolTip(tip(says) if says and not self.hovered else "")
        pointing = Qt.CursorShape.PointingHandCursor if index.isValid() else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(pointing)

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the chip under the pointer."""
        super().leaveEvent(event)
        self._hover(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open a step with Enter; the arrows walk."""
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self.chipClicked.emit(self.rows[index.row()].leads_to)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the rows out again: they are as wide as the text."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave scrolling to the page."""
        event.ignore()

    # ------------------------------------------------------------------------ private

    def _number_at(self, where: QPoint) -> int:
        index = self.indexAt(where)
        if not index.isValid():
            return 0
        boxes = chip_boxes(self._theme, self.rows[index.row()], self.visualRect(index))
        return next((number for number, box in boxes if box.contains(QPointF(where))), 0)

    def _hover(self, number: int) -> None:
        if number != self.hovered:
            self.hovered = number
            self.viewport().update()
            self.chipHovered.emit(number)

    def _spoken(self, at: int, row: FlowRow) -> str:
        step = row.step
        parts = [self.tr("Step %d") % (at + 1), step.name, f"{step.path} {step.line}"]
        if step.caller:
            called = self.tr("called by %(caller)s at line %(line)d")
            parts.append(called % {"caller": step.caller, "line": step.called_at})
        if step.when:
            parts.append(self.tr("if %s") % step.when)
        if not step.sure:
            parts.append(self.tr("most likely"))
        return ", ".join([*parts, step.says] if step.says else parts)

    def _on_current(self, index: QModelIndex) -> None:
        if index.isValid() and not self._quiet:
            self.stepped.emit(self.rows[index.row()].leads_to)


class _StepDelegate(RowDelegate):
    def __init__(self, theme: Theme, view: FlowView) -> None:
        super().__init__(theme, view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row = index.data(Qt.ItemDataRole.UserRole)
        return QSize(100, self._theme.px(row_height(row)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._theme
        row = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(row, FlowRow):
            return
        box = QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self._view.selected in row.numbers
        text = box.adjusted(theme.px(row.depth * INDENT + DOT + LEFT - 10), 0, 0, 0)
        ground = QRectF(text).adjusted(0, 1, 0, -1)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("cite" if chosen else "hover"))
            painter.drawRoundedRect(ground, tokens.RADIUS_CONTROL, tokens.RADIUS_CONTROL)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(ground.adjusted(1, 1, -1, -1), 3, 3)
        self._paint_lines(painter, row, box, index.row(), chosen)
        self._paint_words(painter, row, text.adjusted(theme.px(10), 0, -theme.px(tokens.S2), 0), box)
        painter.restore()

    def _paint_lines(self, painter: QPainter, row: FlowRow, box: QRect, place: int, chosen: bool) -> None:
        """Paint the lines of the levels above, the arrow that leads here, and the dot."""
        theme = self._theme
        middle = box.top() + self._first_line() / 2 + theme.px(3)
        plain_line = QPen(theme.colour("border"), 1.5)
        for level in range(1, row.depth + 1):
            x = self._x(box, level - 1)
            own = level == row.depth
            painter.setPen(plain_line)
            if not own and row.goes_on[level - 1]:
                painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom() + 1))
            elif own:
                self._paint_arrow(painter, row, box, x, middle)
        here = self._x(box, row.depth)
        below = self._view.rows[place + 1] if place + 1 < len(self._view.rows) else None
        if below is not None and below.depth > row.depth:
            painter.setPen(plain_line)
            painter.drawLine(QPointF(here, middle), QPointF(here, box.bottom() + 1))
        side = theme.px(DOT)
        painter.setPen(QPen(theme.colour("accent" if chosen else "border"), 1.5))
        painter.setBrush(theme.colour("accent" if chosen else "page"))
        painter.drawEllipse(QRectF(here - side / 2, middle - side / 2, side, side))

    def _paint_arrow(self, painter: QPainter, row: FlowRow, box: QRect, x: float, middle: float) -> None:
        theme = self._theme
        pen = QPen(theme.colour("border"), 1.5)
        ends = box.bottom() + 1 if row.goes_on[-1] else middle
        painter.setPen(pen)
        painter.drawLine(QPointF(x, box.top()), QPointF(x, ends))
        tip_x = self._x(box, row.depth) - theme.px(DOT) / 2 - 1
        if not row.step.sure:
            pen.setDashPattern([2, 2])
            painter.setPen(pen)
        painter.drawLine(QPointF(x, middle), QPointF(tip_x - 2, middle))
        head = theme.px(4)
        shape = QPainterPath(QPointF(tip_x, middle))
        shape.lineTo(tip_x - head, middle - head * 0.75)
        shape.lineTo(tip_x - head, middle + head * 0.75)
        shape.closeSubpath()
        painter.fillPath(shape, theme.colour("border"))

    def _paint_words(self, painter: QPainter, row: FlowRow, room: QRect, box: QRect) -> None:
        theme, step = self._theme, row.step
        chips = chip_boxes(theme, row, box)
        for number, place in chips:
            view = self._view
            chip = Chip(number, number == view.selected, number in view.stale, number == view.hovered)
            paint_chip(painter, theme, place, chip)
        end = round(min((chip.left() for _, chip in chips), default=room.right())) - theme.px(tokens.S2)
        top = box.top() + theme.px(3)
        bold = theme.font(tokens.CODE_IN_BODY)
        bold.setWeight(bold.Weight.DemiBold)
        metrics = QFontMetricsF(bold)
        name = metrics.elidedText(plain(step.name), Qt.TextElideMode.ElideMiddle, max(0, end - room.left()))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(bold)
        painter.setPen(theme.colour("text"))
        painter.drawText(QRect(room.left(), top, end - room.left(), self._first_line()), middle, name)
        left = room.left() + round(metrics.horizontalAdvance(name)) + theme.px(tokens.S2)
        self._paint_place(painter, row, QRect(left, top, end - left, self._first_line()))
        below = QRect(room.left(), top + self._first_line(), room.width(), theme.px(18))
        self._paint_says(painter, told_below(step, self._view.tr("if %s")), below)

    def _paint_says(self, painter: QPainter, says: str, room: QRect) -> None:
        """Paint what stands below a name: its marks for code as code, cut where there is no room."""
        theme = self._theme
        painter.setPen(theme.colour("text_2"))
        left = float(room.left())
        for text, is_code in pieces(plain(" ".join(says.split()))):
            font = theme.font(tokens.CODE if is_code else tokens.INTERFACE)
            metrics = QFontMetricsF(font)
            rest = room.right() - left
            fits = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rest)
            painter.setFont(font)
            painter.drawText(
                QRectF(left, room.top(), rest + 1, room.height()), int(Qt.AlignmentFlag.AlignVCenter), fits
            )
            left += metrics.horizontalAdvance(fits)
            if fits != text:
                return

    def _paint_place(self, painter: QPainter, row: FlowRow, room: QRect) -> None:
        """Paint ``path:line``; where it has no room the folders give way first."""
        theme = self._theme
        if room.width() < theme.px(40):
            return
        painter.setFont(theme.font(tokens.META))
        painter.setPen(theme.colour("text_3"))
        metrics = QFontMetricsF(painter.font())
        guess = "" if row.step.sure else self._view.tr(", most likely")
        place = f"{plain(row.step.path)}:{row.step.line}{guess}"
        fits = metrics.elidedText(place, Qt.TextElideMode.ElideLeft, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, fits)

    def _x(self, box: QRect, level: int) -> float:
        """Return the middle of a level's line."""
        return box.left() + self._theme.px(level * INDENT) + self._theme.px(DOT) / 2 + 0.5

    def _first_line(self) -> int:
        return self._theme.px(20)


def row_height(row: FlowRow) -> int:
    """Return the height of a row, px at 100 %."""
    return TALL if row.step.says or row.step.when else LOW


def told_below(step: Step, under: str) -> str:
    """Return what stands below the name of a step: the condition of its call, put into ``under``, and what it
    says of itself.
    """
    says = f"“{step.says}”" if step.says else ""
    return ": ".join(each for each in ((under % f"`{step.when}`") if step.when else "", says) if each)


def chip_boxes(theme: Theme, row: FlowRow, box: QRect) -> list[tuple[int, QRectF]]:
    """Return the numbers of a row with their boxes, at the right end of its first line."""
    height = theme.px(tokens.CHIP)
    right = float(box.right() - theme.px(tokens.S2))
    top = box.top() + theme.px(3) + (theme.px(20) - height) / 2
    found: list[tuple[int, QRectF]] = []
    for number in reversed(row.numbers):
        width = chip_width(theme, number)
        found.append((number, QRectF(right - width, top, width, height)))
        right -= width + theme.px(3)
    return list(reversed(found))
