"""The list of commits: a model over slices that come when they are seen, and one painted row each.

A table with rows of one height: a list view of a million rows takes seconds to lay out, a table's
header knows them without having seen them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop import tokens
from desktop.answer_page import day
from desktop.icons import pixmap
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.painting import Mark, paint_mark
from desktop.widgets.sources import paint_ground
from indexer.pages import CommitRow

SLICE = 200
MAX_SLICES = 60
"""Slices that are held: 12,000 rows, about 6 MB."""

SEEN_MS = 25
"""How long scrolling must rest before rows are fetched; a drag through a million asks for none."""

MAX_TAGS = 3

Index = QModelIndex | QPersistentModelIndex


class CommitModel(QAbstractTableModel):
    """Rows of the history; those that have not come yet are None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._slices: OrderedDict[int, Sequence[CommitRow]] = OrderedDict()
        self._total = 0

    def begin(self, total: int, first: Sequence[CommitRow] = ()) -> None:
        """Begin another list of ``total`` rows, with its first slice."""
        self.beginResetModel()
        self._slices = OrderedDict({0: first} if first else {})
        self._total = total
        self.endResetModel()

    def put(self, number: int, rows: Sequence[CommitRow]) -> None:
        """Take a slice; the one that was seen longest ago is let go."""
        self._slices[number] = rows
        self._slices.move_to_end(number)
        while len(self._slices) > MAX_SLICES:
            self._slices.popitem(last=False)
        first = number * SLICE
        last = min(first + SLICE, self._total) - 1
        self.dataChanged.emit(self.index(first, 0), self.index(last, 0))

    def row(self, at: int) -> CommitRow | None:
        """Return a row, or None while it is on its way."""
        rows = self._slices.get(at // SLICE)
        return rows[at % SLICE] if rows is not None and at % SLICE < len(rows) else None

    def missing(self, first: int, last: int) -> list[int]:
        """Return the slices between two rows that have not come, and count the others as seen."""
        wanted = []
        for number in range(max(0, first) // SLICE, max(0, min(last, self._total - 1)) // SLICE + 1):
            if number in self._slices:
                self._slices.move_to_end(number)
            elif number * SLICE < self._total:
                wanted.append(number)
        return wanted

    def find(self, commit_id: str) -> int:
        """Return where a commit stands among the rows that are here, or -1."""
        for number, rows in self._slices.items():
            for at, row in enumerate(rows):
                if row.commit_id.startswith(commit_id):
                    return number * SLICE + at
        return -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        """Return how many rows there are in all."""
        return 0 if parent.isValid() else self._total

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        """Return one: a row is painted whole."""
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the row itself, or what a screen reader says of it."""
        roles = Qt.ItemDataRole
        if not index.isValid() or role not in (roles.DisplayRole, roles.AccessibleTextRole, roles.UserRole):
            return None
        row = self.row(index.row())
        if role == roles.UserRole:
            return row
        return self.tr("On its way") if row is None else self.spoken(row)

    def spoken(self, row: CommitRow) -> str:
        """Return a commit as a sentence."""
        parts = [row.subject, row.author, day(row.authored), files_words(row.files)]
        parts += [self.tr("merge")] * row.merge + [self.tr("says why")] * row.reason
        return plain(", ".join((*parts, *row.tags, row.commit_id[:9])))


class CommitList(QTableView):
    """Shows a CommitModel. ``wanted`` asks for slices; ``picked`` tells of the chosen commit."""

    wanted = Signal(list)
    picked = Signal(str)
    activatedRow = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.commits = CommitModel(self)
        self.setModel(self.commits)
        self.setItemDelegate(_Delegate(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(self.tr("Commits"))
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.hide()
        across.setStretchLastSection(True)
        down.hide()
        height = theme.px(tokens.ROW_TWO_LINES)
        down.setMinimumSectionSize(height)
        down.setDefaultSectionSize(height)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalScrollBar().setSingleStep(height)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SEEN_MS)
        self._timer.timeout.connect(self.ask)
        self.verticalScrollBar().valueChanged.connect(self._on_moved)
        self.commits.modelReset.connect(self._on_moved)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.activated.connect(self._on_activated)

    def visible_rows(self) -> tuple[int, int]:
        """Return the first and the last row in view."""
        height = max(1, self.verticalHeader().defaultSectionSize())
        first = self.verticalScrollBar().value() // height
        return first, first + self.viewport().height() // height + 1

    def ask(self) -> None:
        """Ask for the rows in view that have not come."""
        found = self.commits.missing(*self.visible_rows())
        if found:
            self.wanted.emit(found)

    def current(self) -> str:
        """Return the id of the chosen commit, or empty."""
        index = self.currentIndex()
        row = self.commits.row(index.row()) if index.isValid() else None
        return row.commit_id if row is not None else ""

    def choose(self, commit_id: str) -> None:
        """Mark a commit without telling, where it is among the rows here."""
        at = self.commits.find(commit_id) if commit_id else -1
        model = self.selectionModel()
        blocked = model.blockSignals(True)
        if at >= 0:
            self.setCurrentIndex(self.commits.index(at, 0))
            self.selectRow(at)
        else:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        model.blockSignals(blocked)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See whether more rows are in view."""
        super().resizeEvent(event)
        self._on_moved()

    def _on_moved(self) -> None:
        self._timer.start()

    def _on_current(self, index: QModelIndex) -> None:
        row = self.commits.row(index.row()) if index.isValid() else None
        if row is not None:
            self.picked.emit(row.commit_id)

    def _on_activated(self, index: QModelIndex) -> None:
        row = self.commits.row(index.row())
        if row is not None:
            self.activatedRow.emit(row.commit_id)


class _Delegate(QStyledItemDelegate):
    """Paints a commit in two lines: what it says, then who, when and how much."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, self._theme.px(tokens.ROW_TWO_LINES))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._theme
        row = index.data(Qt.ItemDataRole.UserRole)
        box = QRect(option.rect)
        left, right = box.left() + theme.px(tokens.S4), box.right() - theme.px(tokens.S4)
        top, height = box.top() + theme.px(4), theme.px(20)
        if not isinstance(row, CommitRow):
            for at, width in ((top + theme.px(5), 0.55), (top + theme.px(24), 0.3)):
                part = QRectF(left + theme.px(26), at, (right - left) * width, theme.px(8))
                painter.fillRect(part, theme.colour("sunken"))
            return
        selected = paint_ground(painter, theme, option)
        side = theme.px(16)
        ratio = painter.device().devicePixelRatioF()
        name = "branch" if row.merge else "commit"
        picture = pixmap(name, theme.roles.text_2 if selected else theme.roles.text_3, side, ratio)
        painter.drawPixmap(left, top + (height - side) // 2, picture)
        left += theme.px(26)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        end = self._paint_marks(painter, row, QRect(left, top, right - left, height))
        painter.setFont(theme.font(tokens.INTERFACE))
        painter.setPen(theme.colour("text_2" if row.merge else "text"))
        room = QRect(left, top, end - left, height)
        subject = plain(row.subject[:400]) or self.tr("(no message)")
        elided = Qt.TextElideMode.ElideRight
        painter.drawText(
            room, middle, QFontMetricsF(painter.font()).elidedText(subject, elided, room.width())
        )
        painter.setPen(theme.colour("text_2" if selected else "text_3"))
        below = QRect(left, top + height - theme.px(1), right - left, theme.px(16))
        painter.setFont(theme.font(tokens.META))
        metrics = QFontMetricsF(painter.font())
        number = row.commit_id[:7]
        painter.drawText(below, middle | int(Qt.AlignmentFlag.AlignRight), number)
        facts = f"{day(row.authored)}, {files_words(row.files)}" if row.files else day(row.authored)
        space = below.width() - metrics.horizontalAdvance(f"{number}, {facts}") - theme.px(16)
        who = metrics.elidedText(plain(row.author), elided, max(theme.px(60), space))
        painter.drawText(below, middle, f"{who}, {facts}")

    def _paint_marks(self, painter: QPainter, row: CommitRow, box: QRect) -> int:
        """Paint tags and the mark of a reason at the right; returns where they begin."""
        theme = self._theme
        right = box.right()
        painter.setFont(theme.font(tokens.META))
        metrics = QFontMetricsF(painter.font())
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        if row.reason:
            word = self.tr("reason")
            width = round(metrics.horizontalAdvance(word)) + 1
            painter.setPen(theme.colour("text_2"))
            painter.drawText(QRect(right - width, box.top(), width, box.height()), middle, word)
            disc = theme.px(8)
            right -= width + disc + theme.px(5)
            paint_mark(painter, theme, Mark.WHY, QRectF(right, box.center().y() - disc / 2 + 1, disc, disc))
            right -= theme.px(8)
        for tag in row.tags[:MAX_TAGS]:
            shown = metrics.elidedText(plain(tag), Qt.TextElideMode.ElideRight, theme.px(90))
            width = round(metrics.horizontalAdvance(shown)) + theme.px(10)
            if right - width < box.left() + box.width() // 2:
                break
            frame = QRectF(right - width, box.top() + theme.px(1), width, box.height() - theme.px(3))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("outline"), 1))
            painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            painter.setPen(theme.colour("text_2"))
            painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, shown)
            right -= width + theme.px(6)
        return right - theme.px(6)


def files_words(files: int) -> str:
    """Return a count of files in words."""
    one = QCoreApplication.translate("CommitList", "1 file")
    return one if files == 1 else QCoreApplication.translate("CommitList", "%s files") % f"{files:,}"
