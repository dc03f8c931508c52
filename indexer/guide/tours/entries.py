"""Where the outside comes in: requests, commands, jobs, programs, and what is offered to other code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from indexer.answer.inquiry import CALLABLE
from indexer.guide.tours.depended import is_error, is_general
from indexer.guide.tours.documented import Documented
from indexer.guide.tours.ground import Ground
from indexer.guide.tours.uses import Uses
from indexer.index.symbols import FoundSymbol, definitions_in, find_symbols, symbol_at
from indexer.types import FileMark

FILES: Final = 3_000
"""Files of code that are looked through, the most used first."""

OFFERED: Final = 12
AROUND: Final = 4
"""What a file of the system's code that uses a name of the area counts, beside one of tests or documents."""


class Door(StrEnum):
    """How somebody comes in."""

    REQUEST = "request"
    COMMAND = "command"
    JOB = "job"
    PROGRAM = "program"
    OFFERED = "offered"


@dataclass(frozen=True, slots=True)
class Entry:
    """One way in. ``name`` is what the outside says (`GET /owners`, `celery worker`); ``line`` is where
    it is declared, ``symbol`` what answers it.
    """

    door: Door
    name: str
    path: str
    line: int
    symbol: FoundSymbol | None = None


_COMMANDS: Final = (
    re.compile(r"@(?:\w+\.)?(?:command|group)\((?:[^)]*name\s*=\s*)?(?:[\"'](?P<name>[\w-]+)[\"'])?"),
    re.compile(r"\bUse:\s*[\"`](?P<name>[\w-]+)[^\"`]*[\"`]"),
    re.compile(r"=\s*&?cli\.Command\{(?P<name>)"),
)
_JOBS: Final = (
    re.compile(r"@(?:shared_task|periodic_task|[\w.]*\.task)\b(?P<name>)"),
    re.compile(r"@Scheduled\b(?P<name>)"),
    re.compile(r"@(?:KafkaListener|RabbitListener|JmsListener|EventListener)\b(?P<name>)"),
    re.compile(r"\.(?:AddFunc|add_job|every)\((?P<name>)"),
)
_PROGRAMS: Final = re.compile(
    r"^if __name__ == [\"']__main__|\bpublic static void main\s*\(|^func main\(\)"
    r"|^(?:pub )?(?:async )?fn main\("
    r"|^int main\s*\("
)
_WRAPPER: Final = re.compile(
    r"(?:^|/)(?:mvnw|gradlew|manage\.py)$|(?:^|/)(?:extra|scripts?|tools|contrib|hack)/"
)
_SCRIPT: Final = re.compile(r"^\s*[\"']?([\w.-]+)\s*=\s*[\"']?([\w.]+):([\w.]+)[\"']?,?\s*$")
_IN_SCRIPTS: Final = re.compile(r"scripts|entry_points|console_scripts", re.I)
_UNNAMED: Final = re.compile(r"[a-z_]+\.(?:name|task)$|.*[(){}\[\]]")
"""What is written where a job's name is given when it is known only as it runs: `task.name`."""
_NOT_OWN: Final = ("make", "github", "gitlab", "npm", "package.json", "tox", "nox", "composer", "docker")
"""Frameworks of upkeep: what they run is no way into the system."""

_OUTSIDE: Final = FileMark.TEST | FileMark.EXAMPLE | FileMark.DOCUMENTATION
_REMARKS: Final = ("*", "//", "/*", "#", "<!--", "--", ">>>", "...")


def entries(ground: Ground) -> list[Entry]:
    """Return the ways in that are declared in the area, those of one kind together.

    Requests are the inventory's alone: it knows the groups and prefixes that a line does not show.
    """
    found = list(_listed(ground))
    known = {each.door for each in found}
    for file in ground.code[:FILES]:
        ground.control.checkpoint()
        source = ground.sources.file(file.path)
        if source is not None:
            declared = _declared(ground, file.path_id, file.path, source.lines)
            found += [each for each in declared if each.door not in known]
    if Door.COMMAND not in known:
        found += _scripts(ground)
    found += _jobs_by_kind(ground)
    typed = {each.path for each in found if each.door is Door.COMMAND}
    found = [
        each
        for each in found
        if each.door is not Door.PROGRAM or (each.path not in typed and not _WRAPPER.search(each.path))
    ]
    order = list(Door)
    found.sort(key=lambda each: order.index(each.door))
    return found


def offered(ground: Ground, shown_first: Sequence[Documented] = ()) -> list[FoundSymbol]:
    """Return what documents, examples and tests use most of the area: what a library offers. Of a part of the
    system, the code around it counts more than these do.

    What documents show in use comes first, then what the package hands on at its top; errors come last.
    """
    out = [each.symbol for each in shown_first if not is_error(each.symbol.name)][:OFFERED]
    places = {(each.blob_id, each.start_line) for each in out}
    out += [each for each in _used(ground) if (each.blob_id, each.start_line) not in places]
    return sorted(out, key=lambda each: is_error(each.name))[:OFFERED]


