"""Short text, money and dates: how they are read from people and how they are printed for people."""
import re
import unicodedata
from datetime import date
from decimal import Decimal

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from masa.ui import characters

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
MAX_MONEY = Decimal("999999999999.99")

_WIDE_SPACES = re.compile(r"\s+")
_MONEY = re.compile(r"£?\s?(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_WORDS = re.compile(r"(\d{1,2})\s+([A-Za-z]{3,9})\s+(\d{4})", re.ASCII)


# --- names and other single lines ---------------------------------------------------------------------------------------


def clean_line(value: str, max_length: int | None = None) -> str:
    """Return a single line as it is stored: NFC, one space between words, none at the ends.

    Raises ValidationError with a sentence when nothing can be seen of it, when it holds hidden characters that mislead, or when
    it is longer than ``max_length`` (by default the limit for names in the settings). An empty string is such a refusal too.
    """
    limit = max_length or settings.MAX_NAME_LENGTH
    line = _WIDE_SPACES.sub(" ", unicodedata.normalize("NFC", _spaces_for_line_ends(value))).strip()
    if refused := characters.refusal(line):
        raise ValidationError(refused, code="hidden_character")
    if not line:
        raise ValidationError("Write something here: it is blank.", code="blank")
    if not any(_can_be_seen(character) for character in line):
        raise ValidationError("Write something that can be seen: it holds only invisible characters.", code="invisible")
    if len(line) > limit:
        raise ValidationError(f"Write at most {limit:,} characters: this has {len(line):,}.", code="too_long")
    return line


def validate_line(value):
    """Model validator: the value is exactly what ``clean_line`` would store, or could be made so; raises ValidationError."""
    if value:
        clean_line(value, max_length=max(len(value), 1))


def _spaces_for_line_ends(value):
    """Tabs and line ends count as spaces in a line; the hidden separators of lines do not and are refused."""
    return re.sub("[\t\n\r]+", " ", value)


def _can_be_seen(character):
    return unicodedata.category(character)[0] not in "CZ" and character not in "\u115f\u1160\u2800\u3164\uffa0\u034f\u17b4\u17b5"


class LineField(models.CharField):
    """One line of text on a model: kept as ``clean_line`` returns it, whichever way it comes in. Blank stays "" where allowed."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", settings.MAX_NAME_LENGTH)
        super().__init__(*args, **kwargs)

    def to_python(self, value):
        value = super().to_python(value)
        if not value or (self.blank and not value.strip()):
            return "" if isinstance(value, str) else value
        return clean_line(value, self.max_length)

    def pre_save(self, model_instance, add):
        value = super().pre_save(model_instance, add)
        if isinstance(value, str) and value:
            value = self.to_python(value)
            setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": LineFormField, **kwargs})


class LineFormField(forms.CharField):
    """One line of text in a form, returned as ``clean_line`` would store it."""

    def to_python(self, value):
        value = super().to_python(value)
        return clean_line(value, self.max_length) if value not in self.empty_values else value


# --- money --------------------------------------------------------------------------------------------------------------


def money(value: Decimal) -> str:
    """Return pounds as printed: "£1,234.50", whole pounds without pence, a minus sign in front: "−£40"."""
    amount = abs(value)
    pence = amount != amount.to_integral_value()
    return f"{'−' if value < 0 else ''}£{amount:,.{2 if pence else 0}f}"


def parse_money(text: str) -> Decimal:
    """Return an amount in pounds, with two decimals, from "1234.5", "£1,234.50" and the like.

    Raises ValidationError with a sentence: blank, minus, E-notation, more than two decimals, misplaced commas, too large.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        raise ValidationError("Enter an amount in pounds, such as 1,234.50.", code="blank")
    if text[0] in "-−–(" or text[:2] in {"£-", "£−"}:
        raise ValidationError("Enter an amount of nought or more, without a minus sign.", code="negative")
    if re.fullmatch(r"£?\s?[\d,]+\.\d{3,}", text, re.ASCII):
        raise ValidationError("Enter pounds and pence with at most 2 figures after the point, such as 1,234.50.", code="decimals")
    found = _MONEY.fullmatch(text) if text.isascii() or text.removeprefix("£").isascii() else None
    if found is None:
        raise ValidationError("Enter an amount in pounds in figures, such as 1234.50 or £1,234.50.", code="not_money")
    amount = Decimal(f"{found.group(1).replace(',', '')}.{(found.group(2) or '').ljust(2, '0')}")
    if amount > MAX_MONEY:
        raise ValidationError(f"Enter an amount of at most {money(MAX_MONEY)}.", code="too_large")
    return amount


# --- dates --------------------------------------------------------------------------------------------------------------


def date_words(value: date) -> str:
    """Return a date as printed, such as "22 November 2026"."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def parse_date(text: str) -> date:
    """Return the date that "2018-11-01", "1 November 2018" or "1 Nov 2018" means.

    Raises ValidationError with a sentence when it is no such date or its year lies outside those of the settings.
    """
    text = text.strip()
    if found := _ISO.fullmatch(text):
        year, month, day = found.groups()
    elif found := _WORDS.fullmatch(text):
        day, month, year = found.groups()
        month = month_number(month)
    else:
        raise ValidationError("Enter a date such as 1 November 2018.", code="not_a_date")
    return real_date(day=day, month=month, year=year)


def month_number(text):
    """Return 1 to 12 for a month in figures or in words ("3", "March", "mar"), or None."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        number = int(text[:4])
        return number if 1 <= number <= 12 else None
    matches = [number for number, name in enumerate(MONTHS, 1) if len(text) >= 3 and name.lower().startswith(text.lower())]
    return 9 if text.lower() == "sept" else matches[0] if len(matches) == 1 else None


def real_date(*, day, month, year):
    """Return the date of three parts (figures as text or numbers); raises ValidationError with a sentence that says which is wrong."""
    day, year = int(day), int(year)
    month = month_number(str(month)) if month is not None else None
    if month is None:
        raise ValidationError("Enter a month from 1 to 12, or its name.", code="month")
    if not settings.FIRST_YEAR <= year <= settings.LAST_YEAR:
        raise ValidationError(f"Enter a year from {settings.FIRST_YEAR} to {settings.LAST_YEAR}.", code="year")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValidationError(f"{MONTHS[month - 1]} {year} has no day {day}.", code="no_such_day") from None
