"""Holds the one open `KnowledgeBase`: opened when first needed, lent to calls, put away to be mended."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, TypeVar

from indexer.errors import LockedError
from indexer.location import Location
from indexer.settings import Settings

if TYPE_CHECKING:
    from indexer.knowledge import KnowledgeBase

RETURN_SECONDS = 30.0
"""How long a repair waits for calls that are under way."""

R = TypeVar("R")


class Shelf:
    """Lends an index to many threads, and takes it away from all of them for a repair."""

    def __init__(self, location: Location, settings: Settings, opened: Callable[[], None]) -> None:
        self._location = location
        self._settings = settings
        self._opened = opened
        self._changed = threading.Condition()
        self._knowledge: KnowledgeBase | None = None
        self._lent = 0
        self._away = False

    @contextmanager
    def lend(self) -> Iterator[KnowledgeBase]:
        """Give the index for the length of a block; opens it when it is not open.

        Raises what opening raises; the next call tries again.
        """
        with self._changed:
            self._changed.wait_for(lambda: not self._away)
            knowledge = self._knowledge or self._open()
            self._lent += 1
        try:
            yield knowledge
        finally:
            with self._changed:
                self._lent -= 1
                self._changed.notify_all()

    @contextmanager
    def lend_if_open(self) -> Iterator[KnowledgeBase | None]:
        """Give the index if it is open; None if it is not, or is being mended."""
        with self._changed:
            known = self._knowledge is not None and not self._away
        if not known:
            yield None
            return
        with self.lend() as knowledge:
            yield knowledge

    def warm(self, rest: Callable[[], None], leaving: Callable[[], bool]) -> None:
        """Load what later questions need, if the index is open; rests before each part, and lends it for one
        part only, so that a repair can come between.
        """
        for number in count():
            rest()
            with self.lend_if_open() as knowledge:
                parts = () if knowledge is None or leaving() else knowledge.warming()
                if number >= len(parts):
                    return
                parts[number]()

    def away(self, action: Callable[[], R]) -> R:
        """Do ``action`` while nobody has the index open; the next call opens it anew.

        Raises LockedError when calls under way do not end.
        """
        with self._changed:
            self._changed.wait_for(lambda: not self._away)
            self._away = True
            try:
                if not self._changed.wait_for(lambda: not self._lent, RETURN_SECONDS):
                    raise LockedError("Calls under way did not end.", "Try again in a moment.")
                self._close()
            except BaseException:
                self._away = False
                self._changed.notify_all()
                raise
        try:
            return action()
        finally:
            with self._changed:
                self._away = False
                self._changed.notify_all()

    def wanted(self) -> bool:
        """Say whether somebody waits for the index to be given back: a long call should end."""
        return self._away

    def close(self) -> None:
        """Close the index; calls that still have it fail."""
        with self._changed:
            self._close()

    def _open(self) -> KnowledgeBase:
        # Late, so that the engine forks before numpy's threads exist, and listens .1 s earlier.
        from indexer.knowledge import KnowledgeBase

        self._knowledge = KnowledgeBase.open(self._location, self._settings)
        self._opened()
        return self._knowledge

    def _close(self) -> None:
        if self._knowledge is not None:
            self._knowledge.close()
        self._knowledge = None