def _used(ground: Ground) -> list[FoundSymbol]:
    """Return what documents, examples and tests name most, what the package hands on before the rest."""
    around = ground.system_ids - ground.code_ids
    rows = ground.reader.execute(
        "WITH around AS (SELECT value AS id FROM json_each(?2)),"
        " own AS (SELECT DISTINCT name FROM symbol WHERE parent = ''"
        " AND blob_id IN (SELECT value FROM json_each(?4)))"
        " SELECT r.name, count(DISTINCT r.blob_id)"
        " + ?3 * count(DISTINCT CASE WHEN r.blob_id IN (SELECT id FROM around) THEN r.blob_id END) AS files"
        " FROM reference r JOIN entry e ON e.blob_id = r.blob_id"
        " WHERE (e.marks & ?1 != 0 OR r.blob_id IN (SELECT id FROM around))"
        " AND r.kind IN ('call', 'import', 'inherit', 'type', 'use') AND r.name IN (SELECT name FROM own)"
        " GROUP BY r.name ORDER BY files DESC LIMIT 60",
        (int(_OUTSIDE), json.dumps(sorted(around)), AROUND, json.dumps(sorted(ground.code_ids))),
    ).fetchall()
    handed_on = _handed_on(ground)
    uses = Uses(ground)

    def shown(symbol: FoundSymbol, name: str) -> bool:
        """Whether somebody outside really uses it: a library's `click.group` is no use of one's own."""
        return any(each.marks & _OUTSIDE or each.blob_id in around for each in uses.of(symbol, name))

    out: list[FoundSymbol] = []
    for name, _ in sorted(rows, key=lambda row: (row[0] not in handed_on, -row[1])):
        if len(name) < 3 or name.startswith("_") or name in ground.packages or is_general(name):
            continue
        symbols = [
            each
            for each in find_symbols(ground.reader, name, 8)
            if each.name == name and each.blob_id in ground.code_ids and not each.parent
        ]
        if symbols and symbols[0].kind in CALLABLE and _tells(symbols[0]) and shown(symbols[0], name):
            out.append(symbols[0])
        if len(out) >= OFFERED:
            break
    return out


def _tells(symbol: FoundSymbol) -> bool:
    """Whether a definition is no mere stub, or a short one that says what it is."""
    lines = symbol.end_line - symbol.start_line
    return lines >= 4 or (lines >= 2 and bool(symbol.doc))


def _handed_on(ground: Ground) -> frozenset[str]:
    """Return the names that the files at the top of packages take in to hand them on."""
    gates = [
        each
        for each in ground.code
        if re.search(r"(?:^|/)(?:__init__\.py|index\.[jt]sx?|mod\.rs|lib\.rs)$", each.path)
        and each.path.count("/") <= 3
    ]
    names: set[str] = set()
    for gate in sorted(gates, key=lambda each: each.path.count("/"))[:2]:
        rows = ground.reader.execute(
            "SELECT name FROM reference WHERE blob_id = ? AND kind = 'import'", (gate.blob_id,)
        )
        names |= {name.rpartition(".")[2] for (name,) in rows.fetchall()}
        source = ground.sources.file(gate.path)
        for line in source.lines if source is not None else ():
            names |= set(re.findall(r"\b[A-Za-z]\w+\b", line))
    return frozenset(names)


# ------------------------------------------------------------------------------------ private


def _listed(ground: Ground) -> Iterator[Entry]:
    """Yield what the inventory has of ways in; what CI or make does is none of the system's own."""
    inventory = ground.inventory
    for endpoint in inventory.endpoints:
        place = endpoint.citations[0] if endpoint.citations else None
        if place is None or not place.path or endpoint.url.endswith("*"):
            continue
        verb = "/".join(endpoint.methods)
        symbol = _at(ground, endpoint.handler_place)
        yield Entry(Door.REQUEST, f"{verb} {endpoint.url}".strip(), place.path, place.start_line, symbol)
    for job in inventory.jobs:
        place = job.citations[0] if job.citations else None
        if place is None or not place.path or job.framework.startswith(_NOT_OWN):
            continue
        if _UNNAMED.match(job.name or job.runs):
            continue
        symbol = _in_file(ground, place.path, _last(job.runs)) or _run(ground, job.runs)
        yield Entry(Door.JOB, job.name or job.runs, place.path, place.start_line, symbol)
    for command in inventory.commands:
        place = command.citations[0] if command.citations else None
        if place is None or not place.path or command.framework.startswith(_NOT_OWN):
            continue
        symbol = _in_file(ground, place.path, _last(command.runs)) or _run(ground, command.runs)
        if symbol is None and "management/commands/" in place.path:
            symbol = _in_file(ground, place.path, "handle")
        yield Entry(Door.COMMAND, command.name, place.path, place.start_line, symbol)


def _last(runs: str) -> str:
    return re.split(r"[.:]", runs)[-1]


def _at(ground: Ground, place: str) -> FoundSymbol | None:
    """Return the definition at `path:line`."""
    path, _, line = place.rpartition(":")
    file = ground.file(path)
    if file is None or not line.isdigit():
        return None
    return symbol_at(ground.reader, file.path_id, int(line))


