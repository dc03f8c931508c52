"""Asks what changed in a range, and shows it on its paper."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from desktop.asking import Asking
from desktop.engine import Link
from desktop.places import ChangesPlace
from desktop.widgets.changespaper import ChangesPaper
from indexer.errors import LorebaseError, NotFoundError
from indexer.shapes.changes import CHANGES, ChangeSummary, ChangesWanted, DraftKind, RangeKind

TOLD = 4
"""Commits told for each module: the list beside has them all."""


class WhatChanged(QObject):
    """Holds the place whose changes are shown, or are on their way."""

    shown = Signal(object)
    """A summary that has come."""

    def __init__(self, paper: ChangesPaper) -> None:
        super().__init__(paper)
        self._paper = paper
        self._asking = Asking(self)
        self._call = 0
        self.place: ChangesPlace | None = None
        paper.againWanted.connect(self.again)

    def set_link(self, link: Link | None) -> None:
        """Ask another engine; what was shown belongs to another repository."""
        self._asking.set_link(link)
        self._call = 0
        self.place = None

    def ask(self, place: ChangesPlace) -> None:
        """Show what changed there; what was asked for before is taken back."""
        self._asking.cancel(self._call)
        self.place = place
        self._paper.say(
            self.tr("Reading what changed"),
            self.tr("Commits are read, and both ends of the range compared."),
        )
        of = RangeKind.COMMITS if place.name else RangeKind.DATES
        drafts = (DraftKind.PULL_REQUEST, DraftKind.RELEASE_NOTE)
        wanted = ChangesWanted(of, place.name, place.after, place.before, TOLD, drafts)
        self._call = self._asking.ask(CHANGES, wanted, self._on_summary, self._on_failed)

    def again(self) -> None:
        """Ask for the same once more."""
        if self.place is not None:
            self.ask(self.place)

    def leave(self) -> None:
        """Stop what is under way; what was shown stays until something else is."""
        self._asking.cancel(self._call)
        self._call = 0
        self.place = None

    def _on_summary(self, summary: ChangeSummary) -> None:
        self._call = 0
        self._paper.show_summary(summary)
        self.shown.emit(summary)

    def _on_failed(self, error: LorebaseError) -> None:
        self._call = 0
        place = self.place
        if isinstance(error, NotFoundError) and place is not None and place.name and place.after:
            # The commit is gone since a branch was rewritten; its day is still known.
            self.ask(ChangesPlace(after=place.after, before=place.before))
            return
        text = f"{error.message} {error.hint}".strip()
        self._paper.say(self.tr("What changed cannot be told"), text, self.tr("Try again"))
