"""The stop on how it is tested, and, for who tests, on what no test names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from indexer.answer.commands import MEANT, commands_of, serving, under
from indexer.answer.inquiry import listed, shown_place
from indexer.guide.tours import counting
from indexer.guide.tours.deeds import Deed, deed_of
from indexer.guide.tours.depended import Depended
from indexer.guide.tours.ground import AreaFile, Ground
from indexer.guide.tours.laid import Laid
from indexer.guide.tours.tooling import is_at_home, say_convention
from indexer.index.symbols import FoundSymbol, definitions_in
from indexer.shapes.onboarding import StepKind
from indexer.types import FileMark, Section, SymbolKind

SHOWN: Final = 5
_TEST_NAME: Final = re.compile(r"^(?:test|it|should|Test|Benchmark|spec)|Test$")
_SHARED: Final = re.compile(
    r"(?:^|/)(?:conftest\.py|factories?[^/]*\.\w+|fixtures?[^/]*\.\w+|testutils?[^/]*|helpers?\.\w+"
    r"|setup[-_]?tests?\.\w+|(?:spec|test)_helper\.rb|TestBase\w*\.java|main_test\.go)$",
    re.I,
)
_INSTALLING: Final = re.compile(
    r"\b(?:install|add|require|get|lint|docs?|mypy|typing|fmt|format|vet|misspell|readme)\b"
)
SHORTEST: Final = 3
"""Lines after the first from which a test shows how one is written."""
LOOKED_AT: Final = 12
"""Files that name a definition, the most often first, that are asked whether they hold a test."""


def tests(ground: Ground, core: Sequence[Depended]) -> Laid | None:
    """Tell how it is tested, and with what command."""
    laid = Laid(ground, StepKind.TESTS, "tests", "How it is tested")
    # A file whose tests are blocks may define nothing.
    cases = _cases(ground, ground.tests)
    files = [each for each in ground.tests if each.defines or cases[each.blob_id]] or _tests_of(ground)
    if not files:
        laid.page.tell(Section.MISSING, f"No test of {ground.called} was found in this repository.", [])
        return laid
    cases = _cases(ground, files)  # of an area these may be the tests elsewhere
    holding = [each for each in files if cases[each.blob_id]]
    number = sum(cases.values())
    folders = Counter(
        "/".join(each.path.split("/")[:2]) if each.path.count("/") > 1 else each.path.rpartition("/")[0]
        for each in holding or files
    )
    below = listed([f"`{name}/`" for name, _ in folders.most_common(3) if name]) or "the root"
    # Where no test was made out, it may be written in a way that is not known here.
    held = (
        f"{counting.files(len(holding))} hold{'s' if len(holding) == 1 else ''}"
        f" {counting.counted(number, 'test')}, most of them"
        if number
        else f"{counting.files(len(files))} of tests lie{'s' if len(files) == 1 else ''}"
    )
    laid.fact(
        f"{held} below {below}.",
        "test functions, methods and blocks in files of tests",
        [shown_place(each.path, 1) for each in sorted(holding or files, key=lambda each: -each.lines)[:10]],
    )
    found = serving([MEANT["test"]], commands_of(laid.inquiry), installing=True)
    runs = [
        each
        for each in found
        if len(each.text) < 60
        and not _INSTALLING.search(each.text)
        and is_at_home(ground, each)
        and deed_of(ground, each.text) in (None, Deed.TEST)
    ]
    runs.sort(
        key=lambda each: (
            each.path.startswith("."),
            not re.search(r"\b(?:test|pytest|tox|check|jest|rspec)\b", each.text),
        )
    )
    for command in runs[:2]:
        # The first line of a recipe may only prepare for what the rest does.
        tells = command.runs and "$" not in command.runs and deed_of(ground, command.runs) is Deed.TEST
        does = f", which runs `{command.runs}`" if tells else ""
        laid.page.tell(
            Section.WHAT,
            f"To run them: `{command.text}`{does}"
            f" ({shown_place(command.path, command.line)}{under(command)}).",
            [ground.sources.span(command.path, command.line, command.line + (1 if command.runs else 0))],
        )
    if not runs:
        say_convention(laid, tests=True)
    sure = next((each for each in runs[:2] if deed_of(ground, each.text) is Deed.TEST), None)
    if sure is not None:
        laid.ask(
            "With which command are the tests run, and where is it written?",
            f"`{sure.text}`, in {shown_place(sure.path, sure.line)}.",
            [ground.sources.span(sure.path, sure.line, sure.line)],
        )
    shared = sorted(
        (
            each
            for each in ground.everything
            if _SHARED.search(each.path) and each.marks & FileMark.TEST and (ground.whole or each in files)
        ),
        key=lambda each: (-each.used_by, each.path.count("/")),
    )
    if shared:
        laid.fact(
            f"What tests share stands in {listed([each.path for each in shared[:3]])}.",
            "files that tests share",
            [shown_place(each.path, 1) for each in shared[:6]],
        )
    _say_covering(laid, files, cases, core)
    if not laid.asked and shared:
        laid.ask(
            "Where stands what several tests share, and where do you add to it?",
            f"In {listed([each.path for each in shared[:3]])}.",
            [ground.sources.span(each.path, 1, 1) for each in shared[:3]],
        )
    return laid


def untested(ground: Ground, core: Sequence[Depended]) -> Laid | None:
    """Tell what of the much used no test names: a step for who tests."""
    laid = Laid(ground, StepKind.TESTS, "tests:untested", "What no test names")
    bare = [
        (each, count)
        for each, count in ((each, ground.naming(each.symbol.name)) for each in core)
        if count < 2
    ]
    for each, count in bare[:SHOWN]:
        symbol = each.symbol
        laid.fact(
            f"`{symbol.qualified}` ({shown_place(symbol.path, symbol.name_line)}) is named by"
            f" {counting.files(each.code)} of code"
            f" and by {counting.files(count) if count else 'no file'} of tests.",
            f"uses of {symbol.name} in tests",
            [shown_place(symbol.path, symbol.name_line)],
        )
        laid.read_symbol(symbol)
        laid.uses.append(f"{symbol.path}#{symbol.qualified}")
    if bare:
        laid.page.tell(
            Section.MISSING,
            "A name that no test has may still be run by one: only a measurement of coverage says so, and"
            " there is none here.",
            [],
        )
        first = bare[0][0].symbol
        laid.ask(
            f"How would you show that `{first.name}` is covered by a test?",
            f"Run the tests with coverage, or break {shown_place(first.path, first.name_line)} and see"
            f" what fails.",
            [laid.inquiry.signature(first)],
        )
    return laid if bare else None


# ------------------------------------------------------------------------------------ private


def _tests_of(ground: Ground) -> list[AreaFile]:
    """Return the tests elsewhere that import from the area."""
    ids = {each.path_id for each in ground.code}
    users = {
        source
        for source, target in ground.reader.execute("SELECT from_path, to_path FROM edge")
        if target in ids
    }
    return [
        each
        for each in ground.everything
        if each.path_id in users and each.marks & FileMark.TEST and each.defines
    ]


def _cases(ground: Ground, files: Sequence[AreaFile]) -> Counter[int]:
    """Return how many tests each content holds: what is named or marked so, and `it` and `test` blocks."""
    blobs = {each.blob_id: each for each in files}
    out: Counter[int] = Counter()
    marked = ground.reader.execute(
        "SELECT blob_id, count(*) FROM reference WHERE name IN ('Test', 'ParameterizedTest', 'Fact',"
        " 'TestMethod') AND kind = 'use' GROUP BY blob_id"
    )
    for blob, count in marked:
        if blob in blobs and blobs[blob].language in _MARKED:
            out[blob] += int(count)
    named = ground.reader.execute("SELECT blob_id, name FROM symbol WHERE kind IN ('function', 'method')")
    for blob, name in named:
        if blob in blobs and blobs[blob].language not in (*_MARKED, *_SCRIPTS) and _TEST_NAME.match(name):
            out[blob] += 1
    for each in blobs.values():
        source = ground.sources.file(each.path) if each.language in ("ruby", *_SCRIPTS) else None
        found = sum(1 for line in source.lines if _BLOCK.match(line)) if source is not None else 0
        if found:
            out[each.blob_id] += found
    return out


_MARKED: Final = ("java", "kotlin", "csharp", "scala")
"""Languages in which a test bears an annotation."""
_SCRIPTS: Final = ("javascript", "typescript", "tsx", "jsx", "vue", "svelte", "coffeescript")
_BLOCK: Final = re.compile(
    r"^\s*(?:it|test|specify|scenario|should)(?:\.(?!skip|todo)\w+(?:\([^)]*\))?)*[ (]\s*[\"'`]"
)
"""A test as a block (`it "keeps a row" do`, `test("keeps a row", () => {`)."""


def _say_covering(
    laid: Laid, files: Sequence[AreaFile], cases: Counter[int], core: Sequence[Depended]
) -> None:
    """Name the test that names a core definition most, to read and to copy from."""
    ground = laid.ground
    by_blob = {each.blob_id: each for each in files}
    for depended in core:
        rows = ground.reader.execute(
            "SELECT blob_id, count(*) FROM reference WHERE name = ? GROUP BY blob_id ORDER BY 2 DESC",
            (depended.symbol.name,),
        ).fetchall()
        named = [(by_blob[blob], count) for blob, count in rows if blob in by_blob]
        # What only stands in for something else in tests is none itself.
        found = [(file, count) for file, count in named[:LOOKED_AT] if cases[file.blob_id]]
        if not found:
            continue
        file, count = found[0]
        case, naming = _case_of(ground, file, depended.symbol.name)
        shown = f"; `{case.name}` is a short one that does" if case is not None and naming else ""
        laid.fact(
            f"Of the files of tests {file.path} names `{depended.symbol.name}` most,"
            f" {counting.times(count)}{shown}.",
            f"uses of {depended.symbol.name} in tests",
            [shown_place(file.path, case.name_line if case else 1)],
        )
        if not laid.asked:
            laid.ask(
                f"Where would you look for a test of `{depended.symbol.name}` to copy from?",
                f"In {file.path}, which names it most, {counting.times(count)}.",
                [ground.sources.span(file.path, case.name_line, case.name_line) if case else None],
            )
        laid.uses.append(f"{depended.symbol.path}#{depended.symbol.qualified}")
        if case is not None:
            laid.read_symbol(case)
        else:
            laid.read_head(file.path, file.path)
        return


def _case_of(ground: Ground, file: AreaFile, name: str) -> tuple[FoundSymbol | None, bool]:
    """Return the shortest test of a file that names something, else its first one, and whether it does."""
    rows = ground.reader.execute(
        "SELECT line FROM reference WHERE blob_id = ? AND name = ?", (file.blob_id, name)
    ).fetchall()
    lines = {line for (line,) in rows}
    cases = [
        each
        for each in definitions_in(ground.reader, file.path_id)
        if each.kind in (SymbolKind.FUNCTION, SymbolKind.METHOD)
        and _TEST_NAME.match(each.name)
        and each.name != "test"
    ]
    naming = [
        each
        for each in cases
        if each.end_line - each.start_line >= SHORTEST
        and any(each.start_line <= line <= each.end_line for line in lines)
    ]
    shortest = min(naming, key=lambda each: (each.end_line - each.start_line, each.start_line), default=None)
    return (shortest or next(iter(cases), None)), shortest is not None
