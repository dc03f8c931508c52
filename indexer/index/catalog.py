"""The catalog file: opened, versioned, set aside when it is damaged; one writer, many readers."""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
import sys
import threading
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Self

from indexer.errors import NewerSchemaError, StorageError
from indexer.types import Finding, Severity

SCHEMA_VERSION = 3
"""Raised whenever schema.sql changes, or how words are split; an older file is rebuilt, a newer one is never
touched.
"""

FILE_NAME = "catalog.db"

_WAL_PAGES = 16_000
"""Pages (64 MB) in the write-ahead log before it is folded in: folding in more often writes a
page that a bulk load touches again many times over."""

_WAL_LEFT = 8_000_000
"""Bytes of a folded log that stay on the disk to be written over."""

_CACHE_KIB = 49_152
"""Page cache of the writer. The indexes of a repository of celery's size fit in it whole."""

_MAP_BYTES = 268_435_456
"""How much of the file a reader maps, which spares a copy for each page it reads."""

_MAGIC = b"SQLite format 3\0"
_VERSION_STARTS, _VERSION_ENDS = 60, 64
"""Where user_version stands in the file (https://sqlite.org/fileformat.html, 1.3)."""

_SUFFIXES = ("", "-wal", "-shm")

_MADE = "made"
"""Names the file itself in table meta: another one may hold the same state under other ids."""


class Catalog:
    """An open catalog. ``notices`` says what was found wrong on the way, and what was done.

    Connections are in autocommit mode: a lone statement is its own transaction, several go into
    ``transaction`` (the one writing thread) or ``snapshot`` (any thread).

    The catalog owns every connection, and closes it in ``close`` alone: when a fresh file takes this
    one's place (``restart``), whoever reads the old one goes on in it, to the end of its snapshot.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notices: list[str] = []
        self._writer: sqlite3.Connection | None = None
        self._readers: dict[int, tuple[int, sqlite3.Connection]] = {}
        self._writing = 0
        """The thread that asked for the writer last."""
        self._retired: list[tuple[int, sqlite3.Connection]] = []
        self._lock = threading.RLock()
        self._opened = 0

    @classmethod
    def open(cls, index_dir: Path) -> Self:
        """Open or make the catalog in ``index_dir``.

        An older one is rebuilt (its vectors are taken over); a damaged one is set aside.
        Raises NewerSchemaError, having changed nothing, and StorageError when the disk refuses.
        """
        catalog = cls(index_dir / FILE_NAME)
        with _storage_errors(catalog.path):
            index_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            catalog._settle()
        return catalog

    def writer(self) -> sqlite3.Connection:
        """Return the one connection that writes; only the syncing thread may use it."""
        with self._lock:
            self._writing = threading.get_ident()
            return self._opened_writer()

    def reader(self) -> sqlite3.Connection:
        """Return the calling thread's connection, which cannot write.

        Within a snapshot it is that of the snapshot, even when another file has taken the place of the
        one that it reads: half of one state and half of another would be believed.
        """
        thread = threading.get_ident()
        opened, connection = self._readers.get(thread, (0, None))
        if connection is not None and (opened == self._opened or connection.in_transaction):
            return connection
        with self._lock:  # no other file comes to this path before the log beside it is open too
            self._opened_writer()  # a read-only connection cannot make the log's shared memory itself
            fresh = _connect_reader(self.path)
            if connection is not None:
                self._retired.append((thread, connection))  # a caller of this thread may still hold it
            self._readers[thread] = (self._opened, fresh)
        return fresh

    def brief_writer(self) -> sqlite3.Connection:
        """Return a fresh connection for one small write from any thread; the caller closes it.

        It waits only a moment for the writer: what it is for must not matter much.
        """
        with self._lock:  # as in reader
            connection = sqlite3.connect(self.path, isolation_level=None, timeout=0.1)
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("SELECT 1 FROM meta LIMIT 1").fetchone()
        return connection

    @contextlib.contextmanager
    def transaction(self, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """Give the writer inside one transaction: all of it is kept, or none.

        ``durable``: after a loss of power too, which costs a wait for the disk; without it a
        loss of power may cost the last transactions, never the file.
        """
        writer = self.writer()
        if durable:
            writer.execute("PRAGMA synchronous = FULL")
        try:
            writer.execute("BEGIN IMMEDIATE")
            yield writer
            writer.execute("COMMIT")
        finally:
            # Whatever was raised, a full disk in COMMIT included: what is still open is undone.
            if writer.in_transaction:
                with contextlib.suppress(sqlite3.Error):
                    writer.execute("ROLLBACK")
            if durable:
                writer.execute("PRAGMA synchronous = NORMAL")

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """Give the thread's reader inside one transaction: all reads see one state."""
        reader = self.reader()
        if reader.in_transaction:  # already inside a snapshot of this thread
            yield reader
            return
        reader.execute("BEGIN")
        try:
            yield reader
        finally:
            reader.execute("COMMIT")

    def get(self, key: str) -> str | None:
        """Return the value of ``key`` in table meta, as the calling thread sees it."""
        return get_meta(self.reader(), key)

    def restart(self, reason: str, *, keep_vectors: bool = False) -> None:
        """Put an empty catalog in this one's place; the old file is set aside, one is kept."""
        with self._lock:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
            self._opened += 1
            if keep_vectors:
                _make(self.path, vectors_of=self.path)
            else:
                set_aside = _set_aside(self.path)
                self.notices.append(f"{reason}; it was set aside as {set_aside.name} and is being rebuilt")
                _make(self.path)

    def forget_vectors(self) -> None:
        """Drop every vector and the model's name, for another model to begin with."""
        with self.transaction() as writer:
            writer.execute("DELETE FROM vector")
            set_meta(writer, "model", None)

    def fold_log(self) -> None:
        """Fold the write-ahead log into the file, as far as no reader needs it; never waits."""
        self.writer().execute("PRAGMA wal_checkpoint(PASSIVE)")

    def check(self) -> list[Finding]:
        """Return what SQLite's own check finds; seconds on a large file, so never on a start."""
        try:
            rows = [row[0] for row in self.reader().execute("PRAGMA quick_check(5)")]
        except sqlite3.DatabaseError as error:
            rows = [str(error)]
        if rows == ["ok"]:
            return [Finding("catalog", Severity.OK, "The catalog is sound.")]
        return [
            Finding(
                "catalog", Severity.DAMAGED, f"The catalog is damaged: {rows[0]}", "Run `lorebase repair`."
            )
        ]

    def close(self) -> None:
        """Close all connections of all threads; what a thread still asks of one is interrupted.

        A connection that is closed under a thread which reads from it takes the process down. So one whose
        thread is at work is only interrupted, and left to whoever holds it, or to the process's end.
        """
        with self._lock:
            held = [*self._retired, *((thread, each) for thread, (_, each) in self._readers.items())]
            if self._writer is not None:
                held.append((self._writing, self._writer))
            self._retired.clear()
            self._readers.clear()
            self._writer = None
            for thread, connection in held:
                if _is_at_work(thread):
                    with contextlib.suppress(sqlite3.Error):
                        connection.interrupt()
                else:
                    connection.close()

    def _opened_writer(self) -> sqlite3.Connection:
        if self._writer is None:
            self._writer = _connect_writer(self.path)
        return self._writer

    def _settle(self) -> None:
        """Leave a catalog of this version at ``path``, whatever stands there."""
        if not self.path.exists() or self.path.stat().st_size == 0:
            if self.path.exists():
                self.notices.append("The catalog was empty; it is being rebuilt")
            for suffix in _SUFFIXES:
                self.path.with_name(FILE_NAME + suffix).unlink(missing_ok=True)
            _make(self.path)
            return
        try:
            version = _probe(self.path)
        except sqlite3.DatabaseError as error:
            if is_refusal_of_the_disk(error):
                raise
            self.restart(f"The catalog was damaged ({error})")
            return
        if version > SCHEMA_VERSION:
            raise NewerSchemaError(
                f"The index was written by a newer version of Lorebase (schema {version}, this one "
                f"reads {SCHEMA_VERSION}). Nothing was changed.",
                "Update Lorebase, or give another data folder.",
            )
        if version < SCHEMA_VERSION:
            self.notices.append("The index was written by an older version; it is being rebuilt")
            self.restart("", keep_vectors=True)


