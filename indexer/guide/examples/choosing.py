"""Which of what there is answers a wish: the signals are weighed, and narrowed by the words of the wish."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from indexer.guide.examples.candidates import Candidate
from indexer.guide.examples.definitions import Definitions, foundations, kindred
from indexer.guide.examples.families import Family, families_of
from indexer.guide.examples.listed import listed_of
from indexer.guide.examples.nouns import Noun, singular
from indexer.guide.examples.wishes import EXAMPLE, USUAL_WORDS, Sought, shortened
from indexer.guide.inventory.sheets import Shelf
from indexer.repo.words import pieces, stem, stems
from indexer.types import Control

if TYPE_CHECKING:
    from indexer.guide.inventory.listing import Inventories

MOST: Final = 3_000
"""Candidates that are compared; a kind with more is compared by its most used files."""
HEAD_LINES: Final = 3
"""Lines of a file in which it says what it is; further down stand imports, which say nothing of it."""
_OPENING: Final = 12
"""Lines of a file in which its own documentation stands, below a licence or a title."""
_LEAST_LINES: Final = 3
_LISTED: Final = 1.5
_FEW: Final = 1.5
"""Members at which a family is worth two fifths of one with many."""
_PLAIN: Final = ("listed", "type", "decorated")
"""Families by which a wish is understood though a word of it is met by nothing: others would be guesses."""
_CODE: Final = 1.0
_TIERS: Final = {"": _CODE, "example": 0.75, "test": 0.5}
_UNNARROWED: Final = 0.3
_ITSELF: Final = 0.3
_LEAST: Final = 0.12
"""The worth below which a family is no more than a name that happens to be alike."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What answers a wish. ``borne_out`` is how many signals speak for each (path, line); ``narrowed`` says
    whether the narrower words are met.
    """

    wish: Sought
    found: tuple[Candidate, ...]
    borne_out: dict[tuple[str, int], int]
    narrowed: bool = True


def choose(wish: Sought, shelf: Shelf, inventory: Inventories, control: Control) -> Choice:
    """Return what there is of it, those alone that its narrower words name where there are any."""
    definitions = Definitions(shelf)
    families = _families(wish, shelf, definitions, inventory, control)
    best = _best(families, wish, shelf, definitions)
    if wish.of_examples and (best is None or best.tier != _CODE):
        # "An example app", where no app is part of the code: an example of the repository.
        wish = Sought(EXAMPLE, EXAMPLE, (), ())
        families = _families(wish, shelf, definitions, inventory, control)
        best = _best(families, wish, shelf, definitions)
    shorter = shortened(wish)
    if shorter is not None and (best is None or not best.narrowed):
        others = _families(shorter, shelf, definitions, inventory, control)
        plain = [each for each in others if each.sort in _PLAIN and len(each.members) > 1]
        nearer = _best(plain, shorter, shelf, definitions)
        # Its file tells of "authentication handlers"; what nothing here speaks of is not here.
        spoken = nearer is not None and any(
            stem(singular(wish.noun)) in _says(each, shelf, _OPENING) for each in nearer.members
        )
        if nearer is not None and spoken and (best is None or nearer.strength > best.strength):
            wish, families, best = shorter, others, nearer
    if best is None:
        return Choice(wish, (), {})
    borne_out = Counter((one.path, one.first) for each in families for one in set(each.members))
    more = kindred(definitions, best.members) if best.sort != "listed" else []
    found = _built_upon(definitions, [*best.members, *more])
    usual = best.sort in _PLAIN and set(wish.said) <= USUAL_WORDS
    return Choice(wish, tuple(found[:MOST]), dict(borne_out), best.narrowed or usual)


def _families(
    wish: Sought, shelf: Shelf, definitions: Definitions, inventory: Inventories, control: Control
) -> list[Family]:
    """Return what is listed of the kind, and what the noun may name where that could be nearer."""
    listed = listed_of(wish.kind, shelf, inventory, control)
    if listed and not wish.narrower:
        return [Family("listed", "", _LISTED, tuple(listed))]
    control.checkpoint()
    return [Family("listed", "", _LISTED, tuple(listed)), *families_of(_noun(wish), definitions)]


def _noun(wish: Sought) -> Noun:
    return Noun(singular(wish.noun), wish.said[-1] if wish.said else "")


def _best(
    families: Sequence[Family], wish: Sought, shelf: Shelf, definitions: Definitions
) -> _Weighed | None:
    """Return the family that is worth the most, if any is worth anything."""
    weighed = [_weighed(each, wish, shelf, definitions) for each in families if each.members]
    best = max(weighed, key=lambda each: each.strength * each.met, default=None)
    return best if best is not None and best.strength >= _LEAST else None


@dataclass(frozen=True, slots=True)
class _Weighed:
    sort: str
    strength: float
    """How sure it is that they are of the kind."""
    met: float
    """How well the narrower words are met."""
    tier: float
    members: tuple[Candidate, ...]
    narrowed: bool


def _weighed(family: Family, wish: Sought, shelf: Shelf, definitions: Definitions) -> _Weighed:
    """Return a family with those alone that count, and what it is worth for this wish."""
    members: Sequence[Candidate] = family.members
    tier = _CODE
    if family.sort != "listed":
        # Before they are narrowed: a test that has the right words in its name is still no example.
        members, tier = _of_best_tier(members, shelf, definitions)
        members = _full(members)
    noun = _noun(wish)
    if family.sort == "type" and all(each.symbol and noun.is_all(each.symbol.name) for each in members):
        # ``Blueprint`` itself is none; one is what is made by calling it.
        tier *= _ITSELF
    narrowed, met = _narrowed(members, family.label, wish, shelf)
    members = narrowed or members
    strength = family.weight * tier * len(members) / (len(members) + _FEW)
    met = met if narrowed else _UNNARROWED
    return _Weighed(family.sort, strength, met, tier, tuple(members), bool(narrowed))


def _of_best_tier(
    members: Sequence[Candidate], shelf: Shelf, definitions: Definitions
) -> tuple[list[Candidate], float]:
    """Return those of the code itself; without any those of examples, then those of tests.

    What is there to be built on is none, where there is anything else.
    """
    marks = [
        shelf.mark(each.symbol.marks) if each.symbol is not None else _mark(each, shelf) for each in members
    ]
    tiers = [
        ([each for each, mark in zip(members, marks, strict=True) if mark == tier], worth)
        for tier, worth in _TIERS.items()
    ]
    found = [each for each in tiers if each[0]]
    bases = foundations(definitions, [each.symbol for each in members if each.symbol is not None])
    for chosen, worth in found:
        rest = [each for each in chosen if (each.path, each.first) not in bases]
        if rest:
            return rest, worth
    return found[0] if found else ([], 0.0)


def _mark(candidate: Candidate, shelf: Shelf) -> str:
    sheet = shelf.sheet(candidate.path)
    return "" if sheet is None else sheet.mark


def _built_upon(definitions: Definitions, members: Sequence[Candidate]) -> list[Candidate]:
    """Return the members without those that are there to be built on, where there are others."""
    bases = foundations(definitions, [each.symbol for each in members if each.symbol is not None])
    rest = [each for each in members if (each.path, each.first) not in bases]
    return rest or list(members)


def _full(members: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Return those that are more than a line or two, unless many are no more."""
    longer = tuple(each for each in members if each.last - each.first + 1 >= _LEAST_LINES)
    return longer if 2 * len(longer) > len(members) else tuple(members)


