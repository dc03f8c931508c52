"""Tools of building and testing: whether one finds its own file here, and how it is called by convention."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from indexer.answer.command_lines import Command
from indexer.answer.inquiry import listed, shown_place
from indexer.guide.tours.ground import Ground
from indexer.guide.tours.laid import Laid

_NEEDS: Final = {
    "bundle": r"Gemfile",
    "rake": r"Rakefile",
    "npm": r"package\.json",
    "npx": r"package\.json",
    "yarn": r"package\.json",
    "pnpm": r"package\.json",
    "mvn": r"pom\.xml",
    "mvnw": r"mvnw|pom\.xml",
    "gradle": r"build\.gradle(?:\.kts)?",
    "gradlew": r"gradlew|build\.gradle(?:\.kts)?",
    "cargo": r"Cargo\.toml",
    "go": r"go\.mod",
    "composer": r"composer\.json",
    "make": r"(?:GNU)?[Mm]akefile(?:\.\w+)?",
    "poetry": r"pyproject\.toml",
    "tox": r"tox\.ini|setup\.cfg|pyproject\.toml",
    "nox": r"noxfile\.py",
    "mix": r"mix\.exs",
    "sbt": r"build\.sbt",
}
"""The file that a tool looks for where it is started."""

_SHORT: Final = 60
"""Characters of the first line of a recipe that is still shown."""

_TOOL: Final = re.compile(r"^(?:[A-Z_][A-Z0-9_]*=\S+ )*(?:sudo )?(?:\./)?([\w-]+)")


@dataclass(frozen=True, slots=True)
class _Convention:
    """What a build file is enough for: typed with its wrapper, where that is here, and without."""

    tool: str
    build: str
    wrapper: str
    wrapped: str
    plain: str
    builds: str
    tests: str


_CONVENTIONS: Final = (
    _Convention("Maven", "pom.xml", "mvnw", "./mvnw", "mvn", "install", "test"),
    _Convention("Gradle", "build.gradle", "gradlew", "./gradlew", "gradle", "build", "test"),
    _Convention("Gradle", "build.gradle.kts", "gradlew", "./gradlew", "gradle", "build", "test"),
    _Convention("Go", "go.mod", "", "", "go", "build ./...", "test ./..."),
    _Convention("Cargo", "Cargo.toml", "", "", "cargo", "build", "test"),
)


def is_at_home(ground: Ground, command: Command) -> bool:
    """Return whether a command's tool has its file in this repository: a pipeline may check out another one
    to run that one's tests.
    """
    found = _TOOL.match(command.text)
    needed = _NEEDS.get(found[1], "") if found else ""
    return not needed or any(re.fullmatch(needed, each.path.rpartition("/")[2]) for each in ground.everything)


def missing_file(ground: Ground, command: Command) -> str:
    """Return what a command is given to run that is not in the repository, or nothing: a reader's own
    program, which a document has one write first.
    """
    words = command.text.partition(" #")[0].split()
    given = [each for each in words if _RUNNABLE.search(each) and not _HOLDS.search(each)]
    # A pipeline or a recipe goes into folders; a document is read at the root, or where it lies.
    at_root = command.path.lower().endswith((".md", ".rst", ".adoc", ".txt"))
    folder = command.path.rpartition("/")[0]
    for each in given:
        path = each.removeprefix("./").partition("::")[0]
        known = any(ground.file(f"{place}{path}") is not None for place in ("", f"{folder}/"))
        if not known and (at_root or not any(one.path.endswith(f"/{path}") for one in ground.everything)):
            return each
    own = _OF_ONES_OWN.search(f" {command.text} ")
    name = re.split(r"[.:]", own[1])[0] if own is not None else ""
    if name and name not in ground.packages and ground.file(f"{name}.py") is None:
        return name
    return ""


_RUNNABLE: Final = re.compile(r"^[\w./-]+\.(?:py|go|js|mjs|cjs|ts|rb|php|java|jar|sh|pl|exs?|rs)(?:::\S+)?$")
_HOLDS: Final = re.compile(r"^(?:https?:|/)")
_OF_ONES_OWN: Final = re.compile(r"\s(?:-A|--app)[ =]([A-Za-z_][\w.:]*)\s")
"""The program that a command is told to take, by a name of its own."""


def made_first(ground: Ground, command: Command) -> str:
    """Return what a target of make is made after, as far as that runs anything; or nothing."""
    source = ground.sources.file(command.path) if command.text.startswith("make ") else None
    if source is None or not 0 < command.line <= len(source.lines):
        return ""
    named = source.lines[command.line - 1].partition(":")[2].partition("#")[0].split()
    told = []
    for name in named:
        at = next((number for number, line in enumerate(source.lines) if line.startswith(f"{name}:")), -1)
        recipe = source.lines[at + 1].strip().lstrip("@-") if 0 <= at < len(source.lines) - 1 else ""
        if at >= 0:
            runs = source.lines[at + 1].startswith("\t") and "$" not in recipe and len(recipe) < _SHORT
            told.append(f"`make {name}`" + (f" (`{recipe}` and what follows)" if runs else ""))
    return f", after {listed(told)}" if told else ""


def say_convention(laid: Laid, *, tests: bool) -> bool:
    """Name what a build file that is here is built or tested with by convention, where nobody wrote it down.

    Return whether there was one.
    """
    ground = laid.ground
    said = False
    for each in _CONVENTIONS:
        if ground.file(each.build) is None:
            continue
        tool = each.wrapped if each.wrapper and ground.file(each.wrapper) is not None else each.plain
        goal = "run them" if tests else "build it"
        laid.fact(
            f"To {goal}: `{tool} {each.tests if tests else each.builds}`, by the convention of {each.tool},"
            f" whose `{each.build}` is here.",
            "build files",
            [shown_place(each.build, 1)],
        )
        said = True
    return said
