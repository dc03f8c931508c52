"""Commands: what is typed to run, build, test or install."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from indexer.answer.extract import say_meaning, say_sentences
from indexer.answer.how_to import ANY_DEED, asks_how_to, deed_asked, say_how_to
from indexer.answer.inquiry import Inquiry, shown_place
from indexer.answer.needs import Need
from indexer.answer.readable import CHANGE_LOG
from indexer.repo.words import stems
from indexer.types import ChunkKind, FileMark, Section

FILES_READ: Final = 40
SHOWN: Final = 5
_CI: Final = (
    r"^\.github/workflows/.*\.ya?ml$|^\.gitlab-ci\.yml$|^\.circleci/config\.yml$|^\.travis\.yml$"
    r"|^azure-pipelines[^/]*\.ya?ml$"
)
OF_CI: Final = re.compile(_CI, re.I)
"""The files that say what is run for each change."""
_WANTED_FILE: Final = re.compile(
    r"(?:^|/)(?:readme|contributing|install\w*|hacking|develop\w*|building|testing|quickstart"
    r"|getting[-_]?started"
    r"|makefile|justfile|rakefile|tox\.ini|noxfile\.py|package\.json|pyproject\.toml|taskfile\.ya?ml"
    r"|dockerfile"
    r"|docker-compose\.ya?ml|compose\.ya?ml|procfile|pom\.xml|build\.gradle(?:\.kts)?|cargo\.toml)(?:\.\w+)?$"
    rf"|{_CI}|(?:^|/)(?:docs?|documentation)/"
    r".*(?:install|contribut|develop|test|deploy|setup|getting|start|build|run|tutorial|quick)[^/]*$",
    re.I,
)
_TOOLS: Final = (
    "make pip pip3 pipx uv python python3 pytest tox nox npm npx yarn pnpm node go cargo mvn ./mvnw"
    " gradle ./gradlew"
    " docker docker-compose podman kubectl helm bundle rake ruby dotnet cmake ctest ninja meson"
    " composer php git conda"
    " poetry hatch pre-commit celery flask django-admin bash sh sudo apt apt-get brew java javac sbt"
    " bazel ./configure"
    " virtualenv source curl wget ant mix stack cabal swift flutter deno bun just task invoke fab"
    " ansible-playbook"
    " terraform vagrant jupyter sphinx-build mkdocs"
    " ruff mypy flake8 pylint pyright eslint prettier tsc jest vitest rubocop rspec golangci-lint phpunit"
)
_TOOL: Final = re.compile(
    r"^(?:\$ |> |# )?(?:[A-Z_][A-Z0-9_]*=\S+ )*(?:"
    + "|".join(re.escape(each) for each in _TOOLS.split())
    + r")(?:\s|$)"
)
_PROSE: Final = re.compile(
    r"^(?:task|just|make|go|node|source|stack|mix|ant|invoke|flutter|swift|ruby|python)\s+(?:is|are|was|will|has|have"
    r"|can|be|the|an?|to|and|or|that|it|its|in|on|of|should|must|may|for|you|your|sure|into|with|as|if|not|by"
    r"|from|this|calling|calls|code|needs?|gets|get (?:it|the|an?|your|to))\b|[a-z][.:,;]$",
)
"""A line of prose that begins with the name of a tool."""
_PROMPT: Final = re.compile(r"^\s*(?:\$|%|>)\s+(\S.*)$")
_INLINE: Final = re.compile(r"``?([^`]{4,80})``?")
_TARGET: Final = re.compile(r"^([A-Za-z0-9][\w.-]*)\s*:(?!=)(.*)$")
_RUN: Final = re.compile(r"^\s*-?\s*(?:run|script|command|commands)\s*[:=]\s*(?:[|>]-?)?\s*(\S.*)?$")
_UNDERLINED: Final = re.compile(r"^([=~^\-])\1{2,}\s*$")
_ASSIGNED: Final = re.compile(r"^[\w.-]+\s*[=:]\s")
_SCRIPT: Final = re.compile(r"^\s*\"([\w:.-]+)\"\s*:\s*\"([^\"]+)\"")

_SERVES: Final = 0.5
_SHORTENED: Final = 3
"""Letters from which the beginning of a word is taken for it."""
_TENDS: Final = re.compile(r"^(?:git|vim?|nano|emacs|less|man)\s|.*\s--?help\b")
"""Tends to files, or only tells of a command."""
_SHORTEN_NONE: Final = frozenset(("main", "master", "origin", "set"))
"""Words that shorten no other: `main` is no maintenance, `set` no setup."""
_ASIDE: Final = 0.4
"""What a command loses that tests, checks or writes documents where something else is to be done."""
_TYPED: Final = 100
"""Characters that a person would type; a longer line is a script of CI's own."""

