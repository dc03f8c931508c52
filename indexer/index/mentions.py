"""Where the code writes a name, resolved or not: an exact search over the stored text of the code.

The table of references knows calls, bases and types. A name that is read as an attribute, that stands
in a text (`get_class("order.creator", "OrderCreator")`) or in a template is not in it, and is a use
nonetheless: who asks what breaks must hear of it. Comments, documents and translations are no uses.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from typing import Final

from indexer.index.calls import text_of
from indexer.index.symbols import find_symbols
from indexer.repo.words import stems
from indexer.types import FileMark

MOST_CHUNKS: Final = 2_000
MOST_FILES: Final = 250
"""Pieces and files that are looked through for one name, at most half a second; a name in more is of no
one thing.
"""

_TRANSLATED: Final = re.compile(
    r"\.(?:po|pot|mo|xliff?|resx)$|(?:^|/)(?:locales?|i18n|translations?)/.*\.(?:json|ya?ml|properties)$",
    re.I,
)
_NO_CODE: Final = re.compile(
    r"(?:^|/)(?:change(?:s|log)|news|history|readme|copying|licen[cs]e)(?:\.\w+)?$"
    r"|\.(?:rst|md|markdown|adoc|asciidoc|textile|org|tex|rdoc|pod)$",
    re.I,
)
_STRING: Final = r""""(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'"""
_HELD: Final = r'"""[\s\S]*?"""' + r"|'''[\s\S]*?'''"
_DOCSTRING: Final = rf"^[ \t]*[rRuUbBfF]{{0,2}}(?:{_HELD})"
"""A text that a line begins with. One that is given away or kept is code."""

_SILENT: Final = (
    (re.compile(r"\.py[wix]?$", re.I), re.compile(rf"(?P<out>{_DOCSTRING}|#[^\n]*)|{_HELD}|{_STRING}", re.M)),
    (
        re.compile(
            r"\.(?:[cm]?[jt]sx?|java|go|c|h|cc|cpp|hh|hpp|cs|kts?|scala|rs|swift|dart|groovy|less|scss|proto)$",
            re.I,
        ),
        re.compile(rf"(?P<out>//[^\n]*|/\*[\s\S]*?\*/)|`(?:\\.|[^`\\])*`|{_STRING}"),
    ),
    (re.compile(r"\.php$", re.I), re.compile(rf"(?P<out>//[^\n]*|#[^\n]*|/\*[\s\S]*?\*/)|{_STRING}")),
    (
        re.compile(
            r"(?:\.(?:rb|sh|bash|zsh|ya?ml|toml|p[lm]|r|exs?|mk|conf|properties|env|ini|cfg)|makefile)$", re.I
        ),
        re.compile(rf"(?P<out>(?:^|(?<=\s))#[^\n]*)|{_STRING}", re.M),
    ),
    (re.compile(r"\.sql$", re.I), re.compile(rf"(?P<out>--[^\n]*|/\*[\s\S]*?\*/)|{_STRING}")),
    (
        re.compile(r"\.(?:html?|xml|jinja2?|j2|vue|svelte|twig|txt)$", re.I),
        re.compile(r"(?P<out><!--[\s\S]*?-->|\{#[\s\S]*?#\}|\{% comment %\}[\s\S]*?\{% endcomment %\})"),
    ),
    (re.compile(r"\.(?:cbl|cob|cpy)$", re.I), re.compile(r"(?P<out>^.{6}[*/][^\n]*|\*>[^\n]*)", re.M)),
)
"""By the ending of a file: what in it is comment, and what is no comment though it looks like one."""


_MARKUP: Final = re.compile(r"\.(?:html?|xml|jinja2?|j2|twig|txt)$", re.I)
_PLACEHOLDER: Final = re.compile(r"\{[{%].*?[%}]\}")
_LOADS: Final = re.compile(r"\b(?:get|load|import|require|resolve|create|make)\w*\(|\b__all__\b|getattr\(")


@dataclass(frozen=True, slots=True)
class Mention:
    """A line of code that writes a name; ``text`` is the line without comments."""

    path_id: int
    path: str
    blob_id: int
    line: int
    text: str
    rank: float
    marks: FileMark

    @property
    def is_test(self) -> bool:
        """Whether it stands in a test."""
        return bool(self.marks & FileMark.TEST)


@dataclass(frozen=True, slots=True)
class Mentions:
    """All lines of code that write a name, those in much-used files first; ``complete``: all were seen."""

    found: tuple[Mention, ...]
    complete: bool


