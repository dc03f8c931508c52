"""The tree of modules: how much of each has a recorded reason, and how often it changes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHBoxLayout,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from desktop import tokens
from desktop.icons import pixmap
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.filterfield import FilterField
from desktop.widgets.painting import paint_meter
from desktop.widgets.rail import line
from desktop.widgets.sources import paint_ground
from desktop.widgets.words import words
from indexer.shapes.modules import ModuleRow, ReviewState

Index = QModelIndex | QPersistentModelIndex

INDENT, METER, COUNT, SIDE = 14, 44, 40, 12
METERED_FROM = 224
OPENED = 2
"""Levels that are open at first: the repository, and what lies in it."""


class ModuleTreePane(QFrame):
    """Filter, heads and tree. ``picked`` carries a module's path."""

    picked = Signal(str)
    activatedModule = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", "pane")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(*(theme.px(tokens.S3), theme.px(6)) * 2)
        self.field = FilterField(theme, self.tr("Filter modules"))
        row.addWidget(self.field)
        self.tree = ModuleTreeView(theme)
        self.tree.picked.connect(self.picked)
        self.tree.activatedModule.connect(self.activatedModule)
        self.field.textChanged.connect(self.tree.narrow)
        column.addWidget(bar)
        column.addWidget(line())
        column.addWidget(_Heads(theme, self.tr("Module"), self.tr("Reasons"), self.tr("Chg")))
        column.addWidget(self.tree, 1)
        column.addWidget(line())
        told = self.tr("Reasons: share of definitions with a recorded reason. Chg: commits in 12 months.")
        foot = words(theme, told, tokens.META, "3", wrap=True)
        foot.setContentsMargins(theme.px(14), theme.px(tokens.S2), theme.px(14), theme.px(tokens.S3))
        column.addWidget(foot)


class _Heads(QWidget):
    """The names of the columns, above what they name."""

    def __init__(self, theme: Theme, module: str, reasons: str, changes: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(SIDE), theme.px(6), theme.px(SIDE), theme.px(4))
        row.setSpacing(theme.px(tokens.S2))
        row.addWidget(words(theme, module, tokens.META, "3"))
        row.addStretch(1)
        row.addWidget(words(theme, reasons, tokens.META, "3"))
        count = words(theme, changes, tokens.META, "3")
        count.setFixedWidth(theme.px(COUNT) - theme.px(tokens.S2))
        count.setAlignment(Qt.AlignmentFlag.AlignRight)
        row.addWidget(count)


