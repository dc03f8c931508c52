"""The options that all commands share. Nothing heavier than typer: `--help` needs no more."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