INSTALLS: Final = re.compile(
    r"^(?:sudo )?(?:python[\d.]* -m )?(?:pip3?|npm|yarn|apt|apt-get|brew|bundle|conda|uv pip)"
    r" (?:-\S+ )*(?:install|add)\b"
)
_KEEPS_HOUSE: Final = re.compile(
    r"^@?(?:sudo )?(?:rm|rmdir|cd|ls|cat|cp|mv|mkdir|touch|echo|printf|pwd)\b|^[@-]*\$\((?:info|warning) "
)
"""What such a line does is never what was to be done."""

_LEFT_OUT: Final = re.compile(
    r"(?<=\s)(?:-D(?:skip[A-Z]\w*|maven\.test\.skip)(?:=\S+)?|--(?:skip|no|without|exclude)-\w+|-x \w+)"
)
"""What such an option names is not done."""

_PRINTS: Final = re.compile(r"^[@-]*(?:echo|printf)\b")

_RUNNING: Final = frozenset(
    ("run", "start", "execut", "launch", "local", "whole", "full", "suit", "project", "applic")
)
"""Words of running anything, which say nothing of what is to be run."""

MEANT: Final = {
    "test": frozenset(
        ("test", "pytest", "tox", "nox", "jest", "ctest", "unittest", "rspec", "phpunit", "check")
    ),
    "build": frozenset(("build", "compil", "make", "dist", "packag", "bundl", "assembl")),
    "instal": frozenset(("instal", "setup", "pip", "npm", "yarn", "bundl", "requir", "sync")),
    "lint": frozenset(
        ("lint", "ruff", "flake8", "flake", "eslint", "pylint", "rubocop", "precommit", "black", "checkstyl")
    ),
    "type": frozenset(("type", "typecheck", "mypi", "mypy", "pyright", "tsc")),
    "deploy": frozenset(("deploy", "releas", "publish", "kubectl", "helm", "heroku", "upload")),
    "doc": frozenset(("doc", "sphinx", "mkdoc", "sphinxbuild", "html", "docum")),
    "debug": frozenset(("debug", "pdb", "gdb", "inspect", "breakpoint", "verbos")),
    "format": frozenset(("format", "fmt", "black", "ruff", "prettier", "gofmt")),
}
"""Stems of a goal, and those of the usual tools for it."""

_BESIDE: Final = ("test", "lint", "doc", "format")
"""What is done beside the work itself."""
_UPKEEP: Final = ("instal", "lint", "doc", "format", "deploy")
"""What is done to the repository, not with what it offers: documents for users show no code for it."""


@dataclass(frozen=True, slots=True)
class Command:
    """A line that is typed (or run by CI), where it stands, and what is said around it."""

    path: str
    line: int
    text: str
    around: str
    weight: float
    runs: str = ""
    """The first line of the recipe of a target."""


def say_commands(inquiry: Inquiry) -> None:
    """Answer how something is run, built, tested or installed, with the commands that are given."""
    found = commands_of(inquiry)
    chosen = _best(inquiry, found)
    page = inquiry.page
    upkeep = any(MEANT[goal] in _goals(inquiry) for goal in _UPKEEP)
    if asks_how_to(inquiry.asked.text) and not (upkeep or _says_all(inquiry, chosen)) and say_how_to(inquiry):
        page.settled[Need.COMMAND] = True
        return
    for command in chosen:
        place = f"{shown_place(command.path, command.line)}{under(command)}"
        runs = "" if _KEEPS_HOUSE.match(command.runs) else command.runs
        does = f", which runs `{runs}`" if runs else ""
        verb = "Type" if command is chosen[0] else "Or"
        end = command.line + (1 if runs else 0)
        page.tell(
            Section.WHAT,
            f"{verb} `{command.text}`{does} ({place}).",
            [page.sources.span(command.path, command.line, end)],
        )
    page.carried[Need.COMMAND] = bool(chosen)
    # Where a command stands, a sentence near it in words is of no more use.
    if not chosen and not say_sentences(inquiry, 3, commits=False):
        say_meaning(inquiry)


def _says_all(inquiry: Inquiry, chosen: list[Command]) -> bool:
    """Return whether the best command itself speaks of all that is to be done, not only what is around it."""
    goals = _goals(inquiry)
    return bool(chosen) and all(meets(goal, spoken(chosen[0].text)) for goal in goals)


def say_command_named(inquiry: Inquiry) -> bool:
    """Tell what a command runs that the question writes out (`make docs`), if it stands here."""
    named = [name for name in inquiry.asked.names if " " in name and _TOOL.match(name)]
    if not named:
        return False
    said = False
    for command in commands_of(inquiry):
        if command.text in named:
            does = f" runs `{command.runs}`" if command.runs else " stands here"
            end = command.line + (1 if command.runs else 0)
            said |= inquiry.page.tell(
                Section.WHAT,
                f"`{command.text}`{does} ({shown_place(command.path, command.line)}).",
                [inquiry.page.sources.span(command.path, command.line, end)],
            )
    return said


