"""Calls of the guide while the index changes under them: one state each, or a plain word that they ended."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest

from indexer.errors import CancelledError, LorebaseError
from indexer.guide_calls import GuideCalls
from indexer.index.catalog import indexed_state, set_meta
from indexer.knowledge import KnowledgeBase
from indexer.location import locate
from indexer.method import Method
from indexer.protocol import Event
from indexer.settings import Settings
from indexer.shapes.inventory import InventoryKind
from indexer.shapes.modules import MODULES, ModulesWanted, ModuleTree
from indexer.shapes.onboarding import TOUR_NEW, Tour, TourWanted
from indexer.shelf import Shelf
from indexer.types import Person, Progress
from tests.conftest import Bench
from tests.engine.conftest import QUIET, until
from tests.engine.test_modules import FILES

PATIENCE = 30.0


class NeverStopped:
    """A control that lets a job run to its end."""

    def checkpoint(self) -> None:
        return

    def report(self, progress: Progress) -> None:
        del progress


class Heard:
    """A call as its client sees it: what it was told last, and how it ended."""

    def __init__(self, method: Method[Any, Any], params: object, at_event: Callable[[], None]) -> None:
        self.method = method.name
        self.params = msgspec.json.encode(params)
        self.taken_back = False
        self.result: object = None
        self.error: LorebaseError | None = None
        self.over = threading.Event()
        self._at_event = at_event

    def event(self, event: Event) -> None:
        del event
        self._at_event()

    def finish(self, result: object) -> None:
        self.result = result
        self.over.set()

    def fail(self, error: LorebaseError) -> None:
        self.error = error
        self.over.set()


@pytest.fixture
def shelf(bench: Bench, tmp_path: Path) -> Shelf:
    """The index of a small repository, as an older version of ours read it."""
    made = bench.make("kiosk")
    made.commit("Begin", FILES)
    settings = Settings(tmp_path / "data", QUIET)
    location = locate(made.path, settings)
    knowledge = KnowledgeBase.open(location, settings)
    knowledge.words(NeverStopped())
    with knowledge._catalog.transaction() as writer:
        set_meta(writer, "reading", "as it was read before")
    knowledge.close()
    return Shelf(location, settings, lambda: None)


def guide(shelf: Shelf) -> GuideCalls:
    return GuideCalls(
        shelf.lend,
        lambda call, work: work(),
        lambda error, method: _unexpected(error),
        lambda: None,
        shelf.wanted,
    )


def ended(calls: GuideCalls, call: Heard) -> Heard:
    calls.handlers()[call.method](call)  # type: ignore[arg-type]
    assert call.over.wait(PATIENCE)
    return call


def _unexpected(error: Exception) -> LorebaseError:
    if isinstance(error, LorebaseError):
        return error
    return LorebaseError(f"a bug: {error!r}")


WANTED = [(MODULES, ModulesWanted(renewed=True)), (TOUR_NEW, TourWanted(by=Person("Ada")))]


@pytest.mark.parametrize(("method", "params"), WANTED, ids=["modules", "tour"])
def test_a_call_sees_one_state_to_its_end_though_the_catalog_is_begun_anew(
    shelf: Shelf, method: Method[Any, Any], params: object
) -> None:
    calls = guide(shelf)
    begun_anew: list[bool] = []

    def read_again() -> None:
        if begun_anew:
            return
        with shelf.lend() as knowledge:
            before = indexed_state(knowledge._catalog.reader())
            job = threading.Thread(target=knowledge.words, args=(NeverStopped(),))
            job.start()
            job.join(PATIENCE)
            with ThreadPoolExecutor(1) as other:
                begun_anew.append(
                    other.submit(lambda: indexed_state(knowledge._catalog.reader())).result() != before
                )

    disturbed = ended(calls, Heard(method, params, read_again))
    assert begun_anew == [True]
    assert disturbed.error is None
    quiet = ended(calls, Heard(method, params, lambda: None))
    assert told(disturbed.result) == told(quiet.result)
    calls.close()
    shelf.close()


def told(result: object) -> object:
    """Return what a result says, without what is its own: an id, a time, whether it was made just now."""
    if isinstance(result, Tour):
        return result.title, result.steps
    assert isinstance(result, ModuleTree)
    return result.rows, result.commit_id


def test_a_call_makes_way_for_a_repair_and_says_so(shelf: Shelf) -> None:
    calls = guide(shelf)
    repaired = threading.Event()
    repair = threading.Thread(target=lambda: shelf.away(repaired.set))

    def wanted() -> None:
        if not repair.ident:
            repair.start()
            until(shelf.wanted)

    call = ended(calls, Heard(MODULES, ModulesWanted(renewed=True), wanted))
    assert isinstance(call.error, CancelledError)
    assert "mended" in call.error.message
    assert repaired.wait(PATIENCE)
    assert ended(calls, Heard(MODULES, ModulesWanted(), lambda: None)).error is None
    calls.close()
    shelf.close()


def test_a_call_that_an_engine_leaves_behind_is_told_that_it_was_stopped(shelf: Shelf) -> None:
    calls = guide(shelf)

    def leave() -> None:
        calls.close()
        shelf.close()

    call = ended(calls, Heard(MODULES, ModulesWanted(renewed=True), leave))
    assert isinstance(call.error, CancelledError)


def test_work_in_the_background_waits_for_nobody_while_it_holds_what_a_question_needs(shelf: Shelf) -> None:
    held: list[bool] = []

    with shelf.lend() as knowledge:
        inventory = knowledge.mentor.inventory

        class Watching(NeverStopped):
            def checkpoint(self) -> None:
                held.append(inventory._lock.locked())

        knowledge.words(NeverStopped())
        knowledge.publish(Watching())
        assert held
        assert not any(held)
        # What a first question for a list would have to read is read by now.
        assert inventory._read is not None
        assert set(inventory._read.facts) | {InventoryKind.ENDPOINTS} == set(InventoryKind)
    shelf.close()
