"""The last lines of the engine's log, as it wrote them, in a small quiet box."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

from desktop import tokens
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.tokens import Face

LOG = Face(11, 17, mono=True)
STAMP = re.compile(r"^\d{4}-\d\d-\d\d (\d\d:\d\d:\d\d),\d+ \d+ (?:INFO )?")
"""Day, thousandths, process and the word INFO tell a reader of the tail nothing."""

MOST_CHARACTERS = 400
"""Of one line: a long line is slow to lay out, and nobody reads its end."""


class LogTail(QPlainTextEdit):
    """Stays at its end unless the person has scrolled up."""

    def __init__(self, theme: Theme, lines: int) -> None:
        super().__init__()
        r = theme.roles
        self.setReadOnly(True)
        self.setAccessibleName(self.tr("The end of the engine's log"))
        self.setFont(theme.font(LOG))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setMaximumBlockCount(500)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.px(LOG.line * lines + 20))
        self.setStyleSheet(
            f"QPlainTextEdit {{ background: {r.sunken}; color: {r.text_2}; border: 1px solid {r.outline};"
            f" border-radius: {theme.px(tokens.RADIUS_CONTROL)}px; padding: {theme.px(4)}px; }}"
            f" QPlainTextEdit:focus {{ border: 2px solid {r.accent}; padding: {theme.px(3)}px; }}"
        )

    def show_lines(self, lines: Sequence[str]) -> None:
        """Show ``lines``; the same ones again change nothing."""
        text = "\n".join(plain(STAMP.sub(r"\1 ", each)[:MOST_CHARACTERS]) for each in lines)
        if text == self.toPlainText():
            return
        bar = self.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 1
        self.setPlainText(text)
        if at_end:
            bar.setValue(bar.maximum())
