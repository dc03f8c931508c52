"""Which tables others point to, and whether all of them belong to one of several ways to store."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.guide.tours.counting import counted
from indexer.guide.tours.ground import Ground
from indexer.index.symbols import definitions_in
from indexer.shapes.inventory import Table
from indexer.types import SymbolKind

ALTERNATIVES: Final = 3
"""Ways to do the same from which one of them is called but one."""
_LAST_WORD: Final = re.compile(r"[A-Za-z0-9]([A-Z][a-z0-9]+)$")
_ID: Final = re.compile(r"^(\w+?)(?:_record)?_id$")


@dataclass(frozen=True, slots=True)
class Pointed:
    """How many other tables point to one: by a declared reference, or by a column named after its id."""

    referring: int = 0
    by_name: int = 0
    column: str = ""
    """One of the columns that are named after its id."""

    @property
    def weight(self) -> int:
        """How many point to it at least."""
        return max(self.referring, self.by_name)

    def told(self) -> str:
        """Return what to say of it behind the table, or nothing."""
        if self.referring:
            return f"; {counted(self.referring, 'other table points', 'other tables point')} to it"
        if self.by_name > 1:
            return f"; {self.by_name} other tables have a column for its id, such as `{self.column}`"
        return ""


def pointed_to(tables: Sequence[Table]) -> dict[str, Pointed]:
    """Return, by the name of a table, how many other tables point to it."""
    models = Counter(table.model.lower() for table in tables if table.model)
    by_name: dict[str, str] = {}
    for table in tables:
        by_name[table.name.lower()] = table.name
        model = table.model.lower()
        if model:
            # Two applications may each have a model of the same name.
            by_name[f"{table.name.lower().removesuffix(model).rstrip('_')}.{model}"] = table.name
        if models[model] == 1:
            by_name.setdefault(model, table.name)
    names = {table.name.lower(): table.name for table in tables}
    single = {_singular(table.name.lower()): table.name for table in tables}
    referring: dict[str, set[str]] = defaultdict(set)
    holding: dict[str, dict[str, str]] = defaultdict(dict)
    for table in tables:
        for column in table.columns:
            wanted = column.refers.strip("\"'` ").lower()
            # With its column behind it, or the name of its schema before.
            target = by_name.get(wanted) or names.get(wanted.rpartition(".")[0])
            target = target or names.get(wanted.rpartition(".")[2])
            if wanted and target is not None and target != table.name:
                referring[target].add(table.name)
            named = _ID.match(column.name.lower())
            of_id = single.get(named[1]) if named is not None else None
            if of_id is not None and of_id != table.name:
                holding[of_id].setdefault(table.name, column.name)
    return {
        table.name: Pointed(
            len(referring[table.name]),
            len(holding[table.name]),
            next(iter(holding[table.name].values()), ""),
        )
        for table in tables
    }


@dataclass(frozen=True, slots=True)
class Alternative:
    """One of several packages that do the same: each has a class that is called after what they are."""

    package: str
    beside: str
    word: str
    places: tuple[str, ...]


def alternative(ground: Ground, paths: Sequence[str]) -> Alternative | None:
    """Return the package that some files lie in, if it is one of several beside each other which each have a
    class ``…Backend`` (or whatever they are) that builds on another ``…Backend``.
    """
    packages = {path.rpartition("/")[0] for path in paths}
    package = packages.pop() if len(packages) == 1 else ""
    beside = package.rpartition("/")[0]
    if not beside:
        return None
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for file in ground.code:
        if not file.path.startswith(f"{beside}/"):
            continue
        rest = file.path[len(beside) + 1 :]
        module = f"{beside}/{rest.partition('/')[0]}"
        bases = _bases(ground, file.blob_id)
        for symbol in definitions_in(ground.reader, file.path_id):
            last = _LAST_WORD.search(symbol.name) if symbol.kind is SymbolKind.CLASS else None
            if last is not None and any(
                last[1] in base for line, base in bases if symbol.start_line <= line <= symbol.name_line + 2
            ):
                found[last[1]].setdefault(module, f"{file.path}:{symbol.name_line}")
    for word, modules in sorted(found.items(), key=lambda each: -len(each[1])):
        # What the others build on is no alternative to them.
        own = {module: place for module, place in modules.items() if not _IS_BASE.search(module)}
        if package in own and len(own) >= ALTERNATIVES:
            return Alternative(package, beside, word, tuple(own.values()))
    return None


# ------------------------------------------------------------------------------------ private

_IS_BASE: Final = re.compile(r"/(?:_?base|abstract|common|interface|generic)\w*(?:\.\w+)?$|/__init__\.\w+$")


def _bases(ground: Ground, blob_id: int) -> list[tuple[int, str]]:
    rows = ground.reader.execute(
        "SELECT line, name FROM reference WHERE blob_id = ? AND kind = 'inherit'", (blob_id,)
    ).fetchall()
    return [(line, name) for line, name in rows]


def _singular(name: str) -> str:
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name
