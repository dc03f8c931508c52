"""The bar over the history: the filter, how many commits there are, the range that was chosen, zoom."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from desktop import tokens
from desktop.answer_page import day
from desktop.theme import Theme
from desktop.widgets.filterfield import FilterField
from desktop.widgets.words import button, tool, words
from desktop.widgets.wrapping import together, wrapping

FIELD_WIDTH = 280


class HistoryBar(QFrame):
    """Tells what is asked for; what it leads to is the view's."""

    rangeCleared = Signal()
    changesWanted = Signal()
    zoomed = Signal(bool)
    """True: closer."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", "bar")
        self.setMinimumHeight(theme.px(tokens.VIEW_BAR))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(*(theme.px(tokens.S3), theme.px(6)) * 2)
        holder, row = wrapping(theme.px(tokens.S3), theme.px(tokens.S1))
        outer.addWidget(holder)
        hint = self.tr("Filter by words, who: or path:")
        self.field = FilterField(theme, hint, self.tr("Filter commits"))
        self.field.setFixedWidth(theme.px(FIELD_WIDTH))
        self.count = words(theme, "", tokens.INTERFACE, "2")
        self.changes = button(theme, self.tr("What changed here?"), "list")
        self.changes.clicked.connect(self.changesWanted)
        self.range = button(theme, "", "close", flat=True)
        self.range.clicked.connect(self.rangeCleared)
        closer = tool(theme, "plus", self.tr("Zoom the timeline in (+)"))
        closer.clicked.connect(self._on_closer)
        wider = tool(theme, "minus", self.tr("Zoom the timeline out (-)"))
        wider.clicked.connect(self._on_wider)
        row.addWidget(self.field)
        row.addWidget(self.count)
        row.push()
        row.addWidget(self.range)
        row.addWidget(self.changes)
        row.addWidget(together(theme.px(tokens.S1), wider, closer))
        self.show_range(0, 0)

    def show_range(self, after: int, before: int) -> None:
        """Show the range in seconds, 0 for an open end; nothing when both are open."""
        chosen = bool(after or before)
        self.range.setVisible(chosen)
        self.changes.setVisible(chosen)
        if not chosen:
            return
        words_ = {"after": day(after), "before": day(max(0, before - 1))}
        text = self.tr("%(after)s to %(before)s") % words_
        if not before:
            text = self.tr("since %s") % words_["after"]
        elif not after:
            text = self.tr("until %s") % words_["before"]
        self.range.setText(f" {text}")
        self.range.setAccessibleName(self.tr("Take the range back: %s") % text)

    def leave_filter(self) -> bool:
        """Empty the filter, if the keyboard is in it and it holds something; say whether it did."""
        if self.field.hasFocus() and self.field.text():
            self.field.clear()
            return True
        return False

    def focus_filter(self) -> None:
        """Put the keyboard into the filter."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def _on_closer(self) -> None:
        self.zoomed.emit(True)

    def _on_wider(self) -> None:
        self.zoomed.emit(False)
