"""Reads what a call is given as pieces of fixed text and holes, in the string syntax of each language.

It reads the text of source files, which may be anything: it never fails, and it stops after CALL_LIMIT.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

HOLE: Final = None
Pieces = list[str | None]
"""Fixed texts, and holes (None) where a value is put in; holes never stand side by side."""

CALL_LIMIT: Final = 6_000
"""Characters of one call that are read: what is longer builds a page, and logs nothing."""


@dataclass(frozen=True, slots=True)
class Syntax:
    """How a family of languages writes strings, comments and values put into strings."""

    quotes: str = "\"'"
    """Delimiters of plain strings, one character each."""
    long_quotes: tuple[str, ...] = ()
    """Delimiters of strings that run over lines; looked for before the others."""
    raw_quotes: str = ""
    """Delimiters inside which a backslash means itself."""
    prefixes: str = ""
    """Letters and signs that may stand before a delimiter."""
    inserted: tuple[str, ...] = ()
    """What opens a value put in: ``${``, ``#{``, ``{`` (then only behind the prefix f or $)."""
    dollar_names: bool = False
    """``$name`` inside a string is a value."""
    only_double: bool = False
    """Values are put into double quotes alone."""
    doubled: bool = False
    """A quote inside a string is written twice, and a backslash means itself."""
    comments: tuple[tuple[str, str], ...] = (("//", "\n"), ("/*", "*/"))
    joins: str = "+"
    """Signs between parts of one text."""


_HASH: Final = (("#", "\n"),)
_C_LIKE: Final = Syntax(quotes='"', prefixes="LRu8")
SYNTAXES: Final[dict[str, Syntax]] = {
    "python": Syntax(
        long_quotes=('"""', "'''"), prefixes="rRbBuUfFtT", inserted=("{",), comments=_HASH, joins="+"
    ),
    "java": Syntax(quotes='"', long_quotes=('"""',)),
    "kotlin": Syntax(quotes='"', long_quotes=('"""',), inserted=("${",), dollar_names=True),
    "scala": Syntax(quotes='"', long_quotes=('"""',), prefixes="sf", inserted=("${",), dollar_names=True),
    "groovy": Syntax(
        long_quotes=('"""', "'''"), inserted=("${",), dollar_names=True, only_double=True
    ),
    "go": Syntax(quotes='"`', raw_quotes="`"),
    "javascript": Syntax(quotes="\"'`", inserted=("${",)),
    "rust": Syntax(quotes='"', prefixes="rb#"),
    "csharp": Syntax(quotes='"', long_quotes=('"""',), prefixes="$@", inserted=("{",)),
    "ruby": Syntax(inserted=("#{",), comments=_HASH, only_double=True),
    "php": Syntax(
        inserted=("${", "{$"), dollar_names=True, only_double=True,
        comments=(("//", "\n"), ("/*", "*/"), ("#", "\n")), joins=".",
    ),
    "perl": Syntax(inserted=("${", "@{"), dollar_names=True, only_double=True, comments=_HASH, joins="."),
    "bash": Syntax(inserted=("${", "$("), dollar_names=True, only_double=True, comments=(), joins=""),
    "elixir": Syntax(quotes='"', long_quotes=('"""',), inserted=("#{",), comments=_HASH, joins="<>"),
    "swift": Syntax(quotes='"', long_quotes=('"""',), inserted=("\\(",)),
    "dart": Syntax(long_quotes=('"""', "'''"), inserted=("${",), dollar_names=True),
    "c": _C_LIKE,
    "objc": Syntax(quotes='"', prefixes="@"),
    "lua": Syntax(comments=(("--", "\n"),), joins=".."),
    "sql": Syntax(quotes="'", doubled=True, comments=(("--", "\n"), ("/*", "*/")), joins="|"),
    "vb": Syntax(quotes='"', doubled=True, prefixes="$", inserted=("{",),
               comments=(("'", "\n"),), joins="&+"),
    "cobol": Syntax(doubled=True, comments=()),
    "powershell": Syntax(inserted=("$(", "${"), dollar_names=True, only_double=True, comments=_HASH),
}  # fmt: skip
_SAME: Final = {
    "cpp": "c", "cuda": "c", "typescript": "javascript", "tsx": "javascript", "vue": "javascript",
    "svelte": "javascript", "jsp": "java", "apex": "java", "gradle": "groovy", "plsql": "sql", "fish": "bash",
    "d": "java", "zig": "c", "vala": "java", "fsharp": "csharp",
}  # fmt: skip

# What a printf or a logger puts a value in for. A blank is no flag here: "100% of" is text.
_PLACEHOLDER: Final = re.compile(
    r"%%|%(?:\(\w+\)|\d+\$|\{[\w.]*\})?[#0+\-']*(?:\*|\d+)?(?:\.(?:\*|\d+)?)?(?:hh|h|ll|l|L|q|j|z|t|I64|w)?"
    r"[a-zA-Z@]|\{\{|\}\}|\{[\w.@$:!?,#<>*+=%\- ]{0,60}\}"
)
_NAME: Final = re.compile(r"[A-Za-z_$@][\w$]*!?|\d[\w.]*")
_DOLLAR: Final = re.compile(r"\$\w+(?:\.\w+|->\w+|\[\w*\])*|@\w+")
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "a": "\a", "b": "\b", "e": "\x1b", "\n": ""}
_HEX: Final = re.compile(r"x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|033")

