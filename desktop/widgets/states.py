"""What a page says when there is nothing to show: what happened, what still works, one next step."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import tokens
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.words import button, words


class StatePage(QWidget):
    """A title, a sentence and at most one button, a third of the way down."""

    stepWanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.px(tokens.S5),) * 4)
        column.setSpacing(theme.px(tokens.S2))
        self._title = words(theme, "", tokens.SECTION, wrap=True)
        self._text = words(theme, "", tokens.INTERFACE, "2", wrap=True)
        self.step = button(theme, "")
        self.step.clicked.connect(self.stepWanted)
        column.addStretch(1)
        for each in (self._title, self._text):
            each.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            column.addWidget(each)
        column.addSpacing(theme.px(tokens.S1))
        column.addWidget(self.step, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        self.say("")

    def say(self, title: str, text: str = "", step: str = "") -> None:
        """Show a title, what it means, and what the button does; empty parts take no room."""
        self._title.setText(plain(title))
        self._text.setText(plain(text))
        self.step.setText(step)
        self._title.setVisible(bool(title))
        self._text.setVisible(bool(text))
        self.step.setVisible(bool(step))
        self.setAccessibleName(plain(f"{title} {text}".strip()))

    def title(self) -> str:
        """Return what is said."""
        return self._title.text()
