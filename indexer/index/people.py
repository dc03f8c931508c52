"""What people made: notes with every version, gaps, questions asked, reviews. It cannot be rebuilt.

Every note stands as a Markdown file beside the database too (see people_files.py); how the file is
kept, restored and shared between engines is in people_store.py.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, Self

from indexer.errors import NotFoundError, StorageError
from indexer.index.module_words import ModuleWords
from indexer.index.people_files import mirror_folder, newest_backups, read_mirror, write_mirror
from indexer.index.people_merge import MOVED_NAME, merge, name_of
from indexer.index.people_rows import (
    GAP_COLUMNS,
    NOTE_COLUMNS,
    OPEN_GAP,
    REVIEW_COLUMNS,
    category_of,
    gap_of,
    insert_version,
    note_of,
    review_of,
)
from indexer.index.people_store import FILE_NAME, PeopleStore
from indexer.index.walks import Walks
from indexer.types import Category, Gap, Note, Person, Review, VerdictStatus

NOBODY: Final = Person()

ANSWERS_KEPT: Final = 2_000
"""Answers that can be shown again; at some 5 KB each, packed, they take 10 MB at most."""

_JUST_ASKED: Final = 600
"""Seconds between the recording of a question and that of its answer, on the slowest machine."""

_ASKED: Final = (
    "SELECT asked.id, question, at, status, category, commit_id, gap_id, asked_id IS NOT NULL"
    " FROM asked LEFT JOIN kept_answer ON asked_id = asked.id"
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


@dataclass(frozen=True, slots=True)
class PublishedAs:
    """A content that the file of a published note has, or had. ``path`` is the shown path."""

    path: str
    digest: str
    version: int


class People:
    """The open file. Callable from several threads, and open in several engines at once.

    ``notices`` says what was lost and mended.
    """

    def __init__(self, folder: Path) -> None:
        self._store = PeopleStore(folder)
        self.module_words = ModuleWords(self._store)
        self.walks = Walks(self._store)
        self._folder = folder
        self.path = self._store.path
        self.notices = self._store.notices

    @classmethod
    def open(cls, folder: Path, earlier: Path | None = None) -> Self:
        """Open or make the file in ``folder``, and keep a backup of what is in it.

        A damaged file is set aside; the newest backup that can be read takes its place, and notes
        written after it come back from their Markdown files. What lies in the folder ``earlier``
        (the index of one worktree, before worktrees shared this file) is taken over once.
        Raises NewerSchemaError, having changed nothing, and StorageError when the disk refuses.
        """
        people = cls(folder)
        people._store.open()
        try:
            if earlier is not None and _holds_people(earlier):
                people.take_over(earlier, earlier.name)
            people._complete_mirror()
            people.walks.complete()
        except OSError as error:
            people.close()
            raise StorageError(
                f"The notes in {folder} cannot be opened: {error.strerror or error}",
                "Free some space, or make the folder writable; nothing was changed.",
            ) from error
        return people

    def close(self) -> None:
        """Close the file; calls after this one fail."""
        self._store.close()

    # ------------------------------------------------------------------------------ notes

    def add_note(self, note: Note) -> Note:
        """Keep a new note under a fresh id, close its gap, and return it as kept."""
        kept = replace(note, id=f"n{secrets.token_hex(5)}")
        with self._store.writing() as db:
            if kept.gap_id is not None:
                _close_gap(db, kept.gap_id, kept.id)
            insert_version(db, kept, 1)
        self._mirror(kept, 1)
        return kept

    def change_note(self, note_id: str, change: Callable[[Note], Note]) -> Note:
        """Keep what ``change`` makes of the newest version as a newer one; the earlier ones stay.

        Both happen in one transaction, so that no other engine's change is overwritten unread.
        """
        with self._store.writing() as db:
            old, version = _newest(db, note_id)
            note = change(old)
            if note.gap_id is not None:
                _close_gap(db, note.gap_id, note.id)
            insert_version(db, note, version + 1)
        self._mirror(note, version + 1)
        return note

    def note(self, note_id: str) -> Note:
        """Return the newest version of a note; its state is as stored, not compared with code."""
        return self.note_versions(note_id)[-1]

    def note_versions(self, note_id: str) -> tuple[Note, ...]:
        """Return every version, oldest first. Raises NotFoundError for an unknown id."""
        with self._store.reading() as db:
            rows = db.execute(
                f"SELECT {NOTE_COLUMNS} FROM note_version WHERE note_id = ? ORDER BY version",  # noqa: S608
                (note_id,),
            ).fetchall()
        if not rows:
            raise _no_note(note_id)
        return tuple(note_of(row) for row in rows)

    def notes(self) -> tuple[Note, ...]:
        """Return every note in its newest version, the last changed first; deleted ones are left out."""
        return tuple(note for note, _ in self.numbered_notes())

    def numbered_notes(self) -> tuple[tuple[Note, int], ...]:
        """Return what ``notes`` does, each note with the number of its version."""
        query = f"""
            SELECT {NOTE_COLUMNS} FROM note_version n
            WHERE version = (SELECT max(version) FROM note_version WHERE note_id = n.note_id)
            AND NOT EXISTS (SELECT 1 FROM hidden WHERE kind = 'note' AND id = n.note_id)
            ORDER BY written DESC, note_id
        """  # noqa: S608
        with self._store.reading() as db:
            rows = db.execute(query).fetchall()
        return tuple((note_of(row), row[1]) for row in rows)

    # -------------------------------------------------------------------- published files

    def published(self) -> dict[str, tuple[PublishedAs, ...]]:
        """Return by note what its file has been, the last known content last."""
        with self._store.reading() as db:
            rows = db.execute("SELECT note_id, path, digest, version FROM published ORDER BY at, version")
        return _by_note(rows.fetchall())

    def keep_published(self, note_id: str, known: PublishedAs, at: int) -> None:
        """Keep that the note's file has, or had, this content."""
        with self._store.writing() as db:
            _insert_published(db, note_id, known, at)

    def take_edit(self, edited: Note, path: str, digest: str, at: int) -> bool:
        """Keep an edit of a note's file as the note's newest version; False when it is known already."""
        with self._store.writing() as db:
            if db.execute(
                "SELECT 1 FROM published WHERE note_id = ? AND digest = ?", (edited.id, digest)
            ).fetchone():
                return False
            old, version = _newest(db, edited.id)
            note = replace(edited, created=old.created, gap_id=old.gap_id)
            insert_version(db, note, version + 1)
            _insert_published(db, note.id, PublishedAs(path, digest, version + 1), at)
        self._mirror(note, version + 1)
        return True

    # ------------------------------------------------------------------------------- gaps

    def record(
        self, asked: AskedQuestion, gap: Gap | None, by: Person = NOBODY, known: str | None = None
    ) -> Gap | None:
        """Keep that a question was asked, and how it was labelled; with the gap that it met, if any.

        A gap that is known, under ``known`` or in the same words, is counted once more, with who
        met it and in which words; it is returned as it is kept.
        """
        gap_id = None if gap is None else known or gap_id_of(gap.question)
        with self._store.writing() as db:
            if gap is not None and gap_id is not None:
                _count_gap(db, gap, gap_id, by)
            db.execute(
                "INSERT INTO asked (question, at, status, category, commit_id, gap_id)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (asked.question, asked.at, asked.status, asked.category, asked.commit_id, gap_id),
            )
        return None if gap_id is None else self.gap(gap_id)

    def gap(self, gap_id: str) -> Gap:
        """Return one gap. Raises NotFoundError."""
        with self._store.reading() as db:
            row = db.execute(
                f"SELECT {GAP_COLUMNS} FROM gap WHERE id = ?",  # noqa: S608
                (gap_id,),
            ).fetchone()
            if row is None:
                raise _no_gap(gap_id)
            return gap_of(db, row)

    def gaps(self, *, closed: bool = False) -> tuple[Gap, ...]:
        """Return the open gaps (or all with ``closed``), the most asked first.

        Dismissed ones are left out; one whose note was deleted is open again.
        """
        shown = "NOT EXISTS (SELECT 1 FROM hidden WHERE kind = 'gap' AND hidden.id = gap.id)"
        return self._gaps(shown if closed else f"{shown} AND {OPEN_GAP}")

    def dismissed_gaps(self) -> tuple[Gap, ...]:
        """Return the gaps that were dismissed, the most asked first."""
        return self._gaps("EXISTS (SELECT 1 FROM hidden WHERE kind = 'gap' AND hidden.id = gap.id)")

    def gap_questions(self) -> tuple[tuple[str, str], ...]:
        """Return (gap's id, question) for each wording of each gap, the first wording of each first."""
        with self._store.reading() as db:
            return tuple(
                db.execute(
                    "SELECT id, question FROM gap UNION ALL SELECT gap_id, question FROM gap_wording"
                ).fetchall()
            )

    def _gaps(self, where: str) -> tuple[Gap, ...]:
        with self._store.reading() as db:
            rows = db.execute(
                f"SELECT {GAP_COLUMNS} FROM gap WHERE {where} ORDER BY asked DESC, last_asked DESC, id"  # noqa: S608
            ).fetchall()
            return tuple(gap_of(db, row) for row in rows)

    def asked(self, limit: int = 50) -> tuple[AskedQuestion, ...]:
        """Return the last questions, newest first."""
        with self._store.reading() as db:
            rows = db.execute(
                "SELECT question, at, status, category, commit_id, gap_id FROM asked"
                " ORDER BY id DESC LIMIT ?",
                (limit,),
            ).fetchall()
        return tuple(
            AskedQuestion(question, at, VerdictStatus(status), category_of(category), commit_id, gap_id)
            for question, at, status, category, commit_id, gap_id in rows
        )

    def keep_answer(self, asked: AskedQuestion, packed: bytes) -> int:
        """Keep the answer of a question, which is kept too if it is not yet; return the id of both.

        The oldest answers beyond ANSWERS_KEPT go; their questions stay in the list.
        """
        with self._store.writing() as db:
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
        with self._store.reading() as db:
            row = db.execute(f"{_ASKED} WHERE asked.id = ?", (asked_id,)).fetchone()
            answer = db.execute("SELECT answer FROM kept_answer WHERE asked_id = ?", (asked_id,)).fetchone()
        if row is None:
            raise NotFoundError(
                f"No question has the id {asked_id}.", "The list of questions shows them all."
            )
        return _asked_row(row), None if answer is None else bytes(answer[0])

    def keep_again(self, asked_id: int, packed: bytes) -> None:
        """Keep an answer in place of the one that is kept under this id; no more if that was let go."""
        with self._store.writing() as db:
            db.execute("UPDATE kept_answer SET answer = ? WHERE asked_id = ?", (packed, asked_id))

    def asked_rows(self, start: int, count: int) -> tuple[tuple[AskedRow, ...], int]:
        """Return a slice of the questions asked, newest first, and how many there are in all."""
        with self._store.reading() as db:
            rows = db.execute(f"{_ASKED} ORDER BY asked.id DESC LIMIT ? OFFSET ?", (count, start)).fetchall()
            total = db.execute("SELECT count(*) FROM asked").fetchone()[0]
        return tuple(_asked_row(row) for row in rows), int(total)

    # ---------------------------------------------------------------------------- reviews

    def add_review(self, review: Review, cited: Sequence[str]) -> None:
        """Keep a person's mark; ``cited`` are digests of what the answer rested on."""
        with self._store.writing() as db:
            db.execute(
                f"INSERT INTO review ({REVIEW_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                (
                    review.question,
                    review.mark,
                    review.by,
                    review.email,
                    review.when,
                    review.comment,
                    review.commit_id,
                    json.dumps(list(cited)),
                ),
            )

    def reviews(self) -> tuple[tuple[Review, tuple[str, ...]], ...]:
        """Return every mark with the digests of what was cited then, the newest first."""
        with self._store.reading() as db:
            rows = db.execute(f"SELECT {REVIEW_COLUMNS} FROM review ORDER BY id DESC").fetchall()  # noqa: S608
        return tuple(review_of(row) for row in rows)

    # --------------------------------------------------------------- what was chosen for this one

    def choice(self, key: str) -> str:
        """Return what a person chose for this repository alone; empty when nothing."""
        with self._store.reading() as db:
            row = db.execute("SELECT value FROM choice WHERE key = ?", (key,)).fetchone()
        return "" if row is None else str(row[0])

    def choose(self, key: str, value: str) -> None:
        """Keep a choice."""
        with self._store.writing() as db:
            db.execute("INSERT OR REPLACE INTO choice VALUES (?, ?)", (key, value))

    # ----------------------------------------------------------------- put away, and seen

    def hide(self, kind: Hidden, key: str, at: int) -> None:
        """Put a note or a gap away. Raises NotFoundError when there is none of that id."""
        self._require(kind, key)
        with self._store.writing() as db:
            db.execute("INSERT OR IGNORE INTO hidden VALUES (?, ?, ?)", (kind, key, at))

    def show_again(self, kind: Hidden, key: str) -> None:
        """Take back `hide`. Raises NotFoundError when there is none of that id."""
        self._require(kind, key)
        with self._store.writing() as db:
            db.execute("DELETE FROM hidden WHERE kind = ? AND id = ?", (kind, key))

    def seen(self, key: str) -> Seen | None:
        """Return what was kept under ``key`` by `see`."""
        with self._store.reading() as db:
            row = db.execute("SELECT commit_id, at FROM seen WHERE key = ?", (key,)).fetchone()
        return None if row is None else Seen(*row)

    def see(self, seen: Mapping[str, Seen]) -> None:
        """Keep what was seen, and when."""
        with self._store.writing() as db:
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

    def _mirror(self, note: Note, version: int) -> None:
        try:
            write_mirror(self._folder, note, version)
        except OSError as error:
            # The note is safe in the database; the file follows at the next start.
            self.notices.append(f"note {note.id} has no Markdown copy yet: {error.strerror or error}")

    def _complete_mirror(self) -> None:
        """Write the Markdown files that are absent or older than the note."""
        written = {note.id: version for note, version in read_mirror(self._folder)}
        with self._store.reading() as db:
            versions = dict(db.execute("SELECT note_id, max(version) FROM note_version GROUP BY note_id"))
        for note_id, version in versions.items():
            if written.get(note_id) != version:
                self._mirror(self.note(note_id), version)

    def take_over(self, folder: Path, worktree: str = "") -> None:
        """Copy what another folder of this kind holds; its file keeps its content under another name.

        Raises as ``open``, and what is here is unchanged then.
        """
        old = PeopleStore(folder)
        old.open()
        try:
            with old.writing() as source:
                name = name_of(source)
            with old.reading() as source, self._store.writing() as db:
                merge(db, source, name, worktree)
        except BaseException:
            old.close()
            raise
        self.notices += old.notices
        old.put_away(MOVED_NAME)
        self._complete_mirror()
        self.walks.complete()


