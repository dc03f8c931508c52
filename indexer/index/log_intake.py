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
from indexer.index.intake import Intake, MessageChunk
from indexer.repo.secrets import redact
from indexer.repo.words import stems
from indexer.types import CommitRecord, Redaction

Tokenize = Callable[[Iterable[tuple[int, str]]], Iterator[tuple[int, str, str, tuple[Redaction, ...]]]]
"""The parse pool's: texts by key to (key, redacted text, words, what was cut out); the words of
the first line stand on a line of their own."""

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

_TRAILER = re.compile(r"[A-Z][A-Za-z]*(?:-[A-Za-z]+)+: ")
"""How a line like `Signed-off-by: somebody` begins; git's own rules need a repository's settings."""


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
        reads = int(get_meta(writer, "log_reads") or 0)
        self.resumed = get_meta(writer, "log_partial") is not None
        self._read_number = reads if self.resumed else reads + 1
        floor = self._read_number * _ROOM_PER_READ
        lowest = writer.execute("SELECT min(sequence) FROM commits WHERE sequence >= ?", (floor,)).fetchone()[
            0
        ]
        self._sequence = (floor + _ROOM_PER_READ if lowest is None else lowest) - 1
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

    def take(self, records: Iterable[CommitRecord], tokenize: Tokenize) -> Iterator[int]:
        """Gather rows for each commit that is new, in the log's order; yield how many, now and then.

        The order matters: what is stored when a kill strikes is then all commits above some line.
        """
        waiting: deque[tuple[int, CommitRecord, str]] = deque()
        done: dict[int, tuple[str, str, tuple[Redaction, ...]]] = {}

        def messages() -> Iterator[tuple[int, str]]:
            for key, record in enumerate(records):
                if record.oid in self._ids:
                    continue
                body, trailers = _without_trailers(record.message)
                waiting.append((key, record, trailers))
                yield key, body

        for key, text, words, redactions in tokenize(messages()):
            done[key] = (text, words, redactions)
            while waiting and waiting[0][0] in done:
                place, record, trailers = waiting.popleft()
                redacted, found, redactions_of_it = done.pop(place)
                chunks = _chunks(redacted, found, trailers)
                self._add(record, chunks, redactions_of_it)
            yield self.added

    @property
    def shown_as_read(self) -> bool:
        """True when all that is stored was shown as it came: the first read, not cut short before."""
        return self._live and not self.resumed

    def _frontier(self) -> list[str]:
        """Return the commits, not stored, that stored ones name as parents."""
        floor = self._read_number * _ROOM_PER_READ
        rows = self._writer.execute("SELECT parents FROM commits WHERE sequence >= ?", (floor,))
        return sorted({oid for (parents,) in rows for oid in parents.split()} - self._ids.keys())

    def _add(
        self, record: CommitRecord, chunks: list[MessageChunk], redactions: tuple[Redaction, ...]
    ) -> None:
        intake = self._intake
        commit_id = self._ids[record.oid] = self._next_id
        self._next_id += 1
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
                chunks[0].subject,
                int(record.changes_known),
                int(self._live),
            ),
        )
        self._sequence -= 1
        for change in record.changes:
            intake.add_row("change", (commit_id, intake.path_id(change.path), change.status))
        for each in redactions:
            intake.add_row("redaction", (None, commit_id, each.type, each.start_line, each.end_line))
        for chunk in chunks:
            intake.add_commit_chunk(commit_id, chunk, current=self._live)
        self.added += 1

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


def show_grown(writer: sqlite3.Connection, old_head: str | None, head: str) -> bool:
    """Make ``head``'s line current if it is ``old_head``'s, grown; else return False.

    Walks down from ``head`` to what is current already, which is ``old_head``'s ancestry: its
    line has grown exactly if ``old_head`` is met at that border.
    """
    fresh: set[int] = set()
    border: set[str] = set()
    left, seen = [head], {head}
    while left:
        oid = left.pop()
        row = writer.execute("SELECT id, parents, reachable FROM commits WHERE oid = ?", (oid,)).fetchone()
        if row is None:
            continue  # below a shallow edge
        if row[2]:
            border.add(oid)
            continue
        fresh.add(row[0])
        parents = [parent for parent in row[1].split() if parent not in seen]
        seen.update(parents)
        left += parents
    if (old_head is not None and old_head not in border) or (old_head is None and border):
        return False
    _flip(writer, json.dumps(list(fresh)), reachable=1)
    return True


def show_only(writer: sqlite3.Connection, ancestry: Iterable[str]) -> None:
    """Make exactly the commits of ``ancestry`` current."""
    writer.execute("CREATE TEMP TABLE IF NOT EXISTS reached (oid TEXT PRIMARY KEY) WITHOUT ROWID")
    writer.execute("DELETE FROM reached")
    writer.executemany("INSERT OR IGNORE INTO reached VALUES (?)", ((oid,) for oid in ancestry))
    wrong = (
        "SELECT json_group_array(id) FROM commits WHERE reachable = ? AND oid {} IN (SELECT oid FROM reached)"
    )
    hidden = writer.execute(wrong.format(""), (0,)).fetchone()[0]
    shown = writer.execute(wrong.format("NOT"), (1,)).fetchone()[0]
    _flip(writer, hidden, reachable=1)
    _flip(writer, shown, reachable=0)
    writer.execute("DELETE FROM reached")


def _flip(writer: sqlite3.Connection, ids: str, *, reachable: int) -> None:
    """Show or hide the commits whose ids are in the JSON array ``ids``."""
    writer.execute(
        "UPDATE commits SET reachable = ? WHERE id IN (SELECT value FROM json_each(?))", (reachable, ids)
    )
    writer.execute(
        "UPDATE passage SET current = ? WHERE path_id = 0 AND chunk_id IN "
        "(SELECT id FROM chunk WHERE commit_id IN (SELECT value FROM json_each(?)))",
        (reachable, ids),
    )


def _without_trailers(message: str) -> tuple[str, str]:
    """Return a message in two parts: what is said, and the lines at its end that say who signed.

    Whoever signed a commit is not what it is about: read with the text, not found by it.
    """
    end = len(message)
    while (start := message.rfind("\n", 0, end)) >= 0 and _TRAILER.match(message, start + 1, end):
        end = start
    return message[:end], message[end:]


def _chunks(text: str, words: str, trailers: str) -> list[MessageChunk]:
    """Return the message in one chunk, or in several if it is long."""
    subject, _, _ = text.partition("\n")
    subject_words, _, body_words = words.partition("\n")
    if trailers:
        trailers, _ = redact(trailers)
    if len(text) <= _LONG_MESSAGE:
        text += trailers
        return [MessageChunk(1, text.count("\n") + 1, subject, text, words, subject_words, body_words)]
    chunks = []
    for start, end, piece in _pieces(text):
        words = " ".join(stems(piece))
        chunks.append(MessageChunk(start, end, subject, piece, words, subject_words, words))
    last = chunks[-1]
    chunks[-1] = last._replace(end_line=last.end_line + trailers.count("\n"), text=last.text + trailers)
    return chunks


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
