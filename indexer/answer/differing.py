"""What tells two definitions apart, read from their bodies: what only one calls, lists, sets or takes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.answer.ends import comment_at
from indexer.answer.given import arguments
from indexer.answer.inquiry import Inquiry, listed, listed_first
from indexer.answer.naming import RUNS
from indexer.index.symbols import FoundSymbol, bases, definitions_in
from indexer.types import Section, SymbolKind

_LONGEST: Final = 120
"""Lines of a body that are compared; a longer one is seldom another version of its like."""
_TOLD: Final = 7
"""Things that only one side has and that are told; of more it is said how many there are."""
_DIFFER: Final = 9
"""Members that each of two types has alone from which no list of them tells the two apart."""
_LIST: Final = 5
"""Fixed arguments from which a call hands over a list, of which what is missing on the other side is told."""
_LISTED: Final = 24
_SHARED: Final = 6
_NOTES: Final = 4
_WORDS: Final = 5
"""Comments of one body alone that are told, and their words at least."""
_LONG: Final = 80
"""Characters of a call that is told with what it is given."""
_HELD: Final = 0.15
"""Share of all that both do which two bodies must have in common, to be compared line by line."""
_CALL: Final = re.compile(r"(?<![\w$])(?P<on>(?:[\w$@]+(?:\.|->|::))*)(?P<name>[A-Za-z_$][\w$]*[?!]?)\s*\(")
_NO_CALL: Final = frozenset(
    ("if", "for", "while", "switch", "catch", "return", "function", "def", "typeof", "elif", "and", "or",
     "not", "in", "with", "except", "assert", "func", "fn", "unless", "foreach", "sizeof", "super", "await",
     "new", "isinstance", "len", "str", "int", "range", "list", "dict", "set", "String", "Number")
)  # fmt: skip
"""What stands before a bracket and is no call, or one that tells nothing of what a body does."""
_NO_CALL_BEHIND: Final = re.compile(r"(?:\bnew|\bfunction|['\"])\s*$")
_FIXED: Final = re.compile(r"\"[^\"\\\n]{1,60}\"|'[^'\\\n]{1,60}'|[A-Z][A-Z0-9_]+")
"""A text, or a constant by its name."""
_BELOW: Final = 12
"""Lines over which the arguments of a call are read."""
_SET: Final = re.compile(r"(?<![\w.])(?:self|this)(?:\.|->)(\w+)\s*=(?!=)|(?<![\w@])@(\w+)\s*=(?!=)")
_BEHIND: Final = re.compile(r"\S.*?[;,)\]}]\s+(?://|#)\s+(?P<said>[A-Za-z].{8,})$")
_MEMBERS: Final = frozenset(
    (SymbolKind.METHOD, SymbolKind.FUNCTION, SymbolKind.FIELD, SymbolKind.PROPERTY, SymbolKind.CONSTANT)
)


@dataclass(frozen=True, slots=True)
class _Deed:
    """Something that a body does at a line: ``shown`` as it is told, ``fixed`` what it hands over."""

    line: int
    name: str
    shown: str
    fixed: tuple[str, ...]


def say_differences(inquiry: Inquiry, one: FoundSymbol, other: FoundSymbol) -> int:
    """Tell what only the one definition does or lists, then what only the other, then what both do. Return
    how many sentences told a difference; none where the two have nothing in common to be compared by.
    """
    if one.kind in RUNS and other.kind in RUNS:
        return _say_bodies(inquiry, one, other)
    if one.kind not in RUNS and other.kind not in RUNS:
        return _say_members(inquiry, one, other)
    return 0


def _say_bodies(inquiry: Inquiry, one: FoundSymbol, other: FoundSymbol) -> int:
    sides = (one, other)
    bodies = [_body(inquiry, each) for each in sides]
    if any(not body or len(body) > _LONGEST for body in bodies):
        return 0
    deeds = [list(_deeds(body)) for body in bodies]
    names = [{each.name for each in of} for of in deeds]
    keys = [{(each.name, each.fixed) for each in of} for of in deeds]
    both = names[0] & names[1]
    # Whoever hands on to the other does all of what that does.
    calls = [sides[1 - at].name in names[at] for at in (0, 1)]
    if not any(calls) and len(both) < _HELD * len(names[0] | names[1]):
        return 0
    told = 0
    for at, symbol in enumerate(sides):
        mine, theirs = deeds[at], deeds[1 - at]
        if calls[1 - at]:
            continue  # the other side does all of this by calling it
        lists = list(_lists(mine, theirs)) if not calls[at] else []
        listing = {each.line for each, _ in lists}
        told += sum(_say_list(inquiry, symbol, sides[1 - at], each, more) for each, more in lists)
        alone = [
            each
            for each in mine
            if (each.name, each.fixed) not in keys[1 - at]
            and each.line not in listing
            and (each.fixed or each.name not in names[1 - at])
            and not _is_list_of_both(each, theirs)
            and each.name != sides[1 - at].name
        ]
        told += _say_alone(inquiry, symbol, list({each.shown: each for each in reversed(alone)}.values()))
        told += _say_notes(inquiry, symbol, sides[1 - at], alone)
        told += _say_sets(inquiry, symbol, bodies[at], bodies[1 - at])
        told += _say_calls_other(inquiry, symbol, sides[1 - at], mine) if calls[at] else 0
    if told:
        _say_shared(inquiry, sides, deeds)
    return told


def _lists(mine: Sequence[_Deed], theirs: Sequence[_Deed]) -> Iterator[tuple[_Deed, list[str]]]:
    """Yield calls that hand over more of a list than the other side's call of the same function: the list of
    all that the function is given once, or that of one key.
    """
    for each in mine:
        like = _like(each, theirs)
        if like is not None:
            more = [text for text in each.fixed if text not in like.fixed]
            if more:
                yield each, more


def _is_list_of_both(each: _Deed, theirs: Sequence[_Deed]) -> bool:
    return _like(each, theirs) is not None


def _like(each: _Deed, theirs: Sequence[_Deed]) -> _Deed | None:
    """Return the call of the other side that hands over the same list: a long one of the same function, or
    one that begins with the same key.
    """
    same = [other for other in theirs if other.name == each.name]
    keyed = [other for other in same if other.fixed[:1] == each.fixed[:1] != ()]
    long = [other for other in same if min(len(other.fixed), len(each.fixed)) >= _LIST]
    if len(each.fixed) > 1 and len(keyed) == 1 and keyed[0].fixed != each.fixed:
        # Of a setting that is given another value the whole call says more than the value.
        return keyed[0] if len(keyed[0].fixed) > 1 and set(keyed[0].fixed[1:]) & set(each.fixed[1:]) else None
    return long[0] if len(long) == 1 and long[0].fixed != each.fixed else None


def _say_list(
    inquiry: Inquiry, symbol: FoundSymbol, other: FoundSymbol, deed: _Deed, more: Sequence[str]
) -> int:
    shown = [f"`{text.strip(_QUOTES)}`" for text in more[:_LISTED]]
    rest = f" and {len(more) - _LISTED} more" if len(more) > _LISTED else ""
    key = f"({deed.fixed[0]}, …)" if len(deed.fixed) - len(more) == 1 or len(deed.fixed) < _LIST else ""
    last = _end_of(inquiry, symbol, deed)
    return int(
        inquiry.page.tell(
            Section.WHAT,
            f"`{symbol.qualified}` gives to `{deed.name}{key}` what `{other.qualified}` does not:"
            f" {listed(shown) if not rest else ', '.join(shown) + rest}.",
            [inquiry.page.sources.span(symbol.path, deed.line, last)],
        )
    )


_QUOTES: Final = "\"'"


def _say_alone(inquiry: Inquiry, symbol: FoundSymbol, alone: Sequence[_Deed]) -> int:
    if not alone:
        return 0
    lines = _lines(inquiry, symbol)
    # What has something fixed about it tells more than a bare name.
    chosen = sorted(sorted(alone, key=lambda each: not each.fixed)[:_TOLD], key=lambda each: each.line)
    shown, cited = [], []
    for each in chosen:
        said, at = _comment(lines, symbol, each.line)
        shown.append(f"`{each.shown}` (line {each.line}{f', “{said}”' if said else ''})")
        cited.append(inquiry.page.sources.span(symbol.path, each.line, each.line))
        cited += [inquiry.page.sources.span(symbol.path, at, at)] if at != each.line else []
    rest = len(alone) - len(chosen)
    more = f"; and {rest} more" if rest else ""
    told = f"Only `{symbol.qualified}` calls {'; '.join(shown)}{more}."
    return int(inquiry.page.tell(Section.WHAT, told, cited))


def _say_notes(inquiry: Inquiry, symbol: FoundSymbol, other: FoundSymbol, alone: Sequence[_Deed]) -> int:
    """Tell what only the comments of one body say, beside those that stand with a call that was told."""
    said = {comment_at(_lines(inquiry, other), at) for at in range(other.name_line, other.end_line + 1)}
    lines = _lines(inquiry, symbol)
    known = {_comment(lines, symbol, each.line)[1] for each in alone}
    notes = [
        (at, text)
        for at in range(symbol.name_line + 1, symbol.end_line + 1)
        if (text := comment_at(lines, at)) not in said and at not in known and len(text.split()) >= _WORDS
    ][:_NOTES]
    if not notes:
        return 0
    shown = "; ".join(f"“{text}” (line {at})" for at, text in notes)
    cited = [inquiry.page.sources.span(symbol.path, at, at) for at, _ in notes]
    return int(inquiry.page.tell(Section.WHAT, f"Only `{symbol.qualified}` notes {shown}.", cited))


def _say_sets(
    inquiry: Inquiry, symbol: FoundSymbol, mine: Mapping[int, str], theirs: Mapping[int, str]
) -> int:
    own = {name: at for at, line in reversed(list(mine.items())) for name in _set_in(line)}
    others = {name for line in theirs.values() for name in _set_in(line)}
    only = sorted((at, name) for name, at in own.items() if name not in others)[:_TOLD]
    if not only:
        return 0
    shown = listed([f"`{name}` (line {at})" for at, name in only])
    cited = [inquiry.page.sources.span(symbol.path, at, at) for at, _ in only]
    return int(inquiry.page.tell(Section.WHAT, f"Only `{symbol.qualified}` sets {shown}.", cited))


def _set_in(line: str) -> list[str]:
    return [one or other for one, other in _SET.findall(line)]


def _say_calls_other(inquiry: Inquiry, symbol: FoundSymbol, other: FoundSymbol, mine: Sequence[_Deed]) -> int:
    line = next(each.line for each in mine if each.name == other.name)
    told = f"`{symbol.qualified}` calls `{other.qualified}` itself (line {line})."
    return int(inquiry.page.tell(Section.WHAT, told, [inquiry.page.sources.span(symbol.path, line, line)]))


def _say_shared(inquiry: Inquiry, sides: Sequence[FoundSymbol], deeds: Sequence[Sequence[_Deed]]) -> None:
    """Tell in one sentence what both do in the same manner."""
    others = {(each.name, each.fixed): each for each in deeds[1]}
    both = [(each, like) for each in deeds[0] if (like := others.get((each.name, each.fixed))) is not None]
    both = list({each.shown: (each, like) for each, like in both}.values())[:_SHARED]
    if not both:
        return
    shown = listed([f"`{each.shown if each.shown == like.shown else each.name}`" for each, like in both])
    cited = [
        inquiry.page.sources.span(symbol.path, deed.line, deed.line)
        for pair in both
        for symbol, deed in zip(sides, pair, strict=True)
    ]
    inquiry.page.tell(Section.WHAT, f"Both call {shown}.", cited)


def _say_members(inquiry: Inquiry, one: FoundSymbol, other: FoundSymbol) -> int:
    """Tell which members only the one and only the other class has, where both have some in common."""
    members = [_members(inquiry, each) for each in (one, other)]
    both = members[0].keys() & members[1].keys()
    built = [other.name in bases(inquiry.reader, one), one.name in bases(inquiry.reader, other)]
    if not both and not any(built):
        return 0
    alone = [len(members[at].keys() - members[1 - at].keys()) for at in (0, 1)]
    if not any(built) and min(alone) > _DIFFER:
        return 0  # they have different parts, and what each is for tells more than their lists
    told = 0
    pairs = (
        (one, members[0], members[1], built[0], built[1]),
        (other, members[1], members[0], built[1], built[0]),
    )
    for symbol, own, others, builds, is_base in pairs:
        only = sorted((own[name] for name in own.keys() - others.keys()), key=lambda each: each.name_line)
        if is_base or not (only or builds):
            continue  # what is built on it has all that it has
        names = [f"`{each.name}` (line {each.name_line})" for each in only]
        shown = listed_first(names, _TOLD)
        cited = [inquiry.signature(each) for each in only[:_TOLD]]
        if builds:
            base = other if symbol is one else one
            adds = f", and adds {shown}" if only else ""
            text = f"`{symbol.qualified}` is built on `{base.qualified}`, and has all that it has{adds}."
            cited = [inquiry.signature(symbol), inquiry.signature(base), *cited]
        else:
            text = f"Only `{symbol.qualified}` has {shown}."
        told += inquiry.page.tell(Section.WHAT, text, cited)
    if told and both and not any(built):
        shared = sorted(both, key=lambda name: members[0][name].name_line)[:_SHARED]
        cited = [inquiry.signature(of[name]) for name in shared for of in members]
        inquiry.page.tell(Section.WHAT, f"Both have {listed([f'`{name}`' for name in shared])}.", cited)
    return told


def _members(inquiry: Inquiry, symbol: FoundSymbol) -> dict[str, FoundSymbol]:
    return {
        each.name: each
        for each in reversed(definitions_in(inquiry.reader, symbol.path_id))
        if each.parent == symbol.qualified
        and each.kind in _MEMBERS
        and not each.name.startswith("_")
        and each.name != symbol.name
    }


def _body(inquiry: Inquiry, symbol: FoundSymbol) -> dict[int, str]:
    """Return the lines of a body by their numbers, without its head, its comments and its docstring."""
    out: dict[int, str] = {}
    quoted = False
    for at, line in enumerate(
        _lines(inquiry, symbol)[symbol.name_line : symbol.end_line], symbol.name_line + 1
    ):
        marks = line.count('"""') + line.count("'''")
        if not quoted and not marks and not line.lstrip().startswith(("#", "//", "*", "/*", "--")):
            out[at] = line
        quoted = quoted != bool(marks % 2)
    return out


