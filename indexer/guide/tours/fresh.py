"""A tour as it stands now: what it cites found again where it moved, and marked where it changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from indexer.answer.citations import Sources
from indexer.guide.anchors import Anchors
from indexer.guide.desk import Desk
from indexer.index.symbols import find_symbols
from indexer.shapes.onboarding import Reading, SelfCheck, Tour, TourLine, TourStep
from indexer.types import Anchor, AnchorState, Citation, CitationKind, Note

_WORST: Final = (AnchorState.CURRENT, AnchorState.UNANCHORED, AnchorState.STALE, AnchorState.ORPHANED)


class Freshener:
    """Lays tours beside the indexed state; callable from several threads."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._sources: Sources = desk.sources
        self._anchors = Anchors(desk.catalog, desk.repository, desk.sources)

    def as_now(self, tour: Tour) -> Tour:
        """Return the tour with its places where they are now, each marked with its state."""
        if tour.commit_id is not None and tour.commit_id == self._desk.catalog.get("head") and self._clean():
            return tour
        with self._desk.catalog.snapshot() as reader:
            steps = tuple(self._step(reader, step) for step in tour.steps)
        changed = sum(1 for step in steps if is_marked(step))
        notices = tour.notices
        if changed:
            told = "one step speaks" if changed == 1 else f"{changed} steps speak"
            notices = (
                *notices,
                f"The code changed since this tour was made: {told} of what is not there as it was.",
            )
        return replace(tour, steps=steps, notices=notices)

    # ---------------------------------------------------------------------------- private

    def _clean(self) -> bool:
        """Whether the current state is HEAD's, without a change of the working copy."""
        row = self._desk.catalog.reader().execute("SELECT EXISTS (SELECT 1 FROM entry WHERE working = 1)")
        return not row.fetchone()[0]

    def _step(self, reader: sqlite3.Connection, step: TourStep) -> TourStep:
        check = step.check
        return replace(
            step,
            lines=tuple(self._line(each) for each in step.lines),
            reading=tuple(self._reading(reader, each) for each in step.reading),
            matters=None if step.matters is None else self._line(step.matters),
            check=None if check is None else replace(check, answer=self._line(check.answer)),
        )

    def _line(self, line: TourLine) -> TourLine:
        placed = [self._citation(each) for each in line.statement.citations]
        state = max((state for _, state in placed), key=_WORST.index, default=line.state)
        citations = tuple(citation for citation, _ in placed)
        return replace(line, statement=replace(line.statement, citations=citations), state=state)

    def _citation(self, citation: Citation) -> tuple[Citation, AnchorState]:
        if citation.kind is not CitationKind.SPAN or citation.path is None:
            return citation, AnchorState.CURRENT
        anchor = Anchor(
            citation.path,
            "",
            citation.start_line,
            citation.end_line,
            citation.commit_id,
            citation.blob_id,
            citation.quote,
        )
        compared = self._anchors.compared(_note_on(anchor))
        now = compared.anchor
        if compared.state is not AnchorState.CURRENT or now is None or now.path is None:
            return citation, compared.state
        fresh = self._sources.span(now.path, now.start_line, now.end_line)
        return (citation, AnchorState.STALE) if fresh is None else (fresh, AnchorState.CURRENT)

    def _reading(self, reader: sqlite3.Connection, reading: Reading) -> Reading:
        note = _note_on(reading.anchor)
        compared = self._anchors.compared(note)
        anchor = reading.anchor
        if compared.state is AnchorState.CURRENT and compared.anchor is not None:
            moved = (compared.anchor.path, compared.anchor.start_line) != (anchor.path, anchor.start_line)
            told = f"Moved here from {place_of(anchor)}." if moved else ""
            return replace(reading, anchor=compared.anchor, state=AnchorState.CURRENT, notice=told)
        if anchor.symbol:
            found = [
                each for each in find_symbols(reader, anchor.symbol, 5) if each.qualified == anchor.symbol
            ]
            here = [each for each in found if each.path == anchor.path] or (found if len(found) == 1 else [])
            if here:
                symbol = here[0]
                length = max(anchor.end_line - anchor.start_line, 0)
                end = min(symbol.end_line, symbol.start_line + max(length, 20))
                placed = replace(anchor, path=symbol.path, start_line=symbol.start_line, end_line=end)
                where = "" if symbol.path == anchor.path else f" and stands in {symbol.path} now"
                return Reading(
                    reading.title, placed, AnchorState.STALE, f"`{anchor.symbol}` changed since{where}."
                )
        if compared.state is AnchorState.ORPHANED:
            return replace(
                reading, state=AnchorState.ORPHANED, notice=f"{place_of(anchor)} is not there any more."
            )
        now = self._anchors.comparison(note).now
        if now is None or now.path is None or now.end_line < now.start_line:
            return replace(reading, state=AnchorState.STALE, notice="These lines are not there any more.")
        placed = replace(anchor, path=now.path, start_line=now.start_line, end_line=now.end_line)
        return Reading(reading.title, placed, AnchorState.STALE, "These lines changed since.")


def is_marked(step: TourStep) -> bool:
    """Whether anything of a step is not as it was when it was written."""
    checks: Sequence[SelfCheck] = () if step.check is None else (step.check,)
    lines = [*step.lines, *(each.answer for each in checks), *((step.matters,) if step.matters else ())]
    return any(each.state in (AnchorState.STALE, AnchorState.ORPHANED) for each in (*lines, *step.reading))


def place_of(anchor: Anchor) -> str:
    """Return where an anchor stands, as it is written."""
    if not anchor.start_line:
        return anchor.path or ""
    return f"{anchor.path}:{anchor.start_line}-{anchor.end_line}"


def _note_on(anchor: Anchor) -> Note:
    """Return an anchor as what `Anchors` compares."""
    return Note("", "", "", "", "", 0, 0, None, anchor, AnchorState.CURRENT)
