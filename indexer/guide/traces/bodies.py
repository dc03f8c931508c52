"""What a function that is no more was made of, and which definition of now has taken those lines over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from indexer.guide.traces.overloads import parameters
from indexer.guide.traces.versions import counted

LEAST: Final = 4
"""Lines that a function must have had, to be known again by them."""

LONGEST_HEAD: Final = 12
"""Lines over which what a function is given may be spread."""

SAME_NAME: Final = 0.4
OTHER_NAME: Final = 0.6
"""Shares of its lines that a definition must have, which bears its name or another."""

BEHIND: Final = 0.75
"""How much of the likeness of the first the second may have at most."""

_LONGEST: Final = 2_500
_CONTROL: Final = re.compile(
    r"(?:\}\s*)?(?:if|elif|else|for|foreach|while|switch|match|when|case|return|catch)\b"
)
_USED: Final = re.compile(r"(?:[=(,!&|?]|\b(?:return|await|new|throw|yield|go|defer))\s*(?:this\.)?$")
"""What stands before a name that is called, or handed on, and not defined."""
_GOES_ON: Final = re.compile(
    r"#\s*(?:if|ifdef|ifndef|else|elif|endif|define|undef|pragma|include|error|warning|line)\b"
    r"|(?:rescue|ensure|else)\b(?!.*\{)|\w+:$"
)
"""What stands as far out as the head within a body: the preprocessor's lines, a label, Ruby's rescue."""
_COMMENTS: Final = ("# ", "//", "/*", "* ", "#:")
_CLOSES: Final = re.compile(r"[})\]]+[;,)]*|end")


def spans(lines: Sequence[str], name: str) -> list[tuple[int, int]]:
    """Return the first and the last line of what is defined under a name, by how far each line is set in."""
    plain = re.escape(name)
    # What is handed a function is a call; what is set to one is a definition.
    head = re.compile(
        rf"(?<![\w$.]){plain}(?![\w$])(?!\s*\([^)]*(?:\bfunction\b|=>))\s*(?:[(=:{{<]|$)"
        rf"|\.{plain}\s*=\s*(?:async\s+)?(?:function\b|\()",
        re.IGNORECASE,
    )
    found: list[tuple[int, int]] = []
    for at, line in enumerate(lines):
        match = head.search(line) if name.lower() in line.lower() else None
        if match is None or line.rstrip().endswith(";") or line.lstrip().startswith(_COMMENTS):
            continue
        if not _CONTROL.match(line.strip()) and not _USED.search(line[: match.start()]):
            end = _end(lines, at)
            if end > at + 1:
                found.append((at + 1, end))
    return found


def given_around(lines: Sequence[str], line: int, name: str) -> list[str] | None:
    """Return what the function of a name is given that a line stands in; None where it is in none."""
    inside = [span for span in spans(lines, name) if span[0] <= line <= span[1]]
    if not inside:
        return None
    head = " ".join(each.strip() for each in lines[inside[-1][0] - 1 : inside[-1][0] + LONGEST_HEAD])
    return parameters(head[head.lower().find(name.lower()) :])


def taken_over(old: Sequence[str], several: Iterable[tuple[Sequence[str], float]]) -> tuple[int, float]:
    """Return which of several texts has taken a function's lines over, and what share of them; -1 for none.

    Each text comes with the share that it needs; one that is nearly as like as another is not known apart.
    """
    wanted = counted(old)
    if wanted.total() < LEAST:
        return -1, 0.0
    shares = [((counted(lines) & wanted).total() / wanted.total(), least) for lines, least in several]
    ranked = sorted(range(len(shares)), key=lambda at: -shares[at][0])
    if not ranked or shares[ranked[0]][0] < shares[ranked[0]][1]:
        return -1, 0.0
    best = shares[ranked[0]][0]
    if len(ranked) > 1 and shares[ranked[1]][0] > best * BEHIND:
        return -1, 0.0
    return ranked[0], best


def _end(lines: Sequence[str], at: int) -> int:
    """Return the index behind the last line of what begins at one."""
    margin = _margin(lines[at])
    for end in range(at + 1, min(len(lines), at + _LONGEST)):
        plain = lines[end].strip()
        if not plain or _margin(lines[end]) > margin or _GOES_ON.match(plain):
            continue
        if _CLOSES.fullmatch(plain):
            return end
        if plain[0] not in "{)":
            return end
    return min(len(lines), at + _LONGEST)


def _margin(line: str) -> int:
    expanded = line.expandtabs(8)
    return len(expanded) - len(expanded.lstrip())
