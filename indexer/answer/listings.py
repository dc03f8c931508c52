"""Lists that a question asks for: settings, variables, endpoints, commands, jobs and tables of a module."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.areas import Area
from indexer.answer.foreign import is_elsewhere
from indexer.answer.inquiry import Inquiry, listed, listed_first
from indexer.answer.mentor_facts import MentorFacts, Said
from indexer.answer.needs import Need
from indexer.answer.questions import Part
from indexer.answer.settings_asked import KnownVariables, say_settings
from indexer.answer.shipped import Shipped, Standing, shipped
from indexer.answer.wishes import list_asked, named_areas, wanted_terms
from indexer.repo.words import stems
from indexer.shapes.inventory import (
    Command,
    Endpoint,
    Inventory,
    InventoryKind,
    Job,
    Setting,
    Table,
    Variable,
)
from indexer.types import Section

TOLD: Final = 10
"""Things that are told one by one; the others are named."""
NAMED: Final = 30
ELSEWHERE: Final = 12
FEW: Final = 3
"""Things whose names hold all words below which those that hold the rarest word are told too."""

RAREST: Final = 0.8
"""Share of the heaviest word's weight that the one must have by which things are chosen."""

_MANAGED: Final = re.compile(r"\bmanagement\b|\bmanage\.py\b", re.I)
_MANAGERS: Final = ("manage.py ", "artisan ", "rails ", "rake ")
"""What management commands are run by; the targets of a Makefile are none."""

Thing = Endpoint | Setting | Variable | Table | Job | Command

_WORDS: Final = {
    InventoryKind.ENDPOINTS: ("endpoint", "endpoints"),
    InventoryKind.SETTINGS: ("setting", "settings"),
    InventoryKind.ENV: ("environment variable", "environment variables"),
    InventoryKind.TABLES: ("table", "tables"),
    InventoryKind.JOBS: ("scheduled job", "scheduled jobs"),
    InventoryKind.COMMANDS: ("command", "commands"),
}
_READ: Final = (InventoryKind.SETTINGS, InventoryKind.ENV)


@dataclass(frozen=True, slots=True)
class _Found:
    """What is told: the things of the areas, and of the read ones those that stand elsewhere."""

    need: Need
    kind: InventoryKind
    where: str
    here: tuple[Thing, ...]
    elsewhere: tuple[Thing, ...]
    defaults: dict[str, Setting]
    """Where settings that are read here are set, by their name."""
    query: str
    beside: tuple[Thing, ...] = ()
    """Where the whole is asked for: the things that stand beside what is shipped, which ``here`` is then."""
    own: str = ""
    """What ``here`` is called where there is something beside it."""
    chosen: bool = True
    """Whether they are those that were asked for; else all, since nothing tells which are meant."""


