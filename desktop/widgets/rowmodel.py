"""Rows in a list: the model that holds them, and what every delegate that paints them begins with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop import tokens
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.words import tip

Index = QModelIndex | QPersistentModelIndex
R = TypeVar("R")


class RowModel(QAbstractListModel, Generic[R]):
    """Holds rows of one kind; a delegate takes the row itself from ``UserRole``."""

    def __init__(
        self,
        parent: QWidget,
        spoken: Callable[[int, R], str],
        rows: Sequence[R] = (),
        hint: Callable[[R], str] | None = None,
    ) -> None:
        """``spoken``: what a screen reader says of a row, by its number from 0; ``hint``: its tooltip."""
        super().__init__(parent)
        self._spoken, self._hint = spoken, hint
        self.rows: tuple[R, ...] = tuple(rows)

    def set_rows(self, rows: Sequence[R]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own signature)
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the row itself, what a screen reader says of it, or its tooltip."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return plain(self._spoken(index.row(), row))
        if role == Qt.ItemDataRole.ToolTipRole and self._hint is not None:
            return tip(self._hint(row))
        return None


class RowDelegate(QStyledItemDelegate):
    """Paints rows of one height; how they look belongs to those who build on it."""

    def __init__(self, theme: Theme, parent: QWidget, height: int = tokens.ROW) -> None:
        """``height``: px at 100 %."""
        super().__init__(parent)
        self._theme = theme
        self._height = theme.px(height)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of a row; the list gives the width."""
        return QSize(100, self._height)
