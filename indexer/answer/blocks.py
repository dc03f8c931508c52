"""Cut documents and commit messages into blocks of prose: paragraphs, items, fields, titles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
    mark: str = ""
    """What an item of a list began with: ``-``, ``2.``."""
    opens: bool = False
    """True for the first of a document or a comment, and the first below a title."""
    behind_code: bool = False
    """True where code was left out right before it."""
    field: str = ""
    """Of a field (``@param name``, ``:return:``) the name that a question must hold to be told of it."""
    code: tuple[tuple[int, str], ...] = ()
    """The lines of the code that was left out right before it, with their numbers."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MARKDOWN_TITLE: Final = re.compile(r"^(#{1,6}|={1,6})\s+(.*?)\s*#*$")
_UNDERLINE: Final = re.compile(r"^([=\-~^\"'`#*+.:_])\1{2,}\s*$")
_ITEM: Final = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)]|#\.|\(\w\))\s+")
_TERM: Final = re.compile(r"^\s+(?=['\"`:]?[A-Za-z][\w.:?!-]*['\"`]?\s+(?:--?|[\u2013\u2014])\s+\S)")
"""An item of a list of terms in a comment: ``queue - the named queue to use``."""
_FIELD: Final = re.compile(r"^\s*(?::[a-zA-Z][^:`]*:|@\w+|\\\w+)(?:\s+|$)")
_NAMED_FIELDS: Final = _words(
    "param parameter arg argument keyword kwarg property prop var ivar cvar raises raise except exception"
    " throws throw template tparam typeparam"
)
_THROWING: Final = _words("raises raise except exception throws throw")
_BARE_FIELDS: Final = _words(
    "return returns rtype type typedef see since version author api public private protected internal"
    " override readonly static class function ignore serial license copyright module namespace memberof name"
    " callback constructor augments extends implements access kind default yields yield"
)
"""What is no sentence of its own: who wrote it, of which type it is."""
_FIELD_NAME: Final = re.compile(
    r"^(?:\{[^{}]*\}\s*)?(?:\[\s*(?P<free>[\w.$]+[^\]]*)\]|(?P<name><?[\w.$*&\\]+>?))\s*(?:[-\u2013:]+\s+)?"
)
_FIELD_TYPE: Final = re.compile(r"^\{[^{}]*\}\s*(?:[-\u2013:]+\s+)?")
_THROWN: Final = re.compile(r"^\{(?P<free>[^{}]+)\}\s*(?:[-\u2013:]+\s+)?")
_SAMPLE: Final = re.compile(
    r"=>|::\w|\w\([^)]*\)?|\w = |[{}]|^\s*(?:[$@]|>>>)|;\s*$|\bdo \||^\s*<\w"
    r"|^\s*(?:class|def|module|import|require|const|let|var|package|using|namespace|func|fn)"
    r" [\w.:'\"{*]+(?:\(.*)?[:{;]?\s*$"
)
_FOUR_WORDS: Final = re.compile(r"(?:\b[a-z]{2,} ){3}[a-z]{2,}\b")
_SAMPLE_INDENT: Final = 2
"""Columns by which a sample of code in a comment is set in, at least."""
_EXAMPLE: Final = re.compile(r"^\s*@example\b")
_FENCE: Final = re.compile(r"^\s*(?:```|~~~|----$|\.\.\.\.$)")
_DIRECTIVE: Final = re.compile(r"^\s*\.\.\s+([\w:-]+)::\s*(.*)$")
_PROSE_DIRECTIVES: Final = re.compile(
    r"(?:note|warning|tip|hint|important|caution|attention|danger|seealso|version\w+|deprecated|admonition|topic)$"
)
_CODE_DIRECTIVES: Final = re.compile(r"(?:code|parsed|literal|sourcecode|image|figure|toctree)")
_DOCSTRING_HEADER: Final = re.compile(r"^\s*[A-Z]\w+(?: \w+)?:\s*$")
"""A heading in Google's manner: ``Returns:``."""
_NO_PROSE: Final = re.compile(
    r"^\s*(?:\.\.(?:\s|$)|\||\+[-=+]+|=+(?:\s+=+)+\s*$|<!--|\[\]:|\[!\[|:\w+:\s*$"
    r"|(?:!!!|\?{3}\+?|:{3})\s*\{?[\w-]+\}?(?:\s+[\"'].*)?\s*$|(?:>\s*)?\[!\w+\]\s*$)"
)
"""Rules, tables, badges, and the line that only opens a box: ``!!! note "Title"``, ``> [!TIP]``."""
_SET_OFF: Final = re.compile(r"^\s{0,3}>(?: |$)")
"""What Markdown sets a line off with as a quotation, or as a note."""
_TRAILER: Final = re.compile(
    r"^(?:[A-Z][A-Za-z]+-[A-Za-z-]+: |git-svn-id:|Cherry-picked|\(cherry picked|diff --git|Merge:)"
)


