"""Tables of the register that people bring from spreadsheets and take away in them.

A room registers a Table with its Resource (django-import-export): the columns, their parsers and the natural key by which a
row of the file meets a row of the register. ``check`` is the dry run, ``carry_out`` the same for good, all or nothing.
"""
from dataclasses import dataclass, field

import tablib
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from import_export import resources
from import_export.fields import Field
from import_export.instance_loaders import ModelInstanceLoader
from import_export.results import RowResult

from masa.partnerships.models import Organisation
from masa.work.register import access
from masa.work.register.cells import FoundRow

NEW, CHANGED, SAME, WRONG = "new", "changed", "unchanged", "error"
_registered = {}


@dataclass(frozen=True)
class Table:
    """A table that can be imported and exported. ``purpose`` says in a sentence what one row is."""

    slug: str
    title: str
    purpose: str
    resource: type

    @property
    def model(self):
        return self.resource._meta.model

    @property
    def columns(self):
        """The Fields of the table in order."""
        made = self.resource()
        return [made.fields[name] for name in made.get_import_order()]


@dataclass
class Outcome:
    """What becomes of one row of the file."""

    number: int
    state: str
    name: str
    cells: list = field(default_factory=list)  # [(column, before, after)]
    errors: list = field(default_factory=list)  # [(column or "", sentence)]


@dataclass
class Report:
    """What becomes of a file: ``problems`` concern it as a whole, ``notes`` say what was not read."""

    outcomes: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    sheet: str = ""

    @property
    def fits(self):
        return not self.problems and not self.count(WRONG)

    @property
    def changes_anything(self):
        return self.fits and bool(self.count(NEW) + self.count(CHANGED))

    def count(self, state):
        """Return the number of rows of a state."""
        return sum(outcome.state == state for outcome in self.outcomes)


def register(table):
    """Make a table known."""
    _registered[table.slug] = table


def get(slug):
    """Return the table of a slug, or None."""
    return _registered.get(slug)


def every():
    """Return all tables in the order in which they were registered."""
    return list(_registered.values())


def for_model(model):
    """Return the table of a model, or None."""
    return next((table for table in _registered.values() if table.model is model), None)


# One row of a file and one row of the register ------------------------------------------------------------------------


class RegisterResource(resources.Resource):
    """The columns of a table. ``Meta.import_id_fields`` is the natural key; ``needs`` the columns a file must have."""

    needs = ()

    class Meta:
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        store_instance = True
        skip_html_diff = True
        instance_loader_class = ModelInstanceLoader

    def before_import(self, dataset, **kwargs):
        self.context = kwargs

    def _check_import_id_fields(self, headers):
        """Leave this to ``needs``: a part of the natural key that a file has no column for is not part of its key."""

    def get_queryset(self):
        return self._meta.model._default_manager.all()

    def rows_of(self, partnership):
        """Return the rows of a partnership; of a shared table all rows, for everyone reads them."""
        path = access.path_of(self._meta.model)
        return self.get_queryset().filter(**{path: partnership}) if path else self.get_queryset()

    def init_instance(self, row=None):
        made = self._meta.model()
        if access.has_field(self._meta.model, "partnership"):
            made.partnership = self.context["partnership"]
        if isinstance(made, Organisation):
            made.owner = self.context["partnership"]
        return made

    def get_instance(self, instance_loader, row):
        """Return the row of the register that this row of the file means, by the natural key, or None."""
        try:
            key = {self.fields[name].attribute: self.fields[name].clean(row, **self.context) for name in self.key_of(row)}
        except ValueError:
            return None  # the cell is said to be wrong when the row is read
        found = list(self.rows_of(self.context["partnership"]).filter(**{k: v for k, v in key.items() if v not in (None, "")}, **blanks(key))[:2])
        if len(found) > 1:
            raise ValidationError("The register holds two rows that this could mean. Change the one you mean on its own page.")
        return found[0] if found else None

    def key_of(self, row):
        """Return the names of the natural key that this file has columns for."""
        return [name for name in self._meta.import_id_fields if self.fields[name].column_name in row]

    def skip_row(self, instance, original, row, import_validation_errors=None):
        if instance.pk is None:
            return False
        return super().skip_row(instance, original, row, import_validation_errors)

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        if access.is_shared(type(instance)) and not import_validation_errors:
            self.check_keeper(instance)
        super().validate_instance(instance, import_validation_errors, validate_unique)

    def check_keeper(self, row):
        """Refuse to change a shared row that another partnership keeps."""
        if not access.may_change(self.context["by"], row):
            raise ValidationError("Another partnership keeps this record. You may read it and not change it.")

    def do_instance_save(self, instance, is_create):
        instance._change_reason = self.context["reason"]
        try:
            with transaction.atomic():  # a row that the database refuses leaves the others standing
                super().do_instance_save(instance, is_create)
        except IntegrityError:
            raise ValidationError("This row does not fit with another one: they say the same thing twice, or overlap in time.") from None


def blanks(key):
    """Return the filters for the parts of a natural key that a row leaves empty."""
    return {(f"{name}__isnull" if value is None else name): (True if value is None else value) for name, value in key.items() if value in (None, "")}


# A file ---------------------------------------------------------------------------------------------------------------


