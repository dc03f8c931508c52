"""What there is of a kind: endpoints, migrations, tests, commands, settings, models, or what a noun names."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from indexer.guide.inventory.sheets import Sheet, Shelf
from indexer.index.symbols import FoundSymbol
from indexer.repo.words import stem, stems
from indexer.shapes.inventory import Command, InventoryKind, InventoryWanted, Job, Setting, Table
from indexer.types import Citation, Control, FileMark, SymbolKind

if TYPE_CHECKING:
    from indexer.guide.inventory.listing import Inventories

MOST: Final = 3_000
"""Candidates that are compared; a kind with more is compared by its most used files."""
_LEAST_LINES: Final = 3
HEAD_LINES: Final = 3
"""Lines of a file in which it says what it is; further down stand imports, which say nothing of it."""
_MINOR: Final = FileMark.GENERATED | FileMark.VENDORED | FileMark.EXAMPLE | FileMark.STUB
_SMALL: Final = frozenset(
    [
        "a",
        "an",
        "the",
        "new",
        "another",
        "one",
        "some",
        "how",
        "do",
        "does",
        "we",
        "i",
        "you",
        "write",
        "add",
        "make",
        "create",
        "usually",
        "typically",
        "normally",
        "here",
        "in",
        "to",
        "this",
        "that",
        "repository",
        "repo",
        "project",
        "code",
        "codebase",
        "our",
        "your",
        "of",
        "for",
        "with",
        "and",
        "or",
        "example",
        "examples",
        "template",
        "sample",
        "best",
        "existing",
        "good",
        "similar",
        "like",
        "copy",
        "from",
        "should",
        "need",
        "define",
        "implement",
        "build",
        "set",
        "up",
    ]
)
_CONTAINERS: Final = (SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.TRAIT)
_CALLABLE: Final = (SymbolKind.FUNCTION, SymbolKind.METHOD)
_KINDS: Final = {
    "endpoint": ("endpoint", "route", "url", "api", "handler", "resource"),
    "migration": ("migration",),
    "test": ("test", "spec"),
    "command": ("command",),
    "setting": ("setting", "option", "config", "configuration", "flag", "variable"),
    "model": ("model", "entity", "table"),
    "job": ("job", "cron", "schedule"),
}
_MIGRATION: Final = re.compile(
    r"(?:^|/)(?:migrations?|migrate|versions|changelog)/(?!__init__)[^/]+$|/V\d[\d_.]*__"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One that exists: its span, and where it is declared elsewhere, if it is."""

    name: str
    path: str
    first: int
    last: int
    symbol: FoundSymbol | None
    declared: Citation | None = None


@dataclass(frozen=True, slots=True)
class Sought:
    """What was understood: a kind, or a noun, and the words that narrow it down."""

    kind: str
    noun: str
    narrower: tuple[str, ...]
    said: tuple[str, ...] = ()
    """The narrower words as they were typed."""


def sought(text: str) -> Sought:
    """Return what a wish such as "a new dashboard view" is for. The kind is empty when it names nothing."""
    words = [word for word in _split(text.lower()) if word not in _SMALL]
    if not words:
        return Sought("", "", ())
    noun = words[-1]
    for kind, names in _KINDS.items():
        if noun in names or noun.rstrip("s") in names:
            return Sought(kind, noun.rstrip("s"), tuple(stem(word) for word in words[:-1]), tuple(words[:-1]))
    return Sought(noun, noun, tuple(stem(word) for word in words[:-1]), tuple(words[:-1]))


def _split(text: str) -> list[str]:
    """Return the words of a wish, its noun last: what "a report for the dashboard" is for stands before."""
    words = re.findall(r"[A-Za-z][\w-]*", text)
    for at, word in enumerate(words):
        if word in _BINDS and any(each not in _SMALL for each in words[:at]):
            return [*words[at + 1 :], *words[:at]]
    return words


_BINDS: Final = frozenset(("to", "in", "into", "on", "onto", "for", "from", "within", "inside", "under"))


def candidates_of(
    wish: Sought, shelf: Shelf, inventory: Inventories, control: Control
) -> tuple[list[Candidate], bool]:
    """Return what there is of it, those alone that its narrower words name, and whether there were any."""
    found = list(_all(wish, shelf, inventory, control))
    if wish.narrower:
        narrowed = [
            each
            for each in found
            if set(wish.narrower) & set(stems(f"{each.name} {each.path.replace('/', ' ')}"))
        ]
        narrowed = narrowed or [each for each in found if _says(each, wish.narrower, shelf)]
        if not narrowed and not set(wish.said) <= _USUAL_WORDS:
            return found[:MOST], False
        found = narrowed or found
    return found[:MOST], True