def document_blocks(lines: Sequence[str], first_line: int, role: Role) -> Iterator[Block]:
    """Yield the blocks of a document, or of what a comment says, in order; code is left out."""
    if role is Role.PROSE:
        lines = [_SET_OFF.sub("", line) for line in lines]
    yield from numbered_blocks(list(enumerate(lines, first_line)), role)


def numbered_blocks(lines: Sequence[tuple[int, str]], role: Role) -> Iterator[Block]:
    """Yield the blocks of (number, text) pairs; of one line several may stand there, parted by empty ones."""
    yield from _Reader(role).read(lines)


def message_blocks(lines: Sequence[str], first_line: int) -> Iterator[Block]:
    """Yield a commit message's subject and the blocks of its body, without trailers."""
    body = ["" if _TRAILER.match(line) else line for line in lines]
    if first_line == 1:
        yield Block(1, (lines[0],), Role.SUBJECT)
        body[0] = ""
    for block in document_blocks(body, first_line, Role.BODY):
        yield replace(block, role=Role.BODY, heading="")


class _Reader:
    """Reads lines one by one, and gathers the block under way."""

    def __init__(self, role: Role) -> None:
        self._role = role
        self._docstrings = role in (Role.DOCSTRING, Role.COMMENT)
        self._heading = ""
        self._titled = False  # the line before was a title that stands over its underline
        self._gathered: list[str] = []
        self._begun = 0
        self._opens = True
        self._behind_code = False
        self._code: list[tuple[int, str]] = []
        self._mark = ""  # of the item that the block under way is
        self._field = ""
        self._base = 0  # the indent of the whole text
        self._example = False  # in the code of a field @example
        self._hidden = False  # in a comment of several lines
        self._fence = ""  # the sign that ends the code that we are in
        self._indent = -1  # deeper lines than this are code

    def read(self, lines: Sequence[tuple[int, str]]) -> Iterator[Block]:
        # The first line of a docstring stands behind its quotes.
        behind = lines[1:] if self._role is Role.DOCSTRING else lines
        self._base = min((_indent(line) for _, line in behind if line.strip()), default=0)
        for at, (number, line) in enumerate(lines):
            following = lines[at + 1][1] if at + 1 < len(lines) else ""
            hidden = self._hidden or (self._role is Role.PROSE and line.lstrip().startswith("<!--"))
            if self._in_code(line):
                self._behind_code = self._behind_code or not hidden
                if not hidden and line.strip() and not _FENCE.match(line):
                    self._code.append((number, line.strip()))
            else:
                yield from self._line(number, line, following)
        yield from self._block()

    def _in_code(self, line: str) -> bool:
        stripped = line.strip()
        if self._hidden or (self._role is Role.PROSE and stripped.startswith("<!--")):
            # What a page does not show: who may copy it, how it is generated.
            self._hidden = "-->" not in stripped
            return True
        if self._fence:
            if stripped.startswith(self._fence):
                self._fence = ""
            return True
        if self._example and not (_FIELD.match(line) and not _EXAMPLE.match(line)):
            return True
        self._example = False
        if self._indent >= 0 and (not stripped or _indent(line) > self._indent):
            return True
        self._indent = -1
        return False

    def _line(self, number: int, line: str, following: str) -> Iterator[Block]:
        title = _title(line, following)
        # A title of four letters is underlined by what begins code elsewhere: ----
        below_title, self._titled = self._titled and _UNDERLINE.match(line.strip()) is not None, False
        if (fence := _FENCE.match(line)) and not below_title:
            yield from self._block()
            self._fence = fence.group().strip()[:3]
        elif title:
            yield from self._block()
            self._heading = plain(title)
            self._titled = _MARKDOWN_TITLE.match(line) is None
            yield Block(number, (title,), Role.TITLE, self._heading)
            self._opens, self._behind_code = True, False
        elif directive := _DIRECTIVE.match(line):
            yield from self._block()
            self._directive(number, directive[1], directive[2], _indent(line))
        elif below_title or self._ends(line):
            yield from self._block()
        elif self._docstrings and _EXAMPLE.match(line):
            yield from self._block()
            self._example = True
        elif self._is_sample(line):
            self._indent, self._behind_code = self._base, True
        else:
            yield from self._prose(number, line, following)

    def _ends(self, line: str) -> bool:
        """Return whether a line holds no prose, and so ends the block before it."""
        if self._docstrings and _DOCSTRING_HEADER.match(line):
            return True
        return not line.strip() or bool(_UNDERLINE.match(line) or _NO_PROSE.match(line))

    def _is_sample(self, line: str) -> bool:
        """Return whether code begins here in a comment: behind an empty line, set in, no words of prose."""
        set_in = self._docstrings and _indent(line) >= self._base + _SAMPLE_INDENT
        if self._gathered or not set_in or _ITEM.match(line) or _FIELD.match(line):
            return False
        return _SAMPLE.search(line) is not None and _FOUR_WORDS.search(line) is None

    def _directive(self, number: int, name: str, said: str, indent: int) -> None:
        if _PROSE_DIRECTIVES.match(name):
            if said:
                self._begun = number
                self._gathered.append(said)
        elif _CODE_DIRECTIVES.match(name):
            self._indent = indent

    def _prose(self, number: int, line: str, following: str) -> Iterator[Block]:
        item = _ITEM.match(line)
        if item is None and self._docstrings and _indent(line) > self._base:
            item = _TERM.match(line)
        mark = item or _FIELD.match(line)
        text = line[mark.end() :] if mark else line
        if mark or not self._gathered:
            yield from self._block()
            self._begun = number
            self._mark = (item.group().strip() or "-") if item else ""
            if mark is not None and item is None:
                self._field, text = _field(mark.group().strip(), text)
        self._gathered.append(text)
        if line.rstrip().endswith("::") and not following.strip():
            yield from self._block()
            self._indent = _indent(line)

    def _block(self) -> Iterator[Block]:
        if self._gathered:
            lines = tuple(self._gathered)
            yield Block(
                self._begun,
                lines,
                self._role,
                self._heading,
                self._mark,
                self._opens,
                self._behind_code,
                self._field,
                tuple(self._code),
            )
            self._gathered.clear()
            self._code.clear()
            self._opens = self._behind_code = False
        self._mark = self._field = ""


