"""Names, money and dates: what is taken, what is refused and with which sentence (IN-08, IN-09)."""
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from masa.ui.text import LineField, LineFormField, clean_line, date_words, money, parse_date, parse_money


def refusal(call, *args):
    with pytest.raises(ValidationError) as refused:
        call(*args)
    return refused.value.messages[0]


def test_a_line_is_trimmed_and_composed():
    assert clean_line("  A \t b\u00a0 c\n") == "A b c"
    assert clean_line("e\u0301") == "\u00e9"
    assert clean_line("<b>O’Neill & Sons</b>") == "<b>O’Neill & Sons</b>"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("", "it is blank"), ("  \u3000 ", "it is blank"), ("\u200b\u200d", "only invisible characters"), ("\u3164", "only invisible characters"),
        ("a\u202eb", "direction of writing"), ("a\x00b", "U+0000"), ("a\x85b\x86", "U+0086"), ("a\ud800", "U+D800"),
        ("x" * 201, "at most 200 characters: this has 201"),
    ],
)  # fmt: skip
def test_lines_refused(value, words):
    assert words in refusal(clean_line, value)


@given(st.text())
def test_a_clean_line_stays_clean(value):
    try:
        line = clean_line(value)
    except ValidationError:
        return
    assert clean_line(line) == line
    assert line == line.strip()


def test_line_fields_clean_on_forms_and_models():
    assert LineFormField(max_length=20).clean(" a  b ") == "a b"
    assert refusal(LineFormField(max_length=3).clean, "abcd") == "Write at most 3 characters: this has 4."
    field = LineField(blank=True)
    assert field.max_length == 200
    assert field.clean("  a  b ", None) == "a b"
    assert field.clean("   ", None) == ""
    assert "it is blank" in refusal(LineField().clean, "   ", None)


@pytest.mark.parametrize(
    ("value", "printed"),
    [("1234.5", "£1,234.50"), ("232079", "£232,079"), ("0", "£0"), ("0.05", "£0.05"), ("-40", "−£40"), ("232079.00", "£232,079")],
)
def test_money_printed(value, printed):
    assert money(Decimal(value)) == printed


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("£1,234.50", "1234.50"), ("1234.5", "1234.50"), (" 232,079 ", "232079.00"), ("£ 12", "12.00"), ("0", "0.00"), ("0.05", "0.05")],
)
def test_money_read(typed, amount):
    assert parse_money(typed) == Decimal(amount)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter an amount"), ("-5", "without a minus sign"), ("£-5", "without a minus sign"), ("−5", "without a minus sign"), ("(5)", "without a minus sign"),
        ("1e5", "in figures"), ("1.234", "at most 2 figures"), ("12,34", "in figures"), ("1,2345", "in figures"), ("£", "in figures"), ("NaN", "in figures"),
        ("Infinity", "in figures"), ("1_000", "in figures"), ("12 pounds", "in figures"), ("٣", "in figures"), ("1000000000000", "at most £999,999,999,999.99"),
    ],
)  # fmt: skip
def test_money_refused(typed, words):
    assert words in refusal(parse_money, typed)


@given(st.decimals(min_value=0, max_value=10**12 - 1, places=2, allow_nan=False, allow_infinity=False))
def test_money_printed_is_read_back(amount):
    assert parse_money(money(amount)) == amount


@given(st.text())
def test_any_text_is_an_amount_or_a_sentence(typed):
    try:
        assert parse_money(typed) >= 0
    except ValidationError as refused:
        assert refused.messages[0].endswith(".")


def test_dates_printed_and_read():
    assert date_words(date(2026, 11, 22)) == "22 November 2026"
    for typed in ("2018-11-01", "2018-11-1", "1 November 2018", " 01 nov 2018 ", "1 NOVEMBER 2018"):
        assert parse_date(typed) == date(2018, 11, 1)
    assert parse_date("4 Sept 2020") == date(2020, 9, 4)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter a date such as"), ("tomorrow", "Enter a date such as"), ("1/11/2018", "Enter a date such as"), ("31 February 2020", "February 2020 has no day 31."),
        ("2020-13-01", "a month from 1 to 12"), ("1 Ju 2020", "Enter a date such as"), ("1 Mai 2020", "a month from 1 to 12"), ("1 May 1988", "from 1989 to 2100"),
        ("2101-01-01", "from 1989 to 2100"), ("0 May 2020", "May 2020 has no day 0."), ("٣ May 2020", "Enter a date such as"),
    ],
)  # fmt: skip
def test_dates_refused(typed, words):
    assert words in refusal(parse_date, typed)


@given(st.dates(min_value=date(1989, 1, 1), max_value=date(2100, 12, 31)))
def test_dates_printed_are_read_back(day):
    assert parse_date(date_words(day)) == day
    assert parse_date(day.isoformat()) == day
