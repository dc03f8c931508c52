"""The options that all commands share, and the way from them to an engine."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from indexer.cli.terminal import ProgressLine
from indexer.client import Client
from indexer.errors import UsageError
from indexer.location import locate
from indexer.protocol import Event, Method
from indexer.settings import load_settings

Repo = Annotated[
    Path | None,
    typer.Option("--repo", metavar="DIR", help="The repository; default: the one around this folder."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
Batch = Annotated[
    str | None,
    typer.Option("--batch", metavar="-", help="Read one JSON object a line from standard input (-)."),
]

P = TypeVar("P")
R = TypeVar("R")

INTERRUPTED = 130
"""What a shell expects of a command that was ended by Ctrl+C."""


def opened(repo: Path | None) -> Client:
    """Return a client of the repository's engine; nothing is started yet.

    Raises NotARepositoryError when there is no repository there.
    """
    settings = load_settings(os.environ)
    return Client(locate(repo or Path(), settings), settings, os.environ.get("XDG_RUNTIME_DIR"))


def ask_engine(
    repo: Path | None, method: Method[P, R], params: P, *, quiet: bool = False, interrupted: str = ""
) -> R:
    """Make one call, with its progress on standard error.

    ``interrupted`` is said when the person stops waiting: what goes on, and how to end it.
    """
    with opened(repo) as client:
        return call(client, method, params, ProgressLine(sys.stderr, quiet), interrupted)


def call(
    client: Client,
    method: Method[P, R],
    params: P,
    progress: Callable[[Event], None] | None = None,
    interrupted: str = "",
) -> R:
    """Make one call on an open client."""
    try:
        return client.call(method, params, progress)
    except KeyboardInterrupt:
        if isinstance(progress, ProgressLine):
            progress.clear()
        sys.stderr.write((interrupted or "Stopped waiting.") + "\n")
        raise typer.Exit(INTERRUPTED) from None
    finally:
        if isinstance(progress, ProgressLine):
            progress.clear()


def given(text: str | None) -> str:
    """Return an argument as text that can travel; bytes that are no UTF-8 are written out."""
    return (text or "").encode("utf-8", "backslashreplace").decode("utf-8")


def batch_wanted(batch: str | None, text: str | None, name: str) -> bool:
    """Say whether lines come from standard input; raises UsageError for a contradiction."""
    if batch is None:
        if text is None:
            raise UsageError(f"{name} is missing.", "Run the command with --help for examples.")
        return False
    if batch != "-":
        raise UsageError("--batch reads standard input only.", "Write `--batch -` and pipe the file in.")
    if text is not None:
        raise UsageError(f"--batch takes no {name} beside it.", "Leave one of the two away.")
    return True
