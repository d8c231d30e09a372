"""Turns the rows of a file into rows of the register, by the table of what a file may hold."""
from dataclasses import dataclass, field

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from arrangements.samples.reading import SampleFile
from arrangements.samples.table import SHARED
from arrangements.samples.values import Refused, shown, value_of
from masa.partnerships.models import Appointment, Organisation, Post

#: A row with problems of its own: rows that refer to it do not report it again.
BROKEN = object()
#: A row that is left out because the register has one in its place already.
LEFT_OUT = object()


@dataclass
class Names:
    """The rows that can be referred to, by model and name. ``before``: shared rows that were in the register before this run."""

    rows: dict = field(default_factory=dict)
    before: set = field(default_factory=set)

    def find(self, model, name):
        """Return the row, BROKEN, or None when there is none."""
        if (model, name) not in self.rows and model in SHARED:
            return model._base_manager.filter(slug=name).first()
        return self.rows.get((model, name))

    def kept(self, model, name):
        """Say whether a shared row was in the register before this run, and remember it if so."""
        if model not in SHARED or (model, name) in self.rows:
            return False
        row = model._base_manager.filter(slug=name).first()
        if row is not None:
            self.rows[model, name] = row
            self.before.add(row)
        return row is not None


@dataclass
class Reader:
    """Reads the rows of one file.

    now: the instant that the rows' history gives. shared: the Names that all files share; own: those of this file alone.
    """

    file: SampleFile
    now: object
    shared: Names
    own: Names = field(default_factory=Names)
    partnership: object = None
    organisations: list = field(default_factory=list)

    def rows(self, where, raw, shape, parent=None):
        """Make the rows of a list. ``where``: its name in the file. ``parent``: the row it stands in, which may be BROKEN."""
        if not isinstance(raw, list):
            self.file.refuse(where, "row", "Write a list here: each row begins with a hyphen.")
            return
        labels = [label(where, number, entry) for number, entry in enumerate(raw, 1)]
        made = [self.row(at, entry, shape, parent, number) for number, (at, entry) in enumerate(zip(labels, raw, strict=True), 1)]
        for at, entry, row in zip(labels, raw, made, strict=True):
            if isinstance(entry, dict) and row is not LEFT_OUT:
                self.fill_in(at, entry, shape, row)
                self.children(at, entry, shape, row, shape.after)

    def row(self, where, raw, shape, parent=None, number=0):
        """Make one row and the rows inside it. Returns the row, BROKEN or LEFT_OUT."""
        if not isinstance(raw, dict):
            self.file.refuse(where, "row", f"“{shown(raw)}” is not a row. Write names with values, such as “slug: north”.")
            return BROKEN
        name = self.name_of(where, raw, shape)
        names = self.names_of(shape.model)
        if name and names.kept(shape.model, name):
            return LEFT_OUT
        row = self.made(where, raw, shape, parent, number)
        if name:
            names.rows[shape.model, name] = row
        if row is not LEFT_OUT:
            self.children(where, raw, shape, row, [child for child in shape.children if child not in shape.after])
        return row

    def children(self, where, raw, shape, row, names):
        """Make the rows that stand inside ``row`` under these names."""
        for name in names:
            if raw.get(name) is not None:
                self.rows(f"{where}: {name}", raw[name], shape.children[name], row)

    def names_of(self, model):
        return self.shared if model in SHARED else self.own

    def name_of(self, where, raw, shape):
        """Return the name by which others refer to this row, or "". A missing slug or a name used before is a problem."""
        name = raw.get(shape.named_by)
        if name is None:
            if shape.named_by == "slug":
                self.file.refuse(where, "slug", "The row needs a slug: a word of small letters, figures and hyphens.")
            return ""
        if isinstance(name, bool) or not isinstance(name, str | int):
            self.file.refuse(where, shape.named_by, f"“{shown(name)}” is not a name. Write a word of small letters, figures and hyphens.")
            return ""
        if (shape.model, str(name)) in self.names_of(shape.model).rows:
            self.file.refuse(where, shape.named_by, f"“{name}” is the name of an earlier row. Give this row a name of its own.")
            return ""
        return str(name)

    def made(self, where, raw, shape, parent, number):
        """Check and save one row without the rows inside it. Returns the row, BROKEN or LEFT_OUT."""
        found = len(self.file.problems)
        values, lists = self.values(where, raw, shape)
        on_broken = BROKEN in (parent, self.partnership, *values.values(), *(row for rows in lists.values() for row in rows))
        if on_broken or len(self.file.problems) > found:
            return BROKEN
        row = shape.model(**values)
        if shape.parent:
            setattr(row, shape.parent, parent or self.partnership)
        if "partnership" in shape.hidden:
            row.partnership = self.partnership
        if "position" in shape.fields() and "position" not in values:
            row.position = number
        if isinstance(row, Appointment) and self.is_taken(row):
            return LEFT_OUT
        if not self.saved(where, row):
            return BROKEN
        for name, rows in lists.items():
            getattr(row, name).set(rows)
        if isinstance(row, Organisation):
            self.organisations.append(row)
        return row

    def is_taken(self, appointment):
        """Whether a post that was here before has a holder in that period: then what was entered is kept."""
        post = appointment.post
        made_now = (Post, post.slug) in self.shared.rows and post not in self.shared.before
        return not made_now and any(appointment.overlaps(other) for other in Appointment.objects.filter(post=post))

    def saved(self, where, row):
        """Save ``row`` if it is sound, and say whether it was."""
        try:
            row.full_clean()
        except ValidationError as error:
            for name, sentences in error.message_dict.items():
                for sentence in sentences:
                    self.file.refuse(where, "row" if name == NON_FIELD_ERRORS else name, sentence)
            return False
        row._history_date = self.now
        row.save()
        return True

    def values(self, where, raw, shape):
        """Return what the row says of the model's fields, and of its lists of other rows."""
        values, lists, fields = {}, {}, shape.fields()
        for name, value in raw.items():
            if name in shape.children or name in shape.by_hand or (name == "key" and shape.named_by == "key"):
                continue
            if name not in fields:
                self.file.refuse(where, shown(name), f"No row here has this. What it may have: {', '.join(may_have(shape))}.")
            elif value is None or (name in shape.later and self.reference(fields[name], value) in {None, BROKEN}):
                continue
            elif fields[name].many_to_many:
                lists[name] = self.references(where, fields[name], value)
            else:
                values[name] = self.value(where, fields[name], value)
        return values, lists

    def value(self, where, field, raw):
        if field.is_relation:
            return self.required(where, field, raw)
        try:
            return value_of(field, raw)
        except Refused as error:
            self.file.refuse(where, field.name, str(error))

    def references(self, where, field, raw):
        if isinstance(raw, list):
            return [self.required(where, field, name) for name in raw]
        self.file.refuse(where, field.name, "Write a list of slugs here, such as [north, south].")
        return []

    def reference(self, field, raw):
        """Return the row that a value names, BROKEN, or None when there is none."""
        named = isinstance(raw, str | int) and not isinstance(raw, bool)
        return self.names_of(field.related_model).find(field.related_model, str(raw)) if named else None

    def required(self, where, field, raw):
        """Return the row that a value names, or BROKEN, with a problem noted when there is none."""
        row = self.reference(field, raw)
        if row is not None:
            return row
        kind = field.related_model._meta.verbose_name
        self.file.refuse(where, field.name, f"There is no {kind} called “{shown(raw)}”. Write the slug or key of a row that is in the files.")
        return BROKEN

    def fill_in(self, where, raw, shape, row):
        """Set the references that named a row further down."""
        fields, found = shape.fields(), False
        for name in shape.later:
            if raw.get(name) is None or (row is not BROKEN and getattr(row, f"{name}_id")):
                continue
            target = self.required(where, fields[name], raw[name])
            if BROKEN not in (target, row):
                setattr(row, name, target)
                found = True
        if found:
            self.saved(where, row)

    def own_organisations(self):
        """Give the organisations that this file brought to its partnership, which may then change them."""
        for organisation in self.organisations:
            organisation.owner = self.partnership
            self.saved(f"organisations ({organisation.slug})", organisation)


def label(where, number, raw):
    """Return how a row is called in a sentence about it, such as “groups 2 (executive)”."""
    name = raw.get("slug", raw.get("key")) if isinstance(raw, dict) else None
    return f"{where} {number} ({shown(name)})" if isinstance(name, str | int) else f"{where} {number}"


def may_have(shape):
    """Return the names that a row of this shape may have."""
    return [*(["key"] if shape.named_by == "key" else []), *shape.fields(), *shape.children, *shape.by_hand]
