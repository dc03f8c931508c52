"""The writing side of history: commits from the log, in order, so that a killed read resumes."""

from __future__ import annotations

import contextlib
import json
import queue
import re
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

from indexer.index.catalog import get_meta, set_meta
from indexer.index.intake import CommitChunk, Intake
from indexer.repo.secrets import redact
from indexer.repo.words import stems
from indexer.types import CommitRecord, Redaction

Tokenize = Callable[[Iterable[tuple[int, str]]], Iterator[tuple[int, str, str, tuple[Redaction, ...]]]]
"""The parse pool's: texts by key to (key, redacted text, words, what was cut out)."""

ReadLog = Callable[[Sequence[str], Sequence[str]], Iterator[CommitRecord]]
"""The repository's log: (start from these commits, leave out the ancestry of these)."""

_AHEAD = 20_000
"""Commits read ahead of the writing (some 40 MB), so that git works while files are parsed."""

_BATCH = 256

_HEADS_KEPT = 40
"""Heads whose whole ancestry is known to be stored: what a branch switch need not read again."""

_ROOM_PER_READ = 1 << 40
"""Each read of the log numbers its commits downwards from a multiple of this, so that what is
read later, which is newer or on another branch, stands above, in topological order."""

_LONG_MESSAGE = 3_000
"""Characters above which a message is cut into several chunks: a change log pasted into a
message would else weigh as one long passage that no ranking likes."""

_TRAILERS = re.compile(r"(?:\n[A-Z][A-Za-z]*(?:-[A-Za-z]+)+: [^\n]*)+\s*\Z")


