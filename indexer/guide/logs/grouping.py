"""Counts the lines of a log by what wrote them: one pass, bounded memory, most lines by one look-up.

A line whose letters were seen before differs in its digits alone, so it belongs to the same group, and
its time stands in the same place. Only other lines are taken apart and compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from indexer.guide.logs.calls import LEVELS
from indexer.guide.logs.lines import text_of
from indexer.guide.logs.matching import Match, Matcher
from indexer.guide.logs.records import Record, read_record, without_colours
from indexer.guide.logs.stamps import Stamps
from indexer.guide.logs.templates import Template, Templates
from indexer.guide.logs.times import MOST_KEPT, MOST_SHOWN, Clock
from indexer.guide.logs.tracing import PendingTrace, goes_on
from indexer.shapes.logs import Level, LogForm, Tie

READ_OF_MESSAGE: Final = 4_000
SAMPLE: Final = 1_000
SHAPES_KEPT: Final = 60_000
LONGEST_SHAPE: Final = 600
MESSAGES_KEPT: Final = 100_000
LONGEST_KEY: Final = 400
SURE_OF_STAMPS: Final = 8
"""Lines in the beginning that tell whether each record has a time."""

KINDS_OF_TRACE: Final = 3

ZERO: Final = bytes(ord("0") if chr(code) in "123456789" else code for code in range(256))
_VALUE: Final = re.compile(r"[^\s,;=()\[\]{}<>\"'|]*\d[^\s,;=()\[\]{}<>\"'|]*")
_NAME_ALONE: Final = re.compile(r"(?:[\w.$/-]+\s*:)?\s*")
"""A message that is none: at most who speaks stands before it."""
_SEVERE: Final = frozenset((Level.ERROR, Level.FATAL))


@dataclass(slots=True)
class Group:
    """What is counted of lines with one text. ``statement`` is -1 where none of ours wrote them."""

    number: int
    level: Level
    statement: int = -1
    tie: Tie = Tie.NONE
    others: tuple[int, ...] = ()
    template: Template | None = None
    sample: str = ""
    first_line: int = 0
    last_line: int = 0
    fragile: bool = False
    """The fixed text of its statement holds digits, which the letters of a line do not tell."""
    count: int = 0
    first: float | None = None
    last: float | None = None
    times: Counter[int] = field(default_factory=Counter)
    places: Counter[int] = field(default_factory=Counter)
    traces: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    """Title of a trace: how often it came, and the lines of the first."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What lines with these letters are: a record of a group with its time in one place, or a line that
    goes on with what was before (no group).
    """

    group: Group | None
    start: int = 0
    end: int = 0
    form: str = ""


_GOES_ON: Final = _Seen(None)


@dataclass(frozen=True, slots=True)
class _Headless:
    """A record with nothing behind its head, and where it stands."""

    record: Record
    plain: str
    place: int
    line: int


class Grouping:
    """Takes the lines of one log, and holds what was counted."""

    def __init__(self, matcher: Matcher, now: float, size: int) -> None:
        self._matcher = matcher
        self._stamps = Stamps(now)
        self._size = max(size, 1)
        self._templates = Templates()
        self._seen: dict[bytes, _Seen] = {}
        self._messages: dict[tuple[Level, tuple[str, ...], str], Group] = {}
        self._by_key: dict[object, Group] = {}
        self._current: Group | None = None
        self._headless: _Headless | None = None
        self._pending = PendingTrace()
        self._moment: float | None = None
        self._line = 0
        self._stamped = 0
        self.groups: list[Group] = []
        self.clock = Clock()
        self.total: Counter[int] = Counter()
        self.errors: Counter[int] = Counter()
        self.total_places: Counter[int] = Counter()
        self.error_places: Counter[int] = Counter()
        self.forms: Counter[LogForm] = Counter()
        self.levels: Counter[Level] = Counter()
        self.records = 0
        self.backwards = 0
        """How often a time lay before that of the line before it."""

    @property
    def stamped(self) -> bool:
        """Whether most records name a time."""
        return self._stamped * 2 > self.records

    def take(self, lines: list[bytes], offset: int, size: int) -> None:
        """Count lines that stand from ``offset`` on in the file, ``size`` bytes together."""
        seen, moment_of = self._seen, self._stamps.moment
        share, base = size / max(len(lines), 1) / self._size * MOST_SHOWN, offset / self._size * MOST_SHOWN
        for place, line in enumerate(lines):
            self._line += 1
            known = seen.get(line.translate(ZERO))
            if known is None or self._pending.expects or self._headless is not None:
                self._look(line, int(base + place * share))
            elif known.group is None:
                self._pending.add(line)
            else:
                moment = None
                if known.end:
                    moment = moment_of(line[known.start : known.end].decode("ascii", "replace"), known.form)
                self._count(known.group, moment, int(base + place * share))

    def finish(self) -> None:
        """Count what the last lines began."""
        self._count_headless("")
        self._end_trace()

    # ------------------------------------------------------------------------ private

    def _look(self, line: bytes, place: int) -> None:
        """Take apart a line whose letters are new."""
        text = text_of(line).rstrip("\r ")
        plain = without_colours(text)
        if self._headless is not None and plain.strip():
            record = read_record(plain[:READ_OF_MESSAGE], self._stamps)
            alone = record.stamp is not None or record.moment is not None
            self._count_headless("" if alone else plain.strip())
            if not alone:
                return
        if not plain.strip():
            if self._pending.lines:
                self._pending.add(line)
            return
        if self._current is not None and goes_on(plain, self._pending):
            self._pending.add(line)
            if plain[:1] in " \t" and not self._pending.expects:
                self._remember(line, _GOES_ON)
            return
        record = read_record(plain[:READ_OF_MESSAGE], self._stamps)
        has_time = record.stamp is not None or record.moment is not None
        if not has_time and self._lies_within(record):
            self._pending.add(line)
            return
        if has_time and _NAME_ALONE.fullmatch(record.message) and not record.trace:
            self._headless = _Headless(record, plain, place, self._line)
            return
        group, sure = self._group(record, plain)
        moment = record.moment if has_time else (self._moment if self._mostly_stamped() else None)
        self.forms[record.form] += 1
        self._count(group, moment, place)
        if record.trace:
            for each in record.trace.split("\n"):
                self._pending.add(each.encode("utf-8", "replace"))
        elif sure and plain == text and (has_time or not self._mostly_stamped()):
            self._remember_record(line, record, group)

    def _count_headless(self, message: str) -> None:
        """Count the record that waits for its message: a text that begins with a new line stands below."""
        waits, here = self._headless, self._line
        if waits is None:
            return
        self._headless, self._line = None, waits.line
        text = f"{waits.record.message} {message}".strip()
        group, _ = self._group(replace(waits.record, message=text), f"{waits.plain} {message}".rstrip())
        self.forms[waits.record.form] += 1
        self._count(group, waits.record.moment, waits.place)
        self._line = here

    def _remember_record(self, line: bytes, record: Record, group: Group) -> None:
        """Take lines with the same letters for the same, when their time can be found by its place."""
        stamp = record.stamp
        if stamp is not None and line[: stamp.end].isascii():
            self._remember(line, _Seen(group, stamp.start, stamp.end, stamp.form))
        elif stamp is None and record.moment is None:
            self._remember(line, _Seen(group))

    def _mostly_stamped(self) -> bool:
        return self.records >= SURE_OF_STAMPS and self._stamped * 10 > self.records * 7

    def _lies_within(self, record: Record) -> bool:
        """Whether a line without a time goes on with the record before, where records have times."""
        if self._current is None or not self._mostly_stamped():
            return False
        if self._pending.lines:
            return True
        return record.level is Level.NONE and self._matcher.find(record) is None

    def _remember(self, line: bytes, seen: _Seen) -> None:
        if len(line) > LONGEST_SHAPE:
            return
        if len(self._seen) >= SHAPES_KEPT:
            self._seen.clear()
        self._seen[line.translate(ZERO)] = seen

    def _count(self, group: Group, moment: float | None, place: int) -> None:
        if self._pending.lines:
            self._end_trace()
        self._current = group
        self.records += 1
        self.levels[group.level] += 1
        group.count += 1
        group.last_line = self._line
        severe = group.level in _SEVERE
        if moment is None:
            group.places[place] += 1
            self.total_places[place] += 1
            if severe:
                self.error_places[place] += 1
            return
        self._stamped += 1
        before = self._moment
        if before is not None and moment < before - 1:
            self.backwards += 1
        self._moment = moment
        if group.first is None or group.last is None:
            group.first = group.last = moment
        elif moment > group.last:
            group.last = moment
        elif moment < group.first:
            group.first = moment
        bucket = int(moment // self.clock.seconds)
        group.times[bucket] += 1
        self.total[bucket] += 1
        if severe:
            self.errors[bucket] += 1
        if len(self.total) > MOST_KEPT:
            self.clock.coarsen([self.total, self.errors, *(each.times for each in self.groups)])

    def _group(self, record: Record, plain: str) -> tuple[Group, bool]:
        """Return the group of a record, and whether lines with the same letters are surely of it."""
        shape = self._shape(record.message)
        key = (record.level, record.speakers, shape)
        group = self._messages.get(key)
        if group is not None:
            return group, not group.fragile
        match = self._matcher.find(record)
        group = self._tied(record, match, plain) if match is not None else self._untied(record, plain)
        if len(shape) <= LONGEST_KEY:
            if len(self._messages) >= MESSAGES_KEPT:
                self._messages.clear()
            self._messages[key] = group
        return group, not group.fragile

    def _shape(self, message: str) -> str:
        if not self._matcher.with_digits:
            return _VALUE.sub("0", message)
        return _VALUE.sub(self._value, message)

    def _value(self, match: re.Match[str]) -> str:
        word = match.group()
        return word if word.strip(":.!?") in self._matcher.with_digits else "0"

    def _holds_digits(self, statement: int) -> bool:
        texts = self._matcher.known[statement].statement.texts
        return any(character.isdigit() for text in texts for character in text)

    def _tied(self, record: Record, match: Match, plain: str) -> Group:
        own = self._matcher.known[match.statement].statement.level
        level = record.level if record.level is not Level.NONE else own
        key = (match.statement, level)
        group = self._by_key.get(key)
        if group is None:
            made = Group(len(self.groups), level, match.statement, match.tie, match.others)
            made.fragile = self._holds_digits(match.statement)
            return self._new(key, made, plain)
        if match.tie is Tie.NAMED:
            group.tie, group.others = Tie.NAMED, ()
        return group

    def _untied(self, record: Record, plain: str) -> Group:
        template = self._templates.find(record.level, record.message)
        key = (-1, -1 if template is None else template.number)
        group = self._by_key.get(key)
        if group is None:
            level = record.level if record.level is not Level.NONE else _spoken_level(record.message)
            return self._new(key, Group(len(self.groups), level, template=template), plain)
        return group

    def _new(self, key: object, group: Group, plain: str) -> Group:
        group.sample, group.first_line = plain[:SAMPLE], self._line
        self.groups.append(group)
        self._by_key[key] = group
        return group

    def _end_trace(self) -> None:
        pending, group = self._pending, self._current
        if not pending.lines:
            return
        title, lines = pending.taken()
        if group is None or not title:
            return
        count, kept = group.traces.get(title, (0, lines))
        if count or len(group.traces) < KINDS_OF_TRACE:
            group.traces[title] = (count + 1, kept)
        if group.level is Level.NONE:
            group.level = Level.ERROR


_SPOKEN: Final = re.compile(
    r"^(?:\W*)(fatal|error|warning|warn|panic|exception|critical|debug|info)\b\s*[:!\]]", re.IGNORECASE
)


def _spoken_level(message: str) -> Level:
    """Return the level that a line without one begins with, as ``error: no such file``."""
    match = _SPOKEN.match(message)
    return LEVELS.get(match[1].lower(), Level.NONE) if match else Level.NONE


def ordered(groups: list[Group]) -> Iterator[Group]:
    """Yield groups as they are shown: errors first, then warnings, each by how many lines they have."""
    rank = {Level.FATAL: 0, Level.ERROR: 0, Level.WARNING: 1}
    yield from sorted(groups, key=lambda each: (rank.get(each.level, 2), -each.count, each.first_line))
