"""The jobs drawer: what runs, phase by phase, what can be done about it, and what ran before."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop import tokens
from desktop.asking import Asking
from desktop.dates import lately
from desktop.diagnostics import diagnostics
from desktop.engine import Link
from desktop.icons import icon, pixmap
from desktop.jobtrack import JobTrack, State, Step
from desktop.oddities import plain
from desktop.theme import Theme
from desktop.widgets.logtail import LogTail
from desktop.widgets.phases import Phases
from desktop.widgets.rail import line
from desktop.widgets.scrollpage import ScrollPage
from desktop.widgets.words import Elided, button, tool, words
from desktop.widgets.wrapping import wrapping
from indexer.errors import CancelledError, LorebaseError
from indexer.pages import FinishedJob, HealthPage, JobList, SkippedWanted
from indexer.protocol import (
    HEALTH_PAGE,
    INDEX,
    JOBS,
    PAUSE,
    RESUME,
    STATUS,
    STOP,
    IndexRequest,
    Method,
    Nothing,
)
from indexer.types import IndexReport, IndexStatus, Progress

EARLIER = 8
LOG_LINES = 4
LOG_MS = 2_000
"""How often the log is read while the drawer is open and a job runs."""


class JobsDrawer(QFrame):
    """Pause and Stop show at once; what the engine says after that is the truth."""

    closed = Signal()
    opened = Signal(object)
    noticed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._link: Link | None = None
        self._engine = Asking(self)
        self._name = ""
        self.track = JobTrack()
        self._status: IndexStatus | None = None
        self._page: HealthPage | None = None
        self.setObjectName("jobs")
        self.setAccessibleName(self.tr("Jobs"))
        self.setStyleSheet(
            f"QFrame#jobs {{ background: {theme.roles.raised}; }}"
            f" QFrame#jobs QScrollArea, QFrame#jobs QScrollArea > QWidget > QWidget"
            f" {{ background: {theme.roles.raised}; }}"
        )
        self._look = QTimer(self)
        self._look.setInterval(LOG_MS)
        self._look.timeout.connect(self._ask_log)
        self._build()
        self._show()

    # ------------------------------------------------------------------------ the window's side

    def set_link(self, new: Link | None) -> None:
        """Speak of another repository."""
        self._engine.set_link(new)
        self._link = new
        self._status = self._page = None
        self.track = JobTrack()
        self._show_earlier(())
        self.log.show_lines(())
        self._show()
        if self.isVisible():
            self.refresh()

    def set_name(self, name: str) -> None:
        """Say what the repository is called."""
        self._name = name
        self._show()

    def show_progress(self, progress: Progress | None) -> None:
        """Follow a job; None when it has ended."""
        ended = self.track.take(progress)
        self._show()
        self._follow()
        if ended and self.isVisible():
            self.refresh()

    def earlier_texts(self) -> list[Elided]:
        """Return the texts of the jobs that ended, the last one first."""
        return [
            text
            for i in range(self._earlier.count())
            if (item := self._earlier.itemAt(i)) is not None and (row := item.widget()) is not None
            for text in row.findChildren(Elided)
        ]

    def refresh(self) -> None:
        """Ask for the jobs that ended, the log, and what is running."""
        self._ask("jobs", JOBS, Nothing(), self._on_jobs)
        self._ask("status", STATUS, Nothing(), self._on_status)
        self._ask_log()

    def seen(self) -> None:
        """Be opened."""
        self.refresh()
        self.focus_first()

    def focus_first(self) -> None:
        """Put the keyboard on what can be done now."""
        for each in (self.pause, self.go_on, self.close_button):
            if each.isVisibleTo(self) and each.isEnabled():
                each.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def keep(self) -> object:
        """Return what a new drawer needs to look like this one."""
        return self.track, self._status, self._page

    def recall(self, kept: object) -> None:
        """Take what `keep` returned."""
        if isinstance(kept, tuple):
            self.track, self._status, self._page = kept
            self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Follow the log while open."""
        super().showEvent(event)
        self.refresh()
        self._follow()

    def hideEvent(self, event: QHideEvent) -> None:
        """Ask no more."""
        super().hideEvent(event)
        self._follow()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line at the left edge."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("raised"))
        painter.fillRect(0, 0, 1, self.height(), self._theme.colour("outline"))

    # ------------------------------------------------------------------------ deeds

    def pause_or_resume(self) -> None:
        """Hold the job, or let it go on."""
        paused = self.track.toggle_pause()
        self._steer(PAUSE if paused else RESUME)

    def stop(self) -> None:
        """Stop the job. What is finished is kept, and the person is told how much that is."""
        self.track.stop()
        self._steer(STOP)

    def start(self) -> None:
        """Go on where the job was stopped, or look for what is new."""
        self.track.begin()
        self._show()
        self._ask("index", INDEX, IndexRequest(words_only=True), self._on_indexed)

    def copy_diagnostics(self) -> None:
        """Put on the clipboard what helps somebody who helps."""
        QGuiApplication.clipboard().setText(diagnostics(self._status, self._page, ()))
        self.noticed.emit(self.tr("Diagnostics copied: no paths, no secrets, nothing of what people wrote."))

    def _steer(self, method: Method[Any, Any]) -> None:
        self._show()
        self._ask("steer", method, Nothing(), self._on_steered)

    def _on_steered(self, _: Nothing) -> None:
        """Wait for the events that say what became of it."""

    def _on_indexed(self, report: IndexReport) -> None:
        if report.vectors_complete:
            self.show_progress(None)

    # ------------------------------------------------------------------------ asking

    def _ask(self, what: str, method: Method[Any, Any], params: object, done: Callable[..., None]) -> None:
        if not self._engine.waits(what):
            self._engine.ask(method, params, done, partial(self._on_failed, what), name=what)

    def _on_failed(self, what: str, error: LorebaseError) -> None:
        if what == "index":
            self.show_progress(None)
        if what in ("index", "steer") and not isinstance(error, CancelledError):
            self.noticed.emit(f"{error.message} {error.hint}".strip())

    def _ask_log(self) -> None:
        self._ask("log", HEALTH_PAGE, SkippedWanted(0, 0), self._on_log)

    def _on_log(self, page: HealthPage) -> None:
        self._page = page
        self.log.show_lines(page.log)

    def _on_jobs(self, found: JobList) -> None:
        self._show_earlier(found.jobs)

    def _on_status(self, status: IndexStatus) -> None:
        self._status = status
        if status.job is not None and self.track.state is State.QUIET:
            self.track.take(status.job)
        self._show()

    def _follow(self) -> None:
        wanted = self.isVisible() and self.track.running
        if wanted != self._look.isActive():
            (self._look.start if wanted else self._look.stop)()

    # ------------------------------------------------------------------------ showing

    def _build(self) -> None:
        theme = self._theme
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        column.addWidget(line())
        inner = QWidget()
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(theme.px(18), theme.px(14), theme.px(18), theme.px(14))
        rows.setSpacing(0)
        rows.addWidget(self._job_part())
        rows.addSpacing(theme.px(16))
        rows.addWidget(line())
        rows.addSpacing(theme.px(14))
        self._earlier_title = words(theme, self.tr("Earlier"), tokens.STRONG)
        rows.addWidget(self._earlier_title)
        rows.addSpacing(theme.px(6))
        self._earlier = QVBoxLayout()
        self._earlier.setSpacing(0)
        rows.addLayout(self._earlier)
        rows.addStretch(1)
        rows.addSpacing(theme.px(16))
        rows.addWidget(self._log_part())
        scroll = ScrollPage()
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column.addWidget(scroll, 1)
        scroll.setWidget(inner)

    def _head(self) -> QWidget:
        theme = self._theme
        head = QWidget()
        head.setFixedHeight(theme.px(tokens.VIEW_BAR))
        row = QHBoxLayout(head)
        row.setContentsMargins(theme.px(18), 0, theme.px(10), 0)
        row.setSpacing(theme.px(9))
        row.addWidget(words(theme, self.tr("Jobs"), tokens.STRONG))
        self._count = words(theme, "", tokens.INTERFACE, "2")
        row.addWidget(self._count)
        row.addStretch(1)
        self.close_button = tool(theme, "close", self.tr("Close jobs"))
        self.close_button.clicked.connect(self._leave)
        row.addWidget(self.close_button)
        return head

    def _job_part(self) -> QWidget:
        theme = self._theme
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        holder, row = wrapping(theme.px(8), theme.px(6))
        self._title = words(theme, "", tokens.SECTION)
        row.addWidget(self._title)
        row.push()
        self.pause = button(theme, self.tr("Pause"), "pause")
        self.pause.clicked.connect(self.pause_or_resume)
        self.stop_button = button(theme, self.tr("Stop"), "stop")
        self.stop_button.clicked.connect(self.stop)
        self.go_on = button(theme, self.tr("Go on"), "play")
        self.go_on.clicked.connect(self.start)
        for each in (self.pause, self.stop_button, self.go_on):
            row.addWidget(each)
        column.addWidget(holder)
        column.addSpacing(theme.px(6))
        self.told = words(theme, "", tokens.INTERFACE, "2", wrap=True)
        column.addWidget(self.told)
        column.addSpacing(theme.px(8))
        self.phases = Phases(theme)
        column.addWidget(self.phases)
        return part

    def _log_part(self) -> QWidget:
        theme = self._theme
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        row = QHBoxLayout()
        row.addWidget(words(theme, self.tr("Log"), tokens.STRONG))
        row.addStretch(1)
        copy = button(theme, self.tr("Copy diagnostics"), "copy", flat=True)
        copy.clicked.connect(self.copy_diagnostics)
        row.addWidget(copy)
        column.addLayout(row)
        self.log = LogTail(theme, LOG_LINES)
        column.addWidget(self.log)
        return part

    def _show(self) -> None:
        track, name = self.track, plain(self._name)
        running = track.running
        self._count.setText(self.tr("1 running") if running else self.tr("none running"))
        self._title.setText(
            {
                State.QUIET: self.tr("Nothing runs"),
                State.RUNNING: self.tr("Indexing %s") % name,
                State.PAUSED: self.tr("Paused: %s") % name,
                State.STOPPING: self.tr("Stopping"),
                State.STOPPED: self.tr("Stopped"),
                State.DONE: self.tr("Done"),
            }[track.state]
        )
        self.told.setText(self._said())
        self.pause.setVisible(running)
        self.pause.setEnabled(track.state is not State.STOPPING)
        paused = track.state is State.PAUSED
        self._relabel(paused)
        self.stop_button.setVisible(running)
        self.stop_button.setEnabled(track.state is not State.STOPPING)
        self.go_on.setVisible(not running and self._link is not None)
        onward = self.tr("Go on") if track.state is State.STOPPED else self.tr("Look for changes")
        self.go_on.setText(f" {onward}")
        self.phases.setVisible(track.state not in (State.QUIET,))
        self.phases.show_track(track)

    def _relabel(self, paused: bool) -> None:
        text = " " + (self.tr("Resume") if paused else self.tr("Pause"))
        if self.pause.text() != text:
            name = "play" if paused else "pause"
            self.pause.setText(text)
            self.pause.setIcon(icon(name, self._theme.roles.text_2, disabled=self._theme.roles.text_3))

    def _said(self) -> str:
        track = self.track
        if track.state is State.QUIET:
            if self._link is None:
                return self.tr("No repository is open.")
            return self.tr("The index follows the repository by itself.")
        if track.state is State.DONE:
            return self.tr("The index speaks of the repository as it is now.")
        if track.state in (State.STOPPING, State.STOPPED):
            return self._kept()
        if track.state is State.PAUSED:
            return self.tr("Nothing is read until you resume. You can ask what is there already.")
        if track.past(Step.WORDS):
            return self.tr("You can ask already. Answers say how far the search by meaning has come.")
        return self.tr("Words are being read; you can ask in a few seconds.")

    def _kept(self) -> str:
        """Say how much a stopped job leaves behind: all that it had finished."""
        unit, count = self.track.finished()
        told = {
            "passages": self.tr("keeping %s finished passages"),
            "files": self.tr("keeping %s finished files"),
            "commits": self.tr("keeping %s commits read"),
            "vectors": self.tr("keeping %s finished vectors"),
        }
        kept = told.get(unit, self.tr("keeping what is finished"))
        kept = kept % f"{count:,}" if "%s" in kept else kept
        if self.track.state is State.STOPPING:
            return self.tr("Stopping, %s.") % kept
        return self.tr("Stopped, %s. It goes on from there.") % kept

    def _show_earlier(self, jobs: tuple[FinishedJob, ...]) -> None:
        while self._earlier.count():
            item = self._earlier.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for each in jobs[:EARLIER]:
            self._earlier.addWidget(self._earlier_row(each))
        if not jobs:
            none = words(self._theme, self.tr("Nothing since the engine started."), tokens.INTERFACE, "3")
            self._earlier.addWidget(none)

    def _earlier_row(self, job: FinishedJob) -> QWidget:
        theme = self._theme
        made = QWidget()
        made.setFixedHeight(theme.px(tokens.ROW + 2))
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(10))
        sign = words(theme, "")
        name, role = ("check", "grounded") if job.good else ("warn", "partial")
        sign.setPixmap(pixmap(name, getattr(theme.roles, role), theme.px(16), self.devicePixelRatioF()))
        sign.setAccessibleName(self.tr("Ended well") if job.good else self.tr("Did not end well"))
        text = Elided(theme)
        text.set_text(job.text.rstrip("."))
        row.addWidget(sign)
        row.addWidget(text, 1)
        row.addWidget(words(theme, lately(job.ended), tokens.INTERFACE, "3"))
        return made

    def _leave(self) -> None:
        self.hide()
        self.closed.emit()
