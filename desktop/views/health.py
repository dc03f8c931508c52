"""Health: what is indexed and what is not and why, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop import amounts, tokens
from desktop.asking import Asking
from desktop.commands import Command
from desktop.diagnostics import diagnostics
from desktop.engine import Link
from desktop.oddities import plain
from desktop.places import CommitPlace, SourcePlace
from desktop.theme import Theme
from desktop.widgets.carecards import Card, ConfirmCard, DeleteCard, FindingsCard, NoticeCard, WorkingCard
from desktop.widgets.healthbody import HealthBody
from desktop.widgets.scrollpage import ScrollPage
from desktop.widgets.tables import PAGE
from desktop.widgets.words import button, words
from desktop.widgets.wrapping import together, wrapping
from indexer.errors import LorebaseError
from indexer.pages import HealthPage, SecretRow, SkippedWanted
from indexer.protocol import (
    DOCTOR,
    FORGET,
    HEALTH_PAGE,
    INCLUDE,
    INDEX,
    LEAVE_BEHIND,
    REPAIR,
    STATUS,
    Forget,
    Include,
    IndexRequest,
    Method,
    Nothing,
    Repair,
)
from indexer.types import Finding, Health, IndexReport, IndexStatus, Progress, Severity

WIDTH = 864
LOOK_MS = 2_000
"""How often figures are asked for while a job runs and the page is seen."""


class HealthView(ScrollPage):
    """Asks when it is seen; a job refreshes the figures, its end refreshes the tables."""

    opened = Signal(object)
    noticed = Signal(str)
    openWanted = Signal()
    forgotten = Signal()
    """The index of the open repository was deleted: nobody may start its engine again."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._link: Link | None = None
        self._engine = Asking(self)
        self._name = ""
        self.status: IndexStatus | None = None
        self.page: HealthPage | None = None
        self.findings: tuple[Finding, ...] = ()
        self._working = False
        self.card: Card | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Health"))
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._ask_status)
        self._build()
        self._show_state()

    # ------------------------------------------------------------------------ the window's side

    def set_link(self, new: Link | None) -> None:
        """Speak of another repository."""
        self._engine.set_link(new)
        self._link = new
        self.status, self.page, self.findings = None, None, ()
        self._working = False
        self._drop_card()
        self._show_state()

    def set_name(self, name: str) -> None:
        """Say what the repository is called."""
        self._name = name

    def show_place(self, place: object) -> None:
        """Be shown; there is one place here."""
        self.refresh()

    def show_progress(self, progress: Progress | None) -> None:
        """Follow the figures while a job runs."""
        working = progress is not None
        if working != self._working:
            self._working = working
            self._follow()
            self._show_state()

    def refresh(self) -> None:
        """Ask for everything again; what is shown stays until the answers are there."""
        if self._link is None:
            return
        self._ask_status()
        self._ask("page", HEALTH_PAGE, SkippedWanted(0, PAGE), self._on_page)

    def focus_first(self) -> None:
        """Put the keyboard on the first button."""
        self.check_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def keep(self) -> object:
        """Return what a new page of the same content needs to look like this one."""
        return self.status, self.page, self.findings, self.body.keep(), self.verticalScrollBar().value()

    def recall(self, kept: object) -> None:
        """Take what `keep` returned."""
        if not isinstance(kept, tuple):
            return
        self.status, page, self.findings, sections, scroll = kept
        self.body.recall(sections)
        if page is not None:
            self._on_page(page)
        self._show_state()
        if self.findings:
            self._show_findings(self.findings)
        QTimer.singleShot(0, self, lambda: self.verticalScrollBar().setValue(scroll))

    def commands(self) -> tuple[Command, ...]:
        """Return what can be done here, for the palette."""
        group = self.tr("Health")
        known = self._has_status
        return (
            Command(self.tr("Check the index"), "", self.check, group, known),
            Command(self.tr("Repair the index"), "", self.ask_repair, group, known),
            Command(self.tr("Rebuild the index from nothing"), "", self.ask_rebuild, group, known),
            Command(self.tr("Delete the data of this repository…"), "", self.ask_delete, group, known),
            Command(self.tr("Copy diagnostics"), "", self.copy_diagnostics, group),
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Follow a running job while seen."""
        super().showEvent(event)
        self._follow()

    def hideEvent(self, event: QHideEvent) -> None:
        """Ask no more while nobody looks."""
        super().hideEvent(event)
        self._follow()

    # ------------------------------------------------------------------------ deeds

    def check(self) -> None:
        """Let the doctor look."""
        self._begin(self.tr("Checking"), self.tr("Every passage is looked up. You can go on meanwhile."))
        self._ask("deed", DOCTOR, Nothing(), self._on_checked, self._on_deed_failed)

    def ask_repair(self) -> None:
        """Offer a repair; it reads nothing that is sound."""
        card = ConfirmCard(
            self._theme,
            self.tr("Repair the index"),
            self.tr(
                "What is damaged is set aside and read again from the repository. What is sound stays,"
                " notes and questions too. You can ask by words while it runs."
            ),
            self.tr("Repair"),
        )
        card.agreed.connect(partial(self.repair, rebuild=False))
        self._show_card(card)

    def ask_rebuild(self) -> None:
        """Offer to read everything anew."""
        card = ConfirmCard(
            self._theme,
            self.tr("Rebuild the index from nothing"),
            self.tr(
                "Everything is read again from the repository, which takes as long as the first time."
                " Notes and questions stay."
            ),
            self.tr("Rebuild"),
        )
        card.agreed.connect(partial(self.repair, rebuild=True))
        self._show_card(card)

    def repair(self, *, rebuild: bool) -> None:
        """Mend the index, or make it anew."""
        title = self.tr("Rebuilding") if rebuild else self.tr("Repairing")
        self._begin(title, self.tr("Jobs shows how far it is. You can close the window, it goes on."))
        self._ask("deed", REPAIR, Repair(rebuild), self._on_repaired, self._on_deed_failed)

    def ask_delete(self) -> None:
        """Offer to delete the index; the name of the repository must be typed."""
        size = amounts.size(self.status.disk_bytes) if self.status is not None else ""
        card = DeleteCard(self._theme, self._name, size)
        card.agreed.connect(self._delete)
        self._show_card(card)
        card.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def copy_diagnostics(self) -> None:
        """Put on the clipboard what helps somebody who helps."""
        text = diagnostics(self.status, self.page, self.findings)
        QGuiApplication.clipboard().setText(text)
        self.noticed.emit(self.tr("Diagnostics copied: no paths, no secrets, nothing of what people wrote."))

    def _delete(self, people: bool) -> None:
        self._begin(self.tr("Deleting"), self.tr("The engine closes the index first."))
        self._ask("deed", FORGET, Forget(people), self._on_forgotten, self._on_deed_failed)

    def _on_forgotten(self, _: Nothing) -> None:
        self.noticed.emit(self.tr("The index of %s was deleted.") % plain(self._name))
        self.forgotten.emit()

    def _on_checked(self, health: Health) -> None:
        self._show_findings(health.findings)

    def _on_repaired(self, health: Health) -> None:
        self._show_findings(health.findings)
        self.refresh()

    def _on_deed_failed(self, error: LorebaseError) -> None:
        card = Card(self._theme, error.message)
        if error.hint:
            card.say(error.hint)
        self._show_card(card)

    # ------------------------------------------------------------------------ asking

    def _ask(
        self,
        what: str,
        method: Method[Any, Any],
        params: object,
        done: Callable[..., None],
        failed: Callable[[LorebaseError], None] | None = None,
    ) -> None:
        """Ask the engine; a newer call of the same kind takes the older one back."""
        self._engine.ask(method, params, done, failed or self._on_failed, name=what)

    def _ask_status(self) -> None:
        if not self._engine.waits("status"):
            self._ask("status", STATUS, Nothing(), self._on_status)

    def _on_status(self, status: IndexStatus) -> None:
        self.status = status
        self._working = status.job is not None
        self._follow()
        self._show_state()

    def _on_page(self, page: HealthPage) -> None:
        self.page = page
        self.body.show_page(page)
        self._show_state()

    def _on_slice_wanted(self, start: int, count: int) -> None:
        self._engine.ask(
            HEALTH_PAGE,
            SkippedWanted(start, count),
            partial(self._on_slice, start),
            partial(self._on_no_slice, start),
        )

    def _on_slice(self, start: int, page: HealthPage) -> None:
        self.body.show_slice(start, page.skipped)

    def _on_no_slice(self, start: int, error: LorebaseError) -> None:
        self.body.lose_slice(start)

    def _on_failed(self, error: LorebaseError) -> None:
        if self.status is None:
            self._message(error.message, error.hint, self.tr("Try again"), self._try_again)
        else:
            self.noticed.emit(f"{error.message} {error.hint}".strip())

    def _try_again(self) -> None:
        self._message(self.tr("Asking the engine"), "")
        self.refresh()

    def _include(self, path: str, on: bool) -> None:
        """Have a file read that is left out, or no longer; the same click takes it back."""
        done = partial(self._on_included, path, on)
        self._engine.ask(INCLUDE, Include(path, on), done, self._on_failed)

    def _on_included(self, path: str, on: bool, _: Nothing) -> None:
        text = self.tr("Reading %s") if on else self.tr("Leaving %s out")
        self.noticed.emit(text % plain(path))
        self._read_now()

    def _take_over(self) -> None:
        """Move here what was left behind."""
        self._begin(self.tr("Moving notes and index here"), self.tr("The engine closes the index first."))
        self._ask("deed", INDEX, IndexRequest(take_over=True), self._on_taken_over, self._on_deed_failed)

    def _on_taken_over(self, report: IndexReport) -> None:
        self._drop_card()
        self.noticed.emit(self.tr("Notes and index are here now."))
        self.refresh()

    def _leave_behind(self) -> None:
        self._engine.ask(LEAVE_BEHIND, Nothing(), lambda _: self.refresh(), self._on_failed)

    def _read_now(self) -> None:
        self._ask("index", INDEX, IndexRequest(words_only=True), self._on_indexed)

    def _on_indexed(self, report: IndexReport) -> None:
        self.refresh()

    # ------------------------------------------------------------------------ showing

    def _build(self) -> None:
        theme = self._theme
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(theme.px(32), theme.px(8), theme.px(32), theme.px(40))
        middle = QWidget()
        middle.setMaximumWidth(theme.px(WIDTH))
        row.addWidget(middle, 100)
        row.addStretch(1)
        self._column = column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addSpacing(theme.px(14))
        column.addWidget(words(theme, self.tr("Health of the index"), tokens.TITLE, wrap=True))
        column.addSpacing(theme.px(12))
        self._told = QVBoxLayout()
        self._told.setSpacing(theme.px(8))
        self._told_holder = QWidget()
        self._told_holder.setLayout(self._told)
        self._told.setContentsMargins(0, 0, 0, theme.px(12))
        column.addWidget(self._told_holder)
        self.body = HealthBody(theme)
        self.body.sliceWanted.connect(self._on_slice_wanted)
        self.body.secretOpened.connect(self._on_secret)
        self.body.includeWanted.connect(self._include)
        self.body.copyWanted.connect(self.copy_diagnostics)
        column.addWidget(self.body)
        column.addStretch(1)
        self.setWidget(page)

    def _bar(self) -> QWidget:
        theme = self._theme
        holder, row = wrapping(theme.px(8), theme.px(6))
        row.addWidget(words(theme, self.tr("Nothing here leaves this computer."), tokens.INTERFACE, "2"))
        row.push()
        self.check_button = button(theme, self.tr("Check"), "shield")
        self.repair_button = button(theme, self.tr("Repair"))
        self.rebuild_button = button(theme, self.tr("Rebuild"))
        self.delete_button = button(theme, self.tr("Delete data…"), flat=True)
        deeds = {
            self.check_button: self.check,
            self.repair_button: self.ask_repair,
            self.rebuild_button: self.ask_rebuild,
            self.delete_button: self.ask_delete,
        }
        for each, deed in deeds.items():
            each.clicked.connect(deed)
        row.addWidget(together(theme.px(8), *deeds))
        return holder

    def _show_state(self) -> None:
        """Choose between the page and one of the messages that stand for it."""
        status, known = self.status, self._link is not None
        for each in (self.check_button, self.repair_button, self.rebuild_button, self.delete_button):
            each.setEnabled(known and not self._engine.waits("deed"))
        self.body.show_status(status)
        self._clear_told()
        self.body.setVisible(known and (status is None or self._has_something(status)))
        if not known:
            self._message(
                self.tr("No repository is open"),
                self.tr("Health speaks of the index of one repository."),
                self.tr("Open a repository…"),
                self.openWanted.emit,
            )
            return
        if status is None:
            return
        if not self._has_something(status):
            reading = status.job is not None or self._working
            self._message(
                self.tr("Reading for the first time") if reading else self.tr("No index yet"),
                self.tr("Words can be searched and asked a few seconds after reading begins."),
                "" if reading else self.tr("Read it now"),
                self._read_now,
            )
        told = {each.message for each in self.card.findings} if isinstance(self.card, FindingsCard) else set()
        if status.left_behind and self.card is None:
            self._told.addWidget(self._left_behind_card(status.left_behind))
            self._told_holder.show()
        for notice in (*status.notices, *status.repository.notices):
            if notice in told or (status.left_behind and "--take-over" in notice):
                continue
            self._told.addWidget(NoticeCard(self._theme, notice))
            self._told_holder.show()

    def _left_behind_card(self, place: str) -> Card:
        title = self.tr("This repository was indexed at %s, which is gone") % plain(place)
        card = Card(self._theme, title)
        card.close_button.hide()
        card.say(self.tr("Its notes, questions and index are kept, and can be moved here."))
        move = button(self._theme, self.tr("Move them here"), primary=True)
        move.clicked.connect(self._take_over)
        leave = button(self._theme, self.tr("Leave them there"))
        leave.clicked.connect(self._leave_behind)
        card.buttons(move, leave)
        return card

    def _has_something(self, status: IndexStatus) -> bool:
        return status.freshness.passages > 0 or status.freshness.words_complete

    def _has_status(self) -> bool:
        return self.status is not None

    def _show_findings(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        worst = [each for each in findings if each.severity is Severity.DAMAGED]
        notable = [each for each in findings if each.severity is Severity.NOTICE]
        if worst:
            title = self.tr("A part of the index is damaged. Answers still work where they can.")
        elif notable:
            title = self.tr("The index is sound; this is worth knowing.")
        else:
            title = self.tr("Everything is sound.")
        card = FindingsCard(self._theme, title, findings)
        card.repairWanted.connect(partial(self.repair, rebuild=False))
        self._show_card(card)

    def _begin(self, title: str, text: str) -> None:
        self._show_card(WorkingCard(self._theme, title, text))

    def _show_card(self, card: Card) -> None:
        """Put a card under the title, in the place of the one that was there."""
        self._drop_card()
        self.card = card
        card.left.connect(self._on_card_left)
        self._column.insertWidget(self._column.indexOf(self.body), card)
        self._column.insertSpacing(self._column.indexOf(self.body), self._theme.px(12))
        self._show_state()
        self.verticalScrollBar().setValue(0)

    def _on_card_left(self) -> None:
        self._drop_card()
        self.focus_first()

    def _drop_card(self) -> None:
        if self.card is not None:
            place = self._column.indexOf(self.card)
            self._column.takeAt(place + 1)
            self._column.removeWidget(self.card)
            self.card.hide()
            self.card.deleteLater()
            self.card = None

    def _message(
        self, title: str, text: str, deed: str = "", action: Callable[[], object] | None = None
    ) -> None:
        """Say in a card of its own what stands in the way, and the next step."""
        self._clear_told()
        card = Card(self._theme, plain(title))
        card.close_button.hide()
        if text:
            card.say(text)
        if deed and action is not None:
            made = button(self._theme, deed, primary=True)
            made.clicked.connect(action)
            card.buttons(made)
        self._told.addWidget(card)
        self._told_holder.show()

    def _clear_told(self) -> None:
        self._told_holder.hide()
        while self._told.count():
            item = self._told.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _follow(self) -> None:
        """Look at the figures again and again while a job runs and somebody sees them."""
        wanted = self._working and self.isVisible() and self._link is not None
        if wanted != self._look.isActive():
            (self._look.start if wanted else self._look.stop)()

    def _on_secret(self, found: SecretRow) -> None:
        commit = found.path.removeprefix("commit ")
        if commit != found.path:
            self.opened.emit(CommitPlace(commit))
        else:
            self.opened.emit(SourcePlace(found.path, found.line, found.line))
