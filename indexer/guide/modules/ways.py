"""Where modules are entered from outside, and the data that they own: from the repository's inventory."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.citations import Sources
from indexer.answer.inquiry import listed
from indexer.guide.modules.told import Teller
from indexer.guide.modules.tree import TreeFile
from indexer.guide.remarks import remark_on
from indexer.shapes.inventory import Command, Endpoint, Inventory, Job, Setting, Table, Variable
from indexer.shapes.modules import Named
from indexer.types import Citation, Section

SHOWN: Final = 8

_VALUED: Final = ("setting", "environment variable")
LONGEST: Final = 60
"""Characters of a default that are shown."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way in, or a piece of data, with the sentence about it."""

    kind: str
    name: str
    path: str
    line: int
    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """Entries and data by the path of the file that declares them."""

    entries: dict[str, list[Way]]
    data: dict[str, list[Way]]

    def digest(self, files: Iterable[TreeFile]) -> list[tuple[str, str, int, str]]:
        """Return what names all that is known of some files."""
        return [
            (each.kind, each.path, each.line, each.text)
            for file in files
            for of in (self.entries, self.data)
            for each in of.get(file.path, ())
        ]


def ways_of(inventory: Inventory, sources: Sources) -> Ways:
    """Return what an inventory found, by file; ``sources`` has what is remarked on settings."""
    return Ways(
        _by_file([*_endpoints(inventory), *_commands(inventory), *_jobs(inventory)]),
        _by_file([*_tables(inventory), *_settings(inventory, sources), *_variables(inventory, sources)]),
    )


