"""One thing that an engine can be asked: what a method of the protocol is, whoever defines it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

P = TypeVar("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Nothing:
    """The parameters, or the result, of a method that has none."""


@dataclass(frozen=True, slots=True)
class Method(Generic[P, R]):
    """One thing that an engine can be asked. ``repeatable``: asking twice does no harm, so a
    client may ask again when the engine was lost before it answered.
    """

    name: str
    params: type[P]
    result: type[R]
    repeatable: bool = True
