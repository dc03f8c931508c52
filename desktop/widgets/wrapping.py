"""A row whose parts go to a next line where there is no room: nothing is cut at any scale."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget


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
        return self._arrange(QRect(0, 0, width, 0), place=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place every item."""
        super().setGeometry(rect)
        self._arrange(rect, place=True)

    def sizeHint(self) -> QSize:
        """Return the size of everything in one line."""
        sizes = [item.sizeHint() for item in self._shown()]
        width = sum(size.width() for size in sizes) + self._gap * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        """Return the size of the largest item."""
        size = QSize(0, 0)
        for item in self._shown():
            size = size.expandedTo(item.minimumSize())
        return size

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _arrange(self, rect: QRect, *, place: bool) -> int:
        top, lines = rect.top(), self._lines(rect.width())
        for line in lines:
            height = max(item.sizeHint().height() for item in line)
            left = rect.left()
            pushed = [item for item in line if self._pushed >= 0 and self._items.index(item) >= self._pushed]
            rest = sum(item.sizeHint().width() for item in line) + self._gap * (len(line) - 1)
            for item in line:
                size = item.sizeHint()
                if pushed and item is pushed[0]:
                    left += max(0, rect.width() - rest)
                if place:
                    middle = top + (height - size.height()) // 2
                    width = min(size.width(), rect.width())
                    item.setGeometry(QRect(QPoint(left, middle), QSize(width, size.height())))
                left += size.width() + self._gap
            top += height + self._line_gap
        return max(0, top - self._line_gap - rect.top()) if lines else 0

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        used = 0
        for item in self._shown():
            needed = item.sizeHint().width()
            if lines and used + self._gap + needed <= width:
                lines[-1].append(item)
                used += self._gap + needed
            else:
                lines.append([item])
                used = needed
        return lines


def wrapping(gap: int, line_gap: int) -> tuple[QWidget, WrappingRow]:
    """Return a widget with such a row, and the row."""
    widget = QWidget()
    row = WrappingRow(gap, line_gap)
    widget.setLayout(row)
    policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    widget.setSizePolicy(policy)
    return widget, row