def gap_id_of(question: str) -> str:
    """Return the id under which a question is kept: the same for wordings that differ in case,
    punctuation or spaces alone.
    """
    letters = "".join(letter if letter.isalnum() else " " for letter in question.casefold())
    return "g" + blake2b(" ".join(letters.split()).encode(), digest_size=5).hexdigest()


def _holds_people(folder: Path) -> bool:
    """Say whether an older version kept notes here that nobody took over yet."""
    if (folder / FILE_NAME).exists():
        return True
    lost = bool(newest_backups(folder)) or any(mirror_folder(folder).glob("*.md"))
    return lost and not (folder / MOVED_NAME).exists()


def _asked_row(row: tuple[Any, ...]) -> AskedRow:
    number, question, at, status, category, commit_id, gap_id, kept = row
    asked = AskedQuestion(question, at, VerdictStatus(status), category_of(category), commit_id, gap_id)
    return AskedRow(number, asked, bool(kept))


def _newest(db: sqlite3.Connection, note_id: str) -> tuple[Note, int]:
    row = db.execute(
        f"SELECT {NOTE_COLUMNS} FROM note_version WHERE note_id = ? ORDER BY version DESC LIMIT 1",  # noqa: S608
        (note_id,),
    ).fetchone()
    if row is None:
        raise _no_note(note_id)
    return note_of(row), int(row[1])


