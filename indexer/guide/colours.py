"""Says what each piece of a source text is, so that it can be coloured; the one file that uses Pygments.

It runs in a process of its own (see colouring.py): its patterns can be made to search for ever.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec

from indexer.pages import Token, TokenRole

if TYPE_CHECKING:
    from pygments.lexer import Lexer

LARGEST: Final = 500_000
"""Characters that are coloured; more would take seconds for a file that nobody reads as code."""

SECONDS: Final = 1.5
"""Processor time that the colouring of one file may take; what is coloured by then is shown."""

MEMORY_BYTES: Final = 1 << 30

ROLES: Final = tuple(TokenRole)


class Task(msgspec.Struct):
    """Lines to be coloured."""

    language: str
    lines: list[str]


class Coloured(msgspec.Struct):
    """What was found: line (from 0), start, length and number of the role, one after the other."""

    pieces: list[int]
    complete: bool


def main() -> None:
    """Answer each line of the input, a Task, with a line, a Coloured, until the input ends."""
    _restrain()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not fall between the answers
    for line in sys.stdin.buffer:
        task = msgspec.json.decode(line, type=Task)
        found, complete = tokens(task.language, task.lines, 0)
        pieces = [n for each in found for n in (each.line, each.start, each.length, ROLES.index(each.role))]
        answers.write(msgspec.json.encode(Coloured(pieces, complete)) + b"\n")
        answers.flush()


def _restrain() -> None:
    if sys.platform == "linux":
        import resource  # absent on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


# Pygments' names of our languages, where they differ.
_LEXERS: Final = {
    "bash": "bash",
    "cpp": "cpp",
    "csharp": "csharp",
    "objc": "objective-c",
    "notebook": "json",
    "gomod": "text",
    "gradle": "groovy",
    "maven": "xml",
    "properties": "properties",
    "dockerfile": "docker",
    "markdown": "markdown",
    "rst": "rst",
    "asciidoc": "text",
    "org": "text",
    "latex": "latex",
    "requirements": "text",
    "plsql": "sql",
    "sql": "sql",
    "vb": "vbnet",
    "jsp": "jsp",
    "jcl": "jcl",
    "bms": "text",
    "csd": "text",
    "ims": "text",
    "csv": "text",
    "tsv": "text",
    "text": "text",
    "tsx": "tsx",
    "r": "splus",
    "pascal": "delphi",
    "": "text",
}


def tokens(language: str, lines: Sequence[str], first_line: int = 1) -> tuple[list[Token], bool]:
    """Return the coloured pieces of ``lines``, and whether all of them were reached in time."""
    lexer = _lexer(language)
    if lexer is None:
        return [], True
    text = "\n".join(lines)
    if len(text) > LARGEST:
        return [], False
    end = time.process_time() + SECONDS
    found: list[Token] = []
    for piece in _placed(_roles(lexer, text), lines, first_line):
        last = found[-1] if found else None
        if last is not None and (last.line, last.start + last.length, last.role) == (
            piece.line,
            piece.start,
            piece.role,
        ):
            found[-1] = Token(last.line, last.start, last.length + piece.length, last.role)
            continue
        found.append(piece)
        if not len(found) % 256 and time.process_time() > end:
            return found, False
    return found, True


def _roles(lexer: Lexer, text: str) -> Iterator[tuple[int, str, TokenRole]]:
    from pygments.token import Token as Kind

    roles: dict[Any, TokenRole | None] = {}
    chosen = (
        (Kind.Comment, TokenRole.COMMENT),
        (Kind.Keyword, TokenRole.KEYWORD),
        (Kind.Operator.Word, TokenRole.KEYWORD),
        (Kind.Literal.String, TokenRole.STRING),
        (Kind.Literal.Number, TokenRole.NUMBER),
        (Kind.Literal.Date, TokenRole.NUMBER),
        (Kind.Name.Function, TokenRole.NAME),
        (Kind.Name.Class, TokenRole.NAME),
        (Kind.Name.Namespace, None),
        (Kind.Name.Decorator, TokenRole.NAME),
        (Kind.Name.Tag, TokenRole.KEYWORD),
        (Kind.Name.Attribute, TokenRole.NAME),
        (Kind.Name.Label, TokenRole.NAME),
        (Kind.Generic.Heading, TokenRole.KEYWORD),
        (Kind.Generic.Subheading, TokenRole.KEYWORD),
    )
    for at, kind, piece in lexer.get_tokens_unprocessed(text):
        if kind not in roles:
            roles[kind] = next((role for each, role in chosen if kind in each), None)
        role = roles[kind]
        if role is not None:
            yield at, piece, role


def _placed(
    pieces: Iterator[tuple[int, str, TokenRole]], lines: Sequence[str], first_line: int
) -> Iterator[Token]:
    """Cut pieces at line ends, and count in UTF-16 units."""
    at, number = 0, 0
    wide = [not line.isascii() for line in lines]
    for start, piece, role in pieces:
        while number < len(lines) and start > at + len(lines[number]):
            at += len(lines[number]) + 1
            number += 1
        column, line_at = start - at, number
        for part in piece.split("\n"):
            if line_at >= len(lines):
                return
            if part and not part.isspace():
                if wide[line_at]:
                    before = _units(lines[line_at][:column])
                    yield Token(first_line + line_at, before, _units(part), role)
                else:
                    yield Token(first_line + line_at, column, len(part), role)
            line_at += 1
            column = 0


def _units(text: str) -> int:
    """Return how many UTF-16 units ``text`` takes."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def _lexer(language: str) -> Lexer | None:
    name = _LEXERS.get(language, language)
    if name == "text":
        return None
    # Late: 60 ms, and only a window shows colours.
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(name, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


if __name__ == "__main__":
    main()
