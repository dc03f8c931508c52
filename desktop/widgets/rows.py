"""Rows that lead somewhere: a small word or picture, the text, and a place or a time at the right."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFont, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from desktop import tokens
from desktop.icons import pixmap
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.words import tip


@dataclass(frozen=True, slots=True)
class RowParts:
    """What stands in a row; an empty part takes no room."""

    text: str
    right: str = ""
    kind: str = ""
    icon: str = ""
    as_link: bool = True
    ruled: bool = True
    """True: a hairline above."""
    spoken: str = ""
    """What a screen reader says; empty: the parts in their order."""


class LinkRow(QAbstractButton):
    """One row; emits ``opened`` with what it leads to."""

    opened = Signal(object)

    def __init__(
        self, theme: Theme, parts: RowParts, leads_to: object, height: int = tokens.ROW_TABLE
    ) -> None:
        super().__init__()
        self._theme = theme
        self._parts = parts
        self.leads_to = leads_to
        self.setText(plain(parts.text))
        spoken = ", ".join(part for part in (parts.kind, parts.text, parts.right) if part)
        self.setAccessibleName(plain(parts.spoken or spoken))
        self.setFixedHeight(theme.px(height))
        self.setMinimumWidth(theme.px(120))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._on_clicked)

    def sizeHint(self) -> QSize:
        """Return the size of the whole text."""
        width = QFontMetricsF(self._theme.font(tokens.INTERFACE)).horizontalAdvance(self.text())
        return QSize(round(width) + self._theme.px(140), self.height())

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that the row can be clicked."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Show the row at rest."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint hairline, parts and focus."""
        theme, parts, painter = self._theme, self._parts, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_row_ground(painter, theme, self, ruled=parts.ruled)
        box = QRectF(0, 0, self.width(), self.height())
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        if parts.kind:
            painter.setFont(theme.font(tokens.META))
            painter.setPen(theme.colour("text_2"))
            painter.drawText(box, middle, parts.kind)
            box.setLeft(theme.px(52))
        side = theme.px(16)
        if parts.icon:
            self.paint_icon(painter, QRectF(0, (box.height() - side) / 2, side, side))
            box.setLeft(theme.px(26))
        self._paint_text(painter, box)

    def paint_icon(self, painter: QPainter, box: QRectF) -> None:
        """Paint what stands before the text."""
        picture = pixmap(
            self._parts.icon, self._theme.roles.text_2, round(box.width()), self.devicePixelRatioF()
        )
        painter.drawPixmap(round(box.left()), round(box.top()), picture)

    def _paint_text(self, painter: QPainter, box: QRectF) -> None:
        theme, parts = self._theme, self._parts
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        font = QFont(theme.font(tokens.INTERFACE))
        metrics = QFontMetricsF(font)
        whole = metrics.horizontalAdvance(self.text())
        right = plain(parts.right)
        if right:
            small = theme.font(tokens.META)
            least = min(QFontMetricsF(small).horizontalAdvance(right) + 1, box.width() * 0.6)
            room = max(box.width() - whole - theme.px(16), min(least, box.width() * 0.4))
            shown = QFontMetricsF(small).elidedText(right, Qt.TextElideMode.ElideLeft, room)
            painter.setFont(small)
            painter.setPen(theme.colour("text_3"))
            painter.drawText(box, middle | int(Qt.AlignmentFlag.AlignRight), shown)
            box.setRight(box.right() - QFontMetricsF(small).horizontalAdvance(shown) - theme.px(12))
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, box.width())
        self.setToolTip("" if text == self.text() else tip(self.text()))
        font.setUnderline(self.underMouse() and parts.as_link)
        painter.setFont(font)
        painter.setPen(theme.colour("link" if parts.as_link else "text"))
        painter.drawText(box, middle, text)

    def _on_clicked(self) -> None:
        self.opened.emit(self.leads_to)


def paint_row_ground(
    painter: QPainter, theme: Theme, row: QWidget, *, ruled: bool, hover: bool = False
) -> None:
    """Paint a row's hairline, and its focus: text begins at the very edge, where a ring would cut it."""
    if ruled:
        painter.fillRect(0, 0, row.width(), 1, theme.colour("hairline"))
    if row.hasFocus():
        painter.fillRect(0, 1, row.width(), row.height() - 1, theme.colour("cite"))
        thick = theme.px(2)
        painter.fillRect(0, row.height() - thick, row.width(), thick, theme.colour("accent"))
    elif hover and row.underMouse():
        painter.fillRect(0, 1, row.width(), row.height() - 1, theme.colour("hover"))


class Columns(QWidget):
    """Lays rows out in two columns, the first half at the left; in one where there is no room."""

    def __init__(self, theme: Theme, rows: list[LinkRow], least: int = 300) -> None:
        super().__init__()
        self._rows = rows
        self._gap = theme.px(tokens.S5)
        self._least = theme.px(least)
        for row in rows:
            row.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._lay_out()

    def sizeHint(self) -> QSize:
        """Return the size at the present width."""
        return QSize(2 * self._least + self._gap, self._height())

    def minimumSizeHint(self) -> QSize:
        """Return the least width, and the height at the present one."""
        return QSize(self._least // 2, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out again."""
        super().resizeEvent(event)
        self._lay_out()

    def _count(self) -> int:
        return 2 if self.width() >= 2 * self._least + self._gap and len(self._rows) > 1 else 1

    def _height(self) -> int:
        if not self._rows:
            return 0
        half = -(-len(self._rows) // self._count())
        return half * self._rows[0].height()

    def _lay_out(self) -> None:
        count = self._count()
        half = -(-len(self._rows) // count)
        width = (self.width() - self._gap * (count - 1)) // count
        for i, row in enumerate(self._rows):
            column, line = divmod(i, half)
            row.setGeometry(column * (width + self._gap), line * row.height(), width, row.height())
        self.setFixedHeight(self._height())
