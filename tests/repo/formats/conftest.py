"""Short ways to ask what the rules of a format found."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent

import pytest

from indexer.repo.formats import FormatParse, parse_format


@dataclass
class Read:
    """What was found in one text."""

    text: str
    parse: FormatParse

    def symbols(self, kind: str = "") -> list[str]:
        """Return qualified names, in order, of one kind or of all."""
        return [each.qualified for each in self.parse.symbols if kind in ("", each.kind)]

    def symbol(self, name: str) -> tuple[int, int]:
        """Return the lines of the first symbol of a name."""
        found = next(each for each in self.parse.symbols if each.name == name)
        return found.start_line, found.end_line

    def uses(self, kind: str, inside: str | None = None) -> list[str]:
        """Return names referred to, in order, of one kind, perhaps inside one symbol alone."""
        return [
            each.name for each in self.parse.references if each.kind == kind and inside in (None, each.inside)
        ]

    def cuts(self) -> list[tuple[int, int, str]]:
        return [(each.start_line, each.end_line, each.symbol) for each in self.parse.cuts]


class Reading:
    """Reads texts and holds every result to what must be true of all of them."""

    def __call__(self, text: str, language: str, path: str = "x", *, plain: bool = False) -> Read:
        text = text if plain else dedent(text).lstrip("\n")
        parse = parse_format(text, path, language)
        assert parse is not None
        check(text, parse)
        return Read(text, parse)


def check(text: str, parse: FormatParse) -> None:
    """Cuts cover every line once, in order; symbols and references stay inside the file."""
    total = text.count("\n") + (not text.endswith("\n") if text else 0)
    at = 1
    for each in parse.cuts:
        assert each.start_line == at
        assert each.end_line >= at
        at = each.end_line + 1
    assert at == total + 1
    for symbol in parse.symbols:
        assert symbol.name
        assert 1 <= symbol.start_line <= symbol.name_line <= symbol.end_line <= total
    for reference in parse.references:
        assert reference.name
        assert 1 <= reference.line <= total


@pytest.fixture
def read() -> Reading:
    return Reading()
