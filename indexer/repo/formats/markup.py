"""Documents by heading: Markdown, reStructuredText, AsciiDoc, and plain text.

Each is one pass over lines. Code blocks are passed over, since a shell comment in one looks
like a Markdown heading.
"""

from __future__ import annotations

import re

from indexer.repo.formats.outline import SCANNED, FormatParse, Mark, Mention, assemble, lines_of, word_set
from indexer.types import ReferenceKind, SymbolKind

JOINT = " > "
"""Between the headings on the way to a section."""

_LINK = re.compile(r"!?\[([^\[\]]*+)\]\(([^()\s]*+)[^()]*+\)")
_TAG = re.compile(r"<[^<>]*>")
_HTML_HEADING = re.compile(r"<[hH]([1-6])[ >]")
_DIRECTIVE = re.compile(r"\.\. +([A-Za-z][\w:+-]*)::(?: +(.*))?$")
_LIST_ITEM = re.compile(r"(?:[-*+>|]|\d{1,9}[.)])(?:\s|$)")
_INCLUDES = frozenset({"include", "literalinclude"})
_NAMING = word_set(
    "function class method attribute exception data module setting option envvar confval signal "
    "event command cmdoption automodule autoclass autofunction automethod autoexception"
)
"""reStructuredText directives that define, or pull in, a named thing."""

_FENCED_ASCIIDOC = frozenset({"----", "....", "++++", "////", "```"})
_UNDERLINES = {"=": 1, "-": 2, "~": 3, "^": 4, "+": 5}


def markdown(text: str) -> FormatParse:
    """Read ATX, setext and one-line HTML headings, outside of code and comments."""
    lines = lines_of(text)
    marks: list[Mark] = []
    mentions: list[Mention] = []
    fence = ""
    comment = False
    paragraph = 0
    start = _front_matter(lines)
    for number, whole in enumerate(lines[start:], start + 1):
        line = whole[:SCANNED].rstrip()
        bare = line.lstrip(" ")
        indent = len(line) - len(bare)
        if fence:
            if indent < 4 and bare.startswith(fence) and not bare.strip(fence[0]):
                fence = ""
            continue
        if comment or bare.startswith("<!--"):
            comment = "-->" not in whole
            continue
        opened = _fence(bare) if indent < 4 else ""
        if opened:
            fence, paragraph = opened, 0
            continue
        if "](" in line:
            mentions += _links(line, number)
        level, title = _markdown_heading(bare) if indent < 4 else (0, "")
        if level:
            marks.append(_heading(number, level, title))
            paragraph = 0
        elif paragraph and indent < 4 and bare and not bare.strip(bare[0]) and bare[0] in "=-":
            title = " ".join(each[:SCANNED].strip() for each in lines[paragraph - 1 : number - 1])
            marks.append(_heading(paragraph, 1 if bare[0] == "=" else 2, title))
            paragraph = 0
        elif not bare or bare[0] in "|<" or _LIST_ITEM.match(bare) or (indent >= 4 and not paragraph):
            paragraph = 0
        else:
            paragraph = paragraph or number
            # Three lines are a paragraph with a rule below it, whatever the standard says.
            if number - paragraph > 2:
                paragraph = 0
    return assemble(lines, marks, mentions, JOINT)


def restructured_text(text: str) -> FormatParse:
    """Read titles by their adornment (levels in order of appearance) and naming directives."""
    lines = lines_of(text)
    marks: list[Mark] = []
    mentions: list[Mention] = []
    styles: dict[tuple[str, bool], int] = {}
    depth = 0
    taken = 0
    tree = -1
    for number, whole in enumerate(lines, 1):
        line = whole[:SCANNED].rstrip()
        if line.lstrip().startswith(".. "):
            tree = len(line) - len(line.lstrip()) if "toctree::" in line else -1
            _directive(line.lstrip(), number, depth, marks, mentions)
            continue
        if tree >= 0 and line:
            if len(line) - len(line.lstrip()) <= tree:
                tree = -1
            elif not line.lstrip().startswith(":"):
                mentions.append(Mention(number, _toctree_entry(line), ReferenceKind.USE))
        if number - 1 <= taken or not _is_adornment(line):
            continue
        title = lines[number - 2][:SCANNED].strip()
        above = lines[number - 3][:SCANNED].rstrip() if number > 2 else ""
        overlined = bool(above) and above == line and number - 2 > taken
        if not _is_title(lines[number - 2][:SCANNED], title, line, overlined):
            continue
        style = (line[0], overlined)
        depth = styles.setdefault(style, len(styles) + 1)
        first = number - 2 if overlined else 0
        marks.append(_heading(number - 1, min(depth, 8), title.strip("`*"), first))
        taken = number
    return assemble(lines, marks, mentions, JOINT)