def _says(candidate: Candidate, words: tuple[str, ...], shelf: Shelf) -> bool:
    """Say whether all of the words stand in what one, or the head of its file, says of itself.

    Result backends are named after where they keep results: that they do, they say in their first line.
    """
    sheet = shelf.sheet(candidate.path)
    head = "" if sheet is None else "\n".join(sheet.lines[:HEAD_LINES])
    doc = "" if candidate.symbol is None else candidate.symbol.doc
    return set(words) <= set(stems(f"{doc} {head}"))


_USUAL_WORDS: Final = frozenset(
    [
        "http",
        "rest",
        "api",
        "web",
        "unit",
        "integration",
        "database",
        "db",
        "schema",
        "management",
        "cli",
        "shell",
        "command",
        "line",
        "django",
        "flask",
        "spring",
        "express",
        "rails",
        "laravel",
        "gin",
        "data",
        "configuration",
        "environment",
        "scheduled",
        "cron",
        "class",
        "function",
    ]
)


def _all(wish: Sought, shelf: Shelf, inventory: Inventories, control: Control) -> Iterable[Candidate]:
    readers: dict[str, Callable[[], Iterable[Candidate]]] = {
        "endpoint": lambda: _endpoints(shelf, inventory, control),
        "migration": lambda: _migrations(shelf),
        "test": lambda: _tests(shelf),
        "command": lambda: _listed(shelf, inventory, InventoryKind.COMMANDS, control),
        "setting": lambda: _listed(shelf, inventory, InventoryKind.SETTINGS, control),
        "model": lambda: _listed(shelf, inventory, InventoryKind.TABLES, control),
        "job": lambda: _listed(shelf, inventory, InventoryKind.JOBS, control),
    }
    reader = readers.get(wish.kind)
    found = list(reader()) if reader is not None else []
    return found or list(_named(shelf, wish.noun))


def _endpoints(shelf: Shelf, inventory: Inventories, control: Control) -> Iterable[Candidate]:
    listed = inventory.list(InventoryWanted((InventoryKind.ENDPOINTS,)), control).endpoints
    if not listed:
        listed = inventory.list(
            InventoryWanted((InventoryKind.ENDPOINTS,), everywhere=True), control
        ).endpoints
    seen: set[tuple[str, int]] = set()
    for each in listed:
        declared = each.citations[0]
        path, _, line = each.handler_place.rpartition(":")
        symbol = _symbol_at(shelf, path, int(line)) if path else None
        if symbol is not None and (symbol.path, symbol.start_line) not in seen:
            seen.add((symbol.path, symbol.start_line))
            inside = (
                symbol.path == declared.path and symbol.start_line <= declared.start_line <= symbol.end_line
            )
            first = (
                min(symbol.start_line, declared.start_line) if _near(symbol, declared) else symbol.start_line
            )
            elsewhere = None if inside or _near(symbol, declared) else declared
            yield Candidate(
                f"{each.url} ({each.handler})", symbol.path, first, symbol.end_line, symbol, elsewhere
            )
        elif symbol is None and declared.path is not None and not each.url.endswith("*"):
            yield Candidate(each.url, declared.path, declared.start_line, declared.end_line, None)


def _near(symbol: FoundSymbol, declared: Citation) -> bool:
    """Say whether a declaration stands right above a definition, as a decorator or an annotation does."""
    return symbol.path == declared.path and 0 <= symbol.name_line - declared.start_line <= 8


def _listed(
    shelf: Shelf, inventory: Inventories, kind: InventoryKind, control: Control
) -> Iterable[Candidate]:
    found = inventory.list(InventoryWanted((kind,)), control)
    things: list[Command | Setting | Table | Job] = [
        *found.commands, *found.settings, *found.tables, *found.jobs,
    ]  # fmt: skip
    seen: set[tuple[str, int]] = set()
    for each in things:
        place = each.citations[0]
        if place.path is None:
            continue
        sheet = shelf.sheet(place.path)
        around = [
            one
            for one in (sheet.definitions if sheet is not None else ())
            if one.start_line <= place.end_line
            and place.start_line <= one.name_line <= place.end_line
            and one.kind in (*_CONTAINERS, *_CALLABLE)
        ]
        symbol = around[0] if around else None
        first, last = (symbol.start_line, symbol.end_line) if symbol else (place.start_line, place.end_line)
        if symbol is not None:
            first = min(first, place.start_line)
        if (place.path, first) not in seen:
            seen.add((place.path, first))
            yield Candidate(each.name, place.path, first, last, symbol)


def _migrations(shelf: Shelf) -> Iterable[Candidate]:
    for sheet in shelf.named(_MIGRATION):
        # What a framework wrote by its own command is a migration nevertheless.
        if (
            sheet.mark not in ("", "generated")
            or not sheet.lines
            or sheet.language in ("", "text", "markdown")
        ):
            continue
        symbol = next((each for each in sheet.definitions if each.kind in (*_CONTAINERS, *_CALLABLE)), None)
        name = sheet.path.rpartition("/")[2]
        yield Candidate(name, sheet.path, 1, len(sheet.lines), symbol)


