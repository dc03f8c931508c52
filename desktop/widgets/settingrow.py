"""Rows of the settings page: a label with a sentence below it, and its control at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop import tokens
from desktop.commands import Command
from desktop.engine import Link
from desktop.theme import Theme
from desktop.widgets.words import words
from indexer.settings import Settings

NARROW = 560
"""Width of a row, px at 100 %, below which its control stands under its words."""


class SettingRow(QWidget):
    """One setting. ``told`` says what it changes; a screen reader reads it with the control."""

    def __init__(self, theme: Theme, label: str, told: str, control: QWidget) -> None:
        super().__init__()
        self._theme = theme
        self.control = control
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, theme.px(9), 0, theme.px(9))
        self._row.setSpacing(theme.px(24))
        text = QVBoxLayout()
        text.setSpacing(theme.px(2))
        text.addWidget(words(theme, label, tokens.INTERFACE, wrap=True))
        if told:
            text.addWidget(words(theme, told, tokens.META, "2", wrap=True))
        text.addStretch(1)
        self._row.addLayout(text, 4)
        self._row.addWidget(control, 7)
        self._row.setAlignment(control, Qt.AlignmentFlag.AlignTop)
        if not control.accessibleName():
            control.setAccessibleName(label)
        control.setAccessibleDescription(told)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the hairline above, which goes with the row when it is hidden."""
        QPainter(self).fillRect(0, 0, self.width(), 1, self._theme.colour("hairline"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the control below where there is no room beside."""
        super().resizeEvent(event)
        narrow = self.width() < self._theme.px(NARROW)
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._row.direction() is not direction:
            self._row.setDirection(direction)
            self._row.setSpacing(self._theme.px(6 if narrow else 24))


class SettingSection(QWidget):
    """A heading, a remark, and rows. What a section does not need to know it is told in vain."""

    changed = Signal(str, object)
    """The part of the settings ("window"), and its changed fields by their names, as a dict."""
    noticed = Signal(str)

    def __init__(self, theme: Theme, remark: str = "") -> None:
        super().__init__()
        self._theme = theme
        self.controls: dict[str, QWidget] = {}
        """What the keyboard may be on while the page is made anew, by its name."""
        self.setAccessibleName(self.called())
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, theme.px(28))
        self._column.setSpacing(0)
        self._column.addWidget(words(theme, self.called(), tokens.SECTION))
        if remark:
            self._column.addSpacing(theme.px(2))
            self._column.addWidget(words(theme, remark, tokens.INTERFACE, "2", wrap=True))
        self._column.addSpacing(theme.px(8))

    @staticmethod
    def called() -> str:
        """Return the heading; the list of sections shows it before the section is made."""
        return ""

    def add(self, *rows: QWidget) -> None:
        """Put rows below the heading, and below those that are there."""
        for row in rows:
            self._column.addWidget(row)

    def row(self, label: str, told: str, control: QWidget) -> SettingRow:
        """Return a row for a control."""
        return SettingRow(self._theme, label, told, control)

    def tell(self, part: str, name: str, value: object) -> None:
        """Tell that one field of a part of the settings is another now."""
        self.changed.emit(part, {name: value})

    def show_settings(self, settings: Settings) -> None:
        """Show what holds; tells nobody."""

    def set_link(self, new: Link | None) -> None:
        """Know the engine that settings would be for."""

    def set_key(self, key: str) -> None:
        """Take the key that the environment of this window holds for a language model's server."""

    def set_commands(self, commands: Sequence[Command]) -> None:
        """Know the commands of the window."""


def text_field(theme: Theme, name: str, hint: str) -> QLineEdit:
    """Return a line of text; ``hint`` stands in it while it is empty."""
    made = QLineEdit()
    made.setFont(theme.font(tokens.INTERFACE))
    made.setAccessibleName(name)
    made.setPlaceholderText(hint)
    return made


def stacked(theme: Theme, *widgets: QWidget) -> QWidget:
    """Return widgets below each other, as one control; buttons keep their width."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.px(6))
    for each in widgets:
        if isinstance(each, QPushButton):
            column.addWidget(each, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            column.addWidget(each)
    return holder


class NumberField(QWidget):
    """A whole number between two bounds; Up and Down step, what is typed counts when it is left."""

    valueChanged = Signal(int)

    def __init__(self, theme: Theme, least: int, most: int, unit: str, remark: str = "") -> None:
        super().__init__()
        self._least, self._most, self._value = least, most, least
        self.field = _Typed(self._step)
        self.field.setFont(theme.font(tokens.INTERFACE))
        self.field.setValidator(QIntValidator(0, 10**7, self.field))
        self.field.setFixedWidth(theme.px(96))
        self.field.editingFinished.connect(self._on_typed)
        self._unit = unit
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        row.addWidget(self.field)
        row.addWidget(words(theme, unit, tokens.INTERFACE, "2"))
        row.addSpacing(theme.px(4))
        row.addWidget(words(theme, remark, tokens.META, "2", wrap=True), 1)
        self.setFocusProxy(self.field)

    def setAccessibleName(self, name: str) -> None:
        """Name the field itself, with its unit."""
        super().setAccessibleName(name)
        self.field.setAccessibleName(f"{name}, {self._unit}")

    @property
    def value(self) -> int:
        """The number that holds."""
        return self._value

    def show_value(self, value: int) -> None:
        """Show a number; tells nobody."""
        self._value = value
        if self.field.text() != str(value):
            self.field.setText(str(value))

    def _step(self, by: int) -> None:
        self._take(self._value + by)

    def _on_typed(self) -> None:
        self._take(int(self.field.text() or self._value))

    def _take(self, value: int) -> None:
        value = min(max(value, self._least), self._most)
        changed = value != self._value
        self.show_value(value)
        if changed:
            self.valueChanged.emit(value)


class _Typed(QLineEdit):
    def __init__(self, step: Callable[[int], None]) -> None:
        super().__init__()
        self._step = step

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(1 if event.key() == Qt.Key.Key_Up else -1)
        else:
            super().keyPressEvent(event)
