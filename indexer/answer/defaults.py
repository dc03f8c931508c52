"""What a field is by default, where the defaults of a thing stand together, as in `DefaultCSRFConfig`."""

from __future__ import annotations

import re
from typing import Final

from indexer.answer.inquiry import MINOR, Inquiry, shown_place
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


def _held(lines: tuple[str, ...], opened: int) -> range:
    """Return the lines (from 1) that a bracket holds which is open at the end of the line ``opened``."""
    last = min(opened + _LINES, len(lines))
    indent = len(lines[opened - 1]) - len(lines[opened - 1].lstrip())
    for at in range(opened + 1, last + 1):
        line = lines[at - 1]
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            return range(opened + 1, at)
    return range(opened + 1, last + 1)