_TRANSPARENT: Final = re.compile(
    r"(?:format|sprintf|Sprintf|Sprint|Errorf|formatted|gettext|ngettext|_|__|_t|tr|translate|concat|dedent|"
    r"bold|red|green|yellow|cyan|blue|style|colored|msg|errmsg|errdetail|errmsg_internal|N_|T|L|TEXT|"
    r"_T|f|lazy|format_args!|fmt|vsprintf|MessageFormat|strip|trim)\Z"
)
"""Calls whose first text is what they return, or nearly so."""


@dataclass(slots=True)
class Given:
    """One argument: its pieces, and where its first text begins (-1: it holds none)."""

    pieces: Pieces = field(default_factory=list)
    at: int = -1
    name: str = ""
    """The argument is this name alone, or a dotted path that ends in it."""
    names: list[str] = field(default_factory=list)
    """All names that occur in it."""

    def add(self, pieces: Sequence[str | None]) -> None:
        """Append pieces; texts side by side become one, and so do holes."""
        for piece in pieces:
            if self.pieces and isinstance(piece, str) and isinstance(self.pieces[-1], str):
                self.pieces[-1] += piece
            elif piece is not HOLE or not self.pieces or self.pieces[-1] is not HOLE:
                self.pieces.append(piece)


def syntax_of(language: str) -> Syntax | None:
    """Return how a language of the index writes strings; None where nothing of it is read."""
    return SYNTAXES.get(_SAME.get(language, language))


def read_arguments(text: str, start: int, syntax: Syntax, closing: str = ")") -> tuple[list[Given], int]:
    r"""Return what stands from ``start`` up to the closing sign that matches, and where that is.

    ``closing`` may be several signs; ``\n`` among them ends a call that is written without brackets.
    """
    return _Reader(text, start, syntax, closing).read()


def read_string(text: str, start: int, syntax: Syntax) -> tuple[Pieces, int] | None:
    """Return the pieces of the string that begins at ``start``, and where it ends; None if none does."""
    at = start
    while at < len(text) and text[at] in syntax.prefixes and at - start < 4:
        at += 1
    prefix = text[start:at]
    quote = next((each for each in syntax.long_quotes if text.startswith(each, at)), "")
    if not quote:
        quote = text[at : at + 1]
        if not quote or quote not in syntax.quotes:
            return None
    if prefix[:1].isalnum() and start and (text[start - 1].isalnum() or text[start - 1] == "_"):
        return None
    return _string(text, at + len(quote), quote, prefix, syntax)


def split_placeholders(text: str) -> Pieces:
    """Return fixed text with holes where a logger puts values in."""
    if "%" not in text and "{" not in text and "}" not in text:
        return [text] if text else []
    given = Given()
    position = 0
    for match in _PLACEHOLDER.finditer(text):
        given.add([text[position : match.start()]] if match.start() > position else [])
        found = match.group()
        given.add([found[0]] if found in ("%%", "{{", "}}") else [HOLE])
        position = match.end()
    given.add([text[position:]] if position < len(text) else [])
    return given.pieces


# ----------------------------------------------------------------------------------- private


def _string(text: str, at: int, quote: str, prefix: str, syntax: Syntax) -> tuple[Pieces, int] | None:
    raw = quote in syntax.raw_quotes or "r" in prefix.lower() or ("@" in prefix and quote == '"')
    inserted = _inserted(quote, prefix, syntax)
    dollars = syntax.dollar_names and not (syntax.only_double and quote[0] == "'")
    end = min(len(text), at + CALL_LIMIT)
    given, fixed = Given(), ""
    multi = len(quote) == 3 or quote == "`" or quote in syntax.raw_quotes
    while at < end:
        here = text[at]
        if text.startswith(quote, at):
            if (syntax.doubled or "@" in prefix) and text.startswith(quote * 2, at) and len(quote) == 1:
                fixed, at = fixed + quote, at + 2
                continue
            given.add(split_placeholders(fixed))
            return given.pieces, at + len(quote)
        opener = next((each for each in inserted if text.startswith(each, at)), "")
        if opener == "{" and text.startswith("{{", at):
            fixed, at = fixed + "{{", at + 2
        elif opener:
            given.add([*split_placeholders(fixed), HOLE])
            fixed, at = "", _after_value(text, at + len(opener), opener, end)
        elif here == "\\" and not raw and not syntax.doubled:
            fixed, at = _escape(text, at, fixed)
        elif dollars and here in "$@" and (match := _DOLLAR.match(text, at)) and (here == "$"):
            given.add([*split_placeholders(fixed), HOLE])
            fixed, at = "", match.end()
        elif here == "\n" and not multi and not (syntax.doubled or syntax.only_double):
            return None  # No string of this kind runs over a line: it was no string.
        else:
            fixed, at = fixed + here, at + 1
    return None


