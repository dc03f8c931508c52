"""A log explained: each group tied to a cited statement, what changed near it, and who knows it."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from indexer.answer.citations import Sources, borne_out, cite_fact
from indexer.answer.contacts import day
from indexer.errors import UsageError
from indexer.guide.logs.outcome import FoundGroup, FoundPlace, LogRequest, Outcome
from indexer.guide.logs.reading import read_in_child
from indexer.index.blame_cache import BlameCache, BlameRun
from indexer.index.passages import path_id
from indexer.index.symbols import symbol_at
from indexer.pages import WhoWanted
from indexer.shapes.logs import Level, LogExplained, LogGroup, LogPlace, LogWanted, Tie, Writes
from indexer.types import Citation, Contact, Control, Section, Statement, Verdict, VerdictStatus

if TYPE_CHECKING:
    from indexer.guide.desk import Desk

MOST_TEXT: Final = 16 << 20
"""Characters of a log that is given as text; a longer one is given as a file."""

MOST_GROUPS: Final = 1_000
TOLD_OF: Final = 12
"""Groups whose changes and people are looked up: git blames a file for each."""

KNOWERS: Final = 3
CHANGES: Final = 3
RECENT: Final = 30 * 86_400
"""A change so shortly before the first line of a group is worth saying."""

MOSTLY: Final = 0.8
"""Share of the records whose statement is found, from which on the log is this repository's."""

LEAST_SURE: Final = 0.05
"""Below this share a few ties by text alone may be chance: the log is another program's."""

LEAST_FRAMES: Final = 3
FRAMES: Final = 0.4
"""Share of the lines that look like frames, from which on a text is a trace, of some form."""

_SEVERE: Final = frozenset((Level.ERROR, Level.FATAL, Level.WARNING))
_WRITES: Final = {
    Writes.LOGS: "Logged by",
    Writes.PRINTS: "Printed by",
    Writes.RAISES: "The error is made by",
    Writes.HOLDS: "Its text stands at",
}


@dataclass(slots=True)
class _Dropped:
    count: int = 0


