"""Takes what people made in one file over into another: worktrees once had one each, and now share one."""

from __future__ import annotations

import secrets
import sqlite3
import time
from typing import Final

from indexer.index.people_store import FILE_NAME

MOVED_NAME: Final = f"{FILE_NAME}.taken-over"
"""What the old file is called from then on: nothing opens it, and nothing of it is lost."""


def name_of(old: sqlite3.Connection) -> str:
    """Return a name that this file keeps, within its transaction, so that a second try is known."""
    row = old.execute("SELECT origin FROM taken_over WHERE origin LIKE 'self:%'").fetchone()
    if row is not None:
        return str(row[0])
    name = f"self:{secrets.token_hex(8)}"
    old.execute("INSERT INTO taken_over VALUES (?, ?)", (name, int(time.time())))
    return name


def merge(target: sqlite3.Connection, old: sqlite3.Connection, name: str, worktree: str = "") -> bool:
    """Copy all rows of ``old`` within the transaction of ``target``; False when that was done before.

    ``name`` is the old file's (`name_of`). What both have (by id) is counted together; nothing is
    replaced. ``worktree``: what was seen in the old file is that one's, whose HEAD is its own.
    """
    origin = name.replace("self:", "from:")
    if target.execute("SELECT 1 FROM taken_over WHERE origin = ?", (origin,)).fetchone():
        return False
    for statement, query in _ROWS:
        target.executemany(statement, old.execute(query).fetchall())
    _merge_asked(target, old)
    seen = old.execute("SELECT key, commit_id, at FROM seen").fetchall()
    target.executemany(
        "INSERT OR IGNORE INTO seen VALUES (?, ?, ?)",
        [(key if ":" in key else f"{key}:{worktree}", commit_id, at) for key, commit_id, at in seen],
    )
    target.execute("INSERT INTO taken_over VALUES (?, ?)", (origin, int(time.time())))
    return True


_ROWS: Final = (
    (
        "INSERT OR IGNORE INTO note_version VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "SELECT * FROM note_version",
    ),
    (
        """INSERT INTO gap VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
            asked = asked + excluded.asked, last_asked = max(last_asked, excluded.last_asked),
            first_asked = min(first_asked, excluded.first_asked),
            note_id = coalesce(note_id, excluded.note_id)""",
        "SELECT * FROM gap",
    ),
    (
        """INSERT INTO gap_wording VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET
            asked = asked + excluded.asked, last_asked = max(last_asked, excluded.last_asked)""",
        "SELECT * FROM gap_wording",
    ),
    (
        """INSERT INTO gap_asker VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
            asked = asked + excluded.asked, last_asked = max(last_asked, excluded.last_asked)""",
        "SELECT * FROM gap_asker",
    ),
    (
        """INSERT INTO review (question, mark, name, email, at, comment, commit_id, cited)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        "SELECT question, mark, name, email, at, comment, commit_id, cited FROM review ORDER BY id",
    ),
    ("INSERT OR IGNORE INTO published VALUES (?, ?, ?, ?, ?)", "SELECT * FROM published"),
    ("INSERT OR IGNORE INTO hidden VALUES (?, ?, ?)", "SELECT * FROM hidden"),
    ("INSERT OR IGNORE INTO module_mark VALUES (?, ?, ?, ?, ?, ?)", "SELECT * FROM module_mark"),
    (
        """INSERT OR IGNORE INTO module_text (uid, path, text, name, email, at, commit_id)
            VALUES (?, ?, ?, ?, ?, ?, ?)""",
        "SELECT uid, path, text, name, email, at, commit_id FROM module_text ORDER BY id",
    ),
    (
        "INSERT OR IGNORE INTO tour_version VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "SELECT * FROM tour_version",
    ),
    ("INSERT OR IGNORE INTO session VALUES (?, ?, ?, ?, ?, ?)", "SELECT * FROM session"),
    (
        """INSERT OR IGNORE INTO session_event (uid, session_id, at, act, step, body)
            VALUES (?, ?, ?, ?, ?, ?)""",
        "SELECT uid, session_id, at, act, step, body FROM session_event ORDER BY id",
    ),
)


def _merge_asked(target: sqlite3.Connection, old: sqlite3.Connection) -> None:
    """Append the questions with their kept answers, in their order, under ids of the new file."""
    rows = old.execute(
        "SELECT question, at, status, category, commit_id, gap_id, answer"
        " FROM asked LEFT JOIN kept_answer ON asked_id = asked.id ORDER BY asked.id"
    )
    for *asked, answer in rows:
        row = target.execute(
            "INSERT INTO asked (question, at, status, category, commit_id, gap_id)"
            " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
            asked,
        ).fetchone()
        if answer is not None:
            target.execute("INSERT INTO kept_answer VALUES (?, ?)", (row[0], answer))
