"""The home page of a repository: where to start reading, what to ask first, what is new."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.sentences import sentences_of
from indexer.guide.asked import Asked
from indexer.guide.notes import Notes
from indexer.guide.starters import KeptStarters, first_offers, tried_offers
from indexer.index import contents
from indexer.index.catalog import Catalog, get_meta, indexed_state
from indexer.index.people import People, Seen
from indexer.location import Location
from indexer.pages import AskedWanted, DocumentLink, Overview, ReadFirst, Starter
from indexer.repo.repository import Repository
from indexer.types import Answer, ChunkKind, Control, FileMark, RepositoryFacts, shown_path

FILES: Final = 7
DOCUMENTS: Final = 4
ASKED: Final = 5
YEAR: Final = 31_557_600

VISIT_SECONDS: Final = 1_800
"""A page that was shown within this time is still the same look at it."""

MINOR: Final = (
    FileMark.TEST
    | FileMark.EXAMPLE
    | FileMark.GENERATED
    | FileMark.VENDORED
    | FileMark.DOCUMENTATION
    | FileMark.CONFIGURATION
    | FileMark.LEGACY
    | FileMark.STUB
)

STARTERS: Final = "starters.json"

_PAGE: Final = "overview"
_BEFORE: Final = "overview before"
_HEAD_LINES: Final = 40
_CANDIDATES: Final = 40


_GATE: Final = re.compile(r"(?:^|/)(?:__init__|__main__|index|mod|lib|doc|conftest|setup|version)\.\w+$")
"""Files that only hand on what others define: everything takes them in, and they say little."""


@dataclass(frozen=True, slots=True)
class BusyFile:
    """A file of code with what makes it worth reading. ``changes`` are those of the last year."""

    path_id: int
    path: str
    blob_id: int
    language: str
    lines: int
    rank: float
    used_by: int
    changes: int

    @property
    def weight(self) -> float:
        """Much used and often changed; a file that nothing names, or nobody touches, has little."""
        gate = 0.2 if _GATE.search(self.path) else 1.0
        return gate * (self.rank + 0.01) * (1.0 + self.changes)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the catalog alone decides; ``key`` names the state that it was worked out for."""

    key: tuple[object, ...]
    committed: int
    files: int
    commits: int
    starters: tuple[Starter, ...]
    read_first: tuple[ReadFirst, ...]
    documents: tuple[DocumentLink, ...]
    definitions: int


class Home:
    """Callable from several threads."""

    def __init__(
        self, location: Location, repository: Repository, catalog: Catalog, people: People, notes: Notes
    ) -> None:
        self._location = location
        self._repository = repository
        self._catalog = catalog
        self._people = people
        self._notes = notes
        self._asked = Asked(people)
        self._parts: _Parts | None = None
        self._starters = KeptStarters(location.index_dir / STARTERS)

    def try_starters(self, ask: Callable[[str], Answer], control: Control) -> None:
        """Ask the questions that could be offered, and keep those that are answered well."""
        with self._catalog.snapshot() as reader:
            head = get_meta(reader, "head")
            if head is None or self._starters.read()[0] == head:
                return
            files = [*busy_files(reader, 12), *large_files(reader)]
            self._starters.write(head, tried_offers(reader, files, ask, control))

    def overview(self) -> Overview:
        """Return the page, and remember that it was looked at."""
        facts = self._repository.facts()
        asked = self._asked.list(AskedWanted(count=ASKED))
        with self._catalog.snapshot() as reader:
            head = get_meta(reader, "head")
            parts = self._parts_of(reader, head)
            new_commits, last_looked, last_commit = self._since_last_look(reader, head)
            complete = get_meta(reader, "words_complete") == "1"
        return Overview(
            name=_name(self._location),
            branch=None if facts.branch is None else shown_path(facts.branch),
            commit_id=head or facts.head,
            committed=parts.committed,
            files=parts.files,
            commits=parts.commits,
            new_commits=new_commits,
            last_looked=last_looked,
            last_commit=last_commit,
            starters=self._starters.read()[1] or parts.starters,
            read_first=parts.read_first,
            documents=parts.documents,
            asked=asked.rows,
            asked_total=asked.total,
            gaps_open=len(self._notes.gaps()),
            notes=self._notes.count(),
            reasons=None,
            definitions=parts.definitions,
            notices=_notices(facts, complete),
        )

    def warm(self) -> None:
        """Work out now what the first look would wait for."""
        with self._catalog.snapshot() as reader:
            self._parts_of(reader, get_meta(reader, "head"))

    def _parts_of(self, reader: sqlite3.Connection, head: str | None) -> _Parts:
        """Return what only a job changes, worked out once for each state of the index."""
        files, commits = contents.count_files(reader), contents.count_commits(reader)
        key = (*indexed_state(reader), files, commits)
        known = self._parts
        if known is None or known.key != key:
            busy = busy_files(reader)
            newest = reader.execute("SELECT committed FROM commits WHERE oid = ?", (head,)).fetchone()
            known = self._parts = _Parts(
                key=key,
                committed=0 if newest is None else newest[0],
                files=files,
                commits=commits,
                starters=first_offers(reader, [*busy[:12], *large_files(reader)]),
                read_first=tuple(_read_first(reader, each) for each in busy[:FILES]),
                documents=documents(reader),
                definitions=_definitions(reader),
            )
        return known

    def _since_last_look(self, reader: sqlite3.Connection, head: str | None) -> tuple[int, int, str]:
        """Return the commits that are new since the last look, -1 the first time, when it was, and what
        was HEAD then.
        """
        now = int(time.time())
        page, earlier = (f"{key}:{self._location.index_dir.name}" for key in (_PAGE, _BEFORE))
        last, before = self._people.seen(page), self._people.seen(earlier)
        if last is None or not 0 <= now - last.at < VISIT_SECONDS:
            before = last
        if head is not None and (last is None or last.commit_id != head or now - last.at > 60):
            seen = {page: Seen(head, now)}
            if before is not None:
                seen[earlier] = before
            self._people.see(seen)
        if before is None:
            return -1, 0, ""
        row = reader.execute(
            "SELECT count(*) FROM commits WHERE reachable = 1"
            " AND sequence > (SELECT sequence FROM commits WHERE oid = ?)",
            (before.commit_id,),
        ).fetchone()
        return int(row[0]), before.at, before.commit_id or ""


