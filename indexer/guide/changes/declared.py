"""Settings and tables that the code itself declares, found by the inventory's own readers at both ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.citations import cite_fact
from indexer.guide.changes.api import Ends
from indexer.guide.changes.citing import Place, RangeSources
from indexer.guide.changes.settings import HIDDEN, SECRETIVE
from indexer.guide.inventory import settings_found, tables
from indexer.guide.inventory.sheets import MOST_CHARACTERS, Sheet
from indexer.index.symbols import FoundSymbol
from indexer.shapes.changes import SettingKind, SettingRow
from indexer.types import Citation, Control, FileMark, ParsedFile, Section, Statement, shown_path

MOST_FILES: Final = 200
"""Changed files that are read for settings and tables; each is looked at by a pattern first."""

LONGEST: Final = 80
QUOTED: Final = 5
"""Further lines of a setting, or of a table, that are quoted."""


@dataclass(frozen=True, slots=True)
class _Declared:
    """One setting or table at one end: what it is set to, or its columns, and where it stands."""

    value: str
    columns: tuple[str, ...]
    first: int
    last: int


def declared_rows(
    ends: Sequence[Ends], start: str, end: str, sources: RangeSources, control: Control
) -> list[SettingRow]:
    """Return the settings and tables of changed code that came, went or are set otherwise."""
    rows: list[SettingRow] = []
    for each in ends[:MOST_FILES]:
        control.checkpoint()
        before = Place(each.change.old_path, each.change.old_oid, start)
        after = Place(each.change.path, each.change.new_oid, end)
        for kind in (SettingKind.SCHEMA, SettingKind.KEY):
            old = dict(_declared(kind, each.before, before, sources))
            new = dict(_declared(kind, each.after, after, sources))
            for name in [*old, *(other for other in new if other not in old)]:
                row = _row(_Both(kind, name, old.get(name), new.get(name), before, after), sources)
                rows += [row] if row is not None else []
    return rows


def _declared(
    kind: SettingKind, parsed: ParsedFile | None, place: Place, sources: RangeSources
) -> Iterator[tuple[str, _Declared]]:
    """Yield what a file declares, by name; what only reads a setting declares none."""
    sheet = _sheet(parsed, place, sources)
    if sheet is None:
        return
    if kind is SettingKind.KEY:
        pattern = settings_found.HINTS.get(sheet.language)
        if settings_found.FILES.search(sheet.path) or (pattern is not None and pattern.search(sheet.text)):
            for found in settings_found.read(sheet):
                if found.source != settings_found.READ:
                    at = found.place
                    yield found.name, _Declared(found.default, (), at.first, at.last)
        return
    pattern = tables.HINTS.get(sheet.language)
    if pattern is not None and pattern.search(sheet.text):
        for table in tables.read(sheet):
            columns = tuple(f"{each.name} {each.type}".strip() for each in table.columns)
            yield table.name, _Declared("", columns, table.place.first, table.place.last)


def _sheet(parsed: ParsedFile | None, place: Place, sources: RangeSources) -> Sheet | None:
    if parsed is None or not place.oid.strip("0"):
        return None
    text = sources.text(place)
    if text is None or sum(map(len, text.lines)) > MOST_CHARACTERS:
        return None
    path = shown_path(place.path)
    definitions = [
        FoundSymbol(
            0, path, 0, each.name, each.kind, each.parent, each.start_line, each.end_line, each.name_line,
            each.signature, each.doc, 0.0, FileMark.NONE,
        )
        for each in parsed.symbols
    ]  # fmt: skip
    return Sheet(path, 0, 0, parsed.language, "", text.lines, definitions)


@dataclass(frozen=True, slots=True)
class _Both:
    """One name at both ends; None where it is not declared."""

    kind: SettingKind
    name: str
    was: _Declared | None
    now: _Declared | None
    before: Place
    after: Place


def _row(both: _Both, sources: RangeSources) -> SettingRow | None:
    was, now = both.was, both.now
    if was is not None and now is not None and (was.value, was.columns) == (now.value, now.columns):
        return None
    place = both.after if now is not None else both.before
    path = shown_path(place.path)
    citations = [_cited(both.name, both.after, now, sources), _cited(both.name, both.before, was, sources)]
    known = tuple(each for each in citations if each is not None)
    if not known:
        return None
    values = _shown(both.name, was), _shown(both.name, now)
    says = Statement(Section.WHAT, _words(both, path, *values), known)
    for held in sources.kept([says]):
        return SettingRow(both.kind, both.name, path, *values, held)
    return None


def _cited(name: str, place: Place, found: _Declared | None, sources: RangeSources) -> Citation | None:
    if found is None:
        return None
    if SECRETIVE.search(name):
        # A line that may hold a secret is pointed at, and not quoted.
        return cite_fact(f"the setting {name} at both ends", [f"{shown_path(place.path)}:{found.first}"])
    return sources.lines_at(place, found.first, min(found.last, found.first + QUOTED))


def _words(both: _Both, path: str, before: str, after: str) -> str:
    noun = "table" if both.kind is SettingKind.SCHEMA else "setting"
    if both.was is None:
        return f"New {noun} `{both.name}` in {path}" + (f": `{after}`." if after else ".")
    if both.now is None:
        return f"The {noun} `{both.name}` is gone from {path}."
    was, now, name = both.was, both.now, both.name
    if both.kind is SettingKind.KEY:
        return f"The {noun} `{name}` in {path} was `{before}` and is `{after}`."
    came = [each for each in now.columns if each not in was.columns]
    went = [each for each in was.columns if each not in now.columns]
    parts = [f"with `{each}` added" for each in came[:4]] + [f"without `{each}`" for each in went[:4]]
    more = len(came) + len(went) - len(parts)
    text = ", ".join(parts) + (f" and {more} more" if more > 0 else "")
    return f"The {noun} `{name}` in {path} is another: {text or 'its columns are in another order'}."


def _shown(name: str, declared: _Declared | None) -> str:
    if declared is None:
        return ""
    if SECRETIVE.search(name) and declared.value:
        return HIDDEN
    text = declared.value or ", ".join(declared.columns)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