def under(command: Command) -> str:
    """Return under which heading a command stands, as the end of a sentence; or nothing."""
    title = command.around.partition("\n")[0].strip()
    named = "\n" in command.around and 0 < len(title) < 70 and not _TOOL.match(title)
    return f", under “{title}”" if named else ""


def _best(inquiry: Inquiry, found: list[Command]) -> list[Command]:
    """Return the commands that serve what the question wants done, at most two of a file."""
    goals = _goals(inquiry)
    # "On a fresh laptop": of what no command here speaks none can serve it better than another.
    heard = set[str]().union(*(spoken(f"{each.text} {each.around}") for each in found))
    known = [goal for goal in goals if meets(goal, heard)]
    deed = deed_asked(inquiry.asked.text)
    meant = MEANT.get(deed, frozenset((deed,)))
    if deed in inquiry.evidence.weights and deed not in ANY_DEED | _RUNNING and not meets(meant, heard):
        # None of them does what is to be done: how a worker starts is not how it is paused.
        return []
    if 2 * len(known) < len(goals) and asks_how_to(inquiry.asked.text):
        # What is typed here speaks of next to nothing of what is to be done.
        return []
    chosen = serving(known or goals, found, installing="instal" in inquiry.evidence.weights)
    # What is to be done comes before with what: of "run the tests with a tag" first how tests are run.
    task = next((each for each in MEANT if MEANT[each] in known), None)
    if task is not None and not any(meets(MEANT[task], spoken(each.text)) for each in chosen):
        named = serving([frozenset((task,))], found, installing=False)
        chosen = [*(named or serving([MEANT[task]], found, installing=False))[:1], *chosen]
    doing = deed in _RUNNING or deed in MEANT or not asks_how_to(inquiry.asked.text)
    if not doing and not any(meets(goal, spoken(each.text)) for each in chosen for goal in known or goals):
        # What only stands under a title with its words does something else.
        return []
    return chosen


@lru_cache(maxsize=4096)
def spoken(text: str) -> frozenset[str]:
    """Return the stems of a command, or of what stands around it, without what an option leaves out."""
    return frozenset(stems(_LEFT_OUT.sub(" ", text)))


def meets(goal: frozenset[str], words: Collection[str]) -> bool:
    """Return whether words speak of a goal: by one of its stems, or cut short (``cov`` for coverage)."""
    if not goal.isdisjoint(words):
        return True
    return any(
        _SHORTENED <= len(word) < len(stem_) and stem_.startswith(word) and word not in _SHORTEN_NONE
        for word in words
        for stem_ in goal
    )


def serving(goals: list[frozenset[str]], found: list[Command], *, installing: bool) -> list[Command]:
    """Return the commands that serve the goals, each given as stems that speak of it, the best first."""
    scored = []
    for command in found:
        own, around = spoken(command.text), spoken(command.around)
        held = [1.0 if meets(goal, own) else 0.6 if meets(goal, around) else 0.0 for goal in goals]
        value = sum(held) / len(held)
        if INSTALLS.match(command.text) and not installing:
            value *= 0.4
        if _TENDS.match(command.text):
            value *= _ASIDE
        if any(meets(MEANT[aside], own) for aside in _BESIDE if MEANT[aside] not in goals):
            value *= _ASIDE
        # A target may tidy up first, and do what its name says after that.
        tidies = _KEEPS_HOUSE.match(command.runs) and 1.0 not in held
        if _KEEPS_HOUSE.match(command.text) or tidies:
            continue
        if (
            value >= _SERVES
            and len(command.text) <= _TYPED
            and not any(mark in command.text for mark in ("<", "…", "{posargs", "${{", "{{"))
        ):
            scored.append((value * command.weight, command))
    scored.sort(key=lambda each: (-each[0], each[1].path.count("/"), each[1].path, each[1].line))
    out: list[Command] = []
    texts: set[str] = set()
    files: dict[str, int] = {}
    for value, command in scored:
        if len(out) >= SHOWN or value < scored[0][0] * 0.7:
            break
        if command.text in texts or files.get(command.path, 0) >= 2:
            continue
        texts.add(command.text)
        files[command.path] = files.get(command.path, 0) + 1
        out.append(command)
    return out


