"""What the summaries keep so as not to work it out again: a file in the folder of the index that can be
deleted at any time, and is made anew when it is damaged or of another version.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

FILE_NAME: Final = "modules.db"

VERSION: Final = 4
"""Raised whenever what is kept means something else: everything is worked out again then."""

_SCHEMA: Final = """
CREATE TABLE fact (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
-- Commits of the main line; a higher number is newer.
CREATE TABLE line_commit (
    n INTEGER PRIMARY KEY, oid TEXT NOT NULL, merge INTEGER NOT NULL, files INTEGER NOT NULL
);
CREATE TABLE line_change (
    path TEXT NOT NULL, n INTEGER NOT NULL, former TEXT NOT NULL, hunks BLOB NOT NULL, PRIMARY KEY (path, n)
) WITHOUT ROWID;
-- Anything computed from what `inputs` names (a digest): sentences of a content, reasons of a file, pages.
CREATE TABLE kept (
    kind TEXT NOT NULL, key TEXT NOT NULL, inputs TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (kind, key)
) WITHOUT ROWID;
"""


class Store:
    """The open file. Callable from several threads: they wait for each other."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._lock = threading.RLock()
        self._db: sqlite3.Connection | None = None

    @contextlib.contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """Give the connection; what is written is kept when the block ends well.

        A file that turns out to be damaged is deleted, and the error goes on: the next call begins anew.
        """
        with self._lock:
            db = self._connection()
            try:
                with db:
                    yield db
            except sqlite3.DatabaseError:
                self._drop()
                raise

    def read(self, kind: str, key: str) -> tuple[str, bytes] | None:
        """Return what is kept, with the digest of what it was computed from."""
        with self.opened() as db:
            row = db.execute(
                "SELECT inputs, value FROM kept WHERE kind = ? AND key = ?", (kind, key)
            ).fetchone()
        return None if row is None else (row[0], row[1])

    def read_all(self, kind: str) -> dict[str, tuple[str, bytes]]:
        """Return everything kept of a kind, by its key."""
        with self.opened() as db:
            rows = db.execute("SELECT key, inputs, value FROM kept WHERE kind = ?", (kind,)).fetchall()
        return {key: (inputs, value) for key, inputs, value in rows}

    def write(self, kind: str, rows: Sequence[tuple[str, str, bytes]]) -> None:
        """Keep values: (key, digest of the inputs, value) each."""
        with self.opened() as db:
            db.executemany(
                "INSERT OR REPLACE INTO kept (kind, key, inputs, value) VALUES (?, ?, ?, ?)",
                [(kind, *row) for row in rows],
            )

    def forget(self, kind: str, keys: Sequence[str]) -> None:
        """Delete what is kept under these keys."""
        with self.opened() as db:
            db.executemany("DELETE FROM kept WHERE kind = ? AND key = ?", [(kind, key) for key in keys])

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    # ---------------------------------------------------------------------------- private

    def _connection(self) -> sqlite3.Connection:
        if self._db is None:
            try:
                self._db = self._begin()
            except sqlite3.DatabaseError:
                self._drop()
                self._db = self._begin()
        return self._db

    def _begin(self) -> sqlite3.Connection:
        db: Any = sqlite3.connect(self._path, check_same_thread=False, timeout=10)
        try:
            # It can be rebuilt: a loss of power may cost it.
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = OFF")
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version != VERSION:
                if version:
                    raise sqlite3.DatabaseError("another version")
                db.executescript(_SCHEMA)
                db.execute(f"PRAGMA user_version = {VERSION}")
            db.execute("SELECT count(*) FROM fact, kept WHERE 0").fetchone()
        except sqlite3.DatabaseError:
            db.close()
            raise
        made: sqlite3.Connection = db
        return made

    def _drop(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