def busy_files(reader: sqlite3.Connection, limit: int = _CANDIDATES) -> list[BusyFile]:
    """Return the files of code that are much used and often changed, first the weightiest."""
    rows = reader.execute(_BUSY, (YEAR, int(MINOR))).fetchall()
    files = [BusyFile(*row) for row in rows]
    files.sort(key=lambda each: (-each.weight, each.path))
    return files[:limit]


def large_files(reader: sqlite3.Connection, limit: int = 3) -> list[BusyFile]:
    """Return the longest programs of a language whose files hardly name each other."""
    rows = reader.execute(
        "SELECT entry.path_id, shown, entry.blob_id, language, lines, rank, 0, 0 FROM entry"
        " JOIN path ON path.id = entry.path_id JOIN blob ON blob.id = entry.blob_id"
        " WHERE entry.skipped = '' AND entry.marks & ? = 0 AND language IN ('cobol', 'jcl', 'plsql', 'rpg')"
        " ORDER BY EXISTS (SELECT 1 FROM symbol WHERE symbol.blob_id = blob.id AND kind = 'program') DESC,"
        " lines DESC LIMIT ?",
        (int(MINOR), limit),
    ).fetchall()
    return [BusyFile(*row) for row in rows]


_BUSY: Final = """
    WITH recent AS (
        SELECT change.path_id, count(*) AS number FROM commits JOIN change ON change.commit_id = commits.id
        WHERE reachable = 1 AND authored > (
            SELECT authored FROM commits WHERE reachable = 1 ORDER BY sequence DESC LIMIT 1) - ?
        GROUP BY change.path_id)
    SELECT entry.path_id, shown, entry.blob_id, language, lines, rank,
        (SELECT count(DISTINCT from_path) FROM edge WHERE to_path = entry.path_id),
        coalesce(recent.number, 0)
    FROM entry JOIN path ON path.id = entry.path_id JOIN blob ON blob.id = entry.blob_id
    LEFT JOIN recent ON recent.path_id = entry.path_id
    WHERE entry.skipped = '' AND blob.skipped = '' AND entry.marks & ? = 0 AND lines > 10
    AND EXISTS (SELECT 1 FROM symbol WHERE symbol.blob_id = entry.blob_id
        AND kind NOT IN ('heading', 'key', 'rule', 'variable', 'constant'))
"""


def documents(reader: sqlite3.Connection) -> tuple[DocumentLink, ...]:
    """Return the documents that a newcomer reads first, with the titles that they give themselves."""
    rows = reader.execute(
        "SELECT shown, entry.blob_id FROM entry JOIN path ON path.id = path_id JOIN blob ON blob.id = blob_id"
        " WHERE language IN ('markdown', 'rst', 'asciidoc', 'text', 'org') AND entry.skipped = ''"
        " AND lines > 3"
    ).fetchall()
    ranked: list[tuple[int, bool, int, int, str, int]] = []
    for path, blob_id in rows:
        place = _place_of(path)
        if place is not None:
            ranked.append((*place, path.count("/"), len(path), path, blob_id))
    chosen: dict[int, tuple[str, int]] = {}
    for number, *_, path, blob_id in sorted(ranked):
        chosen.setdefault(number, (path, blob_id))
    return tuple(_link(reader, path, blob_id) for path, blob_id in list(chosen.values())[:DOCUMENTS])


