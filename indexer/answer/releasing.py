"""How a release of the repository is made: what a document says of it, what is typed for it or done by CI,
where the version stands, and what the last one touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.blocks import Role
from indexer.answer.command_lines import OF_CI, Command
from indexer.answer.demos import demo_folders
from indexer.answer.evidence import Found
from indexer.answer.inquiry import MINOR, Inquiry, shown_place
from indexer.answer.last_release import say_version_and_last
from indexer.answer.readable import CHANGE_LOG, is_readable
from indexer.answer.sentences import sentences_of
from indexer.index.symbols import FoundSymbol, symbols_where
from indexer.types import ChunkKind, FileMark, Hit, Section

RELEASE_HEADING: Final = re.compile(
    r"^(?:[\d.]+\s+)?(?:release (?:procedure|process|check-?list|steps|workflow|instructions|a new\b.*)"
    r"|releasing\b.*|publishing\b.*|how to (?:make a |do a )?(?:release|publish)\b.*"
    r"|(?:making|make|cutting|cut|creating|create|doing|preparing|prepare) (?:an? )?(?:new )?releases?\b.*)$",
    re.I,
)
RELEASE_DOC: Final = re.compile(
    r"^(?!.*(?:tutorials?|topics|how-?to|guide)/)(?:.*/)?"
    r"(?:releas(?!e-?notes|es)|deploy|publish)[^/]*\.(?:md|rst|txt|adoc)$",
    re.I,
)
"""How it is released; what is told to its users of deploying what they made is another thing."""
FOR_MAKERS: Final = re.compile(
    r"(?:^|/)(?:[^/]*contribut|releas|publish|maintain|hacking|develop|readme|governance|process|sdlc"
    r"|lifecycle)[^/]*$",
    re.I,
)
"""Documents for who works on it."""
_STEP_HEADING: Final = re.compile(
    r"^(?:(?:phase|step|stage|part)\s+\d+\s*[:.-]\s*|[\d.]+\s+)?releas(?:e|ing)(?:\s+(?:and|&)\s+\w+)?$", re.I
)
"""A release as one step among others, in a document for who works on it."""

_DOES: Final = re.compile(
    r"\b(?:tags?|tagged|publish\w*|upload\w*|push\w*|change ?log|bump(?:ed|ing)?|pypi|npm|maven central)\b",
    re.I,
)
_TOLD: Final = 4
_TYPED_MOST: Final = 3
"""Sentences of a section that are quoted, and commands that are told."""


@dataclass(frozen=True, slots=True)
class _Sign:
    """A line of a file that shows with what releases are made, what is typed for it, what that does."""

    files: re.Pattern[str]
    line: re.Pattern[str]
    typed: str
    does: str


def _sign(files: str, line: str, typed: str, does: str) -> _Sign:
    return _Sign(re.compile(rf"(?:^|/)(?:{files})$", re.I), re.compile(line), typed, does)


_PYTHON: Final = r"pyproject\.toml|setup\.cfg|\.bumpversion\.(?:cfg|toml)"
_GRADLE: Final = r"build\.gradle(?:\.kts)?"
_SIGNS: Final = (
    _sign(
        "rakefile", r"^\s*require ['\"]bundler/gem_tasks|^\s*Bundler::GemHelper\.install_tasks",
        "rake release",
        "builds the gem, tags and pushes its version, and uploads the gem",
    ),
    _sign(r"package\.json", r"^\s*\"np\"\s*:", "npx np", "tests, tags and publishes the package"),
    _sign(
        r"package\.json", r"^\s*\"release-it\"\s*:\s*\"", "npx release-it",
        "bumps the version, tags it and publishes",
    ),
    _sign(
        r"package\.json", r"^\s*\"@changesets/cli\"\s*:", "npx changeset publish",
        "publishes what was versioned by change sets",
    ),
    _sign(
        r"package\.json|\.releaserc(?:\.\w+)?", r"^\s*\"semantic-release\"\s*:", "npx semantic-release",
        "reads the version off the commits, and publishes",
    ),
    _sign(
        r"package\.json", r"^\s*\"standard-version\"\s*:", "npx standard-version",
        "bumps the version, writes the change log and tags",
    ),
    _sign(r"lerna\.json", r"^\s*\{", "npx lerna publish", "versions and publishes the packages"),
    _sign(r"package\.json", r"^\s*\"publishConfig\"\s*:", "npm publish", "publishes the package"),
    _sign(
        r"pom\.xml", r"<artifactId>maven-release-plugin<", "mvn release:prepare release:perform",
        "sets and tags the version, then builds and deploys it",
    ),
    _sign(
        r"pom\.xml", r"<artifactId>(?:central-publishing|nexus-staging)-maven-plugin<", "mvn deploy",
        "publishes to Maven Central",
    ),
    _sign(
        _GRADLE,
        r"(?<!import )(?<!hasPlugin\(['\"])com\.vanniktech\.maven\.publish",
        "gradle publishToMavenCentral",
        "publishes it",
    ),
    _sign(_GRADLE, r"\bmaven-publish\b", "gradle publish", "publishes it"),
    _sign(
        r"\.goreleaser\.ya?ml", r"^\w+\s*:", "goreleaser release",
        "builds what the file lists, and publishes it for a tag",
    ),
    _sign(_PYTHON, r"^\[(?:tool\.)?bumpversion\]", "bumpversion", "sets the next version everywhere"),
    _sign(
        _PYTHON, r"^\[tool\.semantic_release\]", "semantic-release publish",
        "reads the version off the commits, and publishes",
    ),
    _sign(_PYTHON, r"^\[tool\.commitizen\]", "cz bump", "sets the next version, and tags it"),
    _sign(
        r"cargo\.toml", r"^\[(?:package|workspace)\.metadata\.release\]", "cargo release",
        "sets and tags the version, and publishes the crate",
    ),
    _sign(r"release\.toml", r"^\S", "cargo release", "sets and tags the version, and publishes the crate"),
)  # fmt: skip
"""What shows that a release is made with a tool that has a task of its own for it."""

_ACTIONS: Final = (
    (re.compile(r"uses\s*:\s*['\"]?(pypa/gh-action-pypi-publish)@"), "uploads to PyPI"),
    (re.compile(r"uses\s*:\s*['\"]?(rubygems/release-gem)@"), "builds and uploads the gem"),
    (re.compile(r"uses\s*:\s*['\"]?(goreleaser/goreleaser-action)@"), "builds and publishes with goreleaser"),
    (re.compile(r"uses\s*:\s*['\"]?(JS-DevTools/npm-publish)@"), "publishes to npm"),
    (re.compile(r"uses\s*:\s*['\"]?(changesets/action)@"), "versions and publishes by change sets"),
    (
        re.compile(r"uses\s*:\s*['\"]?((?:google\w*|google-github-actions)/release-please-action)@"),
        "opens a pull request with the next version",
    ),
    (re.compile(r"uses\s*:\s*['\"]?(cycjimmy/semantic-release-action)@"), "publishes with semantic-release"),
    (
        re.compile(
            r"uses\s*:\s*['\"]?(softprops/action-gh-release|ncipollo/release-action|actions/create-release)@"
        ),
        "makes a release on GitHub",
    ),
)  # fmt: skip
_TRIGGERS: Final = (
    (re.compile(r"^\s*tags\s*:"), "when a tag is pushed"),
    (re.compile(r"^\s*release\s*:\s*$|^on\s*:.*\brelease\b"), "when a release is published on GitHub"),
    (re.compile(r"^\s*workflow_dispatch\s*:|^on\s*:.*\bworkflow_dispatch\b"), "when somebody starts it"),
)
_JOBS: Final = re.compile(r"^jobs\s*:")


def say_release(inquiry: Inquiry, typed: Sequence[Command]) -> bool:
    """Tell how a release is made; ``typed`` are the commands that speak of one.

    Return whether anything tells how: where the version stands and what the last release touched does not.
    """
    rows = inquiry.reader.execute(
        "SELECT p.shown, e.marks FROM path p JOIN entry e ON e.path_id = p.id WHERE e.blob_id IS NOT NULL"
    ).fetchall()
    paths = [path for path, marks in rows if not marks & MINOR]
    demos = tuple(demo_folders(inquiry.page.sources, paths))
    own = sorted((each for each in paths if not each.startswith(demos or ("\0",))), key=_near_the_top)
    told = _say_documents(inquiry, own)
    tasks = _say_tasks(inquiry, own)
    by_hand = [each for each in typed if each.text not in tasks and not _OF_SAMPLE.search(each.text)]
    told |= bool(tasks)
    told |= _say_typed(inquiry, [each for each in by_hand if not each.path.startswith(demos or ("\0",))])
    told |= _say_workflows(inquiry, own)
    say_version_and_last(inquiry, own)
    return told


# ------------------------------------------------------------------------------------ private


_OF_SAMPLE: Final = re.compile(r"\b(?:examples?|samples?|demos?)[/\\]")
"""Of a command that runs a sample, whatever the sample is called."""


def _near_the_top(path: str) -> tuple[int, str]:
    return path.count("/"), path


def _say_documents(inquiry: Inquiry, paths: Sequence[str]) -> bool:
    """Quote the section, or the document, that tells how a release is made."""
    for section in _sections(inquiry)[:1]:
        if _quote(inquiry, section.path, section.name_line + 1, section.end_line):
            return True
    for path in [each for each in paths if RELEASE_DOC.search(each)][:1]:
        if _quote(inquiry, path, 1, 80):
            return True
    return any(_say_script(inquiry, path) for path in paths if _SCRIPT.search(path))


_SCRIPT: Final = re.compile(
    r"^(?:(?:scripts?|tools?|bin|ci|contrib|build|hack|\.ci)/)?(?:releas(?:e|ing)|publish|dist)\.(?:sh|bash|py|rb|js|ps1)$"
)
_HEAD: Final = 40
_STEPS: Final = 2
"""Lines of a script's head, and comments of it from which they tell how a release is made."""


