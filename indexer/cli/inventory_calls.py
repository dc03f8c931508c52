"""Asks for an inventory and shows it. Imported by a running command."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from indexer.cli import forms
from indexer.cli.calls import ask_engine, given
from indexer.cli.inventory_rows import SHEETS, Row, Sheet
from indexer.cli.terminal import visible
from indexer.errors import UsageError
from indexer.shapes.inventory import INVENTORY, Inventory, InventoryKind, InventoryWanted

WIDTH = 100


def show(
    repo: Path | None, kinds: Sequence[str], area: str, everywhere: bool, form: str, quiet: bool
) -> None:
    """List what is asked for, in one of the forms."""
    chosen = tuple(_kind(each) for each in kinds)
    if form == "openapi":
        if chosen and chosen != (InventoryKind.ENDPOINTS,):
            raise UsageError("Only endpoints have an OpenAPI document.", "Leave the other kinds away.")
        chosen = (InventoryKind.ENDPOINTS,)
    wanted = InventoryWanted(chosen, given(area), everywhere, openapi=form == "openapi")
    found = ask_engine(repo, INVENTORY, wanted, quiet=quiet)
    if form == "json":
        forms.write_json(found)
    elif form == "openapi":
        sys.stdout.write(found.openapi + "\n")
    elif form == "markdown":
        sys.stdout.write(as_markdown(found, chosen))
    else:
        show_tables(found, chosen)


def show_tables(found: Inventory, kinds: Sequence[InventoryKind]) -> None:
    """Print one table for each kind, then what is left out."""
    width = min(shutil.get_terminal_size((WIDTH, 24)).columns, 140)
    console = Console(width=max(width, 60), highlight=False)
    shown = 0
    for kind in kinds or tuple(InventoryKind):
        sheet = SHEETS[kind]
        rows = list(sheet.rows(found))
        if not rows and not kinds:
            continue
        shown += 1
        console.print(Text(f"{sheet.title} ({len(rows)})", style="bold"))
        if rows:
            console.print(_grid(sheet, rows))
        else:
            console.print(Text("  none found"))
        for line in _foot(found, kind, rows):
            console.print(Text(f"  {visible(line)}", style="dim"))
        console.print()
    if not shown:
        console.print(Text("Nothing of this was found: no endpoints, settings, tables, jobs or commands."))
        for line in left_out(found, tuple(InventoryKind)):
            console.print(Text(f"  {line}", style="dim"))
    for notice in found.notices:
        console.print(Text(visible(notice), style="dim"))
    if found.dropped:
        console.print(
            Text(f"{found.dropped} more were found, and are left out: their place cannot be cited.")
        )


def as_markdown(found: Inventory, kinds: Sequence[InventoryKind]) -> str:
    """Return the tables as Markdown; text of the repository stays text."""
    from indexer.cli.markdown_text import cell

    lines: list[str] = ["# Inventory", ""]
    if found.commit_id:
        lines += [f"At commit {found.commit_id}.", ""]
    for kind in kinds or tuple(InventoryKind):
        sheet = SHEETS[kind]
        rows = list(sheet.rows(found))
        if not rows and not kinds:
            continue
        lines += [f"## {sheet.title}", ""]
        if rows:
            lines.append("| " + " | ".join((*sheet.columns, "Where")) + " |")
            lines.append("|" + " --- |" * (len(sheet.columns) + 1))
            lines += [
                "| " + " | ".join(cell(each) for each in (*row.cells, row.place)) + " |" for row in rows
            ]
        else:
            lines.append("None found.")
        foot = [cell(line) for line in _foot(found, kind, rows)]
        lines += ["", *foot, ""] if foot else [""]
    lines += [f"- {cell(notice)}" for notice in found.notices]
    return "\n".join(lines).rstrip() + "\n"


def left_out(found: Inventory, kinds: Sequence[InventoryKind]) -> list[str]:
    """Return what is not listed for the sort of file that it stands in."""
    said = []
    for kind in kinds:
        parts = [
            f"{each.count} in {_MARKS.get(each.mark, each.mark)}"
            for each in found.left_out
            if each.kind is kind
        ]
        if parts:
            said.append(f"left out: {', '.join(parts)} (--all lists them)")
    return said


_MARKS = {
    "test": "tests",
    "example": "examples",
    "documentation": "documentation",
    "vendored": "other people's code",
    "generated": "generated files",
}


def _foot(found: Inventory, kind: InventoryKind, rows: Sequence[Row]) -> Iterable[str]:
    yield from left_out(found, (kind,))
    counted: dict[str, int] = {}
    for row in rows:
        for each in row.unknown:
            counted[each] = counted.get(each, 0) + 1
    for sentence, count in sorted(counted.items(), key=lambda each: -each[1]):
        yield f"not known of {count}: {sentence}"


def _grid(sheet: Sheet, rows: Sequence[Row]) -> Grid:
    grid = Grid(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    grid.add_column("")
    for index, column in enumerate(sheet.columns):
        grid.add_column(column, overflow="fold", max_width=sheet.widths[index], no_wrap=False)
    grid.add_column("Where", overflow="fold")
    for row in rows:
        grid.add_row("", *(Text(visible(each)) for each in row.cells), Text(visible(row.place), style="dim"))
    return grid


def _kind(word: str) -> InventoryKind:
    for each in InventoryKind:
        if word.lower().rstrip("s") == each.value.rstrip("s"):
            return each
    listed = ", ".join(each.value for each in InventoryKind)
    raise UsageError(f"There is no inventory of {given(word)}.", f"There is one of {listed}.")
