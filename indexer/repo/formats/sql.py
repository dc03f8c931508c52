"""SQL by pattern: what statements define (tables, views, routines, indexes) and what they touch.

Every dialect, PL/SQL and DB2's included, is read alike: statements are told by their first words, so
that a dialect no grammar knows still gives its tables.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from indexer.repo.formats.nested import line_starts
from indexer.repo.formats.outline import FormatParse, Mark, Mention, assemble, lead, lines_of, word_set
from indexer.types import ReferenceKind, SymbolKind

TOKEN = re.compile(
    r"""--[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/)?|'(?:[^']++|'')*+'?|"[^"\n]*+"?|`[^`\n]*+`?"""
    r"""|\[[\w .]{1,128}+\]|[A-Za-z_@#$:&][\w$#@]*+|[.;(),/]""",
)
_KINDS = {
    "TABLE": SymbolKind.TABLE,
    "VIEW": SymbolKind.TABLE,
    "FUNCTION": SymbolKind.FUNCTION,
    "PROCEDURE": SymbolKind.FUNCTION,
    "PROC": SymbolKind.FUNCTION,
    "TRIGGER": SymbolKind.FUNCTION,
    "PACKAGE": SymbolKind.MODULE,
    "TYPE": SymbolKind.TYPE,
    "INDEX": SymbolKind.KEY,
    "SEQUENCE": SymbolKind.KEY,
    "SCHEMA": SymbolKind.MODULE,
    "DATABASE": SymbolKind.MODULE,
    "TABLESPACE": SymbolKind.DATASET,
    "SYNONYM": SymbolKind.KEY,
    "ALIAS": SymbolKind.KEY,
}
_FILLERS = word_set(
    "OR REPLACE UNIQUE CLUSTERED NONCLUSTERED TEMPORARY TEMP GLOBAL LOCAL MATERIALIZED UNLOGGED EXTERNAL"
    " EDITIONABLE NONEDITIONABLE FORCE NO BODY IF NOT EXISTS CONCURRENTLY PUBLIC BITMAP VIRTUAL LARGE"
    " FOREIGN RECURSIVE FULLTEXT SPATIAL ALTER AUXILIARY CONSTRAINT ONLY INTO"
)
_NO_TABLE = word_set(
    "SELECT SET WHERE VALUES FROM DUAL ON AS LATERAL UNNEST ONLY TABLE IF EACH OF NOWAIT SKIP THEN BEGIN"
)
_NO_COLUMN = word_set(
    "PRIMARY FOREIGN UNIQUE CONSTRAINT CHECK INDEX KEY LIKE EXCLUDE PERIOD FULLTEXT PARTITION SPATIAL"
)


@dataclass(slots=True)
class _Word:
    """One word, name or sign of a statement; ``said`` is without quotes, ``word`` in capitals."""

    word: str
    said: str
    line: int


def sql(text: str) -> FormatParse:
    """Read definitions and the tables that statements read and write. Any text gives a result."""
    lines = lines_of(text)
    words = _words(text, lines)
    marks: list[Mark] = []
    mentions: list[Mention] = []
    statement = 0
    package = False
    for at, word in enumerate(words):
        if word.word == "CREATE" or (word.word == "DECLARE" and _is_declared_table(words, at)):
            mark = _definition(words, at, lines)
            if mark is not None:
                marks.append(mark)
                package = mark.kind == SymbolKind.MODULE and mark.signature.upper().find("PACKAGE") >= 0
                if mark.kind == SymbolKind.TABLE:
                    marks += _columns(words, at)
        elif package and word.word in ("PROCEDURE", "FUNCTION") and words[at - 1].word in _BEFORE_ROUTINE:
            marks += _routine(words, at, lines)
        elif word.word == ";":
            statement = at + 1
        mentions += _touched(words, at, statement)
    return assemble(lines, marks, mentions)


_BEFORE_ROUTINE = frozenset((";", "IS", "AS", "END", "MEMBER", "STATIC", "BEGIN"))


def _words(text: str, lines: list[str]) -> list[_Word]:
    starts = line_starts(lines)
    words: list[_Word] = []
    for found in TOKEN.finditer(text):
        said = found[0]
        if said.startswith(("--", "/*", "'")):
            continue
        plain = said.strip('"`[]') if said[0] in '"`[' else said
        if plain:
            words.append(_Word(plain.upper(), plain, bisect_right(starts, found.start())))
    return words


