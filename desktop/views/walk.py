"""One session under way: the route at the left, the step in the middle, its code at the right."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QMenu,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desktop import tokens
from desktop.answer_page import day
from desktop.engine import Link
from desktop.oddities import plain
from desktop.step_page import StepPage, arrange_step
from desktop.theme import Theme
from desktop.views.evidence import EvidencePane
from desktop.widgets.rail import line
from desktop.widgets.routelist import Progress, RouteList, RouteRow
from desktop.widgets.scrollpage import ScrollPage
from desktop.widgets.sessionstrip import SessionStrip
from desktop.widgets.stepbody import StepBody, place_of
from desktop.widgets.stuckcard import StuckCard, Writing
from desktop.widgets.words import Elided, button, tool, words
from desktop.widgets.wrapping import together, wrapping
from indexer.shapes.onboarding import SessionAct, SessionPage, TourStep
from indexer.types import AnchorState

ROUTE, PAGE, EVIDENCE = 272, 560, 440
"""Least widths of the three panes, px at 100 %."""

LABELS_BESIDE_FROM = 560
FOOTER = 48


class Walk(QWidget):
    """Emits what the person does; shows what the engine answers."""

    stepPicked = Signal(str)
    nextWanted = Signal()
    undoneWanted = Signal()
    written = Signal(object, str)
    chosen = Signal(int)
    judged = Signal(bool)
    exportWanted = Signal(str)
    allWanted = Signal()
    opened = Signal(object)
    noticed = Signal(str)
    editorWanted = Signal(str, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._page: SessionPage | None = None
        self._step: TourStep | None = None
        self._shown: StepPage | None = None
        self._width = 0
        self._pane = "page"
        self.body: StepBody | None = None
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        whole.addWidget(self._split)
        self._split.setHandleWidth(1)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self._build_route())
        self._split.addWidget(self._build_page())
        self._split.addWidget(self._build_right())
        for at, stretch in enumerate((0, 52, 48)):
            self._split.setStretchFactor(at, stretch)
        self._split.setSizes([ROUTE, 632, 1440 - tokens.RAIL - ROUTE - 632])

    # ------------------------------------------------------------------------ public

    @property
    def shown_key(self) -> str:
        """The key of the step that is shown."""
        return self._step.key if self._step is not None else ""

    def set_link(self, link: Link | None) -> None:
        """Read code through this engine."""
        self.evidence.set_link(link)
        self._page = self._step = None

    def forget(self) -> None:
        """Read everything anew from now on: the index has changed."""
        self.evidence.forget()
        self._step = None

    def show_session(self, page: SessionPage, key: str) -> None:
        """Show a session at a step (empty: where it stands)."""
        self._page = page
        steps = {step.key: step for step in page.tour.steps}
        wanted = steps.get(key) or steps.get(page.session.current) or page.tour.steps[-1]
        self._show_head(page, wanted.key)
        self.strip.show_session(page)
        if wanted != self._step or self.body is None:
            self._show_step(page, wanted)
        if self.body is not None:
            self.body.show_events(page.session.events)
        number = page.tour.steps.index(wanted) + 1
        done = wanted.key in page.session.done
        last = len(page.session.done) + (0 if done else 1) >= len(page.tour.steps)
        self.next.setText(self.tr("Finish") if last and not page.session.finished else self.tr("Next step"))
        self.back.setEnabled(number > 1)
        self.undo.setVisible(done)

    def write(self, writing: Writing) -> None:
        """Open the card to write into; once more puts it away."""
        if self.body is None or self._page is None:
            return
        known = self.body.card
        if known is not None and known.writing is writing:
            self.written_down()
            return
        card = StuckCard(self._theme, writing, self._page.may_know)
        card.kept.connect(self.written)
        card.left.connect(self.written_down)
        self.body.show_card(card)
        self._mark_buttons(writing)
        self._bring("page")
        self._scroll.ensureWidgetVisible(card)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._to_card)

    def written_down(self) -> None:
        """Put the card away."""
        if self.body is not None:
            self.body.show_card(None)
        self._mark_buttons(None)

    def try_again(self) -> None:
        """Let what could not be kept be sent once more."""
        if self.body is not None and self.body.card is not None:
            self.body.card.wait(False)

    def arrange(self, width: int) -> None:
        """Show as many panes side by side as there is room for."""
        px = self._theme.px
        self._width = width
        three, two = px(ROUTE + PAGE + EVIDENCE), px(ROUTE + PAGE - 60)
        count = 3 if width >= three else 2 if width >= two else 1
        self._route.setVisible(count > 1 or self._pane == "route")
        self._middle.setVisible(count == 3 or self._pane == "page" or (count == 2 and self._pane == "route"))
        self._right.setVisible(count == 3 or self._pane == "evidence")
        self._route.setMinimumWidth(px(ROUTE - 40) if count > 1 else 0)
        self._route.setMaximumWidth(px(ROUTE + 120) if count > 1 else 16_777_215)
        self._middle.setMinimumWidth(px(PAGE - 140) if count > 1 else 0)
        self._right.setMinimumWidth(px(EVIDENCE - 60) if count > 1 else 0)
        self.evidence.back.setVisible(count < 3)
        self.to_route.setVisible(count == 1)
        self.to_code.setVisible(count < 3)
        room = self._middle.width() if count == 3 else width - (px(ROUTE) if count == 2 else 0)
        self._above = room < px(LABELS_BESIDE_FROM)
        if self.body is not None:
            self.body.set_labels_above(self._above)

    def next_pane(self) -> bool:
        """Put the keyboard into the next pane: step, evidence, route; False when it is in the last."""
        order = ["page", "evidence", "route"]
        held = QApplication.focusWidget()
        here = next(
            (name for name, pane in self._panes() if held is not None and pane.isAncestorOf(held)), "page"
        )
        if here == order[-1]:
            return False
        self._go_pane(order[order.index(here) + 1])
        return True

    def leave_pane(self) -> None:
        """Go back to the step."""
        if not self.evidence.leave_find():
            self._bring("page")
            self._focus_pane()

    def focus_first(self) -> None:
        """Put the keyboard on the step."""
        self._bring("page")
        self._focus_pane()

    def splitter_state(self) -> bytes:
        """Return the widths of the panes."""
        return bytes(self._split.saveState().data())

    def restore_splitter(self, state: QByteArray) -> None:
        """Take the widths of the panes back."""
        self._split.restoreState(state)

    # ------------------------------------------------------------------------ building

    def _build_route(self) -> QWidget:
        theme = self._theme
        self._route = QFrame()
        self._route.setProperty("kind", "pane")
        column = QVBoxLayout(self._route)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QWidget()
        inner = QVBoxLayout(head)
        side = theme.px(tokens.S4)
        inner.setContentsMargins(side, theme.px(tokens.S4), side, theme.px(tokens.S3))
        inner.setSpacing(theme.px(tokens.S1))
        row = QHBoxLayout()
        self._title = Elided(theme, tokens.SECTION)
        self._count = words(theme, "", tokens.INTERFACE, "2")
        row.addWidget(self._title, 1)
        row.addWidget(self._count)
        inner.addLayout(row)
        self._detail = Elided(theme, tokens.META, "text_2")
        inner.addWidget(self._detail)
        inner.addSpacing(theme.px(tokens.S1))
        self._progress = Progress(theme)
        inner.addWidget(self._progress)
        column.addWidget(head)
        column.addWidget(line())
        self._notice = words(theme, "", tokens.META, "partial", wrap=True)
        self._notice.setContentsMargins(side, theme.px(tokens.S2), side, theme.px(tokens.S2))
        column.addWidget(self._notice)
        self.route = RouteList(theme)
        self.route.picked.connect(self._on_picked)
        self.route.clicked.connect(self._on_clicked)
        column.addSpacing(theme.px(tokens.S2))
        column.addWidget(self.route, 1)
        column.addWidget(line())
        column.addWidget(self._build_route_foot())
        return self._route

    def _build_route_foot(self) -> QWidget:
        theme = self._theme
        foot = QWidget()
        foot.setFixedHeight(theme.px(FOOTER))
        row = QHBoxLayout(foot)
        row.setContentsMargins(theme.px(tokens.S3), 0, theme.px(tokens.S3), 0)
        self.export = button(theme, self.tr("Export for mentor"), "export")
        menu = QMenu(self.export)
        for ending, label in (("pdf", "PDF"), ("md", "Markdown"), ("html", "HTML")):
            menu.addAction(label).triggered.connect(partial(self._on_export, ending))
        self.export.setMenu(menu)
        row.addWidget(self.export)
        row.addStretch(1)
        every = tool(theme, "list", self.tr("All tours and sessions"))
        every.clicked.connect(self.allWanted)
        row.addWidget(every)
        return foot

    def _build_page(self) -> QWidget:
        theme = self._theme
        self._middle = QFrame()
        column = QVBoxLayout(self._middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._scroll = ScrollPage()
        self._scroll.setAccessibleName(self.tr("Step"))
        column.addWidget(self._scroll, 1)
        column.addWidget(line())
        foot = QWidget()
        foot.setMinimumHeight(theme.px(FOOTER))
        around = QHBoxLayout(foot)
        around.setContentsMargins(theme.px(tokens.S3), theme.px(6), theme.px(tokens.S3), theme.px(6))
        holder, row = wrapping(theme.px(tokens.S2), theme.px(6))
        around.addWidget(holder)
        self.to_route = tool(theme, "list", self.tr("The route"))
        self.to_route.clicked.connect(partial(self._go_pane, "route"))
        self.stuck = button(theme, self.tr("I am stuck here"), "flag")
        self.ask = button(theme, self.tr("Ask about this"), "ask")
        self.note = tool(theme, "note", self.tr("Note on this step"))
        for made, writing in (
            (self.stuck, Writing.STUCK),
            (self.ask, Writing.ASK),
            (self.note, Writing.NOTE),
        ):
            made.setCheckable(True)
            made.clicked.connect(partial(self.write, writing))
        self.to_code = tool(theme, "code", self.tr("The code"))
        self.to_code.clicked.connect(partial(self._go_pane, "evidence"))
        self.undo = tool(theme, "undo", self.tr("Not done yet"))
        self.undo.clicked.connect(self.undoneWanted)
        self.back = tool(theme, "back", self.tr("Previous step"))
        self.back.clicked.connect(self._on_back)
        self.next = button(theme, self.tr("Next step"), primary=True)
        self.next.clicked.connect(self.nextWanted)
        for each in (self.to_route, self.stuck, self.ask, self.note):
            row.addWidget(each)
        row.push()
        steps = (self.to_code, self.undo, self.back, self.next)
        row.addWidget(together(theme.px(tokens.S2), *steps))
        column.addWidget(foot)
        return self._middle

    def _build_right(self) -> QWidget:
        theme = self._theme
        self._right = QFrame()
        self._right.setProperty("kind", "pane")
        column = QVBoxLayout(self._right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.evidence = EvidencePane(theme)
        self.evidence.opened.connect(self.opened)
        self.evidence.noticed.connect(self.noticed)
        self.evidence.editorWanted.connect(self.editorWanted)
        self.evidence.picked.connect(self._on_evidence_picked)
        self.evidence.backWanted.connect(self.leave_pane)
        self.strip = SessionStrip(theme)
        self.strip.opened.connect(self.opened)
        column.addWidget(self.evidence, 1)
        column.addWidget(line())
        column.addWidget(self.strip)
        return self._right

    # ------------------------------------------------------------------------ showing

    def _show_head(self, page: SessionPage, current: str) -> None:
        session, tour = page.session, page.tour
        self._title.set_text(tour.title)
        self._count.setText(self.tr("%(at)d of %(all)d") % {"at": len(session.done), "all": session.steps})
        who = session.name or self.tr("somebody")
        begun = self.tr("%(who)s, begun %(day)s") % {"who": who, "day": day(session.begun)}
        self._detail.set_text(begun)
        self._notice.setText("\n".join(plain(each) for each in page.notices))
        self._notice.setVisible(bool(page.notices))
        stuck = {each.step for each in session.events if each.act is SessionAct.STUCK}
        rows = [
            RouteRow(
                step.key,
                step.title,
                _where(step),
                step.minutes,
                step.key in session.done,
                step.key in stuck,
                _changed(step),
            )
            for step in tour.steps
        ]
        self.route.show_rows(rows, current)
        at = next((n for n, step in enumerate(tour.steps) if step.key == current), -1)
        self._progress.show_steps([row.done for row in rows], at)

    def _show_step(self, page: SessionPage, step: TourStep) -> None:
        self._step = step
        steps = page.tour.steps
        self._shown = arrange_step(
            step,
            self.tr("the code changed since"),
            self.tr("the code is not there any more"),
            self.tr("written by %s"),
        )
        counts = {"at": steps.index(step) + 1, "all": len(steps), "minutes": step.minutes}
        where = self.tr("Step %(at)d of %(all)d, about %(minutes)d minutes") % counts
        if page.tour.commit_id:
            where += self.tr(", as of %s") % page.tour.commit_id[:9]
        self.body = StepBody(self._theme, step, self._shown, where)
        self.body.chipPicked.connect(self._on_chip)
        self.body.readWanted.connect(self._on_read)
        self.body.chosen.connect(self.chosen)
        self.body.judged.connect(self.judged)
        self.body.revealed.connect(self._on_revealed)
        self._scroll.setWidget(self.body)
        self._scroll.verticalScrollBar().setValue(0)
        self._mark_buttons(None)
        self.evidence.show_answer(None, self._shown.page)
        readable = [each for each in step.reading if each.state is not AnchorState.ORPHANED]
        if readable:
            self.evidence.show_place(place_of(readable[0]))
        self.arrange(self._width)

    def _mark_buttons(self, writing: Writing | None) -> None:
        for made, own in ((self.stuck, Writing.STUCK), (self.ask, Writing.ASK), (self.note, Writing.NOTE)):
            made.setChecked(own is writing)

    # ------------------------------------------------------------------------ what the person does

    def _on_picked(self, key: str) -> None:
        self.stepPicked.emit(key)

    def _on_clicked(self) -> None:
        self._bring("page")

    def _on_back(self) -> None:
        if self._page is None or self._step is None:
            return
        at = self._page.tour.steps.index(self._step)
        if at:
            self.stepPicked.emit(self._page.tour.steps[at - 1].key)

    def _on_chip(self, number: int) -> None:
        if self.evidence.select(number):
            self._on_evidence_picked(number)
            self._bring("evidence")

    def _on_evidence_picked(self, number: int) -> None:
        if self.body is not None:
            self.body.select(number)

    def _on_revealed(self) -> None:
        """List the sources of the answer too, beside what is shown."""
        if self._shown is not None:
            self.evidence.add_sources(self._shown.whole)

    def _on_read(self, place: object) -> None:
        self.evidence.show_place(place)  # type: ignore[arg-type]
        if self.body is not None:
            self.body.select(0)
        self._bring("evidence")

    def _on_export(self, ending: str) -> None:
        self.exportWanted.emit(ending)

    def _to_card(self) -> None:
        self._scroll.verticalScrollBar().rangeChanged.disconnect(self._to_card)
        if self.body is not None and self.body.card is not None:
            self._scroll.ensureWidgetVisible(self.body.card, 0, self._theme.px(tokens.S3))

    def _go_pane(self, pane: str) -> None:
        self._bring(pane)
        self._focus_pane()

    def _bring(self, pane: str) -> None:
        """Bring a pane to front, where not all have room."""
        self._pane = pane
        self.arrange(self._width)

    def _panes(self) -> tuple[tuple[str, QWidget], ...]:
        return ("route", self._route), ("page", self._middle), ("evidence", self._right)

    def _focus_pane(self) -> None:
        if self._pane == "route":
            self.route.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._pane == "evidence":
            self.evidence.take_focus()
        else:
            text = self.body.first_text() if self.body is not None else None
            (text or self._scroll).setFocus(Qt.FocusReason.OtherFocusReason)


def _where(step: TourStep) -> str:
    if not step.reading:
        return ""
    anchor = step.reading[0].anchor
    return f"{anchor.path} {anchor.start_line}" if anchor.start_line else anchor.path or ""


def _changed(step: TourStep) -> bool:
    marked = (AnchorState.STALE, AnchorState.ORPHANED)
    states = [line.state for line in step.lines] + [each.state for each in step.reading]
    return any(each in marked for each in states)
