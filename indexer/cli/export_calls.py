"""Asks the engine for an export, and has the desktop print it. Imported by a running command."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import typer

from indexer.cli import forms
from indexer.cli.calls import ask_engine
from indexer.cli.terminal import visible
from indexer.errors import LorebaseError, StorageError
from indexer.shapes.exports import EXPORT, ExportForm, ExportReport, ExportWanted

PDF_SECONDS = 120
PDF_FILE = "knowledge-base.pdf"
ROOT = Path(__file__).resolve().parents[2]


def export(repo: Path | None, folder: Path, form: str, everywhere: bool, as_json: bool, quiet: bool) -> None:
    """Write an export, and say where it is."""
    whole = folder.expanduser().absolute()
    chosen = ExportForm.BOOK if form == "pdf" else ExportForm(form)
    text = os.fsencode(whole).decode("utf-8", "surrogateescape")
    report = ask_engine(repo, EXPORT, ExportWanted(chosen, text, everywhere), quiet=quiet)
    if form == "pdf":
        report = _printed(report, whole)
    if as_json:
        forms.write_json(report)
        return
    held = ", ".join(f"{count:,} {what}" for what, count in report.pages.items() if count)
    typer.echo(
        f"Wrote {report.files} files ({report.bytes / 1_000_000:.1f} MB): {held or 'nothing is known yet'}."
    )
    typer.echo(f"Open {visible(report.first)}")
    for notice in report.notices:
        sys.stderr.write(visible(notice) + "\n")


def _printed(report: ExportReport, folder: Path) -> ExportReport:
    """Put a PDF in the place of the book's text; when that fails, nothing of the export stays."""
    source = folder / "knowledge-base.md"
    target = folder / PDF_FILE
    fresh = folder / f".{PDF_FILE}.new"
    try:
        fresh.write_bytes(_painted(source, folder.name))
        fresh.replace(target)
    except OSError as error:
        raise StorageError(
            f"The PDF cannot be written: {error.strerror or error}.",
            "Free some space, or choose another folder.",
        ) from error
    finally:
        for left in (source, fresh):
            with contextlib.suppress(OSError):
                left.unlink()
        if not target.exists():
            _remove_rest(folder)
    return replace(report, first=visible(str(target)), files=1, bytes=target.stat().st_size)


def _painted(source: Path, title: str) -> bytes:
    """Return the PDF, painted by a process of the desktop's."""
    command = [
        sys.executable, "-m", "desktop.render", "pdf", "--from", "markdown",
        "--in", str(source), "--title", title, "--seconds", str(PDF_SECONDS),
    ]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, cwd=ROOT, timeout=PDF_SECONDS + 20, check=False)
    except subprocess.TimeoutExpired as error:
        raise LorebaseError("The PDF was not made in time.", "Use --html or --markdown.") from error
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        said = done.stderr.decode("utf-8", "backslashreplace").strip().splitlines()
        why = said[-1] if said else f"it ended with {done.returncode}"
        raise LorebaseError(
            f"The PDF was not made: {why}",
            "It needs the desktop (PySide6); --html and --markdown do without.",
        )
    return done.stdout


def _remove_rest(folder: Path) -> None:
    with contextlib.suppress(OSError):
        (folder / ".lorebase-export.json").unlink()
        folder.rmdir()
