"""Brings content and paths up to a scan: unseen blobs are parsed, known ones only placed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from indexer.index.catalog import Catalog
from indexer.index.intake import Intake, StoredChunk, stored_chunks
from indexer.index.scan import Scan, Target, too_large
from indexer.repo.objects import object_id
from indexer.repo.parsing import ParseJob, ParsePool
from indexer.repo.repository import Repository
from indexer.settings import IndexingSettings
from indexer.types import ParsedFile

SHA1_DIGITS = 40

TRIES = 4
"""How often one content is read that the clock cuts short: at once, and at the indexings after."""

_LATE = ":late"
"""Stands after what a blob was asked as, with a number, until it is read in time or was tried often enough:
by its own name it is unseen, and so it is read at the next indexing.
"""

ROWS_PER_COMMIT = 4_000
"""Chunks written in one transaction: some 50 ms, and what a kill costs at most."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row of table entry, as far as a scan decides it."""

    oid: str
    mode: int
    size: int
    working: int
    marks: int
    blob_id: int | None
    skipped: str


class ContentUpdate:
    """One run's work on content. ``live``: nothing was shown yet, so each file is at once."""

    def __init__(self, catalog: Catalog, intake: Intake, scan: Scan, *, live: bool) -> None:
        writer = catalog.writer()
        self._catalog = catalog
        self._intake = intake
        self._scan = scan
        self._live = live
        self._entries = {
            row[0]: _Entry(*row[1:])
            for row in writer.execute(
                "SELECT path_id, oid, mode, size, working, marks, blob_id, skipped FROM entry"
            )
        }
        self._blobs: dict[tuple[str, str], tuple[int, str, int]] = {
            (oid, asked): (blob_id, skipped, marks)
            for blob_id, oid, asked, skipped, marks in writer.execute(
                "SELECT id, oid, asked, skipped, marks FROM blob"
            )
        }
        self._problems: dict[str, str] = {}
        self._tried: dict[tuple[str, str], int] = {}
        """How often a content was read that the clock cut short each time."""
        for oid, asked in self._blobs:
            plain, late, number = asked.rpartition(_LATE)
            if late:
                self._tried[oid, plain] = max(self._tried.get((oid, plain), 0), int(number))
        self._unseen: dict[tuple[str, str], list[Target]] = {}
        for target in scan.targets:
            if not target.skipped and (target.oid, target.asked) not in self._blobs:
                self._unseen.setdefault((target.oid, target.asked), []).append(target)
        self.parsed = 0

    @property
    def unseen(self) -> int:
        """How many blobs must be read and parsed."""
        return len(self._unseen)

    def parse(
        self,
        repository: Repository,
        pool: ParsePool,
        settings: IndexingSettings,
        checkpoint: Callable[[], None],
    ) -> Iterator[str]:
        """Read and parse what is unseen, and store it; yield a path as each is done."""
        keys = list(self._unseen)
        # Largest first, so that no worker is left alone with a large file at the end.
        keys.sort(key=lambda key: -self._unseen[key][0].size)
        jobs = self._jobs(keys, repository, settings)
        try:
            for number, parsed in pool.parse(jobs, checkpoint):
                yield self._store(keys[number], parsed)
                if self._intake.pending >= ROWS_PER_COMMIT:
                    self.flush()
        finally:
            self.flush()

    def place_known(self, checkpoint: Callable[[], None]) -> None:
        """Give each path whose content was known the passages that it lacks: nothing is parsed."""
        writer = self._catalog.writer()
        for target in self._scan.targets:
            known = self._blobs.get((target.oid, target.asked))
            if target.skipped or known is None or (target.oid, target.asked) in self._unseen:
                continue
            path_id = self._intake.path_id(target.path)
            old = self._entries.get(path_id)
            if (old is not None and old.blob_id == known[0]) or _is_placed(writer, path_id, known[0]):
                continue
            self._intake.place(target.path, stored_chunks(writer, known[0]), current=False)
            if self._intake.pending >= ROWS_PER_COMMIT:
                self.flush()
                checkpoint()
        self.flush()

    def flush(self) -> None:
        """Commit what was gathered."""
        if self._intake.pending:
            with self._catalog.transaction() as writer:
                self._intake.flush(writer)

    def show(self, writer: sqlite3.Connection) -> set[int]:
        """Make exactly the scan's state current, inside the caller's transaction.

        Return the ids of the paths that show something else than before.
        """
        changed: list[tuple[int, _Entry]] = []
        wanted: set[int] = set()
        for target in self._scan.targets:
            path_id = self._intake.path_id(target.path)
            wanted.add(path_id)
            entry = self._entry(target)
            if self._entries.get(path_id) != entry:
                changed.append((path_id, entry))
        gone = [path_id for path_id in self._entries if path_id not in wanted]
        self._intake.flush(writer)  # paths without content: submodules, files left out
        hidden = [(path_id,) for path_id, _ in changed if path_id in self._entries]
        hidden += [(path_id,) for path_id in gone]
        writer.executemany("UPDATE passage SET current = 0 WHERE path_id = ? AND current = 1", hidden)
        writer.executemany("DELETE FROM entry WHERE path_id = ?", ((path_id,) for path_id in gone))
        writer.executemany(
            "INSERT INTO entry (path_id, oid, mode, size, working, marks, blob_id, skipped) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path_id) DO UPDATE SET oid = excluded.oid, "
            "mode = excluded.mode, size = excluded.size, working = excluded.working, "
            "marks = excluded.marks, blob_id = excluded.blob_id, skipped = excluded.skipped",
            (_row(path_id, entry) for path_id, entry in changed),
        )
        writer.executemany(
            "UPDATE passage SET current = 1 WHERE path_id = ? AND chunk_id IN "
            "(SELECT id FROM chunk WHERE blob_id = ?)",
            ((path_id, entry.blob_id) for path_id, entry in changed if entry.blob_id is not None),
        )
        return {path_id for path_id, _ in changed} | set(gone)

    def _jobs(
        self, keys: list[tuple[str, str]], repository: Repository, settings: IndexingSettings
    ) -> Iterator[ParseJob]:
        data_of = self._scan.working_data
        in_git = []
        for number, (oid, _) in enumerate(keys):
            if oid in data_of:
                yield self._job(number, keys[number], data_of[oid])
            elif self._unseen[keys[number]][0].working:
                data = repository.working_bytes(self._unseen[keys[number]][0].path)
                if data is None or _blob_id(data, oid) != oid:
                    self._problems[oid] = "changed while it was read"
                else:
                    yield self._job(number, keys[number], data)
            else:
                in_git.append(number)
        blobs = repository.blobs((keys[number][0] for number in in_git), settings.lines_bytes)
        for number, blob in zip(in_git, blobs, strict=True):
            if blob.data is None:
                reason = too_large(settings) if blob.problem.startswith("too large") else blob.problem
                self._problems[blob.oid] = reason or "could not be read"
            else:
                yield self._job(number, keys[number], blob.data)

    def _job(self, number: int, key: tuple[str, str], data: bytes) -> ParseJob:
        target = self._unseen[key][0]
        return ParseJob(number, target.path, target.file_class, data)

    def _store(self, key: tuple[str, str], parsed: ParsedFile) -> str:
        targets = self._unseen[key]
        size = targets[0].size
        oid, asked = key
        if parsed.late:
            tries = self._tried.get(key, 0) + 1
            parsed = _told_as_late(parsed, tries)
            if tries < TRIES:
                asked += f"{_LATE}{tries}"
        blob_id, chunks = self._intake.add_blob(oid, asked, size, parsed)
        self._blobs[key] = (blob_id, parsed.skipped, int(parsed.marks))
        for target in targets:
            self._place(target, chunks)
        self.parsed += 1
        return targets[0].path

    def _place(self, target: Target, chunks: list[StoredChunk]) -> None:
        path_id = self._intake.path_id(target.path)
        fresh = self._live and path_id not in self._entries
        self._intake.place(target.path, chunks, current=fresh)
        if fresh:
            entry = self._entries[path_id] = self._entry(target)
            self._intake.add_row("entry", _row(path_id, entry))

    def _entry(self, target: Target) -> _Entry:
        blob_id, skipped, marks = None, target.skipped, int(target.file_class.marks)
        if not skipped:
            known = self._blobs.get((target.oid, target.asked))
            if known is None:
                skipped = self._problems.get(target.oid, "could not be read")
            else:
                blob_id, skipped, own = known
                marks |= own
        return _Entry(target.oid, target.mode, target.size, int(target.working), marks, blob_id, skipped)


