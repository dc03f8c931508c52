"""What is asked of the inventory, answered from what was read of the current files."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from indexer.errors import UsageError
from indexer.guide.inventory import gathered
from indexer.guide.inventory.citing import Citer
from indexer.guide.inventory.endpoints import read_routing
from indexer.guide.inventory.facts import CommandFact, JobFact, SettingFact, TableFact, VariableRead
from indexer.guide.inventory.openapi import openapi_of
from indexer.guide.inventory.routing import Address, Route, Routing, varying
from indexer.guide.inventory.sheets import Shelf, Takes
from indexer.guide.inventory.wording import first_sentence
from indexer.index.symbols import FoundSymbol
from indexer.shapes.inventory import Endpoint, Inventory, InventoryKind, InventoryWanted, LeftOut
from indexer.types import Control, Progress, shown_path

if TYPE_CHECKING:
    from indexer.guide.desk import Desk

MOST_UNREAD: Final = 10


Fact = VariableRead | SettingFact | TableFact | JobFact | CommandFact


@dataclass
class _Read:
    """What was read of one state of the files."""

    state: str
    shelf: Shelf
    routing: Routing | None = None
    facts: dict[InventoryKind, list[Fact]] = field(default_factory=dict)


NAP_SECONDS: Final = 0.004
RESTS: Final = 3.0
LONGEST_REST: Final = 0.2
"""How long it rests after a file at least, how many times as long as that took, and at most, in seconds."""

_AHEAD: Final = (
    InventoryKind.ENV,
    InventoryKind.SETTINGS,
    InventoryKind.COMMANDS,
    InventoryKind.TABLES,
    InventoryKind.JOBS,
    InventoryKind.ENDPOINTS,
)
"""What is asked for most often is read first."""


class Inventories:
    """Reads the current files once for each state of them; callable from several threads."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._read: _Read | None = None

    def read_ahead(self, control: Control) -> None:
        """Read all kinds before anybody asks, and give others each kind when it is read.

        The checkpoint after each file waits for questions, which may need the lock: nothing is held there.
        """
        with self._desk.catalog.snapshot() as reader:
            state = self._state(reader)
            with self._lock:
                before = self._read
                read = self._begun(state, reader)
            for kind in _AHEAD:
                _read_kind(read, kind, _Unhurried(control))
                before = self._given(read, before, reader)

    def list(self, wanted: InventoryWanted, control: Control, *, counted: bool = True) -> Inventory:
        """Return what is asked for, each with where it stands. Raises UsageError for an unknown area.

        With ``counted`` off, what would be left out is not counted, and so need not be read.
        """
        began = time.perf_counter()
        area = wanted.area.strip().strip("/")
        self._check(area)
        kinds = wanted.kinds or tuple(InventoryKind)
        for kind in kinds:
            control.checkpoint()
            if counted or kind not in _BY_FILE:
                with self._lock:
                    _read_kind(self._current(), kind, _AtOneGo())
        with self._lock:
            read = self._current()
            found = Inventory(self._desk.catalog.get("head"), area)
            chosen = _Chosen(area, wanted.everywhere, Citer(self._desk.sources), counted)
            if InventoryKind.ENDPOINTS in kinds:
                found = self._with_endpoints(found, read, chosen)
            found = _with_facts(found, read, chosen, kinds)
        title = self._desk.work_tree.name if self._desk.work_tree is not None else "repository"
        return replace(
            found,
            openapi=openapi_of(found.endpoints, shown_path(title), found.commit_id) if wanted.openapi else "",
            left_out=tuple(chosen.left_out()),
            dropped=chosen.citer.dropped,
            notices=(*found.notices, *_unread(read.shelf.unread)),
            seconds=time.perf_counter() - began,
        )

    # ------------------------------------------------------------------------ private

    def _current(self) -> _Read:
        """Return what was read of the files as they are now; begins anew when they are others."""
        reader = self._desk.catalog.reader()
        state = self._state(reader)
        if self._read is None or self._read.state != state:
            self._read = self._begun(state, reader)
        # Each thread reads through a connection of its own.
        self._read.shelf.reader = reader
        return self._read

    def _given(self, read: _Read, before: _Read | None, reader: sqlite3.Connection) -> _Read | None:
        """Give others what was read ahead so far, on a shelf of their own; return what they have now."""
        with self._lock:
            now = self._read
            same = now is not None and now.state == read.state
            # Whoever asked meanwhile may have seen a later state.
            if now is before or same:
                known = {} if now is None or not same else now.facts
                routing = read.routing or (now.routing if now is not None and same else None)
                shelf = Shelf(reader, self._desk.sources, read.shelf)
                self._read = _Read(read.state, shelf, routing, {**known, **read.facts})
                return self._read
            return before

    def _state(self, reader: sqlite3.Connection) -> str:
        """Return what names the current files and what is known of each."""
        working = reader.execute(
            "SELECT path_id, oid FROM entry WHERE working = 1 ORDER BY path_id"
        ).fetchall()
        count = reader.execute("SELECT count(*), coalesce(sum(blob_id), 0) FROM entry").fetchone()
        return f"{self._desk.catalog.get('head')} {count} {working}"

    def _begun(self, state: str, reader: sqlite3.Connection) -> _Read:
        """Return a fresh read, with what is still right of the one before."""
        before = None if self._read is None else self._read.shelf
        return _Read(state, Shelf(reader, self._desk.sources, before))

    def _check(self, area: str) -> None:
        if not area:
            return
        row = (
            self._desk.catalog.reader()
            .execute(
                "SELECT 1 FROM path p JOIN entry e ON e.path_id = p.id WHERE p.shown = ?"
                " OR substr(p.shown, 1, ?) = ? LIMIT 1",
                (area, len(area) + 1, f"{area}/"),
            )
            .fetchone()
        )
        if row is None:
            raise UsageError(f"There is no file or folder {area}.", "Give a path from the repository's root.")

    def _with_endpoints(self, found: Inventory, read: _Read, chosen: _Chosen) -> Inventory:
        _read_kind(read, InventoryKind.ENDPOINTS, _AtOneGo())
        routing = read.routing
        if routing is None:
            return found
        endpoints: dict[object, Endpoint] = {}
        for route, address in routing.addressed(everywhere=chosen.everywhere):
            if not chosen.takes(InventoryKind.ENDPOINTS, route.place.path, route.place.mark):
                continue
            made = _endpoint(read.shelf, route, address, chosen.citer)
            if made is not None:
                endpoints.setdefault((made.url, made.methods, route.place), made)
        listed = sorted(endpoints.values(), key=lambda each: (each.url, each.methods))
        return replace(
            found, endpoints=tuple(listed), notices=(*found.notices, *dict.fromkeys(routing.notices))
        )