def _say_script(inquiry: Inquiry, path: str) -> bool:
    """Quote what the script that makes a release says at its head of the steps."""
    source = inquiry.page.sources.file(path)
    head: list[int] = []
    for at, line in enumerate(() if source is None else source.lines[:_HEAD], 1):
        if line.startswith("#") and not line.startswith("#!"):
            head.append(at)
        elif head or (line.strip() and not line.startswith("#")):
            break
    if source is None or len(head) < _STEPS:
        return False
    lines = [source.lines[at - 1].lstrip("# \t") for at in head]
    said = "; ".join(line for line in lines if line)
    if len(said) > _LONGEST_HEAD:
        return inquiry.page.code(Section.WHAT, path, head[0], head[-1], len(head))
    told = f"{shown_place(path, head[0])} says: “{said}”"
    return inquiry.page.tell(Section.WHAT, told, [inquiry.page.sources.span(path, head[0], head[-1])])


_LONGEST_HEAD: Final = 900


def _sections(inquiry: Inquiry) -> list[FoundSymbol]:
    """Return the headings under which it is told, the surest first."""
    found = [
        each
        for each in symbols_where(
            inquiry.reader, "s.kind = 'heading' AND (s.name LIKE '%releas%' OR s.name LIKE '%publish%')"
        )
        if FOR_MAKERS.search(each.path)
        and not CHANGE_LOG.search(each.path)
        and not each.marks & (MINOR & ~FileMark.DOCUMENTATION)
        and (RELEASE_HEADING.match(each.name.strip()) or _STEP_HEADING.match(each.name.strip()))
    ]
    return sorted(
        found,
        key=lambda each: (
            not RELEASE_HEADING.match(each.name.strip()),
            *_near_the_top(each.path),
            each.start_line - each.end_line,
        ),
    )


