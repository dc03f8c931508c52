"""What every table of ours has in common: rows of one height, no grid, one row chosen at a time."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from desktop import tokens
from desktop.theme import SANS, Theme


def quiet_table(table: QTableView, theme: Theme, row: int, head: int, padding: str) -> None:
    """Make a table calm; ``row`` and ``head`` are heights, px at 100 %, ``padding`` that of a title."""
    table.setShowGrid(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    side = table.verticalHeader()
    side.hide()
    side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    side.setMinimumSectionSize(1)
    side.setDefaultSectionSize(theme.px(row))
    titles = table.horizontalHeader()
    titles.setFont(theme.font(tokens.META))
    titles.setHighlightSections(False)
    titles.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    titles.setMinimumSectionSize(1)
    titles.setFixedHeight(theme.px(head))
    # A style sheet of the application takes the font away from a header.
    titles.setStyleSheet(
        f"QHeaderView::section {{ padding: {padding}; font-family: '{SANS}';"
        f" font-size: {theme.px(tokens.META.size)}px; background: transparent; }}"
    )