def mentions(reader: sqlite3.Connection, name: str, *, tests: bool = True) -> Mentions:
    """Return every line of current code that writes ``name`` as a word of its own, in the same case.

    Lines that define the name, comments, docstrings, documents and translations are left out, and tests where
    nobody wants them.
    """
    holding, complete = _holding(reader, name)
    best = sorted(holding.items(), key=lambda each: (bool(each[1][3] & FileMark.TEST), -each[1][2]))
    defined = {(each.path_id, each.name_line) for each in find_symbols(reader, name, 2_000)}
    exact = _exact(name)
    found = [
        Mention(path_id, path, blob_id, number, line.strip(), rank, FileMark(marks))
        for path_id, (path, blob_id, rank, marks) in best[:MOST_FILES]
        if not marks & (FileMark.DOCUMENTATION if tests else FileMark.DOCUMENTATION | FileMark.TEST)
        for number, line in enumerate(code_lines(path, "\n".join(text_of(reader, blob_id))), 1)
        # Next to no line has it: a plain look spares the rest of a search that takes ten times as long.
        if name in line and _uses(exact, line, defines=(path_id, number) in defined)
    ]
    found.sort(key=lambda each: (each.is_test, -each.rank, each.path, each.line))
    return Mentions(tuple(found), complete)


def files_with(reader: sqlite3.Connection, name: str) -> frozenset[int]:
    """Return the path ids of the files of code that write ``name``, be it in a comment.

    A third of what `mentions` costs, which cuts each of them into lines.
    """
    return frozenset(_holding(reader, name)[0])


def _holding(reader: sqlite3.Connection, name: str) -> tuple[dict[int, tuple[str, int, float, int]], bool]:
    """Return (path, blob id, rank, marks) by path id of the files that write a name, and whether that is
    all of them.
    """
    words = stems(name)
    if not words:
        return {}, False
    # The whole name comes first among its words, and is the rarest of them.
    whole = words[0].replace('"', '""')
    rows = reader.execute(
        "SELECT e.path_id, p.shown, e.blob_id, c.text, e.rank, e.marks"
        # Translations are many, and would fill the limit: they are left out before it counts.
        " FROM (SELECT g.chunk_id, g.path_id, p.shown FROM words_code w"
        " JOIN passage g ON g.id = w.rowid AND g.current = 1 JOIN path p ON p.id = g.path_id"
        " WHERE words_code MATCH ? AND p.shown NOT LIKE '%.po' AND p.shown NOT LIKE '%.pot' LIMIT ?) AS p"
        " JOIN chunk c ON c.id = p.chunk_id JOIN entry e ON e.path_id = p.path_id AND e.blob_id = c.blob_id",
        (f'body : "{whole}"', MOST_CHUNKS + 1),
    ).fetchall()
    exact = _exact(name)
    holding: dict[int, tuple[str, int, float, int]] = {}
    for path_id, path, blob_id, text, rank, marks in rows:
        if not _TRANSLATED.search(path) and not _NO_CODE.search(path) and exact.search(text):
            holding[path_id] = (path, blob_id, rank, marks)
    return holding, len(rows) <= MOST_CHUNKS and len(holding) <= MOST_FILES


def _exact(name: str) -> re.Pattern[str]:
    # The name comes first, and what may not stand before it is looked at behind it: a pattern that begins
    # with letters is searched for forty times as fast.
    word = re.escape(name)
    return re.compile(rf"{word}(?<![\w$]{word})(?![\w$])")


def names_a_thing(each: Mention, name: str) -> bool:
    """Return whether a line speaks of a definition, and does not only show its name as a word to people.

    A text counts where it is a name for the program: alone in a loader, or after a dot.
    """
    word = re.escape(name)
    if _MARKUP.search(each.path):
        return any(re.search(rf"\b{word}\b", one) for one in _PLACEHOLDER.findall(each.text))
    if re.search(rf"(?<![\w$]){word}(?![\w$])", re.sub(_STRING, '""', each.text)):
        return True
    loaded = re.search(rf"[\"'`]{word}[\"'`]", each.text) and _LOADS.search(each.text)
    return bool(loaded or re.search(rf"[\"'`][\w./]*[./]{word}[\"'`]", each.text))


def code_lines(path: str, text: str) -> list[str]:
    """Return the lines of a file with its comments and docstrings blanked; other texts stay."""
    for ending, silent in _SILENT:
        if ending.search(path):
            text = silent.sub(_blanked, text)
            break
    return text.split("\n")


def _uses(exact: re.Pattern[str], line: str, *, defines: bool) -> bool:
    """Whether a line writes a name other than to define it: `Order = get_model("order", "Order")` does."""
    return sum(1 for _ in exact.finditer(line)) > defines


def _blanked(found: re.Match[str]) -> str:
    out = found["out"]
    return found[0] if out is None else "\n" * out.count("\n")
