"""Drafts of texts about a change: pull request, release note, commit message; all for a person to review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.guide.changes.bodies import Touched
from indexer.guide.changes.convention import Convention
from indexer.guide.changes.grouping import ModuleOf
from indexer.guide.changes.message import commit_message
from indexer.guide.changes.settings import is_for_development
from indexer.guide.changes.stories import Teller, Told
from indexer.guide.changes.subjects import is_breaking
from indexer.guide.changes.template import fitted
from indexer.guide.changes.weighing import Weighed
from indexer.guide.changes.wording import code, cut, listed, many, markdown
from indexer.shapes.changes import (
    ApiChange,
    ApiRow,
    ChangeSummary,
    Draft,
    DraftKind,
    ModuleChange,
    SettingKind,
    Story,
    StoryKind,
)
from indexer.types import Statement

MARK: Final = (
    "> **Draft to review.** Put together from the repository alone: quotations are verbatim, the rest is"
    " counted. What nobody recorded is left open, to be filled in."
)
MOST_MODULES: Final = 12
MOST_ROWS: Final = 25
MOST_NOTED: Final = 120
"""Stories of a release note; more are counted."""

_HEADINGS: Final = {
    StoryKind.FEATURE: "New",
    StoryKind.REMOVAL: "Removed or deprecated",
    StoryKind.FIX: "Fixed",
    StoryKind.CHANGE: "Changed",
}
_COUNTED: Final = {
    StoryKind.DOCUMENTATION: ("change to documents alone", "changes to documents alone"),
    StoryKind.TEST: ("change to tests alone", "changes to tests alone"),
    StoryKind.BUILD: ("change to build and tools", "changes to build and tools"),
    StoryKind.DEPENDENCY: ("update of dependencies", "updates of dependencies"),
    StoryKind.RELEASE: ("for releases", "for releases"),
}


@dataclass(frozen=True, slots=True)
class Material:
    """What drafts are made of."""

    summary: ChangeSummary
    told: tuple[Told, ...]
    teller: Teller
    files: tuple[Weighed, ...]
    touched: tuple[Touched, ...]
    convention: Convention
    module_of: ModuleOf
    template: str
    """The repository's own form for a pull request, or empty."""


def drafts(material: Material, wanted: Sequence[DraftKind]) -> tuple[Draft, ...]:
    """Return the texts that are wanted."""
    makers = {
        DraftKind.PULL_REQUEST: _pull_request,
        DraftKind.RELEASE_NOTE: _release_note,
        DraftKind.COMMIT_MESSAGE: _message,
    }
    return tuple(makers[kind](material) for kind in dict.fromkeys(wanted))


def _message(material: Material) -> Draft:
    title, text = commit_message(
        material.summary, material.files, material.touched, material.convention, material.module_of
    )
    return Draft(DraftKind.COMMIT_MESSAGE, title, text, material.convention.told)


# ------------------------------------------------------------------------------ pull request


def _pull_request(material: Material) -> Draft:
    summary = material.summary
    title, _ = commit_message(
        summary, material.files, material.touched, material.convention, material.module_of
    )
    if len(material.told) == 1:
        title = material.told[0].record.message.split("\n", 1)[0].strip() or title
    parts = {
        "what": "\n".join(_what(summary)),
        "why": "\n".join(_why(summary)),
        "api": "\n".join(_api(summary)),
        "settings": "\n".join(_settings(summary)),
        "tests": "\n".join(f"- {markdown(each.text)}" for each in summary.tests),
        "risks": "\n".join(f"- {markdown(each.says.text)}" for each in dict.fromkeys(summary.risks)),
        "review": "\n".join(
            f"- {markdown(each.contact.name)}: {markdown(each.contact.reason)}" for each in summary.reviewers
        ),
    }
    body, notice = fitted(material.template, parts)
    text = f"{MARK}\n{notice}\n{body}".replace("\n\n\n", "\n\n").strip() + "\n"
    return Draft(DraftKind.PULL_REQUEST, cut(title, 120), text, material.convention.told)


