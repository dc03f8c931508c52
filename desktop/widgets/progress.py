"""What a running job does, in one line and a bar: phase, how far, how fast, and how long still."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from desktop import tokens
from desktop.theme import Theme
from desktop.widgets.words import words

if TYPE_CHECKING:  # a name in an annotation; the first page is painted without the engine's types
    from indexer.types import Progress

MEANING_FROM = "embed"
"""From this phase on, words can be searched and asked."""


def share_done(progress: Progress) -> float:
    """Return how far the present phase is, 0 to 1."""
    return min(1.0, progress.done / progress.total) if progress.total else 0.0


def said(progress: Progress) -> str:
    """Return the phase and how far it is, in a few words."""
    tr = QCoreApplication.translate
    names = {
        "scan": tr("Progress", "Looking for files"),
        "history": tr("Progress", "Reading the history"),
        "parse": tr("Progress", "Reading files"),
        "link": tr("Progress", "Linking names"),
        "embed": tr("Progress", "Indexing by meaning"),
        "publish": tr("Progress", "Making search fast"),
    }
    name = tr("Progress", "Paused") if progress.paused else names[progress.phase]
    if not progress.total:
        return name
    return tr("Progress", "%(phase)s, %(share)d%%") % {
        "phase": name,
        "share": int(100 * share_done(progress)),
    }


def time_left(progress: Progress) -> str:
    """Return the time left as a range, or nothing when it cannot be told."""
    if progress.seconds_left is None or progress.paused:
        return ""
    tr = QCoreApplication.translate
    least, most = progress.seconds_left
    if most < 60:
        return tr("Progress", "%(least)d to %(most)d s left") % {"least": least, "most": max(most, least + 1)}
    return tr("Progress", "%(least)d to %(most)d min left") % {
        "least": max(1, round(least / 60)),
        "most": max(2, round(most / 60)),
    }


class ProgressText(QWidget):
    """The bar and the words above a page; hidden when nothing runs."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.px(16), 0, 0)
        column.setSpacing(theme.px(6))
        self._text = words(theme, "", tokens.INTERFACE, "2", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._bar.setAccessibleName(self.tr("Progress of indexing"))
        column.addWidget(self._text)
        column.addWidget(self._bar)
        self.hide()

    def show_progress(self, progress: Progress | None) -> None:
        """Show ``progress``, or nothing."""
        self.setVisible(progress is not None and self.parentWidget() is not None)
        if progress is None:
            return
        first = ", ".join(part for part in (said(progress), time_left(progress)) if part)
        if progress.phase == MEANING_FROM:
            more = self.tr("Words are complete: ask now. You can close the window, reading goes on.")
        else:
            more = self.tr("You can ask in a few seconds.")
        self._text.setText(f"{first}. {more}")
        self._bar.setValue(round(1000 * share_done(progress)))
