"""A main part with a narrower one at its right; where there is no room, one of them at a time."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from desktop.theme import Theme


class Sided(QWidget):
    """Holds ``main`` and ``side``; ``narrowed`` tells when only one of them is seen at a time."""

    narrowed = Signal(bool)

    def __init__(self, theme: Theme, main: QWidget, side: QWidget, widths: tuple[int, int, int]) -> None:
        """``widths``: least of the main part, usual and least of the side; px at 100 %."""
        super().__init__()
        self._theme = theme
        self._main = main
        self.side = side
        self._least_main, self._usual, self._least = widths
        self._placed = False
        self._beside = False
        self.narrow = False
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setHandleWidth(1)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(main)
        self._split.addWidget(side)
        self._split.setStretchFactor(0, 1)
        # In no layout: that would not let this widget become narrower than both together.
        self._split.setParent(self)
        self._arrange()

    def show_side(self, shown: bool = True) -> None:
        """Bring the side to front, or the main part again, where both have no room."""
        self._beside = shown
        self._arrange()

    @property
    def side_alone(self) -> bool:
        """True when only the side is seen."""
        return self.narrow and self._beside

    def state(self) -> bytes:
        """Return the widths, to be kept."""
        return bytes(self._split.saveState().data())

    def restore(self, state: bytes) -> None:
        """Take widths that were kept."""
        self._placed = self._split.restoreState(state) or self._placed

    def minimumSizeHint(self) -> QSize:
        """Return the least size: one of the two at a time."""
        return QSize(self._theme.px(280), self._theme.px(120))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say whether there is room for both."""
        super().resizeEvent(event)
        px = self._theme.px
        narrow = self.width() < px(self._least_main) + px(self._least)
        if narrow != self.narrow:
            self.narrow = narrow
            self._arrange()
            self.narrowed.emit(narrow)
        self._split.setGeometry(self.rect())
        if not self._placed and not narrow and self.width() > 0:
            self._placed = True
            room = min(self.width() - px(self._least_main), self.width() * 2 // 5)
            side = min(px(self._usual), max(px(self._least), room))
            self._split.setSizes([self.width() - side, side])

    def _arrange(self) -> None:
        least = 0 if self.narrow else 1
        self._main.setMinimumWidth(least * self._theme.px(self._least_main))
        self.side.setMinimumWidth(least * self._theme.px(self._least))
        self._main.setVisible(not self.narrow or not self._beside)
        self.side.setVisible(not self.narrow or self._beside)