def _quote(inquiry: Inquiry, path: str, start: int, end: int) -> bool:
    """Quote the first sentences of lines of a document, those before and behind each other together."""
    source = inquiry.page.sources.file(path)
    if source is None:
        return False
    text = "\n".join(source.lines[start - 1 : end])
    hit = Hit(path, start, end, ChunkKind.DOC, "", None, 0.0, (), text, source.oid)
    told = [
        each
        for each in sentences_of(ChunkKind.DOC, source.language, text, start)
        # What begins small goes on from what stands before it.
        if each.role is Role.PROSE and is_readable(each.text) and not each.text[:1].islower()
    ]
    # Among much that is told, what somebody does; then the sentences beside that, which belong to it.
    doing = [at for at, each in enumerate(told) if _DOES.search(each.text)]
    beside = [near for at in doing for near in (at - 1, at + 1) if 0 <= near < len(told)]
    chosen = list(dict.fromkeys([*doing, *beside] if len(told) > _TOLD else range(len(told))))[:_TOLD]
    said = [inquiry.page.quote(Section.WHAT, Found.of(told[at], hit)) for at in sorted(chosen)]
    return any(said)


def _say_tasks(inquiry: Inquiry, paths: Sequence[str]) -> list[str]:
    """Tell what is typed with the tools for releases that files here show, and return it."""
    said: list[str] = []
    for sign in _SIGNS:
        for path in [each for each in paths if sign.files.search(each)][:2]:
            source = inquiry.page.sources.file(path)
            lines = source.lines if source is not None else ()
            at = next((number for number, line in enumerate(lines, 1) if sign.line.search(line)), 0)
            if not at or sign.typed in said or len(said) >= _TYPED_MOST:
                continue
            # What a plugin brings is called so by the plugin, and stands in no file here.
            brought = sign.typed.split()[-1] not in "\n".join(lines)
            place = f"{'brought by what stands in ' if brought else ''}{shown_place(path, at)}"
            if inquiry.page.tell(
                Section.WHAT,
                f"Type `{sign.typed}` ({place}): it {sign.does}.",
                [inquiry.page.sources.span(path, at, at)],
            ):
                said.append(sign.typed)
    return said


