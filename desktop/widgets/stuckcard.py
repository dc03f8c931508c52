"""Where a newcomer writes: what is unclear, what they ask, or a note; kept with the step."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout

from desktop import tokens
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.signs import HatchBand
from desktop.widgets.words import button, words
from desktop.widgets.wrapping import wrapping
from indexer.types import Contact

MOST = 3


class Writing(Enum):
    """What is written into the card."""

    STUCK = "stuck"
    ASK = "ask"
    NOTE = "note"


class StuckCard(QFrame):
    """Emits the text that was kept, or that it was left."""

    kept = Signal(object, str)
    left = Signal()

    def __init__(self, theme: Theme, writing: Writing, may_know: tuple[Contact, ...]) -> None:
        super().__init__()
        self.writing = writing
        self.setProperty("kind", "card")
        titles = {
            Writing.STUCK: (
                self.tr("What is unclear here?"),
                self.tr("Kept as a gap, with this step and its code"),
            ),
            Writing.ASK: (
                self.tr("What do you want to know?"),
                self.tr("Answered from the repository, and kept here"),
            ),
            Writing.NOTE: (
                self.tr("A note on this step"),
                self.tr("For yourself, and in the export for your mentor"),
            ),
        }
        title, detail = titles[writing]
        self.setAccessibleName(title)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        if writing is Writing.STUCK:
            whole.addWidget(HatchBand(theme))
        column = QVBoxLayout()
        column.setContentsMargins(theme.px(14), theme.px(12), theme.px(14), theme.px(12))
        column.setSpacing(theme.px(tokens.S2))
        whole.addLayout(column, 1)
        head, row = wrapping(theme.px(tokens.S3), theme.px(2))
        row.addWidget(words(theme, title, tokens.STRONG))
        row.push()
        row.addWidget(words(theme, detail, tokens.META, "2"))
        column.addWidget(head)
        self.field = QLineEdit()
        self.field.setFont(theme.font(tokens.INTERFACE))
        self.field.setAccessibleName(title)
        self.field.setMaxLength(2_000)
        self.field.returnPressed.connect(self._on_keep)
        self.field.textChanged.connect(self._on_text)
        column.addWidget(self.field)
        buttons, row = wrapping(theme.px(tokens.S2), theme.px(tokens.S2))
        label = {
            Writing.STUCK: self.tr("Keep as a gap"),
            Writing.ASK: self.tr("Ask"),
            Writing.NOTE: self.tr("Keep the note"),
        }[writing]
        icon = {Writing.STUCK: "flag", Writing.ASK: "ask", Writing.NOTE: "note"}[writing]
        self.keep = button(theme, label, icon, primary=True)
        self.keep.clicked.connect(self._on_keep)
        self.keep.setEnabled(False)
        row.addWidget(self.keep)
        cancel = button(theme, self.tr("Cancel"), flat=True)
        cancel.clicked.connect(self.left)
        row.addWidget(cancel)
        if writing is Writing.STUCK and may_know:
            row.push()
            names = ", ".join(plain(each.name) for each in may_know[:MOST])
            row.addWidget(words(theme, self.tr("May know: %s") % names, tokens.META, "2"))
        column.addWidget(buttons)

    def begin(self) -> None:
        """Put the keyboard into the field."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def wait(self, waiting: bool) -> None:
        """Show that it is on its way, or can be tried again."""
        self.field.setEnabled(not waiting)
        self.keep.setEnabled(not waiting and bool(self.field.text().strip()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _on_text(self, text: str) -> None:
        self.keep.setEnabled(bool(text.strip()))

    def _on_keep(self) -> None:
        text = self.field.text().strip()
        if text:
            self.wait(True)
            self.kept.emit(self.writing, text)
