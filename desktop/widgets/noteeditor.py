"""Writes a note where the gap is shown: title, text, what it is about, who says so."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from desktop import tokens
from desktop.icons import pixmap
from desktop.theme import Theme
from desktop.widgets.signs import HatchBand
from desktop.widgets.words import button, words
from desktop.widgets.wrapping import wrapping
from desktop.widgets.writingcard import WritingCard
from indexer.types import Category, NoteDraft


class NoteEditor(WritingCard):
    """Emits ``kept`` with a NoteDraft, or ``left``."""

    kept = Signal(object)
    typed = Signal()
    """Something of it is another now."""

    def __init__(self, theme: Theme, draft: NoteDraft, banded: bool = True) -> None:
        tr = QCoreApplication.translate
        super().__init__(
            theme,
            tr("NoteEditor", "Note"),
            draft.text,
            tr("NoteEditor", "What you know, and how you know it. Markdown is welcome."),
            tr("NoteEditor", "Keep this note"),
            "check",
        )
        self._draft = draft
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        if banded:
            row.addWidget(HatchBand(theme))
        column = QVBoxLayout()
        column.setContentsMargins(theme.px(14), theme.px(12), theme.px(14), theme.px(12))
        column.setSpacing(theme.px(tokens.S2))
        row.addLayout(column, 1)
        column.addWidget(words(theme, self.tr("Write it down"), tokens.SECTION))
        self.title = self._field(draft.title, self.tr("Title"))
        self.text.setMinimumHeight(theme.px(120))
        self.text.setAccessibleName(self.tr("What you know"))
        self.about = self._field(draft.about, self.tr("About"))
        self.about.setPlaceholderText(self.tr("A path, path:line-line, or a name of the code"))
        self.author = self._field(draft.author, self.tr("Who says so"))
        self.author.setPlaceholderText(self.tr("Your name"))
        self.category = self._categories(draft.category)
        column.addWidget(self.title)
        column.addWidget(self.text, 1)
        column.addLayout(self._details())
        column.addWidget(self.problem)
        column.addWidget(self._buttons())
        self.text.textChanged.connect(self._on_changed)
        self.text.textChanged.connect(self.typed)
        for field in (self.title, self.about, self.author):
            field.textChanged.connect(self.typed)
        self.category.currentIndexChanged.connect(self.typed)
        self._on_changed()

    def draft(self) -> NoteDraft:
        """Return what is written so far."""
        return NoteDraft(
            title=self.title.text().strip(),
            text=self.text.toPlainText(),
            about=self.about.text().strip(),
            author=self.author.text().strip(),
            email=self._draft.email,
            category=self.category.currentData(),
            gap_id=self._draft.gap_id,
        )

    def on_keep(self) -> None:
        """Keep the note, once there is one."""
        if self.keep.isEnabled():
            self.keep.setEnabled(False)
            self.problem.hide()
            self.kept.emit(self.draft())

    # ------------------------------------------------------------------------ private

    def _field(self, text: str, name: str) -> QLineEdit:
        field = QLineEdit(text)
        field.setFont(self._theme.font(tokens.INTERFACE))
        field.setAccessibleName(name)
        field.setPlaceholderText(name)
        field.setCursorPosition(0)
        return field

    def _details(self) -> QGridLayout:
        theme = self._theme
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(tokens.S3))
        grid.setVerticalSpacing(theme.px(tokens.S2))
        grid.setColumnStretch(1, 1)
        rows: tuple[tuple[str, QWidget], ...] = (
            (self.tr("About"), self.about),
            (self.tr("Kind"), self.category),
            (self.tr("Who says so"), self.author),
        )
        for place, (name, field) in enumerate(rows):
            label = words(theme, name, tokens.META, "2")
            label.setBuddy(field)
            grid.addWidget(label, place, 0)
            grid.addWidget(field, place, 1)
        return grid

    def _categories(self, chosen: Category | None) -> QComboBox:
        box = _Kinds(self._theme)
        box.setFont(self._theme.font(tokens.INTERFACE))
        box.setAccessibleName(self.tr("Kind"))
        for text, value in (
            (self.tr("No kind"), None),
            (self.tr("Architecture decision"), Category.ARCHITECTURE),
            (self.tr("Business rule"), Category.BUSINESS),
            (self.tr("Performance in production"), Category.PERFORMANCE),
            (self.tr("Security policy"), Category.SECURITY),
            (self.tr("Ownership"), Category.OWNERSHIP),
        ):
            box.addItem(text, value)
            if value == chosen:
                box.setCurrentIndex(box.count() - 1)
        return box

    def _buttons(self) -> QWidget:
        theme = self._theme
        holder, row = wrapping(theme.px(tokens.S2), theme.px(tokens.S2))
        cancel = button(theme, self.tr("Cancel"))
        cancel.clicked.connect(self.left)
        row.addWidget(self.keep)
        row.addWidget(cancel)
        row.push()
        row.addWidget(words(theme, self.tr("Stays on this machine"), tokens.META, "3"))
        return holder

    def _on_changed(self) -> None:
        self.keep.setEnabled(bool(self.text.toPlainText().strip()))


class _Kinds(QComboBox):
    """A box of choices with the arrow that the style sheet takes from it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side = self._theme.px(14)
        arrow = pixmap("down", self._theme.roles.text_2, side, self.devicePixelRatioF())
        left = self.width() - side - self._theme.px(9)
        QPainter(self).drawPixmap(left, (self.height() - side) // 2, arrow)
