r"""Cut passages into sentences that know their lines: prose of documents, comments, docstrings,
commit messages and notes. Code itself stays in lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from indexer.answer.markup import plain
from indexer.types import ChunkKind


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
class Sentence:
    """A sentence with the lines it stands on. ``text`` is plain: markup and comment signs gone.

    ``heading`` is the title above it in a document, or the comment's own block number as text.
    """

    text: str
    start_line: int
    end_line: int
    role: Role
    heading: str = ""
    first: bool = False
    """True for the first sentence of a paragraph or of a comment."""


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines that belong together: the number of the first, and their text without signs."""

    start_line: int
    lines: tuple[str, ...]
    role: Role
    heading: str = ""


def sentences_of(kind: ChunkKind, language: str, text: str, first_line: int) -> list[Sentence]:
    """Return the sentences of a passage, in order. ``first_line`` is the line it begins at."""
    lines = text.split("\n")
    if kind is ChunkKind.COMMIT:
        blocks = _message_blocks(lines, first_line)
    elif kind is ChunkKind.NOTE:
        blocks = _document_blocks(lines, first_line, Role.NOTE)
    elif kind is ChunkKind.DOC:
        blocks = _document_blocks(lines, first_line, Role.PROSE)
    else:
        blocks = _comment_blocks(lines, first_line, language)
    return _led_on([sentence for block in blocks for sentence in _cut(block)])


def _led_on(sentences: list[Sentence]) -> list[Sentence]:
    """Join a sentence that ends in a colon with what it announces, when that follows at once."""
    out: list[Sentence] = []
    for sentence in sentences:
        before = out[-1] if out else None
        if (
            before is not None
            and before.text.endswith(":")
            and before.role is sentence.role
            and sentence.start_line - before.end_line <= _ANNOUNCED_LINES
            and len(before.text) + len(sentence.text) <= _LONGEST
        ):
            joined = f"{before.text} {sentence.text}"
            out[-1] = replace(before, text=joined, end_line=sentence.end_line)
        else:
            out.append(sentence)
    return out


# ----------------------------------------------------------------------------- sentences

_END: Final = re.compile(r"[.!?:;]*[.!?][\"')\]`*]*(?=\s+[\"'(\[`*]*[A-Z0-9:])")
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:e\.?g|i\.?e|etc|vs|cf|resp|approx|incl|no|nr|fig|ca|mr|mrs|ms|dr|st)|(?<![\w.])[A-Za-z])\.$",
    re.I,
)
_ANNOUNCED_LINES: Final = 3
_LONGEST: Final = 420
"""Characters; a longer "sentence" is a table or a list that nobody would read aloud."""


def _cut(block: _Block) -> Iterator[Sentence]:
    joined = "\n".join(block.lines)
    start, first = 0, True
    for end in _ends(joined):
        piece = joined[start:end]
        text = plain(piece)
        if any(letter.isalpha() for letter in text) and len(text) <= _LONGEST:
            lead = len(piece) - len(piece.lstrip())
            begin = block.start_line + joined.count("\n", 0, start + lead)
            last = block.start_line + joined.count("\n", 0, start + len(piece.rstrip()))
            yield Sentence(text, begin, last, block.role, block.heading, first)
        start, first = end, False


def _ends(text: str) -> Iterator[int]:
    for match in _END.finditer(text):
        if not _ABBREVIATION.search(text[: match.end()]):
            yield match.end()
    yield len(text)


# ----------------------------------------------------------------------------- documents

_MD_HEADING: Final = re.compile(r"^(#{1,6}|={1,6})\s+(.*?)\s*#*$")
_UNDERLINE: Final = re.compile(r"^([=\-~^\"'`#*+.:_])\1{2,}\s*$")
_ITEM: Final = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)]|#\.|\(\w\))\s+")
_FIELD: Final = re.compile(r"^\s*(?::[a-zA-Z][^:`]*:|@\w+|\\\w+)(?:\s+|$)")
_FENCE: Final = re.compile(r"^\s*(?:```|~~~|----$|\.\.\.\.$)")
_DIRECTIVE: Final = re.compile(r"^\s*\.\.\s+([\w:-]+)::\s*(.*)$")
_PROSE_DIRECTIVES: Final = frozenset(
    "note warning tip hint important caution attention danger seealso versionadded versionchanged"
    " versionremoved deprecated admonition topic".split()
)
_HEADER_LINE: Final = re.compile(r"^\s*[A-Z]\w+(?: \w+)?:\s*$")
"""A heading of a docstring in Google's or NumPy's manner: ``Returns:``."""
_SKIPPED_LINE: Final = re.compile(
    r"^\s*(?:\.\.(?:\s|$)|\||\+[-=+]+|=+(?:\s+=+)+\s*$|<!--|\[\]:|\[!\[|:\w+:\s*$)"
)


