"""Make a text parseable where its grammar stumbles over what it cannot know. Every byte keeps its place.

C, C++ and C# are parsed before the preprocessor ran: a brace that one branch of an ``#if`` opens and another
opens again leaves all that follows torn. C#'s grammar takes `async` for a keyword everywhere, though
parameters are called so. What is returned is for the parser alone: names and comments are read from the
text itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

CONDITIONAL: Final = frozenset(("c", "cpp", "csharp"))
"""Languages whose preprocessor chooses between branches."""

DEEPEST: Final = 100
"""Conditionals within each other: no person writes more, and each is looked at for those within it."""

Spans = list[tuple[int, int]]
"""Bytes (from, to)."""

_DIRECTIVE: Final = re.compile(
    rb"^[ \t]*#[ \t]*(?P<word>if|ifdef|ifndef|elif|elifdef|elifndef|else|endif)\b"
    rb"(?P<rest>(?:\\\r?\n|[^\n])*)",
    re.MULTILINE,
)
_NEVER: Final = re.compile(rb"\s*(?:0|__cplusplus|defined\s*\(?\s*__cplusplus\s*\)?)\s*(?:/[/*]|$)")
"""What is not so when C is read as C."""

_SELDOM: Final = re.compile(rb"\s*(?:defined\s*\(?\s*)?_*(?:WIN(?:32|64|DOWS)?|MSC_VER|MINGW\w*|CYGWIN)_*\b")
"""What most people who ask do not build for: a function that Windows calls otherwise has the other name."""

_NAMED_ASYNC: Final = re.compile(rb"\basync\b(?=\s*(?:[,):;=?.\]}&|!+\-]|is\b))")
"""The word where no keyword can stand: nothing that it could belong to follows."""


@dataclass(frozen=True, slots=True)
class Branches:
    """A text with the first branch of each conditional, and with the second where there is one; ``left_out``
    are all branches that the first reading has not, in order and apart.
    """

    first: bytes
    others: bytes
    left_out: Spans


def without_false_keywords(source: bytes, language: str) -> bytes:
    """Return a text of C# with another name of that length where `async` is one; others as they are."""
    return _NAMED_ASYNC.sub(b"named", source) if language == "csharp" else source


def branches_of(source: bytes, language: str) -> Branches | None:
    """Return the two readings of a text whose preprocessor chooses; None where it chooses nothing."""
    if language not in CONDITIONAL:
        return None
    read = _Reading()
    open_ones: list[_Conditional] = []
    for match in _DIRECTIVE.finditer(source):
        word = match["word"].decode("ascii")
        if word.startswith("if"):
            may_be, seldom = _may_be(word, match["rest"], language), _is_seldom(word, match["rest"])
            open_ones.append(_Conditional(match.end(), may_be, seldom))
        elif not open_ones:
            return None  # the text is cut, or no C
        elif word == "endif":
            ended = open_ones.pop()
            ended.end_branch(match.start())
            ended.choose(read, within=all(each.first_one for each in open_ones))
        else:
            open_ones[-1].end_branch(match.start())
            open_ones[-1].begin_branch(match.end())
        if len(open_ones) > DEEPEST:
            return None
        read.directives.append(match.span())
    if open_ones or not read.directives:
        return None
    return Branches(
        _without(source, (*read.directives, *read.not_first)),
        _without(source, (*read.directives, *read.not_others)),
        _apart(read.left_out),
    )


class _Reading:
    """What is taken out of a text for either reading."""

    def __init__(self) -> None:
        self.directives: Spans = []
        self.not_first: Spans = []
        self.not_others: Spans = []
        self.left_out: Spans = []


class _Conditional:
    """An ``#if`` with its branches as bytes (from, to); those that can never be are not among them.

    ``seldom``: its first branch is read second where there is another one.
    """

    def __init__(self, start: int, may_be: bool, seldom: bool) -> None:
        self._start = start
        self._may_be = may_be
        self._seldom = seldom
        self._branches: list[tuple[int, int]] = []
        self._never: list[tuple[int, int]] = []

    @property
    def first_one(self) -> bool:
        """Whether the branch that is open now is the one that the first reading has."""
        return self._may_be and len(self._branches) == self._seldom

    def end_branch(self, end: int) -> None:
        """End the branch that is open."""
        (self._branches if self._may_be else self._never).append((self._start, end))

    def begin_branch(self, start: int) -> None:
        """Begin the next one, behind an ``#elif`` or ``#else``."""
        self._start, self._may_be = start, True

    def choose(self, read: _Reading, *, within: bool) -> None:
        """Leave the first branch to the first reading, the second to the other; ``within``: so far the first
        reading has all this. What lies in another branch is read by its own first branches.
        """
        if self._seldom:
            self._branches[:2] = reversed(self._branches[:2])
        kept, *rest = self._branches or [(0, 0)]
        read.not_first += (*self._never, *rest)
        if within:
            read.left_out += (*self._never, *rest)
            rest = [kept, *rest[1:]] if rest else []
        read.not_others += (*self._never, *rest)


def _may_be(word: str, condition: bytes, language: str) -> bool:
    """Return whether the first branch of a conditional may be compiled."""
    never = _NEVER.match(condition)
    if never is None or (language == "cpp" and b"__cplusplus" in condition):
        return True
    return word == "ifndef"


def _is_seldom(word: str, condition: bytes) -> bool:
    return word in ("if", "ifdef") and _SELDOM.match(condition) is not None


def _apart(spans: Iterable[tuple[int, int]]) -> Spans:
    """Return spans in order, those that overlap as one."""
    apart: Spans = []
    for start, end in sorted(spans):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(apart[-1][1], end))
        else:
            apart.append((start, end))
    return apart


def _without(source: bytes, spans: Iterable[tuple[int, int]]) -> bytes:
    """Return a text with blanks for spans of it; its lines stay."""
    text = bytearray(source)
    for start, end in _apart(spans):
        text[start:end] = re.sub(rb"[^\r\n]", b" ", source[start:end])
    return bytes(text)
