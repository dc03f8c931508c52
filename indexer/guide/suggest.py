"""What may be meant by what is typed so far: names, files, headings, commits, notes, earlier questions."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.answer.scopes import Scopes, parse
from indexer.answer.scoping import Allowed, allowed
from indexer.guide.lines_table import LinesTable, Match, fold, units
from indexer.guide.near_misses import FUZZY_LENGTH, fit_of_path, near_names, near_paths
from indexer.guide.notes import Notes
from indexer.guide.suggest_tables import CommitRow, FileRow, NameRow, Tables, build, is_young, state_of
from indexer.index import history
from indexer.index.catalog import Catalog
from indexer.index.people import AskedRow, People, gap_id_of
from indexer.pages import Suggestion, SuggestionGroup, Suggestions, SuggestWanted
from indexer.types import ChunkKind, Note

MOST_ROWS: Final = 50
LONGEST_TYPED: Final = 200
"""Characters that are read; a longer text is a question, or pasted by mistake."""

MOST_ASKED: Final = 2_000


AT_ONCE: Final = 0.03
"""Seconds: tables that are built faster are built while somebody waits."""


log = logging.getLogger("lorebase")


@dataclass(frozen=True, slots=True)
class _Typed:
    """What is typed, taken apart."""

    scopes: Scopes
    words: tuple[str, ...]
    scope: Allowed
    limit: int


_Find = Callable[[], tuple[list[Suggestion], int]]


class Suggester:
    """Callable from several threads."""

    def __init__(self, catalog: Catalog, people: People, notes: Notes) -> None:
        self._catalog = catalog
        self._people = people
        self._notes_shelf = notes
        self._building = threading.Lock()
        self._tables: Tables | None = None
        self._scope: tuple[object, Allowed] | None = None
        self._asked: tuple[int, LinesTable[AskedRow]] = (-1, LinesTable((), _question))

    def suggest(self, wanted: SuggestWanted) -> Suggestions:
        """Return rows by group, in the order of the groups."""
        text = wanted.text[:LONGEST_TYPED]
        scopes, _ = parse(text)
        limit = min(max(wanted.per_group, 0), MOST_ROWS)
        words = tuple(dict.fromkeys(fold(scopes.text).split()))
        if limit == 0 or not (words or scopes.narrow or scopes.kinds):
            return Suggestions(wanted.text, ())
        rows: list[Suggestion] = []
        totals: dict[str, int] = {}
        with self._catalog.snapshot() as reader:
            tables = self._current(reader)
            typed = _Typed(scopes, words, self._allowed(reader, scopes, tables.state), limit)
            groups: tuple[tuple[SuggestionGroup, _Find], ...] = (
                (SuggestionGroup.SYMBOL, lambda: _symbols(tables.names, typed)),
                (SuggestionGroup.FILE, lambda: _files(tables.files, typed)),
                (SuggestionGroup.DOCUMENT, lambda: _headings(tables.headings, typed)),
                (SuggestionGroup.COMMIT, lambda: _commits(reader, tables.commits, typed)),
                (SuggestionGroup.NOTE, lambda: self._notes(typed)),
                (SuggestionGroup.ASKED, lambda: self._questions(typed)),
            )
            for group, find in groups:
                if not _in_scope(group, scopes):
                    continue
                found, total = find()
                rows += found
                if total:
                    totals[group.value] = total
        return Suggestions(wanted.text, tuple(rows), totals)

    def warm(self) -> None:
        """Read the names now, so that the first letter typed need not wait for them."""
        import rapidfuzz.process  # noqa: F401 (loaded once, here)

        with self._catalog.snapshot() as reader:
            self._current(reader)

    def forget(self) -> None:
        """Take note that a job has ended a step: what was read lately may be old already."""
        known = self._tables
        if known is not None:
            self._tables = replace(known, built=0.0)

    # ---------------------------------------------------------------------------- private

    def _current(self, reader: sqlite3.Connection) -> Tables:
        """Return the tables for what the catalog holds, or, while it changes fast, held lately."""
        state = state_of(reader)
        known = self._tables
        if known is not None and (known.state == state or is_young(known)):
            return known
        if known is not None and known.seconds > AT_ONCE:
            # Whoever types does not wait: the names of a moment ago do until the new ones are read.
            threading.Thread(target=self._renew, name="names", daemon=True).start()
            return known
        return self._built(reader, state)

    def _built(self, reader: sqlite3.Connection, state: tuple[object, ...]) -> Tables:
        with self._building:
            known = self._tables
            if known is None or known.state != state:
                known = self._tables = build(reader, state)
            return known

    def _renew(self) -> None:
        if not self._building.acquire(blocking=False):
            return
        try:
            with self._catalog.snapshot() as reader:
                self._tables = build(reader, state_of(reader))
        except sqlite3.Error as error:
            # The index was closed meanwhile, or is being mended; the next letter tries again.
            log.info("names were not read: %s", error)
        finally:
            self._building.release()

    def _allowed(self, reader: sqlite3.Connection, scopes: Scopes, state: object) -> Allowed:
        """Return what is in scope, remembered while the person types on."""
        if not scopes.narrow:
            return Allowed()
        key = (replace(scopes, text=""), state)
        known = self._scope
        if known is None or known[0] != key:
            known = (key, allowed(reader, scopes))
            self._scope = known
        return known[1]

    def _notes(self, typed: _Typed) -> tuple[list[Suggestion], int]:
        if not typed.words:
            return [], 0
        table = LinesTable(self._notes_shelf.plain(), lambda note: note.title)
        found, total = table.search(typed.words, typed.limit)
        known = {match.row.id for match in found}
        in_text = [
            note
            for note in table.rows
            if note.id not in known
            and all(word in fold(f"{note.title}\n{note.text}") for word in typed.words)
        ]
        rows = [_note_row(match.row, match.marks) for match in found]
        rows += [_note_row(note, ()) for note in in_text[: typed.limit - len(rows)]]
        return rows, max(total, len(known) + len(in_text))

    def _questions(self, typed: _Typed) -> tuple[list[Suggestion], int]:
        if not typed.words:
            return [], 0
        newest, total = self._people.asked_rows(0, 1)
        number = newest[0].id if newest else 0
        if self._asked[0] != number:
            rows, _ = self._people.asked_rows(0, MOST_ASKED)
            different = {gap_id_of(row.asked.question): row for row in reversed(rows)}
            self._asked = (number, LinesTable(tuple(reversed(different.values())), _question))
        found, total = self._asked[1].search(typed.words, typed.limit)
        return [
            Suggestion(
                SuggestionGroup.ASKED,
                match.row.asked.question,
                "",
                commit_id=match.row.asked.commit_id,
                asked_id=str(match.row.id),
                status=match.row.asked.status,
                when=match.row.asked.at,
                marked=units(match.row.asked.question, match.marks),
            )
            for match in found
        ], total


def _question(row: AskedRow) -> str:
    return row.asked.question


def _in_scope(group: SuggestionGroup, scopes: Scopes) -> bool:
    """Say whether rows of a group can be meant, given the scopes."""
    kinds = {
        SuggestionGroup.SYMBOL: (ChunkKind.CODE,),
        SuggestionGroup.FILE: (ChunkKind.CODE, ChunkKind.DOC),
        SuggestionGroup.DOCUMENT: (ChunkKind.DOC,),
        SuggestionGroup.COMMIT: (ChunkKind.COMMIT,),
        SuggestionGroup.NOTE: (ChunkKind.NOTE,),
        SuggestionGroup.ASKED: (),
    }[group]
    if scopes.kinds and not set(kinds) & set(scopes.kinds):
        return False
    # Neither a note nor a question belongs to a path, a person of the history, or a date.
    if scopes.of_history:
        return group in (SuggestionGroup.FILE, SuggestionGroup.COMMIT)
    return not (scopes.narrow and group in (SuggestionGroup.NOTE, SuggestionGroup.ASKED))


# ------------------------------------------------------------------------------- the groups


def _search(
    table: LinesTable[NameRow], typed: _Typed, words: Sequence[str], keep: Callable[[NameRow], bool] | None
) -> tuple[list[Match[NameRow]], int]:
    if not words:
        return table.first(typed.limit, keep or (lambda _: True))
    return table.search(words, typed.limit, keep, more=lambda row: fold(row.qualified))


def _symbols(table: LinesTable[NameRow], typed: _Typed) -> tuple[list[Suggestion], int]:
    words, parents = _taken_apart(typed.words)
    inside = _within(typed)

    def keep(row: NameRow) -> bool:
        if inside is not None and not inside(row):
            return False
        return all(parent in fold(row.parent) for parent in parents)

    if not words and not typed.scopes.narrow and not parents:
        return [], 0
    found, total = _search(table, typed, words, keep if parents or inside else None)
    if not total and len(words) == 1 and len(words[0]) > FUZZY_LENGTH:
        found = near_names(table.rows, words[0], typed.limit, keep)
        total = len(found)
    rows = []
    for match in found:
        row = match.row
        shift = len(row.parent) + 1 if row.parent else 0
        marks = [(start + shift, length) for start, length in match.marks]
        rows.append(_place(SuggestionGroup.SYMBOL, row, row.qualified, row.kind, marks))
    return rows, total


def _taken_apart(words: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return what must be in a name, and what must be around it: ``Task.app`` is ``app`` in ``Task``."""
    names: list[str] = []
    parents: list[str] = []
    for word in words:
        *around, name = word.removesuffix("()").replace("::", ".").replace("#", ".").split(".")
        parents += [each for each in around if each]
        if name:
            names.append(name)
    return names, parents


