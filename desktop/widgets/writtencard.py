"""The same answer in a language model's words: marked as such, by sentences, with what was left out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from desktop import tokens
from desktop.answer_page import AnswerPage, Told, numbers_of
from desktop.icons import pixmap
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.statements import StatementText
from desktop.widgets.words import button, link, words
from desktop.widgets.wrapping import wrapping
from indexer.types import Statement, Written


class WrittenCard(QFrame):
    """Stands above what was extracted, which stays: offers to write, shows it come in, counts the dropped."""

    writeWanted = Signal()
    sentWanted = Signal()
    stopWanted = Signal()
    chipClicked = Signal(int)
    chipPointed = Signal(int, QRect)

    def __init__(self, theme: Theme, page: AnswerPage) -> None:
        super().__init__()
        self._theme = theme
        self._page = page
        self._model = ""
        self._begun = False
        self._sentences: list[Statement] = []
        self.text: StatementText | None = None
        self.setProperty("kind", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(14), theme.px(10), theme.px(14), theme.px(10))
        column.setSpacing(theme.px(6))
        head = QHBoxLayout()
        head.setSpacing(theme.px(tokens.S2))
        sign = QLabel()
        sign.setPixmap(pixmap("pen", theme.roles.text_2, theme.px(16), self.devicePixelRatioF()))
        self._title = words(theme, "", tokens.STRONG, wrap=True)
        head.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        column.addLayout(head)
        self._texts = QVBoxLayout()
        column.addLayout(self._texts)
        self._foot = words(theme, "", tokens.META, "2", wrap=True)
        column.addWidget(self._foot)
        holder, row = wrapping(theme.px(tokens.S2), theme.px(tokens.S1))
        self.write = button(theme, self.tr("Write it out"), "pen")
        self.write.setToolTip(self.tr("Ctrl+Enter"))
        self.write.clicked.connect(self.writeWanted)
        self.stop = button(theme, self.tr("Stop"), "stop")
        self.stop.clicked.connect(self.stopWanted)
        self.sent = link(theme, self.tr("Show exactly what will be sent"))
        self.sent.clicked.connect(self.sentWanted)
        for each in (self.write, self.stop, self.sent):
            row.addWidget(each)
        column.addWidget(holder)

    # ------------------------------------------------------------------------ states

    def offer(self, model: str, problem: str) -> None:
        """Offer to have it written, or say why that cannot be; once begun, what became of it stands."""
        if self._begun:
            return
        self._model = plain(model)
        self._title.setText(self.tr("%s can put this into prose") % self._model)
        self._say(plain(problem) or self.tr("Sources, label and what is missing stay as they are."))
        self._show_buttons(write=not problem, stop=False)

    def begin(self) -> None:
        """Show that it is being written."""
        self._begun = True
        self._sentences = []
        self._show_sentences()
        self._title.setText(self.tr("%s is writing") % self._model)
        self._say(self.tr("Each sentence is held against its sources before it is shown."))
        self._show_buttons(write=False, stop=True)

    def add(self, sentence: Statement) -> None:
        """Show one more sentence."""
        self._sentences.append(sentence)
        self._show_sentences()

    def show_written(self, written: Written) -> None:
        """Show all that was written, and what was not let through."""
        self._model = plain(written.model) or self._model
        self._sentences = list(written.sentences)
        self._show_sentences()
        self._title.setText(self.tr("Written by %s, not by a person") % self._model)
        self._say(self._told(written))
        self.write.setText(f" {self.tr('Write it again')}")
        self._show_buttons(write=True, stop=False)

    def fail(self, message: str) -> None:
        """Say what went wrong; what has passed stays."""
        self._title.setText(self.tr("%s did not get to the end") % self._model)
        self._say(self.tr("%s The extracted answer is below.") % plain(message))
        self.write.setText(f" {self.tr('Retry')}")
        self._show_buttons(write=True, stop=False)

    # ------------------------------------------------------------------------ private

    def _show_sentences(self) -> None:
        while (item := self._texts.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.text = None
        told = [Told(each, numbers_of(self._page, each)) for each in self._sentences]
        if told:
            self.text = self._text(told)
            self._texts.addWidget(self.text)

    def _text(self, told: Sequence[Told]) -> StatementText:
        text = StatementText(self._theme, told)
        text.setAccessibleName(self.tr("Written by a language model"))
        text.chipClicked.connect(self.chipClicked)
        text.chipHovered.connect(self._on_hovered)
        return text

    def _on_hovered(self, number: int) -> None:
        where = self.text.chip_rect(number) if number and self.text is not None else QRect()
        self.chipPointed.emit(number, where)

    def _told(self, written: Written) -> str:
        parts: list[str] = []
        count = written.dropped_count
        if count:
            why = ", ".join(f"{plain(reason)} ({number})" for reason, number in written.dropped.items())
            left = self.tr("1 sentence left out") if count == 1 else self.tr("%d sentences left out") % count
            parts.append(f"{left}: {why}.")
        if written.saw < written.total:
            saw = {"saw": written.saw, "total": written.total}
            parts.append(self.tr("The model saw %(saw)d of %(total)d sources.") % saw)
        if written.cut_off:
            parts.append(self.tr("The text ends before its end."))
        if written.notice:
            parts.append(plain(written.notice))
        parts.append(self.tr("%.1f s") % written.seconds)
        return " ".join(parts)

    def _say(self, text: str) -> None:
        self._foot.setText(text)

    def _show_buttons(self, *, write: bool, stop: bool) -> None:
        self.write.setVisible(write)
        self.sent.setVisible(write)
        self.stop.setVisible(stop)
