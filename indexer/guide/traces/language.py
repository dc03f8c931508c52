"""What the language itself says of an error: that something was nothing, and what that was in this code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_OF_PYTHON: Final = (
    r"NoneType|bool|int|float|complex|str|bytes|bytearray|list|tuple|dict|set|frozenset|function|method|module"
    r"|generator|coroutine|range|type"
)
_NOTHING: Final = r"(?P<was>undefined|null)"
_SAYS: Final = tuple(
    re.compile(form)
    for form in (
        rf"^'(?P<was>{_OF_PYTHON})' object has no attribute '(?P<name>\w+)'",
        rf"^Cannot (?:read|set) propert(?:y|ies) '(?P<name>[\w$]+)' of {_NOTHING}\b",
        rf"^Cannot (?:read|set) properties of {_NOTHING} \((?:reading|setting) '(?P<name>[\w$]+)'\)",
        r"^undefined method [`'‘](?P<name>\w+[?!=]?)['’] for (?P<was>nil)\b",
        r"^Call to a member function (?P<name>\w+)\(\) on (?P<was>null|bool|int|float|string|array)\b",
    )
)
_ASKED_OF: Final = r"(?P<what>[$@\w][\w$@.>?!-]*(?:\([^()]*\)|\[[^\[\]]*\])?)\s*(?:\?\.|&\.|\.|->)\s*"
"""What stands before the dot: a name, what it holds, or what one call of it gives."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the language says: ``name`` was asked of what ``was`` None, nil, or of a type of its own."""

    name: str
    was: str

    def told(self, code: str, place: str) -> str:
        """Return it as a sentence about a line of code; ``place`` says where that is."""
        is_type = self.was not in ("NoneType", "undefined", "null", "nil")
        was = f"a `{self.was}`" if is_type else f"`{'None' if self.was == 'NoneType' else self.was}`"
        asked_of = [
            match["what"]
            for match in re.finditer(_ASKED_OF + re.escape(self.name.rstrip("=")) + r"(?![\w$])", code)
        ]
        what = f"`{asked_of[0]}`" if len(set(asked_of)) == 1 else f"What `{self.name}` was asked of"
        return (
            f"{what} was {was} in {place}; the language itself says this when `{self.name}` is asked of it."
        )


def said_by_the_language(message: str) -> Said | None:
    """Return what a message says that no program writes: None for any other."""
    found = next((match for form in _SAYS if (match := form.match(message.strip()))), None)
    return None if found is None else Said(found["name"], found["was"])
