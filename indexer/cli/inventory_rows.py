"""What of each kind of inventory stands in a row of its table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from indexer.shapes.inventory import Inventory, InventoryKind
from indexer.types import Citation

MOST_COLUMNS = 8
"""Columns of a database table that are named in a row; JSON has them all."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the cells, where it stands, and what is not known of it."""

    cells: tuple[str, ...]
    place: str
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The table of one kind; ``widths`` are the most characters of each column."""

    title: str
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: Callable[[Inventory], Iterator[Row]]


def place_of(citations: tuple[Citation, ...]) -> str:
    """Return ``path:line`` of where something is declared."""
    first = citations[0] if citations else None
    return f"{first.path}:{first.start_line}" if first is not None else ""


def _endpoints(found: Inventory) -> Iterator[Row]:
    for each in found.endpoints:
        methods = ", ".join(each.methods) or "any"
        handler = each.handler or "(written in place)"
        yield Row((methods, each.url, handler), place_of(each.citations), each.unknown)


def _settings(found: Inventory) -> Iterator[Row]:
    for each in found.settings:
        yield Row((each.name, each.default, _times(each.reads), each.says), place_of(each.citations))


def _variables(found: Inventory) -> Iterator[Row]:
    for each in found.variables:
        default = "required" if each.required else each.default or "none"
        yield Row((each.name, default, _times(each.reads)), place_of(each.citations))


def _tables(found: Inventory) -> Iterator[Row]:
    for each in found.tables:
        names = [column.name for column in each.columns]
        more = f" and {len(names) - MOST_COLUMNS} more" if len(names) > MOST_COLUMNS else ""
        columns = ", ".join(names[:MOST_COLUMNS]) + more
        yield Row((each.name, each.model, columns), place_of(each.citations), each.unknown)


def _jobs(found: Inventory) -> Iterator[Row]:
    for each in found.jobs:
        schedule = f"{each.schedule} ({each.plainly})" if each.plainly else each.schedule
        yield Row((each.name, schedule, each.runs), place_of(each.citations), each.unknown)


def _commands(found: Inventory) -> Iterator[Row]:
    for each in found.commands:
        yield Row((each.name, each.says or each.runs, each.framework), place_of(each.citations))


def _times(reads: int) -> str:
    return f"{reads} places" if reads > 1 else "1 place" if reads else "none found"


SHEETS = {
    InventoryKind.ENDPOINTS: Sheet(
        "HTTP endpoints", ("Methods", "Address", "Answered by"), (12, 52, 34), _endpoints
    ),
    InventoryKind.SETTINGS: Sheet(
        "Settings", ("Name", "Default", "Read in", "Says"), (36, 24, 16, 40), _settings
    ),
    InventoryKind.ENV: Sheet(
        "Environment variables", ("Name", "Default", "Read in"), (36, 30, 12), _variables
    ),
    InventoryKind.TABLES: Sheet("Database tables", ("Table", "Model", "Columns"), (34, 26, 44), _tables),
    InventoryKind.JOBS: Sheet("Scheduled and batch jobs", ("Job", "When", "Runs"), (32, 34, 36), _jobs),
    InventoryKind.COMMANDS: Sheet("Commands", ("Command", "Does", "Kind"), (36, 50, 16), _commands),
}
