"""How notes, gaps and reviews lie in the rows of people.db."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from indexer.types import (
    Anchor,
    AnchorState,
    Asker,
    Category,
    Contact,
    Gap,
    Note,
    Review,
    ReviewMark,
)

NOTE_COLUMNS: Final = (
    "note_id, version, created, written, title, text, author, email, category, anchor, gap_id, source"
)
_ANSWERING: Final = (
    "SELECT gap.note_id WHERE NOT EXISTS"
    " (SELECT 1 FROM hidden WHERE kind = 'note' AND hidden.id = gap.note_id)"
)
GAP_COLUMNS: Final = (
    f"id, question, category, missing, asked, first_asked, last_asked, ({_ANSWERING}), contacts, paths"
)
OPEN_GAP: Final = f"({_ANSWERING}) IS NULL"
REVIEW_COLUMNS: Final = "question, mark, name, email, at, comment, commit_id, cited"


def insert_version(db: sqlite3.Connection, note: Note, version: int) -> None:
    """Keep a note as this version of its id."""
    anchor = note.anchor
    db.execute(
        f"INSERT INTO note_version ({NOTE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
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


def note_of(row: Sequence[object]) -> Note:
    """Return a note as it is stored; its state is not compared with code."""
    note_id, _, created, written, title, text, author, email, category, anchor, gap_id, source = row
    return Note(
        id=str(note_id),
        title=str(title),
        text=str(text),
        author=str(author),
        email=str(email),
        created=int(str(created)),
        updated=int(str(written)),
        category=category_of(category),
        anchor=None if anchor is None else Anchor(*json.loads(str(anchor))),
        state=AnchorState.UNANCHORED if anchor is None else AnchorState.CURRENT,
        gap_id=None if gap_id is None else str(gap_id),
        source=str(source),
    )


def gap_of(db: sqlite3.Connection, row: Sequence[object]) -> Gap:
    """Return a gap with who met it and in which words."""
    gap_id, question, category, missing, asked, first, last, note_id, contacts, paths = row
    askers = db.execute(
        "SELECT name, email, asked, last_asked FROM gap_asker WHERE gap_id = ?"
        " ORDER BY last_asked DESC, asked DESC, name",
        (gap_id,),
    )
    wordings = db.execute(
        "SELECT question FROM gap_wording WHERE gap_id = ? AND question != ? ORDER BY asked DESC, question",
        (gap_id, question),
    )
    return Gap(
        id=str(gap_id),
        question=str(question),
        category=category_of(category),
        missing=str(missing),
        asked=int(str(asked)),
        first_asked=int(str(first)),
        last_asked=int(str(last)),
        note_id=None if note_id is None else str(note_id),
        contacts=tuple(Contact(*fields) for fields in json.loads(str(contacts))),
        paths=tuple(json.loads(str(paths))),
        askers=tuple(Asker(*fields) for fields in askers.fetchall()),
        wordings=tuple(wording for (wording,) in wordings.fetchall()),
    )


def review_of(row: Sequence[Any]) -> tuple[Review, tuple[str, ...]]:
    """Return a review, and the digests of what the answer cited when it was made."""
    question, mark, name, email, at, comment, commit_id, cited = row
    review = Review(ReviewMark(mark), name, at, comment, commit_id, email, question)
    return review, tuple(json.loads(cited))


def category_of(value: object) -> Category | None:
    """Return the category of a stored word."""
    return None if value is None else Category(str(value))
