"""One line that was several: a trace within a string of JSON, or one whose line breaks were lost."""

from __future__ import annotations

import json
import re
from typing import Final

LONGEST_LINE: Final = 4_000
"""No frame is longer; what is cut off a line is a value, or a minified source."""

SHORT: Final = 100
"""No line that short was made of several."""

NESTED: Final = 3
"""How often a trace can have been written into a string of a string."""

_STRING: Final = re.compile(r'"((?:[^"\\\n]|\\.){8,})(?:"|$)')
_ESCAPED: Final = re.compile(r"\\r?\\n|\\n")
_BREAK: Final = re.compile(
    r"(?:\\r)?\\n(?=\s|#|\\|\"|$|[A-Z]\w*(?:Error|Exception)\b|Stack trace|goroutine )"
)
"""A break for certain, where single backslashes are a path's: ``C:\\new\\till.py`` has none."""
_TAB: Final = re.compile(r"\\t(?=at |\s|\.\.\.)")
_DRIVE: Final = re.compile(r"\b[A-Za-z]:\\[^\\\s]")

_PIECE: Final = re.compile(
    r"\s*(?:\w+: )?(?P<quote>['\"`])(?P<inner>.*?(?:\\n(?=(?P=quote) \+$)|:\d+:\d+\)?(?=(?P=quote)$)))"
    r"(?P=quote)(?: \+)?$"
)
"""A piece of a string that Node shows as a sum, one for each of its lines."""

_NUMBERED: Final = re.compile(r"(?<=\s)#\d{1,4} (?=[/\[{A-Za-z])|\bStack trace:|\bthrown in (?=\S+ on line)")
_PLACE_AT: Final = (
    r"at (?:async )?\S(?:(?! at )[^\n]){0,400}?"
    r"(?:\.\w{1,8}:\d+(?::\d+)?\)?|\(node:[\w/]+:\d+:\d+\)|:line \d+"
    r"|\((?:Native Method|Unknown Source|native|<anonymous>)\))"
)
_AT: Final = re.compile(rf"(?<=\S)[ ]+(?={_PLACE_AT}(?:\s|[_*`]*$))")
_FILE: Final = re.compile(r'\s*(File "[^"\n]{1,400}", line \d{1,9}, in [\w<>.]+)\s*')
_LAST_ERROR: Final = re.compile(
    r" (?=(?:[a-z_]\w*\.){0,6}[A-Z]\w*(?:Error|Exception|Exit|Interrupt)\b(?::|$))"
)
_LISTED: Final = re.compile(
    r"(?<=\)), (?=[\w.$]+\.[\w$<>]+\((?:\w+\.\w+:\d+|Native Method|Unknown Source)\))"
)
"""Java's ``Arrays.toString`` of the frames."""


def unpacked(line: str) -> list[str]:
    """Return the lines that one line was made of: its breaks are written out, or were lost."""
    if line.endswith(("'", '"', "+", "`")) and (piece := _PIECE.match(line)):
        line = piece["inner"].removesuffix("\\n").replace("\\\\", "\\")
    if line.startswith("Stack trace: #0 ") and len(line) <= SHORT:
        return ["Stack trace:", line.removeprefix("Stack trace: ")]
    if "\\" not in line:
        return flattened(line) if len(line) > SHORT else [line]
    head = line[: LONGEST_LINE * 50]
    if not looks_like_frames(head):
        return [line] if len(line) <= SHORT else flattened(line)
    pieces = _strings_unpacked(head)
    if len(pieces) == 1 and "\\n" in head:
        # The escapes of a string without its quotes, as loggers write them.
        unquoted = head.replace('\\"', '"')
        if _DRIVE.search(unquoted):
            pieces = _BREAK.split(_TAB.sub("\t", unquoted))
        else:
            pieces = _ESCAPED.split(unquoted.replace("\\t", "\t"))
            pieces = [piece.replace("\\\\", "\\") for piece in pieces] if len(pieces) > 1 else [head]
    return [each for piece in pieces for each in flattened(piece)]


def _strings_unpacked(text: str, depth: int = 0) -> list[str]:
    """Return a text with each string of JSON that holds frames as lines of its own."""
    lines: list[str] = []
    at = 0
    for match in _STRING.finditer(text):
        inner = match[1]
        if "\\" not in inner or not looks_like_frames(inner):
            continue
        try:
            told = str(json.loads(f'"{inner}"', strict=False))
        except ValueError:
            # Cut off within an escape, or no string of JSON: a path of Windows.
            if not match[0].endswith('"') and "\\n" in inner:
                told = (
                    inner.replace("\\n", "\n").replace("\\t", "\t").replace("\\/", "/").replace("\\\\", "\\")
                )
            else:
                continue
        if told == inner or not looks_like_frames(told):
            continue
        before = text[at : match.start()].rstrip()
        lines += [before] if any(map(str.isalnum, before)) else []
        for each in told.split("\n"):
            plain = each.rstrip("\r")
            nested = "\\" in plain and depth < NESTED and looks_like_frames(plain)
            lines += _strings_unpacked(plain, depth + 1) if nested else [plain]
        at = match.end()
    rest = text[at:]
    return [*lines, *([rest] if not lines or any(map(str.isalnum, rest)) else [])]


def flattened(line: str) -> list[str]:
    """Return the frames of a line that had lost its breaks, each on a line of its own."""
    if len(line) <= SHORT:
        return [line]
    head = line[: LONGEST_LINE * 10]
    if ".php" in line and len(_NUMBERED.findall(head)) > 1:
        return _NUMBERED.sub(r"\n\g<0>", head).split("\n")
    if head.count(" at ") > 1 and len(_AT.findall(head)) > 1:
        return _AT.sub("\n    ", head).split("\n")
    if head.count('File "') > 1 and len(_FILE.findall(head)) > 1:
        lines = _FILE.sub(r"\n  \g<1>\n    ", head).split("\n")
        # The line of code before the error's own is not told from it but by the error's name.
        return [*lines[:-1], *_LAST_ERROR.sub("\n", lines[-1], count=1).split("\n")]
    if head.count("), ") > 1 and len(_LISTED.findall(head)) > 1:
        return _LISTED.sub("\n", head.replace("[", "\n", 1)).split("\n")
    return [line]


def looks_like_frames(text: str) -> bool:
    """Return whether a text may hold frames, by the signs of those forms that are sent as one string."""
    return (
        'File "' in text
        or "\\tat " in text
        or "    at " in text
        or "\\n at " in text
        or "\\n   at " in text
        or "\n   at " in text
        or _PYTHON.search(text) is not None
        or ".go:" in text
        or "#0 " in text
        or (".php(" in text and "#" in text)
        or _RUBY.search(text) is not None
        or _JVM.search(text) is not None
    )


_PYTHON: Final = re.compile(r'File \\+"')
_RUBY: Final = re.compile(r"\.rb:\d+:in ")
_JVM: Final = re.compile(r"\bat [\w.$]+\([\w$]+\.\w+:\d+\)|\tat ")
