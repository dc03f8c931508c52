"""Explains the traces of a text: reads them, lays them on the code, tells what failed, and labels it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from indexer.answer.citations import cite_fact
from indexer.errors import UsageError
from indexer.guide.explaining import recognise
from indexer.guide.traces.answering import as_statements, error_line, follow_ups, title_of, verdict_of
from indexer.guide.traces.book import Books
from indexer.guide.traces.matched import Matched
from indexer.guide.traces.matching import Matcher
from indexer.guide.traces.message import Origin
from indexer.guide.traces.model import RawError, RawFrame, RawTrace
from indexer.guide.traces.parsing import ReadText, read_traces
from indexer.guide.traces.past import Past
from indexer.guide.traces.raising import Raised
from indexer.guide.traces.telling import Matter, Page, Teller, short
from indexer.index.blame_cache import BlameCache
from indexer.shapes.traces import (
    Mapped,
    Pasted,
    PastedKind,
    Recognised,
    Relation,
    Told,
    Trace,
    TraceError,
    TraceExplained,
    TraceForm,
    TraceFrame,
)
from indexer.types import (
    Answer,
    Contact,
    Control,
    Freshness,
    Progress,
    Statement,
)

if TYPE_CHECKING:
    from indexer.guide.desk import Desk

MOST_TRACES: Final = 12
"""Traces of one text that are laid on the code; the rest are counted."""

MOST_FRAMES: Final = 1_500
"""Frames that are matched for one text."""


_LEADS: Final = {
    Told.CHANGED: "Changed last: ",
    Told.FIXED: "Mended before, here or near: ",
    Told.TESTS: "To run: ",
    Told.PEOPLE: "Who may know: ",
}
"""What says where there are no headings what a sentence is about."""

LONGEST_SHOWN: Final = 300
MOST_FAILED: Final = 8
"""Sentences on what failed, and what came with it."""


class _Unhindered:
    """Steers what is short enough to need no steering."""

    def checkpoint(self) -> None:
        """Go on."""

    def report(self, progress: Progress) -> None:
        """Tell nobody."""


class Explainer:
    """Explains traces; callable from several threads."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._books = Books(desk.catalog, desk.sources)
        self._teller = Teller(desk.sources, BlameCache(desk.catalog, desk.repository), desk.who)

    def recognise(self, pasted: Pasted) -> Recognised:
        """Return what a pasted text is."""
        return recognise(pasted.text)

    def answer(self, text: str) -> Answer | None:
        """Return what a trace says as the answer to its being pasted; None for what is no trace."""
        if recognise(text).kind is not PastedKind.TRACE:
            return None
        found = self.explain(Pasted(text), _Unhindered())
        said = [each for group in found.groups if group.told is Told.FAILED for each in group.statements]
        rest = [
            replace(each, text=f"{_LEADS.get(group.told, '')}{each.text}") if not each.quoted else each
            for group in found.groups
            if group.told is not Told.FAILED
            for each in group.statements
        ]
        frames = as_statements(found.traces[0])
        notices = (*found.answer.freshness.notices, *found.notices)
        return replace(
            found.answer,
            statements=(*said, *frames, *rest),
            freshness=replace(found.answer.freshness, notices=notices),
        )

    def explain(self, pasted: Pasted, control: Control) -> TraceExplained:
        """Return the traces of a text on the code. Raises UsageError for a text without any."""
        began = time.perf_counter()
        read = read_traces(pasted.text)
        if not read.traces:
            raise UsageError(
                "No stack trace was recognised in this text.",
                "Paste it with its frames (file and line); a log is explained by the same command.",
            )
        with self._desk.catalog.snapshot() as reader:
            book = self._books.now(reader)
            frames = [each for trace in read.traces for error in trace.errors for each in error.frames]
            names = [name for _, name in book.published]
            if self._desk.work_tree is not None:
                names.append(self._desk.work_tree.name)
            past = Past(reader, self._desk.repository, read.text, names, frames)
            matcher = Matcher(reader, book, self._desk.sources, past, names)
            laid: list[tuple[RawTrace, list[list[Matched]]]] = []
            budget = MOST_FRAMES
            for trace in read.traces[:MOST_TRACES]:
                rows: list[list[Matched]] = []
                for error in trace.errors:
                    control.checkpoint()
                    rows.append(matcher.below(_matched(matcher, error, budget), frames))
                    budget -= len(rows[-1])
                everyone = [each for row in rows for each in row]
                rows = [
                    [each if each.own else matcher.neighbour(each.frame, everyone) or each for each in row]
                    for row in rows
                ]
                laid.append((trace, rows))
            main = _chosen(laid)
            control.checkpoint()
            page = Page(self._desk.sources)
            contacts: tuple[Contact, ...] = ()
            origin: Origin | None = None
            trace, rows = laid[main]
            matter = replace(_matter(trace, rows), partly=bool(read.left_out or pasted.left_out))
            self._tell_failed(page, trace, rows, matter)
            _tell_after(page, [each for each, _ in laid[main + 1 :]], trace)
            if matter.own:
                self._teller.tell_origin(page, matter)
                origin = self._teller.tell_message(page, matter, reader)
                control.checkpoint()
                newest = reader.execute(
                    "SELECT authored FROM commits WHERE reachable = 1 ORDER BY sequence DESC LIMIT 1"
                ).fetchone()
                self._teller.tell_changes(page, matter, 0 if newest is None else int(newest[0]), past, reader)
                control.checkpoint()
                self._teller.tell_mends(page, matter, reader)
                self._teller.tell_tests(page, matter, reader)
                contacts = self._teller.tell_people(page, matter)
            verdict = verdict_of(page, laid, matter, origin, contacts)
            head = self._desk.catalog.get("head")
        groups = page.all()
        statements: tuple[Statement, ...] = tuple(each for group in groups for each in group.statements)
        answer = Answer(
            question=title_of(matter),
            commit_id=head,
            verdict=verdict,
            statements=statements,
            follow_ups=follow_ups(matter),
            mode="extracted",
            freshness=Freshness(head, None, -1, False, True, 0, 0),
            dropped=page.dropped,
            seconds=time.perf_counter() - began,
        )
        everyone = [each for _, rows in laid for row in rows for each in row]
        ordered = [laid[main], *laid[:main], *laid[main + 1 :]]
        return TraceExplained(
            traces=tuple(self._shown(trace, rows) for trace, rows in ordered),
            answer=answer,
            groups=groups,
            own_frames=sum(each.own for each in everyone),
            foreign_frames=sum(not each.own for each in everyone),
            more_traces=max(len(read.traces) - MOST_TRACES, 0),
            notices=_notices(pasted, read, past, budget),
        )

    # ---------------------------------------------------------------------------- private

    def _tell_failed(
        self, page: Page, trace: RawTrace, rows: Sequence[Sequence[Matched]], matter: Matter
    ) -> None:
        """Tell in one sentence what failed, and what it was wrapped in."""
        named = _named_line(trace, matter)
        where = ""
        cited = []
        first = matter.frames[0] if matter.frames else None
        if first is not None and first.own and first.place is not None:
            name = f"`{first.symbol.qualified}`, " if first.symbol is not None else ""
            line = f", line {first.line}" if first.line else ""
            where = f" in {name}{first.place.path}{line}"
            cited.append(self._teller.around(first))
        elif matter.deepest is not None and matter.deepest.place is not None:
            deepest = matter.deepest
            name = (
                f"`{deepest.symbol.qualified}`"
                if deepest.symbol is not None
                else deepest.place.path
                if deepest.place
                else ""
            )
            where = f" in foreign code that {name} had called"
            cited.append(self._teller.around(deepest))
        elif matter.frames:
            where = f" in {short(matter.frames[0].frame.written)}"
        fact = cite_fact("the pasted trace", [])
        proof = [each for each in cited if each is not None] or [fact]
        page.tell(Told.FAILED, f"{named}{where}.", proof)
        for error in trace.errors:
            if (error.type, error.message) == (matter.kind, matter.message) or not (
                error.type or error.message
            ):
                continue
            told = {
                Relation.REPORTED: "It was reported as",
                Relation.CAUSE: "The runtime names as a cause",
                Relation.CONTEXT: "It came up while this was being handled:",
                Relation.SUPPRESSED: "On the way out another error was suppressed:",
                Relation.MEMBER: "The group holds",
                Relation.ELSEWHERE: "The report adds another place:",
            }.get(error.relation)
            if told and len(page.groups[Told.FAILED]) < MOST_FAILED:
                page.tell(Told.FAILED, f"{told} {error_line(error.type, error.message)}.", [fact])
        del rows

    def _shown(self, trace: RawTrace, rows: Sequence[Sequence[Matched]]) -> Trace:
        errors = tuple(
            TraceError(
                type=error.type[:LONGEST_SHOWN],
                message=error.message[:2_000],
                relation=error.relation,
                frames=tuple(self._frame(each) for each in row),
                thread=error.thread[:LONGEST_SHOWN],
                left_out=error.left_out + len(error.frames) - len(row),
                depth=error.depth,
            )
            for error, row in zip(trace.errors, rows, strict=True)
        )
        return Trace(trace.form, errors, trace.cut_off)

    def _frame(self, matched: Matched) -> TraceFrame:
        raw = matched.frame
        return TraceFrame(
            written=short(raw.written or f"{raw.path}:{raw.line}", LONGEST_SHOWN),
            written_path=raw.path[:LONGEST_SHOWN],
            written_line=raw.line,
            written_name=_written_name(raw),
            mapped=matched.mapped if matched.own else Mapped.FOREIGN,
            path=matched.place.path if matched.place is not None else "",
            line=matched.line,
            symbol=matched.symbol.qualified if matched.symbol is not None else "",
            note=matched.note,
            citation=self._teller.around(matched) if matched.place is not None else None,
            repeated=raw.repeated,
            compiled=matched.compiled or _is_minified(raw),
        )


