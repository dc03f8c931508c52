"""Where onboarding begins: go on with a session, walk a tour that is there, or have a new one made."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QVBoxLayout, QWidget

from desktop import tokens
from desktop.answer_page import day
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.rows import LinkRow, RowParts
from desktop.widgets.scrollpage import ScrollPage, reading_page
from desktop.widgets.segmented import Segmented
from desktop.widgets.words import button, words
from desktop.widgets.wrapping import wrapping
from indexer.shapes.onboarding import Session, TourHead, TourRole

COLUMN = 720
"""Widest column, px at 100 %: lines longer than that are hard to read."""


class TourSheet(ScrollPage):
    """Emits what the person wants to begin or go on with."""

    sessionWanted = Signal(object)
    tourWanted = Signal(object)
    """A tour's id, to be walked."""
    newWanted = Signal(str, object)
    """An area (may be empty), and a TourRole."""
    stopWanted = Signal()
    mentorWanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(self.tr("Onboarding"))
        page, self._column = reading_page(theme, COLUMN)
        self.setWidget(page)
        self._head()
        self._lists = QVBoxLayout()
        self._lists.setSpacing(0)
        self._column.addLayout(self._lists)
        self._form()

    def show_lists(
        self, sessions: Sequence[Session], tours: Sequence[TourHead], problems: Sequence[str]
    ) -> None:
        """Show what can be gone on with, and what can be begun."""
        while (item := self._lists.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self.mentor.setVisible(bool(sessions))
        open_ones = [each for each in sessions if not each.finished]
        done = [each for each in sessions if each.finished]
        if sessions:
            self._title(self.tr("Go on"))
            for each in (*open_ones, *done):
                row = LinkRow(self._theme, self._session_row(each), each.id)
                row.opened.connect(self.sessionWanted)
                self._lists.addWidget(row)
        if tours:
            self._title(self.tr("Begin a tour"))
            for tour in tours:
                row = LinkRow(self._theme, self._tour_row(tour), tour.id)
                row.opened.connect(self.tourWanted)
                self._lists.addWidget(row)
        for problem in problems:
            self._lists.addWidget(words(self._theme, plain(problem), tokens.META, "partial", wrap=True))

    def show_folders(self, folders: Sequence[str]) -> None:
        """Offer these while an area is typed."""
        completer = QCompleter(list(folders), self.area)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.area.setCompleter(completer)

    def show_work(self, text: str) -> None:
        """Say how far a new tour is; empty when none is being made."""
        self.make.setVisible(not text)
        self.stop.setVisible(bool(text))
        self._told.setText(text)
        self._told.setVisible(bool(text))
        self._told.setProperty("tone", "2")

    def show_problem(self, text: str) -> None:
        """Say why none was made."""
        self.show_work("")
        self._told.setText(plain(text))
        self._told.setVisible(bool(text))

    def focus_first(self) -> None:
        """Put the keyboard on the first row, or into the form."""
        first = self._lists.itemAt(1)
        widget = first.widget() if first is not None else None
        (widget or self.area).setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------------------ private

    def _head(self) -> None:
        theme = self._theme
        self._column.addWidget(words(theme, self.tr("Onboarding"), tokens.TITLE))
        text = self.tr(
            "A tour leads through this codebase in 8 to 15 steps: what it is for, how to run it, where one"
            " comes"
            " in, one real request followed end to end, and what nobody wrote down. Every sentence has its"
            " source."
        )
        self._column.addSpacing(theme.px(tokens.S1))
        self._column.addWidget(words(theme, text, tokens.INTERFACE, "2", wrap=True))
        self.mentor = button(theme, self.tr("For mentors: where people get stuck"), "person")
        self.mentor.clicked.connect(self.mentorWanted)
        self.mentor.hide()
        self._column.addSpacing(theme.px(tokens.S3))
        self._column.addWidget(self.mentor)

    def _form(self) -> None:
        theme = self._theme
        self._column.addSpacing(theme.px(tokens.S6))
        self._column.addWidget(words(theme, self.tr("A new tour"), tokens.SECTION))
        self._column.addSpacing(theme.px(tokens.S2))
        self._column.addWidget(words(theme, self.tr("Area"), tokens.META_STRONG, "2"))
        self.area = QLineEdit()
        self.area.setFont(theme.font(tokens.INTERFACE))
        self.area.setPlaceholderText(self.tr("The whole repository; or a folder, a file, a name"))
        self.area.setAccessibleName(self.tr("Area"))
        self.area.returnPressed.connect(self._on_make)
        self._column.addSpacing(theme.px(2))
        self._column.addWidget(self.area)
        self._column.addSpacing(theme.px(tokens.S3))
        self._column.addWidget(words(theme, self.tr("For whom"), tokens.META_STRONG, "2"))
        self._column.addSpacing(theme.px(2))
        self.role = Segmented(
            theme,
            self.tr("For whom"),
            (
                (TourRole.ANY, self.tr("Anybody")),
                (TourRole.BACKEND, self.tr("Back end")),
                (TourRole.FRONTEND, self.tr("Front end")),
                (TourRole.OPS, self.tr("Operations")),
                (TourRole.QA, self.tr("Testing")),
            ),
        )
        self.role.show_value(TourRole.ANY)
        self._column.addWidget(self.role)
        self._column.addSpacing(theme.px(tokens.S4))
        holder, row = wrapping(theme.px(tokens.S3), theme.px(tokens.S2))
        self.make = button(theme, self.tr("Make a tour"), "onboarding", primary=True)
        self.make.clicked.connect(self._on_make)
        self.stop = button(theme, self.tr("Stop"), "stop")
        self.stop.clicked.connect(self.stopWanted)
        self.stop.hide()
        row.addWidget(self.make)
        row.addWidget(self.stop)
        self._column.addWidget(holder)
        self._told = words(theme, "", tokens.INTERFACE, "2", wrap=True)
        self._told.hide()
        self._column.addSpacing(theme.px(tokens.S2))
        self._column.addWidget(self._told)

    def _title(self, text: str) -> None:
        label = words(self._theme, text, tokens.SECTION)
        label.setContentsMargins(0, self._theme.px(tokens.S5), 0, self._theme.px(tokens.S1))
        self._lists.addWidget(label)

    def _session_row(self, session: Session) -> RowParts:
        if session.finished:
            state = self.tr("finished %s") % day(session.finished)
        else:
            count = {"done": len(session.done), "all": session.steps, "day": day(session.last)}
            state = self.tr("%(done)d of %(all)d steps, last on %(day)s") % count
        return RowParts(f"{session.title}, {session.name or self.tr('somebody')}", state, icon="person")

    def _tour_row(self, tour: TourHead) -> RowParts:
        parts = [self.tr("%(steps)d steps, %(minutes)d min") % {"steps": tour.steps, "minutes": tour.minutes}]
        if tour.published:
            parts.append(tour.published)
        elif tour.by:
            parts.append(f"{tour.by}, {day(tour.written)}")
        return RowParts(tour.title, "  ".join(parts), icon="onboarding")

    def _on_make(self) -> None:
        if self.make.isVisibleTo(self):
            role = self.role.value
            self.newWanted.emit(
                self.area.text().strip(), role if isinstance(role, TourRole) else TourRole.ANY
            )
