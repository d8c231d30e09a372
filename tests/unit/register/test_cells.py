"""The parsers of cells: any text gives a value or a ValueError with a sentence."""
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from masa.work.register.cells import Choice, Day, Line, Money, Whole, YesNo

CELLS = [Line(), Day(blank=None), Money(), Whole(blank=0), YesNo(blank=None), Choice([("a", "Alpha"), ("", "Not stated")], blank="")]


@given(st.sampled_from(CELLS), st.text(max_size=40))
def test_a_cell_gives_a_value_or_a_sentence(cell, text):
    try:
        value = cell.clean(text)
    except ValueError as refused:
        assert str(refused).endswith(".")
    else:
        assert cell.clean(cell.render(value)) == value if cell.render(value) else True


@given(st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2))
def test_money_goes_out_and_comes_back(amount):
    assert Money().clean(Money().render(amount)) == amount
    assert Money().clean(f"£{amount:,.2f}") == amount


@given(st.dates(min_value=date(1989, 1, 1), max_value=date(2100, 12, 31)))
def test_dates_go_out_and_come_back(day):
    assert Day().clean(Day().render(day)) == day


@pytest.mark.parametrize(
    ("cell", "text", "sentence"),
    [
        (Money(), "99999999999.99", "Enter an amount of at most £9,999,999,999.99."),
        (Whole(), "-1", "Enter a whole number from 0 to 32,767."),
        (Whole(), "²", "Enter a whole number from 0 to 32,767."),
        (YesNo(), "maybe", "Enter yes or no."),
        (Choice([("a", "Alpha"), ("b", "Beta")]), "c", "Enter one of: Alpha; Beta."),
        (Line(), " ", "Fill this cell: it is empty."),
        (Line(5), "longer", "Write at most 5 characters: this has 6."),
    ],
)
def test_refusals(cell, text, sentence):
    with pytest.raises(ValueError) as refused:
        cell.clean(text)
    assert str(refused.value) == sentence


def test_choices_are_read_by_word_and_by_code():
    cell = Choice([("in_kind", "In kind")])
    assert (cell.clean("IN KIND"), cell.clean("in_kind"), cell.render("in_kind")) == ("in_kind", "in_kind", "In kind")
