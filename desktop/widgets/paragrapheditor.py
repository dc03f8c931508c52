"""Where a person writes a paragraph of their own about a module."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout

from desktop import tokens
from desktop.theme import Theme
from desktop.widgets.words import button, words
from desktop.widgets.wrapping import wrapping
from desktop.widgets.writingcard import WritingCard

LONGEST = 20_000
"""Characters of a paragraph that can be kept."""


class ParagraphEditor(WritingCard):
    """Emits ``kept`` with the text, ``drafted`` with what is typed so far, or ``left``."""

    kept = Signal(str)
    drafted = Signal(str)

    def __init__(self, theme: Theme, text: str) -> None:
        tr = QCoreApplication.translate
        super().__init__(
            theme,
            tr("ParagraphEditor", "Own paragraph"),
            text,
            tr("ParagraphEditor", "Markdown is welcome"),
            tr("ParagraphEditor", "Keep"),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.px(tokens.S3),) * 4)
        column.setSpacing(theme.px(tokens.S2))
        told = self.tr("What a newcomer should know of it. It stays at the top through every renewal.")
        column.addWidget(words(theme, told, tokens.META, "3", wrap=True))
        self.text.setFixedHeight(theme.px(120))
        self.text.textChanged.connect(self._on_typed)
        column.addWidget(self.text)
        column.addWidget(self.problem)
        holder, row = wrapping(theme.px(tokens.S2), theme.px(tokens.S1))
        row.push()
        self.leave = button(theme, self.tr("Leave"), flat=True)
        self.leave.clicked.connect(self.left)
        row.addWidget(self.leave)
        row.addWidget(self.keep)
        column.addWidget(holder)

    def on_keep(self) -> None:
        """Keep the paragraph, unless it is too long."""
        text = self.text.toPlainText().strip()
        if len(text) > LONGEST:
            self.show_problem(self.tr("At most %s characters are kept.") % f"{LONGEST:,}")
            return
        self.keep.setEnabled(False)
        self.kept.emit(text)

    def _on_typed(self) -> None:
        self.drafted.emit(self.text.toPlainText())
