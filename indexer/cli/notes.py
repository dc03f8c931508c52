"""Notes on the command line: what a person knows, recorded beside the code it is about."""

from __future__ import annotations

from typing import Annotated

import typer

from indexer.cli.options import AsJson, Repo

app = typer.Typer(help="Record what people know, and read it again.", no_args_is_help=True)

Text = Annotated[
    str | None,
    typer.Option("--text", metavar="TEXT", help="Markdown; `-`: standard input; else your editor opens."),
]
About = Annotated[
    str,
    typer.Option("--about", metavar="PLACE", help="FILE, FILE:LINE, FILE:LINE-LINE, or a symbol's name."),
]
Author = Annotated[str, typer.Option("--author", metavar="NAME", help="Default: git's user.name.")]
Email = Annotated[str, typer.Option("--email", metavar="ADDRESS", help="Default: git's user.email.")]
Category = Annotated[
    str,
    typer.Option(
        "--category",
        metavar="KIND",
        help="architecture, business, performance, security or ownership.",
    ),
]
NoteId = Annotated[str, typer.Argument(metavar="ID", help="A note's id.")]


@app.command("add")
def add(
    title: Annotated[str, typer.Argument(metavar="TITLE", help="One line that says what is known.")],
    repo: Repo = None,
    as_json: AsJson = False,
    text: Text = None,
    about: About = "",
    category: Category = "",
    gap: Annotated[str | None, typer.Option("--gap", metavar="ID", help="The gap it answers.")] = None,
    author: Author = "",
    email: Email = "",
) -> None:
    """Write a note; it is found first from then on.

    Example: lorebase note add "Why 30 seconds" --about src/http.py:40 --text "The bank's limit."
    """
    from indexer.cli import note_calls

    draft = note_calls.Given(title, text, about, category, author, email)
    note_calls.add(repo, draft, gap, as_json)


@app.command("edit")
def edit(
    note_id: NoteId,
    repo: Repo = None,
    as_json: AsJson = False,
    title: Annotated[str, typer.Option("--title", metavar="TITLE", help="A new title.")] = "",
    text: Text = None,
    about: About = "",
    category: Category = "",
    author: Author = "",
    email: Email = "",
) -> None:
    """Change a note; what is not given stays as it was.

    Example: lorebase note edit n3 --text "It is 45 seconds since 2024."
    """
    from indexer.cli import note_calls

    draft = note_calls.Given(title, text, about, category, author, email)
    note_calls.edit(repo, note_id, draft, as_json)


@app.command("list")
def list_(repo: Repo = None, as_json: AsJson = False) -> None:
    """List the notes, the last changed first."""
    from indexer.cli import note_calls

    note_calls.list_all(repo, as_json)


@app.command("show")
def show(
    note_id: NoteId,
    repo: Repo = None,
    as_json: AsJson = False,
    versions: Annotated[bool, typer.Option("--versions", help="Every version of it, oldest first.")] = False,
) -> None:
    """Show one note whole, and where its code changed since, what it was and what it is."""
    from indexer.cli import note_calls

    note_calls.show(repo, note_id, versions, as_json)
