"""The form pack: every kind of field empty and in error, sentences, and summary links that land on something."""
import re
from datetime import date
from decimal import Decimal

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms

from masa.ui.forms import DateInputField, Form, MoneyField
from masa.ui.gallery import SampleForm


class Dated(Form):
    day = DateInputField(label="Date of the meeting")


def dated(day, month, year):
    return Dated({"day_day": day, "day_month": month, "day_year": year})


@pytest.mark.parametrize("parts", [("1", "11", "2018"), (" 01 ", "Nov", "2018"), ("1", "november", "2018")])
def test_a_date_in_three_boxes(parts):
    form = dated(*parts)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["day"] == date(2018, 11, 1)


@pytest.mark.parametrize(
    ("parts", "sentence", "first_box"),
    [
        (("", "", ""), "Enter the date: date of the meeting.", "id_day_0"),
        (("1", "", "2018"), "The date must have a month.", "id_day_1"),
        (("", "", "2018"), "The date must have a day and a month.", "id_day_0"),
        (("31", "2", "2026"), "February 2026 has no day 31.", "id_day_0"),
        (("1", "13", "2026"), "Enter a month from 1 to 12, or its name.", "id_day_1"),
        (("1", "1", "1066"), "Enter a year from 1989 to 2100.", "id_day_2"),
        (("x", "1", "2026"), "Enter the day in figures.", "id_day_0"),
        (("1", "1", "٢٠٢٦"), "Enter the year in figures.", "id_day_2"),
    ],
)
def test_a_wrong_date_is_told_in_a_sentence_at_the_box_to_mend(parts, sentence, first_box):
    html = render_crispy_form(dated(*parts))
    assert f'<a href="#{first_box}">{sentence}</a>' in html
    assert sentence in html.split("govuk-error-message")[1]


def test_every_link_of_a_summary_lands_on_a_control():
    html = render_crispy_form(SampleForm({"met_on_month": "x"}, {}))
    links = re.findall(r'href="#([^"]+)"', html)
    assert len(links) == 10
    for link in links:
        assert len(re.findall(rf'<(?:input|select|textarea)[^>]*\bid="{link}"', html)) == 1


def test_every_description_is_there_and_every_id_once():
    for form in (SampleForm(), SampleForm({}, {})):
        html = render_crispy_form(form)
        ids = re.findall(r'\bid="([^"]+)"', html)
        assert len(ids) == len(set(ids))
        described = [ident for value in re.findall(r'aria-describedby="([^"]+)"', html) for ident in value.split()]
        assert set(described) <= set(ids)
        assert "This field is required" not in html


def test_character_count_with_and_without_a_hint():
    html = render_crispy_form(SampleForm())
    assert 'aria-describedby="id_summary-hint id_summary-info"' in html
    assert 'aria-describedby="id_notes-info"' in html
    assert "maxlength" not in re.search(r"<textarea[^>]*>", html).group().replace("data-maxlength", "")


def test_words_are_escaped_and_buttons_are_buttons():
    class Odd(Form):
        name = forms.CharField(label="<b>Name</b>", help_text="<i>hint</i>")

    html = render_crispy_form(Odd({}))
    assert "<b>" not in html and "<i>" not in html and "&lt;b&gt;Name" in html
    assert '<button type="submit" name="save"' in render_crispy_form(SampleForm())


@pytest.mark.parametrize(
    ("field", "data", "sentence"),
    [
        (forms.CharField(label="Name"), {}, "Fill in: name."),
        (forms.CharField(label="ICB name", max_length=3), {"f": "abcd"}, "Write at most 3 characters: this has 4."),
        (forms.EmailField(), {"f": "x"}, "Enter an e-mail address such as name@example.org."),
        (forms.IntegerField(), {"f": "x"}, "Enter a number in figures."),
        (forms.ChoiceField(label="Branch", choices=[("a", "A")]), {"f": "b"}, "Choose one of the answers in the list."),
        (forms.CharField(error_messages={"required": "Say who."}), {}, "Say who."),
        (forms.CharField(), {"f": "a\u202eb"}, "The text holds a hidden character that changes the direction of writing."
         " Type the words again rather than pasting them."),
        (MoneyField(), {"f": "-1"}, "Enter an amount of nought or more, without a minus sign."),
    ],
)  # fmt: skip
def test_errors_are_sentences(field, data, sentence):
    form = type("One", (Form,), {"f": field})(data)
    assert form.errors["f"] == [sentence]


def test_money_field():
    form = type("One", (Form,), {"f": MoneyField(), "g": MoneyField(required=False)})({"f": "£1,200", "g": ""})
    assert form.is_valid()
    assert form.cleaned_data == {"f": Decimal("1200.00"), "g": None}
