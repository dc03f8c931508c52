"""Tells an answerer what the guide knows, so that a question in words is told what its commands tell."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from indexer.pages import WhoKnows, WhoWanted
from indexer.shapes.examples import Examples
from indexer.shapes.inventory import Inventory, InventoryKind, InventoryWanted
from indexer.types import Progress, shown_path

if TYPE_CHECKING:
    from indexer.guide.desk import Desk
    from indexer.guide.mentor import Mentor

PEOPLE: Final = 12
"""Further down nobody is told of; those who wrote most and left come late."""

KEPT: Final = 32
"""Lists, and people, that are kept for questions that ask for the same again."""


class _Unsteered:
    """A control for what is over soon."""

    def checkpoint(self) -> None:
        """Go on."""

    def report(self, progress: Progress) -> None:
        """Tell nobody."""


class GuideFacts:
    """Callable from several threads."""

    def __init__(self, mentor: Mentor, desk: Desk) -> None:
        self._mentor = mentor
        self._desk = desk
        self._lock = threading.Lock()
        self._state: object = None
        self._lists: dict[tuple[InventoryKind, str], Inventory] = {}
        self._people: dict[str, WhoKnows] = {}

    @property
    def repository(self) -> str:
        """The name of the repository's folder, or nothing."""
        tree = self._desk.work_tree
        return "" if tree is None else shown_path(tree.name)

    def inventory(self, kind: InventoryKind, area: str) -> Inventory:
        """Return what stands in a folder or file of one kind. Raises UsageError when it is not there.

        What tests and examples hold is not counted: see ``left_out``.
        """
        state = self._current()
        with self._lock:
            known = self._lists.get((kind, area))
        if known is not None:
            return known
        wanted = InventoryWanted((kind,), area)
        found = self._mentor.inventory.list(wanted, _Unsteered(), counted=False)
        with self._lock:
            if state == self._state and len(self._lists) < KEPT:
                self._lists[kind, area] = found
        return found

    def left_out(self, kind: InventoryKind) -> int:
        """Return how many of a kind stand in files of a minor sort, which are not listed; reads them all."""
        found = self._mentor.inventory.list(InventoryWanted((kind,)), _Unsteered())
        return sum(each.count for each in found.left_out)

    def who(self, about: str) -> WhoKnows:
        """Return who most likely knows a file, a folder or a definition."""
        state = self._current()
        with self._lock:
            known = self._people.get(about)
        if known is not None:
            return known
        found = self._desk.who.knows(WhoWanted(about, PEOPLE))
        with self._lock:
            if state == self._state and len(self._people) < KEPT:
                self._people[about] = found
        return found

    def examples(self, question: str) -> Examples | None:
        """Return examples of the kind that a question asks for, or None where there are none."""
        return self._mentor.examples.answering(question)

    def _current(self) -> object:
        """Return what changes when HEAD or a current file does, and forget what was kept of another state."""
        reader = self._desk.catalog.reader()
        working = reader.execute("SELECT path_id, oid FROM entry WHERE working = 1").fetchall()
        count = reader.execute("SELECT count(*), coalesce(sum(blob_id), 0) FROM entry").fetchone()
        state = (self._desk.catalog.get("head"), count, working)
        with self._lock:
            if state != self._state:
                self._state = state
                self._lists.clear()
                self._people.clear()
        return state
