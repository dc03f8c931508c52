"""What one widget asks: what is still on its way is taken back when the widget goes.

Without this an answer of the engine could arrive at a page that was closed meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject
from shiboken6 import isValid

from desktop.engine import Link
from indexer.errors import LorebaseError
from indexer.protocol import Event, Method

P = TypeVar("P")
R = TypeVar("R")


class Asking:
    """Asks through the link that it was given last, for as long as its owner lives."""

    def __init__(self, owner: QObject) -> None:
        self._link: Link | None = None
        self._open: set[int] = set()
        self._named: dict[str, int] = {}
        owner.destroyed.connect(self.stop)

    def set_link(self, link: Link | None) -> None:
        """Take back what is on its way, and ask another engine from now on."""
        self.stop()
        self._link = link

    @property
    def ready(self) -> bool:
        """True when there is an engine to ask."""
        return self._link is not None

    def ask(
        self,
        method: Method[P, R],
        params: P,
        on_result: Callable[[R], None],
        on_error: Callable[[LorebaseError], None] | None = None,
        on_event: Callable[[Event], None] | None = None,
        name: str = "",
    ) -> int:
        """Ask; returns the call's number, or 0 without an engine. Without ``on_error`` a failure is silent:
        for what a page can do without. A call with a ``name`` takes the one before it of that name back.
        """
        if self._link is None:
            return 0
        self.cancel(self._named.get(name, 0))
        # The number is known only after the call; a call is never answered before it returns.
        mine: list[int] = []
        number = self._link.call(
            method,
            params,
            partial(self._done, mine, on_result),
            partial(self._done, mine, on_error),
            on_event,
        )
        mine.append(number)
        self._open.add(number)
        if name:
            self._named[name] = number
        return number

    def waits(self, name: str) -> bool:
        """Say whether the answer to a call of this name is still to come."""
        return self._named.get(name, 0) in self._open

    def take_back(self, name: str) -> None:
        """Take the call of this name back, if there is one."""
        self.cancel(self._named.get(name, 0))

    def cancel(self, number: int) -> None:
        """Take one call back; 0 and numbers of calls that ended do nothing."""
        if number in self._open:
            self._open.discard(number)
            # When the whole application goes, the link may have gone first.
            if self._link is not None and isValid(self._link):
                self._link.cancel(number)

    def stop(self) -> None:
        """Take everything back."""
        for number in list(self._open):
            self.cancel(number)

    def _done(self, mine: list[int], then: Callable[[Any], None] | None, value: object) -> None:
        self._open.difference_update(mine)
        if then is not None:
            then(value)
