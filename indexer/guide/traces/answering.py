"""What an explained trace is as an answer: verdict, title, its frames as statements, what to ask next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from indexer.answer.citations import cite_fact
from indexer.guide.traces.matched import Matched
from indexer.guide.traces.message import Origin
from indexer.guide.traces.model import RawTrace
from indexer.guide.traces.paths import read_path
from indexer.guide.traces.telling import Matter, Page, short
from indexer.shapes.traces import (
    Mapped,
    Told,
    Trace,
    TraceForm,
    TraceFrame,
)
from indexer.types import (
    Contact,
    Section,
    Statement,
    Verdict,
    VerdictStatus,
)

MOST_TOLD: Final = 14
"""Frames that are told where there is no room for a list of them."""


DEEPER: Final = (
    "Verify the fix: a cause may lie deeper. A trace shows where an error came up, and not which earlier "
    "step left the state that it met."
)


def verdict_of(
    page: Page,
    laid: Sequence[tuple[RawTrace, list[list[Matched]]]],
    matter: Matter,
    origin: Origin | None,
    contacts: tuple[Contact, ...],
) -> Verdict:
    """Return what the trace proves; what it does not prove is told on the page as missing."""
    frames = sum(len(row) for _, rows in laid for row in rows)
    searched = (
        f"{frames} frames of {len(laid)} trace{'s' if len(laid) != 1 else ''}, by path, symbol and history",
        *(("string literals of the code", "messages of commits") if matter.own else ()),
    )
    if not matter.own:
        whose = _whose(laid)
        said = f"None of the {frames} frames is of this repository: the trace is of another project{whose}."
        if any(each.own for _, rows in laid for row in rows for each in row):
            said = (
                "Of this repository are only frames of what ran once the error had come up: what led to it "
                f"is foreign{whose}, or is not in the text."
            )
        page.tell(Told.MISSING, said, [cite_fact("; ".join(searched), [])])
        return Verdict(VerdictStatus.UNKNOWN, None, said, searched, ())
    missing: list[str] = []
    deepest = matter.deepest
    if deepest is None:
        missing.append("The files of its frames are not in this commit any more.")
    elif deepest.mapped not in (Mapped.LINE, Mapped.MOVED):
        missing.append(
            "Which line it was is not known: the code has changed since, so compare with the version "
            "that ran."
        )
    if deepest is not None and deepest.guessed:
        missing.append("Which of several definitions was meant is a guess.")
    cut = next((trace.cut_off for trace, rows in laid if rows and trace.cut_off), "")
    if cut:
        missing.append(cut)
    missing.append(DEEPER)
    for each in missing:
        page.tell(Told.MISSING, each, [cite_fact("the pasted trace", [])])
    plain = deepest is not None and deepest.mapped in (Mapped.LINE, Mapped.MOVED) and not deepest.guessed
    if plain and origin is not None and not cut:
        reason = f"The trace and the code say where it failed and which lines decide it. {DEEPER}"
        return Verdict(VerdictStatus.GROUNDED, None, reason, searched, contacts)
    reason = f"The trace says where it failed; why the state was so is not recorded. {DEEPER}"
    return Verdict(VerdictStatus.PARTIAL, None, reason, searched, contacts)


def as_statements(trace: Trace) -> list[Statement]:
    """Return the own frames of the first error, each cited, with the foreign ones folded between them."""
    error = next((each for each in trace.errors if _has_own(each.frames)), None)
    told: list[Statement] = []
    folded: list[TraceFrame] = []
    for frame in (*(error.frames if error is not None else ()), None):
        if frame is not None and frame.citation is None:
            folded.append(frame)
            continue
        if folded:
            names = " … ".join(
                dict.fromkeys(f"`{each.written_name or '?'}`" for each in (folded[0], folded[-1]))
            )
            plural = "s" if len(folded) > 1 else ""
            fact = cite_fact("the pasted trace", [])
            text = f"{len(folded)} frame{plural} of other projects or of files that are gone: {names}."
            told.append(Statement(Section.WHAT, text, (fact,)))
            folded = []
        if frame is None or frame.citation is None or len(told) > MOST_TOLD:
            continue
        line = f", line {frame.line}" if frame.line else ""
        name = f"`{frame.symbol}`, " if frame.symbol else ""
        moved = f" (line {frame.written_line} then)" if frame.mapped is Mapped.MOVED else ""
        told.append(Statement(Section.WHAT, f"{name}{frame.path}{line}{moved}.", (frame.citation,)))
    return told


def _has_own(frames: Sequence[TraceFrame]) -> bool:
    return any(each.mapped is not Mapped.FOREIGN for each in frames)


def _whose(laid: Sequence[tuple[RawTrace, list[list[Matched]]]]) -> str:
    """Return of which libraries the frames of a foreign trace are, as far as their paths tell."""
    counted: Counter[str] = Counter()
    for trace, rows in laid:
        for each in (frame for row in rows for frame in row):
            written = read_path(each.frame.path) if each.frame.path else None
            if trace.form in (TraceForm.JVM, TraceForm.DOTNET) and each.frame.module:
                counted[".".join(each.frame.module.split(".")[:3])] += 1
            elif written is not None and written.library:
                counted[written.library] += 1
    names = [short(name, 60) for name, _ in counted.most_common(4)]
    return f" (frames of {', '.join(names)})" if names else ""


def title_of(matter: Matter) -> str:
    """Return the question that the trace stands for: its error, in one line."""
    return short(error_line(matter.kind, matter.message), 160)


def error_line(kind: str, message: str) -> str:
    """Return an error as one line, its type first; never empty."""
    line = message.strip().partition("\n")[0]
    if kind and line:
        return f"{kind}: {short(line, 240).rstrip('.')}"
    return kind or short(line, 240).rstrip(".") or "An error that the text does not name came up"


def follow_ups(matter: Matter) -> tuple[str, ...]:
    """Return questions on the place where it failed; none where that is not known."""
    deepest = matter.deepest
    if deepest is None or deepest.place is None:
        return ()
    name = deepest.symbol.name if deepest.symbol is not None else deepest.place.path.rpartition("/")[2]
    return (
        f"How does `{name}` work step by step?",
        f"What breaks if I change `{name}`?",
        f"Why does {deepest.place.path} exist?",
    )
