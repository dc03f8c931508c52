"""Take what comments and docstrings say out of code, line by line, for every family of languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from indexer.answer.blocks import Block, Role, document_blocks, numbered_blocks
from indexer.answer.doc_tags import unfolded

# What a line of comment begins with, by the names that languages have in this index.
_SIGNS: Final = {
    "#": "python ruby bash shell sh perl r yaml toml make dockerfile powershell elixir julia tcl"
    " properties conf"
    " terraform hcl nix crystal cmake awk php requirements",
    "--": "sql lua ada haskell vhdl plsql ddl elm",
    ";": "lisp scheme clojure commonlisp elisp ini",
    "%": "erlang matlab tex latex prolog",
    "'": "vb visualbasic vbnet",
    "!": "fortran",
    "*>": "cobol copybook",
}
_SIGN_OF: Final = {language: sign for sign, languages in _SIGNS.items() for language in languages.split()}
_CLOSING: Final = {"<!--": "-->", "{-": "-}", "(*": "*)", "=begin": "=end", "--[[": "]]", "/*": "*/"}

_SLASHES: Final = re.compile(r"^\s*//[/!]*\s?(.*)$")
_OPENING: Final = re.compile(r"^\s*(/\*|<!--|\{-|\(\*|=begin\b|--\[\[)")
_DECORATED: Final = re.compile(r"^[*!-]*\s?")
_STAR: Final = re.compile(r"^\s*\*+(?!/)\s?")
_TRIPLE: Final = re.compile(r"^\s*[rRuUbBfF]{0,2}(\"\"\"|''')")
_KEYED: Final = re.compile(r"^\s*[A-Z][\w -]{1,18}\s*:\s+\S")
"""A line of the header that legacy programs begin with: ``Function : Post the records``."""
_BEHIND_CODE: Final = re.compile(r"(?<=[\w)\]};,:'\"{])\s+(#|//|--)\s+([^'\"]*[A-Za-z]{3}[^'\"]*)$")
_RULER: Final = re.compile(r"^[\s\-=*#~_+/\\;!.<>|]*$|^\W*([*=#~-])\1{2,}[^*=#~]{1,60}\1{3,}\W*$")
"""A line of signs, with or without a title between them: it parts the code, and tells nothing of it."""
_CODE: Final = re.compile(
    r"^\s*(?:def|class|async|import|from|return|if|for|while|try|with|raise|@|#)\b|[=(\[{,)]\s*$|\w\("
    r"|\w = |^\s*[@#]"
)
_CODE_SHARE: Final = 3
"""Text before a closing sign is said to be code when a third of its lines look like code."""


def remark_blocks(lines: Sequence[str], first_line: int, language: str) -> Iterator[Block]:
    """Yield the blocks of prose in the comments of a piece of code, in order."""
    yield from _Reader(first_line, language).read(lines)


class _Reader:
    """Reads lines one by one, and gathers the comment under way."""

    def __init__(self, first_line: int, language: str) -> None:
        self._number = first_line
        self._language = language
        self._gathered: list[str] = []
        self._begun = first_line
        self._closing = ""  # the sign that ends the comment that we are in
        self._role = Role.COMMENT

    def read(self, lines: Sequence[str]) -> Iterator[Block]:
        self._closing, self._role = _begins_inside(lines, self._language)
        for line in lines:
            if self._closing:
                yield from self._inside(line)
            elif (said := line_remark(line, self._language)) is not None:
                yield from self._said(said)
            else:
                yield from self._remark()
                yield from self._other(line)
            self._number += 1
        yield from self._remark()

    def _inside(self, line: str) -> Iterator[Block]:
        shut = self._closing in line
        text = line.partition(self._closing)[0] if shut else line
        if self._closing == "*/":
            text = _STAR.sub("", text)
        self._gathered.append("" if _RULER.match(text) else text)
        if shut:
            self._closing = ""
            yield from self._remark()

    def _said(self, said: str) -> Iterator[Block]:
        if self._gathered and _KEYED.match(said):
            yield from self._remark()
        if not self._gathered:
            self._begun, self._role = self._number, Role.COMMENT
        self._gathered.append("" if _RULER.match(said) else said)

    def _other(self, line: str) -> Iterator[Block]:
        opened = _opened(line, self._language)
        if opened is not None:
            self._closing, text, self._role = opened
            self._begun = self._number
            if self._closing in text:
                text, self._closing = text.partition(self._closing)[0], ""
            self._gathered.append(text)
            if not self._closing:
                yield from self._remark()
        elif behind := _BEHIND_CODE.search(line):
            yield Block(self._number, (behind[2],), Role.COMMENT)

    def _remark(self) -> Iterator[Block]:
        if self._gathered:
            # A comment is written in the markup of its documents: fields, items, samples of code.
            if _SIGN_OF.get(self._language, "") in ("", "'") or self._language == "php":
                pieces = [(self._begun + at, text) for at, text in unfolded(self._gathered)]
                yield from numbered_blocks(pieces, self._role)
            else:
                yield from document_blocks(list(self._gathered), self._begun, self._role)
            self._gathered.clear()


def comment_lines(lines: Sequence[str], language: str) -> frozenset[int]:
    """Return the places, from 0, of the lines that hold nothing but comment, the docstrings among them.

    The text may begin in the middle of a comment.
    """
    closing, _ = _begins_inside(lines, language)
    out: set[int] = set()
    for at, line in enumerate(lines):
        if closing:
            behind = line.partition(closing)[2] if closing in line else ""
            closing = "" if closing in line else closing
        elif line_remark(line, language) is not None:
            behind = ""
        elif (opened := _opened(line, language)) is not None:
            closing, text, _ = opened
            behind = text.partition(closing)[2] if closing in text else ""
            closing = "" if closing in text else closing
        else:
            behind = line
        if not behind.strip() and line.strip():
            out.add(at)
    return frozenset(out)


def line_remark(line: str, language: str) -> str | None:
    """Return what a line of comment says, or None when the line is none."""
    if language in ("cobol", "copybook") and line[6:7] in ("*", "/"):
        return line[7:72].rstrip(" *")
    if language == "jcl":
        return line[3:72].strip(" *") if line.startswith("//*") else None
    if language == "bms" or language.startswith(("asm", "hlasm")):
        return line[1:71].strip(" *") if line.startswith("*") else None
    if language == "fortran" and line[:1] in ("*", "C", "c") and line[1:2] in (" ", "*", "-", ""):
        return line[1:].strip()
    sign = _SIGN_OF.get(language, "")
    stripped = line.lstrip()
    if sign and stripped.startswith(sign):
        # Sphinx reads comments that begin with "#:".
        return stripped.lstrip(sign).removeprefix(":").removeprefix(" ")
    slashes = _SLASHES.match(line) if sign in ("", "'") or language == "php" else None
    return slashes[1] if slashes else None


def _opened(line: str, language: str) -> tuple[str, str, Role] | None:
    """Return the sign that closes the comment opened on this line, its text so far, its role."""
    if language == "python":
        triple = _TRIPLE.match(line)
        return (triple[1], line[triple.end() :], Role.DOCSTRING) if triple else None
    opened = _OPENING.match(line)
    if opened is None or language in ("cobol", "jcl"):
        return None
    role = Role.DOCSTRING if line[opened.start(1) :].startswith("/**") else Role.COMMENT
    closing = _CLOSING[opened[1]]
    if _RULER.match(line):
        return closing, closing if line.rstrip().endswith(closing) else "", role
    # Of `/****/` the last star closes: it is looked for before the stars of the opening are taken off.
    text, shut, _ = line[opened.end() :].partition(closing)
    return closing, _DECORATED.sub("", text) + shut, role


def _begins_inside(lines: Sequence[str], language: str) -> tuple[str, Role]:
    """Return the sign that closes the comment in whose middle a passage begins, if it does."""
    if language == "python":
        return _begins_inside_docstring(lines)
    for line in lines:
        if "*/" in line.partition("/*")[0]:
            return "*/", Role.DOCSTRING
        if "/*" in line:
            break
    return "", Role.COMMENT


def _says_words(lines: Sequence[str]) -> bool:
    """Return whether several lines in a row are words, and no code."""
    run = 0
    for line in lines:
        run = run + 1 if _WORDS.search(line) and not _CODE.search(line) else 0
        if run >= _IN_A_ROW:
            return True
    return False


_HEAD: Final = re.compile(r"[:(=,\[{]\s*(?:#.*)?$|^\s*@|^#")
_WORDS: Final = re.compile(r"(?:\b[A-Za-z]{2,} ){3}")
_IN_A_ROW: Final = 2


def _begins_inside_docstring(lines: Sequence[str]) -> tuple[str, Role]:
    """Tell by what stands before the first triple quote, which opens and closes alike."""
    for at, line in enumerate(lines):
        sign = '"""' if '"""' in line else "'''" if "'''" in line else ""
        if sign:
            before = [each for each in lines[:at] if each.strip()]
            coded = sum(bool(_CODE.search(each)) for each in before)
            ends_text = bool(line.partition(sign)[0].strip(" rRuUbBfF(")) and not _CODE.search(line)
            # Alone on its line it opens below a head, and closes below anything else: a sample of code, say.
            closes = bool(before) and line.strip() == sign and _HEAD.search(before[-1]) is None
            inside = ends_text or (
                bool(before) and (coded * _CODE_SHARE < len(before) or (closes and _says_words(before)))
            )
            return (sign, Role.DOCSTRING) if inside else ("", Role.COMMENT)
    return "", Role.COMMENT
