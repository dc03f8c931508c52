"""The stop on how it is tested, and, for who tests, on what no test names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from indexer.answer.commands import commands_of, serving, under
from indexer.answer.goals import MEANT
from indexer.answer.inquiry import listed, shown_place
from indexer.guide.tours import counting
from indexer.guide.tours.common import say_groups, say_shared
from indexer.guide.tours.covering import TEST_NAME, say_covering
from indexer.guide.tours.deeds import Deed, deed_of
from indexer.guide.tours.depended import Depended
from indexer.guide.tours.ground import AreaFile, Ground
from indexer.guide.tours.laid import Laid
from indexer.guide.tours.tooling import is_at_home, missing_file, say_convention
from indexer.shapes.onboarding import StepKind
from indexer.types import FileMark, Section

SHOWN: Final = 5
PLACES: Final = 3
_INSTALLING: Final = re.compile(
    r"\b(?:install|add|require|get|lint|docs?|mypy|typing|fmt|format|vet|misspell|readme)\b"
)
_RUNS: Final = re.compile(
    r"(?:^|[\s/:])(?:run[-_]?)?(?:tests?|check)(?:[:_-][\w:-]+)?(?:\.\w+)?(?=\s|$)|\b(?:pytest|py\.test|tox|jest|rspec)\b"
)
"""What runs tests by its own words, where it is not known what it does."""
VARIANTS: Final = 4
"""Targets of tests that are named beside the one to begin with."""


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
    number = sum(cases[each.blob_id] for each in holding)
    folders: Counter[str] = Counter()
    for each in holding or files:
        folder = (
            "/".join(each.path.split("/")[:2]) if each.path.count("/") > 1 else each.path.rpartition("/")[0]
        )
        folders[folder] += cases[each.blob_id] if number else 1
    # Where no test was made out, it may be written in a way that is not known here.
    held = (
        f"{counting.files(len(holding))} hold{'s' if len(holding) == 1 else ''}"
        f" {counting.counted(number, 'test')}"
        if number
        else f"{counting.files(len(files))} of tests lie{'s' if len(files) == 1 else ''} here"
    )
    laid.fact(
        f"{held}{_places(folders)}.",
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
        and not missing_file(ground, each)
        and ((deed := deed_of(ground, each.text)) is Deed.TEST or (deed is None and _RUNS.search(each.text)))
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
    _say_variants(laid, {each.text for each in runs[:2]})
    say_groups(laid, files)
    sure = next((each for each in runs[:2] if deed_of(ground, each.text) is Deed.TEST), None)
    if sure is not None:
        laid.ask(
            "With which command are the tests run, and where is it written?",
            f"`{sure.text}`, in {shown_place(sure.path, sure.line)}.",
            [ground.sources.span(sure.path, sure.line, sure.line)],
        )
    shared = say_shared(laid, files, cases)
    say_covering(laid, files, cases, core)
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


def _places(folders: Counter[str]) -> str:
    """Return how many lie in each of the places that hold the most, the root being one, as an ending."""
    shown = folders.most_common(PLACES)
    # What lies below a folder is counted for it, but where a folder in it is counted by itself.
    split = {name for name in folders if any(each.startswith(f"{name}/") for each in folders)}
    parts = []
    for name, count in shown:
        where = f"in `{name}/` itself" if name in split else f"below `{name}/`"
        parts.append(f"{count:,} {where if name else 'in the root'}")
    if len(folders) == 1:
        name = shown[0][0]
        return (
            f", {'all of it ' if shown[0][1] == 1 else 'all '}{f'below `{name}/`' if name else 'in the root'}"
        )
    rest = sum(folders.values()) - sum(count for _, count in shown)
    return f": {listed([*parts, *([f'{rest:,} elsewhere'] if rest else [])])}"


def _say_variants(laid: Laid, said: set[str]) -> None:
    """Name the targets and scripts beside, by which other tests are run, or the same otherwise."""
    others = [
        each
        for each in commands_of(laid.inquiry)
        if re.fullmatch(r"(?:make|just|npm run|rake) [\w:.-]*test[\w:.-]*", each.text)
        and "/" not in each.path
        and each.text not in said
        and deed_of(laid.ground, each.text) in (None, Deed.TEST)
    ]
    others = list({each.text: each for each in others}.values())[:VARIANTS]
    if others:
        laid.page.tell(
            Section.WHAT,
            f"Beside {'these' if len(said) > 1 else 'it'} there {'is' if len(others) == 1 else 'are'}"
            f" {listed([f'`{each.text}` ({shown_place(each.path, each.line)})' for each in others])}.",
            [laid.ground.sources.span(each.path, each.line, each.line) for each in others],
        )


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
    # A fixture is no test, however it is called.
    blobs = {each.blob_id: each for each in files if not each.path.endswith("conftest.py")}
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
        if blob not in blobs or blobs[blob].language in (*_MARKED, *_SCRIPTS):
            continue
        out[blob] += bool((_OF_GO if blobs[blob].language == "go" else TEST_NAME).match(name))
    for each in blobs.values():
        source = ground.sources.file(each.path) if each.language in ("ruby", *_SCRIPTS) else None
        found = sum(1 for line in source.lines if _BLOCK.match(line)) if source is not None else 0
        if found:
            out[each.blob_id] += found
    return out


_OF_GO: Final = re.compile(r"(?:Test|Benchmark|Fuzz|Example)(?![a-z])")
"""What its tool runs; `testRequest` is a helper."""
_MARKED: Final = ("java", "kotlin", "csharp", "scala")
"""Languages in which a test bears an annotation."""
_SCRIPTS: Final = ("javascript", "typescript", "tsx", "jsx", "vue", "svelte", "coffeescript")
_BLOCK: Final = re.compile(
    r"^\s*(?:it|test|specify|scenario|should)(?:\.(?!skip|todo)\w+(?:\([^)]*\))?)*[ (]\s*[\"'`]"
)
"""A test as a block (`it "keeps a row" do`, `test("keeps a row", () => {`)."""
