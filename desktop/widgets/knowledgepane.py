"""The left side of the knowledge view: what narrows the lists, the lists, and the way to take back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop import tokens
from desktop.drafts import NEW
from desktop.notewriting import NoteWriting
from desktop.theme import Theme
from desktop.widgets.filterfield import FilterField
from desktop.widgets.knowledgelist import KnowledgeList, ShelfRow
from desktop.widgets.knowledgewords import asked_words, gap_detail, note_detail, state_word
from desktop.widgets.rail import line
from desktop.widgets.undobar import UndoBar
from desktop.widgets.words import button
from indexer.types import Gap, Note


class KnowledgePane(QFrame):
    """Shows gaps and notes as far as filter and choice let them through; ``narrowed`` tells of a change."""

    narrowed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", "pane")
        self.list = KnowledgeList(theme)
        self.undo = UndoBar(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(line())
        column.addWidget(self.list, 1)
        holder = QWidget()
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(*(theme.px(tokens.S2),) * 4)
        inner.addWidget(self.undo)
        holder.hide()
        self.undo.offered.connect(holder.setVisible)
        column.addWidget(holder)

    def show_lists(
        self,
        notes: Sequence[Note] | None,
        gaps: Sequence[Gap] | None,
        writing: NoteWriting | None,
        *,
        waiting: bool,
    ) -> None:
        """Show both lists; None has not come yet, which is only said while it is ``waiting`` for it."""
        known = notes is not None and gaps is not None
        open_gaps = [gap for gap in gaps or () if gap.note_id is None]
        shown = list(notes or ())
        if self.mine.isChecked():
            names = writing.names if writing is not None else []
            shown = [each for each in shown if each.author in names]
        typed = self.field.text().casefold().split()
        open_gaps = [gap for gap in open_gaps if _fits(typed, gap.question, gap.missing, gap_detail(gap))]
        shown = [note for note in shown if _fits(typed, note.title, note.text, note_detail(note))]
        hints = self._hints(bool(typed))
        if not known:
            word = self.tr("On their way") if waiting and writing is not None else ""
            hints = word, word
        self.list.show_rows(
            [_gap_row(gap, self._right(gap, writing)) for gap in open_gaps],
            [_note_row(note) for note in shown],
            hints,
        )
        self.list.set_new_word(writing is not None and writing.waits(NEW))
        self.list.new.setEnabled(writing is not None)

    # ------------------------------------------------------------------------ private

    def _bar(self) -> QWidget:
        theme = self._theme
        bar = QFrame()
        bar.setMinimumHeight(theme.px(tokens.VIEW_BAR))
        row = QHBoxLayout(bar)
        row.setContentsMargins(theme.px(tokens.S3), theme.px(6), theme.px(tokens.S2), theme.px(6))
        row.setSpacing(theme.px(tokens.S2))
        self.field = FilterField(theme, self.tr("Filter gaps and notes"))
        self.field.textChanged.connect(self._on_narrowed)
        row.addWidget(self.field, 1)
        self._group = QButtonGroup(self)
        self._all = self._choice(self.tr("All"), self.tr("All notes"))
        self.mine = self._choice(self.tr("Mine"), self.tr("Notes under the names that you write with here"))
        self._all.setChecked(True)
        self.mine.toggled.connect(self._on_narrowed)
        both = QHBoxLayout()
        both.setSpacing(0)
        both.addWidget(self._all)
        both.addWidget(self.mine)
        row.addLayout(both)
        return bar

    def _choice(self, text: str, meaning: str) -> QPushButton:
        made = button(self._theme, text)
        made.setCheckable(True)
        made.setToolTip(meaning)
        made.setAccessibleDescription(meaning)
        self._group.addButton(made)
        return made

    def _on_narrowed(self) -> None:
        self.narrowed.emit()

    def _hints(self, filtered: bool) -> tuple[str, str]:
        if filtered:
            return self.tr("No gap fits"), self.tr("No note fits")
        mine = self.tr("None under your name") if self.mine.isChecked() else self.tr("Nobody wrote one yet")
        return self.tr("No question is left without a record"), mine

    def _right(self, gap: Gap, writing: NoteWriting | None) -> str:
        drafted = writing is not None and writing.waits(f"gap:{gap.id}")
        return self.tr("draft kept") if drafted else asked_words(gap.asked)


def _fits(typed: list[str], *texts: str) -> bool:
    return not typed or all(word in " ".join(texts).casefold() for word in typed)


def _gap_row(gap: Gap, right: str) -> ShelfRow:
    return ShelfRow(gap.id, gap.question, gap_detail(gap), right, gap=True)


def _note_row(note: Note) -> ShelfRow:
    return ShelfRow(note.id, note.title, note_detail(note), state_word(note.state), state=note.state)