def _field(mark: str, text: str) -> tuple[str, str]:
    """Return the name that a field is told under, and its text with the name as it stands before it."""
    words = mark.strip("@:\\ ").split()
    if not words:
        return "", text
    kind = words[0].lower()
    if kind in _NAMED_FIELDS:
        if len(words) > 1:  # :param int depth: in Sphinx's manner
            name = words[-1].strip("*")
            return name, f"`{name}`: {text}"
        thrown = _THROWN.match(text) if kind in _THROWING else None
        if (named := thrown or _FIELD_NAME.match(text)) is not None:
            name = (named["free"] or named.groupdict().get("name") or kind).strip()
            return name.strip("<>"), f"`{name}`: {text[named.end() :]}"
        return kind, text
    if kind in _BARE_FIELDS:
        return kind, _FIELD_TYPE.sub("", text)
    return "", text


def _title(line: str, following: str) -> str:
    """Return the title that a line is, or nothing."""
    if match := _MARKDOWN_TITLE.match(line):
        return match[2]
    stripped = line.strip()
    if stripped and 0 < _indent(line) == _indent(following):
        # Below a directive all is set in, its titles too.
        line, following = stripped, following.strip()
    underlined = _UNDERLINE.match(following) and len(following.strip()) >= len(stripped) - 2
    return line if stripped and underlined and not _UNDERLINE.match(line) else ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
