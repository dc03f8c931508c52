"""What people made: notes with every version, gaps, questions asked. It cannot be rebuilt.

So each write reaches the disk before it is reported, each start of an engine keeps a backup, and
every note stands as a Markdown file beside the database (see people_files.py).
"""

from __future__ import annotations

import contextlib
import json
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, Self

from indexer.errors import NewerSchemaError, NotFoundError, StorageError
from indexer.index.people_files import (
    back_up,
    mirror_folder,
    move_aside,
    newest_backups,
    read_mirror,
    write_mirror,
)
from indexer.types import Anchor, AnchorState, Category, Contact, Gap, Note, VerdictStatus

SCHEMA_VERSION: Final = 1
FILE_NAME: Final = "people.db"

ANSWERS_KEPT: Final = 2_000
"""Answers that can be shown again; at some 5 KB each, packed, they take 10 MB at most."""

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
"""
# `hidden`: what was deleted or dismissed; it stays, and comes back when its row goes.

_NOTE_COLUMNS: Final = (
    "note_id, version, created, written, title, text, author, email, category, anchor, gap_id, source"
)

_JUST_ASKED: Final = 600
"""Seconds between the recording of a question and that of its answer, on the slowest machine."""

_ASKED: Final = (
    "SELECT asked.id, question, at, status, category, commit_id, gap_id, asked_id IS NOT NULL"
    " FROM asked LEFT JOIN kept_answer ON asked_id = asked.id"
)
_ANSWERING: Final = (
    "SELECT gap.note_id WHERE NOT EXISTS"
    " (SELECT 1 FROM hidden WHERE kind = 'note' AND hidden.id = gap.note_id)"
)
_GAP_COLUMNS: Final = (
    f"id, question, category, missing, asked, first_asked, last_asked, ({_ANSWERING}), contacts, paths"
)


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as it was asked, and the label that its answer carried."""

    question: str
    at: int
    status: VerdictStatus
    category: Category | None
    commit_id: str | None
    gap_id: str | None


@dataclass(frozen=True, slots=True)
class AskedRow:
    """A question of the list, with its id; ``kept``: its answer can be shown again."""

    id: int
    asked: AskedQuestion
    kept: bool


class Hidden(StrEnum):
    """What a person can put away, and get back."""

    NOTE = "note"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Seen:
    """When a page was last looked at, and what HEAD was then."""

    commit_id: str | None
    at: int


