"""Take the plain text out of a comment or docstring of any language."""

from __future__ import annotations

import re
from inspect import cleandoc
from typing import Final

_READ: Final = 6_000
"""Characters of a comment that are read; the rest of such a long one is no summary."""
_QUOTES: Final = re.compile(r'^(?:[rRuUbBfF]{0,2})("""|\'\'\'|"|\')(.*?)\1?$', re.DOTALL)
_OPENING: Final = re.compile(
    r"^\s*(?:/\*+!?|<!--+|\(\*+|\{-+\|?|<#|--\[=*\[|=begin\b.*|=(?:pod|head\d|item)\b.*|\"\"\"|%\{)"
)
_CLOSING: Final = re.compile(r"(?:\*+/|--+>|\*+\)|-+\}|#>|\]=*\]|=end\b|=cut\b)\s*$")
_MARKER: Final = re.compile(
    r"^[ \t]*(?:///?!?|//+|#+'?|--+\|?|;+|%+|!+<?>?|\*(?!\*/)|'|\"(?=\s)|REM\b)[ \t]?", re.M
)
_RULER: Final = re.compile(r"^[\s\-=*#~_+/\\;!.<>|]*$")
_TAGS: Final = re.compile(
    r"</?(?:summary|param|returns|remarks|value|para|see|seealso|c|code|example|exception|typeparam|p|pre|br|ul|li)"
    r"(?:\s[^<>]*)?/?>"
)
"""Markup of C#'s and Java's doc comments."""


def plain_comment(text: str) -> str:
    """Return what a comment says, without its signs, rulers and common indent."""
    text = text[:_READ]
    quoted = _QUOTES.match(text)
    if quoted and "\n#" not in text:
        return cleandoc(quoted[2]).strip()
    text = _CLOSING.sub("", _OPENING.sub("", text.strip()))
    if text.startswith("{") and text.endswith("}"):
        text = text[1:-1]
    text = _TAGS.sub("", _MARKER.sub("", text))
    kept = [line.rstrip() for line in text.split("\n")]
    while kept and _RULER.match(kept[0]):
        kept.pop(0)
    while kept and _RULER.match(kept[-1]):
        kept.pop()
    return cleandoc("\n".join("" if _RULER.match(line) else line for line in kept)).strip()
