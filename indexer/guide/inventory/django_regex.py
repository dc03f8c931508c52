r"""Addresses that are written as regular expressions, as a person reads them: ``^a/(?P<pk>\d+)/$``."""

from __future__ import annotations

import re
from typing import Final

from indexer.shapes.inventory import Parameter

_CONVERTED: Final = re.compile(r"<(?:([^<>:]+):)?(\w+)>")
_NAMED: Final = re.compile(r"\(\?P<(\w+)>")
_ESCAPED: Final = re.compile(r"\\(?=[-./_])")


def address_of(pattern: str) -> str:
    """Return a pattern's address: each group in braces, anchors and escapes gone."""
    out: list[str] = []
    at, unnamed = 0, 0
    text = pattern.removeprefix("^")
    while at < len(text):
        letter = text[at]
        if letter == "\\":
            following = text[at + 1 : at + 2]
            if following not in "AZb":
                out.append(following if following in "-./_" else "{part}")
            at += 2
            at = _past_repeat(text, at) if following not in "-./_AZb" else at
            continue
        if letter == "(":
            end = _closing(text, at)
            inside = text[at:end]
            named = _NAMED.match(inside)
            if inside.startswith(("(?:", "(?i", "(?=", "(?!")):
                out.append(_optional(inside, text[end + 1 : end + 2]))
            else:
                unnamed += named is None
                out.append("{" + (named.group(1) if named is not None else f"part{unnamed}") + "}")
            at = _past_repeat(text, end + 1)
            continue
        if letter == "[":
            end = text.find("]", at + 2)
            out.append("{part}")
            at = _past_repeat(text, (end if end > 0 else len(text)) + 1)
            continue
        if letter not in "$?*+^":
            out.append(letter)
        at += 1
    return "".join(out)


def parameters_of(written: str, *, regex: bool = False) -> tuple[Parameter, ...]:
    """Return the varying parts of a pattern, with what is written of each."""
    if not regex:
        return tuple(Parameter(name, "path", type_ or "str") for type_, name in _CONVERTED.findall(written))
    found = []
    for match in _NAMED.finditer(written):
        end = _closing(written, match.start())
        found.append(Parameter(match.group(1), "path", written[match.end() : end]))
    return tuple(found)


def _optional(inside: str, following: str) -> str:
    body = inside.partition(":")[2]
    return "" if following in ("?", "*") and body else address_of(body)


def _closing(text: str, opens: int) -> int:
    depth, at, in_class = 0, opens, False
    while at < len(text):
        letter = text[at]
        if letter == "\\":
            at += 2
            continue
        if in_class:
            in_class = letter != "]"
        elif letter == "[":
            in_class = True
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if depth == 0:
                return at
        at += 1
    return len(text)


def _past_repeat(text: str, at: int) -> int:
    while at < len(text) and text[at] in "?*+":
        at += 1
    if at < len(text) and text[at] == "{":
        end = text.find("}", at)
        return end + 1 if end > 0 else at
    return at
