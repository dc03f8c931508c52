"""Rows of the tree and of the map, and how modules lean on each other: all of it counted, none of it read."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import permutations
from typing import Final

from indexer.guide.modules.graphs import circles
from indexer.guide.modules.survey import BY_NAME, MONTH, YEAR, Link, Survey, Touch, is_small
from indexer.guide.modules.tree import Module, TreeFile, language_of, use_of
from indexer.shapes.modules import (
    Dependencies,
    DependenciesWanted,
    FileMap,
    FileRow,
    MapWanted,
    ModuleEdge,
    ModuleRow,
    WhyCount,
)

PLACES: Final = 5
"""Lines named for one edge; the number says how many there are."""

LEAST_TOGETHER: Final = 3
"""Commits from which modules without an import between them are said to change together."""

KNOWN_MONTHS: Final = 24
"""A survey knows the commits of so many months; what is older is counted when asked for."""

NOTHING: Final = WhyCount(0, 0, 0.0)

USING: Final = frozenset(
    ("import", "inherit", "copy", "execute", "use", "type", "read", "write", "data", BY_NAME)
)
"""Kinds of links by which one file leans on another."""

WhyOf = Mapping[int, WhyCount]
"""For each file (by the id of its path) how much of it has a recorded reason."""


def rows(survey: Survey, why: WhyOf, says: Mapping[str, str], name: str) -> Iterator[ModuleRow]:
    """Yield a row for every module, each after the one around it. ``says``: the purpose of some;
    ``name``: what the repository is called.
    """
    changes = module_changes(survey, survey.ends - YEAR, survey.ends)
    for module in survey.tree.modules.values():
        made = row(survey, module, why, changes[module.path], says.get(module.path, ""))
        yield made if module.path else replace(made, name=name)


def row(survey: Survey, module: Module, why: WhyOf, changes: int, says: str = "") -> ModuleRow:
    """Return the row of one module."""
    files = list(survey.tree.files_below(module.path))
    people: set[int] = set()
    for file in files:
        people |= survey.authors.get(file.path_id, frozenset())
    return ModuleRow(
        path=module.path,
        name=module.name,
        parent=module.parent,
        depth=module.depth,
        kind=module.kind,
        use=use_of(files),
        build=module.build,
        language=language_of(files),
        own_files=len(module.own),
        own_lines=lines_of(module.own),
        files=len(files),
        lines=lines_of(files),
        changes=changes,
        authors=len(people),
        one_author=len(people) == 1,
        why=sum_of(why[file.path_id] for file in files if file.path_id in why),
        says=says,
    )


def lines_of(files: Iterable[TreeFile]) -> int:
    """Return the lines of what is in a language; tables of translations would outweigh all else."""
    return sum(file.lines for file in files if file.language)


def sum_of(counts: Iterable[WhyCount]) -> WhyCount:
    """Add counts of reasons."""
    definitions = reasons = 0
    weight = explained = 0.0
    for each in counts:
        definitions += each.definitions
        reasons += each.reasons
        weight += each.weight
        explained += each.weight * each.share
    return WhyCount(definitions, reasons, round(explained / weight, 4) if weight else 0.0, round(weight, 3))


def file_map(reader: sqlite3.Connection, survey: Survey, wanted: MapWanted, why: WhyOf) -> FileMap:
    """Return the files at and below a module or a folder."""
    files = files_at(survey, wanted.path)
    changes = _changes(reader, survey, max(wanted.months, 0))
    found = [
        FileRow(
            path=file.path,
            module=survey.module_by_id[file.path_id],
            language=file.language,
            lines=file.lines,
            changes=changes.get(file.path_id, 0),
            last_changed=survey.last_changed.get(file.path_id, 0),
            authors=len(survey.authors.get(file.path_id, ())),
            why=why.get(file.path_id, NOTHING),
            marks=file.marks,
        )
        for file in files
        if file.lines
    ]
    return FileMap(tuple(found), survey.head, len(files) - len(found))


def files_at(survey: Survey, path: str) -> list[TreeFile]:
    """Return the files at and below a module, a folder that is none, or a file."""
    plain = path.strip("/")
    plain = "" if plain == "." else plain
    if plain in survey.tree.modules:
        return sorted(survey.tree.files_below(plain), key=lambda each: each.path)
    return [file for file in survey.files.values() if file.path == plain or file.path.startswith(f"{plain}/")]


def dependencies(survey: Survey, wanted: DependenciesWanted, made: Mapping[str, ModuleRow]) -> Dependencies:
    """Return how the modules below one lean on each other. ``made``: the rows of all modules."""
    top = survey.tree.module_of(wanted.path)
    nodes, left_out = _nodes(survey, top, max(wanted.limit, 1), minor=wanted.minor)
    place = {
        path_id: node
        for path_id, node in survey.places(nodes).items()
        if wanted.minor or survey.files[path_id].is_code
    }
    edges = module_edges(survey, place)
    return Dependencies(
        tuple(made[path] for path in survey.tree.modules if path in nodes),
        tuple(sorted(edges, key=lambda each: (each.source, each.target))),
        circles((each.source, each.target) for each in edges if each.imports > each.named),
        survey.head,
        left_out,
    )


def module_edges(survey: Survey, place: Mapping[int, str]) -> list[ModuleEdge]:
    """Return the edges between nodes; ``place`` says in which node each file lies."""
    return edges_of(survey, place, survey.links, survey.touches)


def edges_of(
    survey: Survey, place: Mapping[int, str], links: Iterable[Link], touches: Iterable[Touch]
) -> list[ModuleEdge]:
    """Return the edges that some links and commits make between nodes."""
    imports: dict[tuple[str, str], set[tuple[int, int]]] = defaultdict(set)
    by_import: dict[tuple[str, str], set[tuple[int, int]]] = defaultdict(set)
    lines: dict[tuple[str, str], list[str]] = defaultdict(list)
    for link in links:
        source, target = place.get(link.source), place.get(link.target)
        if source is None or target is None or source == target or link.kind not in USING:
            continue
        imports[source, target].add((link.source, link.target))
        if link.kind != BY_NAME:
            by_import[source, target].add((link.source, link.target))
        if len(lines[source, target]) < PLACES:
            lines[source, target].append(f"{survey.files[link.source].path}:{link.line}")
    together = _together(touches, place)
    pairs = set(imports) | {pair for pair, number in together.items() if number >= LEAST_TOGETHER}
    return [
        ModuleEdge(
            *pair,
            imports=len(imports.get(pair, ())),
            together=together[pair],
            named=len(imports[pair] - by_import[pair]) if pair in imports else 0,
            places=tuple(lines.get(pair, ())),
        )
        for pair in sorted(pairs)
    ]


class Leanings:
    """How all modules lean on each other, for the edges of any one of them with what is below it."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._imports: dict[str, list[Link]] = defaultdict(list)
        self._together: dict[str, list[Touch]] = defaultdict(list)
        place = survey.module_by_id
        for link in survey.links:
            if link.kind in USING and place[link.source] != place[link.target]:
                self._imports[place[link.source]].append(link)
                self._imports[place[link.target]].append(link)
        for touch in survey.touches:
            if is_small(touch):
                for module in {place[each] for each in touch.paths}:
                    self._together[module].append(touch)

    def of(self, module: Module, *, minor: bool) -> list[ModuleEdge]:
        """Return the edges between a module and those outside it, each by its own files.

        ``minor``: to tests, documents and the like too; else to code of the system alone.
        """
        inside = [each.path for each in self._survey.tree.below(module.path)]
        within = set(inside)
        place = {
            path_id: module.path if own in within else own
            for path_id, own in self._survey.module_by_id.items()
            if own in within or minor or self._survey.files[path_id].is_code
        }
        if not minor:
            place = {each: own for each, own in place.items() if self._survey.files[each].is_code}
        links = dict.fromkeys(link for each in inside for link in self._imports.get(each, ()))
        touches = {touch.commit_id: touch for each in inside for touch in self._together.get(each, ())}
        found = edges_of(self._survey, place, list(links), list(touches.values()))
        return [each for each in found if module.path in (each.source, each.target)]


