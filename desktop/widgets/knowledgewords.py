"""How notes and gaps are spoken of: their states, kinds and places in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.dates import spoken_day
from desktop.places import SourcePlace
from indexer.types import Anchor, AnchorState, Category, Gap, Note


def _tr(text: str) -> str:
    return QCoreApplication.translate("Knowledge", text)


def state_word(state: AnchorState) -> str:
    """Return the state of a note in a word, empty for one that is pinned to nothing."""
    return {
        AnchorState.CURRENT: _tr("Current"),
        AnchorState.STALE: _tr("Stale"),
        AnchorState.ORPHANED: _tr("Orphaned"),
        AnchorState.UNANCHORED: "",
    }[state]


def state_meaning(state: AnchorState) -> str:
    """Return what a state means, to stand behind its word."""
    return {
        AnchorState.CURRENT: _tr("its code has not changed since"),
        AnchorState.STALE: _tr("its code has changed since"),
        AnchorState.ORPHANED: _tr("its code is gone"),
        AnchorState.UNANCHORED: _tr("Pinned to no code"),
    }[state]


def category_word(category: Category) -> str:
    """Return a category as a person reads it."""
    return {
        Category.ARCHITECTURE: _tr("Architecture decision"),
        Category.BUSINESS: _tr("Business rule"),
        Category.PERFORMANCE: _tr("Performance in production"),
        Category.SECURITY: _tr("Security policy"),
        Category.OWNERSHIP: _tr("Ownership"),
    }[category]


def asked_words(times: int) -> str:
    """Return how often a question was asked."""
    return {1: _tr("asked once"), 2: _tr("asked twice")}.get(times, _tr("asked %d times") % times)


def about_words(anchor: Anchor) -> str:
    """Return a place as the editor takes it: ``path:start-end``, or the path of a whole file."""
    path = anchor.path or ""
    if anchor.start_line < 1:
        return path
    if anchor.end_line <= anchor.start_line:
        return f"{path}:{anchor.start_line}"
    return f"{path}:{anchor.start_line}-{anchor.end_line}"


def short_place(path: str, line: int = 0) -> str:
    """Return a path by its last two parts, with a line."""
    short = "/".join(path.split("/")[-2:])
    return f"{short} {line}" if line > 0 else short


def anchor_place(anchor: Anchor) -> SourcePlace | None:
    """Return where a note's code stands now."""
    if not anchor.path:
        return None
    start = max(1, anchor.start_line)
    return SourcePlace(anchor.path, start, max(start, anchor.end_line))


def stale_when(note: Note) -> str:
    """Return what would make a note stale."""
    anchor = note.anchor
    if anchor is None:
        return _tr("never: it is pinned to no code")
    if anchor.start_line < 1:
        return _tr("anything in the file changes")
    if anchor.end_line <= anchor.start_line:
        return _tr("line %d changes") % anchor.start_line
    return _tr("lines %(first)d to %(last)d change") % {"first": anchor.start_line, "last": anchor.end_line}


def written_words(note: Note) -> str:
    """Return who wrote a note, and when."""
    values = {
        "author": note.author or _tr("No name"),
        "day": spoken_day(note.created),
        "changed": spoken_day(note.updated),
    }
    if values["day"] == values["changed"]:
        return _tr("%(author)s, %(day)s") % values
    return _tr("%(author)s, %(day)s, changed %(changed)s") % values


def note_detail(note: Note) -> str:
    """Return the second line of a note's row."""
    parts = []
    if note.state is AnchorState.ORPHANED:
        parts.append(_tr("its code is gone"))
    elif note.anchor is not None and note.anchor.path:
        parts.append(short_place(note.anchor.path, note.anchor.start_line))
    parts += [part for part in (note.author, spoken_day(note.updated)) if part]
    return ", ".join(parts)


def gap_detail(gap: Gap) -> str:
    """Return the second line of a gap's row."""
    parts = [category_word(gap.category)] if gap.category is not None else []
    parts += [short_place(path) for path in gap.paths[:1]]
    return ", ".join(parts) or _tr("No place in the code")
