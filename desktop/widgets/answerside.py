"""The left side of the ask view: its bar, lines about the state, the answer, what was asked before."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop import tokens
from desktop.theme import Theme
from desktop.widgets.answer import AnswerBody
from desktop.widgets.answerstate import StateLines
from desktop.widgets.askbars import AskBar, AskFooter
from desktop.widgets.askedlist import AskedPage
from desktop.widgets.scrollpage import ScrollPage

MAX_COLUMN = 800
"""Widest answer, px at 100 %: lines longer than 76 letters are hard to read."""


class AnswerSide(QFrame):
    """Holds one body at a time: an answer, what stands in its place, or the list."""

    resized = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.bar = AskBar(theme)
        self.lines = StateLines(theme)
        self.area = ScrollPage()
        self.area.setAccessibleName(self.tr("Answer"))
        self.asked = AskedPage(theme)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.area)
        self._stack.addWidget(self.asked)
        self.footer = AskFooter(theme)
        column.addWidget(self.bar)
        self.lines.setMaximumWidth(theme.px(MAX_COLUMN))
        above = QHBoxLayout()
        above.addWidget(self.lines, 1)
        above.addStretch(0)
        column.addLayout(above)
        column.addWidget(self._stack, 1)
        column.addWidget(self.footer)

    @property
    def body(self) -> QWidget | None:
        """What stands on the page now."""
        return self.area.widget()

    @property
    def list_shown(self) -> bool:
        """True while the list of questions is shown."""
        return self._stack.currentWidget() is self.asked

    def put(self, body: QWidget) -> None:
        """Show ``body`` from its beginning; the one before goes away."""
        body.setMaximumWidth(self._theme.px(MAX_COLUMN))
        self.area.setWidget(body)
        self.area.verticalScrollBar().setValue(0)
        self.show_page()

    def show_page(self) -> None:
        """Show the page; what can be done with an answer stands below one."""
        self._stack.setCurrentWidget(self.area)
        self.footer.setVisible(isinstance(self.body, AnswerBody))

    def show_list(self) -> None:
        """Show what was asked before."""
        self._stack.setCurrentWidget(self.asked)
        self.footer.hide()
        self.asked.begin()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell it: where labels stand depends on the width."""
        super().resizeEvent(event)
        self.resized.emit()

    def set_tight(self, tight: bool) -> None:
        """Take less room at the sides."""
        for each in (self.bar, self.lines, self.footer):
            each.set_side(tokens.S4 if tight else tokens.S6)
