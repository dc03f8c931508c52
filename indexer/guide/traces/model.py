"""What is read from the text of a trace, before anything is known of the repository."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.shapes.traces import Relation, TraceForm


@dataclass(frozen=True, slots=True)
class RawFrame:
    """One frame as written. ``name`` is the function's own, ``owner`` the class (or receiver) around
    it, ``module`` the package or namespace; each may be empty.

    ``code`` is the line of source that the trace itself shows. ``located``: the name is that of what
    stands at the line (PHP tells the one called, and is turned round by its reader).
    """

    form: TraceForm
    path: str
    line: int
    name: str = ""
    owner: str = ""
    module: str = ""
    code: str = ""
    written: str = ""
    repeated: int = 0
    callee: str = ""
    """The name of the function that its line calls, as the deeper frame tells it."""
    column: int = 0
    """Where in its line what it calls, or raises, begins; 0 where the trace does not tell."""
    after: bool = False
    """Of what ran because the error had come up: a hook, or a function that was deferred."""
    binary: str = ""
    """The program that a frame without a file is in, where the trace tells it."""
    library: str = ""
    """The library that a frame without a file is in, where the trace tells it."""
    nameless: bool = False
    """Of a class without a name, somewhere within the owner."""
    parameters: tuple[str, ...] | None = None
    """What the function is given, as the trace tells it: names or types; None where it does not."""
    outside: bool = False
    """Of the runtime itself, as the trace says: native, internal, without a file."""


@dataclass(frozen=True, slots=True)
class RawError:
    """One error of a trace, or one thread; ``frames`` begin where it failed."""

    type: str
    message: str
    relation: Relation
    frames: tuple[RawFrame, ...]
    thread: str = ""
    left_out: int = 0
    depth: int = 0


@dataclass(frozen=True, slots=True)
class RawTrace:
    """One trace: the reported error first."""

    form: TraceForm
    errors: tuple[RawError, ...]
    cut_off: str = ""


def last_line(lines: Sequence[str], at: int) -> bool:
    """Return whether nothing is said below a line: where a text was cut off, that is within it."""
    return not any(any(map(str.isalnum, line)) for line in lines[at + 1 : at + 50])
