"""The notes that stand as files of the repository: found in its tree, dated and signed by its history."""

from __future__ import annotations

import stat
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Final

from indexer.answer.citations import SourceReader, Sources
from indexer.errors import ObjectProblemError
from indexer.guide.lore_file import (
    LoreFile,
    NotANoteError,
    begins_with_head,
    digest_of,
    read_lore,
    with_quote,
)
from indexer.index.blame_cache import BlameRun
from indexer.index.catalog import Catalog
from indexer.index.history import commits_touching
from indexer.index.people import PublishedAs
from indexer.repo.decoding import split_lines
from indexer.repo.secrets import redact
from indexer.repo.trees import is_safe_path
from indexer.types import Anchor, AnchorState, Note, Skipped

MOST_FILES: Final = 2_000
"""Files that are read as notes; the rest is listed."""

QUOTED_LINES: Final = 200
"""Lines of an anchor that are kept with the note; enough to show both versions side by side."""

NOT_COMMITTED: Final = "not committed yet"
"""Who wrote a file that no commit has."""


@dataclass(frozen=True, slots=True)
class LoreEntry:
    """A file that is a note, with who wrote its words and when, as git knows it."""

    path: str
    digest: str
    working: bool
    """True while the working copy's content is not committed."""
    file: LoreFile
    author: str
    email: str
    created: int
    updated: int

    @property
    def note(self) -> Note:
        """The file as a note; its state is not compared with code."""
        file = self.file
        return Note(
            id="p" + blake2b(self.path.encode(), digest_size=5).hexdigest(),
            title=file.title,
            text=file.text,
            author=self.author,
            email=self.email,
            created=self.created,
            updated=self.updated,
            category=file.category,
            anchor=file.anchor,
            state=AnchorState.UNANCHORED if file.anchor is None else AnchorState.CURRENT,
            source=self.path,
            question=file.question,
            published=self.path,
        )


@dataclass(frozen=True, slots=True)
class LoreShelf:
    """All such files of the current state, and those that mean to be notes and cannot be read."""

    entries: tuple[LoreEntry, ...]
    problems: tuple[Skipped, ...]


class Lore:
    """Reads one folder of the indexed state; callable from several threads."""

    def __init__(
        self,
        catalog: Catalog,
        repository: SourceReader,
        sources: Sources,
        blame: Callable[[str], Sequence[BlameRun]],
        folder: str,
    ) -> None:
        self.folder = folder.strip("/") if is_safe_path(folder.strip("/")) else ""
        self._catalog = catalog
        self._repository = repository
        self._sources = sources
        self._blame = blame
        self._kept: dict[tuple[str, str, str | None], LoreEntry | Skipped | None] = {}
        self._shelf: tuple[object, LoreShelf] | None = None
        self._lock = threading.Lock()

    def read(self) -> LoreShelf:
        """Return what stands there now; costs one look at the tree where nothing changed."""
        if not self.folder:
            return LoreShelf((), ())
        reader = self._catalog.reader()
        rows = reader.execute(_FILES, (f"{self.folder}/", f"{self.folder}0", MOST_FILES + 1)).fetchall()
        head = self._catalog.get("head")
        key = (head, tuple(rows))
        with self._lock:
            if self._shelf is not None and self._shelf[0] == key:
                return self._shelf[1]
            found = [self._entry(row, head) for row in rows[:MOST_FILES]]
            problems = [each for each in found if isinstance(each, Skipped)]
            if len(rows) > MOST_FILES:
                problems.append(Skipped(self.folder, f"only the first {MOST_FILES:,} files are read"))
            entries = tuple(each for each in found if isinstance(each, LoreEntry))
            shelf = LoreShelf(entries, tuple(problems))
            self._shelf = (key, shelf)
            live = {(path, oid, head if working else None) for path, oid, working, *_ in rows}
            self._kept = {each: kept for each, kept in self._kept.items() if each in live}
        return shelf

    def last_edit(self, path: str) -> tuple[str, str, int]:
        """Return who committed the last change of a file, the address, and when."""
        with self._catalog.snapshot() as reader:
            row = reader.execute("SELECT id FROM path WHERE shown = ?", (path,)).fetchone()
            found = [] if row is None else commits_touching(reader, [row[0]], 1)
        return (found[0].author, found[0].email, found[0].authored) if found else ("", "", 0)

    def _entry(
        self, row: tuple[str, str, int, int, str, str], head: str | None
    ) -> LoreEntry | Skipped | None:
        path, oid, working, mode, skipped, unread = row
        key = (path, oid, head if working else None)
        if key not in self._kept:
            if not stat.S_ISREG(mode):
                self._kept[key] = Skipped(path, "a link is not read as a note")
            elif skipped or unread:
                self._kept[key] = Skipped(path, f"not read as a note: {skipped or unread}")
            else:
                self._kept[key] = self._read(path, working=bool(working))
        return self._kept[key]

    def _read(self, path: str, *, working: bool) -> LoreEntry | Skipped | None:
        source = self._sources.file(path)
        if source is None or not begins_with_head(source.lines):
            return None
        try:
            file = read_lore(source.lines)
        except NotANoteError as error:
            return Skipped(path, f"not read as a note: {error}")
        if file.anchor is not None:
            file = replace(file, anchor=self._quoted(file.anchor))
        author, email, created, updated = NOT_COMMITTED, "", 0, 0
        if not working:
            author, email, created, updated = _signed(self._blame(path), file.body_line)
        digest = digest_of("\n".join(source.lines))
        return LoreEntry(path, digest, working, file, author, email, created, updated)

    def _quoted(self, anchor: Anchor) -> Anchor:
        """Return the anchor with the lines that it speaks of, where this repository still has them."""
        now = self._sources.file(anchor.path or "")
        if now is not None and now.oid == anchor.blob_id:
            return with_quote(anchor, now.lines, QUOTED_LINES)
        lines = blob_lines(self._repository, anchor.blob_id)
        return anchor if lines is None else with_quote(anchor, lines, QUOTED_LINES)


