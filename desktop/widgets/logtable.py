"""The groups of a log as a table that sorts: how many, how bad, when, what, and who writes it."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop import tokens
from desktop.log_text import place_words, when_words
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.logbars import paint_bars
from desktop.widgets.tablelook import quiet_table
from desktop.widgets.tables import HEAD
from desktop.widgets.words import tip
from indexer.shapes.logs import Level, LogExplained, LogGroup

Index = QModelIndex | QPersistentModelIndex

ROWS_SHOWN = 9
WIDTHS = {0: 80, 1: 74, 2: 132}
LEVEL_ROLES = {
    Level.FATAL: "missing",
    Level.ERROR: "missing",
    Level.WARNING: "partial",
    Level.INFO: "text",
    Level.DEBUG: "text_3",
    Level.TRACE: "text_3",
    Level.NONE: "text_3",
}


class Column(IntEnum):
    """The columns, from the left."""

    COUNT = 0
    LEVEL = 1
    TIME = 2
    TEXT = 3


class GroupModel(QAbstractTableModel):
    """The groups in the order that was asked for; at first as they came, errors first."""

    def __init__(self, found: LogExplained, parent: QWidget) -> None:
        super().__init__(parent)
        self._came = found.groups
        self.groups = list(found.groups)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (as Qt declares it)
        """Return how many groups there are."""
        return 0 if parent.isValid() else len(self.groups)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (as Qt declares it)
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell in words; the delegate paints from the group itself."""
        group = self.groups[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return (
                f"{group.count:,}",
                "" if group.level is Level.NONE else group.level.value,
                when_words(group),
                f"{plain(group.template)} ({plain(place_words(group))})",
            )[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(when_words(group) if index.column() == Column.TIME else group.sample)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return a column's title."""
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section == Column.COUNT else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        titles = (self.tr("Lines"), self.tr("Level"), self.tr("Over time"), self.tr("Text and statement"))
        return titles[section] if role == Qt.ItemDataRole.DisplayRole else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 is the order in which they came."""
        self.layoutAboutToBeChanged.emit()
        descending = order == Qt.SortOrder.DescendingOrder
        levels = list(Level)
        keys = {
            Column.COUNT: lambda each: (each.count, 0.0),
            Column.LEVEL: lambda each: (levels.index(each.level), float(each.count)),
            Column.TIME: lambda each: (each.first if each.first is not None else each.first_line, 0.0),
        }
        groups = list(self._came)
        if column == Column.TEXT:
            groups.sort(key=place_words, reverse=descending)
        elif column in keys:
            groups.sort(key=keys[Column(column)], reverse=descending)
        self.groups = groups
        self.layoutChanged.emit()


class _Delegate(QStyledItemDelegate):
    """Paints a row of two lines: the text, and under it the statement."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a row's height; widths are the table's business."""
        return QSize(0, self._theme.px(tokens.ROW_TWO_LINES))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        model = index.model()
        assert isinstance(model, GroupModel)
        theme, group, box = self._theme, model.groups[index.row()], QRectF(option.rect)
        painter.save()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            active = option.state & QStyle.StateFlag.State_Active
            painter.fillRect(box, theme.colour("selection" if active else "selection_idle"))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.colour("hairline"))
        inner = box.adjusted(theme.px(8), theme.px(3), -theme.px(4), -theme.px(4))
        if index.column() == Column.TIME:
            self._paint_time(painter, group, inner)
        elif index.column() == Column.TEXT:
            self._paint_text(painter, group, inner, selected=selected)
        else:
            self._paint_word(painter, index, group, inner, selected=selected)
        if index.column() == Column.TEXT:
            self._paint_focus(painter, option, index)
        painter.restore()

    def _paint_word(
        self, painter: QPainter, index: Index, group: LogGroup, box: QRectF, *, selected: bool
    ) -> None:
        severe = index.column() == Column.LEVEL
        role = LEVEL_ROLES[group.level] if severe else "text"
        painter.setFont(
            self._theme.font(tokens.STRONG if severe and role in ("missing", "partial") else tokens.INTERFACE)
        )
        painter.setPen(self._theme.colour("text_2" if selected and role == "text_3" else role))
        side = Qt.AlignmentFlag.AlignRight if index.column() == Column.COUNT else Qt.AlignmentFlag.AlignLeft
        fits = QFontMetricsF(painter.font()).elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, box.width()
        )
        painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter), fits)

    def _paint_time(self, painter: QPainter, group: LogGroup, box: QRectF) -> None:
        role = LEVEL_ROLES[group.level]
        colour = self._theme.colour(role if role in ("missing", "partial") else "border")
        floor = QRectF(box.left(), box.bottom() - 1, box.width(), 1)
        painter.fillRect(floor, self._theme.colour("hairline"))
        paint_bars(painter, box, group.times, max(group.times, default=0), colour, group.spikes)

    def _paint_text(self, painter: QPainter, group: LogGroup, box: QRectF, *, selected: bool) -> None:
        theme = self._theme
        upper = QRectF(box.left(), box.top(), box.width(), box.height() / 2)
        lower = QRectF(box.left(), box.center().y(), box.width(), box.height() / 2)
        tied = group.place is not None
        lines = (
            (upper, tokens.INTERFACE, "text", group.template, Qt.TextElideMode.ElideRight),
            (
                lower, tokens.META, "link" if tied and not selected else "text_2", place_words(group),
                Qt.TextElideMode.ElideMiddle,
            ),
        )  # fmt: skip
        for area, face, role, text, mode in lines:
            painter.setFont(theme.font(face))
            painter.setPen(theme.colour(role))
            fits = QFontMetricsF(painter.font()).elidedText(plain(text), mode, area.width())
            painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), fits)

    def _paint_focus(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the frame around the whole row, with its last cell: the others would paint over it."""
        view = option.widget
        if isinstance(view, QTableView) and view.hasFocus() and view.currentIndex().row() == index.row():
            box = QRectF(option.rect)
            painter.setPen(QPen(self._theme.colour("accent"), 2))
            painter.setClipping(False)
            painter.drawRect(QRectF(1, box.top() + 1, view.viewport().width() - 2, box.height() - 3))


class GroupTable(QTableView):
    """Shows the groups; the one that is walked to is told, and a click or Enter opens its statement."""

    chosen = Signal(object)
    statementWanted = Signal(object)

    def __init__(self, theme: Theme, found: LogExplained) -> None:
        super().__init__()
        self._theme = theme
        self._model = GroupModel(found, self)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(theme, self))
        self.setAccessibleName(self.tr("Groups of lines"))
        quiet_table(self, theme, tokens.ROW_TWO_LINES, HEAD, f"0 0 0 {theme.px(8)}px")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        header = self.horizontalHeader()
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.DescendingOrder)
        self.setSortingEnabled(True)
        rows = min(len(found.groups), ROWS_SHOWN)
        self.setFixedHeight(rows * theme.px(tokens.ROW_TWO_LINES) + theme.px(HEAD) + 2)
        self.activated.connect(self._on_opened)
        self.clicked.connect(self._on_opened)
        self.selectionModel().currentRowChanged.connect(self._on_walked)

    @property
    def groups(self) -> list[LogGroup]:
        """The groups in the order that is shown."""
        return self._model.groups

    def choose(self, row: int) -> None:
        """Walk to a row."""
        self.setCurrentIndex(self._model.index(row, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the text what the others leave."""
        super().resizeEvent(event)
        fixed = {place: self._theme.px(width) for place, width in WIDTHS.items()}
        room = self.viewport().width()
        squeeze = min(1.0, room * 0.5 / max(1, sum(fixed.values())))
        for place, width in fixed.items():
            fixed[place] = round(width * squeeze)
            self.setColumnWidth(place, fixed[place])
        self.setColumnWidth(Column.TEXT, max(room - sum(fixed.values()), 1))

    def _on_walked(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self.chosen.emit(self._model.groups[now.row()])

    def _on_opened(self, index: QModelIndex) -> None:
        self.statementWanted.emit(self._model.groups[index.row()])
