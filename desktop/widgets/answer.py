"""An answer as a page: question, label, sections with their statements, what is missing, what to ask next."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import tokens
from desktop.answer_page import AnswerPage, Told, missing_title, only_hinted
from desktop.flow import flow_rows, runs
from desktop.icons import icon
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.badge import Badge
from desktop.widgets.flowview import FlowView
from desktop.widgets.gapcard import GapCard, GapText
from desktop.widgets.painting import Mark
from desktop.widgets.partspage import PartsPage
from desktop.widgets.rail import line
from desktop.widgets.reviews import ReviewLines
from desktop.widgets.sections import Count, SectionLabel, SectionRow
from desktop.widgets.statements import StatementText
from desktop.widgets.words import link, words
from desktop.widgets.wrapping import wrapping
from desktop.widgets.writtencard import WrittenCard
from indexer.types import Answer, Section, VerdictStatus

MAX_FOLLOW_UPS = 5


class AnswerBody(PartsPage):
    """Everything between the view's bar and its footer; tells what is pointed at and picked."""

    chipPicked = Signal(int)
    chipPointed = Signal(int, QRect)
    """Number (0: none) and where the chip stands on the screen."""
    writeOutWanted = Signal()
    stopWritingWanted = Signal()
    sentWanted = Signal()
    stepped = Signal(int)
    """The keyboard came to a step of a walk: the number of its lines."""
    followed = Signal(str)
    searchedWanted = Signal()
    writeWanted = Signal()
    copyQuestionWanted = Signal()
    mailWanted = Signal(object)
    """The Contact to whom the drafted question shall go."""
    rephraseWanted = Signal()

    def __init__(self, theme: Theme, answer: Answer, page: AnswerPage) -> None:
        super().__init__()
        self._theme = theme
        self._answer = answer
        self._page = page
        self._texts: list[StatementText | FlowView] = []
        self._rows: list[SectionRow] = []
        self.card: GapCard | None = None
        self._card_column: QVBoxLayout | None = None
        self._written: WrittenCard | None = None
        self._column = QVBoxLayout(self)
        side = theme.px(tokens.S6)
        self._column.setContentsMargins(side, theme.px(tokens.S2), side, theme.px(tokens.S5))
        self._column.setSpacing(0)
        self._selected = 0
        self._stale: frozenset[int] = frozenset()
        self._above = False
        self._add_head()
        self.build(
            [
                *(partial(self._add_section, section, told) for section, told in page.sections),
                self._add_follow_ups,
                partial(self._column.addStretch, 1),
            ]
        )

    # ------------------------------------------------------------------------ public

    def select(self, number: int) -> None:
        """Show chip ``number`` as the selected one wherever it stands."""
        self._selected = number
        for text in self._texts:
            text.select(number)
        if self._written is not None and self._written.text is not None:
            self._written.text.select(number)

    def mark_stale(self, numbers: frozenset[int]) -> None:
        """Show the chips of sources whose lines have changed since."""
        self._stale = numbers
        for text in self._texts:
            text.mark_stale(numbers)

    def set_labels_above(self, above: bool) -> None:
        """Put labels above their sections where there is no room beside them."""
        self._above = above
        for row in self._rows:
            row.set_above(above)
        side = self._theme.px(tokens.S4 if above else tokens.S6)
        self._column.setContentsMargins(side, self._theme.px(tokens.S2), side, self._theme.px(tokens.S5))

    def put_in_card_place(self, widget: QWidget) -> None:
        """Show ``widget`` (the editor, the kept note) where the gap card stands."""
        self.finish()
        if self._card_column is None:
            self._card_column = QVBoxLayout()
            self._column.insertLayout(2, self._card_column)
        if self.card is not None:
            self.card.hide()
        self._card_column.insertWidget(0, widget)

    def show_card(self) -> None:
        """Bring the gap card back."""
        if self.card is not None:
            self.card.show()

    def first_text(self) -> StatementText | FlowView | None:
        """Return the text that takes the focus of the page."""
        self.finish()
        return self._texts[0] if self._texts else None

    def written_card(self) -> WrittenCard:
        """Return the card of what a model writes; it stands above the sections once it is asked for."""
        if self._written is None:
            self.finish()
            card = WrittenCard(self._theme, self._page)
            card.chipClicked.connect(self.chipPicked)
            card.chipPointed.connect(self.chipPointed)
            card.writeWanted.connect(self.writeOutWanted)
            card.stopWanted.connect(self.stopWritingWanted)
            card.sentWanted.connect(self.sentWanted)
            self._written = card
            self._column.insertWidget(self._column.indexOf(self.reviews) + 2, card)
            self._column.insertSpacing(self._column.indexOf(card) + 1, self._theme.px(13))
        return self._written

    # ------------------------------------------------------------------------ private

    def _add_row(self, label: SectionLabel, content: QWidget) -> None:
        row = SectionRow(self._theme, label, content)
        row.set_above(self._above)
        self._rows.append(row)
        self._column.addWidget(line())
        self._column.addWidget(row)

    def _add_head(self) -> None:
        theme, answer, page = self._theme, self._answer, self._page
        title = words(theme, plain(answer.question[:1_000]), tokens.QUESTION, wrap=True)
        title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        title.setAccessibleName(self.tr("Question: %s") % answer.question[:300])
        head = QVBoxLayout()
        head.setSpacing(theme.px(tokens.S1))
        head.addWidget(title)
        self._column.addLayout(head)
        if answer.about:
            # It stays with its answer: who comes back must see what "that" was taken for.
            read = plain(self.tr("Taken as a question about: %s") % answer.about)
            head.addWidget(words(theme, read, tokens.INTERFACE, "2", wrap=True))
        self._column.addSpacing(theme.px(tokens.S2))
        holder, row = wrapping(theme.px(tokens.S3), theme.px(6))
        badge = Badge(theme, answer.verdict.status)
        row.addWidget(badge)
        for mark, text in self._counts():
            row.addWidget(Count(theme, mark, text))
        row.push()
        self._made = words(theme, self._how(), tokens.META, "3")
        row.addWidget(self._made)
        said = ", ".join((badge.word(), *(text for _, text in self._counts())))
        badge.setAccessibleName(self.tr("Verdict: %s") % said)
        self._column.addWidget(holder)
        self.reviews = ReviewLines(theme, answer.reviews)
        self._column.addSpacing(theme.px(6))
        self._column.addWidget(self.reviews)
        self._column.addSpacing(theme.px(7))
        if page.sections == () and not self._answer.follow_ups:
            self._column.addWidget(line())

    def _counts(self) -> list[tuple[Mark, str]]:
        """Return what stands beside the badge: how many sources, and how much is missing."""
        page, status = self._page, self._answer.verdict.status
        found: list[tuple[Mark, str]] = []
        what, why, missing = page.count(Section.WHAT), page.count(Section.WHY), len(page.missing)
        if status is VerdictStatus.MISSING and missing:
            found.append((Mark.MISSING, self.tr("Not recorded: %d") % missing))
        if what:
            text = self.tr("Nearest: %s") if status is VerdictStatus.MISSING else self.tr("What: %s")
            found.append((Mark.WHAT, text % self._sources(what)))
        if why and only_hinted(page):
            found.append((Mark.HINT, self.tr("Hint: %s") % (str(why) if what else self._sources(why))))
        elif why:
            found.append((Mark.WHY, self.tr("Why: %s") % (str(why) if what else self._sources(why))))
        if status is VerdictStatus.PARTIAL and missing:
            found.append((Mark.MISSING, self.tr("Not recorded: %d") % missing))
        return found

    def _sources(self, count: int) -> str:
        return self.tr("1 source") if count == 1 else self.tr("%d sources") % count

    def show_how(self, answer: Answer) -> None:
        """Say how the answer was made, once a model has written it out too."""
        self._answer = answer
        self._made.setText(self._how())
        self._made.updateGeometry()

    def _how(self) -> str:
        answer = self._answer
        # What a model wrote stands in a card of its own; the sections are extracted always.
        written = answer.written is not None
        mode = self.tr("Extracted, and written out") if written else self.tr("Extracted, no model")
        parts = [mode, self.tr("%.2f s") % answer.seconds]
        if answer.dropped:
            parts.append(self.tr("%d unproven left out") % answer.dropped)
        return ", ".join(parts)

    def _add_section(self, section: Section, told: tuple[Told, ...]) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._theme.px(tokens.S3))
        if section is Section.MISSING:
            self._card_column = column
            self.card = self._gap_card()
            column.addWidget(self.card)
        for is_walk, part in runs(told):
            column.addWidget(self._walk(part) if is_walk else self._sentences(part))
        said = any("confirm" in each for each in self._page.missing)
        if section is Section.WHAT and self._answer.verdict.status is VerdictStatus.MISSING and not said:
            column.addWidget(
                words(
                    self._theme,
                    self.tr("This is what the code does. A person must confirm the rule."),
                    tokens.INTERFACE,
                    "2",
                    wrap=True,
                )
            )
        column.addStretch(1)
        self._add_row(self._label(section), content)

    def _sentences(self, told: tuple[Told, ...]) -> StatementText:
        text = StatementText(self._theme, told)
        self._listen(text)
        return text

    def _walk(self, told: tuple[Told, ...]) -> FlowView:
        walk = FlowView(self._theme, flow_rows(told, self._page))
        walk.stepped.connect(self.stepped)
        self._listen(walk)
        return walk

    def _listen(self, text: StatementText | FlowView) -> None:
        text.chipClicked.connect(self.chipPicked)
        text.chipHovered.connect(self._on_pointed)
        text.select(self._selected)
        text.mark_stale(self._stale)
        self._texts.append(text)

    def _label(self, section: Section) -> SectionLabel:
        status = self._answer.verdict.status
        parts: tuple[Mark | None, str, str]
        if section is Section.MISSING:
            if status is VerdictStatus.UNKNOWN:
                parts = (None, self.tr("Not found"), self.tr("not under these words"))
            else:
                parts = (Mark.MISSING, self.tr("Missing"), self.tr("nobody wrote it down"))
        elif section is Section.WHY and only_hinted(self._page):
            parts = (Mark.HINT, self.tr("Hint"), self.tr("no plain reason is recorded"))
        elif section is Section.WHY:
            parts = (Mark.WHY, self.tr("Why"), self.tr("recorded by people"))
        elif status is VerdictStatus.MISSING:
            parts = (Mark.WHAT, self.tr("Nearest"), self.tr("what the code does, not the rule"))
        else:
            parts = (Mark.WHAT, self.tr("What"), self.tr("from the code"))
        return SectionLabel(self._theme, *parts)

    def _gap_card(self) -> GapCard:
        answer, page = self._answer, self._page
        unknown = answer.verdict.status is VerdictStatus.UNKNOWN
        missing = page.missing or (answer.verdict.reason,)
        where = answer.verdict.searched[0] if answer.verdict.searched else ""
        text = self.tr("Searched: %s.") % where if where else ""
        rest = [plain(each.replace("`", "")) for each in missing[1:]]
        gap = GapText(
            title=missing_title(missing[0]),
            text=" ".join([*rest, text]).strip(),
            category=None if unknown else answer.verdict.category,
            contacts=answer.verdict.contacts,
            draft=answer.draft,
            kept=answer.gap_id is not None,
        )
        card = GapCard(self._theme, gap)
        card.writeWanted.connect(self.writeWanted)
        card.copyWanted.connect(self.copyQuestionWanted)
        card.mailWanted.connect(self.mailWanted)
        card.searchedWanted.connect(self.searchedWanted)
        card.rephraseWanted.connect(self.rephraseWanted)
        return card

    def _add_follow_ups(self) -> None:
        questions = self._answer.follow_ups[:MAX_FOLLOW_UPS]
        if not questions:
            return
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._theme.px(2))
        for question in questions:
            shown = link(self._theme, plain(question.replace("`", "")))
            shown.setText(shown.text().replace("&", "&&"))
            shown.setAccessibleName(self.tr("Ask: %s") % question)
            shown.setIcon(icon("forward", self._theme.roles.text_3, side=self._theme.px(14)))
            shown.setIconSize(QSize(self._theme.px(14), self._theme.px(14)))
            shown.clicked.connect(partial(self._on_followed, question))
            column.addWidget(shown)
        # Where nothing was found, the nearest is asked about in the repository's own words.
        unknown = self._answer.verdict.status is VerdictStatus.UNKNOWN
        title = self.tr("Perhaps") if unknown else self.tr("Ask next")
        hint = self.tr("this is meant") if unknown else ""
        self._add_row(SectionLabel(self._theme, None, title, hint), content)

    def _on_followed(self, question: str, _checked: bool = False) -> None:
        self.followed.emit(question)

    def _on_pointed(self, number: int) -> None:
        sender = self.sender()
        where = QRect()
        if number and isinstance(sender, StatementText | FlowView):
            where = sender.chip_rect(number)
        self.chipPointed.emit(number, where)

    def changeEvent(self, event: QEvent) -> None:
        """Hide the card of a chip with the window that it belongs to."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.chipPointed.emit(0, QRect())
