"""A log as a page: whose it is, what stands out, its lines over time, its groups, and one of them close."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop import tokens
from desktop.log_text import counts_words, when_words
from desktop.oddities import plain
from desktop.places import CommitPlace, LogPlace, Place, SourcePlace
from desktop.theme import Theme
from desktop.widgets.badge import Badge
from desktop.widgets.logbars import LogBars
from desktop.widgets.logtable import GroupTable
from desktop.widgets.words import button, link, words
from desktop.widgets.wrapping import wrapping
from indexer.shapes.logs import LogExplained, LogGroup
from indexer.types import Citation, CitationKind, Statement

TRACE_LINES = 8
"""Lines of a trace that are shown, its last ones: the error itself stands there."""


class ReadingBody(QWidget):
    """A log that is being read: how far, and a way to stop."""

    stopWanted = Signal()

    def __init__(self, theme: Theme, place: LogPlace) -> None:
        super().__init__()
        column = _column(self, theme)
        column.addWidget(words(theme, plain(place.name) or self.tr("A log"), tokens.QUESTION, wrap=True))
        self._said = words(
            theme, self.tr("Comparing its lines with what this repository logs…"), tokens.INTERFACE, "2"
        )
        column.addWidget(self._said)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(self.tr("Progress of reading the log"))
        column.addWidget(self._bar)
        stop = button(theme, self.tr("Stop"))
        stop.clicked.connect(self.stopWanted)
        column.addWidget(stop)
        column.addStretch(1)

    def show_progress(self, done: int, total: int) -> None:
        """Show how many megabytes are read."""
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)
        self._said.setText(self.tr("%d of %d MB read") % (done, max(total, done)))


class LogBody(QWidget):
    """The whole page of a log that was read."""

    opened = Signal(object)
    statementWanted = Signal(object)
    """The place of the chosen group's statement: to be shown beside the page."""

    def __init__(self, theme: Theme, found: LogExplained) -> None:
        super().__init__()
        self._theme = theme
        self.found = found
        column = _column(self, theme)
        column.addWidget(words(theme, plain(found.name), tokens.QUESTION, wrap=True))
        column.addWidget(Badge(theme, found.verdict.status))
        column.addWidget(words(theme, plain(found.verdict.reason), tokens.INTERFACE, "2", wrap=True))
        for statement in found.statements:
            column.addWidget(_selectable(words(theme, plain(statement.text), tokens.BODY, wrap=True)))
        column.addWidget(words(theme, counts_words(found), tokens.INTERFACE, "2", wrap=True))
        if any(found.times):
            column.addWidget(LogBars(theme, found))
        self.table = GroupTable(theme, found)
        self.table.chosen.connect(self._on_chosen)
        self.table.statementWanted.connect(self._on_statement)
        column.addWidget(self.table)
        self._close = QWidget()
        self._inside = QVBoxLayout(self._close)
        self._inside.setContentsMargins(0, theme.px(tokens.S2), 0, 0)
        self._inside.setSpacing(theme.px(tokens.S2))
        column.addWidget(self._close)
        for notice in self._notices():
            column.addWidget(words(theme, plain(notice), tokens.META, "2", wrap=True))
        column.addStretch(1)
        self.setTabOrder(self.table, self._close)
        if found.groups:
            self.table.choose(0)
        else:
            self.table.hide()

    def take_focus(self) -> None:
        """Put the keyboard into the table."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------------------ private

    def _notices(self) -> Sequence[str]:
        found = self.found
        said = list(found.notices)
        if found.more_groups:
            more = f"{found.more_groups:,}", f"{found.more_records:,}"
            said.append(self.tr("%s further kinds of lines, %s records, are not shown.") % more)
        masked = sum(found.masked.values())
        if masked:
            kinds = ", ".join(sorted(found.masked))
            said.append(self.tr("Masked in what is shown: %s.") % kinds)
        at = f" at {found.commit_id[:10]}" if found.commit_id else ""
        said.append(self.tr("Compared with %s statements%s.") % (f"{found.known_statements:,}", at))
        return said

    def _on_statement(self, group: LogGroup) -> None:
        place = statement_place(group)
        if place is not None:
            self.statementWanted.emit(place)

    def _on_chosen(self, group: LogGroup) -> None:
        """Show one group close."""
        while (item := self._inside.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        theme = self._theme
        add = self._inside.addWidget
        add(_selectable(words(theme, plain(group.template), tokens.STRONG, wrap=True)))
        add(words(theme, f"{group.count:,} · {when_words(group)}", tokens.META, "2", wrap=True))
        for statement in group.statements:
            add(self._told(statement))
        for other in group.others:
            place = SourcePlace(other.path, other.line, other.line)
            add(self._link(self.tr("The same text: %s") % f"{other.path}:{other.line}", place))
        add(_selectable(words(theme, plain(group.sample), tokens.CODE, "2", wrap=True)))
        for trace in group.traces:
            said = self.tr("Followed %s times by %s") % (f"{trace.count:,}", plain(trace.title))
            add(words(theme, said, tokens.INTERFACE, wrap=True))
            text = "\n".join(plain(each) for each in trace.lines[-TRACE_LINES:])
            add(_selectable(words(theme, text, tokens.CODE, "2", wrap=True)))
        if group.knowers:
            who = ", ".join(plain(each.name) for each in group.knowers)
            add(words(theme, self.tr("Who may know: %s") % who, tokens.INTERFACE, "2", wrap=True))

    def _told(self, statement: Statement) -> QWidget:
        """Return a sentence with a link to each of its sources under it."""
        theme = self._theme
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(_selectable(words(theme, plain(statement.text), tokens.INTERFACE, wrap=True)))
        holder, row = wrapping(theme.px(tokens.S3), 0)
        for citation in statement.citations:
            place = citation_place(citation)
            if place is not None:
                row.addWidget(self._link(citation_words(citation), place))
        column.addWidget(holder)
        return whole

    def _link(self, text: str, place: Place) -> QPushButton:
        made = link(self._theme, plain(text).replace("&", "&&"), tokens.META)
        made.setAccessibleName(plain(text))
        made.clicked.connect(partial(self._on_link, place))
        return made

    def _on_link(self, place: Place, _checked: bool = False) -> None:
        self.statementWanted.emit(place)


def statement_place(group: LogGroup) -> SourcePlace | None:
    """Return where the statement of a group stands; None without one."""
    for statement in group.statements:
        for citation in statement.citations:
            place = citation_place(citation)
            if isinstance(place, SourcePlace):
                return place
    return None


def citation_place(citation: Citation) -> SourcePlace | CommitPlace | None:
    """Return what a citation leads to."""
    if citation.kind is CitationKind.SPAN and citation.path:
        return SourcePlace(citation.path, citation.start_line, citation.end_line, citation.blob_id or "")
    if citation.kind is CitationKind.COMMIT and citation.commit_id:
        return CommitPlace(citation.commit_id)
    return None


def citation_words(citation: Citation) -> str:
    """Return what a link to a citation says."""
    if citation.kind is CitationKind.COMMIT:
        return (citation.commit_id or "")[:9]
    name = (citation.path or "").rpartition("/")[2]
    return f"{name} L{citation.start_line}"


def _selectable(label: QWidget) -> QWidget:
    set_flags = getattr(label, "setTextInteractionFlags", None)
    if set_flags is not None:
        set_flags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _column(page: QWidget, theme: Theme) -> QVBoxLayout:
    column = QVBoxLayout(page)
    side = theme.px(tokens.S6)
    column.setContentsMargins(side, theme.px(tokens.S2), side, theme.px(tokens.S5))
    column.setSpacing(theme.px(tokens.S2))
    return column
