"""Code cut into words, strings and brackets, without a grammar: enough to read a call and its arguments.

A grammar may hang or crash on hostile bytes, and may only run in a worker that can be killed; this
reads any text in time linear to its length, Python 2 and half-broken files too. Comments are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final


class Kind(Enum):
    """What a token is. DOT is what stands between the parts of a name: ``.  ->  ::  ?.``."""

    NAME = 1
    STRING = 2
    NUMBER = 3
    OPEN = 4
    CLOSE = 5
    DOT = 6
    SIGN = 7


@dataclass(frozen=True, slots=True)
class Token:
    """One token. ``text`` of a STRING is its value, without quotes; ``varies``: parts of it are computed."""

    kind: Kind
    text: str
    line: int
    varies: bool = False


FAMILIES: Final = {
    "python": "python",
    "java": "c",
    "kotlin": "c",
    "scala": "c",
    "groovy": "c",
    "go": "go",
    "csharp": "csharp",
    "rust": "c",
    "javascript": "script",
    "typescript": "script",
    "tsx": "script",
    "vue": "script",
    "svelte": "script",
    "php": "php",
    "ruby": "ruby",
}
"""Languages that are read, by how they write strings and comments."""

_NAME: Final = r"(?P<name>[^\W\d]\w*)"
_NUMBER: Final = r"(?P<number>\d[\w.]*)"
_REST: Final = r"(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<sign>=>|==|!=|<=|>=|&&|\|\||:=|\+=|\*\*|[^\s\w])"
_DOTS: Final = r"(?P<dot>\?\.|->|::|&\.|\.(?!\.))"
_BLOCK: Final = r"/\*.*?(?:\*/|\Z)"
_DOUBLE: Final = r'"(?:[^"\\\n]|\\.)*"'
_SINGLE: Final = r"'(?:[^'\\\n]|\\.)*'"
_TRIPLE: Final = r'"""(?:[^"\\]|\\.|"(?!""))*"""'

_PATTERNS: Final = {
    "python": (
        r"(?P<comment>\#[^\n]*)",
        rf"(?P<string>[rRbBuUfF]{{0,3}}(?:{_TRIPLE}|'''(?:[^'\\]|\\.|'(?!''))*'''|{_DOUBLE}|{_SINGLE}))",
        _NAME,
    ),
    "c": (rf"(?P<comment>//[^\n]*|{_BLOCK})", rf"(?P<string>{_TRIPLE}|{_DOUBLE}|{_SINGLE})", _NAME),
    "go": (rf"(?P<comment>//[^\n]*|{_BLOCK})", rf"(?P<string>`[^`]*`|{_DOUBLE}|{_SINGLE})", _NAME),
    "csharp": (
        rf"(?P<comment>//[^\n]*|{_BLOCK})",
        rf'(?P<string>\$?@\$?"(?:[^"]|"")*"|\$?{_TRIPLE}|\$?{_DOUBLE}|{_SINGLE})',
        _NAME,
    ),
    "script": (
        rf"(?P<comment>//[^\n]*|{_BLOCK})",
        rf"(?P<string>`(?:[^`\\]|\\.)*`|{_DOUBLE}|{_SINGLE})",
        r"(?P<name>[^\W\d][\w$]*|\$[\w$]*)",
    ),
    "php": (
        rf"(?P<comment>//[^\n]*|\#(?!\[)[^\n]*|{_BLOCK})",
        r"(?P<string>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')",
        r"(?P<name>\$?[^\W\d]\w*(?:\\[^\W\d]\w*)*)",
    ),
    "ruby": (
        r"(?P<comment>\#[^\n]*|^=begin\b.*?(?:^=end\b|\Z))",
        rf"(?P<string>{_DOUBLE}|{_SINGLE}|:\"[^\"\n]*\"|(?<![:\w]):[^\W\d]\w*[?!]?)",
        r"(?P<name>@{0,2}[^\W\d]\w*[?!]?)",
    ),
}
_LEXERS: Final = {
    family: re.compile("|".join((*parts, _NUMBER, _DOTS, _REST)), re.DOTALL | re.MULTILINE)
    for family, parts in _PATTERNS.items()
}
_KINDS: Final = {
    "name": Kind.NAME,
    "number": Kind.NUMBER,
    "open": Kind.OPEN,
    "close": Kind.CLOSE,
    "dot": Kind.DOT,
    "sign": Kind.SIGN,
}
_REGEX: Final = re.compile(r"/(?![*/])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_BEFORE_REGEX: Final = frozenset("(,=:[!&|?{};")
_PREFIX: Final = re.compile(r"^[$@rRbBuUfF]{0,3}(?=[\"'`])")
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_HOLES: Final = {
    "python": re.compile(r"\{[^{}]*\}"),
    "csharp": re.compile(r"\{[^{}]*\}"),
    "script": re.compile(r"\$\{[^}]*\}"),
    "php": re.compile(r"\{\$[^}]*\}|\$\w+"),
    "ruby": re.compile(r"\#\{[^}]*\}"),
}
_PAIRS: Final = {"(": ")", "[": "]", "{": "}"}


def tokens_of(text: str, language: str) -> list[Token]:
    """Return the tokens of a text in one of FAMILIES, in order; lines are counted from 1."""
    family = FAMILIES[language]
    start = max(text.find("<?php"), 0) if family == "php" else 0
    return list(_cut(text, family, start))


def partners_of(tokens: Sequence[Token]) -> dict[int, int]:
    """Return the index of the bracket that belongs to each one, both ways; those without are left out."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    for index, token in enumerate(tokens):
        if token.kind is Kind.OPEN:
            waiting.append(index)
        elif token.kind is Kind.CLOSE:
            # A bracket that was never closed does not hide those around it.
            at = next(
                (place for place in reversed(waiting[-8:]) if _PAIRS[tokens[place].text] == token.text), None
            )
            if at is not None:
                while waiting[-1] != at:
                    waiting.pop()
                waiting.pop()
                found[at], found[index] = index, at
    return found


def holes_of(text: str, language: str) -> str:
    """Return a text with each computed part replaced by ``{?}``."""
    holes = _HOLES.get(FAMILIES[language])
    return text if holes is None else holes.sub("{?}", text)


def _cut(text: str, family: str, start: int) -> Iterator[Token]:
    lexer, line, counted, before = _LEXERS[family], 1, 0, ""
    at = start
    while (found := lexer.search(text, at)) is not None:
        line += text.count("\n", counted, found.start())
        counted, at = found.start(), found.end()
        kind, word = found.lastgroup, found.group()
        if kind == "comment":
            continue
        if family == "script" and word == "/" and (not before or before in _BEFORE_REGEX):
            literal = _REGEX.match(text, found.start())
            if literal is not None:
                at = literal.end()
                yield Token(Kind.STRING, literal.group(), line, varies=True)
                before = "/r/"
                continue
        before = word
        if kind == "string":
            yield _string(word, line, family)
        else:
            yield Token(_KINDS[kind or "sign"], word, line)


def _string(word: str, line: int, family: str) -> Token:
    """Return a string's value: its quotes cut off, its escapes undone unless it is a raw one."""
    if family == "ruby" and word[0] == ":":
        return Token(Kind.STRING, word[1:].strip('"'), line)
    lead = _PREFIX.match(word)
    marks = lead.group().lower() if lead is not None else ""
    body = word[len(marks) :]
    quote = body[:3] if body[:3] in ('"""', "'''") and len(body) >= 6 else body[:1]
    value = body[len(quote) : -len(quote)]
    raw = "r" in marks or "@" in marks or (family == "go" and quote == "`")
    if not raw and "\\" in value:
        value = _ESCAPE.sub(lambda found: {"n": "\n", "t": "\t"}.get(found.group(1), found.group(1)), value)
    holes = _HOLES.get(family)
    interpolates = {
        "python": "f" in marks,
        "csharp": "$" in marks,
        "script": quote == "`",
        "php": quote == '"',
        "ruby": quote == '"',
    }.get(family, False)
    varies = interpolates and holes is not None and holes.search(value) is not None
    return Token(Kind.STRING, value, line, varies)
