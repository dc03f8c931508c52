"""The stops around the code: how it is tested, how it is released, what runs in production."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from indexer.answer.citations import cite_fact
from indexer.answer.commands import MEANT, commands_of, serving, under
from indexer.answer.contacts import day
from indexer.answer.inquiry import listed, shown_place
from indexer.guide.tours import counting
from indexer.guide.tours.deeds import Deed, deed_of
from indexer.guide.tours.depended import Depended
from indexer.guide.tours.ground import AreaFile, Ground
from indexer.guide.tours.laid import Laid
from indexer.guide.tours.reasons_near import first_words
from indexer.guide.tours.tooling import is_at_home, say_convention
from indexer.index.symbols import definitions_in
from indexer.shapes.onboarding import StepKind
from indexer.types import Citation, FileMark, Section, SymbolKind

SHOWN: Final = 5
_PIPELINE: Final = re.compile(
    r"^\.github/workflows/[^/]+\.ya?ml$|^\.gitlab-ci\.yml$|^\.circleci/config\.yml$|^\.travis\.yml$"
    r"|^Jenkinsfile$"
    r"|^azure-pipelines\.yml$|^appveyor\.yml$|^\.drone\.yml$",
    re.I,
)
_SHIP: Final = re.compile(
    r"(?:^|/)(?:Dockerfile[^/]*|(?:docker-)?compose[^/]*\.ya?ml|Procfile|Chart\.yaml|goreleaser\.ya?ml"
    r"|\.goreleaser\.ya?ml|k8s/[^/]+\.ya?ml|deploy[^/]*\.(?:sh|ya?ml)|fly\.toml|app\.json|Vagrantfile)$",
    re.I,
)
_LOG: Final = re.compile(
    r"(?:^|/)(?:change|changelog|changes|history|news|releases?|whatsnew)[^/]*(?:\.\w+)?$", re.I
)
_RELEASE_DOC: Final = re.compile(
    r"^(?!.*(?:tutorials?|topics|how-?to|guide)/)(?:.*/)?"
    r"(?:releas|deploy|publish)[^/]*\.(?:md|rst|txt|adoc)$",
    re.I,
)
"""How it is released; what is told to its users of deploying what they made is another thing."""

_TEST_NAME: Final = re.compile(r"^(?:test|it|should|Test|Benchmark|spec)|Test$")
_SHARED: Final = re.compile(
    r"(?:^|/)(?:conftest\.py|factories?[^/]*\.\w+|fixtures?[^/]*\.\w+|testutils?[^/]*|helpers?\.\w+"
    r"|setup[-_]?tests?\.\w+|(?:spec|test)_helper\.rb|TestBase\w*\.java|main_test\.go)$",
    re.I,
)
_INSTALLING: Final = re.compile(r"\b(?:install|add|require|get|lint|docs?|mypy|typing)\b")
LOOKED_AT: Final = 12
"""Files that name a definition, the most often first, that are asked whether they hold a test."""

_VERSION: Final = re.compile(
    r"^(?:v|release[-_/])?\d+(?:\.\d+)+(?:[-.]?(?:a|b|rc|alpha|beta|final|GA|RELEASE|M)\.?\d*)?$", re.I
)


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
        does = f", which runs `{command.runs}`" if command.runs and "$" not in command.runs else ""
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
        laid.read_symbol(symbol, 40)
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


def release(ground: Ground) -> Laid | None:
    """Tell how a change gets out: pipelines, versions, change log, images."""
    laid = Laid(ground, StepKind.RELEASE, "release", "How a change gets out")
    pipelines = [each for each in ground.everything if _PIPELINE.match(each.path)]
    # What starts by itself comes before what another one starts.
    pipelines.sort(key=lambda each: (not _ALONE & set(_events(ground, each)), _rank_of(each.path), each.path))
    for file in pipelines[:4]:
        says = _named_in(ground, file)
        laid.fact(
            f"`{file.path}` is a pipeline{_started_by(ground, file)}" + (f"; {says[0]}" if says else "."),
            "files of pipelines",
            [shown_place(file.path, 1)],
            [says[1]] if says else [],
        )
    _say_versions(laid)
    logs = [
        each
        for each in ground.everything
        if _LOG.search(each.path) and each.path.count("/") <= 2 and not each.defines
    ]
    logs.sort(key=lambda each: (each.path.count("/"), -each.changes))
    if logs:
        laid.fact(
            f"What changed for users is told in {logs[0].path}.",
            "change logs",
            [shown_place(logs[0].path, 1)],
        )
    for file in [
        each
        for each in ground.everything
        if _RELEASE_DOC.search(each.path) and not each.marks & FileMark.VENDORED
    ][:2]:
        says = first_words(ground, file.path)
        if says and says[0].rstrip()[-1:] in ".!:":
            laid.page.tell(Section.WHAT, f"{file.path} says: “{says[0]}”", [says[1]])
            laid.read(file.path, file.path, 1, 50)
    ships = _shipped(ground)
    if ships:
        laid.fact(
            f"It is packed for running by {listed([f'`{each.path}`' for each in ships[:4]])}.",
            "files for containers and deployment",
            [shown_place(each.path, 1) for each in ships[:8]],
        )
    if not laid.page.statements:
        return None
    for file in [*pipelines[:1], *ships[:1]]:
        laid.read(file.path, file.path, 1, 60)
    pushed = [each for each in pipelines if "push" in _events(ground, each)]
    if pushed:
        laid.ask(
            "Which pipelines start on their own when a change is pushed, and where does that stand?",
            f"{listed([f'`{each.path}`' for each in pushed])}, by what each names under `on`.",
            [ground.sources.span(each.path, 1, 1) for each in pushed],
        )
    return laid


def operations(ground: Ground) -> Laid | None:
    """Tell what whoever runs it needs beside the release: images, ports, health."""
    laid = Laid(ground, StepKind.RELEASE, "operations", "What runs in production")
    ships = _shipped(ground)
    for file in ships[:3]:
        source = ground.sources.file(file.path)
        for number, line in enumerate(source.lines if source else (), 1):
            if re.match(
                r"\s*(?:FROM|CMD|ENTRYPOINT|EXPOSE|HEALTHCHECK|VOLUME)\s|\s*(?:image|ports|command"
                r"|healthcheck):",
                line,
            ):
                laid.page.tell(
                    Section.WHAT,
                    f"`{line.strip()[:90]}` ({shown_place(file.path, number)}).",
                    [ground.sources.span(file.path, number, number)],
                )
        laid.read(file.path, file.path, 1, 60)
    if not laid.page.statements:
        return None
    laid.page.tell(
        Section.MISSING,
        "How many run, behind what, and who is called at night: this repository does not say.",
        [cite_fact("files for containers and deployment", [shown_place(each.path, 1) for each in ships[:8]])],
    )
    return laid


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
        case = next(
            (
                each
                for each in definitions_in(ground.reader, file.path_id)
                if each.kind in (SymbolKind.FUNCTION, SymbolKind.METHOD)
                and _TEST_NAME.match(each.name)
                and each.name != "test"
            ),
            None,
        )
        laid.fact(
            f"Of the files of tests {file.path} names `{depended.symbol.name}` most,"
            f" {counting.times(count)}.",
            f"uses of {depended.symbol.name} in tests",
            [shown_place(file.path, case.name_line if case else 1)],
        )
        laid.uses.append(f"{depended.symbol.path}#{depended.symbol.qualified}")
        if case is not None:
            laid.read_symbol(case, 30)
        else:
            laid.read(file.path, file.path, 1, 40)
        return


def _shipped(ground: Ground) -> list[AreaFile]:
    """Return the files that it is packed and run by, those nearest to the root first."""
    found = [
        each
        for each in ground.everything
        if _SHIP.search(each.path)
        and not each.marks & (FileMark.TEST | FileMark.VENDORED)
        and not re.match(r"\.(?:github|devcontainer)/|docs?/|t/|tests?/", each.path)
        and "/docs/" not in each.path
    ]
    return sorted(found, key=lambda each: (each.path.count("/"), each.path))


def _say_versions(laid: Laid) -> None:
    ground = laid.ground
    tags = ground.desk.repository.tags()
    rows = ground.reader.execute("SELECT oid, committed FROM commits WHERE reachable = 1").fetchall()
    times = dict(rows)
    made = sorted(
        (
            (times[oid], name, oid)
            for name, oid in tags.items()
            if oid in times and _VERSION.match(name.rpartition("/")[2])
        ),
        reverse=True,
    )
    if not made:
        return
    when, name, _ = made[0]
    year = [each for each in made if each[0] > when - 31_557_600]
    laid.fact(
        f"The newest version that this branch has is {name}, tagged on a commit of {day(when)};"
        f" {len(made)} versions are"
        f" tagged in all, {len(year)} of them within a year of it.",
        "git tag",
        [each[2] for each in made[:10]],
    )


def _events(ground: Ground, file: AreaFile) -> list[str]:
    """Return what starts a pipeline, as its own `on:` has it; empty where it has none.

    A push of tags alone is a ``tag``.
    """
    source = ground.sources.file(file.path)
    lines = source.lines if source is not None else ()
    at = next((number for number, line in enumerate(lines) if _ON.match(line)), -1)
    if at < 0:
        return []
    inline = lines[at].partition(":")[2].partition("#")[0]
    if inline.strip():
        return re.findall(r"[a-z_]+", inline)
    out: list[str] = []
    pushes: list[str] = []
    depth = 0
    for line in lines[at + 1 :]:
        text = line.strip()
        indent = len(line) - len(line.lstrip())
        if not text or text.startswith("#"):
            continue
        if indent == 0 and not text.startswith("- "):
            break
        depth = depth or indent
        if indent <= depth:
            out += re.findall(r"^(?:- )?['\"]?([a-z_]+)", text)
        elif out and out[-1] == "push":
            pushes.append(text.partition(":")[0])
    if "tags" in pushes and "branches" not in pushes:
        out = ["tag" if each == "push" else each for each in out]
    return out


_ON: Final = re.compile(r"['\"]?on['\"]?:")
_ALONE: Final = frozenset(("push", "pull_request", "pull_request_target", "tag", "release", "schedule"))
"""What starts a pipeline without a hand or another one."""
_STARTS: Final = {
    "pull_request": "a pull request",
    "pull_request_target": "a pull request",
    "push": "a push",
    "release": "a release",
    "schedule": "the clock",
    "workflow_dispatch": "hand",
    "workflow_call": "another pipeline",
    "workflow_run": "the end of another pipeline",
    "tag": "a tag",
}


def _started_by(ground: Ground, file: AreaFile) -> str:
    """Return what starts a pipeline, in words; or nothing."""
    named = [_STARTS[word] for word in _events(ground, file) if word in _STARTS]
    return f", started by {listed(list(dict.fromkeys(named)))}" if named else ""


def _rank_of(path: str) -> int:
    name = path.rpartition("/")[2].lower()
    for rank, words in enumerate(
        (("test", "ci", "build", "python", "maven", "gradle", "go"), ("publish", "release", "deploy"))
    ):
        if any(word in name for word in words):
            return rank
    return 2


def _named_in(ground: Ground, file: AreaFile) -> tuple[str, Citation] | None:
    """Return the name that a pipeline gives itself and what starts it."""
    source = ground.sources.file(file.path)
    if source is None:
        return None
    for number, line in enumerate(source.lines[:20], 1):
        match = re.match(r"name:\s*[\"']?([^\"'#]{3,60})", line)
        if match is not None:
            citation = ground.sources.span(file.path, number, number)
            if citation is not None:
                return f"it calls itself “{match[1].strip()}”.", citation
    return None