def _what(summary: ChangeSummary) -> list[str]:
    out = [" ".join(markdown(each.text) for each in summary.lead[:2]), ""]
    rest = summary.lead[2:]
    out += [f"- {markdown(each.text)}" for each in rest]
    out += [""] if rest else []
    for module in summary.modules[:MOST_MODULES]:
        out += _module(module)
    more = len(summary.modules) - MOST_MODULES + summary.modules_more
    if more > 0:
        out.append(f"And {many(more, 'module', 'modules')} with smaller changes.")
    return out


def _module(module: ModuleChange) -> list[str]:
    lines = f", +{module.lines_added:,} −{module.lines_deleted:,}" if module.lines_added >= 0 else ""
    head = f"**{markdown(module.name)}** ({many(module.files, 'file', 'files')}{lines})"
    out = [head, ""]
    out += [_line(each) for each in module.stories]
    out += [f"- {markdown(each.text)}" for each in module.facts]
    if module.stories_more and module.stories:
        out.append(f"- and {many(module.stories_more, 'more commit', 'more commits')}")
    return [*out, ""]


def _line(story: Story) -> str:
    said = markdown(story.says.text)
    undone = " (taken back again later in the range)" if story.undone_by else ""
    merged = f", a merge of {story.commits - 1}" if story.commits > 1 else ""
    return f"- {said} ({story.commit_id[:9]}{merged}){undone}"


def _why(summary: ChangeSummary) -> list[str]:
    out = [
        f"- “{markdown(why.text)}” ({story.commit_id[:9]}, {markdown(story.author)})"
        for module in summary.modules
        for story in module.stories
        if not story.undone_by
        for why in story.why
    ][:MOST_ROWS]
    out += [
        f"- [ ] Not recorded: {markdown(each.text)} _Say why here, or take this line out._"
        for each in summary.missing
    ]
    return out


def _api(summary: ChangeSummary) -> list[str]:
    order = [ApiChange.REMOVED, ApiChange.CHANGED, ApiChange.MOVED, ApiChange.ADDED]
    rows = [row for module in summary.modules for row in module.api]
    rows.sort(key=lambda row: order.index(row.change))
    out = [f"- {_row(row)}" for row in rows[:MOST_ROWS]]
    more = len(rows) - MOST_ROWS + sum(module.api_more for module in summary.modules)
    if more > 0:
        out.append(f"- and {many(more, 'more definition', 'more definitions')}")
    return out


def _row(row: ApiRow) -> str:
    name = f"{row.kind} {code(row.name)} ({markdown(row.path)}:{row.line})"
    match row.change:
        case ApiChange.ADDED:
            return f"Added {name}"
        case ApiChange.REMOVED:
            return f"Removed {name}" + (
                f"; {many(row.used, 'place uses', 'places use')} its name still" if row.used else ""
            )
        case ApiChange.MOVED:
            return f"Moved {name}"
        case ApiChange.CHANGED:
            if row.before == row.after or len(row.before) + len(row.after) > 200:
                return f"Changed {name}"
            return f"Changed {name}: {code(row.before)} → {code(row.after)}"


def _settings(summary: ChangeSummary) -> list[str]:
    out = [f"- {markdown(each.says.text)}" for each in summary.settings[:MOST_ROWS]]
    more = len(summary.settings) - MOST_ROWS + summary.settings_more
    if more > 0:
        out.append(f"- and {more:,} more")
    return out


# ------------------------------------------------------------------------------ release note


