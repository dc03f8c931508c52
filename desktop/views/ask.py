"""The ask view: a question's answer at the left, the evidence for it at the right."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QByteArray, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop import tokens
from desktop.answer_page import AnswerPage, arrange
from desktop.answer_text import as_markdown, as_text, file_name
from desktop.asking import Asking
from desktop.engine import Link
from desktop.mail import mail
from desktop.oddities import plain
from desktop.places import AskPlace, CommitPlace, KnowledgePlace, SourcePlace
from desktop.theme import Theme
from desktop.views.evidence import EvidencePane
from desktop.widgets.answer import AnswerBody
from desktop.widgets.answerstate import StateLines, state_words
from desktop.widgets.askbars import AskBar, AskFooter
from desktop.widgets.askedlist import AskedPage
from desktop.widgets.askstates import EmptyBody, ErrorBody, LoadingBody
from desktop.widgets.gapcard import KeptNote
from desktop.widgets.hovercard import HoverCard
from desktop.widgets.noteeditor import NoteEditor
from indexer.errors import LorebaseError
from indexer.pages import AskedBefore, AskedList, AskedName, AskedWanted, KeptAnswer, Overview, Starter
from indexer.protocol import (
    ASK,
    ASKED,
    GAPS,
    KEPT,
    NOTE_ADD,
    OVERVIEW,
    SEARCH,
    STATUS,
    GapFilter,
    GapList,
    Nothing,
    Question,
)
from indexer.types import (
    Answer,
    CitationKind,
    Contact,
    IndexStatus,
    Note,
    NoteDraft,
    Query,
    SearchResult,
)

SOURCES_AFTER_MS = 150
"""An answer that takes longer than this shows its sources first."""

KEPT_ANSWERS = 20
"""Answers that Back shows again without asking."""

MAX_COLUMN = 800
"""Widest answer, px at 100 %: lines longer than 76 letters are hard to read."""

LABELS_BESIDE_FROM = 620
"""Least width of the answer, px at 100 %, at which labels hang beside their sections."""

MAX_QUESTION = 20_000


@dataclass(frozen=True, slots=True)
class _Shown:
    """An answer on the page; ``asked`` is when a kept one was given, 0 for a fresh one."""

    answer: Answer
    page: AnswerPage
    asked: int = 0
    asked_id: str = ""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a view leaves to its successor when the theme changes."""

    shown: _Shown | None
    question: str
    asked_id: str
    number: int
    known: OrderedDict[str, _Shown]
    drafts: dict[str, NoteDraft]


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

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._link: Link | None = None
        self._asking = Asking(self)
        self._status: IndexStatus | None = None
        self._shown: _Shown | None = None
        self._question = ""
        self._asked_id = ""
        self._call = self._search = 0
        self._body: AnswerBody | None = None
        self._editor: NoteEditor | None = None
        self._starters: tuple[Starter, ...] = ()
        self._known: OrderedDict[str, _Shown] = OrderedDict()
        self.drafts: dict[str, NoteDraft] = {}
        """What was typed into an editor that was left, by question; the window may carry it over."""
        self._build()
        self._keys()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(SOURCES_AFTER_MS)
        self._later.timeout.connect(self._ask_sources)
        self._show_empty()

    # ------------------------------------------------------------------------ public

    def set_link(self, link: Link | None) -> None:
        """Ask this engine from now on; None when no repository is open."""
        self._cancel()
        self._keep_draft()
        self._link = link
        self._asking.set_link(link)
        self._status = self._shown = None
        self._question = self._asked_id = ""
        self._starters = ()
        self._known.clear()
        self.evidence.set_link(link)
        self._show_empty()
        if link is not None:
            self._asking.ask(OVERVIEW, Nothing(), self._on_overview)
            self._asking.ask(STATUS, Nothing(), self.show_status)
            self._ask_list()

    def show_place(self, place: AskPlace | SourcePlace | CommitPlace) -> None:
        """Show an answer, or a source beside the answer that is here."""
        self._card.point_at(None, QRect())
        if isinstance(place, AskPlace):
            self._show_ask_place(place)
        else:
            self.evidence.show_place(place)
            if self._body is not None:
                self._body.select(0)
            self._bring_evidence(True)

    def show_status(self, status: IndexStatus) -> None:
        """Take news of the index: whether HEAD has moved, how much can be found."""
        old, self._status = self._status, status
        if old is not None and old.freshness.commit_id != status.freshness.commit_id:
            self.evidence.forget()
        self._show_freshness()

    def keep(self) -> object:
        """Return all that a view made anew needs to stand where this one does."""
        self._keep_draft()
        return _Kept(
            self._shown,
            self._question,
            self._asked_id,
            self.evidence.selected(),
            OrderedDict(self._known),
            dict(self.drafts),
        )

    def recall(self, kept: object) -> None:
        """Take back what another view of this kind has kept."""
        if not isinstance(kept, _Kept):
            return
        self._known, self.drafts = kept.known, kept.drafts
        if kept.shown is not None:
            self._question, self._asked_id = kept.question, kept.asked_id
            self._show_answer(kept.shown)
            if kept.number and self.evidence.select(kept.number):
                self._on_picked(kept.number)

    def take_focus(self) -> None:
        """Put the focus on the answer, so that digits and arrows work at once."""
        text = self._body.first_text() if self._body is not None else None
        (text or self._scroll).setFocus(Qt.FocusReason.OtherFocusReason)

    def title(self) -> str:
        """Return what this page is called in menus."""
        return plain(self._question) or self.tr("Ask")

    def splitter_state(self) -> bytes:
        """Return the widths of the panes, for the window's settings."""
        return bytes(self._splitter.saveState().data())

    def restore_splitter(self, state: bytes) -> None:
        """Take the widths of the panes back."""
        self._splitter.restoreState(QByteArray(state))

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
            if self._narrow():
                self.evidence.take_focus()

    def copy_with_citations(self) -> None:
        """Put the answer with its sources on the clipboard."""
        if self._shown is not None:
            QGuiApplication.clipboard().setText(as_text(self._shown.answer, self._shown.page))
            count = len(self._shown.page.sources)
            self.noticed.emit(self.tr("Copied the answer with %d sources.") % count)

    def save_as_markdown(self) -> None:
        """Let the window save the answer as a file."""
        if self._shown is not None:
            answer = self._shown.answer
            self.saveWanted.emit(file_name(answer.question), as_markdown(answer, self._shown.page))

    def ask_again(self) -> None:
        """Ask the same question of what is indexed now."""
        if self._question:
            self._known.pop(self._question, None)
            self._ask(self._question)

    def write_it_down(self) -> None:
        """Open the editor in the place of the gap card."""
        if self._body is None or self._shown is None:
            return
        if self._editor is None:
            self._editor = NoteEditor(self._theme, self._draft(self._shown))
            self._editor.kept.connect(self._on_note_wanted)
            self._editor.left.connect(self._on_editor_left)
            self._body.put_in_card_place(self._editor)
        self._editor.begin()
        QTimer.singleShot(0, self._scroll_to_editor)

    def open_in_editor(self) -> None:
        """Ask for the person's editor at the source that is shown."""
        self.evidence.open_in_editor()

    def show_threads(self) -> None:
        """Show what was asked before."""
        self._ask_list()
        self._stack.setCurrentWidget(self._asked)
        self._footer.hide()
        self._asked.begin()
        self._bring_evidence(False)

    def toggle_evidence(self) -> None:
        """Go from the answer to the evidence, or back."""
        inside = self.evidence.isAncestorOf(QGuiApplication.focusObject())  # type: ignore[arg-type]
        if self.evidence.isVisible() and inside:
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand side by side only where there is room for both."""
        super().resizeEvent(event)
        self._arrange()

    # ------------------------------------------------------------------------ building

    def _build(self) -> None:
        theme = self._theme
        self._left = QFrame()
        column = QVBoxLayout(self._left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._bar = AskBar(theme)
        self._bar.threads.clicked.connect(self._on_threads)
        self._bar.again.clicked.connect(self.ask_again)
        self._bar.evidence.clicked.connect(self.toggle_evidence)
        column.addWidget(self._bar)
        self._lines = StateLines(theme)
        self._lines.againWanted.connect(self.ask_again)
        column.addWidget(self._lines)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName(self.tr("Answer"))
        self._asked = AskedPage(theme)
        self._asked.picked.connect(self._on_asked_picked)
        self._asked.filtered.connect(self._ask_list)
        self._asked.left.connect(self._back_to_answer)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._scroll)
        self._stack.addWidget(self._asked)
        column.addWidget(self._stack, 1)
        self._footer = AskFooter(theme)
        self._footer.copy.clicked.connect(self.copy_with_citations)
        self._footer.save.clicked.connect(self.save_as_markdown)
        column.addWidget(self._footer)
        self.evidence = EvidencePane(theme)
        self.evidence.opened.connect(self.opened)
        self.evidence.noticed.connect(self.noticed)
        self.evidence.editorWanted.connect(self.editorWanted)
        self.evidence.picked.connect(self._on_picked)
        self.evidence.stale.connect(self._on_stale)
        self.evidence.backWanted.connect(self._back_to_answer)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(self._left)
        self._splitter.addWidget(self.evidence)
        self._splitter.setStretchFactor(0, 52)
        self._splitter.setStretchFactor(1, 48)
        self._splitter.setSizes([tokens.ANSWER_WIDTH, 1440 - tokens.RAIL - tokens.ANSWER_WIDTH])
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        # Which panes are shown follows from the width, so the panes must not decide on the width.
        whole.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        whole.addWidget(self._splitter)
        self._card = HoverCard(theme, self)

    def _keys(self) -> None:
        inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for keys, action in (
            ("F8", self.next_citation),
            ("Shift+F8", self.previous_citation),
            ("F6", self.toggle_evidence),
            ("Esc", self._on_escape),
            ("Ctrl+F", self.find_in_pane),
            ("Ctrl+G", self.go_to_line),
            ("Ctrl+E", self.open_in_editor),
            ("Ctrl+Shift+C", self.copy_with_citations),
            ("Ctrl+S", self.save_as_markdown),
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
        same = place.question == self._question and place.asked_id in ("", self._asked_id)
        if same and self._question:
            self._back_to_answer()
            number = place.number or self.evidence.selected() or 1
            if self._shown is not None and self.evidence.select(number):
                self._on_picked(number)
            return
        if not place.question and not place.asked_id:
            self._leave()
            self._question = self._asked_id = ""
            self.evidence.show_answer(None, None)
            self._show_empty()
            return
        known = self._known.get(place.question)
        if known is not None and self._still_true(known) and place.asked_id in ("", known.asked_id):
            self._leave()
            self._question, self._asked_id = place.question, known.asked_id
            self._show_answer(known)
            if place.number:
                self.show_citation(place.number)
        elif place.asked_id:
            self._ask_kept(place)
        else:
            self._ask(place.question)

    def _still_true(self, known: _Shown) -> bool:
        """Say whether an answer of before speaks of all that is indexed now."""
        fresh = known.answer.freshness
        now = self._status.freshness if self._status is not None else fresh
        return (fresh.commit_id, fresh.embedded, fresh.words_complete) == (
            now.commit_id,
            now.embedded,
            now.words_complete,
        )

    def _ask(self, question: str) -> None:
        question = question[:MAX_QUESTION]
        self._leave()
        self._question, self._asked_id = question, ""
        if self._link is None:
            self._show_empty()
            return
        loading = LoadingBody(self._theme, question)
        loading.opened.connect(self.opened)
        self._put(loading)
        self._show_freshness()
        self._later.start()
        self._call = self._asking.ask(
            ASK, Question(question), partial(self._on_answer, question), partial(self._on_failed, question)
        )

    def _ask_kept(self, place: AskPlace) -> None:
        self._leave()
        self._question, self._asked_id = place.question, place.asked_id
        failed = partial(self._on_kept_failed, place)
        self._call = self._asking.ask(KEPT, AskedName(place.asked_id), self._on_kept, failed)

    def _ask_sources(self) -> None:
        if self._call:
            # What stands at the right belongs to the question before.
            self.evidence.show_answer(None, None)
            self._search = self._asking.ask(SEARCH, Query(self._question, limit=8), self._on_sources)

    def _ask_list(self, text: str = "") -> None:
        self._asking.ask(ASKED, AskedWanted(text, count=300), self._on_list)

    def _leave(self) -> None:
        self._cancel()
        self._keep_draft()
        self._shown = None
        self._stack.setCurrentWidget(self._scroll)

    def _cancel(self) -> None:
        self._later.stop()
        for call in (self._call, self._search):
            self._asking.cancel(call)
        self._call = self._search = 0

    # ------------------------------------------------------------------------ answers of the engine

    def _on_answer(self, question: str, answer: Answer) -> None:
        self._cancel()
        shown = _Shown(answer, arrange(answer))
        self._known[question] = shown
        self._known.move_to_end(question)
        while len(self._known) > KEPT_ANSWERS:
            self._known.popitem(last=False)
        self._show_answer(shown)
        self.answered.emit(answer)
        self._ask_list()
        self._asking.ask(STATUS, Nothing(), self.show_status)

    def _on_kept(self, kept: KeptAnswer) -> None:
        self._cancel()
        self._question = kept.answer.question
        self._show_answer(_Shown(kept.answer, arrange(kept.answer), kept.asked))
        self._asking.ask(STATUS, Nothing(), self.show_status)

    def _on_kept_failed(self, place: AskPlace, error: LorebaseError) -> None:
        if place.question:
            self.noticed.emit(self.tr("The answer of then is not kept any more; this is today's."))
            self._ask(place.question)
        else:
            self._on_failed("", error)

    def _on_failed(self, question: str, error: LorebaseError) -> None:
        self._cancel()
        self.evidence.show_answer(None, None)
        body = ErrorBody(self._theme, question, error.message, error.hint)
        body.retryWanted.connect(self.ask_again)
        body.listWanted.connect(self.show_threads)
        self._put(body)
        self._show_freshness()

    def _on_sources(self, found: SearchResult) -> None:
        body = self._scroll.widget()
        if isinstance(body, LoadingBody):
            body.show_hits(found.hits)

    def _on_overview(self, overview: Overview) -> None:
        self._starters = overview.starters
        if isinstance(self._scroll.widget(), EmptyBody):
            self._show_empty()

    def _on_list(self, found: AskedList) -> None:
        self._asked.show_list(found)
        if not self._asked.field.text():
            self._name_answer(found)
            count = self._asked.count() if found.total <= len(found.rows) else found.total
            self._bar.show_count(count)

    def _name_answer(self, found: AskedList) -> None:
        """Learn under which id the answer on the page was kept, so that Back shows this very one."""
        shown = self._shown
        newest = found.rows[0] if found.rows else None
        if shown is None or newest is None or self._asked_id or not newest.kept:
            return
        if newest.question == self._question == shown.answer.question:
            self._asked_id = newest.id
            self._shown = replace(shown, asked_id=newest.id)
            self._known[self._question] = self._shown
            self.placeChanged.emit(AskPlace(self._question, newest.id))

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

    def _show_answer(self, shown: _Shown) -> None:
        self._keep_draft()
        self._shown = shown
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
        skipped = self._status.skipped if self._status is not None else -1
        self.evidence.show_answer(shown.answer, shown.page, skipped=skipped, kept=bool(shown.asked))
        body.select(self.evidence.selected())
        self._bar.evidence.setText(self.tr("Evidence  %d") % len(shown.page.sources))
        self._show_freshness()
        self._arrange()
        if self.isAncestorOf(QGuiApplication.focusObject()):  # type: ignore[arg-type]
            self.take_focus()
        gap_id = shown.answer.gap_id
        if gap_id is not None:
            self._asking.ask(GAPS, GapFilter(answered=True), partial(self._on_gaps, gap_id))
        if self._question in self.drafts:
            self.write_it_down()

    def _put(self, body: QWidget) -> None:
        self._body = self._editor = None
        body.setMaximumWidth(self._theme.px(MAX_COLUMN))
        self._scroll.setWidget(body)
        self._scroll.verticalScrollBar().setValue(0)
        self._stack.setCurrentWidget(self._scroll)
        self._footer.setVisible(isinstance(body, AnswerBody))

    def _show_freshness(self) -> None:
        """Say of which commit the answer speaks, and what it could not see yet."""
        shown = self._shown
        self._bar.again.setVisible(shown is not None)
        self._lines.show_answer(None if shown is None else shown.answer, self._status)
        words = "" if shown is None else state_words(shown.answer, shown.asked, self._status)
        self._bar.state.set_text(words)

    # ------------------------------------------------------------------------ panes

    def _narrow(self) -> bool:
        return self.width() < self._theme.px(tokens.NARROW - tokens.RAIL)

    def _arrange(self) -> None:
        theme, narrow = self._theme, self._narrow()
        self._left.setMinimumWidth(0 if narrow else theme.px(tokens.ANSWER_LEAST))
        self.evidence.setMinimumWidth(0 if narrow else theme.px(tokens.EVIDENCE_LEAST))
        self.evidence.back.setVisible(narrow)
        self._bar.evidence.setVisible(narrow and self._shown is not None)
        if not narrow:
            self._left.show()
            self.evidence.show()
        elif self._left.isVisibleTo(self) and self.evidence.isVisibleTo(self):
            self.evidence.hide()
        if self._body is not None:
            room = self.width() if narrow else self._left.width()
            self._body.set_labels_above(room < theme.px(LABELS_BESIDE_FROM))

    def _bring_evidence(self, wanted: bool) -> None:
        """Where there is room for one pane only, show the evidence, or the answer."""
        if self._narrow():
            self.evidence.setVisible(wanted)
            self._left.setVisible(not wanted)

    def _back_to_answer(self) -> None:
        self._bring_evidence(False)
        self._stack.setCurrentWidget(self._scroll)
        self._footer.setVisible(self._body is not None)
        self.take_focus()

    def _on_escape(self) -> None:
        """Leave what is innermost: the field that finds, the editor, the list, then the evidence."""
        focused = QGuiApplication.focusObject()
        if self.evidence.isAncestorOf(focused) and self.evidence.leave_find():  # type: ignore[arg-type]
            return
        if self._editor is not None and self._editor.isAncestorOf(focused):  # type: ignore[arg-type]
            self._on_editor_left()
        else:
            self._back_to_answer()

    def _scroll_to_editor(self) -> None:
        if self._editor is not None:
            self._scroll.ensureWidgetVisible(self._editor, 0, self._theme.px(tokens.S3))

    # ------------------------------------------------------------------------ what the person does

    def _on_picked(self, number: int) -> None:
        if self._body is not None:
            self._body.select(number)

    def _on_stepped(self, number: int) -> None:
        """Follow the keyboard along a walk, where its lines can stand beside it."""
        if not self._narrow():
            self.show_citation(number)

    def _on_stale(self, number: int) -> None:
        if self._body is not None:
            self._body.mark_stale(frozenset((number,)))

    def _on_pointed(self, number: int, where: QRect) -> None:
        source = self._shown.page.source(number) if self._shown is not None and number else None
        self._card.point_at(source, where)

    def _on_followed(self, question: str) -> None:
        self.opened.emit(AskPlace(question))

    def _on_asked_picked(self, row: AskedBefore) -> None:
        self.opened.emit(AskPlace(row.question, row.id if row.kept else ""))

    def _on_searched(self) -> None:
        self._bring_evidence(True)
        self.evidence.show_searched()

    def _on_threads(self) -> None:
        if self._stack.currentWidget() is self._asked:
            self._back_to_answer()
        else:
            self.show_threads()

    def _copy_question(self) -> None:
        if self._shown is not None:
            QGuiApplication.clipboard().setText(self._shown.answer.draft)
            self.noticed.emit(self.tr("Copied the question to send."))

    def _mail_question(self, receiver: Contact) -> None:
        """Open the drafted question in the person's own mail program."""
        if self._shown is not None:
            answer = self._shown.answer
            if not QDesktopServices.openUrl(mail(receiver.email, answer.question, answer.draft)):
                self.noticed.emit(self.tr("No mail program could be opened. Copy question puts it on the clipboard."))

    # ------------------------------------------------------------------------ writing it down

    def _draft(self, shown: _Shown) -> NoteDraft:
        known = self.drafts.get(self._question)
        if known is not None:
            return known
        answer = shown.answer
        about = ""
        for source in shown.page.sources:
            if source.first.kind is CitationKind.SPAN and source.first.path:
                about = f"{source.first.path}:{source.start_line}-{source.end_line}"
                break
        return NoteDraft(
            title=plain(answer.question[:200]),
            text="",
            about=about,
            category=answer.verdict.category,
            gap_id=answer.gap_id,
        )

    def _keep_draft(self) -> None:
        """Keep what was typed into an open editor, whatever happens to the page."""
        if self._editor is not None and self._editor.draft().text.strip():
            self.drafts[self._question] = self._editor.draft()

    def _on_editor_left(self) -> None:
        self._keep_draft()
        if self._editor is not None and self._body is not None:
            self._editor.hide()
            self._editor.deleteLater()
            self._editor = None
            self._body.show_card()
            if self._body.card is not None:
                self._body.card.write.setFocus()

    def _on_note_wanted(self, draft: NoteDraft) -> None:
        self.drafts[self._question] = draft
        saved = partial(self._on_note_saved, self._question)
        self._asking.ask(NOTE_ADD, draft, saved, partial(self._on_note_failed, self._question))

    def _on_note_saved(self, question: str, note: Note) -> None:
        self.drafts.pop(question, None)
        self._known.pop(question, None)
        self.noteSaved.emit(note)
        self.noticed.emit(self.tr("Written down: %s") % plain(note.title))
        if question == self._question and self._body is not None and self._editor is not None:
            self._editor.hide()
            self._editor.deleteLater()
            self._editor = None
            kept = KeptNote(self._theme, note.title)
            kept.askAgainWanted.connect(self.ask_again)
            kept.noteWanted.connect(partial(self.opened.emit, KnowledgePlace(note_id=note.id)))
            self._body.put_in_card_place(kept)
            kept.again.setFocus()

    def _on_note_failed(self, question: str, error: LorebaseError) -> None:
        if question == self._question and self._editor is not None:
            self._editor.show_problem(f"{error.message} {error.hint}".strip())
        else:
            self.noticed.emit(error.message)
