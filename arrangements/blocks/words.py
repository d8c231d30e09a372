"""How the blocks write money, dates, counts and shares: once for data, once for readers."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from masa.ui.text import date_words, money

NOT_STATED = "Not stated"
ABOUT = {"children": "Children", "adults": "Adults", "both": "Children and adults"}


def stored_money(amount):
    """Return an amount for data, always with pence, such as "232079.00"; None when not stated."""
    return None if amount is None else format(amount.quantize(Decimal("0.01")), "f")


def stored_date(day):
    """Return a date for data, such as "2019-06-20"; None when not stated."""
    return None if day is None else day.isoformat()


def pounds(stored):
    """Return an amount of data for readers: "£232,079", or "Not stated", which is not nought."""
    return NOT_STATED if stored is None else money(Decimal(stored))


def day(stored):
    """Return a date of data for readers, or an empty string."""
    return "" if stored is None else date_words(date.fromisoformat(stored))


def share(part, whole):
    """Return ``part`` as a percentage of ``whole``, such as "66.4"; None without a part or a whole."""
    if part is None or not whole:
        return None
    return format((part * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP), "f")


def percent(stored):
    """Return a share of data for readers: "66.4%", or a dash where there is none."""
    return "–" if stored is None else f"{stored}%"


def count(number, one, many=""):
    """Return a number with its noun: "1 month", "18 months"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names):
    """Return names as a sentence lists them: "a, b and c"."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def joined(*parts):
    """Return the parts that are there, as one cell: "a; b"."""
    return "; ".join(part for part in parts if part)


def lines(text):
    """Return the lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]
