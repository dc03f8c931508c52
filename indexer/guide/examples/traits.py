"""What examples have in common, and which of them is the most typical."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.guide.examples.candidates import Candidate, bases_of, text_of
from indexer.guide.inventory.sheets import Sheet, Shelf
from indexer.types import SymbolKind

COMMON: Final = 0.6
"""The share of candidates from which a trait is one of the kind."""
_OLD: Final = re.compile(r"(?i)\bdeprecat|\blegacy\b|\bobsolete\b|do not use|\bTODO\b.{0,20}remove")
_DECORATOR: Final = re.compile(r"^\s*@([\w.]+)|^\s*\[(\w+)[\](]|^\s*#\[(\w+)")


@dataclass(frozen=True, slots=True)
class Trait:
    """Something that can be said of several: ``sort`` chooses the words."""

    sort: str
    name: str

    def said(self, count: int, of: int, noun: str) -> str:
        """Return the sentence, for ``count`` of ``of``."""
        who = f"All {of:,} {noun}" if count == of else f"{count:,} of {of:,} {noun}"
        return {
            "base": f"{who} are made from `{self.name}`.",
            "decorator": f"{who} carry `{self.name}`.",
            "method": f"{who} define `{self.name}`.",
            "folder": f"{who} stand below `{self.name}`.",
            "file": f"{who} stand in a file named `{self.name}`.",
            "doc": f"{who} say what they are for in a docstring or a comment above.",
            "call": f"{who} use `{self.name}`.",
            "ending": f"{who} have a name that ends in `{self.name}`.",
            "beginning": f"{who} have a name that begins with `{self.name}`.",
        }[self.sort]


_ORDER: Final = ("base", "decorator", "method", "call", "folder", "file", "ending", "beginning", "doc")
_SHOWN: Final = {"base": 2, "decorator": 2, "method": 4, "call": 3}
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
    ]
)


@dataclass(frozen=True, slots=True)
class Traits:
    """The traits of each candidate, and how many have each."""

    of: tuple[frozenset[Trait], ...]
    counts: Counter[Trait]

    def typical(self, index: int) -> float:
        """Return how much of what most have one candidate has, from 0 to 1."""
        usual = [each for each, count in self.counts.items() if count >= COMMON * len(self.of)]
        return sum(each in self.of[index] for each in usual) / len(usual) if usual else 0.5

    def common(self) -> list[tuple[Trait, int]]:
        """Return the traits that most have, those that tell the most first."""
        least = max(2, COMMON * len(self.of))
        found = [(trait, count) for trait, count in self.counts.items() if count >= least]
        # Of folders that equally many stand below, the longest tells the most.
        found.sort(key=lambda each: (_ORDER.index(each[0].sort), -each[1], -_depth(each[0]), each[0].name))
        kept: Counter[str] = Counter()
        out = []
        for trait, count in found:
            kept[trait.sort] += 1
            if kept[trait.sort] <= _SHOWN.get(trait.sort, 1):
                out.append((trait, count))
        return out


def _depth(trait: Trait) -> int:
    return trait.name.count("/") if trait.sort == "folder" else 0


def traits_of(shelf: Shelf, candidates: Sequence[Candidate]) -> Traits:
    """Return the traits of all candidates."""
    found = []
    for each in candidates:
        sheet = shelf.sheet(each.path)
        found.append(frozenset() if sheet is None else frozenset(_traits(sheet, each)))
    return Traits(tuple(found), Counter(trait for each in found for trait in each))


def is_old(sheet: Sheet, candidate: Candidate) -> bool:
    """Say whether a candidate calls itself deprecated, or stands where old code does."""
    head = "\n".join(text_of(sheet, candidate)[:12])
    return bool(_OLD.search(head)) or bool(
        re.search(r"(?i)(?:^|[/_])(?:legacy|deprecated|old)(?:[/_.]|$)", sheet.path)
    )


def _traits(sheet: Sheet, candidate: Candidate) -> set[Trait]:
    found = set[Trait]()
    folder, _, file = candidate.path.rpartition("/")
    found.add(Trait("file", file))
    parts = folder.split("/")
    for depth in range(1, len(parts) + 1):
        found.add(Trait("folder", "/".join(parts[:depth]) + "/"))
    symbol = candidate.symbol
    lines = text_of(sheet, candidate)
    for line in lines[:8]:
        decorator = _DECORATOR.match(line)
        if decorator is not None:
            word = next(group for group in decorator.groups() if group)
            found.add(Trait("decorator", f"@{word}" if line.lstrip().startswith("@") else f"[{word}]"))
    text = "\n".join(lines[:200])
    for name in set(re.findall(r"\b([A-Za-z_]\w{2,})\s*\(", text)) - _USUAL:
        found.add(Trait("call", name))
    if symbol is not None:
        if symbol.doc:
            found.add(Trait("doc", "doc"))
        found |= {Trait("base", each) for each in bases_of(symbol)}
        if symbol.kind not in (SymbolKind.FUNCTION, SymbolKind.METHOD):
            inside = [each for each in sheet.definitions if each.parent == symbol.qualified]
            methods = {each.name for each in inside if each.kind in (SymbolKind.METHOD, SymbolKind.FUNCTION)}
            found |= {Trait("method", each) for each in methods - _USUAL}
            # What is defined is not also used.
            found = {
                each for each in found if each.sort != "call" or each.name not in methods | {symbol.name}
            }
        words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", symbol.name)
        if len(words) > 1:
            found |= {Trait("ending", words[-1]), Trait("beginning", words[0])}
    # Nearly everything stands below the top folder: that tells nothing.
    return {each for each in found if each.sort != "folder" or each.name.count("/") > 1}
