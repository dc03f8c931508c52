"""The files that an inventory reads: chosen by a look at the indexed text, then read from the source."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from posixpath import dirname
from typing import Any, Final

from indexer.answer.citations import Sources
from indexer.answer.shipped import Shipped, Standing, shipped
from indexer.guide.inventory.code import Code
from indexer.guide.inventory.tokens import FAMILIES
from indexer.index.symbols import FoundSymbol, definitions_in
from indexer.types import Control, FileMark, SymbolKind

_CONSTANTS: Final = frozenset(("java", "kotlin", "scala", "groovy", "csharp", "php", "go"))
"""Languages in which a path is often written as a constant of another file."""
_CONSTANT: Final = re.compile(r"^[A-Z][A-Za-z0-9_]{2,}$")
MOST_CHARACTERS: Final = 1_500_000
"""A longer file is no code that a person wrote."""

_MARKS: Final = (
    (FileMark.VENDORED, "vendored"),
    (FileMark.GENERATED, "generated"),
    (FileMark.TEST, "test"),
    (FileMark.EXAMPLE, "example"),
    (FileMark.DOCUMENTATION, "documentation"),
)
_DEFINES: Final = (SymbolKind.FUNCTION, SymbolKind.METHOD)
_TYPES: Final = (
    SymbolKind.CLASS,
    SymbolKind.INTERFACE,
    SymbolKind.STRUCT,
    SymbolKind.TRAIT,
    SymbolKind.MODULE,
)


Takes = Callable[[str, str], bool]
"""Says of a file whether it is read, by its path and its minor sort."""


def every_file(path: str, mark: str) -> bool:
    """Take all."""
    return True


@dataclass
class Outside:
    """The constants of other files, as one folder sees them. ``asked`` is what was asked, and the answers:
    what was found in a file is right as long as they are.
    """

    shelf: Shelf = field(repr=False)
    folder: str
    asked: dict[str, str | None] = field(default_factory=dict)

    def __call__(self, name: str) -> str | None:
        """Return the text that a name stands for, or None."""
        value = self.asked[name] = self.shelf.constant(self.folder, name)
        return value

    def still_right(self, shelf: Shelf) -> bool:
        """Say whether another shelf gives the same answers."""
        return all(shelf.constant(self.folder, name) == value for name, value in tuple(self.asked.items()))


@dataclass
class Sheet:
    """One file that is read. ``mark`` says of what minor sort it is, or is empty."""

    path: str
    path_id: int
    blob_id: int
    language: str
    mark: str
    lines: Sequence[str]
    definitions: Sequence[FoundSymbol]
    outside: Outside | None = field(default=None, repr=False)
    facts: dict[str, list[Any]] = field(default_factory=dict, repr=False)
    """What was found in it alone, by what was looked for: its content stays as long as the sheet does."""

    @cached_property
    def text(self) -> str:
        """The whole text."""
        return "\n".join(self.lines)

    @cached_property
    def code(self) -> Code:
        """Its tokens; only for languages that can be read so."""
        return Code(self.text, self.language, self.outside)

    def function_at(self, line: int) -> str:
        """Return the qualified name of the innermost function around a line, or empty."""
        found = self._innermost(line, _DEFINES)
        return "" if found is None else found.qualified

    def class_at(self, line: int) -> FoundSymbol | None:
        """Return the innermost class around a line."""
        return self._innermost(line, _TYPES)

    def scopes_at(self, line: int) -> list[str]:
        """Return the qualified names of the functions around a line, innermost first, then the file's ""."""
        around = [
            each
            for each in self.definitions
            if each.kind in _DEFINES and each.start_line <= line <= each.end_line
        ]
        around.sort(key=lambda each: each.end_line - each.start_line)
        return [*(each.qualified for each in around), ""]

    def _innermost(self, line: int, kinds: Sequence[SymbolKind]) -> FoundSymbol | None:
        around = [
            each
            for each in self.definitions
            if each.kind in kinds and each.start_line <= line <= each.end_line
        ]
        return min(around, key=lambda each: each.end_line - each.start_line, default=None)


