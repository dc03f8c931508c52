"""What a question is about, for whom to ask of it and what to ask next."""

from __future__ import annotations

import re
from typing import Final

from indexer.answer.inquiry import MINOR, Inquiry
from indexer.answer.readable import CHANGE_LOG
from indexer.index.symbols import FoundSymbol
from indexer.types import FileMark, SymbolKind

_NO_CODE: Final = frozenset((SymbolKind.KEY, SymbolKind.HEADING))
"""What a plain word comes upon by chance: the key `ci` of a file of settings."""
_OF_ALL: Final = re.compile(
    r"(?:^|/)(?:read_?me|authors|contributors|licen[cs]e|copying)(?:[.-][^/]*)?$"
    r"|(?:^|/)(?:package-lock\.json|npm-shrinkwrap\.json|go\.sum|[^/]+\.lock(?:b|file)?|[^/]+-lock\.\w+)$",
    re.I,
)
"""Files that everybody's changes touch: who commits to them most knows no one thing better."""
_LOOKED_AT: Final = 12


def named_symbols(inquiry: Inquiry) -> tuple[FoundSymbol, ...]:
    """Return the definitions that the question writes, of each name the likeliest alone: `StreamParser` is
    not the method `streamParser` of another file.
    """
    kept: dict[str, FoundSymbol] = {}
    for each in inquiry.subjects:
        if each.named and each.symbol.kind not in _NO_CODE:
            kept.setdefault(each.symbol.name.lower(), each.symbol)
    return tuple(kept.values())


def telling_files(inquiry: Inquiry, limit: int = 3) -> list[tuple[int, str]]:
    """Return (id, path) of the files that the answer is about: named, or cited and no file of everything,
    as a change log is; else the files of the subject. Nothing where only such files are left.
    """
    cited = [each for each in inquiry.cited_files(_LOOKED_AT) if _tells(inquiry, *each)]
    return (cited or [each for each in inquiry.files() if _tells(inquiry, *each)])[:limit]


def is_of_all(path: str) -> bool:
    """Return whether a file is one that every change may touch: a change log, a readme, a lock file."""
    return bool(CHANGE_LOG.search(path) or _OF_ALL.search(path))


def _tells(inquiry: Inquiry, path_id: int, path: str) -> bool:
    if path in inquiry.named_files():
        return True
    row = inquiry.reader.execute("SELECT marks FROM entry WHERE path_id = ?", (path_id,)).fetchone()
    return not is_of_all(path) and not FileMark(row[0] if row else 0) & MINOR
