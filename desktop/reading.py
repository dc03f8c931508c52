"""Reads one source after another through the engine: lines first, then colours, blame and mentions.

What is asked for a source that is no longer shown is taken back, so that quick steps from one
citation to the next never queue up.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop.asking import Asking
from desktop.engine import Link
from desktop.turns import in_a_turn
from indexer.errors import LorebaseError
from indexer.pages import Blame, NamePlaces, SourcePage, SourceWanted, SpanWanted
from indexer.protocol import BLAME, MENTIONS, SOURCE

KEPT_PAGES = 12
"""Pages that are kept, so that going back to one shows it at once."""

BLAME_AROUND = 1_500
"""Lines before and after the span whose blame is asked for; in most files that is all of them."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Lines to read; ``blob_id`` is the version that was cited, ``compare`` asks whether it still stands."""

    path: str
    start_line: int
    end_line: int
    blob_id: str = ""
    commit_id: str = ""
    compare: bool = False


class Reading(QObject):
    """Tells what it has read, as it comes in."""

    pageRead = Signal(object, bool)
    """A SourcePage, and whether it differs from what was cited."""
    coloured = Signal(object)  # SourcePage with its tokens
    blamed = Signal(object)  # Blame
    mentioned = Signal(object)  # NamePlaces
    failed = Signal(object)  # LorebaseError

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._asking = Asking(self)
        self._pages: OrderedDict[tuple[str, str, str], SourcePage] = OrderedDict()
        self._blames: OrderedDict[tuple[str, str, int], Blame] = OrderedDict()
        self.wanted: Wanted | None = None

    def set_link(self, link: Link | None) -> None:
        """Read through another engine, and forget what was read."""
        self.stop()
        self._asking.set_link(link)
        self.forget()

    def forget(self) -> None:
        """Forget what was read: the index has changed."""
        self._pages.clear()
        self._blames.clear()

    def stop(self) -> None:
        """Take back what is still asked for."""
        self._asking.stop()
        self.wanted = None

    def read(self, wanted: Wanted) -> None:
        """Read the source ``wanted``; all that it tells comes through the signals."""
        self.stop()
        self.wanted = wanted
        page = self._pages.get((wanted.path, wanted.blob_id, wanted.commit_id))
        if page is not None and _holds(page, wanted) and not wanted.compare:
            # In a turn of its own, as an answer of the engine is: whoever asks may be showing a page too.
            in_a_turn(self, partial(self._take_kept, wanted, page))
            return
        blob = "" if wanted.compare else wanted.blob_id
        self._ask(wanted, blob, colours=False)

    # ------------------------------------------------------------------------ private

    def _ask(self, wanted: Wanted, blob: str, *, colours: bool) -> None:
        params = SourceWanted(wanted.path, blob, max(1, wanted.start_line), wanted.commit_id, tokens=colours)
        take = partial(self._on_colours if colours else self._on_page, wanted, blob)
        failed = None if colours else partial(self._on_failed, wanted, blob)
        self._asking.ask(SOURCE, params, take, failed)

    def _on_page(self, wanted: Wanted, blob: str, page: SourcePage) -> None:
        if wanted is not self.wanted:
            return
        if wanted.compare and not blob and wanted.blob_id and page.blob_id != wanted.blob_id:
            # It changed since: the version that was cited is what proves the statement.
            self._ask(wanted, wanted.blob_id, colours=False)
            return
        stale = wanted.compare and bool(blob)
        self._keep(wanted, page)
        self._take(wanted, page, stale=stale)

    def _take_kept(self, wanted: Wanted, page: SourcePage) -> None:
        if wanted is self.wanted:
            self._take(wanted, page, stale=False)

    def _take(self, wanted: Wanted, page: SourcePage, *, stale: bool) -> None:
        self.pageRead.emit(page, stale)
        if wanted is not self.wanted:
            return
        if not page.tokens:
            self._ask(wanted, page.blob_id, colours=True)
        self._ask_blame(wanted, page)
        if not stale:
            span = SpanWanted(wanted.path, wanted.start_line, wanted.end_line, page.blob_id)
            self._asking.ask(MENTIONS, span, partial(self._on_mentions, wanted))

    def _ask_blame(self, wanted: Wanted, page: SourcePage) -> None:
        first = max(1, page.first_line, wanted.start_line - BLAME_AROUND)
        key = (page.path, page.blob_id, first)
        known = self._blames.get(key)
        if known is not None:
            self.blamed.emit(known)
            return
        last = min(page.first_line + len(page.lines) - 1, wanted.end_line + BLAME_AROUND)
        span = SpanWanted(wanted.path, first, max(first, last), page.blob_id)
        self._asking.ask(BLAME, span, partial(self._on_blame, wanted, key))

    def _on_colours(self, wanted: Wanted, _blob: str, page: SourcePage) -> None:
        self._keep(wanted, page)
        if wanted is self.wanted:
            self.coloured.emit(page)

    def _on_blame(self, wanted: Wanted, key: tuple[str, str, int], blame: Blame) -> None:
        self._blames[key] = blame
        while len(self._blames) > KEPT_PAGES:
            self._blames.popitem(last=False)
        if wanted is self.wanted:
            self.blamed.emit(blame)

    def _on_mentions(self, wanted: Wanted, found: NamePlaces) -> None:
        if wanted is self.wanted:
            self.mentioned.emit(found)

    def _on_failed(self, wanted: Wanted, blob: str, error: LorebaseError) -> None:
        if wanted is not self.wanted:
            return
        if wanted.compare and not blob and wanted.blob_id:
            # The file is gone today; the version that was cited may still be there.
            self._ask(wanted, wanted.blob_id, colours=False)
            return
        self.failed.emit(error)

    def _keep(self, wanted: Wanted, page: SourcePage) -> None:
        key = (wanted.path, wanted.blob_id, wanted.commit_id)
        self._pages[key] = page
        self._pages.move_to_end(key)
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)


def _holds(page: SourcePage, wanted: Wanted) -> bool:
    return page.first_line <= max(1, wanted.start_line) < page.first_line + len(page.lines)
