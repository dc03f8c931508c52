"""What a note is about: pinned to lines, found again where they moved, compared where they changed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from indexer.answer.citations import SourceFile, SourceReader, Sources
from indexer.errors import NotFoundError, UsageError
from indexer.guide.lore import QUOTED_LINES, blob_lines
from indexer.index.catalog import Catalog
from indexer.index.symbols import find_symbols
from indexer.types import Anchor, AnchorState, AnchorText, Note, NoteComparison

MAPPED_LINES: Final = 6_000
"""Lines of a file up to which old and new are laid beside each other; a longer one takes seconds."""

_PLACE: Final = re.compile(r"^(?P<path>.+?):(?P<start>\d+)(?:-(?P<end>\d+))?$")


class Anchors:
    """Pins notes to the indexed state, and compares them with it; callable from several threads."""

    def __init__(self, catalog: Catalog, repository: SourceReader, sources: Sources) -> None:
        self._catalog = catalog
        self._repository = repository
        self._sources = sources

    def anchor(self, about: str) -> Anchor:
        """Return the anchor for ``path``, ``path:line``, ``path:line-line`` or a symbol's name.

        Raises NotFoundError when nothing of that name is current, UsageError when lines are not.
        """
        about = about.strip()
        place = _PLACE.match(about)
        if place is not None and (source := self._file(place["path"])) is not None:
            start = int(place["start"])
            return _span_anchor(source, start, int(place["end"] or start), "")
        if (source := self._file(about)) is not None:
            return _whole_anchor(source)
        with self._catalog.snapshot() as reader:
            found = find_symbols(reader, about, 1)
        if found and (source := self._file(found[0].path)) is not None:
            return _span_anchor(source, found[0].start_line, found[0].end_line, found[0].qualified)
        raise NotFoundError(
            f"Nothing here is named {about!r}.",
            "Give a path, path:line, path:line-line, or the name of a function, class or program.",
        )

    def compared(self, note: Note) -> Note:
        """Return the note with its state, and with its anchor moved along where lines only moved."""
        anchor = note.anchor
        if anchor is None:
            return replace(note, state=AnchorState.UNANCHORED)
        source = self._home(anchor)
        if source is None:
            return replace(note, state=AnchorState.ORPHANED)
        if anchor.start_line == 0 or not anchor.quote:
            same = source.oid == anchor.blob_id
            return replace(note, state=AnchorState.CURRENT if same else AnchorState.STALE)
        at = _find(anchor.quote.split("\n"), source.lines, anchor.start_line)
        if at is None:
            return replace(note, state=AnchorState.STALE)
        moved = replace(
            anchor, path=source.path, start_line=at, end_line=at + anchor.end_line - anchor.start_line
        )
        return replace(note, state=AnchorState.CURRENT, anchor=moved)

    def comparison(self, note: Note) -> NoteComparison:
        """Return a note with the lines that it was written for, and those that stand there now."""
        shown = self.compared(note)
        anchor = note.anchor
        if anchor is None:
            return NoteComparison(shown, None, None)
        then = _text(anchor, anchor.quote.split("\n") if anchor.quote else ())
        source = self._home(anchor)
        if source is None:
            return NoteComparison(shown, then, None)
        placed = shown.anchor if shown.state is AnchorState.CURRENT else self._place_now(anchor, source)
        now = _now(placed or anchor, source)
        diff = difflib.unified_diff(then.lines, now.lines, lineterm="")
        return NoteComparison(shown, then, now, tuple(diff)[2:])

    # ---------------------------------------------------------------------------- private

    def _file(self, path: str) -> SourceFile | None:
        return self._sources.file(path.removeprefix("./"))

    def _home(self, anchor: Anchor) -> SourceFile | None:
        """Return the file that an anchor stands in now: its path, else where its content went."""
        if anchor.path is not None and (source := self._file(anchor.path)) is not None:
            return source
        with self._catalog.snapshot() as reader:
            row = reader.execute(
                "SELECT p.shown FROM entry e JOIN path p ON p.id = e.path_id WHERE e.oid = ? LIMIT 1",
                (anchor.blob_id,),
            ).fetchone()
            paths = [row[0]] if row is not None else []
            if anchor.symbol:
                paths += [each.path for each in find_symbols(reader, anchor.symbol, 5)]
        for path in paths:
            source = self._file(path)
            if source is None:
                continue
            if source.oid == anchor.blob_id or (
                anchor.quote and _find(anchor.quote.split("\n"), source.lines, anchor.start_line)
            ):
                return source
        return None

    def _place_now(self, anchor: Anchor, source: SourceFile) -> Anchor:
        """Return where changed lines stand now: the same definition, else what took their place."""
        if anchor.start_line == 0:
            return anchor
        if anchor.symbol:
            with self._catalog.snapshot() as reader:
                for each in find_symbols(reader, anchor.symbol, 10):
                    if each.path == source.path and each.qualified == anchor.symbol:
                        return replace(anchor, start_line=each.start_line, end_line=each.end_line)
        old = blob_lines(self._repository, anchor.blob_id)
        if old is None or max(len(old), len(source.lines)) > MAPPED_LINES:
            return anchor
        start, end = _mapped(old, source.lines, anchor.start_line, anchor.end_line)
        return replace(anchor, start_line=start, end_line=end)


def _now(anchor: Anchor, source: SourceFile) -> AnchorText:
    start, end = anchor.start_line, anchor.end_line
    first, last = (start, end) if start else (1, len(source.lines))
    lines = source.lines[first - 1 : min(last, first + QUOTED_LINES - 1)] if last >= first else ()
    return AnchorText(source.path, start, end, source.commit_id, source.oid, tuple(lines))


def _text(anchor: Anchor, lines: Sequence[str]) -> AnchorText:
    start, end = anchor.start_line, anchor.end_line
    return AnchorText(anchor.path, start, end, anchor.commit_id, anchor.blob_id, tuple(lines))


def _mapped(old: Sequence[str], new: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """Return the lines of ``new`` that stand where lines ``start`` to ``end`` of ``old`` stood.

    The last is one less than the first where nothing is left of them.
    """
    first, last = len(new), 0
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        low, high = max(i1, start - 1), min(i2, end)
        if low >= high and not (tag == "insert" and start - 1 < i1 < end):
            continue
        begin, stop = (j1 + low - i1, j1 + high - i1) if tag == "equal" else (j1, j2)
        first, last = min(first, begin), max(last, stop)
    return first + 1, max(first, last)


def _find(quote: Sequence[str], lines: Sequence[str], near: int) -> int | None:
    """Return the line at which ``quote`` stands, the nearest to ``near`` where it stands twice."""
    length = len(quote)
    places = [
        at + 1
        for at in range(len(lines) - length + 1)
        if lines[at] == quote[0] and list(lines[at : at + length]) == list(quote)
    ]
    return min(places, key=lambda place: abs(place - near), default=None)


def _span_anchor(source: SourceFile, start: int, end: int, symbol: str) -> Anchor:
    if not 1 <= start <= end <= len(source.lines):
        raise UsageError(
            f"{source.path} has {len(source.lines)} lines; {start} to {end} are not among them.",
            "Lines count from 1, and the last one may not stand before the first.",
        )
    quote = "\n".join(source.lines[start - 1 : min(end, start + QUOTED_LINES - 1)])
    return Anchor(source.path, symbol, start, end, source.commit_id, source.oid, quote)


def _whole_anchor(source: SourceFile) -> Anchor:
    """Return the anchor of a whole file, which has no lines (0 to 0): any change makes it stale."""
    quote = "\n".join(source.lines[:QUOTED_LINES])
    return Anchor(source.path, "", 0, 0, source.commit_id, source.oid, quote)
