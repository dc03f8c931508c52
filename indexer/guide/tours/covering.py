"""The test to read and to copy from: found by what its file is called, and shown by what it calls."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from indexer.answer.inquiry import CALLABLE, shown_place
from indexer.guide.tours import counting
from indexer.guide.tours.depended import Depended
from indexer.guide.tours.ground import AreaFile, Ground
from indexer.guide.tours.laid import Laid
from indexer.index.symbols import FoundSymbol, definitions_in
from indexer.types import SymbolKind

TEST_NAME: Final = re.compile(r"^(?:test|it|should|Test|Benchmark|spec)|Test$")
SHORTEST: Final = 3
"""Lines after the first from which a test shows how one is written."""
LOOKED_AT: Final = 12
"""Files that name a definition, the most often first, that are asked whether they hold a test."""
_AROUND: Final = re.compile(
    r"^(?:tests?|specs?|Tests?)(?=[_\-.A-Z])[_\-.]?|[_\-.](?:tests?|specs?)$|(?:Tests?|Specs?|IT)$"
)
_OF_ANY: Final = re.compile(
    r"^(?:__\w+__|get|set|add|copy|close|open|run|init|update|items|keys|values|append)$"
)
"""Methods that anything has: a call of one may be of something else."""


def say_covering(
    laid: Laid, files: Sequence[AreaFile], cases: Counter[int], core: Sequence[Depended]
) -> None:
    """Name the file that tests a core definition, with a short test of it to read and to copy from."""
    ground = laid.ground
    best: tuple[FoundSymbol, AreaFile, int, bool, FoundSymbol | None, str] | None = None
    for symbol in (each.symbol for each in core):
        for found in _tested_in(ground, files, cases, symbol):
            case, called = _case_of(ground, found[0], symbol)
            if best is None or (called and not best[-1]):
                best = (symbol, *found, case, called)
        if best is not None and best[-1]:
            break
    if best is None:
        return
    symbol, file, times, by_name, case, called = best
    # What only starts a file's tests shows nothing of the subject.
    shown = f"; `{case.name}` is a short one that calls `{called}`" if case is not None and called else ""
    told = (
        f"By its name {file.path} tests `{symbol.name}`"
        if by_name
        else f"Of the files of tests {file.path} names `{symbol.name}` most, {counting.times(times)}"
    )
    line = case.name_line if case else 1
    laid.fact(f"{told}{shown}.", f"uses of {symbol.name} in tests", [shown_place(file.path, line)])
    if not laid.asked:
        why = "by its name" if by_name else f"which names it most, {counting.times(times)}"
        laid.ask(
            f"Where would you look for a test of `{symbol.name}` to copy from?",
            f"In {file.path}, {why}.",
            [ground.sources.span(file.path, line, line)],
        )
    laid.uses.append(f"{symbol.path}#{symbol.qualified}")
    if case is not None:
        laid.read_symbol(case)
    else:
        laid.read_head(file.path, file.path)


# ------------------------------------------------------------------------------------ private


def _tested_in(
    ground: Ground, files: Sequence[AreaFile], cases: Counter[int], symbol: FoundSymbol
) -> Iterator[tuple[AreaFile, int, bool]]:
    """Yield files that test a definition, how often each names it, and whether it is called after it.

    A file that is called after the definition comes first; then one that is called after its file, and
    names it; then the one that names it most.
    """
    by_blob = {each.blob_id: each for each in files}
    rows = ground.reader.execute(
        "SELECT blob_id, count(*) FROM reference WHERE name = ? GROUP BY blob_id ORDER BY 2 DESC",
        (symbol.name,),
    ).fetchall()
    times = {by_blob[blob].blob_id: int(count) for blob, count in rows if blob in by_blob}
    folder, _, home = symbol.path.rpartition("/")
    home = home.partition(".")[0]
    parent = folder.rpartition("/")[2]
    for name, beside in ((symbol.name, False), (home, True)):
        called = [
            each
            for each in files
            if cases[each.blob_id]
            and each.blob_id in times
            and _subject(each.path) == _plain(name)
            # Many a folder has a file of that name.
            and not (beside and parent and parent not in each.path.split("/"))
        ]
        if called:
            own = symbol.path.split("/")
            file = max(called, key=lambda each: (_shared(each.path.split("/"), own), cases[each.blob_id]))
            yield file, times[file.blob_id], True
    # What only stands in for something else in tests is none itself.
    named = [by_blob[blob] for blob in list(times)[:LOOKED_AT] if cases[blob]]
    if named:
        yield named[0], times[named[0].blob_id], False


def _subject(path: str) -> str:
    """Return what a file of tests is called after: ``context`` for ``context_test.go``."""
    stem = path.rpartition("/")[2]
    stem = re.sub(r"(?:\.(?:test|spec))?\.\w+$", "", stem)
    bare = _AROUND.sub("", stem)
    return _plain(bare) if bare != stem or re.search(r"\.(?:test|spec)\.\w+$", path) else ""


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many folders two paths share, wherever they stand in them."""
    return len(set(one[:-1]) & set(other[:-1]))


def _case_of(ground: Ground, file: AreaFile, symbol: FoundSymbol) -> tuple[FoundSymbol | None, str]:
    """Return the shortest test of a file that calls a definition or what only it can do, with what it
    calls; else the file's first test and nothing.
    """
    methods = {
        each.name
        for each in definitions_in(ground.reader, symbol.path_id)
        if each.parent == symbol.qualified and each.kind in CALLABLE and not _OF_ANY.match(each.name)
    }
    rows = ground.reader.execute(
        "SELECT line, name, kind FROM reference WHERE blob_id = ? ORDER BY line", (file.blob_id,)
    ).fetchall()
    source = ground.sources.file(file.path)
    lines = source.lines if source is not None else ()
    makes = re.compile(rf"(?<!\w){re.escape(symbol.name)}\s*[({{]")
    known = _named_elsewhere(ground, symbol, methods)
    cases = [
        each
        for each in definitions_in(ground.reader, file.path_id)
        if each.kind in (SymbolKind.FUNCTION, SymbolKind.METHOD)
        and TEST_NAME.match(each.name)
        and each.name != "test"
    ]
    best: tuple[tuple[int, int], FoundSymbol, str] | None = None
    for case in cases:
        if case.end_line - case.start_line < SHORTEST:
            continue
        inner = range(case.name_line + 1, case.end_line + 1)
        calls = [
            name
            for line, name, kind in rows
            if line in inner
            and kind == "call"
            and (name == symbol.name or (name in methods and name not in known))
        ]
        # What it is called after is what it tests, and not what it only begins with.
        called = max(calls, key=lambda name: (_plain(name) in _plain(case.name)) * len(name), default="")
        if not called and any(makes.search(line) for line in lines[case.name_line : case.end_line]):
            called = symbol.name
        order = (case.end_line - case.start_line, case.start_line)
        if called and (best is None or order < best[0]):
            best = order, case, called
    return (next(iter(cases), None), "") if best is None else best[1:]


def _named_elsewhere(ground: Ground, symbol: FoundSymbol, methods: set[str]) -> set[str]:
    """Return the methods whose names something else of the code has too: a call may mean that."""
    rows = ground.reader.execute(
        "SELECT s.name, s.parent, s.blob_id FROM symbol s JOIN entry e ON e.blob_id = s.blob_id"
        " WHERE s.kind IN ('function', 'method')"
    ).fetchall()
    return {
        name
        for name, parent, blob in rows
        if name in methods
        and blob in ground.system_ids
        and (parent, blob) != (symbol.qualified, symbol.blob_id)
    }
