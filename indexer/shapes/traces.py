"""Stack traces, read against the code."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from indexer.method import Method
from indexer.types import Answer, Citation, Statement


class PastedKind(StrEnum):
    """What a pasted text is."""

    TRACE = "trace"
    LOG = "log"
    """Many lines of a program's running, with or without traces among them."""
    QUESTION = "question"


class TraceForm(StrEnum):
    """How a trace is written, which its runtime decides."""

    PYTHON = "python"
    JVM = "jvm"
    """Java, Kotlin, Scala, Groovy: one form for all."""
    SCRIPT = "script"
    """JavaScript and what compiles to it, in Node or a browser."""
    GO = "go"
    RUST = "rust"
    DOTNET = "dotnet"
    RUBY = "ruby"
    PHP = "php"
    NATIVE = "native"
    """C and C++: gdb, lldb, valgrind, the sanitizers."""


class Relation(StrEnum):
    """How an error of a trace came to stand in it."""

    REPORTED = "reported"
    """The one that ended it all, or the only one."""
    CAUSE = "cause"
    """Said by the runtime to be the cause of the one before it in the list."""
    CONTEXT = "context"
    """Was being handled when the one before it came up."""
    SUPPRESSED = "suppressed"
    MEMBER = "member"
    """One of a group of errors."""
    THREAD = "thread"
    """Another thread or goroutine at that moment; nothing failed in it."""
    ELSEWHERE = "elsewhere"
    """Another place that the report tells of: where memory was freed, or taken."""


class Mapped(StrEnum):
    """How a frame was found in this repository."""

    LINE = "line"
    """The file, and the line stands in what the frame names, as far as can be checked."""
    MOVED = "moved"
    """The file and the name; the line was found again elsewhere in it."""
    NAMED = "named"
    """The file and the name; where in it the call stood is not known any more."""
    FILE = "file"
    """The file alone: what the frame names is not in it (any more)."""
    FOREIGN = "foreign"
    """Not of this repository."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """A text as it was pasted, or the two ends of one too long to be taken whole.

    ``left_out``: bytes between the two ends, which are joined by a line of their own.
    """

    text: str
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a pasted text is, with the forms of the traces in it, the commonest first."""

    kind: PastedKind
    forms: tuple[TraceForm, ...] = ()
    frames: int = 0


@dataclass(frozen=True, slots=True)
class TraceFrame:
    """One frame. ``written`` names it as the trace does, on one line; ``path`` and ``line`` are of
    this repository now, ``path`` empty for a foreign frame, ``line`` 0 where it is not known.

    ``symbol`` is qualified, as the index has it; ``repeated`` counts further frames just like it.
    """

    written: str
    written_path: str
    written_line: int
    written_name: str
    mapped: Mapped
    path: str = ""
    line: int = 0
    symbol: str = ""
    note: str = ""
    """What the reader should know of how it was found; empty where nothing is odd."""
    citation: Citation | None = None
    """The lines around, in this repository."""
    repeated: int = 0
    compiled: bool = False
    """Minified, bundled or generated: its line says nothing of the source."""


@dataclass(frozen=True, slots=True)
class TraceError:
    """One error, or one thread, of a trace. ``frames`` begin where it failed, at the deepest."""

    type: str
    message: str
    relation: Relation
    frames: tuple[TraceFrame, ...]
    thread: str = ""
    left_out: int = 0
    """Frames that the runtime, or the reading, left out."""
    depth: int = 0
    """How deep in groups of errors it stands."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One trace of the pasted text: the reported error first, its causes behind it."""

    form: TraceForm
    errors: tuple[TraceError, ...]
    cut_off: str = ""
    """What of it seems to be missing, as a sentence; empty when it is whole."""


class Told(StrEnum):
    """What a group of statements tells, in the order in which they are read."""

    FAILED = "failed"
    ORIGIN = "origin"
    MESSAGE = "message"
    CHANGED = "changed"
    FIXED = "fixed"
    TESTS = "tests"
    PEOPLE = "people"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class TraceGroup:
    """Statements that tell one thing."""

    told: Told
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class TraceExplained:
    """Traces on the code. ``answer`` has all statements in order, with the verdict; ``groups`` are
    the same statements by what they tell.
    """

    traces: tuple[Trace, ...]
    answer: Answer
    groups: tuple[TraceGroup, ...]
    own_frames: int
    foreign_frames: int
    more_traces: int = 0
    """Further traces of the text, which were not looked at."""
    notices: tuple[str, ...] = field(default_factory=tuple)


RECOGNISE: Final = Method("recognise", Pasted, Recognised)
EXPLAIN_TRACE: Final = Method("explain_trace", Pasted, TraceExplained)

METHODS: Final[tuple[Method[Any, Any], ...]] = (RECOGNISE, EXPLAIN_TRACE)
