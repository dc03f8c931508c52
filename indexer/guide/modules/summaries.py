"""The modules of a repository as the rest of the engine asks for them: tree, map, links and summaries.

A summary is made when somebody wants it, and kept in the folder of the index with a digest of all that it
rests on; what people say of it is laid over it each time.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import msgspec

from indexer.answer.contacts import day
from indexer.answer.page import Page
from indexer.errors import NotFoundError, UsageError
from indexer.guide.modules import rows
from indexer.guide.modules.evolution import Evolution
from indexer.guide.modules.groups import Groups
from indexer.guide.modules.people_said import Spoken
from indexer.guide.modules.purpose import own_words
from indexer.guide.modules.reasons import Whys, whys
from indexer.guide.modules.rows import Leanings
from indexer.guide.modules.store import Store
from indexer.guide.modules.summary import VERSION, Facts, Ground, compose, facts_of
from indexer.guide.modules.surface import Users
from indexer.guide.modules.survey import Survey
from indexer.guide.modules.told import Teller
from indexer.guide.modules.tree import Module
from indexer.guide.modules.ways import Touched, Ways, touched, ways_of, what_kinds
from indexer.guide.overview import MINOR
from indexer.guide.tours.walk import Walker
from indexer.guide.unasked import unasked
from indexer.index.catalog import indexed_state
from indexer.shapes.inventory import InventoryWanted
from indexer.shapes.modules import (
    Dependencies,
    DependenciesWanted,
    FileMap,
    MapWanted,
    ModuleMark,
    ModulePage,
    ModulesWanted,
    ModuleText,
    ModuleTree,
    ModuleWanted,
)
from indexer.types import Control, Note, Phase, Progress, ProgressSink, Statement, Unwaiting

if TYPE_CHECKING:
    from indexer.guide.desk import Desk
    from indexer.guide.inventory.listing import Inventories

HELD_SECONDS: Final = 1.0
"""For which summaries are made in the background before whoever waits to see one is let in."""

_PAGE: Final = "page"
_WAYS: Final = "ways"


@dataclass(frozen=True, slots=True)
class _Around:
    """What is looked up over the whole repository, as long as the reasons ``of`` are those that are known."""

    of: Whys
    leanings: Leanings
    users: Users
    touched: Mapping[str, Sequence[Touched]]
    kinds: Mapping[str, str]


class Summaries:
    """Callable from several threads; they wait for each other where something is worked out."""

    def __init__(self, desk: Desk, inventories: Inventories) -> None:
        self._desk = desk
        self._inventories = inventories
        self._store = Store(desk.folder)
        self._evolution = Evolution(self._store, desk.repository)
        self._groups = Groups(self._store)
        self._spoken = Spoken(desk.people.module_words)
        self._lock = threading.RLock()
        self._survey: Survey | None = None
        self._whys: tuple[object, Whys] | None = None
        self._around: _Around | None = None
        self._ways: tuple[object, Ways] | None = None

    def survey(self, reader: sqlite3.Connection) -> Survey:
        """Return what is counted over the whole repository, as of the index that ``reader`` sees."""
        with self._lock:
            if self._survey is None or self._survey.key != indexed_state(reader):
                self._survey = Survey(reader, self._groups, self._store)
            return self._survey

    def tree(self, wanted: ModulesWanted, control: Control) -> ModuleTree:
        """Return the modules at and below a path."""
        with self._ground(control, ways=wanted.renewed) as ground:
            if wanted.renewed:
                pages, made = self._renewed(ground, control, control.report)
            else:
                pages, made = {path: page for path, (_, page) in self._kept().items()}, 0
            says = {path: _says(page) for path, page in pages.items()}
            inside = {each.path for each in ground.survey.tree.below(self._place(ground, wanted.path))}
            found = [
                self._spoken.row(replace(each, says=says.get(each.path, "")), ground.survey)
                for each in ground.rows.values()
                if each.path in inside
            ]
            notices = (*self._cut(ground.reader), *self._spoken.lost(ground.survey.tree))
            return ModuleTree(tuple(found), ground.survey.head, made, notices)

    def page(self, wanted: ModuleWanted, control: Control) -> ModulePage:
        """Return the summary of the module that a path belongs to. Raises NotFoundError."""
        with self._ground(control) as ground:
            return self._page(ground, self._place(ground, wanted.path))

    def mark(self, wanted: ModuleMark, control: Control) -> ModulePage:
        """Mark a summary as looked through, or take the mark back, and return it."""
        with self._ground(control) as ground:
            path = self._exact(ground, wanted.path)
            self._spoken.mark(ground.survey, path, wanted)
            return self._page(ground, path)

    def write(self, wanted: ModuleText, control: Control) -> ModulePage:
        """Put a person's paragraph at the top of a summary, and return it."""
        with self._ground(control) as ground:
            path = self._exact(ground, wanted.path)
            self._spoken.write(ground.survey, path, wanted)
            return self._page(ground, path)

    def file_map(self, wanted: MapWanted, control: Control) -> FileMap:
        """Return the files of the map."""
        with self._ground(control, ways=False) as ground:
            return rows.file_map(ground.reader, ground.survey, wanted, ground.whys.counts)

    def dependencies(self, wanted: DependenciesWanted, control: Control) -> Dependencies:
        """Return how modules lean on each other."""
        with self._ground(control, ways=False) as ground:
            return rows.dependencies(ground.survey, wanted, ground.rows)

    def fill(self, control: Control) -> int:
        """Make every summary that is missing or outdated, some at a time; return how many were made.

        Work in the background waits for questions at each checkpoint: nothing is held there that somebody who
        wants to see a module would wait for.
        """
        made = 0
        kept = self._kept()
        left: list[str] | None = None
        while left is None or left:
            control.checkpoint()
            with self._ground(control, held=Unwaiting(control)) as ground:
                modules = ground.survey.tree.modules
                left = list(modules) if left is None else left
                until = time.monotonic() + HELD_SECONDS
                while left:
                    module = modules.get(left.pop(0))
                    if module is not None:
                        made += self._is_renewed(ground, module, kept)
                    if time.monotonic() > until:
                        break
                if not left:
                    self._store.forget(_PAGE, [path for path in kept if path not in modules])
        return made

    def pages(self, control: Control) -> tuple[ModulePage, ...]:
        """Return every summary, each after that of the module around it."""
        with self._ground(control) as ground:
            made, _ = self._renewed(ground, control, control.report)
            return tuple(self._spoken.page(page, ground.survey) for page in made.values())

    def says(self, reader: sqlite3.Connection, path: str) -> Statement | None:
        """Return what a module says of itself, or what a document of its name says, where one does."""
        survey = self.survey(reader)
        module = survey.tree.modules.get(path)
        if module is None or module.parent is None:
            return None
        teller = Teller(reader, self._desk.sources, ())
        return next(own_words(teller, survey.tree, module, self._name()), None)

    def close(self) -> None:
        """Let go of the file of what was kept."""
        self._store.close()

    # ---------------------------------------------------------------------------- private

    @contextmanager
    def _ground(
        self, control: Control, *, ways: bool = True, held: Control | None = None
    ) -> Iterator[Ground]:
        """Give what is counted; without ``ways`` no summary can be made of it. ``held`` is the control for
        what is done while others wait for it.
        """
        control.checkpoint()
        control = held or control
        desk = self._desk
        with desk.catalog.snapshot() as reader, self._lock:
            survey = self.survey(reader)
            notes = desk.notes.list()
            found = self._reasons(reader, survey, notes, control)
            around = self._leaning(reader, survey, found)
            made = {each.path: each for each in rows.rows(survey, found.counts, {}, self._name())}
            entered = self._entered(survey, control) if ways else Ways({}, {})
            yield Ground(
                reader=reader,
                survey=survey,
                whys=found,
                leanings=around.leanings,
                users=around.users,
                notes=notes,
                sources=desk.sources,
                rows=made,
                ways=entered,
                walker=Walker(unasked(reader, Page(desk.sources, ())), control, MINOR),
                touched=around.touched,
                kinds=around.kinds,
                whole=made[""].why,
            )

    def _reasons(
        self, reader: sqlite3.Connection, survey: Survey, notes: tuple[Note, ...], control: Control
    ) -> Whys:
        key = (survey.key, tuple((note.id, note.updated, note.state) for note in notes))
        if self._whys is None or self._whys[0] != key:
            found = whys(reader, survey, self._store, self._evolution, notes, control)
            self._whys = (key, found)
        return self._whys[1]

    def _leaning(self, reader: sqlite3.Connection, survey: Survey, found: Whys) -> _Around:
        if self._around is None or self._around.of is not found:
            files = survey.files.values()
            self._around = _Around(
                found,
                Leanings(survey),
                Users(reader, survey, found),
                touched(reader, files),
                what_kinds(reader),
            )
        return self._around

    def _entered(self, survey: Survey, control: Control) -> Ways:
        """Return entries and data; they are kept with the state that they were read from, since reading
        them takes seconds.
        """
        state = "|".join(str(each) for each in (VERSION, *survey.key))
        if self._ways is not None and self._ways[0] == state:
            return self._ways[1]
        kept = self._store.read(_WAYS, "")
        ways = None
        if kept is not None and kept[0] == state:
            with suppress(msgspec.DecodeError):
                ways = msgspec.msgpack.decode(kept[1], type=Ways)
        if ways is None:
            ways = ways_of(self._inventories.list(InventoryWanted(), control), self._desk.sources)
            self._store.write(_WAYS, [("", state, msgspec.msgpack.encode(ways))])
        self._ways = (state, ways)
        return ways

    def _page(self, ground: Ground, path: str) -> ModulePage:
        facts = facts_of(ground, ground.survey.tree.modules[path])
        kept = self._store.read(_PAGE, path)
        page = None if kept is None or kept[0] != facts.digest else _unpacked(kept[1])
        page = self._made(ground, facts) if page is None else replace(page, row=facts.row, fresh=False)
        page = replace(page, notices=(*page.notices, *self._cut(ground.reader)))
        return self._spoken.page(page, ground.survey)

    def _cut(self, reader: sqlite3.Connection) -> tuple[str, ...]:
        """Return that lines were not followed back to the beginning, where they were not."""
        oid = self._evolution.cut_at()
        row = reader.execute("SELECT authored FROM commits WHERE oid = ?", (oid,)).fetchone() if oid else None
        if row is None:
            return ()
        return (f"Lines were followed back to {day(row[0])} only: what rewrote them before is not counted.",)

    def _made(self, ground: Ground, facts: Facts) -> ModulePage:
        page = compose(ground, facts)
        self._store.write(_PAGE, [(facts.module.path, facts.digest, msgspec.msgpack.encode(page))])
        return page

    def _renewed(
        self, ground: Ground, control: Control, report: ProgressSink
    ) -> tuple[dict[str, ModulePage], int]:
        """Return every summary as it should be now, and how many were made for that."""
        kept = self._kept()
        out: dict[str, ModulePage] = {}
        made = 0
        modules = ground.survey.tree.modules
        for number, module in enumerate(modules.values()):
            control.checkpoint()
            facts = facts_of(ground, module)
            page = _still_right(facts, kept)
            if page is None:
                page = self._made(ground, facts)
                made += 1
                report(Progress(Phase.PARSE, number + 1, len(modules), "modules", module.path))
            else:
                page = replace(page, row=facts.row, fresh=False)
            out[module.path] = page
        self._store.forget(_PAGE, [path for path in kept if path not in modules])
        return out, made

    def _is_renewed(self, ground: Ground, module: Module, kept: Mapping[str, tuple[str, ModulePage]]) -> bool:
        """Make a summary if it is not as it should be; return whether it was made."""
        facts = facts_of(ground, module)
        if _still_right(facts, kept) is not None:
            return False
        self._made(ground, facts)
        return True

    def _kept(self) -> dict[str, tuple[str, ModulePage]]:
        found = {
            path: (digest, _unpacked(value)) for path, (digest, value) in self._store.read_all(_PAGE).items()
        }
        return {path: (digest, page) for path, (digest, page) in found.items() if page is not None}

    def _place(self, ground: Ground, path: str) -> str:
        """Return the module that a path belongs to. Raises NotFoundError when nothing is there."""
        plain = path.strip().removeprefix("./").strip("/")
        tree = ground.survey.tree
        if plain in ("", "."):
            return ""
        if plain not in tree.modules and not rows.files_at(ground.survey, plain):
            raise NotFoundError(
                f"There is no module, folder or file {plain!r} here.",
                "`lorebase modules` lists them; a path is given from the root of the repository.",
            )
        return tree.module_of(plain)

    def _exact(self, ground: Ground, path: str) -> str:
        place = self._place(ground, path)
        plain = path.strip().removeprefix("./").strip("/")
        if plain not in (place, "."):
            raise UsageError(
                f"{plain} is told of within the module {place or '.'}, and has no summary of its own.",
                f"Name the module: `lorebase modules {place or '.'}`.",
            )
        return place

    def _name(self) -> str:
        folder = self._desk.work_tree
        return folder.name if folder is not None else ""


def _still_right(facts: Facts, kept: Mapping[str, tuple[str, ModulePage]]) -> ModulePage | None:
    """Return the kept summary of a module if it rests on what is so now."""
    digest, page = kept.get(facts.module.path, ("", None))
    return page if digest == facts.digest else None


def _says(page: ModulePage) -> str:
    return page.purpose[0].text if page.purpose else ""


def _unpacked(packed: bytes) -> ModulePage | None:
    """Return a kept page; None for one of another version's form."""
    try:
        return msgspec.msgpack.decode(packed, type=ModulePage)
    except msgspec.DecodeError:
        return None