def listing(inquiry: Inquiry, part: Part, facts: MentorFacts) -> Said | None:
    """Return what lays the list down, or None when a part asks for none, or for one that is not known."""
    asked = list_asked(part.text)
    if asked is None:
        return None
    kind, about = asked
    terms = wanted_terms(about)
    # What names the repository itself is no part of it.
    whole = not terms or set(terms) <= set(stems(facts.repository))
    areas = [] if whole else named_areas(inquiry, about)
    held = frozenset[str]() if not areas else areas[0].held
    named = held | set(stems(facts.repository))
    left = [] if whole else [term for term in terms if term not in named]
    everywhere = facts.inventory(kind, "")
    here = _of(facts, kind, areas) if areas else list(_things(everywhere, kind))
    # "Which settings of the basket are about cookies": what no module is named after must be in their names.
    here = [each for each in here if set(left) <= set(stems(_name(each)))]
    if left and len(here) < FEW:
        known = {_name(each) for each in here}
        more = _bearing_rarest(inquiry, _things(everywhere, kind), left)
        further = [each for each in more if _name(each) not in known]
        # What stands elsewhere too is told of the whole.
        areas = [] if further else areas
        here += further
    if not here and areas:
        # The resources of one module may all stand in another, and bear its name.
        here = [each for each in _things(everywhere, kind) if set(terms) <= set(stems(_name(each)))]
        areas = [] if here else areas
    if not here and left:
        every = sorted(
            _things(everywhere, kind), key=lambda each: -len(set(left).intersection(stems(_name(each))))
        )
        if kind is not InventoryKind.ENV or not every or is_elsewhere(inquiry):
            return None
        # A document may say which of them are meant.
        unchosen = _found(inquiry, part.need, kind, every, chosen=False)
        told = {_name(each): (_told(each, None), each.citations[0]) for each in every}
        variables = KnownVariables(terms, told, lambda under_way: _say(under_way, unchosen))
        return lambda under_way: say_settings(under_way, variables)
    if not here and not _things(everywhere, kind):
        # What it needs, its own documentation may tell; of variables or tables that are nowhere it has none.
        if (left or kind is InventoryKind.SETTINGS) and any(each.named for each in inquiry.subjects):
            return None
        return lambda under_way: _say_none(under_way, part.need, kind, facts.left_out(kind))
    if _MANAGED.search(part.text):
        here = [each for each in here if _name(each).startswith(_MANAGERS)] or here
    known = {_name(each) for each in here}
    others = [each for each in _things(everywhere, kind) if _name(each) not in known] if areas else []
    if not areas:
        found = _found(inquiry, part.need, kind, here, chosen=True)
    else:
        found = _Found(
            part.need,
            kind,
            listed([f"{each.path}/" if each.is_folder else each.path for each in areas]),
            tuple(here),
            tuple(_near(others, here)) if kind is InventoryKind.ENV and not left else (),
            {each.name: each for each in everywhere.settings},
            f"inventory of {_WORDS[kind][1]}" + "".join(f" in {each.path}" for each in areas),
        )
    return lambda under_way: _say(under_way, found)


def _found(
    inquiry: Inquiry, need: Need, kind: InventoryKind, things: Sequence[Thing], *, chosen: bool
) -> _Found:
    """Return what is told of the whole repository: what is shipped first, and what stands beside it apart."""
    here, beside = list(things), list[Thing]()
    own = ""
    if kind in _READ:
        ships = shipped(inquiry.reader)
        own = "what this repository ships" if ships.folders else "this repository's own code"
        ranked = sorted(things, key=lambda each: ships.standing(_place(each).rpartition(":")[0]))
        here = [each for each in ranked if _is_shipped(ships, each)]
        beside = [each for each in ranked if not _is_shipped(ships, each)] if here else []
        here = here or ranked
    defaults = {each.name: each for each in things if isinstance(each, Setting)}
    query = f"inventory of {_WORDS[kind][1]}"
    return _Found(need, kind, "", tuple(here), (), defaults, query, tuple(beside), own, chosen)


def _is_shipped(ships: Shipped, thing: Thing) -> bool:
    places = (each.rpartition(":")[0] for each in (_place(thing), *_places(thing)))
    return any(ships.standing(each) is Standing.PACKAGE for each in places)


def _bearing_rarest(inquiry: Inquiry, things: Sequence[Thing], terms: Sequence[str]) -> list[Thing]:
    """Return the few whose name bears the rarest word that any name here bears: "the bulk actions of …"."""
    borne = set[str]().union(*(stems(_name(each)) for each in things))
    known = {term: inquiry.evidence.weights.get(term, 0.0) for term in terms if term in borne}
    rarest = max(known, key=lambda term: known[term], default="")
    if known.get(rarest, 0.0) < RAREST * max(inquiry.evidence.weights.values(), default=1.0):
        return []
    found = [each for each in things if rarest in stems(_name(each))]
    return found if len(found) <= TOLD else []


def _of(facts: MentorFacts, kind: InventoryKind, areas: Sequence[Area]) -> list[Thing]:
    """Return what stands in the areas, by name; of what tests do only where there is nothing else."""
    found: dict[tuple[str, str], Thing] = {}
    for area in areas:
        for each in _things(facts.inventory(kind, area.path), kind):
            found.setdefault((_name(each), _place(each) if kind not in _READ else ""), each)
    things = list(found.values())
    return [each for each in things if not each.mark and not _is_migration(each)] or things


