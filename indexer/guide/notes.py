"""Notes: what people recorded, pinned to the code that it speaks of, and found by its words."""

from __future__ import annotations

import builtins
import math
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.answer.citations import SourceFile, SourceReader, Sources
from indexer.errors import NotFoundError, UsageError
from indexer.index.catalog import Catalog
from indexer.index.people import AskedQuestion, People, gap_id_of
from indexer.index.symbols import find_symbols
from indexer.repo.secrets import redact
from indexer.repo.words import stems
from indexer.types import (
    Anchor,
    AnchorState,
    ChunkKind,
    FoundBy,
    Gap,
    Hit,
    Note,
    NoteDraft,
)

QUOTED_LINES: Final = 200
"""Lines of an anchor that are kept with the note; enough to show both versions side by side."""

BY_A_PERSON: Final = "person"

_PLACE: Final = re.compile(r"^(?P<path>.+?):(?P<start>\d+)(?:-(?P<end>\d+))?$")


@dataclass(frozen=True, slots=True)
class _Words:
    """The stems of one version of a note, counted."""

    updated: int
    counts: Counter[str]
    gap_id: str | None


class Notes:
    """Adds, changes and finds notes; callable from several threads."""

    def __init__(self, people: People, catalog: Catalog, repository: SourceReader) -> None:
        self._people = people
        self._catalog = catalog
        self._sources = Sources(catalog, repository)
        self._words: dict[str, _Words] = {}

    def add(self, draft: NoteDraft) -> Note:
        """Keep a new note. Raises UsageError for one without text, NotFoundError for what it is
        said to be about, or for its gap, when that does not exist.
        """
        if not draft.text.strip():
            raise UsageError("A note needs some text.", "Say what you know; Markdown is welcome.")
        now = int(time.time())
        gap = None if draft.gap_id is None else self._people.gap(draft.gap_id)
        anchor = self.anchor(draft.about) if draft.about.strip() else None
        category = draft.category or (gap.category if gap is not None else None)
        text = redact(draft.text)[0]
        note = Note(
            id="",
            title=redact(draft.title)[0].strip() or (gap.question if gap is not None else _first_line(text)),
            text=text,
            author=draft.author.strip(),
            email=draft.email.strip(),
            created=now,
            updated=now,
            category=category,
            anchor=anchor,
            state=AnchorState.UNANCHORED if anchor is None else AnchorState.CURRENT,
            gap_id=draft.gap_id,
        )
        return self._people.add_note(note)

    def edit(self, note_id: str, draft: NoteDraft) -> Note:
        """Change what the draft gives, and keep the earlier version. Raises as ``add``."""
        if draft.gap_id is not None:
            self._people.gap(draft.gap_id)
        anchor = self.anchor(draft.about) if draft.about.strip() else None

        def changed(old: Note) -> Note:
            return replace(
                old,
                title=redact(draft.title)[0].strip() or old.title,
                text=redact(draft.text)[0] if draft.text.strip() else old.text,
                author=draft.author.strip() or old.author,
                email=draft.email.strip() or old.email,
                updated=max(int(time.time()), old.updated),
                category=draft.category or old.category,
                anchor=anchor or old.anchor,
                gap_id=draft.gap_id or old.gap_id,
                source=BY_A_PERSON,
            )

        return self._compared(self._people.change_note(note_id, changed))

    def show(self, note_id: str) -> Note:
        """Return a note, compared with what its anchor says now. Raises NotFoundError."""
        return self._compared(self._people.note(note_id))

    def versions(self, note_id: str) -> tuple[Note, ...]:
        """Return every version of a note as it was written, oldest first."""
        return self._people.note_versions(note_id)

    def list(self) -> tuple[Note, ...]:
        """Return all notes, the last changed first, each compared with what is there now."""
        return tuple(self._compared(note) for note in self._people.notes())

    def search(self, text: str, limit: int) -> builtins.list[Hit]:
        """Return notes that share words with ``text``, best first, as hits without a path.

        A note that was written for this very question comes first, whatever its words.
        """
        wanted = list(dict.fromkeys(stems(text)))
        notes = {note.id: note for note in self._people.notes()}
        words = {note_id: self._counted(note) for note_id, note in notes.items()}
        rarity = {
            term: math.log1p(len(words) / (1 + sum(term in each.counts for each in words.values())))
            for term in wanted
        }
        whole = sum(rarity.values()) or 1.0
        asked = gap_id_of(text)
        scored: list[tuple[float, str]] = []
        for note_id, each in words.items():
            score = sum(rarity[term] for term in wanted if term in each.counts) / whole
            score += float(each.gap_id == asked)
            if score > 0:
                scored.append((score, note_id))
        scored.sort(key=lambda pair: (-pair[0], -notes[pair[1]].updated, pair[1]))
        return [_hit(notes[note_id], score) for score, note_id in scored[:limit]]

    def count(self) -> int:
        """Return how many notes there are."""
        return len(self._people.notes())

    def record(self, asked: AskedQuestion, gap: Gap | None) -> Gap | None:
        """Keep that a question was asked, and the gap that it met."""
        return self._people.record(asked, gap)

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

    # ---------------------------------------------------------------------------- private

    def _file(self, path: str) -> SourceFile | None:
        return self._sources.file(path.removeprefix("./"))

    def _counted(self, note: Note) -> _Words:
        known = self._words.get(note.id)
        if known is None or known.updated != note.updated:
            texts = [note.title, note.text]
            if note.anchor is not None:
                texts += [note.anchor.symbol, note.anchor.path or ""]
            if note.gap_id is not None:
                texts.append(self._people.gap(note.gap_id).question)
            known = _Words(note.updated, Counter(stems("\n".join(texts))), note.gap_id)
            self._words[note.id] = known
        return known

    def _compared(self, note: Note) -> Note:
        """Return the note with its state, and with its anchor moved along where lines only moved."""
        anchor = note.anchor
        if anchor is None:
            return replace(note, state=AnchorState.UNANCHORED)
        source = self._home(anchor)
        if source is None:
            return replace(note, state=AnchorState.ORPHANED)
        if anchor.start_line == 0:
            same = source.oid == anchor.blob_id
            return replace(note, state=AnchorState.CURRENT if same else AnchorState.STALE)
        at = _find(anchor.quote.split("\n"), source.lines, anchor.start_line)
        if at is None:
            return replace(note, state=AnchorState.STALE)
        moved = replace(
            anchor, path=source.path, start_line=at, end_line=at + anchor.end_line - anchor.start_line
        )
        return replace(note, state=AnchorState.CURRENT, anchor=moved)

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
            if source is not None and _find(anchor.quote.split("\n"), source.lines, anchor.start_line):
                return source
        return None


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


def _first_line(text: str) -> str:
    line = text.strip().splitlines()[0].lstrip("#*->0123456789. ").strip()
    return line if len(line) <= 80 else line[:79].rsplit(" ", 1)[0] + "…"


def _hit(note: Note, score: float) -> Hit:
    return Hit(
        path=None,
        start_line=1,
        end_line=note.text.count("\n") + 1,
        kind=ChunkKind.NOTE,
        symbol=note.title,
        commit_id=None,
        score=round(score, 4),
        found_by=(FoundBy.NOTE,),
        text=note.text,
        note_id=note.id,
    )
