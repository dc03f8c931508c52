"""Gaps on the command line: what nobody had written down, and what was written down since, shared."""

from __future__ import annotations

from typing import Annotated

import typer

from indexer.cli.options import AsJson, Repo

app = typer.Typer(help="List what no record answers; publish what people wrote down.")


@app.callback(invoke_without_command=True)
def gaps(
    context: typer.Context,
    repo: Repo = None,
    as_json: AsJson = False,
    answered: Annotated[bool, typer.Option("--answered", help="Those with a note too.")] = False,
) -> None:
    """List the questions that no record answers, the most asked first."""
    from indexer.cli import calls

    if context.invoked_subcommand is None:
        calls.gaps(repo, answered, as_json)


@app.command("publish")
def publish(
    repo: Repo = None,
    as_json: AsJson = False,
    into: Annotated[
        str, typer.Option("--into", metavar="FOLDER", help="From the repository's root; default: docs/lore.")
    ] = "",
    note: Annotated[
        list[str] | None, typer.Option("--note", metavar="ID", help="Only this note; may be repeated.")
    ] = None,
) -> None:
    """Write notes as Markdown files into the work tree, for you to look at and commit.

    Asked again it writes nothing new. A file that somebody changed is never overwritten; ends
    with 1 then. Every index of the repository reads such files as notes.

    Examples: lorebase gaps publish ; lorebase gaps publish --note n1a2b3c4d5e --into docs/lore
    """
    from indexer.cli import calls

    calls.publish(repo, into, note or [], as_json)


@app.command("export")
def export(repo: Repo = None) -> None:
    """Write the open questions as Markdown to standard output.

    Example: lorebase gaps export > questions.md
    """
    from indexer.cli import calls

    calls.export_gaps(repo)
