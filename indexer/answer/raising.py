"""How a line raises an error or gives one back, what that is called, and what it says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

ENDS: Final = re.compile(
    r"^\s*(?:\}?\s*(?:else\s*)?(?:if\s*\(.*\)\s*)?)(?:await\s+)?"
    r"(?P<verb>(?:raise|throw|panic|die|abort|(?:process\.|sys\.|os\.)?[eE]xit|return|log\.Fatal\w*"
    r"|(?:this|self)\.(?:error|fail|abort))\b(?!!)|(?:bail|fail|panic|unreachable|anyhow)!|Err(?=\())"
    r"[\s(]*(?:new\s+)?(?P<what>.*)$"
)
_ERROR: Final = re.compile(
    r"[A-Z]\w*(?:Error|Exception|NotFound|Failure|Disconnect|Timeout)\b|\bErr[A-Z]\w*|\berrors?\.\w+"
    r"|\b[45]\d\d\b|Errorf\b|\bErr(?=\()"
)
"""What a returned value is where it stands for something gone wrong."""
_NAMED: Final = re.compile(r"(?:\w+\.|&)*(?P<name>[A-Za-z_]\w*)")
TOLD: Final = {"raise": "raises", "throw": "throws", "return": "returns", "panic": "panics"}
ANY_ERROR: Final = re.compile(r"^(?:[Ee]rrors?\.)?(?:Err|Errorf?|New|Wrapf?|Exception)$")
"""What makes an error that has no name of its own."""
_SAID_IN_QUOTES: Final = re.compile(r"([\"'`])((?:(?!\1).){8,})\1")
_GOES_ON: Final = re.compile(r"\\\n\s*")
_WORD: Final = re.compile(r"(?<![\w.$])[A-Za-z]{2,}(?![\w.(])")
MESSAGE_LINES: Final = 3
ABOVE: Final = 5
"""Lines on which a message may stand, from the one that raises it, and above that one."""


def message_at(lines: Sequence[str], at: int) -> str:
    """Return what is said in quotes where something is raised, on that line or the next ones."""
    # It may be put together above, and be given by its name.
    behind = range(at, min(at + MESSAGE_LINES, len(lines) + 1))
    for number in (*behind, *range(at - 1, max(at - ABOVE, 0), -1)):
        # A string goes on behind a backslash at the end of its line.
        text = _GOES_ON.sub("", "\n".join(lines[number - 1 : number + MESSAGE_LINES])).partition("\n")[0]
        for found in _SAID_IN_QUOTES.finditer(text):
            if len(_WORD.findall(found[2])) > 1:
                return found[2]
    return ""


def ending_of(line: str) -> tuple[str, str] | None:
    """Return how a line ends its definition, and with what, where it raises something or gives back what
    stands for something gone wrong.
    """
    found = ENDS.match(line)
    if found is None or (found["verb"] == "return" and _ERROR.search(found["what"]) is None):
        return None
    return found["verb"], found["what"]


def kind_of(ending: tuple[str, str]) -> str:
    """Return the name of the error that is raised or returned; nothing where it has none."""
    verb, what = ending
    if verb == "return":
        found = _ERROR.search(what)
        return found[0] if found is not None and found[0][0].isalpha() else ""
    named = _NAMED.match(what)
    return named["name"] if named is not None and named["name"][0].isupper() else ""
