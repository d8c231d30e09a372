"""What was frozen stays frozen in the database itself: triggers on SQLite and PostgreSQL refuse to change it.

Django remakes a table on SQLite when a column changes and drops its triggers without a word, so they are installed
afresh after every migration, and a system check finds any that are missing.
"""
from dataclasses import dataclass

from django.apps import apps
from django.core.checks import Warning, register
from django.db import connections, transaction

from masa.publishing.models import REMOVED_HEADING, Edition
from masa.publishing.states import MOVES, State

SAY_FROZEN = "frozen: this text was submitted and cannot change"
SAY_KEPT = "kept: this row is never changed or deleted"
SAY_MOVE = "not a legal move of an edition"
SAY_HOLDERS = "overlap: someone else holds this post in that period"


#: What an edition becomes that is published without sign-off: a reconstruction, or an archive edition.
UNSIGNED = {State.PUBLISHED, State.SUPERSEDED}


@dataclass(frozen=True)
class Guard:
    """A trigger: refuse ``event`` on ``table`` when ``condition`` holds. The condition is SQL that both engines read."""

    table: str
    event: str  # INSERT, UPDATE or DELETE
    condition: str
    says: str
    suffix: str = ""

    @property
    def name(self):
        return f"masa_{self.table}_{self.event.lower()}{self.suffix}"


def guards():
    """Return every guard that the database must hold."""
    return [*edition_guards(), *part_of_edition_guards(), *append_only_guards(), *payload_guards(), *holder_guards()]


def table(label):
    """Return the table name of a model."""
    return apps.get_model(label)._meta.db_table


def quoted(values):
    """Return SQL literals for a set of state values, in a fixed order."""
    return ", ".join(f"'{value}'" for value in sorted(values))


def edition_guards():
    """A frozen edition keeps its facts and moves only along the table; one that is past draft cannot be deleted."""
    name = table("publishing.Edition")
    fixed = [f.column for f in Edition._meta.concrete_fields if f.name not in Edition.MOVING and not f.primary_key]
    changed = " OR ".join(differs(f"OLD.{column}", f"NEW.{column}") for column in fixed)
    illegal = " AND ".join(
        f"NOT (OLD.state = '{start}' AND NEW.state IN ({quoted(to | (UNSIGNED if start == State.DRAFT else set()))}))"
        for start, to in MOVES.items() if to
    )
    made_here = f"OLD.state = '{State.DRAFT}' AND NEW.state IN ({quoted(UNSIGNED)}) AND OLD.origin = '{Edition.Origin.MADE}'"
    yield Guard(name, "UPDATE", f"OLD.state <> '{State.DRAFT}' AND ({changed})", SAY_FROZEN, "_frozen")
    yield Guard(name, "UPDATE", f"OLD.state <> NEW.state AND ((({illegal})) OR ({made_here}))", SAY_MOVE, "_move")
    yield Guard(name, "DELETE", f"OLD.state <> '{State.DRAFT}'", SAY_FROZEN)


def differs(old, new):
    """Return SQL that is true when two columns differ, empty values included."""
    return f"({old} <> {new} OR ({old} IS NULL) <> ({new} IS NULL))"


def part_of_edition_guards():
    """Sections, blocks, attachments and answers of a frozen edition do not change; a removed section may be emptied."""
    edition, section = table("publishing.Edition"), table("publishing.Section")
    removal, part = table("publishing.Removal"), table("publishing.SignedPart")

    def frozen(row, key="edition_id"):
        return f"EXISTS (SELECT 1 FROM {edition} e WHERE e.id = {row}.{key} AND e.state <> '{State.DRAFT}')"

    emptied = (
        f"NEW.body = '' AND NEW.heading IN (OLD.heading, '{REMOVED_HEADING}') AND NEW.edition_id = OLD.edition_id AND EXISTS (SELECT 1 FROM {removal} r"
        f" JOIN {part} p ON p.id = r.part_id JOIN {edition} e ON e.signed_text_id = p.signed_text_id"
        f" WHERE e.id = OLD.edition_id AND REPLACE(p.part_id, '-', '') = REPLACE(CAST(OLD.uid AS CHAR(36)), '-', ''))"
    )
    yield Guard(section, "UPDATE", f"({frozen('OLD')} OR {frozen('NEW')}) AND NOT ({emptied})", SAY_FROZEN)
    yield Guard(section, "INSERT", frozen("NEW"), SAY_FROZEN)
    yield Guard(section, "DELETE", frozen("OLD"), SAY_FROZEN)
    for label in ("publishing.Attachment", "publishing.Answer"):
        yield Guard(table(label), "INSERT", frozen("NEW"), SAY_FROZEN)
        yield Guard(table(label), "UPDATE", f"{frozen('OLD')} OR {frozen('NEW')}", SAY_FROZEN)
        yield Guard(table(label), "DELETE", frozen("OLD"), SAY_FROZEN)
    block = table("publishing.SectionBlock")
    for event, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
        held = f"EXISTS (SELECT 1 FROM {section} s JOIN {edition} e ON e.id = s.edition_id WHERE s.id = {row}.section_id AND e.state <> '{State.DRAFT}')"
        yield Guard(block, event, held, SAY_FROZEN)


#: Rows that are added and then neither changed nor deleted, by anyone.
APPEND_ONLY = (
    "publishing.SignedText", "publishing.SignedPart", "publishing.SignOff", "publishing.SignOffConfirmation", "publishing.Removal",
    "publishing.JournalRow", "publishing.Record", "accounts.AuditRow",
)


def append_only_guards():
    """Signed texts, sign-offs, the journal, records and the audit log are only added to."""
    for label in APPEND_ONLY:
        yield Guard(table(label), "UPDATE", "1 = 1", SAY_KEPT)
        yield Guard(table(label), "DELETE", "1 = 1", SAY_KEPT)