def asciidoc(text: str) -> FormatParse:
    """Read ``== Title`` headings and two-line titles, outside of delimited blocks."""
    lines = lines_of(text)
    marks: list[Mark] = []
    mentions: list[Mention] = []
    block = ""
    previous = ""
    for number, whole in enumerate(lines, 1):
        line = whole[:SCANNED].rstrip()
        if block:
            if line == block:
                block = ""
            previous = ""
            continue
        level = len(line) - len(line.lstrip("="))
        underlined = bool(previous) and line[:1] in _UNDERLINES and not line.strip(line[0])
        if 1 <= level <= 6 and line[level : level + 1] == " ":
            marks.append(_heading(number, level, line[level:]))
        elif underlined and len(line) > 2 and abs(len(line) - len(previous)) <= 1:
            marks.append(_heading(number - 1, _UNDERLINES[line[0]], previous))
            line = ""
        elif line[:4] in _FENCED_ASCIIDOC and not line.strip(line[0]):
            block = line
        elif line.startswith("include::"):
            mentions.append(Mention(number, line[9:].partition("[")[0], ReferenceKind.COPY))
        previous = line if line[:1].isalnum() else ""
    return assemble(lines, marks, mentions, JOINT)


def plain_text(text: str) -> FormatParse:
    """Read underlined titles and lines in capitals that stand alone."""
    lines = lines_of(text)
    marks: list[Mark] = []
    for number, whole in enumerate(lines, 1):
        line = whole[:SCANNED].strip()
        above = lines[number - 2].strip() if number > 1 else ""
        below = lines[number][:SCANNED].strip() if number < len(lines) else ""
        if above or not line or len(line) > 72:
            continue
        if len(below) > 2 and below[0] in "=-~" and not below.strip(below[0]):
            marks.append(_heading(number, 1 if below[0] == "=" else 2, line))
        elif not below and line.isupper() and sum(map(str.isalpha, line)) > 3 and line[0].isalnum():
            marks.append(_heading(number, 1, line))
    return assemble(lines, marks, (), JOINT)


def _heading(line: int, level: int, title: str, first: int = 0) -> Mark:
    plain = _TAG.sub("", _LINK.sub(r"\1", title[:SCANNED]))
    name = " ".join(plain.replace("`", "").replace("**", "").split())
    return Mark(line, level, name or "(untitled)", SymbolKind.HEADING, first=first)


def _front_matter(lines: list[str]) -> int:
    """Return how many lines of YAML stand before the document (Jekyll, Hugo)."""
    if not lines or lines[0].rstrip() != "---":
        return 0
    for number, line in enumerate(lines[1:200], 2):
        if line.rstrip() in ("---", "..."):
            return number
    return 0


def _fence(bare: str) -> str:
    for sign in "`~":
        length = len(bare) - len(bare.lstrip(sign))
        if length >= 3 and (sign == "~" or "`" not in bare[length:]):
            return sign * length
    return ""


def _markdown_heading(bare: str) -> tuple[int, str]:
    """Return the level and the title of a heading line, or (0, "")."""
    if bare.startswith("#"):
        title = bare.lstrip("#")
        level = len(bare) - len(title)
        if level <= 6 and (not title or title[0] in " \t"):
            closed = title.rstrip()
            shorn = closed.rstrip("#")
            return level, (shorn if shorn.endswith((" ", "\t")) or not shorn else closed).strip()
    found = _HTML_HEADING.match(bare)
    if found:
        title = _TAG.sub("", bare).strip()
        return (int(found[1]), title) if title else (0, "")
    return 0, ""


def _links(line: str, number: int) -> list[Mention]:
    """Return the files of this repository that a line links to."""
    targets = (found[2].partition("#")[0] for found in _LINK.finditer(line))
    return [
        Mention(number, target, ReferenceKind.USE)
        for target in targets
        if target and ":" not in target and not target.startswith("/")
    ]


def _is_adornment(line: str) -> bool:
    return len(line) > 1 and not line[0].isalnum() and line[0] not in " \t" and not line.strip(line[0])


def _is_title(raw: str, title: str, adornment: str, overlined: bool) -> bool:
    if not title or _is_adornment(title) or title.startswith((".. ", "|")):
        return False
    if raw[:1].isspace() and not overlined:
        return False
    return len(adornment) >= len(title) or (len(adornment) > 3 and len(adornment) >= len(title) - 3)


def _toctree_entry(line: str) -> str:
    entry = line.strip()
    return entry[:-1].rpartition("<")[2] if entry.endswith(">") else entry


def _directive(bare: str, number: int, depth: int, marks: list[Mark], mentions: list[Mention]) -> None:
    found = _DIRECTIVE.match(bare)
    if found is None or not found[2]:
        return
    kind, argument = found[1].rpartition(":")[2], found[2].strip()
    if kind in _INCLUDES:
        mentions.append(Mention(number, argument, ReferenceKind.COPY))
    elif kind in _NAMING:
        name = argument.partition("(")[0].strip()
        marks.append(Mark(number, depth + 1, name, SymbolKind.KEY, last=number, signature=bare, cut=False))
        if kind.startswith("auto"):
            mentions.append(Mention(number, name, ReferenceKind.USE))
