"""Hanging labels: a mark and a word at the left, what belongs to them at the right, or below."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QWidget

from desktop import tokens
from desktop.theme import Theme
from desktop.widgets.painting import Mark
from desktop.widgets.signs import MarkSign
from desktop.widgets.words import words


class SectionLabel(QWidget):
    """What (from the code), Why (recorded by people), Missing (nobody wrote it down)."""

    def __init__(self, theme: Theme, mark: Mark | None, word: str, explained: str) -> None:
        super().__init__()
        self._theme = theme
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(theme.px(2))
        head = QHBoxLayout()
        head.setSpacing(theme.px(6))
        if mark is not None:
            head.addWidget(MarkSign(theme, mark))
        head.addWidget(words(theme, word, tokens.STRONG))
        head.addStretch(1)
        self._explained = words(theme, explained, tokens.META, "3", wrap=True)
        self._explained.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._layout.addLayout(head)
        self._layout.addWidget(self._explained)
        self._layout.addStretch(1)
        self._explained.setVisible(bool(explained))
        self.setAccessibleName(f"{word}, {explained}" if explained else word)

    def set_above(self, above: bool) -> None:
        """Stand above the text in one line, or hang at its left."""
        directions = QBoxLayout.Direction
        self._layout.setDirection(directions.LeftToRight if above else directions.TopToBottom)
        self._explained.setWordWrap(not above)
        self._layout.setSpacing(self._theme.px(tokens.S2 if above else 2))
        self._layout.setAlignment(
            self._explained, Qt.AlignmentFlag.AlignVCenter if above else Qt.AlignmentFlag.AlignTop
        )


class SectionRow(QWidget):
    """One section of an answer: its label, and its content under or beside it."""

    def __init__(self, theme: Theme, label: SectionLabel, content: QWidget) -> None:
        super().__init__()
        self._theme = theme
        self._label = label
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, theme.px(13), 0, theme.px(13))
        self._layout.addWidget(label)
        self._layout.addWidget(content, 1)
        self.set_above(False)

    def set_above(self, above: bool) -> None:
        """Put the label above the content (narrow, or much enlarged) or beside it."""
        theme, label = self._theme, self._label
        label.set_above(above)
        directions = QBoxLayout.Direction
        self._layout.setDirection(directions.TopToBottom if above else directions.LeftToRight)
        self._layout.setSpacing(theme.px(tokens.S2 if above else tokens.S4))
        width = QWIDGET_MAX if above else theme.px(tokens.LABEL_COLUMN)
        label.setMinimumWidth(0 if above else width)
        label.setMaximumWidth(width)
        label.setSizePolicy(
            QSizePolicy.Policy.Expanding if above else QSizePolicy.Policy.Fixed,
            QSizePolicy.Policy.Maximum if above else QSizePolicy.Policy.Preferred,
        )


QWIDGET_MAX = 16_777_215
"""Qt's own word for "no largest width"."""


class Count(QWidget):
    """A mark with a number, such as "Why: 2", beside the badge."""

    def __init__(self, theme: Theme, mark: Mark, text: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(6))
        row.addWidget(MarkSign(theme, mark))
        row.addWidget(words(theme, text, tokens.INTERFACE, "2"))