def _tests(shelf: Shelf) -> Iterable[Candidate]:
    rows = shelf.reader.execute(
        "SELECT p.shown FROM entry e JOIN path p ON p.id = e.path_id JOIN blob b ON b.id = e.blob_id"
        " WHERE e.marks & ? != 0 AND e.marks & ? = 0 AND b.skipped = '' ORDER BY b.lines DESC LIMIT 300",
        (int(FileMark.TEST), int(_MINOR)),
    ).fetchall()
    for (path,) in rows:
        sheet = shelf.sheet(path)
        for each in sheet.definitions if sheet is not None else ():
            named = each.kind in _CALLABLE and re.match(r"(?i)^(?:test|it_|should)", each.name)
            if named and each.end_line - each.start_line + 1 >= _LEAST_LINES:
                yield Candidate(each.name, path, each.start_line, each.end_line, each)


def _named(shelf: Shelf, noun: str) -> Iterable[Candidate]:
    """Yield definitions that are named as one of a kind, or made from something named so."""
    if not noun:
        return
    wanted = stem(noun.rstrip("s") if len(noun) > 3 else noun)
    rows = shelf.reader.execute(
        "SELECT DISTINCT p.shown FROM symbol s JOIN entry e ON e.blob_id = s.blob_id"
        " JOIN path p ON p.id = e.path_id WHERE (s.name LIKE ? OR s.signature LIKE ?)"
        " AND s.kind IN ('class', 'interface', 'struct', 'function', 'method', 'trait', 'program')"
        " AND e.marks & ? = 0"
        " ORDER BY e.rank DESC LIMIT 300",
        (f"%{noun}%", f"%{noun}%", int(_MINOR | FileMark.TEST)),
    ).fetchall()
    functions: list[Candidate] = []
    classes: list[Candidate] = []
    for (path,) in rows:
        sheet = shelf.sheet(path)
        for each in sheet.definitions if sheet is not None else ():
            if each.end_line - each.start_line + 1 < _LEAST_LINES:
                continue
            made = Candidate(each.qualified, path, each.start_line, each.end_line, each)
            if each.kind in _CONTAINERS and (
                _is_one(each.name, wanted) or any(_is_one(b, wanted) for b in bases_of(each))
            ):
                classes.append(made)
            elif each.kind in _CALLABLE and _is_one(each.name, wanted):
                functions.append(made)
    yield from classes if len(classes) >= 2 or not functions else functions


def _is_one(name: str, noun: str) -> bool:
    return stems(name)[-1:] == [noun] or noun == stem(name.lower())


def bases_of(symbol: FoundSymbol) -> list[str]:
    """Return the names of what a type is made from, as its signature has them."""
    found = re.search(
        r"\(([^()]*)\)|\bextends\s+([\w.<>, ]+)|:\s*([\w.<>, ]+)|<\s*([\w:]+)", symbol.signature
    )
    if found is None or symbol.kind not in _CONTAINERS:
        return []
    named = next(group for group in found.groups() if group is not None)
    words = [
        each.strip().partition("<")[0].rpartition(".")[2] for each in named.split(",") if "=" not in each
    ]
    words += re.findall(r"\bimplements\s+([\w.]+)", symbol.signature)
    return [each for each in words if re.match(r"^\w+$", each)]


def _symbol_at(shelf: Shelf, path: str, line: int) -> FoundSymbol | None:
    sheet = shelf.sheet(path)
    if sheet is None:
        return None
    return next((each for each in sheet.definitions if each.name_line == line), None)


def last_changes(reader: sqlite3.Connection, paths: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Return when each file was last changed, and by which commit."""
    found: dict[str, tuple[int, str]] = {}
    for path in dict.fromkeys(paths):
        row = reader.execute(
            "SELECT c.authored, c.oid FROM path p JOIN change h ON h.path_id = p.id"
            " JOIN commits c ON c.id = h.commit_id WHERE p.shown = ? AND c.reachable = 1"
            " ORDER BY c.sequence DESC LIMIT 1",
            (path,),
        ).fetchone()
        if row is not None:
            found[path] = (row[0], row[1])
    return found


def first_changes(reader: sqlite3.Connection, paths: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Return when each file was added, and by which commit."""
    found: dict[str, tuple[int, str]] = {}
    for path in dict.fromkeys(paths):
        row = reader.execute(
            "SELECT c.authored, c.oid FROM path p JOIN change h ON h.path_id = p.id"
            " JOIN commits c ON c.id = h.commit_id WHERE p.shown = ? AND c.reachable = 1"
            " ORDER BY c.sequence LIMIT 1",
            (path,),
        ).fetchone()
        if row is not None:
            found[path] = (row[0], row[1])
    return found


def text_of(sheet: Sheet, candidate: Candidate) -> list[str]:
    """Return the lines of a candidate."""
    return list(sheet.lines[candidate.first - 1 : candidate.last])
