"""How the tree of modules, and the summary of one, read in a terminal."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from indexer.cli import answers, calls, forms
from indexer.cli.terminal import one_line, visible
from indexer.errors import UsageError
from indexer.identity import person
from indexer.shapes import modules as shapes
from indexer.shapes.modules import (
    ModuleMark,
    ModulePage,
    ModuleRow,
    ModulesWanted,
    ModuleText,
    ModuleTree,
    ModuleWanted,
    ReviewState,
)
from indexer.types import Statement

METER_CELLS = 8
LABEL = 11
"""Room for "Decisions" and a gap."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of a summary; nothing when all are empty."""

    review: bool = False
    unreview: bool = False
    text: str | None = None
    author: str = ""
    email: str = ""


def show_tree(repo: Path | None, as_json: bool, quiet: bool) -> None:
    """Write every module with one line on it."""
    tree = calls.ask_engine(repo, shapes.MODULES, ModulesWanted(renewed=True), quiet=quiet)
    if as_json:
        forms.write_json(tree)
    else:
        _print_tree(tree)


def show_page(repo: Path | None, path: str, said: Said, as_json: bool, quiet: bool) -> None:
    """Write the summary of one module, after what a person says of it was kept."""
    if sum((said.review, said.unreview, said.text is not None)) > 1:
        raise UsageError("These do not go together.", "Give one of --review, --unreview and --write.")
    name = calls.given(path)
    by = person(os.environ, said.author, said.email)
    if said.review or said.unreview:
        mark = ModuleMark(name, said.review, by.name, by.email)
        page = calls.ask_engine(repo, shapes.MODULE_MARK, mark, quiet=quiet)
    elif said.text is not None:
        words = ModuleText(name, calls.given(said.text), by.name, by.email)
        page = calls.ask_engine(repo, shapes.MODULE_TEXT, words, quiet=quiet)
    else:
        page = calls.ask_engine(repo, shapes.MODULE, ModuleWanted(name), quiet=quiet)
    if as_json:
        forms.write_json(page)
    else:
        _print_page(page, name)


