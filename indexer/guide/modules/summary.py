"""Composes the summary of one module from what was counted and what was recorded; every sentence is cited."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Final

import msgspec

from indexer.answer.citations import Sources
from indexer.answer.contacts import day
from indexer.guide.modules import around, decisions, flows, purpose, surface, ways
from indexer.guide.modules.purpose import documents_named_so
from indexer.guide.modules.reasons import Whys
from indexer.guide.modules.rows import Leanings
from indexer.guide.modules.survey import YEAR, Share, Survey
from indexer.guide.modules.told import Teller
from indexer.guide.modules.tree import Module, TreeFile
from indexer.guide.modules.ways import Touched, Ways
from indexer.guide.tours.walk import Walker
from indexer.shapes.modules import (
    ModuleEdge,
    ModulePage,
    ModuleRow,
    ModuleUse,
    Named,
    PersonRole,
    WhyCount,
)
from indexer.types import Note, Section, Statement

VERSION: Final = 13
"""Raised whenever a summary would be composed differently: kept ones are made anew then."""


OUTLIVED: Final = 3 * YEAR
"""Between the last change of a document and that of the code that it tells of, from which it is doubted."""


@dataclass(frozen=True, slots=True)
class Ground:
    """All that summaries are composed from, of one state of the index."""

    reader: sqlite3.Connection
    survey: Survey
    whys: Whys
    leanings: Leanings
    users: surface.Users
    notes: Sequence[Note]
    sources: Sources
    rows: Mapping[str, ModuleRow]
    ways: Ways
    walker: Walker
    touched: Mapping[str, Sequence[Touched]]
    kinds: Mapping[str, str]
    """Of tables, screens and data sets, by their names in capitals."""
    whole: WhyCount


@dataclass(frozen=True, slots=True)
class Facts:
    """What was counted about one module; ``digest`` names all that its summary rests on."""

    module: Module
    row: ModuleRow
    files: tuple[TreeFile, ...]
    edges: tuple[ModuleEdge, ...]
    shares: tuple[Share, ...]
    digest: str


def facts_of(ground: Ground, module: Module) -> Facts:
    """Count what one module's summary rests on."""
    survey = ground.survey
    row = ground.rows[module.path]
    files = tuple(survey.tree.files_below(module.path))
    inside = frozenset(file.path_id for file in files)
    edges = tuple(ground.leanings.of(module, minor=row.use is not ModuleUse.CODE))
    shares = tuple(survey.commits_by(ground.reader, sorted(inside)))
    named = documents_named_so(survey.tree, module)
    touched = [each.oid for each in survey.touches if not inside.isdisjoint(each.paths)]
    inputs = (
        VERSION,
        (module.path, module.kind, module.build, module.children),
        [(file.path, file.oid, int(file.marks)) for file in (*files, *named)],
        [(each.source, each.target, each.imports, each.named, each.together, each.places) for each in edges],
        [(survey.people[each.person][1].name, each.commits, each.oids) for each in shares],
        touched,
        [ground.whys.digest(file.path_id) for file in files],
        ground.users.seen(files, ground.whys, inside),
        surface.tests_of(survey, inside),
        ground.ways.digest(files),
        sorted(
            {
                ground.kinds.get(each.name.upper(), "")
                for file in files
                for each in ground.touched.get(file.path, ())
            }
        ),
        sorted((note.id, note.updated, note.state) for note in ground.notes if _is_in(note, files)),
    )
    digest = blake2b(msgspec.json.encode(inputs), digest_size=16).hexdigest()
    return Facts(module, row, files, edges, shares, digest)


