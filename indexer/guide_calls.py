"""The engine's calls about the guide: they may take a while, so they run on threads of their own, tell
how far they are, and end when their client takes them back.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from indexer import protocol
from indexer.conversation import Call
from indexer.errors import CancelledError, LorebaseError
from indexer.method import Method
from indexer.protocol import Event
from indexer.shapes import changes, examples, exports, inventory, logs, modules, traces
from indexer.shapes import onboarding as walks
from indexer.types import Control, Progress

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from indexer.knowledge import KnowledgeBase
    from indexer.shapes.traces import TraceExplained

GUIDES: Final = 2
"""Calls of the guide at once: more would only slow each other, on the two cores that most people have."""

P = TypeVar("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Guided(Generic[P, R]):
    """A method of the guide, with what computes its result. ``changes``: it changes what people made."""

    method: Method[P, R]
    answer: Callable[[KnowledgeBase, P, Control], R]
    changes: bool = False


WALKS: tuple[Guided[Any, Any], ...] = (
    Guided(
        walks.TOUR_NEW, lambda index, wanted, control: index.mentor.tours.new(wanted, control), changes=True
    ),
    Guided(walks.TOUR_LIST, lambda index, wanted, control: index.mentor.tours.all()),
    Guided(walks.TOUR_SHOW, lambda index, wanted, control: index.mentor.tours.show(wanted)),
    Guided(walks.TOUR_VERSIONS, lambda index, wanted, control: index.mentor.tours.versions(wanted)),
    Guided(walks.TOUR_TEXT, lambda index, wanted, control: index.mentor.tours.text(wanted)),
    Guided(walks.TOUR_EDIT, lambda index, wanted, control: index.mentor.tours.edit(wanted), changes=True),
    Guided(
        walks.TOUR_DELETE,
        lambda index, wanted, control: index.mentor.tours.delete(wanted),
        changes=True,
    ),
    Guided(
        walks.TOUR_RESTORE,
        lambda index, wanted, control: index.mentor.tours.restore(wanted),
        changes=True,
    ),
    Guided(
        walks.TOUR_PUBLISH, lambda index, wanted, control: index.mentor.tours.publish(wanted), changes=True
    ),
    Guided(
        walks.SESSION_START, lambda index, wanted, control: index.mentor.sessions.start(wanted), changes=True
    ),
    Guided(walks.SESSION_SHOW, lambda index, wanted, control: index.mentor.sessions.show(wanted)),
    Guided(
        walks.SESSION_STEP, lambda index, wanted, control: index.mentor.sessions.step(wanted), changes=True
    ),
    Guided(walks.SESSION_LIST, lambda index, wanted, control: index.mentor.sessions.all()),
    Guided(
        walks.SESSION_DELETE,
        lambda index, wanted, control: index.mentor.sessions.delete(wanted),
        changes=True,
    ),
    Guided(
        walks.SESSION_RESTORE,
        lambda index, wanted, control: index.mentor.sessions.restore(wanted),
        changes=True,
    ),
    Guided(walks.SESSION_REPORT, lambda index, wanted, control: index.mentor.sessions.report(wanted)),
    Guided(walks.SESSION_OVERVIEW, lambda index, wanted, control: index.mentor.sessions.overview()),
)
"""Tours, and people's walks along them."""

