"""What is typed: blocks of documents, lines of pipelines without their flags, scripts by their names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.answer.command_lines import OF_CI, Command, commands_in
from indexer.guide.overview import documents
from indexer.guide.tours.deeds import Deed, deed_of
from indexer.guide.tours.ground import Ground
from indexer.types import FileMark

READ: Final = 30
"""Documents that are read for what is typed."""
_DEEPEST: Final = 5
_LONG: Final = 70
"""Characters up to which a line of a pipeline is shown with all its flags."""
_TELLING: Final = re.compile(
    r"(?:^|/)[^/]*(?:sandbox|demo|getting[-_]?started|quick-?start|running|contribut|develop|hacking|install"
    r"|setup)[^/]*\.(?:md|rst|adoc|txt)$",
    re.I,
)
"""Documents that have one type something."""
_IN_ENVIRONMENT: Final = re.compile(r"^(\s*)\([\w.-]+\)\s+(?=[$%] )")
_KEPT: Final = re.compile(r"^-(?:DskipTests\S*|P\S+)$")
_SCRIPT: Final = re.compile(
    r"^(?:(?:bin|scripts?|dev|tools)/)?(?:[\w]+[-_])?(?:start|run|serve|server|up)(?:[-_](?:server|dev|local|app))?"
    r"(?:\.(?:sh|bash))?$"
)
_QUOTED: Final = re.compile(r"\"([^\"]+)\"|'([^']+)'")
_USAGE: Final = re.compile(r"\busage\b", re.I)


@dataclass(frozen=True, slots=True)
class Script:
    """A script that by its name starts something, the line that does, and where it says how it is called."""

    path: str
    runs: str
    line: int
    usage: int


def in_documents(ground: Ground) -> Iterator[Command]:
    """Yield what is typed in the documents that a newcomer reads first, and in those on running it."""
    first = [each.path for each in documents(ground.reader)]
    others = sorted(
        (
            each.path
            for each in ground.everything
            if _TELLING.search(each.path)
            and each.path.count("/") < _DEEPEST
            and not each.marks & (FileMark.VENDORED | FileMark.EXAMPLE | FileMark.TEST)
        ),
        key=lambda path: (path.count("/"), path),
    )
    for path in list(dict.fromkeys([*first, *others]))[:READ]:
        source = ground.sources.file(path)
        if source is not None and path.lower().endswith((".md", ".rst", ".adoc", ".txt")):
            # `(shop) $ make demo`: the environment that is entered is no part of what is typed.
            yield from commands_in(path, tuple(_IN_ENVIRONMENT.sub(r"\1", line) for line in source.lines))


def in_pipelines(ground: Ground) -> Iterator[Command]:
    """Yield what pipelines run, long lines without their flags and variables."""
    for file in ground.everything:
        source = ground.sources.file(file.path) if OF_CI.search(file.path) else None
        for command in commands_in(file.path, source.lines) if source is not None else ():
            yield replace(command, text=shortened(command.text))


def shortened(text: str) -> str:
    """Return a command without the flags and variables that hide what it does, where it is long."""
    if len(text) <= _LONG and "$" not in text:
        return text
    out: list[str] = []
    for word in text.split():
        if (word.startswith("-") and not _KEPT.match(word)) or "$" in word or '"' in word:
            if out and out[-1] != "…":
                out.append("…")
        else:
            out.append(word)
    return " ".join(out)


def is_inline(ground: Ground, command: Command) -> bool:
    """Whether a command is only named in a sentence, and not set apart to be typed."""
    source = ground.sources.file(command.path)
    line = source.lines[command.line - 1] if source is not None else ""
    return f"`{command.text}`" in line


def block_of(found: Sequence[Command], command: Command) -> list[Command]:
    """Return what stands in the lines right above and below a command of a document, with itself."""
    if command.path.startswith(".") or not command.path.endswith((".md", ".rst", ".adoc", ".txt")):
        return [command]
    by_line = {each.line: each for each in reversed(found) if each.path == command.path}
    first = last = command.line
    while first - 1 in by_line:
        first -= 1
    while last + 1 in by_line:
        last += 1
    return [by_line[line] if line != command.line else command for line in range(first, last + 1)]


def scripts_of(ground: Ground) -> Iterator[Script]:
    """Yield scripts that start something by their names and by one of their lines."""
    for file in ground.everything:
        if not _SCRIPT.match(file.path) or file.marks & (FileMark.VENDORED | FileMark.TEST):
            continue
        source = ground.sources.file(file.path)
        lines = source.lines if source is not None else ()
        if not lines or not lines[0].startswith("#!"):
            continue
        usage = next((number for number, line in enumerate(lines, 1) if _USAGE.search(line)), 0)
        for number, line in enumerate(lines, 1):
            said = [line.strip(), *(one or other for one, other in _QUOTED.findall(line))]
            runs = next((each for each in said if deed_of(ground, each) is Deed.START), "")
            if runs and not line.lstrip().startswith("#"):
                yield Script(file.path, shortened(runs), number, usage)
                break