def _headings(table: LinesTable[NameRow], typed: _Typed) -> tuple[list[Suggestion], int]:
    if not typed.words:
        return [], 0
    found, total = table.search(typed.words, typed.limit, _within(typed))
    return [
        _place(SuggestionGroup.DOCUMENT, match.row, match.row.name, match.row.parent, match.marks)
        for match in found
    ], total


def _place(
    group: SuggestionGroup, row: NameRow, title: str, detail: str, marks: Sequence[tuple[int, int]]
) -> Suggestion:
    return Suggestion(
        group,
        title,
        detail,
        path=row.path,
        line=row.line,
        end_line=row.end_line,
        marked=units(title, marks),
    )


def _within(typed: _Typed) -> Callable[[NameRow], bool] | None:
    paths, spans = typed.scope.paths, typed.scope.spans
    if paths is None and spans is None:
        return None

    def keep(row: NameRow) -> bool:
        if paths is not None and row.path_id not in paths:
            return False
        return spans is None or any(a <= row.line <= b for a, b in spans.get(row.path_id, ()))

    return keep


def _files(table: LinesTable[FileRow], typed: _Typed) -> tuple[list[Suggestion], int]:
    paths = typed.scope.paths
    keep = None if paths is None else lambda row: row.path_id in paths
    if not typed.words:
        if keep is None:
            return [], 0
        found, total = table.first(typed.limit, keep)
    else:
        found, total = table.search(typed.words, typed.limit, keep, fit=fit_of_path)
        typed_text = "".join(typed.words)
        if len(found) < typed.limit and len(typed_text) >= FUZZY_LENGTH and not total:
            found = near_paths(table.rows, typed_text, typed.limit, keep)
            total = len(found)
    return [
        Suggestion(
            SuggestionGroup.FILE,
            match.row.path,
            match.row.language,
            path=match.row.path,
            marked=units(match.row.path, match.marks),
        )
        for match in found
    ], total