def get_meta(connection: sqlite3.Connection, key: str) -> str | None:
    """Return the value of ``key`` in table meta, or None."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def set_meta(writer: sqlite3.Connection, key: str, value: str | None) -> None:
    """Set ``key`` in table meta; None removes it."""
    if value is None:
        writer.execute("DELETE FROM meta WHERE key = ?", (key,))
    else:
        writer.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))


def indexed_state(reader: sqlite3.Connection) -> tuple[str | None, ...]:
    """Return what names the file and the state of the repository that it holds: what was worked out from
    rows, and is remembered by their ids, holds as long as this stays the same.
    """
    return tuple(get_meta(reader, name) for name in (_MADE, "head", "state", "links"))


def build_indexes(writer: sqlite3.Connection) -> None:
    """Make the secondary indexes that are not there yet.

    A new catalog has none: sorting once after the first load takes a third of the time that
    keeping them in order row by row takes.
    """
    for statement in _statements():
        if statement.startswith(("CREATE INDEX", "CREATE UNIQUE INDEX")):
            writer.execute(statement.replace("INDEX", "INDEX IF NOT EXISTS", 1))


def is_refusal_of_the_disk(error: sqlite3.Error) -> bool:
    """Return whether the disk is full, cannot be written or read, rather than the file damaged."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
    }


