"""The file of what people made: opened, restored from its copies, brought to today's form, shared.

The engines of a repository's worktrees hold one file at once. Each write is one transaction that
reaches the disk before it is reported. Whatever replaces the file (a restoration, a newer form) is
made beside it and put in its place in one step, under a lock; who still has the old one open
notices at the next use, and opens the new one.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from indexer.errors import LockedError, NewerSchemaError, StorageError
from indexer.index.people_files import (
    back_up,
    mirror_folder,
    move_aside,
    newest_backups,
    read_mirror,
    sync_to_disk,
)
from indexer.index.people_rows import insert_version
from indexer.lock import guarded

SCHEMA_VERSION: Final = 5
FILE_NAME: Final = "people.db"
GUARD_NAME: Final = "people.lock"

_WAIT_MILLISECONDS: Final = 10_000
"""How long one write waits for that of another engine, which takes some milliseconds."""

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS note_version (
    note_id TEXT NOT NULL, version INTEGER NOT NULL,
    created INTEGER NOT NULL, written INTEGER NOT NULL,
    title TEXT NOT NULL, text TEXT NOT NULL, author TEXT NOT NULL, email TEXT NOT NULL,
    category TEXT, anchor TEXT, gap_id TEXT, source TEXT NOT NULL,
    PRIMARY KEY (note_id, version)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS gap (
    id TEXT PRIMARY KEY, question TEXT NOT NULL, category TEXT, missing TEXT NOT NULL,
    asked INTEGER NOT NULL, first_asked INTEGER NOT NULL, last_asked INTEGER NOT NULL,
    note_id TEXT, contacts TEXT NOT NULL, paths TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS asked (
    id INTEGER PRIMARY KEY, question TEXT NOT NULL, at INTEGER NOT NULL,
    status TEXT NOT NULL, category TEXT, commit_id TEXT, gap_id TEXT
);
CREATE TABLE IF NOT EXISTS kept_answer (asked_id INTEGER PRIMARY KEY, answer BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS hidden (
    kind TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (
    key TEXT PRIMARY KEY, commit_id TEXT, at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS choice (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS gap_wording (
    gap_id TEXT NOT NULL, question TEXT NOT NULL, asked INTEGER NOT NULL, last_asked INTEGER NOT NULL,
    PRIMARY KEY (gap_id, question)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS gap_asker (
    gap_id TEXT NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL,
    asked INTEGER NOT NULL, last_asked INTEGER NOT NULL, PRIMARY KEY (gap_id, name, email)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS review (
    id INTEGER PRIMARY KEY, question TEXT NOT NULL, mark TEXT NOT NULL,
    name TEXT NOT NULL, email TEXT NOT NULL, at INTEGER NOT NULL,
    comment TEXT NOT NULL, commit_id TEXT, cited TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS published (
    note_id TEXT NOT NULL, digest TEXT NOT NULL, path TEXT NOT NULL,
    version INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (note_id, digest)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS module_mark (
    path TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, at INTEGER NOT NULL,
    commit_id TEXT, files TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS module_text (
    id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, path TEXT NOT NULL, text TEXT NOT NULL,
    name TEXT NOT NULL, email TEXT NOT NULL, at INTEGER NOT NULL, commit_id TEXT
);
CREATE TABLE IF NOT EXISTS tour_version (
    tour_id TEXT NOT NULL, version INTEGER NOT NULL, base INTEGER NOT NULL, written INTEGER NOT NULL,
    name TEXT NOT NULL, email TEXT NOT NULL, source TEXT NOT NULL, digest TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (tour_id, version)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session (
    id TEXT PRIMARY KEY, tour_id TEXT NOT NULL, tour_version INTEGER NOT NULL,
    name TEXT NOT NULL, email TEXT NOT NULL, begun INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session_event (
    id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, session_id TEXT NOT NULL, at INTEGER NOT NULL,
    act TEXT NOT NULL, step TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS session_event_session ON session_event (session_id);
CREATE TABLE IF NOT EXISTS taken_over (origin TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
"""
# `hidden`: what was deleted or dismissed; it stays, and comes back when its row goes.
# `published`: every content that a note's file has had, so that an edit of it is told from an old one.


