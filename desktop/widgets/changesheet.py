"""The page of a summary of changes: sentences with chips, commits and definitions by module."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import tokens
from desktop.answer_page import Told
from desktop.change_page import ChangePage, DefinitionRow, ModuleBlock, StoryRow, arrange, end_words
from desktop.oddities import plain
from desktop.places import CommitPlace, SourcePlace
from desktop.theme import Theme
from desktop.widgets.changerows import ChangeRow, ChangeRows
from desktop.widgets.hovercard import HoverCard
from desktop.widgets.painting import Mark
from desktop.widgets.rail import line
from desktop.widgets.scrollpage import ScrollPage, reading_page
from desktop.widgets.sections import Count
from desktop.widgets.statements import StatementText
from desktop.widgets.words import link, words
from indexer.shapes.changes import ApiChange, ChangeSummary
from indexer.types import CitationKind

WIDTH = 760


class ChangeSheet(ScrollPage):
    """Shows a ChangeSummary. ``counted`` carries a source that was counted, to be shown in full."""

    opened = Signal(object)
    counted = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._card = HoverCard(theme, self)
        self.summary: ChangeSummary | None = None
        self.page: ChangePage | None = None

    def show_summary(self, summary: ChangeSummary, *, everything: bool = False) -> None:
        """Show a summary from its beginning; ``everything``: with all its modules."""
        at = self.verticalScrollBar().value() if everything else 0
        self.summary = summary
        self.page = arrange(summary, everything=everything)
        self._card.point_at(None, self.rect())
        self.setWidget(self._build(summary, self.page))
        self.verticalScrollBar().setValue(at)

    # ------------------------------------------------------------------------ private

    def _build(self, summary: ChangeSummary, page: ChangePage) -> QWidget:
        theme = self._theme
        holder, column = reading_page(theme, WIDTH, tokens.S2)
        column.addWidget(words(theme, self.tr("What changed"), tokens.QUESTION, wrap=True))
        ends = self.tr("From %(start)s to %(end)s") % {
            "start": plain(end_words(summary.start)),
            "end": plain(end_words(summary.end)),
        }
        column.addWidget(words(theme, ends, tokens.INTERFACE, "2", wrap=True))
        for notice in summary.notices:
            column.addWidget(words(theme, plain(notice), tokens.INTERFACE, "partial", wrap=True))
        column.addSpacing(theme.px(tokens.S1))
        self._add_statements(column, page.lead, self.tr("In short"))
        for module in page.modules:
            self._add_module(column, module)
        self._add_more(column, page)
        for title, told in (
            (self.tr("Settings, schemas and dependencies"), page.settings),
            (self.tr("Tests"), page.tests),
            (self.tr("Look closely at"), page.risks),
            (self.tr("Who could review it"), page.people),
        ):
            self._add_section(column, title, told)
            if told is page.settings and page.settings_more:
                text = self.tr("and %s more") % f"{page.settings_more:,}"
                column.addWidget(words(theme, text, tokens.META, "3"))
        if page.missing:
            self._add_heading(column, self.tr("Not recorded"))
            self._add_statements(column, page.missing, self.tr("Not recorded"))
        if summary.dropped:
            text = self.tr("%d sentences were left out: their sources did not bear them out.")
            column.addWidget(words(theme, text % summary.dropped, tokens.META, "3", wrap=True))
        return holder

    def _add_module(self, column: QVBoxLayout, module: ModuleBlock) -> None:
        theme = self._theme
        self._add_heading(column, module.name)
        column.addWidget(words(theme, self._size(module), tokens.META, "2", wrap=True))
        if module.stories:
            name = self.tr("Commits of %s") % plain(module.name)
            self._add_rows(column, name, [self._story(each) for each in module.stories])
        if module.stories_more and module.stories:
            text = (
                self.tr("and one more commit")
                if module.stories_more == 1
                else self.tr("and %s more commits") % f"{module.stories_more:,}"
            )
            column.addWidget(words(theme, text, tokens.META, "3"))
        if module.why:
            column.addWidget(Count(theme, Mark.WHY, self.tr("Why, as recorded")))
            self._add_statements(column, module.why, self.tr("Why, as recorded"))
        if module.definitions:
            column.addWidget(words(theme, self.tr("Definitions that others can use"), tokens.STRONG))
            name = self.tr("Definitions of %s") % plain(module.name)
            self._add_rows(column, name, [self._definition(each) for each in module.definitions])
        if module.definitions_more:
            text = self.tr("and %s more definitions") % f"{module.definitions_more:,}"
            column.addWidget(words(theme, text, tokens.META, "3"))
        if module.facts:
            self._add_statements(column, module.facts, self.tr("Counted for %s") % plain(module.name))

    def _add_more(self, column: QVBoxLayout, page: ChangePage) -> None:
        theme = self._theme
        if page.modules_more:
            column.addSpacing(theme.px(tokens.S2))
            text = (
                self.tr("Show one more module")
                if page.modules_more == 1
                else self.tr("Show %d more modules") % page.modules_more
            )
            more = link(theme, text)
            more.clicked.connect(self._on_more)
            column.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        if page.also:
            names = ", ".join(plain(each) for each in page.also[:12])
            rest = len(page.also) - 12
            text = self.tr("Also changed: %s") % names
            if rest > 0:
                text += self.tr(" and %d more") % rest
            column.addWidget(words(theme, text, tokens.META, "3", wrap=True))

    def _on_more(self) -> None:
        if self.summary is not None:
            self.show_summary(self.summary, everything=True)

    def _add_section(self, column: QVBoxLayout, title: str, told: Sequence[Told]) -> None:
        if told:
            self._add_heading(column, title)
            self._add_statements(column, told, title)

    def _add_heading(self, column: QVBoxLayout, title: str) -> None:
        column.addSpacing(self._theme.px(tokens.S2))
        column.addWidget(line())
        column.addWidget(words(self._theme, plain(title), tokens.SECTION, wrap=True))

    def _add_statements(self, column: QVBoxLayout, told: Sequence[Told], name: str) -> None:
        if not told:
            return
        text = StatementText(self._theme, told)
        text.setAccessibleName(name)
        text.chipClicked.connect(self._on_chip)
        text.chipHovered.connect(partial(self._on_hovered, text))
        column.addWidget(text)

    def _add_rows(self, column: QVBoxLayout, name: str, rows: Sequence[ChangeRow]) -> None:
        made = ChangeRows(self._theme, name, rows)
        made.opened.connect(self.opened)
        column.addWidget(made)

    def _size(self, module: ModuleBlock) -> str:
        files = self.tr("1 file") if module.files == 1 else self.tr("%s files") % f"{module.files:,}"
        commits = (
            self.tr("1 commit") if module.commits == 1 else self.tr("%s commits") % f"{module.commits:,}"
        )
        if module.lines_added < 0:  # not counted
            return f"{files}, {commits}"
        return f"{files}, +{module.lines_added:,} −{module.lines_deleted:,}, {commits}"

    def _story(self, story: StoryRow) -> ChangeRow:
        said = {
            "merge": self.tr("merge"),
            "undone": self.tr("taken back later"),
            "undoes": self.tr("takes something back"),
            "breaks": self.tr("says that it breaks something"),
        }
        marks = [said[each] for each in story.marks]
        right = " · ".join([*marks, story.by])
        back = "undone" in story.marks or "undoes" in story.marks
        icon = "undo" if back else "branch" if story.merge else "commit"
        spoken = ", ".join([story.subject, right, story.commit_id[:9]])
        place = CommitPlace(story.commit_id)
        return ChangeRow("", "text", story.subject, right, place, spoken, icon=icon)

    def _definition(self, row: DefinitionRow) -> ChangeRow:
        signs = {
            ApiChange.ADDED: ("+", "grounded", self.tr("added")),
            ApiChange.REMOVED: ("−", "missing", self.tr("removed")),
            ApiChange.CHANGED: ("~", "partial", self.tr("changed")),
            ApiChange.MOVED: (">", "text_2", self.tr("moved")),
        }
        sign, role, word = signs[row.change]
        place = SourcePlace(row.path, row.line, row.line, blob_id=row.blob_id, commit_id=row.commit_id)
        spoken = ", ".join([word, row.kind, row.name, row.path])
        return ChangeRow(
            sign,
            role,
            f"{row.kind} {row.name}",
            f"{row.path}:{row.line}",
            place,
            spoken,
            row.detail,
            code=True,
        )

    def _on_hovered(self, text: StatementText, number: int) -> None:
        source = self.page.source(number) if self.page is not None and number else None
        self._card.point_at(source, text.chip_rect(number))

    def _on_chip(self, number: int) -> None:
        source = self.page.source(number) if self.page is not None else None
        if source is None:
            return
        self._card.point_at(None, self.rect())
        first = source.first
        if first.kind is CitationKind.COMMIT:
            self.opened.emit(CommitPlace(first.commit_id or ""))
        elif first.kind is CitationKind.SPAN:
            self.opened.emit(
                SourcePlace(
                    first.path or "",
                    source.start_line,
                    source.end_line,
                    blob_id=first.blob_id or "",
                    commit_id=first.commit_id or "",
                )
            )
        else:
            self.counted.emit(source)