def _document_blocks(lines: Sequence[str], first_line: int, role: Role) -> Iterator[_Block]:
    heading, gathered, begun = "", [], 0
    code = ""  # the fence that must close, or the indent that must end
    indent = -1

    def block() -> Iterator[_Block]:
        if gathered:
            yield _Block(begun, tuple(gathered), role, heading)
            gathered.clear()

    for at, line in enumerate(lines):
        number = first_line + at
        stripped = line.strip()
        if code:
            code = "" if stripped.startswith(code) else code
            continue
        if indent >= 0:
            if not stripped or _indent(line) > indent:
                continue
            indent = -1
        following = lines[at + 1] if at + 1 < len(lines) else ""
        title = _MD_HEADING.match(line)
        if fence := _FENCE.match(line):
            yield from block()
            code = fence.group().strip()[:3]
        elif title or (
            stripped and _UNDERLINE.match(following) and len(following.strip()) >= len(stripped) - 2
        ):
            yield from block()
            heading = plain(title[2] if title else stripped)
            yield _Block(number, (title[2] if title else line,), Role.TITLE, heading)
        elif not stripped or _UNDERLINE.match(line) or _HEADER_LINE.match(line):
            yield from block()
        elif directive := _DIRECTIVE.match(line):
            yield from block()
            if directive[1] in _PROSE_DIRECTIVES:
                if directive[2]:
                    begun = number
                    gathered.append(directive[2])
            elif directive[1].startswith(
                ("code", "parsed", "literal", "sourcecode", "image", "figure", "toctree")
            ):
                indent = _indent(line)
        elif _SKIPPED_LINE.match(line):
            yield from block()
        else:
            mark = _ITEM.match(line) or _FIELD.match(line)
            if mark or not gathered:
                yield from block()
                begun = number
            gathered.append(line[mark.end() :] if mark else line)
            if stripped.endswith("::") and not following.strip():
                yield from block()
                indent = _indent(line)
    yield from block()


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


# -------------------------------------------------------------------------------- messages

_TRAILER: Final = re.compile(
    r"^(?:[A-Z][A-Za-z]+-[A-Za-z-]+: |git-svn-id:|Cherry-picked|\(cherry picked|diff --git|Merge:)"
)


def _message_blocks(lines: Sequence[str], first_line: int) -> Iterator[_Block]:
    body = list(lines)
    if first_line == 1:
        yield _Block(1, (lines[0],), Role.SUBJECT)
        body[0] = ""
    body = ["" if _TRAILER.match(line) else line for line in body]
    for block in _document_blocks(body, first_line, Role.BODY):
        yield _Block(block.start_line, block.lines, Role.BODY)


# -------------------------------------------------------------------------------- comments

_HASH: Final = frozenset(
    "python ruby bash shell sh perl r yaml toml make makefile dockerfile powershell elixir julia tcl"
    " properties ini conf gitignore terraform hcl nix crystal cmake awk".split()
)
_DASH: Final = frozenset("sql lua ada haskell vhdl plsql ddl elm".split())
_SEMI: Final = frozenset("asm assembly assembler lisp scheme clojure commonlisp elisp ini".split())
_PERCENT: Final = frozenset("erlang matlab tex latex prolog".split())

_SLASH_LINE: Final = re.compile(r"^\s*//[/!]*\s?(.*)$")
_BLOCK_OPEN: Final = re.compile(r"^\s*(?:/\*+!?|<!--|\{-+|\(\*+|=begin\b|--\[\[)\s?")
_BLOCK_CLOSE: Final = re.compile(r"\s*(?:\*+/|-->|-\}|\*+\)|=end\b|\]\])\s*$")
_STAR: Final = re.compile(r"^\s*\*+(?!/)\s?")
_TRIPLE: Final = re.compile(r"^\s*[rRuUbBfF]{0,2}(\"\"\"|''')")
_KEYED: Final = re.compile(r"^\s*[A-Z][\w -]{1,18}\s*:\s+\S")
_TRAILING: Final = re.compile(r"(?<=[\w)\]};,:'\"{])\s+(#|//|--)\s+([^'\"]*[A-Za-z]{3}[^'\"]*)$")
_RULER: Final = re.compile(r"^[\s\-=*#~_+/\\;!.<>|]*$")
_CODED: Final = re.compile(
    r"^\s*(?:def|class|async|import|from|return|if|for|while|try|with|raise|@|#)\b|[=(\[{,)]\s*$|\w\(|\w = |^\s*[@#]"
)


