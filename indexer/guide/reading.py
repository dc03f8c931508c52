"""A file as it is indexed, or was once: its lines without secrets, their colours, blame and history."""

from __future__ import annotations

import difflib
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Final

from indexer.errors import NotFoundError, ObjectProblemError
from indexer.guide.colouring import Colourist
from indexer.guide.colours import LARGEST
from indexer.guide.timeline import History
from indexer.index import history
from indexer.index.blame_cache import BlameCache
from indexer.index.blame_cache import BlameRun as Run
from indexer.index.catalog import Catalog
from indexer.index.passages import FileEntry, file_entry
from indexer.pages import Blame, BlameRun, CommitSlice, SourcePage, SourceWanted, SpanWanted, Token
from indexer.repo.decoding import decode, split_lines, text_of
from indexer.repo.languages import classify
from indexer.repo.repository import Repository
from indexer.repo.secrets import redact
from indexer.types import shown_path

MOST_LINES: Final = 20_000
MOST_CHARACTERS: Final = 4_000_000
"""Of one page: what a window can lay out, and far below the longest message."""
LONGEST_LINE: Final = 2_000
"""Characters of a line that are sent: a text widget freezes on one of a megabyte."""
LARGEST_FILE: Final = 20_000_000

HISTORY_SECONDS: Final = 4.0
"""For the commits behind some lines: git needs .2 to 2 s for most, and minutes for a few."""

COMPARED_LINES: Final = 5_000
"""Of a file with changes that are not committed; comparing more takes seconds."""

_FILES_KEPT: Final = 24
_CHARACTERS_KEPT: Final = 30_000_000
_SECRET: Final = "may hold secrets"  # noqa: S105 (how a reason to skip begins)


@dataclass(frozen=True, slots=True)
class _Text:
    """A decoded file without its secrets; lines are cut to what can be shown."""

    lines: tuple[str, ...]
    size: int
    encoding: str
    cut: int
    hidden: int


