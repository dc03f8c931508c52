"""The stop on how it is installed, started and built."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from indexer.answer.command_lines import OF_CI, Command
from indexer.answer.commands import commands_of, serving, under
from indexer.answer.goals import MEANT
from indexer.answer.inquiry import shown_place
from indexer.guide.overview import documents
from indexer.guide.tours.deeds import Deed, deed_of, packs
from indexer.guide.tours.ground import Ground
from indexer.guide.tours.laid import Laid
from indexer.guide.tours.pipelines import pipelines_of
from indexer.guide.tours.tooling import is_at_home, made_first, missing_file, say_convention
from indexer.guide.tours.typed import block_of, in_documents, in_pipelines, is_inline, scripts_of
from indexer.shapes.onboarding import StepKind
from indexer.types import FileMark, Section

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

_DEMO: Final = re.compile(r"^make (?:sandbox|demo|serve|runserver|run|up|start|dev)$|\brunserver\b|\bserve$")
"""What shows it running, whatever the recipe does for that."""
_ADDS: Final = re.compile(r"^(?:npm init|npx|cargo add|composer require|dotnet add|go get)\b")
_HANDS_OUT: Final = re.compile(r"\b(?:docker|image)\b")
_IN_TESTS: Final = re.compile(r"(?:^|/)(?:tests?|t|examples?)/")
_BEGINS: Final = re.compile(r"\b(?:npm init|npm create|yarn create|npx create-|startproject|cargo new)\b")
NEAR: Final = 15
"""Lines above a command in which a new project is begun."""

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
    found = _found(laid)
    own = {each: name for each in found if (name := missing_file(ground, each))}
    shown: list[tuple[str, Command]] = []
    theirs: list[Command] = []
    for goal, stems in RUNNING:
        meant = _meant(ground, goal, found, own)
        for command in _best(ground, goal, stems, meant, shown)[: 2 if goal == "start" else 1]:
            # The same with another option is no other way.
            if not any(f"{command.text} ".startswith(f"{one.text} ") for _, one in shown):
                shown += [(goal, each) for each in _say(laid, goal, command, found)]
        if goal == "start":
            _say_scripts(laid, shown)
            theirs = _say_own(laid, own)
    goals = [goal for goal, _ in shown]
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
    for command in [*(each for _, each in shown), *theirs]:
        if len(laid.reading) < 2:
            laid.read_around(f"{command.path}, around `{command.text[:40]}`", command.path, command.line)
    _ask(laid, shown)
    return laid


def _ask(laid: Laid, shown: Sequence[tuple[str, Command]]) -> None:
    if not shown:
        by_file = laid.page.statements[0]
        laid.ask("How does one begin, and which file says so?", by_file.text, by_file.citations)
        return
    goal, first = shown[0]
    block = [each for one, each in shown if one == goal and each.path == first.path]
    block = block if goal != "start" else [first]
    laid.ask(
        f"With which command does one {_told(goal)}, and where is it written?",
        f"{', then '.join(f'`{each.text}`' for each in block)}, in {shown_place(first.path, first.line)}.",
        [laid.ground.sources.span(first.path, first.line, block[-1].line)],
    )


def _found(laid: Laid) -> list[Command]:
    """Return what is typed here and may set up, start or build what is here."""
    ground = laid.ground
    left = {each.file.path for each in pipelines_of(ground) if each.left}
    typed = [each for each in commands_of(laid.inquiry) if not OF_CI.search(each.path)]
    return [
        each
        for each in (*typed, *in_documents(ground), *in_pipelines(ground))
        if not _IDLE.match(each.text)
        and not each.path.startswith("docs/Makefile")
        and each.path not in left
        and not _IN_TESTS.search(each.path)
        and is_at_home(ground, each)
    ]


def _meant(ground: Ground, goal: str, found: Sequence[Command], own: Mapping[Command, str]) -> list[Command]:
    """Return the commands that serve a goal and start no program of a reader's ``own``."""
    meant = [each for each in found if each not in own and not _of_tests(each) and _means(ground, goal, each)]
    if goal == "start" and any(_is_program(ground, each) for each in own):
        # What is only named beside the command that is set apart stands for that.
        meant = [each for each in meant if not is_inline(ground, each)]
    return meant


def _best(
    ground: Ground,
    goal: str,
    stems: frozenset[str],
    meant: Sequence[Command],
    shown: Sequence[tuple[str, Command]],
) -> list[Command]:
    """Return the commands that serve a goal, the best first: what is set apart before what is only named."""
    said = {one.text for _, one in shown}
    best = [each for each in serving([stems], list(meant), installing=True) if each.text not in said]
    if goal == "build" and not best:
        # By its name a line of Maven installs, and builds for that.
        best = sorted(meant, key=lambda each: (not each.path.startswith("."), each.path, each.line))
    best.sort(
        key=lambda each: (
            each.path.startswith("."),
            is_inline(ground, each),
            goal == "start" and deed_of(ground, each.text) is not Deed.START,
            goal == "start" and not _DEMO.search(each.text) and not _is_named(ground, each.text),
            goal == USE and not _is_named(ground, each.text),
            "docs/" in each.path,
        )
    )
    return best


