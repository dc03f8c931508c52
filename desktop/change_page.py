"""A summary of changes arranged for reading: blocks of rows and of numbered sentences. Knows no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.answer_page import Numbers, Source, Told, day
from indexer.shapes.changes import (
    ApiChange,
    ApiRow,
    ChangeSummary,
    End,
    ModuleChange,
    Story,
    StoryForm,
)
from indexer.types import Statement

MODULES = 10
"""Modules that are told at first; the others come when they are asked for."""

ROWS = 12
"""Definitions of one module, and settings, that are shown."""


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A commit in one line; ``marks`` are words such as "taken back"."""

    commit_id: str
    subject: str
    by: str
    marks: tuple[str, ...]
    merge: bool


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """A definition that changed, in one line; where it stands, and of which content."""

    change: ApiChange
    name: str
    kind: str
    path: str
    line: int
    blob_id: str
    commit_id: str
    detail: str


@dataclass(frozen=True, slots=True)
class ModuleBlock:
    """One module: its numbers, its commits, the reasons they give, what others use of it."""

    name: str
    files: int
    lines_added: int
    lines_deleted: int
    commits: int
    stories: tuple[StoryRow, ...]
    stories_more: int
    why: tuple[Told, ...]
    definitions: tuple[DefinitionRow, ...]
    definitions_more: int
    facts: tuple[Told, ...]
    """Counted sentences, and what wants a closer look."""


@dataclass(frozen=True, slots=True)
class ChangePage:
    """What stands on the page, in the order in which it is read."""

    lead: tuple[Told, ...]
    modules: tuple[ModuleBlock, ...]
    modules_more: int
    also: tuple[str, ...]
    """Modules that only their numbers tell of."""
    settings: tuple[Told, ...]
    settings_more: int
    tests: tuple[Told, ...]
    risks: tuple[Told, ...]
    people: tuple[Told, ...]
    missing: tuple[Told, ...]
    sources: tuple[Source, ...]

    def source(self, number: int) -> Source | None:
        """Return the source with this number."""
        return self.sources[number - 1] if 0 < number <= len(self.sources) else None


def arrange(summary: ChangeSummary, *, everything: bool = False) -> ChangePage:
    """Return a summary as a page; ``everything``: with every module that it tells of."""
    numbers = Numbers()
    lead = _told(numbers, summary.lead)
    telling = [each for each in summary.modules if each.stories or each.api or each.risks]
    shown = telling if everything else telling[:MODULES]
    modules = tuple(_module(numbers, each) for each in shown)
    known = {each.says.text for module in shown for each in module.risks}
    return ChangePage(
        lead=lead,
        modules=modules,
        modules_more=len(telling) - len(shown),
        also=tuple(each.name for each in summary.modules if not (each.stories or each.api or each.risks)),
        settings=_told(numbers, [each.says for each in summary.settings[:ROWS]]),
        settings_more=max(len(summary.settings) - ROWS, 0) + summary.settings_more,
        tests=_told(numbers, summary.tests),
        risks=_told(numbers, [each.says for each in summary.risks if each.says.text not in known]),
        people=_told(numbers, [each.says for each in summary.reviewers]),
        missing=_told(numbers, summary.missing),
        sources=tuple(numbers.sources),
    )


def end_words(end: End) -> str:
    """Return one end of a range with its commit and day."""
    known = [each for each in (end.commit_id[:9], day(end.when) if end.when else "") if each]
    name = end.name if len(end.name) < 40 else end.name[:9]
    known = [each for each in known if each not in name]
    return f"{name} ({', '.join(known)})" if known else name


def _module(numbers: Numbers, module: ModuleChange) -> ModuleBlock:
    why = [each for story in module.stories for each in story.why]
    rows = [_definition(each) for each in module.api[:ROWS]]
    return ModuleBlock(
        name=module.name,
        files=module.files,
        lines_added=module.lines_added,
        lines_deleted=module.lines_deleted,
        commits=module.commits,
        stories=tuple(map(_story, module.stories)),
        stories_more=module.stories_more,
        why=tuple(
            Told(each, numbers.of(each), f"{each.citations[0].author}, {day(each.citations[0].authored)}")
            for each in why
        ),
        definitions=tuple(rows),
        definitions_more=len(module.api) - len(rows) + module.api_more,
        facts=_told(numbers, [*module.facts, *(each.says for each in module.risks)]),
    )


def _story(story: Story) -> StoryRow:
    marks = []
    if story.form is StoryForm.MERGE and story.commits > 1:
        marks.append("merge")
    if story.undone_by:
        marks.append("undone")
    if story.undoes:
        marks.append("undoes")
    if story.marked_breaking:
        marks.append("breaks")
    return StoryRow(
        story.commit_id,
        story.says.text,
        f"{story.author}, {day(story.authored)}",
        tuple(marks),
        story.form is StoryForm.MERGE,
    )


def _definition(row: ApiRow) -> DefinitionRow:
    cited = row.says.citations[0]
    detail = row.after or row.before
    if row.change is ApiChange.CHANGED and row.before != row.after:
        detail = f"{row.before} → {row.after}"
    return DefinitionRow(
        row.change,
        row.name,
        row.kind,
        row.path,
        row.line,
        cited.blob_id or "",
        cited.commit_id or "",
        detail if len(detail) <= 400 else detail[:399] + "…",
    )


def _told(numbers: Numbers, statements: Sequence[Statement]) -> tuple[Told, ...]:
    return tuple(Told(each, numbers.of(each)) for each in statements)
