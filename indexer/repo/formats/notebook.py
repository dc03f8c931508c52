"""Jupyter notebooks by cell, with the lines of the .ipynb file itself, so that citations open it.

Read as tokens of JSON, never as a tree: outputs are passed over, however deep they nest.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from indexer.repo.formats.markup import JOINT
from indexer.repo.formats.nested import JSON_TOKEN, line_starts
from indexer.repo.formats.outline import FormatParse, Mark, Mention, assemble, lines_of
from indexer.types import ReferenceKind, SymbolKind

_HEADING = re.compile(r"(#{1,6}) ++(\S[^\\]*+)")
_DEFINITION = re.compile(r"(?:async )?(def|class) ++(\w++)")
_IMPORT = re.compile(r"(?:from|import) ++([\w.]++)")
_OUTERMOST = 4
"""Cells stand in an array called ``cells`` no further inside than this (version 3 had sheets)."""


@dataclass(slots=True)
class _Cell:
    """A cell while it is read; ``source`` holds (line, text) of its strings."""

    line: int
    depth: int
    type: str = ""
    outputs: int = 0
    source: list[tuple[int, str]] = field(default_factory=list)


def notebook(text: str) -> FormatParse:
    """Read the cells: headings of Markdown ones, definitions and imports of code ones."""
    lines = lines_of(text)
    reader = _Notebook(line_starts(lines))
    for found in JSON_TOKEN.finditer(text):
        reader.sign(found[0], found.start())
    return assemble(lines, reader.marks, reader.mentions, JOINT)


class _Notebook:
    """Follows the tokens of one notebook and collects what its cells say."""

    def __init__(self, starts: list[int]) -> None:
        self._starts = starts
        self.marks: list[Mark] = []
        self.mentions: list[Mention] = []
        self._keys: list[str] = []
        """The key whose value each open bracket is."""
        self._key = ""
        self._word = ""
        self._cell: _Cell | None = None
        self._count = 0
        self._level = 0

    def sign(self, sign: str, at: int) -> None:
        if sign[0] == '"':
            self._word = sign.strip('"')
            self._string(at)
        elif sign == ":":
            self._key, self._word = self._word, ""
            if self._cell and self._key == "outputs" and len(self._keys) == self._cell.depth:
                self._cell.outputs = self._line(at)
        elif sign in "{[":
            if sign == "{" and self._cell is None and self._in_cells():
                self._cell = _Cell(self._line(at), len(self._keys) + 1)
            self._keys.append(self._key)
            self._key = ""
        elif sign in "}]" and self._keys:
            if self._cell and len(self._keys) == self._cell.depth:
                self._finish(self._cell, self._line(at))
                self._cell = None
            self._keys.pop()
            self._key = ""
        elif sign == ",":
            self._key = ""

    def _in_cells(self) -> bool:
        return 0 < len(self._keys) <= _OUTERMOST and self._keys[-1] == "cells"

    def _line(self, at: int) -> int:
        return bisect_right(self._starts, at)

    def _string(self, at: int) -> None:
        cell = self._cell
        if cell is None:
            return
        inner = len(self._keys) - cell.depth
        if self._key == "cell_type" and inner == 0:
            cell.type = self._word
        elif (self._key in ("source", "input") and inner == 0) or (
            inner == 1 and self._keys[-1] in ("source", "input")
        ):
            cell.source.append((self._line(at), self._word[:1000]))

    def _finish(self, cell: _Cell, last: int) -> None:
        self._count += 1
        heading = None
        if cell.type == "markdown":
            heading = next(
                ((line, found) for line, text in cell.source if (found := _HEADING.match(text))), None
            )
        if heading:
            line, found = heading
            self._level = len(found[1])
            name = found[2].strip()
            self.marks.append(Mark(line, self._level, name, SymbolKind.HEADING, first=cell.line))
            return
        depth = self._level + 1
        name = f"cell {self._count}"
        self.marks.append(Mark(cell.line, depth, name, SymbolKind.SECTION, last=last))
        if cell.outputs > cell.line:
            self.marks.append(Mark(cell.outputs, depth + 1, "outputs", SymbolKind.SECTION, last=last))
        for line, text in cell.source if cell.type == "code" else ():
            definition = _DEFINITION.match(text)
            if definition:
                kind = SymbolKind.CLASS if definition[1] == "class" else SymbolKind.FUNCTION
                signature = text.removesuffix("\\n")
                self.marks.append(
                    Mark(line, depth + 1, definition[2], kind, last=line, signature=signature, cut=False)
                )
            imported = _IMPORT.match(text)
            if imported:
                self.mentions.append(Mention(line, imported[1], ReferenceKind.IMPORT))