def check(table, sheet, *, partnership, by):
    """Return the Report of what an import would do. Everything is tried and taken back."""
    return run(table, sheet, partnership=partnership, by=by, dry_run=True)


def carry_out(table, sheet, *, partnership, by):
    """Import a sheet, all rows or none, and return the Report."""
    return run(table, sheet, partnership=partnership, by=by, dry_run=False)


def run(table, sheet, *, partnership, by, dry_run):
    report = Report(notes=[f"{name[0].upper()}{name[1:]} was not read." for name in sheet.hidden], sheet=sheet.name)
    resource = table.resource()
    placed = place_columns(resource, sheet.rows[0], report)
    if report.problems:
        return report
    data = tablib.Dataset(headers=[column for column, _ in placed])
    for row in sheet.rows[1:]:
        data.append([row[at] if at < len(row) else "" for _, at in placed])
    twice = said_twice(resource, data, sheet.numbers[1:])
    result = resource.import_data(
        data, dry_run=dry_run or bool(twice), use_transactions=True, rollback_on_validation_errors=True, raise_errors=False,
        partnership=partnership, by=by, found={}, reason=f"Imported from {sheet.name}"[:100],
    )  # fmt: skip
    if result.base_errors:
        raise result.base_errors[0].error
    report.outcomes = [outcome_of(resource, number, row) for number, row in zip(sheet.numbers[1:], result.rows, strict=True)]
    for outcome in report.outcomes:
        if outcome.number in twice:
            outcome.state = WRONG
            outcome.errors.append(("", f"Row {twice[outcome.number]} says the same thing already. Keep one of the two."))
    return report


def place_columns(resource, headings, report):
    """Return [(column name, position)] of the headings that the table knows, and say in the report what is amiss."""
    known = {tidy(resource.fields[name].column_name): resource.fields[name].column_name for name in resource.get_import_order()}
    placed = []
    for position, heading in enumerate(headings):
        column = known.get(tidy(heading))
        if column is None:
            if heading:
                report.notes.append(f"The column “{heading}” is not one of this table and was not read.")
        elif column in dict(placed):
            report.problems.append(f"The column “{column}” stands there twice. Remove one of them.")
        else:
            placed.append((column, position))
    here = dict(placed)
    for name in resource.needs:
        column = resource.fields[name].column_name
        if column not in here:
            report.problems.append(f"The column “{column}” is missing. Headings stand in the first row.")
    return placed


def tidy(heading):
    """Return a heading as it is compared: small letters, single spaces."""
    return " ".join(heading.lower().split())


def said_twice(resource, data, numbers):
    """Return {row: earlier row} of rows with the same natural key, which would undo each other."""
    seen, twice = {}, {}
    for number, row in zip(numbers, data.dict, strict=True):
        key = tuple(tidy(row[resource.fields[name].column_name]) for name in resource.key_of(row))
        if key in seen and any(key):
            twice[number] = seen[key]
        seen.setdefault(key, number)
    return twice


def outcome_of(resource, number, row):
    """Return what became of one row, in words."""
    states = {RowResult.IMPORT_TYPE_NEW: NEW, RowResult.IMPORT_TYPE_UPDATE: CHANGED, RowResult.IMPORT_TYPE_SKIP: SAME}
    outcome = Outcome(number, states.get(row.import_type, WRONG), "")
    if row.validation_error is not None:
        outcome.errors = errors_of(resource, row.validation_error)
    elif row.errors:
        raise row.errors[0].error  # a fault of ours, not of the file
    else:
        outcome.name = str(row.instance)
        outcome.cells = cells_of(resource, row)
    return outcome


def errors_of(resource, error):
    """Return [(column, sentence)] of a refusal, in the file's own headings."""
    columns = {field.attribute: field.column_name for field in resource.fields.values()}
    if not hasattr(error, "error_dict"):
        return [("", message) for message in error.messages]
    return [
        (columns.get(name, "") if name != NON_FIELD_ERRORS else "", message)
        for name, messages in error.message_dict.items() for message in messages
    ]  # fmt: skip


def cells_of(resource, row):
    """Return [(column, before, after)] of the cells that differ; of a new row those that are filled."""
    if row.import_type == RowResult.IMPORT_TYPE_SKIP:
        return []
    columns = [resource.fields[name] for name in resource.get_import_order()]
    before = {c.column_name: c.export(row.original) if row.original is not None else "" for c in columns}
    after = {c.column_name: c.export(row.instance) for c in columns}
    return [(name, before[name], after[name]) for name in after if before[name] != after[name]]


def lines_of(table, partnership):
    """Return (headings, rows) of a table for export: the same columns that are imported, so that a round trip changes nothing."""
    resource = table.resource()
    columns = [resource.fields[name] for name in resource.get_import_order()]
    related = [c.attribute for c in columns if isinstance(c.widget, FoundRow)]
    rows = resource.rows_of(partnership).select_related(*related)
    return [c.column_name for c in columns], [[c.export(row) for c in columns] for row in rows]


def column(attribute, heading, cell):
    """Return a column: the attribute of the row, the heading in the file, the parser of its cells."""
    return Field(attribute=attribute, column_name=heading, widget=cell)
