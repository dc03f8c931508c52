"""All pages of a window over one index, composed once: the one object that their calls need."""

from __future__ import annotations

import time
from collections.abc import Callable

from indexer.guide.asked import Asked
from indexer.guide.health_page import HealthTables
from indexer.guide.names import Names
from indexer.guide.notes import Notes
from indexer.guide.overview import Home
from indexer.guide.reading import Reading
from indexer.guide.suggest import Suggester
from indexer.guide.timeline import History
from indexer.index.catalog import Catalog
from indexer.index.people import NOBODY, AskedQuestion, Hidden, People
from indexer.location import Location
from indexer.pages import KnowledgeCounts
from indexer.repo.repository import Repository
from indexer.types import AnchorState, Gap, Hit, Note, Person


class Unrecorded:
    """The notes as an answer reads them, for questions that nobody asked: nothing of them is kept."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def show(self, note_id: str) -> Note:
        """Return one note."""
        return self._notes.show(note_id)

    def count(self) -> int:
        """Return how many there are."""
        return self._notes.count()

    def answering(self, question: str) -> list[Hit]:
        """Return the notes that were written for this question."""
        return self._notes.answering(question)

    def record(self, asked: AskedQuestion, gap: Gap | None, by: Person = NOBODY) -> Gap | None:
        """Keep nothing."""
        del asked, by
        return gap


class Pages:
    """What a window shows. Each part may be called from several threads."""

    def __init__(
        self,
        location: Location,
        repository: Repository,
        catalog: Catalog,
        people: People,
        notes: Notes,
        health: HealthTables,
    ) -> None:
        self._people = people
        self._notes = notes
        self.asked = Asked(people)
        self.history = History(catalog, repository)
        self.reading = Reading(catalog, repository, self.history)
        self.names = Names(catalog)
        self.suggester = Suggester(catalog, people, notes)
        self.health = health
        self.home = Home(location, repository, catalog, people, notes)

    def close(self) -> None:
        """End every process that was started here."""
        self.reading.close()

    def warming(self) -> tuple[Callable[[], None], ...]:
        """Return what reads, part by part, what the first look at a page would wait for."""
        return self.suggester.warm, self.history.warm, self.home.warm

    def counts(self) -> KnowledgeCounts:
        """Return what stands at the rail."""
        notes = self._notes.list()
        stale = sum(note.state in (AnchorState.STALE, AnchorState.ORPHANED) for note in notes)
        return KnowledgeCounts(len(self._notes.gaps()), len(notes), stale)

    def delete_note(self, note_id: str) -> Note:
        """Put a note away, with all its versions, until it is restored.

        Raises NotFoundError, and UsageError for one that is a file of the repository.
        """
        note = self._notes.own_note(note_id, "delete")
        self._people.hide(Hidden.NOTE, note_id, int(time.time()))
        return note

    def restore_note(self, note_id: str) -> Note:
        """Take back a deletion. Raises NotFoundError."""
        self._people.show_again(Hidden.NOTE, note_id)
        return self._notes.show(note_id)

    def dismiss_gap(self, gap_id: str) -> Gap:
        """Put a gap away until it is restored. Raises NotFoundError."""
        self._people.hide(Hidden.GAP, gap_id, int(time.time()))
        return self._people.gap(gap_id)

    def restore_gap(self, gap_id: str) -> Gap:
        """Take back a dismissal. Raises NotFoundError."""
        self._people.show_again(Hidden.GAP, gap_id)
        return self._people.gap(gap_id)