def _say(laid: Laid, goal: str, command: Command, found: Sequence[Command]) -> list[Command]:
    """Tell what is typed for a goal, with what stands in the same block of a document; return it all."""
    ground = laid.ground
    block = [each for each in block_of(found, command) if each is command or _goes_with(ground, goal, each)]
    # The first line of a recipe may only prepare for what the rest does.
    tells = len(block) == 1 and command.runs and deed_of(ground, command.runs) == _deed(goal)
    does = f", which runs `{command.runs}`" if tells and not _SILENT.match(command.runs) else ""
    does += "" if len(block) > 1 else made_first(ground, command)
    place = f"{shown_place(block[0].path, block[0].line)}{under(command)}"
    typed = ", then ".join(f"`{each.text.partition(' #')[0].rstrip()}`" for each in block)
    by = ", a pipeline runs" if "…" in command.text else ":"
    laid.page.tell(
        Section.WHAT,
        f"To {_told(goal)}{by} {typed}{does}{_wrapper(ground, command)} ({place}).",
        [ground.sources.span(command.path, block[0].line, block[-1].line + (1 if does and tells else 0))],
    )
    return block


def _goes_with(ground: Ground, goal: str, command: Command) -> bool:
    """Whether what stands beside a command in a block of a document is a part of the same deed."""
    deed = deed_of(ground, command.text)
    if goal == DEVELOP:
        return deed is Deed.INSTALL
    if goal == USE:
        return False
    return deed in (Deed.INSTALL, Deed.BUILD, _deed(goal)) or _DEMO.search(command.text) is not None


def _wrapper(ground: Ground, command: Command) -> str:
    tool = re.match(r"(?:\./)?(mvnw|gradlew)\b", command.text)
    return f"; `{tool[1]}` itself is not kept here" if tool and ground.file(tool[1]) is None else ""


def _say_scripts(laid: Laid, shown: Sequence[tuple[str, Command]]) -> None:
    """Name a script that starts it, by its name and by what it runs."""
    if any(goal == "start" for goal, _ in shown):
        return
    for script in list(scripts_of(laid.ground))[:1]:
        called = (
            f"; how it is called stands in {shown_place(script.path, script.usage)}" if script.usage else ""
        )
        lines = [script.line, *([script.usage] if script.usage else [])]
        laid.page.tell(
            Section.WHAT,
            f"To start it there is a script, `{script.path}`, which runs `{script.runs}`"
            f" ({shown_place(script.path, script.line)}){called}.",
            [laid.ground.sources.span(script.path, line, line) for line in lines],
        )
        laid.read_around(f"{script.path}, around what it runs", script.path, script.line)


def _is_program(ground: Ground, command: Command) -> bool:
    """Whether a command that a document sets apart starts a program."""
    return (
        not command.path.startswith(".")
        and not is_inline(ground, command)
        and deed_of(ground, command.text) is Deed.START
    )


def _say_own(laid: Laid, own: Mapping[Command, str]) -> list[Command]:
    """Tell how a reader's own program is started, which a document has one write first; return that."""
    ground = laid.ground
    starting = [each for each in own if _is_program(ground, each)]
    starting.sort(key=lambda each: (each.path.count("/"), each.path, each.line))
    for command in starting[:1]:
        laid.page.tell(
            Section.WHAT,
            f"To start a program of one's own that uses it: `{command.text}`"
            f" ({shown_place(command.path, command.line)}{under(command)});"
            f" `{own[command]}` {_whose(ground, own[command])}.",
            [ground.sources.span(command.path, command.line, command.line)],
        )
    return starting[:1]


def _whose(ground: Ground, name: str) -> str:
    """Return where something of a name that a reader writes lies here too, if it does."""
    parts = name.removeprefix("./")
    same = [each for each in ground.everything if f"/{parts}/" in f"/{each.path}/"]
    if not same:
        return "is not in this repository, but what one writes first"
    # An example is meant to be copied; a test only stands in for one.
    nearest = min(same, key=lambda each: (not each.marks & FileMark.EXAMPLE, len(each.path)))
    found = f"/{nearest.path}/"
    at = found[1 : found.find(f"/{parts}/") + len(parts) + 1]
    return f"is what one writes, and one of that name lies in {at}"


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
                "build files",
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
        return own and deed_of(ground, text) is Deed.INSTALL and not _begins_another(ground, command)
    if goal == USE:
        adds = deed_of(ground, text) is Deed.INSTALL or _ADDS.match(text) is not None
        return adds and _is_named(ground, text) and not _ITS_OWN.search(text)
    if re.search(r"\bdocs?\b|translat|messages|locale", text):
        return False
    return _starts(ground, command) if goal == "start" else _builds(ground, command)


def _starts(ground: Ground, command: Command) -> bool:
    deed = deed_of(ground, command.text)
    if _DEMO.match(command.text):
        # What is known to do something else only prepares for what starts it.
        return deed in (Deed.START, None)
    server = rf"(?:\S*/)?{re.escape(ground.name.lower())}[-_]?(?:server|d)\b"
    return deed is Deed.START or (not command.path.startswith(".") and bool(re.match(server, command.text)))


def _builds(ground: Ground, command: Command) -> bool:
    """Whether a command builds it, and not what is handed out: that is a release."""
    of_pipeline = command.path.startswith(".")
    if packs(ground, command.text) or (of_pipeline and _HANDS_OUT.search(command.text)):
        return False
    # `bundle exec rake` may run the tests, and what a pipeline bundles may be a linter.
    deed = deed_of(ground, command.text)
    return deed is Deed.BUILD or (command.text == "make" and deed is None and not of_pipeline)


def _begins_another(ground: Ground, command: Command) -> bool:
    """Whether the lines above have made a new project: what is installed there is not for this one."""
    source = ground.sources.file(command.path)
    above = source.lines[max(0, command.line - NEAR) : command.line - 1] if source is not None else ()
    return any(_BEGINS.search(line) for line in above)


def _of_tests(command: Command) -> bool:
    words = f" {command.text} "
    return any(each in words for each in ("test", " tox", "nox", "lint", "flake", "coverage", "docs", "doc "))
