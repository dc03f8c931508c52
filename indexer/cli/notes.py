"""Notes on the command line: what a person knows, recorded beside the code it is about."""

from __future__ import annotations

import getpass
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from indexer import protocol
from indexer.cli.options import AsJson, Repo, ask_engine, given
from indexer.errors import UsageError
from indexer.protocol import NoteChange, NoteName
from indexer.types import Category, Note, NoteDraft

app = typer.Typer(help="Record what people know, and read it again.", no_args_is_help=True)

Text_ = Annotated[
    str | None,
    typer.Option(
        "--text", metavar="TEXT", help="Markdown; `-` reads standard input; else your editor opens."
    ),
]
About = Annotated[
    str,
    typer.Option("--about", metavar="PLACE", help="FILE, FILE:LINE, FILE:LINE-LINE, or a symbol's name."),
]
Author = Annotated[str, typer.Option("--author", metavar="NAME", help="Default: git's user.name.")]
Email = Annotated[str, typer.Option("--email", metavar="ADDRESS", help="Default: git's user.email.")]
CategoryOption = Annotated[
    Category | None, typer.Option("--category", help="What kind of knowledge it is.", show_default=False)
]
NoteId = Annotated[str, typer.Argument(metavar="ID", help="A note's id.")]


@app.command("add")
def add(
    title: Annotated[str, typer.Argument(metavar="TITLE", help="One line that says what is known.")],
    repo: Repo = None,
    as_json: AsJson = False,
    text: Text_ = None,
    about: About = "",
    category: CategoryOption = None,
    gap: Annotated[str | None, typer.Option("--gap", metavar="ID", help="The gap it answers.")] = None,
    author: Author = "",
    email: Email = "",
) -> None:
    """Write a note; it is found first from then on.

    Example: lorebase note add "Why 30 seconds" --about src/http.py:40 --text "The bank's limit."
    """
    body = _text(text, f"# {title}\n\n")
    name, address = _person(author, email)
    draft = NoteDraft(given(title), body, given(about), name, address, category, gap)
    _show(ask_engine(repo, protocol.NOTE_ADD, draft), as_json)


@app.command("edit")
def edit(
    note_id: NoteId,
    repo: Repo = None,
    as_json: AsJson = False,
    title: Annotated[str, typer.Option("--title", metavar="TITLE", help="A new title.")] = "",
    text: Text_ = None,
    about: About = "",
    category: CategoryOption = None,
    author: Author = "",
    email: Email = "",
) -> None:
    """Change a note; what is not given stays as it was.

    Example: lorebase note edit n3 --text "It is 45 seconds since 2024."
    """
    body = ""
    if text is not None:
        body = _text(text, "")
    elif not (title or about or category):
        body = _text(None, ask_engine(repo, protocol.NOTE_SHOW, NoteName(given(note_id))).text)
    name, address = _person(author, email)
    draft = NoteDraft(given(title), body, given(about), name, address, category)
    _show(ask_engine(repo, protocol.NOTE_EDIT, NoteChange(given(note_id), draft)), as_json)


@app.command("list")
def list_(repo: Repo = None, as_json: AsJson = False) -> None:
    """List the notes, the last changed first."""
    from indexer.cli import forms, reports

    found = ask_engine(repo, protocol.NOTE_LIST, protocol.Nothing())
    if as_json:
        forms.write_json(found)
    else:
        reports.show_notes(found.notes)


@app.command("show")
def show(note_id: NoteId, repo: Repo = None, as_json: AsJson = False) -> None:
    """Show one note whole."""
    _show(ask_engine(repo, protocol.NOTE_SHOW, NoteName(given(note_id))), as_json)


def _show(note: Note, as_json: bool) -> None:
    from indexer.cli import forms, reports

    if as_json:
        forms.write_json(note)
    else:
        reports.show_note(note)


def _text(text: str | None, template: str) -> str:
    """Return the note's text: as given, from standard input, or from the person's editor."""
    if text is not None and text != "-":
        return given(text)
    if text == "-" or not sys.stdin.isatty():
        return sys.stdin.buffer.read().decode("utf-8", "backslashreplace")
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        raise UsageError("There is no text.", 'Give --text "...", pipe it in, or set EDITOR.')
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "note.md")
        file.write_text(template, encoding="utf-8")
        done = subprocess.run([*shlex.split(editor), str(file)], check=False)
        written = file.read_text("utf-8", "backslashreplace")
    if done.returncode or not written.strip() or written == template:
        raise UsageError("Nothing was written, so no note was kept.", "Run it again, or give --text.")
    return written.removeprefix(template)


def _person(author: str, email: str) -> tuple[str, str]:
    """Return who writes: as given, as git knows this user, or as the system does."""
    name = author or os.environ.get("GIT_AUTHOR_NAME", "") or _git_config("user.name")
    address = email or os.environ.get("GIT_AUTHOR_EMAIL", "") or _git_config("user.email")
    if not name:
        with suppress(OSError, KeyError):
            name = getpass.getuser()
    return given(name), given(address)


def _git_config(key: str) -> str:
    """Return a value of this user's own git settings; no repository's settings are read."""
    git = shutil.which("git")
    if git is None:
        return ""
    with suppress(OSError, subprocess.TimeoutExpired):
        done = subprocess.run(
            [git, "config", "--global", "--get", key],
            cwd=tempfile.gettempdir(),
            capture_output=True,
            timeout=5,
            check=False,
        )
        return done.stdout.decode("utf-8", "backslashreplace").strip()
    return ""
