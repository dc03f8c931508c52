"""Recognises lines that go on with the record before: stack traces, and texts of several lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from indexer.guide.logs.lines import text_of

MOST_LINES: Final = 60
"""Lines of one trace that are kept; the others are passed over."""

_BEGINS: Final = re.compile(
    r"Traceback \(most recent call last\)|(?:Exception|Error) in thread |goroutine \d+ \[|panic: |"
    r"thread '.*' panicked"
)
_GOES_ON: Final = re.compile(
    r"\s+(?:at |File \"|\.\.\. \d+ (?:more|common)|from |\^|~)|\t|Caused by: |Suppressed: |\.\.\. \d+ more|"
    r"#\d+ +(?:0x|/|\w)|During handling of the above|The above exception was|\s{2,}\S|--->|   at |"
    r"stack backtrace|note: run with"
)
_TITLE: Final = re.compile(
    r"^\s*(?:Caused by: |Unhandled exception\. |Uncaught |panic: |Exception in thread \"[^\"]*\" )?"
    r"(?P<type>[A-Za-z_][\w.$]*(?:Error|Exception|Exit|Interrupt|Warning|Failure|Fault|Timeout|Throwable|"
    r"DoesNotExist|NotFound|Reject|Ignore)\w*)"
    r"(?=\s*(?::|$|\())"
)
_PLAIN_TITLE: Final = re.compile(r"^(?P<type>[A-Za-z_][\w.]*)(?::|$)")
_PANIC: Final = re.compile(r"^(panic: .{0,120}|thread '.{0,60}' panicked.{0,120})")


@dataclass(slots=True)
class PendingTrace:
    """Lines that followed the record under way. ``expects``: a trace has begun whose last line, which is
    not indented, is still to come.
    """

    lines: list[bytes] = field(default_factory=list)
    expects: bool = False
    python: bool = False
    count: int = 0

    def add(self, line: bytes) -> None:
        """Take one more line."""
        self.count += 1
        if len(self.lines) < MOST_LINES:
            self.lines.append(line)
        elif self.python and line[:1] not in b" \t":
            self.lines[-1] = line  # the exception itself, which ends a trace of Python's

    def taken(self) -> tuple[str, list[str]]:
        """Return the title and the lines, and begin anew; without a title it was no trace."""
        texts = [text_of(line).rstrip("\r\n") for line in self.lines]
        title = _title(texts, python=self.python)
        self.lines, self.expects, self.python, self.count = [], False, False, 0
        return title, texts


def goes_on(plain: str, pending: PendingTrace) -> bool:
    """Whether a line belongs to the record before it by its own look."""
    if _BEGINS.match(plain):
        pending.expects = pending.python = plain.startswith("Traceback")
        return True
    if pending.expects:
        if plain[:1] in " \t":
            return True
        pending.expects = False
        return True  # the exception itself
    if pending.lines and (_TITLE.match(plain) or _GOES_ON.match(plain)):
        return True
    return bool(_GOES_ON.match(plain))


def _title(texts: list[str], *, python: bool) -> str:
    """Return the kind of error that a trace tells of; empty when it tells of none."""
    for text in texts:
        if (match := _PANIC.match(text)) is not None:
            return match[1]
    if python:
        for text in reversed(texts):
            match = _TITLE.match(text) or (_PLAIN_TITLE.match(text) if text[:1].strip() else None)
            if match is not None and match["type"] not in ("Traceback", "During", "The"):
                return match["type"]
        return ""
    for text in texts:
        if (match := _TITLE.match(text)) is not None:
            return match["type"]
    return "stack trace" if sum(bool(re.match(r"\s+at |\s+from ", text)) for text in texts) >= 2 else ""
