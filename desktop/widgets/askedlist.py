"""What was asked before, newest first, with the label of each answer; a field filters by words."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop import tokens
from desktop.answer_text import BADGES
from desktop.dates import day, lately
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.filterfield import FilterField
from desktop.widgets.painting import paint_verdict_sign
from desktop.widgets.rowmodel import Index, RowDelegate, RowModel
from desktop.widgets.sources import paint_ground
from desktop.widgets.words import words
from indexer.pages import AskedBefore, AskedList

ROW = 32


class _Delegate(RowDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._theme
        row = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(row, AskedBefore):
            return
        box = QRect(option.rect)
        selected = paint_ground(painter, theme, option)
        side, left = theme.px(16), box.left() + theme.px(tokens.S6)
        sign = QRectF(left, box.center().y() - side / 2 + 0.5, side, side)
        paint_verdict_sign(painter, theme, row.status, sign)
        left += theme.px(26)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font(tokens.META))
        painter.setPen(theme.colour("text_2" if selected else "text_3"))
        when = lately(row.asked)
        placed = round(QFontMetricsF(painter.font()).horizontalAdvance(when)) + 2
        right = box.right() - theme.px(tokens.S6)
        painter.drawText(QRect(right - placed, box.top(), placed, box.height()), middle, when)
        painter.setFont(theme.font(tokens.INTERFACE))
        painter.setPen(theme.colour("text"))
        room = QRect(left, box.top(), right - placed - theme.px(tokens.S3) - left, box.height())
        fits = QFontMetricsF(painter.font()).elidedText(
            plain(row.question), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, middle, fits)


class AskedPage(QWidget):
    """Emits the question that was picked, and what the field filters by."""

    picked = Signal(object)
    filtered = Signal(str)
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.px(tokens.S1), 0, 0)
        column.setSpacing(theme.px(tokens.S2))
        top = QVBoxLayout()
        side = theme.px(tokens.S6)
        top.setContentsMargins(side, 0, side, 0)
        top.setSpacing(theme.px(tokens.S2))
        top.addWidget(words(theme, self.tr("Questions asked here"), tokens.QUESTION))
        self.field = FilterField(theme, self.tr("Filter by words"), self.tr("Filter the questions"))
        self.field.textChanged.connect(self.filtered)
        top.addWidget(self.field)
        self._said = words(theme, "", tokens.INTERFACE, "2", wrap=True)
        top.addWidget(self._said)
        column.addLayout(top)
        self._model = RowModel[AskedBefore](self, _spoken)
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setItemDelegate(_Delegate(theme, self.list, ROW))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setAccessibleName(self.tr("Questions asked here"))
        self.list.clicked.connect(self._on_picked)
        column.addWidget(self.list, 1)

    def show_list(self, found: AskedList) -> None:
        """Show the questions, or say that there are none."""
        # A question that was asked again stands once, with its last answer.
        newest = {" ".join(row.question.split()): row for row in reversed(found.rows)}
        self._model.set_rows(sorted(newest.values(), key=lambda row: row.asked, reverse=True))
        if found.rows:
            text = ""
        elif self.field.text():
            text = self.tr("No question asked here holds these words.")
        else:
            text = self.tr(
                "Nothing was asked here yet. Every answer is kept with its sources and its commit."
            )
        if found.total > len(found.rows):
            text = self.tr("%(shown)d of %(total)d, the newest first.") % {
                "shown": len(found.rows),
                "total": found.total,
            }
        self._said.setText(text)
        self._said.setVisible(bool(text))

    def count(self) -> int:
        """Return how many questions are listed."""
        return len(self._model.rows)

    def begin(self) -> None:
        """Put the focus where typing filters."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go into the list, open a question, or leave."""
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key == Qt.Key.Key_Down and self.field.hasFocus() and self._model.rows:
            self.list.setFocus()
            self.list.setCurrentIndex(self._model.index(0))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._model.rows:
            here = self.list.currentIndex()
            self._on_picked(here if here.isValid() else self._model.index(0))
        else:
            super().keyPressEvent(event)

    def _on_picked(self, index: QModelIndex) -> None:
        self.picked.emit(self._model.rows[index.row()])


def _spoken(_: int, row: AskedBefore) -> str:
    return f"{row.question}, {BADGES[row.status]}, {day(row.asked)}"
