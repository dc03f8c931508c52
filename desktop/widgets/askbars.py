"""The bars around an answer: earlier questions and its state above, what can be carried away below."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop import tokens
from desktop.theme import Theme
from desktop.widgets.rail import line
from desktop.widgets.reviews import ReviewBar
from desktop.widgets.words import Elided, button, tool

PADDING = 12
"""Of a flat button, px at 100 %: so much wider than the text is its bar, that the icons keep its edge."""


class AskBar(QWidget):
    """Buttons for earlier questions, to ask again and to see the evidence; the state between them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._row = row = QHBoxLayout(self)
        self.set_side(tokens.S6)
        row.setSpacing(theme.px(tokens.S2))
        self.threads = button(theme, self.tr("Questions"), "list", flat=True)
        self.state = Elided(theme, tokens.META, "text_2", at_right=True)
        self.again = tool(theme, "refresh", self.tr("Ask again"))
        self.evidence = button(theme, self.tr("Evidence"), flat=True)
        self.evidence.setToolTip(self.tr("F6"))
        row.addWidget(self.threads)
        row.addWidget(self.state, 1)
        row.addWidget(self.again)
        row.addWidget(self.evidence)

    def set_side(self, side: int) -> None:
        """Stand over a text with so much room at its sides, px at 100 %."""
        px = self._theme.px
        self._row.setContentsMargins(px(side - PADDING), px(6), px(tokens.S5), px(6))

    def show_count(self, questions: int) -> None:
        """Show how many questions were asked here."""
        word = self.tr(" Questions")
        self.threads.setText(f"{word}  {questions:,}" if questions else word)


class AskFooter(QFrame):
    """Copies or saves the answer, and takes the person's mark on it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(line())
        self._theme = theme
        self._row = row = QHBoxLayout()
        self.set_side(tokens.S6)
        row.setSpacing(theme.px(tokens.S1))
        self.copy = button(theme, self.tr("Copy with citations"), "copy", flat=True)
        self.copy.setToolTip(self.tr("Ctrl+Shift+C"))
        self.save = button(theme, self.tr("Save as Markdown"), "export", flat=True)
        self.save.setToolTip(self.tr("Ctrl+S"))
        self.reviews = ReviewBar(theme)
        self.reviews.asking.connect(self.copy.setHidden)
        self.reviews.asking.connect(self.save.setHidden)
        row.addWidget(self.copy)
        row.addWidget(self.save)
        row.addWidget(self.reviews, 1)
        column.addLayout(row)

    def set_side(self, side: int) -> None:
        """Stand under a text with so much room at its sides, px at 100 %."""
        px = self._theme.px
        self._row.setContentsMargins(px(side - PADDING), px(7), px(tokens.S5), px(7))
