"""What part a file plays in its area: what others call, what does the work, what all the others share."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.inquiry import CALLABLE
from indexer.guide.tours.documented import Documented
from indexer.guide.tours.ground import AreaFile, Ground
from indexer.index.symbols import FoundSymbol, definitions_in
from indexer.types import SymbolKind

TYPES: Final = (SymbolKind.CLASS, SymbolKind.STRUCT, SymbolKind.INTERFACE, SymbolKind.TRAIT)
PAGES: Final = frozenset(("html", "css", "scss", "less", "jsp", "xml"))
"""Languages of pages and styles."""
LEAST: Final = 4
"""Lines from which a definition is one that a file is there for."""

SHARED: Final = re.compile(
    r"(?:^|/)_?(?:\w*_)?(?:utils?|helpers?|tools?|common|compat\w*|typing|types|constants?|exceptions?|errors?"
    r"|version|certs|packages|internal|mixins?|log\w*|deprecat\w*|debug\w*|test_helpers|bytesconv|strx)"
    r"(?:_\w+)?(?:\.\w+)?$|(?:^|/)__\w+__\.\w+$|(?:^|/)_\w+\.\w+$",
    re.I,
)
"""Names of files and folders that serve the others: helpers, what differs by version, errors, types."""
GATE: Final = re.compile(
    r"(?:^|/)(?:__init__\.py|index\.[jt]sx?|mod\.rs|lib\.rs|doc\.go|package-info\.java)$"
)


@dataclass(frozen=True, slots=True)
class Roles:
    """Files of an area: ``main`` in the order from what others call inwards, ``gates`` that hand on what
    others define, ``shared`` that serve the others.
    """

    main: tuple[AreaFile, ...]
    gates: tuple[AreaFile, ...]
    shared: tuple[AreaFile, ...]


def roles(ground: Ground, files: Sequence[AreaFile], shown: Sequence[Documented]) -> Roles:
    """Return the parts that some files play among each other."""
    gates = tuple(each for each in files if GATE.search(each.path))
    weight = weights(ground, shown)
    shared = tuple(
        each
        for each in files
        if each not in gates and SHARED.search(each.path) and not weight.get(each.path, 0.0)
    )
    main = [each for each in files if each not in gates and each not in shared]
    if not main:
        return Roles(tuple(each for each in files if each not in gates), gates, ())
    return Roles(tuple(_inwards(ground, main, shown)), gates, shared)


def weights(ground: Ground, shown: Sequence[Documented]) -> Mapping[str, float]:
    """Return for each file how much documents show of what it defines."""
    out: dict[str, float] = defaultdict(float)
    for each in shown:
        out[each.symbol.path] += each.weight
    return out


def holds(ground: Ground, file: AreaFile, shown: Sequence[Documented], most: int) -> list[FoundSymbol]:
    """Return the definitions that a file is there for: those that documents show, then the longest types and
    functions at its top.
    """
    if file.language in PAGES:
        return []  # a block of a page is nothing that it is there for
    known = {(each.symbol.blob_id, each.symbol.start_line): each.weight for each in shown}
    defined = definitions_in(ground.reader, file.path_id)
    within = {each.qualified for each in defined if each.kind in CALLABLE or each.kind in TYPES}
    free = [
        each
        for each in defined
        if (each.parent not in within or (each.blob_id, each.start_line) in known)
        and (each.kind in CALLABLE or each.kind in TYPES)
        and not _is_private(each)
        and each.end_line - each.start_line >= LEAST - 1
    ]
    free.sort(
        key=lambda each: (
            -known.get((each.blob_id, each.start_line), 0.0),
            each.kind not in TYPES,
            each.start_line - each.end_line,
        )
    )
    return free[:most]


# ------------------------------------------------------------------------------------ private


def _is_private(symbol: FoundSymbol) -> bool:
    return symbol.name.startswith("_") or (symbol.path.endswith(".go") and symbol.name[:1].islower())


def _inwards(ground: Ground, files: Sequence[AreaFile], shown: Sequence[Documented]) -> list[AreaFile]:
    """Return files so that one stands before those that it imports, circles aside; those that documents show
    most of come first.
    """
    weight = weights(ground, shown)
    by_id = {each.path_id: each for each in files}
    edges = ground.reader.execute("SELECT DISTINCT from_path, to_path FROM edge").fetchall()
    imports: dict[int, set[int]] = defaultdict(set)
    imported: dict[int, int] = defaultdict(int)
    for source, target in edges:
        if source in by_id and target in by_id and source != target:
            imports[source].add(target)
            imported[target] += 1

    def first(path_id: int) -> tuple[float, int, str]:
        file = by_id[path_id]
        return (-weight.get(file.path, 0.0), imported[path_id], file.path)

    seen: set[int] = set()
    after: list[int] = []

    def visit(path_id: int) -> None:
        open_ones = [(path_id, iter(sorted(imports[path_id], key=first, reverse=True)))]
        seen.add(path_id)
        while open_ones:
            here, following = open_ones[-1]
            onward = next((each for each in following if each not in seen), None)
            if onward is None:
                open_ones.pop()
                after.append(here)
            else:
                seen.add(onward)
                open_ones.append((onward, iter(sorted(imports[onward], key=first, reverse=True))))

    # The last one that is begun with stands first.
    for path_id in sorted(by_id, key=first, reverse=True):
        if path_id not in seen and not imported[path_id]:
            visit(path_id)
    for path_id in sorted(by_id, key=first):
        if path_id not in seen:
            visit(path_id)
    return [by_id[each] for each in reversed(after)]