def _in_file(ground: Ground, path: str, name: str) -> FoundSymbol | None:
    file = ground.file(path)
    if file is None or not name:
        return None
    return next(
        (
            each
            for each in definitions_in(ground.reader, file.path_id)
            if each.name == name and each.kind in CALLABLE
        ),
        None,
    )


def _declared(ground: Ground, path_id: int, path: str, lines: tuple[str, ...]) -> Iterator[Entry]:
    defined: list[FoundSymbol] | None = None
    for number, line in enumerate(lines, 1):
        bare = line.strip()
        if len(line) > 400 or not bare or bare.startswith(_REMARKS):
            continue
        entry = _entry_in(line, path, number)
        if entry is None:
            continue
        if defined is None:
            defined = definitions_in(ground.reader, path_id)
        symbol = _below(defined, number)
        if entry.door is Door.JOB and symbol is None:
            continue
        name = entry.name or (symbol.name.replace("_", "-") if symbol is not None else "")
        if name:
            yield Entry(entry.door, name, path, number, symbol)
    if path.rpartition("/")[0].endswith("management/commands") and not path.endswith("__init__.py"):
        stem = path.rpartition("/")[2].partition(".")[0]
        handle = next(
            (each for each in defined or definitions_in(ground.reader, path_id) if each.name == "handle"),
            None,
        )
        yield Entry(Door.COMMAND, f"manage.py {stem}", path, handle.name_line if handle else 1, handle)


def _entry_in(line: str, path: str, number: int) -> Entry | None:
    """Return the way in that a line declares."""
    for pattern in _COMMANDS:
        if (match := pattern.search(line)) is not None:
            return Entry(Door.COMMAND, match["name"] or "", path, number)
    for pattern in _JOBS:
        if pattern.search(line) is not None:
            return Entry(Door.JOB, "", path, number)
    if _PROGRAMS.search(line) is not None:
        return Entry(Door.PROGRAM, path, path, number)
    return None


def _below(defined: list[FoundSymbol], line: int) -> FoundSymbol | None:
    """Return the definition that a decorator or an annotation on ``line`` belongs to."""
    near = [
        each
        for each in defined
        if each.kind in CALLABLE
        and (each.start_line <= line <= each.name_line or 0 < each.name_line - line <= 8)
    ]
    return min(near, key=lambda each: abs(each.name_line - line), default=None)


def _run(ground: Ground, runs: str) -> FoundSymbol | None:
    """Return what `package.module:name` or `Type.name` runs: by its place; a name alone if one has it."""
    *before, name = re.split(r"[.:]+", runs)
    found = [
        each
        for each in find_symbols(ground.reader, name, 20)
        if name and each.name == name and each.kind in CALLABLE and each.blob_id in ground.code_ids
    ]
    if before:
        module = "/".join(before)
        found = [
            each
            for each in found
            if each.parent == before[-1] or _is_module(each.path, module) or _is_module(each.path, before[-1])
        ]
        exact = [each for each in found if _is_module(each.path, module)]
        found = exact or found
    return found[0] if len({each.path for each in found}) == 1 else None


def _is_module(path: str, module: str) -> bool:
    """Whether a file is the module `package/name`, or the gate of that package."""
    stem = path.rpartition(".")[0].removesuffix("/__init__")
    return f"/{stem}".endswith(f"/{module}")


def _scripts(ground: Ground) -> Iterator[Entry]:
    """Yield the console scripts that a Python package declares."""
    for name in ("pyproject.toml", "setup.cfg", "setup.py"):
        source = ground.sources.file(name)
        inside = False
        for number, line in enumerate(source.lines if source is not None else (), 1):
            if line.strip().startswith("[") or _IN_SCRIPTS.search(line):
                inside = bool(_IN_SCRIPTS.search(line))
            match = _SCRIPT.match(line) if inside else None
            if match is None:
                continue
            stem = match[2].rpartition(".")[2]
            found = [
                each
                for each in find_symbols(ground.reader, match[3], 8)
                if each.kind in CALLABLE and stem in each.path and not each.marks & ground.minor
            ]
            if found and ground.inside(found[0].path):
                yield Entry(Door.COMMAND, match[1], name, number, found[0])


def _jobs_by_kind(ground: Ground) -> Iterator[Entry]:
    """Yield the jobs and programs of languages that have a word of their own for them."""
    rows = ground.reader.execute(
        "SELECT e.path_id, p.shown, s.name, s.kind, s.name_line FROM symbol s JOIN entry e ON e.blob_id ="
        " s.blob_id"
        " JOIN path p ON p.id = e.path_id WHERE s.kind IN ('job', 'program') ORDER BY p.shown LIMIT 400"
    ).fetchall()
    owned = {each.path_id for each in ground.code if each.language not in ("html", "bash")}
    for path_id, path, name, kind, line in rows:
        if ground.inside(path) and path_id in owned:
            symbol = next((e for e in definitions_in(ground.reader, path_id) if e.name == name), None)
            yield Entry(Door.JOB if kind == "job" else Door.PROGRAM, name, path, line, symbol)