class LogReader:
    """Reads the log in a thread of its own, ahead of who takes the commits from it."""

    def __init__(self, records: Iterator[CommitRecord]) -> None:
        self._records = records
        self._queue: queue.Queue[list[CommitRecord] | BaseException | None] = queue.Queue(_AHEAD // _BATCH)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._read, name="log", daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[CommitRecord]:
        while True:
            batch = self._queue.get()
            if batch is None:
                return
            if isinstance(batch, BaseException):
                raise batch
            yield from batch

    def close(self) -> None:
        """Stop reading, and wait until git is gone."""
        self._stopped.set()
        while self._thread.is_alive():
            with contextlib.suppress(queue.Empty):
                self._queue.get(timeout=0.05)
        self._thread.join()

    def _read(self) -> None:
        batch: list[CommitRecord] = []
        last: BaseException | None = None
        try:
            for record in self._records:
                batch.append(record)
                if len(batch) >= _BATCH:
                    self._put(batch)
                    batch = []
                if self._stopped.is_set():
                    break
        except Exception as error:  # noqa: BLE001 - raised again in the thread that takes
            last = error
        finally:
            close = getattr(self._records, "close", None)
            if close is not None:
                close()
        self._put(batch)
        self._put(last)

    def _put(self, batch: list[CommitRecord] | BaseException | None) -> None:
        while not self._stopped.is_set():
            with contextlib.suppress(queue.Full):
                self._queue.put(batch, timeout=0.2)
                return


class LogIntake:
    """Turns commits into rows. ``live``: nothing was indexed yet, so all is shown at once."""

    def __init__(self, writer: sqlite3.Connection, intake: Intake, *, live: bool) -> None:
        self._writer = writer
        self._intake = intake
        self._live = live
        self._ids: dict[str, int] = {oid: key for key, oid in writer.execute("SELECT id, oid FROM commits")}
        self._people: dict[tuple[str, str], int] = {
            (name, email): key for key, name, email in writer.execute("SELECT id, name, email FROM person")
        }
        self._next_id = max(self._ids.values(), default=0) + 1
        self._next_person = max(self._people.values(), default=0) + 1
        self._first_id = self._next_id
        self._parents: set[str] = set()
        reads = int(get_meta(writer, "log_reads") or 0)
        self.resumed = get_meta(writer, "log_partial") is not None
        self._read_number = reads if self.resumed else reads + 1
        floor = self._read_number * _ROOM_PER_READ
        lowest = writer.execute("SELECT min(sequence) FROM commits WHERE sequence >= ?", (floor,)).fetchone()[
            0
        ]
        self._sequence = lowest if lowest is not None else floor + _ROOM_PER_READ - 1
        self.added = 0

    def begin(self, head: str) -> tuple[list[str], list[str]] | None:
        """Return where the log starts and what it leaves out; None when all is stored already."""
        done = complete_heads(self._writer)
        if head in done:
            return None
        if head in self._ids:
            # Either a read that was cut short, newest first: go on below what it stored; or a
            # commit of a line that is stored whole.
            starts = self._frontier() if self.resumed else []
            if not starts:
                return None
        else:
            starts = [head]
        return starts, done

    def mark_begun(self, writer: sqlite3.Connection) -> None:
        """Record, inside the caller's transaction, that a read of the log is under way."""
        set_meta(writer, "log_reads", str(self._read_number))
        set_meta(writer, "log_partial", "1")

    def mark_complete(self, writer: sqlite3.Connection, head: str) -> None:
        """Record that all of ``head``'s ancestry is stored."""
        heads = [head, *(each for each in complete_heads(writer) if each != head)]
        set_meta(writer, "log_heads", json.dumps(heads[:_HEADS_KEPT]))
        set_meta(writer, "log_partial", None)

    def continues(self, old_head: str | None) -> bool:
        """Return whether what was added stands on top of ``old_head``, none of which is lost.

        Exact for one read that left out only ``old_head``: some commit between the two must name
        it as a parent. Else it may say no where yes is true, which costs a walk and no more.
        """
        return old_head in self._parents

    def take(self, records: Iterable[CommitRecord], tokenize: Tokenize) -> Iterator[int]:
        """Gather rows for each commit that is new, in the log's order; yield how many, now and then.

        The order matters: what is stored when a kill strikes is then all commits above some line.
        """
        waiting: deque[tuple[int, CommitRecord]] = deque()
        done: dict[int, tuple[str, str, tuple[Redaction, ...]]] = {}

        def messages() -> Iterator[tuple[int, str]]:
            for key, record in enumerate(records):
                if record.oid in self._ids:
                    continue
                waiting.append((key, record))
                yield key, _TRAILERS.sub("", record.message)

        for key, text, words, redactions in tokenize(messages()):
            done[key] = (text, words, redactions)
            while waiting and waiting[0][0] in done:
                place, record = waiting.popleft()
                self._add(record, *done.pop(place))
            yield self.added

    @property
    def fresh(self) -> bool:
        """True when no commit was stored before this run."""
        return self._first_id == 1

    def added_ids(self) -> range:
        """Return the ids of the commits that this run added."""
        return range(self._first_id, self._next_id)

    def _frontier(self) -> list[str]:
        """Return the commits, not stored, that stored ones name as parents."""
        floor = self._read_number * _ROOM_PER_READ
        rows = self._writer.execute("SELECT parents FROM commits WHERE sequence >= ?", (floor,))
        return sorted({oid for (parents,) in rows for oid in parents.split()} - self._ids.keys())

    def _add(self, record: CommitRecord, text: str, words: str, redactions: tuple[Redaction, ...]) -> None:
        intake = self._intake
        commit_id = self._ids[record.oid] = self._next_id
        self._next_id += 1
        subject, _, _ = text.partition("\n")
        intake.add_row(
            "commits",
            (
                commit_id,
                record.oid,
                self._sequence,
                " ".join(record.parents),
                self._person_id(record.author, record.email),
                record.authored,
                record.committed,
                subject,
                int(record.changes_known),
                int(self._live),
            ),
        )
        self._sequence -= 1
        self._parents.update(record.parents)
        for change in record.changes:
            intake.add_row("change", (commit_id, intake.path_id(change.path), change.status))
        for each in redactions:
            intake.add_row("redaction", (None, commit_id, each.type, each.start_line, each.end_line))
        for chunk in self._chunks(commit_id, record, text, words):
            intake.add_commit_chunk(chunk)
        self.added += 1

    def _chunks(self, commit_id: int, record: CommitRecord, text: str, words: str) -> Iterator[CommitChunk]:
        subject, _, rest = text.partition("\n")
        subject_words, split, body_words = words.partition("\n")
        if rest and not split:
            subject_words, body_words = " ".join(stems(subject)), " ".join(stems(rest))
        trailers = _TRAILERS.search(record.message)
        if trailers:
            text += redact(trailers.group())[0]
        text = text.rstrip()
        if len(text) <= _LONG_MESSAGE:
            lines = text.count("\n") + 1
            yield CommitChunk(
                commit_id, 1, lines, subject, text, words, subject_words, body_words, self._live
            )
            return
        for start, end, piece in _pieces(text):
            words = " ".join(stems(piece))
            yield CommitChunk(commit_id, start, end, subject, piece, words, subject_words, words, self._live)

    def _person_id(self, name: str, email: str) -> int:
        known = self._people.get((name, email))
        if known is None:
            known = self._people[name, email] = self._next_person
            self._next_person += 1
            self._intake.add_row("person", (known, name, email))
        return known


def complete_heads(reader: sqlite3.Connection) -> list[str]:
    """Return the heads whose whole ancestry is stored, latest first."""
    heads: list[str] = json.loads(get_meta(reader, "log_heads") or "[]")
    return heads


def show_added(writer: sqlite3.Connection, ids: range) -> None:
    """Make the commits of ``ids`` current: HEAD's line has grown by them."""
    bounds = (ids.start, ids.stop)
    writer.execute("UPDATE commits SET reachable = 1 WHERE id >= ? AND id < ?", bounds)
    writer.execute(
        "UPDATE passage SET current = 1 WHERE path_id = 0 AND chunk_id IN "
        "(SELECT id FROM chunk WHERE commit_id >= ? AND commit_id < ?)",
        bounds,
    )


def show_only(writer: sqlite3.Connection, ancestry: Iterable[str]) -> int:
    """Make exactly the commits of ``ancestry`` current; return how many changed sides."""
    writer.execute("CREATE TEMP TABLE IF NOT EXISTS reached (oid TEXT PRIMARY KEY) WITHOUT ROWID")
    writer.execute("CREATE TEMP TABLE IF NOT EXISTS flipped (id INTEGER PRIMARY KEY, reachable INTEGER)")
    writer.execute("DELETE FROM reached")
    writer.execute("DELETE FROM flipped")
    writer.executemany("INSERT OR IGNORE INTO reached VALUES (?)", ((oid,) for oid in ancestry))
    writer.execute(
        "INSERT INTO flipped SELECT id, 1 - reachable FROM commits "
        "WHERE reachable != (oid IN (SELECT oid FROM reached))"
    )
    writer.execute("UPDATE commits SET reachable = 1 - reachable WHERE id IN (SELECT id FROM flipped)")
    writer.execute(
        "UPDATE passage SET current = flip.reachable FROM "
        "(SELECT chunk.id AS chunk_id, reachable FROM flipped JOIN chunk ON chunk.commit_id = flipped.id) "
        "AS flip WHERE passage.chunk_id = flip.chunk_id AND passage.path_id = 0"
    )
    return int(writer.execute("SELECT count(*) FROM flipped").fetchone()[0])


def _pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """Cut a long message at blank lines, or at any line where there are none for too long."""
    start, size = 1, 0
    piece: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        full = size > _LONG_MESSAGE or (size > _LONG_MESSAGE // 2 and not line)
        if piece and full:
            yield start, number - 1, "\n".join(piece)
            start, size, piece = number, 0, []
        piece.append(line)
        size += len(line) + 1
    if piece:
        yield start, start + len(piece) - 1, "\n".join(piece)
