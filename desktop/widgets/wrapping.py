"""A row whose parts go to a next line where there is no room: nothing is cut at any scale."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLayout, QLayoutItem, QSizePolicy, QWidget


class WrappingRow(QLayout):
    """Lays widgets side by side, centred in their line; those from ``push`` on stand at the right."""

    def __init__(self, gap: int, line_gap: int) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self._line_gap = line_gap
        self._pushed = -1
        self.setContentsMargins(0, 0, 0, 0)

    def push(self) -> None:
        """Let what is added from now on stand at the right end of the last line."""
        self._pushed = len(self._items)

    def addItem(self, item: QLayoutItem) -> None:
        """Take one more item."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item, or None."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Remove and return an item, or None."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Return that it takes no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Return that narrow rows are higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height that is needed at this width."""
        return self._height(self._lines(width))

    def setGeometry(self, rect: QRect) -> None:
        """Place every item; where there is more height than the lines need, they stand in its middle."""
        super().setGeometry(rect)
        lines = self._lines(rect.width())
        top = rect.top() + max(0, rect.height() - self._height(lines)) // 2
        for line in lines:
            height = max(size.height() for _, size in line)
            self._place(line, QRect(rect.left(), top, rect.width(), height))
            top += height + self._line_gap

    def sizeHint(self) -> QSize:
        """Return the size of everything in one line."""
        sizes = [size for _, size in self._shown()]
        width = sum(size.width() for size in sizes) + self._gap * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        """Return the size of the largest item."""
        size = QSize(0, 0)
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size

    def _shown(self) -> list[tuple[QLayoutItem, QSize]]:
        """Return what takes room, each with its size; asking for a size is dear, so it is asked once."""
        return [(item, item.sizeHint()) for item in self._items if not item.isEmpty()]

    def _lines(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        lines: list[list[tuple[QLayoutItem, QSize]]] = []
        used = 0
        for item, size in self._shown():
            if lines and used + self._gap + size.width() <= width:
                lines[-1].append((item, size))
                used += self._gap + size.width()
            else:
                lines.append([(item, size)])
                used = size.width()
        return lines

    def _height(self, lines: list[list[tuple[QLayoutItem, QSize]]]) -> int:
        heights = [max(size.height() for _, size in line) for line in lines]
        return sum(heights) + self._line_gap * max(0, len(heights) - 1)

    def _place(self, line: list[tuple[QLayoutItem, QSize]], rect: QRect) -> None:
        """Place one line's items in the middle of ``rect``'s height."""
        pushed = self._items[self._pushed :] if self._pushed >= 0 else []
        rest = rect.width() - sum(size.width() for _, size in line) - self._gap * (len(line) - 1)
        left = rect.left()
        for item, size in line:
            if rest > 0 and item in pushed:
                left, rest = left + rest, 0
            width = min(size.width(), rect.width())
            top = rect.top() + (rect.height() - size.height()) // 2
            item.setGeometry(QRect(left, top, width, size.height()))
            left += size.width() + self._gap


def together(gap: int, *widgets: QWidget) -> QWidget:
    """Return widgets as one part of a row, which goes to a next line as a whole."""
    part = QWidget()
    row = QHBoxLayout(part)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(gap)
    for each in widgets:
        row.addWidget(each)
    return part


def wrapping(gap: int, line_gap: int) -> tuple[QWidget, WrappingRow]:
    """Return a widget with such a row, and the row."""
    widget = QWidget()
    row = WrappingRow(gap, line_gap)
    widget.setLayout(row)
    policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    widget.setSizePolicy(policy)
    return widget, row
