r"""Characters that deceive a reader, made visible: right-to-left overrides, zero widths, controls.

Text of a repository may hold characters that reorder a line or hide in it (CVE-2021-42574), and
some that Qt takes for its own marks. Each is shown as its code point, and told apart by colour.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Controls but tab and newline; soft hyphen; marks that join, part or reorder; Qt's own block marks
# (U+2028, U+2029, U+FDD0, U+FDD1) and the place of an inline object; lone surrogates.
ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufdd0-\ufdef\ufeff\ufff9-\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """Text that is safe to lay out; ``odd`` are (start, length) of what stands for odd characters.

    Places count UTF-16 units, as Qt does. ``moved`` maps places of the old text to the new one.
    """

    text: str
    odd: tuple[tuple[int, int], ...] = ()
    moved: tuple[tuple[int, int], ...] = ()

    def place(self, old: int) -> int:
        """Return where the UTF-16 unit ``old`` of the given text stands now."""
        new = old
        for start, by in self.moved:
            if old <= start:
                break
            new = old + by
        return new


def show(text: str) -> Shown:
    """Return ``text`` with every odd character as ``U+202E``."""
    if ODD.search(text) is None:
        return Shown(text)
    parts: list[str] = []
    odd: list[tuple[int, int]] = []
    moved: list[tuple[int, int]] = []
    end = old_units = new_units = 0
    for found in ODD.finditer(text):
        before = text[end : found.start()]
        name = code_point(found[0])
        parts += (before, name)
        units = _units(before)
        old_units += units
        new_units += units
        odd.append((new_units, len(name)))
        moved.append((old_units, new_units + len(name) - (old_units + _units(found[0]))))
        old_units += _units(found[0])
        new_units += len(name)
        end = found.end()
    parts.append(text[end:])
    return Shown("".join(parts), tuple(odd), tuple(moved))


def plain(text: str) -> str:
    """Return one line of text that is safe in a label: odd characters as their code points."""
    flat = text.replace("\t", " ").replace("\n", " ")
    return ODD.sub(lambda found: code_point(found[0]), flat)


def code_point(character: str) -> str:
    """Return a character's name in Unicode's way, such as ``U+202E``."""
    return f"U+{ord(character):04X}"


def _units(text: str) -> int:
    return len(text) + sum(each > "\uffff" for each in text)