def _release_note(material: Material) -> Draft:
    summary = material.summary
    start, end = (
        summary.start.name or summary.start.commit_id[:9],
        summary.end.name or summary.end.commit_id[:9],
    )
    title = f"{end} (since {start})"
    out = [MARK, "", f"# {markdown(end)}", "", markdown(_since(summary, start)), ""]
    worth = [each for each in material.told if not each.automatic and not each.undone_by and not each.undoes]
    out += _breaking(material, worth)
    noted = 0
    for kind, heading in _HEADINGS.items():
        mine = [
            each for each in worth if each.kind is kind and (each.brought or len(each.record.parents) < 2)
        ]
        if not mine:
            continue
        out += [f"## {heading}", ""]
        for each in mine[: max(MOST_NOTED - noted, 0)]:
            story = material.teller.story(each)
            if story is not None:
                out.append(_noted(story))
                noted += 1
        if len(mine) > MOST_NOTED:
            out.append(f"- and {many(len(mine) - MOST_NOTED, 'more', 'more')}")
        out.append("")
    out += _set_otherwise(summary)
    out += _besides(material)
    people = sorted({each.record.author for each in material.told if not each.automatic})
    if people:
        out += ["## Contributors", "", listed([markdown(each) for each in people], 100) + ".", ""]
    return Draft(DraftKind.RELEASE_NOTE, cut(title, 120), "\n".join(out).strip() + "\n")


def _since(summary: ChangeSummary, start: str) -> str:
    lead: Statement | None = summary.lead[0] if summary.lead else None
    return f"Since {start}: {lead.text[0].lower() + lead.text[1:] if lead is not None else 'nothing.'}"


def _breaking(material: Material, worth: Sequence[Told]) -> list[str]:
    summary = material.summary
    out: list[str] = []
    for each in worth:
        if len(out) < MOST_ROWS and any(is_breaking(record) for record in each.all):
            story = material.teller.story(each)
            if story is not None:
                out.append(f"{_noted(story)}: its message says that it breaks something")
    rows = [row for module in summary.modules for row in module.api]
    out += [f"- {_row(row)}" for row in rows if row.change in (ApiChange.REMOVED, ApiChange.CHANGED)][
        :MOST_ROWS
    ]
    return ["## To look at before an update", "", *out, ""] if out else []


def _noted(story: Story) -> str:
    said = story.says.text
    if story.number and said.rstrip().endswith(f"({story.number})"):
        said = said.rstrip().removesuffix(f"({story.number})").rstrip()
    where = f"{story.number}, {story.commit_id[:9]}" if story.number else story.commit_id[:9]
    return f"- {markdown(said)} ({where})"


def _set_otherwise(summary: ChangeSummary) -> list[str]:
    own = [each for each in summary.settings if each.kind is not SettingKind.DEPENDENCY]
    needs = [each for each in summary.settings if each.kind is SettingKind.DEPENDENCY]
    out: list[str] = []
    if own:
        out += ["## Settings and schemas", "", *(f"- {markdown(each.says.text)}" for each in own), ""]
    if needs:
        out += ["## Dependencies", ""]
        shipped = [each for each in needs if not is_for_development(each.name, each.path)]
        for each in shipped:
            was, now = code(each.before) or "none", code(each.after) or "none"
            out.append(f"- {markdown(each.path)}: {was} → {now}")
        rest = len(needs) - len(shipped)
        if rest:
            out.append(f"- and {many(rest, 'dependency', 'dependencies')} for development alone")
        out.append("")
    return out


def _besides(material: Material) -> list[str]:
    counts: dict[StoryKind, int] = {}
    undone = 0
    for each in material.told:
        if each.undone_by:
            undone += 1
        elif each.automatic or each.kind in _COUNTED:
            kind = each.kind if each.kind in _COUNTED else StoryKind.DEPENDENCY
            counts[kind] = counts.get(kind, 0) + 1
    parts = [many(count, *_COUNTED[kind]) for kind, count in counts.items()]
    if undone:
        parts.append(many(undone, "change that was taken back again", "changes that were taken back again"))
    return [f"Besides: {listed(parts)}.", ""] if parts else []