def _narrowed(
    members: Sequence[Candidate], label: str, wish: Sought, shelf: Shelf
) -> tuple[tuple[Candidate, ...], float]:
    """Return those that the narrower words name, and how well these meet the words, from 0 to 1.

    Without narrower words all are right. Some are named by a word or two, others say them at the top.
    """
    if not wish.narrower:
        return tuple(members), 1.0
    words = set(wish.narrower)
    named = [f"{each.name} {each.path.replace('/', ' ')} {label}" for each in members]
    met = [words & set(stems(each)) for each in named]
    # "acceptance" and "accept" have one stem: where a word itself stands, its stem alone is not enough.
    parts = [set(pieces(each)) for each in named]
    for word, said in zip(wish.narrower, wish.said, strict=True):
        if any(said in each for each in parts):
            met = [own if said in each else own - {word} for own, each in zip(met, parts, strict=True)]
    if not any(met):
        told = tuple(each for each in members if words <= _says(each, shelf))
        return told, 1.0
    kept = tuple(each for each, own in zip(members, met, strict=True) if own)
    whole = [words & (own | _says(each, shelf)) for each, own in zip(members, met, strict=True) if own]
    share = sum(map(len, whole)) / (len(whole) * len(words))
    # Of a family that is for something else, few are left.
    return kept, (0.5 + 0.5 * share) * (0.7 + 0.3 * len(kept) / len(members))


def _says(candidate: Candidate, shelf: Shelf, lines: int = HEAD_LINES) -> set[str]:
    """Return the words that one, or the head of its file, says of itself.

    Result backends are named after where they keep results: that they do, they say in their first line.
    """
    sheet = shelf.sheet(candidate.path)
    head = "" if sheet is None else "\n".join(sheet.lines[:lines])
    doc = "" if candidate.symbol is None else candidate.symbol.doc
    return set(stems(f"{doc} {head}"))
