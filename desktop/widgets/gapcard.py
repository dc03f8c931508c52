"""The card about something that nobody wrote down: what, where it was sought, who may know, and a way out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop import tokens
from desktop.mail import whom
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.rail import line
from desktop.widgets.signs import HatchBand
from desktop.widgets.words import button, link, tip, words
from desktop.widgets.wrapping import WrappingRow, wrapping
from indexer.types import Category, Contact

_LAST = re.compile(r"^(?P<what>.*?), the last on (?P<day>\d{4}-\d\d-\d\d)(?P<rest>.*)$", re.DOTALL)
_LEFT = re.compile(r"no commit (?:here )?at all since (?P<day>\d{4}-\d\d-\d\d)")
MAX_CONTACTS = 5

LONG_NAME = 14
"""Letters of a name that a button holds."""


@dataclass(frozen=True, slots=True)
class GapText:
    """What a gap card says."""

    title: str
    text: str
    category: Category | None
    contacts: tuple[Contact, ...] = ()
    draft: str = ""
    kept: bool = True
    """False where nothing here is about the question: then there is nobody to ask."""


class GapCard(QFrame):
    """Emits what the person wants to do about the gap."""

    writeWanted = Signal()
    copyWanted = Signal()
    mailWanted = Signal(object)
    """The Contact to whom the drafted question shall go, by the person's own mail program."""
    searchedWanted = Signal()
    rephraseWanted = Signal()

    def __init__(self, theme: Theme, gap: GapText) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("kind", "card")
        self.setAccessibleName(self.tr("Not recorded: %s") % gap.title)
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        if gap.kept:
            row.addWidget(HatchBand(theme))
        self._column = QVBoxLayout()
        self._column.setContentsMargins(theme.px(14), theme.px(12), theme.px(14), theme.px(12))
        self._column.setSpacing(theme.px(tokens.S2))
        row.addLayout(self._column, 1)
        self._add_head(gap)
        if gap.contacts:
            self._column.addWidget(line())
            self._add_contacts(gap.contacts)
        if gap.draft:
            self._add_draft(gap.draft)
        self._add_buttons(gap)

    def show_asked(self, times: int) -> None:
        """Say how often this gap was met."""
        texts = {1: self.tr("Kept as a gap"), 2: self.tr("Kept as a gap, asked twice")}
        self._kept.setText(texts.get(times, self.tr("Kept as a gap, asked %d times") % times))

    # ------------------------------------------------------------------------ private

    def _add_head(self, gap: GapText) -> None:
        theme = self._theme
        head = QHBoxLayout()
        head.setSpacing(theme.px(tokens.S3))
        head.addWidget(words(theme, plain(gap.title), tokens.SECTION, wrap=True), 1)
        if gap.category is not None:
            tag = words(theme, self.category_word(gap.category), tokens.META)
            tag.setProperty("kind", "tag")
            head.addWidget(tag, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(head)
        text = words(theme, plain(gap.text), tokens.INTERFACE, "2", wrap=True)
        self._column.addWidget(text)
        searched = link(theme, self.tr("What was searched"))
        searched.clicked.connect(self.searchedWanted)
        self._column.addWidget(searched)

    def _add_contacts(self, contacts: Sequence[Contact]) -> None:
        theme = self._theme
        self._column.addWidget(words(theme, self.tr("Who may know"), tokens.META_STRONG, "2"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(tokens.S3))
        grid.setVerticalSpacing(theme.px(tokens.S1))
        grid.setColumnStretch(1, 1)
        metrics = QFontMetricsF(theme.font(tokens.INTERFACE))
        widest = max(metrics.horizontalAdvance(plain(each.name)) for each in contacts[:MAX_CONTACTS])
        grid.setColumnMinimumWidth(0, min(max(theme.px(110), round(widest) + 2), theme.px(150)))
        top = Qt.AlignmentFlag.AlignTop
        for place, contact in enumerate(contacts[:MAX_CONTACTS]):
            what, when, gone = contact_words(contact.reason)
            if gone:
                when = self.tr("no commit since %s") % when
            name = words(theme, plain(contact.name), tokens.INTERFACE, "2" if gone else "", wrap=True)
            name.setMaximumWidth(theme.px(150))
            if contact.email:
                name.setToolTip(plain(contact.email).replace("<", "").replace("&", ""))
            date = words(theme, when, tokens.META, "3")
            grid.addWidget(name, place, 0, top)
            grid.addWidget(words(theme, plain(what), tokens.INTERFACE, "2", wrap=True), place, 1, top)
            grid.addWidget(date, place, 2, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        self._column.addLayout(grid)

    def _add_draft(self, draft: str) -> None:
        theme = self._theme
        frame = QFrame()
        frame.setProperty("kind", "draft")
        column = QVBoxLayout(frame)
        column.setContentsMargins(theme.px(10), theme.px(7), theme.px(10), theme.px(8))
        column.setSpacing(theme.px(2))
        column.addWidget(words(theme, self.tr("Question to send"), tokens.META_STRONG, "2"))
        text = "\n".join(plain(each) for each in draft.split("\n"))
        shown = words(theme, text, tokens.INTERFACE, "2", wrap=True)
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(shown)
        self._column.addWidget(frame)

    def _add_buttons(self, gap: GapText) -> None:
        theme = self._theme
        holder, row = wrapping(theme.px(tokens.S2), theme.px(tokens.S2))
        if not gap.kept:
            again = button(theme, self.tr("Ask in other words"), "pen", primary=True)
            again.clicked.connect(self.rephraseWanted)
            row.addWidget(again)
        self.write = button(theme, self.tr("Write it down"), "note", primary=gap.kept)
        self.write.clicked.connect(self.writeWanted)
        row.addWidget(self.write)
        if gap.draft:
            copy = button(theme, self.tr("Copy question"), "copy")
            copy.clicked.connect(self.copyWanted)
            row.addWidget(copy)
            self._add_mail(row, gap.contacts)
        row.push()
        self._kept = words(theme, self.tr("Kept as a gap") if gap.kept else "", tokens.META, "3")
        row.addWidget(self._kept)
        self._column.addWidget(holder)

    def _add_mail(self, row: WrappingRow, contacts: Sequence[Contact]) -> None:
        receiver = whom(contacts)
        if receiver is None:
            return
        name = plain(receiver.name)
        first = (name.split() or [name])[0]
        shown = first if len(first) <= LONG_NAME else f"{first[:LONG_NAME]}…"
        made = button(self._theme, (self.tr("Mail %s") % shown).replace("&", "&&"), "mail")
        made.setAccessibleName(self.tr("Mail the question to %s") % name)
        told = self.tr("To %s, in your mail program; you send it, or not") % f"{name}, {receiver.email}"
        made.setToolTip(tip(told))
        made.clicked.connect(partial(self.mailWanted.emit, receiver))
        row.addWidget(made)

    def category_word(self, category: Category) -> str:
        """Return a category as a person reads it."""
        return {
            Category.ARCHITECTURE: self.tr("Architecture decision"),
            Category.BUSINESS: self.tr("Business rule"),
            Category.PERFORMANCE: self.tr("Performance in production"),
            Category.SECURITY: self.tr("Security policy"),
            Category.OWNERSHIP: self.tr("Ownership"),
        }[category]


def contact_words(reason: str) -> tuple[str, str, bool]:
    """Return why somebody may know, the day of the last commit (or empty), and whether they left."""
    left = _LEFT.search(reason)
    found = _LAST.match(reason)
    if found is None:
        return reason, "", False
    if left is not None:
        return found["what"], left["day"], True
    rest = found["rest"].strip(" ;,.")
    return found["what"] + (f"; {rest}" if rest else ""), found["day"], False


class KeptNote(QFrame):
    """Stands where the gap card stood, once somebody wrote it down."""

    askAgainWanted = Signal()
    noteWanted = Signal()

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        row: QWidget
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(14), theme.px(12), theme.px(14), theme.px(12))
        column.setSpacing(theme.px(tokens.S2))
        column.addWidget(words(theme, self.tr("Written down"), tokens.SECTION, "grounded"))
        column.addWidget(words(theme, plain(title), tokens.INTERFACE, "2", wrap=True))
        row, layout = wrapping(theme.px(tokens.S2), theme.px(tokens.S2))
        self.again = button(theme, self.tr("Ask again"), "refresh", primary=True)
        self.again.clicked.connect(self.askAgainWanted)
        layout.addWidget(self.again)
        show = button(theme, self.tr("Open the note"), "note")
        show.clicked.connect(self.noteWanted)
        layout.addWidget(show)
        column.addWidget(row)
