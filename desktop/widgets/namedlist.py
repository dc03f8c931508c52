"""Names with what is said of each, and the numbers of what proves it: a list as high as its rows."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import (
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QSizePolicy,
    QStyleOptionViewItem,
    QToolTip,
)

from desktop import tokens
from desktop.module_page import Line
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.rowmodel import Index, RowDelegate, RowModel
from desktop.widgets.sources import Chip, chip_width, paint_chip, paint_ground
from desktop.widgets.words import tip

NAME_SHARE, NAME_LEAST, NAME_WIDEST = 0.36, 110, 220
"""Share of the width that the names take at most; least and most width of their column, px at 100 %."""

CHIPS = 3
"""Numbers that are shown in a row; the others are in the evidence."""


class NamedList(QListView):
    """One row a line. A number, or Enter, shows what proves it; a module's row leads there."""

    chipClicked = Signal(int)
    chipHovered = Signal(int)
    moduleWanted = Signal(str)
    asked = Signal(str)

    def __init__(self, theme: Theme, name: str, lines: Sequence[Line], *, mono: bool = True) -> None:
        super().__init__()
        self._theme = theme
        self.mono = mono
        self.selected = 0
        self._hovered = 0
        metrics = QFontMetricsF(theme.font(tokens.CODE if mono else tokens.INTERFACE))
        widest = max((metrics.horizontalAdvance(plain(line.name)) for line in lines), default=0.0)
        self._name_room = min(theme.px(NAME_WIDEST), max(theme.px(NAME_LEAST), ceil(widest)))
        self._rows = RowModel[Line](self, self._spoken, lines)
        self.setModel(self._rows)
        self.setItemDelegate(_Delegate(theme, self))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(len(lines) * theme.px(tokens.ROW))
        self.setStyleSheet("background: transparent;")

    def select(self, number: int) -> None:
        """Show a number as the selected one wherever it stands."""
        if number != self.selected:
            self.selected = number
            self.viewport().update()

    def chip_rect(self, number: int) -> QRect:
        """Return where a number stands, on the screen; the whole list when it is not here."""
        for place, line in enumerate(self._rows.rows):
            if number in line.numbers:
                row = self.visualRect(self._rows.index(place))
                for found, box in chips_of(self._theme, line, row):
                    if found == number:
                        return QRect(
                            self.viewport().mapToGlobal(box.topLeft().toPoint()), box.size().toSize()
                        )
        return QRect(self.mapToGlobal(self.rect().topLeft()), self.size())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave scrolling to the page."""
        event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which number is under the pointer."""
        super().mouseMoveEvent(event)
        _, number = self._at(event)
        line = self._line_at(event)
        hand = bool(number) or (line is not None and self._leads(line))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)
        if number != self._hovered:
            self._hovered = number
            self.chipHovered.emit(number)
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open what was clicked: the number under the pointer, or what the row leads to."""
        super().mouseReleaseEvent(event)
        line, number = self._at(event)
        if event.button() != Qt.MouseButton.LeftButton or line is None:
            return
        if number:
            self.chipClicked.emit(number)
        else:
            self._open(line)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens a row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            line = self._rows.rows[self.currentIndex().row()]
            if self._leads(line):
                self._open(line)
            elif line.numbers:
                self.chipClicked.emit(line.numbers[0])
        else:
            super().keyPressEvent(event)

    def name_room(self, width: int) -> int:
        """Return how wide the column of names is in a row of this width."""
        return min(self._name_room, int(width * NAME_SHARE))

    @property
    def hovered(self) -> int:
        """The number under the pointer, or 0."""
        return self._hovered

    # ------------------------------------------------------------------------ private

    def _spoken(self, _: int, line: Line) -> str:
        sources = ", ".join(str(number) for number in line.numbers)
        said = line.whole if line.name in line.whole else f"{line.name}, {line.whole}"
        return f"{said} {self.tr('Sources: %s') % sources if sources else ''}".strip()

    def _leads(self, line: Line) -> bool:
        return line.leads_to is not None or bool(line.question)

    def _open(self, line: Line) -> None:
        if line.leads_to is not None:
            self.moduleWanted.emit(line.leads_to)
        elif line.question:
            self.asked.emit(line.question)
        elif line.numbers:
            self.chipClicked.emit(line.numbers[0])

    def _line_at(self, event: QMouseEvent) -> Line | None:
        index = self.indexAt(event.position().toPoint())
        return self._rows.rows[index.row()] if index.isValid() else None

    def _at(self, event: QMouseEvent) -> tuple[Line | None, int]:
        """Return the row under the pointer and the number there."""
        point = event.position().toPoint()
        index = self.indexAt(point)
        if not index.isValid():
            return None, 0
        line = self._rows.rows[index.row()]
        boxes = chips_of(self._theme, line, self.visualRect(index))
        return line, next((number for number, box in boxes if box.contains(event.position())), 0)


class _Delegate(RowDelegate):
    """Paints name, words and numbers."""

    def __init__(self, theme: Theme, owner: NamedList) -> None:
        super().__init__(theme, owner)
        self._owner = owner

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, owner = self._theme, self._owner
        line = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(line, Line):
            return
        painter.save()
        paint_ground(painter, theme, option)
        box = QRect(option.rect)
        boxes = chips_of(theme, line, box)
        end = round(boxes[0][1].left()) - theme.px(tokens.S2) if boxes else box.right()
        if line.question:
            end = self._paint_ask(painter, box, end)
        middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        name_room = owner.name_room(box.width())
        font = theme.font(tokens.CODE if owner.mono else tokens.INTERFACE)
        painter.setFont(font)
        painter.setPen(theme.colour("link" if line.leads_to is not None else "text"))
        name = QFontMetricsF(font).elidedText(plain(line.name), Qt.TextElideMode.ElideMiddle, name_room)
        painter.drawText(QRect(box.left(), box.top(), name_room + 2, box.height()), middle, name)
        left = box.left() + name_room + theme.px(tokens.S3)
        font = theme.font(tokens.INTERFACE)
        painter.setFont(font)
        painter.setPen(theme.colour("text_2"))
        said = " ".join(plain(line.detail).replace("`", "").split())
        room = max(0, end - left)
        text = QFontMetricsF(font).elidedText(said, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, box.top(), room + 2, box.height()), middle, text)
        for number, chip in boxes:
            paint_chip(
                painter, theme, chip, Chip(number, number == owner.selected, under=number == owner.hovered)
            )
        painter.restore()

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        line = index.data(Qt.ItemDataRole.UserRole)
        if isinstance(line, Line):
            QToolTip.showText(event.globalPos(), tip(line.whole), view)
        return True

    def _paint_ask(self, painter: QPainter, box: QRect, end: int) -> int:
        """Paint the link at the right that asks; returns where the words before it end."""
        theme = self._theme
        font = theme.font(tokens.INTERFACE)
        word = self.tr("Ask")
        width = round(QFontMetricsF(font).horizontalAdvance(word)) + 2
        painter.setFont(font)
        painter.setPen(theme.colour("link"))
        painter.drawText(
            QRect(end - width, box.top(), width, box.height()), int(Qt.AlignmentFlag.AlignVCenter), word
        )
        return end - width - theme.px(tokens.S2)


def chips_of(theme: Theme, line: Line, row: QRect) -> list[tuple[int, QRectF]]:
    """Return the numbers of a line with their boxes, at the right of its row, in their order."""
    height, right = theme.px(tokens.CHIP), float(row.right() - 1)
    found: list[tuple[int, QRectF]] = []
    for number in reversed(line.numbers[:CHIPS]):
        width = chip_width(theme, number)
        found.insert(0, (number, QRectF(right - width, row.center().y() - height / 2 + 0.5, width, height)))
        right -= width + theme.px(3)
    return found
