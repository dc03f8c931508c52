"""What package or namespace a file says it is of, and whether one was made of another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

HEAD_LINES: Final = 80
"""Within which a file names its package."""

_PACKAGE: Final = re.compile(r"^\s*(?:package|namespace)\s+([\w.\\]+)")

_SHARED: Final = frozenset(("System", "Microsoft", "Windows"))
"""What the namespaces of many begin with."""


def namespace_of(lines: Sequence[str]) -> str:
    """Return the package that a file is of, its parts with dots between them; empty where it tells none."""
    match = next((match for line in lines[:HEAD_LINES] if (match := _PACKAGE.match(line))), None)
    return match[1].replace("\\", ".") if match else ""


def akin(told: str, own: str) -> bool:
    """Return whether a type of one namespace may be in another now: both begin with what is one project's."""
    one, other = told.split("."), own.split(".")
    shared = 2 if one[0] in _SHARED else 1
    return bool(told) and one[:shared] == other[:shared]


def declares_type(lines: Sequence[str], module: str, name: str) -> bool:
    """Return whether a text of C# has a type of a name, in a namespace or in one that was made of it."""
    head = re.compile(rf"\b(?:class|struct|interface|record)\s+{re.escape(name)}\b")
    return akin(module, namespace_of(lines)) and any(map(head.search, lines))