class _Unhurried:
    """A control that gives the processor away after each file, for longer than the file took; files that are
    looked at in less than no time count together.

    Searches ran beside it at 113 to 180 ms (p95 of keystrokes, celery) when it did not, at 118 with a nap
    of 4 ms, at 46 to 65 so, and at 50 to 60 without it.
    """

    def __init__(self, control: Control) -> None:
        self._control = control
        self._since = time.perf_counter()

    def checkpoint(self) -> None:
        """Wait for whoever asks, and rest for a while."""
        self._control.checkpoint()
        took = time.perf_counter() - self._since
        if took * RESTS < NAP_SECONDS:
            return
        time.sleep(min(max(NAP_SECONDS, RESTS * took), LONGEST_REST))
        self._since = time.perf_counter()

    def report(self, progress: Progress) -> None:
        """Tell how far it is."""
        self._control.report(progress)


class _AtOneGo:
    """A control for what a lock is held for: a second or two, for which nobody is waited."""

    def checkpoint(self) -> None:
        """Go on."""

    def report(self, progress: Progress) -> None:
        """Tell nobody."""


def _read_kind(read: _Read, kind: InventoryKind, control: Control) -> None:
    """Read what is not read yet of one kind."""
    if kind is InventoryKind.ENDPOINTS:
        if read.routing is None:
            read.routing = read_routing(read.shelf, control)
    elif kind not in read.facts:
        read.facts[kind] = list(_READERS[kind](read.shelf, control))


