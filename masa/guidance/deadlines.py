"""Dates by which something is due: a rule from the guidance, counted from the date of an event."""
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices

from masa.guidance.calendar import FIRST_DAY, LAST_DAY, OutsideCalendar, add_working_days, working_days_between
from masa.guidance.vocabulary import Anchor, Basis, Direction, Marks, Status, Unit


@dataclass(frozen=True)
class DeadlineRule:
    """A clock: ``amount`` of ``unit`` after or before the day of ``anchor``, which counts as day 0.

    ``other_anchors``: events that some areas count from instead. ``status``: how sure we are of the number itself.
    ``no_later_than``: a fixed last day that holds however late the anchor is.
    """

    anchor: Anchor
    amount: int
    unit: Unit
    direction: Direction
    basis: Basis
    status: Status
    other_anchors: tuple[Anchor, ...] = ()
    marks: Marks = Marks.LATEST
    no_later_than: date | None = None

    @classmethod
    def from_data(cls, data):
        """Build a rule from the plain data a requirement keeps; the loader has checked it."""
        last = data.get("no_later_than")
        return cls(
            anchor=Anchor(data["anchor"]),
            amount=data["amount"],
            unit=Unit(data["unit"]),
            direction=Direction(data["direction"]),
            basis=Basis(data["basis"]),
            status=Status(data["status"]),
            other_anchors=tuple(Anchor(key) for key in data.get("other_anchors", ())),
            marks=Marks(data.get("marks", Marks.LATEST)),
            no_later_than=date.fromisoformat(last) if last else None,
        )


class State(TextChoices):
    MET = "met", "Met"
    MET_LATE = "met_late", "Met late"
    DUE = "due", "Due"
    OVERDUE = "overdue", "Overdue"


@dataclass(frozen=True)
class Standing:
    """How a deadline stands. ``working_days_left`` is below nought once overdue and None once met."""

    state: State
    working_days_left: int | None = None


def add_months(day, n):
    """The same day of the month ``n`` months on (back, if negative), or that month's last day if it is shorter."""
    months = day.year * 12 + day.month - 1 + n
    year, month = months // 12, months % 12 + 1
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise OutsideCalendar
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def add_days(day, n):
    """The calendar day ``n`` days on (back, if negative)."""
    if not FIRST_DAY.toordinal() <= day.toordinal() + n <= LAST_DAY.toordinal():
        raise OutsideCalendar
    return day + timedelta(days=n)


COUNT = {Unit.WORKING_DAYS: add_working_days, Unit.DAYS: add_days, Unit.MONTHS: add_months}


def deadline(rule, anchored_on):
    """Return the date ``rule`` gives when its anchor event falls on ``anchored_on`` (a London calendar date).

    Raises OutsideCalendar (a ValueError) when either date lies outside 1989 to 2100.
    """
    if not FIRST_DAY <= anchored_on <= LAST_DAY:
        raise OutsideCalendar
    amount = rule.amount if rule.direction == Direction.AFTER else -rule.amount
    due = COUNT[rule.unit](anchored_on, amount)
    return min(due, rule.no_later_than) if rule.no_later_than else due


def state(due, today, met_on=None):
    """Say how a deadline stands on ``today``: a Standing. The day it is due is still in time."""
    if met_on is not None:
        return Standing(State.MET if met_on <= due else State.MET_LATE)
    left = working_days_between(today, due)
    return Standing(State.OVERDUE if today > due else State.DUE, left)