def _is_placed(writer: sqlite3.Connection, path_id: int, blob_id: int) -> bool:
    """Return whether this content was at this path before: its passages are there, all or none."""
    row = writer.execute(
        "SELECT 1 FROM passage WHERE path_id = ? "
        "AND chunk_id = (SELECT min(id) FROM chunk WHERE blob_id = ?)",
        (path_id, blob_id),
    ).fetchone()
    return row is not None


def has_late(reader: sqlite3.Connection) -> bool:
    """Say whether a current file was cut short by the clock and is to be read again."""
    row = reader.execute(
        "SELECT 1 FROM entry JOIN blob ON blob.id = entry.blob_id WHERE instr(asked, ?) LIMIT 1", (_LATE,)
    ).fetchone()
    return row is not None


def _told_as_late(parsed: ParsedFile, tries: int) -> ParsedFile:
    """Return a file with its reason, which says what becomes of it."""
    then = "tried again at the next indexing" if tries < TRIES else f"tried {tries} times"
    if parsed.skipped:
        return replace(parsed, skipped=f"{parsed.skipped}; {then}")
    return replace(parsed, notice=f"{parsed.notice}; {then}")


def _blob_id(data: bytes, like: str) -> str:
    """Return git's id of this content, by the algorithm that made ``like``."""
    return object_id("blob", data, "sha1" if len(like) == SHA1_DIGITS else "sha256")


def _row(path_id: int, entry: _Entry) -> tuple[object, ...]:
    return (
        path_id,
        entry.oid,
        entry.mode,
        entry.size,
        entry.working,
        entry.marks,
        entry.blob_id,
        entry.skipped,
    )
