"""What may be meant by what is typed so far: names, files, headings, commits, notes, earlier questions."""

from __future__ import annotations

import logging
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.answer.scopes import Scopes, parse
from indexer.answer.scoping import Allowed, allowed
from indexer.guide.lines_table import Fit, LinesTable, Match, fit_at, fold, units
from indexer.index import history
from indexer.index.catalog import Catalog, get_meta
from indexer.index.people import AskedRow, People, gap_id_of
from indexer.pages import Suggestion, SuggestionGroup, Suggestions, SuggestWanted
from indexer.types import ChunkKind, FileMark, Note

MOST_ROWS: Final = 50
LONGEST_TYPED: Final = 200
"""Characters that are read; a longer text is a question, or pasted by mistake."""

MOST_SYMBOLS: Final = 400_000
MOST_COMMITS: Final = 200_000
MOST_ASKED: Final = 2_000

REBUILD_SHARE: Final = 20
"""While a job changes the index, its names are read anew for a twentieth of the time at most."""

AT_ONCE: Final = 0.03
"""Seconds: tables that are built faster are built while somebody waits."""

FUZZY_NAMES: Final = 5_000
FUZZY_FILES: Final = 3_000
FUZZY_LENGTH: Final = 3
FUZZY_SCORE: Final = 72

log = logging.getLogger("lorebase")

_MINOR: Final = FileMark.TEST | FileMark.EXAMPLE | FileMark.GENERATED | FileMark.VENDORED | FileMark.STUB
_LESSER: Final = frozenset(("field", "variable", "key", "property", "constant"))
_TYPES: Final = frozenset(
    ("class", "interface", "struct", "trait", "type", "enum", "program", "job", "table")
)


@dataclass(frozen=True, slots=True)
class _Name:
    name: str
    parent: str
    kind: str
    path_id: int
    path: str
    line: int
    end_line: int

    @property
    def qualified(self) -> str:
        return f"{self.parent}.{self.name}" if self.parent else self.name


@dataclass(frozen=True, slots=True)
class _File:
    path_id: int
    path: str
    language: str


@dataclass(frozen=True, slots=True)
class _Commit:
    id: int
    oid: str
    subject: str
    author: str
    authored: int


@dataclass(frozen=True, slots=True)
class _Tables:
    """All that is searched while somebody types; ``state`` names the state of the catalog."""

    state: tuple[object, ...]
    built: float
    seconds: float
    names: LinesTable[_Name]
    headings: LinesTable[_Name]
    files: LinesTable[_File]
    commits: LinesTable[_Commit]


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

    def __init__(self, catalog: Catalog, people: People) -> None:
        self._catalog = catalog
        self._people = people
        self._building = threading.Lock()
        self._tables: _Tables | None = None
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

    def _current(self, reader: sqlite3.Connection) -> _Tables:
        """Return the tables for what the catalog holds, or, while it changes fast, held lately."""
        state = _state(reader)
        known = self._tables
        if known is not None and (known.state == state or _is_young(known)):
            return known
        if known is not None and known.seconds > AT_ONCE:
            # Whoever types does not wait: the names of a moment ago do until the new ones are read.
            threading.Thread(target=self._renew, name="names", daemon=True).start()
            return known
        return self._built(reader, state)

    def _built(self, reader: sqlite3.Connection, state: tuple[object, ...]) -> _Tables:
        with self._building:
            known = self._tables
            if known is None or known.state != state:
                known = self._tables = _build(reader, state)
            return known

    def _renew(self) -> None:
        if not self._building.acquire(blocking=False):
            return
        try:
            with self._catalog.snapshot() as reader:
                self._tables = _build(reader, _state(reader))
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
        table = LinesTable(self._people.notes(), lambda note: note.title)
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
    table: LinesTable[_Name], typed: _Typed, words: Sequence[str], keep: Callable[[_Name], bool] | None
) -> tuple[list[Match[_Name]], int]:
    if not words:
        return table.first(typed.limit, keep or (lambda _: True))
    return table.search(words, typed.limit, keep, more=lambda row: fold(row.qualified))


def _symbols(table: LinesTable[_Name], typed: _Typed) -> tuple[list[Suggestion], int]:
    words, parents = _taken_apart(typed.words)
    inside = _within(typed)

    def keep(row: _Name) -> bool:
        if inside is not None and not inside(row):
            return False
        return all(parent in fold(row.parent) for parent in parents)

    if not words and not typed.scopes.narrow and not parents:
        return [], 0
    found, total = _search(table, typed, words, keep if parents or inside else None)
    if not total and len(words) == 1 and len(words[0]) > FUZZY_LENGTH:
        found = _misspelt(table.rows, words[0], typed.limit, keep)
        total = len(found)
    rows = []
    for match in found:
        row = match.row
        shift = len(row.parent) + 1 if row.parent else 0
        marks = [(start + shift, length) for start, length in match.marks]
        rows.append(_place(SuggestionGroup.SYMBOL, row, row.qualified, row.kind, marks))
    return rows, total


