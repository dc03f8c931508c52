"""Examples to copy from, on the command line."""

from __future__ import annotations

from typing import Annotated

import typer

from indexer.cli.options import AsJson, Quiet, Repo


def examples(
    text: Annotated[
        str, typer.Argument(metavar="WHAT", help='"a new endpoint", "a migration", "a form" ...')
    ],
    repo: Repo = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=10, help="How many examples.")] = 3,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Show how something is usually written here: the best examples, what they share, a skeleton to review.

    Ends with 3 when there is nothing of it here.

    Examples: lorebase examples "a new endpoint" ; lorebase examples "a form" ; lorebase examples test
    """
    from indexer.cli import examples_calls

    examples_calls.show(repo, text, limit, as_json, quiet)
