"""A table over rows that are all here: sorted by any column, narrowed by a word, of two rows or 50,000."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from desktop import tokens
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.painting import paint_meter
from desktop.widgets.sources import paint_ground, paint_path
from desktop.widgets.tablelook import quiet_table
from desktop.widgets.words import tip

Index = QModelIndex | QPersistentModelIndex

EDGE = 16
"""Room at the left edge of the table, px at 100 %."""

METER = 48
"""Width of a meter in a cell, px at 100 %."""


class Kind(Enum):
    """How a column is painted."""

    PATH = "path"
    TEXT = "text"
    NUMBER = "number"
    METER = "meter"
    """The key is a share from 0 to 1, below 0 for none; the text stands at its right."""


@dataclass(frozen=True, slots=True)
class Sorting:
    """One column. A ``width`` of 0 takes the rest; ``falling``: first shown from the largest."""

    title: str
    kind: Kind
    key: Callable[[Any], Any]
    text: Callable[[Any], str]
    width: int = 0
    falling: bool = True


class SortableModel(QAbstractTableModel):
    """Rows of any kind, in the order of one column; a row is known by its number as it was given."""

    def __init__(self, columns: Sequence[Sorting], spoken: Callable[[Any], str], parent: QWidget) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._spoken = spoken
        self._rows: Sequence[Any] = ()
        self._numbers: list[int] = []
        self._order: list[int] = []
        self._place: dict[int, int] = {}
        self._word = ""
        self.sorted_by = 0
        self.falling = False

    def show(self, rows: Sequence[Any], numbers: Sequence[int]) -> None:
        """Show those of ``rows`` that have these numbers."""
        self._rows, self._numbers = rows, list(numbers)
        self._arrange()

    def narrow(self, word: str) -> None:
        """Show only the rows whose first column holds a word."""
        self._word = word.casefold().strip()
        self._arrange()

    def order_by(self, column: int, *, falling: bool) -> None:
        """Put the rows in another order."""
        self.sorted_by, self.falling = column, falling
        self._arrange()

    def number(self, place: int) -> int:
        """Return the number of the row at a place, -1 for none."""
        return self._order[place] if 0 <= place < len(self._order) else -1

    def place(self, number: int) -> int:
        """Return where a row stands, -1 when it is not shown."""
        return self._place.get(number, -1)

    def row_at(self, place: int) -> Any:  # noqa: ANN401 (rows are whatever the columns know)
        """Return the row at a place."""
        return self._rows[self._order[place]]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (as Qt declares it)
        """Return how many rows are shown."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (as Qt declares it)
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the text of a cell; the first cell speaks for its row."""
        if not index.isValid():
            return None
        row = self.row_at(index.row())
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0:
            return self._spoken(row)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.columns[index.column()].text(row)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return a column's title, with an arrow where the rows are in its order."""
        if orientation is Qt.Orientation.Vertical:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            left = column.kind in (Kind.PATH, Kind.TEXT)
            side = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if section != self.sorted_by:
            return column.title
        return f"{column.title} {'↓' if self.falling else '↑'}"

    def _arrange(self) -> None:
        self.beginResetModel()
        column, rows = self.columns[self.sorted_by], self._rows
        order = self._numbers
        if self._word:
            first = self.columns[0].text
            order = [number for number in order if self._word in first(rows[number]).casefold()]
        key = column.key
        # Equal rows stay in the order of their paths, whichever way the column runs.
        self._order = sorted(order, key=lambda number: key(rows[number]), reverse=self.falling)
        self._place = {number: place for place, number in enumerate(self._order)}
        self.endResetModel()


HEAD = 30
"""Height of the titles of columns, px at 100 %: they are pressed to sort."""