def _goals(inquiry: Inquiry) -> list[frozenset[str]]:
    """Return what is to be done, each goal as the words (or tools) that speak of it."""
    asked = [term for part in inquiry.asked.parts if part.need is Need.COMMAND for term in part.terms]
    weighed = [term for term in inquiry.evidence.weights if term in asked] or list(inquiry.evidence.weights)
    terms = [term for term in weighed if term not in _RUNNING]
    goals = [MEANT.get(term, frozenset((term,))) for term in terms or weighed]
    return goals[:4] or [frozenset(("run",))]


def commands_of(inquiry: Inquiry) -> list[Command]:
    """Return what is typed here, as documents, makefiles, packages and CI have it."""
    rows = inquiry.reader.execute(
        "SELECT p.shown, e.marks FROM path p JOIN entry e ON e.path_id = p.id WHERE e.blob_id IS NOT NULL"
    ).fetchall()
    left_out = FileMark.VENDORED | FileMark.EXAMPLE
    wanted = [path for path, marks in rows if _WANTED_FILE.search(path) and not marks & left_out]
    wanted.sort(key=lambda path: (path.count("/"), len(path)))
    paths = wanted[:FILES_READ]
    hits = [
        hit.path
        for hit in inquiry.evidence.of_kind(ChunkKind.DOC)
        if hit.path and not CHANGE_LOG.search(hit.path)
    ]
    out: list[Command] = []
    for path in dict.fromkeys([*paths, *hits[:6]]):
        source = inquiry.page.sources.file(path)
        if source is not None:
            out += commands_in(path, source.lines)
    return out


def commands_in(path: str, lines: tuple[str, ...]) -> Iterator[Command]:
    """Yield what is typed by the lines of a document, a makefile, a package or a pipeline."""
    name = path.rpartition("/")[2].lower()
    if name.startswith(("makefile", "justfile", "gnumakefile")):
        yield from _targets(path, lines, "make" if "make" in name else "just")
    elif name == "package.json":
        for number, line in enumerate(lines, 1):
            if (script := _SCRIPT.match(line)) and any(tool in script[2] for tool in (" ", "test", "build")):
                yield Command(path, number, f"npm run {script[1]}", script[2], 0.95)
    elif name.endswith((".yml", ".yaml", ".ini", ".toml", ".cfg")):
        for number, line in enumerate(lines, 1):
            text = line.strip().removeprefix("- ").removeprefix("run: ")
            if _TOOL.match(text) and not _ASSIGNED.match(text):
                yield Command(path, number, text, _section(lines, number), 0.7)
    elif name.endswith((".md", ".rst", ".txt", ".adoc")) or "." not in name:
        yield from _typed(path, lines)


def _targets(path: str, lines: tuple[str, ...], tool: str) -> Iterator[Command]:
    for number, line in enumerate(lines, 1):
        target = _TARGET.match(line)
        if target is not None and not line.startswith("."):
            recipe = []
            for following in lines[number : number + 4]:
                if not following.startswith(("\t", "    ")):
                    break
                recipe.append(following.strip())
            first = recipe[0].lstrip("@-") if recipe and len(recipe[0]) <= _TYPED else ""
            # What a recipe prints speaks of what is over.
            done = " ".join(each for each in recipe if not _PRINTS.match(each))
            yield Command(path, number, f"{tool} {target[1]}", f"{done} {target[2]}", 1.0, first)


def _typed(path: str, lines: tuple[str, ...]) -> Iterator[Command]:
    heading, said, fenced = "", "", False
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text.startswith("```"):
            fenced = not fenced
            continue
        if not fenced and text.startswith("#") and " " in text and not line.startswith(("    ", "\t")):
            heading = text.lstrip("# ")
        elif number < len(lines) and text and _UNDERLINED.match(lines[number]):
            heading = text
        prompt = _PROMPT.match(line)
        inside = fenced or line.startswith(("    ", "\t", "$"))
        if prompt is not None and inside:
            yield Command(path, number, prompt[1], f"{heading}\n{said}", 1.0)
        elif inside and _TOOL.match(text) and not _PROSE.search(text):
            yield Command(path, number, text, f"{heading}\n{said}", 1.0)
        elif text:
            said = text
            # "A simple `bundle exec rake` will run all the tests."
            for quoted in _INLINE.findall(text):
                if _TOOL.match(quoted) and " " in quoted and not _PROSE.search(quoted):
                    yield Command(path, number, quoted, f"{heading}\n{text}", 0.95)


def _section(lines: tuple[str, ...], number: int) -> str:
    """Return what the step of a pipeline, or the part of a file, is called that a line stands in."""
    if lines[number - 1].lstrip().startswith("- run:"):
        # A step of its own: the name above is that of another.
        return ""
    for line in reversed(lines[max(0, number - 12) : number - 1]):
        told = line.lstrip()
        if told.startswith(("- name:", "[", "name:")):
            return line.strip("- []").removeprefix("name:").strip()
        if told.startswith(("- run:", "- uses:")):
            return ""
    return ""
