"""How the tree of modules, and the summary of one, read in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from indexer.cli import calls, forms
from indexer.cli.answers import console
from indexer.cli.terminal import one_line, visible
from indexer.shapes import modules as shapes
from indexer.shapes.modules import ModuleRow, ModulesWanted, ModuleTree, ReviewState

METER_CELLS = 8


def show_tree(repo: Path | None, as_json: bool, quiet: bool) -> None:
    """Write every module with one line on it."""
    tree = calls.ask_engine(repo, shapes.MODULES, ModulesWanted(), quiet=quiet)
    if as_json:
        forms.write_json(tree)
    else:
        _print_tree(tree)


def _print_tree(tree: ModuleTree) -> None:
    out = console()
    names = {row.path: "  " * row.depth + (visible(row.name) or ".") for row in tree.rows}
    widest = min(max((len(each) for each in names.values()), default=6), out.width // 2)
    head = f"{'Module':<{widest}} {'Files':>6} {'Lines':>8} {'Changes':>7}  Reasons"
    out.print(Text(head, style="bold"))
    for row in tree.rows:
        line = f"{one_line_kept(names[row.path], widest)} {row.files:>6,} {row.lines:>8,} {row.changes:>7,}  "
        out.print(Text(line + meter(row) + mark(row)), soft_wrap=True)
        if row.says:
            out.print(
                Text(f"{'  ' * row.depth}    {one_line(row.says, out.width - 2 * row.depth - 5)}", "dim")
            )
    for notice in tree.notices:
        out.print(Text(visible(notice), style="yellow"))


def one_line_kept(text: str, width: int) -> str:
    """Return ``text`` in exactly ``width`` characters; its indentation is kept."""
    return f"{text:<{width}}" if len(text) <= width else text[: width - 1] + "…"


def meter(row: ModuleRow) -> str:
    """Return the share of a module that has a recorded reason, as a bar and a number."""
    if not row.why.definitions:
        return " " * (METER_CELLS + 5)
    filled = round(row.why.share * METER_CELLS)
    return "#" * filled + "." * (METER_CELLS - filled) + f" {row.why.share:>4.0%}"


def mark(row: ModuleRow) -> str:
    """Return what a person said of a module's summary, in a word."""
    words: Sequence[str] = (
        {ReviewState.REVIEWED: "reviewed", ReviewState.WITHDRAWN: "changed since its review"}.get(
            row.review, ""
        ),
        "own words" if row.written else "",
    )
    said = ", ".join(each for each in words if each)
    return f"  {said}" if said else ""
