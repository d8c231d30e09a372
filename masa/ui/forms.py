"""Forms that speak in sentences: the date in three boxes, and messages that say what to do instead of "This field is required"."""
from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from masa.ui import characters
from masa.ui.text import parse_money, real_date

BOXES = ("day", "month", "year")


class DatePartsWidget(forms.MultiWidget):
    """A date in three boxes, named <field>_day, <field>_month and <field>_year."""

    def __init__(self, attrs=None):
        box = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__({name: forms.TextInput(attrs={**box, "size": size}) for name, size in zip(BOXES, "224", strict=True)}, attrs)

    def decompress(self, value):
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value)
            except ValueError:
                return [value, "", ""]
        return [value.day, value.month, value.year] if value else ["", "", ""]


class DateInputField(forms.Field):
    """A date typed in three boxes, returned as datetime.date or None; errors are sentences and name the boxes to mend.

    A month may be typed as a name. ``error.params["boxes"]`` lists the wrong boxes.
    """

    widget = DatePartsWidget
    default_error_messages = {"required": "Enter the date."}

    def to_python(self, value):
        """Return the date of [day, month, year] as typed, of a date, or of its ISO text."""
        if isinstance(value, date) or value is None:
            return value
        parts = [str(part or "").strip() for part in (value if isinstance(value, list | tuple) else self.widget.decompress(value))]
        if not any(parts):
            return None
        missing = [name for name, part in zip(BOXES, parts, strict=True) if not part]
        if missing:
            raise ValidationError(f"The date must have a {' and a '.join(missing)}.", code="incomplete", params={"boxes": missing})
        for name, part in (("day", parts[0]), ("year", parts[2])):
            if not (part.isascii() and part.isdigit() and len(part) <= 4):
                raise ValidationError(f"Enter the {name} in figures.", code="not_figures", params={"boxes": [name]})
        try:
            return real_date(day=parts[0], month=parts[1], year=parts[2])
        except ValidationError as wrong:
            boxes = {"month": ["month"], "year": ["year"]}.get(wrong.code, ["day"])
            raise ValidationError(wrong.message, code=wrong.code, params={"boxes": boxes}) from None

    def has_changed(self, initial, data):
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class MoneyField(forms.Field):
    """Pounds as people type them ("£1,234.50"), returned as Decimal with two decimals, or None when left blank."""

    widget = forms.TextInput
    default_error_messages = {"required": "Enter an amount in pounds, such as 1,234.50."}

    def to_python(self, value):
        text = "" if value is None else str(value).strip()
        return parse_money(text) if text else None

    def widget_attrs(self, widget):
        return {"inputmode": "decimal", "autocomplete": "off"}


def _name_of(label):
    """The label as it stands inside a sentence: "Date of meeting" -> "date of meeting", "ICB name" -> "ICB name"."""
    label = str(label).strip().rstrip(":?")
    return label[:1].lower() + label[1:] if label[1:2].islower() or label[1:2] in {"", "-", " "} else label


def _sentences(field, label):
    """The messages of a field, by code, in place of the framework's."""
    name = _name_of(label)
    if isinstance(field, DateInputField):
        required = f"Enter the date: {name}."
    elif isinstance(field, forms.FileField):
        required = f"Choose a file: {name}."
    elif isinstance(field, forms.BooleanField):
        required = f"Tick the box to go on: {name}."
    elif isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
        required = f"Choose at least one: {name}."
    elif isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        required = f"Choose one: {name}."
    else:
        required = f"Fill in: {name}."
    return {
        "required": required,
        "invalid": _invalid(field),
        "invalid_choice": "Choose one of the answers in the list.",
        "invalid_list": "Choose from the answers in the list.",
        "invalid_pk_value": "Choose from the answers in the list.",
        "max_length": "Write at most %(limit_value)d characters: this has %(show_value)d.",
        "min_length": "Write at least %(limit_value)d characters: this has %(show_value)d.",
        "min_value": "Enter a number of at least %(limit_value)s.",
        "max_value": "Enter a number of at most %(limit_value)s.",
        "missing": f"Choose a file: {name}.",
        "empty": "The file is empty. Choose another.",
        "invalid_image": "The file is not a picture that can be read. Choose another.",
        "contradiction": "Either choose a file or tick the box to remove the present one, not both.",
    }


def _invalid(field):
    """The message for a value that is not of the field's kind, or None to leave the one there is."""
    if isinstance(field, forms.EmailField):
        return "Enter an e-mail address such as name@example.org."
    if isinstance(field, forms.URLField):
        return "Enter a web address such as https://www.example.org."
    if isinstance(field, forms.DecimalField | forms.FloatField | forms.IntegerField):
        return "Enter a number in figures."
    if isinstance(field, forms.DateTimeField):
        return "Enter a date and a time such as 2026-11-22 14:30."
    if isinstance(field, forms.DateField):
        return "Enter a date such as 2026-11-22."
    return None  # a validator of the field's own says it better


def _was_given(field, code):
    """Whether a field has a message of its own for ``code``, set where the field was made."""
    defaults = {code: words for cls in reversed(type(field).__mro__) for code, words in vars(cls).get("default_error_messages", {}).items()}
    return code in field.error_messages and str(field.error_messages[code]) != str(defaults.get(code))


class Sentences:
    """For any form class: fields that keep the framework's messages get sentences of ours, made from their labels.

    Messages that a field was given itself stay as they are. Hidden characters that mislead are refused in every text field.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            label = field.label if field.label is not None else name.replace("_", " ")
            field.error_messages |= {
                code: sentence for code, sentence in _sentences(field, label).items() if sentence and not _was_given(field, code)
            }
            if isinstance(field, forms.CharField):
                field.validators = [*field.validators, refuse_hidden_characters]


def refuse_hidden_characters(value):
    """Form validator: raises ValidationError with a sentence when text holds characters that may not be stored."""
    if refused := characters.refusal(str(value).replace("\r\n", "\n").replace("\r", "\n")):
        raise ValidationError(refused, code="hidden_character")


class Form(Sentences, forms.Form):
    """A form that speaks in sentences."""


class ModelForm(Sentences, forms.ModelForm):
    """A model form that speaks in sentences."""