def _matched(matcher: Matcher, error: RawError, budget: int) -> list[Matched]:
    """Return the frames of an error on the code; the deepest that is no runtime's knows what came up."""
    told = [each for each in error.frames if not each.outside and not each.after]
    deepest = next((each for each in told if each.path), told[0] if told else None)
    raised = Raised(error.type, error.message)
    return [matcher.match(each, raised if each is deepest else None) for each in error.frames[:budget]]


def _chosen(laid: Sequence[tuple[RawTrace, list[list[Matched]]]]) -> int:
    """Return which trace of the text is told: the one with the most own frames, the last of equals."""
    counts = [(sum(each.own for row in rows for each in row), at) for at, (_, rows) in enumerate(laid)]
    panics = [at for number, at in counts if number and _is_panic(laid[at][0])]
    most = max(number for number, _ in counts)
    if panics and all(_is_panic(laid[at][0]) for number, at in counts if number == most):
        return panics[0]  # a program goes on after a panic of a thread: what comes then comes of it
    # Of a text with several the first is the news; of Python's they are one chain already.
    return next(at for number, at in counts if number == most)


def _is_panic(trace: RawTrace) -> bool:
    return trace.form is TraceForm.RUST and trace.errors[0].type == "panic"


def _tell_after(page: Page, later: Sequence[RawTrace], main: RawTrace) -> None:
    """Tell the panics that came after the one that the page is about."""
    for each in later if _is_panic(main) else ():
        if not _is_panic(each) or len(page.groups[Told.FAILED]) >= MOST_FAILED:
            continue
        error = each.errors[0]
        thread = f" in thread {error.thread}" if error.thread else ""
        text = f"After it there came{thread} {error_line(error.type, error.message)}."
        page.tell(Told.FAILED, text, [cite_fact("the pasted trace", [])])


