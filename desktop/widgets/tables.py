"""Tables of a page: painted rows over a model that fetches only what is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from desktop import tokens
from desktop.icons import pixmap
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.tablelook import quiet_table
from desktop.widgets.words import tip

Index = QModelIndex | QPersistentModelIndex

PAGE = 200
"""Rows fetched at once: a few screens."""

PAGES_KEPT = 40
"""Pages kept in memory; a scroll through a million rows must not gather them all."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column; a ``width`` of 0 takes the rest. Widths are px at 100 %."""

    title: str
    width: int = 0
    right: bool = False
    elide_left: bool = False
    tone: str = "text"


HEAD = 26
"""Height of the titles of columns, px at 100 %."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell; ``share`` (0 to 1) paints a bar before the text."""

    text: str
    icon: str = ""
    tone: str = ""
    share: float | None = None


Row = tuple[Cell, ...]


@dataclass
class _Pages:
    """Slices that came, the one wanted longest ago first."""

    rows: dict[int, Sequence[Row]] = field(default_factory=dict)
    asked: set[int] = field(default_factory=set)


class TableModel(QAbstractTableModel):
    """``total`` rows of which slices are asked for when they are looked at."""

    wanted = Signal(int, int)
    """Start and count of a slice that is not here yet; `put` brings it."""

    def __init__(self, columns: Sequence[Column], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = columns
        self._total = 0
        self._pages = _Pages()

    def begin(self, total: int, rows: Sequence[Row] = ()) -> None:
        """Begin anew with ``total`` rows, of which the first ones are known."""
        self.beginResetModel()
        self._total = total
        self._pages = _Pages()
        for start in range(0, len(rows), PAGE):
            if start + PAGE <= len(rows) or len(rows) >= total:
                self._keep(start // PAGE, rows[start : start + PAGE])
        self.endResetModel()

    def put(self, start: int, rows: Sequence[Row]) -> None:
        """Take a slice that was asked for."""
        page = start // PAGE
        self._pages.asked.discard(page)
        self._keep(page, rows)
        last = max(start, min(start + len(rows), self._total) - 1)
        self.dataChanged.emit(self.index(start, 0), self.index(last, len(self.columns) - 1))

    def lost(self, start: int) -> None:
        """Say that a slice did not come: it is asked for again when it is looked at."""
        self._pages.asked.discard(start // PAGE)

    def row(self, number: int) -> Row | None:
        """Return a row; None, and asked for, when it is not here."""
        page, place = divmod(number, PAGE)
        rows = self._pages.rows.get(page)
        if rows is None:
            if page not in self._pages.asked:
                self._pages.asked.add(page)
                self.wanted.emit(page * PAGE, PAGE)
            return None
        return rows[place] if place < len(rows) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (as Qt declares it)
        """Return how many rows there are."""
        return 0 if parent.isValid() else self._total

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (as Qt declares it)
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the text of a cell; the delegate reads `row` itself."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row = self.row(index.row())
        return "" if row is None else row[index.column()].text

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return a column's title."""
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return self.columns[section].title if role == Qt.ItemDataRole.DisplayRole else None

    def _keep(self, page: int, rows: Sequence[Row]) -> None:
        self._pages.rows.pop(page, None)
        self._pages.rows[page] = rows
        while len(self._pages.rows) > PAGES_KEPT:
            self._pages.rows.pop(next(iter(self._pages.rows)))


class CellDelegate(QStyledItemDelegate):
    """Paints icon, bar and text of a cell, and the hairline of its row."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fonts = theme.font(tokens.INTERFACE)
        self._metrics = QFontMetricsF(self._fonts)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a row's height; widths are the table's business."""
        return QSize(0, self._theme.px(tokens.ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        model = index.model()
        assert isinstance(model, TableModel)
        theme, column = self._theme, model.columns[index.column()]
        box, state = QRectF(option.rect), option.state
        row = model.row(index.row())
        painter.save()
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected:
            active = state & QStyle.StateFlag.State_Active and state & QStyle.StateFlag.State_Enabled
            painter.fillRect(box, theme.colour("selection" if active else "selection_idle"))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.colour("hairline"))
        cell = Cell("…", tone="text_3") if row is None else row[index.column()]
        inner = box.adjusted(theme.px(8) if index.column() else 0, 0, 0, -1)
        inner.setLeft(inner.left() + self._before(painter, cell, inner))
        painter.setFont(self._fonts)
        tone = cell.tone or column.tone
        painter.setPen(theme.colour("text_2" if selected and tone == "text_3" else tone))
        mode = Qt.TextElideMode.ElideLeft if column.elide_left else Qt.TextElideMode.ElideRight
        text = self._metrics.elidedText(plain(cell.text), mode, inner.width())
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(inner, int(side | Qt.AlignmentFlag.AlignVCenter), text)
        if state & QStyle.StateFlag.State_HasFocus:
            self._paint_focus(painter, option, box)
        painter.restore()

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Show the whole text where the cell has no room for it."""
        text = plain(str(index.data() or ""))
        if text and self._metrics.horizontalAdvance(text) > QRectF(option.rect).width() - 8:
            QToolTip.showText(event.globalPos(), tip(text), view)
            return True
        QToolTip.hideText()
        return False

    def _before(self, painter: QPainter, cell: Cell, box: QRectF) -> float:
        """Paint what stands before the text; returns its width."""
        theme = self._theme
        if cell.icon:
            side = theme.px(14)
            device = painter.device()
            ratio = device.devicePixelRatioF() if isinstance(device, QWidget) else 1.0
            picture = pixmap(cell.icon, getattr(theme.roles, cell.tone or "text_2"), side, ratio)
            painter.drawPixmap(round(box.left()), round(box.center().y() - side / 2), picture)
            return side + theme.px(10)
        if cell.share is not None:
            width = max(2.0, cell.share * min(box.width() * 0.5, theme.px(160)))
            bar = QRectF(box.left(), box.center().y() - theme.px(4), width, theme.px(8))
            painter.fillRect(bar, theme.colour("text_3"))
            return width + theme.px(10)
        return 0.0

    def _paint_focus(self, painter: QPainter, option: QStyleOptionViewItem, box: QRectF) -> None:
        view = option.widget
        if isinstance(view, QTableView) and view.hasFocus():
            painter.setPen(QPen(self._theme.colour("accent"), 2))
            whole = QRectF(1, box.top() + 1, view.viewport().width() - 2, box.height() - 3)
            painter.setClipping(False)
            painter.drawRect(whole)


class Table(QTableView):
    """As high as the rows it is told to show; more of them scroll inside. Enter and a click open."""

    rowOpened = Signal(int)

    def __init__(self, theme: Theme, columns: Sequence[Column], name: str, *, head: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._scrolls = False
        self.rows = TableModel(columns, self)
        self.setModel(self.rows)
        self.setItemDelegate(CellDelegate(theme, self))
        self.setAccessibleName(name)
        quiet_table(self, theme, tokens.ROW, HEAD, f"0 0 0 {theme.px(8)}px")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.horizontalHeader().setVisible(head)
        self.horizontalHeader().setSectionsClickable(False)
        self.activated.connect(self._on_activated)
        self.clicked.connect(self._on_activated)

    def show_rows(self, count: int, *, scrolls: bool = True) -> None:
        """Be as high as ``count`` rows, or as all of them where there are fewer."""
        rows = min(count, self.rows.rowCount())
        head = 0 if self.horizontalHeader().isHidden() else self.horizontalHeader().height()

        self.setFixedHeight(rows * self._theme.px(tokens.ROW) + head + 1)
        more = scrolls and rows < self.rows.rowCount()
        self._scrolls = more
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policy.ScrollBarAsNeeded if more else policy.ScrollBarAlwaysOff)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page unless there is something to scroll to here."""
        if self._scrolls:
            super().wheelEvent(event)
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width out: fixed columns first, the rest for the others."""
        super().resizeEvent(event)
        columns = self.rows.columns
        fixed = sum(self._theme.px(each.width) for each in columns if each.width)
        open_ones = [i for i, each in enumerate(columns) if not each.width]
        room = max(self.viewport().width() - fixed, self._theme.px(120) * len(open_ones))
        # A narrow table takes from the fixed columns too, so that no column leaves it.
        squeeze = min(1.0, self.viewport().width() / max(1, room + fixed))
        for i, each in enumerate(columns):
            width = self._theme.px(each.width) if each.width else room / len(open_ones)
            self.setColumnWidth(i, round(width * squeeze))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy a row, and leave the page's own keys to the page."""
        if event.matches(QKeySequence.StandardKey.Copy):
            row = self.rows.row(self.currentIndex().row())
            if row is not None:
                QGuiApplication.clipboard().setText("\t".join(cell.text for cell in row if cell.text))
            return
        super().keyPressEvent(event)

    def _on_activated(self, index: QModelIndex) -> None:
        self.rowOpened.emit(index.row())
