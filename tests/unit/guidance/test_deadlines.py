from calendar import monthrange
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masa.guidance.calendar import OutsideCalendar
from masa.guidance.deadlines import DeadlineRule, Standing, State, add_months, deadline, state
from masa.guidance.vocabulary import Anchor, Basis, Direction, Marks, Status, Unit

RULE = DeadlineRule(Anchor.INCIDENT_KNOWN, 15, Unit.WORKING_DAYS, Direction.AFTER, Basis.GUIDANCE, Status.CONFIRMED)


def test_rule_reads_its_plain_data():
    data = {
        "anchor": "arrangements_published", "amount": 3, "unit": "months", "direction": "after", "basis": "legal",
        "status": "stated", "other_anchors": ["edition_in_force"], "marks": "earliest", "no_later_than": "2019-09-29",
    }
    assert DeadlineRule.from_data(data) == DeadlineRule(
        Anchor.ARRANGEMENTS_PUBLISHED, 3, Unit.MONTHS, Direction.AFTER, Basis.LEGAL, Status.STATED,
        (Anchor.EDITION_IN_FORCE,), Marks.EARLIEST, date(2019, 9, 29),
    )


def test_working_days_skip_weekends_and_bank_holidays():
    assert deadline(RULE, date(2024, 12, 16)) == date(2025, 1, 9)


def test_calendar_days_count_every_day():
    assert deadline(replace(RULE, amount=7, unit=Unit.DAYS), date(2024, 12, 24)) == date(2024, 12, 31)


def test_counting_backwards():
    before = replace(RULE, amount=7, direction=Direction.BEFORE)
    assert deadline(before, date(2025, 1, 6)) == date(2024, 12, 23)
    assert deadline(replace(before, unit=Unit.DAYS), date(2025, 1, 6)) == date(2024, 12, 30)
    assert deadline(replace(before, unit=Unit.MONTHS), date(2025, 3, 31)) == date(2024, 8, 31)


@pytest.mark.parametrize(("day", "months", "expected"), [
    (date(2024, 1, 31), 1, date(2024, 2, 29)),
    (date(2023, 1, 31), 1, date(2023, 2, 28)),
    (date(2024, 2, 29), 12, date(2025, 2, 28)),
    (date(2025, 3, 31), 6, date(2025, 9, 30)),
    (date(2025, 3, 31), -1, date(2025, 2, 28)),
    (date(2025, 1, 15), -1, date(2024, 12, 15)),
    (date(2025, 12, 15), 1, date(2026, 1, 15)),
])
def test_months_stop_at_the_end_of_a_shorter_month(day, months, expected):
    assert add_months(day, months) == expected


@given(st.dates(date(1995, 1, 1), date(2090, 12, 31)), st.integers(-24, 24))
def test_months_keep_the_day_or_the_last_of_the_month(day, n):
    moved = add_months(day, n)
    assert (moved.year - day.year) * 12 + moved.month - day.month == n
    assert moved.day == min(day.day, monthrange(moved.year, moved.month)[1])


def test_a_fixed_last_day_holds_however_late_the_event():
    rule = replace(RULE, amount=3, unit=Unit.MONTHS, no_later_than=date(2019, 9, 29))
    assert deadline(rule, date(2019, 6, 20)) == date(2019, 9, 20)
    assert deadline(rule, date(2019, 7, 15)) == date(2019, 9, 29)


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("day", [date(1988, 12, 31), date(2101, 1, 1), date(2100, 12, 31)])
def test_a_date_outside_the_calendar_is_refused(unit, day):
    with pytest.raises(OutsideCalendar):
        deadline(replace(RULE, unit=unit), day)


@pytest.mark.parametrize(("today", "met_on", "expected"), [
    (date(2026, 11, 20), None, Standing(State.DUE, 1)),
    (date(2026, 11, 23), None, Standing(State.DUE, 0)),              # the day itself is in time
    (date(2026, 11, 24), None, Standing(State.OVERDUE, -1)),
    (date(2026, 11, 30), None, Standing(State.OVERDUE, -5)),
    (date(2026, 12, 31), date(2026, 11, 23), Standing(State.MET)),
    (date(2026, 12, 31), date(2026, 11, 24), Standing(State.MET_LATE)),
])
def test_standing_of_a_deadline_on_monday_23_november(today, met_on, expected):
    assert state(date(2026, 11, 23), today, met_on) == expected


def test_a_deadline_on_saturday_is_overdue_on_sunday():
    assert state(date(2026, 11, 21), date(2026, 11, 22)) == Standing(State.OVERDUE, 0)
