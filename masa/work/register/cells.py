"""The parsers of cells: text from a spreadsheet in, a value out, or a ValueError whose message is a sentence."""
import unicodedata
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import Q
from import_export.widgets import Widget

from masa.ui import text
from masa.work.register import access


def parsed(parser, value, **options):
    """Return ``parser(value)``; its ValidationError becomes the ValueError that the engine collects by column."""
    try:
        return parser(value, **options)
    except ValidationError as error:
        raise ValueError(error.messages[0]) from None


class Cell(Widget):
    """A cell. ``blank``: what an empty one means; without it an empty cell is refused."""

    def __init__(self, blank=...):
        super().__init__()
        self.blank = blank

    def clean(self, value, row=None, **context):
        value = str(value).strip()
        if value == "":
            if self.blank is ...:
                raise ValueError("Fill this cell: it is empty.")
            return self.blank
        return self.read(value, context)

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else self.say(value)

    def read(self, value, context):
        raise NotImplementedError

    def say(self, value):
        return str(value)


class Line(Cell):
    """One line of text."""

    def __init__(self, most=200, **options):
        super().__init__(**options)
        self.most = most

    def read(self, value, context):
        return parsed(text.clean_line, value, max_length=self.most)


class Lines(Cell):
    """Text that may go over several lines. Hidden characters were refused when the file was read."""

    def read(self, value, context):
        return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))


class Day(Cell):
    def read(self, value, context):
        return parsed(text.parse_date, value)

    def say(self, value):
        return value.isoformat()


class Money(Cell):
    """Pounds; an empty cell means not stated, which is not nought."""

    def __init__(self):
        super().__init__(blank=None)

    def read(self, value, context):
        amount = parsed(text.parse_money, value)
        if amount > Decimal("9999999999.99"):
            raise ValueError("Enter an amount of at most £9,999,999,999.99.")
        return amount

    def say(self, value):
        return f"{value:.2f}"


class Whole(Cell):
    def read(self, value, context):
        if not (value.isascii() and value.isdigit() and int(value) <= 32_767):
            raise ValueError("Enter a whole number from 0 to 32,767.")
        return int(value)


class YesNo(Cell):
    _WORDS = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}

    def read(self, value, context):
        if value.lower() not in self._WORDS:
            raise ValueError("Enter yes or no.")
        return self._WORDS[value.lower()]

    def say(self, value):
        return "yes" if value else "no"


class Choice(Cell):
    """One of a list, by its words as the pages print them or by its code."""

    def __init__(self, choices, **options):
        super().__init__(**options)
        self.choices = {str(code): label for code, label in getattr(choices, "choices", choices)}

    def read(self, value, context):
        for code, label in self.choices.items():
            if value.lower() in {code.lower(), label.lower()}:
                return code
        raise ValueError("Enter one of: " + "; ".join(label for code, label in self.choices.items() if code) + ".")

    def say(self, value):
        return self.choices.get(value, value)


class FoundRow(Cell):
    """Another row of the register: by its address word, or by its name when only one has it. Never one of another partnership."""

    def __init__(self, model, what, name="name", **options):
        super().__init__(**options)
        self.model, self.what, self.name = model, what, name

    def read(self, value, context):
        known = context["found"]
        if (self.model, value) not in known:
            known[self.model, value] = self.find(value, context["partnership"])
        found = known[self.model, value]
        if isinstance(found, str):
            raise ValueError(found)
        return found

    def find(self, value, partnership):
        """Return the row, or the sentence that says why there is none."""
        rows = self.model._default_manager.all()
        if path := access.path_of(self.model):
            rows = rows.filter(**{path: partnership})
        exact = rows.filter(slug=value).first()
        if exact is not None:
            return exact
        named = list(rows.filter(Q(**{f"{self.name}__iexact": value}))[:2])
        if len(named) == 1:
            return named[0]
        if named:
            return f"Several have the name “{value}”. Write the address word of the {self.what} you mean."
        return f"There is no {self.what} “{value}” in the register. Add it first, or correct the name."

    def say(self, value):
        return value.slug