_FILES: Final = """
    SELECT p.shown, e.oid, e.working, e.mode, e.skipped, coalesce(b.skipped, '')
    FROM path p JOIN entry e ON e.path_id = p.id LEFT JOIN blob b ON b.id = e.blob_id
    WHERE p.shown >= ? AND p.shown < ? AND lower(p.shown) GLOB '*.md' ORDER BY p.shown LIMIT ?
"""


def own_files(
    shelf: LoreShelf, own: Mapping[str, Note], published: Mapping[str, Sequence[PublishedAs]]
) -> dict[str, str]:
    """Return the paths that are files of one's own notes, each with the note's id.

    The id that a file gives itself is believed only at a path where that note was published, or
    when the file was moved from there and nothing else claims it, or when it says the same.
    """
    claims = Counter(entry.file.claimed_id for entry in shelf.entries)
    there = {entry.path for entry in shelf.entries}
    out: dict[str, str] = {}
    for entry in shelf.entries:
        note = own.get(entry.file.claimed_id)
        if note is None:
            continue
        paths = {each.path for each in published.get(note.id, ())}
        moved = bool(paths) and claims[note.id] == 1 and paths.isdisjoint(there)
        if entry.path in paths or moved or entry.file.text == note.text.strip():
            out[entry.path] = note.id
    return out


def blob_lines(repository: SourceReader, oid: str | None) -> list[str] | None:
    """Return the lines of a blob without secrets, None where it is not there (any more)."""
    try:
        data = repository.blob(oid).data if oid else None
    except ObjectProblemError:
        return None
    if data is None or b"\0" in data:
        return None
    return split_lines(redact(data.decode("utf-8", "replace"))[0])


def _signed(runs: Sequence[BlameRun], body_line: int) -> tuple[str, str, int, int]:
    """Return who wrote most of the text (a rename, or a title set right, is not its author), with
    when that person began and ended.
    """
    counted: Counter[tuple[str, str]] = Counter()
    for run in runs:
        counted[run.author, run.email] += max(0, run.last_line - max(run.first_line, body_line) + 1)
    if not counted:
        return "", "", 0, 0
    newest = {(run.author, run.email): run.authored for run in sorted(runs, key=lambda run: run.authored)}
    author, email = max(counted, key=lambda who: (counted[who], newest[who]))
    times = [run.authored for run in runs if (run.author, run.email) == (author, email)]
    return author, email, min(times), max(times)
