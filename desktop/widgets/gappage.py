"""A gap as a page: the question, what is missing, who may know, and where it would be written down."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import tokens
from desktop.answer_page import missing_title, without_question
from desktop.dates import spoken_day
from desktop.oddities import plain
from desktop.places import AskPlace, SourcePlace
from desktop.theme import Theme
from desktop.widgets.gapcard import GapCard, GapText
from desktop.widgets.knowledgewords import asked_words
from desktop.widgets.rail import line
from desktop.widgets.rows import LinkRow, RowParts
from desktop.widgets.scrollpage import PageBar, ScrollPage, reading_page
from desktop.widgets.sources import path_icon
from desktop.widgets.words import Elided, button, words
from indexer.types import Gap

WIDTH = 640


class GapPage(QWidget):
    """Shows one gap."""

    opened = Signal(object)
    left = Signal()
    writeWanted = Signal()
    dismissWanted = Signal()

    def __init__(self, theme: Theme, gap: Gap) -> None:
        super().__init__()
        self._theme = theme
        self.gap = gap
        self.setAccessibleName(self.tr("Gap: %s") % plain(gap.question))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(line())
        scroll = ScrollPage()
        column.addWidget(scroll, 1)
        scroll.setWidget(self._page())

    def set_narrow(self, narrow: bool) -> None:
        """Show the way back to the list, or not."""
        self._back.setVisible(narrow)

    def focus_first(self) -> None:
        """Put the keyboard on what is most wanted here."""
        self.card.write.setFocus(Qt.FocusReason.OtherFocusReason)

    def _bar(self) -> QWidget:
        theme, gap = self._theme, self.gap
        bar = PageBar(theme)
        bar.left.connect(self.left)
        self._back, row = bar.back, bar.row
        row.addSpacing(theme.px(tokens.S3))
        said = Elided(theme, tokens.INTERFACE, "text_2")
        values = {"asked": asked_words(gap.asked), "day": spoken_day(gap.last_asked)}
        said.set_text(self.tr("Not recorded, %(asked)s, last %(day)s") % values)
        row.addWidget(said, 1)
        again = button(theme, self.tr("Ask again"), "refresh")
        again.clicked.connect(partial(self.opened.emit, AskPlace(question=gap.question)))
        self.dismiss = button(theme, self.tr("Dismiss"), "close", flat=True)
        self.dismiss.setToolTip(self.tr("Put this gap away; Undo brings it back"))
        self.dismiss.clicked.connect(self.dismissWanted)
        row.addWidget(again)
        row.addWidget(self.dismiss)
        return bar

    def _askers(self) -> str:
        """Return who met this gap, each with how often when that is more than once."""
        told = []
        for each in self.gap.askers:
            name = plain(each.name or each.email) or self.tr("somebody")
            told.append(name if each.asked < 2 else f"{name} ({each.asked})")
        return ", ".join(told)

    def _page(self) -> QWidget:
        theme, gap = self._theme, self.gap
        holder, column = reading_page(theme, WIDTH, tokens.S2)
        title = words(theme, plain(gap.question), tokens.QUESTION, wrap=True)
        title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(title)
        column.addSpacing(theme.px(tokens.S1))
        missing = missing_title(without_question(gap.missing, gap.question))
        asked = self.tr("No code, document, commit or note here says it.")
        text = GapText(missing or self.tr("Nobody wrote this down"), asked, gap.category, gap.contacts)
        self.card = GapCard(theme, text)
        self.card.show_asked(gap.asked)
        self.card.writeWanted.connect(self.writeWanted)
        self.card.searchedWanted.connect(partial(self.opened.emit, AskPlace(question=gap.question)))
        column.addWidget(self.card)
        if gap.askers:
            column.addSpacing(theme.px(tokens.S3))
            column.addWidget(words(theme, self.tr("Who asked"), tokens.STRONG))
            column.addWidget(words(theme, self._askers(), tokens.INTERFACE, "2", wrap=True))
        if gap.paths:
            column.addSpacing(theme.px(tokens.S3))
            column.addWidget(words(theme, self.tr("Where it shows in the code"), tokens.STRONG))
            rows = QVBoxLayout()
            rows.setSpacing(0)
            column.addLayout(rows)
            for path in gap.paths:
                if path in gap.gone:
                    gone = self.tr("%s, which is not there any more") % plain(path)
                    rows.addWidget(words(theme, gone, tokens.INTERFACE, "3", wrap=True))
                    continue
                row = LinkRow(theme, RowParts(path, icon=path_icon(path)), SourcePlace(path))
                row.opened.connect(self.opened)
                rows.addWidget(row)
        return holder