def _is_at_work(thread: int) -> bool:
    """Return whether another thread is in the midst of something: an idle one of a pool only waits, in what
    the standard library brings.
    """
    if thread == threading.get_ident():
        return False
    frame = sys._current_frames().get(thread)  # noqa: SLF001
    while frame is not None:
        if str(frame.f_globals.get("__name__", "")).partition(".")[0] not in sys.stdlib_module_names:
            return True
        frame = frame.f_back
    return False


def is_damage(error: sqlite3.Error) -> bool:
    """Return whether the file itself is broken, so that only a rebuild helps."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _connect_reader(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA busy_timeout = 10000")
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA mmap_size = {_MAP_BYTES}")
        # SQLite opens the log when something is read, and finds it by the path.
        connection.execute("SELECT 1 FROM meta LIMIT 1").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _connect_writer(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA busy_timeout = 10000")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_WAL_PAGES}")
    connection.execute(f"PRAGMA journal_size_limit = {_WAL_LEFT}")
    return connection


@contextlib.contextmanager
def _storage_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"The index folder {path.parent} cannot be written: {error.strerror or error}.",
            "Free some space or mend its permissions, then run `lorebase index` again.",
        ) from error
    except sqlite3.Error as error:
        if not is_refusal_of_the_disk(error):
            raise
        raise StorageError(
            f"The catalog {path} cannot be opened: {error}.",
            "Free some space or mend its permissions, then run `lorebase index` again.",
        ) from error


def _statements() -> list[str]:
    text = resources.files("indexer.index").joinpath("schema.sql").read_text("utf-8")
    bare = "\n".join(line.split("--")[0].rstrip() for line in text.splitlines())
    return [statement.strip() for statement in bare.split(";") if statement.strip()]


def _make(path: Path, vectors_of: Path | None = None) -> None:
    """Write an empty catalog beside ``path`` and move it into place: never half a schema.

    ``vectors_of`` is a catalog whose vectors it begins with; it may be the one at ``path``, which
    is whole until it is replaced.
    """
    fresh = path.with_name("catalog.new")
    for suffix in _SUFFIXES:
        fresh.with_name(fresh.name + suffix).unlink(missing_ok=True)
    connection = sqlite3.connect(fresh, isolation_level=None)
    with contextlib.closing(connection):
        connection.execute("BEGIN")
        for statement in _statements():
            if not statement.startswith(("CREATE INDEX", "CREATE UNIQUE INDEX")):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        set_meta(connection, _MADE, secrets.token_hex(8))
        connection.execute("COMMIT")
        if vectors_of is not None:
            _copy_vectors(connection, vectors_of)
    # A log that stayed behind would be taken for the new file's.
    for suffix in _SUFFIXES[1:]:
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    fresh.replace(path)


def _copy_vectors(connection: sqlite3.Connection, old: Path) -> None:
    connection.execute("ATTACH ? AS old", (str(old),))
    connection.execute("PRAGMA old.wal_checkpoint(TRUNCATE)")
    connection.execute("BEGIN")
    try:
        connection.execute("INSERT INTO vector (digest, value) SELECT digest, value FROM old.vector")
        connection.execute(
            "INSERT INTO meta (key, value) SELECT key, value FROM old.meta WHERE key = 'model'"
        )
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        connection.execute("ROLLBACK")
        # Another shape of these two tables costs the vectors, which are only made again.
        if is_refusal_of_the_disk(error):
            raise
    connection.execute("DETACH old")


def _set_aside(path: Path) -> Path:
    """Move the file and its log away; the one that was set aside before goes, to bound the disk."""
    aside = path.with_name("catalog.damaged")
    for suffix in _SUFFIXES:
        part = path.with_name(path.name + suffix)
        target = aside.with_name(aside.name + suffix)
        target.unlink(missing_ok=True)
        if part.exists():
            part.rename(target)
    return aside


def _probe(path: Path) -> int:
    """Return the schema's number, having looked at what is cheap to look at.

    Raises sqlite3.DatabaseError when the file is no catalog, is cut short or lacks a table. A
    newer version is told before anything is written.
    """
    # From the header itself: opening a file in SQLite, even to read, leaves two more beside it.
    with path.open("rb") as file:
        header = file.read(_VERSION_ENDS)
    if not header.startswith(_MAGIC):
        raise sqlite3.DatabaseError("the file is no database")
    version = int.from_bytes(header[_VERSION_STARTS:])
    if version > SCHEMA_VERSION:
        return version
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA busy_timeout = 2000")
        # Where somebody still reads, a part of the pages stays in the log, and the file is short of them.
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        pages, size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size")
        )
        if not busy and path.stat().st_size < pages * size:
            raise sqlite3.DatabaseError("the file is cut short")
        if version == SCHEMA_VERSION:
            for statement in _statements():
                words = statement.split()
                if words[1] in ("TABLE", "VIRTUAL"):
                    name = words[2 if words[1] == "TABLE" else 3]
                    connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone()  # noqa: S608
    return version
