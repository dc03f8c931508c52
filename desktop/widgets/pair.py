"""Two parts side by side, or one at a time where there is no room: a list and a page, a page and a side."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from desktop.theme import Theme

LIST_WIDTH = 440
LEAST_LIST, LEAST_PAGE = 300, 420


class TwoParts(QWidget):
    """Holds ``left`` and ``right``; ``narrowed`` tells when only one of them is seen at a time.

    The two go into the splitter when this is shown for the first time: a splitter measures what it
    is given, and whatever was measured is styled again by every parent that it gets afterwards.
    """

    narrowed = Signal(bool)
    arranged = Signal()
    """What is seen has changed."""

    def __init__(self, theme: Theme, left: QWidget, right: QWidget, least: tuple[int, int]) -> None:
        """``least``: least widths of the two, px at 100 %."""
        super().__init__()
        self._theme = theme
        self._left, self._right = left, right
        self._least_left, self._least_right = (theme.px(each) for each in least)
        self._kept = b""
        self._placed = False
        self._second = False
        self.narrow = False
        # In no layout: that would not let this widget become narrower than both together.
        self._split = QSplitter(Qt.Orientation.Horizontal, self)
        self._split.setHandleWidth(1)
        self._split.setChildrenCollapsible(False)
        self._split.splitterMoved.connect(self._on_moved)
        for each in (left, right):
            each.setParent(self)
        self._arrange()

    def state(self) -> bytes:
        """Return the widths that the person chose, to be kept; empty while they are the usual ones."""
        return bytes(self._split.saveState().data()) if self._placed else self._kept

    def restore(self, state: bytes) -> None:
        """Take widths that were kept."""
        if self._split.count():
            self._placed = self._split.restoreState(state) or self._placed
        else:
            self._kept = bytes(state)

    def event(self, event: QEvent) -> bool:
        """Fill the splitter as soon as this stands where it is shown."""
        if event.type() == QEvent.Type.Polish:
            self._fill()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say whether there is room for both."""
        super().resizeEvent(event)
        self._fill()
        narrow = self.width() < self._least_left + self._least_right
        if narrow != self.narrow:
            self.narrow = narrow
            self._arrange()
            self.narrowed.emit(narrow)
        self._split.setGeometry(self.rect())
        if not self._placed and not narrow and self.width() > 0:
            first = self._usual_left(self.width())
            self._split.setSizes([first, self.width() - first])

    def _usual_left(self, width: int) -> int:
        """Return the left part's usual width, px of the screen, where both share ``width``."""
        raise NotImplementedError

    def _stretched(self) -> int:
        """Return which of the two takes the room that a wider window brings: 0 or 1."""
        raise NotImplementedError

    def _on_moved(self) -> None:
        """Keep the widths from now on: until somebody moves the line they follow the window."""
        self._placed = True

    def _fill(self) -> None:
        if self._split.count():
            return
        for each in (self._left, self._right):
            self._split.addWidget(each)
        self._split.setStretchFactor(self._stretched(), 1)
        self._arrange()
        if self._kept:
            self.restore(self._kept)

    def _bring(self, second: bool) -> None:
        self._second = second
        self._arrange()

    def _arrange(self) -> None:
        self._left.setMinimumWidth(0 if self.narrow else self._least_left)
        self._right.setMinimumWidth(0 if self.narrow else self._least_right)
        if self._split.count():
            self._left.setVisible(not self.narrow or not self._second)
            self._right.setVisible(not self.narrow or self._second)
        self.arranged.emit()


class Pair(TwoParts):
    """A list at the left, and the page of what is chosen in it."""

    def __init__(
        self, theme: Theme, left: QWidget, right: QWidget, widths: tuple[int, int, int] | None = None
    ) -> None:
        """``widths``: usual and least of the list, least of the page; px at 100 %."""
        usual, least_list, least_page = widths or (LIST_WIDTH, LEAST_LIST, LEAST_PAGE)
        super().__init__(theme, left, right, (least_list, least_page))
        self._usual = theme.px(usual)

    def show_page(self) -> None:
        """Bring the page to front, where both have no room."""
        self._bring(True)

    def show_list(self) -> None:
        """Bring the list to front again."""
        self._bring(False)

    @property
    def page_alone(self) -> bool:
        """True when only the page is seen."""
        return self.narrow and self._second

    def minimumSizeHint(self) -> QSize:
        """Return the least size: one of the two at a time."""
        return QSize(self._least_left, self._theme.px(120))

    def _usual_left(self, width: int) -> int:
        return min(self._usual, max(self._least_left, width * 2 // 5))

    def _stretched(self) -> int:
        return 1


class Sided(TwoParts):
    """A main part, and a narrower one at its right."""

    def __init__(self, theme: Theme, main: QWidget, side: QWidget, widths: tuple[int, int, int]) -> None:
        """``widths``: least of the main part, usual and least of the side; px at 100 %."""
        least_main, usual, least_side = widths
        super().__init__(theme, main, side, (least_main, least_side))
        self._usual = theme.px(usual)
        self.side = side

    def show_side(self, shown: bool = True) -> None:
        """Bring the side to front, or the main part again, where both have no room."""
        self._bring(shown)

    @property
    def side_alone(self) -> bool:
        """True when only the side is seen."""
        return self.narrow and self._second

    def minimumSizeHint(self) -> QSize:
        """Return the least size: one of the two at a time."""
        return QSize(self._theme.px(280), self._theme.px(120))

    def _usual_left(self, width: int) -> int:
        room = min(width - self._least_left, width * 2 // 5)
        return width - min(self._usual, max(self._least_right, room))

    def _stretched(self) -> int:
        return 0


class Halves(Sided):
    """A text, and what proves it beside it: both take their share of the room."""

    def __init__(
        self, theme: Theme, main: QWidget, side: QWidget, least: tuple[int, int], share: float
    ) -> None:
        """``least``: least widths of the two, px at 100 %; ``share``: the main part's share of the room."""
        super().__init__(theme, main, side, (least[0], 0, least[1]))
        self._share = share

    def _usual_left(self, width: int) -> int:
        return min(max(self._least_left, round(width * self._share)), width - self._least_right)
