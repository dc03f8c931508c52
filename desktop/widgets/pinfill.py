"""Fetches what a note's page shows of the code: the lines, their colours, who changed them, mentions."""

from __future__ import annotations

from functools import partial

from desktop.asking import Asking
from desktop.widgets.notepage import NotePage
from desktop.widgets.pinned import AROUND, stands_now
from indexer.errors import LorebaseError
from indexer.pages import SourcePage, SourceWanted, SpanWanted
from indexer.protocol import BLAME, MENTIONS, SOURCE
from indexer.types import Anchor, AnchorState


def fill(page: NotePage, asking: Asking) -> None:
    """Ask for all of it; each part is put into the page when it comes."""
    anchor = page.note.anchor
    if anchor is None or not anchor.path:
        return
    if page.note.state is AnchorState.ORPHANED:
        page.show_quote()
        return
    start = max(1, anchor.start_line)
    # Colours may have to wait for a process that makes them; the text does not.
    wanted = SourceWanted(anchor.path, around=start, tokens=False)
    asking.ask(SOURCE, wanted, partial(_on_source, page, asking, anchor), partial(_on_failed, page))
    span = SpanWanted(anchor.path, start, max(start, anchor.end_line))
    asking.ask(MENTIONS, span, page.show_mentions)


def _on_source(page: NotePage, asking: Asking, anchor: Anchor, source: SourcePage) -> None:
    start = max(1, anchor.start_line)
    now = None
    if page.note.state is AnchorState.STALE and source.lines:
        now = stands_now(anchor.quote.split("\n"), source, start)
    page.show_code(source, now)
    first, last = now or (start, max(start, anchor.end_line))
    span = SpanWanted(source.path, max(1, first - AROUND), last + AROUND)
    asking.ask(BLAME, span, page.show_blame)
    asking.ask(SOURCE, SourceWanted(source.path, around=start), page.show_colours)


def _on_failed(page: NotePage, error: LorebaseError) -> None:
    page.show_quote()
