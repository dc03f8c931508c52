"""Brings the index up to the repository: scan, history and content, links; then vectors."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from indexer.errors import DamagedIndexError, StorageError
from indexer.index.catalog import (
    Catalog,
    build_indexes,
    get_meta,
    is_damage,
    is_refusal_of_the_disk,
    set_meta,
)
from indexer.index.content_update import ROWS_PER_COMMIT, ContentUpdate, has_late
from indexer.index.contents import chunk_counts, count_files, embedded_count, passage_count, skipped_list
from indexer.index.embedding import Embedder
from indexer.index.embedding_job import EmbeddingJob
from indexer.index.intake import Intake
from indexer.index.links import link, rank
from indexer.index.log_intake import LogIntake, LogReader, show_grown, show_only
from indexer.index.pruning import prune
from indexer.index.scan import Look, Scan, look, scan
from indexer.index.vectors import VectorIndex
from indexer.repo.parsing import ParsePool
from indexer.repo.repository import Repository
from indexer.settings import Settings
from indexer.types import CommitRecord, Control, IndexReport, Phase, Progress, Skipped

READING = "8"
"""To be raised whenever chunks, words, symbols, marks or the text that is embedded are made another way:
all content is then read again. Vectors of texts that stay the same are kept."""


class Sync:
    """Works on one catalog. One run at a time; ``outdated`` may be called from another thread."""

    def __init__(
        self,
        repository: Repository,
        catalog: Catalog,
        pool: ParsePool,
        settings: Settings,
        embedder: Embedder | None,
        vectors: VectorIndex | None,
    ) -> None:
        self._repository = repository
        self._catalog = catalog
        self._pool = pool
        self._settings = settings.indexing
        self._embedder = embedder
        self._vectors = vectors
        self._seen: tuple[str, Look] | None = None
        self.included: Callable[[], frozenset[str]] = frozenset
        """Returns the paths, as shown, that a person wants read though they would be left out."""
        self._reading = f"{READING}:{self._settings.parse_bytes}:{self._settings.lines_bytes}"

    def run(self, control: Control, words_only: bool = False) -> IndexReport:
        """Do all three steps, or the first alone. Raises what they raise."""
        report = self.words(control)
        if words_only or self._embedder is None or self._vectors is None:
            return report
        embedded = self.embed(control)
        started = time.monotonic()
        self.publish(control)
        seconds = {**report.seconds, **embedded.seconds, Phase.PUBLISH.value: time.monotonic() - started}
        seconds["total"] = report.seconds["total"] + embedded.seconds["total"] + seconds[Phase.PUBLISH.value]
        return self._report(seconds, embedded.embedded)

    def words(self, control: Control) -> IndexReport:
        """Make HEAD and the working copy searchable by words, symbols and history.

        Interrupted at any point, it goes on from the last commit of the catalog. A catalog that
        turns out to be damaged is set aside and built anew, once.
        Raises CancelledError, StorageError (disk full) and DamagedIndexError.
        """
        with _catalog_errors(self._catalog):
            try:
                return self._words(control)
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
                self._catalog.restart(f"The catalog was damaged ({error})")
            return self._words(control)

    def embed(self, control: Control) -> IndexReport:
        """Store every vector that is missing, most-used code first; then tidy up.

        Raises ModelError when the stored vectors are another model's.
        """
        clock = _Clock()
        made = 0
        if self._embedder is not None and self._vectors is not None:
            with _catalog_errors(self._catalog), clock.phase(Phase.EMBED):
                made = EmbeddingJob(self._catalog, self._embedder, self._vectors).run(control)
        with _catalog_errors(self._catalog):
            prune(self._catalog, control)
            self._catalog.fold_log()
        return self._report(clock.seconds(), made)

    def publish(self, control: Control) -> None:
        """Build what makes vector search fast on a large index; nobody waits for it."""
        if self._vectors is not None:
            self._vectors.build_generation(control)

    def outdated(self) -> bool:
        """Return whether HEAD, a reference or the working copy differs from what was last scanned."""
        if self._seen is None:
            return True
        hint, seen = self._seen
        if self._repository.head_hint() != hint or seen.included != self.included():
            return True
        if not self._settings.working_copy:
            return False
        known = {file.oid for file in seen.working.changed}
        return not seen.same_files(self._repository.working_copy(seen.entries, known))

    def _words(self, control: Control) -> IndexReport:
        clock = _Clock()
        control.checkpoint()
        with clock.phase(Phase.SCAN):
            control.report(Progress(Phase.SCAN, 0, 0, "files"))
            hint = self._repository.head_hint()
            writer = self._catalog.writer()
            known = {oid for (oid,) in writer.execute("SELECT oid FROM blob")}
            seen = look(self._repository, self._settings, known, self.included())
            if seen.head is None and self._repository.head_problem and get_meta(writer, "head") is not None:
                # What cannot be read for now is not gone: the last good state stays, and is looked at again.
                return self._report(clock.seconds(), 0)
            if get_meta(writer, "reading") not in (None, self._reading):
                self._catalog.restart("", keep_vectors=True)
                writer = self._catalog.writer()
            changed = get_meta(writer, "state") != seen.state or has_late(writer)
            target = scan(self._repository, seen, self._settings) if changed else None
        if target is not None:
            self._bring_up_to(target, control, clock)
        if get_meta(writer, "links") != "complete":
            with clock.phase(Phase.LINK):
                self._link(None, control)
        self._seen = (hint, seen)
        return self._report(clock.seconds(), 0)

    def _bring_up_to(self, target: Scan, control: Control, clock: _Clock) -> None:
        writer = self._catalog.writer()
        live = get_meta(writer, "state") is None
        if writer.execute("SELECT 1 FROM blob LIMIT 1").fetchone():
            build_indexes(writer)  # a first load that was cut short is taken up again
        with self._catalog.transaction():
            set_meta(writer, "reading", self._reading)
        intake = Intake(writer)
        history = LogIntake(writer, intake, live=live)
        content = ContentUpdate(self._catalog, intake, target, live=live)
        log = self._open_log(target.head, history)
        try:
            with clock.phase(Phase.PARSE):
                self._parse(content, control)
            with clock.phase(Phase.HISTORY):
                if log is not None:
                    self._take_log(log, history, intake, control)
        finally:
            if log is not None:
                log.close()
        with clock.phase(Phase.LINK):
            build_indexes(writer)
            changed = self._show(target, content, history)
            self._link(None if live else changed, control)

    def _parse(self, content: ContentUpdate, control: Control) -> None:
        total, began = content.unseen, time.monotonic()
        for path in content.parse(self._repository, self._pool, self._settings, control.checkpoint):
            rate = content.parsed / max(time.monotonic() - began, 0.001)
            control.report(Progress(Phase.PARSE, content.parsed, total, "files", path, rate))
        content.place_known(control.checkpoint)

    def _open_log(self, head: str | None, history: LogIntake) -> LogReader | None:
        begin = None if head is None else history.begin(head)
        if begin is None:
            return None
        starts, leave_out = (self._existing(oids) for oids in begin)
        with self._catalog.transaction() as writer:
            history.mark_begun(writer)
        return LogReader(self._repository.commits(starts, leave_out)) if starts else None

    def _existing(self, oids: Sequence[str]) -> list[str]:
        """Return those that are there: parents at a shallow edge are not, nor is what was pruned."""
        return [blob.oid for blob in self._repository.blobs(oids, 0) if "missing" not in blob.problem]

    def _take_log(self, log: LogReader, history: LogIntake, intake: Intake, control: Control) -> None:
        began = time.monotonic()

        def records() -> Iterator[CommitRecord]:
            for record in log:
                control.checkpoint()
                yield record

        try:
            for added in history.take(records(), self._pool.tokenize):
                if intake.pending >= ROWS_PER_COMMIT:
                    self._flush(intake)
                    rate = added / max(time.monotonic() - began, 0.001)
                    control.report(Progress(Phase.HISTORY, added, 0, "commits", rate=rate))
        finally:
            self._flush(intake)

    def _flush(self, intake: Intake) -> None:
        if intake.pending:
            with self._catalog.transaction() as writer:
                intake.flush(writer)

    def _show(self, target: Scan, content: ContentUpdate, history: LogIntake) -> set[int]:
        """Switch what is current to ``target``, in one transaction: no reader sees a mixture."""
        losses = self._repository.losses()
        with self._catalog.transaction(durable=True) as writer:
            old_head = get_meta(writer, "head")
            set_meta(writer, "links", "stale")
            changed = content.show(writer)
            self._show_history(writer, old_head, target.head, history)
            # A history with a hole is asked for again: what is missing may come back.
            whole = not any(each.path.startswith("commit ") for each in losses)
            if target.head is not None and whole:
                history.mark_complete(writer, target.head)
            set_meta(writer, "head", target.head)
            set_meta(writer, "state", target.state)
            set_meta(writer, "left_out", _listed((*target.unsafe, *losses)))
        return changed

    def _show_history(
        self, writer: sqlite3.Connection, old_head: str | None, head: str | None, history: LogIntake
    ) -> None:
        if history.shown_as_read or (head == old_head and not history.resumed):
            return
        if head is None:
            show_only(writer, ())
        elif history.resumed or not show_grown(writer, old_head, head):
            show_only(writer, self._repository.ancestry(head))

    def _link(self, changed: set[int] | None, control: Control) -> None:
        control.checkpoint()
        control.report(Progress(Phase.LINK, 0, 1, "files"))
        with self._catalog.transaction(durable=True) as writer:
            link(writer, changed)
            rank(writer)
            set_meta(writer, "links", "complete")
            set_meta(writer, "words_complete", "1")
        control.report(Progress(Phase.LINK, 1, 1, "files"))

    def _report(self, seconds: dict[str, float], made: int) -> IndexReport:
        with self._catalog.snapshot() as reader:
            embedded, commit = embedded_count(reader), get_meta(reader, "head")
            problem = self._repository.head_problem if commit is not None else ""
            kept = (f"{problem}; what was indexed before is kept until it can be read.",) if problem else ()
            return IndexReport(
                commit=commit,
                files=count_files(reader),
                chunks=chunk_counts(reader),
                embedded=made,
                reused=max(0, embedded - made),
                skipped=tuple(skipped_list(reader)),
                seconds=seconds,
                words_complete=get_meta(reader, "words_complete") == "1",
                vectors_complete=embedded == passage_count(reader),
                notices=(*self._catalog.notices, *kept),
            )


class _Clock:
    """Adds up the seconds of each phase; ``seconds`` has "total" since the start as well."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._spent: dict[str, float] = {}

    @contextlib.contextmanager
    def phase(self, phase: Phase) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self._spent[phase.value] = self._spent.get(phase.value, 0.0) + time.monotonic() - began

    def seconds(self) -> dict[str, float]:
        return {**self._spent, "total": time.monotonic() - self._began}


@contextlib.contextmanager
def _catalog_errors(catalog: Catalog) -> Iterator[None]:
    """Say in a person's words what the disk or the file refused."""
    try:
        yield
    except sqlite3.Error as error:
        if is_refusal_of_the_disk(error):
            raise StorageError(
                f"The index at {catalog.path} cannot be written: {error}. "
                "What was indexed before still answers.",
                "Free some space (or mend the permissions), then run `lorebase index` again.",
            ) from error
        if is_damage(error):
            raise DamagedIndexError(f"The catalog is damaged: {error}.", "Run `lorebase repair`.") from error
        raise


def _listed(left_out: Iterable[Skipped]) -> str:
    """Return what table meta holds of what no path of the index stands for."""
    return json.dumps([(each.path, each.reason) for each in left_out])
