"""The pieces of code in a document, fenced in Markdown or indented in reStructuredText."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from indexer.answer.readable import is_import

_FENCE: Final = re.compile(r"^\s*(```+|~~~+)")
_CODE_DIRECTIVE: Final = re.compile(r"^\s*\.\.\s+(?:code|code-block|sourcecode|literalinclude)::")
_DIRECTIVE: Final = re.compile(r"^\s*\.\.\s")
_OPTION: Final = re.compile(r"^\s*:[\w-]+:")


def code_in(lines: Sequence[str], *, fenced: bool = True) -> Iterator[tuple[int, int]]:
    """Yield the first and last line, from 0, of each piece of code in a Markdown or reStructuredText text.

    In the latter three backquotes (not ``fenced``) underline a title.
    """
    at = 0
    while at < len(lines):
        line = lines[at]
        if fenced and (fence := _FENCE.match(line)):
            end = next(
                (n for n in range(at + 1, len(lines)) if lines[n].strip().startswith(fence[1])), len(lines)
            )
            yield from _trimmed(lines, at + 1, end)
            at = end + 1
        elif _CODE_DIRECTIVE.match(line) or (line.rstrip().endswith("::") and not _DIRECTIVE.match(line)):
            indent = len(line) - len(line.lstrip())
            end = at + 1
            while end < len(lines) and (
                not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) > indent
            ):
                end += 1
            start = at + 1
            while start < end and (not lines[start].strip() or _OPTION.match(lines[start])):
                start += 1
            yield from _trimmed(lines, start, end)
            at = max(end, at + 1)
        else:
            at += 1


def whole(lines: Sequence[str], first: int, last: int, *, fenced: bool = True) -> tuple[int, int]:
    """Return the first and last line, from 1, of the piece of code in a document that these lines are of: a
    passage may end within it. What it takes in at its head is left out.
    """
    for start, end in code_in(lines, fenced=fenced):
        if start + 1 <= first <= end + 1:
            told = (at for at in range(start, end) if lines[at].strip() and not is_import(lines[at]))
            return next(told, end) + 1, end + 1
    return first, last


def _trimmed(lines: Sequence[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    if start < end:
        yield start, end - 1
