"""Asks questions through the engine and keeps their answers: Back shows this very answer, not another.

What is on its way for a question that was left is taken back; an answer that takes long tells its
sources first.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.answer_page import AnswerPage, arrange
from desktop.asking import Asking
from desktop.engine import Link
from desktop.pasted import ends, heading, is_pasted
from desktop.places import AskPlace
from indexer.errors import LorebaseError
from indexer.pages import AskedList, AskedName, AskedWanted, KeptAnswer
from indexer.protocol import ASK, ASKED, KEPT, REVIEW, SEARCH, STATUS, Nothing, Question
from indexer.types import Answer, IndexStatus, Person, Query, ReviewDraft, ReviewMark, SearchResult

SOURCES_AFTER_MS = 150
"""An answer that takes longer than this shows its sources first."""

KEPT_ANSWERS = 20
"""Answers that Back shows again without asking."""

MAX_QUESTION = 20_000


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer on the page; ``asked`` is when a kept one was given, 0 for a fresh one."""

    answer: Answer
    page: AnswerPage
    asked: int = 0
    asked_id: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What there is to go on with when a view is made anew."""

    shown: Shown | None
    question: str
    asked_id: str
    known: OrderedDict[str, Shown]


class Answering(QObject):
    """One question at a time; every answer comes through the signals."""

    began = Signal(str)
    """A question is on its way."""
    came = Signal(object)  # Shown
    slow = Signal()
    """The answer takes long: what stands for the question before must go."""
    sourced = Signal(object)  # tuple of Hit
    failed = Signal(str, object)  # question, LorebaseError
    answered = Signal(object)
    """A fresh Answer, after it was shown."""
    listed = Signal(str, object)  # what it was filtered by, AskedList
    reviewed = Signal(object)
    """The Shown whose answer carries other marks of people now."""
    named = Signal(object)
    """The AskPlace of the answer that is shown: it is kept under an id now."""
    statusCame = Signal(object)
    noticed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._asking = Asking(self)
        self._call = self._search = 0
        self.shown: Shown | None = None
        self.question = self.asked_id = ""
        self.known: OrderedDict[str, Shown] = OrderedDict()
        self.status: IndexStatus | None = None
        self.person = Person()
        """Who asks: kept with the gaps that are met, and with marks on answers."""
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(SOURCES_AFTER_MS)
        self._later.timeout.connect(self._ask_sources)

    # ------------------------------------------------------------------------ public

    def set_link(self, link: Link | None) -> None:
        """Ask another engine, and forget what this one said."""
        self.leave()
        self._asking.set_link(link)
        self.status = None
        self.question = self.asked_id = ""
        self.known.clear()
        if link is not None:
            self.ask_status()
            self.ask_list()

    def show(self, place: AskPlace) -> None:
        """Answer a place that names a question or an answer: from what is known, else by asking."""
        known = self.known.get(place.question)
        if known is not None and self._still_true(known) and place.asked_id in ("", known.asked_id):
            self.leave()
            self.question, self.asked_id = place.question, known.asked_id
            self._show(known)
        elif place.asked_id:
            self._ask_kept(place)
        else:
            self.ask(place.question)

    def ask(self, question: str) -> None:
        """Ask, whatever was answered before."""
        question = ends(question) if is_pasted(question) else question[:MAX_QUESTION]
        # "Why?" is about what is on the page; what names its own subject is read for itself.
        follows = self.shown.answer.kept_id if self.shown is not None else ""
        self.leave()
        self.question = question
        self.began.emit(question)
        if not self._asking.ready:
            return
        self._later.start()
        self._call = self._asking.ask(
            ASK,
            Question(question, by=self.person, follows=follows),
            partial(self._on_answer, question),
            partial(self._on_failed, question),
        )

    def ask_again(self) -> None:
        """Ask the same question of what is indexed now."""
        if self.question:
            self.known.pop(self.question, None)
            self.ask(self.question)

    def ask_list(self, text: str = "") -> None:
        """Ask what was asked before."""
        self._asking.ask(ASKED, AskedWanted(text, count=300), partial(self._on_list, text))

    def ask_status(self) -> None:
        """Ask of what state the index speaks."""
        self._asking.ask(STATUS, Nothing(), self.statusCame.emit)

    def review(self, mark: ReviewMark, comment: str) -> None:
        """Keep the person's mark on the answer that is shown."""
        if self.shown is not None:
            question = self.shown.answer.question
            person = self.person
            draft = ReviewDraft(question, mark, comment, person.name, person.email, self.asked_id)
            self._asking.ask(REVIEW, draft, partial(self._on_reviewed, question), self._on_not_reviewed)

    def take_written(self, answer: Answer) -> None:
        """Take the answer that is shown with what a model wrote of it."""
        if self.shown is not None:
            self.shown = replace(self.shown, answer=replace(self.shown.answer, written=answer.written))
            if self.question in self.known:
                self.known[self.question] = self.shown

    def forget(self, question: str) -> None:
        """Ask for this one anew the next time: a note may answer it now."""
        self.known.pop(question, None)

    def leave(self) -> None:
        """Take back what is on its way, and stand for no question."""
        self._stop()
        self.shown = None
        self.question = self.asked_id = ""

    def keep(self) -> Answered:
        """Return what another one needs to go on."""
        return Answered(self.shown, self.question, self.asked_id, OrderedDict(self.known))

    def recall(self, kept: Answered) -> None:
        """Go on where another one stood."""
        self.known = kept.known
        if kept.shown is not None:
            self.question, self.asked_id = kept.question, kept.asked_id
            self._show(kept.shown)

    # ------------------------------------------------------------------------ private

    def _stop(self) -> None:
        self._later.stop()
        for call in (self._call, self._search):
            self._asking.cancel(call)
        self._call = self._search = 0

    def _show(self, shown: Shown) -> None:
        self.shown = shown
        self.came.emit(shown)

    def _still_true(self, known: Shown) -> bool:
        """Say whether an answer of before speaks of all that is indexed now."""
        fresh = known.answer.freshness
        now = self.status.freshness if self.status is not None else fresh
        return (fresh.commit_id, fresh.embedded, fresh.words_complete) == (
            now.commit_id,
            now.embedded,
            now.words_complete,
        )

    def _ask_kept(self, place: AskPlace) -> None:
        self.leave()
        self.question, self.asked_id = place.question, place.asked_id
        failed = partial(self._on_kept_failed, place)
        self._call = self._asking.ask(KEPT, AskedName(place.asked_id), self._on_kept, failed)

    def _ask_sources(self) -> None:
        if self._call:
            self.slow.emit()
            self._search = self._asking.ask(SEARCH, Query(heading(self.question), limit=8), self._on_sources)

    def _on_answer(self, question: str, answer: Answer) -> None:
        self._stop()
        shown = Shown(answer, arrange(answer))
        if answer.about:
            # The same words mean another thing after another answer: only its id brings this one back.
            self.known.pop(question, None)
        else:
            self.known[question] = shown
            self.known.move_to_end(question)
        while len(self.known) > KEPT_ANSWERS:
            self.known.popitem(last=False)
        self._show(shown)
        self.answered.emit(answer)
        self.ask_list()
        self.ask_status()

    def _on_kept(self, kept: KeptAnswer) -> None:
        self._stop()
        self.question = kept.answer.question
        self._show(Shown(kept.answer, arrange(kept.answer), kept.asked))
        self.ask_status()

    def _on_kept_failed(self, place: AskPlace, error: LorebaseError) -> None:
        if place.question:
            self.noticed.emit(self.tr("The answer of then is not kept any more; this is today's."))
            self.ask(place.question)
        else:
            self._on_failed("", error)

    def _on_failed(self, question: str, error: LorebaseError) -> None:
        self._stop()
        self.failed.emit(question, error)

    def _on_sources(self, found: SearchResult) -> None:
        self.sourced.emit(found.hits)

    def _on_reviewed(self, question: str, answer: Answer) -> None:
        shown = self.shown
        if shown is None or shown.answer.question != question:
            return
        # The marks alone are news: what is read stays as it is.
        self.shown = replace(shown, answer=replace(shown.answer, reviews=answer.reviews))
        if self.question in self.known:
            self.known[self.question] = self.shown
        self.reviewed.emit(self.shown)

    def _on_not_reviewed(self, error: LorebaseError) -> None:
        self.noticed.emit(f"{error.message} {error.hint}".strip())

    def _on_list(self, text: str, found: AskedList) -> None:
        self.listed.emit(text, found)
        if not text:
            self._name(found)

    def _name(self, found: AskedList) -> None:
        """Learn under which id the answer on the page was kept, so that Back shows this very one."""
        shown = self.shown
        newest = found.rows[0] if found.rows else None
        if shown is None or newest is None or self.asked_id or not newest.kept:
            return
        if newest.question == self.question == shown.answer.question:
            self.asked_id = newest.id
            self.shown = replace(shown, asked_id=newest.id)
            if not shown.answer.about:
                self.known[self.question] = self.shown
            self.named.emit(AskPlace(self.question, newest.id))
