"""What can be read aloud: sentences that are no pragma, licence, log line or piece of code."""

from __future__ import annotations

import re
from typing import Final

CHANGE_LOG: Final = re.compile(
    r"(?:^|/)(?:change|history|news|release|whatsnew|upgrad)[^/]*(?:/|\.|$)"
    r"|[-_](?:changes|changelog|history|release[-_]notes|upgrad(?:e|ing))\.\w+$",
    re.I,
)
"""Of `Pro-Changes.md` too, which another edition keeps beside it."""

_HEADER: Final = re.compile(
    r"^(?:program|application|type|author|date[ -]\w+|system|version|module|ver|file|installation)\s*:", re.I
)
"""A line of the header that legacy programs begin with, which names and dates, and tells nothing."""
_NOISE: Final = re.compile(
    r"^(?:pylint|noqa|pragma:|XXX\b.{0,12}$|type: ignore|Copyright|Licensed|SPDX|eslint|TODO\b.{0,12}$)", re.I
)
_UNREADABLE: Final = re.compile(
    r"^from \S+ import\b|^import [\w.]+;?$"
    r"|[{}\\]{2,}|\[(?:INFO|WARN|DEBUG|ERROR)|(?:=\s?\S+,\s?){3,}|^\S+$|\bdef \w+\(|^(?:>>>|[$@#>])"
    r"|\w\(.*\)\s*[:{]$"
    r"|(?:\b[\w:-]+=\"[^\"]*\"\s*){2,}|^(?://|/\*|\*/|--\s)|\s//\s|(?:\w\([^()]*\) == ?[^=]|\w\([^()]*\) = )"
)
_PARAMETER: Final = re.compile(
    r"^\*{0,2}\w+ \([^)]*\): |^(?:Arguments|Args|Parameters|See [Aa]lso)\b"
    # "Returns the handle of a path" is a sentence; "Returns: str" and "Returns out : array" head a list.
    r"|^(?:Returns|Raises|Example)\b"
    r"(?!\s+(?:the|an?|all|any|true|false|whether|its|this|that|each|every|one|if|how)\b)"
)
_FRAGMENT: Final = re.compile(r"^(?:the|an?|its|their)(?: [\w`.-]+){1,5}\.?$")
"""What a parameter is said to be: ``the parent context if available.``"""
_CODE_SIGNS: Final = re.compile(r"[(){}\[\]=;<>|\\$]")
_CODE_SHARE: Final = 0.09
"""Share of such signs, names in backquotes left out, from which a "sentence" is code."""


def is_readable(text: str) -> bool:
    """Return whether a sentence is one: no pragma, licence, log line or piece of code."""
    if _NOISE.match(text) or _HEADER.match(text) or _UNREADABLE.search(text) or _PARAMETER.match(text):
        return False
    if _FRAGMENT.match(text):
        return False
    bare = re.sub(r"`[^`]*`", "", text)
    return len(_CODE_SIGNS.findall(bare)) <= 1 + _CODE_SHARE * len(bare)


def is_told(text: str) -> bool:
    """Return whether a sentence is a whole one of prose, which can stand at the head of an answer."""
    whole = text[:1].isupper() or text[:1] in '`"“'
    return whole and text.endswith((".", "!")) and is_readable(text) and " = " not in text
