"""Tours and the walks along them, as they lie in people.db; each row is mirrored in a file of its own.

A tour is kept in versions, none of which is ever changed; a session is what happened in it, one event
after another. Both are written to the database and, beside it, as JSON lines that a restored backup
is completed from.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from indexer.errors import NotFoundError
from indexer.index.people_store import PeopleStore

FOLDER: Final = "walks"
"""Below the folder of people.db: a file for each tour and for each session."""

TOUR: Final = "tour"
SESSION: Final = "session"
_TABLES: Final = {TOUR: "tour_version", SESSION: "session"}


@dataclass(frozen=True, slots=True)
class TourRow:
    """A version of a tour; ``body`` is its steps as JSON. ``digest`` is of the file that it came from."""

    tour_id: str
    version: int
    base: int
    written: int
    name: str
    email: str
    source: str
    digest: str
    body: str


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One person's walk along a tour."""

    id: str
    tour_id: str
    tour_version: int
    name: str
    email: str
    begun: int


@dataclass(frozen=True, slots=True)
class EventRow:
    """Something that happened in a session; ``body`` is JSON. ``uid`` tells two apart for ever."""

    uid: str
    session_id: str
    at: int
    act: str
    step: str
    body: str


class Walks:
    """Keeps and gives them back. Callable from several threads, and from several engines at once."""

    def __init__(self, store: PeopleStore) -> None:
        self._store = store
        self._folder = store.folder / FOLDER

    # ------------------------------------------------------------------------------ tours

    def add_tour(self, row: TourRow) -> TourRow:
        """Keep a version; one with an empty id is a new tour, and one with version 0 the next of its tour."""
        with self._store.writing() as db:
            tour_id = row.tour_id or f"t{secrets.token_hex(4)}"
            newest = db.execute(
                "SELECT coalesce(max(version), 0) FROM tour_version WHERE tour_id = ?", (tour_id,)
            ).fetchone()[0]
            kept = TourRow(tour_id, row.version or newest + 1, *_after(row, 2))
            _insert(db, "tour_version", kept)
        self._note_down(tour_id, TOUR, kept)
        return kept

    def tours(self) -> tuple[TourRow, ...]:
        """Return the newest version of every tour that is not put away, the last changed first."""
        with self._store.reading() as db:
            rows = db.execute(
                "SELECT tour_id, max(version), base, written, name, email, source, digest, body FROM"
                " tour_version"
                " WHERE tour_id NOT IN (SELECT id FROM hidden WHERE kind = 'tour')"
                " GROUP BY tour_id ORDER BY written DESC, tour_id"
            ).fetchall()
        return tuple(TourRow(*row) for row in rows)

    def tour(self, tour_id: str, version: int = 0) -> TourRow:
        """Return a version, the newest for 0, of a tour by its id or the start of it that is unique."""
        versions = self.versions(self._whole_id(tour_id, TOUR))
        found = (
            next((each for each in versions if each.version == version), None) if version else versions[-1]
        )
        if found is None:
            raise NotFoundError(
                f"The tour {tour_id} has no version {version}.", "`lorebase tour show --versions` lists them."
            )
        return found

    def versions(self, tour_id: str) -> tuple[TourRow, ...]:
        """Return every version, the oldest first."""
        with self._store.reading() as db:
            rows = db.execute(
                "SELECT tour_id, version, base, written, name, email, source, digest, body FROM tour_version"
                " WHERE tour_id = ? ORDER BY version",
                (tour_id,),
            ).fetchall()
        return tuple(TourRow(*row) for row in rows)

    # ------------------------------------------------------------------------------ sessions

    def begin(self, row: SessionRow) -> SessionRow:
        """Keep a new session; its id is given here."""
        kept = SessionRow(f"s{secrets.token_hex(4)}", *_after(row, 1))
        with self._store.writing() as db:
            _insert(db, "session", kept)
        self._note_down(kept.id, SESSION, kept)
        return kept

    def happened(self, row: EventRow) -> EventRow:
        """Keep an event; its uid is given here."""
        kept = EventRow(secrets.token_hex(8), *_after(row, 1))
        with self._store.writing() as db:
            db.execute(
                "INSERT OR IGNORE INTO session_event (uid, session_id, at, act, step, body) VALUES (?, ?,"
                " ?, ?, ?, ?)",
                _after(kept, 0),
            )
        self._note_down(kept.session_id, "event", kept)
        return kept

    def sessions(self) -> tuple[SessionRow, ...]:
        """Return every session that is not put away, the last begun first."""
        with self._store.reading() as db:
            rows = db.execute(
                "SELECT id, tour_id, tour_version, name, email, begun FROM session"
                " WHERE id NOT IN (SELECT id FROM hidden WHERE kind = 'session') ORDER BY begun DESC, id"
            ).fetchall()
        return tuple(SessionRow(*row) for row in rows)

    def session(self, session_id: str) -> SessionRow:
        """Return one session by its id or the start of it that is unique. Raises NotFoundError."""
        whole = self._whole_id(session_id, SESSION)
        with self._store.reading() as db:
            row = db.execute(
                "SELECT id, tour_id, tour_version, name, email, begun FROM session WHERE id = ?", (whole,)
            ).fetchone()
        return SessionRow(*row)

    def events(self, session_id: str) -> tuple[EventRow, ...]:
        """Return what happened in a session, in order."""
        with self._store.reading() as db:
            rows = db.execute(
                "SELECT uid, session_id, at, act, step, body FROM session_event WHERE session_id = ?"
                " ORDER BY at, id",
                (session_id,),
            ).fetchall()
        return tuple(EventRow(*row) for row in rows)

    # ------------------------------------------------------------------------------ put away

    def hide(self, kind: str, key: str, at: int) -> None:
        """Put a tour or a session away; nothing of it is lost. Raises NotFoundError."""
        whole = self._whole_id(key, kind)
        with self._store.writing() as db:
            db.execute("INSERT OR IGNORE INTO hidden VALUES (?, ?, ?)", (kind, whole, at))

    def show_again(self, kind: str, key: str) -> None:
        """Take back `hide`. Raises NotFoundError."""
        whole = self._whole_id(key, kind)
        with self._store.writing() as db:
            db.execute("DELETE FROM hidden WHERE kind = ? AND id = ?", (kind, whole))

    def complete(self) -> int:
        """Take what the files know and the database does not, after a backup had to be restored, and
        write files for what they lack; return how many rows were taken.
        """
        rows = list(_read_files(self._folder))
        taken = 0
        with self._store.writing() as db:
            for kind, row in rows:
                taken += _insert(db, _TABLES.get(kind, "session_event"), row)
        known = {(kind, *_after(row, 0)[:2]) for kind, row in rows}
        for tour in self._all_tours():
            if (TOUR, tour.tour_id, tour.version) not in known:
                self._note_down(tour.tour_id, TOUR, tour)
        for session in self._all_sessions():
            if (SESSION, session.id, session.tour_id) not in known:
                self._note_down(session.id, SESSION, session)
            for event in self.events(session.id):
                if ("event", event.uid, event.session_id) not in known:
                    self._note_down(session.id, "event", event)
        return taken

    # ---------------------------------------------------------------------------- private

    def _all_tours(self) -> list[TourRow]:
        with self._store.reading() as db:
            rows = db.execute("SELECT DISTINCT tour_id FROM tour_version").fetchall()
        return [each for (tour_id,) in rows for each in self.versions(tour_id)]

    def _all_sessions(self) -> list[SessionRow]:
        with self._store.reading() as db:
            rows = db.execute("SELECT id, tour_id, tour_version, name, email, begun FROM session").fetchall()
        return [SessionRow(*row) for row in rows]

    def _whole_id(self, start: str, kind: str) -> str:
        column = "tour_id" if kind == TOUR else "id"
        with self._store.reading() as db:
            rows = db.execute(
                f"SELECT DISTINCT {column} FROM {_TABLES[kind]} WHERE substr({column}, 1, ?) = ? LIMIT 2",  # noqa: S608
                (len(start), start),
            ).fetchall()
        exact = [key for (key,) in rows if key == start]
        if start and (exact or len(rows) == 1):
            return str(exact[0] if exact else rows[0][0])
        if rows and start:
            raise NotFoundError(f"Several {kind}s begin with {start!r}.", "Give more letters of its id.")
        raise NotFoundError(f"There is no {kind} {start!r}.", f"`lorebase {kind} list` shows them all.")

    def _note_down(self, key: str, kind: str, row: TourRow | SessionRow | EventRow) -> None:
        """Append a row to its file. Where the disk refuses, the database has it; the next start writes it."""
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            with (self._folder / f"{key}.jsonl").open("a", encoding="utf-8", newline="\n") as out:
                out.write(json.dumps({"kind": kind, **asdict(row)}) + "\n")
                out.flush()
                os.fsync(out.fileno())
        except OSError as error:
            self._store.notices.append(f"{kind} {key} has no copy in a file yet: {error.strerror or error}")


def _read_files(folder: Path) -> Iterator[tuple[str, TourRow | SessionRow | EventRow]]:
    for path in sorted(folder.glob("*.jsonl")):
        try:
            lines = path.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            continue
        for line in lines:
            try:
                fields = json.loads(line)
                kind = fields.pop("kind")
                made = {TOUR: TourRow, SESSION: SessionRow, "event": EventRow}[kind]
                yield kind, made(**fields)
            except (ValueError, KeyError, TypeError, AttributeError):
                continue  # half a line that a crash left, or a person's edit


def _insert(db: sqlite3.Connection, table: str, row: TourRow | SessionRow | EventRow) -> int:
    names = ", ".join(asdict(row))
    holes = ", ".join("?" * len(asdict(row)))
    done = db.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({holes})", _after(row, 0))  # noqa: S608
    return max(done.rowcount, 0)


def _after(row: TourRow | SessionRow | EventRow, first: int) -> tuple[Any, ...]:
    return tuple(asdict(row).values())[first:]