class People:
    """The open file. Callable from several threads; ``notices`` says what was lost and mended."""

    def __init__(self, index_dir: Path) -> None:
        self.path = index_dir / FILE_NAME
        self.notices: list[str] = []
        self._index_dir = index_dir
        self._lock = threading.RLock()
        self._db: sqlite3.Connection

    @classmethod
    def open(cls, index_dir: Path) -> Self:
        """Open or make the file in ``index_dir``, and keep a backup of what is in it.

        A damaged file is set aside; the newest backup that can be read takes its place, and notes
        written after it come back from their Markdown files. Raises NewerSchemaError, having
        changed nothing, and StorageError when the disk refuses.
        """
        people = cls(index_dir)
        try:
            index_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            people._settle()
            back_up(people._db, index_dir)
            people._complete_mirror()
        except OSError as error:
            raise StorageError(
                f"The notes in {index_dir} cannot be opened: {error.strerror or error}",
                "Free some space, or make the folder writable; nothing was changed.",
            ) from error
        return people

    def close(self) -> None:
        """Close the file; calls after this one fail."""
        with self._lock:
            self._db.close()

    # ------------------------------------------------------------------------------ notes

    def add_note(self, note: Note) -> Note:
        """Keep a new note under a fresh id, close its gap, and return it as kept."""
        kept = replace(note, id=f"n{secrets.token_hex(5)}")
        with self._writing() as db:
            if kept.gap_id is not None:
                self._close_gap(db, kept.gap_id, kept.id)
            _insert_version(db, kept, 1)
        self._mirror(kept, 1)
        return kept

    def change_note(self, note: Note) -> Note:
        """Keep ``note`` as the newest version of its id; the earlier ones stay."""
        with self._writing() as db:
            version = self._newest(db, note.id) + 1
            if note.gap_id is not None:
                self._close_gap(db, note.gap_id, note.id)
            _insert_version(db, note, version)
        self._mirror(note, version)
        return note

    def note(self, note_id: str) -> Note:
        """Return the newest version of a note; its state is as stored, not compared with code."""
        return self.note_versions(note_id)[-1]

    def note_versions(self, note_id: str) -> tuple[Note, ...]:
        """Return every version, oldest first. Raises NotFoundError for an unknown id."""
        with self._lock:
            rows = self._db.execute(
                f"SELECT {_NOTE_COLUMNS} FROM note_version WHERE note_id = ? ORDER BY version",  # noqa: S608
                (note_id,),
            ).fetchall()
        if not rows:
            raise NotFoundError(f"There is no note {note_id!r}.", "`lorebase note list` shows them all.")
        return tuple(_note(row) for row in rows)

    def notes(self) -> tuple[Note, ...]:
        """Return every note in its newest version, the last changed first; deleted ones are left out."""
        query = f"""
            SELECT {_NOTE_COLUMNS} FROM note_version n
            WHERE version = (SELECT max(version) FROM note_version WHERE note_id = n.note_id)
            AND NOT EXISTS (SELECT 1 FROM hidden WHERE kind = 'note' AND id = n.note_id)
            ORDER BY written DESC, note_id
        """  # noqa: S608
        with self._lock:
            rows = self._db.execute(query).fetchall()
        return tuple(_note(row) for row in rows)

    # ------------------------------------------------------------------------------- gaps

    def record(self, asked: AskedQuestion, gap: Gap | None) -> Gap | None:
        """Keep that a question was asked, and how it was labelled; with the gap that it met, if any.

        A gap that is known is counted once more; it is returned as it is kept.
        """
        known = None if gap is None else gap_id_of(gap.question)
        with self._writing() as db:
            if gap is not None:
                db.execute(
                    """
                    INSERT INTO gap VALUES (?, ?, ?, ?, 1, ?, ?, NULL, ?, ?)
                    ON CONFLICT (id) DO UPDATE SET asked = asked + 1, last_asked = excluded.last_asked,
                        category = excluded.category, missing = excluded.missing,
                        contacts = excluded.contacts, paths = excluded.paths
                    """,
                    (
                        known,
                        gap.question,
                        gap.category,
                        gap.missing,
                        gap.first_asked,
                        gap.last_asked,
                        json.dumps([[who.name, who.email, who.reason] for who in gap.contacts]),
                        json.dumps(gap.paths),
                    ),
                )
            db.execute(
                "INSERT INTO asked (question, at, status, category, commit_id, gap_id)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (asked.question, asked.at, asked.status, asked.category, asked.commit_id, known),
            )
        return None if known is None else self.gap(known)

    def gap(self, gap_id: str) -> Gap:
        """Return one gap. Raises NotFoundError."""
        with self._lock:
            row = self._db.execute(
                f"SELECT {_GAP_COLUMNS} FROM gap WHERE id = ?",  # noqa: S608
                (gap_id,),
            ).fetchone()
        if row is None:
            raise NotFoundError(f"There is no gap {gap_id!r}.", "`lorebase gaps` shows them all.")
        return _gap(row)

    def gaps(self, *, closed: bool = False) -> tuple[Gap, ...]:
        """Return the open gaps (or all with ``closed``), the most asked first.

        Dismissed ones are left out; one whose note was deleted is open again.
        """
        shown = "NOT EXISTS (SELECT 1 FROM hidden WHERE kind = 'gap' AND hidden.id = gap.id)"
        return self._gaps(shown if closed else f"{shown} AND ({_ANSWERING}) IS NULL")

    def dismissed_gaps(self) -> tuple[Gap, ...]:
        """Return the gaps that were dismissed, the most asked first."""
        return self._gaps("EXISTS (SELECT 1 FROM hidden WHERE kind = 'gap' AND hidden.id = gap.id)")

    def _gaps(self, where: str) -> tuple[Gap, ...]:
        with self._lock:
            rows = self._db.execute(
                f"SELECT {_GAP_COLUMNS} FROM gap WHERE {where} ORDER BY asked DESC, last_asked DESC, id"  # noqa: S608
            ).fetchall()
        return tuple(_gap(row) for row in rows)

    def asked(self, limit: int = 50) -> tuple[AskedQuestion, ...]:
        """Return the last questions, newest first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT question, at, status, category, commit_id, gap_id FROM asked"
                " ORDER BY id DESC LIMIT ?",
                (limit,),
            ).fetchall()
        return tuple(
            AskedQuestion(question, at, VerdictStatus(status), _category(category), commit_id, gap_id)
            for question, at, status, category, commit_id, gap_id in rows
        )

    def keep_answer(self, asked: AskedQuestion, packed: bytes) -> int:
        """Keep the answer of a question, which is kept too if it is not yet; return the id of both.

        The oldest answers beyond ANSWERS_KEPT go; their questions stay in the list.
        """
        with self._writing() as db:
            # Whoever answers records the question a moment before the answer is complete.
            row = db.execute(
                "SELECT max(id) FROM asked WHERE question = ? AND at >= ?"
                " AND id NOT IN (SELECT asked_id FROM kept_answer)",
                (asked.question, asked.at - _JUST_ASKED),
            ).fetchone()
            if row[0] is None:
                row = db.execute(
                    "INSERT INTO asked (question, at, status, category, commit_id, gap_id)"
                    " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
                    (asked.question, asked.at, asked.status, asked.category, asked.commit_id, asked.gap_id),
                ).fetchone()
            db.execute("INSERT INTO kept_answer VALUES (?, ?)", (row[0], packed))
            db.execute(
                "DELETE FROM kept_answer WHERE asked_id <="
                " (SELECT asked_id FROM kept_answer ORDER BY asked_id DESC LIMIT 1 OFFSET ?)",
                (ANSWERS_KEPT,),
            )
        return int(row[0])

    def kept_answer(self, asked_id: int) -> tuple[AskedRow, bytes | None]:
        """Return a question asked before with its packed answer, None where it was let go.

        Raises NotFoundError for an id that was never given.
        """
        with self._lock:
            row = self._db.execute(f"{_ASKED} WHERE asked.id = ?", (asked_id,)).fetchone()
            answer = self._db.execute(
                "SELECT answer FROM kept_answer WHERE asked_id = ?", (asked_id,)
            ).fetchone()
        if row is None:
            raise NotFoundError(
                f"No question has the id {asked_id}.", "The list of questions shows them all."
            )
        return _asked_row(row), None if answer is None else bytes(answer[0])

    def keep_again(self, asked_id: int, packed: bytes) -> None:
        """Keep an answer in place of the one that is kept under this id; no more if that was let go."""
        with self._writing() as db:
            db.execute("UPDATE kept_answer SET answer = ? WHERE asked_id = ?", (packed, asked_id))

    def asked_rows(self, start: int, count: int) -> tuple[tuple[AskedRow, ...], int]:
        """Return a slice of the questions asked, newest first, and how many there are in all."""
        with self._lock:
            rows = self._db.execute(
                f"{_ASKED} ORDER BY asked.id DESC LIMIT ? OFFSET ?", (count, start)
            ).fetchall()
            total = self._db.execute("SELECT count(*) FROM asked").fetchone()[0]
        return tuple(_asked_row(row) for row in rows), int(total)

    # --------------------------------------------------------------- what was chosen for this one

    def choice(self, key: str) -> str:
        """Return what a person chose for this repository alone; empty when nothing."""
        with self._lock:
            row = self._db.execute("SELECT value FROM choice WHERE key = ?", (key,)).fetchone()
        return "" if row is None else str(row[0])

    def choose(self, key: str, value: str) -> None:
        """Keep a choice."""
        with self._writing() as db:
            db.execute("INSERT OR REPLACE INTO choice VALUES (?, ?)", (key, value))

    # ----------------------------------------------------------------- put away, and seen

    def hide(self, kind: Hidden, key: str, at: int) -> None:
        """Put a note or a gap away. Raises NotFoundError when there is none of that id."""
        self._require(kind, key)
        with self._writing() as db:
            db.execute("INSERT OR IGNORE INTO hidden VALUES (?, ?, ?)", (kind, key, at))

    def show_again(self, kind: Hidden, key: str) -> None:
        """Take back `hide`. Raises NotFoundError when there is none of that id."""
        self._require(kind, key)
        with self._writing() as db:
            db.execute("DELETE FROM hidden WHERE kind = ? AND id = ?", (kind, key))

    def seen(self, key: str) -> Seen | None:
        """Return what was kept under ``key`` by `see`."""
        with self._lock:
            row = self._db.execute("SELECT commit_id, at FROM seen WHERE key = ?", (key,)).fetchone()
        return None if row is None else Seen(*row)

    def see(self, seen: Mapping[str, Seen]) -> None:
        """Keep what was seen, and when."""
        with self._writing() as db:
            db.executemany(
                "INSERT OR REPLACE INTO seen VALUES (?, ?, ?)",
                [(key, each.commit_id, each.at) for key, each in seen.items()],
            )

    # ---------------------------------------------------------------------------- private

    def _require(self, kind: Hidden, key: str) -> None:
        if kind is Hidden.NOTE:
            self.note(key)
        else:
            self.gap(key)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield self._db
                self._db.execute("COMMIT")
            except sqlite3.OperationalError as error:
                raise StorageError(
                    f"The notes could not be written: {error}",
                    f"Free some space, or make {self._index_dir} writable, and try again.",
                ) from error
            finally:
                if self._db.in_transaction:
                    with contextlib.suppress(sqlite3.Error):
                        self._db.execute("ROLLBACK")

    def _newest(self, db: sqlite3.Connection, note_id: str) -> int:
        version = db.execute(
            "SELECT max(version) FROM note_version WHERE note_id = ?", (note_id,)
        ).fetchone()[0]
        if version is None:
            raise NotFoundError(f"There is no note {note_id!r}.", "`lorebase note list` shows them all.")
        return int(version)

    def _close_gap(self, db: sqlite3.Connection, gap_id: str, note_id: str) -> None:
        if db.execute("UPDATE gap SET note_id = ? WHERE id = ?", (note_id, gap_id)).rowcount == 0:
            raise NotFoundError(f"There is no gap {gap_id!r}.", "`lorebase gaps` shows them all.")

    def _mirror(self, note: Note, version: int) -> None:
        try:
            write_mirror(self._index_dir, note, version)
        except OSError as error:
            # The note is safe in the database; the file follows at the next start.
            self.notices.append(f"note {note.id} has no Markdown copy yet: {error.strerror or error}")

    def _complete_mirror(self) -> None:
        """Write the Markdown files that are absent or older than the note."""
        written = {note.id: version for note, version in read_mirror(self._index_dir)}
        with self._lock:
            versions = dict(
                self._db.execute("SELECT note_id, max(version) FROM note_version GROUP BY note_id")
            )
        for note_id, version in versions.items():
            if written.get(note_id) != version:
                self._mirror(self.note(note_id), version)

    def _settle(self) -> None:
        existed = self.path.exists()
        problem = _problem(self.path) if existed else ""
        if existed and not problem:
            self._db = _connect(self.path)
            return
        kept = newest_backups(self._index_dir)
        mirrored = read_mirror(self._index_dir)
        if not existed and not kept and not mirrored:
            self._db = _connect(self.path)
            return
        aside = move_aside(self.path) if existed else None
        self._restore(kept, problem or "the file was gone", aside)

    def _restore(self, backups: Sequence[Path], problem: str, aside: Path | None) -> None:
        """Put the newest readable backup in place, then notes from their files; name the loss."""
        source = next((backup for backup in backups if not _problem(backup)), None)
        self._db = _connect(self.path)
        if source is not None:
            with contextlib.closing(
                sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
            ) as old:
                old.backup(self._db)
            self._db.executescript(_SCHEMA)  # a backup may be older than a table
        from_files = 0
        with self._writing() as db:
            for note, version in read_mirror(self._index_dir):
                newest = db.execute(
                    "SELECT coalesce(max(version), 0) FROM note_version WHERE note_id = ?", (note.id,)
                ).fetchone()[0]
                if version > newest:
                    _insert_version(db, note, version)
                    from_files += 1
                    if note.gap_id is not None:
                        db.execute("UPDATE gap SET note_id = ? WHERE id = ?", (note.id, note.gap_id))
        self.notices.append(_loss(problem, aside, source, from_files, len(self.notes())))


def gap_id_of(question: str) -> str:
    """Return the id under which a question is kept: the same for wordings that differ in case,
    punctuation or spaces alone.
    """
    letters = "".join(letter if letter.isalnum() else " " for letter in question.casefold())
    return "g" + blake2b(" ".join(letters.split()).encode(), digest_size=5).hexdigest()


def _asked_row(row: tuple[Any, ...]) -> AskedRow:
    number, question, at, status, category, commit_id, gap_id, kept = row
    asked = AskedQuestion(question, at, VerdictStatus(status), _category(category), commit_id, gap_id)
    return AskedRow(number, asked, bool(kept))


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA busy_timeout = 10000")
    # A log beside the file would be one more thing to lose; FULL makes each commit reach the disk.
    db.execute("PRAGMA journal_mode = TRUNCATE")
    db.execute("PRAGMA synchronous = FULL")
    db.executescript(_SCHEMA)
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    return db


def _problem(path: Path) -> str:
    """Return what is wrong with the file, or nothing. Raises NewerSchemaError."""
    if path.stat().st_size == 0:
        return "it was empty"
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)
    with contextlib.closing(db):
        try:
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version > SCHEMA_VERSION:
                raise NewerSchemaError(
                    "The notes were written by a newer version of Lorebase; they were not touched.",
                    "Update Lorebase, or point --data at another folder.",
                )
            found = db.execute("PRAGMA quick_check (1)").fetchone()[0]
            db.execute("SELECT count(*) FROM note_version, gap, asked WHERE 0").fetchone()
        except sqlite3.DatabaseError as error:
            return str(error)
    return "" if found == "ok" else str(found)


def _insert_version(db: sqlite3.Connection, note: Note, version: int) -> None:
    anchor = note.anchor
    db.execute(
        f"INSERT INTO note_version ({_NOTE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (
            note.id,
            version,
            note.created,
            note.updated,
            note.title,
            note.text,
            note.author,
            note.email,
            note.category,
            None if anchor is None else json.dumps(anchor_fields(anchor)),
            note.gap_id,
            note.source,
        ),
    )


def anchor_fields(anchor: Anchor) -> list[str | int | None]:
    """Return an anchor as the plain list that is stored."""
    return [
        anchor.path,
        anchor.symbol,
        anchor.start_line,
        anchor.end_line,
        anchor.commit_id,
        anchor.blob_id,
        anchor.quote,
    ]


def _note(row: tuple[object, ...]) -> Note:
    note_id, _, created, written, title, text, author, email, category, anchor, gap_id, source = row
    return Note(
        id=str(note_id),
        title=str(title),
        text=str(text),
        author=str(author),
        email=str(email),
        created=int(str(created)),
        updated=int(str(written)),
        category=_category(category),
        anchor=None if anchor is None else Anchor(*json.loads(str(anchor))),
        state=AnchorState.UNANCHORED if anchor is None else AnchorState.CURRENT,
        gap_id=None if gap_id is None else str(gap_id),
        source=str(source),
    )


def _gap(row: tuple[object, ...]) -> Gap:
    gap_id, question, category, missing, asked, first, last, note_id, contacts, paths = row
    return Gap(
        id=str(gap_id),
        question=str(question),
        category=_category(category),
        missing=str(missing),
        asked=int(str(asked)),
        first_asked=int(str(first)),
        last_asked=int(str(last)),
        note_id=None if note_id is None else str(note_id),
        contacts=tuple(Contact(*fields) for fields in json.loads(str(contacts))),
        paths=tuple(json.loads(str(paths))),
    )


def _category(value: object) -> Category | None:
    return None if value is None else Category(str(value))


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