def _commits(
    reader: sqlite3.Connection, table: LinesTable[CommitRow], typed: _Typed
) -> tuple[list[Suggestion], int]:
    commits = typed.scope.commits
    keep = None if commits is None else lambda row: row.id in commits
    if not typed.words:
        if keep is None and ChunkKind.COMMIT not in typed.scopes.kinds:
            return [], 0
        found, total = table.first(typed.limit, keep or (lambda _: True))
    else:
        found, total = table.search(typed.words, typed.limit, keep)
    rows = [_commit_row(match.row, match.marks) for match in found]
    if len(typed.words) == 1 and len(typed.words[0]) >= history.SHORTEST_ID and keep is None:
        named = history.commit(reader, typed.words[0])
        if named is not None and all(row.commit_id != named.oid for row in rows):
            own = CommitRow(named.id, named.oid, named.subject, named.author, named.authored)
            rows = [_commit_row(own, ()), *rows][: typed.limit]
            total += 1
    return rows, total


def _commit_row(row: CommitRow, marks: Sequence[tuple[int, int]]) -> Suggestion:
    return Suggestion(
        SuggestionGroup.COMMIT,
        row.subject,
        row.author,
        commit_id=row.oid,
        when=row.authored,
        marked=units(row.subject, marks),
    )


def _note_row(note: Note, marks: Sequence[tuple[int, int]]) -> Suggestion:
    anchor = note.anchor
    return Suggestion(
        SuggestionGroup.NOTE,
        note.title,
        note.author,
        path=None if anchor is None else anchor.path,
        line=0 if anchor is None else anchor.start_line,
        end_line=0 if anchor is None else anchor.end_line,
        note_id=note.id,
        when=note.updated,
        marked=units(note.title, marks),
    )
