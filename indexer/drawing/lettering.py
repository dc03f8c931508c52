"""Text in a drawing: made harmless, escaped, and cut to a width that can only be estimated here."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import east_asian_width

_ODD = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufdd0-\ufdef\ufeff\ufff9-\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Controls, which no XML may hold even escaped, and marks that hide or reorder what stands beside them."""

_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
_MARKUP = re.compile("[&<>\"']")

_NARROW: Final = frozenset("fijlrtI.,:;'|!()[]{}/\\- ")
_BROAD: Final = frozenset("mwMW@%")

LONGEST: Final = 300
"""Characters of one text; a path may have thousands."""


def harmless(text: str) -> str:
    """Return one line of text with odd characters as their code points, such as ``U+202E``."""
    return _ODD.sub(lambda found: f"U+{ord(found[0]):04X}", text[:LONGEST])


def escaped(text: str) -> str:
    """Return text for an element or an attribute of XML, odd characters made visible."""
    return _MARKUP.sub(lambda found: _ESCAPED[found[0]], harmless(text))


def width(text: str, size: float) -> float:
    """Return about how wide a text is in a sans-serif face of this size; rather too wide than too narrow."""
    total = 0.0
    for each in text:
        if each in _NARROW:
            total += 0.36
        elif each in _BROAD or east_asian_width(each) in "WF":
            total += 1.0
        else:
            total += 0.64 if each.isupper() else 0.585
    return total * size


def fitting(text: str, size: float, room: float) -> str:
    """Return as much of a text as fits, with an ellipsis; nothing where not even three letters do."""
    if width(text, size) <= room:
        return text
    kept = text
    while kept and width(kept, size) + size > room:
        kept = kept[:-1]
    return f"{kept}…" if len(kept) >= 3 else ""
