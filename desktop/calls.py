"""The calls of one view or page, which are taken back together when nobody waits for them any more."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from desktop.engine import Link
from indexer.errors import LorebaseError
from indexer.protocol import Method

P = TypeVar("P")
R = TypeVar("R")


class Calls:
    """Calls over one link. Without a link nothing is asked, and nothing comes back."""

    def __init__(self, link: Link | None = None) -> None:
        self._link = link
        self._open: set[int] = set()

    def ask(
        self,
        method: Method[P, R],
        params: P,
        on_result: Callable[[R], None],
        on_error: Callable[[LorebaseError], None],
    ) -> None:
        """Call the engine."""
        if self._link is None:
            return
        number = 0

        def done(found: R) -> None:
            self._open.discard(number)
            on_result(found)

        def failed(error: LorebaseError) -> None:
            self._open.discard(number)
            on_error(error)

        number = self._link.call(method, params, done, failed)
        self._open.add(number)

    def cancel(self) -> None:
        """Take back what is still open."""
        waiting, self._open = self._open, set()
        for number in waiting:
            if self._link is not None:
                self._link.cancel(number)


def nothing(error: LorebaseError) -> None:
    """Let what only adds to a page be missing from it."""
