"""Where one is in a tree of folders: each folder on the way a link, and a button that goes up."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from desktop import tokens
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.words import link, tool, words

MOST = 3
"""Folders that are named; those between the first and them are left out."""

LONGEST = 150
"""Width of one name, px at 100 %."""


class Crumbs(QWidget):
    """Emits ``chosen`` with the path of a folder on the way, empty for the whole."""

    chosen = Signal(str)
    raised = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.px(tokens.S1))
        self.up = tool(theme, "up", self.tr("Up to the folder around (Backspace)"))
        self.up.clicked.connect(self.raised)
        self._row.addWidget(self.up)
        self.setAccessibleName(self.tr("Where you are"))

    def show_path(self, whole: str, path: str, told: str = "") -> None:
        """Show the way to ``path`` from the repository called ``whole``, and what is there."""
        while self._row.count() > 1:
            item = self._row.takeAt(1)
            if item is not None and (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        parts = path.split("/") if path else []
        self.up.setEnabled(bool(parts))
        way = [(whole, "")] + [(name, "/".join(parts[: at + 1])) for at, name in enumerate(parts)]
        cut = len(way) > MOST + 1
        for at, (name, target) in enumerate(way):
            if cut and 0 < at < len(way) - MOST:
                if at == 1:
                    self._row.addWidget(words(self._theme, "/ …", tokens.INTERFACE, "3"))
                continue
            if at:
                self._row.addWidget(words(self._theme, "/", tokens.INTERFACE, "3"))
            self._row.addWidget(self._crumb(name, target, last=at == len(way) - 1))
        if told:
            self._row.addSpacing(self._theme.px(tokens.S1))
            self._row.addWidget(words(self._theme, told, tokens.INTERFACE, "2"))

    def _crumb(self, name: str, target: str, *, last: bool) -> QWidget:
        theme = self._theme
        face = tokens.STRONG if last else tokens.INTERFACE
        metrics = QFontMetricsF(theme.font(face))
        shown = metrics.elidedText(plain(name), Qt.TextElideMode.ElideMiddle, theme.px(LONGEST))
        if last:
            here: QLabel = words(theme, shown, face)
            here.setToolTip(plain(name) if shown != name else "")
            return here
        made = link(theme, shown.replace("&", "&&"))
        made.setAccessibleName(self.tr("Up to %s") % plain(name))
        made.clicked.connect(partial(self._on_chosen, target))
        return made

    def _on_chosen(self, target: str, _checked: bool = False) -> None:
        self.chosen.emit(target)