class ModuleTreeView(QTreeView):
    """Modules within each other. Left and Right close and open, Enter goes to the page."""

    picked = Signal(str)
    activatedModule = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: Sequence[ModuleRow] = ()
        self._items: dict[str, QStandardItem] = {}
        self._word = self._whole = ""
        self._open: set[str] = set()
        self._quiet = False
        self._model = QStandardItemModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(theme, self))
        self.setHeaderHidden(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setExpandsOnDoubleClick(False)
        self.setAccessibleName(self.tr("Modules"))
        self.selectionModel().currentChanged.connect(self._on_current)
        self.clicked.connect(self._on_clicked)
        self.activated.connect(self._on_activated)
        self.expanded.connect(self._on_expanded)
        self.collapsed.connect(self._on_collapsed)

    def show_rows(self, rows: Sequence[ModuleRow], whole: str = "") -> None:
        """Show other modules, those of the repository called ``whole``; what was open and chosen stays so."""
        first = not self._rows
        self._rows, self._whole = rows, whole
        if first:
            self._open = {row.path for row in rows if row.depth < OPENED - 1}
        self._fill(self.current())

    def narrow(self, word: str) -> None:
        """Show only modules whose path holds a word, with those around them."""
        self._word = word.casefold().strip()
        self._fill(self.current())

    def current(self) -> str | None:
        """Return the path of the chosen module; None when there is none."""
        index = self.currentIndex()
        row = index.data(Qt.ItemDataRole.UserRole) if index.isValid() else None
        return row.path if isinstance(row, ModuleRow) else None

    def choose(self, path: str) -> None:
        """Choose a module, without a signal; those around it are opened."""
        item = self._items.get(path)
        self._quiet = True
        if item is None:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        else:
            above = item.index().parent()
            while above.isValid():
                self.setExpanded(above, True)
                above = above.parent()
            self.setCurrentIndex(item.index())
            self.scrollTo(item.index())
        self._quiet = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the page of a module, whatever Qt makes of activation here."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._on_activated(self.currentIndex())
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------------------ private

    def _fill(self, current: str | None) -> None:
        self._quiet = True
        self._model.clear()
        self._items = {}
        shown = self._shown()
        for row in self._rows:
            if row.path not in shown:
                continue
            item = QStandardItem(plain(row.name or row.path or self._whole))
            item.setData(row, Qt.ItemDataRole.UserRole)
            item.setData(self._spoken(row), Qt.ItemDataRole.AccessibleTextRole)
            item.setEditable(False)
            self._items[row.path] = item
            parent = self._items.get(row.parent) if row.parent is not None else None
            (self._model if parent is None else parent).appendRow(item)
        if self._word:
            self.expandAll()
        else:
            for path in self._open & self._items.keys():
                self.setExpanded(self._items[path].index(), True)
        self._quiet = False
        if current is not None:
            self.choose(current)

    def _shown(self) -> set[str]:
        if not self._word:
            return {row.path for row in self._rows}
        parent = {row.path: row.parent for row in self._rows}
        found: set[str] = set()
        for row in self._rows:
            if self._word in row.path.casefold():
                path: str | None = row.path
                while path is not None and path not in found:
                    found.add(path)
                    path = parent.get(path)
        return found

    def _spoken(self, row: ModuleRow) -> str:
        said = self.tr("%(name)s, %(changes)d commits in 12 months") % {
            "name": plain(row.path or row.name or self._whole),
            "changes": row.changes,
        }
        if row.why.definitions:
            said += self.tr(", %d percent with a reason") % round(row.why.share * 100)
        if row.review is ReviewState.REVIEWED:
            said += self.tr(", reviewed")
        elif row.review is ReviewState.WITHDRAWN:
            said += self.tr(", changed since its review")
        return said

    def _on_current(self, index: QModelIndex) -> None:
        path = self.current()
        if path is not None and not self._quiet:
            self.picked.emit(path)

    def _on_clicked(self, index: QModelIndex) -> None:
        row = index.data(Qt.ItemDataRole.UserRole)
        box = self.visualRect(index)
        at = self.viewport().mapFromGlobal(self.cursor().pos())
        if isinstance(row, ModuleRow) and arrow_box(self._theme, row, box).contains(at):
            self.setExpanded(index, not self.isExpanded(index))
        elif not QApplication.mouseButtons():
            self._on_activated(index)

    def _on_activated(self, index: QModelIndex) -> None:
        row = index.data(Qt.ItemDataRole.UserRole)
        if isinstance(row, ModuleRow):
            self.activatedModule.emit(row.path)

    def _on_expanded(self, index: QModelIndex) -> None:
        self._note(index, opened=True)

    def _on_collapsed(self, index: QModelIndex) -> None:
        self._note(index, opened=False)

    def _note(self, index: QModelIndex, *, opened: bool) -> None:
        row = index.data(Qt.ItemDataRole.UserRole)
        if isinstance(row, ModuleRow) and not self._quiet and not self._word:
            (self._open.add if opened else self._open.discard)(row.path)


class _Delegate(QStyledItemDelegate):
    """Paints arrow, name, meter and number of a module."""

    def __init__(self, theme: Theme, owner: ModuleTreeView) -> None:
        super().__init__(owner)
        self._theme = theme
        self._owner = owner

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, self._theme.px(tokens.ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, px = self._theme, self._theme.px
        row = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(row, ModuleRow):
            return
        painter.save()
        box = QRect(0, option.rect.top(), self._owner.viewport().width(), option.rect.height())
        option.rect = box
        selected = paint_ground(painter, theme, option)
        arrow = arrow_box(theme, row, box)
        if index.model().hasChildren(index):
            side = px(14)
            name = "down" if self._owner.isExpanded(index) else "forward"
            ratio = painter.device().devicePixelRatioF()
            picture = pixmap(name, theme.roles.text_2, side, ratio)
            painter.drawPixmap(arrow.center() - QPoint(side // 2, side // 2), picture)
        right = box.right() - px(SIDE)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        font = theme.font(tokens.INTERFACE)
        painter.setFont(font)
        painter.setPen(theme.colour("text" if selected else "text_2"))
        count = QRect(right - px(COUNT), box.top(), px(COUNT), box.height())
        painter.drawText(count, middle | int(Qt.AlignmentFlag.AlignRight), f"{row.changes:,}")
        # A narrow tree shows names rather than meters, which the page has too.
        metered = self._owner.viewport().width() >= px(METERED_FROM)
        left_of_meter = right - px(COUNT) - (px(METER) if metered else 0)
        if row.why.definitions and metered:
            height = px(8)
            paint_meter(
                painter,
                theme,
                QRectF(left_of_meter, box.center().y() - height / 2, px(METER), height),
                row.why.share,
            )
        left = arrow.right() + px(4)
        end = left_of_meter - px(tokens.S2)
        sign = {ReviewState.REVIEWED: "check", ReviewState.WITHDRAWN: "clock"}.get(row.review)
        if sign is not None:
            side = px(12)
            end -= side + px(4)
            role = theme.roles.grounded if sign == "check" else theme.roles.partial
            picture = pixmap(sign, role, side, painter.device().devicePixelRatioF())
            painter.drawPixmap(end + px(2), box.center().y() - side // 2, picture)
        painter.setPen(theme.colour("text"))
        name = QFontMetricsF(font).elidedText(index.data(), Qt.TextElideMode.ElideMiddle, max(0, end - left))
        painter.drawText(QRect(left, box.top(), max(0, end - left) + 2, box.height()), middle, name)
        painter.restore()


def arrow_box(theme: Theme, row: ModuleRow, box: QRect) -> QRect:
    """Return where the arrow of a module stands in its row."""
    return QRect(theme.px(SIDE - 4 + INDENT * row.depth), box.top(), theme.px(20), box.height())
