"""What examples have in common, and which of them is the most typical."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.guide.examples.candidates import CALLABLE, Candidate, bases_of, text_of
from indexer.guide.examples.shapes import shape_of
from indexer.guide.inventory.sheets import Sheet, Shelf
from indexer.index.standard import is_standard
from indexer.types import FileMark

COMMON: Final = 0.6
"""The share of candidates from which a trait is one of the kind."""
_SHAPED: Final = 0.4
"""The share from which it is told what functions return."""
_CALL: Final = re.compile(r"(?<!func )(?<!def )(?<!function )\b([A-Za-z_]\w{2,})\s*\(")
_OLD: Final = re.compile(r"(?i)\bdeprecat|\blegacy\b|\bobsolete\b|do not use|\bTODO\b.{0,20}remove")
_DECORATOR: Final = re.compile(r"^\s*@([\w.]+)|^\s*\[(\w+)[\](]|^\s*#\[(\w+)")


@dataclass(frozen=True, slots=True)
class Trait:
    """Something that can be said of several: ``sort`` chooses the words."""

    sort: str
    name: str


def shortly(traits: Sequence[Trait]) -> str:
    """Return a few words for what something has: "made from `Base`, defines `count` and `save`"."""
    told = []
    for sort, verb in _VERBS.items():
        names = [each.name for each in traits if each.sort == sort]
        if names:
            told.append(f"{verb} {_listed(names)}")
    return ", ".join(told)


def _listed(names: Sequence[str]) -> str:
    *others, last = (f"`{each}`" for each in names)
    return f"{', '.join(others)} and {last}" if others else last


def said_of(traits: Sequence[Trait], count: int, of: int, noun: str) -> str:
    """Return the sentence that ``count`` of ``of`` have these traits, all of one sort. ``noun`` is plural."""
    who = (
        (f"All {of:,} {noun}" if of > 2 else f"Both {noun}") if count == of else f"{count:,} of {of:,} {noun}"
    )
    names = _listed([each.name for each in traits])
    return {
        "base": f"{who} are made from {names}.",
        "decorator": f"{who} carry {names}.",
        "method": f"{who} define {names}.",
        "path": f"{who} stand in {names}.",
        "folder": f"{who} stand below {names}.",
        "file": f"{who} stand in a file named {names}.",
        "call": f"{who} use {names}.",
        "returns": f"{who} return {names}.",
        "takes": f"{who} take {names}.",
        "ending": f"{who} have a name that ends in {names}.",
        "beginning": f"{who} have a name that begins with {names}.",
    }[traits[0].sort]


_VERBS: Final = {"base": "made from", "decorator": "carries", "method": "defines"}
COUNTED: Final = {
    "base": "what their types are made from",
    "decorator": "what is written above them",
    "method": "the methods that they define",
    "returns": "what they return",
    "takes": "what they take",
    "path": "where they stand",
    "folder": "where they stand",
    "file": "where they stand",
    "call": "what they call",
    "ending": "their names",
    "beginning": "their names",
}
"""What was looked at to count a sort of trait, in the order in which they are told."""
_ORDER: Final = tuple(COUNTED)
_SHOWN: Final = {"base": 2, "decorator": 2, "method": 4, "call": 3, "returns": 2}
_OF_TWO: Final = ("base", "decorator", "method", "returns", "takes")
"""What two may have in common other than by chance."""
_MOST_OF_ALL: Final = 0.4
"""The share of all files from which it tells nothing that things stand below a folder ..."""
_FILLED: Final = 0.25
"""... unless they make up this much of what stands there."""
_USUAL: Final = frozenset(
    [
        "__init__",
        "self",
        "super",
        "str",
        "int",
        "len",
        "print",
        "list",
        "dict",
        "get",
        "set",
        "return",
        "format",
        "join",
        "append",
        "isinstance",
        "getattr",
        "range",
        "constructor",
        "toString",
        "None",
        "True",
        "False",
        "log",
        "info",
        "debug",
        "error",
        "assert",
        "if",
        "for",
        "while",
        "switch",
        "catch",
        "func",
        "function",
        "elif",
        "with",
        "and",
        "not",
        "require",
    ]
)


@dataclass(frozen=True, slots=True)
class Traits:
    """The traits of each candidate, and how many have each."""

    of: tuple[frozenset[Trait], ...]
    counts: Counter[Trait]

    @property
    def usual(self) -> frozenset[Trait]:
        """Those that most have."""
        return frozenset(each for each, count in self.counts.items() if count >= COMMON * len(self.of))

    def telling(self) -> list[Trait]:
        """Return the traits that most have and that can be said in a few words."""
        found = [
            each
            for each, count in self.counts.items()
            if each.sort in _VERBS and count >= COMMON * len(self.of)
        ]
        return sorted(found, key=lambda each: (_ORDER.index(each.sort), -self.counts[each], each.name))

    def _least(self, trait: Trait) -> float:
        # Two shapes are often at home side by side: a middleware, and what makes one.
        return max(2, (_SHAPED if trait.sort == "returns" else COMMON) * len(self.of))

    def _files(self, trait: Trait) -> int:
        paths = (each.name for own in self.of if trait in own for each in own if each.sort == "path")
        return len(set(paths))

    def common(self, shelf: Shelf) -> list[tuple[Trait, int]]:
        """Return the traits that most have, those that tell the most first."""
        found = [(trait, count) for trait, count in self.counts.items() if count >= self._least(trait)]
        found = [each for each in found if each[0].sort in (_ORDER if len(self.of) > 2 else _OF_TWO)]
        # Of folders that equally many stand below, the longest tells the most.
        found.sort(key=lambda each: (_ORDER.index(each[0].sort), -each[1], -_depth(each[0]), each[0].name))
        kept: Counter[str] = Counter()
        out = []
        for trait, count in found:
            if kept[trait.sort] >= _SHOWN.get(trait.sort, 1) or not _tells(
                trait, shelf, kept, self._files(trait)
            ):
                continue
            kept[trait.sort] += 1
            out.append((trait, count))
        return out


def _tells(trait: Trait, shelf: Shelf, before: Counter[str], files: int) -> bool:
    """Say whether a trait tells a reader something that the rest of the repository does not have as well.

    ``before`` counts the sorts that are told already; ``files`` is how many files have the trait.
    """
    if trait.sort == "file":
        return not before["path"]
    if trait.sort == "folder":
        below, everywhere = _below(trait.name, shelf)
        return not before["path"] and (below < _MOST_OF_ALL * everywhere or files >= _FILLED * below)
    if trait.sort == "call":
        return not is_standard(trait.name) and _is_defined(trait.name, shelf)
    return True


def _below(folder: str, shelf: Shelf) -> tuple[int, int]:
    """Return how many files of code stand below a folder, and how many there are."""
    row = shelf.reader.execute(
        "SELECT sum(substr(p.shown, 1, ?) = ?), count(*) FROM entry e JOIN path p ON p.id = e.path_id"
        " WHERE e.marks & ? = 0 AND EXISTS (SELECT 1 FROM symbol s WHERE s.blob_id = e.blob_id)",
        (len(folder), folder, int(FileMark.TEST | FileMark.DOCUMENTATION)),
    ).fetchone()
    return row[0] or 0, row[1]


def _is_defined(name: str, shelf: Shelf) -> bool:
    rows = shelf.reader.execute(
        "SELECT s.name FROM symbol s JOIN entry e ON e.blob_id = s.blob_id WHERE s.name = ?"
        " AND s.kind IN ('class', 'struct', 'function', 'method', 'type') LIMIT 20",
        (name,),
    )
    return any(found == name for (found,) in rows)


def _depth(trait: Trait) -> int:
    return trait.name.count("/") if trait.sort == "folder" else 0


def traits_of(shelf: Shelf, candidates: Sequence[Candidate], noun: str) -> Traits:
    """Return the traits of all candidates of a kind."""
    found = []
    for each in candidates:
        sheet = shelf.sheet(each.path)
        found.append(frozenset() if sheet is None else frozenset(_traits(sheet, each, noun)))
    return Traits(tuple(found), Counter(trait for each in found for trait in each))


def is_old(sheet: Sheet, candidate: Candidate) -> bool:
    """Say whether a candidate calls itself deprecated, or stands where old code does."""
    head = "\n".join(text_of(sheet, candidate)[:12])
    return bool(_OLD.search(head)) or bool(
        re.search(r"(?i)(?:^|[/_])(?:legacy|deprecated|old)(?:[/_.]|$)", sheet.path)
    )


def _traits(sheet: Sheet, candidate: Candidate, noun: str) -> set[Trait]:
    found = set[Trait]()
    folder, _, file = candidate.path.rpartition("/")
    found |= {Trait("path", candidate.path), Trait("file", file)}
    parts = folder.split("/")
    for depth in range(1, len(parts) + 1):
        found.add(Trait("folder", "/".join(parts[:depth]) + "/"))
    symbol = candidate.symbol
    lines = text_of(sheet, candidate)
    above = 8 if symbol is None else symbol.name_line - candidate.first + 1
    for line in lines[:above]:
        decorator = _DECORATOR.match(line)
        if decorator is not None:
            word = next(group for group in decorator.groups() if group)
            found.add(Trait("decorator", f"@{word}" if line.lstrip().startswith("@") else f"[{word}]"))
    text = "\n".join(lines[:200])
    for name in set(_CALL.findall(text)) - _USUAL:
        found.add(Trait("call", name))
    if symbol is not None:
        found |= {Trait("base", each) for each in bases_of(symbol)}
        if symbol.kind in CALLABLE:
            sort, *what = shape_of(symbol)
            # One name that is taken is seldom telling: every test of Go takes a ``t``.
            if sort == "returns" or len(what) > 1:
                found.add(Trait(sort, ", ".join(what)))
        if symbol.kind not in CALLABLE:
            inside = [each for each in sheet.definitions if each.parent == symbol.qualified]
            methods = {each.name for each in inside if each.kind in CALLABLE}
            found |= {Trait("method", each) for each in methods - _USUAL}
            # What is defined is not also used.
            found = {
                each for each in found if each.sort != "call" or each.name not in methods | {symbol.name}
            }
        words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", symbol.name)
        if len(words) > 1:
            last = symbol.name[-len(noun) :] if symbol.name.lower().endswith(noun) else words[-1]
            named = ("beginning", words[0]) if symbol.kind in CALLABLE else ("ending", last)
            found.add(Trait(*named))
    # What is told as a decorator is not told as a call once more.
    above_it = {re.split(r"[.:]", each.name.strip("@[]"))[-1] for each in found if each.sort == "decorator"}
    found = {each for each in found if each.sort != "call" or each.name not in above_it}
    # Nearly everything stands below the top folder: that tells nothing.
    return {each for each in found if each.sort != "folder" or each.name.count("/") > 1}