def _inserted(quote: str, prefix: str, syntax: Syntax) -> tuple[str, ...]:
    if syntax.only_double and quote[0] == "'":
        return ()
    if syntax.inserted == ("${",) and syntax.raw_quotes == "" and "`" in syntax.quotes and quote != "`":
        return ()
    if syntax.inserted == ("{",):
        return ("{",) if any(sign in prefix for sign in "fFtT$") else ()
    return syntax.inserted


def _after_value(text: str, at: int, opener: str, end: int) -> int:
    """Return where a value that was put in ends: behind the sign that closes it."""
    opening, closing = ("(", ")") if opener.endswith("(") else ("{", "}")
    depth = 1
    while at < end:
        depth += (text[at] == opening) - (text[at] == closing)
        at += 1
        if not depth:
            break
    return at


def _escape(text: str, at: int, fixed: str) -> tuple[str, int]:
    match = _HEX.match(text, at + 1)
    if match is not None:
        digits = next((each for each in match.groups() if each), "1b")
        code = int(digits, 16)
        return fixed + (chr(code) if code < 0x110000 else "?"), match.end()
    following = text[at + 1 : at + 2]
    return fixed + _ESCAPED.get(following, following), at + 2


class _Reader:
    """Walks over the arguments of one call."""

    def __init__(self, text: str, start: int, syntax: Syntax, closing: str) -> None:
        self._text = text
        self._at = start
        self._end = min(len(text), start + CALL_LIMIT)
        self._syntax = syntax
        self._closing = closing
        self._given = [Given()]
        self._open: list[bool] = []
        """Brackets around: True for one that is seen through."""
        self._muted = False
        """The rest of this argument, or of what is seen through, says nothing of the text."""
        self._after_text = False
        self._dotted = False
        self._plain = True
        """Nothing but a dotted name so far."""

    def read(self) -> tuple[list[Given], int]:
        while self._at < self._end:
            here = self._text[self._at]
            if not self._open and here in self._closing:
                break
            if not (self._skip_comment() or self._take_string() or self._take_name()):
                self._take_sign(here)
        return self._given, self._at

    @property
    def _seen(self) -> bool:
        return all(self._open)

    def _skip_comment(self) -> bool:
        for opening, closing in self._syntax.comments:
            if self._text.startswith(opening, self._at):
                found = self._text.find(closing, self._at + len(opening), self._end)
                stop = self._end if found < 0 else found
                self._at = stop if closing == "\n" else stop + len(closing)
                return True
        return False

    def _take_string(self) -> bool:
        found = read_string(self._text, self._at, self._syntax)
        if found is None:
            return False
        pieces, end = found
        if self._seen and not self._muted:
            given = self._given[-1]
            given.at = self._at if given.at < 0 else given.at
            given.add(pieces)
        self._after_text, self._plain = True, False
        self._at = end
        return True

    def _take_name(self) -> bool:
        match = _NAME.match(self._text, self._at)
        if match is None:
            return False
        name = match.group()
        self._at = match.end()
        given = self._given[-1]
        if len(given.names) < 12:
            given.names.append(name)
        if not self._seen or self._muted:
            return True
        if name in ("if", "unless", "for") and given.pieces:
            self._muted = True
            return True
        following = self._text[self._at : self._at + 1]
        if following == "(" and _TRANSPARENT.search(name) and not self._after_text:
            self._open.append(True)
            self._at += 1
            if given.pieces == [HOLE]:  # the object before `.format(`
                given.pieces.clear()
            return True
        if not (self._dotted and (self._after_text or given.pieces[-1:] == [HOLE])):
            given.add([HOLE])
            self._after_text = False
        given.name = name if self._plain and following != "(" else ""
        self._dotted = False
        return True

    def _is_choice(self, here: str) -> bool:
        return here == "?" and self._text[self._at : self._at + 1] not in (".", "?", ")", ",", ";", ":")

    def _take_sign(self, here: str) -> None:
        self._at += 1
        if here in "([{":
            self._enter(here)
        elif here in ")]}":
            if self._open and self._open.pop():
                self._muted = False
                self._after_text = True
        elif here == "," and self._seen:
            if self._open:
                self._muted = True
            else:
                self._given.append(Given())
                self._muted, self._after_text, self._plain = False, False, True
        elif here == "." and self._syntax.joins != ".":
            self._dotted = True
        elif self._seen and ((here == "%" and self._after_text) or self._is_choice(here)):
            self._muted = True  # "..." % values; a ? b : c
        elif not here.isspace():
            self._dotted = here == ">" and self._text[self._at - 2 : self._at - 1] == "-"
            self._after_text = False
            self._plain = self._plain and here in "+.|&<>*:"

    def _enter(self, here: str) -> None:
        """Go into brackets: seen through where they only group, a value where they call or index."""
        if self._seen and not self._muted:
            given = self._given[-1]
            if here == "(" and not given.pieces and not self._dotted:
                self._open.append(True)
                return
            if not self._after_text:
                given.add([HOLE])
            self._plain = False
        self._open.append(False)
