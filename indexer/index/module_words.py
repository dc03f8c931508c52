"""What people said of module summaries: that they looked one through, and paragraphs of their own."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from indexer.index.people_store import PeopleStore


@dataclass(frozen=True, slots=True)
class KeptMark:
    """A mark on a module's summary. ``files`` is what the module was then: ids of contents by path."""

    path: str
    name: str
    email: str
    at: int
    commit_id: str | None
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class KeptText:
    """A paragraph at the top of a module's summary; an empty one was taken away."""

    path: str
    text: str
    name: str
    email: str
    at: int
    commit_id: str | None


class ModuleWords:
    """Reads and writes them; callable from several threads."""

    def __init__(self, store: PeopleStore) -> None:
        self._store = store

    def mark(self, mark: KeptMark) -> None:
        """Keep a mark, in the place of the module's last one."""
        with self._store.writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO module_mark VALUES (?, ?, ?, ?, ?, ?)",
                (mark.path, mark.name, mark.email, mark.at, mark.commit_id, json.dumps(dict(mark.files))),
            )

    def unmark(self, path: str) -> None:
        """Take a module's mark back."""
        with self._store.writing() as db:
            db.execute("DELETE FROM module_mark WHERE path = ?", (path,))

    def write(self, text: KeptText) -> None:
        """Keep a paragraph; those before it stay, and the last one counts."""
        with self._store.writing() as db:
            db.execute(
                "INSERT INTO module_text (uid, path, text, name, email, at, commit_id)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (secrets.token_hex(8), text.path, text.text, text.name, text.email, text.at, text.commit_id),
            )

    def marks(self) -> dict[str, KeptMark]:
        """Return the marks by the path of their module."""
        with self._store.reading() as db:
            rows = db.execute("SELECT path, name, email, at, commit_id, files FROM module_mark").fetchall()
        return {row[0]: KeptMark(row[0], row[1], row[2], row[3], row[4], json.loads(row[5])) for row in rows}

    def texts(self) -> dict[str, KeptText]:
        """Return the paragraphs that count, by the path of their module."""
        with self._store.reading() as db:
            rows = db.execute(
                "SELECT path, text, name, email, at, commit_id FROM module_text ORDER BY at, id"
            ).fetchall()
        last = {row[0]: KeptText(*row) for row in rows}
        return {path: each for path, each in last.items() if each.text}

    def versions(self, path: str) -> tuple[KeptText, ...]:
        """Return every paragraph that a module's summary had, the oldest first."""
        with self._store.reading() as db:
            rows = db.execute(
                "SELECT path, text, name, email, at, commit_id FROM module_text"
                " WHERE path = ? ORDER BY at, id",
                (path,),
            ).fetchall()
        return tuple(KeptText(*row) for row in rows)
