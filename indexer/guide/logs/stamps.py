"""Reads times at the head of log lines: where they stand, and which moment they name.

A time without a zone is taken as it is written; times with one are brought to UTC.
"""

from __future__ import annotations

import re
from calendar import timegm
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

HEAD: Final = 90
"""Characters of a line in which its time is looked for."""

MOST_REMEMBERED: Final = 100_000

_NAMES: Final = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTHS: Final = {name: number for number, name in enumerate(_NAMES.split(), 1)}
_CLOCK: Final = r"(?<!\d)(?P<H>\d{2}):(?P<M>\d{2}):(?P<S>\d{2})(?:[.,](?P<f>\d{1,9}))?"
_FORMS: Final = re.compile(
    "|".join(
        (
            (
                r"(?P<iso>\d{4}[-/.]\d{2}[-/.]\d{2}[T ,_]{1,2}\d{2}:\d{2}:\d{2}(?:[.,:]\d{1,9})?\s?"
                r"(?:Z\b|UTC|GMT|[+-]\d{2}:?\d{2}\b)?)"
            ),
            r"(?P<clf>\d{2}/[A-Z][a-z]{2}/\d{4}[: ]\d{2}:\d{2}:\d{2}(?:\s[+-]\d{4})?)",
            (
                r"(?P<ctime>(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? [A-Z][a-z]{2} {1,2}\d{1,2} \d{2}:\d{2}:\d{2}"
                r"(?:\.\d+)?(?: [A-Z]{3,4})? \d{4})"
            ),
            (
                r"(?P<dmony>\d{1,2}[- ][A-Z][a-z]{2}[- ]\d{4}[ T]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?"
                r"(?:\s[+-]\d{4})?)"
            ),
            (
                r"(?P<syslog>(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}\d{1,2} (?:\d{4} )?"
                r"\d{2}:\d{2}:\d{2}(?:\.\d+)?)"
            ),
            r"(?P<klog>(?<![\w])[IWEFD]\d{4} \d{2}:\d{2}:\d{2}\.\d+)",
            (
                r"(?P<dmy>(?<![\d/.])\d{1,2}[/.]\d{1,2}[/.]\d{4},? \d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?"
                r"(?: [AP]M)?)"
            ),
            r"(?P<short>(?<![\d/.])\d{2}/\d{2}/\d{2} \d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?)",
            r"(?P<packed>(?<![\d])\d{6} \d{6}(?:[.,]\d+)?(?=\s))",
            r"(?P<packed8>(?<![\d])\d{8}[-T ]?\d{6}(?:[.,]\d+)?Z?(?=[\s:|\]]))",
            r"(?P<epoch>(?<![\w.])1\d{9}(?:\.\d{1,9})?(?![\w.]))",
            r"(?P<millis>(?<![\w.])1\d{12}(?![\w.]))",
            r"(?P<clock>(?<![\d:.])\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?![\d:]))",
        )
    )
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where a time stands in a line, and how it is written."""

    start: int
    end: int
    form: str


class Stamps:
    """Reads times of one log. ``year`` is that of the file, for times that name none."""

    def __init__(self, now: float) -> None:
        self._now = now
        self._year = datetime.fromtimestamp(now, UTC).year
        self._known: dict[tuple[str, str], float | None] = {}

    @staticmethod
    def find(head: str) -> Stamp | None:
        """Return the first time in the head of a line."""
        match = _FORMS.search(head, 0, HEAD)
        if match is None:
            return None
        return Stamp(match.start(), match.end(), match.lastgroup or "")

    def moment(self, text: str, form: str) -> float | None:
        """Return seconds since 1970, or None for what no calendar has."""
        if form == "iso" and len(text) == 23:
            # The most usual of all: seconds are remembered, and their thousandths added.
            whole = self.moment(text[:19], form)
            return whole if whole is None or not text[20:].isdigit() else whole + int(text[20:]) / 1000
        key = (form, text)
        try:
            return self._known[key]
        except KeyError:
            pass
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        try:
            found = _READERS[form](text, self)
        except (ValueError, KeyError, OverflowError, IndexError):
            found = None
        self._known[key] = found
        return found

    def of_value(self, value: object) -> float | None:
        """Return the moment that a field of a structured line names: a number, or a text."""
        if isinstance(value, bool) or value is None:
            return None
        if isinstance(value, int | float):
            number = float(value)
            for divisor in (1.0, 1e3, 1e6, 1e9):
                if 1e8 < number / divisor < 1e10:
                    return number / divisor
            return None
        if isinstance(value, str):
            stamp = self.find(value)
            if stamp is not None:
                return self.moment(value[stamp.start : stamp.end], stamp.form)
        return None

    def dated(self, month: int, day: int, clock: tuple[int, int, float], year: int = 0) -> float:
        """Return the moment of a day whose year may be unknown: then the last such day before the file."""
        found = _moment(year or self._year, month, day, *clock)
        if not year and found > self._now + 86_400:
            found = _moment(self._year - 1, month, day, *clock)
        return found


# ----------------------------------------------------------------------------------- private


def _moment(year: int, month: int, day: int, hour: int, minute: int, second: float) -> float:
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 25 and minute < 60 and 1 <= year <= 9999):
        raise ValueError
    return timegm((year, month, day, hour, minute, 0)) + second


def _numbers(text: str) -> list[int]:
    return [int(each) for each in re.findall(r"\d+", text)]


def _fraction(text: str) -> float:
    match = re.search(r":\d{2}[.,](\d{1,9})", text)
    return float("0." + match[1]) if match else 0.0


def _zone(text: str) -> int:
    """Return seconds to take away for a zone that ends the text."""
    match = re.search(r"([+-])(\d{2}):?(\d{2})$", text)
    if match is None:
        return 0
    seconds = int(match[2]) * 3600 + int(match[3]) * 60
    return seconds if match[1] == "+" else -seconds


def _clock(text: str) -> tuple[int, int, float]:
    match = re.search(_CLOCK, text)
    if match is None:
        match = re.search(r"(?P<H>\d{1,2}):(?P<M>\d{2}):(?P<S>\d{2})(?P<f>)", text)
    if match is None:
        raise ValueError
    hour = int(match["H"])
    if text.endswith("PM") and hour < 12:
        hour += 12
    elif text.endswith("AM") and hour == 12:
        hour = 0
    return hour, int(match["M"]), int(match["S"]) + (float("0." + match["f"]) if match["f"] else 0.0)


def _iso(text: str, _: Stamps) -> float:
    date = timegm((int(text[:4]), int(text[5:7]), int(text[8:10]), 0, 0, 0))
    clock = text[11:].lstrip(" T,_")
    seconds = int(clock[:2]) * 3600 + int(clock[3:5]) * 60 + int(clock[6:8])
    rest = clock[8:]
    fraction = 0.0
    if rest[:1] and rest[0] in ".,:":
        match = re.match(r"\d+", rest[1:])
        fraction = float("0." + match[0]) if match else 0.0
    if not (1 <= int(text[5:7]) <= 12 and 1 <= int(text[8:10]) <= 31):
        raise ValueError
    return date + seconds + fraction - _zone(rest)


def _named_month(text: str, stamps: Stamps) -> float:
    name = re.search(r"(?:^|[^A-Za-z])(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)", text)
    if name is None:
        raise ValueError
    month = _MONTHS[name[1].lower()]
    without = re.sub(r"(?<!\d)\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?|[+-]\d{4}$", " ", text)
    numbers = _numbers(without)
    year = next((each for each in numbers if each > 31), 0)
    day = next(each for each in numbers if each <= 31)
    return stamps.dated(month, day, _clock(text), year) - _zone(text)


def _klog(text: str, stamps: Stamps) -> float:
    return stamps.dated(int(text[1:3]), int(text[3:5]), _clock(text))


def _dmy(text: str, _: Stamps) -> float:
    first, second, year = _numbers(text)[:3]
    day, month = (first, second) if "." in text[:6] or first > 12 else (second, first)
    return _moment(year, month, day, *_clock(text))


def _short(text: str, _: Stamps) -> float:
    year, month, day = _numbers(text)[:3]
    return _moment(2000 + year, month, day, *_clock(text))


def _packed(text: str, _: Stamps) -> float:
    digits = re.sub(r"\D", "", text)
    if len(text.split(".", maxsplit=1)[0]) < 14:
        digits = "20" + digits
    parts = [int(digits[at : at + 2]) for at in range(4, 14, 2)]
    return _moment(int(digits[:4]), parts[0], parts[1], parts[2], parts[3], parts[4])


def _clock_only(text: str, _: Stamps) -> float:
    hour, minute, second = _clock(text)
    return hour * 3600 + minute * 60 + second


def _certain(moment: float | None) -> float:
    if moment is None:
        raise ValueError
    return moment


_READERS: Final[dict[str, Callable[[str, Stamps], float]]] = {
    "iso": _iso,
    "clf": _named_month,
    "ctime": _named_month,
    "dmony": _named_month,
    "syslog": _named_month,
    "klog": _klog,
    "dmy": _dmy,
    "short": _short,
    "packed": _packed,
    "packed8": _packed,
    "epoch": lambda text, _: float(text),
    "millis": lambda text, _: int(text) / 1000,
    "clock": _clock_only,
    "text": lambda text, stamps: _certain(stamps.of_value(text)),
    "number": lambda text, stamps: _certain(stamps.of_value(float(text))),
}
