"""The list of what nobody wrote down and of what people did: open gaps above, notes below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QModelIndex,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QScrollArea,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop import tokens
from desktop.icons import pixmap
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.painting import Mark, paint_mark
from desktop.widgets.rail import line
from desktop.widgets.rowmodel import Index, RowDelegate, RowModel
from desktop.widgets.scrollpage import ScrollPage
from desktop.widgets.sources import paint_ground
from desktop.widgets.words import link, words
from indexer.types import AnchorState

STATE_ICONS = {
    AnchorState.CURRENT: ("check", "grounded"),
    AnchorState.STALE: ("clock", "partial"),
    AnchorState.ORPHANED: ("close", "text_2"),
}


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """One gap (``state`` is None and ``gap`` is true) or one note."""

    id: str
    title: str
    detail: str
    right: str
    gap: bool = False
    state: AnchorState | None = None


class KnowledgeList(ScrollPage):
    """Both lists under their heads, in one page that scrolls. ``picked`` carries a ShelfRow."""

    picked = Signal(object)
    activatedRow = Signal(object)
    newWanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setProperty("kind", "pane")
        page = QFrame()
        page.setProperty("kind", "pane")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, theme.px(tokens.S2), 0, theme.px(tokens.S4))
        column.setSpacing(0)
        self.gaps = RowList(theme, self.tr("Open gaps"), self)
        self.notes = RowList(theme, self.tr("Notes"), self)
        self._gap_count = words(theme, "", tokens.INTERFACE, "2")
        self._note_count = words(theme, "", tokens.INTERFACE, "2")
        self._order = words(theme, self.tr("most asked first"), tokens.META, "3")
        self.new = link(theme, self.tr("New note"))
        self.new.clicked.connect(self.newWanted)
        column.addWidget(self._head(self.tr("Open gaps"), self._gap_count, self._order))
        self._no_gaps = self._hint()
        column.addWidget(self._no_gaps)
        column.addWidget(self.gaps)
        column.addSpacing(theme.px(tokens.S2))
        column.addWidget(line())
        column.addSpacing(theme.px(tokens.S2))
        column.addWidget(self._head(self.tr("Notes"), self._note_count, self.new))
        self._no_notes = self._hint()
        column.addWidget(self._no_notes)
        column.addWidget(self.notes)
        column.addStretch(1)
        self.setWidget(page)
        for rows in (self.gaps, self.notes):
            rows.picked.connect(self._on_picked)
            rows.activatedRow.connect(self.activatedRow)
        self.gaps.passed.connect(self._on_passed_down)
        self.notes.passed.connect(self._on_passed_up)

    def show_rows(self, gaps: Sequence[ShelfRow], notes: Sequence[ShelfRow], hints: tuple[str, str]) -> None:
        """Show both lists; ``hints`` are said in the place of an empty one."""
        self.gaps.show_rows(gaps)
        self.notes.show_rows(notes)
        self._gap_count.setText(f"{len(gaps):,}" if gaps else "")
        self._note_count.setText(f"{len(notes):,}" if notes else "")
        self._order.setVisible(len(gaps) > 1)
        for rows, label, hint in ((gaps, self._no_gaps, hints[0]), (notes, self._no_notes, hints[1])):
            label.setText(hint)
            label.setVisible(not rows and bool(hint))

    def choose(self, row_id: str) -> None:
        """Mark a row without telling; an unknown id marks none."""
        for rows in (self.gaps, self.notes):
            rows.choose(row_id)

    def set_new_word(self, drafted: bool) -> None:
        """Say that a new note waits to be gone on with, or that one can be begun."""
        self.new.setText(self.tr("Go on with your draft") if drafted else self.tr("New note"))

    def focus_first(self) -> None:
        """Put the keyboard on the chosen row, or on the first."""
        chosen = self.notes if self.notes.current() else self.gaps
        target = chosen if chosen.count() else (self.notes if self.notes.count() else self.new)
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(target, RowList) and not target.current():
            target.setCurrentIndex(target.model().index(0, 0))

    # ------------------------------------------------------------------------ private

    def _head(self, name: str, count: QWidget, right: QWidget) -> QWidget:
        theme = self._theme
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(theme.px(tokens.S4), theme.px(tokens.S1), theme.px(tokens.S4), theme.px(2))
        row.setSpacing(theme.px(tokens.S2))
        row.addWidget(words(theme, name, tokens.STRONG))
        row.addWidget(count)
        row.addStretch(1)
        row.addWidget(right)
        return head

    def _hint(self) -> QLabel:
        theme = self._theme
        hint = words(theme, "", tokens.INTERFACE, "3", wrap=True)
        hint.setContentsMargins(theme.px(tokens.S4), theme.px(2), theme.px(tokens.S4), theme.px(tokens.S2))
        hint.hide()
        return hint

    def _on_picked(self, row: ShelfRow) -> None:
        (self.notes if row.gap else self.gaps).choose("")
        self.picked.emit(row)

    def _on_passed_down(self, step: int) -> None:
        if step > 0 and self.notes.count():
            self.notes.begin(0)

    def _on_passed_up(self, step: int) -> None:
        if step < 0 and self.gaps.count():
            self.gaps.begin(self.gaps.count() - 1)


class RowList(QListView):
    """One list, as high as its rows; the page around scrolls. ``passed`` tells that the keyboard
    went past its end (+1) or its beginning (-1).
    """

    picked = Signal(object)
    activatedRow = Signal(object)
    passed = Signal(int)

    def __init__(self, theme: Theme, name: str, around: QScrollArea) -> None:
        super().__init__()
        self._around = around
        self._height = theme.px(tokens.ROW_TWO_LINES)
        self._rows = RowModel[ShelfRow](self, _spoken)
        self.setModel(self._rows)
        self.setItemDelegate(_Delegate(theme, self, tokens.ROW_TWO_LINES))
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)
        self.setFixedHeight(0)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.activated.connect(self._on_activated)

    def show_rows(self, rows: Sequence[ShelfRow]) -> None:
        """Show other rows; the chosen one stays chosen."""
        chosen = self.current()
        blocked = self.selectionModel().blockSignals(True)
        self._rows.set_rows(rows)
        self.setFixedHeight(self._height * len(rows))
        self.selectionModel().blockSignals(blocked)
        self.choose(chosen)

    def current(self) -> str:
        """Return the id of the chosen row, or empty."""
        index = self.currentIndex()
        return self._rows.rows[index.row()].id if index.isValid() else ""

    def count(self) -> int:
        """Return how many rows there are."""
        return len(self._rows.rows)

    def choose(self, row_id: str) -> None:
        """Mark a row without telling."""
        at = next((i for i, row in enumerate(self._rows.rows) if row.id == row_id), -1) if row_id else -1
        blocked = self.selectionModel().blockSignals(True)
        self.setCurrentIndex(self._rows.index(at, 0) if at >= 0 else QModelIndex())
        if at < 0:
            self.clearSelection()
        self.selectionModel().blockSignals(blocked)
        self.viewport().update()

    def begin(self, at: int) -> None:
        """Take the keyboard at a row."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setCurrentIndex(self._rows.index(at, 0))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave scrolling to the page around."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on into the other list where this one ends."""
        at = self.currentIndex().row()
        if event.key() == Qt.Key.Key_Down and at == self.count() - 1:
            self.passed.emit(1)
        elif event.key() == Qt.Key.Key_Up and at <= 0:
            self.passed.emit(-1)
        else:
            super().keyPressEvent(event)

    def _on_current(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        page = self._around.widget()
        if page is not None:
            top = self.mapTo(page, self.rect().topLeft()).y() + index.row() * self._height
            self._around.ensureVisible(0, top + self._height // 2, 0, self._height)
        self.picked.emit(self._rows.rows[index.row()])

    def _on_activated(self, index: QModelIndex) -> None:
        self.activatedRow.emit(self._rows.rows[index.row()])


class _Delegate(RowDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._theme
        row = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(row, ShelfRow):
            return
        box = QRect(option.rect)
        selected = paint_ground(painter, theme, option)
        left, right = box.left() + theme.px(tokens.S4), box.right() - theme.px(tokens.S4)
        top, height = box.top() + theme.px(4), theme.px(20)
        if row.gap:
            side = theme.px(9)
            place = QRectF(left + theme.px(1), top + (height - side) / 2, side, side)
            paint_mark(painter, theme, Mark.MISSING, place)
        else:
            self._paint_icon(painter, "note", "text_2", left, top, 16)
        left += theme.px(26)
        end = self._paint_right(painter, row, QRect(left, top, right - left, height), selected)
        middle = Qt.AlignmentFlag.AlignVCenter
        elided = Qt.TextElideMode.ElideRight
        painter.setFont(theme.font(tokens.INTERFACE))
        painter.setPen(theme.colour("text"))
        title = QRect(left, top, end - left, height)
        shown = QFontMetricsF(painter.font()).elidedText(plain(row.title), elided, title.width())
        painter.drawText(title, middle, shown)
        painter.setFont(theme.font(tokens.META))
        painter.setPen(theme.colour("text_2" if selected else "text_3"))
        below = QRect(left, top + height - theme.px(1), right - left, theme.px(16))
        shown = QFontMetricsF(painter.font()).elidedText(plain(row.detail), elided, below.width())
        painter.drawText(below, middle, shown)

    def _paint_right(self, painter: QPainter, row: ShelfRow, box: QRect, selected: bool) -> int:
        """Paint the word at the right with its sign; returns where the title must end."""
        theme = self._theme
        painter.setFont(theme.font(tokens.META))
        painter.setPen(theme.colour("text_2" if selected else "text_3" if row.gap else "text_2"))
        width = round(QFontMetricsF(painter.font()).horizontalAdvance(row.right)) + 1
        place = QRect(box.right() - width, box.top(), width, box.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, row.right)
        end = place.left()
        if row.state in STATE_ICONS:
            name, role = STATE_ICONS[row.state]
            end -= theme.px(19)
            self._paint_icon(painter, name, role, end, box.top(), 14)
        return end - theme.px(tokens.S3)

    def _paint_icon(self, painter: QPainter, name: str, role: str, left: int, top: int, side: int) -> None:
        theme = self._theme
        scaled = theme.px(side)
        ratio = painter.device().devicePixelRatioF()
        picture = pixmap(name, getattr(theme.roles, role), scaled, ratio)
        painter.drawPixmap(left, top + (theme.px(20) - scaled) // 2, picture)


def _spoken(_: int, row: ShelfRow) -> str:
    return ", ".join(part for part in (row.title, row.right, row.detail) if part)
