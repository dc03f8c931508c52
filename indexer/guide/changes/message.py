"""Drafts a commit message: what changed, in the form that this repository writes; why is left open."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from typing import Final

from indexer.guide.changes.bodies import Touched
from indexer.guide.changes.convention import Convention, Mood
from indexer.guide.changes.grouping import ROOT, ModuleOf, moved_folders
from indexer.guide.changes.subjects import kind_of_paths
from indexer.guide.changes.weighing import Weighed
from indexer.guide.changes.wording import listed, many, shown
from indexer.shapes.changes import ApiChange, ApiRow, ChangeSummary, SettingKind, SettingRow, StoryKind
from indexer.types import SymbolKind, shown_path

NAMED: Final = 3
BULLETS: Final = 12
TOGETHER: Final = 3
"""Definitions that came to one class, or file, from which they are told in one line."""

OFTEN: Final = 0.3
"""Share of messages with a body from which a body is drafted for a small change too."""

_TYPES: Final = {
    StoryKind.FEATURE: "feat", StoryKind.FIX: "fix", StoryKind.REMOVAL: "refactor",
    StoryKind.CHANGE: "refactor",
    StoryKind.DEPENDENCY: "build", StoryKind.DOCUMENTATION: "docs", StoryKind.TEST: "test",
    StoryKind.BUILD: "build", StoryKind.RELEASE: "chore",
}  # fmt: skip
_PAST: Final = {
    "Add": "Added", "Remove": "Removed", "Change": "Changed", "Move": "Moved", "Rename": "Renamed",
    "Update": "Updated", "Test": "Tested", "Document": "Documented",
}  # fmt: skip


def commit_message(
    summary: ChangeSummary,
    files: Sequence[Weighed],
    touched: Sequence[Touched],
    convention: Convention,
    module_of: ModuleOf,
) -> tuple[str, str]:
    """Return a subject, and the whole message with lines for a person that git takes out (``#``)."""
    kind, verb, rest = _said(summary, files, touched)
    subject = _in_form(kind, verb, rest, files, convention, module_of)
    bullets = _bullets(summary, touched, rest)
    lines = [subject]
    if bullets:
        lines.append("")
        for each in bullets:
            lines += _wrapped(each, max(convention.wrap, 40), "- ", "  ")
    lines += ["", *_asides(summary, convention)]
    return subject, "\n".join(lines) + "\n"


def _said(  # noqa: PLR0911 (one return for each kind of change)
    summary: ChangeSummary, files: Sequence[Weighed], touched: Sequence[Touched]
) -> tuple[StoryKind, str, str]:
    """Return what kind of change it is, its verb, and what the verb is about."""
    changes = [each.change for each in files]
    rows = [row for module in summary.modules for row in module.api]
    statuses = {each.status for each in changes}
    if not changes:
        return StoryKind.CHANGE, "Change", "nothing"
    if all(each.mode_only for each in changes):
        return StoryKind.BUILD, "Change", f"the permission of {_paths(files)}"
    if all(each.submodule for each in changes):
        return StoryKind.DEPENDENCY, "Update", f"the submodule {_paths(files)}"
    folders = moved_folders(changes)
    if statuses == {"R"}:
        if folders and len(folders) == 1:
            old, new, _ = folders[0]
            return StoryKind.CHANGE, "Move", f"{shown_path(old)}/ to {shown_path(new)}/"
        if len(changes) == 1:
            return (
                StoryKind.CHANGE,
                "Rename",
                f"{shown_path(changes[0].old_path)} to {shown_path(changes[0].path)}",
            )
        return StoryKind.CHANGE, "Move", _paths(files)
    alone = kind_of_paths([each.path for each in changes])
    needs = [each for each in summary.settings if each.kind is SettingKind.DEPENDENCY]
    if needs and alone is StoryKind.DEPENDENCY:
        return StoryKind.DEPENDENCY, *_dependency(needs)
    if alone is StoryKind.DOCUMENTATION:
        verb = "Add" if statuses == {"A"} else "Remove" if statuses == {"D"} else "Update"
        return alone, verb, _paths(files)
    if alone is StoryKind.TEST:
        verb = "Add" if statuses == {"A"} else "Remove" if statuses == {"D"} else "Change"
        return alone, verb, f"tests in {_paths(files)}"
    if alone is StoryKind.BUILD:
        return alone, "Update", _paths(files)
    return _about_code(summary, files, touched, rows, statuses)


def _about_code(
    summary: ChangeSummary,
    files: Sequence[Weighed],
    touched: Sequence[Touched],
    rows: Sequence[ApiRow],
    statuses: set[str],
) -> tuple[StoryKind, str, str]:
    for change, kind, verb in (
        (ApiChange.ADDED, StoryKind.FEATURE, "Add"),
        (ApiChange.REMOVED, StoryKind.REMOVAL, "Remove"),
        (ApiChange.CHANGED, StoryKind.CHANGE, "Change"),
        (ApiChange.MOVED, StoryKind.CHANGE, "Move"),
    ):
        mine = [row for row in rows if row.change is change]
        mine.sort(key=lambda row: row.kind not in (SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT))
        if not mine:
            continue
        names = listed([_last(row.name) for row in mine], 2)
        if change is ApiChange.CHANGED:
            values = all(row.kind in (SymbolKind.CONSTANT, SymbolKind.MACRO) for row in mine)
            names = (
                names
                if values
                else f"the signature of {names}"
                if len(mine) == 1
                else f"the signatures of {names}"
            )
        return kind, verb, names
    if statuses == {"D"}:
        return StoryKind.REMOVAL, "Remove", _paths(files)
    if statuses == {"A"}:
        return StoryKind.FEATURE, "Add", _paths(files)
    own = [each for each in summary.settings if each.kind is not SettingKind.DEPENDENCY]
    inside = [each for each in touched if not _is_test(each.path, files)]
    if own and not inside:
        return StoryKind.CHANGE, "Change", listed([shown(each.name) for each in own], 2)
    if inside:
        return StoryKind.CHANGE, "Change", listed([_last(each.name) for each in inside], 2)
    code = [each for each in files if each.code] or list(files)
    return StoryKind.CHANGE, "Change", _paths(code)


def _dependency(needs: Sequence[SettingRow]) -> tuple[str, str]:
    names = {each.name for each in needs}
    if len(names) == 1:
        row = needs[0]
        if row.before and row.after:
            return "Change", f"{shown(row.name)} from {shown(row.before)} to {shown(row.after)}"
        return (
            ("Add", f"the dependency {shown(row.after)}")
            if row.after
            else ("Remove", f"the dependency {shown(row.name)}")
        )
    return "Update", f"the dependencies {listed(sorted(shown(each) for each in names), 2)}"


def _in_form(
    kind: StoryKind,
    verb: str,
    rest: str,
    files: Sequence[Weighed],
    convention: Convention,
    module_of: ModuleOf,
) -> str:
    """Return the subject as this repository would write it."""
    if convention.mood == Mood.PAST:
        verb = _PAST.get(verb, verb)
    elif convention.mood == Mood.PRESENT:
        verb += "s"
    verb = verb if convention.capital else verb.lower()
    prefix = ""
    area = _area(files, convention, module_of)
    if convention.form == "type":
        scope = f"({area})" if area and convention.scoped else ""
        prefix = f"{convention.types.get(kind, _TYPES[kind])}{scope}: "
    elif convention.form == "area":
        prefix = f"{area or 'AREA'}: "
    elif convention.form == "ticket":
        prefix = "TICKET: "
    room = max(convention.longest - len(prefix) - len(verb) - 1, 20)
    if len(rest) > room:
        rest = rest[: room - 1].rstrip(" ,") + "…"
    return f"{prefix}{verb} {rest}{'.' if convention.period else ''}"


def _area(files: Sequence[Weighed], convention: Convention, module_of: ModuleOf) -> str:
    """Return the area that commits on most of these files name, by what history shows."""
    counted: Counter[str] = Counter()
    for each in files:
        area = convention.areas.get(module_of(each.path), "")
        if area:
            counted[area] += 3 if each.code else 1
    if counted:
        return counted.most_common(1)[0][0]
    modules = Counter(module_of(each.path) for each in files)
    name = modules.most_common(1)[0][0] if modules else ROOT
    return "" if name == ROOT else name.rpartition("/")[2]


def _bullets(summary: ChangeSummary, touched: Sequence[Touched], rest: str) -> list[str]:
    """Return what else is to be said, each in one line: nothing that the subject says alone."""
    rows = [row for module in summary.modules for row in module.api]
    out, single = _together(rows)
    for row in single:
        name = f"{row.kind} {shown(row.name)}"
        match row.change:
            case ApiChange.ADDED:
                out.append(f"Add {name} ({row.path})")
            case ApiChange.REMOVED:
                out.append(f"Remove {name} ({row.path})")
            case ApiChange.MOVED:
                out.append(f"Move {name} to {row.path}")
            case ApiChange.CHANGED if row.before != row.after and len(row.before + row.after) <= 200:
                out.append(f"Change {name}: {shown(row.before)} is now {shown(row.after)}")
            case ApiChange.CHANGED:
                out.append(f"Change {name} ({row.path})")
    told = {row.name for row in rows}
    inside = [each for each in touched if each.name not in told]
    if inside:
        out.append(f"Change {listed([shown(each.name) for each in inside], 2 * NAMED)}")
    out += [shown(each.says.text).rstrip(".").replace("`", "") for each in summary.settings]
    if len(out) == 1 and (rest in out[0] or out[0].endswith(rest)):
        out = []
    if len(out) > BULLETS:
        out = [*out[:BULLETS], f"and {many(len(out) - BULLETS, 'more change', 'more changes')}"]
    out += [shown(each.text).rstrip(".") for each in summary.tests[:1] if "tests changed" in each.text]
    return out


def _together(rows: Sequence[ApiRow]) -> tuple[list[str], list[ApiRow]]:
    """Return one line for several definitions that came to, or went from, one place; and the others."""
    places: dict[tuple[ApiChange, str, str], list[ApiRow]] = {}
    for row in rows:
        if row.change in (ApiChange.ADDED, ApiChange.REMOVED):
            places.setdefault((row.change, row.path, row.name.rpartition(".")[0]), []).append(row)
    out: list[str] = []
    told: set[str] = set()
    for (change, path, parent), mine in places.items():
        if len(mine) >= TOGETHER:
            names = listed([shown(row.name.rpartition(".")[2]) for row in mine], NAMED)
            verb, way = ("Add", "to") if change is ApiChange.ADDED else ("Remove", "from")
            out.append(f"{verb} {names} {way} {shown(parent) or path}" + (f" ({path})" if parent else ""))
            told |= {f"{change} {row.path} {row.name}" for row in mine}
    return out, [row for row in rows if f"{row.change} {row.path} {row.name}" not in told]


def _asides(summary: ChangeSummary, convention: Convention) -> list[str]:
    """Return lines for the person who commits; git takes them out, since they begin with ``#``."""
    notes = [
        "Draft to review. What is said above was counted; lines that begin with # are not kept.",
        (
            "WHY is missing: nobody has written it down yet. One sentence on the reason is what the next"
            " reader needs most."
        ),
    ]
    if convention.form == "ticket":
        notes.append("Put the ticket in the place of TICKET.")
    if convention.form == "area" and not convention.areas:
        notes.append("Put the area in the place of AREA.")
    if "Signed-off-by" in convention.trailers:
        notes.append("Messages here are signed off: commit with `git commit -s`.")
    notes += [shown(each.text) for each in convention.told]
    notes += [f"Look at it again: {shown(each.says.text)}" for each in summary.risks[:NAMED]]
    return [line for note in notes for line in _wrapped(note, 78, "# ", "# ")]


def _wrapped(text: str, width: int, first: str, further: str) -> list[str]:
    """Return lines of a width; a path that is longer stays whole, so that it can be copied."""
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=further,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _paths(files: Sequence[Weighed]) -> str:
    return listed([shown(each.path) for each in files], 2)


def _last(name: str) -> str:
    parts = shown(name).split(".")
    return ".".join(parts[-2:])


def _is_test(path: str, files: Sequence[Weighed]) -> bool:
    return any(each.test for each in files if each.path == path)
