"""What the child that reads a log tells of it: plain numbers and masked texts, nothing cited yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from indexer.shapes.logs import Level, LogForm, LogTrace, Tie, Writes

INDEX_PROBLEM = "The statements of this repository could not be read from its index"
"""How a problem begins that is the index's, not the log's."""


@dataclass(frozen=True, slots=True)
class LogRequest:
    """What the child reads: the index's catalog, and a file or a text."""

    catalog: str
    path: str
    text: str
    show_addresses: bool
    limit: int


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A statement with the fixed texts that must stand in its lines."""

    path: str
    line: int
    end_line: int
    writes: Writes
    level: Level
    text: str
    texts: tuple[str, ...]
    held_path: str = ""
    held_line: int = 0


@dataclass(frozen=True, slots=True)
class FoundGroup:
    """A group as it was counted; `indexer.shapes.logs.LogGroup` says what the fields are."""

    id: str
    template: str
    level: Level
    count: int
    first: float | None
    last: float | None
    first_line: int
    last_line: int
    times: tuple[int, ...]
    spikes: tuple[int, ...]
    sample: str
    tie: Tie
    place: FoundPlace | None
    others: tuple[FoundPlace, ...]
    traces: tuple[LogTrace, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that was found in a log; ``problem`` when it could not be read as one."""

    form: LogForm = LogForm.PLAIN
    size: int = 0
    lines: int = 0
    records: int = 0
    tied: int = 0
    levels: dict[str, int] = field(default_factory=dict)
    bucket_start: float | None = None
    bucket_seconds: int = 0
    bucket_lines: int = 0
    times: tuple[int, ...] = ()
    errors: tuple[int, ...] = ()
    groups: tuple[FoundGroup, ...] = ()
    more_groups: int = 0
    more_records: int = 0
    masked: dict[str, int] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    known_statements: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A line from the child: how many bytes of how many are read, or the outcome."""

    done: int = 0
    total: int = 0
    outcome: Outcome | None = None
