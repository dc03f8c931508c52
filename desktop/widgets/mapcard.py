"""What a tile of the map stands for, in a card beside it: the numbers, and nothing to click."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop import tokens
from desktop.dates import day
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.signs import ReasonMeter
from desktop.widgets.words import words
from indexer.shapes.modules import FileRow

WIDEST = 420


class MapCard(QFrame):
    """One card for a map, shown beside what it is about and never over it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._around = parent
        self.setProperty("kind", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(*(theme.px(tokens.S3),) * 4)
        self._column.setSpacing(theme.px(2))
        self._path = words(theme, "", tokens.STRONG)
        self._lines = words(theme, "", tokens.INTERFACE, "2")
        self._meter = QWidget()
        self._meter_row = QHBoxLayout(self._meter)
        self._meter_row.setContentsMargins(0, theme.px(tokens.S1), 0, 0)
        self._meter_row.setSpacing(theme.px(tokens.S2))
        for each in (self._path, self._lines, self._meter):
            self._column.addWidget(each)
        self.hide()

    def show_file(self, row: FileRow, near: QRect, months: int) -> None:
        """Show the numbers of a file beside ``near``, in the coordinates of the parent."""
        metrics = self._path.fontMetrics()
        room = min(self._theme.px(WIDEST), self._around.width()) - 2 * self._theme.px(tokens.S3)
        self._path.setText(metrics.elidedText(plain(row.path), Qt.TextElideMode.ElideLeft, room))
        self._lines.setText("\n".join(self._told(row, months)))
        self._show_meter(row)
        self._place(near)

    def text(self) -> str:
        """Return what is said."""
        return f"{self._path.text()}\n{self._lines.text()}"

    # ------------------------------------------------------------------------ private

    def _told(self, row: FileRow, months: int) -> list[str]:
        lines = self.tr("%s lines") % f"{row.lines:,}"
        if row.why.definitions:
            lines += self.tr(", %s definitions") % f"{row.why.definitions:,}"
        changes = self._changes(row.changes, months)
        if row.last_changed:
            changes += self.tr(", last %s") % day(row.last_changed)
        authors = self.tr("1 author ever") if row.authors == 1 else self.tr("%d authors ever") % row.authors
        return [lines, changes, authors if row.authors else self.tr("Not committed yet")]

    def _changes(self, changes: int, months: int) -> str:
        count = self.tr("1 change") if changes == 1 else self.tr("%s changes") % f"{changes:,}"
        return (
            self.tr("%(count)s in %(months)d months") % {"count": count, "months": months}
            if months
            else count
        )

    def _show_meter(self, row: FileRow) -> None:
        while (item := self._meter_row.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.setParent(None)
        self._meter.setVisible(bool(row.why.definitions))
        if row.why.definitions:
            meter = ReasonMeter(self._theme, row.why.reasons / row.why.definitions, 8)
            meter.setFixedWidth(self._theme.px(76))
            said = self.tr("%(reasons)d of %(all)d with a reason") % {
                "reasons": row.why.reasons,
                "all": row.why.definitions,
            }
            self._meter_row.addWidget(meter, 0, Qt.AlignmentFlag.AlignVCenter)
            self._meter_row.addWidget(words(self._theme, said))
            self._meter_row.addStretch(1)

    def _place(self, near: QRect) -> None:
        self.show()
        self._column.activate()
        size = self._column.sizeHint()
        parent, gap = self._around.rect(), self._theme.px(tokens.S2)
        left = near.right() + gap
        if left + size.width() > parent.right():
            left = max(0, near.left() - gap - size.width())
        top = min(max(0, near.top()), parent.bottom() - size.height())
        if QRect(left, top, size.width(), size.height()).intersects(near):
            below = near.bottom() + gap + size.height() <= parent.bottom()
            top = near.bottom() + gap if below else max(0, near.top() - gap - size.height())
        self.setGeometry(left, top, size.width(), size.height())
        self.raise_()
