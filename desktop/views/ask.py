"""The ask view: a question's answer at the left, the evidence for it at the right."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLayout,
    QWidget,
)

from desktop import tokens
from desktop.answer_text import as_markdown, as_text, file_name
from desktop.answering import Answered, Answering, Shown
from desktop.asking import Asking
from desktop.engine import Link
from desktop.logreading import LogReading
from desktop.mail import mail
from desktop.oddities import plain
from desktop.pasted import heading
from desktop.places import AskPlace, CommitPlace, LogPlace, SourcePlace
from desktop.theme import Theme
from desktop.views.evidence import EvidencePane
from desktop.views.writedown import WriteDown
from desktop.views.writingout import WritingOut
from desktop.widgets.answer import AnswerBody
from desktop.widgets.answerside import AnswerSide
from desktop.widgets.answerstate import state_words
from desktop.widgets.askstates import EmptyBody, ErrorBody, LoadingBody
from desktop.widgets.hovercard import HoverCard
from desktop.widgets.logpage import LogBody, ReadingBody, statement_place
from desktop.widgets.pair import Halves
from indexer.errors import LorebaseError
from indexer.pages import AskedBefore, AskedList, Overview, Starter
from indexer.protocol import GAPS, OVERVIEW, GapFilter, GapList, Nothing
from indexer.shapes.logs import LogExplained
from indexer.types import Contact, Hit, IndexStatus, Note, Person, ReviewMark

ANSWER_SHARE = 0.52
"""Of the width, where answer and evidence stand side by side."""

LABELS_BESIDE_FROM = 620
"""Least width of the answer, px at 100 %, at which labels hang beside their sections."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a view leaves to its successor when the theme changes."""

    answered: Answered
    number: int
    log: tuple[LogPlace, LogExplained | None] | None = None


