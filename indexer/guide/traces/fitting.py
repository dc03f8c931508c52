"""Which older text of a file a trace was made by: the one in which its functions stand at its lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from indexer.guide.traces.calling import calls_at
from indexer.guide.traces.model import RawFrame
from indexer.shapes.traces import TraceForm

FARTHEST: Final = 4_000
"""Lines above one that are looked through for what it stands in."""

_CONTROL: Final = re.compile(
    r"(?:\}\s*)?(?:if|elif|else|for|foreach|while|until|unless|switch|match|when|case|try|catch|except|rescue"
    r"|with|return|do|using|lock|synchronized)\b"
)
_LABEL: Final = re.compile(r"\w+:|#.*|//.*|\*.*|/\*.*")
"""What may stand at the margin within a body: a label, a comment, a line of the preprocessor."""
_TYPE: Final = re.compile(
    r"\b(?:class|struct|impl(?:<[^{}]*?>)?(?:\s+[\w:<>, ]+?\s+for)?|module|interface|trait|object|enum)\s+"
    r"(?P<name>[A-Za-z_]\w*)"
)
_PROTOTYPE: Final = re.compile(r"^(?P<name>[A-Z]\w*)\.prototype\.")
_FUNCTION: Final = re.compile(
    r"\b(?:def|fn|func|function\*?|fun|sub)\s+(?:self\.|\([^)]*\)\s*)?([A-Za-z_$][\w$]*[?!]?)"
    r"|([A-Za-z_$][\w$]*)\s*[:=]\s*(?:async\s+)?(?:function\b|\([^()]*\)\s*=>)"
    r"|^(?:[\w<>\[\],:~]+[\s*&]+)*([A-Za-z_$][\w$]*)\s*\([^;=]*\)[^;=()]*\{?$"
)
_WORD: Final = re.compile(r"[\w$]")
_DONE: Final = re.compile(r"[(\[*/%+-]")
_IDLE: Final = re.compile(r"[\s{}()\[\];,]*(?://.*|#(?!\[).*|/?\*.*|\"\"\".*)?")

_HEAD: Final = re.compile(
    r"\s*(?:#!?\[|(?:pub(?:\([^)]*\))?\s+)?(?:(?:const|async|unsafe|extern(?:\s+\"\w+\")?)\s+)*(?:fn|use|mod|impl|struct|enum|trait|type)\b)"
)
"""Where something begins in Rust that does nothing by itself."""

_EMPTY: Final = re.compile(r"\s*(?://.*|/\*.*|\*(?:\s.*|/.*)?)?")
"""Blank, or a comment in most languages: no frame of any stands there."""


def headers(lines: Sequence[str], line: int) -> list[str]:
    """Return what a line stands in, the innermost first, by how far each line is set in."""
    if not 1 <= line <= len(lines):
        return []
    found: list[str] = []
    limit = _margin(lines[line - 1])
    for text in reversed(lines[max(line - 1 - FARTHEST, 0) : line - 1]):
        plain = text.strip()
        if not plain or (margin := _margin(text)) >= limit or _LABEL.fullmatch(plain):
            continue
        found.append(plain)
        # The head of a definition may end, or begin its body, on a line of its own.
        limit = margin + 1 if plain[0] in ")}]{" else margin
        if limit <= 0:
            break
    return found


def within(lines: Sequence[str], line: int, name: str) -> bool:
    """Return whether a line stands in a definition of that name."""
    named = re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])", re.IGNORECASE)
    return any(named.search(each) and not _CONTROL.match(each) for each in headers(lines, line))


def defines(lines: Sequence[str], name: str) -> bool:
    """Return whether a text seems to define a name: it heads what is set in further below it."""
    named = re.compile(rf"(?<![\w$.]){re.escape(name)}(?![\w$])\s*(?:[(=:{{<]|$)", re.IGNORECASE)
    return any(
        named.search(line) and not _CONTROL.match(line.strip()) and _margin(below) > _margin(line)
        for line, below in pairwise(lines)
    )


def function_around(lines: Sequence[str], line: int) -> str:
    """Return the name of the innermost function that a line stands in and that has one; empty for none."""
    for each in headers(lines, line):
        match = None if _CONTROL.match(each) else _FUNCTION.search(each)
        if match:
            return next(name for name in match.groups() if name)
    return ""


def type_around(lines: Sequence[str], line: int) -> str:
    """Return the name of the type that a line stands in; empty for none."""
    for each in headers(lines, line):
        match = _TYPE.search(each) or _PROTOTYPE.match(each)
        if match:
            return match["name"]
    return ""


def begins(line: str, frame: RawFrame) -> int:
    """Return whether what a frame calls begins at its column: 2 where its name stands there, 1 where some
    word or sign does, 0 where none does, or no column is told.
    """
    # Some compilers count a tab as four.
    return max(_begins(each, frame) for each in {line, line.expandtabs(4)})


def _begins(line: str, frame: RawFrame) -> int:
    at = frame.column - 1
    if not 0 <= at < len(line) or line[at].isspace() or line[at] in ")]},;":
        return 0
    if _WORD.match(line[at]) and at and _WORD.match(line[at - 1]):
        return 0
    rest = line[at:].removeprefix("new ")
    return 2 if frame.callee and rest.startswith(frame.callee) else 1


def fit(lines: Sequence[str], frames: Sequence[RawFrame]) -> int:
    """Return how well the frames of a file fit a text of it: 0 where one contradicts it, or none tells."""
    told = 0
    for frame in frames:
        if frame.line > len(lines):
            return 0
        line = lines[frame.line - 1]
        if frame.code:
            if _bare(frame.code) != _bare(line):
                return 0
            told += 3
        elif _EMPTY.fullmatch(line):
            return 0
        elif telling(frame):
            if not within(lines, frame.line, frame.name):
                return 0
            told += 2 + 2 * bool(frame.callee and calls_at(frame.callee, lines, frame.line, frame.form))
        elif frame.callee and calls_at(frame.callee, lines, frame.line, frame.form):
            told += 2
        told += begins(line, frame)
    return told


def telling(frame: RawFrame) -> bool:
    """Return whether the name of a frame must stand in the file, around its line."""
    return frame.line > 0 and frame.name.isidentifier()


def idle(line: str, form: TraceForm) -> bool:
    """Return whether nothing is done on a line: it is blank, a comment, or closes what stands above.

    What panics in Rust is a call, an index or a sum.
    """
    if form is not TraceForm.RUST:
        return _IDLE.fullmatch(line) is not None
    plain = line.partition("//")[0]
    return _IDLE.fullmatch(line) is not None or _DONE.search(plain) is None or _HEAD.match(plain) is not None


def _margin(line: str) -> int:
    expanded = line.expandtabs(8)
    return len(expanded) - len(expanded.lstrip())


def _bare(code: str) -> str:
    return "".join(code.split())