def _with_facts(found: Inventory, read: _Read, chosen: _Chosen, kinds: Sequence[InventoryKind]) -> Inventory:
    """Add the other kinds: read once for each state of the files, then chosen from."""

    def of(kind: InventoryKind) -> list[Any]:
        if kind not in kinds:
            return []
        if kind not in read.facts and not chosen.counted and kind in _BY_FILE:
            facts = _BY_FILE[kind](read.shelf, _AtOneGo(), chosen.holds)
        else:
            _read_kind(read, kind, _AtOneGo())
            facts = read.facts[kind]
        return [each for each in facts if chosen.takes(kind, each.place.path, each.place.mark)]

    standing = read.shelf.standing
    return replace(
        found,
        settings=tuple(gathered.settings_of(of(InventoryKind.SETTINGS), chosen.citer, standing)),
        variables=tuple(gathered.variables_of(of(InventoryKind.ENV), chosen.citer, standing)),
        tables=tuple(gathered.tables_of(of(InventoryKind.TABLES), chosen.citer)),
        jobs=tuple(gathered.jobs_of(of(InventoryKind.JOBS), chosen.citer)),
        commands=tuple(gathered.commands_of(of(InventoryKind.COMMANDS), chosen.citer)),
    )


_BY_FILE: Final[dict[InventoryKind, Callable[[Shelf, Control, Takes], Sequence[Fact]]]] = {
    InventoryKind.SETTINGS: gathered.read_settings,
    InventoryKind.ENV: gathered.read_variables,
    InventoryKind.COMMANDS: gathered.read_commands,
}
"""The kinds that each file tells of by itself: those of some files are known when these are read."""

_READERS: Final[dict[InventoryKind, Callable[[Shelf, Control], Sequence[Fact]]]] = {
    InventoryKind.SETTINGS: gathered.read_settings,
    InventoryKind.ENV: gathered.read_variables,
    InventoryKind.TABLES: gathered.read_tables,
    InventoryKind.JOBS: gathered.read_jobs,
    InventoryKind.COMMANDS: gathered.read_commands,
}


class _Chosen:
    """Which finds are listed: those of the area, and of no minor sort unless all are asked for."""

    def __init__(self, area: str, everywhere: bool, citer: Citer, counted: bool) -> None:
        self.everywhere = everywhere
        self.citer = citer
        self.counted = counted
        self._area = area
        self._left: Counter[tuple[InventoryKind, str]] = Counter()

    def takes(self, kind: InventoryKind, path: str, mark: str) -> bool:
        """Say whether something at a path is listed; what is left out for its mark is counted."""
        holds = self.holds(path, mark)
        if self.counted and not holds and not self._area:
            self._left[kind, mark] += 1
        return holds

    def holds(self, path: str, mark: str) -> bool:
        """Say whether what stands in a file is listed."""
        if self._area:
            # Who names a folder of tests wants what is in it.
            return path == self._area or path.startswith(f"{self._area}/")
        return self.everywhere or not mark

    def left_out(self) -> Iterable[LeftOut]:
        """Return the counts."""
        return [LeftOut(kind, mark, count) for (kind, mark), count in sorted(self._left.items())]


def _endpoint(shelf: Shelf, route: Route, address: Address, citer: Citer) -> Endpoint | None:
    citations = citer.cite((route.place, *address.places))
    if citations is None:
        return None
    url = address.prefix if address.prefix.startswith(("/", "*")) else f"/{address.prefix}"
    symbol = _handler(shelf, route)
    place = f"{route.handler_path}:{route.handler_line}" if route.handler_path and route.handler_line else ""
    if symbol is not None:
        place = f"{symbol.path}:{symbol.name_line}"
    return Endpoint(
        url=url.replace("{?}", "{computed}"),
        methods=route.methods,
        framework=route.framework,
        handler=route.handler,
        handler_place=place,
        parameters=route.parameters,
        says="" if symbol is None else first_sentence(symbol.doc),
        unknown=tuple(dict.fromkeys((*route.unknown, *address.unknown, *varying(url)))),
        mark=route.place.mark,
        citations=citations,
    )


def _handler(shelf: Shelf, route: Route) -> FoundSymbol | None:
    sheet = shelf.sheet(route.handler_path) if route.handler_path else None
    if sheet is None:
        return None
    name = route.handler.rpartition(".")[2]
    return next(
        (each for each in sheet.definitions if each.name == name and each.name_line == route.handler_line),
        None,
    )


def _unread(paths: Sequence[str]) -> list[str]:
    unread = list(dict.fromkeys(paths))
    if not unread:
        return []
    named = ", ".join(unread[:MOST_UNREAD]) + (" ..." if len(unread) > MOST_UNREAD else "")
    return [f"{len(unread)} files could not be read for this list: {named}"]
