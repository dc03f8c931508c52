"""Configuration that nests by brackets: JSON by keys, XML by elements, as flat lists of tokens.

No tree is built and nothing recurses, so that a million open brackets are only a million
tokens; no entity of an XML file is ever expanded, since none is ever looked at.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace

from indexer.repo.formats.outline import FormatParse, Mark, Mention, assemble, lines_of, thin, word_set
from indexer.types import ReferenceKind, SymbolKind

DEPTH_MAX = 5
"""Keys and elements further inside are found by their words, not as symbols."""

UNNAMED_MAX = 3
"""Elements without a name of their own are marked this far inside."""

ATTRIBUTES_MAX = 4_000
"""Characters of one tag that are looked at."""

JSON_TOKEN = re.compile(
    r"""("(?:[^"\\\n]++|\\.)*+"?)|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/)?|[{}\[\],:]""", re.DOTALL
)
_TAG = re.compile(r"""<(/?)([A-Za-z_][\w:.-]*+)((?:[^"'<>]++|"[^"<]*+"|'[^'<]*+')*+)>?""")
_ATTRIBUTE = re.compile(r"""(?<![\w:.-])([\w:.-]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")
_NAMING_ATTRIBUTES = (
    "id",
    "name",
    "key",
    "android:name",
    "JOBNAME",
    "FOLDER_NAME",
    "Include",
    "path",
    "Name",
    "x:Name",
    "x:Key",
)
_NAMED_LATER = word_set(
    "dependency plugin parent execution profile servlet filter bean job resource repository extension rule"
)
"""Elements that carry their name in an element inside them."""

_NAMING_ELEMENTS = word_set(
    "artifactId id name servlet-name filter-name ejb-name job-name action-name bean-name module"
)
"""Elements whose text names the element around them (Maven, web.xml)."""

_TYPED = frozenset(
    {"class", "type", "ref", "MEMNAME", "parent", "factory-bean", "extends", "targetNamespace"}
)
"""Attributes that name a class, a bean or a job defined elsewhere."""

_TYPED_ELEMENTS = frozenset({"servlet-class", "filter-class", "listener-class", "mainClass", "main-class"})


def json(text: str) -> FormatParse:
    """Read keys of objects; comments, as in ``tsconfig.json``, are passed over."""
    lines = lines_of(text)
    starts = line_starts(lines)
    marks: list[Mark] = []
    brackets: list[str] = []
    opened: list[int] = []
    """Index of the mark whose value each open bracket is, or -1."""
    word = ""
    at = 0
    last_key = -1
    for found in JSON_TOKEN.finditer(text):
        sign = found[0]
        if found[1]:
            word, at = sign, found.start()
        elif sign in "{[":
            brackets.append(sign)
            opened.append(last_key)
            last_key, word = -1, ""
        elif sign in "}]":
            if brackets:
                brackets.pop()
                closed = opened.pop()
                if closed >= 0:
                    marks[closed] = replace(marks[closed], last=bisect_right(starts, found.start()))
            last_key, word = -1, ""
        elif sign == ":" and word:
            last_key = -1
            if brackets and brackets[-1] == "{" and len(brackets) <= DEPTH_MAX:
                line = bisect_right(starts, at)
                signature = lines[line - 1].strip()[:120]
                last_key = len(marks)
                name = word.strip('"')
                marks.append(Mark(line, len(brackets), name, SymbolKind.KEY, last=line, signature=signature))
            word = ""
        elif sign == ",":
            last_key, word = -1, ""
    return assemble(lines, thin(marks, len(lines), always=3))


@dataclass(slots=True)
class _Element:
    """An open element, its mark (-1: too far inside), and where its text begins."""

    tag: str
    mark: int
    text: int
    named: bool


@dataclass(slots=True)
class _Xml:
    """What is collected from one XML text."""

    text: str
    lines: list[str]
    starts: list[int]
    marks: list[Mark] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    around: list[_Element] = field(default_factory=list)

    def open(self, tag: str, attributes: str, at: int, end: int) -> None:
        """Begin an element."""
        line = bisect_right(self.starts, at)
        known = {key: one or two for key, one, two in _ATTRIBUTE.findall(attributes[:ATTRIBUTES_MAX])}
        self.mentions += [Mention(line, known[key], ReferenceKind.USE) for key in _TYPED if known.get(key)]
        depth = len(self.around) + 1
        name = next((known[key] for key in _NAMING_ATTRIBUTES if known.get(key)), "")
        mark = -1
        if depth <= (DEPTH_MAX if name or tag in _NAMED_LATER else UNNAMED_MAX):
            mark = len(self.marks)
            signature = " ".join(self.text[at : min(end, at + 300)].split())
            self.marks.append(Mark(line, depth, name or tag, SymbolKind.KEY, last=line, signature=signature))
        if not attributes.rstrip().endswith("/"):
            self.around.append(_Element(tag, mark, end, bool(name)))

    def close(self, tag: str, at: int) -> None:
        """End the innermost open element of this name, and whatever was left open in it."""
        line = bisect_right(self.starts, at)
        # A stray closing tag must not search the whole stack each time: look a few levels up.
        near = [each.tag for each in self.around[-8:]]
        if tag not in near:
            return
        while True:
            element = self.around.pop()
            if element.mark >= 0:
                self.marks[element.mark] = replace(self.marks[element.mark], last=line)
            if element.tag == tag:
                break
        content = self.text[element.text : at] if at - element.text < 200 else ""
        if content and "<" not in content:
            self._said(tag, content.strip(), line)

    def _said(self, tag: str, content: str, line: int) -> None:
        if tag in _TYPED_ELEMENTS:
            self.mentions.append(Mention(line, content, ReferenceKind.USE))
        if tag not in _NAMING_ELEMENTS or not self.around or not content:
            return
        outer = self.around[-1]
        if outer.mark >= 0 and not outer.named:
            mark = self.marks[outer.mark]
            self.marks[outer.mark] = replace(mark, name=content, signature=f"<{outer.tag}> {content}")
            outer.named = True


def xml(text: str) -> FormatParse:
    """Read elements, named by their id or name; comments, CDATA and declarations are passed over."""
    lines = lines_of(text)
    found = _Xml(text, lines, line_starts(lines))
    at = text.find("<")
    while at >= 0:
        closer = next((pair for pair in _PASSED if text.startswith(pair[0], at)), None)
        if closer is not None:
            end = text.find(closer[1], at + len(closer[0]))
            if end < 0:
                break
            at = text.find("<", end)
            continue
        tag = _TAG.match(text, at)
        if tag is not None and tag[1]:
            found.close(tag[2], at)
        elif tag is not None:
            found.open(tag[2], tag[3], at, tag.end())
        at = text.find("<", tag.end() if tag is not None else at + 1)
    return assemble(lines, thin(found.marks, len(lines), DEPTH_MAX), found.mentions)


_PASSED = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">"))


def line_starts(lines: list[str]) -> list[int]:
    """Return the offset of each line's first character."""
    starts: list[int] = []
    offset = 0
    for line in lines:
        starts.append(offset)
        offset += len(line) + 1
    return starts
