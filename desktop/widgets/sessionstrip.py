"""What happened in a session so far: questions, gaps and notes, each leading back to where it belongs."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QVBoxLayout

from desktop import tokens
from desktop.places import AskPlace, KnowledgePlace, OnboardingPlace
from desktop.theme import Theme
from desktop.widgets.painting import Mark, paint_mark, paint_verdict_sign
from desktop.widgets.rows import LinkRow, RowParts
from desktop.widgets.words import words
from indexer.shapes.onboarding import SessionAct, SessionEvent, SessionPage

MOST = 5
_SHOWN = (SessionAct.ASKED, SessionAct.STUCK, SessionAct.NOTED)


class SessionStrip(QFrame):
    """The newest few of what was asked, kept as a gap, or noted; and how the self-checks went."""

    opened = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(self.tr("In this session"))
        self._column = QVBoxLayout(self)
        side = theme.px(tokens.S4)
        self._column.setContentsMargins(side, theme.px(tokens.S3), side, theme.px(tokens.S3))
        self._column.setSpacing(0)

    def show_session(self, page: SessionPage) -> None:
        """Show another session, or the same one later."""
        while (item := self._column.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        numbers = {step.key: number for number, step in enumerate(page.tour.steps, 1)}
        events = [each for each in page.session.events if each.act in _SHOWN]
        checks: dict[str, SessionEvent] = {}
        for each in page.session.events:
            if each.act is SessionAct.CHECKED:
                checks.setdefault(each.step, each)
        self.setVisible(bool(events or checks))
        self._column.addWidget(words(self._theme, self.tr("In this session"), tokens.STRONG))
        self._column.addSpacing(self._theme.px(tokens.S1))
        for event in events[::-1][:MOST]:
            row = _EventRow(
                self._theme, event, _right(event, numbers.get(event.step, 0)), _leads_to(page, event)
            )
            row.opened.connect(self.opened)
            self._column.addWidget(row)
        foot = []
        if len(events) > MOST:
            foot.append(self.tr("%d more in the export") % (len(events) - MOST))
        if checks:
            right = sum(1 for each in checks.values() if each.right)
            told = self.tr("%(count)d self-checks answered, %(right)d right the first time")
            one = self.tr("1 self-check answered, %(right)d right the first time")
            foot.append((one if len(checks) == 1 else told) % {"count": len(checks), "right": right})
        if foot:
            self._column.addSpacing(self._theme.px(tokens.S1))
            self._column.addWidget(words(self._theme, ". ".join(foot), tokens.META, "2", wrap=True))


class _EventRow(LinkRow):
    def __init__(self, theme: Theme, event: SessionEvent, right: str, leads_to: object) -> None:
        kinds = {SessionAct.ASKED: "ask", SessionAct.STUCK: "flag", SessionAct.NOTED: "note"}
        parts = RowParts(event.text, right, icon=kinds[event.act], as_link=False, ruled=False)
        self._event = event
        super().__init__(theme, parts, leads_to, tokens.ROW)

    def paint_icon(self, painter: QPainter, box: QRectF) -> None:
        """Paint the label that the answer had, or the mark of what is missing."""
        event = self._event
        if event.act is SessionAct.STUCK:
            paint_mark(painter, self._theme, Mark.MISSING, box.adjusted(3, 3, -3, -3))
        elif event.act is SessionAct.ASKED and event.status is not None:
            paint_verdict_sign(painter, self._theme, event.status, box)
        else:
            super().paint_icon(painter, box)


def _right(event: SessionEvent, number: int) -> str:
    where = f"step {number}" if number else event.title
    return f"gap, {where}" if event.act is SessionAct.STUCK else where


def _leads_to(page: SessionPage, event: SessionEvent) -> object:
    if event.act is SessionAct.ASKED and event.asked_id:
        return AskPlace(event.text, event.asked_id)
    if event.gap_id:
        return KnowledgePlace(gap_id=event.gap_id)
    return OnboardingPlace(page.session.id, event.step)
