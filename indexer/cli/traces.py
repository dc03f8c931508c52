"""How a trace reads in a terminal: the label, the frames on the code, then what is told of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from indexer.cli import answers
from indexer.cli.terminal import one_line, visible
from indexer.shapes.traces import Mapped, Relation, Told, Trace, TraceError, TraceExplained, TraceFrame

TOLD_WORDS = {
    Told.FAILED: "What failed",
    Told.ORIGIN: "Where it comes from",
    Told.MESSAGE: "What the message means here",
    Told.CHANGED: "What changed there last",
    Told.FIXED: "Mended before, here or near",
    Told.TESTS: "Tests to run",
    Told.PEOPLE: "Who may know",
    Told.MISSING: "What the trace does not say",
}

RELATION_WORDS = {
    Relation.REPORTED: "",
    Relation.CAUSE: "caused by ",
    Relation.CONTEXT: "came up while handling ",
    Relation.SUPPRESSED: "suppressed: ",
    Relation.MEMBER: "in the group: ",
    Relation.THREAD: "",
    Relation.ELSEWHERE: "",
}

MARKS = {
    Mapped.LINE: "●",
    Mapped.MOVED: "●",
    Mapped.NAMED: "◐",
    Mapped.FILE: "○",
    Mapped.FOREIGN: "·",
}
"""Full: the line; half: the definition; ring: the file alone."""

MOST_SHOWN = 3
"""Further traces of the text, and further threads of a trace, that are shown in full."""


def show_traces(found: TraceExplained) -> None:
    """Write an explained trace."""
    out = answers.console()
    sources = answers.Sources()
    told = [
        (TOLD_WORDS[group.told], [answers.paragraph(each, sources) for each in group.statements])
        for group in found.groups
    ]
    answers.say(out, answers.badge(found.answer, out, sources))
    answers.say(out, Text(visible(found.answer.question), style="bold"))
    out.print()
    for number, trace in enumerate(found.traces[:MOST_SHOWN]):
        if number:
            out.print(Text(f"Another trace of the text ({number + 1} of {len(found.traces)})", style="bold"))
        _show_trace(out, trace)
        out.print()
    if len(found.traces) > MOST_SHOWN:
        out.print(Text(f"… {len(found.traces) - MOST_SHOWN} more traces", style="bright_black"))
        out.print()
    for title, paragraphs in told:
        out.print(Text(title, style="bold"))
        for paragraph in paragraphs:
            answers.print_hanging(out, "", paragraph, indent=2)
        out.print()
    if sources.citations:
        out.print(Text("Sources", style="bold"))
        for number, citation in enumerate(sources.citations, start=1):
            answers.print_hanging(out, f"[{number}] ", answers.source_text(citation), indent=2)
        out.print()
    for notice in found.notices:
        answers.say(out, Text(visible(notice), style="yellow"))
    answers.print_footer(out, found.answer)


def _show_trace(out: Console, trace: Trace) -> None:
    threads = 0
    for error in trace.errors:
        if error.relation is Relation.THREAD:
            threads += 1
            if threads > MOST_SHOWN and not any(frame.mapped is not Mapped.FOREIGN for frame in error.frames):
                continue
        _show_error(out, error)
    if threads > MOST_SHOWN:
        answers.say(
            out,
            Text(f"{threads} other threads; those without own frames are left out.", style="bright_black"),
        )
    if trace.cut_off:
        answers.say(out, Text(visible(trace.cut_off), style="yellow"))


def _show_error(out: Console, error: TraceError) -> None:
    indent = 2 * error.depth
    named = ": ".join(part for part in (error.type, error.message.partition("\n")[0]) if part) or error.thread
    head = Text(RELATION_WORDS[error.relation] + one_line(named or "frames", 300), style="red")
    if error.thread and (error.type or error.message):
        head.append(f"  ({visible(error.thread)})", style="bright_black")
    answers.say(out, head, indent=indent)
    for row in _rows(error.frames, out.width - indent - 2):
        out.print(Text(" " * (indent + 2)) + row, no_wrap=True, overflow="ellipsis")
    if error.left_out:
        answers.say(out, Text(f"… {error.left_out:,} more frames", style="bright_black"), indent=indent + 2)


def _rows(frames: Sequence[TraceFrame], room: int) -> Iterator[Text]:
    """Yield own frames one a line, foreign ones folded."""
    foreign: list[TraceFrame] = []
    for frame in frames:
        if frame.mapped is Mapped.FOREIGN:
            foreign.append(frame)
            continue
        yield from _folded(foreign, room)
        foreign = []
        yield _row(frame, room)
    yield from _folded(foreign, room)


def _folded(foreign: Sequence[TraceFrame], room: int) -> Iterator[Text]:
    if len(foreign) == 1:
        yield Text(f"· {one_line(foreign[0].written, room - 2)}", style="bright_black")
    elif foreign:
        each = max((room - 26) // 2, 10)
        first = one_line(foreign[0].written_name or foreign[0].written, each)
        last = one_line(foreign[-1].written_name or foreign[-1].written, each)
        count = sum(1 + frame.repeated for frame in foreign)
        yield Text(f"· {count:,} foreign frames: {first} … {last}", style="bright_black")


def _row(frame: TraceFrame, room: int) -> Text:
    """Return a frame on one line: what it is in, where, and how surely; a long path loses its beginning."""
    told = _told(frame)
    name = one_line(frame.symbol or frame.written_name, max(room // 2, 20))
    line = f":{frame.line}" if frame.line else ""
    place = visible(frame.path or frame.written_path) + line
    left = room - 2 - (len(name) + 2 if name else 0) - (len(told) + 2 if told else 0)
    if len(place) > max(left, 24):
        place = "…" + place[-max(left, 24) + 1 :]
    text = Text(f"{MARKS[frame.mapped]} ")
    if name:
        text.append(f"{name}  ", style="bold")
    text.append(place, style="cyan")
    if told:
        text.append(f"  {told}", style="yellow")
    return text


def _told(frame: TraceFrame) -> str:
    told = []
    if frame.repeated:
        told.append(f"{frame.repeated + 1:,} times")
    if frame.mapped is Mapped.MOVED:
        told.append(f"line {frame.written_line} then")
    elif frame.mapped is Mapped.NAMED:
        told.append("by name")
    elif frame.mapped is Mapped.FILE:
        told.append("the file alone" if frame.path else "gone")
    if frame.compiled:
        told.append("compiled")
    return f"({', '.join(told)})" if told else ""
