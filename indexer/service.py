"""The engine as a process of its own: lets clients in, answers their calls, and leaves when idle.

Started by `indexer.launch.start_engine`, which writes a `Start` to its standard input and waits
for one line, `Ready`. Nobody imports this module.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import msgspec

from indexer import protocol
from indexer.conversation import LEAVING, Call, Conversation
from indexer.errors import CancelledError, LockedError, LorebaseError, ProtocolError
from indexer.guide_calls import GuideCalls
from indexer.jobs import IndexJob, Milestone, QuestionGate, Waiter
from indexer.launch import LOG_NAME, Ready, Start
from indexer.lock import IndexLock
from indexer.methods import PLAIN, QUESTIONS, Answered
from indexer.page_calls import CHANGING, PAGES, PEOPLE, SLOW_PAGES
from indexer.pages import JobList
from indexer.protocol import Change, Event, Request
from indexer.shelf import Shelf
from indexer.transport import Channel, Listener, listen
from indexer.types import Control, Finding, Health, IndexReport, IndexStatus, Progress
from indexer.watching import Watchers
from indexer.writing_calls import WritingCalls

if TYPE_CHECKING:
    from indexer.knowledge import KnowledgeBase

WORKERS = 4
"""Threads that answer. Two cores gain little from more, and a slow call must not block the rest."""

MAX_CONVERSATIONS = 64

TICK_SECONDS = 0.5
"""How often the engine looks whether it may leave, and whether its address still stands."""

LEAVE_SECONDS = 4.0
"""How long calls, and then the job, may take to end when the engine leaves."""

HALT_SECONDS = 30.0
"""How long a repair waits for the job to stop: one batch of vectors, or one file, mostly."""

WATCH_SHARE = 20
"""Looking at the working copy may take a twentieth of the time: where it is slow, it is rare."""

TURN_SECONDS = 0.001
"""For which a thread keeps Python to itself while another waits: a fifth of Python's own, since a search that
runs beside work in the background asks for its turn after each read of a file.
"""
SETTLE_SECONDS = 0.3
"""Pause after the first answer before heavy imports begin: a second question may follow."""

P = TypeVar("P")
R = TypeVar("R")

log = logging.getLogger("lorebase")


class Engine:
    """The calls of all clients of one index, and the one job that keeps it up to date."""

    def __init__(self, start: Start, listener: Listener, lock: IndexLock) -> None:
        self._start = start
        self._listener = listener
        self._lock = lock
        self._gate = QuestionGate()
        self._watchers = Watchers()
        self._jobs = IndexJob(lambda: self, self._gate, self._note_trouble, self._watchers)
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="call")
        self._shelf = Shelf(start.location, start.settings, self._warm_later)
        self._conversations: set[Conversation] = set()
        self._guard = threading.Lock()
        self._last_used = time.monotonic()
        self._leave = threading.Event()
        self._look = threading.Event()
        self._last_trouble = ""
        self._handlers: dict[str, Callable[[Call], None]] = {
            protocol.INDEX.name: self._index,
            protocol.STATUS.name: partial(self._plain, Answered(protocol.STATUS, self._status)),
            protocol.REPAIR.name: self._repair,
            protocol.FORGET.name: self._forget,
            protocol.PAUSE.name: partial(self._steer, self._jobs.pause),
            protocol.RESUME.name: partial(self._steer, self._jobs.resume),
            protocol.STOP.name: partial(self._steer, self._jobs.stop),
            protocol.FINISH.name: partial(self._steer, self._leave.set),
            protocol.JOBS.name: self._finished_jobs,
            protocol.WATCH.name: self._be_watched,
        }
        self._writing = WritingCalls(
            start.model, self._shelf.lend, self._told, partial(self._watchers.changed, Change.PEOPLE)
        )
        self._handlers |= self._writing.handlers()
        self._guide = GuideCalls(
            self._shelf.lend,
            self._when_searchable,
            self._told,
            partial(self._watchers.changed, Change.PEOPLE),
            self._shelf.wanted,
        )
        self._handlers |= self._guide.handlers()
        self._handlers |= {each.method.name: partial(self._question, each) for each in QUESTIONS}
        self._handlers |= {each.method.name: partial(self._plain, each) for each in PLAIN}
        self._handlers |= {each.method.name: partial(self._page, each) for each in PAGES}
        self._handlers |= {each.method.name: partial(self._plain, each) for each in (*SLOW_PAGES, *PEOPLE)}

    def serve(self) -> None:
        """Answer until asked to leave, or nobody needed us for long enough."""
        threading.Thread(target=self._let_in, name="accept", daemon=True).start()
        threading.Thread(target=self._watch, name="watch", daemon=True).start()
        while not self._leave.wait(TICK_SECONDS):
            if self._idle():
                log.info("leaving: idle")
                break
            if not self._lock.stands():
                log.warning("leaving: the index was deleted")
                break
            if not self._listener.present():
                self._listen_again()
        self._end()

    def leave(self) -> None:
        """Ask the engine to leave; returns at once."""
        self._leave.set()

    # ------------------------------------------------------------------------ clients

    def _let_in(self) -> None:
        while not self._leave.is_set():
            listener = self._listener
            try:
                channel = listener.accept()
            except OSError:
                if listener is self._listener and not self._leave.wait(0.1):
                    log.warning("letting clients in failed; trying again")
                continue
            self._begin(channel)

    def _begin(self, channel: Channel) -> None:
        conversation = Conversation(channel, str(self._start.location.index_dir), self._dispatch, self._ended)
        with self._guard:
            welcome = len(self._conversations) < MAX_CONVERSATIONS and not self._leave.is_set()
            if welcome:
                self._conversations.add(conversation)
            self._last_used = time.monotonic()
        if welcome:
            conversation.start()
        else:
            channel.close()

    def _ended(self, conversation: Conversation) -> None:
        with self._guard:
            self._conversations.discard(conversation)
            self._last_used = time.monotonic()

    def _dispatch(self, conversation: Conversation, request: Request) -> None:
        call = conversation.call(request)
        # Asked after the call is counted: one that comes while the engine leaves is waited for, or told.
        if self._leave.is_set() and request.method != protocol.FINISH.name:
            call.fail(LEAVING)
            return
        handler = self._handlers.get(request.method)
        if handler is None:
            call.fail(ProtocolError(f"This engine knows no method {request.method!r}.", "Update lorebase."))
            return
        with self._guard:
            self._last_used = time.monotonic()
        try:
            handler(call)
        except Exception as error:  # noqa: BLE001 (the edge of a call: its client is told)
            call.fail(self._told(error, call.method))

    # ------------------------------------------------------------------------ methods

    def _plain(self, answered: Answered[P, R], call: Call) -> None:
        """Answer on a thread of the pool."""
        params = protocol.params_of(answered.method, call.params)

        def answer() -> None:
            with self._shelf.lend() as knowledge:
                result = answered.answer(knowledge, params)
            call.finish(result)
            self._tell_of(answered)

        self._submit(call, answer)

    def _page(self, answered: Answered[P, R], call: Call) -> None:
        """Answer on a thread of the pool from what is stored already; work waits meanwhile."""
        params = protocol.params_of(answered.method, call.params)

        def answer() -> None:
            with self._gate.question(), self._shelf.lend() as knowledge:
                result = answered.answer(knowledge, params)
            call.finish(result)

        self._submit(call, answer)

    def _question(self, answered: Answered[P, R], call: Call) -> None:
        """Answer on a thread of the pool as soon as words are searchable; work waits meanwhile."""
        params = protocol.params_of(answered.method, call.params)

        def respond() -> None:
            with self._gate.question(), self._shelf.lend() as knowledge:
                result = answered.answer(knowledge, params)
            call.finish(result)
            self._look.set()
            if not isinstance(params, protocol.Question) or params.record:
                self._tell_of(answered)

        self._when_searchable(call, lambda: self._submit(call, respond))

    def _when_searchable(self, call: Call, work: Callable[[], None]) -> None:
        """Do ``work`` once words are searchable; a repository that was never read is read first."""

        def look() -> None:
            with self._shelf.lend() as knowledge:
                ready = knowledge.searchable()
            if ready:
                work()
            else:
                call.event(Event(notice="This repository is not indexed yet: reading it first."))
                self._join(call, Milestone.WORDS, lambda _: work())

        self._submit(call, look)

    def _tell_of(self, answered: Answered[P, R]) -> None:
        if answered.method.name in CHANGING:
            self._watchers.changed(Change.PEOPLE)

    def _be_watched(self, call: Call) -> None:
        """Keep the call open: its client hears of every job and every change until it leaves."""
        leave = self._watchers.join(call.event)
        call.when_taken_back(leave)
        if call.taken_back:  # it left between the two lines above
            leave()
        latest = self._jobs.latest
        if latest is not None:
            call.event(Event(progress=latest))

    def _finished_jobs(self, call: Call) -> None:
        call.finish(JobList(self._watchers.finished()))

    def _index(self, call: Call) -> None:
        wanted = protocol.params_of(protocol.INDEX, call.params)
        milestone = Milestone.WORDS if wanted.words_only else Milestone.COMPLETE
        if not wanted.take_over:
            self._join(call, milestone, call.finish)
            return

        def replace() -> None:
            self._alone(lambda: take_over(self._start.location))
            self._join(call, milestone, call.finish)

        # Late for the same reason as KnowledgeBase.
        from indexer.takeover import take_over

        # Its own first commits are known once words are searchable; they tell which index is meant.
        self._join(call, Milestone.WORDS, lambda _: self._submit(call, replace))

    def _join(self, call: Call, milestone: Milestone, done: Callable[[IndexReport], None]) -> None:
        def progress(where: Progress) -> None:
            call.event(Event(progress=where))

        def failed(error: Exception) -> None:
            call.fail(self._told(error, call.method))

        waiter = Waiter(milestone, progress, done, failed)
        call.when_taken_back(lambda: self._jobs.leave(waiter))
        self._jobs.join(waiter)

    def _status(self, knowledge: KnowledgeBase, _: protocol.Nothing) -> IndexStatus:
        return knowledge.status(self._jobs.latest)

    def _repair(self, call: Call) -> None:
        """Mend, read what is missing, and tell what was done and what the doctor finds then."""
        wanted = protocol.params_of(protocol.REPAIR, call.params)

        def repair() -> None:
            start = self._start
            done = self._alone(lambda: mend(start.location, start.indexing, rebuild=wanted.rebuild))
            self._join(call, Milestone.COMPLETE, lambda _: self._submit(call, lambda: examine(done)))

        def examine(done: list[Finding]) -> None:
            with self._shelf.lend() as knowledge:
                health = knowledge.health()
            call.finish(Health((*done, *health.findings)))
            self._watchers.remember("Repaired the index.", not health.damaged)
            self._watchers.changed(Change.REPAIRED, "The index was repaired.")

        # Late for the same reason as KnowledgeBase.
        from indexer.care import mend

        self._submit(call, repair)

    def _forget(self, call: Call) -> None:
        """Delete the index, and leave: the lock went with the folder."""
        wanted = protocol.params_of(protocol.FORGET, call.params)

        def delete() -> None:
            location = self._start.location
            self._alone(lambda: forget(location.index_dir, location.people_dir, people=wanted.people))
            # Before the answer: who hears it and asks at once must meet the next engine, which has an index.
            self.leave()
            call.finish(protocol.Nothing())

        # Late for the same reason as KnowledgeBase.
        from indexer.forgetting import forget

        self._submit(call, delete)

    def _alone(self, action: Callable[[], R]) -> R:
        """Do something to the files of the index while no job and no call uses them."""
        if not self._jobs.halt(HALT_SECONDS):
            raise LockedError("The index job does not stop.", "Run `lorebase stop`, and try again.")
        return self._shelf.away(action)

    def _steer(self, action: Callable[[], None], call: Call) -> None:
        call.finish(protocol.Nothing())
        action()

    def _submit(self, call: Call, work: Callable[[], None]) -> None:
        def run() -> None:
            if call.taken_back:
                return
            try:
                work()
            except Exception as error:  # noqa: BLE001 (the edge of a call: its client is told)
                call.fail(self._told(error, call.method))

        self._pool.submit(run)

    # ------------------------------------------------------------------------ the index

    def words(self, control: Control) -> IndexReport:
        """See Steps: the index is lent to one step at a time, so that a repair can come between."""
        with self._shelf.lend() as knowledge:
            return knowledge.words(control)

    def embed(self, control: Control) -> IndexReport:
        """See Steps."""
        with self._shelf.lend() as knowledge:
            return knowledge.embed(control)

    def publish(self, control: Control) -> None:
        """See Steps."""
        with self._shelf.lend() as knowledge:
            knowledge.publish(control)

    def _warm_later(self) -> None:
        threading.Thread(target=self._warm, name="warm", daemon=True).start()

    def _warm(self) -> None:
        """Load what later questions need when the first ones are answered, a part at a time, between them."""
        self._look.wait(SETTLE_SECONDS)
        self._leave.wait(SETTLE_SECONDS)
        try:
            self._shelf.warm(partial(self._gate.rest, LEAVE_SECONDS), self._leave.is_set)
        except Exception as error:  # noqa: BLE001 (the edge of a task; questions do without)
            self._note_trouble(error)

    def _watch(self) -> None:
        """Start a job when HEAD or the working copy is not what is indexed."""
        period = self._start.settings.indexing.watch_seconds
        pause: float | None = period or None
        while not self._leave.is_set():
            self._look.wait(pause)
            self._look.clear()
            if self._leave.is_set():
                return
            began = time.monotonic()
            try:
                if not self._jobs.indexing and self._outdated():
                    self._watchers.changed(Change.HEAD)
                    self._jobs.join(None)
            except Exception as error:  # noqa: BLE001 (the edge of a task; the next look may do better)
                self._note_trouble(error)
            if period:
                pause = max(period, (time.monotonic() - began) * WATCH_SHARE)
            self._leave.wait(min(TICK_SECONDS, period or TICK_SECONDS))

    def _outdated(self) -> bool:
        with self._shelf.lend_if_open() as knowledge:
            return knowledge is not None and knowledge.searchable() and knowledge.outdated()

    # ------------------------------------------------------------------------ the end

    def _idle(self) -> bool:
        with self._guard:
            if self._conversations or (self._jobs.running and not self._jobs.held):
                self._last_used = time.monotonic()
                return False
            return time.monotonic() - self._last_used > self._start.settings.engine.idle_seconds

    def _listen_again(self) -> None:
        log.warning("the socket was removed: listening again")
        old = self._listener
        try:
            self._listener = listen(self._start.address, self._start.location.index_dir)
        except OSError as error:
            log.warning("listening again failed: %s", error)
            return
        old.close()

    def _end(self) -> None:
        """Let calls finish, stop the job, close everything: no child stays, no lock is left."""
        self._leave.set()
        self._look.set()
        self._listener.close()
        self._writing.close()
        self._guide.close()
        until = time.monotonic() + LEAVE_SECONDS
        with self._guard:
            conversations = list(self._conversations)
        for conversation in conversations:
            conversation.settle(until, waiting_on_job=self._jobs.running)
        if not self._jobs.close(LEAVE_SECONDS):
            log.warning("the job did not stop in time; it will be taken up again")
        with suppress(Exception):
            self._shelf.close()
        self._lock.release()
        for conversation in conversations:
            conversation.part()

    def _told(self, error: Exception, method: str) -> LorebaseError:
        """Return what a client is told; a bug of ours is written to the log first."""
        if isinstance(error, LorebaseError):
            return error
        if self._leave.is_set():
            # What was closed on the way out fails in whatever was asked of it.
            return CancelledError("The engine left before it had answered.", "Run the command again.")
        log.error("a bug in %s", method, exc_info=error)
        return LorebaseError(
            f"The engine met a bug of its own in `{method}`: {type(error).__name__}.",
            f"Other commands still work. The trace is in {self._start.location.index_dir / LOG_NAME}.",
        )

    def _note_trouble(self, error: Exception) -> None:
        if str(error) == self._last_trouble:
            return  # a look every few seconds must not fill the log
        self._last_trouble = str(error)
        if isinstance(error, LorebaseError):
            log.warning("%s %s", error.message, error.hint)
        else:
            log.error("a bug in the background", exc_info=error)


def main() -> None:
    """Become the engine that standard input describes, unless there is one."""
    try:
        start = msgspec.json.decode(sys.stdin.buffer.read(), type=Start)
    except msgspec.DecodeError as error:
        _say(Ready(code="UsageError", message=f"Standard input must describe what to serve: {error}."))
        return
    if hasattr(os, "fork") and os.fork():
        # Nobody has to wait for an engine's end: the system adopts it now.
        os._exit(0)
    faulthandler.enable()
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(process)d %(levelname)s %(message)s"
    )
    lock = IndexLock(start.location.index_dir)
    try:
        if not lock.acquire(start.address):
            raise LockedError("Another engine holds this index.")
        listener = listen(start.address, start.location.index_dir)
    except LorebaseError as error:
        _say(Ready(code=error.code, message=error.message, hint=error.hint))
        os._exit(0)
    except OSError as error:
        _say(Ready(code="EngineUnavailableError", message=f"The engine cannot listen: {error}."))
        os._exit(0)
    # A question that is answered beside work in the background gets its turn five times as soon.
    sys.setswitchinterval(TURN_SECONDS)
    engine = Engine(start, listener, lock)
    for name in ("SIGTERM", "SIGINT"):
        signal.signal(getattr(signal, name), lambda *_: engine.leave())
    _say(Ready(os.getpid()))
    log.info("listening at %s", start.address)
    engine.serve()
    logging.shutdown()
    # Threads that hang in foreign code must not keep the process; all that matters is closed.
    os._exit(0)


def _say(ready: Ready) -> None:
    """Tell whoever started us, and let go of its pipes."""
    with suppress(OSError):
        os.write(1, msgspec.json.encode(ready) + b"\n")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)


if __name__ == "__main__":
    main()
