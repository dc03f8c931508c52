"""How this repository writes its commit messages: counted over its latest ones."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from indexer.answer.authorship import is_robot
from indexer.guide.changes.citing import fact
from indexer.guide.changes.grouping import ModuleOf
from indexer.guide.changes.subjects import AREA, NUMBER, REVERT_SUBJECT, kind_of, typed
from indexer.guide.changes.wording import listed
from indexer.index.history import CommitFacts, latest_commits, paths_touched
from indexer.shapes.changes import StoryKind
from indexer.types import CommitRecord, PathChange, Statement

LOOKED_AT: Final = 300
"""Commits by people that a habit is counted over; older habits may have been given up."""

READ: Final = 900
"""Commits that are read to find so many that people wrote by hand."""

HABIT: Final = 0.5
"""Share of the messages from which a form is the habit here,"""
SURE: Final = 0.8
"""and from which a trailer is a rule."""

LEAST: Final = 10
"""Messages without which no habit can be told."""

_TICKET: Final = re.compile(r"^(?:\[?(?P<ticket>[A-Z][A-Z0-9]{1,9}-\d+|#\d+)\]?)[:\s]+(?=\S)")
_FORMS: Final[Mapping[str, Callable[[str], re.Match[str] | None]]] = {
    "type": typed,
    "ticket": _TICKET.match,
    "area": AREA.match,
}
_TRAILER: Final = re.compile(r"^([A-Z][A-Za-z]+(?:-[A-Za-z]+)+): \S")
_VERBS: Final = [
    "add",
    "fix",
    "remove",
    "update",
    "change",
    "use",
    "make",
    "move",
    "rename",
    "improve",
    "refactor",
    "support",
    "allow",
    "implement",
    "bump",
    "drop",
    "correct",
    "document",
    "test",
    "handle",
    "avoid",
    "prevent",
    "replace",
    "revert",
    "introduce",
    "enable",
    "disable",
    "clean",
    "merge",
    "deprecate",
    "upgrade",
    "simplify",
    "ensure",
    "create",
    "delete",
    "extend",
    "adjust",
]


class Mood:
    """How the first word of a subject stands."""

    IMPERATIVE: Final = "imperative"
    PAST: Final = "past"
    PRESENT: Final = "present"


@dataclass(frozen=True, slots=True)
class Convention:
    """The habits, and what they were counted over. ``form`` is ``type``, ``area``, ``ticket`` or empty."""

    messages: tuple[CommitFacts, ...]
    form: str = ""
    types: dict[StoryKind, str] = field(default_factory=dict)
    """The word that is written for each kind of change, where types are used."""
    scoped: bool = False
    areas: dict[str, str] = field(default_factory=dict)
    """From a module to the area, or scope, that its commits name."""
    mood: str = Mood.IMPERATIVE
    capital: bool = True
    period: bool = False
    longest: int = 72
    body: float = 0.0
    wrap: int = 72
    trailers: tuple[str, ...] = ()
    told: tuple[Statement, ...] = ()


def learn(reader: sqlite3.Connection, module_of: ModuleOf) -> Convention:
    """Return the habits of the latest commits that people wrote."""
    messages = [
        each
        for each in latest_commits(reader, READ)
        if not is_robot(each.author, each.email)
        and len(each.parents) < 2
        and not REVERT_SUBJECT.match(each.subject)
        and each.subject.strip()
    ][:LOOKED_AT]
    if len(messages) < LEAST:
        return Convention(tuple(messages))
    subjects = [NUMBER.sub("", each.subject).strip() for each in messages]
    form, bare = _form(subjects)
    types, scoped, areas = _areas(reader, form, messages, module_of)
    bodies = [_body(each.message) for each in messages]
    widths = sorted(len(line) for body in bodies for line in body if "://" not in line)
    lengths = sorted(len(each) for each in subjects)
    trailers = Counter(name for each in messages for name in set(_trailers(each.message)))
    found = Convention(
        messages=tuple(messages),
        form=form,
        types=types,
        scoped=scoped,
        areas=areas,
        mood=_mood(bare),
        capital=_share(bare, lambda text: text[0].isupper()) >= HABIT,
        period=_share(bare, lambda text: text.endswith(".")) >= HABIT,
        longest=min(max(lengths[int(len(lengths) * 0.9)], 50), 100),
        body=sum(bool(each) for each in bodies) / len(bodies),
        wrap=min(max(widths[int(len(widths) * 0.9)], 60), 100) if widths else 72,
        trailers=tuple(name for name, count in trailers.items() if count >= SURE * len(messages)),
    )
    return replace(found, told=tuple(_told(found, subjects)))


def _form(subjects: Sequence[str]) -> tuple[str, list[str]]:
    """Return what most subjects begin with, and the subjects without it."""
    for name, match in _FORMS.items():
        found = [match(each) for each in subjects]
        if sum(each is not None for each in found) >= HABIT * len(subjects):
            return name, [
                each if begun is None else each[begun.end() :]
                for each, begun in zip(subjects, found, strict=True)
            ]
    return "", list(subjects)


def _areas(
    reader: sqlite3.Connection, form: str, messages: Sequence[CommitFacts], module_of: ModuleOf
) -> tuple[dict[StoryKind, str], bool, dict[str, str]]:
    """Return the types by kind, whether scopes are written, and which area goes with which module."""
    if form not in ("type", "area"):
        return {}, False, {}
    words: dict[StoryKind, Counter[str]] = defaultdict(Counter)
    areas: dict[str, Counter[str]] = defaultdict(Counter)
    scoped = 0
    for each in messages:
        match = _FORMS[form](each.subject)
        if match is None:
            continue
        touched = [found.path for found in paths_touched(reader, each.id, 30)]
        area = match["scope"] if form == "type" else match["area"]
        if form == "type":
            words[kind_of(_record(each, touched))][match["type"]] += 1
            scoped += bool(area)
        if area:
            for module in {module_of(path) for path in touched}:
                areas[module][area] += 1
    typed = sum(sum(each.values()) for each in words.values())
    return (
        {kind: counted.most_common(1)[0][0] for kind, counted in words.items()},
        scoped >= HABIT * max(typed, 1),
        {module: counted.most_common(1)[0][0] for module, counted in areas.items()},
    )


def _record(commit: CommitFacts, touched: Sequence[str]) -> CommitRecord:
    changes = tuple(PathChange("M", path, "", "") for path in touched)
    return CommitRecord(
        commit.oid, commit.parents, commit.author, commit.email, commit.authored, commit.committed,
        commit.subject, changes,
    )  # fmt: skip


def _mood(subjects: Sequence[str]) -> str:
    counts: Counter[str] = Counter()
    forms = {}
    for verb in _VERBS:
        stem = verb.removesuffix("e")
        double = verb + verb[-1] if verb in ("drop",) else stem
        forms[verb] = Mood.IMPERATIVE
        for past in (f"{stem}ed", f"{double}ed", f"{stem}ied"):
            forms[past] = Mood.PAST
        for present in (f"{verb}s", f"{verb}es"):
            forms[present] = Mood.PRESENT
    for each in subjects:
        word = each.split(" ", 1)[0].lower().strip(":,")
        if word in forms:
            counts[forms[word]] += 1
    return counts.most_common(1)[0][0] if counts else Mood.IMPERATIVE


def _share(texts: Sequence[str], holds: Callable[[str], bool]) -> float:
    asked = [each for each in texts if each and each[0].isalpha()]
    return sum(holds(each) for each in asked) / len(asked) if asked else 1.0


def _body(message: str) -> list[str]:
    lines = message.split("\n")[1:]
    return [line for line in lines if line.strip() and not _TRAILER.match(line)]


def _trailers(message: str) -> list[str]:
    return [found[1] for line in message.split("\n")[1:] if (found := _TRAILER.match(line))]


def _told(found: Convention, subjects: Sequence[str]) -> list[Statement]:
    """Say what the habits are and what they were counted over."""
    total = len(found.messages)
    oids = [each.oid for each in found.messages]
    query = f"git log --no-merges -{total} --format=%B"
    parts = []
    if found.form:
        count = sum(_FORMS[found.form](each) is not None for each in subjects)
        what = {
            "type": "a type, as `fix(scope): …`" if found.scoped else "a type, as `fix: …`",
            "area": "an area, as `docs: …`",
            "ticket": "a ticket, as `ABC-12 …`",
        }[found.form]
        parts.append(f"{count} of the last {total} messages by people begin with {what}")
    else:
        parts.append(f"most of the last {total} messages by people begin without a type, an area or a ticket")
    parts.append(
        f"the first word is {found.mood}" + (" and has a capital" if found.capital else " and in lower case")
    )
    parts.append(f"nine of ten subjects have {found.longest} characters or fewer")
    bodies = round(found.body * total)
    parts.append(f"{bodies} of them have a body")
    if found.trailers:
        parts.append(f"they are signed with {listed([f'`{each}`' for each in found.trailers])}")
    text = "; ".join(parts)
    return [fact(f"{text[:1].upper()}{text[1:]}.", query, oids)]
