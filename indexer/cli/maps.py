"""The command that draws: its options alone, since `--help` needs no more."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from indexer.cli.options import AsJson, Quiet, Repo


def draw_map(
    path: Annotated[str, typer.Argument(metavar="[PATH]", help="A module or folder; default: all.")] = "",
    repo: Repo = None,
    as_json: AsJson = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Where to write; default: here.")
    ] = None,
    months: Annotated[int, typer.Option("--months", min=0, help="Of changes that count; 0: all.")] = 12,
    limit: Annotated[int, typer.Option("--limit", min=2, max=40, help="Modules in the graph.")] = 40,
    minor: Annotated[bool, typer.Option("--minor", help="Tests and examples in the graph too.")] = False,
    dark: Annotated[bool, typer.Option("--dark", help="For a dark page.")] = False,
    png: Annotated[bool, typer.Option("--png/--no-png", help="A PNG beside each SVG.")] = True,
    force: Annotated[bool, typer.Option("--force", help="Write over files that are not ours.")] = False,
    quiet: Quiet = False,
) -> None:
    """Draw the repository: a treemap of its files, and who imports whom among its modules.

    Size is lines, colour changes, a hatch no recorded reason, an outline one author alone. Imports
    that close a circle are marked; dashed modules change together without an import.

    Examples: lorebase map ; lorebase map src/billing --out docs/maps --dark
    """
    from indexer.cli import drawing

    wish = drawing.Wish(path, out, months, limit, minor, dark, png, force)
    drawing.draw(repo, wish, as_json, quiet)
