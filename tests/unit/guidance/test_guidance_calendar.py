from datetime import date, timedelta

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays
from hypothesis import given
from hypothesis import strategies as st

from masa.guidance.calendar import (
    OutsideCalendar, add_working_days, bank_holidays, is_working_day, runs_out, working_days_between,
)

DAYS = st.dates(date(1995, 1, 1), date(2090, 12, 31))
COUNTS = st.integers(-400, 400)


def weekdays(days):
    return {day for day in days if day.weekday() < 5}


@pytest.mark.parametrize("year", range(2015, 2029))
def test_bank_holidays_agree_with_the_list_the_government_publishes(year):
    published = BankHolidays(use_cached_holidays=True).get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    assert weekdays(bank_holidays(year)) == weekdays(day["date"] for day in published if day["date"].year == year)


@pytest.mark.parametrize("day", [
    date(2020, 5, 8),     # moved from Monday 4 May for VE Day
    date(2022, 6, 3),     # Platinum Jubilee
    date(2022, 9, 19),    # state funeral
    date(2022, 12, 27),   # for Christmas Day on a Sunday
    date(2023, 5, 8),     # coronation
    date(2025, 4, 18),    # Good Friday
    date(2026, 11, 21),   # a Saturday
    date(2026, 11, 22),   # a Sunday
])
def test_nobody_works_on(day):
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [
    date(2020, 5, 4),     # the bank holiday that moved away
    date(2025, 11, 30) + timedelta(days=1),  # the day after St Andrew's Day, a holiday in Scotland alone on weekdays
    date(2026, 3, 17),    # St Patrick's Day, not a holiday in England
    date(2026, 11, 23),
])
def test_people_work_on(day):
    assert is_working_day(day)


@pytest.mark.parametrize(("start", "n", "expected"), [
    (date(2026, 11, 20), 1, date(2026, 11, 23)),     # Friday to Monday
    (date(2026, 11, 21), 1, date(2026, 11, 23)),     # Saturday to Monday
    (date(2026, 11, 23), -1, date(2026, 11, 20)),
    (date(2026, 11, 22), -1, date(2026, 11, 20)),
    (date(2026, 11, 23), 0, date(2026, 11, 23)),
    (date(2026, 11, 21), 0, date(2026, 11, 23)),
    (date(2024, 12, 24), 1, date(2024, 12, 27)),
    (date(2025, 1, 6), -7, date(2024, 12, 23)),
])
def test_counting_working_days(start, n, expected):
    assert add_working_days(start, n) == expected


@pytest.mark.parametrize(("start", "end", "expected"), [
    (date(2026, 11, 20), date(2026, 11, 23), 1),
    (date(2026, 11, 23), date(2026, 11, 23), 0),
    (date(2026, 11, 23), date(2026, 11, 20), -1),
    (date(2024, 12, 24), date(2025, 1, 2), 4),       # 27, 30, 31 December and 2 January
    (date(2026, 11, 20), date(2026, 11, 22), 0),
])
def test_working_days_between(start, end, expected):
    assert working_days_between(start, end) == expected


@given(DAYS, COUNTS)
def test_a_count_never_ends_on_a_day_off(start, n):
    assert is_working_day(add_working_days(start, n))


@given(DAYS, COUNTS.filter(bool))
def test_counting_there_and_measuring_gives_the_count_again(start, n):
    assert working_days_between(start, add_working_days(start, n)) == n


@given(DAYS, COUNTS)
def test_counting_there_and_back_comes_home(start, n):
    home = add_working_days(start, 0)
    assert add_working_days(add_working_days(home, n), -n) == home


@given(DAYS, DAYS, COUNTS)
def test_a_later_start_never_ends_earlier(one, other, n):
    first, second = sorted([one, other])
    assert add_working_days(first, n) <= add_working_days(second, n)


@given(DAYS, COUNTS)
def test_one_more_day_never_ends_earlier(start, n):
    assert add_working_days(start, n) <= add_working_days(start, n + 1)


@pytest.mark.parametrize("ask", [
    lambda: is_working_day(date(1988, 12, 31)),
    lambda: is_working_day(date(2101, 1, 1)),
    lambda: add_working_days(date(1988, 12, 30), 1),
    lambda: add_working_days(date(1989, 1, 3), -1),
    lambda: add_working_days(date(2100, 12, 31), 1),
    lambda: add_working_days(date(9999, 12, 31), 1),
    lambda: add_working_days(date(2026, 1, 1), 10**9),
    lambda: working_days_between(date(1900, 1, 1), date(2026, 1, 1)),
    lambda: working_days_between(date(2026, 1, 1), date(2101, 1, 1)),
])
def test_a_date_outside_the_calendar_is_refused_with_what_to_do(ask):
    with pytest.raises(OutsideCalendar, match="only from 1989 to 2100. Check the year of the date."):
        ask()


def test_the_first_and_last_days_are_inside():
    assert is_working_day(date(1989, 1, 3))
    assert add_working_days(date(2100, 12, 30), 1) == date(2100, 12, 31)
    assert working_days_between(date(2100, 12, 30), date(2100, 12, 31)) == 1


def test_the_calendar_says_when_it_runs_out():
    assert runs_out(date(2028, 12, 31)) == ""
    assert "check it nearer the time" in runs_out(date(2029, 1, 1))


def test_the_announced_years_are_those_the_government_list_covers():
    published = BankHolidays(use_cached_holidays=True).get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    assert max(day["date"].year for day in published) == 2028