def _comment_blocks(lines: Sequence[str], first_line: int, language: str) -> Iterator[_Block]:
    gathered: list[str] = []
    begun = first_line
    closing, role = _begins_inside(lines, language)

    def block() -> Iterator[_Block]:
        if gathered:
            # A comment is written in the markup of its documents: fields, items, code samples.
            yield from _document_blocks(list(gathered), begun, role)
            gathered.clear()

    for at, line in enumerate(lines):
        number = first_line + at
        if closing:
            shut = closing in line
            text = line.partition(closing)[0] if shut else line
            if role is Role.COMMENT or closing == "*/":
                text = _STAR.sub("", text)
            gathered.append("" if _RULER.match(text) else text)
            if shut:
                closing = ""
                yield from block()
            continue
        said = _line_comment(line, language)
        if said is not None and gathered and _KEYED.match(said):
            yield from block()
        if said is not None:
            if not gathered:
                begun, role = number, Role.COMMENT
            gathered.append("" if _RULER.match(said) else said)
            continue
        yield from block()
        begun = number
        if opened := _opened(line, language):
            closing, text, role = opened
            if closing in text:
                gathered.append(text.partition(closing)[0])
                closing = ""
                yield from block()
            else:
                gathered.append(text)
        elif trailing := _TRAILING.search(line):
            yield _Block(number, (trailing[2],), Role.COMMENT)
    yield from block()


def _begins_inside(lines: Sequence[str], language: str) -> tuple[str, Role]:
    """Return the sign that closes the comment in whose middle a passage begins, if it does."""
    if language == "python":
        for at, line in enumerate(lines):
            sign = '"""' if '"""' in line else "'''" if "'''" in line else ""
            if sign:
                before = [each for each in lines[:at] if each.strip()]
                coded = sum(bool(_CODED.search(each)) for each in before)
                ends_text = bool(line.partition(sign)[0].strip(" rRuUbBfF(")) and not _CODED.search(line)
                inside = ends_text or (bool(before) and coded * 3 < len(before))
                return (sign, Role.DOCSTRING) if inside else ("", Role.COMMENT)
        return "", Role.COMMENT
    for line in lines:
        if "*/" in line.partition("/*")[0]:
            return "*/", Role.DOCSTRING
        if "/*" in line:
            break
    return "", Role.COMMENT


def _opened(line: str, language: str) -> tuple[str, str, Role] | None:
    """Return the sign that closes the comment opened on this line, its text so far, its role."""
    if language == "python":
        triple = _TRIPLE.match(line)
        return (triple[1], line[triple.end() :], Role.DOCSTRING) if triple else None
    opened = _BLOCK_OPEN.match(line)
    if opened is None or language in ("cobol", "jcl"):
        return None
    sign = opened.group().strip()
    closing = {"<!--": "-->", "{-": "-}", "(*": "*)", "=begin": "=end", "--[[": "]]"}.get(
        sign.rstrip("*!"), "*/"
    )
    closing = "*)" if sign.startswith("(*") else closing
    role = Role.DOCSTRING if sign.startswith("/**") else Role.COMMENT
    return closing, line[opened.end() :], role


def _line_comment(line: str, language: str) -> str | None:
    """Return what a line of comment says, or None when the line is no comment."""
    stripped = line.lstrip()
    sign = ""
    if language in ("cobol", "copybook"):
        if len(line) > 6 and line[6] in "*/":
            return line[7:72].rstrip(" *")
        sign = "*>"
    elif language == "jcl":
        return line[3:72].strip(" *") if line.startswith("//*") else None
    elif language == "bms" or language.startswith("asm") or language == "hlasm":
        return line[1:71].strip(" *") if line.startswith("*") else None
    elif language.startswith("fortran"):
        if line[:1] in ("*", "C", "c") and line[1:2] in (" ", "*", "-", ""):
            return line[1:].strip()
        sign = "!"
    elif language in _HASH:
        sign = "#"
    elif language in _DASH:
        sign = "--"
    elif language in _SEMI:
        sign = ";"
    elif language in _PERCENT:
        sign = "%"
    elif language.startswith(("vb", "visual")):
        sign = "'"
    elif match := _SLASH_LINE.match(line):
        return match[1]
    elif language == "php" or language == "ini":
        sign = "#"
    if sign and stripped.startswith(sign):
        # Sphinx reads comments that begin with "#:".
        return stripped.lstrip(sign[0] if sign != "*>" else "*>").removeprefix(":").removeprefix(" ")
    return None


def comment_text(quote: str, kind: ChunkKind, language: str) -> str:
    """Return all prose of some lines as one plain text, for comparing a quotation with it."""
    return " ".join(sentence.text for sentence in sentences_of(kind, language, quote, 1))
