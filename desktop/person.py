"""Who sits at this window, as every front of ours knows it: found by a child process, soon after the start.

It asks git for this user's own settings, which the window's process must not do.
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QProcess, Signal

from desktop.children import end_child
from indexer import protocol
from indexer.types import Person

_ASK = (
    "import os, sys, msgspec; from indexer.identity import person;"
    " sys.stdout.buffer.write(msgspec.json.encode(person(os.environ)))"
)


class PersonFinder(QObject):
    """Finds the person once; a child that fails only means that nobody is named."""

    found = Signal(object)  # Person

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.person = Person()
        self._child = QProcess(self)
        self._child.setProgram(sys.executable)
        self._child.setArguments(["-c", _ASK])
        self._child.setWorkingDirectory(str(Path(protocol.__file__).resolve().parent.parent))
        self._child.finished.connect(self._on_finished)

    def start(self) -> None:
        """Begin; returns at once."""
        self._child.start()

    def stop(self) -> None:
        """End the child, for the window closes."""
        end_child(self._child)

    def _on_finished(self) -> None:
        try:
            self.person = msgspec.json.decode(self._child.readAllStandardOutput().data(), type=Person)
        except msgspec.DecodeError:
            return
        self.found.emit(self.person)
