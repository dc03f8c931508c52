"""A page that scrolls up and down, as wide as its place: the frame of every view that is a text."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop import tokens
from desktop.theme import Theme
from desktop.widgets.words import tool


class ScrollPage(QScrollArea):
    """Gives its widget its own width; there is nothing to scroll to at the side."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)


def reading_page(theme: Theme, widest: int, gap: int = 0) -> tuple[QWidget, QVBoxLayout]:
    """Return a page and its column, at the left where every page begins; px at 100 %."""
    px = theme.px
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(px(tokens.S6), px(tokens.S5), px(tokens.S6), px(tokens.S6))
    inner = QWidget()
    inner.setMaximumWidth(px(widest))
    row.addWidget(inner, 1, Qt.AlignmentFlag.AlignTop)
    row.addStretch(0)
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(px(gap) if gap else 0)
    return page, column


class PageBar(QFrame):
    """The bar over a page: the way back, which only narrow windows have, then what the page adds."""

    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setMinimumHeight(theme.px(tokens.VIEW_BAR))
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(theme.px(tokens.S4), theme.px(6), theme.px(tokens.S3), theme.px(6))
        self.row.setSpacing(theme.px(tokens.S2))
        self.back = tool(theme, "back", self.tr("Back to the list"))
        self.back.clicked.connect(self.left)
        self.back.hide()
        self.row.addWidget(self.back)
