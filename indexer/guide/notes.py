"""Notes: what people recorded, pinned to the code that it speaks of, and found by its words.

One's own lie in people.db; those that stand as files of the repository, a colleague's too, are
shown beside them. A note of one's own that was published is shown once.
"""

from __future__ import annotations

import builtins
import json
import math
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from indexer.answer.citations import Sources
from indexer.errors import UsageError
from indexer.guide.anchors import Anchors
from indexer.guide.lore import Lore, own_files
from indexer.guide.rewordings import first_same, same_question
from indexer.index.blame_cache import BlameCache
from indexer.index.catalog import Catalog
from indexer.index.people import NOBODY, AskedQuestion, People, PublishedAs, gap_id_of
from indexer.repo.repository import Repository
from indexer.repo.secrets import redact
from indexer.repo.words import stems
from indexer.types import (
    AnchorState,
    ChunkKind,
    FoundBy,
    Gap,
    Hit,
    Note,
    NoteComparison,
    NoteDraft,
    Person,
    Query,
    Skipped,
)

LORE_FOLDER: Final = "docs/lore"
BY_A_PERSON: Final = "person"


@dataclass(frozen=True, slots=True)
class _Shown:
    """A note as it is shown, with the questions that it answers; ``key`` changes with its words."""

    note: Note
    key: tuple[str, object]
    questions: tuple[str, ...]