class Reading:
    """Callable from several threads."""

    def __init__(self, catalog: Catalog, repository: Repository, commits: History) -> None:
        self._catalog = catalog
        self._repository = repository
        self._commits = commits
        self._blame = BlameCache(catalog, repository)
        self._colourist = Colourist()
        self._lock = threading.Lock()
        self._texts: OrderedDict[tuple[str, str], _Text] = OrderedDict()
        self._tokens: OrderedDict[tuple[str, str, int], tuple[tuple[Token, ...], bool]] = OrderedDict()

    def close(self) -> None:
        """End the process that finds colours, if there is one."""
        self._colourist.close()

    # ------------------------------------------------------------------------ source

    def source(self, wanted: SourceWanted) -> SourcePage:
        """Return lines of a file. Raises NotFoundError when the path or the content is not there."""
        entry = file_entry(self._catalog.reader(), wanted.path)
        oid, commit_id = wanted.blob_id, wanted.commit_id or None
        if commit_id and not oid:
            oid = self._oid_at(commit_id, wanted.path)
        if entry is not None and oid in ("", entry.oid):
            return self._current(entry, wanted)
        if not oid:
            raise NotFoundError(
                f"{shown_path(wanted.path)} is not in the index.",
                "It may be gone, or be called otherwise now.",
            )
        file_class = classify(wanted.path, {})
        if file_class.skip.startswith(_SECRET):
            return _unread(wanted.path, oid, file_class.language, file_class.skip)
        text = self._text(oid, "", self._blob(oid))
        language = file_class.language or (entry.language if entry is not None else "")
        page = self._page(wanted, oid, language, text)
        older = (
            "These are the lines of an earlier state." if entry is not None else "The file is not there now."
        )
        return replace(page, commit_id=commit_id, notices=(older, *page.notices))

    def _current(self, entry: FileEntry, wanted: SourceWanted) -> SourcePage:
        reason = entry.skipped
        if reason.startswith(_SECRET) or entry.mode & 0o170000 not in (0o100000, 0o120000):
            return _unread(entry.path, entry.oid, entry.language, reason or "it is no file")
        if entry.working:
            data = self._repository.working_bytes(entry.path)
            if data is None:
                raise NotFoundError(
                    f"{shown_path(entry.path)} is not there any more.", "The index will follow in a moment."
                )
            text = self._text("", entry.encoding, data)
        else:
            text = self._text(entry.oid, entry.encoding, self._blob(entry.oid))
        page = self._page(wanted, entry.oid, entry.language, text)
        head = None if entry.working else self._catalog.get("head")
        notices = [f"Not searchable: {reason}."] if reason else []
        if entry.working:
            notices.append("These lines are those of the working copy.")
        return replace(page, commit_id=head, notices=(*notices, *page.notices))

    def _page(self, wanted: SourceWanted, oid: str, language: str, text: _Text) -> SourcePage:
        first, last = _window(text, wanted.around)
        lines = text.lines[first - 1 : last]
        notices: list[str] = []
        if len(lines) < len(text.lines):
            notices.append(f"Lines {first:,} to {last:,} of {len(text.lines):,} are shown.")
        if text.cut:
            notices.append(f"Lines longer than {LONGEST_LINE:,} characters are cut ({text.cut:,}).")
        if text.hidden:
            notices.append(f"Secrets cut out: {text.hidden:,}.")
        if text.encoding not in ("utf-8", "ascii"):
            notices.append(f"Decoded as {text.encoding}.")
        coloured: tuple[Token, ...] = ()
        if wanted.tokens and lines:
            coloured, complete = self._coloured(oid, language, first, lines)
            if not complete:
                notices.append(
                    f"Shown without colours: longer than {LARGEST:,} characters."
                    if sum(map(len, lines)) > LARGEST
                    else "Colours end where their time was over."
                )
        return SourcePage(
            path=shown_path(wanted.path),
            blob_id=oid,
            commit_id=None,
            language=language,
            first_line=first,
            total_lines=len(text.lines),
            lines=lines,
            tokens=coloured,
            notices=tuple(notices),
        )

    def _coloured(
        self, oid: str, language: str, first: int, lines: tuple[str, ...]
    ) -> tuple[tuple[Token, ...], bool]:
        key = (oid, language, first)
        with self._lock:
            known = self._tokens.get(key)
        if known is None:
            known = self._colourist.tokens(language, lines, first)
            with self._lock:
                self._tokens[key] = known
                while len(self._tokens) > _FILES_KEPT:
                    self._tokens.popitem(last=False)
        return known

    def _text(self, oid: str, encoding: str, data: bytes) -> _Text:
        """Return the text of ``data``, remembered by ``oid`` unless that is empty."""
        key = (oid, encoding)
        with self._lock:
            known = self._texts.get(key) if oid else None
            if known is not None:
                self._texts.move_to_end(key)
                return known
        if len(data) > LARGEST_FILE:
            raise NotFoundError(
                f"The file has {len(data) / 1e6:,.1f} MB and is not shown.", "Open it in an editor."
            )
        decoded = (text_of(data, encoding), encoding) if encoding else decode(data)
        if decoded is None:
            raise NotFoundError(
                "The file is binary, so there are no lines to show.", "Open it with its own program."
            )
        shown, hidden = redact(decoded[0])
        lines = split_lines(shown) if shown else []
        cut = sum(len(line) > LONGEST_LINE for line in lines)
        if cut:
            lines = [line if len(line) <= LONGEST_LINE else line[:LONGEST_LINE] + "…" for line in lines]
        text = _Text(tuple(lines), sum(map(len, lines)), decoded[1], cut, len(hidden))
        if oid:
            with self._lock:
                self._texts[key] = text
                while (
                    len(self._texts) > _FILES_KEPT
                    or sum(each.size for each in self._texts.values()) > _CHARACTERS_KEPT
                ) and len(self._texts) > 1:
                    self._texts.popitem(last=False)
        return text

    def _blob(self, oid: str) -> bytes:
        blob = self._repository.blob(oid)
        if blob.data is None:
            raise NotFoundError(
                f"The content {oid[:12]} cannot be read: {blob.problem or 'it is not there'}."
            )
        return blob.data

    def _oid_at(self, commit_id: str, path: str) -> str:
        try:
            entries = self._repository.tree(commit_id)
        except ObjectProblemError as error:
            raise NotFoundError(error.message, error.hint) from error
        for each in entries:
            if path in (each.path, shown_path(each.path)):
                return each.oid
        raise NotFoundError(f"{shown_path(path)} is not in commit {commit_id[:10]}.")

    # ------------------------------------------------------------------------ who and when

    def _moved(self, head: str, entry: FileEntry) -> list[tuple[int, int, int]]:
        """Return what HEAD and the working copy share of a file: line in HEAD, line now, how many."""
        data = self._repository.working_bytes(entry.path)
        try:
            before = self._blob(self._oid_at(head, entry.path))
        except NotFoundError:
            return []
        old = before.split(b"\n")
        new = b"" if data is None else data
        lines = new.split(b"\n")
        if max(len(old), len(lines)) > COMPARED_LINES:
            return []
        matcher = difflib.SequenceMatcher(None, old, lines, autojunk=False)
        return [(a + 1, b + 1, size) for a, b, size in matcher.get_matching_blocks() if size]

    def _as_committed(self, head: str, entry: FileEntry, start: int, end: int) -> tuple[int, int]:
        """Return where lines of the working copy stand in HEAD; 0, 0 when none of them does."""
        there = [
            line - now + before
            for before, now, size in self._moved(head, entry)
            for line in range(max(start, now), min(end, now + size - 1) + 1)
        ]
        return (min(there), max(there)) if there else (0, 0)

    def blame(self, wanted: SpanWanted) -> Blame:
        """Return who last changed each line of the span; all lines where the span is empty."""
        reader = self._catalog.reader()
        entry = file_entry(reader, wanted.path)
        if entry is None or (wanted.blob_id and wanted.blob_id != entry.oid):
            return Blame(wanted.path, (), ("Only the state that is indexed now can be blamed.",))
        notices: tuple[str, ...] = ()
        last = wanted.end_line or 1 << 60
        runs = self._blame.runs(entry.path)
        head = self._catalog.get("head")
        if entry.working and head is not None:
            notices = ("Lines that are not committed yet have nobody beside them.",)
            runs = _carried(runs, self._moved(head, entry))
        runs = [each for each in runs if each.last_line >= wanted.start_line and each.first_line <= last]
        subjects = {each.commit_id: each.subject for each in self._commits.by_id([r.commit_id for r in runs])}
        return Blame(
            wanted.path,
            tuple(
                BlameRun(
                    each.first_line,
                    each.last_line,
                    each.commit_id,
                    each.author,
                    each.authored,
                    subjects.get(each.commit_id, ""),
                )
                for each in runs
            ),
            notices,
        )

    def span_history(self, wanted: SpanWanted) -> CommitSlice:
        """Return the commits that changed these lines of HEAD, newest first."""
        reader = self._catalog.reader()
        entry, head = file_entry(reader, wanted.path), self._catalog.get("head")
        if entry is None or head is None:
            return CommitSlice((), 0, ("There is no history of this file yet.",))
        start, end = max(wanted.start_line, 1), max(wanted.end_line, wanted.start_line, 1)
        if entry.working:
            start, end = self._as_committed(head, entry, start, end)
        notices: tuple[str, ...] = ()
        try:
            if not start:
                return CommitSlice((), 0, ("These lines are not committed yet.",))
            oids, complete = self._repository.line_history_within(
                HISTORY_SECONDS, head, entry.path, start, end
            )
            if not complete:
                notices = (f"Older commits were not looked for: {HISTORY_SECONDS:g} s were over.",)
        except ObjectProblemError:
            oids = [each.oid for each in history.commits_touching(reader, [entry.path_id], 200)]
            notices = ("These lines could not be followed: the commits are those of the whole file.",)
        rows = self._commits.by_id(oids)
        return CommitSlice(rows, len(rows), notices)


