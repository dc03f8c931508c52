"""How a log, explained, reads in a terminal."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer
from rich.console import Console
from rich.text import Text

from indexer.cli import calls, forms
from indexer.cli.answers import BADGES, console, say
from indexer.cli.terminal import duration, one_line, visible
from indexer.shapes.logs import (
    EXPLAIN_LOG,
    Level,
    LogExplained,
    LogGroup,
    LogWanted,
    Tie,
)
from indexer.types import VerdictStatus

if TYPE_CHECKING:
    from indexer.cli.terminal import ProgressLine
    from indexer.client import Client

BARS: Final = " ▁▂▃▄▅▆▇█"
PLAIN_BARS: Final = " .:-=+*#@"
BAR_CELLS: Final = 30
TRACE_LINES: Final = 6

LEVEL_STYLES: Final = {
    Level.FATAL: "bold red",
    Level.ERROR: "red",
    Level.WARNING: "yellow",
    Level.INFO: "",
    Level.DEBUG: "bright_black",
    Level.TRACE: "bright_black",
    Level.NONE: "",
}


@dataclass(frozen=True, slots=True)
class Options:
    """What may be asked of a log."""

    show_addresses: bool = False
    limit: int = 20


def explain_log(
    client: Client, log: tuple[Path, str], options: Options, as_json: bool, progress: ProgressLine
) -> None:
    """Show a log in groups; ends with 3 when nothing of it is this repository's."""
    path, name = log
    given = calls.given(str(path)), "", calls.given(name)
    wanted = LogWanted(*given, options.show_addresses, options.limit)
    found = calls.call(client, EXPLAIN_LOG, wanted, progress)
    if as_json:
        forms.write_json(found)
    else:
        show(found)
    if found.verdict.status is VerdictStatus.UNKNOWN:
        raise typer.Exit(calls.NO_ANSWER)


def show(found: LogExplained) -> None:
    """Write what a log holds: the label, what stands out, the groups, what was masked."""
    out = console()
    status = found.verdict.status
    shape, ascii_shape, words, colour = BADGES[status]
    badge = Text(f"{shape if _can(out, shape) else ascii_shape} {words}", style=f"bold {colour}")
    badge.append(f" · {visible(found.verdict.reason)}", style=colour)
    say(out, badge)
    out.print()
    for statement in found.statements:
        say(out, Text(one_line(statement.text, 3 * out.width)))
    _show_overview(out, found)
    for group in found.groups:
        _show_group(out, group, found)
    if found.more_groups:
        say(
            out,
            Text(f"{found.more_groups:,} further kinds, {found.more_records:,} records: see --limit.", "dim"),
        )
    for notice in found.notices:
        say(out, Text(visible(notice), style="yellow"))
    _show_footer(out, found)


# ----------------------------------------------------------------------------------- private


def _show_overview(out: Console, found: LogExplained) -> None:
    counts = [
        f"{found.levels[level.value]:,} {level.value}"
        for level in reversed(Level)
        if level is not Level.NONE and found.levels.get(level.value)
    ]
    say(
        out,
        Text(
            f"{found.lines:,} lines, {found.records:,} records: {', '.join(counts) or 'no levels'}",
            style="dim",
        ),
    )
    if any(found.times):
        label = "All    "
        out.print(Text(f"{label}{_bars(out, found.times)}  {_span(found)}"), soft_wrap=True)
        if any(found.errors):
            out.print(Text(f"Errors {_bars(out, found.errors)}", style="red"), soft_wrap=True)
    out.print()


