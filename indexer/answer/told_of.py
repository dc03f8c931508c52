"""What a document or a docstring tells of a parameter, an option or a setting, under its name."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from typing import Final

from indexer.answer.inquiry import MINOR, Inquiry
from indexer.answer.markup import plain
from indexer.answer.readable import CHANGE_LOG
from indexer.repo.words import stems
from indexer.types import FileMark, Section

_LOOKED_AT: Final = 60
"""Passages with the name that are looked through, of each kind."""
_LONGEST: Final = 300
_MORE: Final = 3
"""Characters of what is told, and lines on which it may go on."""
_AT_LEAST: Final = 3
"""Words of it: a type alone tells nothing."""

_BEGINS_ANOTHER: Final = re.compile(
    r"^\s*(?:[-*+]\s+|:\w+[^:]*:|@\w+|\*\*\w+|``?\w+``?\s*[-:(]|\w+\s*\([^)]*\)\s*:|\w+\s*:\s|\"\"\"|'''|\*/|$)"
)


_KIND: Final = r"(?:parameter|param|argument|arg|option|setting|flag|keyword|field|attribute|variable)"
_ASKS: Final = re.compile(
    rf"^what(?:'s| does| do| is| are)(?: the)? [`\"']?([\w.-]+)[`\"']?(?: (?:(?-i:[A-Z])\w* )?{_KIND})?"
    r"(?: in [\w.`]+)?(?: do| for| mean| control| set| good for)?\W*$",
    re.I,
)
_OF_KIND: Final = re.compile(rf"\b([\w.-]+) (?:(?-i:[A-Z])\w* )?{_KIND}\b|\b{_KIND} [`\"']?([\w.-]+)", re.I)


def asks_what_it_does(text: str) -> bool:
    """Return whether a text asks what one thing that it names is, does or is for, and no more."""
    return _ASKS.match(text) is not None


def say_told_of(inquiry: Inquiry) -> bool:
    """Tell what is written under the name of what is asked about. Return whether anything is."""
    said = False
    text = inquiry.asked.text
    plain_names = [each for match in _OF_KIND.finditer(text) for each in match.groups() if each]
    names = [each for each in inquiry.asked.names if re.fullmatch(r"[\w.-]+", each)]
    for name in dict.fromkeys((*names, *(each for each in plain_names if inquiry.evidence.terms_in(each)))):
        found = sorted(_told(inquiry, name.rpartition(".")[2]))[:1]
        for _, _, path, first, last, text in found:
            said |= inquiry.page.tell(
                Section.WHAT,
                f"`{name}`: “{text}”",
                [inquiry.page.sources.span(path, first, last)],
            )
    return said


def _told(inquiry: Inquiry, name: str) -> Iterator[tuple[bool, float, str, int, int, str]]:
    """Yield what is told of a name: how minor, how little used, where and what; sorted, the best is first."""
    under = _under(name)
    for path, marks, rank, text, start in _passages(inquiry.reader, name):
        if marks & (MINOR & ~FileMark.DOCUMENTATION) or CHANGE_LOG.search(path):
            continue
        lines = text.split("\n")
        for at, line in enumerate(lines):
            match = under.match(line)
            if match is None:
                continue
            told = [match[1]]
            for following in lines[at + 1 : at + _MORE]:
                if _BEGINS_ANOTHER.match(following):
                    break
                told.append(following)
            said = _whole(plain(" ".join(each.strip() for each in told)))
            if len(stems(said)) >= _AT_LEAST and len(said) <= _LONGEST:
                # Where the first line says nothing but a type, nothing is told.
                yield bool(marks & MINOR), -rank, path, start + at, start + at + len(told) - 1, said


def _whole(text: str) -> str:
    """Return a text without a last sentence that is cut off, where there is one before it."""
    if text.endswith((".", "!", "?", ")", "`", '"')) or ". " not in text:
        return text
    return text[: text.rindex(". ") + 1]


def _under(name: str) -> re.Pattern[str]:
    """Return what matches a line that tells of a name: a field, an item, an entry of a list of arguments."""
    own = re.escape(name)
    return re.compile(
        rf"^\s*(?:(?://|#|\*)\s*)?(?:"
        rf"[-*+]\s+(?:\*\*|``?|\")?{own}(?:\*\*|``?|\")?\s*(?:\([^)]*\))?\s*(?:--?|–|—|:)"  # - **name** - …
        rf"|:(?:param|arg|key|keyword|var|ivar|cvar)\s+(?:[\w.\[\], |]+\s+)?{own}\s*:"  # :param type name: …
        rf"|@param\s+(?:\{{[^}}]*\}}\s+)?\[?(?:\w+\.)*{own}(?:=[^\]]*)?\]?\s*-?"  # @param {{type}} [o.name] …
        rf"|{own}\s*\([^)]*\)\s*:"  # name (type): …
        rf")\s+(\S.*)$"
    )


def _passages(reader: sqlite3.Connection, name: str) -> Iterator[tuple[str, int, float, str, int]]:
    """Yield the passages of code and documents that write a name: path, marks, rank, text, first line."""
    whole = next(iter(stems(name)), "").replace('"', '""')
    if not whole:
        return
    for table in ("words_code", "words_doc"):
        yield from reader.execute(
            "SELECT p.shown, e.marks, e.rank, c.text, c.start_line"  # noqa: S608 - one of two names
            f" FROM (SELECT rowid FROM {table} WHERE {table} MATCH ? LIMIT ?) w"
            " JOIN passage g ON g.id = w.rowid AND g.current = 1 JOIN path p ON p.id = g.path_id"
            " JOIN chunk c ON c.id = g.chunk_id JOIN entry e ON e.path_id = g.path_id"
            " AND e.blob_id = c.blob_id",
            (f'body : "{whole}"', _LOOKED_AT),
        ).fetchall()