def _carried(runs: list[Run], moved: list[tuple[int, int, int]]) -> list[Run]:
    """Return the runs of HEAD's lines at the lines where they stand now."""
    carried: list[Run] = []
    for before, now, size in moved:
        for run in runs:
            first, last = max(run.first_line, before), min(run.last_line, before + size - 1)
            if first <= last:
                carried.append(replace(run, first_line=first - before + now, last_line=last - before + now))
    return carried


def _unread(path: str, oid: str, language: str, reason: str) -> SourcePage:
    notice = f"The content is not shown: {reason}."
    return SourcePage(shown_path(path), oid, None, language, 1, 0, (), (), (notice,))


def _window(text: _Text, around: int) -> tuple[int, int]:
    """Return the first and last line of the page: all, or a part with ``around`` inside."""
    total = len(text.lines)
    if total <= MOST_LINES and text.size <= MOST_CHARACTERS:
        return 1, total
    around = min(max(around, 1), total)
    first = last = around
    held = len(text.lines[around - 1])
    while last - first + 1 < min(total, MOST_LINES):
        grown = False
        for edge in (first - 1, last + 1):
            if 1 <= edge <= total and held + len(text.lines[edge - 1]) <= MOST_CHARACTERS:
                held += len(text.lines[edge - 1])
                first, last = min(first, edge), max(last, edge)
                grown = True
        if not grown:
            break
    return first, min(last, first + MOST_LINES - 1)
