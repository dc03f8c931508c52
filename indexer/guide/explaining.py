"""What a pasted text is: a stack trace, a log (with or without traces in it), or a question."""

from __future__ import annotations

import re
from typing import Final

from indexer.guide.traces.parsing import forms_in, lines_in
from indexer.shapes.traces import PastedKind, Recognised

LOG_LINES: Final = 4
"""Lines that begin as a log's do, from which on a text is a log."""

NOISE: Final = 40
"""Lines beside the frames up to which a text with a trace is taken for one."""

SHARE: Final = 0.3
"""Frames among the lines from which on a longer text is a trace still."""

_LOG_LINE: Final = re.compile(
    r"^\W{0,2}(?:"
    r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d|\d{1,2}/\w{3}/\d{4}:\d\d|[A-Z][a-z]{2} [ \d]\d "
    r"\d\d:\d\d:\d\d|\d\d:\d\d:\d\d\b"
    r"|\d{10,13}\b|(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL|CRITICAL)\b"
    r"|\[(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL|CRITICAL)\]|\{\s*\"|(?:\w+=\S+ ){2,}"
    r"|\S+ - - \[\d{1,2}/\w{3}/\d{4}|<\d{1,3}>)"
)


def recognise(text: str) -> Recognised:
    """Return what a text is. A text of one plain sentence is always a question."""
    if "\n" not in text and len(text) < 400 and "\\n" not in text:
        lines, _ = lines_in(text)
        forms = forms_in(lines)
        kind = PastedKind.TRACE if forms else PastedKind.QUESTION
        return Recognised(kind, tuple(forms), sum(forms.values()))
    raw = text[:4_000_000].splitlines()
    stamped = sum(1 for line in raw if _LOG_LINE.match(line[:200]))
    # Of a very long text both ends are looked at, and stand for the whole.
    lines, _ = lines_in(text)
    forms = forms_in(lines)
    frames = sum(forms.values())
    spoken = sum(bool(line.strip()) for line in lines)
    ordered = tuple(form for form, _ in forms.most_common())
    if frames and (spoken - 2 * frames <= NOISE or frames >= SHARE * spoken):
        return Recognised(PastedKind.TRACE, ordered, frames)
    # A log needs lines of its own: what came before each frame was taken off already.
    if stamped >= LOG_LINES and stamped >= SHARE * max(len(raw), 1) - frames:
        return Recognised(PastedKind.LOG, ordered, frames)
    if frames:
        return Recognised(PastedKind.TRACE if spoken < 10 * NOISE else PastedKind.LOG, ordered, frames)
    return Recognised(PastedKind.LOG if spoken > NOISE else PastedKind.QUESTION, ordered, 0)