def _deeds(body: Mapping[int, str]) -> Iterator[_Deed]:
    """Yield the calls of a body with the texts and constants that they are given."""
    numbers = list(body)
    for place, at in enumerate(numbers):
        below = [body[number] for number in numbers[place + 1 : place + _BELOW]]
        for found in _CALL.finditer(body[at]):
            bare = found["name"] in _NO_CALL and not found["on"]
            if bare or _NO_CALL_BEHIND.search(body[at][: found.start()]):
                continue
            rest = "\n".join([body[at][found.start("name") :], *below])
            given = [" ".join(each.split()) for each in arguments(rest, found["name"]) or ()]
            fixed = tuple(each for each in given if _FIXED.fullmatch(each))
            whole = f"{found['on']}{found['name']}({', '.join(given)})"
            shown = whole if len(whole) <= _LONG else f"{found['on']}{found['name']}"
            yield _Deed(at, found["name"], shown.strip("."), fixed)


def _end_of(inquiry: Inquiry, symbol: FoundSymbol, deed: _Deed) -> int:
    """Return the last line of what a call is given."""
    lines = _lines(inquiry, symbol)
    last = deed.fixed[-1]
    end = min(symbol.end_line, deed.line + 12)
    return next((at for at in range(deed.line, end + 1) if last in lines[at - 1]), deed.line)


def _comment(lines: Sequence[str], symbol: FoundSymbol, line: int) -> tuple[str, int]:
    """Return the comment behind a line or on the one above, with its line; empty where there is none."""
    behind = _BEHIND.search(lines[line - 1])
    if behind is not None:
        return behind["said"].strip(), line
    above = comment_at(lines, line - 1) if line - 1 > symbol.name_line else ""
    return above, line - 1 if above else line


def _lines(inquiry: Inquiry, symbol: FoundSymbol) -> Sequence[str]:
    source = inquiry.page.sources.file(symbol.path)
    return () if source is None else source.lines
