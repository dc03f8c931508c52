"""Asks for examples and shows them. Imported by a running command."""

from __future__ import annotations

import shutil
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from indexer.cli import forms
from indexer.cli.calls import NO_ANSWER, ask_engine, given
from indexer.cli.terminal import visible
from indexer.shapes.examples import EXAMPLES, Example, Examples, ExamplesWanted
from indexer.types import CitationKind, Statement

WIDTH = 100
CODE_LINES = 24


def show(repo: Path | None, text: str, limit: int, as_json: bool, quiet: bool) -> None:
    """Show examples of something; ends with 3 when there are none."""
    found = ask_engine(repo, EXAMPLES, ExamplesWanted(given(text), limit), quiet=quiet)
    if as_json:
        forms.write_json(found)
    else:
        _show(found)
    if not found.examples:
        raise typer.Exit(NO_ANSWER)


def _show(found: Examples) -> None:
    console = Console(width=min(max(shutil.get_terminal_size((WIDTH, 24)).columns, 60), 120), highlight=False)
    kind = visible(found.kind)
    if not found.examples:
        console.print(Text(f"There is no {kind} here to copy from."))
        return
    console.print(Text(f'{found.count:,} found as "{kind}"; these are the ones to copy from.', style="bold"))
    for notice in found.notices:
        console.print(Text(visible(notice), style="yellow"))
    for number, each in enumerate(found.examples, 1):
        console.print()
        _show_example(console, number, each)
    if found.common:
        console.print()
        console.print(Text("What they have in common", style="bold"))
        for said in found.common:
            console.print(Text(f"  - {visible(said.text)}"))
    if found.touched:
        console.print()
        console.print(Text("What was touched when one was added", style="bold"))
        for companion in found.touched:
            console.print(Text(f"  - {visible(companion.statement.text)}"))
    if found.draft is not None:
        console.print()
        where = f" ({visible(found.draft.path)})" if found.draft.path else ""
        console.print(Text(f"Draft to review{where}", style="bold"))
        for line in visible(found.draft.text).splitlines():
            console.print(Text(f"  | {line}"), soft_wrap=True)


def _show_example(console: Console, number: int, each: Example) -> None:
    console.print(Text(f"{number}  {visible(each.name)}", style="bold"))
    console.print(Text(f"   {visible(each.path)}:{each.line}-{each.end_line}", style="dim"))
    for said in each.because:
        console.print(Text(f"   {visible(said.text)}{_place(said)}"))
    lines = visible(each.code.quote).split("\n")
    for line in lines[:CODE_LINES]:
        console.print(Text(f"   | {line}"), soft_wrap=True)
    left = each.end_line - each.line + 1 - min(len(lines), CODE_LINES)
    if left > 0:
        console.print(Text(f"   | ... {left} more lines", style="dim"))
    if each.declared is not None:
        console.print(
            Text(
                f"   declared at {visible(each.declared.path or '')}:{each.declared.start_line}", style="dim"
            )
        )
        for line in visible(each.declared.quote).split("\n"):
            console.print(Text(f"   | {line}"), soft_wrap=True)


def _place(said: Statement) -> str:
    citation = said.citations[0] if said.citations else None
    if citation is None or citation.kind is not CitationKind.COMMIT or citation.commit_id is None:
        return ""
    return f" [{citation.commit_id[:10]}]"
