"""What a command does: by its tool, or by the recipe of the target, task or script that it names."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from indexer.guide.tours.ground import Ground


class Deed(StrEnum):
    """What a command does, in falling order of what names a command that does several."""

    RELEASE = "release"
    TEST = "test"
    START = "start"
    BUILD = "build"
    LINT = "lint"
    INSTALL = "install"


DEEP: Final = 5
"""Targets within targets that are followed."""

_BEFORE: Final = re.compile(
    r"^(?:[@+-]*\s*(?:[A-Za-z_]\w*=\S*|sudo|env|exec|time|bundle exec|(?:poetry|pipenv|uv|hatch|rye|pdm) run"
    r"|npx|pnpm exec|yarn exec|uvx|pipx run"
    r"|(?:\S*/)?python[\d.]* -m(?= (?:pip|pytest|unittest|tox|nox|build|flake8"
    r"|ruff|mypy|black|pylint|isort|flask|celery|uvicorn|gunicorn|nose2?)\b))\s+)+"
)
"""What is typed before the tool itself."""
_PARTED: Final = re.compile(r"\s*(?:&&|\|\||;)\s*")

_BY_TOOL: Final = {
    Deed.TEST: "pytest py.test tox nox rspec jest ctest mocha vitest phpunit cucumber behave unittest"
    " nose nose2 minitest ava karma cypress playwright gotestsum",
    Deed.LINT: "rubocop eslint flake8 ruff pylint black mypy isort bandit prettier checkstyle golangci-lint"
    " shellcheck standard standardrb pre-commit stylelint tslint pyright yamllint hadolint codespell gofmt"
    " phpstan phpcs clippy brakeman",
    Deed.BUILD: "webpack rollup esbuild tsc pyinstaller javac",
    Deed.START: "uvicorn gunicorn rackup puma unicorn hypercorn daphne waitress-serve nodemon",
}
_TOOLS: Final = {tool: deed for deed, tools in _BY_TOOL.items() for tool in tools.split()}

_BY_WORDS: Final = tuple(
    (re.compile(pattern), deed)
    for pattern, deed in (
        (r"twine upload\b|python\S* setup\.py .*\bupload\b|gem push\b", Deed.RELEASE),
        (r"(?:docker|podman|helm) push\b|goreleaser\b", Deed.RELEASE),
        (r"(?:npm|yarn|pnpm|cargo|poetry|uv|hatch|flit|lerna) publish\b", Deed.RELEASE),
        (r"(?:mvnw?|gradlew?)\b.* (?:deploy|publish\w*|release:\w+)\b", Deed.RELEASE),
        (
            r"(?:go|cargo|mix|dotnet|swift|deno|bun|sbt|stack|cabal|zig|composer|meson|bazel) test\b",
            Deed.TEST,
        ),
        (r"(?:mvnw?|gradlew?|ant)\b.* (?:\S+:)?(?:test|check|verify|integrationTest)\b", Deed.TEST),
        (r"(?:\S*manage\.py|rails|setup\.py|python\S* setup\.py) test\b", Deed.TEST),
        (r"(?:go vet|cargo (?:clippy|fmt)|mix (?:credo|format)|dotnet format)\b", Deed.LINT),
        (r"pip[\d.]* install\b|(?:npm|yarn|pnpm|bun) (?:install|ci|add|i)\b|yarn$|bundle$", Deed.INSTALL),
        (
            r"(?:bundle|poetry|composer|gem|cargo|uv pip|conda|pipenv|apt(?:-get)?|brew) (?:install|add)\b",
            Deed.INSTALL,
        ),
        (r"uv sync\b|go (?:mod download|get|install)\b|mix deps\.get\b", Deed.INSTALL),
        (r"python\S* setup\.py (?:install|develop)\b", Deed.INSTALL),
        (r"python\S* setup\.py .*(?:sdist|bdist\w*|build\w*)\b|python\S* -m build\b|build$", Deed.BUILD),
        (
            r"(?:go|cargo|dotnet|swift|stack|cabal|zig|bazel|gem|poetry|uv|hatch|vite|next|ng) build\b",
            Deed.BUILD,
        ),
        (r"(?:mvnw?|gradlew?|ant)\b.* (?:package|install|assemble|build|compile|jar|war|dist)\b", Deed.BUILD),
        (r"cmake --build\b|ninja\b|mix compile\b|sbt (?:compile|package)\b", Deed.BUILD),
        (
            r"(?:\S*manage\.py|rails|bin/rails|flask|django-admin)\b.* (?:runserver\w*|run|server)\b",
            Deed.START,
        ),
        (r"celery\b.* (?:worker|beat)\b|rails s\b|hugo server\b|jekyll serve\b|mkdocs serve\b", Deed.START),
        (
            r"(?:docker[ -]compose|podman-compose|vagrant|foreman|honcho) (?:-\S+ \S+ )*(?:up|start)\b",
            Deed.START,
        ),
        (
            r"java\b.* -jar\b|(?:go|cargo|dotnet|swift|deno|sbt|mix|stack|bun) run\b",
            Deed.START,
        ),
        (r"(?:mvnw?|gradlew?)\b.* (?:\S+:)?(?:run|bootRun|start)\b|mix phx\.server\b", Deed.START),
        (r"(?:vite|next|ng|nuxt|react-scripts|parcel)(?: (?:dev|serve|start))?$", Deed.START),
        (
            r"(?:node|ruby|php|python[\d.]*) (?:\S*/)?(?:app|server|main|index|run|start|wsgi)\.\w+$",
            Deed.START,
        ),
    )
)
"""What tools of many uses do, by the words that follow; the first that fits."""

_TARGET: Final = re.compile(r"^([A-Za-z0-9][\w./-]*(?: [\w./-]+)*)\s*::?(?!=)\s*([^#]*)")
_VARIABLE: Final = re.compile(r"^(?:export )?([A-Za-z_]\w*)\s*[:?+]?=\s*(.*)$")
_VALUE: Final = re.compile(r"\$[({](\w+)[)}]")
_TASK: Final = re.compile(
    r"^\s*(?:multi)?task[ (]+:?['\"]?([\w:]+)['\"]?(?:\s*(?:=>|:)\s*(.+?))?\s*\)?\s*(?:do\b.*)?$"
)
_TEST_TASK: Final = re.compile(
    r"\b(?:TestTask|Minitest::TestTask|RakeTask)\.(?:new|create)\b(?:[ (]*[:'\"]([\w:]+))?"
)
_RAKE: Final = re.compile(r"(?:^|/)Rakefile$|\.rake$")


def deed_of(ground: Ground, text: str) -> Deed | None:
    """Return what a command does to what is in the repository; None where that is not known."""
    return _named(_deeds(ground, text, 0, frozenset()))


def recipe_of(ground: Ground, text: str) -> list[str]:
    """Return what a command runs that names a target, task or script; nothing of other commands."""
    words = _BEFORE.sub("", text.strip()).split()
    return (_recipe(ground, words[0].rpartition("/")[2], words[1:]) or []) if words else []


def packs(ground: Ground, text: str) -> bool:
    """Whether a command packs what is handed out, by its own words or by the recipe that it names."""
    lines = [text, *recipe_of(ground, text)]
    return any(_PACKS.search(line) for line in lines)


_PACKS: Final = re.compile(
    r"\b(?:sdist|bdist\w*)\b|-m build\b|\b(?:uv|poetry|hatch|flit|gem) build\b|\bnpm pack\b"
    r"|\bmake (?:dist|package)$"
)

# ------------------------------------------------------------------------------------ private


def _named(found: set[Deed]) -> Deed | None:
    return next((deed for deed in Deed if deed in found), None)


def _deeds(ground: Ground, text: str, depth: int, seen: frozenset[str]) -> set[Deed]:
    out: set[Deed] = set()
    for part in _PARTED.split(text.strip()):
        plain = _BEFORE.sub("", part.strip().lstrip("@+-").strip())
        if not plain or plain in seen or depth > DEEP:
            continue
        word, _, rest = plain.partition(" ")
        tool = word.rpartition("/")[2]
        line = f"{tool} {rest}".strip()
        inner = _recipe(ground, tool, rest.split())
        if inner is not None:
            for each in inner:
                out |= _deeds(ground, each, depth + 1, seen | {plain})
        elif tool in _TOOLS:
            out.add(_TOOLS[tool])
        elif _is_own(ground, line):
            out.add(Deed.START)
        else:
            deed = next((deed for pattern, deed in _BY_WORDS if pattern.match(line)), None)
            if deed is not None:
                out.add(deed)
    return out


_MODULE: Final = re.compile(r"python[\d.]* -m ([\w-]+)")
_SERVES: Final = re.compile(r"(?<![\w-])(?:serve|server|start|run|worker|web|up|runserver)\b")


def _is_own(ground: Ground, line: str) -> bool:
    """Whether a command is a program of the repository itself, told to start."""
    module = _MODULE.match(line)
    own = module[1] if module is not None else line.partition(" ")[0]
    known = own in ground.packages or ground.file(f"{own}.py") is not None
    return (known if module is not None else own == ground.name) and bool(_SERVES.search(line[len(own) :]))


def _recipe(ground: Ground, tool: str, words: Sequence[str]) -> list[str] | None:
    """Return the commands behind what is named to a tool that runs what a file lists; None for others."""
    named = [each for each in words if not each.startswith("-") and "=" not in each]
    if tool in ("make", "gmake"):
        if any(each in ("-C", "-f") for each in words):
            return []
        return _of_make(ground, named)
    if tool == "rake":
        tasks = _rake_tasks(ground)
        return [line for name in named or ["default"] for line in tasks.get(name, ())]
    if tool in ("npm", "yarn", "pnpm", "bun"):
        script = named[1:2] if named[:1] == ["run"] else named[:1]
        scripts = _scripts(ground)
        # Only some run a script without `run`: `npm ci` installs, whatever script is called so.
        plain = tool != "npm" or named[:1] == ["run"] or script in (["start"], ["test"])
        if plain and script and script[0] in scripts:
            return [scripts[script[0]]]
        return [] if named[:1] == ["run"] or script in (["start"], ["test"]) else None
    return None


def _of_make(ground: Ground, named: Sequence[str]) -> list[str]:
    file = next((name for name in ("GNUmakefile", "makefile", "Makefile") if ground.file(name)), "")
    source = ground.sources.file(file) if file else None
    if source is None:
        return []
    values: dict[str, str] = {}
    targets: dict[str, list[str]] = {}
    under: list[str] = []
    for line in source.lines:
        if line.startswith("\t"):
            for name in under:
                targets[name].append(line.strip())
        elif found := _VARIABLE.match(line):
            values[found[1]] = found[2]
        elif found := _TARGET.match(line):
            under = found[1].split()
            for name in under:
                targets.setdefault(name, []).extend(f"make {each}" for each in found[2].split())
        elif line.strip() and not line.startswith("#"):
            under = []
    first = next((name for name in targets if not name.startswith(".")), "")
    return [
        _expanded(line, values)
        for name in named or [values.get(".DEFAULT_GOAL", first)]
        for line in targets.get(name, ())
    ]


def _expanded(line: str, values: Mapping[str, str]) -> str:
    for _ in range(DEEP):
        line = _VALUE.sub(lambda found: values.get(found[1], found[1].lower()), line)
    return line


def _rake_tasks(ground: Ground) -> dict[str, list[str]]:
    """Return for each task of Rake what runs before it and in it, as far as that is written plainly."""
    tasks: dict[str, list[str]] = {}
    for each in ground.everything:
        source = (
            ground.sources.file(each.path) if _RAKE.search(each.path) and each.path.count("/") < 3 else None
        )
        for line in source.lines if source is not None else ():
            tasks_of = _TEST_TASK.search(line)
            if tasks_of is not None:
                linter = "rubocop" in line.lower()
                name = tasks_of[1] or ("rubocop" if linter else "spec" if "RSpec" in line else "test")
                tasks.setdefault(name, []).append("rubocop" if linter else "rspec")
            elif found := _TASK.match(line):
                before = re.findall(r"[\w:]+", (found[2] or "").replace(" :", " ").lstrip(":["))
                tasks.setdefault(found[1].rstrip(":"), []).extend(
                    f"rake {name.strip(':')}" for name in before if name != "do"
                )
    return tasks


def _scripts(ground: Ground) -> dict[str, str]:
    source = ground.sources.file("package.json") if ground.file("package.json") is not None else None
    try:
        known = json.loads("\n".join(source.lines)) if source is not None else {}
    except ValueError:
        return {}
    scripts = known.get("scripts") if isinstance(known, dict) else None
    return {str(name): str(line) for name, line in scripts.items()} if isinstance(scripts, dict) else {}