_READ_EARLY: Final = (
    ("readme",),
    (
        "first-steps", "first_steps", "getting-started", "getting_started", "gettingstarted",
        "quickstart", "quick-start", "tutorial",
    ),
    ("architecture", "design", "internals", "concepts", "overview"),
    ("contributing", "hacking", "development", "developing"),
    ("user-guide", "user_guide", "userguide", "usage", "guide"),
)  # fmt: skip
_ELSEWHERE: Final = frozenset(
    ("test", "tests", "examples", "example", "node_modules", "vendor", "licenses", "history", "t", "includes")
)
_DEEPEST: Final = 5
_TITLE_WITHIN: Final = 12
"""A heading further down is not the title of the document."""


def _place_of(path: str) -> tuple[int, bool] | None:
    """Return the place of a document in the order of reading, and whether it is but the index of a
    folder; None when it is not among them.
    """
    parts = path.lower().split("/")
    if len(parts) > _DEEPEST or not _ELSEWHERE.isdisjoint(parts[:-1]) or parts[0].startswith("."):
        return None
    stem = parts[-1].partition(".")[0]
    for place, names in enumerate(_READ_EARLY):
        if place == 0:
            if stem == "readme" and len(parts) == 1:
                return place, False
        elif any(stem == name or stem.startswith(f"{name}-") for name in names):
            return place, False
        elif stem in ("index", "readme") and any(name in parts[-2:-1] for name in names):
            return place, True
    return None


def _link(reader: sqlite3.Connection, path: str, blob_id: int) -> DocumentLink:
    row = reader.execute(
        "SELECT name, name_line FROM symbol WHERE blob_id = ? AND kind = 'heading' AND parent = ''"
        " AND name_line <= ? ORDER BY start_line LIMIT 1",
        (blob_id, _TITLE_WITHIN),
    ).fetchone()
    if row is None:
        return DocumentLink(PurePath(path).name, path, 1)
    return DocumentLink(row[0], path, row[1])


def _read_first(reader: sqlite3.Connection, file: BusyFile) -> ReadFirst:
    return ReadFirst(file.path, _own_words(reader, file), file.used_by, file.changes, None)


def _own_words(reader: sqlite3.Connection, file: BusyFile) -> str:
    """Return the first sentence that the head of a file says of itself, or nothing."""
    rows = reader.execute(
        "SELECT start_line, text FROM chunk WHERE blob_id = ? AND start_line <= ?"
        " ORDER BY start_line LIMIT 3",
        (file.blob_id, _HEAD_LINES),
    ).fetchall()
    for start, text in rows:
        lines: Sequence[str] = text.split("\n")[:_HEAD_LINES]
        for sentence in sentences_of(ChunkKind.CODE, file.language, "\n".join(lines), start):
            if (
                sentence.role in (Role.DOCSTRING, Role.COMMENT)
                and not sentence.field
                and is_telling(sentence.text)
            ):
                return sentence.text
    return ""


_IDLE_WORDS: Final = (
    "copyright", "licen", "spdx", "all rights", "redistribut", "warrant", "coding:", "noqa", "eslint", "#!",
    "go:build", "+build", "module dependencies", "use strict", "pylint", "flake8", "mypy:", "pragma:",
    "applicable law", "agreed to in writing", "-*-",
)  # fmt: skip


def is_telling(text: str) -> bool:
    """Return whether a sentence at the head of a file says something of it: no licence, no pragma."""
    lowered = text.lower()
    return len(text) > 12 and " " in text and not any(word in lowered for word in _IDLE_WORDS)


def _definitions(reader: sqlite3.Connection) -> int:
    row = reader.execute(
        "SELECT count(*) FROM symbol JOIN entry ON entry.blob_id = symbol.blob_id WHERE entry.marks & ? = 0"
        " AND kind NOT IN ('heading', 'key', 'rule', 'variable', 'field')",
        (int(MINOR),),
    ).fetchone()
    return int(row[0])


def _name(location: Location) -> str:
    folder = location.work_tree or location.common_dir
    return shown_path(folder.name.removesuffix(".git") or folder.parent.name)


def _notices(facts: RepositoryFacts, complete: bool) -> tuple[str, ...]:
    notices = [shown_path(each) for each in facts.notices]
    if facts.unborn:
        notices.insert(0, "There is no commit yet; the files of the working copy can be searched.")
    if not complete:
        notices.insert(0, "The repository is still being read: this page will fill.")
    return tuple(notices)
