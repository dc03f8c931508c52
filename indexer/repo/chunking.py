"""Make a parsed file of a blob: text, secrets out, symbols and references, chunks with their words.

The best way of reading is taken that applies (a grammar with our queries, rules for a format,
lines), and ``ParsedFile.notice`` says when a better one was there but failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.repo.cutting import Piece, cut
from indexer.repo.decoding import decode, split_lines
from indexer.repo.formats import parse_format
from indexer.repo.languages import (
    MINIFIED,
    UNKNOWN,
    FileClass,
    Limits,
    includable,
    is_generated,
    kind_of,
    refine,
)
from indexer.repo.patterns import definitions
from indexer.repo.secrets import redact
from indexer.repo.syntax import can_parse, read_syntax
from indexer.repo.words import stems
from indexer.types import (
    Chunk,
    ChunkKind,
    FileMark,
    ParsedFile,
    ReadAs,
    Reference,
    Symbol,
    SymbolKind,
)

_LFS_POINTER: Final = b"version https://git-lfs.github.com/spec/"
_MINIFIED_LINE: Final = 1_000
"""Mean length of a line, in characters, above which a file was not written by a person."""
_MINIFIED_LEAST: Final = 4_000
"""A short file with a long line is still worth reading."""
_PROSE_SPACES: Final = 20
"""Prose kept on one line has a space in so many characters at least; data has not."""
_SEARCHABLE_LINE: Final = 5_000
"""How much of one line goes into the words: beyond it there is data, not language."""

_GIVEN_UP: Final = 0.5
"""Share of the lines under error nodes from which on a grammar alone is not to be trusted."""
_PLAIN: Final = frozenset(
    {UNKNOWN, "csv", "tsv", "gitignore", "gitattributes", "requirements", "gomod", "latex", "org", "text"}
)
"""Languages without definitions that a pattern could find."""

_GRAMMAR_FIRST: Final = frozenset({"sql"})
"""Languages whose grammar says more than our rules, as long as it understands the whole file."""

_MAIN_KINDS: Final = frozenset(SymbolKind) - {
    SymbolKind.FIELD,
    SymbolKind.VARIABLE,
    SymbolKind.CONSTANT,
    SymbolKind.PROPERTY,
    SymbolKind.KEY,
}


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a way of reading found in a text."""

    read_as: ReadAs
    pieces: tuple[Piece, ...] = ()
    symbols: tuple[Symbol, ...] = ()
    references: tuple[Reference, ...] = ()
    notice: str = ""
    torn: bool = False
    """The grammar met something that it does not understand."""


def parse(data: bytes, path: str, file_class: FileClass, limits: Limits, lines_only: str = "") -> ParsedFile:
    """Return what is kept of ``data``. ``lines_only`` is a reason to read by lines, or empty."""
    reason = file_class.skip or _unreadable(data, limits)
    if reason:
        return _skipped(file_class.language, reason)
    decoded = decode(data)
    if decoded is None:
        return _skipped(file_class.language, "binary")
    raw, encoding = decoded
    language = refine(file_class.language, data)
    kind = kind_of(language) if language != file_class.language else file_class.kind
    reason = _not_written(raw, kind)
    if file_class.included and includable(reason):
        reason = ""
    if reason:
        return _skipped(language, reason, encoding)
    text, redactions = redact(raw)
    lines = split_lines(text)
    if lines_only or len(data) > limits.parse_bytes:
        too_large = f"larger than {limits.parse_bytes:,} bytes: read by lines"
        reading = _Reading(ReadAs.LINES, notice=lines_only or too_large)
    else:
        reading = _read(text, lines, path, language)
    chunks, shortened = _chunks(lines, reading, kind)
    return ParsedFile(
        language=language,
        read_as=reading.read_as,
        encoding=encoding,
        lines=len(lines),
        chunks=chunks,
        symbols=reading.symbols,
        references=reading.references,
        redactions=redactions,
        notice="; ".join(part for part in (reading.notice, shortened) if part),
        marks=FileMark.GENERATED if is_generated(text) else FileMark.NONE,
    )


