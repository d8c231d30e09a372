"""One value of a file, as a field of a model takes it. Each refusal is a sentence that says what is expected."""
import re
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models

from masa.ui import characters
from masa.ui.prose import ProseRefused, clean
from masa.ui.text import real_date

LONDON = ZoneInfo("Europe/London")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})", re.ASCII)
_AMOUNT = re.compile(r"-?\d{1,10}(\.\d{1,2})?", re.ASCII)


class Refused(Exception):
    """A value that cannot be taken; ``str()`` of it is a sentence for the person who writes the file."""


def value_of(field, raw):
    """Return ``raw`` as the model field ``field`` keeps it. Raises Refused."""
    if field.choices:
        return choice(field, raw)
    for kind, reader in READERS:
        if isinstance(field, kind):
            return reader(raw)
    raise TypeError(f"{field} is of a kind that no file holds")


def choice(field, raw):
    """Return one of the field's own values. Raises Refused with the list of them."""
    known = [value for value, _ in field.flatchoices if value != ""]
    if raw in known or (raw == "" and field.blank):
        return raw
    raise Refused(f"“{shown(raw)}” is not a choice here. Write one of: {', '.join(known)}.")


def text(raw):
    """Return words. A whole number stands for its figures. Raises Refused for a list and for hidden characters."""
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise Refused("Write words here; put them in quotation marks if they are true, false or null.")
    words = str(raw).strip()
    if refusal := characters.refusal(words):
        raise Refused(refusal)
    return words


def date(raw):
    """Return a date written as 2026-03-31. Raises Refused for another form, a day that does not exist or a year out of reach."""
    found = _DATE.fullmatch(raw) if isinstance(raw, str) else None
    if found is None:
        raise Refused(f"“{shown(raw)}” is not a date. Write it as year, month and day, such as 2026-03-31.")
    year, month, day = found.groups()
    try:
        return real_date(day=day, month=month, year=year)
    except ValidationError as error:
        raise Refused(f"“{raw}” is not a date that can be used. {error.message}") from None


def moment(raw):
    """Return the instant (UTC) of a time in London written as 2026-03-31T10:00. Raises Refused, also where clocks go forward or back."""
    found = _MOMENT.fullmatch(raw) if isinstance(raw, str) else None
    if found is None:
        raise Refused(f"“{shown(raw)}” is not a time. Write the date and the hour in London, such as 2026-03-31T10:00.")
    day, hour, minute = date(found.group(1)), int(found.group(2)), int(found.group(3))
    if hour > 23 or minute > 59:
        raise Refused(f"“{raw}” is not a time: hours go from 00 to 23 and minutes from 00 to 59.")
    there = datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)
    if there.utcoffset() != there.replace(fold=1).utcoffset():
        raise Refused(f"“{raw}” does not say which instant it is, because the clocks change in that hour. Choose another.")
    return there.astimezone(UTC)


def amount(raw):
    """Return a number with up to two decimals, as Decimal. Raises Refused for signs of money, commas and E-notation."""
    if isinstance(raw, bool) or not isinstance(raw, str | int) or not _AMOUNT.fullmatch(str(raw)):
        raise Refused(f"“{shown(raw)}” is not an amount. Write figures and a point only, such as \"1234.50\".")
    return Decimal(str(raw))


def whole(raw):
    """Return a whole number. Raises Refused."""
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise Refused(f"“{shown(raw)}” is not a whole number. Write figures only, such as 4.")
    return raw


def yes_or_no(raw):
    """Return True or False. Raises Refused."""
    if not isinstance(raw, bool):
        raise Refused(f"“{shown(raw)}” does not say yes or no. Write true or false.")
    return raw


def prose(raw):
    """Return a section's text as canonical HTML. Raises Refused when it is refused or when anything of it would be lost."""
    try:
        cleaned = clean(text(raw))
    except ProseRefused as error:
        raise Refused(str(error)) from None
    if cleaned.dropped:
        raise Refused(" ".join(cleaned.dropped))
    return cleaned.html


def shown(raw):
    """Return a value as it may stand in a sentence: on one line and not too long."""
    words = " ".join(str(raw).split())
    return words if len(words) <= 60 else f"{words[:57]}…"


READERS = [
    (models.DateField, date),
    (models.DecimalField, amount),
    (models.BooleanField, yes_or_no),
    (models.IntegerField, whole),
    (models.CharField, text),
    (models.TextField, text),
]
