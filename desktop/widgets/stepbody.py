"""A step of a tour as a page: what, why, what is missing, why it matters, what to read, a self-check."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import tokens
from desktop.answer_page import Told, span_words
from desktop.flow import flow_rows, runs
from desktop.oddities import plain
from desktop.places import SourcePlace
from desktop.step_page import StepPage
from desktop.theme import Theme
from desktop.widgets.checkcard import CheckCard
from desktop.widgets.flowview import FlowView
from desktop.widgets.painting import Mark
from desktop.widgets.rail import line
from desktop.widgets.rows import LinkRow, RowParts
from desktop.widgets.sections import SectionLabel, SectionRow
from desktop.widgets.statements import StatementText, pieces
from desktop.widgets.stuckcard import StuckCard
from desktop.widgets.words import words
from indexer.shapes.onboarding import Reading, SessionAct, SessionEvent, TourStep
from indexer.types import AnchorState, Section


class StepBody(QWidget):
    """Emits the number of a source that was picked, a place to read, and how the question was answered."""

    chipPicked = Signal(int)
    readWanted = Signal(object)
    """The SourcePlace of code to read."""
    chosen = Signal(int)
    judged = Signal(bool)
    revealed = Signal()
    """The answer of the self-check is shown, and so may its sources be."""

    def __init__(self, theme: Theme, step: TourStep, page: StepPage, where: str) -> None:
        super().__init__()
        self._theme = theme
        self.step = step
        self._page = page
        self._texts: list[StatementText | FlowView] = []
        self._rows: list[SectionRow] = []
        self.check: CheckCard | None = None
        self.card: StuckCard | None = None
        self._column = QVBoxLayout(self)
        side = theme.px(tokens.S6)
        self._column.setContentsMargins(side, theme.px(tokens.S3), side, theme.px(tokens.S5))
        self._column.setSpacing(0)
        self._column.addWidget(words(theme, where, tokens.META, "2"))
        title = "".join(piece for piece, _ in pieces(plain(step.title)))
        self._column.addSpacing(theme.px(tokens.S1))
        self._column.addWidget(words(theme, title, tokens.TITLE, wrap=True))
        self._column.addSpacing(theme.px(tokens.S3))
        for section, told in page.sections:
            self._add_section(section, told)
        if page.matters is not None:
            label = SectionLabel(theme, None, self.tr("Matters"), self.tr("counted"))
            self._add_row(label, self._text([page.matters]))
        if step.reading:
            self._add_reading(step.reading)
        if step.check is not None:
            self.check = CheckCard(theme, step.check, page.answer)
            self.check.chosen.connect(self.chosen)
            self.check.judged.connect(self.judged)
            self.check.chipClicked.connect(self.chipPicked)
            self.check.revealed.connect(self.revealed)
            self._add_row(SectionLabel(theme, None, self.tr("Check"), self.tr("from the code")), self.check)
        self._cards = QVBoxLayout()
        self._column.addLayout(self._cards)
        self._column.addStretch(1)

    def select(self, number: int) -> None:
        """Show chip ``number`` as the selected one."""
        for text in self._texts:
            text.select(number)
        if self.check is not None and self.check.text is not None:
            self.check.text.select(number)

    def mark_stale(self, numbers: frozenset[int]) -> None:
        """Show the chips of sources whose lines have changed since."""
        for text in self._texts:
            text.mark_stale(numbers)

    def set_labels_above(self, above: bool) -> None:
        """Put labels above their sections where there is no room beside them."""
        for row in self._rows:
            row.set_above(above)
        side = self._theme.px(tokens.S4 if above else tokens.S6)
        self._column.setContentsMargins(side, self._theme.px(tokens.S3), side, self._theme.px(tokens.S5))
        # What is written here stands in the column of the sections' content.
        beside = self._theme.px(tokens.LABEL_COLUMN) + self._theme.px(tokens.S4)
        self._cards.setContentsMargins(0 if above else beside, 0, 0, 0)

    def show_events(self, events: tuple[SessionEvent, ...]) -> None:
        """Show how the question was answered last."""
        own = [each for each in events if each.step == self.step.key and each.act is SessionAct.CHECKED]
        if self.check is not None and own:
            self.check.show_event(own[-1])

    def show_card(self, card: StuckCard | None) -> None:
        """Show where something is written, or put it away."""
        if self.card is not None:
            self._cards.removeWidget(self.card)
            self.card.hide()
            self.card.deleteLater()
        self.card = card
        if card is not None:
            self._cards.addSpacing(self._theme.px(tokens.S2))
            self._cards.addWidget(card)
            card.begin()

    def first_text(self) -> QWidget | None:
        """Return the text that takes the focus of the page."""
        return self._texts[0] if self._texts else None

    # ------------------------------------------------------------------------ private

    def _add_section(self, section: Section, told: tuple[Told, ...]) -> None:
        theme = self._theme
        marks = {
            Section.WHAT: (Mark.WHAT, self.tr("What"), self.tr("from the code")),
            Section.WHY: (Mark.WHY, self.tr("Why"), self.tr("recorded by people")),
            Section.MISSING: (Mark.MISSING, self.tr("Missing"), self.tr("nobody wrote it down")),
        }
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(tokens.S2))
        for is_walk, part in runs(told):
            if is_walk:
                view = FlowView(theme, flow_rows(part, self._page.page))
                view.chipClicked.connect(self.chipPicked)
                view.stepped.connect(self.chipPicked)
                self._texts.append(view)
                column.addWidget(view)
            else:
                column.addWidget(self._text(part))
        self._add_row(SectionLabel(theme, *marks[section]), holder)

    def _text(self, told: tuple[Told, ...] | list[Told]) -> StatementText:
        text = StatementText(self._theme, told)
        text.chipClicked.connect(self.chipPicked)
        self._texts.append(text)
        return text

    def _add_reading(self, readings: tuple[Reading, ...]) -> None:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for number, each in enumerate(readings):
            row = LinkRow(self._theme, _row_parts(each, ruled=number > 0), place_of(each))
            row.setEnabled(each.state is not AnchorState.ORPHANED)
            row.opened.connect(self.readWanted)
            column.addWidget(row)
            if each.notice:
                told = words(
                    self._theme, plain(each.notice.replace("`", "")), tokens.META, "partial", wrap=True
                )
                column.addWidget(told)
        self._add_row(SectionLabel(self._theme, None, self.tr("Read"), self.tr("the code itself")), holder)

    def _add_row(self, label: SectionLabel, content: QWidget) -> None:
        row = SectionRow(self._theme, label, content)
        self._rows.append(row)
        self._column.addWidget(line())
        self._column.addWidget(row)


def place_of(reading: Reading) -> SourcePlace:
    """Return where code to read stands."""
    anchor = reading.anchor
    return SourcePlace(
        anchor.path or "", max(anchor.start_line, 1), max(anchor.end_line, anchor.start_line, 1)
    )


def _row_parts(reading: Reading, *, ruled: bool) -> RowParts:
    anchor = reading.anchor
    title = "".join(piece for piece, _ in pieces(reading.title))
    place = f"{anchor.path} {span_words(anchor.start_line, anchor.end_line)}".strip()
    if reading.title == anchor.path:
        return RowParts(title, span_words(anchor.start_line, anchor.end_line), icon="code", ruled=ruled)
    return RowParts(title, place, icon="code", ruled=ruled)