class SortableTable(QTableView):
    """Shows a SortableModel. A click on a title, or Shift with an arrow key, sorts."""

    rowPicked = Signal(int)
    rowOpened = Signal(int)

    def __init__(
        self, theme: Theme, columns: Sequence[Sorting], name: str, spoken: Callable[[Any], str]
    ) -> None:
        super().__init__()
        self._theme = theme
        self._quiet = False
        self.rows = SortableModel(columns, spoken, self)
        self.setModel(self.rows)
        self.setItemDelegate(_Cells(theme, self))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        quiet_table(self, theme, tokens.ROW, HEAD, f"0 {theme.px(8)}px")
        self.setMouseTracking(True)
        head = self.horizontalHeader()
        head.setSectionsClickable(True)
        head.setAccessibleName(self.tr("Columns"))
        head.setCursor(Qt.CursorShape.PointingHandCursor)
        head.setStyleSheet(
            head.styleSheet() + f"QHeaderView::section:first {{ padding-left: {theme.px(EDGE)}px; }}"
        )
        head.sectionClicked.connect(self.sort_by)
        self.activated.connect(self._on_activated)
        self.selectionModel().currentRowChanged.connect(self._on_current)

    def show_rows(self, rows: Sequence[Any], numbers: Sequence[int], current: int = -1) -> None:
        """Show those of ``rows`` that have these numbers, one of them as the current one."""
        self._quietly(lambda: self.rows.show(rows, numbers), current)

    def narrow(self, word: str) -> None:
        """Show only the rows that hold a word; the current one stays, if it does."""
        self._quietly(lambda: self.rows.narrow(word), self.current())

    def sort_by(self, column: int) -> None:
        """Sort by a column; the same again turns the order round."""
        again = column == self.rows.sorted_by
        falling = not self.rows.falling if again else self.rows.columns[column].falling
        self._quietly(lambda: self.rows.order_by(column, falling=falling), self.current())

    def current(self) -> int:
        """Return the number of the current row, -1 for none."""
        return self.rows.number(self.currentIndex().row())

    def choose(self, number: int) -> None:
        """Make a row the current one, without a signal."""
        self._quiet = True
        place = self.rows.place(number)
        if place >= 0:
            self.setCurrentIndex(self.rows.index(place, 0))
            self.scrollTo(self.rows.index(place, 0))
        else:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        self._quiet = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width out: fixed columns first, the rest for the others."""
        super().resizeEvent(event)
        columns, px = self.rows.columns, self._theme.px
        open_ones = [at for at, each in enumerate(columns) if not each.width]
        fixed = sum(px(each.width) for each in columns)
        room = self.viewport().width()
        rest = max(room - fixed, px(100) * len(open_ones))
        squeeze = min(1.0, room / max(1, rest + fixed))
        for at, each in enumerate(columns):
            width = px(each.width) if each.width else rest / len(open_ones)
            self.setColumnWidth(at, int(width * squeeze))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Sort with Shift and an arrow, copy a row; the rest is Qt's."""
        shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if shifted and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            self.sort_by((self.rows.sorted_by + step) % len(self.rows.columns))
        elif event.matches(QKeySequence.StandardKey.Copy) and self.current() >= 0:
            row = self.rows.row_at(self.currentIndex().row())
            QApplication.clipboard().setText("\t".join(plain(each.text(row)) for each in self.rows.columns))
        else:
            super().keyPressEvent(event)

    def _quietly(self, change: Callable[[], None], current: int) -> None:
        self._quiet = True
        change()
        self._quiet = False
        self.choose(current)

    def _on_current(self, index: QModelIndex) -> None:
        if index.isValid() and not self._quiet:
            self.rowPicked.emit(self.rows.number(index.row()))

    def _on_activated(self, index: QModelIndex) -> None:
        self.rowOpened.emit(self.rows.number(index.row()))


class _Cells(QStyledItemDelegate):
    """Paints a path with its folders dimmed, words, a number, or a meter with its share."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._font = theme.font(tokens.INTERFACE)
        self._metrics = QFontMetricsF(self._font)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a row's height."""
        return QSize(0, self._theme.px(tokens.ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        model = index.model()
        assert isinstance(model, SortableModel)
        theme, column = self._theme, model.columns[index.column()]
        row = model.row_at(index.row())
        painter.save()
        selected = paint_ground(painter, theme, option)
        side = theme.px(8)
        box = QRect(option.rect).adjusted(theme.px(EDGE) if index.column() == 0 else side, 0, -side, 0)
        if column.kind is Kind.PATH:
            paint_path(painter, theme, box, plain(column.text(row)))
        else:
            if column.kind is Kind.METER:
                share = column.key(row)
                if share >= 0:
                    width, height = min(theme.px(METER), max(0, box.width() - theme.px(40))), theme.px(8)
                    meter = QRectF(box.left(), box.center().y() - height / 2, width, height)
                    paint_meter(painter, theme, meter, share)
            painter.setFont(self._font)
            painter.setPen(theme.colour("text" if column.kind is Kind.TEXT else "text_2"))
            if selected:
                painter.setPen(theme.colour("text"))
            right = column.kind is not Kind.TEXT
            flag = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            text = self._metrics.elidedText(plain(column.text(row)), Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, int(flag | Qt.AlignmentFlag.AlignVCenter), text)
        painter.restore()

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Show the whole text where the cell has no room for it."""
        text = plain(str(index.data() or ""))
        if text and self._metrics.horizontalAdvance(text) > option.rect.width() - 2 * self._theme.px(8):
            QToolTip.showText(event.globalPos(), tip(text), view)
            return True
        QToolTip.hideText()
        return False
