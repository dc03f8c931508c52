"""The page of an open repository: questions to start with, files to read first, what was asked."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop import tokens
from desktop.dates import day, spoken_day
from desktop.engine import Link
from desktop.places import AskPlace, ChangesPlace, KnowledgePlace, SourcePlace
from desktop.theme import Theme
from desktop.widgets.asked_row import AskedRow
from desktop.widgets.painting import Mark
from desktop.widgets.progress import ProgressText
from desktop.widgets.rail import line
from desktop.widgets.reading import ReadingTable
from desktop.widgets.rows import Columns, LinkRow, RowParts
from desktop.widgets.scrollpage import ScrollPage
from desktop.widgets.signs import MarkSign, ReasonMeter
from desktop.widgets.words import Elided, button, link, words
from desktop.widgets.wrapping import WrappingRow
from indexer.errors import LorebaseError
from indexer.pages import Overview
from indexer.protocol import OVERVIEW, Nothing
from indexer.types import Progress

SIDE = 408
WIDE = 1000
"""Narrower than this, the side stands below the page."""
MOST = 1240
"""Wider than this, the eye loses the line between a file and its counts."""
LAST_QUESTIONS = 5


class HomeView(ScrollPage):
    """Asks for the overview when it is seen and when the index has changed."""

    opened = Signal(object)
    noticed = Signal(str)
    openWanted = Signal()
    askedListWanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._link: Link | None = None
        self._call = 0
        self._name = ""
        self._scroll_to = 0
        self.overview: Overview | None = None
        self.setAccessibleName(self.tr("Home"))
        self._page = QWidget()
        self._split = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._page)
        self._split.setContentsMargins(0, 0, 0, 0)
        self._split.setSpacing(0)
        self.progress = ProgressText(theme)
        self.progress.setParent(self)
        self._working = False
        self._opening: QLabel | None = None
        self._main: QWidget | None = None
        self._side: QWidget | None = None
        self.setWidget(self._page)
        self._build()

    # ------------------------------------------------------------------------ the window's side

    def set_link(self, new: Link | None) -> None:
        """Speak of another repository."""
        if self._link is not None and self._call:
            self._link.cancel(self._call)
        self._call = 0
        self._link = new
        self.overview = None
        self.progress.show_progress(None)
        self._build()

    def set_name(self, name: str) -> None:
        """Say what the repository is called, before anything is known of it."""
        self._name = name
        if self.overview is None:
            self._build()

    def show_place(self, place: object) -> None:
        """Be shown; there is one place here."""
        self.refresh()

    def show_progress(self, progress: Progress | None) -> None:
        """Show what the running job does."""
        self.progress.show_progress(progress)
        self._working = progress is not None
        self._show_opening()

    def refresh(self) -> None:
        """Ask for the page again; what is shown stays until the answer is there."""
        if self._link is None:
            return
        if self._call:
            self._link.cancel(self._call)
        self._call = self._link.call(OVERVIEW, Nothing(), self._on_overview, self._on_failed)

    def keep(self) -> object:
        """Return what a new page of the same content needs to look like this one."""
        return self.overview, self.verticalScrollBar().value()

    def recall(self, kept: object) -> None:
        """Take what `keep` returned."""
        if isinstance(kept, tuple) and isinstance(kept[0], Overview):
            self.overview = kept[0]
            self._scroll_to = int(kept[1])
            self._build()

    def focus_first(self) -> None:
        """Put the keyboard on the first row."""
        rows = self._page.findChildren(LinkRow)
        (rows[0] if rows else self).setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the side below where there is no room beside."""
        super().resizeEvent(event)
        self._arrange()

    # ------------------------------------------------------------------------ answers

    def _on_overview(self, overview: Overview) -> None:
        self._call = 0
        if overview != self.overview:
            self.overview = overview
            self._scroll_to = self.verticalScrollBar().value()
            self._build()

    def _on_failed(self, error: LorebaseError) -> None:
        self._call = 0
        self.noticed.emit(f"{error.message} {error.hint}".strip())

    # ------------------------------------------------------------------------ layout

    def _build(self) -> None:
        """Make the page anew from what is known."""
        held = self._held_row()
        self.progress.setParent(self)
        for old in (self._main, self._side):
            if old is not None:
                self._split.removeWidget(old)
                old.hide()
                old.deleteLater()
        self._main = self._make_main()
        self._side = self._make_side() if self._has_side() else None
        self._split.addWidget(self._main, 1000)
        if self._side is not None:
            self._split.addWidget(self._side)
        self._arrange()
        self._hold_row(held)
        if self._scroll_to:
            self._page.adjustSize()
            self.verticalScrollBar().setValue(self._scroll_to)

    def _has_side(self) -> bool:
        """Say whether anything stands beside the page: nobody asked a question in a fresh index."""
        known = self.overview
        return known is not None and bool(
            known.asked or known.gaps_open or known.notes or known.reasons is not None
        )

    def _held_row(self) -> object:
        return next((each.leads_to for each in self._page.findChildren(LinkRow) if each.hasFocus()), None)

    def _hold_row(self, held: object) -> None:
        """Give the focus to the row that leads where the focused one led before."""
        if held is not None:
            for each in self._page.findChildren(LinkRow):
                if each.leads_to == held:
                    each.setFocus(Qt.FocusReason.OtherFocusReason)
                    return

    def _arrange(self) -> None:
        wide = self.viewport().width() >= self._theme.px(WIDE)
        self._split.setDirection(
            QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        )
        if self._side is not None:
            self._side.setMaximumWidth(self._theme.px(SIDE) if wide else 16_777_215)
            self._side.setMinimumWidth(self._theme.px(SIDE) if wide else 0)

    def _make_main(self) -> QWidget:
        theme, known = self._theme, self.overview
        main = QWidget()
        beside = QHBoxLayout(main)
        beside.setContentsMargins(0, 0, 0, 0)
        page = QWidget()
        page.setMaximumWidth(theme.px(MOST))
        beside.addWidget(page, 1000)
        beside.addStretch(1)
        column = QVBoxLayout(page)
        column.setContentsMargins(theme.px(40), theme.px(24), theme.px(40), theme.px(24))
        column.setSpacing(0)
        self._add_title(column)
        column.addWidget(self.progress)
        if known is None:
            said = self.tr("Opening. Words can be searched and asked a few seconds after reading begins.")
            self._opening = words(theme, said, tokens.INTERFACE, "2", wrap=True)
            column.addSpacing(theme.px(8))
            column.addWidget(self._opening)
            self._show_opening()
            column.addStretch(1)
            return main
        self._opening = None
        for notice in known.notices:
            column.addWidget(words(theme, notice, tokens.INTERFACE, "2", wrap=True))
        if known.starters:
            self._add_section(
                column, self.tr("Start with a question"), self.tr("from this repository’s own names")
            )
            rows = [
                self._row(RowParts(each.question, kind=self._kind(each.kind)), AskPlace(each.question))
                for each in known.starters
            ]
            column.addWidget(Columns(theme, rows))
        if known.read_first:
            self._add_section(column, self.tr("Start reading here"), self.tr("much used and often changed"))
            table = ReadingTable(theme, known.read_first)
            table.opened.connect(self.opened)
            column.addWidget(table)
        if known.documents:
            self._add_section(column, self.tr("Documents to read first"), "")
            rows = [
                self._row(RowParts(each.title, each.path), SourcePlace(each.path, each.line, each.line))
                for each in known.documents
            ]
            column.addWidget(Columns(theme, rows))
        if not self._has_side():
            column.addSpacing(theme.px(26))
            column.addLayout(self._another())
        column.addStretch(1)
        return main

    def _show_opening(self) -> None:
        """Say what one waits for, until a job says it better."""
        if self._opening is not None:
            self._opening.setVisible(self._link is not None and not self._working)

    def _add_title(self, column: QVBoxLayout) -> None:
        theme, known = self._theme, self.overview
        head = QWidget()
        row = WrappingRow(theme.px(12), 0)
        head.setLayout(row)
        name = Elided(theme, tokens.TITLE)
        name.set_text(known.name if known else self._name)
        row.addWidget(name)
        if known is not None and known.commit_id:
            branch = known.branch or self.tr("detached HEAD")
            text = self.tr("%(branch)s at %(commit)s, %(day)s. %(files)s files, %(commits)s commits.") % {
                "branch": branch,
                "commit": known.commit_id[:7],
                "day": day(known.committed),
                "files": f"{known.files:,}",
                "commits": f"{known.commits:,}",
            }
            row.addWidget(words(theme, text, tokens.INTERFACE, "2"))
        column.addWidget(head)
        if known is not None and known.new_commits > 0:
            self._add_news(column, known)

    def _add_news(self, column: QVBoxLayout, known: Overview) -> None:
        theme = self._theme
        news = QWidget()
        row = WrappingRow(theme.px(8), 0)
        news.setLayout(row)
        since = spoken_day(known.last_looked)
        text = (
            self.tr("One commit since you last looked on %s.") % since
            if known.new_commits == 1
            else self.tr("%(count)s commits since you last looked on %(day)s.")
            % {"count": f"{known.new_commits:,}", "day": since}
        )
        row.addWidget(words(theme, text, tokens.INTERFACE, "2"))
        changes = link(theme, self.tr("See what changed"))
        changes.clicked.connect(self._on_news)
        row.addWidget(changes)
        column.addSpacing(theme.px(4))
        column.addWidget(news)

    def _make_side(self) -> QWidget:
        theme, known = self._theme, self.overview
        assert known is not None
        side = QFrame()
        side.setProperty("kind", "pane")
        outer = QHBoxLayout(side)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(line(horizontal=False))
        column = QVBoxLayout()
        column.setContentsMargins(theme.px(24), theme.px(24), theme.px(24), theme.px(24))
        column.setSpacing(theme.px(8))
        outer.addLayout(column, 1)
        self._add_gaps(column, known)
        self._add_questions(column, known)
        column.addLayout(self._another())
        column.addStretch(1)
        return side

    def _another(self) -> QHBoxLayout:
        theme = self._theme
        row = QHBoxLayout()
        row.setSpacing(theme.px(12))
        row.addWidget(words(theme, self.tr("Drop another repository here, or"), tokens.INTERFACE, "2"))
        other = button(theme, self.tr("Open…"))
        other.clicked.connect(self.openWanted)
        row.addWidget(other)
        row.addStretch(1)
        return row

    def _add_gaps(self, column: QVBoxLayout, known: Overview) -> None:
        if known.reasons is None and not known.gaps_open and not known.notes:
            return
        theme = self._theme
        column.addWidget(words(theme, self.tr("What nobody wrote down"), tokens.SECTION))
        if known.reasons is not None:
            column.addWidget(ReasonMeter(theme, known.reasons))
            shares = QHBoxLayout()
            shares.setSpacing(theme.px(6))
            share = round(known.reasons * 100)
            for mark, text in (
                (Mark.WHY, self.tr("%d%% with a reason") % share),
                (Mark.MISSING, self.tr("%d%% without") % (100 - share)),
            ):
                shares.addWidget(MarkSign(theme, mark))
                shares.addWidget(words(theme, text, tokens.INTERFACE, "2"))
                shares.addSpacing(theme.px(8))
            shares.addStretch(1)
            column.addLayout(shares)
            of = self.tr("Of %s definitions.") % f"{known.definitions:,}"
            column.addWidget(words(theme, of, tokens.INTERFACE, "2", wrap=True))
        links = QHBoxLayout()
        links.setSpacing(theme.px(16))
        for count, one, many in (
            (known.gaps_open, self.tr("One open gap"), self.tr("%s open gaps")),
            (known.notes, self.tr("One note"), self.tr("%s notes")),
        ):
            if count:
                made = link(theme, one if count == 1 else many % f"{count:,}")
                made.clicked.connect(self._on_knowledge)
                links.addWidget(made)
        links.addStretch(1)
        column.addLayout(links)
        self._add_rule(column)

    def _add_questions(self, column: QVBoxLayout, known: Overview) -> None:
        if not known.asked:
            return
        theme = self._theme
        head = QHBoxLayout()
        head.addWidget(words(theme, self.tr("Last questions"), tokens.SECTION))
        head.addStretch(1)
        if known.asked_total > len(known.asked[:LAST_QUESTIONS]):
            every = link(theme, self.tr("All %s") % f"{known.asked_total:,}")
            every.clicked.connect(self.askedListWanted)
            head.addWidget(every)
        column.addLayout(head)
        rows = QVBoxLayout()
        rows.setSpacing(0)
        latest = {each.question: each for each in reversed(known.asked)}
        for each in list(reversed(latest.values()))[:LAST_QUESTIONS]:
            row = AskedRow(theme, each, AskPlace(asked_id=each.id) if each.kept else AskPlace(each.question))
            row.opened.connect(self.opened)
            rows.addWidget(row)
        column.addLayout(rows)
        self._add_rule(column)

    def _add_rule(self, column: QVBoxLayout) -> None:
        column.addSpacing(self._theme.px(8))
        column.addWidget(line())
        column.addSpacing(self._theme.px(8))

    def _add_section(self, column: QVBoxLayout, title: str, about: str) -> None:
        theme = self._theme
        head = QWidget()
        row = WrappingRow(theme.px(8), 0)
        head.setLayout(row)
        row.addWidget(words(theme, title, tokens.SECTION))
        if about:
            row.addWidget(words(theme, about, tokens.INTERFACE, "2"))
        head.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        column.addSpacing(theme.px(26))
        column.addWidget(head)
        column.addSpacing(theme.px(6))

    def _row(self, parts: RowParts, place: object) -> LinkRow:
        made = LinkRow(self._theme, parts, place)
        made.opened.connect(self.opened)
        return made

    def _kind(self, kind: str) -> str:
        return {
            "how": self.tr("How"),
            "where": self.tr("Where"),
            "what": self.tr("What"),
            "run": self.tr("Run"),
            "why": self.tr("Why"),
            "who": self.tr("Who"),
            "change": self.tr("Change"),
            "which": self.tr("Which"),
        }.get(kind, "")

    def _on_news(self) -> None:
        if self.overview is not None:
            known = self.overview
            name = f"{known.last_commit}..HEAD" if known.last_commit else ""
            self.opened.emit(ChangesPlace(name, after=known.last_looked))

    def _on_knowledge(self) -> None:
        self.opened.emit(KnowledgePlace())
