"""From pasted text to lines of a trace: colours, quoting and the heads of log lines taken off."""

from __future__ import annotations

import html
import re
from typing import Final

MOST_CHARACTERS: Final = 16_000_000
"""Of one text; beyond them both ends are read."""

MOST_LINES: Final = 20_000
"""Lines that are read, half from each end: a message stands at one of them."""

LONGEST_LINE: Final = 4_000
"""No frame is longer; what is cut off a line is a value, or a minified source."""

_COLOURS: Final = re.compile(
    r"(?:\x1b|\\x1b|\\u001b|\\033)\[[0-9;:?]{0,40}[ -/]?[@-~]|\x1b\][^\x07\x1b]{0,200}(?:\x07|\x1b\\)"
)
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2060\ufeff]")
_ESCAPED: Final = re.compile(r"\\r?\\n|\\n")
_MANGLED: Final = re.compile(r"\*\*(\w+)\*\*")
"""Markdown's bold where the source had two underscores: ``**init**.py``."""

_HEADS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:> ?){1,6}(?=\S| )",  # quoted in a mail
        r"[\w.-]{1,60}\s{0,20}\| ?",  # docker compose
        r"\d{4}-\d\d-\d\dT[\d:.,]{5,20}(?:Z|[+-]\d\d:?\d\d)? (?:stdout|stderr) [FP] ",  # kubernetes
        # A time, and the fields that programs put after it.
        (
            r"\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\]?"
            r"(?:[:,]? ?(?:TRACE|DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL|CRITICAL|SEVERE)\b[\]:/\w-]{0,40})?"
            r"(?:: (?:TRACE|DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL|CRITICAL)/[\w-]{1,40}\])?[ :|-]{0,2}"
        ),
        r"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (?:[\w.-]{1,80} )?[\w./-]{1,80}(?:\[\d{1,9}\])?: ?",  # syslog
        r"\[\d\d:\d\d:\d\d(?:[.,]\d{1,6})?\](?: \[[^\]]{1,60}\]:?)? ?",
        r"\d\d:\d\d:\d\d(?:[.,]\d{1,6})? (?:\[[^\]]{1,60}\] ?)?",
        r"[VDIWEF]/[\w.-]{1,60}\( ?\d{1,7}\): ",  # Android's logcat
        r"\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} +\d{1,7} +\d{1,7} [VDIWEF] [\w.:-]{1,60}: ",
        r"==\d{1,9}== ",  # valgrind, the sanitizers
        r"(?:INFO|WARN|ERROR|DEBUG)(?:\s*[:|]|\s{1,3}\[[^\]]{1,60}\]) ",
    )
)
"""What programs, containers and mail put before each line. Blanks behind them are the line's own."""

_LEVEL_ONLY: Final = 3
"""Heads that are taken off one line, one after another."""


def lines_of(text: str) -> tuple[list[str], int]:
    """Return the lines of a text, cleaned, and how many in the middle were left out."""
    if len(text) > MOST_CHARACTERS:
        half = MOST_CHARACTERS // 2
        text = f"{text[:half]}\n{text[-half:]}"
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) <= 3 and any(len(_ESCAPED.findall(line[:1_000_000])) > 2 for line in lines):
        # A value of JSON, or a repr: the line breaks are written out.
        lines = [
            part for line in lines for part in _ESCAPED.split(line.replace("\\t", "\t").replace('\\"', '"'))
        ]
    left_out = max(len(lines) - MOST_LINES, 0)
    if left_out:
        half = MOST_LINES // 2
        lines = lines[:half] + lines[-half:]
    cleaned: list[str] = []
    for line in lines:
        inner = line[:LONGEST_LINE]
        if len(_ESCAPED.findall(inner)) > 2 and _looks_like_frames(inner):
            whole = line[: LONGEST_LINE * 50].replace("\\t", "\t").replace('\\"', '"')
            cleaned += [clean(part[:LONGEST_LINE]) for part in _ESCAPED.split(whole)]
        else:
            cleaned.append(clean(inner))
    return cleaned, left_out


def clean(line: str) -> str:
    """Return one line without colours, control characters and the heads of log lines."""
    if "\x1b" in line or "\\x1b" in line or "\\u001b" in line or "\\033" in line:
        line = _COLOURS.sub("", line)
    line = _CONTROLS.sub("", line).expandtabs(8).rstrip()
    if "&" in line and ("&lt;" in line or "&gt;" in line or "&quot;" in line or "&#39;" in line):
        line = html.unescape(line)
    if "**" in line:
        line = _MANGLED.sub(r"__\1__", line)
    for _ in range(_LEVEL_ONLY):
        for head in _HEADS:
            match = head.match(line)
            if match and match.end():
                line = line[match.end() :]
                break
        else:
            break
    return line


def _looks_like_frames(text: str) -> bool:
    return (
        'File "' in text
        or "\\tat " in text
        or "    at " in text
        or "\\n at " in text
        or ".go:" in text
        or "#0 " in text
    )
