"""A section of a page: heading, one remark, a table, and a link that shows the rest of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from desktop import tokens
from desktop.theme import Theme
from desktop.widgets.rail import line
from desktop.widgets.tables import Column, Row, Table
from desktop.widgets.words import link, words
from desktop.widgets.wrapping import wrapping

MOST = 16
"""Rows of an opened table before it scrolls inside."""


class TableSection(QWidget):
    """Shows ``few`` rows until the person wants all of them."""

    def __init__(
        self, theme: Theme, title: str, columns: Sequence[Column], few: int, *, head: bool = False
    ) -> None:
        super().__init__()
        self._few = few
        self._open = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        holder, row = wrapping(theme.px(9), 0)
        row.addWidget(words(theme, title, tokens.SECTION))
        self.remark = words(theme, "", tokens.INTERFACE, "2")
        row.addWidget(self.remark)
        column.addWidget(holder)
        column.addSpacing(theme.px(6))
        column.addWidget(line())
        self.table = Table(theme, columns, title, head=head)
        column.addWidget(self.table)
        self.more = link(theme, "")
        self.more.clicked.connect(self._on_more)
        column.addSpacing(theme.px(4))
        column.addWidget(self.more)

    def show_rows(self, remark: str, rows: Sequence[Row], total: int | None = None) -> None:
        """Show ``rows``, the first of ``total``, with a remark behind the heading."""
        self.remark.setText(remark)
        # A label in a row that wraps is asked for its size once; it has changed.
        self.remark.updateGeometry()
        self.table.rows.begin(len(rows) if total is None else total, rows)
        self._fit()

    def keep(self) -> bool:
        """Return whether all rows are shown."""
        return self._open

    def recall(self, opened: bool) -> None:
        """Show all rows, or the first few."""
        self._open = opened
        self._fit()

    def _on_more(self) -> None:
        self._open = not self._open
        self._fit()
        self.table.setFocus()

    def _fit(self) -> None:
        total = self.table.rows.rowCount()
        self.table.setVisible(total > 0)
        self.table.show_rows(MOST if self._open else self._few, scrolls=self._open)
        self.more.setVisible(total > self._few)
        more = self.tr("Show %s more") % f"{total - self._few:,}"
        self.more.setText(self.tr("Show fewer") if self._open else more)
