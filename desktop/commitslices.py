"""Fetches the parts of a list of commits that come into view; parts scrolled past are never asked for."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop.asking import Asking
from desktop.widgets.commitlist import SLICE, CommitList
from indexer.errors import LorebaseError
from indexer.pages import CommitSlice, CommitsWanted
from indexer.protocol import COMMITS

MAX_FETCHES = 2
"""Slices asked for at a time; those scrolled past meanwhile are never asked for."""


class CommitSlices(QObject):
    """Fills one list with slices of what was asked for last."""

    failed = Signal(str)

    def __init__(self, rows: CommitList, asking: Asking) -> None:
        super().__init__(rows)
        self._list = rows
        self._asking = asking
        self._fetches: dict[int, int] = {}
        self.asked = CommitsWanted()

    def begin(self, asked: CommitsWanted) -> None:
        """Fetch slices of another list from now on; those under way are taken back."""
        for call in self._fetches.values():
            self._asking.cancel(call)
        self._fetches.clear()
        self.asked = asked

    def fetch(self, numbers: list[int]) -> None:
        """Ask for these slices, a few at a time."""
        for number in [each for each in self._fetches if each not in numbers]:
            self._asking.cancel(self._fetches.pop(number))
        for number in numbers:
            if len(self._fetches) >= MAX_FETCHES:
                break
            if number not in self._fetches:
                asked = self.asked
                wanted = CommitsWanted(asked.text, asked.after, asked.before, number * SLICE, SLICE)
                self._fetches[number] = self._asking.ask(
                    COMMITS, wanted, partial(self._on_slice, asked, number), partial(self._on_failed, number)
                )

    def _on_slice(self, asked: CommitsWanted, number: int, found: CommitSlice) -> None:
        self._fetches.pop(number, None)
        if asked == self.asked:
            self._list.commits.put(number, found.rows)
            self._list.ask()

    def _on_failed(self, number: int, error: LorebaseError) -> None:
        self._fetches.pop(number, None)
        self.failed.emit(error.message)
