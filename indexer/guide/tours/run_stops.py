"""The stop on how it is installed, started and built."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from indexer.answer.commands import MEANT, Command, commands_in, commands_of, serving, under
from indexer.answer.inquiry import shown_place
from indexer.guide.overview import documents
from indexer.guide.tours.deeds import Deed, deed_of
from indexer.guide.tours.ground import Ground
from indexer.guide.tours.laid import Laid
from indexer.guide.tours.tooling import is_at_home, say_convention
from indexer.shapes.onboarding import StepKind
from indexer.types import Section

_IDLE: Final = re.compile(
    r"^(?:rm|cd|export|source|mkdir|cp|mv|cat|echo|ls|git (?:clone|config|checkout|commit|push|add|tag|branch"
    r"|fetch|remote)|curl|wget|vim?|nano|emacs|less|open|pre-commit|twine|bumpversion|tar|unzip"
    r"|sudo apt\S*)\b"
    r"|^make (?:help|clean\w*|dist|lint\S*|docs?|html|pdf|latex\w*|apicheck|contrib)\b|^docker (?:tag|push"
    r"|login)"
)


_SILENT: Final = re.compile(r"^(?:echo|@?echo|printf|:)\b")


_RELEASES: Final = re.compile(r"publish|release|upload|deploy|twine|\bpush\b", re.I)
"""What makes a release of it, by which nobody begins."""
_ITS_OWN: Final = re.compile(
    r"\s-e\b|--editable|\s\.(?:\[|\s|$|/)|\s-r\s*\S+|^(?:npm|yarn|pnpm) (?:install|ci|i)$|^yarn$"
    r"|^bundle(?: install)?$"
    r"|^uv sync|^poetry install|^go mod download|^make \S*(?:install|init|set-?up|develop|bootstrap|deps"
    r"|venv|requirements)\S*|setup\.py develop"
)
"""What installs what lies in the clone, or what it needs, rather than a release of it."""
_PREPARES: Final = ("Gemfile", "Bundler", "bundle install"), ("package.json", "npm", "npm install")
"""Build files, their tools, and what these install what is needed by."""

USE: Final = "use it in a program of one's own"
DEVELOP: Final = "set it up for work on it"

_SETS_UP: Final = frozenset(("init", "setup", "develop", "bootstrap", "instal", "sync", "requir"))

RUNNING: Final = (
    (DEVELOP, MEANT["instal"] | _SETS_UP),
    (USE, MEANT["instal"]),
    (
        "start",
        frozenset(
            (
                "run",
                "serv",
                "start",
                "up",
                "worker",
                "server",
                "runserv",
                "runserver",
                "bootrun",
                "sandbox",
                "web",
            )
        ),
    ),
    ("build", MEANT["build"]),
)


def running(ground: Ground) -> Laid | None:
    """Tell how it is installed, started and built, as its own documents and tools have it."""
    laid = Laid(ground, StepKind.RUN, "run", f"How to run {ground.name if ground.whole else 'it'}")
    found = [
        each
        for each in (*commands_of(laid.inquiry), *_of_first_documents(ground))
        if not _IDLE.match(each.text)
        and not each.path.startswith("docs/Makefile")
        and is_at_home(ground, each)
    ]
    shown: list[Command] = []
    goals: list[str] = []
    for goal, stems in RUNNING:
        meant = [each for each in found if not _of_tests(each) and _means(ground, goal, each)]
        best = [
            each
            for each in serving([stems], meant, installing=True)
            if each.text not in {one.text for one in shown}
        ]
        best.sort(
            key=lambda each: (
                each.path.startswith("."),
                goal in (USE, "start") and not _is_named(ground, each.text),
                "docs/" in each.path,
            )
        )
        for command in best[: 2 if goal == "start" else 1]:
            shown.append(command)
            goals.append(goal)
            # The first line of a recipe may only prepare for what the rest does.
            tells = command.runs and deed_of(ground, command.runs) == _deed(goal)
            does = f", which runs `{command.runs}`" if tells and not _SILENT.match(command.runs) else ""
            place = f"{shown_place(command.path, command.line)}{under(command)}"
            end = command.line + (1 if does else 0)
            laid.page.tell(
                Section.WHAT,
                f"To {_told(goal)}: `{command.text}`{does} ({place}).",
                [ground.sources.span(command.path, command.line, end)],
            )
    if DEVELOP not in goals:
        _say_prepared(laid)
    if "build" not in goals:
        say_convention(laid, tests=False)
    if not laid.page.statements:
        laid.page.tell(
            Section.MISSING,
            "No command of which it is sure that it installs, starts or builds it was found in the documents,"
            " build files and pipelines: read what comes first, and ask whoever works on it.",
            [],
        )
        for document in documents(ground.reader)[:1]:
            laid.read_head(document.path, document.path)
        return laid if ground.whole else None
    for command in shown:
        if len(laid.reading) < 2:
            laid.read_around(f"{command.path}, around `{command.text[:40]}`", command.path, command.line)
    if not shown:
        by_file = laid.page.statements[0]
        laid.ask("How does one begin, and which file says so?", by_file.text, by_file.citations)
        return laid
    first = shown[0]
    laid.ask(
        f"With which command does one {_told(goals[0])}, and where is it written?",
        f"`{first.text}`, in {shown_place(first.path, first.line)}.",
        [ground.sources.span(first.path, first.line, first.line)],
    )
    return laid


def _of_first_documents(ground: Ground) -> Iterator[Command]:
    """Yield what is typed in the documents that a newcomer reads first."""
    for document in documents(ground.reader):
        source = ground.sources.file(document.path)
        if source is not None and document.path.lower().startswith("doc"):
            yield from commands_in(document.path, source.lines)


def _told(goal: str) -> str:
    return goal if goal in (USE, DEVELOP) else f"{goal} it"


def _deed(goal: str) -> Deed:
    return Deed.INSTALL if goal in (USE, DEVELOP) else Deed(goal)


def _say_prepared(laid: Laid) -> None:
    """Name what installs what it needs by the convention of a tool whose file is here."""
    for file, tool, command in _PREPARES:
        if laid.ground.file(file) is not None:
            laid.fact(
                f"To {DEVELOP}: `{command}`, by the convention of {tool}, whose `{file}` is here.",
                "build files; no command for it that one would type was found in documents and pipelines",
                [shown_place(file, 1)],
            )


def _is_named(ground: Ground, text: str) -> bool:
    """Whether a command names the repository."""
    own = [ground.name.lower(), *re.split(r"[^a-z0-9]+", ground.name.lower())]
    return any(len(each) > 2 and each in text.lower() for each in own)


def _means(ground: Ground, goal: str, command: Command) -> bool:
    """Whether a command does what the goal is to the repository itself, and not to something beside it."""
    text = command.text
    if _RELEASES.search(text) or (goal == DEVELOP and _RELEASES.search(command.path)):
        return False
    if goal == DEVELOP:
        # Of what prepares a pipeline it is not known that a person would type it.
        own = _ITS_OWN.search(text) is not None and not command.path.startswith(".")
        return own and deed_of(ground, text) is Deed.INSTALL
    if goal == USE:
        return _is_named(ground, text) and not _ITS_OWN.search(text)
    # `bundle exec rake` may run the tests, and what a pipeline bundles may be a linter.
    if deed_of(ground, text) is not Deed(goal):
        return False
    return not re.search(r"\bdocs?\b|translat|messages|locale", text)


def _of_tests(command: Command) -> bool:
    words = f" {command.text} "
    return any(each in words for each in ("test", " tox", "nox", "lint", "flake", "coverage", "docs", "doc "))
