"""Code cut into words, strings and brackets, without a grammar: enough to read a call and its arguments.

A grammar may hang or crash on hostile bytes, and may only run in a worker that can be killed; this
reads any text in time linear to its length, Python 2 and half-broken files too. Comments are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from typing import Final, NamedTuple


class Kind(Enum):
    """What a token is. DOT is what stands between the parts of a name: ``.  ->  ::  ?.``."""

    NAME = 1
    STRING = 2
    NUMBER = 3
    OPEN = 4
    CLOSE = 5
    DOT = 6
    SIGN = 7


class Token(NamedTuple):
    """One token. ``text`` of a STRING is its value, without quotes; ``varies``: parts of it are computed.

    A tuple, since a large repository has millions of them and a frozen dataclass takes longer to make.
    """

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


def word(text: str) -> str:
    r"""Return a pattern for a text at whose start a word starts.

    As fast as one without that condition: before a pattern that begins with ``\b`` every place is tried.
    """
    return rf"{text[0]}(?<!\w{text[0]}){text[1:]}"


_NAME: Final = r"(?P<name>[^\W\d]\w*)"
_NUMBER: Final = r"(?P<number>\d[\w.]*)"
_REST: Final = r"(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<sign>=>|==|!=|<=|>=|&&|\|\||:=|\+=|\*\*|[^\s\w])"
_DOTS: Final = r"(?P<dot>\?\.|->|::|&\.|\.(?!\.))"
_BLOCK: Final = r"/\*.*?(?:\*/|\Z)"
_DOUBLE: Final = r'"(?:[^"\\\n]|\\.)*"'
_SINGLE: Final = r"'(?:[^'\\\n]|\\.)*'"
_TRIPLE: Final = r'"""(?:[^"\\]|\\.|"(?!""))*"""'

# Names come first, as the most frequent; only Python's strings may begin with a letter.
_PATTERNS: Final = {
    "python": (
        r"(?P<name>[^\W\d]\w*+)(?![\"'])",
        r"(?P<comment>\#[^\n]*)",
        rf"(?P<string>[rRbBuUfF]{{0,3}}(?:{_TRIPLE}|'''(?:[^'\\]|\\.|'(?!''))*'''|{_DOUBLE}|{_SINGLE}))",
        r"(?P<word>[^\W\d]\w*)",
    ),
    "c": (_NAME, rf"(?P<comment>//[^\n]*|{_BLOCK})", rf"(?P<string>{_TRIPLE}|{_DOUBLE}|{_SINGLE})"),
    "go": (_NAME, rf"(?P<comment>//[^\n]*|{_BLOCK})", rf"(?P<string>`[^`]*`|{_DOUBLE}|{_SINGLE})"),
    "csharp": (
        _NAME,
        rf"(?P<comment>//[^\n]*|{_BLOCK})",
        rf'(?P<string>\$?@\$?"(?:[^"]|"")*"|\$?{_TRIPLE}|\$?{_DOUBLE}|{_SINGLE})',
    ),
    "script": (
        r"(?P<name>[^\W\d][\w$]*|\$[\w$]*)",
        rf"(?P<comment>//[^\n]*|{_BLOCK})",
        rf"(?P<string>`(?:[^`\\]|\\.)*`|{_DOUBLE}|{_SINGLE})",
    ),
    "php": (
        r"(?P<name>\$?[^\W\d]\w*(?:\\[^\W\d]\w*)*)",
        rf"(?P<comment>//[^\n]*|\#(?!\[)[^\n]*|{_BLOCK})",
        r"(?P<string>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')",
    ),
    "ruby": (
        r"(?P<name>@{0,2}[^\W\d]\w*[?!]?)",
        r"(?P<comment>\#[^\n]*|^=begin\b.*?(?:^=end\b|\Z))",
        rf"(?P<string>{_DOUBLE}|{_SINGLE}|:\"[^\"\n]*\"|(?<![:\w]):[^\W\d]\w*[?!]?)",
    ),
}
_LEXERS: Final = {
    # The blanks before a token belong to its match: at each of them all the rest would be tried.
    family: re.compile(rf"\s*+(?:{'|'.join((*parts, _NUMBER, _DOTS, _REST))})", re.DOTALL | re.MULTILINE)
    for family, parts in _PATTERNS.items()
}
_KINDS: Final = {
    "name": Kind.NAME,
    "word": Kind.NAME,
    "string": Kind.STRING,
    "number": Kind.NUMBER,
    "open": Kind.OPEN,
    "close": Kind.CLOSE,
    "dot": Kind.DOT,
    "sign": Kind.SIGN,
}
"""What a group of a lexer finds; a comment is none of them."""
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
    # A lexer looks for what stands behind blanks, so that there must be something.
    return _cut(text.rstrip(), family, start)


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


def _cut(text: str, family: str, start: int) -> list[Token]:
    lexer = _LEXERS[family]
    groups = {number: name for name, number in lexer.groupindex.items()}
    kinds = [_KINDS.get(groups.get(number, "")) for number in range(lexer.groups + 1)]
    script = family == "script"
    tokens: list[Token] = []
    # Without the call of Token's own constructor: there are millions of them.
    add, new = tokens.append, tuple.__new__
    line, counted, ends = 1, 0, -1
    at: int | None = start
    while at is not None:
        matches, at = lexer.finditer(text, at), None
        for found in matches:
            group = found.lastindex or 0
            kind = kinds[group]
            if kind is None:
                continue
            begins = found.start(group)
            if begins > ends:
                line += text.count("\n", counted, begins)
                counted, ends = begins, text.find("\n", begins)
                if ends < 0:
                    ends = len(text)
            word = found[group]
            if kind is Kind.STRING:
                add(_string(word, line, family))
            elif script and word == "/" and (literal := _literal(text, begins, tokens)) is not None:
                add(Token(Kind.STRING, literal, line, varies=True))
                at = begins + len(literal)
                break
            else:
                add(new(Token, (kind, word, line, False)))
    return tokens


def _literal(text: str, at: int, before: Sequence[Token]) -> str | None:
    """Return the regular expression that a slash begins, or None where the slash divides."""
    if before and (before[-1].kind is Kind.STRING or before[-1].text not in _BEFORE_REGEX):
        return None
    found = _REGEX.match(text, at)
    return None if found is None else found.group()


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