class Shelf:
    """Hands out the current files of a catalog as sheets."""

    def __init__(self, reader: sqlite3.Connection, sources: Sources, before: Shelf | None = None) -> None:
        self.reader = reader
        self.sources = sources
        self.unread: list[str] = []
        self._ignored = _common_marks(reader)
        self.sheets: dict[str, Sheet | None] = {}
        self.held: dict[tuple[str, str], bool] = {} if before is None else before.held
        # A file whose content is as it was need not be read and cut again.
        self.oids: dict[str, str] = {}
        self._before: dict[str, tuple[Sheet, str]] = {}
        if before is not None:
            self._before = {
                path: (each, before.oids[path]) for path, each in before.sheets.items() if each is not None
            }
        self._constants: dict[tuple[str, str], str | None] = {}
        self._edges: dict[int, list[tuple[int, str]]] = {}
        self._shipped: Shipped | None = None

    def holding(
        self, patterns: Mapping[str, re.Pattern[str]], control: Control, takes: Takes = every_file
    ) -> Iterator[Sheet]:
        """Yield the files of these languages that are taken and whose text a language's pattern is found in.

        The control is asked after each file that is looked at, found or not.
        """
        places = ",".join("?" * len(patterns))
        rows = self.reader.execute(
            "SELECT b.language, b.id, e.oid, p.shown, e.marks FROM entry e JOIN blob b ON b.id = e.blob_id"  # noqa: S608
            f" JOIN path p ON p.id = e.path_id WHERE b.language IN ({places}) AND b.skipped = ''"
            " ORDER BY p.shown",
            tuple(patterns),
        ).fetchall()
        for language, blob_id, oid, path, marks in rows:
            if not takes(path, self.mark(marks)):
                continue
            control.checkpoint()
            if not self._holds(patterns[language], blob_id, f"{oid}:{language}"):
                continue
            sheet = self.sheet(path)
            if sheet is not None:
                yield sheet

    def _holds(self, pattern: re.Pattern[str], blob_id: int, content: str) -> bool:
        """Say whether the indexed text of a content has what a pattern looks for; looked up once."""
        key = (pattern.pattern, content)
        known = self.held.get(key)
        if known is None:
            rows = self.reader.execute("SELECT text FROM chunk WHERE blob_id = ?", (blob_id,))
            known = self.held[key] = any(pattern.search(text) for (text,) in rows)
        return known

    def named(self, pattern: re.Pattern[str], takes: Takes = every_file) -> Iterator[Sheet]:
        """Yield the files that are taken and whose path matches."""
        for path, marks in self.reader.execute(
            "SELECT p.shown, e.marks FROM entry e JOIN path p ON p.id = e.path_id WHERE e.skipped = ''"
            " ORDER BY p.shown"
        ).fetchall():
            if pattern.search(path) and takes(path, self.mark(marks)):
                sheet = self.sheet(path)
                if sheet is not None:
                    yield sheet

    def has(self, path: str) -> bool:
        """Say whether a path is a current file."""
        row = self.reader.execute(
            "SELECT 1 FROM path p JOIN entry e ON e.path_id = p.id WHERE p.shown = ?", (path,)
        ).fetchone()
        return row is not None

    def sheet(self, path: str) -> Sheet | None:
        """Return one file, read from its source, or None when it cannot be read."""
        if path not in self.sheets:
            known = self._as_before(path)
            if known is not None:
                self.sheets[path] = known
                return known
            source = self.sources.file(path)
            if source is None or sum(map(len, source.lines)) > MOST_CHARACTERS:
                self.unread.append(path)
                self.sheets[path] = None
            else:
                self.oids[path] = source.oid
                self.sheets[path] = Sheet(
                    path,
                    source.path_id,
                    source.blob_id,
                    source.language,
                    self.mark(source.marks),
                    source.lines,
                    definitions_in(self.reader, source.path_id),
                    Outside(self, dirname(path)) if source.language in _CONSTANTS else None,
                )
        return self.sheets[path]

    def _as_before(self, path: str) -> Sheet | None:
        known, oid = self._before.get(path, (None, ""))
        if known is None:
            return None
        row = self.reader.execute(
            "SELECT oid, blob_id, marks FROM entry WHERE path_id = ?", (known.path_id,)
        ).fetchone()
        if row is None or row[:2] != (oid, known.blob_id) or self.mark(row[2]) != known.mark:
            return None
        outside = known.outside
        if outside is not None:
            if not outside.still_right(self):
                return None
            # Whoever reads on in it asks this shelf, and the one before can go.
            fresh = Outside(self, outside.folder, dict(outside.asked))
            known = replace(known, outside=fresh)
        self.oids[path] = oid
        return known

    def constant(self, folder: str, name: str) -> str | None:
        """Return the text that a constant of another file stands for, if all of its name stand for one.

        Those of the type that is named count alone, else those of the folder that it is read in.
        """
        last = name.rpartition(".")[2]
        if not _CONSTANT.match(last):
            return None
        key = (folder, name)
        if key not in self._constants:
            self._constants[key] = None  # one that stands for itself stands for nothing
            owner = name.rpartition(".")[0].rpartition(".")[2]
            self._constants[key] = self._constant(last, owner, folder)
        return self._constants[key]

    def _constant(self, name: str, owner: str, folder: str) -> str | None:
        rows = self.reader.execute(
            "SELECT DISTINCT p.shown, s.parent FROM symbol s JOIN entry e ON e.blob_id = s.blob_id"
            " JOIN path p ON p.id = e.path_id WHERE s.name = ?"
            " AND s.kind IN ('constant', 'field', 'variable')"
            " LIMIT 20",
            (name,),
        ).fetchall()
        near = [path for path, parent in rows if owner and parent.rpartition(".")[2] == owner]
        near = near or [path for path, _ in rows if dirname(path) == folder]
        values = set()
        for path in near or [path for path, _ in rows]:
            sheet = self.sheet(path)
            values.add(None if sheet is None or sheet.language not in FAMILIES else sheet.code.named(name))
        return values.pop() if len(values) == 1 else None

    def mark(self, marks: int) -> str:
        """Return the minor sort of a file, or empty. One that most of the repository has tells nothing."""
        return next((word for mark, word in _MARKS if marks & mark and not self._ignored & mark), "")

    def standing(self, path: str) -> Standing:
        """Return how near to what is shipped a file stands."""
        if self._shipped is None:
            self._shipped = shipped(self.reader)
        return self._shipped.standing(path)

    def taken_in(self, sheet: Sheet, first: int, last: int) -> list[str]:
        """Return the files that the imports on these lines take in."""
        if sheet.path_id not in self._edges:
            self._edges[sheet.path_id] = self.reader.execute(
                "SELECT g.line, p.shown FROM edge g JOIN path p ON p.id = g.to_path WHERE g.from_path = ?",
                (sheet.path_id,),
            ).fetchall()
        return [path for line, path in self._edges[sheet.path_id] if first <= line <= last]

    def ending(self, *suffixes: str) -> list[str]:
        """Return the current files whose path is, or ends in, one of these whole parts; shortest first."""
        found: dict[str, None] = {}
        for suffix in suffixes:
            for (path,) in self.reader.execute(
                "SELECT p.shown FROM path p JOIN entry e ON e.path_id = p.id"
                " WHERE p.shown = ? OR p.shown LIKE ? ESCAPE '\\'",
                (suffix, "%/" + re.sub(r"([%_\\])", r"\\\1", suffix)),
            ):
                found[path] = None
        return sorted(found, key=len)


def _common_marks(reader: sqlite3.Connection) -> FileMark:
    """Return the marks that tell nothing here: a package path of Java may hold ``samples``, or ``test``.

    Tests are often more than half of the code, and are tests nevertheless.
    """
    languages = ",".join(f"'{each}'" for each in FAMILIES)
    rows = reader.execute(
        "SELECT e.marks FROM entry e JOIN blob b ON b.id = e.blob_id"  # noqa: S608
        f" WHERE b.language IN ({languages}) AND b.skipped = ''"
    ).fetchall()
    found = FileMark.NONE
    for mark, _ in _MARKS:
        most = 0.5 if mark is FileMark.EXAMPLE else 0.95
        if sum(1 for (marks,) in rows if marks & mark) > most * len(rows):
            found |= mark
    return found
