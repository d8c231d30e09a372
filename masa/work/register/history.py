"""The history of a row for people: who changed what, when, from what to what."""
from dataclasses import dataclass, field

from django.db.models import ForeignKey, ManyToManyField
from django.utils.text import capfirst

from masa.ui.text import date_words

MOST = 200
ADDED, CHANGED, DELETED = "+", "~", "-"
_ACTS = {ADDED: "Added", CHANGED: "Changed", DELETED: "Deleted"}
NOTHING = "(empty)"


@dataclass
class Change:
    """One act on one row."""

    at: object
    who: str
    act: str
    what: str
    reason: str
    fields: list = field(default_factory=list)  # [(label, before, after)]


def of(row, below=()):
    """Return the changes of ``row`` and of its rows of the models ``below``, the latest first, at most ``MOST``."""
    changes = changes_in(type(row), list(row.history.select_related("history_user")[:MOST]))
    for model in below:
        link = next(f for f in model._meta.fields if isinstance(f, ForeignKey) and f.related_model is type(row))
        records = model.history.filter(**{link.attname: row.pk}).select_related("history_user")[:MOST]
        changes += changes_in(model, list(records), leave_out={link.name})
    return sorted(changes, key=lambda change: change.at, reverse=True)[:MOST]


def changes_in(model, records, leave_out=frozenset()):
    """Return the changes that historical records of one model tell, comparing each with the one before it of the same row."""
    earlier, changes = {}, []
    for record in sorted(records, key=lambda r: (r.history_date, r.history_id)):
        before = earlier.get(record.id)
        change = Change(
            record.history_date, str(record.history_user) if record.history_user_id else "the installation itself",
            _ACTS[record.history_type], what_is(model, record), record.history_change_reason or "",
        )  # fmt: skip
        if record.history_type == CHANGED and before is not None:
            change.fields = differences(model, before, record, leave_out)
        if change.fields or record.history_type != CHANGED or change.reason or before is None:
            changes.append(change)
        earlier[record.id] = record
    return changes


def what_is(model, record):
    """Return the kind of a row; its own words are in the fields, or on the page."""
    return model._meta.verbose_name


def differences(model, before, after, leave_out):
    """Return [(label, before, after)] of the fields in which two records differ, in words."""
    delta = after.diff_against(before, foreign_keys_are_objs=True)
    return [
        (capfirst(model._meta.get_field(change.field).verbose_name), in_words(model, change.field, change.old), in_words(model, change.field, change.new))
        for change in delta.changes if change.field not in leave_out
    ]  # fmt: skip


def in_words(model, name, value):
    """Return a value as the register's pages print it."""
    column = model._meta.get_field(name)
    if isinstance(column, ManyToManyField):
        return ", ".join(sorted(str(row[column.m2m_reverse_field_name()]) for row in value)) or NOTHING
    if value is None or value == "":
        return NOTHING
    if value is True or value is False:
        return "yes" if value else "no"
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    return date_words(value) if hasattr(value, "isoformat") and hasattr(value, "day") else str(value)
