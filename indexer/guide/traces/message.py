"""What a message means in this code: the string literal that it was made from, and what decides there."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.citations import SourceFile, Sources
from indexer.index import lexical
from indexer.types import ChunkKind, FileMark

LEAST_LETTERS: Final = 8
"""Letters that a literal must share with a message."""

LEAST_SHARE: Final = 0.3
"""Of the message's letters, where the literal has few."""

MANY_LETTERS: Final = 24
"""Letters from which on the share does not matter: values can be long."""

PASSAGES: Final = 40
LONGEST_MESSAGE: Final = 2_000
JOINED: Final = 6
"""Lines of one text that is written in pieces."""

_LITERAL: Final = re.compile(
    r"\"\"\"(?P<a>.*?)\"\"\"|'''(?P<b>.*?)'''|\"(?P<c>(?:[^\"\\]|\\.){0,1000})\"|'(?P<d>(?:[^'\\]"
    r"|\\.){0,1000})'"
    r"|`(?P<e>(?:[^`\\]|\\.){0,1000})`"
)
_HOLE: Final = re.compile(
    r"%%|%(?:\(\w+\))?[-+#0 ]*[\d.*]*(?:hh|h|ll|l|z|j)?[a-zA-Z]|%<[^>]*>|\{\{|\}\}"
    r"|[$#]?\{[^{}]{0,200}\}|\$\w+|\\[ntr\"'`\\]"
)
_RAISES: Final = re.compile(
    r"\b(?:raise|throw|panic|Errorf|errors?\.New|bail|ensure|fail\w*|abort|assert\w*|die|reject"
    r"|expect|unreachable|"
    r"err(?:or|x)?|jv_invalid_with_msg|new \w*(?:Error|Exception)|\w*(?:Error|Exception))\b|\w+"
    r"(?:Error|Exception)\("
)
_DECIDES: Final = re.compile(
    r"^\s*(?:\}\s*)?(?:if|elif|elsif|else|unless|case|when|switch|except|catch|rescue|guard|match"
    r"|while|for|foreach|with|"
    r"def|func|fn|try)\b|\?\s*$|=>\s*\{?$"
)
_MINOR: Final = (
    FileMark.TEST | FileMark.EXAMPLE | FileMark.DOCUMENTATION | FileMark.GENERATED | FileMark.VENDORED
)


@dataclass(frozen=True, slots=True)
class Origin:
    """A literal that a message was made from. ``line`` is its first one; ``decided`` that of what
    stands over it and decides (0: nothing found); ``share`` of the message's letters is its own.
    """

    path: str
    line: int
    last: int
    decided: int
    share: float
    letters: int
    raises: bool


def origins(
    message: str,
    reader: sqlite3.Connection,
    sources: Sources,
    near: Sequence[tuple[str, int, int]],
) -> list[Origin]:
    """Return where a message may come from, the likeliest first.

    ``near`` are (path, first, last) of the definitions that the trace goes through; they are looked
    at whatever words they hold.
    """
    wanted = _plain(message[:LONGEST_MESSAGE])
    if _letters(wanted) < LEAST_LETTERS:
        return []
    found: dict[tuple[str, int], tuple[bool, Origin]] = {}
    for path, first, last in near:
        source = sources.file(path)
        if source is not None:
            for each in _in(source, first, last, wanted):
                found[each.path, each.line] = (True, each)
    for source, first, last in _passages(message, reader, sources):
        for each in _in(source, first, last, wanted):
            if not source.marks & _MINOR:
                found.setdefault((each.path, each.line), (False, each))
    ranked = sorted(
        found.values(),
        key=lambda pair: (
            -round(pair[1].letters * (1.3 if pair[0] else 1.0) * (1.3 if pair[1].raises else 1.0)),
            pair[1].path,
        ),
    )
    best = ranked[0][1].letters if ranked else 0
    return [each for _, each in ranked if each.letters * 2 >= best]


