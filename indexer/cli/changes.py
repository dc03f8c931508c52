"""How a summary of changes reads in a terminal, and drafts as plain text for a pipe."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from indexer.cli import calls, forms
from indexer.cli.answers import console, day, say
from indexer.cli.terminal import duration, one_line, visible
from indexer.errors import UsageError
from indexer.shapes import changes as shapes
from indexer.shapes.changes import (
    ApiChange,
    ApiRow,
    ChangeSummary,
    ChangesWanted,
    DraftKind,
    End,
    ModuleChange,
    RangeKind,
    Story,
    StoryForm,
)
from indexer.types import CitationKind, Statement

API_SIGNS = {ApiChange.ADDED: "+", ApiChange.REMOVED: "-", ApiChange.CHANGED: "~", ApiChange.MOVED: ">"}
MAX_SETTINGS = 15
MAX_API = 12
MAX_CITED = 64
LONGEST_PAIR = 190
"""Characters of a signature that is shown whole beside the one that it was or is."""
BEGINNING = 2
"""Parameters of a longer one that are shown before the part that differs."""
"""Characters of what is cited behind a sentence; `--json` has all of it."""


def show(
    repo: Path | None, name: str | None, of: RangeKind, draft: str, most: int, as_json: bool, quiet: bool
) -> None:
    """Summarise a range; ``draft`` is the kind of text that is wanted in its place, or empty."""
    kinds = {each.value: each for each in DraftKind}
    if draft and draft not in kinds:
        raise UsageError(f"--as knows no {draft!r}.", f"It takes {', '.join(kinds)}.")
    drafts = (kinds[draft],) if draft else ()
    wanted = ChangesWanted(of, calls.given(name), most=most, drafts=drafts)
    summary = calls.ask_engine(repo, shapes.CHANGES, wanted, quiet=quiet)
    if as_json:
        forms.write_json(summary)
    elif drafts:
        _print_draft(summary)
    else:
        _print_summary(summary)


def _print_draft(summary: ChangeSummary) -> None:
    """Write the draft alone, so that it can be piped; what is to be known of it goes to standard error."""
    for draft in summary.drafts:
        sys.stdout.write(visible(draft.text))
        if draft.kind is not DraftKind.COMMIT_MESSAGE:
            sys.stderr.write("A draft to review: nothing was sent or committed.\n")
    for notice in summary.notices:
        sys.stderr.write(f"{visible(notice)}\n")


def _print_summary(summary: ChangeSummary) -> None:
    out = console()
    say(out, _title(summary))
    for notice in summary.notices:
        say(out, Text(visible(notice), style="yellow"))
    out.print()
    for statement in summary.lead:
        _say_cited(out, statement)
    for module in summary.modules:
        if module.stories or module.api or module.risks:
            _print_module(out, module)
    _print_rest(out, summary)
    _print_settings(out, summary)
    _print_list(out, "Tests", list(summary.tests))
    told = {each.says.text for module in summary.modules for each in module.risks}
    _print_list(out, "Look closely at", [each.says for each in summary.risks if each.says.text not in told])
    _print_list(out, "Who could review it", [each.says for each in summary.reviewers])
    _print_list(out, "Not recorded", list(summary.missing))
    out.print()
    dropped = f" · {summary.dropped} unproven dropped" if summary.dropped else ""
    say(out, Text(f"Computed, no model · {duration(summary.seconds)}{dropped}", style="bright_black"))
    say(
        out,
        Text("Drafts: --as pr, --as release-note, --as commit-message", style="bright_black"),
    )


def _title(summary: ChangeSummary) -> Text:
    text = Text("Changes  ", style="bold")
    text.append(f"{_end(summary.start)}  ..  {_end(summary.end)}", style="bold")
    return text


def _end(end: End) -> str:
    known = [each for each in (end.commit_id[:9], day(end.when) if end.when else "") if each]
    name = visible(end.name)
    known = [each for each in known if each != name]
    return f"{name} ({', '.join(known)})" if known else name


def _print_module(out: Console, module: ModuleChange) -> None:
    out.print()
    head = Text(visible(module.name), style="bold cyan")
    files = "1 file" if module.files == 1 else f"{module.files:,} files"
    commits = "1 commit" if module.commits == 1 else f"{module.commits:,} commits"
    lines = f" +{module.lines_added:,} -{module.lines_deleted:,}," if module.lines_added >= 0 else ""
    head.append(f"  {files},{lines} {commits}", style="not bold")
    say(out, head)
    for story in module.stories:
        _print_story(out, story)
    if module.stories_more and module.stories:
        more = "commit" if module.stories_more == 1 else "commits"
        say(out, Text(f"and {module.stories_more:,} more {more}", style="bright_black"), indent=2)
    for statement in module.facts:
        _say_cited(out, statement, indent=2)
    for row in module.api[:MAX_API]:
        _print_api(out, row)
    rest = len(module.api[MAX_API:]) + module.api_more
    if rest:
        say(out, Text(f"and {rest:,} more definitions", style="bright_black"), indent=2)
    for risk in module.risks:
        _say_cited(out, risk.says, indent=2, before="! ", style="yellow")


def _print_story(out: Console, story: Story) -> None:
    text = Text(visible(story.says.text))
    marks = []
    if story.form is StoryForm.MERGE and story.commits > 1:
        marks.append(f"merge of {story.commits - 1}")
    if story.form is StoryForm.REVERT:
        marks.append(f"takes back {story.undoes[:9]}" if story.undoes else "takes something back")
    if story.undone_by:
        marks.append(f"taken back by {story.undone_by[:9]}")
    if story.marked_breaking:
        marks.append("says that it breaks something")
    where = ", ".join([story.commit_id[:9], one_line(story.author, 30), day(story.authored), *marks])
    text.append(f"  [{where}]", style="bright_black")
    say(out, text, indent=2)
    for why in story.why:
        reason = Text("why  ", style="green")
        reason.append(f"“{visible(why.text)}”", style="default")
        if why.citations and (why.citations[0].commit_id or "") != story.commit_id:
            reason.append(f"  [{(why.citations[0].commit_id or '')[:9]}]", style="bright_black")
        say(out, reason, indent=6)


def _print_api(out: Console, row: ApiRow) -> None:
    styles = {ApiChange.ADDED: "green", ApiChange.REMOVED: "red", ApiChange.CHANGED: "yellow"}
    text = Text(f"{API_SIGNS[row.change]} ", style=styles.get(row.change, "cyan"))
    text.append(f"{row.kind} {visible(row.name)}", style="default")
    text.append(f"  [{visible(row.path)}:{row.line}]", style="bright_black")
    if row.used:
        text.append(f"  {row.used} uses of the name are left", style="yellow")
    say(out, text, indent=2)
    if row.change is ApiChange.CHANGED and row.before != row.after:
        was, now = around_difference(" ".join(row.before.split()), " ".join(row.after.split()))
        say(out, Text(f"was {one_line(was, 200)}", style="bright_black"), indent=6)
        say(out, Text(f"is  {one_line(now, 200)}", style="bright_black"), indent=6)


def _print_rest(out: Console, summary: ChangeSummary) -> None:
    """Say which modules have nothing to tell but their numbers."""
    bare = [each for each in summary.modules if not (each.stories or each.api or each.risks)]
    parts = [f"{visible(each.name)} ({each.files})" for each in bare[:8]]
    more = len(bare) - len(parts) + summary.modules_more
    if parts or more > 0:
        out.print()
        tail = f" and {more} more modules" if more > 0 else ""
        say(out, Text(f"Also changed: {', '.join(parts)}{tail}", style="bright_black"))


def _print_settings(out: Console, summary: ChangeSummary) -> None:
    _print_list(
        out, "Settings, schemas and dependencies", [each.says for each in summary.settings[:MAX_SETTINGS]]
    )
    more = len(summary.settings) - MAX_SETTINGS + summary.settings_more
    if more > 0:
        say(out, Text(f"and {more:,} more", style="bright_black"), indent=2)


def _print_list(out: Console, title: str, statements: list[Statement]) -> None:
    if statements:
        out.print()
        out.print(Text(title, style="bold"))
        for each in statements:
            _say_cited(out, each, indent=2)


def around_difference(before: str, after: str) -> tuple[str, str]:
    """Return two texts, each cut to its beginning and to where they differ, where one is long: two long
    signatures that are cut at their ends would look alike.
    """
    was, now = before.split(", "), after.split(", ")
    least = min(len(was), len(now))
    same = _alike(was, now)
    tail = min(_alike(was[::-1], now[::-1]), least - same)
    if max(len(before), len(after)) <= LONGEST_PAIR or same <= BEGINNING:
        return before, after
    return _part(was, same, tail), _part(now, same, tail)


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many parts are the same from the beginning on."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))


def _part(parts: Sequence[str], same: int, tail: int) -> str:
    """Return the beginning of a text, what differs in it, and the part after that."""
    end = len(parts) - tail
    rest = ["…"] if tail > 1 else []
    return ", ".join([*parts[:BEGINNING], "…", *parts[same : end + 1], *rest])


def _say_cited(
    out: Console, statement: Statement, indent: int = 0, before: str = "", style: str = "default"
) -> None:
    text = Text(before, style=style)
    text.append(visible(statement.text), style="default")
    cited = _cited(statement)
    if cited:
        text.append(f"  [{cited}]", style="bright_black")
    say(out, text, indent=indent)


def _cited(statement: Statement) -> str:
    """Return in short what proves a sentence: how it was counted, or where it stands."""
    for citation in statement.citations:
        if citation.kind is CitationKind.FACT:
            named = any(each[:9] in statement.text for each in citation.rests_on)
            # A sentence that names its commit, or its file, needs no command beside it.
            return "" if named or not citation.fact.startswith("git ") else one_line(citation.fact, MAX_CITED)
        if citation.kind is CitationKind.COMMIT:
            return (citation.commit_id or "")[:9]
        return (
            f"line {citation.start_line}"
            if citation.path and citation.path in statement.text
            else (f"{visible(citation.path or '')}:{citation.start_line}")
        )
    return ""
