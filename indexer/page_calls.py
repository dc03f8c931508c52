"""Which page of an index answers which call; the engine looks its handlers up here."""

from __future__ import annotations

from typing import Any

from indexer import protocol
from indexer.methods import Answered

PAGES: tuple[Answered[Any, Any], ...] = (
    Answered(protocol.OVERVIEW, lambda index, _: index.pages.home.overview()),
    Answered(protocol.SUGGEST, lambda index, wanted: index.pages.suggester.suggest(wanted)),
    Answered(protocol.SOURCE, lambda index, wanted: index.pages.reading.source(wanted)),
    Answered(protocol.NAME, lambda index, wanted: index.pages.names.named(wanted)),
    Answered(protocol.MENTIONS, lambda index, wanted: index.pages.names.mentions(wanted)),
    Answered(protocol.ASKED, lambda index, wanted: index.pages.asked.list(wanted)),
    Answered(protocol.KEPT, lambda index, wanted: index.pages.asked.kept(wanted)),
    Answered(protocol.TIMELINE, lambda index, wanted: index.pages.history.timeline(wanted)),
    Answered(protocol.COMMITS, lambda index, wanted: index.pages.history.commits(wanted)),
    Answered(protocol.COMMIT, lambda index, wanted: index.pages.history.commit(wanted)),
    Answered(protocol.HEALTH_PAGE, lambda index, wanted: index.pages.health.page(wanted)),
    Answered(protocol.COUNTS, lambda index, _: index.pages.counts()),
)
"""Read from what is stored: short, so that a job may wait for them."""

SLOW_PAGES: tuple[Answered[Any, Any], ...] = (
    Answered(protocol.BLAME, lambda index, wanted: index.pages.reading.blame(wanted)),
    Answered(protocol.SPAN_HISTORY, lambda index, wanted: index.pages.reading.span_history(wanted)),
)
"""Asked of git, which may take a second: a job goes on meanwhile."""

PEOPLE: tuple[Answered[Any, Any], ...] = (
    Answered(protocol.NOTE_DELETE, lambda index, name: index.pages.delete_note(name.id)),
    Answered(protocol.NOTE_RESTORE, lambda index, name: index.pages.restore_note(name.id)),
    Answered(protocol.GAP_DISMISS, lambda index, name: index.pages.dismiss_gap(name.id)),
    Answered(protocol.GAP_RESTORE, lambda index, name: index.pages.restore_gap(name.id)),
)
"""These change what people made."""

CHANGING: frozenset[str] = frozenset(
    method.name
    for method in (
        *(each.method for each in PEOPLE),
        protocol.NOTE_ADD,
        protocol.NOTE_EDIT,
        protocol.ASK,
        protocol.REVIEW,
        protocol.PUBLISH,
    )
)
"""After these whoever watches is told to look again."""
