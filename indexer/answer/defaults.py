"""What a field is by default, where the defaults of a thing stand together, as in `DefaultCSRFConfig`."""

from __future__ import annotations

import re
from typing import Final

from indexer.answer.inquiry import CALLABLE, MINOR, Inquiry, shown_place
from indexer.index.symbols import FoundSymbol, find_symbols
from indexer.types import Section

_LINES: Final = 80
"""Of a table of defaults that are looked at."""
_TABLES: Final = (
    "SELECT s.name, s.name_line, p.shown, e.marks FROM symbol s JOIN entry e ON e.blob_id = s.blob_id"
    " JOIN path p ON p.id = e.path_id WHERE s.name LIKE '%default%'"
    " AND s.kind IN ('constant', 'variable', 'field', 'property', 'class', 'struct')"
    " ORDER BY e.rank DESC, p.shown LIMIT 400"
)
_ASKED: Final = re.compile(r"\bdefaults?\b", re.I)
_OPENS: Final = re.compile(r"[{(\[]\s*(?:#.*|//.*)?$")


def say_default_of_field(inquiry: Inquiry) -> bool:
    """Quote the line of a table of defaults that sets a field which the question names.

    Of several tables that one counts whose name and path hold most of the question. Return whether
    there is any.
    """
    names = "|".join(re.escape(naming.name.rpartition(".")[2]) for naming in inquiry.namings)
    if not names or _ASKED.search(inquiry.asked.text) is None:
        return False
    sets = re.compile(rf"\s*[\"']?(?:{names})[\"']?\s*(?::|=>?)")
    found: list[tuple[float, str, str, int]] = []
    for name, line, path, marks in inquiry.reader.execute(_TABLES).fetchall():
        source = None if marks & int(MINOR) else inquiry.page.sources.file(path)
        if source is None or not _OPENS.search(source.lines[line - 1]):
            continue
        at = next((at for at in _held(source.lines, line) if sets.match(source.lines[at - 1])), 0)
        if at:
            found.append((inquiry.evidence.sharing(f"{name} {path}"), name, path, at))
    if not found:
        return False
    _, name, path, at = max(found, key=lambda each: each[0])
    place = inquiry.page.sources.span(path, at, at)
    return place is not None and inquiry.page.tell(
        Section.WHAT, f"`{place.quote.strip()}` stands in `{name}`, {shown_place(path, at)}.", [place]
    )


def say_defaults_of_names(inquiry: Inquiry) -> bool:
    """Show the line that sets the default of each name that is asked for: `default_wait = 10` for `wait`, or
    the name's own line with its value. Return whether one was found for every name.
    """
    names = [each.name.rpartition(".")[2] for each in inquiry.namings if _NAME.fullmatch(each.name)]
    if not names or _ASKED.search(inquiry.asked.text) is None:
        return False
    told = 0
    for name in dict.fromkeys(names):
        called = (f"default_{name}", f"DEFAULT_{name}".upper(), f"{name}_default", name)
        found = [each for one in called for each in find_symbols(inquiry.reader, one, 8)]
        set_here = [each for each in found if not each.marks & MINOR and _value_of(inquiry, each)]
        if not set_here:
            continue
        # Of several the one of the part that is asked about, and what says "default" before what only has it.
        best = max(
            set_here,
            key=lambda each: (
                round(inquiry.evidence.sharing(f"{each.path} {each.parent}"), 2),
                "default" in each.name.lower(),
            ),
        )
        line = _value_of(inquiry, best)
        place = shown_place(best.path, best.name_line)
        cited = [inquiry.page.sources.span(best.path, best.name_line, best.name_line)]
        told += inquiry.page.tell(Section.WHAT, f"`{line}` sets it ({place}).", cited)
    return told > 0 and told == len(set(names))


_NAME: Final = re.compile(r"[A-Za-z_]\w*_\w+|[a-z]+[A-Z]\w*")
_LITERAL: Final = re.compile(
    r"[:=]\s*(?:[-+]?\d|[\"'\[{(]|(?:True|False|None|true|false|null|nil)\b|[\w.]+\(\s*\d)"
)
_LONGEST: Final = 120


def _value_of(inquiry: Inquiry, symbol: FoundSymbol) -> str:
    """Return the line that gives a name a value which can be read there, or nothing."""
    source = inquiry.page.sources.file(symbol.path)
    line = source.lines[symbol.name_line - 1].strip() if source is not None else ""
    runs = symbol.kind in CALLABLE
    return line.rstrip(",") if not runs and len(line) <= _LONGEST and _LITERAL.search(line) else ""


def _held(lines: tuple[str, ...], opened: int) -> range:
    """Return the lines (from 1) that a bracket holds which is open at the end of the line ``opened``."""
    last = min(opened + _LINES, len(lines))
    indent = len(lines[opened - 1]) - len(lines[opened - 1].lstrip())
    for at in range(opened + 1, last + 1):
        line = lines[at - 1]
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            return range(opened + 1, at)
    return range(opened + 1, last + 1)