def _say_typed(inquiry: Inquiry, typed: Sequence[Command]) -> bool:
    said = 0
    for command in typed[:_TYPED_MOST]:
        verb = "CI runs" if OF_CI.search(command.path) else "Type"
        runs = f", which runs `{command.runs}`" if command.runs else ""
        said += inquiry.page.tell(
            Section.WHAT,
            f"{verb} `{command.text}`{runs} ({shown_place(command.path, command.line)}).",
            [inquiry.page.sources.span(command.path, command.line, command.line + bool(runs))],
        )
    return said > 0


def _say_workflows(inquiry: Inquiry, paths: Sequence[str]) -> bool:
    """Tell which pipeline publishes, and when it runs."""
    said = False
    for path in [each for each in paths if OF_CI.search(each)]:
        source = inquiry.page.sources.file(path)
        lines = source.lines if source is not None else ()
        done = next(_published(lines), None)
        if done is None:
            continue
        at, name, does = done
        when = _triggered(lines)
        begins = f"runs {when[1]}, and {does}" if when is not None else does
        said |= inquiry.page.tell(
            Section.WHAT,
            f"{path} {begins} (`{name}`, line {at}).",
            [
                inquiry.page.sources.span(path, when[0], when[0]) if when is not None else None,
                inquiry.page.sources.span(path, at, at),
            ],
        )
    return said


def _published(lines: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(lines, 1):
        for form, does in _ACTIONS:
            if (found := form.search(line)) is not None:
                yield number, found[1], does


def _triggered(lines: Sequence[str]) -> tuple[int, str] | None:
    """Return the line that says when a pipeline runs, with that in words."""
    jobs = next((at for at, line in enumerate(lines) if _JOBS.match(line)), len(lines))
    for form, words in _TRIGGERS:
        for number, line in enumerate(lines[:jobs], 1):
            if form.search(line):
                return number, words
    return None