def told(teller: Teller, files: Sequence[TreeFile], ways: dict[str, list[Way]]) -> tuple[list[Named], int]:
    """Return the first of each kind, as sentences, and how many there are."""
    found = [each for file in files for each in ways.get(file.path, ())]
    kinds = list(dict.fromkeys(each.kind for each in found))
    total = len(found)
    # Each kind has its share, so that two hundred settings do not hide the two tables.
    share = max(SHOWN // max(len(kinds), 1), 2)
    # What says something of itself comes before what has but a name.
    found.sort(key=lambda each: "“" not in each.text)
    found = [each for each in found if not _is_bare(each)] or found
    chosen = [each for kind in kinds for each in [one for one in found if one.kind == kind][:share]]
    rest = [each for each in found if each not in chosen]
    if any("“" in each.text for each in chosen):
        rest = [each for each in rest if "“" in each.text or each.kind not in _VALUED]
    chosen += rest[: max(SHOWN - len(chosen), 0)]
    out = []
    for each in sorted(chosen, key=lambda one: kinds.index(one.kind)):
        statement = teller.checked(Section.WHAT, each.text, each.citations)
        if statement is not None:
            out.append(Named(each.name, each.kind, each.path, each.line, statement))
    return out, total


@dataclass(frozen=True, slots=True)
class Touched:
    """A file, table or screen that some code names: how (a ReferenceKind's value), and where."""

    name: str
    how: str
    path: str
    line: int


def touched(reader: sqlite3.Connection, files: Iterable[TreeFile]) -> dict[str, list[Touched]]:
    """Return what each file reads and writes by its name, as code of mainframes and SQL does; by path."""
    paths: dict[int, list[str]] = defaultdict(list)
    for file in files:
        if file.blob_id is not None and file.language:
            paths[file.blob_id].append(file.path)
    found: dict[str, list[Touched]] = defaultdict(list)
    rows = reader.execute(
        "SELECT blob_id, name, kind, line FROM reference WHERE kind IN ('read', 'write', 'data')"
        " ORDER BY blob_id, line"
    )
    for blob_id, name, how, line in rows:
        for path in paths.get(blob_id, ()):
            found[path].append(Touched(name, how, path, line))
    return dict(found)


def what_kinds(reader: sqlite3.Connection) -> dict[str, str]:
    """Return for names of tables, screens and data sets what they are."""
    rows = reader.execute("SELECT name, kind FROM symbol WHERE kind IN ('table', 'map', 'dataset')")
    words = {"map": "screen", "dataset": "data set", "table": "table"}
    return {name.upper(): words[kind] for name, kind in rows}


def told_touched(
    teller: Teller,
    files: Sequence[TreeFile],
    by_path: Mapping[str, Sequence[Touched]],
    kinds: Mapping[str, str],
) -> tuple[list[Named], int]:
    """Return what a module reads and writes by name, the most named first, and how many such there are."""
    by_name: dict[str, list[Touched]] = defaultdict(list)
    for file in files:
        for each in by_path.get(file.path, ()):
            by_name[each.name].append(each)
    ranked = sorted(by_name.items(), key=lambda each: (-len(each[1]), each[0]))
    out = []
    for name, places in ranked[:SHOWN]:
        kind = kinds.get(name.upper(), "file")
        first = {how: next((each for each in places if each.how == how), None) for how in _HOW}
        verbs = [verb for how, verb in _HOW.items() if first[how] is not None]
        cited = [(each.path, each.line) for each in first.values() if each is not None]
        often = "once" if len(places) == 1 else f"in {len(places):,} places"
        statement = teller.placed(f"It {listed(verbs)} the {kind} `{name}` {often}.", cited)
        if statement is not None:
            out.append(Named(name, kind, *cited[0], statement))
    return out, len(ranked)


_HOW: Final = {"read": "reads", "write": "writes", "data": "names"}


def _is_bare(way: Way) -> bool:
    """Say whether nothing is known of a setting but its name."""
    return way.kind == "setting" and way.text.endswith(f"`{way.name}`.")


def _by_file(ways: Iterable[Way]) -> dict[str, list[Way]]:
    found: dict[str, list[Way]] = defaultdict(list)
    for each in ways:
        found[each.path].append(each)
    return dict(found)


def _way(kind: str, name: str, text: str, citations: Sequence[Citation], place: str = "") -> Iterator[Way]:
    """Yield a way at ``place`` (``path:line``), else where it is declared; none without a source."""
    if not citations or citations[0].path is None:
        return
    path, line = citations[0].path, citations[0].start_line
    if place:
        before, _, after = place.rpartition(":")
        if before and after.isdigit():
            path, line = before, int(after)
    yield Way(kind, name, path, line, text, tuple(citations))


def _endpoints(inventory: Inventory) -> Iterator[Way]:
    each: Endpoint
    for each in inventory.endpoints:
        method = f"{', '.join(each.methods)} " if each.methods else ""
        answered = f" is answered by `{each.handler}`" if each.handler else " is an address that it answers"
        name = f"{method}{each.url}"
        yield from _way("route", name, f"`{name}`{answered}.", each.citations, each.handler_place)


def _commands(inventory: Inventory) -> Iterator[Way]:
    each: Command
    for each in inventory.commands:
        says = f": “{each.says}”" if each.says else "."
        # What the help says may stand on other lines than those that are cited: it is not repeated then.
        quoted = each.says and any(each.says in citation.quote for citation in each.citations)
        yield from _way(
            "command", each.name, f"`{each.name}` is a command{says if quoted else '.'}", each.citations
        )


def _jobs(inventory: Inventory) -> Iterator[Way]:
    each: Job
    for each in inventory.jobs:
        name = each.name or each.runs
        when = each.plainly or each.schedule
        if name:
            yield from _way(
                "job", name, f"`{name}` runs by itself{f': {when}' if when else ''}.", each.citations
            )


def _tables(inventory: Inventory) -> Iterator[Way]:
    each: Table
    for each in inventory.tables:
        model = f" (`{each.model}`)" if each.model and each.model != each.name else ""
        columns = f", {len(each.columns)} columns" if each.columns else ""
        yield from _way("table", each.name, f"Table `{each.name}`{model}{columns}.", each.citations)


def _settings(inventory: Inventory, sources: Sources) -> Iterator[Way]:
    each: Setting
    for each in inventory.settings:
        default = _default(each.default)
        yield from _valued("setting", each.name, f"Setting `{each.name}`{default}", each.citations, sources)


def _variables(inventory: Inventory, sources: Sources) -> Iterator[Way]:
    each: Variable
    for each in inventory.variables:
        default = _default(each.default) or (", without a default" if each.required else "")
        text = f"Environment variable `{each.name}`{default}"
        yield from _valued("environment variable", each.name, text, each.citations, sources)


def _valued(
    kind: str, name: str, text: str, citations: Sequence[Citation], sources: Sources
) -> Iterator[Way]:
    """Yield what has a value, with what is remarked on it where it is given one."""
    first = citations[0] if citations else None
    remark = None if first is None or not first.path else remark_on(sources, first.path, first.start_line)
    if remark is None:
        yield from _way(kind, name, f"{text}.", citations)
    else:
        yield from _way(kind, name, f"{text}: “{remark[0]}”", (*citations, remark[1]))


def _default(written: str) -> str:
    plain = written.strip()
    if not plain or "\n" in plain or len(plain) > LONGEST or plain.endswith("..."):
        return ""
    return f", by default `{plain}`"
