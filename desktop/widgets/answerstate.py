"""Of which commit an answer speaks, and lines about what it could not see yet."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import tokens
from desktop.answer_page import day
from desktop.theme import Theme
from desktop.widgets.askstates import Banner
from indexer.types import Answer, Freshness, IndexStatus


class StateLines(QWidget):
    """Banners above an answer: HEAD has moved since, or not all was indexed then."""

    againWanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._column = QVBoxLayout(self)
        self.set_side(tokens.S6)
        self._column.setSpacing(theme.px(6))

    def set_side(self, side: int) -> None:
        """Stand over a text with so much room at its sides, px at 100 %."""
        self._column.setContentsMargins(self._theme.px(side), 0, self._theme.px(side), 0)

    def show_answer(self, answer: Answer | None, status: IndexStatus | None) -> None:
        """Show what the reader of ``answer`` must know; ``status`` is what is indexed now."""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        if answer is None:
            return
        now = status.freshness if status is not None else answer.freshness
        commits = moved(answer, now)
        if commits == 1:
            self._add("history", self.tr("HEAD moved by 1 commit since this answer."))
        elif commits > 1:
            self._add("history", self.tr("HEAD moved by %d commits since this answer.") % commits)
        elif commits < 0:
            self._add("history", self.tr("HEAD has moved since this answer."))
        if partly := self._partly(answer.freshness, now, status is not None and status.model != "none"):
            self._add("jobs", partly)

    def _add(self, icon: str, text: str) -> None:
        banner = Banner(self._theme, icon, text, self.tr("Ask again"))
        banner.pressed.connect(self.againWanted)
        self._column.addWidget(banner)

    def _partly(self, then: Freshness, now: Freshness, meaning: bool) -> str:
        if not then.words_complete:
            return self.tr("The repository was still being read: sources may be missing.")
        if meaning and then.passages and then.embedded < then.passages:
            share = then.embedded * 100 // then.passages
            if now.embedded >= now.passages:
                return self.tr("%d%% was indexed by meaning at this answer; all is now.") % share
            return self.tr("%d%% indexed by meaning. Words are complete.") % share
        return ""


def moved(answer: Answer, now: Freshness) -> int:
    """Return by how many commits HEAD is ahead of an answer; -1 when it moved and nobody counted."""
    fresh = answer.freshness
    if answer.commit_id == now.head_id:
        return 0
    if answer.commit_id == now.commit_id and now.behind > 0:
        return now.behind
    return fresh.behind if fresh.head_id == now.head_id and fresh.behind > 0 else -1


def state_words(answer: Answer, asked: int, status: IndexStatus | None) -> str:
    """Return when and of which commit an answer speaks; ``asked`` is 0 for a fresh one."""
    tr = QCoreApplication.translate
    commit = (answer.commit_id or tr("StateLines", "no commit"))[:9]
    if asked:
        said = tr("StateLines", "Asked %(day)s, as of %(commit)s") % {"day": day(asked), "commit": commit}
    else:
        said = tr("StateLines", "As of %s") % commit
    now = status.freshness if status is not None else answer.freshness
    return tr("StateLines", "%s, HEAD has not moved") % said if moved(answer, now) == 0 else said