def _unreadable(data: bytes, limits: Limits) -> str:
    if len(data) > limits.lines_bytes:
        return f"larger than {limits.lines_bytes:,} bytes"
    if data.startswith(_LFS_POINTER):
        return "LFS pointer, content not here"
    return "" if data.strip() else "empty"


def _not_written(text: str, kind: ChunkKind) -> str:
    """Return a reason to leave out what no person wrote or reads: minified code, one endless word."""
    if not text.strip():
        return "empty"
    if len(text) < _MINIFIED_LEAST:
        return ""
    breaks = max(text.count("\n"), text.count("\r"))
    if len(text) <= _MINIFIED_LINE * (breaks + 1):
        return ""
    prose = kind is ChunkKind.DOC and text.count(" ") * _PROSE_SPACES >= len(text)
    return "" if prose else MINIFIED


def _skipped(language: str, reason: str, encoding: str = "") -> ParsedFile:
    return ParsedFile(language, ReadAs.LINES, encoding, 0, (), (), (), skipped=reason)


def _read(text: str, lines: Sequence[str], path: str, language: str) -> _Reading:
    """Take the rules of a format where there are some, else a grammar, else the look of lines."""
    if language in _GRAMMAR_FIRST:
        reading = _by_grammar(text, lines, language)
        if reading.symbols and not reading.notice and not reading.torn:
            return reading
    found = parse_format(text, path, language)
    if found is not None:
        cuts = tuple(Piece(each.start_line, each.end_line, each.symbol) for each in found.cuts)
        return _Reading(ReadAs.RULES, cuts, found.symbols, found.references, found.notice)
    if can_parse(language):
        return _by_grammar(text, lines, language)
    symbols = () if language in _PLAIN else tuple(definitions(lines, language))
    return _Reading(ReadAs.RULES if symbols else ReadAs.LINES, _pieces(symbols), symbols)


def _by_grammar(text: str, lines: Sequence[str], language: str) -> _Reading:
    """Read by a grammar; in large errors of it, by the look of the lines."""
    syntax = read_syntax(text, language)
    symbols, notice = syntax.symbols, ""
    lost = sum(last - first + 1 for first, last in syntax.errors)
    if lost > len(lines) * _GIVEN_UP:
        known = {symbol.name_line for symbol in symbols}
        more = [
            symbol
            for first, last in syntax.errors
            for symbol in definitions(lines, language, first, last)
            if symbol.name_line not in known
        ]
        symbols = tuple(sorted((*symbols, *more), key=lambda each: (each.start_line, -each.end_line)))
        notice = f"the {language} grammar stumbles over {lost * 100 // len(lines)}% of its lines"
        if not symbols:
            return _Reading(ReadAs.LINES, (), (), syntax.references, f"{notice}: read by lines")
        notice += ": definitions in them are found by pattern"
    pieces = _pieces(symbols)
    return _Reading(ReadAs.SYNTAX, pieces, symbols, syntax.references, notice, bool(syntax.errors))


def _pieces(symbols: Sequence[Symbol]) -> tuple[Piece, ...]:
    return tuple(
        Piece(each.start_line, each.end_line, each.qualified, each.kind in _MAIN_KINDS) for each in symbols
    )


def _chunks(lines: Sequence[str], reading: _Reading, kind: ChunkKind) -> tuple[tuple[Chunk, ...], str]:
    """Return the chunks, and a sentence on lines that are searchable in part only."""
    longest = 0
    chunks = []
    for span in cut(lines, reading.pieces):
        inside = lines[span.start - 1 : span.end]
        text = "\n".join(inside)
        readable = text
        if len(text) > _SEARCHABLE_LINE:
            longest = max(longest, *map(len, inside))
            readable = "\n".join(line[:_SEARCHABLE_LINE] for line in inside)
        words = " ".join(stems(readable))
        chunks.append(Chunk(kind, span.start, span.end, span.symbol, text, words))
    if longest <= _SEARCHABLE_LINE:
        return tuple(chunks), ""
    return tuple(chunks), f"a line of {longest:,} characters: its first {_SEARCHABLE_LINE:,} are searchable"