def _passages(
    message: str, reader: sqlite3.Connection, sources: Sources
) -> Iterator[tuple[SourceFile, int, int]]:
    lexicon = lexical.Lexicon()
    terms = lexical.terms_of(re.sub(r"0x[0-9a-f]+|\d+", " ", message[:LONGEST_MESSAGE]))
    counted = lexicon.found(reader, ChunkKind.CODE, terms)
    asked = lexical.telling(terms, counted, lexicon.rows(reader, ChunkKind.CODE))
    hits = lexical.search(reader, ChunkKind.CODE, asked, PASSAGES)
    paths = dict(
        reader.execute(
            f"SELECT id, shown FROM path WHERE id IN ({','.join('?' * len(hits))})",  # noqa: S608 - marks
            [hit.path_id for hit in hits],
        ).fetchall()
    )
    for hit in hits:
        source = sources.file(paths.get(hit.path_id, ""))
        if source is not None:
            yield source, hit.start_line, hit.end_line


def _in(source: SourceFile, first: int, last: int, wanted: str) -> Iterator[Origin]:
    last = min(last, len(source.lines))
    total = max(_letters(wanted), 1)
    for line, end, text in _literals(source.lines[first - 1 : last], first):
        letters = _shared(text, wanted)
        if letters < LEAST_LETTERS or (letters < MANY_LETTERS and letters / total < LEAST_SHARE):
            continue
        before = source.lines[max(line - 4, 0) : end]
        raises = any(_RAISES.search(each) for each in before)
        yield Origin(
            source.path, line, end, _decision(source.lines, line, first), letters / total, letters, raises
        )


def _literals(lines: Sequence[str], first: int) -> Iterator[tuple[int, int, str]]:
    """Yield (first line, last line, text) of the literals, those in a row joined."""
    begun, text, last = 0, "", -9
    for number, line in enumerate(lines, start=first):
        if len(line) > 2_000:
            continue
        pieces = [next(filter(None, match.groups()), "") for match in _LITERAL.finditer(line)]
        goes_on = text and last == number - 1 and number - begun < JOINED and _begins_with_text(line)
        if text and not goes_on:
            yield begun, last, text
            text = ""
        if not pieces:
            continue
        if goes_on:
            text += "".join(pieces)
        else:
            yield from ((number, number, piece) for piece in pieces[:-1])
            begun, text = number, pieces[-1]
            if len(pieces) > 1:
                yield number, number, "{}".join(pieces)
        last = number
    if text:
        yield begun, last, text


def _begins_with_text(line: str) -> bool:
    return re.match(r"^\s*(?:[+.&]\s*|<<\s*)?(?:[rbfuRBFU]{0,2}|\$@?|@)[\"'`]", line) is not None


def _shared(literal: str, wanted: str) -> int:
    """Return the letters of a literal if all its fixed parts stand in the message in their order; else 0."""
    at, letters, words = 0, 0, 0
    for piece in _HOLE.split(literal):
        fixed = _plain(piece)
        if not any(map(str.isalnum, fixed)):
            continue
        there = wanted.find(fixed.strip(), at)
        if there < 0:
            return 0
        at = there + len(fixed.strip())
        letters += _letters(fixed)
        words += len(fixed.split())
    return letters if words > 1 or letters > 2 * LEAST_LETTERS else 0


def _decision(lines: Sequence[str], line: int, first: int) -> int:
    """Return the line above that decides whether this one is reached: the nearest less indented."""
    indent = _indent(lines[line - 1])
    for at in range(line - 1, max(first, line - 15) - 1, -1):
        text = lines[at - 1]
        if text.strip() and _indent(text) < indent:
            if _DECIDES.search(text):
                return at
            indent = _indent(text)
    return 0


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\\", "")).replace('"', "'").replace("`", "'").lower()


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def joined_lines(citing: Iterable[Origin]) -> list[str]:
    """Return places as a fact names them."""
    return [f"{each.path}:{each.line}" for each in citing]
