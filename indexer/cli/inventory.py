"""The inventory on the command line: as tables, as JSON, as Markdown, as an OpenAPI document."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from indexer.cli.options import AsJson, Quiet
from indexer.cli.options import Repo as RepoOption
from indexer.errors import UsageError


def inventory(
    kinds: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[KIND]...",
            help="endpoints, settings, env, tables, jobs, commands; default: all.",
            show_default=False,
        ),
    ] = None,
    repo: RepoOption = None,
    area: Annotated[
        str, typer.Option("--area", metavar="PATH", help="Only what stands in this folder.")
    ] = "",
    everywhere: Annotated[
        bool, typer.Option("--all", help="Also what stands in tests, examples, docs and vendored code.")
    ] = False,
    as_json: AsJson = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown tables.")] = False,
    as_openapi: Annotated[
        bool, typer.Option("--openapi", help="Print the endpoints as an OpenAPI document.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """List what the code offers and reads, each with where it stands.

    Endpoints (flask, django, fastapi, spring, jax-rs, express, fastify, nest, gin and others), settings,
    environment variables, database tables, scheduled jobs, commands.

    Examples: lorebase inventory endpoints ; lorebase inventory env --area src ; lorebase inventory --openapi
    """
    from indexer.cli import inventory_calls

    if as_json + as_markdown + as_openapi > 1:
        raise UsageError("--json, --markdown and --openapi exclude each other.", "Give one of them.")
    form = "json" if as_json else "markdown" if as_markdown else "openapi" if as_openapi else "tables"
    inventory_calls.show(Path(repo) if repo else None, kinds or (), area, everywhere, form, quiet)
