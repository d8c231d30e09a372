"""Parts that many rows of the register share: dates from and to, who a row is about, history."""
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

YEARS = (1989, 2100)


class Audience(models.TextChoices):
    """Whom a row is about. Belongs to every row that can differ by it."""

    CHILDREN = "children", "Children"
    ADULTS = "adults", "Adults"
    BOTH = "both", "Children and adults"


def check_year(value):
    """Refuse dates outside the years that MASA accepts."""
    if value is not None and not YEARS[0] <= value.year <= YEARS[1]:
        raise ValidationError(f"The year must be between {YEARS[0]} and {YEARS[1]}.")


def date_field(label, help_text="", **options):
    """Return an optional date field that accepts the years 1989 to 2100."""
    return models.DateField(label, null=True, blank=True, help_text=help_text, validators=[check_year], **options)


def ends_after_start(name, start="starts_on", end="ends_on"):
    """Return the constraint that a period does not end before it starts."""
    return models.CheckConstraint(
        condition=Q(**{f"{start}__isnull": True}) | Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": F(start)}),
        name=name,
        violation_error_message="The end date is before the start date.",
    )


class DatedQuerySet(models.QuerySet):
    def on(self, day):
        """Rows that hold on ``day``: started by then (or at an unknown date) and not ended before it."""
        return self.filter(Q(starts_on__isnull=True) | Q(starts_on__lte=day)).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=day)
        )


class RegisterRow(models.Model):
    """A row of the register: live, and versioned row by row."""

    history = HistoricalRecords(inherit=True)

    class Meta:
        abstract = True


class DatedRow(RegisterRow):
    """A row that holds from a date to a date, both included; an empty date means open."""

    starts_on = date_field("from")
    ends_on = date_field("to", "The last day on which this holds. Leave empty while it goes on.")

    class Meta:
        abstract = True

    def holds_on(self, day):
        """Say whether this row holds on ``day``."""
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or self.ends_on >= day)
