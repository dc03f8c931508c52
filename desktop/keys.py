"""Turns commands into shortcuts, and takes them back."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop.commands import Command

SHIFTED = ("?", "Ctrl++")
"""Signs that need Shift on some keyboards: some systems tell both keys, some the sign alone."""


def shortcut(parent: QWidget, command: Command) -> QShortcut:
    """Return the shortcut of a command, for as long as ``parent`` is seen."""
    made = QShortcut(parent)
    keys = [command.key, f"Shift+{command.key}"] if command.key in SHIFTED else [command.key]
    made.setKeys([QKeySequence(key) for key in keys])
    made.activated.connect(command.action)
    made.activatedAmbiguously.connect(command.action)
    return made


def forget(shortcuts: list[QShortcut]) -> None:
    """End shortcuts; those of a view that was made anew went with it."""
    for each in shortcuts:
        if isValid(each):
            each.setEnabled(False)
            each.deleteLater()
    shortcuts.clear()