def _misspelt(
    rows: Sequence[_Name], typed: str, limit: int, keep: Callable[[_Name], bool]
) -> list[Match[_Name]]:
    """Return definitions whose name is nearly what is typed, the likest first, each name once."""
    from rapidfuzz import fuzz, process

    names: dict[str, _Name] = {}
    for row in rows[:FUZZY_NAMES]:
        if keep(row):
            names.setdefault(fold(row.name), row)
    found = process.extract(typed, list(names), scorer=fuzz.ratio, score_cutoff=FUZZY_SCORE, limit=limit)
    return [Match(names[name], Fit.INSIDE, ()) for name, _, _ in found]


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


def _headings(table: LinesTable[_Name], typed: _Typed) -> tuple[list[Suggestion], int]:
    if not typed.words:
        return [], 0
    found, total = table.search(typed.words, typed.limit, _within(typed))
    return [
        _place(SuggestionGroup.DOCUMENT, match.row, match.row.name, match.row.parent, match.marks)
        for match in found
    ], total


def _place(
    group: SuggestionGroup, row: _Name, title: str, detail: str, marks: Sequence[tuple[int, int]]
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


def _within(typed: _Typed) -> Callable[[_Name], bool] | None:
    paths, spans = typed.scope.paths, typed.scope.spans
    if paths is None and spans is None:
        return None

    def keep(row: _Name) -> bool:
        if paths is not None and row.path_id not in paths:
            return False
        return spans is None or any(a <= row.line <= b for a, b in spans.get(row.path_id, ()))

    return keep


def _files(table: LinesTable[_File], typed: _Typed) -> tuple[list[Suggestion], int]:
    paths = typed.scope.paths
    keep = None if paths is None else lambda row: row.path_id in paths
    if not typed.words:
        if keep is None:
            return [], 0
        found, total = table.first(typed.limit, keep)
    else:
        found, total = table.search(typed.words, typed.limit, keep, fit=_fit_of_path)
        typed_text = "".join(typed.words)
        if len(found) < typed.limit and len(typed_text) >= FUZZY_LENGTH and not total:
            found = _fuzzy(table.rows, typed_text, typed.limit, keep)
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


def _fit_of_path(path: str, start: int, length: int) -> Fit:
    """Judge a place in a path: what is in the file's own name counts as it does in a name."""
    name = path.rfind("/") + 1
    if start < name:
        # Across a slash, a person types a path: that is as plain as the start of a name.
        return Fit.START if start + length > name else Fit.INSIDE
    stem = path.find(".", name + 1)
    if start == name and length == (stem if stem > 0 else len(path)) - name:
        return Fit.WHOLE
    return fit_at(path[name:], start - name, length)


def _fuzzy(
    rows: Sequence[_File], typed: str, limit: int, keep: Callable[[_File], bool] | None
) -> list[Match[_File]]:
    """Return files whose path has the typed letters in order, or whose name is nearly what is typed."""
    # Late: 20 ms, and most words are found without it.
    from rapidfuzz import fuzz, process

    letters = set(typed)
    candidates: list[_File] = []
    runs: list[tuple[int, int, Match[_File]]] = []
    for row in rows:
        folded = fold(row.path)
        if len(letters.intersection(folded)) < len(letters) - 1 or (keep is not None and not keep(row)):
            continue
        candidates.append(row)
        marks = _in_order(folded, typed)
        if marks is not None:
            runs.append((len(marks), len(row.path), Match(row, Fit.INSIDE, marks)))
        if len(candidates) >= FUZZY_FILES:
            break
    runs.sort(key=lambda each: each[:2])
    best = [match for _, _, match in runs[:limit]]
    if len(best) < limit:
        known = {match.row.path_id for match in best}
        names = [fold(row.path.rpartition("/")[2].partition(".")[0]) for row in candidates]
        for _, _, at in process.extract(
            typed, names, scorer=fuzz.ratio, score_cutoff=FUZZY_SCORE, limit=limit
        ):
            if candidates[at].path_id not in known:
                best.append(Match(candidates[at], Fit.INSIDE, ()))
    return best[:limit]


def _in_order(folded: str, typed: str) -> tuple[tuple[int, int], ...] | None:
    """Return the runs of letters that spell ``typed`` in order, from the right; None if there are none."""
    marks: list[tuple[int, int]] = []
    end = len(folded)
    for letter in reversed(typed):
        at = folded.rfind(letter, 0, end)
        if at < 0:
            return None
        if marks and marks[-1][0] == at + 1:
            marks[-1] = (at, marks[-1][1] + 1)
        else:
            marks.append((at, 1))
        end = at
    return tuple(reversed(marks)) if len(marks) * 2 <= len(typed) + 1 else None


def _commits(
    reader: sqlite3.Connection, table: LinesTable[_Commit], typed: _Typed
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
            own = _Commit(named.id, named.oid, named.subject, named.author, named.authored)
            rows = [_commit_row(own, ()), *rows][: typed.limit]
            total += 1
    return rows, total


def _commit_row(row: _Commit, marks: Sequence[tuple[int, int]]) -> Suggestion:
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


# ------------------------------------------------------------------------------- the tables


def _state(reader: sqlite3.Connection) -> tuple[object, ...]:
    """Return what changes whenever names, files or commits do, without counting any."""
    newest = reader.execute(
        "SELECT (SELECT max(id) FROM symbol), (SELECT max(id) FROM commits), (SELECT max(path_id) FROM entry)"
    ).fetchone()
    return (get_meta(reader, "head"), get_meta(reader, "state"), get_meta(reader, "words_complete"), *newest)


def _is_young(tables: _Tables) -> bool:
    return time.monotonic() - tables.built < tables.seconds * REBUILD_SHARE


def _build(reader: sqlite3.Connection, state: tuple[object, ...]) -> _Tables:
    began = time.monotonic()
    weighed: list[tuple[float, _Name]] = []
    headings: list[tuple[float, _Name]] = []
    found = reader.execute(_SYMBOLS, (MOST_SYMBOLS,)).fetchall()
    rows = [(_Name(*each[:7]), each[7], each[8]) for each in found]
    callables = {(row.path_id, row.qualified) for row, _, _ in rows if row.kind in ("function", "method")}
    for row, rank, marks in rows:
        if row.kind == "heading":
            headings.append((_depth(row), row))
        elif row.kind not in ("key", "rule"):
            local = (row.path_id, row.parent) in callables
            weighed.append((_weight(row, rank, marks, local), row))
    weighed.sort(key=lambda each: (-each[0], len(each[1].name), each[1].path, each[1].line))
    headings.sort(key=lambda each: (each[0], each[1].path, each[1].line))
    files = [_File(*row) for row in reader.execute(_FILES, (int(_MINOR),))]
    commits = [_Commit(*row) for row in reader.execute(_COMMITS, (MOST_COMMITS,))]
    now = time.monotonic()
    return _Tables(
        state,
        now,
        now - began,
        LinesTable([row for _, row in weighed], lambda row: row.name),
        LinesTable([row for _, row in headings], lambda row: row.name),
        LinesTable(files, lambda row: row.path),
        LinesTable(commits, lambda row: row.subject),
    )


def _weight(row: _Name, rank: float, marks: int, local: bool) -> float:
    return (
        rank
        - 0.7 * local
        + 0.3 * (row.kind in _TYPES)
        - 1.0 * bool(marks & _MINOR)
        - 0.5 * (row.kind in _LESSER)
        - 0.2 * row.name.startswith("_")
        - 0.05 * row.parent.count(".")
    )


def _depth(row: _Name) -> float:
    """Return how deep a heading lies; those of the past, and of the tools around, lie deeper."""
    aside = _ASIDE.search(row.path) is not None
    return row.parent.count(" > ") + bool(row.parent) + row.path.count("/") / 4 + 3 * aside


_ASIDE: Final = re.compile(
    r"(?:^|/)(?:\.[^/]+/|change(?:s|log)|history|news|release|what'?s-?new|requirements|examples?/)", re.I
)
_SYMBOLS: Final = (
    "SELECT name, parent, kind, entry.path_id, shown, name_line, end_line, rank, marks FROM symbol"
    " JOIN entry ON entry.blob_id = symbol.blob_id JOIN path ON path.id = entry.path_id LIMIT ?"
)
_FILES: Final = (
    "SELECT path_id, shown, coalesce(language, '') FROM entry JOIN path ON path.id = path_id"
    " LEFT JOIN blob ON blob.id = blob_id WHERE mode != 57344"
    " ORDER BY entry.marks & ? != 0, rank DESC, length(shown), shown"
)
_COMMITS: Final = (
    "SELECT commits.id, oid, subject, name, authored FROM commits JOIN person ON person.id = person_id"
    " WHERE reachable = 1 ORDER BY sequence DESC LIMIT ?"
)
