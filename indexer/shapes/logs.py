"""Logs, grouped by the statement that wrote each line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from indexer.method import Method
from indexer.types import Contact, Statement, Verdict


class Level(StrEnum):
    """How bad a line says that it is, in one set of words for all loggers; the worst last."""

    NONE = "none"
    """The line names no level."""
    TRACE = "trace"
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    FATAL = "fatal"


class Writes(StrEnum):
    """What a statement of the code does with its text."""

    LOGS = "logs"
    PRINTS = "prints"
    RAISES = "raises"
    """It makes an error with this text, which something else wrote down."""
    HOLDS = "holds"
    """It only names the text; the statement that writes it takes it from there."""


class Tie(StrEnum):
    """How a group of lines is tied to the code."""

    NONE = "none"
    """Nothing in this repository has this text."""
    TEXT = "text"
    """One place alone has this text."""
    NAMED = "named"
    """It has the text, and the lines name it: its logger, its class, its file."""
    SEVERAL = "several"
    """Several places have this text, and the lines do not tell which; the likeliest is given."""


class LogForm(StrEnum):
    """How the lines are written."""

    PLAIN = "plain"
    JSON = "json"
    LOGFMT = "logfmt"
    SYSLOG = "syslog"
    ACCESS = "access"


@dataclass(frozen=True, slots=True)
class LogWanted:
    """A log to explain: a file by its absolute path, or a short one's text.

    ``name`` is what it is called on screens. ``show_addresses``: IP addresses are not masked.
    """

    path: str = ""
    text: str = ""
    name: str = ""
    show_addresses: bool = False
    limit: int = 300
    """Groups that are returned; the rest is counted."""


@dataclass(frozen=True, slots=True)
class LogPlace:
    """A statement of the code that writes lines of a log. ``text`` has ``{…}`` for what varies."""

    path: str
    line: int
    symbol: str
    writes: Writes
    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class LogTrace:
    """A stack trace that followed lines of a group: the first of its kind, masked."""

    title: str
    count: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LogGroup:
    """Lines with one text. Times are seconds since 1970 as the log has them; None without stamps.

    ``times`` counts them for each bucket; ``spikes`` are the buckets that stand out.
    """

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
    place: LogPlace | None = None
    others: tuple[LogPlace, ...] = ()
    """Further places with the same text."""
    statements: tuple[Statement, ...] = ()
    """What is told of it: where it is written, what changed there lately; each one cited."""
    knowers: tuple[Contact, ...] = ()
    traces: tuple[LogTrace, ...] = ()


@dataclass(frozen=True, slots=True)
class LogExplained:
    """A log as groups, errors first. Buckets are ``bucket_seconds`` long, from ``bucket_start`` on;
    without stamps they are parts of the file, ``bucket_lines`` lines long.
    """

    name: str
    verdict: Verdict
    statements: tuple[Statement, ...]
    form: LogForm
    size: int
    lines: int
    records: int
    """Lines that begin something; the others go on with it (traces, texts of several lines)."""
    tied: int
    """Records whose statement was found."""
    levels: dict[str, int]
    bucket_start: float | None
    bucket_seconds: int
    bucket_lines: int
    times: tuple[int, ...]
    errors: tuple[int, ...]
    groups: tuple[LogGroup, ...]
    more_groups: int
    more_records: int
    masked: dict[str, int]
    notices: tuple[str, ...]
    commit_id: str | None
    """Of which commit the code was compared."""
    known_statements: int
    """Statements of the repository that were compared with the lines."""
    dropped: int = 0
    """Statements whose source did not bear them out."""
    seconds: float = 0.0


EXPLAIN_LOG: Final = Method("explain_log", LogWanted, LogExplained)

METHODS: Final[tuple[Method[Any, Any], ...]] = (EXPLAIN_LOG,)
