"""Which definitions have another body, whatever their signature says: the innermost ones that changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from indexer.guide.changes.api import Ends
from indexer.guide.changes.citing import Place, RangeSources
from indexer.types import ParsedFile, Symbol, SymbolKind, shown_path

_BODIES = frozenset(
    (
        SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CLASS, SymbolKind.STRUCT, SymbolKind.INTERFACE,
        SymbolKind.TRAIT, SymbolKind.ENUM, SymbolKind.PROGRAM, SymbolKind.PARAGRAPH, SymbolKind.PROPERTY,
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Touched:
    """A definition that is at both ends, with other lines; ``lines`` is how many it has now."""

    name: str
    kind: SymbolKind
    path: str
    line: int
    lines: int


def touched(ends: Iterable[Ends], sources: RangeSources) -> list[Touched]:
    """Return the innermost definitions whose lines differ, in the order of paths and lines."""
    out: list[Touched] = []
    for each in ends:
        if each.before is None or each.after is None:
            continue
        old = _texts(each.before, Place(each.change.old_path, each.change.old_oid, ""), sources)
        new = _texts(each.after, Place(each.change.path, each.change.new_oid, ""), sources)
        changed = {name for name, (text, _) in new.items() if name in old and old[name][0] != text}
        # What came or went inside is why the one around it differs.
        for name in (new.keys() ^ old.keys()) | changed:
            parent = name.rpartition(".")[0]
            while parent:
                changed.discard(parent)
                parent = parent.rpartition(".")[0]
        path = shown_path(each.change.path)
        found = [(name, new[name][1]) for name in changed]
        out += [
            Touched(
                shown_path(name), symbol.kind, path, symbol.name_line, symbol.end_line - symbol.start_line + 1
            )
            for name, symbol in sorted(found, key=lambda pair: pair[1].start_line)
        ]
    return sorted(out, key=lambda each: (each.path, each.line))


def _texts(parsed: ParsedFile, place: Place, sources: RangeSources) -> dict[str, tuple[str, Symbol]]:
    text = sources.text(place)
    if text is None:
        return {}
    return {
        symbol.qualified: ("\n".join(text.lines[symbol.start_line - 1 : symbol.end_line]).rstrip(), symbol)
        for symbol in parsed.symbols
        if symbol.kind in _BODIES
    }
