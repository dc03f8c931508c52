"""Where a function is called, and on which lines nothing is done: by the text without comments and words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from indexer.shapes.traces import TraceForm

STATEMENT: Final = 3
"""Lines over which a call may be spread, its name on one and what the runtime tells on another."""

_QUOTED: Final = r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
_SLASHES: Final = r"//[^\n]*|/\*.*?(?:\*/|\Z)"
_LETTERS: Final = r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\\n])'"
"""A string, or one character: a lone quote is a lifetime there."""
_TEXTS: Final = {
    TraceForm.PYTHON: rf"\"\"\".*?(?:\"\"\"|\Z)|'''.*?(?:'''|\Z)|#[^\n]*|{_QUOTED}",
    TraceForm.RUBY: rf"(?m:^=begin\b.*?^=end\b)|(?:(?<=\s)|(?m:^))#[^\n]*|{_QUOTED}",
    TraceForm.PHP: rf"{_SLASHES}|#(?!\[)[^\n]*|{_QUOTED}",
    TraceForm.RUST: rf"{_SLASHES}|{_LETTERS}",
    TraceForm.GO: rf"{_SLASHES}|`[^`]*`|{_QUOTED}",
}
_FORMS: Final = {form: re.compile(text, re.S) for form, text in _TEXTS.items()}
_PLAIN: Final = re.compile(rf"{_SLASHES}|{_QUOTED}", re.S)

_ALONE: Final = re.compile(
    r"[\W_]*(?:else|try|finally|ensure|begin|do|end|then|break|continue|default|unsafe|loop|fi|done|pass"
    r"|return)?[\W_]*"
)
"""A line on which nothing can fail: blank, a bracket, a word that only opens or closes something."""


def without_words(lines: Sequence[str], form: TraceForm) -> list[str]:
    """Return the lines with nothing in place of comments and of what stands in quotes."""
    text = _FORMS.get(form, _PLAIN).sub(_emptied, "\n".join(lines))
    return text.split("\n")


def nothing_done(line: str, form: TraceForm) -> bool:
    """Return whether nothing can fail on a line (of ``without_words``); in Rust only what is called,
    indexed or reckoned can.
    """
    if _ALONE.fullmatch(line) is not None and '""' not in line and "''" not in line:
        return True
    return form is TraceForm.RUST and re.search(r"[(\[*/%+-]", line) is None


def call_lines(
    name: str, lines: Sequence[str], first: int, last: int, form: TraceForm, head: int = 0
) -> list[int]:
    """Return on which lines (of ``without_words``) from first to last a function of that name is called.

    ``head`` is the line that names the definition itself.
    """
    called = _calls(name, form)
    defines = re.compile(rf"\b(?:function\*?|def|fn|func|fun|sub|class|struct|interface)\s+{re.escape(name)}")
    found: list[int] = []
    for at in range(max(first, 1), min(last, len(lines)) + 1):
        line = lines[at - 1]
        if at != head and called.search(line) and not defines.search(line):
            found.append(at)
    return found


def calls_at(name: str, lines: Sequence[str], line: int, form: TraceForm) -> bool:
    """Return whether the statement that a line (of ``without_words``) is in calls a function."""
    return bool(call_lines(name, lines, *statement(lines, line), form))


def statement(lines: Sequence[str], line: int) -> tuple[int, int]:
    """Return the first and the last line of the statement around a line, as far as its ends show."""
    first = last = line
    while first > 1 and line - first < STATEMENT and _goes_on(lines[first - 2], lines[first - 1]):
        first -= 1
    while last < len(lines) and last - line < STATEMENT and _goes_on(lines[last - 1], lines[last]):
        last += 1
    return first, last


def _goes_on(line: str, following: str) -> bool:
    """Return whether a statement goes on from one line to the next."""
    ended = line.rstrip()
    begun = following.lstrip()
    if not ended or not begun:
        return False
    return ended[-1] in "([,=+.&|?" or begun[0] in ".?:)+&|" or begun.startswith("->")


def _calls(name: str, form: TraceForm) -> re.Pattern[str]:
    bare = re.escape(name)
    if form is TraceForm.RUBY:
        # No brackets are needed, so that a call may look like a variable.
        return re.compile(rf"(?<![\w@$:]){bare}(?![\w?!:]|\s*=[^=~])")
    after = r"\(|::\s*<|<[\w\s,.<>\[\]?]*>\s*\(|\.(?:call|apply)\s*\("
    if form is TraceForm.JVM:
        after += r"|\{"  # a lambda as the only argument
    return re.compile(rf"(?<![\w$]){bare}\s*(?:{after})", re.IGNORECASE if form is TraceForm.PHP else 0)


def _emptied(match: re.Match[str]) -> str:
    text = match[0]
    lines = "\n" * text.count("\n")
    # A string is something; a comment is nothing. One over several lines leaves nothing but them.
    return lines if lines or text[0] not in "\"'" else text[0] * 2