def _named_line(trace: RawTrace, matter: Matter) -> str:
    """Return what failed, or that the text tells only of another place than the error's."""
    if trace.errors[0].relation is Relation.ELSEWHERE and not matter.kind:
        return f"The error itself is not in the text, only what its report adds ({matter.message}),"
    return error_line(matter.kind, matter.message)


def _matter(trace: RawTrace, rows: Sequence[Sequence[Matched]]) -> Matter:
    """Return the error that it began with: the last cause that goes through this repository."""
    failing = [
        (error, row)
        for error, row in zip(trace.errors, rows, strict=True)
        if error.relation not in (Relation.THREAD, Relation.ELSEWHERE, Relation.SUPPRESSED)
    ] or list(zip(trace.errors, rows, strict=True))
    chain = [
        (error, row) for error, row in failing if error.relation in (Relation.REPORTED, Relation.CAUSE)
    ] or failing
    roots = [each for each in chain if any(frame.own for frame in each[1])]
    others = [each for each in failing if any(frame.own for frame in each[1])]
    error, row = roots[-1] if roots else others[0] if others else chain[-1]
    row = [each for each in row if not each.frame.after] or row
    own = tuple(frame for frame in row if frame.own)
    placed = [frame for frame in own if frame.place is not None]
    return Matter(error.type, error.message, tuple(row), placed[0] if placed else None, own)


def _notices(pasted: Pasted, read: ReadText, past: Past, budget: int) -> tuple[str, ...]:
    told: list[str] = []
    if pasted.left_out:
        told.append(f"The text is long: {pasted.left_out:,} bytes in its middle were not read.")
    if read.left_out:
        told.append(f"The text is long: {read.left_out:,} lines in its middle were not read.")
    if len(read.traces) > MOST_TRACES:
        told.append(f"Only the first {MOST_TRACES} of {len(read.traces)} traces were looked at.")
    if budget <= 0:
        told.append(f"Only the first {MOST_FRAMES:,} frames were looked for.")
    if past.stopped:
        told.append("Not every frame was followed through history: the time for it was over.")
    return tuple(told)


def _written_name(raw: RawFrame) -> str:
    parts = [part for part in (raw.owner, raw.name) if part]
    return ".".join(parts)[:LONGEST_SHOWN]


def _is_minified(raw: RawFrame) -> bool:
    """Return whether a frame of a script is of a bundle: its column or its name say so."""
    name = raw.path.rpartition("/")[2].lower()
    return raw.form is TraceForm.SCRIPT and (
        ".min." in name
        or ".bundle." in name
        or ".chunk." in name
        or name.startswith(("bundle.", "vendor.", "main."))
    )