def _close_gap(db: sqlite3.Connection, gap_id: str, note_id: str) -> None:
    if db.execute("UPDATE gap SET note_id = ? WHERE id = ?", (note_id, gap_id)).rowcount == 0:
        raise _no_gap(gap_id)


def _count_gap(db: sqlite3.Connection, gap: Gap, gap_id: str, by: Person) -> None:
    db.execute(
        """
        INSERT INTO gap VALUES (?, ?, ?, ?, 1, ?, ?, NULL, ?, ?)
        ON CONFLICT (id) DO UPDATE SET asked = asked + 1, last_asked = excluded.last_asked,
            category = excluded.category,
            missing = CASE question WHEN excluded.question THEN excluded.missing ELSE missing END,
            contacts = excluded.contacts, paths = excluded.paths
        """,
        (
            gap_id,
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
        "INSERT INTO gap_wording VALUES (?, ?, 1, ?) ON CONFLICT DO UPDATE SET"
        " asked = asked + 1, last_asked = excluded.last_asked",
        (gap_id, gap.question, gap.last_asked),
    )
    if by.name or by.email:
        db.execute(
            "INSERT INTO gap_asker VALUES (?, ?, ?, 1, ?) ON CONFLICT DO UPDATE SET"
            " asked = asked + 1, last_asked = excluded.last_asked",
            (gap_id, by.name, by.email, gap.last_asked),
        )


def _insert_published(db: sqlite3.Connection, note_id: str, known: PublishedAs, at: int) -> None:
    db.execute(
        "INSERT INTO published (note_id, digest, path, version, at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET path = excluded.path, version = excluded.version, at = excluded.at",
        (note_id, known.digest, known.path, known.version, at),
    )


def _by_note(rows: Sequence[tuple[Any, ...]]) -> dict[str, tuple[PublishedAs, ...]]:
    out: dict[str, tuple[PublishedAs, ...]] = {}
    for note_id, path, digest, version in rows:
        out[note_id] = (*out.get(note_id, ()), PublishedAs(path, digest, version))
    return out


def _no_note(note_id: str) -> NotFoundError:
    return NotFoundError(f"There is no note {note_id!r}.", "`lorebase note list` shows them all.")


def _no_gap(gap_id: str) -> NotFoundError:
    return NotFoundError(f"There is no gap {gap_id!r}.", "`lorebase gaps` shows them all.")