def payload_guards():
    """A payload never changes; it goes only when its removal is recorded."""
    payload, removal = table("publishing.PartPayload"), table("publishing.Removal")
    yield Guard(payload, "UPDATE", "1 = 1", SAY_KEPT)
    yield Guard(payload, "DELETE", f"NOT EXISTS (SELECT 1 FROM {removal} r WHERE r.part_id = OLD.part_id)", SAY_KEPT)
    yield Guard(payload, "INSERT", f"EXISTS (SELECT 1 FROM {removal} r WHERE r.part_id = NEW.part_id)", SAY_KEPT)
    journal = table("publishing.JournalPayload")
    yield Guard(journal, "UPDATE", "1 = 1", SAY_KEPT)
    yield Guard(journal, "DELETE", "1 = 1", SAY_KEPT)


def holder_guards():
    """One holder of a post at a time (IN-09)."""
    appointment = table("partnerships.Appointment")
    overlap = (
        f"EXISTS (SELECT 1 FROM {appointment} a WHERE a.post_id = NEW.post_id AND a.id <> NEW.id"
        " AND (a.ends_on IS NULL OR NEW.starts_on IS NULL OR a.ends_on >= NEW.starts_on)"
        " AND (NEW.ends_on IS NULL OR a.starts_on IS NULL OR NEW.ends_on >= a.starts_on))"
    )
    yield Guard(appointment, "INSERT", overlap, SAY_HOLDERS)
    yield Guard(appointment, "UPDATE", overlap, SAY_HOLDERS)


# Installing ----------------------------------------------------------------------------------------------------------


def sqlite_sql(guard):
    """Return the statements that put a guard into SQLite. An INSERT is asked afterwards, when the row has its id."""
    when = "AFTER" if guard.event == "INSERT" else "BEFORE"
    return [
        f"DROP TRIGGER IF EXISTS {guard.name}",
        f"CREATE TRIGGER {guard.name} {when} {guard.event} ON {guard.table} WHEN {guard.condition}"
        f" BEGIN SELECT RAISE(ABORT, '{guard.says}'); END",
    ]


def postgresql_sql(guard):
    """Return the statements that put a guard into PostgreSQL."""
    when = "AFTER" if guard.event == "INSERT" else "BEFORE"
    returned = "OLD" if guard.event == "DELETE" else "NEW"
    return [
        f"DROP TRIGGER IF EXISTS {guard.name} ON {guard.table}",
        f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $masa$ BEGIN"
        f" IF {guard.condition} THEN RAISE EXCEPTION '{guard.says}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        f" RETURN {returned}; END $masa$",
        f"CREATE TRIGGER {guard.name} {when} {guard.event} ON {guard.table} FOR EACH ROW EXECUTE FUNCTION {guard.name}()",
    ]


def no_truncate_sql(name):
    """Return the statements that refuse TRUNCATE, which passes row triggers by, on PostgreSQL."""
    return [
        f"DROP TRIGGER IF EXISTS masa_{name}_truncate ON {name}",
        f"CREATE OR REPLACE FUNCTION masa_{name}_truncate() RETURNS trigger LANGUAGE plpgsql AS $masa$ BEGIN"
        f" RAISE EXCEPTION '{SAY_KEPT}' USING ERRCODE = 'integrity_constraint_violation'; END $masa$",
        f"CREATE TRIGGER masa_{name}_truncate BEFORE TRUNCATE ON {name} FOR EACH STATEMENT EXECUTE FUNCTION masa_{name}_truncate()",
    ]


def statements(vendor):
    """Return every statement that installs the guards on an engine."""
    if vendor == "sqlite":
        return [sql for guard in guards() for sql in sqlite_sql(guard)]
    kept = sorted({guard.table for guard in guards() if guard.event == "DELETE"})
    return [sql for guard in guards() for sql in postgresql_sql(guard)] + [sql for name in kept for sql in no_truncate_sql(name)]


def install(using="default", **_signal):
    """Install every guard whose table is there. Runs after each migration; running it twice changes nothing."""
    connection = connections[using]
    present = set(connection.introspection.table_names())
    if not {guard.table for guard in guards()} <= present:
        return  # part of a new database is still to be migrated: the last migration installs them
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for sql in statements(connection.vendor):
            cursor.execute(sql)


def make_way(using="default", plan=(), **_signal):
    """Lift the guards before migrations run: SQLite cannot remake a table that a trigger of another table names."""
    if plan:
        lift(using)


def lift(using="default"):
    """Drop every guard. Only a migration calls it, which installs them again, and the tests' flush between stories."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for name, on in installed(connection).items():
            cursor.execute(f"DROP TRIGGER {name}" if connection.vendor == "sqlite" else f"DROP TRIGGER {name} ON {on}")


def installed(connection):
    """Return ``{trigger: table}`` of the guards that the database holds."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'masa\\_%' ESCAPE '\\'")
        else:
            cursor.execute(
                "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE NOT t.tgisinternal AND t.tgname LIKE 'masa\\_%'"
            )
        return dict(cursor.fetchall())


def missing(using="default"):
    """Return the names of guards that the database should hold and does not, in order."""
    return sorted({guard.name for guard in guards()} - set(installed(connections[using])))


@register("database")
def check_guards(app_configs, databases, **_options):
    """System check (run by ``migrate`` and ``check --database``): every guard is in place. A warning, since migrating mends it."""
    missed = []
    for using in databases or []:
        if table("publishing.Edition") in connections[using].introspection.table_names() and (gone := missing(using)):
            missed.append(Warning(f"Triggers are missing from the database: {', '.join(gone)}.", hint="Run manage.py migrate.", id="publishing.W001"))
    return missed