def _things(found: Inventory, kind: InventoryKind) -> tuple[Thing, ...]:
    """Return the list of one kind; of variables those that something reads."""
    if kind is InventoryKind.ENV:
        return tuple(each for each in found.variables if each.reads)
    lists: dict[InventoryKind, tuple[Thing, ...]] = {
        InventoryKind.ENDPOINTS: found.endpoints,
        InventoryKind.SETTINGS: found.settings,
        InventoryKind.TABLES: found.tables,
        InventoryKind.JOBS: found.jobs,
        InventoryKind.COMMANDS: found.commands,
    }
    return lists[kind]


def _is_migration(thing: Thing) -> bool:
    """Say whether only migrations name it: a framework writes what they read."""
    return isinstance(thing, Setting | Variable) and all("/migrations/" in each for each in _places(thing))


def _near(others: Sequence[Thing], here: Sequence[Thing]) -> list[Thing]:
    """Return those that code of the same language reads: scripts that start it speak for themselves."""
    endings = {place.rpartition(":")[0].rpartition(".")[2] for each in here for place in _places(each)}
    return [
        each
        for each in others
        if not each.mark
        and (
            not endings
            or any(place.rpartition(":")[0].rpartition(".")[2] in endings for place in _places(each))
        )
    ]


def _say(inquiry: Inquiry, found: _Found) -> None:
    page = inquiry.page
    one, many = _WORDS[found.kind]
    count = len(found.here)
    where = found.where or "This repository"
    reads = "read" if found.kind in _READ else "found"
    if count and all(isinstance(each, Setting) and not each.reads for each in found.here):
        # They are looked up by whoever is asked for one, not by name.
        reads = "set"
    if not count:
        page.fact(Section.WHAT, f"No {one} is {reads} in {where}.", found.query, [])
    elif count > 1:
        names = listed_first([f"`{_name(each)}`" for each in found.here], NAMED)
        place = f"in {found.where}" if found.where else "in this repository"
        if found.beside:
            place = f"in {found.own} ({_tops(found.here)})"
        unclear = "" if found.chosen else " Nothing here says which of them are meant."
        page.fact(
            Section.WHAT, f"{count:,} {many} are {reads} {place}: {names}.{unclear}", found.query,
            [_place(each) for each in found.here[:20]],
        )  # fmt: skip
    for each in found.here[:TOLD]:
        default = found.defaults.get(_name(each)) if isinstance(each, Setting) else None
        cited = [each.citations[0], *([] if default in (None, each) else default.citations[:1])]
        page.tell(Section.WHAT, _told(each, default), cited)
    if found.elsewhere:
        shown = listed_first([f"`{_name(each)}`" for each in found.elsewhere], ELSEWHERE)
        verb = "is" if len(found.elsewhere) == 1 else "are"
        page.fact(
            Section.WHAT,
            f"Read elsewhere {verb} {shown}: what is called from {where} may read them too.",
            f"inventory of {many}",
            [_place(each) for each in found.elsewhere[:20]],
        )
    if found.beside:
        shown = listed_first([f"`{_name(each)}`" for each in found.beside], NAMED)
        verb = "is" if len(found.beside) == 1 else "are"
        page.fact(
            Section.WHAT,
            f"{len(found.beside):,} more {verb} {reads} beside it ({_tops(found.beside)}): {shown}.",
            found.query,
            [_place(each) for each in found.beside[:20]],
        )
    if found.kind is InventoryKind.ENV and not found.where:
        _say_documented(inquiry, {_name(each) for each in (*found.here, *found.elsewhere, *found.beside)})
    if found.chosen:
        page.answers = True
    page.settled[found.need] = found.chosen


def _tops(things: Sequence[Thing]) -> str:
    """Return the folders at the top that things stand in, as they are written."""
    heads = [_place(each).partition("/") for each in things]
    return listed(sorted({f"{top}/" for top, slash, _ in heads if slash})) or "its top folder"


