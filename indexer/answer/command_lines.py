"""What is typed, as the lines of documents, makefiles, packages, task runners and pipelines have it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from indexer.answer.task_runners import offered_by

CI: Final = (
    r"^\.github/workflows/.*\.ya?ml$|^\.gitlab-ci\.yml$|^\.circleci/config\.yml$|^\.travis\.yml$"
    r"|^azure-pipelines[^/]*\.ya?ml$"
)
OF_CI: Final = re.compile(CI, re.I)
"""The files that say what is run for each change."""
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
TOOL: Final = re.compile(
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
_PROMPT: Final = re.compile(r"^\s*(?:\$|%|>)\s+(?![\w-]+:\s)(\S.*)$")
"""Behind such a sign stands what is typed; a header of a request that a tool prints is none."""
_INLINE: Final = re.compile(r"``?([^`]{4,80})``?")
_TARGET: Final = re.compile(r"^([A-Za-z0-9][\w.-]*)\s*:(?!=)(.*)$")
_RUN: Final = re.compile(r"^\s*-?\s*(?:run|script|command|commands)\s*[:=]\s*(?:[|>]-?)?\s*(\S.*)?$")
_UNDERLINED: Final = re.compile(r"^([=~^\-])\1{2,}\s*$")
_ASSIGNED: Final = re.compile(r"^[\w.-]+\s*[=:](?:\s|$)")
_PRINTS: Final = re.compile(r"^[@-]*(?:echo|printf)\b")

TYPED: Final = 100
"""Characters that a person would type; a longer line is a script of CI's own."""


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
    does: str = ""
    """What it is known to do, in words, whatever it is called."""


def commands_in(path: str, lines: tuple[str, ...]) -> Iterator[Command]:
    """Yield what is typed by the lines of a document, a makefile, a package or a pipeline."""
    name = path.rpartition("/")[2].lower()
    for offered in offered_by(path, lines):
        yield Command(path, offered.line, offered.text, offered.around, offered.weight, does=offered.does)
    if name.startswith(("makefile", "justfile", "gnumakefile")):
        yield from _targets(path, lines, "make" if "make" in name else "just")
    elif name.endswith((".yml", ".yaml", ".ini", ".toml", ".cfg")):
        for number, line in enumerate(lines, 1):
            text = line.strip().removeprefix("- ").removeprefix("run: ")
            # A lone word of a configuration is an entry of a list: what is needed, or where something is run.
            lone = " " not in text and not name.endswith((".yml", ".yaml"))
            if TOOL.match(text) and not _ASSIGNED.match(text) and not lone:
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
            # Half of a line that goes on below tells nothing.
            whole = recipe and len(recipe[0]) <= TYPED and not recipe[0].endswith("\\")
            first = recipe[0].lstrip("@-") if whole else ""
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
        elif inside and TOOL.match(text) and not _PROSE.search(text) and not _ASSIGNED.match(text):
            yield Command(path, number, text, f"{heading}\n{said}", 1.0)
        elif text:
            said = text
            # "A simple `bundle exec rake` will run all the tests."
            for quoted in _INLINE.findall(text):
                if TOOL.match(quoted) and " " in quoted and not _PROSE.search(quoted):
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
