"""Where a note is written: the editor, and beside or below it how the text will look."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QPushButton, QVBoxLayout, QWidget

from desktop import tokens
from desktop.theme import Theme
from desktop.widgets.noteeditor import NoteEditor
from desktop.widgets.prose import Prose
from desktop.widgets.rail import line
from desktop.widgets.scrollpage import PageBar, ScrollPage
from desktop.widgets.words import Elided, button, words
from indexer.types import NoteDraft

PREVIEW_MS = 150
KEEP_MS = 400
WIDE = 860


class NoteDesk(QWidget):
    """Emits ``changed`` with the draft when typing rests, ``kept`` when it is to be saved, and
    ``left`` when the person goes without saving; the draft is kept then, too.
    """

    kept = Signal(object)
    left = Signal()
    discarded = Signal()
    changed = Signal(object)
    opened = Signal(object)

    def __init__(self, theme: Theme, draft: NoteDraft, title: str, went_on: bool) -> None:
        super().__init__()
        self._theme = theme
        self._wide = True
        self.setAccessibleName(title)
        self.editor = NoteEditor(theme, draft, banded=False)
        self.editor.setFrameShape(QFrame.Shape.NoFrame)
        self.editor.setProperty("kind", "")
        self.editor.kept.connect(self.kept)
        self.editor.left.connect(self.left)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar(title, went_on))
        column.addWidget(line())
        self.preview = Prose(theme, self.tr("Preview"))
        self.preview.opened.connect(self.opened)
        self._split = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._split.setSpacing(0)
        left = ScrollPage()
        left.setWidget(self.editor)
        self._left = left
        self._right = self._preview_page()
        self._split.addWidget(left, 1)
        self._rule = line(horizontal=False)
        self._split.addWidget(self._rule)
        self._split.addWidget(self._right, 1)
        column.addLayout(self._split, 1)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PREVIEW_MS)
        self._soon.timeout.connect(self._show_preview)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(KEEP_MS)
        self._later.timeout.connect(self.flush)
        self._dirty = False
        self.editor.typed.connect(self._on_changed)
        self._show_preview()
        self._arrange()

    def draft(self) -> NoteDraft:
        """Return what is written so far."""
        return self.editor.draft()

    def flush(self) -> None:
        """Tell of what was typed since it was told last."""
        self._later.stop()
        if self._dirty:
            self._dirty = False
            self.changed.emit(self.draft())
            self._state.setText(self.tr("Draft kept"))

    def set_narrow(self, narrow: bool) -> None:
        """Show the way back to the list, or not."""
        self._back.setVisible(narrow)

    def focus_first(self) -> None:
        """Put the keyboard where the text is to be written."""
        self.editor.begin()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show both where there is room, else one of them."""
        super().resizeEvent(event)
        self._arrange()

    # ------------------------------------------------------------------------ private

    def _bar(self, title: str, went_on: bool) -> QWidget:
        theme = self._theme
        bar = PageBar(theme)
        bar.left.connect(self.left)
        self._back, row = bar.back, bar.row
        name = Elided(theme, tokens.STRONG)
        name.set_text(title)
        row.addWidget(name, 1)
        self._state = words(theme, self.tr("Your draft from before") if went_on else "", tokens.META, "3")
        row.addWidget(self._state)
        self.look: QPushButton = button(theme, self.tr("Preview"))
        self.look.setCheckable(True)
        self.look.toggled.connect(self._arrange)
        row.addWidget(self.look)
        drop = button(theme, self.tr("Discard draft"), "trash", flat=True)
        drop.clicked.connect(self.discarded)
        row.addWidget(drop)
        return bar

    def _preview_page(self) -> ScrollPage:
        theme = self._theme
        area = ScrollPage()
        area.setAccessibleName(self.tr("Preview"))
        page = QWidget()
        column = QVBoxLayout(page)
        side = theme.px(tokens.S5)
        column.setContentsMargins(side, theme.px(tokens.S4), side, side)
        column.setSpacing(theme.px(tokens.S2))
        column.addWidget(words(theme, self.tr("As it will be read"), tokens.META_STRONG, "2"))
        self._heading = words(theme, "", tokens.QUESTION, wrap=True)
        self._nothing = words(theme, self.tr("Nothing written yet"), tokens.INTERFACE, "3")
        column.addWidget(self._heading)
        column.addWidget(self.preview)
        column.addWidget(self._nothing)
        column.addStretch(1)
        area.setWidget(page)
        return area

    def _on_changed(self) -> None:
        self._dirty = True
        self._soon.start()
        self._later.start()

    def _show_preview(self) -> None:
        draft = self.draft()
        self._heading.setText(draft.title)
        self._heading.setVisible(bool(draft.title))
        self._nothing.setVisible(not draft.text.strip())
        self.preview.show_markdown(draft.text)

    def _arrange(self) -> None:
        wide = self.width() >= self._theme.px(WIDE)
        looking = self.look.isChecked()
        self.look.setVisible(not wide)
        self._left.setVisible(wide or not looking)
        self._right.setVisible(wide or looking)
        self._rule.setVisible(wide)
