"""Writes down what is missing in the place of its card: the editor, its draft, the note it becomes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from hashlib import blake2b

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop.answering import Shown
from desktop.asking import Asking
from desktop.engine import Link
from desktop.notewriting import NoteWriting
from desktop.oddities import plain
from desktop.places import KnowledgePlace
from desktop.theme import Theme
from desktop.widgets.answer import AnswerBody
from desktop.widgets.gapcard import KeptNote
from desktop.widgets.noteeditor import NoteEditor
from indexer.errors import LorebaseError
from indexer.types import CitationKind, Note, NoteDraft, Person

KEEP_AFTER_MS = 800
"""How long typing must rest before the draft is written into its file."""


class WriteDown(QObject):
    """One editor at a time, on the body of the answer that is shown."""

    kept = Signal(str, object)
    """The question, and the Note that answers it now."""
    opened = Signal(object)
    againWanted = Signal()
    noticed = Signal(str)

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._asking = Asking(self)
        self._body: AnswerBody | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(KEEP_AFTER_MS)
        self._later.timeout.connect(self.keep_draft)
        self._notes: NoteWriting | None = None
        self._question = self._key = ""
        self.person = Person()
        """Who writes here, until another name was written under."""
        self.editor: NoteEditor | None = None

    def set_link(self, link: Link | None) -> None:
        """Write for another repository."""
        self.leave_page()
        self._asking.set_link(link)
        self._notes = None if link is None else NoteWriting(link.location)

    def set_page(self, question: str, shown: Shown, body: AnswerBody) -> None:
        """Write on the page of another answer; a draft that was left here is gone on with."""
        self.leave_page()
        self._question, self._key, self._body = question, draft_key(question, shown), body

    def leave_page(self) -> None:
        """Keep what was typed, since the page goes."""
        self.keep_draft()
        self._body = self.editor = None

    def has_draft(self) -> bool:
        """Say whether something was typed for this answer, in this window or in an earlier one."""
        return self._notes is not None and self._notes.waits(self._key)

    def begin(self, shown: Shown) -> None:
        """Open the editor in the place of the gap card."""
        if self._body is None or self._notes is None:
            return
        if self.editor is None:
            author = self._notes.name or self.person.name
            draft, _ = self._notes.begin(self._key, replace(first_draft(shown), author=author))
            self.editor = NoteEditor(self._theme, draft)
            self.editor.typed.connect(self._later.start)
            self.editor.kept.connect(self._on_wanted)
            self.editor.left.connect(self.leave)
            self._body.put_in_card_place(self.editor)
        self.editor.begin()

    def leave(self) -> None:
        """Close the editor; what was typed stays."""
        self.keep_draft()
        if self.editor is not None and self._body is not None:
            self._drop_editor()
            self._body.show_card()
            if self._body.card is not None:
                self._body.card.write.setFocus()

    def keep_draft(self) -> None:
        """Keep what was typed into an open editor, whatever happens to the page or to the window."""
        self._later.stop()
        if self.editor is not None and self._notes is not None:
            self._notes.keep(self._key, self.editor.draft())

    # ------------------------------------------------------------------------ private

    def _drop_editor(self) -> None:
        if self.editor is not None:
            self.editor.hide()
            self.editor.deleteLater()
            self.editor = None

    def _on_wanted(self, draft: NoteDraft) -> None:
        if self._notes is None:
            return
        self._notes.keep(self._key, draft)
        question = self._question
        answers = (partial(self._on_saved, question), partial(self._on_failed, question))
        self._notes.save(self._asking, self._key, draft, (), answers)

    def _on_saved(self, question: str, note: Note) -> None:
        here = question == self._question and self._body is not None and self.editor is not None
        if here:
            # Before anybody hears of it: whoever does must find no draft in an editor any more.
            self._drop_editor()
        self.kept.emit(question, note)
        self.noticed.emit(self.tr("Written down: %s") % plain(note.title))
        if here and self._body is not None:
            card = KeptNote(self._theme, note.title)
            card.askAgainWanted.connect(self.againWanted)
            card.noteWanted.connect(partial(self.opened.emit, KnowledgePlace(note_id=note.id)))
            self._body.put_in_card_place(card)
            card.again.setFocus()

    def _on_failed(self, question: str, error: LorebaseError) -> None:
        if question == self._question and self.editor is not None:
            self.editor.show_problem(f"{error.message} {error.hint}".strip())
        else:
            self.noticed.emit(error.message)


def draft_key(question: str, shown: Shown) -> str:
    """Return under which key a draft is kept: that of its gap, so that Knowledge goes on with the same."""
    gap_id = shown.answer.gap_id
    return f"gap:{gap_id}" if gap_id else f"ask:{blake2b(question.encode(), digest_size=8).hexdigest()}"


def first_draft(shown: Shown) -> NoteDraft:
    """Return an empty note about the first lines that the answer cites, for the gap that it met."""
    answer = shown.answer
    about = ""
    for source in shown.page.sources:
        if source.first.kind is CitationKind.SPAN and source.first.path:
            about = f"{source.first.path}:{source.start_line}-{source.end_line}"
            break
    return NoteDraft(
        title=plain(answer.question[:200]),
        text="",
        about=about,
        category=answer.verdict.category,
        gap_id=answer.gap_id,
    )
