"""The bars over a view and over the pane beside it: their height, their margins, and what wraps in them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop import tokens
from desktop.theme import Theme
from desktop.widgets.rail import line
from desktop.widgets.wrapping import wrapping


def view_bar(theme: Theme, left: Sequence[QWidget], right: Sequence[QWidget]) -> QWidget:
    """Return a bar with widgets at both ends; what has no room goes to a next line."""
    bar = QWidget()
    outer = QVBoxLayout(bar)
    outer.setContentsMargins(theme.px(tokens.S4), theme.px(6), theme.px(tokens.S3), theme.px(6))
    holder, row = wrapping(theme.px(tokens.S4), theme.px(tokens.S1))
    holder.setMinimumHeight(theme.px(tokens.FIELD))
    outer.addWidget(holder)
    for each in left:
        row.addWidget(each)
    row.push()
    for each in right:
        row.addWidget(each)
    return bar


def side_pane(theme: Theme, left: Sequence[QWidget], right: QWidget, stretch: int, body: QWidget) -> QFrame:
    """Return a pane under a head: widgets at the left, one at the right that takes a share of the rest."""
    pane = QFrame()
    pane.setProperty("kind", "pane")
    column = QVBoxLayout(pane)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    head = QWidget()
    head.setMinimumHeight(theme.px(tokens.VIEW_BAR))
    row = QHBoxLayout(head)
    row.setContentsMargins(theme.px(tokens.S4), theme.px(6), theme.px(tokens.S3), theme.px(6))
    row.setSpacing(theme.px(tokens.S2))
    for each in left:
        row.addWidget(each)
    row.addStretch(1)
    row.addWidget(right, stretch)
    column.addWidget(head)
    column.addWidget(line())
    column.addWidget(body, 1)
    return pane
