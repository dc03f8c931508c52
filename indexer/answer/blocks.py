"""Cut documents and commit messages into blocks of prose: paragraphs, items, fields, titles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from indexer.answer.markup import plain


class Role(StrEnum):
    """What a sentence is part of, in falling order of how readily it is shown."""

    NOTE = "note"
    DOCSTRING = "docstring"
    PROSE = "prose"
    COMMENT = "comment"
    SUBJECT = "subject"
    BODY = "body"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together: the number of the first, and their text without signs."""

    start_line: int
    lines: tuple[str, ...]
    role: Role
    heading: str = ""


_MARKDOWN_TITLE: Final = re.compile(r"^(#{1,6}|={1,6})\s+(.*?)\s*#*$")
_UNDERLINE: Final = re.compile(r"^([=\-~^\"'`#*+.:_])\1{2,}\s*$")
_ITEM: Final = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)]|#\.|\(\w\))\s+")
_FIELD: Final = re.compile(r"^\s*(?::[a-zA-Z][^:`]*:|@\w+|\\\w+)(?:\s+|$)")
_FENCE: Final = re.compile(r"^\s*(?:```|~~~|----$|\.\.\.\.$)")
_DIRECTIVE: Final = re.compile(r"^\s*\.\.\s+([\w:-]+)::\s*(.*)$")
_PROSE_DIRECTIVES: Final = re.compile(
    r"(?:note|warning|tip|hint|important|caution|attention|danger|seealso|version\w+|deprecated|admonition|topic)$"
)
_CODE_DIRECTIVES: Final = re.compile(r"(?:code|parsed|literal|sourcecode|image|figure|toctree)")
_DOCSTRING_HEADER: Final = re.compile(r"^\s*[A-Z]\w+(?: \w+)?:\s*$")
"""A heading in Google's manner: ``Returns:``."""
_NO_PROSE: Final = re.compile(r"^\s*(?:\.\.(?:\s|$)|\||\+[-=+]+|=+(?:\s+=+)+\s*$|<!--|\[\]:|\[!\[|:\w+:\s*$)")
_TRAILER: Final = re.compile(
    r"^(?:[A-Z][A-Za-z]+-[A-Za-z-]+: |git-svn-id:|Cherry-picked|\(cherry picked|diff --git|Merge:)"
)


def document_blocks(lines: Sequence[str], first_line: int, role: Role) -> Iterator[Block]:
    """Yield the blocks of a document, or of what a comment says, in order; code is left out."""
    yield from _Reader(first_line, role).read(lines)


def message_blocks(lines: Sequence[str], first_line: int) -> Iterator[Block]:
    """Yield a commit message's subject and the blocks of its body, without trailers."""
    body = ["" if _TRAILER.match(line) else line for line in lines]
    if first_line == 1:
        yield Block(1, (lines[0],), Role.SUBJECT)
        body[0] = ""
    for block in document_blocks(body, first_line, Role.BODY):
        yield Block(block.start_line, block.lines, Role.BODY)


class _Reader:
    """Reads lines one by one, and gathers the block under way."""

    def __init__(self, first_line: int, role: Role) -> None:
        self._first_line = first_line
        self._role = role
        self._docstrings = role in (Role.DOCSTRING, Role.COMMENT)
        self._heading = ""
        self._titled = False  # the line before was a title that stands over its underline
        self._gathered: list[str] = []
        self._begun = 0
        self._fence = ""  # the sign that ends the code that we are in
        self._indent = -1  # deeper lines than this are code

    def read(self, lines: Sequence[str]) -> Iterator[Block]:
        for at, line in enumerate(lines):
            following = lines[at + 1] if at + 1 < len(lines) else ""
            if not self._in_code(line):
                yield from self._line(self._first_line + at, line, following)
        yield from self._block()

    def _in_code(self, line: str) -> bool:
        stripped = line.strip()
        if self._fence:
            if stripped.startswith(self._fence):
                self._fence = ""
            return True
        if self._indent >= 0 and (not stripped or _indent(line) > self._indent):
            return True
        self._indent = -1
        return False

    def _line(self, number: int, line: str, following: str) -> Iterator[Block]:
        title = _title(line, following)
        # A title of four letters is underlined by what begins code elsewhere: ----
        below_title, self._titled = self._titled and _UNDERLINE.match(line) is not None, False
        if (fence := _FENCE.match(line)) and not below_title:
            yield from self._block()
            self._fence = fence.group().strip()[:3]
        elif title:
            yield from self._block()
            self._heading = plain(title)
            self._titled = _MARKDOWN_TITLE.match(line) is None
            yield Block(number, (title,), Role.TITLE, self._heading)
        elif directive := _DIRECTIVE.match(line):
            yield from self._block()
            self._directive(number, directive[1], directive[2], _indent(line))
        elif self._ends(line):
            yield from self._block()
        else:
            yield from self._prose(number, line, following)

    def _ends(self, line: str) -> bool:
        """Return whether a line holds no prose, and so ends the block before it."""
        if self._docstrings and _DOCSTRING_HEADER.match(line):
            return True
        return not line.strip() or bool(_UNDERLINE.match(line) or _NO_PROSE.match(line))

    def _directive(self, number: int, name: str, said: str, indent: int) -> None:
        if _PROSE_DIRECTIVES.match(name):
            if said:
                self._begun = number
                self._gathered.append(said)
        elif _CODE_DIRECTIVES.match(name):
            self._indent = indent

    def _prose(self, number: int, line: str, following: str) -> Iterator[Block]:
        mark = _ITEM.match(line) or _FIELD.match(line)
        if mark or not self._gathered:
            yield from self._block()
            self._begun = number
        self._gathered.append(line[mark.end() :] if mark else line)
        if line.rstrip().endswith("::") and not following.strip():
            yield from self._block()
            self._indent = _indent(line)

    def _block(self) -> Iterator[Block]:
        if self._gathered:
            yield Block(self._begun, tuple(self._gathered), self._role, self._heading)
            self._gathered.clear()


def _title(line: str, following: str) -> str:
    """Return the title that a line is, or nothing."""
    if match := _MARKDOWN_TITLE.match(line):
        return match[2]
    stripped = line.strip()
    underlined = _UNDERLINE.match(following) and len(following.strip()) >= len(stripped) - 2
    return line if stripped and underlined and not _UNDERLINE.match(line) else ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