def _print_tree(tree: ModuleTree) -> None:
    out = answers.console()
    names = {row.path: "  " * row.depth + (visible(row.name) or ".") for row in tree.rows}
    widest = min(max((len(each) for each in names.values()), default=6), out.width // 2)
    out.print(Text(f"{'Module':<{widest}} {'Files':>6} {'Lines':>8} {'Changes':>7}  Reasons", style="bold"))
    for row in tree.rows:
        line = f"{_fitted(names[row.path], widest)} {row.files:>6,} {row.lines:>8,} {row.changes:>7,}  "
        out.print(Text((line + meter(row) + mark(row)).rstrip()), soft_wrap=True)
        if row.says:
            lead = "  " * row.depth + "    "
            room = max(out.width - len(lead), 20)
            out.print(Text(lead + one_line(row.says, room), style="bright_black"), soft_wrap=True)
    out.print()
    told = "Changes: commits in 12 months. Reasons: share of its definitions with a recorded reason, weighed."
    answers.say(out, Text(told, style="bright_black"))
    _print_notices(out, tree.notices)


def meter(row: ModuleRow) -> str:
    """Return the share of a module that has a recorded reason, as a bar and a number."""
    if not row.why.definitions:
        return ""
    filled = round(row.why.share * METER_CELLS)
    return "#" * filled + "." * (METER_CELLS - filled) + f" {row.why.share:>4.0%}"


def mark(row: ModuleRow) -> str:
    """Return what a person said of a module's summary, in a word."""
    reviewed = {ReviewState.REVIEWED: "reviewed", ReviewState.WITHDRAWN: "changed since its review"}
    words = (reviewed.get(row.review, ""), "own words" if row.written else "")
    said = ", ".join(each for each in words if each)
    return f"  {said}" if said else ""


def _print_page(page: ModulePage, asked: str) -> None:
    out = answers.console()
    row = page.row
    title = Text(visible(row.path or row.name) or ".", style="bold")
    definitions = f", {row.why.definitions:,} definitions" if row.why.definitions else ""
    built = f", built with {row.build}" if row.build else ""
    title.append(f"  {row.files:,} files, {row.lines:,} lines{definitions}{built}", style="bright_black")
    answers.say(out, title)
    if asked.strip("./") not in (row.path, ""):
        answers.say(out, Text(f"{visible(asked)} is told of within this module.", style="bright_black"))
    if page.review is not None and not page.review.changed_count:
        who = visible(page.review.by or page.review.email or "somebody")
        answers.say(out, Text(f"Reviewed by {who}, {answers.day(page.review.when)}", style="green"))
    _print_notices(out, page.notices)
    if page.paragraph is not None:
        out.print()
        answers.print_hanging(out, f"{'Own words':<{LABEL}}", Text(visible(page.paragraph.text)), indent=0)
        who = visible(page.paragraph.by or page.paragraph.email or "somebody")
        told = f"{who}, {answers.day(page.paragraph.when)}"
        answers.print_hanging(out, " " * LABEL, Text(told, style="bright_black"), indent=0)
    sources = answers.Sources()
    about = {id(each.statement): each for each in page.decisions}
    for label, statements, total in _parts(page):
        out.print()
        for number, statement in enumerate(statements):
            head = label if number == 0 else ""
            text = answers.paragraph(statement, sources)
            if id(statement) in about:
                decided = about[id(statement)]
                text.append(f" ({visible(decided.name)}; {decided.kind})", style="bright_black")
            answers.print_hanging(out, f"{head:<{LABEL}}", text, indent=0, label_style="bold")
        if total > len(statements):
            more = Text(f"and {total - len(statements):,} more", style="bright_black")
            answers.print_hanging(out, " " * LABEL, more, indent=0)
    _print_sources(out, sources, page)


def _parts(page: ModulePage) -> Iterator[tuple[str, Sequence[Statement], int]]:
    """Yield label, statements and how many there are of each part that has any."""
    totals = page.totals
    lists: tuple[tuple[str, Sequence[Statement], int], ...] = (
        ("Purpose", page.purpose, 0),
        ("Surface", [each.statement for each in page.surface], totals.get("surface", 0)),
        ("Entries", [each.statement for each in page.entries], totals.get("entries", 0)),
        ("Data", [each.statement for each in page.data], totals.get("data", 0)),
        ("Uses", [each.statement for each in page.uses], totals.get("uses", 0)),
        ("Used by", [each.statement for each in page.used_by], totals.get("used_by", 0)),
        ("Together", [each.statement for each in page.together], 0),
        *(
            (f"Flow{f' {number}' if number > 1 else ''}", flow.steps, 0)
            for number, flow in enumerate(page.flows, 1)
        ),
        ("Tests", [each.statement for each in page.tests], totals.get("tests", 0)),
        ("People", [each.statement for each in page.people], totals.get("people", 0)),
        ("Change", [] if page.heat is None else [page.heat.statement], 0),
        ("Decisions", [each.statement for each in page.decisions], totals.get("decisions", 0)),
        ("Reasons", [] if page.why is None else [page.why.statement], 0),
        ("Missing", [*_worst(page), *page.missing], 0),
    )
    yield from (part for part in lists if part[1])


def _worst(page: ModulePage) -> list[Statement]:
    return [] if page.why is None else [each.statement for each in page.why.worst]


def _print_sources(out: Console, sources: answers.Sources, page: ModulePage) -> None:
    out.print()
    if sources.citations:
        out.print(Text("Sources", style="bold"))
        for number, citation in enumerate(sources.citations, start=1):
            answers.print_hanging(out, f"[{number}] ", answers.source_text(citation), indent=2)
        out.print()
    parts = [f"made from {page.commit_id[:10]}" if page.commit_id else "no commit yet"]
    parts.append(f"on {answers.day(page.made)}")
    if page.dropped:
        parts.append(f"{page.dropped} unproven dropped")
    answers.say(out, Text(" · ".join(parts), style="bright_black"))


def _print_notices(out: Console, notices: Sequence[str]) -> None:
    for notice in notices:
        answers.say(out, Text(visible(notice), style="yellow"))


def _fitted(text: str, width: int) -> str:
    """Return ``text`` in exactly ``width`` characters."""
    return f"{text:<{width}}" if len(text) <= width else text[: width - 1] + "…"