class Logs:
    """Explains logs; callable from several threads."""

    def __init__(self, desk: Desk) -> None:
        self._catalog = desk.catalog
        self._sources: Sources = desk.sources
        self._who = desk.who
        self._blame = BlameCache(desk.catalog, desk.repository)

    def explain(self, wanted: LogWanted, control: Control) -> LogExplained:
        """Read a log and tell what wrote it. Raises UsageError for what is no log."""
        if not wanted.path and not wanted.text.strip():
            raise UsageError("There is nothing in it.", "Give a log's file, or its text.")
        if len(wanted.text) > MOST_TEXT:
            raise UsageError("The text is too long.", "Save it as a file, and give that.")
        start = time.monotonic()
        name = wanted.name or wanted.path.replace("\\", "/").rpartition("/")[2] or "the log"
        limit = min(max(wanted.limit, 1), MOST_GROUPS)
        request = LogRequest(
            str(self._catalog.path.absolute()), wanted.path, wanted.text, wanted.show_addresses, limit
        )
        outcome = read_in_child(request, name, control)
        dropped = _Dropped()
        groups = []
        for place, found in enumerate(outcome.groups):
            control.checkpoint()
            told = place < TOLD_OF and (found.level in _SEVERE or bool(found.spikes))
            groups.append(self._group(found, dropped, told=told))
        verdict = _verdict(outcome, groups)
        statements = tuple(_summary(outcome, groups))
        return LogExplained(
            name=name,
            verdict=verdict,
            statements=statements,
            form=outcome.form,
            size=outcome.size,
            lines=outcome.lines,
            records=outcome.records,
            tied=outcome.tied,
            levels=outcome.levels,
            bucket_start=outcome.bucket_start,
            bucket_seconds=outcome.bucket_seconds,
            bucket_lines=outcome.bucket_lines,
            times=outcome.times,
            errors=outcome.errors,
            groups=tuple(groups),
            more_groups=outcome.more_groups,
            more_records=outcome.more_records,
            masked=outcome.masked,
            notices=outcome.notices,
            commit_id=self._catalog.get("head"),
            known_statements=outcome.known_statements,
            dropped=dropped.count,
            seconds=time.monotonic() - start,
        )

    # ------------------------------------------------------------------------ private

    def _group(self, found: FoundGroup, dropped: _Dropped, *, told: bool) -> LogGroup:
        group = LogGroup(
            id=found.id, template=found.template, level=found.level, count=found.count, first=found.first,
            last=found.last, first_line=found.first_line, last_line=found.last_line, times=found.times,
            spikes=found.spikes, sample=found.sample, tie=Tie.NONE, traces=found.traces,
        )  # fmt: skip
        if found.place is None:
            return group
        cited = self._written_at(found.place)
        if cited is None:
            dropped.count += 1
            return group
        statement, place, span = cited
        statements = [statement]
        knowers: tuple[Contact, ...] = ()
        if told:
            changes = self._changes(place, span, found)
            statements += [each for each in changes if self._borne_out(each, dropped)]
            knowers = self._knowers(found.place)
        others = tuple(_shown_place(each, "") for each in found.others)
        return replace(
            group, tie=found.tie, place=place, others=others, statements=tuple(statements), knowers=knowers
        )

    def _written_at(self, found: FoundPlace) -> tuple[Statement, LogPlace, tuple[int, int]] | None:
        """Return the sentence on where a group is written, when the place still has the text."""
        citations = [self._sources.span(found.path, found.line, found.end_line)]
        if found.held_path:
            lines = found.held_line, found.held_line + found.text.count("\n") + 3
            citations.append(self._held(found, *lines))
        whole = [each for each in citations if each is not None]
        if len(whole) < len(citations) or not _has_texts(found.texts, whole):
            return None
        reader = self._catalog.reader()
        number = path_id(reader, found.path)
        symbol = symbol_at(reader, number, found.line) if number is not None else None
        name = symbol.qualified if symbol is not None else ""
        span = (symbol.start_line, symbol.end_line) if symbol is not None else (found.line, found.end_line)
        place = _shown_place(found, name)
        inside = f", in `{name}`" if name else ""
        text = f"{_WRITES[found.writes]} {found.path}:{found.line}{inside}."
        if found.held_path:
            text = f"{text[:-1]}; its text stands at {found.held_path}:{found.held_line}."
        statement = Statement(Section.WHAT, text, tuple(whole))
        if not borne_out(statement, self._sources):
            return None
        return statement, place, span

    def _held(self, found: FoundPlace, start: int, end: int) -> Citation | None:
        """Return the lines of a constant that hold the text: as few as have all of it."""
        source = self._sources.file(found.held_path)
        if source is None:
            return None
        for last in range(start, min(end, len(source.lines)) + 1):
            cited = self._sources.span(found.held_path, start, last)
            if cited is not None and _has_texts(found.texts, [cited]):
                return cited
        return None

    def _changes(self, place: LogPlace, span: tuple[int, int], found: FoundGroup) -> list[Statement]:
        """Return the last commits that changed the function around a statement."""
        runs: dict[str, BlameRun] = {}
        for run in self._blame.runs(place.path):
            if run.first_line <= span[1] and run.last_line >= span[0]:
                runs.setdefault(run.commit_id, run)
        newest = sorted(runs.values(), key=lambda each: -each.authored)[:CHANGES]
        told = []
        for run in newest:
            message = self._sources.message(run.commit_id, 1, 1)
            if message is None:
                continue
            what = f"`{place.symbol}`" if place.symbol else f"{place.path}:{place.line}"
            since = ""
            if found.first is not None and 0 <= found.first - run.authored <= RECENT:
                days = int((found.first - run.authored) // 86_400)
                since = f", {days} day{'s' if days != 1 else ''} before the first of these lines"
            told.append(
                Statement(
                    Section.WHY,
                    f"{day(run.authored)}, {run.author} changed {what}{since}: {message.quote}",
                    (message,),
                )
            )
        return told

    def _knowers(self, found: FoundPlace) -> tuple[Contact, ...]:
        about = f"{found.path}:{found.line}-{max(found.end_line, found.line)}"
        people = self._who.knows(WhoWanted(about, KNOWERS)).people
        return tuple(each.contact for each in people)

    def _borne_out(self, statement: Statement, dropped: _Dropped) -> bool:
        if borne_out(statement, self._sources):
            return True
        dropped.count += 1
        return False


# ----------------------------------------------------------------------------------- private


def _shown_place(found: FoundPlace, symbol: str) -> LogPlace:
    return LogPlace(found.path, found.line, symbol, found.writes, found.level, found.text)


_FRAME: Final = re.compile(
    r"\.(?:py|[cm]?[jt]sx?|go|rs|java|kt|scala|groovy|clj|cs|fs|vb|rb|php|c|cc|cpp|h|hpp|m|mm|swift|dart|exs?|erl"
    r"|lua|p[lm]|hs|jl|nim|zig|d|pas)[:(\"'] ?(?:\d|,? ?line \d)|^\W*at \S+[(:]|^\W*#\d+\s|\bgoroutine \d+ "
    r"|\b(?:in|from|by) .*\bline \d+|\bline \d+\b.* in |^\W*\d{1,4}:? +0x[0-9a-f]{6,}|^\W*\d{1,4}: +\S+::\S+"
)
"""What a line of a stack trace has in nearly any form: a place, an address, a number of its own."""
_WORDS: Final = re.compile(r"[^\W_]{2,}")


def _has_texts(texts: Sequence[str], citations: Sequence[Citation]) -> bool:
    """Whether the words of the fixed texts stand in what is cited; signs may be escaped there."""
    quoted = "\n".join(each.quote for each in citations)
    return all(word in quoted for text in texts for word in _WORDS.findall(text))


def _verdict(outcome: Outcome, groups: Sequence[LogGroup]) -> Verdict:
    """Return the label: whether this log is this repository's at all."""
    tied = [each for each in groups if each.tie is not Tie.NONE]
    named = any(each.tie is Tie.NAMED for each in tied)
    share = outcome.tied / outcome.records if outcome.records else 0.0
    searched = (f"{outcome.known_statements:,} statements that log, print or raise, in the current files",)
    if not tied or (not named and share < LEAST_SURE and len(tied) < 3):
        reason = "Hardly any line" if tied else "No line"
        reason += " of this log has the text of a statement of this repository"
        framed = sum(each.count for each in groups if _FRAME.search(each.sample))
        if framed >= LEAST_FRAMES and framed >= FRAMES * sum(each.count for each in groups):
            whose = (
                f", but {framed} of its lines look like those of a stack trace whose form is not known here: "
                "whose it is cannot be said."
            )
        else:
            whose = ": it is another program's."
        return Verdict(VerdictStatus.UNKNOWN, None, f"{reason}{whose}", searched, ())
    if share >= MOSTLY:
        return Verdict(
            VerdictStatus.GROUNDED, None,
            f"{_percent(share)} of its records are tied to the statement that writes them.", searched, (),
        )  # fmt: skip
    return Verdict(
        VerdictStatus.PARTIAL, None,
        f"{_percent(share)} of its records are tied to the statement that writes them; the others come from "
        "libraries, from other programs, or have too little fixed text.", searched, (),
    )  # fmt: skip


def _summary(outcome: Outcome, groups: Sequence[LogGroup]) -> list[Statement]:
    """Return what is said first: counted facts."""
    severe = outcome.levels.get(Level.ERROR, 0) + outcome.levels.get(Level.FATAL, 0)
    bad = [each for each in groups if each.level in (Level.ERROR, Level.FATAL)]
    fact = (cite_fact("lines of the log, counted by their text", ()),)
    told = []
    if bad:
        worst = bad[0]
        kinds = "kinds" if len(bad) > 1 else "kind"
        share = f" ({_percent(worst.count / severe)} of them)" if severe > worst.count else ""
        told.append(
            Statement(
                Section.WHAT,
                f"{severe:,} of {outcome.records:,} records are errors, of {len(bad):,} {kinds}; the most "
                f"frequent{share}: {worst.template}",
                fact,
            )
        )
    elif outcome.records:
        told.append(Statement(Section.WHAT, f"None of the {outcome.records:,} records is an error.", fact))
    spiked = [each for each in groups if each.spikes]
    if spiked:
        most = max(spiked, key=lambda each: (each.level in (Level.ERROR, Level.FATAL), max(each.times)))
        peak = max(most.spikes, key=lambda bar: most.times[bar])
        when = _moment(outcome, peak)
        told.append(
            Statement(
                Section.WHAT,
                f"{len(spiked):,} {'kinds' if len(spiked) != 1 else 'kind'} of lines came in bursts, most of "
                f"all {when}: {most.times[peak]:,} times {most.template}",
                fact,
            )
        )
    return told


def _moment(outcome: Outcome, bar: int) -> str:
    if outcome.bucket_start is None:
        return f"around line {bar * outcome.bucket_lines:,}"
    when = time.gmtime(outcome.bucket_start + bar * outcome.bucket_seconds)
    return time.strftime("at %Y-%m-%d %H:%M:%S", when)


def _percent(share: float) -> str:
    shown = round(share * 100)
    if shown == 100 and share < 1:
        return "99%"
    return "less than 1%" if shown == 0 and share > 0 else f"{shown}%"