def _name(words: list[_Word], at: int) -> tuple[str, int]:
    """Return the last part of ``schema.name`` at ``at``, and where it ends; ("", at) for no name."""
    name = ""
    while at < len(words) and (words[at].said[0].isalnum() or words[at].said[0] in "_@#$&"):
        name = words[at].said
        at += 1
        if at < len(words) and words[at].word == ".":
            at += 1
            continue
        break
    return name, at


def _is_declared_table(words: list[_Word], at: int) -> bool:
    return any(word.word == "TABLE" for word in words[at + 1 : at + 6])


def _definition(words: list[_Word], at: int, lines: list[str]) -> Mark | None:
    """Return the mark of CREATE or DECLARE ... TABLE; None for a user, a grant and the like."""
    kind = ""
    index = at + 1
    while index < min(at + 9, len(words)):
        word = words[index].word
        if word in _KINDS and not kind:
            kind = word
        elif word not in _FILLERS:
            break
        index += 1
    if words[at].word == "DECLARE":
        kind, index = "TABLE", at + 1
    name, _ = _name(words, index)
    if not kind or not name or name.upper() == "ON":
        return None
    line = words[at].line
    first = lead(lines, line, ("--", "/*", "*", "*/"))
    signature = " ".join(lines[line - 1][:200].split())
    return Mark(
        line, 1, name, _KINDS[kind], first=first, last=_end_of(words, at, kind, line), signature=signature
    )


def _end_of(words: list[_Word], at: int, kind: str, line: int) -> int:
    """Return the line of the semicolon that ends a plain definition; 0 for one with a body."""
    if kind in ("FUNCTION", "PROCEDURE", "PROC", "TRIGGER", "PACKAGE", "TYPE"):
        return 0
    for index in range(at + 1, min(at + 5000, len(words))):
        if words[index].word == ";":
            return max(words[index].line, line)
        if words[index].word == "CREATE":
            return max(words[index].line - 1, line)
    return 0


def _columns(words: list[_Word], at: int) -> list[Mark]:
    """Return the columns in the first parentheses after CREATE TABLE name."""
    marks: list[Mark] = []
    depth = 0
    fresh = False
    for index in range(at + 1, min(at + 5000, len(words))):
        word = words[index]
        if word.word == "(":
            depth += 1
            fresh = depth == 1
        elif word.word == ")":
            depth -= 1
            if depth <= 0:
                break
        elif word.word in (";", "CREATE") or (depth == 0 and word.word == "AS"):
            break
        elif word.word == ",":
            fresh = depth == 1
        elif fresh:
            fresh = False
            if word.word not in _NO_COLUMN:
                marks.append(Mark(word.line, 2, word.said, SymbolKind.FIELD, last=word.line, cut=False))
    return marks


def _routine(words: list[_Word], at: int, lines: list[str]) -> list[Mark]:
    name, _ = _name(words, at + 1)
    line = words[at].line
    first = lead(lines, line, ("--", "/*", "*"))
    signature = " ".join(lines[line - 1][:200].split())
    return [Mark(line, 2, name, SymbolKind.FUNCTION, first=first, signature=signature)] if name else []


def _touched(words: list[_Word], at: int, statement: int) -> list[Mention]:
    """Return the table, or the routine, that the word at ``at`` says is touched."""
    word = words[at].word
    kind = _TOUCHES.get(word)
    if kind is None:
        return []
    before = words[at - 1].word if at else ""
    if word == "FROM" and before == "DELETE":
        kind = ReferenceKind.WRITE
    if (word == "INTO" and before not in ("INSERT", "MERGE", "IGNORE")) or (
        word == "UPDATE" and before in ("FOR", "ON", "BEFORE", "AFTER", "OR", "THEN", "KEY")
    ):
        return []
    if word in ("ON", "REFERENCES") and words[statement].word not in ("CREATE", "ALTER"):
        return []
    if word == "USING" and words[statement].word != "MERGE":
        return []
    if word == "TABLE" and words[statement].word not in ("ALTER", "DROP", "TRUNCATE"):
        return []
    name, _ = _name(words, at + 1)
    if not name or name.upper() in _NO_TABLE or name.upper() in _FILLERS:
        return []
    return [Mention(words[at].line, name, kind)]


_TOUCHES = {
    "FROM": ReferenceKind.READ,
    "JOIN": ReferenceKind.READ,
    "USING": ReferenceKind.READ,
    "INTO": ReferenceKind.WRITE,
    "UPDATE": ReferenceKind.WRITE,
    "TABLE": ReferenceKind.WRITE,
    "REFERENCES": ReferenceKind.USE,
    "ON": ReferenceKind.USE,
    "CALL": ReferenceKind.CALL,
    "EXEC": ReferenceKind.CALL,
    "EXECUTE": ReferenceKind.CALL,
}
