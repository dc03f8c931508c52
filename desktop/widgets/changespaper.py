"""What changed, beside the commits: the summary, what a count rests on, and drafts to copy."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QTextOption
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QStackedLayout, QVBoxLayout, QWidget

from desktop import tokens
from desktop.answer_page import Source
from desktop.theme import Theme
from desktop.widgets.changesheet import ChangeSheet
from desktop.widgets.papers import Paper
from desktop.widgets.rail import line
from desktop.widgets.states import StatePage
from desktop.widgets.words import Elided, button, tool, words
from indexer.shapes.changes import ChangeSummary, Draft, DraftKind

COPIED_MS = 1_600
"""How long "Copied" stands in the place of "Copy"."""


class ChangesPaper(QWidget):
    """Shows a ChangeSummary. ``left`` leads back to the list, or to the commit that was shown."""

    opened = Signal(object)
    left = Signal()
    againWanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._draft: Draft | None = None
        self.setAccessibleName(self.tr("What changed"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(line())
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        column.addWidget(holder, 1)
        self._state = StatePage(theme)
        self._state.stepWanted.connect(self.againWanted)
        self.sheet = ChangeSheet(theme)
        self.sheet.opened.connect(self.opened)
        self.sheet.counted.connect(self._on_counted)
        self._counted = Paper(theme)
        self._counted.opened.connect(self.opened)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(theme.font(tokens.CODE))
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.text.document().setDocumentMargin(theme.px(tokens.S4))
        for each in (self._state, self.sheet, self._counted, self.text):
            self._stack.addWidget(each)
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.timeout.connect(self._on_rested)
        self.say("", "")

    @property
    def summary(self) -> ChangeSummary | None:
        """What is shown."""
        return self.sheet.summary if self._stack.currentWidget() is not self._state else None

    def say(self, title: str, text: str, step: str = "") -> None:
        """Show a sentence in the place of a summary."""
        self._state.say(title, text, step)
        self._show(self._state)

    def show_summary(self, summary: ChangeSummary) -> None:
        """Show a summary from its beginning."""
        self.sheet.show_summary(summary)
        self._show(self.sheet)

    def show_draft(self, kind: DraftKind) -> None:
        """Show one of the drafts, to be copied."""
        summary = self.sheet.summary
        found = next((each for each in summary.drafts if each.kind is kind), None) if summary else None
        if found is None:
            return
        self._draft = found
        self.text.setPlainText(found.text)
        name = self._names()[kind]
        self.text.setAccessibleName(self.tr("Draft to review: %s") % name)
        self._show(self.text)

    def focus_first(self) -> None:
        """Put the keyboard on what is shown."""
        shown = self._stack.currentWidget()
        target = self._state.step if shown is self._state else shown
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back from a draft, or a count, with Escape."""
        if event.key() == Qt.Key.Key_Escape and self._stack.currentWidget() in (self.text, self._counted):
            self._on_back()
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------------------ private

    def _bar(self) -> QWidget:
        theme = self._theme
        bar = QFrame()
        bar.setFixedHeight(theme.px(tokens.VIEW_BAR))
        row = QHBoxLayout(bar)
        row.setContentsMargins(theme.px(tokens.S2), 0, theme.px(tokens.S3), 0)
        row.setSpacing(theme.px(tokens.S2))
        self._back = tool(theme, "back", self.tr("Back"))
        self._back.clicked.connect(self._on_back)
        self._name = Elided(theme, tokens.STRONG)
        self._pull = button(theme, self.tr("Pull-request text"), "pen", flat=True)
        self._pull.clicked.connect(self._on_pull)
        self._note = button(theme, self.tr("Release note"), "pen", flat=True)
        self._note.clicked.connect(self._on_note)
        self._mark = words(theme, self.tr("Draft to review"), tokens.META, "partial")
        self._copy = button(theme, self.tr("Copy"), "copy")
        self._copy.clicked.connect(self._on_copy)
        row.addWidget(self._back)
        row.addWidget(self._name, 1)
        for each in (self._mark, self._pull, self._note, self._copy):
            row.addWidget(each)
        return bar

    def _show(self, page: QWidget) -> None:
        self._stack.setCurrentWidget(page)
        summary = self.sheet.summary if page is self.sheet else None
        drafts = {each.kind for each in summary.drafts} if summary is not None else set()
        self._pull.setVisible(DraftKind.PULL_REQUEST in drafts)
        self._note.setVisible(DraftKind.RELEASE_NOTE in drafts)
        drafting = page is self.text
        self._mark.setVisible(drafting)
        self._copy.setVisible(drafting)
        name = self.tr("What changed")
        if drafting and self._draft is not None:
            name = self._names()[self._draft.kind]
        self._name.set_text(name)

    def _names(self) -> dict[DraftKind, str]:
        return {
            DraftKind.PULL_REQUEST: self.tr("Pull-request text"),
            DraftKind.RELEASE_NOTE: self.tr("Release note"),
            DraftKind.COMMIT_MESSAGE: self.tr("Commit message"),
        }

    def _on_back(self) -> None:
        if self._stack.currentWidget() in (self.text, self._counted):
            self._show(self.sheet)
            self.focus_first()
        else:
            self.left.emit()

    def _on_counted(self, source: Source) -> None:
        self._counted.show_count(source)
        self._show(self._counted)
        self.focus_first()

    def _on_pull(self) -> None:
        self.show_draft(DraftKind.PULL_REQUEST)
        self.focus_first()

    def _on_note(self) -> None:
        self.show_draft(DraftKind.RELEASE_NOTE)
        self.focus_first()

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self._copy.setText(f" {self.tr('Copied')}")
        self._copied.start(COPIED_MS)

    def _on_rested(self) -> None:
        self._copy.setText(f" {self.tr('Copy')}")
