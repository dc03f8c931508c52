"""A module's summary as a page: its name, what people say of it, and its parts with numbered sources."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QRect, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop import tokens
from desktop.answer_page import Told
from desktop.flow import flow_rows, runs
from desktop.module_page import Part, Summary, Topic
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.flowview import FlowView
from desktop.widgets.modulehead import ModuleHead
from desktop.widgets.namedlist import NamedList
from desktop.widgets.painting import Mark
from desktop.widgets.partspage import PartsPage
from desktop.widgets.rail import line
from desktop.widgets.sections import SectionLabel, SectionRow
from desktop.widgets.signs import HatchBand
from desktop.widgets.statements import StatementText
from desktop.widgets.words import words

AnyText = StatementText | FlowView | NamedList


class ModuleBody(PartsPage):
    """Everything of a summary."""

    chipPicked = Signal(int)
    chipPointed = Signal(int, QRect)
    moduleWanted = Signal(str)
    asked = Signal(str)
    opened = Signal(object)

    def __init__(self, theme: Theme, summary: Summary, by: str, whole: str) -> None:
        """``by`` is the name that this person marks under, ``whole`` what the repository is called."""
        super().__init__()
        self._theme = theme
        self._summary = summary
        self._texts: list[AnyText] = []
        self._rows: list[SectionRow] = []
        self._above = False
        self._selected = 0
        self._stale: frozenset[int] = frozenset()
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        # Without this the page around us would not ask how high wrapped rows are, and squeeze the lists.
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._pad()
        self.head = ModuleHead(theme, summary.page, by, whole)
        self.head.opened.connect(self.opened)
        self._column.addWidget(self.head)
        self.build([*(partial(self._add_part, part) for part in summary.parts), self._add_end])

    # ------------------------------------------------------------------------ public

    def select(self, number: int) -> None:
        """Show a number as the selected one wherever it stands."""
        self._selected = number
        for text in self._texts:
            text.select(number)

    def mark_stale(self, numbers: frozenset[int]) -> None:
        """Show the numbers of sources whose lines have changed since."""
        self._stale = numbers
        for text in self._texts:
            if not isinstance(text, NamedList):
                text.mark_stale(numbers)

    def set_labels_above(self, above: bool) -> None:
        """Put labels above their parts where there is no room beside them."""
        self._above = above
        for row in self._rows:
            row.set_above(above)
        self._pad()

    def first_text(self) -> QWidget:
        """Return what takes the focus of the page."""
        self.finish()
        return self._texts[0] if self._texts else self.head

    # ------------------------------------------------------------------------ private

    def _pad(self) -> None:
        side = self._theme.px(tokens.S4 if self._above else tokens.S6)
        self._column.setContentsMargins(side, self._theme.px(tokens.S2), side, self._theme.px(tokens.S5))

    def _add_part(self, part: Part) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._theme.px(tokens.S2))
        for is_walk, told in runs(part.told):
            column.addWidget(self._walk(told) if is_walk else self._sentences(told))
        for name, told in part.walks:
            column.addWidget(words(self._theme, plain(name), tokens.STRONG))
            is_flow = all(each.statement.step is not None for each in told)
            column.addWidget(self._walk(told) if is_flow else self._sentences(told))
        if part.lines:
            column.addWidget(self._list(part))
        if part.more:
            more = self.tr("1 more") if part.more == 1 else self.tr("%s more") % f"{part.more:,}"
            column.addWidget(words(self._theme, more, tokens.META, "3"))
        if part.topic is Topic.MISSING:
            content = self._banded(content)
        row = SectionRow(self._theme, SectionLabel(self._theme, *self._label(part.topic)), content)
        row.set_above(self._above)
        self._rows.append(row)
        self._column.addWidget(line())
        self._column.addWidget(row)

    def _banded(self, content: QWidget) -> QWidget:
        """Return the content with the hatched band that means "nobody wrote it down"."""
        outer = QWidget()
        row = QHBoxLayout(outer)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self._theme.px(tokens.S3))
        row.addWidget(HatchBand(self._theme, 10))
        row.addWidget(content, 1)
        return outer

    def _add_end(self) -> None:
        page = self._summary.page
        self._column.addWidget(line())
        said = self.tr("Made from %s") % (page.commit_id or "")[:10] if page.commit_id else ""
        parts = [said, self.tr("extracted, no model")]
        if page.dropped:
            parts.append(self.tr("%d unproven left out") % page.dropped)
        foot = words(self._theme, ", ".join(part for part in parts if part), tokens.META, "3", wrap=True)
        foot.setContentsMargins(0, self._theme.px(tokens.S2), 0, 0)
        self._column.addWidget(foot)
        for notice in page.notices:
            self._column.addWidget(words(self._theme, plain(notice), tokens.META, "2", wrap=True))
        self._column.addStretch(1)

    def _sentences(self, told: tuple[Told, ...]) -> StatementText:
        text = StatementText(self._theme, told)
        self._listen(text)
        return text

    def _walk(self, told: tuple[Told, ...]) -> FlowView:
        walk = FlowView(self._theme, flow_rows(told, self._summary.sources))
        walk.stepped.connect(self.chipPicked)
        self._listen(walk)
        return walk

    def _list(self, part: Part) -> NamedList:
        mono = part.topic not in (Topic.PEOPLE, Topic.USES, Topic.USED_BY, Topic.TOGETHER)
        made = NamedList(self._theme, self._label(part.topic)[1], part.lines, mono=mono)
        made.moduleWanted.connect(self.moduleWanted)
        made.asked.connect(self.asked)
        self._listen(made)
        return made

    def _listen(self, text: AnyText) -> None:
        text.chipClicked.connect(self.chipPicked)
        text.chipHovered.connect(self._on_pointed)
        text.select(self._selected)
        self._texts.append(text)
        if not isinstance(text, NamedList):
            text.mark_stale(self._stale)

    def _label(self, topic: Topic) -> tuple[Mark | None, str, str]:
        code, counted = self.tr("from the code"), self.tr("counted")
        return {
            Topic.PURPOSE: (Mark.WHAT, self.tr("Purpose"), self.tr("in its own words")),
            Topic.ENTRIES: (Mark.WHAT, self.tr("Entries"), code),
            Topic.SURFACE: (Mark.WHAT, self.tr("Surface"), code),
            Topic.FLOWS: (Mark.WHAT, self.tr("Flows"), code),
            Topic.DATA: (Mark.WHAT, self.tr("Data"), code),
            Topic.USES: (Mark.WHAT, self.tr("Uses"), counted),
            Topic.USED_BY: (Mark.WHAT, self.tr("Used by"), counted),
            Topic.TOGETHER: (Mark.WHAT, self.tr("Together"), self.tr("changed with it, no import")),
            Topic.TESTS: (Mark.WHAT, self.tr("Tests"), code),
            Topic.CHANGES: (Mark.WHAT, self.tr("Changes"), counted),
            Topic.PEOPLE: (Mark.WHAT, self.tr("People"), counted),
            Topic.DECISIONS: (Mark.WHY, self.tr("Decisions"), self.tr("recorded by people")),
            Topic.MISSING: (Mark.MISSING, self.tr("Missing"), self.tr("nobody wrote it down")),
        }[topic]

    def titles(self) -> dict[Topic, str]:
        """Return what each part is called."""
        return {topic: self._label(topic)[1] for topic in Topic}

    def _on_pointed(self, number: int) -> None:
        sender = self.sender()
        where = QRect()
        if number and isinstance(sender, StatementText | FlowView | NamedList):
            where = sender.chip_rect(number)
        self.chipPointed.emit(number, where)

    def changeEvent(self, event: QEvent) -> None:
        """Hide the card of a number with the window that it belongs to."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.chipPointed.emit(0, QRect())