class AskView(QWidget):
    """Asks, shows, keeps; the window gives it a place, and hears where the person wants to go."""

    opened = Signal(object)
    noticed = Signal(str)
    editorWanted = Signal(str, int)
    saveWanted = Signal(str, str)
    """A file name to suggest, and the Markdown to write there."""
    askWanted = Signal()
    answered = Signal(object)
    noteSaved = Signal(object)
    placeChanged = Signal(object)
    """A better name of the place that is shown: the answer is kept under an id now."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None = None,
        evidence: EvidencePane | None = None,
        left: AnswerSide | None = None,
    ) -> None:
        """``evidence`` and ``left``: the two halves, when each was made before in a turn of its own."""
        super().__init__(parent)
        self._theme = theme
        self.evidence = evidence or EvidencePane(theme)
        self._left = left or AnswerSide(theme)
        self._link: Link | None = None
        self._asking = Asking(self)
        self.answering = Answering(self)
        self.writing = WriteDown(self, theme)
        self.written = WritingOut(self, theme, self.answering)
        self.model = self.written.model
        self.log = LogReading(self)
        self._body: AnswerBody | None = None
        self._starters: tuple[Starter, ...] = ()
        self._build()
        self._connect()
        self._keys()
        self._show_empty()

    # ------------------------------------------------------------------------ public

    def set_link(self, link: Link | None) -> None:
        """Ask this engine from now on; None when no repository is open."""
        self.writing.set_link(link)
        self.model.set_link(link)
        self.log.set_link(link)
        self._link = link
        self._asking.set_link(link)
        self._starters = ()
        self.answering.set_link(link)
        self.evidence.set_link(link)
        self._show_empty()
        if link is not None:
            self._asking.ask(OVERVIEW, Nothing(), self._on_overview)

    def set_person(self, person: Person) -> None:
        """Know who asks, marks and writes here."""
        self.answering.person = self.writing.person = person
        self._show_reviews()

    def set_given_key(self, key: str) -> None:
        """Take the key that the environment of this window holds for the model's server."""
        self.model.set_key(key)
        self.model.ask_state()

    def show_place(self, place: AskPlace | LogPlace | SourcePlace | CommitPlace) -> None:
        """Show an answer or a log, or a source beside the one that is here."""
        self._card.point_at(None, QRect())
        if isinstance(place, AskPlace):
            self.log.leave()
            self._show_ask_place(place)
        elif isinstance(place, LogPlace):
            self._show_log_place(place)
        else:
            self.evidence.show_place(place)
            if self._body is not None:
                self._body.select(0)
            self._bring_evidence(True)

    def show_status(self, status: IndexStatus) -> None:
        """Take news of the index: whether HEAD has moved, how much can be found."""
        old, self.answering.status = self.answering.status, status
        if old is not None and old.freshness.commit_id != status.freshness.commit_id:
            self.evidence.forget()
        self._show_freshness()

    def keep(self) -> object:
        """Return all that a view made anew needs to stand where this one does."""
        self.writing.keep_draft()
        log = None if self.log.place is None else (self.log.place, self.log.shown)
        return _Kept(self.answering.keep(), self.evidence.selected(), log)

    def recall(self, kept: object) -> None:
        """Take back what another view of this kind has kept."""
        if not isinstance(kept, _Kept):
            return
        self.answering.recall(kept.answered)
        if kept.log is not None:
            self.log.recall(*kept.log)
        if self._body is not None:
            self._body.finish()
        if kept.number and self.evidence.select(kept.number):
            self._on_picked(kept.number)

    @property
    def shown(self) -> Shown | None:
        """The answer on the page."""
        return self.answering.shown

    @property
    def whole(self) -> bool:
        """True when nothing of the page is still to be built."""
        return self._body is None or self._body.whole

    def take_focus(self) -> None:
        """Put the focus on the answer, so that digits and arrows work at once."""
        body = self._left.body
        if isinstance(body, LogBody):
            body.take_focus()
            return
        text = self._body.first_text() if self._body is not None else None
        (text or self._left.area).setFocus(Qt.FocusReason.OtherFocusReason)

    def title(self) -> str:
        """Return what this page is called in menus."""
        if self.log.place is not None:
            return plain(self.log.place.name) or self.tr("A log")
        return plain(heading(self.answering.question)) or self.tr("Ask")

    def splitter_state(self) -> bytes:
        """Return the widths of the panes, for the window's settings."""
        return self.panes.state()

    def restore_splitter(self, state: bytes) -> None:
        """Take the widths of the panes back."""
        self.panes.restore(state)

    def next_citation(self) -> None:
        """Show the next source."""
        self.evidence.step(1)
        self._bring_evidence(True)

    def previous_citation(self) -> None:
        """Show the source before."""
        self.evidence.step(-1)
        self._bring_evidence(True)

    def show_citation(self, number: int) -> None:
        """Show source ``number`` of the answer."""
        if self.evidence.select(number):
            self._on_picked(number)
            self._bring_evidence(True)
            if self.panes.narrow:
                self.evidence.take_focus()

    def show_first(self) -> None:
        """Show the first source of the answer."""
        self.show_citation(1)

    def copy_with_citations(self) -> None:
        """Put the answer with its sources on the clipboard."""
        if self.shown is not None:
            QGuiApplication.clipboard().setText(as_text(self.shown.answer, self.shown.page))
            count = len(self.shown.page.sources)
            self.noticed.emit(self.tr("Copied the answer with %d sources.") % count)

    def save_as_markdown(self) -> None:
        """Let the window save the answer as a file."""
        if self.shown is not None:
            answer = self.shown.answer
            self.saveWanted.emit(file_name(answer.question), as_markdown(answer, self.shown.page))

    def ask_again(self) -> None:
        """Ask the same question of what is indexed now."""
        self.answering.ask_again()

    def write_it_down(self) -> None:
        """Open the editor in the place of the gap card."""
        if self.shown is not None:
            self.writing.begin(self.shown)
            QTimer.singleShot(0, self, self._scroll_to_editor)

    def open_in_editor(self) -> None:
        """Ask for the person's editor at the source that is shown."""
        self.evidence.open_in_editor()

    def show_threads(self) -> None:
        """Show what was asked before."""
        self.answering.ask_list()
        self._left.show_list()
        self._bring_evidence(False)

    def next_pane(self) -> bool:
        """Go from the answer to its evidence; False when the keyboard is there already."""
        if self._in_evidence():
            return False
        self.toggle_evidence()
        return self._in_evidence()

    def toggle_evidence(self) -> None:
        """Go from the answer to the evidence, or back."""
        if self._in_evidence():
            self._back_to_answer()
        else:
            self._bring_evidence(True)
            self.evidence.take_focus()

    def find_in_pane(self) -> None:
        """Find text in the source."""
        self._bring_evidence(True)
        self.evidence.begin_find()

    def go_to_line(self) -> None:
        """Go to a line of the source."""
        self._bring_evidence(True)
        self.evidence.begin_find(to_line=True)

    def minimumSizeHint(self) -> QSize:
        """Return the least size at which one pane can be used."""
        return QSize(self._theme.px(360), self._theme.px(240))

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed: the window may be closing."""
        super().hideEvent(event)
        self.writing.keep_draft()

    # ------------------------------------------------------------------------ building

    def _build(self) -> None:
        theme = self._theme
        left = self._left
        left.bar.threads.clicked.connect(self._on_threads)
        left.bar.again.clicked.connect(self.ask_again)
        left.bar.evidence.clicked.connect(self.toggle_evidence)
        left.lines.againWanted.connect(self.ask_again)
        left.asked.picked.connect(self._on_asked_picked)
        left.asked.filtered.connect(self.answering.ask_list)
        left.asked.left.connect(self._back_to_answer)
        left.footer.copy.clicked.connect(self.copy_with_citations)
        left.footer.save.clicked.connect(self.save_as_markdown)
        self.evidence.opened.connect(self.opened)
        self.evidence.noticed.connect(self.noticed)
        self.evidence.editorWanted.connect(self.editorWanted)
        self.evidence.picked.connect(self._on_picked)
        self.evidence.stale.connect(self._on_stale)
        self.evidence.backWanted.connect(self._back_to_answer)
        least = (tokens.ANSWER_LEAST, tokens.EVIDENCE_LEAST)
        self.panes = Halves(theme, left, self.evidence, least, ANSWER_SHARE)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        # Which panes are shown follows from the width, so the panes must not decide on the width.
        whole.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        whole.addWidget(self.panes)
        self.panes.narrowed.connect(self._arrange)
        left.resized.connect(self._arrange)
        self._card = HoverCard(theme, self)

    def _connect(self) -> None:
        answering, writing = self.answering, self.writing
        answering.began.connect(self._on_began)
        answering.came.connect(self._show_answer)
        answering.slow.connect(self._on_slow)
        answering.sourced.connect(self._on_sources)
        answering.failed.connect(self._on_failed)
        answering.listed.connect(self._on_list)
        answering.statusCame.connect(self.show_status)
        answering.answered.connect(self.answered)
        answering.named.connect(self.placeChanged)
        answering.reviewed.connect(self._on_reviewed)
        self._left.footer.reviews.marked.connect(self._on_marked)
        log = self.log
        log.began.connect(self._on_log_began)
        log.came.connect(self._on_log)
        log.failed.connect(self._on_log_failed)
        writing.kept.connect(self._on_written)
        writing.opened.connect(self.opened)
        writing.againWanted.connect(self.ask_again)
        for each in (answering, writing):
            each.noticed.connect(self.noticed)

    def _keys(self) -> None:
        inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for keys, action in (
            ("F8", self.next_citation),
            ("Shift+F8", self.previous_citation),
            ("Esc", self._on_escape),
            ("Ctrl+F", self.find_in_pane),
            ("Ctrl+G", self.go_to_line),
            ("Ctrl+E", self.open_in_editor),
            ("Ctrl+Shift+C", self.copy_with_citations),
            ("Ctrl+S", self.save_as_markdown),
            ("Ctrl+Return", self.write_out),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(inside)
            shortcut.activated.connect(action)
        for number in range(1, 10):
            shortcut = QShortcut(QKeySequence(str(number)), self)
            shortcut.setContext(inside)
            shortcut.activated.connect(partial(self.show_citation, number))

    # ------------------------------------------------------------------------ asking

    def _show_ask_place(self, place: AskPlace) -> None:
        asked = self.answering
        same = place.question == asked.question and place.asked_id in ("", asked.asked_id)
        if same and asked.question:
            self._back_to_answer()
            number = place.number or self.evidence.selected() or 1
            if self.shown is not None and self.evidence.select(number):
                self._on_picked(number)
        elif not place.question and not place.asked_id:
            self.writing.leave_page()
            asked.leave()
            self.evidence.show_answer(None, None)
            self._show_empty()
        else:
            self.writing.leave_page()
            self._left.show_page()
            asked.show(place)
            if place.number and self.shown is not None:
                self.show_citation(place.number)

    # ------------------------------------------------------------------------ logs

    def _show_log_place(self, place: LogPlace) -> None:
        self.writing.leave_page()
        if place == self.log.place and isinstance(self._left.body, LogBody | ReadingBody):
            self._back_to_answer()
            return
        self.answering.leave()
        self.evidence.show_answer(None, None)
        self.log.show(place)

    def _on_log_began(self, place: LogPlace) -> None:
        body = ReadingBody(self._theme, place)
        body.stopWanted.connect(self._on_log_stopped)
        self.log.told.connect(body.show_progress)
        self._put(body)
        self._show_freshness()

    def _on_log_stopped(self) -> None:
        self.log.leave()
        self._show_empty()
        self.noticed.emit(self.tr("Stopped reading the log."))

    def _on_log(self, found: LogExplained) -> None:
        body = LogBody(self._theme, found)
        body.statementWanted.connect(self.opened)
        self._put(body)
        self._show_freshness()
        self._bring_evidence(False)
        place = statement_place(found.groups[0]) if found.groups else None
        if place is not None and not self.panes.narrow:
            self.evidence.show_place(place)

    def _on_log_failed(self, error: LorebaseError) -> None:
        self._show_empty()
        self.noticed.emit(f"{error.message} {error.hint}".strip())

    # ------------------------------------------------------------------------ answers of the engine

    def _on_began(self, question: str) -> None:
        self.writing.leave_page()
        if self._link is None:
            self._show_empty()
            return
        loading = LoadingBody(self._theme, heading(question))
        loading.opened.connect(self.opened)
        self._put(loading)
        self._show_freshness()

    def _on_slow(self) -> None:
        """Clear the right: what stands there belongs to the question before."""
        self.evidence.show_answer(None, None)

    def _on_sources(self, hits: tuple[Hit, ...]) -> None:
        body = self._left.body
        if isinstance(body, LoadingBody):
            body.show_hits(hits)

    def _on_failed(self, question: str, error: LorebaseError) -> None:
        self.evidence.show_answer(None, None)
        body = ErrorBody(self._theme, heading(question), error.message, error.hint)
        body.retryWanted.connect(self.ask_again)
        body.listWanted.connect(self.show_threads)
        self._put(body)
        self._show_freshness()

    def _on_overview(self, overview: Overview) -> None:
        self._starters = overview.starters
        if isinstance(self._left.body, EmptyBody):
            self._show_empty()

    def _on_list(self, text: str, found: AskedList) -> None:
        if text != self._left.asked.field.text():
            # What was asked for before the last letter, or after an answer, may come later.
            return
        self._left.asked.show_list(found)
        if not text:
            count = self._left.asked.count() if found.total <= len(found.rows) else found.total
            self._left.bar.show_count(count)

    def _on_gaps(self, gap_id: str, found: GapList) -> None:
        gap = next((each for each in found.gaps if each.id == gap_id), None)
        if gap is not None and self._body is not None and self._body.card is not None:
            self._body.card.show_asked(gap.asked)

    # ------------------------------------------------------------------------ showing

    def _show_empty(self) -> None:
        body = EmptyBody(self._theme, self._starters, self._link is not None)
        body.followed.connect(self._on_followed)
        body.askWanted.connect(self.askWanted)
        self._put(body)
        self._show_freshness()

    def _show_answer(self, shown: Shown) -> None:
        self.writing.leave_page()
        body = AnswerBody(self._theme, shown.answer, shown.page)
        body.chipPicked.connect(self.show_citation)
        body.chipPointed.connect(self._on_pointed)
        body.stepped.connect(self._on_stepped)
        body.followed.connect(self._on_followed)
        body.searchedWanted.connect(self._on_searched)
        body.writeWanted.connect(self.write_it_down)
        body.copyQuestionWanted.connect(self._copy_question)
        body.mailWanted.connect(self._mail_question)
        body.rephraseWanted.connect(self.askWanted)
        self._put(body)
        self._body = body
        self.written.set_body(body)
        self.writing.set_page(self.answering.question, shown, body)
        status = self.answering.status
        skipped = status.skipped if status is not None else -1
        self.evidence.show_answer(shown.answer, shown.page, skipped=skipped, kept=bool(shown.asked))
        body.select(self.evidence.selected())
        self._left.bar.evidence.setText(self.tr("Evidence  %d") % len(shown.page.sources))
        self._show_freshness()
        self._show_reviews()
        self._arrange()
        body.finished.connect(self._on_whole)

    def _on_whole(self) -> None:
        """Go on once all of an answer is on the page."""
        if self.isAncestorOf(QGuiApplication.focusObject()):  # type: ignore[arg-type]
            self.take_focus()
        self.written.offer()
        gap_id = self.shown.answer.gap_id if self.shown is not None else None
        if gap_id is not None:
            self._asking.ask(GAPS, GapFilter(answered=True), partial(self._on_gaps, gap_id))
        if self.writing.has_draft():
            self.write_it_down()

    def _put(self, body: QWidget) -> None:
        self._body = None
        self.written.set_body(None)
        self._left.put(body)

    def _show_freshness(self) -> None:
        """Say of which commit the answer speaks, and what it could not see yet."""
        shown, status = self.shown, self.answering.status
        self._left.bar.again.setVisible(shown is not None)
        self._left.lines.show_answer(None if shown is None else shown.answer, status)
        words = "" if shown is None else state_words(shown.answer, shown.asked, status)
        self._left.bar.state.set_text(words)

    # ------------------------------------------------------------------------ panes

    def _arrange(self) -> None:
        narrow = self.panes.narrow
        self.evidence.back.setVisible(narrow)
        self._left.bar.evidence.setVisible(narrow and self.shown is not None)
        room = self.width() if narrow else self._left.width()
        above = room < self._theme.px(LABELS_BESIDE_FROM)
        if self._body is not None:
            self._body.set_labels_above(above)
        self._left.set_tight(above and self._body is not None)

    def _bring_evidence(self, wanted: bool) -> None:
        """Where there is room for one pane only, show the evidence, or the answer."""
        if self.panes.narrow:
            self.panes.show_side(wanted)

    def _in_evidence(self) -> bool:
        held = QGuiApplication.focusObject()
        return self.evidence.isVisible() and self.evidence.isAncestorOf(held)  # type: ignore[arg-type]

    def _back_to_answer(self) -> None:
        self._bring_evidence(False)
        self._left.show_page()
        self.take_focus()

    def _on_escape(self) -> None:
        """Leave what is innermost: the field that finds, the editor, the list, then the evidence."""
        focused = QGuiApplication.focusObject()
        if self.evidence.isAncestorOf(focused) and self.evidence.leave_find():  # type: ignore[arg-type]
            return
        if self._left.footer.reviews.leave_dispute():
            return
        editor = self.writing.editor
        if editor is not None and editor.isAncestorOf(focused):  # type: ignore[arg-type]
            self.writing.leave()
        else:
            self._back_to_answer()

    def _scroll_to_editor(self) -> None:
        if self.writing.editor is not None:
            self._left.area.ensureWidgetVisible(self.writing.editor, 0, self._theme.px(tokens.S3))

    # ------------------------------------------------------------------------ what the person does

    def _on_picked(self, number: int) -> None:
        # Whoever goes on by keyboard has seen the card of the chip under the pointer.
        self._card.point_at(None, QRect())
        if self._body is not None:
            self._body.select(number)

    def _on_stepped(self, number: int) -> None:
        """Follow the keyboard along a walk, where its lines can stand beside it."""
        if not self.panes.narrow:
            self.show_citation(number)

    def _on_stale(self, number: int) -> None:
        if self._body is not None:
            self._body.mark_stale(frozenset((number,)))

    def _on_pointed(self, number: int, where: QRect) -> None:
        source = self.shown.page.source(number) if self.shown is not None and number else None
        self._card.point_at(source, where)

    def _on_followed(self, question: str) -> None:
        self.opened.emit(AskPlace(question))

    def _on_asked_picked(self, row: AskedBefore) -> None:
        self.opened.emit(AskPlace(row.question, row.id if row.kept else ""))

    def _on_searched(self) -> None:
        self._bring_evidence(True)
        self.evidence.show_searched()

    def _on_threads(self) -> None:
        if self._left.list_shown:
            self._back_to_answer()
        else:
            self.show_threads()

    def _copy_question(self) -> None:
        if self.shown is not None:
            QGuiApplication.clipboard().setText(self.shown.answer.draft)
            self.noticed.emit(self.tr("Copied the question to send."))

    def _mail_question(self, receiver: Contact) -> None:
        """Open the drafted question in the person's own mail program."""
        if self.shown is not None:
            answer = self.shown.answer
            if not QDesktopServices.openUrl(mail(receiver.email, answer.question, answer.draft)):
                self.noticed.emit(
                    self.tr("No mail program could be opened. Copy question puts it on the clipboard.")
                )

    def confirm(self) -> None:
        """Say that the answer is right, or take that back."""
        self._left.footer.reviews.confirm.click()

    def dispute(self) -> None:
        """Say that the answer is wrong, with a sentence; or take that back."""
        self._left.footer.reviews.begin_dispute()

    def write_out(self) -> None:
        """Have the language model put the answer into prose; what was extracted stays."""
        self.written.begin()

    def _on_marked(self, mark: ReviewMark, comment: str) -> None:
        self.answering.review(mark, comment)

    def _on_reviewed(self, shown: Shown) -> None:
        if self._body is not None:
            self._body.reviews.show_reviews(shown.answer.reviews)
        self._show_reviews()

    def _show_reviews(self) -> None:
        if self.shown is not None:
            self._left.footer.reviews.show_reviews(self.shown.answer.reviews, self.answering.person.name)

    def _on_written(self, question: str, note: Note) -> None:
        self.answering.forget(question)
        self.noteSaved.emit(note)
