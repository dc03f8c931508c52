"""What was searched for an answer: how much there is, which words, and where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop import tokens
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.rail import line
from desktop.widgets.scrollpage import ScrollPage
from desktop.widgets.words import link, words
from desktop.widgets.wrapping import wrapping
from indexer.types import Answer

_TOTALS = re.compile(
    r"^([\d,]+) passages of code, ([\d,]+) of documents, ([\d,]+) of commit messages, ([\d,]+) notes?$"
)
_TERM = re.compile(
    r"^(?P<term>.+?): (?:nowhere|([\d,]+(?: or more)?) in code, ([\d,]+(?: or more)?) in documents,"
    r" ([\d,]+(?: or more)?) in commits)$"
)


_NOWHERE = "found nowhere: "

WORD_WIDTH = 150
"""Least width of the column of words, px at 100 %."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word that was looked for, and how often it stands in code, documents and commits."""

    text: str
    code: str
    documents: str
    commits: str


class Searched(ScrollPage):
    """The tab "What was searched"."""

    healthWanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(self.tr("What was searched"))
        self.setStyleSheet("QScrollArea { background: transparent; }")

    def show_answer(self, answer: Answer, skipped: int) -> None:
        """Show what was searched for ``answer``; ``skipped`` files were not (-1: unknown)."""
        theme = self._theme
        page = QWidget()
        page.setAutoFillBackground(False)
        column = QVBoxLayout(page)
        side = theme.px(tokens.S4)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.px(tokens.S3))
        what = self.tr("Everything that is indexed")
        if answer.commit_id:
            what = self.tr("Everything that is indexed at %s") % answer.commit_id[:9]
        how = self.tr("%s, by words, by meaning and by names.")
        if not answer.freshness.embedded:
            how = self.tr("%s, by words and by names.")
        column.addWidget(words(theme, how % what, tokens.INTERFACE, "2", wrap=True))
        totals, terms, rest = read_searched(answer.verdict.searched)
        if totals:
            column.addWidget(self._tiles(totals))
        if terms:
            column.addLayout(self._table(terms))
        for each in rest:
            column.addWidget(words(theme, plain(each), tokens.INTERFACE, "2", wrap=True))
        holder, row = wrapping(theme.px(tokens.S2), theme.px(tokens.S1))
        where = self.tr("Not searched: other repositories, tickets, chats, and skipped files.")
        if skipped == 1:
            where = self.tr("Not searched: 1 skipped file, other repositories, tickets, chats.")
        elif skipped > 1:
            where = self.tr("Not searched: %d skipped files, other repositories, tickets, chats.") % skipped
        row.addWidget(words(theme, where, tokens.INTERFACE, "2"))
        health = link(theme, self.tr("Skipped files"))
        health.clicked.connect(self.healthWanted)
        row.addWidget(health)
        column.addWidget(holder)
        column.addStretch(1)
        self.setWidget(page)

    def wanted_height(self) -> int:
        """Return the height at which nothing scrolls."""
        page = self.widget()
        return page.sizeHint().height() if page is not None else 0

    def _tiles(self, totals: tuple[str, ...]) -> QWidget:
        theme = self._theme
        frame = QFrame()
        frame.setProperty("kind", "card")
        row = QHBoxLayout(frame)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        names = (
            self.tr("pieces of code"),
            self.tr("of documents"),
            self.tr("commit messages"),
            self.tr("note") if totals[3] == "1" else self.tr("notes"),
        )
        for place, (count, name) in enumerate(zip(totals, names, strict=True)):
            if place:
                row.addWidget(line(horizontal=False))
            cell = QVBoxLayout()
            cell.setContentsMargins(
                theme.px(tokens.S3), theme.px(tokens.S2), theme.px(6), theme.px(tokens.S2)
            )
            cell.setSpacing(0)
            cell.addWidget(words(theme, count, tokens.SECTION))
            cell.addWidget(words(theme, name, tokens.META, "2", wrap=True))
            row.addLayout(cell, 1)
        return frame

    def _table(self, terms: list[Term]) -> QGridLayout:
        theme = self._theme
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(tokens.S4))
        grid.setVerticalSpacing(theme.px(tokens.S1))
        # Beside each other, and not at the two ends of a wide pane, where no eye follows a row.
        grid.setColumnMinimumWidth(0, theme.px(WORD_WIDTH))
        grid.setColumnStretch(0, 4)
        grid.setColumnStretch(4, 1)
        heads = (self.tr("Word"), self.tr("Code"), self.tr("Documents"), self.tr("Commits"))
        right = Qt.AlignmentFlag.AlignRight
        for place, head in enumerate(heads):
            label = words(theme, head, tokens.META, "2")
            grid.addWidget(label, 0, place, right if place else Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(line(), 1, 0, 1, 5)
        for number, term in enumerate(terms, start=2):
            grid.addWidget(words(theme, plain(term.text), tokens.CODE, wrap=True), number, 0)
            for place, count in enumerate((term.code, term.documents, term.commits), start=1):
                shown = words(theme, count, tokens.INTERFACE, "3" if count == "0" else "")
                grid.addWidget(shown, number, place, right)
        return grid


def read_searched(searched: tuple[str, ...]) -> tuple[tuple[str, ...], list[Term], list[str]]:
    """Return (totals, words with their counts, what could not be read) of a verdict's lines."""
    totals: tuple[str, ...] = ()
    terms: list[Term] = []
    rest: list[str] = []
    for each in searched:
        if found := _TOTALS.match(each):
            totals = found.groups()
        elif found := _TERM.match(each):
            counts = ((each or "0").replace(" or more", "+") for each in found.groups()[1:])
            terms.append(Term(found["term"], *counts))
        elif each.startswith(_NOWHERE):
            terms += [Term(word, "0", "0", "0") for word in each.removeprefix(_NOWHERE).split(", ")]
        else:
            rest.append(each)
    return totals, terms, rest
