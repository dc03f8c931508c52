"""What the files of task runners offer to type: scripts of a package, tasks of rake, environments of tox,
sessions of nox, hooks of pre-commit, and actions of CI that stand for a tool.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

_BODY: Final = 20
"""Lines below the head of an environment or a session in which what it does is written."""

_SCRIPTS: Final = re.compile(r"^\s*\"scripts\"\s*:\s*\{(.*)$")
_SCRIPT: Final = re.compile(r"\"([\w:.@/-]+)\"\s*:\s*\"((?:[^\"\\]|\\.)*)\"")
_HOOKED: Final = re.compile(
    r"^(?:pre|post)(?:install|publish|publishOnly|pack|version|shrinkwrap|uninstall|prepare)$|^prepare$"
)
"""Scripts that npm starts by itself; so it does those before and after another script."""

_NAMESPACE: Final = re.compile(r"^(\s*)namespace\s*\(?\s*[:'\"](\w+)")
_TASK: Final = re.compile(
    r"^(\s*)(?:multi)?task\s*\(?\s*(?::(\w+)|['\"]([\w:.-]+)['\"]|(\w+)\s*:(?!:))"
    r"|^(\s*)[\w:]*Task\.new(?:\s*\(?\s*[:'\"](\w+))?"
)
_DESCRIBED: Final = re.compile(r"^\s*desc\s+['\"](.+)['\"]\s*$")
_REQUIRED: Final = re.compile(r"^\s*(?:require\s+['\"]([\w/-]+)['\"]|Bundler::GemHelper\.install_tasks)")
_TASKS_OF: Final = {
    "bundler/gem_tasks": (("build", "build the gem"), ("release", "release, publish and push the gem")),
    "standard/rake": (("standard", "lint"), ("standard:fix", "format")),
    "rubocop/rake_task": (("rubocop", "lint"),),
}
"""What a Rakefile takes in, with the tasks that this brings and what they do."""
_NAMED_FOR: Final = (("RuboCop", "rubocop"), ("RSpec", "spec"), ("TestTask", "test"), ("YARD", "yard"))
"""What a task is called where it is made without a name."""

_TOX: Final = re.compile(r"^\[(?:testenv(?::([\w.-]+))?|tool\.tox\.env(?:\.([\w.-]+)|_run_base))\]\s*$")
_TOLD: Final = re.compile(r"^(?:description|commands?)\s*=|^\s+\S|^\]|^\}")
_SESSION: Final = re.compile(r"^@(?:nox\.)?session\b(?:.*\bname\s*=\s*['\"]([\w.-]+)['\"])?")
_FUNCTION: Final = re.compile(r"^def (\w+)\(")
_USES: Final = re.compile(r"^\s*(?:-\s*)?uses\s*:\s*['\"]?([\w.-]+/[\w./-]+)@")
_ACTIONS: Final = {
    "golangci/golangci-lint-action": "golangci-lint run",
    "pre-commit/action": "pre-commit run --all-files",
    "psf/black": "black --check .",
    "astral-sh/ruff-action": "ruff check .",
    "chartboost/ruff-action": "ruff check .",
}
"""Actions that run just one tool, and how one types that."""


class Offered(NamedTuple):
    """A line of a file, what can be typed because of it, and what is said of it there."""

    line: int
    text: str
    around: str
    weight: float
    does: str = ""
    """What it is known to do whatever it is called."""


def offered_by(path: str, lines: Sequence[str]) -> Iterator[Offered]:
    """Yield what the file at a path offers to type; nothing of a file of no task runner."""
    name = path.rpartition("/")[2].lower()
    for names, reader in _READERS:
        if names.fullmatch(name):
            yield from reader(lines)


def _scripts(lines: Sequence[str]) -> Iterator[Offered]:
    """Yield the scripts of a package; what npm starts by itself is typed by nobody."""
    found: list[tuple[int, str, str]] = []
    inside = False
    for number, line in enumerate(lines, 1):
        text = line
        if (begins := _SCRIPTS.match(line)) and not inside:
            inside, text = True, begins[1]
        elif not inside:
            continue
        found += [(number, name, body) for name, body in _SCRIPT.findall(text)]
        if "}" in _SCRIPT.sub("", text):
            break
    names = {name for _, name, _ in found}
    for number, name, body in found:
        around_another = any(name in (f"pre{each}", f"post{each}") for each in names)
        if not around_another and not _HOOKED.match(name):
            yield Offered(number, f"npm run {name}", body, 0.95)


def _rakes(lines: Sequence[str]) -> Iterator[Offered]:
    """Yield the tasks of a Rakefile, with the namespaces around them, and those that it takes in."""
    spaces: list[tuple[int, str]] = []
    said = ""
    for number, line in enumerate(lines, 1):
        indent = len(line) - len(line.lstrip())
        if line.strip():
            spaces = [each for each in spaces if each[0] < indent]
        if (space := _NAMESPACE.match(line)) is not None:
            spaces.append((indent, space[2]))
        elif (described := _DESCRIBED.match(line)) is not None:
            said = described[1]
        elif (task := _TASK.match(line)) is not None:
            unnamed = next((name for mark, name in _NAMED_FOR if mark in line), "")
            name = task[2] or task[3] or task[4] or task[6] or unnamed
            if name:
                called = ":".join([*(each for _, each in spaces), name])
                yield Offered(number, "rake" if called == "default" else f"rake {called}", said, 0.95)
            said = ""
        elif (taken := _REQUIRED.match(line)) is not None:
            for name, does in _TASKS_OF.get(taken[1] or "bundler/gem_tasks", ()):
                yield Offered(number, f"rake {name}", "", 0.9, does)


def _environments(lines: Sequence[str]) -> Iterator[Offered]:
    """Yield the environments of tox that have a name of their own, and that without one."""
    for number, line in enumerate(lines, 1):
        head = _TOX.match(line)
        if head is None:
            continue
        body = []
        told = False
        for following in lines[number : number + _BODY]:
            if following.startswith("["):
                break
            # What it installs says nothing of what it does.
            told = _TOLD.match(following) is not None and (told or not following.startswith((" ", "\t")))
            if told:
                body.append(following.strip())
        name = head[1] or head[2]
        yield Offered(number, f"tox -e {name}" if name else "tox", " ".join(body), 0.9 if name else 0.95)


def _sessions(lines: Sequence[str]) -> Iterator[Offered]:
    for number, line in enumerate(lines, 1):
        session = _SESSION.match(line)
        if session is None:
            continue
        body = lines[number : number + _BODY]
        at = next((at for at, each in enumerate(body) if _FUNCTION.match(each)), -1)
        if at < 0:
            continue
        defined = _FUNCTION.match(body[at])
        name = session[1] or (defined[1] if defined is not None else "")
        own = []
        for each in body[at + 1 :]:
            if each and not each.startswith((" ", "\t")):
                break
            own.append(each.strip())
        yield Offered(number + at + 1, f"nox -s {name}", " ".join(own), 0.9)


def _hooks(lines: Sequence[str]) -> Iterator[Offered]:
    hooks = [found[1] for line in lines if (found := re.match(r"\s*-\s*id\s*:\s*([\w.-]+)", line))]
    at = next((number for number, line in enumerate(lines, 1) if line.startswith("repos")), 0)
    if hooks and at:
        yield Offered(at, "pre-commit run --all-files", " ".join(hooks), 0.75, "lint")


def _actions(lines: Sequence[str]) -> Iterator[Offered]:
    for number, line in enumerate(lines, 1):
        used = _USES.match(line)
        if used is not None and used[1] in _ACTIONS:
            yield Offered(number, _ACTIONS[used[1]], "", 0.7)


_Reader = Callable[[Sequence[str]], Iterator[Offered]]
_READERS: Final[tuple[tuple[re.Pattern[str], _Reader], ...]] = (
    (re.compile(r"package\.json"), _scripts),
    (re.compile(r"rakefile(?:\.rb)?|.*\.rake"), _rakes),
    (re.compile(r"tox\.ini|setup\.cfg|pyproject\.toml|tox\.toml"), _environments),
    (re.compile(r"noxfile\.py"), _sessions),
    (re.compile(r"\.pre-commit-config\.ya?ml"), _hooks),
    (re.compile(r".*\.ya?ml"), _actions),
)
"""Names of files, in small letters, and what reads them."""
