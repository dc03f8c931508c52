"""Tables of Django: its models, with what they inherit from abstract ones, and the rule for their names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from indexer.guide.inventory.bindings import Binding, bindings_of, origin
from indexer.guide.inventory.code import Call
from indexer.guide.inventory.facts import TableFact
from indexer.guide.inventory.routing import Place
from indexer.guide.inventory.sheets import Sheet, Shelf
from indexer.guide.inventory.tokens import Kind, word
from indexer.index.symbols import FoundSymbol
from indexer.shapes.inventory import Column
from indexer.types import SymbolKind

HINT: Final = re.compile(
    rf"{word('models')}\.(?:Model|\w+Field|ForeignKey|OneToOneField)\b|class\s+\w+\((?:\w+\.)*(?:Abstract|Base|MP_Node)\w*"
)
_MODEL: Final = frozenset(
    (
        "Model",
        "MP_Node",
        "NS_Node",
        "AL_Node",
        "MPTTModel",
        "TimeStampedModel",
        "AbstractUser",
        "AbstractBaseUser",
    )
)
"""Bases that are models of Django's own, or of packages that are often built on."""
_RELATIONS: Final = frozenset(("ForeignKey", "OneToOneField", "ParentalKey"))
_NO_COLUMN: Final = frozenset(
    ("ManyToManyField", "GenericForeignKey", "GenericRelation", "GenericTabularInline")
)
_RULE: Final = "Its name follows Django's rule (application, then model); the code does not write it."
DEEPEST: Final = 10


@dataclass(frozen=True, slots=True)
class _Model:
    sheet: Sheet
    symbol: FoundSymbol
    bases: tuple[str, ...]
    columns: tuple[Column, ...]
    abstract: bool
    proxy: bool
    table: str
    label: str


def read(shelf: Shelf, sheets: list[Sheet]) -> Iterator[TableFact]:
    """Yield the tables of all models that stand in these files."""
    models: dict[tuple[str, str], _Model] = {}
    for sheet in sheets:
        for symbol in sheet.definitions:
            if symbol.kind is SymbolKind.CLASS and "." not in symbol.parent:
                made = _model(sheet, symbol)
                if made is not None:
                    models[sheet.path, symbol.name] = made
    finder = _Finder(shelf, models)
    for each in models.values():
        if each.abstract or each.proxy or not finder.is_model(each, 0):
            continue
        columns = finder.columns(each, 0)
        if not any(column.name == "id" for column in columns) and not any(
            "primary_key" in c.type for c in columns
        ):
            columns = (Column("id", "AutoField (Django adds it)"), *columns)
        app = each.label or _application(shelf, each.sheet)
        name = each.table or f"{app}_{each.symbol.name.lower()}"
        place = Place(each.sheet.path, each.symbol.name_line, each.symbol.name_line, each.sheet.mark)
        unknown: tuple[str, ...] = () if each.table else (_RULE,)
        if foreign := sorted(finder.foreign(each)):
            unknown += (f"It may have more columns, from {', '.join(foreign)}: that is not defined here.",)
        yield TableFact(name, place, "django", each.symbol.name, columns, bool(each.table), unknown=unknown)


class _Finder:
    """Follows the bases of models."""

    def __init__(self, shelf: Shelf, models: dict[tuple[str, str], _Model]) -> None:
        self._shelf = shelf
        self._models = models
        self._by_name: dict[str, list[_Model]] = {}
        self._bindings: dict[str, dict[str, Binding]] = {}
        for (_, name), model in models.items():
            self._by_name.setdefault(name, []).append(model)

    def is_model(self, model: _Model, depth: int) -> bool:
        for base in model.bases:
            last = base.rpartition(".")[2]
            if last in _MODEL:
                return True
            above = self._base(model, base)
            if above is not None and depth < DEEPEST and self.is_model(above, depth + 1):
                return True
        return False

    def columns(self, model: _Model, depth: int) -> tuple[Column, ...]:
        """Return the columns of a model: those of its abstract bases first."""
        found: dict[str, Column] = {}
        for base in reversed(model.bases):
            above = self._base(model, base)
            if above is not None and depth < DEEPEST:
                if above.abstract or not self.is_model(above, 0):
                    found |= {each.name: each for each in self.columns(above, depth + 1)}
                else:
                    name = f"{above.symbol.name.lower()}_ptr_id"
                    found[name] = Column(name, "OneToOneField", above.symbol.name)
        found |= {each.name: each for each in model.columns}
        return tuple(found.values())

    def foreign(self, model: _Model, depth: int = 0) -> set[str]:
        """Return the bases that stand in no file here: what columns they bring is not known."""
        found: set[str] = set()
        for base in model.bases:
            above = self._base(model, base)
            if above is not None and depth < DEEPEST:
                found |= self.foreign(above, depth + 1)
            elif above is None and base.rpartition(".")[2] not in ("Model", "object"):
                found.add(base.rpartition(".")[2])
        return found

    def _base(self, model: _Model, base: str) -> _Model | None:
        last = base.rpartition(".")[2]
        here = self._models.get((model.sheet.path, last))
        if here is not None and here is not model:
            return here
        bindings = self._bindings.setdefault(model.sheet.path, {}) or bindings_of(model.sheet)
        self._bindings[model.sheet.path] = bindings
        binding = bindings.get(base) or bindings.get(base.partition(".")[0])
        found = None if binding is None else origin(model.sheet, self._shelf, binding)
        if found is not None and (found[0], last) in self._models:
            return self._models[found[0], last]
        named = self._by_name.get(last, [])
        return named[0] if len(named) == 1 and named[0] is not model else None


