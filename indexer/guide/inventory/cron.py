"""A schedule in words, where that can be said without guessing: a line of cron, or a number of seconds."""

from __future__ import annotations

import re
from typing import Final

_DAYS: Final = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT: Final = {day[:3].upper(): day for day in _DAYS}
_FIELD: Final = re.compile(r"^[\d*/,\-?LW#A-Za-z]+$")
_NAMED: Final = {
    "@yearly": "once a year", "@annually": "once a year", "@monthly": "once a month",
    "@weekly": "once a week",
    "@daily": "once a day, at midnight", "@midnight": "once a day, at midnight", "@hourly": "every hour",
    "@reboot": "at each start of the machine",
}  # fmt: skip


def plainly(written: str) -> str:
    """Return a schedule in words, or empty when it is not one that can be told in a few."""
    text = written.strip()
    if text in _NAMED:
        return _NAMED[text]
    seconds = re.match(r"^(\d+)(?:\.0)?$", text)
    if seconds is not None:
        return _every_seconds(int(seconds[1]))
    fields = text.split()
    if len(fields) in (6, 7) and all(_FIELD.match(each) for each in fields):
        if fields[0] != "0":
            return (
                _every_seconds(int(fields[0][2:]))
                if re.match(r"^[*0]/\d+$", fields[0]) and set(fields[1:6]) <= {"*", "?"}
                else "by a line of cron with seconds"
            )
        fields = fields[1:6]
    if len(fields) != 5 or not all(_FIELD.match(each) for each in fields):
        return ""
    return _cron(*(each.replace("?", "*") for each in fields))


def _every_seconds(count: int) -> str:
    for size, word in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if count >= size and count % size == 0:
            number = count // size
            return f"every {word}" if number == 1 else f"every {number} {word}s"
    return ""


def _cron(minute: str, hour: str, day: str, month: str, weekday: str) -> str:
    when = _days(day, month, weekday)
    every_minute = re.match(r"^(?:\*|0|\d+)/(\d+)$", minute)
    every_hour = re.match(r"^\*/(\d+)$", hour)
    if minute == "*" and hour == "*":
        return f"every minute{when}"
    if every_minute is not None and hour == "*":
        return f"every {every_minute[1]} minutes{when}"
    if minute.isdigit() and hour == "*":
        return f"every hour, at minute {minute}{when}"
    if minute.isdigit() and every_hour is not None:
        return f"every {every_hour[1]} hours, at minute {minute}{when}"
    if minute.isdigit() and hour.isdigit():
        at = f"at {int(hour):02d}:{int(minute):02d}"
        return f"{at} every day" if not when else f"{at}{when}"
    return "by a line of cron" + when


def _days(day: str, month: str, weekday: str) -> str:
    said = ""
    if weekday != "*":
        if weekday in ("1-5", "MON-FRI"):
            said = " from Monday to Friday"
        elif re.match(r"^[\dA-Za-z,]+$", weekday):
            names = [
                _DAYS[int(each)] if each.isdigit() and int(each) <= 7 else _SHORT.get(each.upper(), each)
                for each in weekday.split(",")
            ]
            said = " on " + ", ".join(names)
        else:
            said = f" on weekdays {weekday}"
    if day != "*":
        said += f" on day {day} of the month"
    if month != "*":
        said += f" in month {month}"
    return said
