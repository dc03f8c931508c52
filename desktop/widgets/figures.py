"""A card of a few large figures with what each of them counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop import tokens
from desktop.theme import Theme
from desktop.tokens import Face
from desktop.widgets.words import words

FIGURE = Face(18, 26, 600)
LEAST = 170
"""Width of one figure, px at 100 %, below which they stand in two lines."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is shown, and what it counts."""

    number: str
    counts: str


class Figures(QFrame):
    """Side by side with hairlines between; in two lines where there is no room."""

    def __init__(self, theme: Theme, figures: Sequence[Figure]) -> None:
        super().__init__()
        self._theme = theme
        self._columns = 0
        self.setProperty("kind", "banner")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        self._cells = [_Cell(theme) for _ in figures]
        self.show_figures(figures)
        self._arrange(len(self._cells))

    def show_figures(self, figures: Sequence[Figure]) -> None:
        """Show other numbers in the same places."""
        for cell, figure in zip(self._cells, figures, strict=True):
            cell.show_figure(figure)
        self.setAccessibleName(", ".join(f"{each.number} {each.counts}" for each in figures))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose one line or two."""
        super().resizeEvent(event)
        whole = len(self._cells)
        self._arrange(whole if self.width() >= whole * self._theme.px(LEAST) else (whole + 1) // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the hairlines between the figures."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QPen(self._theme.colour("hairline"), 1))
        for i, cell in enumerate(self._cells):
            box: QRect = cell.geometry()
            if i % self._columns:
                painter.drawLine(box.left(), box.top() + 1, box.left(), box.bottom() - 1)
            if i >= self._columns:
                painter.drawLine(box.left() + 1, box.top(), box.right() - 1, box.top())

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for i, cell in enumerate(self._cells):
            self._grid.addWidget(cell, i // columns, i % columns)
        for i in range(len(self._cells)):
            self._grid.setColumnStretch(i, 1 if i < columns else 0)


class _Cell(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(14), theme.px(9), theme.px(10), theme.px(11))
        column.setSpacing(theme.px(2))
        self._number = words(theme, "", FIGURE)
        self._counts = words(theme, "", tokens.META, "2", wrap=True)
        self._counts.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._number)
        column.addWidget(self._counts)

    def show_figure(self, figure: Figure) -> None:
        self._number.setText(figure.number)
        self._counts.setText(figure.counts)
