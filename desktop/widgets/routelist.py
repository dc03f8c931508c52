"""The route of a tour as a list: what is done, where one stands, where one was stuck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QModelIndex,
    QPointF,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QSizePolicy,
    QStyle,
    QStyleOptionViewItem,
    QWidget,
)

from desktop import tokens
from desktop.icons import pixmap
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.painting import Mark, paint_mark
from desktop.widgets.rowmodel import Index, RowDelegate, RowModel
from desktop.widgets.statements import pieces

ROW = 46
DOT = 19
LEFT = 15
"""From the edge to the middle of the dots, and from there to the text, px at 100 %."""


@dataclass(frozen=True, slots=True)
class RouteRow:
    """One step: ``detail`` is where it is read; ``stuck``: a gap was met there; ``changed``: its code is
    not as it was.
    """

    key: str
    title: str
    detail: str
    minutes: int
    done: bool = False
    stuck: bool = False
    changed: bool = False


class RouteList(QListView):
    """Emits the key of the step that was chosen, by pointer or by keyboard."""

    picked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._quiet = False
        self._rows = RowModel[RouteRow](self, self._spoken, hint=_hint)
        self.setModel(self._rows)
        self.setItemDelegate(_Delegate(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(self.tr("Steps of the tour"))
        self.selectionModel().currentChanged.connect(self._on_current)

    def show_rows(self, rows: Sequence[RouteRow], current: str) -> None:
        """Show these steps, with the one of this key chosen; tells nobody."""
        self._quiet = True
        if tuple(rows) != self._rows.rows:
            self._rows.set_rows(rows)
        self.choose(current)
        self._quiet = False

    def choose(self, key: str) -> None:
        """Show the step of this key as the chosen one; tells nobody."""
        place = next((at for at, row in enumerate(self._rows.rows) if row.key == key), -1)
        quiet, self._quiet = self._quiet, True
        if place < 0:
            self.setCurrentIndex(QModelIndex())
        elif self.currentIndex().row() != place:
            self.setCurrentIndex(self._rows.index(place, 0))
        self._quiet = quiet
        self.viewport().update()

    def rows(self) -> tuple[RouteRow, ...]:
        """Return what is shown."""
        return self._rows.rows

    # ------------------------------------------------------------------------ private

    def _spoken(self, at: int, row: RouteRow) -> str:
        state = [
            self.tr("done") if row.done else "",
            self.tr("you were stuck here") if row.stuck else "",
            self.tr("the code changed") if row.changed else "",
        ]
        words = [str(at + 1), row.title.replace("`", ""), row.detail, *state]
        return ", ".join(each for each in words if each)

    def _on_current(self, index: QModelIndex) -> None:
        if not self._quiet and index.isValid():
            self.picked.emit(self._rows.rows[index.row()].key)


class _Delegate(RowDelegate):
    def __init__(self, theme: Theme, view: RouteList) -> None:
        super().__init__(theme, view, ROW)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(row, RouteRow):
            return
        theme = self._theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect)
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen:
            focused = self._view.hasFocus()
            painter.fillRect(box, theme.colour("selection" if focused else "cite"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, theme.colour("hover"))
        self._paint_dot(painter, box, row, index.row(), chosen=chosen)
        self._paint_words(painter, box, row, chosen=chosen)
        painter.restore()

    def _paint_dot(self, painter: QPainter, box: QRectF, row: RouteRow, at: int, *, chosen: bool) -> None:
        theme = self._theme
        side = theme.px(DOT)
        middle = QPointF(box.left() + theme.px(LEFT) + side / 2, box.center().y())
        last = at == len(self._view.rows()) - 1
        painter.setPen(QPen(theme.colour("outline"), theme.px(1)))
        if at:
            painter.drawLine(QPointF(middle.x(), box.top()), QPointF(middle.x(), middle.y() - side / 2))
        if not last:
            painter.drawLine(QPointF(middle.x(), middle.y() + side / 2), QPointF(middle.x(), box.bottom()))
        dot = QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent"))
        elif row.done:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("text_3"))
        else:
            painter.setPen(QPen(theme.colour("border"), theme.px(1)))
            painter.setBrush(theme.colour("page"))
        painter.drawEllipse(dot)
        if row.done:
            inner = theme.px(13)
            colour = theme.roles.on_accent if chosen else theme.roles.page
            picture = pixmap("check", colour, inner, self._view.devicePixelRatioF())
            painter.drawPixmap(round(middle.x() - inner / 2), round(middle.y() - inner / 2), picture)
            return
        painter.setFont(theme.font(tokens.META))
        painter.setPen(theme.colour("on_accent" if chosen else "text_2"))
        painter.drawText(dot, int(Qt.AlignmentFlag.AlignCenter), str(at + 1))

    def _paint_words(self, painter: QPainter, box: QRectF, row: RouteRow, *, chosen: bool) -> None:
        theme = self._theme
        left = box.left() + theme.px(2 * LEFT + DOT)
        right = box.right() - theme.px(12)
        if row.stuck:
            side = theme.px(9)
            paint_mark(
                painter, theme, Mark.MISSING, QRectF(right - side, box.center().y() - side / 2, side, side)
            )
            right -= theme.px(18)
        upper = QRectF(left, box.top() + theme.px(4), right - left, theme.px(20))
        lower = QRectF(left, box.top() + theme.px(24), right - left, theme.px(16))
        font = theme.font(tokens.STRONG if chosen else tokens.INTERFACE)
        title = "".join(piece for piece, _ in pieces(plain(row.title)))
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        fits = QFontMetricsF(font).elidedText(title, Qt.TextElideMode.ElideRight, upper.width())
        painter.drawText(upper, int(Qt.AlignmentFlag.AlignVCenter), fits)
        small = theme.font(tokens.META)
        painter.setFont(small)
        painter.setPen(theme.colour("text_2"))
        minutes = self.tr("%d min") % row.minutes
        if row.changed:
            minutes = self.tr("code changed")
        width = QFontMetricsF(small).horizontalAdvance(minutes)
        painter.drawText(lower, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), minutes)
        room = lower.width() - width - theme.px(8)
        detail = QFontMetricsF(small).elidedText(plain(row.detail), Qt.TextElideMode.ElideLeft, room)
        painter.drawText(lower, int(Qt.AlignmentFlag.AlignVCenter), detail)


class Progress(QWidget):
    """A bar in as many parts as there are steps; the one that is open is outlined."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._done: tuple[bool, ...] = ()
        self._at = -1
        self.setFixedHeight(theme.px(6))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_steps(self, done: Sequence[bool], at: int) -> None:
        """Show which steps are done, and which is open (-1: none)."""
        self._done, self._at = tuple(done), at
        self.setAccessibleName(
            self.tr("%(done)d of %(all)d steps done") % {"done": sum(done), "all": len(done)}
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a part for each step."""
        theme, painter = self._theme, QPainter(self)
        count = len(self._done)
        if not count:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gap = theme.px(3)
        width = (self.width() - gap * (count - 1)) / count
        for at, done in enumerate(self._done):
            part = QRectF(at * (width + gap), 0, width, self.height()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.setPen(QPen(theme.colour("accent" if at == self._at else "outline"), 1))
            painter.setBrush(theme.colour("accent" if done else "sunken" if at != self._at else "page"))
            if done:
                painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(part, 1, 1)


def _hint(row: RouteRow) -> str:
    return "\n".join(each for each in (row.title.replace("`", ""), row.detail) if each)
