"""The one door to an index: opens its parts, and composes them into search, answers and care."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Self

from indexer import care, takeover
from indexer.answer.answerer import Answerer, NoteShelf
from indexer.answer.citations import Sources
from indexer.answer.support import Nearness, nearness_by
from indexer.errors import ModelError
from indexer.freshness import FreshnessReader
from indexer.guide.desk import Desk
from indexer.guide.health_page import HealthTables
from indexer.guide.including import Including
from indexer.guide.mentor import Mentor
from indexer.guide.notes import Notes, NotesApart
from indexer.guide.publishing import Publisher
from indexer.guide.reviewing import Reviews
from indexer.guide.telling_facts import GuideFacts
from indexer.guide.who import Who
from indexer.guide.window import Pages, Unrecorded
from indexer.index import contents
from indexer.index.blame_cache import BlameCache
from indexer.index.catalog import Catalog
from indexer.index.people import NOBODY, People
from indexer.index.reader import PassageReader
from indexer.index.sync import Sync
from indexer.index.vectors import VectorIndex
from indexer.launch import LOG_NAME
from indexer.location import Location
from indexer.meaning import PACKAGED, LateEmbedder, LateVectors, Searcher
from indexer.pages import WhoKnows, WhoWanted
from indexer.repo.languages import Limits
from indexer.repo.parsing import ParsePool
from indexer.repo.repository import Repository
from indexer.settings import IndexingSettings, Settings
from indexer.types import (
    Answer,
    Control,
    Freshness,
    Gap,
    Health,
    IndexReport,
    IndexStatus,
    Note,
    NoteComparison,
    NoteDraft,
    Person,
    Progress,
    PublishReport,
    Query,
    RepositoryFacts,
    ReviewDraft,
    SearchResult,
    Skipped,
    shown_path,
)

MOST_NAMED = 20
"""Files of notes that could not be read and are named in a notice; the list of notes has them all."""
LEFT_THERE = "index.left_there"
"""Where the index is that a person does not want to be asked about again."""
PASTED_LINES = 2
"""Line breaks from which on a question may be a stack trace that was pasted."""
PASTED_LENGTH = 600
LOCAL_ONLY = "model.local_only"
"""A choice for one repository, which settings for all of them cannot hold."""


class KnowledgeBase:
    """One open index. Every method may be called from several threads, except that the three
    steps of a job (`words`, `embed`, `publish`) run one after another.
    """

    def __init__(self, location: Location, settings: Settings) -> None:
        self._location = location
        self._settings = settings
        folder = location.index_dir
        self._catalog = Catalog.open(folder)
        self._people = People.open(location.people_dir, folder)
        self._repository = Repository.open(location, folder / care.OVERLAY_FOLDER)
        self._pool = _pool(settings.indexing)
        self._model_notices: tuple[str, ...] = ()
        self._embedder = self._open_embedder()
        self._vectors = (
            None
            if self._embedder is None
            else LateVectors(VectorIndex(folder, self._catalog.path, self._embedder.dimensions))
        )
        self.including = Including(self._people, self._catalog)
        self._sync = Sync(
            self._repository,
            self._catalog,
            self._pool,
            settings,
            self._embedder,
            None if self._vectors is None else self._vectors.index,
        )
        self._sync.included = self.including.paths
        self._freshness = FreshnessReader(
            self._repository,
            self._catalog,
            working_copy=settings.indexing.working_copy and location.work_tree is not None,
        )
        self._notes = Notes(self._people, self._catalog, self._repository, settings.indexing.lore_folder)
        self.reviews = Reviews(self._people)
        self._publisher = Publisher(self._people, self._notes, location.work_tree)
        self.pages = Pages(
            location,
            self._repository,
            self._catalog,
            self._people,
            self._notes,
            HealthTables(self._catalog, self.including, folder / LOG_NAME),
        )
        self._searcher = Searcher(self._catalog, self._embedder, self._vectors, self._notes.search)
        # Without a model there is none of either kind: the settings turn both off.
        self._reader = None if self._embedder is None else PassageReader(settings.engine.embed_threads)
        self._answerer = self._answerer_with(self._notes)
        self._quiet = self._answerer_with(Unrecorded(self._notes))
        self._who = Who(self._catalog, self._repository, self._quiet.about)
        desk = Desk(
            folder,
            location.work_tree,
            self._catalog,
            self._repository,
            self._people,
            self._notes,
            self.pages,
            self._who,
            self._searcher.search,
            self._quiet.ask,
            Sources(self._catalog, self._repository),
            self._pool,
        )
        self.mentor = Mentor(desk)
        self._answerer.facts = self._quiet.facts = GuideFacts(self.mentor, desk)

    @classmethod
    def open(cls, location: Location, settings: Settings) -> Self:
        """Open the index of a repository, or begin one.

        Raises NewerSchemaError, StorageError, NotARepositoryError, RepositoryFormatError.
        """
        return cls(location, settings)

    def close(self) -> None:
        """Let go of everything, and end every process that was started."""
        self._pool.close()
        self.pages.close()
        self.mentor.close()
        if self._vectors is not None:
            self._vectors.index.close()
        self._repository.close()
        self._people.close()
        self._catalog.close()

    # ------------------------------------------------------------------------ questions

    def searchable(self) -> bool:
        """Say whether words are searchable, so that a question can be answered at all."""
        return self._catalog.get("words_complete") == "1"

    def steady(self) -> AbstractContextManager[object]:
        """Let the calling thread see one state of the index within a block, whatever a job does meanwhile."""
        return self._catalog.snapshot()

    def search(self, query: Query) -> SearchResult:
        """Return ranked hits of what is indexed now."""
        began = time.perf_counter()
        hits, notices = self._searcher.search(query)
        freshness = self._freshness.read()
        return SearchResult(query.text, tuple(hits), freshness, time.perf_counter() - began, tuple(notices))

    def ask(self, question: str, by: Person = NOBODY, *, record: bool = True, follows: str = "") -> Answer:
        """Return an answer from what is indexed now, with what people said of it; with ``record``
        off nothing of it is kept. ``follows`` is the id of the kept answer that the question goes on
        from. Raises NotFoundError when that one is not kept.
        """
        began = time.perf_counter()
        pasted = question.count("\n") >= PASTED_LINES or len(question) > PASTED_LENGTH
        answer = self.mentor.traces.answer(question) if pasted else None
        if answer is None:
            before = self.pages.asked.last(question, follows) if follows else None
            answer = (self._answerer if record else self._quiet).ask(question, by, before)
        fresh = self._freshness.read()
        # What the search had to do without is said beside how fresh the index is.
        fresh = replace(fresh, notices=(*fresh.notices, *answer.freshness.notices))
        answer = replace(answer, freshness=fresh, seconds=time.perf_counter() - began)
        if not record:
            return self.reviews.marked(replace(answer, gap_id=None))
        return self.reviews.marked(replace(answer, kept_id=self.pages.asked.keep(answer)))

    def review(self, draft: ReviewDraft) -> Answer:
        """Keep a person's mark on the answer that was read, and return it with its marks.

        That is the kept answer ``asked_id``, else the last one given to this very question, else a
        fresh one.
        """
        kept = self.pages.asked.last(draft.question, draft.asked_id)
        return self.reviews.add(draft, kept or self._quiet.ask(draft.question))

    def who(self, wanted: WhoWanted) -> WhoKnows:
        """Return who most likely knows something."""
        return replace(self._who.knows(wanted), freshness=self._freshness.read())

    def fresh(self) -> Freshness:
        """Return of what state of the repository an answer speaks."""
        return self._freshness.read()

    # ------------------------------------------------------------------------ the job

    def outdated(self) -> bool:
        """Say whether HEAD, a ref or the working copy is not what is indexed."""
        return self._sync.outdated()

    def words(self, control: Control) -> IndexReport:
        """Make HEAD and the working copy searchable by words."""
        report = self._sync.words(control)
        takeover.remember(self._location, self._catalog)
        self._notes.read_back()
        return self._counted(report)

    def embed(self, control: Control) -> IndexReport:
        """Store every missing vector."""
        return self._counted(self._sync.embed(control))

    def publish(self, control: Control) -> None:
        """Build what makes vector search fast, then read what later questions would wait for: declarations,
        offered answers, summaries, and who wrote the most-used files.
        """
        self._sync.publish(control)
        self.mentor.inventory.read_ahead(control)
        self.pages.home.try_starters(self._quiet.ask, control)
        self.mentor.modules.fill(control)
        BlameCache(self._catalog, self._repository).fill(control)

    def warming(self) -> Sequence[Callable[[], object]]:
        """Return what loads, part by part, what later questions and the window's pages need."""
        parts: list[Callable[[], object]] = [*self.pages.warming()]
        if self._reader is not None:
            parts.append(self._reader.load)
        if self._embedder is not None and self._vectors is not None:
            parts += [self._embedder.model, self._vectors.load]
        return parts

    def warm(self) -> None:
        """Load all of that."""
        for load in self.warming():
            load()

    # ------------------------------------------------------------------------ what people made

    def add_note(self, draft: NoteDraft) -> Note:
        """Keep a note."""
        return self._notes.add(draft)

    def edit_note(self, note_id: str, draft: NoteDraft) -> Note:
        """Change what the draft gives."""
        return self._notes.edit(note_id, draft)

    def note(self, note_id: str) -> Note:
        """Return one note."""
        return self._notes.show(note_id)

    def notes(self) -> Sequence[Note]:
        """Return every note, the last changed first."""
        return self._notes.list()

    def gaps(self, answered: bool, dismissed: bool = False) -> Sequence[Gap]:
        """Return the open gaps, or all of them, or those dismissed alone, the most asked first."""
        return self._notes.gaps(answered=answered, dismissed=dismissed)

    def compare(self, note_id: str) -> NoteComparison:
        """Return a note with its lines as they were and as they are."""
        return self._notes.compare(note_id)

    def note_versions(self, note_id: str) -> Sequence[Note]:
        """Return every version of a note, oldest first."""
        return self._notes.versions(note_id)

    def note_problems(self) -> Sequence[Skipped]:
        """Return the files that mean to be notes and cannot be read as such."""
        return self._notes.problems()

    def publish_notes(self, into: str, note_ids: Sequence[str]) -> PublishReport:
        """Write notes into the work tree."""
        return self._publisher.publish(into, note_ids)

    # ------------------------------------------------------------------------ written out

    @property
    def local_only(self) -> bool:
        """Whether nothing of this repository may leave the machine."""
        return self._people.choice(LOCAL_ONLY) == "on"

    def mark_local_only(self, on: bool) -> None:
        """Set or take away that mark; it is kept with the notes."""
        self._people.choose(LOCAL_ONLY, "on" if on else "off")

    def nearness(self) -> Nearness | None:
        """Return what tells how near two texts are, if the model is the one its limits were measured on."""
        if self._embedder is None or self._settings.indexing.model != PACKAGED:
            return None
        try:
            self._embedder.model()
        except ModelError:
            return None
        return nearness_by(self._embedder)

    # ------------------------------------------------------------------------ its state

    def status(self, job: Progress | None) -> IndexStatus:
        """Return the state of the index; ``job`` is where the running job stands."""
        facts = self._repository.facts()
        with self._catalog.snapshot() as reader:
            return IndexStatus(
                index_id=self._location.index_dir.name,
                index_dir=shown_path(str(self._location.index_dir)),
                repository=_shown(facts),
                freshness=self._freshness.read(),
                files=contents.count_files(reader),
                chunks=replace(contents.chunk_counts(reader), note=self._notes.count()),
                skipped=len(contents.skipped_list(reader)),
                redactions=contents.count_redactions(reader),
                symbols=contents.count_symbols(reader),
                commits=contents.count_commits(reader),
                languages=contents.languages(reader),
                model="none" if self._embedder is None else self._embedder.name,
                generation="" if self._vectors is None else self._vectors.index.generation,
                disk_bytes=care.disk_bytes(self._location.index_dir),
                job=job,
                engine_pid=os.getpid(),
                notices=(*self._catalog.notices, *self._people.notices, *self._notices()),
                left_behind=self._left_behind(),
            )

    def leave_behind(self) -> None:
        """Ask no more whether the index left behind should be moved here."""
        self._people.choose(LEFT_THERE, takeover.left_behind(self._location))

    def health(self) -> Health:
        """Return what the doctor finds."""
        return Health(tuple(care.examine(self._parts())))

    # ------------------------------------------------------------------------ private

    def _answerer_with(self, notes: NoteShelf) -> Answerer:
        # A file that is a note speaks as one, and not as a document besides.
        searcher = NotesApart(self._searcher, self._notes)
        return Answerer(searcher, self._catalog, self._repository, notes, self._embedder, self._reader)

    def _open_embedder(self) -> LateEmbedder | None:
        """Return the model, without reading the packaged one yet; another one must say its length."""
        indexing = self._settings.indexing
        if indexing.model == "none":
            self._model_notices = ("Search is by words only: the settings turn the model off.",)
            return None
        embedder = LateEmbedder(indexing, self._settings.engine)
        try:
            if indexing.model != PACKAGED:
                embedder.model()
        except ModelError as error:
            self._model_notices = (f"{error.message} {error.hint} Until then search is by words only.",)
            return None
        return embedder

    def _parts(self) -> care.Parts:
        return care.Parts(
            self._location.index_dir,
            self._settings,
            self._catalog,
            self._people,
            self._repository,
            None if self._vectors is None else self._vectors.index,
            " ".join(self._model_notices) or self._searcher.problem(),
        )

    def _notices(self) -> tuple[str, ...]:
        offered = self._left_behind()
        lore = tuple(f"{each.path}: {each.reason}" for each in self._notes.problems()[:MOST_NAMED])
        return (*self._model_notices, *lore, *((takeover.offer(offered),) if offered else ()))

    def _left_behind(self) -> str:
        place = takeover.left_behind(self._location)
        return "" if place == self._people.choice(LEFT_THERE) else place

    def _counted(self, report: IndexReport) -> IndexReport:
        self._freshness.forget_counts()
        self.pages.suggester.forget()
        return replace(
            report,
            chunks=replace(report.chunks, note=self._notes.count()),
            notices=(*report.notices, *self._notices()),
        )


def _pool(settings: IndexingSettings) -> ParsePool:
    limits = Limits(settings.parse_bytes, settings.lines_bytes)
    return ParsePool(settings.parse_workers, settings.parse_seconds, limits)


def _shown(facts: RepositoryFacts) -> RepositoryFacts:
    """Return ``facts`` with every path as it may leave the engine."""
    return replace(
        facts,
        common_dir=shown_path(facts.common_dir),
        work_tree=None if facts.work_tree is None else shown_path(facts.work_tree),
        branch=None if facts.branch is None else shown_path(facts.branch),
        submodules=tuple(shown_path(each) for each in facts.submodules),
        notices=tuple(shown_path(each) for each in facts.notices),
    )
