"""What the note commands do: gather the text and its author, ask the engine, show the note."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from indexer import protocol
from indexer.cli import forms, reports
from indexer.cli.calls import ask_engine, given
from indexer.errors import UsageError
from indexer.identity import person
from indexer.protocol import NoteChange, NoteName
from indexer.types import Category, Note, NoteDraft


@dataclass(frozen=True, slots=True)
class Given:
    """A note's fields as they stand on the command line; empty where nothing was given."""

    title: str
    text: str | None
    about: str
    category: str
    author: str
    email: str


def add(repo: Path | None, fields: Given, gap: str | None, as_json: bool) -> None:
    """Write a note."""
    draft = _draft(fields, _text(fields.text, f"# {fields.title}\n\n"), gap)
    _show(ask_engine(repo, protocol.NOTE_ADD, draft), as_json)


def edit(repo: Path | None, note_id: str, fields: Given, as_json: bool) -> None:
    """Change what is given; with nothing given the text opens in an editor."""
    name = NoteName(given(note_id))
    text = ""
    if fields.text is not None:
        text = _text(fields.text, "")
    elif not (fields.title or fields.about or fields.category):
        text = _text(None, ask_engine(repo, protocol.NOTE_SHOW, name).text)
    _show(ask_engine(repo, protocol.NOTE_EDIT, NoteChange(name.id, _draft(fields, text, None))), as_json)


def list_all(repo: Path | None, as_json: bool) -> None:
    """Show every note, one after another."""
    found = ask_engine(repo, protocol.NOTE_LIST, protocol.Nothing())
    if as_json:
        forms.write_json(found)
    else:
        reports.show_notes(found.notes)
        reports.show_skipped("Not read as notes", found.problems)


def show(repo: Path | None, note_id: str, versions: bool, as_json: bool) -> None:
    """Show one note whole, with its code as it was and as it is; or every version of it."""
    name = NoteName(given(note_id))
    if versions:
        kept = ask_engine(repo, protocol.NOTE_VERSIONS, name)
        forms.write_json(kept) if as_json else reports.show_versions(kept.notes)
        return
    found = ask_engine(repo, protocol.NOTE_COMPARE, name)
    forms.write_json(forms.comparison_form(found)) if as_json else reports.show_comparison(found)


def _draft(fields: Given, text: str, gap: str | None) -> NoteDraft:
    try:
        category = Category(fields.category.lower()) if fields.category else None
    except ValueError as error:
        words = ", ".join(Category)
        raise UsageError(f"{fields.category!r} is no category.", f"Choose one of {words}.") from error
    who = person(os.environ, fields.author, fields.email)
    return NoteDraft(given(fields.title), text, given(fields.about), who.name, who.email, category, gap)


def _show(note: Note, as_json: bool) -> None:
    forms.write_json(note) if as_json else reports.show_note(note)


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
