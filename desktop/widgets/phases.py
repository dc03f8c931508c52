"""The steps of a job as rows: a tick, what it made, and for the running one a bar, a rate and a range."""

from __future__ import annotations

from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from desktop import tokens
from desktop.icons import pixmap
from desktop.jobtrack import JobTrack, Reached, State, Step
from desktop.theme import Theme
from desktop.widgets.progress import share_done, time_left
from desktop.widgets.words import Elided, words
from indexer.types import Progress


class Phases(QWidget):
    """One row for each step; they stay in their places while they change."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        names = {
            Step.SCAN: self.tr("Scan"),
            Step.PARSE: self.tr("Parse"),
            Step.HISTORY: self.tr("History"),
            Step.WORDS: self.tr("Words"),
            Step.MEANING: self.tr("Meaning"),
            Step.PUBLISH: self.tr("Publish"),
        }
        self.rows = {step: _PhaseRow(theme, name) for step, name in names.items()}
        for row in self.rows.values():
            column.addWidget(row)

    def show_track(self, track: JobTrack) -> None:
        """Show how far every step is."""
        for step, row in self.rows.items():
            row.show_reached(step, track.step(step), track)


class _PhaseRow(QWidget):
    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._name = name
        self._sign = ("", "")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        head = QWidget()
        head.setFixedHeight(theme.px(tokens.ROW + 4))
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(10))
        self._picture = words(theme, "")
        self._picture.setFixedWidth(theme.px(16))
        self._label = words(theme, name)
        self.right = words(theme, "", tokens.INTERFACE, "3")
        row.addWidget(self._picture)
        row.addWidget(self._label)
        row.addStretch(1)
        row.addWidget(self.right)
        column.addWidget(head)
        self._more = QWidget()
        more = QVBoxLayout(self._more)
        more.setContentsMargins(theme.px(26), 0, 0, theme.px(6))
        more.setSpacing(theme.px(4))
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName(name)
        more.addWidget(self.bar)
        self.count = words(theme, "", tokens.INTERFACE, "2")
        self.rate = words(theme, "", tokens.INTERFACE, "2")
        self.current = Elided(theme, tokens.INTERFACE, "text_3", left=True)
        self.left = words(theme, "", tokens.INTERFACE, "3")
        for first, second in ((self.count, self.rate), (self.current, self.left)):
            pair = QHBoxLayout()
            pair.setSpacing(theme.px(12))
            pair.addWidget(first, 1)
            pair.addWidget(second)
            more.addLayout(pair)
        column.addWidget(self._more)

    def show_reached(self, step: Step, reached: Reached, track: JobTrack) -> None:
        running, progress = reached.running, reached.progress
        counted = running and progress is not None and progress.total > 1
        self._more.setVisible(bool(counted))
        self._label.setFont(self._theme.font(tokens.STRONG if running else tokens.INTERFACE))
        tone = "" if running or reached.done else "2"
        if self._label.property("tone") != tone:
            self._label.setProperty("tone", tone)
            self._label.style().polish(self._label)
        self._show_sign(reached, track)
        right = self._right(step, reached)
        self.right.setText(right)
        self.setAccessibleName(", ".join(part for part in (self._name, self._spoken(reached), right) if part))
        if counted and progress is not None:
            self._show_counts(progress, track)

    def _show_counts(self, progress: Progress, track: JobTrack) -> None:
        self.bar.setValue(round(1000 * share_done(progress)))
        self.count.setText(
            self.tr("%(done)s of %(total)s") % {"done": f"{progress.done:,}", "total": f"{progress.total:,}"}
        )
        still = track.state is not State.RUNNING
        rate = f"{progress.rate:,.0f}" if progress.rate >= 9.5 else f"{progress.rate:.1f}"
        self.rate.setText("" if still or progress.rate <= 0 else self.tr("%s a second") % rate)
        self.current.set_text("" if still else progress.current)
        self.left.setText("" if still else time_left(progress))

    def _show_sign(self, reached: Reached, track: JobTrack) -> None:
        paused = track.state is State.PAUSED
        if reached.done:
            sign = ("check", "grounded")
        elif reached.running:
            stopping = track.state is State.STOPPING
            sign = ("play", "accent")
            if paused or stopping:
                sign = ("stop" if stopping else "pause", "text_2")
        elif track.state is State.STOPPED and reached.progress is not None:
            sign = ("stop", "partial")
        else:
            sign = ("clock", "text_3")
        if sign != self._sign:
            self._sign = sign
            colour = getattr(self._theme.roles, sign[1])
            self._picture.setPixmap(pixmap(sign[0], colour, self._theme.px(16), self.devicePixelRatioF()))

    def _right(self, step: Step, reached: Reached) -> str:
        progress = reached.progress
        if reached.running:
            if progress is None or not progress.total:
                return self._amount(progress)
            return "" if progress.total == 1 else f"{int(100 * share_done(progress))}%"
        if not reached.done or progress is None:
            return ""
        if step is Step.WORDS:
            at = QDateTime.fromSecsSinceEpoch(int(reached.ended)).toString("HH:mm")
            return self.tr("ready since %s") % at
        amount = self._amount(progress)
        if not reached.seconds:
            return amount
        took = self.tr("%s s") % f"{reached.seconds:,.1f}"
        return f"{amount}, {took}" if amount else took

    def _amount(self, progress: Progress | None) -> str:
        if progress is None or not (progress.done or progress.total):
            return ""
        told = {
            "files": self.tr("%s files"),
            "commits": self.tr("%s commits"),
            "passages": self.tr("%s passages"),
            "vectors": self.tr("%s vectors"),
        }.get(progress.unit, "%s")
        return told % f"{progress.done or progress.total:,}"

    def _spoken(self, reached: Reached) -> str:
        if reached.done:
            return self.tr("done")
        return self.tr("running") if reached.running else self.tr("not begun")
