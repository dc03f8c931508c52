"""The whole knowledge base written out, on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from indexer.cli.options import AsJson, Quiet, Repo
from indexer.errors import UsageError


def export(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A new or empty folder, or that of an export.")
    ],
    repo: Repo = None,
    html: Annotated[
        bool, typer.Option("--html", help="A site that works from the disk (the default).")
    ] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Markdown files for a wiki.")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="One PDF; needs the desktop (PySide6).")] = False,
    everywhere: Annotated[
        bool, typer.Option("--all", help="The inventory with tests, examples and vendored code.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write modules, decisions, notes, open questions, map and inventory into a folder.

    A folder that holds anything else is refused; an earlier export is replaced once the new one is whole.

    Examples: lorebase export --html ~/shop-knowledge ; lorebase export --pdf out
    """
    from indexer.cli import export_calls

    if html + markdown + pdf > 1:
        raise UsageError("--html, --markdown and --pdf exclude each other.", "Give one of them.")
    form = "markdown" if markdown else "pdf" if pdf else "html"
    export_calls.export(repo, folder, form, everywhere, as_json, quiet)