def _model(sheet: Sheet, symbol: FoundSymbol) -> _Model | None:
    code = sheet.code
    at = next(
        (
            i
            for i, each in enumerate(code.tokens)
            if each.line == symbol.name_line and each.text == symbol.name
        ),
        None,
    )
    call = None if at is None else code.call_at(at)
    if call is None or not call.arguments:
        return None
    bases = tuple(name for each in call.arguments if not each.key and (name := code.name_of(each)))
    meta = next(
        (each for each in sheet.definitions if each.name == "Meta" and each.parent == symbol.qualified), None
    )
    columns: list[Column] = []
    said: dict[str, str] = {}
    for each in code.assigned():
        if not symbol.name_line < each.line <= symbol.end_line:
            continue
        if meta is not None and meta.start_line <= each.line <= meta.end_line:
            said.setdefault(each.name, code.value(each.first, each.first) or code.tokens[each.first].text)
            continue
        if not _in_class_body(sheet, symbol, each.line) or code.tokens[each.first].kind is not Kind.NAME:
            continue
        field = code.call_at(code.name_end(each.first))
        if field is not None and field.opens == code.name_end(each.first) + 1:
            made = _column(sheet, each.name, field)
            if made is not None:
                columns.append(made)
    return _Model(
        sheet, symbol, bases, tuple(columns), said.get("abstract") == "True", said.get("proxy") == "True",
        said.get("db_table", ""), said.get("app_label", ""),
    )  # fmt: skip


def _in_class_body(sheet: Sheet, symbol: FoundSymbol, line: int) -> bool:
    indent = len(sheet.lines[symbol.name_line - 1]) - len(sheet.lines[symbol.name_line - 1].lstrip())
    text = sheet.lines[line - 1]
    return len(text) - len(text.lstrip()) == indent + 4


def _column(sheet: Sheet, name: str, call: Call) -> Column | None:
    if "." in name or call.name in _NO_COLUMN:
        return None
    field = call.name.endswith(("Field", "Key")) or call.receiver in ("models", "fields")
    if (
        not field
        or name.isupper()
        or call.name in ("Manager", "Index", "Q", "UniqueConstraint")
        or call.name.endswith("Manager")
    ):
        return None
    code = sheet.code
    refers = ""
    if call.name in _RELATIONS:
        target = next((each for each in call.arguments if each.key in ("", "to")), None)
        refers = (code.text(target) or code.shown(target)) if target is not None else ""
    primary = any(each.key == "primary_key" and code.shown(each) == "True" for each in call.arguments)
    written = next((code.text(each) for each in call.arguments if each.key == "db_column"), None)
    column = written or (f"{name}_id" if call.name in _RELATIONS else name)
    return Column(column, call.name + (" primary_key" if primary else ""), refers)


def _application(shelf: Shelf, sheet: Sheet) -> str:
    """Return the label of the application that a file of models belongs to: its own, or its folder's name."""
    folder = sheet.path.rpartition("/")[0]
    for _ in range(3):
        config = shelf.sheet(f"{folder}/apps.py") if folder and shelf.has(f"{folder}/apps.py") else None
        if config is not None:
            names = dict[str, str]()
            for each in config.code.assigned():
                if each.name in ("label", "name"):
                    names.setdefault(each.name, config.code.value(each.first, each.first) or "")
            label = names.get("label") or names.get("name", "").rpartition(".")[2]
            if label:
                return label
        last = folder.rpartition("/")[2]
        if last and last != "models":
            return last
        folder = folder.rpartition("/")[0]
    return folder.rpartition("/")[2] or "app"
