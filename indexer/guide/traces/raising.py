"""Which line of a definition raises what a trace tells of: it names the error, or has its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.guide.traces.calling import statement

LEAST: Final = 10
"""Letters of a piece of a message below which it may stand anywhere."""

_RAISES: Final = re.compile(
    r"\b(?:throw|raise|panic|fail|abort|Err|bail|reject|errors?|fatal|die|assert\w*|expect|unreachable)\b|new\b"
)
_MADE: Final = re.compile(r"\b(?:new|throw|raise)\b")
_STRING: Final = re.compile(r"\"((?:\\.|[^\"\\])*)\"|'((?:\\.|[^'\\])*)'|`([^`]*)`")
_FILLED: Final = re.compile(r"%[-+#0 ]*\d*(?:\.\d+)?[a-zA-Z]+|[#$]?\{[^}]*\}|\\.")
_NOT_THERE: Final = re.compile(
    r"[Cc]all to (?:undefined|a member|an undefined) (?:function|method) (?:[\w\\]+(?:::|\\))?(\w+)\(\)"
    r"|\b(?:[\w$]+\.)*([\w$]+) is not a function|undefined method [`']([\w]+[?!]?)'"
)
_SIGNS: Final = tuple(
    (re.compile(said), sign)
    for said, sign in (
        (r"index out of (?:bounds|range)|slice bounds out of range|range (?:start|end) index", r"[\w)\]]\["),
        (r"slice index starts at|byte index \d+ (?:is|of)", r"[\w)\]]\["),
        (r"assignment to entry in nil map", r"\]\s*(?:[-+*/|&]?=|\+\+|--)"),
        (r"attempt to add with overflow", r"\+"),
        (r"attempt to subtract with overflow", r"-"),
        (r"attempt to multiply with overflow", r"\*"),
        (r"divide by zero|divi(?:ded|sion) by zero|remainder with a divisor of zero", r"[/%]"),
        (r"(?:reading|setting) '([\w$]+)'\)", r"(?:\.|\[['\"]){}"),
        (r"Cannot (?:read|set) property '([\w$]+)' of", r"(?:\.|\[['\"]){}"),
        (r"[Uu]ndefined (?:index|array key|offset):? ['\"]?(\w+)", r"\[.*"),
        (r"[Uu]ndefined (?:variable|property):? (?:[\w\\]+::)?\$?(\w+)", r"(?:\$|->){}"),
    )
)
"""What a runtime says of something that it met on a line, and what must stand there then."""

_OF_RUNTIME: Final = frozenset(
    ("TypeError", "RangeError", "ReferenceError", "ValueError", "KeyError", "IndexError", "AttributeError",
     "NullPointerException", "NullReferenceException", "IndexOutOfBoundsException", "ClassCastException",
     "IllegalStateException", "Error", "ErrorException", "ArgumentCountError",
     "DivisionByZeroError", "ArithmeticError", "ParseError", "NoMethodError", "NameError",
     "ArgumentError", "ArgumentException")
)  # fmt: skip
"""Errors that a runtime raises by itself, on lines that do not name them."""

_ANY: Final = frozenset(("panic", "error", "exception", "fatal error", "warning", "throwable"))


@dataclass(frozen=True, slots=True)
class Raised:
    """What came up in the deepest frame of an error."""

    type: str = ""
    message: str = ""

    @property
    def sign(self) -> re.Pattern[str] | None:
        """What must stand on the line that such a message comes from; None where it does not tell."""
        for said, sign in _SIGNS:
            match = said.search(self.message)
            if match:
                names = [re.escape(name) for name in match.groups() if name]
                return re.compile(sign.format(names[0] if names else ""))
        return None

    def made_by(self, line: str) -> bool:
        """Return whether a line makes an object, where none of the runtime's own came up."""
        name = re.split(r"\.|::|\\\\|\\", self.type)[-1]
        return name[:1].isupper() and name not in _OF_RUNTIME and _MADE.search(line) is not None

    def said_by(self, lines: Sequence[str]) -> bool:
        """Return whether a string of some lines stands in the message, but for what is filled in."""
        return any(_says(line, self.message) for line in lines)

    @property
    def not_there(self) -> str:
        """The function that the message says was called and is not there; empty where it says none."""
        match = _NOT_THERE.search(self.message)
        return next((each for each in match.groups() if each), "") if match else ""


def raising_line(
    raised: Raised, lines: Sequence[str], words: Sequence[str], first: int, last: int, *, named: bool = True
) -> int:
    """Return the one line, from first to last, that raises this; 0 where none does, or several do.

    ``words`` are the lines without comments and strings. Where it is not ``named`` what the lines are of,
    the words of the message must be there.
    """
    span = range(max(first, 1), min(last, len(lines)) + 1)
    saying = [at for at in span if words[at - 1].strip() and _says(lines[at - 1], raised.message)]
    name = re.split(r"\.|::|\\", raised.type)[-1].strip()
    if len(name) > 3 and name.lower() not in _ANY and name.isidentifier():
        word = re.compile(rf"(?<!\w){re.escape(name)}\b")
        raising = [at for at in span if word.search(words[at - 1]) and _RAISES.search(words[at - 1])]
        if len(raising) > 1 or not named or name in _OF_RUNTIME:
            raising = [at for at in raising if at in saying or at + 1 in saying]
        if len(raising) == 1:
            return raising[0]
    if len(saying) != 1:
        return 0
    # The runtime tells where the statement begins that the words are in; of a chain, the call itself.
    chained = words[saying[0] - 1].lstrip().startswith(".")
    return saying[0] if chained else max(statement(words, saying[0])[0], first)


def _says(line: str, message: str) -> bool:
    """Return whether a string of a line stands in a message, but for what is filled in."""
    for match in _STRING.finditer(line):
        text = match[1] or match[2] or match[3] or ""
        pieces = [piece.strip() for piece in _FILLED.split(text)]
        telling = [piece for piece in pieces if len(piece) >= LEAST and " " in piece]
        if telling and all(piece in message for piece in telling):
            return True
    return False
