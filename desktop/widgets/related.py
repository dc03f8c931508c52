"""The list under a source: what mentions it, the history of its lines, where a name is defined and used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from desktop import tokens
from desktop.icons import icon, pixmap
from desktop.oddities import plain
from desktop.places import Place
from desktop.theme import Theme
from desktop.widgets.rowmodel import Index, RowDelegate, RowModel
from desktop.widgets.sources import paint_ground, paint_path
from desktop.widgets.words import button, tool, words

MAX_ROWS = 6


@dataclass(frozen=True, slots=True)
class RelatedRow:
    """One row: a heading when it has no place, else where it leads."""

    title: str
    place: Place | None = None
    icon: str = ""
    right: str = ""
    detail: str = ""
    is_path: bool = False


class _Rows(RowModel[RelatedRow]):
    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.rows[index.row()] if index.isValid() else None
        if row is None or row.place is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Delegate(RowDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._theme
        row = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(row, RelatedRow):
            return
        box = QRect(option.rect)
        left, right = box.left() + theme.px(tokens.S4), box.right() - theme.px(tokens.S4)
        middle = Qt.AlignmentFlag.AlignVCenter
        if row.place is None:
            painter.setFont(theme.font(tokens.META_STRONG))
            painter.setPen(theme.colour("text_2"))
            painter.drawText(QRect(left, box.top(), right - left, box.height()), middle, row.title)
            return
        selected = paint_ground(painter, theme, option)
        side = theme.px(14)
        ratio = painter.device().devicePixelRatioF()
        icon_top = box.top() + (box.height() - side) // 2
        painter.drawPixmap(left, icon_top, pixmap(row.icon or "code", theme.roles.text_3, side, ratio))
        left += theme.px(22)
        painter.setFont(theme.font(tokens.META))
        painter.setPen(theme.colour("text_2" if selected else "text_3"))
        place = plain(row.right)
        placed = round(QFontMetricsF(painter.font()).horizontalAdvance(place)) + 1
        painter.drawText(QRect(right - placed, box.top(), placed, box.height()), middle, place)
        room = right - placed - theme.px(tokens.S3) - left
        font = theme.font(tokens.INTERFACE)
        wanted = round(QFontMetricsF(font).horizontalAdvance(plain(row.title))) + 2
        titled = min(wanted, room if not row.detail else max(room * 3 // 5, room - theme.px(160)))
        where = QRect(left, box.top(), titled, box.height())
        if row.is_path:
            paint_path(painter, theme, where, plain(row.title))
        else:
            painter.setFont(font)
            painter.setPen(theme.colour("text"))
            fits = QFontMetricsF(font).elidedText(plain(row.title), Qt.TextElideMode.ElideRight, titled)
            painter.drawText(where, middle, fits)
        rest = room - titled - theme.px(tokens.S3)
        if row.detail and rest > theme.px(60):
            font = theme.font(tokens.CODE)
            painter.setFont(font)
            painter.setPen(theme.colour("text_2"))
            fits = QFontMetricsF(font).elidedText(plain(row.detail), Qt.TextElideMode.ElideRight, rest)
            where = QRect(left + titled + theme.px(tokens.S3), box.top(), rest, box.height())
            painter.drawText(where, middle, fits)


class _List(QListView):
    entered_row = Signal(QModelIndex)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.entered_row.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class RelatedPanel(QFrame):
    """Folds away by its head; emits the place of the row that was opened."""

    opened = Signal(object)
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", "pane")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(theme.px(tokens.S2), theme.px(tokens.S1), theme.px(tokens.S3), theme.px(2))
        head.setSpacing(theme.px(6))
        self._fold = button(theme, "", "down", flat=True)
        self._fold.setFont(theme.font(tokens.STRONG))
        self._fold.setStyleSheet(f"padding: 0 {theme.px(6)}px;")
        self._fold.clicked.connect(self._on_fold)
        self._count = words(theme, "", tokens.INTERFACE, "2")
        self._close = tool(theme, "close", self.tr("Close this list"), 24)
        self._close.clicked.connect(self.closed)
        head.addWidget(self._fold)
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self._close)
        column.addLayout(head)
        self._note = words(theme, "", tokens.INTERFACE, "2", wrap=True)
        margin = theme.px(tokens.S4)
        self._note.setContentsMargins(margin, 0, margin, theme.px(tokens.S2))
        column.addWidget(self._note)
        self._model = _Rows(self, _spoken)
        self.list = _List()
        self.list.setModel(self._model)
        self.list.setItemDelegate(_Delegate(theme, self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(self._on_opened)
        self.list.entered_row.connect(self._on_opened)
        column.addWidget(self.list)
        self._open = True
        self._most, self._room = MAX_ROWS, 100
        self._titled = self._away = False
        self.show_rows("", (), "")

    def show_rows(
        self,
        title: str,
        rows: Sequence[RelatedRow],
        count: str,
        note: str = "",
        *,
        closable: bool = False,
        most: int = MAX_ROWS,
    ) -> None:
        """Show a list under ``title``; ``note`` says why it is empty or that it is still coming.

        It scrolls beyond ``most`` rows.
        """
        self._most = most
        self._fold.setText(f" {title}".replace("&", "&&"))
        self._fold.setAccessibleName(title or self.tr("Fold this list"))
        self.list.setAccessibleName(title)
        self._count.setText(count)
        self._note.setText(note)
        self._close.setVisible(closable)
        self._model.set_rows(rows)
        self._titled = bool(title)
        self.setVisible(self._titled and not self._away)
        self._fit()

    def set_away(self, away: bool) -> None:
        """Make room for something else for a while."""
        self._away = away
        self.setVisible(self._titled and not away)

    def set_room(self, rows: int) -> None:
        """Take at most so many rows, whatever there is to show; without room only the head stays."""
        if rows != self._room:
            self._room = rows
            self._fit()

    def rows(self) -> tuple[RelatedRow, ...]:
        """Return what is listed."""
        return self._model.rows

    def _fit(self) -> None:
        rows = min(self._most, self._room, len(self._model.rows)) if self._open else 0
        self.list.setFixedHeight(rows * self._theme.px(tokens.ROW) + (self._theme.px(6) if rows else 0))
        self.list.setVisible(rows > 0)
        self._note.setVisible(bool(self._note.text()) and self._open)
        name = "down" if self._open else "forward"
        self._fold.setIcon(icon(name, self._theme.roles.text_2, side=self._theme.px(16)))

    def _on_fold(self) -> None:
        self._open = not self._open
        self._fit()

    def _on_opened(self, index: QModelIndex) -> None:
        row = self._model.rows[index.row()]
        if row.place is not None:
            self.opened.emit(row.place)


def _spoken(_: int, row: RelatedRow) -> str:
    return ", ".join(part for part in (row.title, row.right, row.detail) if part)
