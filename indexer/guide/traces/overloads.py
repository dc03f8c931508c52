"""Which of several definitions of one name a frame means, by what it says the function is given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from indexer.index.symbols import FoundSymbol

_IDLE: Final = frozenset(("const", "volatile", "struct", "class", "enum", "unsigned", "signed", "ref", "out"))


def with_bodies(alike: Sequence[FoundSymbol]) -> list[FoundSymbol]:
    """Return those of several definitions that are no mere declarations; all, where each is one."""
    return [each for each in alike if not each.signature.rstrip().endswith(";")] or list(alike)


def fitting_parameters(alike: Sequence[FoundSymbol], told: Sequence[str] | None) -> list[FoundSymbol]:
    """Return those of several definitions whose parameters are what a frame tells: by their words, else by
    their number; all, where none has as many.
    """
    if told is None or len(alike) < 2:
        return list(alike)
    several = [(each, parameters(each.signature)) for each in alike]
    as_many = [(each, own) for each, own in several if own is not None and len(own) == len(told)]
    exact = [
        each
        for each, own in as_many
        if all(_words(one) <= _words(other) for one, other in zip(told, own, strict=True))
    ]
    return exact or [each for each, _ in as_many] or list(alike)


def as_generic(alike: Sequence[FoundSymbol], *, generic: bool) -> list[FoundSymbol]:
    """Return those of several methods of C# that have types of their own, or have none; all, if none fits."""
    fitting = [each for each in alike if (f"{each.name}<" in each.signature) is generic]
    return fitting or list(alike)


def parameters(signature: str) -> list[str] | None:
    """Return the parameters of a function as its head has them; None where it shows none."""
    begun = signature.find("(")
    if begun < 0:
        return None
    found, depth, last = [], 0, begun + 1
    for at in range(begun, len(signature)):
        sign = signature[at]
        if sign in "([{<":
            depth += 1
        elif sign in ")]}" or (sign == ">" and signature[at - 1] not in "-="):
            depth -= 1
        if (sign == "," and depth == 1) or depth == 0:
            found.append(signature[last:at])
            last = at + 1
        if depth == 0:
            break
    else:
        return None  # cut off
    return [each for each in (part.partition("=")[0].strip() for part in found) if each not in ("", "void")]


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[A-Za-z_]\w*", text) if word not in _IDLE}
