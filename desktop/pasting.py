"""Where a pasted or dropped text leads: a log to its page, a trace or anything else to an answer."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.asking import Asking
from desktop.engine import Link
from desktop.pasted import ends
from desktop.places import AskPlace, LogPlace
from indexer.errors import LorebaseError
from indexer.shapes.traces import RECOGNISE, Pasted, PastedKind, Recognised


class Pasting(QObject):
    """Has the engine say what a text is, and emits the place that it leads to."""

    found = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._asking = Asking(self)

    def set_link(self, link: Link | None) -> None:
        """Ask this engine from now on."""
        self._asking.set_link(link)

    def take(self, text: str, path: str) -> None:
        """Find out where a text leads; ``path`` is the file whose ends it is, or empty."""
        self._asking.stop()
        self._asking.ask(
            RECOGNISE,
            Pasted(ends(text)),
            partial(self._on_known, text, path),
            partial(self._on_unknown, text),
        )

    def _on_known(self, text: str, path: str, known: Recognised) -> None:
        if known.kind is not PastedKind.LOG:
            self.found.emit(AskPlace(ends(text)))
        elif path:
            self.found.emit(LogPlace(path=path, name=Path(path).name))
        else:
            self.found.emit(LogPlace(text=text, name=self.tr("Pasted log")))

    def _on_unknown(self, text: str, _error: LorebaseError) -> None:
        self.found.emit(AskPlace(ends(text)))
