"""What is no part of the way that code takes when all goes well: by its name, or by where it is called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_BY_THE_WAY: Final = re.compile(
    r"exception|error|fail|rollback|restor|abort|stop|shutdown|terminat|cleanup|teardown|delet|remov"
    r"|unknown|unexpected|invalid|retry|deprecat|warn|debug|trap|revert|undo|banner|version|repr$|not$|inspect$"
)
"""What happens when something goes wrong, or afterwards: no part of a first walk."""
_PART: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_HANDLER: Final = re.compile(
    r"^\s*(?:\}\s*)?(?:except|catch|rescue|finally|ensure|on\s+error)\b|^\s*if\b.*\berr(?:or)?\s*!=\s*nil\b",
    re.I,
)
"""The head of what runs when something went wrong."""


def is_by_the_way(name: str) -> bool:
    """Whether a name is one of what happens when something goes wrong, or afterwards."""
    return has_part(name, _BY_THE_WAY)


def has_part(name: str, wanted: re.Pattern[str]) -> bool:
    """Whether one of the words that a name is put together from begins with what is wanted."""
    return any(wanted.match(each.lower()) for each in _PART.findall(name))


def in_handler(lines: Sequence[str], first: int, line: int) -> bool:
    """Whether a line, of a definition that begins at ``first``, stands in what runs only when something went
    wrong. Both count from 1.
    """
    if not first <= line <= len(lines):
        return False
    depth = indent(lines[line - 1])
    for at in range(line - 1, first, -1):
        above = lines[at - 1]
        if above.strip() and indent(above) < depth:
            if _HANDLER.match(above):
                return True
            depth = indent(above)
    return False


def is_handler(line: str) -> bool:
    """Whether a line is the head of what runs when something went wrong."""
    return _HANDLER.match(line) is not None


def indent(line: str) -> int:
    """Return how many characters of white space a line begins with."""
    return len(line) - len(line.lstrip())
