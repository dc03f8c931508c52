"""A few choices side by side, of which one holds: Tab reaches the group, the arrows choose."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSizePolicy, QWidget

from desktop import tokens
from desktop.theme import Theme
from desktop.widgets.wrapping import WrappingRow


class Segmented(QWidget):
    """Emits ``chosen`` with the value that the person picked."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, name: str, choices: Sequence[tuple[object, str]]) -> None:
        super().__init__()
        self._values = [value for value, _ in choices]
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        row = WrappingRow(theme.px(6), theme.px(6))
        self.setLayout(row)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.buttons: list[QPushButton] = []
        for _, label in choices:
            made = QPushButton(label)
            made.setCheckable(True)
            made.setFont(theme.font(tokens.INTERFACE))
            made.setAccessibleName(f"{name}: {label}")
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            made.clicked.connect(self._on_clicked)
            self._group.addButton(made)
            self.buttons.append(made)
            row.addWidget(made)

    @property
    def value(self) -> object:
        """The value that holds; None when none of the choices does."""
        checked = self._group.checkedButton()
        return None if checked is None else self._values[self._group.buttons().index(checked)]

    def show_value(self, value: object) -> None:
        """Show ``value`` as the one that holds; tells nobody."""
        for each, known in zip(self.buttons, self._values, strict=True):
            if known == value:
                each.setChecked(True)
        self._reach()

    def focus_value(self) -> None:
        """Put the keyboard on the choice that holds."""
        checked = self._group.checkedButton() or self.buttons[0]
        checked.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the next or the last one with the arrows."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        held = next((i for i, each in enumerate(self.buttons) if each.hasFocus()), 0)
        new = min(max(held + step, 0), len(self.buttons) - 1)
        self.buttons[new].setFocus(Qt.FocusReason.TabFocusReason)
        if new != held:
            self.buttons[new].click()

    def _on_clicked(self) -> None:
        self._reach()
        self.chosen.emit(self.value)

    def _reach(self) -> None:
        """Let Tab stop once: at the choice that holds."""
        checked = self._group.checkedButton() or self.buttons[0]
        for each in self.buttons:
            each.setFocusPolicy(Qt.FocusPolicy.StrongFocus if each is checked else Qt.FocusPolicy.ClickFocus)
