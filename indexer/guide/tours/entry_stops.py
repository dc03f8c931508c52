"""The stop on where the outside comes in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from indexer.answer.inquiry import kind_word, listed, shown_place
from indexer.guide.tours.documented import Documented
from indexer.guide.tours.entries import Door, Entry
from indexer.guide.tours.ground import Ground
from indexer.guide.tours.laid import Laid
from indexer.guide.tours.saying import telling_words
from indexer.shapes.onboarding import StepKind
from indexer.types import Section

OFFERS: Final = 5
"""Names that a library offers which are told one by one."""
EXAMPLES: Final = 4
"""Ways in of one kind that are named; the counts tell of the rest."""


_ERROR_PAGE: Final = re.compile(r"/[345]\d\d/?$")


_DOORS: Final = {
    Door.REQUEST: ("request that it answers", "requests that it answers"),
    Door.COMMAND: ("command that a person types", "commands that a person types"),
    Door.JOB: ("job or task that runs by itself", "jobs or tasks that run by themselves"),
    Door.PROGRAM: ("program that can be started", "programs that can be started"),
    Door.OFFERED: ("name that other code uses", "names that other code uses"),
}


def ways_in(
    ground: Ground, found: Sequence[Entry], offers: Sequence[Entry], shown_in: Sequence[Documented] = ()
) -> Laid | None:
    """Where the outside comes in."""
    laid = Laid(ground, StepKind.ENTRY, "entry", "Where one comes in")
    by_door: dict[Door, list[Entry]] = {}
    requests = [each for each in found if each.door is Door.REQUEST]
    answering = {each.symbol.path for each in requests if each.symbol is not None}
    offers = [each for each in offers if each.path not in answering]
    for each in (*found, *offers):
        by_door.setdefault(each.door, []).append(each)
    # Of many commands the ones that do the most are the ones that it is started by.
    by_door.get(Door.COMMAND, []).sort(key=lambda each: -_lines(each))
    library = not any(each.symbol for each in by_door.get(Door.REQUEST, ())) and bool(offers)
    if library:
        by_door.pop(Door.REQUEST, None)  # one that nothing here is known to answer says little of a library
    order = [Door.OFFERED, *Door] if library else list(Door)
    for door in dict.fromkeys(order):
        ways = by_door.get(door, [])
        if not ways or (door is Door.OFFERED and not library):
            continue
        if door is Door.OFFERED:
            _say_offered(laid, ways, shown_in)
        else:
            _say_door(laid, door, ways)
    shown = [
        each for door in dict.fromkeys(order) for each in _telling(by_door.get(door, []))[:2] if each.symbol
    ]
    for entry in shown[:3]:
        if entry.symbol is not None:
            laid.read_symbol(entry.symbol)
            laid.introduces.append(f"{entry.symbol.path}#{entry.symbol.qualified}")
    telling = [each for each in shown if each.symbol is not None and each.symbol.name != each.name]
    asked = next((each for each in telling if each.door is not Door.OFFERED), None)
    if asked is not None and asked.symbol is not None:
        others = [
            each.symbol.qualified
            for each in sorted((*found, *offers), key=lambda way: bool(_ERROR_PAGE.search(way.name)))
            if each.symbol is not None
            and each.door is asked.door
            and each.symbol.qualified != asked.symbol.qualified
        ]
        laid.ask(
            f"What answers `{asked.name}`?",
            f"`{asked.symbol.qualified}`, {shown_place(asked.symbol.path, asked.symbol.name_line)}.",
            [ground.sources.span(asked.symbol.path, asked.symbol.name_line, asked.symbol.name_line)],
            asked.symbol.qualified,
            others,
        )
    elif library:
        _ask_offered(laid, _telling(by_door[Door.OFFERED]))
    return laid


def _say_offered(laid: Laid, ways: Sequence[Entry], shown_in: Sequence[Documented]) -> None:
    """Say what other code calls of a library, as documents write it, those that they show most first."""
    known = {(each.symbol.blob_id, each.symbol.start_line): each for each in shown_in}
    ordered = _telling(ways)
    for each in ordered[:OFFERS]:
        symbol = each.symbol
        if symbol is None:
            continue
        shows = known.get((symbol.blob_id, symbol.start_line))
        says, proof = telling_words(laid.inquiry, symbol)
        name = f"`{shows.written if shows is not None else each.name}`"
        told = f"{name} is {kind_word(symbol.kind)} in {shown_place(symbol.path, symbol.name_line)}"
        told += f": “{says}”" if says else "."
        cited = [laid.inquiry.signature(symbol), proof]
        source = laid.ground.sources.file(shows.path) if shows is not None else None
        if shows is not None and source is not None:
            line = source.lines[shows.line - 1].strip().removeprefix(">>> ")
            told += f" {_used_in(shows)}: `{line[:110]}`."
            cited.append(laid.ground.sources.span(shows.path, shows.line, shows.line))
        laid.page.tell(Section.WHAT, told, cited)
    rest = [each for each in ordered[OFFERS:] if each.symbol is not None]
    if rest:
        one, many = "other name", "other names"
        laid.fact(
            f"{len(rest)} {one if len(rest) == 1 else many} that documents, examples or tests use:"
            f" {listed([f'`{each.name}`' for each in rest])}.",
            "uses in documents, examples and tests",
            [shown_place(each.path, each.line) for each in rest],
        )


def _used_in(shows: Documented) -> str:
    return f"{shows.path}:{shows.line} uses it so"


def _ask_offered(laid: Laid, ways: Sequence[Entry]) -> None:
    """Ask which of the names that were told says this of itself: what it is for, and not how often it is
    named.
    """
    symbols = [each.symbol for each in ways[:OFFERS] if each.symbol is not None]
    said = [(each, *telling_words(laid.inquiry, each)) for each in symbols]
    names = [each.qualified for each in symbols]
    for symbol, says, proof in said:
        # A sentence that holds the name, or another choice's, is no question.
        plain = re.sub(r"[^a-z0-9]", "", says.lower())
        if proof is None or any(re.sub(r"[^a-z0-9]", "", each.lower()) in plain for each in names):
            continue
        laid.ask(
            f"Which of these says of itself: “{says}”",
            f"`{symbol.qualified}`, {shown_place(symbol.path, symbol.name_line)}.",
            [proof],
            symbol.qualified,
            [each for each in names if each != symbol.qualified],
        )
        return
    if symbols:
        first = symbols[0]
        laid.ask(
            f"In which file does `{first.qualified}` stand, and what does it do?",
            f"In {shown_place(first.path, first.name_line)}"
            + (f": “{said[0][1]}”" if said[0][1] else ", which says nothing of itself."),
            [laid.inquiry.signature(first), said[0][2]],
        )


def _say_door(laid: Laid, door: Door, ways: Sequence[Entry]) -> None:
    one, many = _DOORS[door]
    shown = _telling(ways)[:EXAMPLES]
    names, cited, places = [], [], []
    # Where a framework calls all of them the same, the name of it tells nothing.
    alike = len(shown) > 1 and len({each.symbol.qualified for each in shown if each.symbol}) == 1
    for each in shown:
        own = alike or each.symbol is None or door is Door.OFFERED or each.symbol.qualified == each.name
        to = "" if own or each.symbol is None else f" → `{each.symbol.qualified}`"
        names.append(f"`{each.name}`{to} ({shown_place(each.path, each.line)})")
        citation = laid.ground.sources.span(each.path, each.line, each.line)
        if citation is not None:
            cited.append(citation)
        places.append(shown_place(each.path, each.line))
    count = len({each.name for each in ways})
    told = f"{count} {one if count == 1 else many}: " if count <= EXAMPLES else f"{count} {many}, such as "
    laid.fact(f"{told}{listed(names)}.", f"declarations of {many}", places, cited[:4])


def _lines(way: Entry) -> int:
    return 0 if way.symbol is None else way.symbol.end_line - way.symbol.start_line + 1


def _telling(ways: Sequence[Entry]) -> list[Entry]:
    """Return ways in, those with a known handler and in as many files as there are first."""
    out: list[Entry] = []
    rest: list[Entry] = []
    files: set[str] = set()
    names: set[str] = set()
    for each in sorted(
        ways,
        key=lambda way: (
            way.symbol is None,
            bool(_ERROR_PAGE.search(way.name)),
            not way.name.startswith(("POST", "PUT")),
        ),
    ):
        if each.name in names:
            continue
        names.add(each.name)
        (rest if each.path in files else out).append(each)
        files.add(each.path)
    return out + rest
