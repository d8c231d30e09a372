"""Working days in England: Monday to Friday, less England's bank holidays.

Bank holidays come from the ``holidays`` package and cover the years 1989 to 2100. Up to ``ANNOUNCED_TO`` they are the
days the government has announced; later ones follow the usual pattern. An extra day may yet be added, and ``runs_out``
says so in words.
"""
from datetime import date, timedelta
from functools import lru_cache

import holidays

FIRST_DAY = date(1989, 1, 1)
LAST_DAY = date(2100, 12, 31)
ANNOUNCED_TO = date(2028, 12, 31)
ONE_DAY = timedelta(days=1)
SATURDAY = 5


class OutsideCalendar(ValueError):
    """A date before 1989 or after 2100, for which working days are not kept."""

    def __init__(self):
        super().__init__(
            f"Working days are counted only from {FIRST_DAY.year} to {LAST_DAY.year}. Check the year of the date."
        )


@lru_cache(maxsize=None)
def bank_holidays(year):
    """England's bank holidays in ``year``: a frozenset of dates. Raises OutsideCalendar."""
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise OutsideCalendar
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day):
    """Say whether ``day`` is a working day in England. Raises OutsideCalendar."""
    return day not in bank_holidays(day.year) and day.weekday() < SATURDAY


def next_day(day, step):
    """The calendar day after ``day``, or before it when ``step`` is -1. Raises OutsideCalendar."""
    if day == (LAST_DAY if step > 0 else FIRST_DAY):
        raise OutsideCalendar
    return day + step * ONE_DAY


def add_working_days(start, n):
    """Return the ``n``th working day after ``start``, or before it when ``n`` is negative.

    ``start`` is day 0 whether it is a working day or not. With ``n`` 0 the answer is ``start`` itself or, if it is not
    a working day, the next one. Raises OutsideCalendar when the count leaves the years 1989 to 2100.
    """
    day = start
    if n == 0:
        while not is_working_day(day):
            day = next_day(day, 1)
        return day
    step = 1 if n > 0 else -1
    remaining = abs(n)
    is_working_day(day)  # refuses a start outside the calendar
    while remaining:
        day = next_day(day, step)
        remaining -= is_working_day(day)
    return day


def working_days_between(start, end):
    """Count the working days after ``start`` up to and including ``end``.

    When ``end`` is the earlier of the two the count is negative: the working days from ``end`` up to, but not
    including, ``start``. So for two different working days
    ``add_working_days(start, working_days_between(start, end)) == end``.
    """
    if end < start:
        return -count_working_days(end, start)
    return count_working_days(start + ONE_DAY, end + ONE_DAY)


def count_working_days(first, stop):
    """Count working days from ``first`` up to, but not including, ``stop``. Raises OutsideCalendar."""
    if first < stop and (first < FIRST_DAY or stop > LAST_DAY + ONE_DAY):
        raise OutsideCalendar
    return sum(is_working_day(first + n * ONE_DAY) for n in range((stop - first).days))


def runs_out(day):
    """Words to show beside a date that lies past the announced bank holidays; empty when it does not."""
    if day <= ANNOUNCED_TO:
        return ""
    return (
        f"Bank holidays after {ANNOUNCED_TO.year} follow the usual pattern. "
        "If the government adds one, this date moves; check it nearer the time."
    )
