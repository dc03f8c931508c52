"""What is listed of a kind: endpoints, commands, settings, tables, jobs, migrations, tests, examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final

from indexer.guide.examples.candidates import CALLABLE, CONTAINERS, Candidate
from indexer.guide.examples.wishes import EXAMPLE
from indexer.guide.inventory.sheets import Sheet, Shelf
from indexer.index.symbols import FoundSymbol
from indexer.shapes.inventory import Command, InventoryKind, InventoryWanted, Job, Setting, Table
from indexer.types import Citation, Control, FileMark

if TYPE_CHECKING:
    from indexer.guide.inventory.listing import Inventories

_LEAST_LINES: Final = 3
_MINOR: Final = FileMark.GENERATED | FileMark.VENDORED | FileMark.EXAMPLE | FileMark.STUB
_BLOCK: Final = re.compile(
    r"^(\s*)(it|test|specify)(?:\s+|\s*\(\s*)('(?:[^'\\]|\\.)+'|\"(?:[^\"\\]|\\.)+\"|`(?:[^`\\]|\\.)+`)"
)
"""A test that is a block with a name, as those of Ruby and JavaScript are."""
_QUOTED: Final = re.compile(r"^(['\"`])(.*)\1$", re.S)
_OF_EXAMPLES: Final = re.compile(r"(?i)example|sample|demo")
_MIGRATION: Final = re.compile(
    r"(?:^|/)(?:migrations?|migrate|versions|changelog)/(?!__init__)[^/]+$|/V\d[\d_.]*__"
)


def listed_of(kind: str, shelf: Shelf, inventory: Inventories, control: Control) -> list[Candidate]:
    """Return what is listed of a kind; nothing of a kind that has no list."""
    readers: dict[str, Callable[[], Iterable[Candidate]]] = {
        "endpoint": lambda: _endpoints(shelf, inventory, control),
        "migration": lambda: _migrations(shelf),
        "test": lambda: _tests(shelf),
        EXAMPLE: lambda: _examples(shelf),
        "command": lambda: _listed(shelf, inventory, InventoryKind.COMMANDS, control),
        "setting": lambda: _listed(shelf, inventory, InventoryKind.SETTINGS, control),
        "model": lambda: _listed(shelf, inventory, InventoryKind.TABLES, control),
        "job": lambda: _listed(shelf, inventory, InventoryKind.JOBS, control),
    }
    reader = readers.get(kind)
    return [] if reader is None else list(reader())


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
            and one.kind in (*CONTAINERS, *CALLABLE)
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
        symbol = next((each for each in sheet.definitions if each.kind in (*CONTAINERS, *CALLABLE)), None)
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
        if sheet is not None:
            yield from tests_in(sheet)


def tests_in(sheet: Sheet) -> Iterable[Candidate]:
    """Yield the tests of a file: blocks that have a name, else functions that are named as tests are."""
    blocks = list(blocks_in(sheet, _BLOCK))
    yield from blocks
    for each in sheet.definitions if not blocks else ():
        named = each.kind in CALLABLE and re.match(r"(?i)^(?:test|it_|should)", each.name)
        if named and each.end_line - each.start_line + 1 >= _LEAST_LINES:
            yield Candidate(each.name, sheet.path, each.start_line, each.end_line, each)


def _examples(shelf: Shelf) -> Iterable[Candidate]:
    """Yield the files that examples begin with: the shallowest of each folder that holds code."""
    rows = shelf.reader.execute(
        "SELECT p.shown FROM entry e JOIN path p ON p.id = e.path_id JOIN blob b ON b.id = e.blob_id"
        " WHERE e.marks & ? != 0 AND e.marks & ? = 0 AND b.skipped = ''"
        " AND EXISTS (SELECT 1 FROM symbol s WHERE s.blob_id = b.id AND s.kind IN ('function', 'method',"
        " 'class', 'struct', 'variable', 'program')) ORDER BY p.shown",
        (int(FileMark.EXAMPLE), int(FileMark.TEST | FileMark.GENERATED | FileMark.VENDORED)),
    ).fetchall()
    first: dict[str, str] = {}
    for (path,) in sorted(rows, key=lambda row: (row[0].count("/"), row[0])):
        top = re.match(r"(?:.*?/)?[^/]*(?:examples?|samples?|demos?)[^/]*/[^/]+(?:/|$)", path, re.IGNORECASE)
        first.setdefault(path if top is None else top.group(), path)
    for path in first.values():
        sheet = shelf.sheet(path)
        if sheet is not None and sheet.mark in ("", "example") and sheet.lines:
            folder, _, file = path.rpartition("/")
            name = file if _OF_EXAMPLES.search(folder.rpartition("/")[2]) else folder.rpartition("/")[2]
            yield Candidate(name, path, 1, len(sheet.lines), None)


def blocks_in(sheet: Sheet, begins: re.Pattern[str]) -> Iterable[Candidate]:
    """Yield the blocks of a file whose first line matches: its margin, the word, and the name it is given."""
    for number, line in enumerate(sheet.lines, 1):
        begun = begins.match(line)
        if begun is not None:
            margin, word, name = begun.groups()
            last = end_of_block(sheet.lines, number, len(margin))
            # Only the signs around it are not of the name: it may quote something itself, at its very end.
            quoted = _QUOTED.match(name)
            bare = quoted[2].replace(f"\\{quoted[1]}", quoted[1]) if quoted else name.lstrip(":")
            yield Candidate(f"{word} {bare}", sheet.path, number, last, None)


def end_of_block(lines: Sequence[str], first: int, margin: int) -> int:
    """Return the last line of the block that begins on a line: before the next that is indented no further,
    or that line itself where it closes the block.
    """
    for number in range(first + 1, len(lines) + 1):
        line = lines[number - 1]
        if line.strip() and len(line) - len(line.lstrip()) <= margin:
            closes = re.match(r"\s*(?:end\b|[})\]])", line)
            return number if closes else max(first, number - 1)
    return len(lines)


def _symbol_at(shelf: Shelf, path: str, line: int) -> FoundSymbol | None:
    sheet = shelf.sheet(path)
    if sheet is None:
        return None
    return next((each for each in sheet.definitions if each.name_line == line), None)