def _say_documented(inquiry: Inquiry, known: set[str]) -> None:
    """Tell the variables that a document on them has a title for, and that nothing here reads by name.

    A library that is called may read them: the proxies of `urllib`.
    """
    titles = inquiry.reader.execute(
        "SELECT DISTINCT s.name, s.name_line, p.shown FROM symbol s JOIN entry e ON e.blob_id = s.blob_id"
        " JOIN path p ON p.id = e.path_id WHERE s.kind = 'heading' ORDER BY p.shown, s.name_line"
    ).fetchall()
    devoted = {path for name, _, path in titles if _ON_VARIABLES.search(name) or _ON_VARIABLES.search(path)}
    found: dict[str, dict[str, int]] = {}
    for name, line, path in titles:
        borne = _UPPER_NAME.findall(name)
        # A title that says anything else is about something else.
        if path in devoted and borne and not _UPPER_NAME.sub("", name).strip("`, /*"):
            for each in borne:
                if each not in known:
                    found.setdefault(path, {}).setdefault(each, line)
    for path, names in found.items():
        inquiry.page.tell(
            Section.WHAT,
            f"{path} tells of {listed([f'`{each}`' for each in names])}, which nothing here reads by name.",
            [inquiry.page.sources.span(path, line, line) for line in dict.fromkeys(names.values())],
        )


_ON_VARIABLES: Final = re.compile(r"environ\w*[ _-]?var|env[_-]?vars", re.I)
_UPPER_NAME: Final = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")


def _say_none(inquiry: Inquiry, need: Need, kind: InventoryKind, out: int) -> None:
    """Say that there are none that can be read: it may be written in a way that is not known here."""
    one, many = _WORDS[kind]
    beside = f" outside tests and examples, which hold {out}" if out else ""
    text = (
        f"No {one} was found in this repository{beside}; one declared in a way that cannot be read is missed."
    )
    inquiry.page.fact(Section.WHAT, text, f"inventory of {many}", [])
    inquiry.page.settled[need] = False


def _told(thing: Thing, default: Setting | None) -> str:
    name, place = f"`{_name(thing)}`", _place(thing)
    if isinstance(thing, Setting):
        return _setting_told(thing, default)
    if isinstance(thing, Variable):
        with_it = _instead(thing)
        needed = " and must be set" if thing.required else ""
        does = "is read in" if thing.reads else "is given a value in"
        return f"{name} {does} {place}{needed}{with_it}."
    if isinstance(thing, Endpoint):
        handler = f" → `{thing.handler}`" if thing.handler else ""
        at = thing.handler_place or place
        return f"{name}{handler} ({at})" + (f": “{thing.says}”" if thing.says else "")
    if isinstance(thing, Table):
        model = f" of the model `{thing.model}`" if thing.model else ""
        return f"The table {name}{model} has {len(thing.columns)} columns that are known, in {place}."
    if isinstance(thing, Job):
        when = thing.plainly or thing.schedule
        runs = f" runs `{thing.runs}`" if thing.runs else " runs"
        return f"{name}{runs}{f' ({when})' if when else ''}, as {place} says."
    return f"{name} in {place}" + (f": “{thing.says}”" if thing.says else ".")


def _instead(thing: Variable) -> str:
    """Return what is taken where a variable is not there."""
    others = listed([f"`{each}`" for each in thing.others])
    if not others:
        return f", with the default `{thing.default}`" if thing.default else ""
    verb = "is" if len(thing.others) == 1 else "are"
    if not thing.default:
        return f"; where it is not set, {others} {verb} read"
    return f", with the default `{thing.default}` where {others} {verb} not set either"


def _setting_told(thing: Setting, default: Setting | None) -> str:
    read = thing.read_in[0] if thing.read_in else ""
    told = f"`{thing.name}` is read in {read}" if read else f"`{thing.name}` is set in {_place(thing)}"
    value = thing.default or (default.default if default is not None else "")
    if not value:
        return f"{told}."
    where = f", set in {_place(default)}" if default is not None and default.default and read else ""
    return f"{told}; its default is `{value}`{where}."


def _name(thing: Thing) -> str:
    if isinstance(thing, Endpoint):
        return f"{'|'.join(thing.methods)} {thing.url}".strip()
    return thing.name


def _place(thing: Thing) -> str:
    citation = thing.citations[0]
    return f"{citation.path}:{citation.start_line}"


def _places(thing: Thing) -> tuple[str, ...]:
    read = thing.read_in if isinstance(thing, Setting | Variable) else ()
    return read or (_place(thing),)
