"""The forms behind the register's pages: which rows a person may choose, and in which partnership a row is."""
from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from masa.accounts.permissions import Action
from masa.partnerships import scope
from masa.partnerships.models import Appointment, Organisation, Partnership, Post
from masa.ui.text import LineFormField, date_words, parse_date
from masa.work.register import access

NOT_OURS = "Choose one of this partnership's own."
NOT_KEPT = "Choose an organisation whose record your partnership keeps."
#: Set by us and never by what is typed, but checked with the rest.
PLACED = {"partnership", "owner"}


class DayField(forms.DateField):
    """A date as people write it: 1 November 2018, 01/11/2018 or 2018-11-01."""

    def to_python(self, value):
        try:
            return super().to_python(value)
        except ValidationError:
            return parse_date(str(value))


class RegisterForm(forms.ModelForm):
    """A row of the register. ``request`` is set on the class that the admin makes for each request."""

    request = None
    parent_name = ""  # in an inline: the name of the field that ties the row to the row above

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.place_new_row()
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                self.limit_choices(name, field)

    def place_new_row(self):
        """Tie a new row to the person's partnership when they have one; with several, they choose."""
        if not self.instance._state.adding or self.parent_name:
            return
        here = access.partnerships_for(self.request.user, Action.REGISTER_CHANGE)
        name = placed_by(type(self.instance))
        if name and name not in self.fields and len(here) == 1:
            setattr(self.instance, f"{name}_id", here[0])

    def limit_choices(self, name, field):
        """Offer only rows that this person may choose here."""
        if field.queryset.model is Partnership:
            field.queryset = self.partnerships_to_choose(name)
        if name == "organisation" and isinstance(self.instance, Post):
            field.queryset = access.kept_by(self.request.user, Organisation.objects.all())
            field.required = not access.in_installation(self.request.user)

    def partnerships_to_choose(self, name):
        """Return the partnerships in which this person edits, and those that the row names already."""
        here = access.partnerships_for(self.request.user, Action.REGISTER_CHANGE)
        with scope.every_partnership(why="a row keeps the partnerships it names already, and no others are offered"):
            named = self.initial.get(name)
            named = [getattr(row, "pk", row) for row in (named if isinstance(named, (list, tuple)) else [named] if named else [])]
            others = Partnership.objects.filter(pk__in=[*here, *named])
            return others if name == "partnership" else others.exclude(pk=access.partnership_id_of(self.instance))

    def clean(self):
        cleaned = super().clean()
        self.place_with_row_above(cleaned)
        here = self.partnership_here(cleaned)
        for name in list(cleaned):
            for row in rows_in(cleaned[name]):
                if name != self.parent_name and not isinstance(row, Partnership) and not access.is_shared(type(row)):
                    if access.partnership_id_of(row) != here:
                        self.add_error(name, NOT_OURS)
                        break
        return cleaned

    def place_with_row_above(self, cleaned):
        """Give a row of an inline the partnership of the row above it."""
        above = cleaned.get(self.parent_name) if self.parent_name else None
        if above is not None and access.has_field(type(self.instance), "partnership"):
            self.instance.partnership_id = access.partnership_id_of(above)

    def partnership_here(self, cleaned):
        """Return the id of the partnership in which this row is to be."""
        if isinstance(cleaned.get("partnership"), Partnership):
            return cleaned["partnership"].pk
        above = cleaned.get(self.parent_name) if self.parent_name else None
        return access.partnership_id_of(above if above is not None else self.instance)

    def _get_validation_exclusions(self):
        # Constraints that name the partnership must be checked although the form does not show it.
        return super()._get_validation_exclusions() - PLACED

    def validate_unique(self):
        if isinstance(self.instance, Partnership):
            with scope.every_partnership(why="an address word may be taken by any partnership"):
                return super().validate_unique()
        return super().validate_unique()


class TopForm(RegisterForm):
    """A row with a page of its own, which asks why it is changed."""

    change_reason = LineFormField(
        label="Why you change this", required=False, max_length=100, help_text="Kept in the history beside your name. Optional.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )  # fmt: skip


def placed_by(model):
    """Return the field by which a new row gets its partnership: ``partnership``, ``owner`` or "" for neither."""
    if model is Organisation:
        return "owner"
    return "partnership" if access.path_of(model) == "partnership" else ""


def rows_in(value):
    """Return the rows that a field of a form gave."""
    if isinstance(value, models.Model):
        return [value]
    return list(value) if isinstance(value, models.QuerySet) else []


# Formsets ------------------------------------------------------------------------------------------------------------


class HolderForm(RegisterForm):
    """One holder of a post. With whom the period overlaps is asked of all the rows of the page together, as they will be."""

    def _post_clean(self):
        self.instance.overlaps = lambda other: False  # the stored rows may be ended on this very page
        super()._post_clean()


class HoldersFormSet(forms.BaseInlineFormSet):
    """The holders of a post, of whom there is one at a time (IN-09)."""

    def clean(self):
        super().clean()
        kept = [f for f in self.forms if f.is_valid() and f.cleaned_data.get("holder") and not f.cleaned_data.get("DELETE")]
        for i, form in enumerate(kept):
            for other in kept[:i]:
                if Appointment.overlaps(form.instance, other.instance):
                    form.add_error(None, overlap_sentence(other.instance))


def overlap_sentence(other):
    """Return the refusal of a second holder, which says until when the first one holds."""
    when = " ".join(
        filter(None, [other.starts_on and f"from {date_words(other.starts_on)}", other.ends_on and f"to {date_words(other.ends_on)}"])
    )
    return f"{other.holder} holds this post{' ' + when if when else ', without dates'}. Give that row an end date, or this one another start."
