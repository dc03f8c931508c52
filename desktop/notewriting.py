"""Writing notes: the draft to begin with, the draft that was left, and saving what is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from desktop.asking import Asking
from desktop.drafts import Drafts
from desktop.widgets.knowledgewords import about_words
from indexer.errors import LorebaseError
from indexer.location import Location
from indexer.protocol import NOTE_ADD, NOTE_EDIT, NoteChange
from indexer.types import Gap, Note, NoteDraft


class NoteWriting:
    """Drafts and saving for one repository. Keys are those of `desktop.drafts`."""

    def __init__(self, location: Location) -> None:
        self._drafts = Drafts(location)

    @property
    def name(self) -> str:
        """The name that this person wrote under last, or empty."""
        return next(iter(self._drafts.names()), "")

    @property
    def names(self) -> list[str]:
        """The names that this person writes under."""
        return self._drafts.names()

    def waits(self, key: str) -> bool:
        """Say whether a draft waits to be gone on with."""
        return self._drafts.has(key)

    def begin(self, key: str, draft: NoteDraft) -> tuple[NoteDraft, bool]:
        """Return the draft to begin with, and whether it is one that was left before."""
        found = self._drafts.find(key)
        return found or (draft if draft.author else replace(draft, author=self.name)), found is not None

    def keep(self, key: str, draft: NoteDraft) -> bool:
        """Keep what is written so far; returns whether that there is a draft is news."""
        had = self._drafts.has(key)
        if draft.text.strip():
            self._drafts.keep(key, draft)
        else:
            self._drafts.drop(key)
        return self._drafts.has(key) != had

    def drop(self, key: str) -> None:
        """Forget a draft."""
        self._drafts.drop(key)

    def save(
        self,
        asking: Asking,
        key: str,
        draft: NoteDraft,
        notes: Sequence[Note],
        answers: tuple[Callable[[Note], None], Callable[[LorebaseError], None]],
    ) -> None:
        """Save a note; ``answers`` are called with it or with the error. The draft goes once it is saved."""

        def on_saved(note: Note) -> None:
            self._drafts.drop(key)
            self._drafts.remember_name(draft.author)
            answers[0](note)

        if key.startswith("note:"):
            note_id = key.removeprefix("note:")
            note = next((each for each in notes if each.id == note_id), None)
            given = draft
            if note is not None and note.anchor is not None and draft.about == about_words(note.anchor):
                # The same words would pin the note to what stands there today.
                given = replace(draft, about="")
            asking.ask(NOTE_EDIT, NoteChange(note_id, given), on_saved, answers[1])
        else:
            asking.ask(NOTE_ADD, draft, on_saved, answers[1])


def note_draft(note: Note) -> NoteDraft:
    """Return a note as the editor takes it."""
    about = about_words(note.anchor) if note.anchor is not None else ""
    return NoteDraft(note.title, note.text, about, note.author, note.email, note.category, note.gap_id)


def gap_draft(gap: Gap) -> NoteDraft:
    """Return the note that would answer a gap, its text still to be written."""
    about = gap.paths[0] if gap.paths else ""
    return NoteDraft(gap.question, "", about, category=gap.category, gap_id=gap.id)
