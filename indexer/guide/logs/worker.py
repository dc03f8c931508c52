"""The child process that reads a log. A log may be huge and hostile, and reading it keeps a core busy
for a minute: here that holds back no question, is ended at once when nobody wants it any more, and
costs a child when it fails.

It speaks JSON lines: one request on stdin; progress, then the outcome on stdout. It ends when its
parent is gone.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Final

import msgspec

from indexer.guide.logs.grouping import Group, Grouping, ordered
from indexer.guide.logs.known import MOST_KNOWN, KnownStatement, known_statements
from indexer.guide.logs.lines import LineSource, NotALogError, open_file, open_text
from indexer.guide.logs.masking import Masks
from indexer.guide.logs.matching import Matcher
from indexer.guide.logs.outcome import INDEX_PROBLEM, FoundGroup, FoundPlace, LogRequest, Outcome, Told
from indexer.guide.logs.times import MOST_SHOWN, Axis, axis_of, spikes_of
from indexer.shapes.logs import LogForm, LogTrace, Tie

MEMORY: Final = 2 << 30
"""Address space: several times what a log of 1 GB takes."""

WRITTEN: Final = 16 << 20

TELL_EVERY: Final = 0.25
SHOWN_LINE: Final = 400
SHOWN_TRACE: Final = 40


def main() -> int:
    """Read one log."""
    request = msgspec.json.decode(sys.stdin.buffer.readline(), type=LogRequest)
    _limit()
    try:
        outcome = read_log(request)
    except NotALogError as error:
        outcome = Outcome(problem=str(error))
    except sqlite3.Error as error:
        outcome = Outcome(problem=f"{INDEX_PROBLEM} ({error}).")
    except (OSError, MemoryError) as error:
        outcome = Outcome(problem=f"It could not be read: {type(error).__name__}.")
    _tell(Told(outcome=outcome))
    return 0


def read_log(request: LogRequest) -> Outcome:
    """Return what a log holds. Raises NotALogError for what is none."""
    source = open_file(request.path) if request.path else open_text(request.text)
    with closing(
        sqlite3.connect(f"{Path(request.catalog).as_uri()}?mode=ro", uri=True, timeout=30)
    ) as reader:
        reader.execute("PRAGMA query_only = ON")
        known = known_statements(reader)
    with closing(source.stream):
        grouping = Grouping(Matcher(known), source.changed or time.time(), source.size)
        _read(source, grouping)
        if source.grew():
            source.notices.append("The file grew while it was read; what came since is not counted.")
    return _outcome(source, grouping, known, request)


# ----------------------------------------------------------------------------------- private


def _read(source: LineSource, grouping: Grouping) -> None:
    told, offset = 0.0, 0
    for lines in source.batches():
        grouping.take(lines, offset, source.read - offset)
        offset = source.read
        now = time.monotonic()
        if now - told > TELL_EVERY:
            told = now
            _tell(Told(source.read, source.size))
    grouping.finish()


def _outcome(
    source: LineSource, grouping: Grouping, known: list[KnownStatement], request: LogRequest
) -> Outcome:
    masks = Masks(request.show_addresses)
    axis = axis_of(grouping.total, grouping.clock) if grouping.stamped else None
    groups = list(ordered(grouping.groups))
    shown = groups[: max(request.limit, 1)]
    places = not grouping.stamped
    return Outcome(
        form=grouping.forms.most_common(1)[0][0] if grouping.forms else LogForm.PLAIN,
        size=source.read,
        lines=source.lines,
        records=grouping.records,
        tied=sum(each.count for each in groups if each.statement >= 0),
        levels={level.value: count for level, count in grouping.levels.items()},
        bucket_start=float(axis.start) if axis is not None else None,
        bucket_seconds=axis.seconds if axis is not None else 0,
        bucket_lines=max(source.lines // MOST_SHOWN, 1) if places else 0,
        times=_bars(axis, grouping.total, grouping.total_places),
        errors=_bars(axis, grouping.errors, grouping.error_places),
        groups=tuple(_found(each, axis, known, masks) for each in shown),
        more_groups=len(groups) - len(shown),
        more_records=sum(each.count for each in groups[len(shown) :]),
        masked=dict(masks.counts),
        notices=tuple(_notices(source, grouping, axis, known)),
        known_statements=len(known),
    )


def _bars(axis: Axis | None, times: Counter[int], places: Counter[int]) -> tuple[int, ...]:
    if axis is not None:
        return axis.bars(times)
    return tuple(places.get(place, 0) for place in range(MOST_SHOWN)) if places else ()


def _found(group: Group, axis: Axis | None, known: list[KnownStatement], masks: Masks) -> FoundGroup:
    bars = _bars(axis, group.times, group.places)
    sample = masks.mask(group.sample)
    place = _place(known[group.statement]) if group.statement >= 0 else None
    template = place.text if place is not None else "further kinds of lines"
    if place is None and group.template is not None:
        template = masks.mask(group.template.text)
    return FoundGroup(
        id=_id(template, group.level.value, place),
        template=_short(template),
        level=group.level,
        count=group.count,
        first=group.first,
        last=group.last,
        first_line=group.first_line,
        last_line=group.last_line,
        times=bars,
        spikes=spikes_of(bars),
        sample=_short(sample),
        tie=group.tie if place is not None else Tie.NONE,
        place=place,
        others=tuple(_place(known[each]) for each in group.others),
        traces=tuple(
            LogTrace(
                masks.mask(title),
                count,
                tuple(_short(each) for each in masks.mask("\n".join(lines)).split("\n")[-SHOWN_TRACE:]),
            )
            for title, (count, lines) in group.traces.items()
        ),
    )


def _place(known: KnownStatement) -> FoundPlace:
    statement = known.statement
    held = known.held_at or ("", 0)
    return FoundPlace(
        known.path, statement.line, statement.end_line, statement.writes, statement.level, statement.shown,
        statement.texts, *held,
    )  # fmt: skip


def _id(template: str, level: str, place: FoundPlace | None) -> str:
    """Return a name of a group that is the same in the next log."""
    about = f"{place.path}\0{place.text}" if place is not None else template
    return hashlib.sha256(f"{level}\0{about}".encode()).hexdigest()[:12]


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_LINE else text[:SHOWN_LINE] + "…"


def _notices(
    source: LineSource, grouping: Grouping, axis: Axis | None, known: list[KnownStatement]
) -> list[str]:
    found = list(source.notices)
    if source.shortened:
        found.append(f"{source.shortened:,} lines are very long; only their beginning was read.")
    if grouping.records and not grouping.stamped:
        found.append("The lines name no time: the bars show where in the file they stand.")
    if grouping.backwards:
        found.append(f"{grouping.backwards:,} times a line is earlier than the one before it.")
    if axis is not None and axis.left_out:
        found.append(f"{axis.left_out:,} lines lie far away in time, and stand in no bar.")
    if len(known) >= MOST_KNOWN:
        found.append(f"Only the first {MOST_KNOWN:,} statements of the repository were compared.")
    return found


def _tell(told: Told) -> None:
    try:
        sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
        sys.stdout.buffer.flush()
    except OSError:
        os._exit(1)  # The parent is gone.


def _limit() -> None:
    if hasattr(os, "nice"):
        os.nice(10)
    if sys.platform != "linux":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # It writes nothing; SQLite alone needs a little for the memory that its readers share.
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))


if __name__ == "__main__":
    sys.exit(main())