class PeopleStore:
    """One engine's hold on the file. Callable from several threads; ``notices`` says what was mended."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / FILE_NAME
        self.notices: list[str] = []
        self._lock = threading.RLock()
        self._opened: tuple[int, int] | None = None
        self._db: sqlite3.Connection | None = None

    def open(self) -> None:
        """Open or make the file, and keep a backup of what is in it.

        A damaged one is set aside; the newest backup that can be read takes its place, with what
        the Markdown files know beyond it. Raises NewerSchemaError, having changed nothing, and
        StorageError when the disk refuses.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._lock, guarded(self.folder / GUARD_NAME):
                self._settle()
                back_up(self._connection(), self.folder)
        except OSError as error:
            raise StorageError(
                f"The notes in {self.folder} cannot be opened: {error.strerror or error}",
                "Free some space, or make the folder writable; nothing was changed.",
            ) from error

    def close(self) -> None:
        """Close the file; calls after this one fail."""
        with self._lock:
            if self._db is not None:
                self._db.close()

    def put_away(self, name: str) -> None:
        """Close the file and call it ``name`` from then on."""
        self.close()
        self.path.replace(self.path.with_name(name))
        _remove(self.path)  # an empty journal

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give the connection; other threads wait meanwhile."""
        with self._lock:
            yield self._current()

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give the connection inside one transaction that nobody else writes beside."""
        with self._lock:
            db = self._current()
            try:
                db.execute("BEGIN IMMEDIATE")
                while _identity(self.path) != self._opened:  # replaced since the look before
                    db.execute("ROLLBACK")
                    db = self._current()
                    db.execute("BEGIN IMMEDIATE")
                yield db
                db.execute("COMMIT")
            except sqlite3.OperationalError as error:
                if "locked" in str(error):
                    raise LockedError(
                        "Another engine writes notes and does not end.", "Nothing was kept: try again."
                    ) from error
                raise StorageError(
                    f"The notes could not be written: {error}",
                    f"Free some space, or make {self.folder} writable, and try again.",
                ) from error
            finally:
                if db.in_transaction:
                    with contextlib.suppress(sqlite3.Error):
                        db.execute("ROLLBACK")

    # ---------------------------------------------------------------------------- private

    def _connection(self) -> sqlite3.Connection:
        if self._db is None:
            raise sqlite3.ProgrammingError("The file of notes is not open.")
        return self._db

    def _current(self) -> sqlite3.Connection:
        """Return the connection to the file that stands there now: another engine may have replaced it."""
        if _identity(self.path) != self._opened:
            self._connection().close()
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with guarded(self.folder / GUARD_NAME):
                self._settle()
        return self._connection()

    def _settle(self) -> None:
        existed = self.path.exists()
        problem = problem_of(self.path) if existed else ""
        if existed and not problem:
            if _version(self.path) < SCHEMA_VERSION:
                self._renew()
            self._hold()
            return
        kept = newest_backups(self.folder)
        if not existed and not kept and not any(mirror_folder(self.folder).glob("*.md")):
            self._hold()
            return
        aside = move_aside(self.path) if existed else None
        self._restore(kept, problem or "the file was gone", aside)

    def _hold(self) -> None:
        self._db = _connect(self.path)
        self._opened = _identity(self.path)

    def _renew(self) -> None:
        """Bring a file of an older version to this one's form, on a copy; the old state stays a backup."""
        fresh = self.path.with_name(f"{FILE_NAME}.{os.getpid()}.new")
        _remove(fresh)
        try:
            with (
                contextlib.closing(sqlite3.connect(self.path, isolation_level=None)) as holding,
                contextlib.closing(sqlite3.connect(self.path)) as old,
            ):
                holding.execute(f"PRAGMA busy_timeout = {_WAIT_MILLISECONDS}")
                # Nobody may write what the copy would not have; the connection that holds the lock
                # cannot be copied from itself.
                holding.execute("BEGIN IMMEDIATE")
                back_up(old, self.folder)
                with contextlib.closing(sqlite3.connect(fresh)) as copy:
                    old.backup(copy)
                _connect(fresh).close()
                if problem_of(fresh):
                    raise StorageError(
                        "The notes could not be brought to this version's form; they were not changed.",
                        "Run `lorebase doctor`, or go on with the version that wrote them.",
                    )
                sync_to_disk(fresh)
                fresh.replace(self.path)
        except sqlite3.Error as error:
            raise StorageError(
                f"The notes could not be brought to this version's form: {error}. They were not changed.",
                "Free some space, and try again.",
            ) from error
        finally:
            _remove(fresh)

    def _restore(self, backups: Sequence[Path], problem: str, aside: Path | None) -> None:
        """Put the newest readable backup in place, then notes from their files; name the loss."""
        source = next((backup for backup in backups if not problem_of(backup)), None)
        fresh = self.path.with_name(f"{FILE_NAME}.{os.getpid()}.new")
        _remove(fresh)
        if source is not None:
            with (
                contextlib.closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as old,
                contextlib.closing(sqlite3.connect(fresh)) as copy,
            ):
                old.backup(copy)
        with contextlib.closing(_connect(fresh)) as db:  # a backup may be older than a table
            db.execute("BEGIN IMMEDIATE")
            from_files = _add_mirrored(db, self.folder)
            db.execute("COMMIT")
        _remove(self.path)  # a journal of what is gone must not be played into what comes
        fresh.replace(self.path)
        _remove(fresh)
        self._hold()
        notes = self._connection().execute(
            "SELECT count(DISTINCT note_id) FROM note_version WHERE note_id NOT IN (SELECT id FROM hidden)"
        )
        self.notices.append(_loss(problem, aside, source, from_files, notes.fetchone()[0]))