class Notes:
    """Adds, changes and finds notes; callable from several threads."""

    def __init__(
        self, people: People, catalog: Catalog, repository: Repository, folder: str = LORE_FOLDER
    ) -> None:
        self._people = people
        self._catalog = catalog
        sources = Sources(catalog, repository)
        self._anchors = Anchors(catalog, repository, sources)
        self.lore = Lore(catalog, repository, sources, BlameCache(catalog, repository).runs, folder)
        self._words: dict[str, tuple[object, Counter[str]]] = {}

    def add(self, draft: NoteDraft) -> Note:
        """Keep a new note. Raises UsageError for one without text, NotFoundError for what it is
        said to be about, or for its gap, when that does not exist.
        """
        if not draft.text.strip():
            raise UsageError("A note needs some text.", "Say what you know; Markdown is welcome.")
        now = int(time.time())
        gap = None if draft.gap_id is None else self._people.gap(draft.gap_id)
        anchor = self._anchors.anchor(draft.about) if draft.about.strip() else None
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
        kept = self._people.add_note(note)
        return replace(kept, question="" if gap is None else gap.question)

    def edit(self, note_id: str, draft: NoteDraft) -> Note:
        """Change what the draft gives, and keep the earlier version. Raises as ``add``."""
        self.own_note(note_id, "change")
        if draft.gap_id is not None:
            self._people.gap(draft.gap_id)
        anchor = self._anchors.anchor(draft.about) if draft.about.strip() else None

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

        self._people.change_note(note_id, changed)
        return self.show(note_id)

    def show(self, note_id: str) -> Note:
        """Return a note, compared with what its anchor says now. Raises NotFoundError."""
        return self._anchors.compared(self._note(note_id))

    def own_note(self, note_id: str, what: str) -> Note:
        """Return a note that can be changed here. Raises UsageError for a file of the repository."""
        note = self.show(note_id)
        if note.source == note.published and note.published and note.id.startswith("p"):
            raise UsageError(
                f"This note is the file {note.source} of the repository.",
                f"To {what} it, do so to that file and commit it; the next index reads it.",
            )
        return note

    def compare(self, note_id: str) -> NoteComparison:
        """Return a note with what its anchor said then and says now. Raises NotFoundError."""
        return self._anchors.comparison(self._note(note_id))

    def versions(self, note_id: str) -> tuple[Note, ...]:
        """Return every version of a note as it was written, oldest first.

        The versions of one that is a file of the repository are in its history.
        """
        found = next((each.note for each in self._foreign() if each.note.id == note_id), None)
        return self._people.note_versions(note_id) if found is None else (found,)

    def list(self) -> tuple[Note, ...]:
        """Return all notes, the last changed first, each compared with what is there now."""
        return tuple(self._anchors.compared(each.note) for each in self._all())

    def plain(self) -> tuple[Note, ...]:
        """Return all notes as ``list`` does, not compared with anything."""
        return tuple(each.note for each in self._all())

    def search(self, text: str, limit: int) -> builtins.list[Hit]:
        """Return notes that share words with ``text``, best first, as hits without a path.

        A note that was written for this very question comes first, whatever its words.
        """
        wanted = list(dict.fromkeys(stems(text)))
        shown = {each.note.id: each for each in self._all()}
        words = {note_id: self._counted(each) for note_id, each in shown.items()}
        rarity = {
            term: math.log1p(len(words) / (1 + sum(term in each for each in words.values())))
            for term in wanted
        }
        whole = sum(rarity.values()) or 1.0
        scored: list[tuple[float, str]] = []
        for note_id, each in words.items():
            score = sum(rarity[term] for term in wanted if term in each) / whole
            score += float(_answers(shown[note_id], text))
            if score > 0:
                scored.append((score, note_id))
        scored.sort(key=lambda pair: (-pair[0], -shown[pair[1]].note.updated, pair[1]))
        return [_hit(shown[note_id].note, score) for score, note_id in scored[:limit]]

    def answering(self, question: str) -> builtins.list[Hit]:
        """Return the notes that were written for this question, or a close rewording, newest first."""
        found = [each.note for each in self._all() if _answers(each, question)]
        return [_hit(note, 1.0) for note in sorted(found, key=lambda note: (-note.updated, note.id))]

    def count(self) -> int:
        """Return how many notes there are."""
        return len(self._all())

    # ------------------------------------------------------------------------------- gaps

    def record(self, asked: AskedQuestion, gap: Gap | None, by: Person = NOBODY) -> Gap | None:
        """Keep that a question was asked, and the gap that it met: a known one, if it is the same
        question in a little other words.
        """
        known = None
        if gap is not None:
            questions = self._people.gap_questions()
            exact = gap_id_of(gap.question)
            if exact not in {gap_id for gap_id, _ in questions}:
                known = first_same(gap.question, questions)
        return self._people.record(asked, gap, by, known)

    def gaps(self, *, answered: bool = False, dismissed: bool = False) -> tuple[Gap, ...]:
        """Return the open gaps, those with a note too if ``answered``, or those ``dismissed`` alone.

        Each says which of its files are no longer there; one that a file of the repository answers
        carries that note's id.
        """
        found = self._people.dismissed_gaps() if dismissed else self._people.gaps(closed=answered)
        files = self._foreign()
        gaps = [_answered_by(gap, files) for gap in found]
        if not answered and not dismissed:
            gaps = [gap for gap in gaps if gap.note_id is None]
        there = self._there({path for gap in gaps for path in gap.paths})
        return tuple(
            replace(gap, gone=tuple(path for path in gap.paths if path not in there)) for gap in gaps
        )

    # ------------------------------------------------------------------ files of the repository

    def own(self) -> builtins.list[tuple[Note, int]]:
        """Return one's own notes, each with the question that it answers and its version's number."""
        questions = self._questions()
        published = self._people.published()
        return [
            (
                replace(
                    note,
                    question=questions.get(note.gap_id or "", ("",))[0],
                    published=published[note.id][-1].path if note.id in published else "",
                ),
                version,
            )
            for note, version in self._people.numbered_notes()
        ]

    def read_back(self) -> int:
        """Take over what people changed in the files of one's own notes; return how many.

        Such a change is a version like any other, by who committed it; the earlier ones stay.
        """
        own = {note.id: note for note, _ in self.own()}
        published = self._people.published()
        shelf = self.lore.read()
        files = own_files(shelf, own, published)
        taken = 0
        for entry in shelf.entries:
            note = own.get(files.get(entry.path, ""))
            if note is None or entry.working:
                continue
            if any(each.digest == entry.digest for each in published.get(note.id, ())):
                continue
            if entry.file.text == note.text.strip() and note.id not in published:
                known = PublishedAs(entry.path, entry.digest, 0)
                self._people.keep_published(note.id, known, int(time.time()))
                continue
            author, email, at = self.lore.last_edit(entry.path)
            file = entry.file
            edited = replace(
                note,
                title=file.title,
                text=file.text,
                category=file.category,
                anchor=file.anchor,
                author=author,
                email=email,
                updated=at or note.updated,
                source=entry.path,
            )
            taken += self._people.take_edit(edited, entry.path, entry.digest, int(time.time()))
        return taken

    def problems(self) -> tuple[Skipped, ...]:
        """Return the files of the folder that mean to be notes and cannot be read as such."""
        return self.lore.read().problems

    def file_paths(self) -> frozenset[str]:
        """Return the files that are shown as notes, so that they are not shown as documents too."""
        return frozenset(entry.path for entry in self.lore.read().entries)

    # ---------------------------------------------------------------------------- private

    def _note(self, note_id: str) -> Note:
        for each in self._foreign():
            if each.note.id == note_id:
                return each.note
        for note, _ in self.own():
            if note.id == note_id:
                return note
        return self._people.note(note_id)  # one that was put away, or none: then it raises

    def _all(self) -> builtins.list[_Shown]:
        questions = self._questions()
        shown = [
            _Shown(note, (note.id, version), (*questions.get(note.gap_id or "", ()), *_asked_in(note)))
            for note, version in self.own()
        ]
        shown += self._foreign()
        return sorted(shown, key=lambda each: (-each.note.updated, each.note.id))

    def _foreign(self) -> builtins.list[_Shown]:
        """Return the notes that are files of the repository and none of one's own."""
        shelf = self.lore.read()
        if not shelf.entries:
            return []
        own = {note.id: note for note in self._people.notes()}
        files = own_files(shelf, own, self._people.published())
        return [
            _Shown(entry.note, (entry.path, entry.digest), _asked_in(entry.note))
            for entry in shelf.entries
            if entry.path not in files
        ]

    def _questions(self) -> dict[str, tuple[str, ...]]:
        """Return by gap in which words it was asked, the first ones first."""
        out: dict[str, tuple[str, ...]] = {}
        for gap_id, question in self._people.gap_questions():
            if question not in out.get(gap_id, ()):
                out[gap_id] = (*out.get(gap_id, ()), question)
        return out

    def _counted(self, shown: _Shown) -> Counter[str]:
        known = self._words.get(shown.note.id)
        if known is None or known[0] != shown.key:
            note = shown.note
            texts = [note.title, note.text, *shown.questions]
            if note.anchor is not None:
                texts += [note.anchor.symbol, note.anchor.path or ""]
            known = (shown.key, Counter(stems("\n".join(texts))))
            self._words[note.id] = known
        return known[1]

    def _there(self, paths: Iterable[str]) -> frozenset[str]:
        """Return which of these paths are current; all, before the repository was read."""
        wanted = sorted(paths)
        if self._catalog.get("words_complete") != "1":
            return frozenset(wanted)
        rows = self._catalog.reader().execute(
            "SELECT p.shown FROM path p JOIN entry e ON e.path_id = p.id"
            " WHERE p.shown IN (SELECT value FROM json_each(?))",
            (json.dumps(wanted),),
        )
        return frozenset(path for (path,) in rows.fetchall())


class Searching(Protocol):
    """What finds passages."""

    def search(self, query: Query) -> tuple[builtins.list[Hit], builtins.list[str]]:
        """Return ranked hits, and notices for the reader."""


class NotesApart:
    """A search for answers, without the documents that are shown as notes already."""

    def __init__(self, searcher: Searching, notes: Notes) -> None:
        self._searcher = searcher
        self._notes = notes

    def search(self, query: Query) -> tuple[builtins.list[Hit], builtins.list[str]]:
        """See Searching."""
        hits, notices = self._searcher.search(query)
        apart = self._notes.file_paths()
        return [hit for hit in hits if hit.path not in apart], notices


def _answers(shown: _Shown, question: str) -> bool:
    return any(same_question(question, each) for each in shown.questions)


def _answered_by(gap: Gap, files: Sequence[_Shown]) -> Gap:
    if gap.note_id is not None:
        return gap
    found = next((each.note.id for each in files if _answers(each, gap.question)), None)
    return replace(gap, note_id=found)


def _asked_in(note: Note) -> tuple[str, ...]:
    """Return the questions that a note gives itself: the one that it answers, and its title."""
    title = note.title if note.title.endswith("?") else ""
    return tuple(each for each in dict.fromkeys((note.question, title)) if each)


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
