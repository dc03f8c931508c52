"""A mentor's view over all walks: which steps make people stuck, and which gaps come up again."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop import tokens
from desktop.answer_page import day
from desktop.oddities import plain
from desktop.places import KnowledgePlace
from desktop.theme import Theme
from desktop.widgets.painting import Mark, paint_mark
from desktop.widgets.rows import LinkRow, RowParts
from desktop.widgets.scrollpage import ScrollPage, reading_page
from desktop.widgets.statements import pieces
from desktop.widgets.words import link, words
from indexer.shapes.onboarding import GapAgain, Overview, Session, StepTrouble, TourTrouble

COLUMN = 900
NUMBER = 72
"""Width of a column of numbers, px at 100 %."""

NARROW = 560


class MentorPage(ScrollPage):
    """Emits a session to look at, a place (a gap), or that one goes back."""

    sessionWanted = Signal(object)
    opened = Signal(object)
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(self.tr("For mentors"))
        page, self._column = reading_page(theme, COLUMN)
        self.setWidget(page)

    def show_overview(self, found: Overview) -> None:
        """Show all walks, the steps of each tour, and the gaps that they met."""
        theme = self._theme
        while (item := self._column.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        back = link(theme, self.tr("All tours and sessions"))
        back.clicked.connect(self.left)
        self._column.addWidget(back)
        self._column.addSpacing(theme.px(tokens.S2))
        self._column.addWidget(words(theme, self.tr("Where people get stuck"), tokens.TITLE))
        if not found.sessions:
            self._column.addSpacing(theme.px(tokens.S2))
            self._column.addWidget(
                words(theme, self.tr("Nobody has walked a tour yet."), tokens.INTERFACE, "2")
            )
        if found.gaps:
            self._title(self.tr("Gaps that come up"))
        for gap in found.gaps:
            row = _GapRow(theme, gap)
            row.opened.connect(self.opened)
            self._column.addWidget(row)
        for tour in found.tours:
            self._add_tour(tour)
        if found.sessions:
            self._title(self.tr("Sessions"))
        for session in found.sessions:
            walk = LinkRow(theme, _session_parts(session), session.id)
            walk.opened.connect(self.sessionWanted)
            self._column.addWidget(walk)

    # ------------------------------------------------------------------------ private

    def _title(self, text: str) -> None:
        label = words(self._theme, plain(text), tokens.SECTION, wrap=True)
        label.setContentsMargins(0, self._theme.px(tokens.S5), 0, self._theme.px(tokens.S1))
        self._column.addWidget(label)

    def _add_tour(self, tour: TourTrouble) -> None:
        counts = {"title": tour.title, "begun": tour.sessions, "finished": tour.finished}
        self._title(self.tr("%(title)s: %(begun)d begun, %(finished)d finished") % counts)
        self._column.addWidget(_Head(self._theme))
        for number, step in enumerate(tour.steps, 1):
            self._column.addWidget(_StepRow(self._theme, number, step, tour.sessions))


class _Columns(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedHeight(theme.px(tokens.ROW))

    def _boxes(self) -> list[QRectF]:
        count = 3 if self.width() < self._theme.px(NARROW) else 4
        width = self._theme.px(NUMBER)
        last = width + self._theme.px(16)
        ends = [
            self.width() - (last + width * (count - 2 - at) if at < count - 1 else 0) for at in range(count)
        ]
        sizes = [width] * (count - 1) + [last]
        return [QRectF(end - size, 0, size, self.height()) for end, size in zip(ends, sizes, strict=True)]

    def _draw(self, painter: QPainter, texts: list[str]) -> None:
        side = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        for box, text in zip(self._boxes(), texts, strict=False):
            painter.drawText(box, side, text)


class _Head(_Columns):
    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self._theme, QPainter(self)
        painter.setFont(theme.font(tokens.META))
        painter.setPen(theme.colour("text_2"))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter), self.tr("Step"))
        self._draw(painter, [self.tr("Done"), self.tr("Stuck"), self.tr("Asked"), self.tr("Check wrong")])


class _StepRow(_Columns):
    def __init__(self, theme: Theme, number: int, step: StepTrouble, sessions: int) -> None:
        super().__init__(theme)
        self._step = step
        self._title = f"{number}. " + "".join(piece for piece, _ in pieces(plain(step.title)))
        self._numbers = [
            f"{step.done}/{sessions}",
            str(step.stuck or ""),
            str(step.asked or ""),
            f"{step.wrong}/{step.checked}" if step.checked else "",
        ]
        told = self.tr("%(done)s done, %(stuck)s stuck, %(asked)s asked") % {
            "done": self._numbers[0], "stuck": step.stuck, "asked": step.asked,
        }  # fmt: skip
        self.setAccessibleName(f"{self._title}, {told}")
        self.setToolTip(self._title)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(0, 0, self.width(), 1, theme.colour("hairline"))
        font = theme.font(tokens.INTERFACE)
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        room = self._boxes()[0].left() - theme.px(8)
        fits = QFontMetricsF(font).elidedText(self._title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(0, 0, room, self.height()), int(Qt.AlignmentFlag.AlignVCenter), fits)
        painter.setPen(theme.colour("text_2"))
        self._draw(painter, self._numbers)
        if self._step.stuck:
            side = theme.px(9)
            box = self._boxes()[1]
            width = QFontMetricsF(font).horizontalAdvance(self._numbers[1])
            left = box.right() - width - theme.px(16)
            paint_mark(painter, theme, Mark.MISSING, QRectF(left, (self.height() - side) / 2, side, side))


class _GapRow(LinkRow):
    def __init__(self, theme: Theme, again: GapAgain) -> None:
        gap = again.gap
        times = len(again.sessions)
        parts = [self.tr("met once") if times == 1 else self.tr("met in %d sessions") % times]
        if gap.note_id:
            parts.append(self.tr("answered"))
        elif gap.contacts:
            parts.append(self.tr("may know: %s") % gap.contacts[0].name)
        place = KnowledgePlace(note_id=gap.note_id) if gap.note_id else KnowledgePlace(gap_id=gap.id)
        super().__init__(theme, RowParts(gap.question, ", ".join(parts), icon="flag", as_link=False), place)
        self._open = gap.note_id is None

    def paint_icon(self, painter: QPainter, box: QRectF) -> None:
        """Paint the mark of what is missing while it is."""
        if self._open:
            paint_mark(painter, self._theme, Mark.MISSING, box.adjusted(3, 3, -3, -3))
        else:
            super().paint_icon(painter, box)


def _session_parts(session: Session) -> RowParts:
    state = f"{len(session.done)}/{session.steps}, {day(session.last)}"
    return RowParts(f"{session.name or 'Somebody'}, {session.title}", state, icon="person")
