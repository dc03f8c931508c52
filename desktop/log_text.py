"""What a log's page says, in words. No Qt widgets."""

from __future__ import annotations

import time

from PySide6.QtCore import QCoreApplication

from indexer.shapes.logs import Level, LogExplained, LogGroup, Tie


def clock(moment: float) -> str:
    """Return a time as the log has it: no zone is known, so none is taken into account."""
    try:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(moment))
    except (ValueError, OverflowError, OSError):
        return str(int(moment))


def length(seconds: int) -> str:
    """Return how long a bar is."""
    for unit, word in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= unit and seconds % unit == 0:
            return f"{seconds // unit} {word}"
    return f"{seconds} s"


def bar_words(found: LogExplained, bar: int, count: int, errors: int = 0) -> str:
    """Say what one bar stands for."""
    tr = QCoreApplication.translate
    if found.bucket_start is None:
        where = tr("Log", "from line %s") % f"{bar * found.bucket_lines + 1:,}"
    else:
        where = clock(found.bucket_start + bar * found.bucket_seconds)
    said = tr("Log", "%s: %s lines") % (where, f"{count:,}")
    return said + (tr("Log", ", %s of them errors") % f"{errors:,}" if errors else "")


def span_words(found: LogExplained) -> str:
    """Say what all bars together stand for."""
    tr = QCoreApplication.translate
    if found.bucket_start is None:
        return tr("Log", "First line to last, in equal parts")
    end = found.bucket_start + found.bucket_seconds * len(found.times)
    start, stop = clock(found.bucket_start), clock(end)
    if start[:10] == stop[:10]:
        stop = stop[11:]
    return tr("Log", "%s to %s · a bar is %s") % (start, stop, length(found.bucket_seconds))


def counts_words(found: LogExplained) -> str:
    """Say how many lines there are, of which levels."""
    tr = QCoreApplication.translate
    levels = [
        f"{found.levels[level.value]:,} {level.value}"
        for level in reversed(Level)
        if level is not Level.NONE and found.levels.get(level.value)
    ]
    lines = tr("Log", "%s lines, %s records") % (f"{found.lines:,}", f"{found.records:,}")
    return " · ".join((lines, *levels))


def place_words(group: LogGroup) -> str:
    """Say which statement writes a group."""
    tr = QCoreApplication.translate
    place = group.place
    if place is None:
        return tr("Log", "Tied to no statement")
    said = f"{place.path}:{place.line}"
    if place.symbol:
        said += f"  {place.symbol}"
    if group.tie is Tie.SEVERAL:
        said += "  " + tr("Log", "one of %d places with this text") % (len(group.others) + 1)
    return said


def when_words(group: LogGroup) -> str:
    """Say from when to when a group came."""
    tr = QCoreApplication.translate
    if group.first is None or group.last is None:
        if group.first_line == group.last_line:
            return tr("Log", "line %s") % f"{group.first_line:,}"
        return tr("Log", "lines %s to %s") % (f"{group.first_line:,}", f"{group.last_line:,}")
    first, last = clock(group.first), clock(group.last)
    if first == last:
        return first
    return f"{first} – {last[11:] if first[:10] == last[:10] else last}"
