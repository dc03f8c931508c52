"""What a call is given between its brackets, and which of it tells one call of a function from the next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from indexer.answer.byways import indent
from indexer.index.symbols import FoundSymbol

_OPENING: Final = "([{<"
_CLOSING: Final = ")]}>"
_LINES: Final = 12
"""Lines over which the arguments of a call are read."""
_MOST: Final = 3
"""Calls of one function in one definition that are told apart."""
_FIXED: Final = re.compile(
    r"(?:\w+\s*[=:]\s*)?(?:(?:\w+(?:\.|::))*[A-Z][A-Z0-9_]+|True|False|None|true|false|null|nil|:\w+|-?\d[\w.]*"
    r"|\"[^\"{}]{1,40}\"|'[^'{}]{1,40}')"
)
"""An argument that says by itself what is asked for: a constant, a number, a short text."""


class Standing(Enum):
    """Where a call stands in its statement."""

    ALONE = auto()
    WITHIN = auto()
    OTHER = auto()


_ALONE: Final = re.compile(r"\s*(?:(?:await|yield|yield from|go|defer)\s+)?[\w.$@:>()&*-]*$")
"""What may stand before the name of a call that is a statement of its own."""
_CALLED_ON: Final = re.compile(r"(?:\(\))?\s*(?:\.|->)\s*\w")
"""What is only fetched for what is called on it: `config.middleware.invoke(`."""
_IN_HEAD: Final = re.compile(r"\b(?:if|while|for|switch|elif|return)\b\s*\(?(?:[^()]|(?<!\w)\()*$")
"""Brackets that are no call's."""


@dataclass(frozen=True, slots=True)
class Given:
    """A line that calls a function, and what it gives that the function's other calls there do not."""

    line: int
    told: tuple[str, ...]


def arguments(text: str, name: str) -> list[str] | None:
    """Return what stands between the commas of the brackets behind a name; None where they do not close."""
    start = re.search(rf"\b{re.escape(name)}\s*\(", text)
    if start is None:
        return None
    depth, begun, out = 0, start.end(), list[str]()
    for at in range(start.end(), len(text)):
        sign = text[at]
        if depth == 0 and sign in ",)":
            out.append(text[begun:at].strip())
            begun = at + 1
            if sign == ")":
                return [each for each in out if each]
        depth += (sign in _OPENING) - (sign in _CLOSING)
    return None


def stands(above: str, line: str, name: str) -> Standing:
    """Return where a line has the call of a name: alone, among the arguments of another call, or else."""
    found = re.search(rf"(?<![\w$]){re.escape(name)}\b", line)
    if found is None:
        return Standing.OTHER
    before, behind = line[: found.start()], line[found.end() :]
    if _CALLED_ON.match(behind):
        return Standing.WITHIN
    opened = max(before.count("(") - before.count(")"), before.count("[") - before.count("]"))
    if opened > 0 or above.rstrip().endswith(("(", "[", ",")):
        return Standing.OTHER if _IN_HEAD.search(before) else Standing.WITHIN
    return (
        Standing.ALONE
        if _ALONE.match(before) and not before.lstrip().startswith("return")
        else Standing.OTHER
    )


def told_apart(lines: Sequence[str], caller: FoundSymbol, line: int, name: str) -> list[Given]:
    """Return the calls of a function in its caller from ``line`` on, if fixed arguments tell each from the
    others: a second one with another constant does something else. Empty where nothing does.
    """
    call = re.compile(rf"(?<![\w$]){re.escape(name)}\s*\(")
    made: list[tuple[int, list[str]]] = []
    for at in range(line, min(caller.end_line, len(lines)) + 1):
        text = lines[at - 1]
        if call.search(text) is None or text.lstrip().startswith(("#", "//", "*", "--")):
            continue
        given = arguments("\n".join(lines[at - 1 : at - 1 + _LINES]), name)
        if given is None:
            return []
        made.append((at, [" ".join(each.split()) for each in given if _FIXED.fullmatch(each)]))
    if not 1 < len(made) <= _MOST:
        return []
    shared = set.intersection(*(set(given) for _, given in made))
    found = [Given(at, tuple(each for each in given if each not in shared)) for at, given in made]
    distinct = len({each.told for each in found}) == len(found) and all(each.told for each in found)
    return found if distinct else []


def same_block(lines: Sequence[str], one: int, other: int) -> bool:
    """Return whether two lines run under the same conditions: they stand right below the same head."""
    return _head(lines, one) == _head(lines, other)


def _head(lines: Sequence[str], line: int) -> int:
    depth = indent(lines[line - 1])
    return next(
        (at for at in range(line - 1, 0, -1) if lines[at - 1].strip() and indent(lines[at - 1]) < depth), 0
    )
