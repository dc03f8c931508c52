"""What was found in single files, put together: one entry for each name, with all places that read it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Final, TypeVar

from indexer.answer.shipped import Standing
from indexer.guide.inventory import commands, django_models, jobs, settings_found, tables, variables
from indexer.guide.inventory.citing import Citer
from indexer.guide.inventory.facts import CommandFact, JobFact, SettingFact, TableFact, VariableRead
from indexer.guide.inventory.routing import Place
from indexer.guide.inventory.sheets import Sheet, Shelf, Takes, every_file
from indexer.guide.inventory.wording import first_sentence, without_secret
from indexer.shapes.inventory import Command, Job, Setting, Table, Variable
from indexer.types import Control

MOST_PLACES: Final = 20

F = TypeVar("F", VariableRead, SettingFact, TableFact)
T = TypeVar("T")


def sheets_of(
    shelf: Shelf,
    control: Control,
    hints: Mapping[str, re.Pattern[str]],
    files: re.Pattern[str] | None = None,
    takes: Takes = every_file,
) -> Iterator[Sheet]:
    """Yield the files that are worth reading: those of a telling name, then those of a telling text."""
    seen: set[str] = set()
    named = shelf.named(files, takes) if files is not None else ()
    for sheet in chain(named, shelf.holding(hints, control, takes)):
        control.checkpoint()
        if sheet.path not in seen:
            seen.add(sheet.path)
            yield sheet


def read_variables(shelf: Shelf, control: Control, takes: Takes = every_file) -> list[VariableRead]:
    """Return every reading of an environment variable."""
    found = sheets_of(shelf, control, variables.HINTS, variables.SAMPLES, takes)
    return [each for sheet in found for each in _once(sheet, "variables", variables.read)]


def read_settings(shelf: Shelf, control: Control, takes: Takes = every_file) -> list[SettingFact]:
    """Return every definition and every reading of a setting."""
    found = sheets_of(shelf, control, settings_found.HINTS, settings_found.FILES, takes)
    return [each for sheet in found for each in _once(sheet, "settings", settings_found.read)]


def read_commands(shelf: Shelf, control: Control, takes: Takes = every_file) -> list[CommandFact]:
    """Return every command."""
    found = sheets_of(shelf, control, commands.HINTS, commands.FILES, takes)
    return [each for sheet in found for each in _once(sheet, "commands", commands.read)]


def read_jobs(shelf: Shelf, control: Control) -> list[JobFact]:
    """Return every scheduled job."""
    found = sheets_of(shelf, control, jobs.HINTS, jobs.FILES)
    return [*(each for sheet in found for each in _once(sheet, "jobs", jobs.read)), *jobs.batch_jobs(shelf)]


def read_tables(shelf: Shelf, control: Control) -> list[TableFact]:
    """Return every table, and every change of one."""
    found = [
        each
        for sheet in sheets_of(shelf, control, tables.HINTS)
        for each in _once(sheet, "tables", tables.read)
    ]
    models = [
        sheet
        for sheet in sheets_of(shelf, control, {"python": django_models.HINT})
        if "/migrations/" not in sheet.path
    ]
    return [*found, *django_models.read(shelf, models)]


def _once(sheet: Sheet, what: str, read: Callable[[Sheet], Iterable[T]]) -> list[T]:
    """Return what one file holds of something, looked for once as long as its content stays."""
    if what not in sheet.facts:
        sheet.facts[what] = list(read(sheet))
    return sheet.facts[what]


# ---------------------------------------------------------------------------------- put together

Stands = Callable[[str], Standing]
"""Says of a file how near to what is shipped it stands."""


def all_alike(path: str) -> Standing:
    """Tell no file from another."""
    return Standing.PACKAGE


def variables_of(
    facts: Iterable[VariableRead], citer: Citer, standing: Stands = all_alike
) -> Iterator[Variable]:
    """Yield one entry for each variable, by name: as what is shipped reads it, else as others do."""
    for name, group in _grouped(facts, standing):
        reads = [each for each in group if not each.declared]
        # What a demonstration falls back on is not what the package does.
        near = [each for each in reads if standing(each.place.path) == standing(reads[0].place.path)]
        first = next((each for each in near if each.default or each.others), None) or (reads or group)[0]
        citations = citer.cite((first.place,))
        if citations is None:
            continue
        required = bool(reads) and all(each.required for each in reads)
        declared = () if first.others else [each for each in group if each.declared]
        default = next((each.default for each in (first, *declared) if each.default), "")
        default = without_secret(name, default)
        yield Variable(
            name, default, required, next((each.setting for each in group if each.setting), ""),
            _places(each.place for each in reads), len(reads), first.place.mark, citations, first.others,
        )  # fmt: skip


def settings_of(
    facts: Iterable[SettingFact], citer: Citer, standing: Stands = all_alike
) -> Iterator[Setting]:
    """Yield one entry for each setting: where its default stands, else where it is read first."""
    for name, group in _grouped(facts, standing):
        defined = [each for each in group if each.source != settings_found.READ]
        reads = [each for each in group if each.source == settings_found.READ]
        if not defined and not name[0].isupper() and "." not in name and ":" not in name:
            continue  # ``conf.some_method``: only what is defined somewhere is a setting for certain
        first = (defined or reads)[0]
        citations = citer.cite(each.place for each in (defined[:3] or reads[:1]))
        if citations is None:
            continue
        default = without_secret(
            name, next((each.default for each in (*defined, *reads) if each.default), "")
        )
        says = next((each.says for each in defined if each.says), "")
        yield Setting(
            name, default, first_sentence(says), first.source, _places(each.place for each in reads),
            len(reads), first.place.mark, citations,
        )  # fmt: skip


def commands_of(facts: Iterable[CommandFact], citer: Citer) -> Iterator[Command]:
    """Yield the commands, by name."""
    for each in sorted(facts, key=lambda each: (each.name, each.place.path, each.place.first)):
        citations = citer.cite((each.place,))
        if citations is not None and each.name:
            yield Command(
                each.name,
                first_sentence(each.says),
                each.framework,
                each.runs,
                each.options,
                each.place.mark,
                citations,
            )


def jobs_of(facts: Iterable[JobFact], citer: Citer) -> Iterator[Job]:
    """Yield the jobs, in the order of their files."""
    for each in facts:
        citations = citer.cite((each.place,))
        if citations is not None:
            yield Job(
                each.name,
                each.schedule,
                each.plainly,
                each.runs,
                each.framework,
                each.unknown,
                each.place.mark,
                citations,
            )


def tables_of(facts: Iterable[TableFact], citer: Citer) -> Iterator[Table]:
    """Yield one entry for each table: as its model or schema tells it, else as the migrations do."""
    for _, group in _grouped(facts):
        made = [each for each in group if not each.changes]
        if not made:
            continue
        models = [each for each in made if not each.migration]
        first = max(models or made, key=lambda each: (bool(each.model), len(each.columns)))
        places = (first.place, *(each.place for each in made if each.place != first.place))
        citations = citer.cite(places[:3])
        if citations is None:
            continue
        migrations = len({each.place.path for each in group if each.migration})
        yield Table(
            first.name, first.model, first.framework, first.columns, first.named, migrations, first.unknown,
            first.place.mark, citations,
        )  # fmt: skip


def _grouped(facts: Iterable[F], standing: Stands = all_alike) -> Iterator[tuple[str, list[F]]]:
    """Yield the names in order, each with what was found of it, what is shipped first."""
    groups: dict[str, list[F]] = {}
    for each in sorted(facts, key=lambda each: standing(each.place.path)):
        groups.setdefault(each.name, []).append(each)
    yield from sorted(groups.items())


def _places(places: Iterable[Place]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{each.path}:{each.first}" for each in places))[:MOST_PLACES]