def _show_group(out: Console, group: LogGroup, found: LogExplained) -> None:
    head = Text(f"{group.count:>8,}  ")
    head.append(
        f"{'' if group.level is Level.NONE else group.level.value:<8}", style=LEVEL_STYLES[group.level]
    )
    head.append(one_line(group.template, max(out.width - 20, 20)), style="bold")
    out.print(head, no_wrap=True, overflow="ellipsis")
    pad = " " * 10
    if any(group.times) and group.count > 1:
        line = f"{pad}{_bars(out, group.times)}  {_when(group, found)}"
        out.print(Text(line + _spike_words(group, found), style="dim"), no_wrap=True, overflow="ellipsis")
    elif group.first is not None:
        out.print(Text(f"{pad}{_clock(group.first, found)}", style="dim"))
    if group.place is None:
        out.print(Text(f"{pad}{one_line(group.sample, max(out.width - 12, 20))}", style="dim"), no_wrap=True)
    for place, statement in enumerate(group.statements):
        text = visible(statement.text)
        if place == 0 and group.tie is Tie.SEVERAL:
            others = ", ".join(f"{each.path}:{each.line}" for each in group.others)
            text += visible(f" The same text stands at {others} too.")
        say(out, Text(text, style="cyan" if place == 0 else ""), indent=10)
    for trace in group.traces:
        say(
            out,
            Text(f"followed {trace.count:,} times by {one_line(trace.title, 60)}", style="red"),
            indent=10,
        )
        for line in _last(trace.lines):
            out.print(Text(f"{pad}| {one_line_kept(line, out.width - 13)}", style="dim"), no_wrap=True)
    if group.knowers:
        who = ", ".join(visible(each.name) for each in group.knowers)
        say(out, Text(f"Who may know: {who}", style="dim"), indent=10)
    out.print()


def one_line_kept(text: str, width: int) -> str:
    """Return a line with its indentation, cut to a width."""
    line = visible(text).rstrip().partition("\n")[0]
    return line if len(line) <= width else line[: max(width - 1, 0)] + "…"


def _last(lines: Sequence[str]) -> Sequence[str]:
    return [each for each in lines if each.strip()][-TRACE_LINES:]


def _bars(out: Console, counts: Sequence[int]) -> str:
    """Return counts as little bars, BAR_CELLS wide at most; anything at all is seen."""
    step = -(-len(counts) // BAR_CELLS)
    sums = [sum(counts[at : at + step]) for at in range(0, len(counts), step)]
    signs = BARS if _can(out, BARS) else PLAIN_BARS
    most = max(sums, default=0) or 1
    return "".join(signs[0 if not each else max(1, round(each / most * (len(signs) - 1)))] for each in sums)


def _can(out: Console, text: str) -> bool:
    try:
        text.encode(out.encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _span(found: LogExplained) -> str:
    if found.bucket_start is None:
        return "from the first line to the last"
    end = found.bucket_start + found.bucket_seconds * len(found.times)
    return f"{_stamp(found.bucket_start)} to {_stamp(end)}, a bar is {duration(float(found.bucket_seconds))}"


def _when(group: LogGroup, found: LogExplained) -> str:
    if group.first is None or group.last is None:
        return f"lines {group.first_line:,} to {group.last_line:,}"
    first, last = _clock(group.first, found), _clock(group.last, found)
    return first if first == last else f"{first} to {last}"


def _spike_words(group: LogGroup, found: LogExplained) -> str:
    if not group.spikes:
        return ""
    most = max(group.spikes, key=lambda bar: group.times[bar])
    if found.bucket_start is None:
        return f"  burst of {group.times[most]:,}"
    when = _clock(found.bucket_start + most * found.bucket_seconds, found)
    return f"  burst of {group.times[most]:,} at {when}"


def _clock(moment: float, found: LogExplained) -> str:
    """Return a time as short as it is clear within this log: with its day only where there are several."""
    whole = _stamp(moment)
    days = {_stamp(each)[:10] for each in (found.bucket_start, _end(found)) if each is not None}
    return whole[11:] if len(days) == 1 and whole[:10] in days else whole


def _end(found: LogExplained) -> float | None:
    if found.bucket_start is None:
        return None
    return found.bucket_start + found.bucket_seconds * len(found.times) - 1


def _stamp(moment: float) -> str:
    try:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(moment))
    except (ValueError, OverflowError, OSError):
        return str(int(moment))


def _show_footer(out: Console, found: LogExplained) -> None:
    parts = [f"compared with {found.known_statements:,} statements"]
    if found.commit_id:
        parts.append(f"at {found.commit_id[:10]}")
    masked = sum(found.masked.values())
    if masked:
        kinds = ", ".join(visible(kind) for kind in sorted(found.masked))
        parts.append(f"masked: {kinds}")
    if found.dropped:
        parts.append(f"{found.dropped} unproven dropped")
    parts.append(duration(found.seconds))
    say(out, Text(" · ".join(parts), style="dim"))
