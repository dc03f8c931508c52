"""Take the plain text out of a comment or docstring of any language."""

from __future__ import annotations

import re
from inspect import cleandoc
from typing import Final

_QUOTES: Final = re.compile(r'^(?:[rRuUbBfF]{0,2})("""|\'\'\'|"|\')(.*?)\1?$', re.DOTALL)
_OPENING: Final = re.compile(r"^\s*(?:/\*+!?|<!--+|\(\*+|\{-+\|?|<#|--\[=*\[|=begin\b.*|=pod\b.*|\"\"\"|%\{)")
_CLOSING: Final = re.compile(r"(?:\*+/|--+>|\*+\)|-+\}|#>|\]=*\]|=end\b|=cut\b)\s*$")
_MARKER: Final = re.compile(
    r"^[ \t]*(?:///?!?|//+|#+'?|--+\|?|;+|%+|!+<?>?|\*(?!\*/)|'|\"(?=\s)|REM\b|\{(?=[^\n]*\}$))[ \t]?", re.M
)
_RULER: Final = re.compile(r"^[\s\-=*#~_+/\\;!.<>|]*$")


def plain_comment(text: str) -> str:
    """Return what a comment says, without its signs, rulers and common indent."""
    quoted = _QUOTES.match(text)
    if quoted and "\n#" not in text:
        return cleandoc(quoted[2]).strip()
    text = _CLOSING.sub("", _OPENING.sub("", text.strip()))
    text = _MARKER.sub("", text)
    kept = [line.rstrip() for line in text.split("\n")]
    while kept and _RULER.match(kept[0]):
        kept.pop(0)
    while kept and _RULER.match(kept[-1]):
        kept.pop()
    return cleandoc("\n".join("" if _RULER.match(line) else line for line in kept)).strip()