def module_changes(survey: Survey, since: int, until: int) -> Counter[str]:
    """Return how many commits touched each module, what is below it included, in a time."""
    above = {path: [each.path for each in survey.tree.around(path)] for path in survey.tree.modules}
    found: Counter[str] = Counter()
    for touch in survey.touches:
        if since < touch.authored <= until:
            inner = {survey.module_by_id[path_id] for path_id in touch.paths}
            found.update({outer for module in inner for outer in above[module]})
    return found


def _changes(reader: sqlite3.Connection, survey: Survey, months: int) -> Mapping[int, int]:
    if 0 < months <= KNOWN_MONTHS:
        return survey.changes_since(survey.ends - months * MONTH)
    since = survey.ends - months * MONTH if months else -(2**62)
    return dict(
        reader.execute(
            "SELECT path_id, count(*) FROM change JOIN commits ON commits.id = commit_id"
            " WHERE reachable = 1 AND authored > ? GROUP BY path_id",
            (since,),
        ).fetchall()
    )


def _together(touches: Iterable[Touch], place: Mapping[int, str]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for touch in touches:
        if is_small(touch):
            nodes = sorted({place[each] for each in touch.paths if each in place})
            found.update(permutations(nodes, 2))
    return found


def _nodes(survey: Survey, top: str, limit: int, *, minor: bool) -> tuple[set[str], int]:
    """Open the tree from ``top``, the largest module first, as long as the nodes are few enough.

    Return the nodes, and how many modules below ``top`` are told of within another.
    """
    lines = {
        path: sum(file.lines or 1 for file in survey.tree.files_below(path) if minor or file.is_code)
        for path in (module.path for module in survey.tree.below(top))
    }
    nodes = {top}
    tried: set[str] = set()
    while True:
        closed = [
            path
            for path in nodes - tried
            if any(lines[child] for child in survey.tree.modules[path].children)
        ]
        if not closed:
            break
        largest = max(closed, key=lambda path: (path == top, lines[path], path))
        tried.add(largest)
        module = survey.tree.modules[largest]
        inner = {child for child in module.children if lines[child]}
        itself = {largest} if any(minor or file.is_code for file in module.own) else set()
        if len(nodes) - 1 + len(inner) + len(itself) <= limit:
            nodes = (nodes - {largest}) | inner | itself
    whole = sum(1 for path, number in lines.items() if number and path not in nodes)
    return nodes, whole
