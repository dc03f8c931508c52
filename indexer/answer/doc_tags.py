"""Turn the tags in doc comments (Javadoc, JSDoc, C#'s XML, Doxygen) into the breaks and marks of plain text.

A `<p>` on a line of its own parts two paragraphs as an empty line does in Markdown. Lines stay what they
are: what is cut in the middle becomes two pieces of the same line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

_BLOCK: Final = (
    "p|br|hr|div|ul|ol|dl|dt|dd|blockquote|table|caption|thead|tbody|tr|td|th|center|section"
    # C# and Visual Basic
    "|summary|remarks|para|example|list|listheader|term|description|value|exception|permission|returns"
)
_TAG: Final = re.compile(
    rf"<(?P<close>/?)(?P<name>(?:{_BLOCK}|li|item|pre|h[1-6]|param|typeparam)|(?:P|BR|UL|OL|LI|PRE|H[1-6]))\b"
    r"(?P<rest>[^<>]*)>"
)
_SPANS: Final = re.compile(r"\{@\w+[^{}]*\}|``[^`]*``|`[^`]*`|<code>.*?</code>|<c>.*?</c>|<tt>.*?</tt>")
"""Code within a line, whose tags are what it speaks of."""

_TITLE: Final = re.compile(r"^\s*<h([1-6])\b[^<>]*>(.*?)</h\1>\s*$", re.I)
_LONE_CODE: Final = re.compile(r"^\s*<code\b[^<>]*>\s*$|^\s*<code\b[^<>]*>(?!.*</code>).*[;{]\s*$")
_NAME: Final = re.compile(r"\bname\s*=\s*[\"']([^\"']+)[\"']")
_CREF: Final = re.compile(r"\bcref\s*=\s*[\"'](?:\w:)?([^\"']+)[\"']")
_MENTIONED: Final = re.compile(r"[\w,] $|[\"'(]$")
"""Before a tag that is spoken of in the middle of a sentence: "wraps it in a <p> element"."""

_FIELDS: Final = {"returns": "@return", "param": "@param", "typeparam": "@typeparam", "exception": "@throws"}
_CODE_ENDS: Final = {"pre": re.compile(r"</pre>", re.I), "code": re.compile(r"</code>")}


def unfolded(lines: Sequence[str]) -> list[tuple[int, str]]:
    """Return (number from 0, text) of each piece of a doc comment without its block-level tags.

    A tag that parts paragraphs becomes an empty piece, an item of a list begins with its mark, a heading is
    one of Markdown, what is given as code is left out.
    """
    return list(_Unfolding().read(lines))


class _Unfolding:
    """Reads the lines of one comment, and knows which lists and which code it is in."""

    def __init__(self) -> None:
        self._code = ""  # the tag whose end closes the code that we are in
        self._lists: list[bool] = []  # of each list around here whether it is numbered
        self._mark = ""  # of the item or the field that the next text begins

    def read(self, lines: Sequence[str]) -> Iterator[tuple[int, str]]:
        for number, line in enumerate(lines):
            for text in self._line(line):
                yield number, text

    def _line(self, line: str) -> Iterator[str]:
        if self._code:
            ended = _CODE_ENDS[self._code].search(line)
            if ended is None:
                return
            self._code = ""
            line = line[ended.end() :]
            yield ""
        if title := _TITLE.match(line):
            yield ""
            yield f"## {title[2].strip()}"
            return
        if _LONE_CODE.match(line):
            self._code = "code"
            yield ""
            return
        yield from self._pieces(line)

    def _pieces(self, line: str) -> Iterator[str]:
        spans = [match.span() for match in _SPANS.finditer(line)]
        at, broken = 0, False
        for tag in _TAG.finditer(line):
            inside = any(start <= tag.start() < end for start, end in spans)
            if tag.start() < at or inside or _is_mentioned(line, tag):
                continue
            yield from self._text(line[at : tag.start()])
            yield ""
            at, broken = tag.end(), True
            name = tag["name"].lower()
            if name == "pre" and not tag["close"]:
                ended = _CODE_ENDS["pre"].search(line, at)
                if ended is None:
                    self._code = "pre"
                    return
                at = ended.end()
            else:
                self._opened(name, tag)
        if not broken:
            # An empty line is told from one whose tags alone were taken off: it was yielded already.
            yield from self._text(line) if line.strip() else iter([line])
        else:
            yield from self._text(line[at:])

    def _text(self, text: str) -> Iterator[str]:
        if text.strip():
            yield f"{self._mark}{text.lstrip()}" if self._mark else text
            self._mark = ""

    def _opened(self, name: str, tag: re.Match[str]) -> None:
        if tag["close"]:
            if name in ("ul", "ol", "list") and self._lists:
                self._lists.pop()
            return
        if name in ("ul", "ol", "list"):
            numbered = name == "ol" or "number" in tag["rest"]
            self._lists.append(numbered)
        elif name in ("li", "item"):
            # Its number stands nowhere in the text, so none is quoted.
            self._mark = "#. " if self._lists and self._lists[-1] else "- "
        elif name in _FIELDS:
            named = _NAME.search(tag["rest"]) or _CREF.search(tag["rest"])
            self._mark = f"{_FIELDS[name]} {named[1]} " if named else f"{_FIELDS[name]} "


def _is_mentioned(line: str, tag: re.Match[str]) -> bool:
    """Return whether a sentence speaks of a tag, in place of being parted by it."""
    before, after = line[: tag.start()], line[tag.end() :]
    if not _MENTIONED.search(before):
        return False
    return before[-1] in "\"'(" or (after[:1] == " " and after.lstrip()[:1].islower())
