"""COBOL's source layout: which columns of a line are code, and the tokens in them.

Fixed layout keeps a sequence number in columns 1 to 6, a sign in column 7 (a comment, a
continued line), names of divisions and paragraphs from column 8 (area A), statements from
column 12, and anything at all from column 73 on. Free layout has none of that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.repo.formats.outline import SCANNED

CODE_FIRST = 7
"""Index of the first column of code in fixed layout."""

CODE_LAST = 72
"""Columns from here on are a comment in fixed layout."""

AREA_B = 4
"""In fixed layout, code that begins before this column of the code area is in area A."""

_TOKEN = re.compile(r"""'[^']*+'?|"[^"]*+"?|[A-Za-z0-9_$#@:][\w$#@:-]*+|\.(?=\s|$)|[().]""")
_DIVISION = re.compile(r"\s*(?:ID|IDENTIFICATION)\s+DIVISION|\s*PROGRAM-ID", re.IGNORECASE)


@dataclass(slots=True)
class Token:
    """One word, literal (with its quotes) or sign. ``word`` is in capitals.

    Not frozen: a program of 4,000 lines has 30,000 of these, and frozen ones take three times
    as long to make.
    """

    word: str
    line: int
    leads: bool
    """True for the first token of a line in area A (fixed), or of any line (free)."""


def is_free(lines: Sequence[str]) -> bool:
    """Say whether a source is in free layout, from its first division or the shape of its lines."""
    odd = coded = 0
    for line in lines[:400]:
        if ">>SOURCE" in line[:40].upper() or "$SET SOURCEFORMAT" in line[:60].upper():
            return "FREE" in line[:80].upper()
        if _DIVISION.match(line[:SCANNED]):
            return len(line) - len(line.lstrip()) < CODE_FIRST - 1
        if len(line) > CODE_FIRST and line.strip():
            coded += 1
            odd += line[CODE_FIRST - 1] not in " *-/Dd$\t"
    return odd > coded / 2


def code_of(line: str, free: bool) -> tuple[str, bool]:
    """Return the code of a line, and whether the line is a comment (its text, then)."""
    line = line[:SCANNED]
    if "\t" in line:
        line = line.expandtabs(8)
    if free:
        bare = line.lstrip()
        return (bare[2:], True) if bare.startswith("*>") else (line.partition("*>")[0], False)
    sign = line[CODE_FIRST - 1 : CODE_FIRST]
    code = line[CODE_FIRST:CODE_LAST]
    if sign in ("*", "/"):
        return code, True
    return code.partition("*>")[0] if "*>" in code else code, False


def tokens(lines: Sequence[str], free: bool) -> Iterator[Token]:
    """Yield the tokens of all lines of code, in order."""
    for number, line in enumerate(lines, 1):
        code, comment = code_of(line, free)
        if comment:
            continue
        first = True
        for found in _TOKEN.finditer(code):
            word = found[0]
            leads = first and (free or found.start() < AREA_B)
            first = False
            yield Token(word if word[0] in "'\"" else word.upper(), number, leads)


def literal(word: str) -> str:
    """Return what a quoted word says, in capitals; empty for any other word."""
    return word.strip("'\"").strip().upper() if word[:1] in ("'", '"') else ""


def comment_above(lines: Sequence[str], line: int, free: bool) -> tuple[int, str]:
    """Return where the comment right above a line begins, and its words without rules and boxes."""
    first = line
    words: list[str] = []
    while first > 1 and line - first < 30:
        text, comment = code_of(lines[first - 2], free)
        if not comment:
            break
        first -= 1
        words.append(text.strip(" *-=/_#+"))
    return first, " ".join(word for word in reversed(words) if word)