GUIDED: tuple[Guided[Any, Any], ...] = (
    Guided(examples.EXAMPLES, lambda index, wanted, control: index.mentor.examples.find(wanted, control)),
    Guided(exports.EXPORT, lambda index, wanted, control: index.mentor.exporter.export(wanted, control)),
    Guided(logs.EXPLAIN_LOG, lambda index, wanted, control: index.mentor.logs.explain(wanted, control)),
    Guided(inventory.INVENTORY, lambda index, wanted, control: index.mentor.inventory.list(wanted, control)),
    Guided(modules.MODULES, lambda index, wanted, control: index.mentor.modules.tree(wanted, control)),
    Guided(modules.MODULE, lambda index, wanted, control: index.mentor.modules.page(wanted, control)),
    Guided(
        modules.MODULE_MARK,
        lambda index, wanted, control: index.mentor.modules.mark(wanted, control),
        changes=True,
    ),
    Guided(
        modules.MODULE_TEXT,
        lambda index, wanted, control: index.mentor.modules.write(wanted, control),
        changes=True,
    ),
    Guided(modules.FILE_MAP, lambda index, wanted, control: index.mentor.modules.file_map(wanted, control)),
    Guided(
        modules.DEPENDENCIES,
        lambda index, wanted, control: index.mentor.modules.dependencies(wanted, control),
    ),
    *WALKS,
    Guided(changes.CHANGES, lambda index, wanted, control: index.mentor.changes.summary(wanted, control)),
    Guided(traces.RECOGNISE, lambda index, wanted, control: index.mentor.traces.recognise(wanted)),
    Guided(
        traces.EXPLAIN_TRACE,
        lambda index, wanted, control: _fresh(index.mentor.traces.explain(wanted, control), index),
    ),
)


def _fresh(explained: TraceExplained, index: KnowledgeBase) -> TraceExplained:
    """Return a page with how fresh the index is, which the guide does not know."""
    return replace(explained, answer=replace(explained.answer, freshness=index.fresh()))


def _stopped() -> CancelledError:
    return CancelledError("Stopped before its end.", "Nothing was kept; ask again when you want it.")


class Steered:
    """Steers one call: its client hears of progress, and ends it by taking it back."""

    def __init__(self, call: Call, end: Callable[[], None]) -> None:
        self._call = call
        self._end = end

    def checkpoint(self) -> None:
        """Raise CancelledError once nobody wants the result, or the index is wanted back."""
        if self._call.taken_back:
            raise _stopped()
        self._end()

    def report(self, progress: Progress) -> None:
        """Tell the client where the work stands."""
        self._call.event(Event(progress=progress))


class GuideCalls:
    """Hands calls to the guide of an index whose words are searchable."""

    def __init__(
        self,
        lend: Callable[[], AbstractContextManager[KnowledgeBase]],
        when_searchable: Callable[[Call, Callable[[], None]], None],
        told: Callable[[Exception, str], LorebaseError],
        changed: Callable[[], None],
        wanted_back: Callable[[], bool],
    ) -> None:
        self._lend = lend
        self._wanted_back = wanted_back
        self._when_searchable = when_searchable
        self._told = told
        self._changed = changed
        self._pool = ThreadPoolExecutor(GUIDES, thread_name_prefix="guide")
        self._closed = False

    def handlers(self) -> dict[str, Callable[[Call], None]]:
        """Return what answers each method."""
        return {each.method.name: self._handler(each) for each in GUIDED}

    def close(self) -> None:
        """End what runs at its next checkpoint."""
        self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)

    # ------------------------------------------------------------------------ private

    def _handler(self, guided: Guided[P, R]) -> Callable[[Call], None]:
        def handle(call: Call) -> None:
            params = protocol.params_of(guided.method, call.params)
            self._when_searchable(call, lambda: self._submit(guided, params, call))

        return handle

    def _submit(self, guided: Guided[P, R], params: P, call: Call) -> None:
        def run() -> None:
            if call.taken_back:
                return
            try:
                with self._lend() as knowledge, knowledge.steady():
                    result = guided.answer(knowledge, params, Steered(call, self._end))
                call.finish(result)
                if guided.changes:
                    self._changed()
            except Exception as error:  # noqa: BLE001 (the edge of a call: its client is told)
                # An index that was closed meanwhile fails in whatever was asked of it.
                told = _stopped() if self._closed else self._told(error, call.method)
                call.fail(told)

        self._pool.submit(run)

    def _end(self) -> None:
        if self._closed:
            raise _stopped()
        if self._wanted_back():
            raise CancelledError("Stopped: the index is being mended.", "Ask again in a moment.")