def problem_of(path: Path) -> str:
    """Return what is wrong with the file, or nothing. Raises NewerSchemaError."""
    if path.stat().st_size == 0:
        return "it was empty"
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)
    with contextlib.closing(db):
        try:
            db.execute(f"PRAGMA busy_timeout = {_WAIT_MILLISECONDS}")
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version > SCHEMA_VERSION:
                raise NewerSchemaError(
                    "The notes were written by a newer version of Lorebase; they were not touched.",
                    "Update Lorebase, or point LOREBASE_DATA at another folder.",
                )
            found = db.execute("PRAGMA quick_check (1)").fetchone()[0]
            db.execute("SELECT count(*) FROM note_version, gap, asked WHERE 0").fetchone()
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                return ""  # whoever writes it for so long can read it
            return str(error)
    return "" if found == "ok" else str(found)


def _version(path: Path) -> int:
    with contextlib.closing(sqlite3.connect(path)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute(f"PRAGMA busy_timeout = {_WAIT_MILLISECONDS}")
    # A log beside the file would be one more thing to lose, and would bind the file to its name;
    # FULL makes each commit reach the disk.
    db.execute("PRAGMA journal_mode = TRUNCATE")
    db.execute("PRAGMA synchronous = FULL")
    if db.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
        db.executescript(_SCHEMA)
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    return db


def _add_mirrored(db: sqlite3.Connection, folder: Path) -> int:
    """Add what the Markdown files know beyond a restored backup; return how many notes."""
    from_files = 0
    for note, version in read_mirror(folder):
        newest = db.execute(
            "SELECT coalesce(max(version), 0) FROM note_version WHERE note_id = ?", (note.id,)
        ).fetchone()[0]
        if version > newest:
            insert_version(db, note, version)
            from_files += 1
            if note.gap_id is not None:
                db.execute("UPDATE gap SET note_id = ? WHERE id = ?", (note.id, note.gap_id))
    return from_files


def _remove(path: Path) -> None:
    for suffix in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino


def _loss(problem: str, aside: Path | None, source: Path | None, from_files: int, notes: int) -> str:
    where = f" and set aside as {aside.name}" if aside is not None else ""
    if source is None:
        rest = (
            "there was no readable backup, so gaps, the list of questions asked and earlier versions are lost"
        )
    else:
        rest = f"gaps and questions asked after the backup {source.name} are lost"
    return (
        f"people.db was damaged ({problem}){where}; {notes} notes are here again, "
        f"{from_files} of them taken from their Markdown files in {mirror_folder(Path()).name}/; {rest}"
    )
