"""Has an answer written out by the language model: the card on its page, and the sheet of what is sent."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.answering import Answering
from desktop.modelwriting import ModelWriting
from desktop.theme import Theme
from desktop.widgets.answer import AnswerBody
from desktop.widgets.sentsheet import SentSheet
from indexer.errors import LorebaseError
from indexer.protocol import SentPage
from indexer.types import Answer, Statement


class WritingOut(QObject):
    """What was extracted stays; what the model writes stands in a card of its own."""

    def __init__(self, parent: QWidget, theme: Theme, answering: Answering) -> None:
        super().__init__(parent)
        self._answering = answering
        self._body: AnswerBody | None = None
        self.model = ModelWriting(self)
        self.sheet = SentSheet(theme, parent)
        self.model.stateChanged.connect(self.offer)
        self.model.passed.connect(self._on_sentence)
        self.model.ended.connect(self._on_ended)
        self.model.failed.connect(self._on_failed)
        self.model.sentShown.connect(self.sheet.show_page)
        self.model.sendAskedFor.connect(self.sheet.show_page)
        self.sheet.agreed.connect(self._on_agreed)

    def set_body(self, body: AnswerBody | None) -> None:
        """Write on another page, or on none; what was being written for the last one is let go of."""
        if self._body is not body:
            self.model.stop()
            self.sheet.leave()
        self._body = body
        if body is not None:
            body.writeOutWanted.connect(self.begin)
            body.stopWritingWanted.connect(self.stop)
            body.sentWanted.connect(self.show_sent)

    def offer(self) -> None:
        """Show the card, where a model is chosen and the answer can be written out."""
        state, shown = self.model.state, self._answering.shown
        if state is None or shown is None or self._body is None or not self._body.whole:
            return
        written = shown.answer.written
        if written is None and (not self.model.offered or not shown.answer.kept_id):
            return
        card = self._body.written_card()
        card.offer(state.name, state.problem)
        if written is not None:
            card.show_written(written)

    def begin(self) -> None:
        """Have the answer put into prose."""
        shown = self._answering.shown
        if shown is None or not self.model.offered or self.model.state is None:
            return
        if not self.model.state.problem:
            self.model.write(shown.answer.kept_id)
            if self.model.writing:
                self._begin_card()

    def stop(self) -> None:
        """Let go of the model, as the person asks."""
        self.model.stop()
        if self._body is not None:
            self._body.written_card().fail(self.tr("You stopped it."))

    def show_sent(self) -> None:
        """Show exactly what would be sent."""
        if self._answering.shown is not None:
            self.model.show_sent(self._answering.shown.answer.kept_id)

    # ------------------------------------------------------------------------ private

    def _begin_card(self) -> None:
        if self._body is not None:
            self._body.written_card().begin()

    def _on_sentence(self, sentence: Statement) -> None:
        if self._body is not None:
            self._body.written_card().add(sentence)

    def _on_ended(self, kept_id: str, answer: Answer) -> None:
        shown = self._answering.shown
        if shown is None or self._body is None or kept_id != shown.answer.kept_id:
            return
        self._answering.take_written(answer)
        if answer.written is not None:
            self._body.written_card().show_written(answer.written)
            self._body.show_how(answer)

    def _on_failed(self, error: LorebaseError) -> None:
        if self._body is not None and self._answering.shown is not None:
            self._body.written_card().fail(f"{error.message} {error.hint}".strip())

    def _on_agreed(self, page: SentPage) -> None:
        if self._answering.shown is not None:
            self.model.send_shown(self._answering.shown.answer.kept_id, page)
            self._begin_card()
