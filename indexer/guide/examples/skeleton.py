"""A skeleton of a kind: the lines of the best example, with all that the others have otherwise left open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

MOST_LINES: Final = 40
LEAST: Final = 0.25
"""The share of names that must be the same: what is nearly all open helps nobody."""
OPEN: Final = "‹…›"
_TOKEN: Final = re.compile(r"\w+|[^\w\s]")
_COMMENT: Final = {
    "python": "#", "ruby": "#", "bash": "#", "yaml": "#", "make": "#", "toml": "#", "r": "#", "sql": "--",
    "html": "<!--", "xml": "<!--",
}  # fmt: skip
_ENDS: Final = {"<!--": " -->"}
_SHORT: Final = 3


def skeleton_of(best: Sequence[str], others: Sequence[Sequence[str]], language: str, note: str) -> str:
    """Return the skeleton, with a first line that says what it is. Empty when too little is shared."""
    lines = _dedented(list(best)[:MOST_LINES])
    tokens = [
        (index, found.group(), found.start(), found.end())
        for index, line in enumerate(lines)
        for found in _TOKEN.finditer(line)
    ]
    words = [token[1] for token in tokens]
    shared = [True] * len(words)
    for other in others:
        theirs = [
            found.group()
            for line in _dedented(list(other)[: MOST_LINES * 2])
            for found in _TOKEN.finditer(line)
        ]
        kept = [False] * len(words)
        for block in SequenceMatcher(None, words, theirs, autojunk=False).get_matching_blocks():
            for at in range(block.a, block.a + block.size):
                kept[at] = True
        shared = [one and two for one, two in zip(shared, kept, strict=True)]
    named = [same for same, word in zip(shared, words, strict=True) if word.isidentifier()]
    if not named or sum(named) < LEAST * len(named):
        return ""
    out: list[str] = []
    for index, line in enumerate(lines):
        inside = [(token, same) for token, same in zip(tokens, shared, strict=True) if token[0] == index]
        out.append(_line(line, inside))
    mark = _COMMENT.get(language, "//")
    head = f"{mark} {note}{_ENDS.get(mark, '')}"
    return "\n".join([head, *_folded(out)]) + "\n"


def words_of(lines: Sequence[str]) -> list[str]:
    """Return the words and signs of lines."""
    return [found.group() for line in lines for found in _TOKEN.finditer(line)]


def _line(line: str, inside: list[tuple[tuple[int, str, int, int], bool]]) -> str:
    """Return a line with its runs of differing tokens left open."""
    if not inside:
        return line.rstrip()
    words = [same for token, same in inside if token[1].isidentifier()]
    lead = line[: len(line) - len(line.lstrip())]
    if not any(words) and not all(same for _, same in inside):
        return lead + OPEN
    out, at, opened = lead, len(lead), False
    for (_, word, start, end), same in inside:
        if same:
            out += line[at:start] + word
            opened = False
        elif not opened:
            out += line[at:start] + OPEN
            opened = True
        at = end
    return out.rstrip()


def _folded(lines: list[str]) -> list[str]:
    """Return the lines with neighbours that are wholly open made one."""
    out: list[str] = []
    for line in lines:
        if line.strip() == OPEN and out and out[-1].strip() in (OPEN, ""):
            if out[-1].strip() == "":
                out.pop()
            if out and out[-1].strip() == OPEN:
                continue
        out.append(line)
    while out and not out[-1].strip():
        out.pop()
    return out


def _dedented(lines: list[str]) -> list[str]:
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return [line[margin:].rstrip() for line in lines]
