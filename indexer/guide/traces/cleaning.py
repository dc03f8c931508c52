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

SHORT: Final = 100
"""No line that short was made of several."""

_NUMBERED: Final = re.compile(r"(?<=\s)#\d{1,4} (?=[/\[{A-Za-z])|\bStack trace:|\bthrown in (?=\S+ on line)")
_CUT_PYTHON: Final = re.compile(r'File "[^"]{1,500}", line \d{1,9},$')
_CUT_RICH: Final = re.compile(r"^(?P<whole>│ \S.*\.py:\d{1,9} in)\s*│?$")
_REST_RICH: Final = re.compile(r"^│ (?P<name>[\w<>]+)\s*│?$")
_CUT_GDB: Final = re.compile(r"^#\d{1,5} +(?:0x[0-9a-f]+ in )?[^\s(]+ \(")
_CUT_DOTNET: Final = re.compile(r"^\s*(?:in|at) [\w.<>`+]+\([^()]*\) \w+$")
_PLACE_DOTNET: Final = re.compile(r"^\s*\S.*\.(?:cs|vb|fs):")

_LEVEL_ONLY: Final = 3
"""Heads that are taken off one line, one after another."""


def lines_of(text: str) -> tuple[list[str], int]:
    """Return the lines of a text, cleaned, and how many in the middle were left out."""
    if len(text) > MOST_CHARACTERS:
        half = MOST_CHARACTERS // 2
        text = f"{text[:half]}\n{text[-half:]}"
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    left_out = max(len(lines) - MOST_LINES, 0)
    if left_out:
        half = MOST_LINES // 2
        lines = lines[:half] + lines[-half:]
    spread: list[str] = []
    for line in lines:
        spread += _spread(line) if len(line) > SHORT else [line]
    return _joined([clean(line[:LONGEST_LINE]) for line in spread]), left_out


def _spread(line: str) -> list[str]:
    """Return the lines that one line was made of: its breaks are written out, or were lost."""
    head = line[: LONGEST_LINE * 50]
    if "\\n" in head and _looks_like_frames(head):
        unquoted = head.replace("\\t", "\t").replace('\\"', '"')
        return [piece for part in _ESCAPED.split(unquoted) for piece in _flattened(part)]
    return _flattened(line)


def _flattened(line: str) -> list[str]:
    if ".php" in line and len(_NUMBERED.findall(line[: LONGEST_LINE * 10])) > 1:
        return _NUMBERED.sub(r"\n\g<0>", line[: LONGEST_LINE * 10]).split("\n")
    return [line]


def _joined(lines: list[str]) -> list[str]:
    """Return lines with those put together again that a terminal, or a debugger, had broken."""
    joined: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        following = lines[at + 1] if at + 1 < len(lines) else ""
        if _CUT_PYTHON.search(line) and following.startswith("in "):
            joined.append(f"{line} {following}")
            at += 2
        elif (cut := _CUT_RICH.match(line)) and (rest := _REST_RICH.match(following)):
            joined.append(f"{cut['whole']} {rest['name']}")
            at += 2
        elif _CUT_GDB.match(line) and " at " not in line and line.count("(") >= line.count(")"):
            whole, at = line, at + 1
            while at < len(lines) and len(whole) < LONGEST_LINE and lines[at].startswith("    "):
                whole += " " + lines[at].strip()
                at += 1
            joined.append(whole)
        elif _CUT_DOTNET.match(line) and _PLACE_DOTNET.match(following):
            joined.append(f"{line} in {following.strip()}")
            at += 2
        else:
            joined.append(line)
            at += 1
    return joined


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
        or "\\n   at " in text
        or 'File \\"' in text
        or ".go:" in text
        or "#0 " in text
    )
