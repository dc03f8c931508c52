"""Times as people read them: short, in the local zone, never a sentence put together from pieces."""

from __future__ import annotations

from PySide6.QtCore import QDate, QDateTime, QLocale

WEEK = 7


def day(seconds: int) -> str:
    """Return a date as ISO writes it."""
    return QDateTime.fromSecsSinceEpoch(seconds).toString("yyyy-MM-dd")


def spoken_day(seconds: int) -> str:
    """Return a date for a sentence: "25 July", with the year when it is not this one."""
    date = QDateTime.fromSecsSinceEpoch(seconds).date()
    form = "d MMMM" if date.year() == QDate.currentDate().year() else "d MMMM yyyy"
    return QLocale().toString(date, form)


def lately(seconds: int) -> str:
    """Return the time of today, the weekday of this week, or the date."""
    moment = QDateTime.fromSecsSinceEpoch(seconds)
    days = moment.date().daysTo(QDate.currentDate())
    if days <= 0:
        return moment.toString("HH:mm")
    if days < WEEK:
        return QLocale().toString(moment.date(), "ddd")
    return day(seconds)
