"""The pages and lists in which frameworks of PHP show a trace: a call on one line, its place on the next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_LATER: Final = re.compile(
    r"^\W{0,4}(?:at +|\d{1,4} {1,4})(?P<call>[\w\\]+(?:(?:->|::)[\w{}\\]+)? ?\(.*\))\s*$"
)
"""A call of a page of Symfony or of Collision, with its place on the line below."""
_BARE: Final = re.compile(r"^\s+(?P<call>[\w\\]+(?:->|::)[\w{}\\]+\(\))\s*$")
"""The same as commands write it, with nothing before it."""
NUMBERED: Final = re.compile(
    r"^\s*(?P<number>\d{1,4})\. (?P<path>(?:[A-Za-z]:)?\S[^:()\n]{0,400}\.php) line (?P<line>\d{1,7})\s*$"
)
IN_COLUMNS: Final = re.compile(
    r"^\s*(?:\.\.\.[^/\s]*/)?(?P<path>[^\s:()]{1,300}\.php):(?P<line>\d{1,7})\s+"
    r"(?P<call>(?:[\w\\]+(?:->|::))?[\w{}\\]+\(\))\s*$"
)
"""Places and calls in two columns, long paths cut off at their beginning: as logs of GLPI have them."""
_CALL: Final = re.compile(r"^\s+(?P<call>(?:[\w\\]+(?:->|::))?[\w{}\\]+\(.*\))\s*$")
"""A place, and below it what is called there: as logs of Nextcloud are shown."""
BELOW: Final = re.compile(
    r"^\s*(?:\((?P<path>[^()]{1,400}\.php):(?P<line>\d{1,7})\)"
    r"|in (?P<old>\S[^()]{0,400}\.php)(?: at)? line (?P<older>\d{1,7})"
    r"|(?P<bare>(?:[A-Za-z]:)?[^\s:()]{1,400}\.php):(?P<plain>\d{1,7})|in +line)\s*$"
)
THROWN_AT: Final = re.compile(r"^\s*at (?P<path>(?:[A-Za-z]:)?[^\s:()]{1,400}\.php):(?P<line>\d{1,7})\s*$")
"""Where it was thrown, above such calls."""
FIRST: Final = re.compile(
    r"^\s*1\. [\w\\]+->\(\) (?P<path>(?:[A-Za-z]:)?[^\s:()]{1,400}\.php):(?P<line>\d{1,7})\s*$"
)
"""Where it was thrown, in a list of Whoops: its calls are numbered as Xdebug's, the deepest first."""
_ABOVE: Final = re.compile(
    r"^\s*(?P<type>(?:\w+\\)*[A-Z]\w*(?:Exception|Error)|Error|Exception)"
    r"(?: {0,3}: ?(?P<message>.*?)(?: in file \S+ on line \d+)?)?$"
)
"""How such a page names the error; what it says may stand on the next line."""
LISTED: Final = re.compile(r"^(?:/|[A-Za-z]:[\\/])[^\s:]{1,400}\.php:\d{1,7}$")
"""A place on a line of its own, as PHPUnit lists them below what failed."""
DRUPAL: Final = re.compile(
    r"(?P<type>(?:\w+\\)*[A-Z]\w*): (?P<message>.*?) in (?P<call>[\w\\]+(?:(?:->|::)[\w{}\\]+)?\(\)) "
    r"\(line (?P<line>\d{1,7}) of (?P<path>[^\s()]{1,400}\.(?:php|module|inc|install|theme))\)"
)
"""As Drupal writes an error: with the function that its line is in."""


def row_below(lines: Sequence[str], at: int) -> tuple[str, int, str, str] | None:
    """Return a call whose place stands on the line below it, or above."""
    columns = (
        IN_COLUMNS.match(lines[at]) if ".php:" in lines[at] and lines[at].rstrip().endswith(")") else None
    )
    if columns is not None:
        return columns["path"], int(columns["line"]), columns["call"], ""
    numbered = NUMBERED.match(lines[at]) if " line " in lines[at] and ".php" in lines[at] else None
    if numbered is not None:
        called = _CALL.match(lines[at + 1]) if at + 1 < len(lines) else None
        call_there = called["call"] if called is not None else ""
        return numbered["path"], int(numbered["line"]), call_there, numbered["number"]
    bare = "()" in lines[at] and at + 1 < len(lines) and " at line " in lines[at + 1]
    call = (_BARE if bare else _LATER).match(lines[at]) if "(" in lines[at] and at + 1 < len(lines) else None
    place = BELOW.match(lines[at + 1]) if call is not None else None
    if call is None or place is None:
        return None
    path, line = place_of(place)
    return path, line, call["call"], ""


def place_of(match: re.Match[str]) -> tuple[str, int]:
    """Return the path and the line of what was matched; empty and 0 where it tells none."""
    told = match.groupdict()
    path = told.get("path") or told.get("old") or told.get("bare") or ""
    return path, int(told.get("line") or told.get("older") or told.get("plain") or 0)


def said_above(lines: Sequence[str], at: int) -> tuple[str, str]:
    """Return the type and the message of the error that a page names above a line; empty for none."""
    for back in range(at - 1, max(at - 7, -1), -1):
        match = _ABOVE.match(lines[back])
        if match:
            below = lines[back + 1].strip() if back + 1 < at else ""
            return match["type"], (match["message"] or below).strip()
    return "", ""
