"""Read the numbers in a text, written in digits or in words, so that a value meets itself."""

from __future__ import annotations

import re
from typing import Final

_DIGITS: Final = re.compile(r"(?<![\w.])\d[\d,_]*(?:\.\d+)*(?!\w)")
_WITH_UNIT: Final = re.compile(r"(?<![\w.])(\d+)(?:ms|s|m|h|d|k|kb|mb|gb|kib|mib|gib|px)\b", re.I)
"""A number that its unit is written to: ten seconds are 10s."""

_YEAR: Final = re.compile(r"(?:19[6-9]|20[0-4])\d")
"""A year dates a thing; it is no value of it."""

_BEFORE_VALUE: Final = re.compile(
    r"\b(?:ports?|numbers?|values?|limit|size|why|exactly|pick(?:ed)?|choose|chose|chosen)\s+$", re.I
)
_BEHIND_VALUE: Final = re.compile(
    r"\W*(?:of all|bytes|items|rows|ms|milliseconds|seconds|characters|connections|times)\b", re.I
)
"""What stands before or behind a number that dates nothing, though it looks like a year: port 2019."""

_WORDS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ONES: Final = {word: number for number, word in enumerate(_WORDS)} | {
    "eleven": 11,
    "twelve": 12,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "ninety": 90,
}
_TIMES: Final = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
NUMBER_WORDS: Final = frozenset((*_ONES, *_TIMES))
_IN_PASSING: Final = 3
"""Number words up to this count things in passing ("one class", "two orders")."""


def values_in(text: str) -> frozenset[str]:
    """Return the numbers in ``text`` as plain digits; years and small number words are left out."""
    values = {
        re.sub(r"[,_]", "", match.group()) for match in _DIGITS.finditer(text) if not _is_year(match)
    } | {match[1] for match in _WITH_UNIT.finditer(text)}
    words = re.findall(r"[a-z]+", text.lower())
    for at, word in enumerate(words):
        if word not in _ONES:
            continue
        value, scaled = _ONES[word], False
        for following in words[at + 1 :]:
            if following not in _TIMES:
                break
            value, scaled = value * _TIMES[following], True
        if scaled or value > _IN_PASSING:
            values.add(str(value))
    return frozenset(values)


def _is_year(match: re.Match[str]) -> bool:
    """Return whether a number dates something."""
    if not _YEAR.fullmatch(match.group().rstrip(",_")):
        return False
    before = match.string[max(0, match.start() - 20) : match.start()]
    return not (_BEFORE_VALUE.search(before) or _BEHIND_VALUE.match(match.string, match.end()))
