"""Windows that watch a real engine, and the pages they ask it for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from indexer import protocol
from indexer.client import Client
from indexer.pages import AskedWanted, SourceWanted, SuggestWanted
from indexer.protocol import Change, Event, EventMessage, IndexRequest, NoteName, Nothing, ResultMessage
from indexer.transport import connect
from indexer.types import NoteDraft, Phase
from tests.conftest import SmallRepository
from tests.engine.conftest import Engines, until, watching


class Window:
    """A client that keeps a watch open, and reads what it is told when it is asked to look."""

    def __init__(self, client: Client) -> None:
        client.connect()
        self._channel = connect(client._address, client.location.index_dir, 5.0)
        self._channel.send(protocol.hello_line() + protocol.request_line(1, protocol.WATCH, Nothing()))
        self._lines = protocol.Lines()
        self._events: list[Event] = []
        # The calls of one client are taken in order: with this answer the watch stands.
        self._channel.send(protocol.request_line(2, protocol.JOBS, Nothing()))
        self._answered = False
        until(lambda: self.events() is not None and self._answered)

    def events(self) -> list[Event]:
        """Return all that was told so far."""
        self._channel.timeout(0.05)
        with suppress(TimeoutError):
            while data := self._channel.receive():
                for line in self._lines.feed(data):
                    message = protocol.engine_message(line)
                    if isinstance(message, EventMessage):
                        assert message.id == 1
                        self._events.append(message.event)
                    elif isinstance(message, ResultMessage):
                        self._answered = True
        return self._events

    def changes(self) -> list[Change]:
        return [event.change for event in self.events() if event.change is not None]

    def close(self) -> None:
        self._channel.close()


@contextmanager
def watched(client: Client) -> Iterator[Window]:
    window = Window(client)
    try:
        yield window
    finally:
        window.close()


def test_every_window_hears_of_a_job_that_it_did_not_ask_for(
    engines: Engines, small_repository: SmallRepository
) -> None:
    worker = engines.client(small_repository)
    with watched(worker) as first, watched(worker) as second:
        worker.call(protocol.INDEX, IndexRequest(words_only=True))
        until(lambda: Change.UPDATED in first.changes() and Change.UPDATED in second.changes())
        for window in (first, second):
            phases = {event.progress.phase for event in window.events() if event.progress}
            assert Phase.SCAN in phases
    jobs = worker.call(protocol.JOBS, Nothing()).jobs
    assert jobs[0].good
    assert "2 files" in jobs[0].text


def test_a_window_hears_that_head_moved_and_that_the_index_followed(
    engines: Engines, small_repository: SmallRepository
) -> None:
    worker = engines.client(small_repository, watching(0.1))
    worker.call(protocol.INDEX, IndexRequest())
    until(lambda: worker.call(protocol.JOBS, Nothing()).jobs)
    with watched(worker) as window:
        small_repository.commit("Go on", {"src/greet.py": "def welcome_back(): pass\n"})
        until(lambda: {Change.HEAD, Change.UPDATED} <= set(window.changes()))
    until(lambda: worker.call(protocol.SUGGEST, SuggestWanted("welcome_b")).rows)


def test_a_window_hears_that_notes_and_questions_changed(
    engines: Engines, small_repository: SmallRepository
) -> None:
    worker = engines.client(small_repository)
    worker.call(protocol.INDEX, IndexRequest())
    with watched(worker) as window:
        note = worker.call(protocol.NOTE_ADD, NoteDraft("Greeting", "It greets.", "src/greet.py"))
        worker.call(protocol.NOTE_DELETE, NoteName(note.id))
        worker.call(protocol.ASK, protocol.Question("What does greet do?"))
        until(lambda: window.changes().count(Change.PEOPLE) == 3)
    assert worker.call(protocol.ASKED, AskedWanted()).total == 1
    assert worker.call(protocol.COUNTS, Nothing()).notes == 0


def test_a_window_hears_nothing_of_a_program_that_asks(
    engines: Engines, small_repository: SmallRepository
) -> None:
    worker = engines.client(small_repository)
    worker.call(protocol.INDEX, IndexRequest())
    with watched(worker) as window:
        worker.call(protocol.ASK, protocol.Question("Why does greet shout?", record=False))
        worker.call(protocol.REPAIR, protocol.Repair())
        until(lambda: Change.REPAIRED in window.changes())
        assert Change.PEOPLE not in window.changes()
    assert worker.call(protocol.ASKED, AskedWanted()).total == 0


def test_a_repair_is_told_and_listed_among_the_jobs(
    engines: Engines, small_repository: SmallRepository
) -> None:
    worker = engines.client(small_repository)
    worker.call(protocol.INDEX, IndexRequest())
    with watched(worker) as window:
        worker.call(protocol.REPAIR, protocol.Repair())
        until(lambda: Change.REPAIRED in window.changes())
    assert "Repaired" in worker.call(protocol.JOBS, Nothing()).jobs[0].text


def test_an_engine_leaves_at_once_though_a_window_watches(
    engines: Engines, small_repository: SmallRepository
) -> None:
    worker = engines.client(small_repository)
    process = engines.process(worker)
    with watched(worker):
        assert worker.finish()
        process.wait(3)


def test_a_window_that_is_closed_is_told_nothing_more_and_the_engine_goes_on(
    engines: Engines, small_repository: SmallRepository
) -> None:
    worker = engines.client(small_repository)
    for _ in range(3):
        with watched(worker):
            pass
    worker.call(protocol.INDEX, IndexRequest())
    assert worker.call(protocol.SOURCE, SourceWanted("src/greet.py")).tokens