def compose(ground: Ground, facts: Facts) -> ModulePage:
    """Return the summary, without what people made of it."""
    module, row, survey = facts.module, facts.row, ground.survey
    teller = Teller(ground.reader, ground.sources, ground.notes)
    name = f"`{module.path}`" if module.path else "The repository"
    own = [file for file in module.own if file.is_code] or [file for file in facts.files if file.is_code]
    inside = frozenset(file.path_id for file in facts.files)
    offered, offered_total = surface.surface(teller, ground.users, own, ground.whys, inside)
    entered, entered_total = ways.told(teller, facts.files, ground.ways.entries)
    mains = list(surface.mains(teller, facts.files if module.parent is not None else module.own))
    data, data_total = ways.told(teller, facts.files, ground.ways.data)
    named, named_total = ways.told_touched(teller, facts.files, ground.touched, ground.kinds)
    entries = [*entered, *mains]
    by_path = {file.path: file for file in facts.files}
    uses, used_by, together = around.links(teller, module, facts.edges)
    tests, tests_total = surface.tests(teller, survey, inside)
    people = around.people(survey, facts.shares, ground.sources, teller, module, facts.files)
    decided, decided_total = decisions.decisions(teller, facts.files, ground.whys)
    why = decisions.meter(teller, facts.files, ground.whys, ground.whole, module.path or "the repository")
    told = purpose.purpose(
        teller, survey.tree, module, name, purpose.Parts(offered, uses, ground.rows[""].name)
    )
    starts = [*_handlers(entered), *mains, *offered]
    page = ModulePage(
        row=row,
        commit_id=survey.head,
        made=int(time.time()),
        fresh=True,
        paragraph=None,
        review=None,
        purpose=tuple(told),
        surface=tuple(offered),
        entries=tuple(entries[: surface.SHOWN]),
        uses=tuple(around.shown(uses)),
        used_by=tuple(around.shown(used_by)),
        together=tuple(together),
        data=(*data, *named),
        flows=tuple(flows.flows(ground.walker, ground.reader, teller, starts, by_path)),
        tests=tuple(tests),
        people=tuple(people),
        heat=around.heat(survey, teller, module, row.lines),
        decisions=tuple(decided),
        why=why,
        missing=(),
        below=tuple(module.children),
        totals={
            "surface": offered_total,
            "entries": entered_total + len(mains),
            "data": data_total + named_total,
            "uses": len(uses),
            "used_by": len(used_by),
            "tests": tests_total,
            "people": len(facts.shares),
            "decisions": decided_total,
        },
    )
    return replace(
        page,
        missing=tuple(_missing(teller, page, name)),
        dropped=teller.dropped,
        notices=tuple(_outlived(survey, page, facts.files)),
    )


def _outlived(survey: Survey, page: ModulePage, files: Sequence[TreeFile]) -> Iterator[str]:
    """Yield a warning for each document that tells what a module is for, and did not change with it."""
    newest = max((survey.last_changed.get(file.path_id, 0) for file in files if file.is_code), default=0)
    by_path = {file.path: file for file in survey.files.values()}
    for path in dict.fromkeys(
        citation.path for each in page.purpose if each.quoted for citation in each.citations if citation.path
    ):
        document = by_path.get(path)
        if document is None or document.is_code:
            continue
        changed = survey.last_changed.get(document.path_id, 0)
        if changed and newest - changed > OUTLIVED:
            yield (
                f"{path}, which is quoted for what it is for, was last changed on {day(changed)};"
                f" its code was on {day(newest)}: it may speak of what is no longer so."
            )


def _handlers(entered: Sequence[Named]) -> list[Named]:
    """Return the definitions that ways in lead to, in the words of their places alone."""
    return [replace(each, name="") for each in entered]


def _missing(teller: Teller, page: ModulePage, name: str) -> Iterator[Statement]:
    """Yield what was looked for and is not there."""
    row = page.row
    where = row.path or "."

    def gone(text: str, query: str) -> Statement:
        return teller.counted(text, query, [], Section.MISSING)

    if not any(each.quoted for each in page.purpose):
        yield gone(
            f"Nothing says what {name} is for: no README, description or docstring of its own does.",
            f"README, build file and package documentation of {where}",
        )
    if row.use is ModuleUse.CODE and row.why.definitions:
        if not page.tests and row.path:  # what tests the whole repository is a part of it
            yield gone(f"No test outside {name} imports from it.", f"tests that import from {where}")
        if not page.decisions:
            yield gone(
                "No reason for anything in it is recorded.",
                f"comments, docstrings, documents, messages and notes about {where}",
            )
    if page.people and all(each.role is PersonRole.LEFT for each in page.people):
        yield gone("Everybody who wrote to it has left.", f"git log -- {where}")


def _is_in(note: Note, files: Sequence[TreeFile]) -> bool:
    anchor = note.anchor
    return anchor is not None and anchor.path is not None and any(file.path == anchor.path for file in files)
