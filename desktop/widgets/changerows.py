"""Lines of a summary of changes: commits and definitions, each leading to its place by mouse and by keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QFrame, QListView, QStyleOptionViewItem

from desktop import tokens
from desktop.icons import pixmap
from desktop.oddities import plain
from desktop.places import CommitPlace, SourcePlace
from desktop.theme import Theme
from desktop.widgets.rowmodel import Index, RowDelegate, RowModel
from desktop.widgets.sources import paint_ground

SIGN = 20
LEAST_TITLE = 180
"""Room that a title keeps, px at 100 %, before what stands at the right gives way."""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One line: a sign in the colour of ``role``, a title, what stands at the right, where it leads."""

    sign: str
    role: str
    title: str
    right: str
    place: CommitPlace | SourcePlace
    spoken: str
    detail: str = ""
    code: bool = False
    icon: str = ""
    """Painted in the place of the sign."""


class _Delegate(RowDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._theme
        row = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(row, ChangeRow):
            return
        box = QRect(option.rect)
        selected = paint_ground(painter, theme, option)
        middle = Qt.AlignmentFlag.AlignVCenter
        left, right = box.left() + theme.px(tokens.S2), box.right() - theme.px(tokens.S2)
        if row.icon:
            side = theme.px(14)
            made = pixmap(row.icon, theme.roles.text_3, side, painter.device().devicePixelRatioF())
            painter.drawPixmap(left, box.top() + (box.height() - side) // 2, made)
        painter.setFont(theme.font(tokens.STRONG))
        painter.setPen(theme.colour(row.role))
        painter.drawText(QRect(left, box.top(), theme.px(SIGN), box.height()), middle, row.sign)
        left += theme.px(SIGN)
        painter.setFont(theme.font(tokens.META))
        painter.setPen(theme.colour("text_2" if selected else "text_3"))
        metrics = QFontMetricsF(painter.font())
        room = max(right - left - theme.px(LEAST_TITLE) - theme.px(tokens.S3), 0)
        aside = metrics.elidedText(plain(row.right), Qt.TextElideMode.ElideLeft, room)
        placed = round(metrics.horizontalAdvance(aside)) + 1 if aside.strip("…") else 0
        if placed:
            painter.drawText(QRect(right - placed, box.top(), placed, box.height()), middle, aside)
        font = theme.font(tokens.CODE if row.code else tokens.INTERFACE)
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        width = right - placed - theme.px(tokens.S3) - left
        fits = QFontMetricsF(font).elidedText(plain(row.title), Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRect(left, box.top(), width, box.height()), middle, fits)


class ChangeRows(QListView):
    """As high as its rows are many; the page around scrolls."""

    opened = Signal(object)

    def __init__(self, theme: Theme, name: str, rows: Sequence[ChangeRow]) -> None:
        super().__init__()
        self.rows = tuple(rows)
        self.setModel(RowModel[ChangeRow](self, _spoken, rows, _hint))
        self.setItemDelegate(_Delegate(theme, self))
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setFixedHeight(theme.px(tokens.ROW) * len(rows))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)
        self.clicked.connect(self._on_opened)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave scrolling to the page around."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the row with Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._on_opened(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and event.reason() is not Qt.FocusReason.MouseFocusReason:
            self.setCurrentIndex(self.model().index(0, 0))

    def _on_opened(self, index: QModelIndex) -> None:
        self.opened.emit(self.rows[index.row()].place)


def _spoken(_: int, row: ChangeRow) -> str:
    return row.spoken


def _hint(row: ChangeRow) -> str:
    return row.detail or row.title
