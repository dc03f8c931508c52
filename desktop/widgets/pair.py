"""A list and the page of what is chosen in it: side by side, or one at a time where there is no room."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from desktop.theme import Theme

LIST_WIDTH = 440
LEAST_LIST, LEAST_PAGE = 300, 420


class Pair(QWidget):
    """Holds ``left`` and ``right``; ``narrowed`` tells when only one of them is seen at a time."""

    narrowed = Signal(bool)
    arranged = Signal()
    """What is seen has changed."""

    def __init__(
        self, theme: Theme, left: QWidget, right: QWidget, widths: tuple[int, int, int] | None = None
    ) -> None:
        """``widths``: usual and least of the list, least of the page; px at 100 %."""
        super().__init__()
        self._usual, self._least_list, self._least_page = widths or (LIST_WIDTH, LEAST_LIST, LEAST_PAGE)
        self._theme = theme
        self._left = left
        self._right = right
        self._placed = False
        self._paged = False
        self.narrow = False
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setHandleWidth(1)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(left)
        self._split.addWidget(right)
        self._split.setStretchFactor(1, 1)
        # In no layout: that would not let this widget become narrower than both together.
        self._split.setParent(self)
        self._arrange()

    def show_page(self) -> None:
        """Bring the page to front, where both have no room."""
        self._paged = True
        self._arrange()

    def show_list(self) -> None:
        """Bring the list to front again."""
        self._paged = False
        self._arrange()

    def state(self) -> bytes:
        """Return the widths, to be kept."""
        return bytes(self._split.saveState().data())

    def restore(self, state: bytes) -> None:
        """Take widths that were kept."""
        self._placed = self._split.restoreState(state) or self._placed

    def minimumSizeHint(self) -> QSize:
        """Return the least size: one of the two at a time."""
        return QSize(self._theme.px(self._least_list), self._theme.px(120))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say whether there is room for both."""
        super().resizeEvent(event)
        px = self._theme.px
        narrow = self.width() < px(self._least_list) + px(self._least_page)
        if narrow != self.narrow:
            self.narrow = narrow
            self._arrange()
            self.narrowed.emit(narrow)
        self._split.setGeometry(self.rect())
        if not self._placed and not narrow and self.width() > 0:
            self._placed = True
            first = min(px(self._usual), max(px(self._least_list), self.width() * 2 // 5))
            self._split.setSizes([first, self.width() - first])

    def _arrange(self) -> None:
        least = 0 if self.narrow else 1
        self._left.setMinimumWidth(least * self._theme.px(self._least_list))
        self._right.setMinimumWidth(least * self._theme.px(self._least_page))
        self._left.setVisible(not self.narrow or not self._paged)
        self._right.setVisible(not self.narrow or self._paged)
        self.arranged.emit()

    @property
    def page_alone(self) -> bool:
        """True when only the page is seen."""
        return self.narrow and self._paged
