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
    first: str = ""  # what PostgreSQL does before it asks, such as to wait for a row; SQLite has one writer at a time

    @property
    def name(self):
        return f"masa_{self.table}_{self.event.lower()}{self.suffix}"


def guards():
    """Return every guard that the database must hold."""
    return [*edition_guards(), *part_of_edition_guards(), *publication_guards(), *append_only_guards(), *payload_guards(), *holder_guards()]


def table(label):
    """Return the table name of a model."""
    return apps.get_model(label)._meta.db_table


def quoted(values):
    """Return SQL literals for a set of state values, in a fixed order."""
    return ", ".join(f"'{value}'" for value in sorted(values))


def edition_guards():
    """A frozen edition keeps its facts and moves only along the table; dates and people of a move are set once."""
    name = table("publishing.Edition")
    blanked = {"summary", "change_note"}  # emptied when the part that holds them was removed
    fixed = [f.column for f in Edition._meta.concrete_fields if f.name not in Edition.MOVING | blanked and not f.primary_key]
    changed = " OR ".join(differs(f"OLD.{column}", f"NEW.{column}") for column in fixed)
    kept = " OR ".join(f"(NEW.{c} <> OLD.{c} AND NOT (NEW.{c} = '' AND {removed('OLD.signed_text_id', 'about')}))" for c in sorted(blanked))
    illegal = " AND ".join(
        f"NOT (OLD.state = '{start}' AND NEW.state IN ({quoted(to | (UNSIGNED if start == State.DRAFT else set()))}))"
        for start, to in MOVES.items() if to
    )
    made_here = f"OLD.state = '{State.DRAFT}' AND NEW.state IN ({quoted(UNSIGNED)}) AND OLD.origin = '{Edition.Origin.MADE}'"
    resubmitted = f"OLD.state IN ({quoted({State.DRAFT, State.CONSULTATION})})"
    reset = " OR ".join(
        f"(OLD.{column} IS NOT NULL AND {differs(f'OLD.{column}', f'NEW.{column}')})"
        for column in ("published_at", "published_by_id", "superseded_at", "withdrawn_at")
    )
    yield Guard(name, "INSERT", f"NEW.state <> '{State.DRAFT}'", SAY_MOVE)
    yield Guard(name, "UPDATE", f"OLD.state <> '{State.DRAFT}' AND ({changed} OR {kept})", SAY_FROZEN, "_frozen")
    yield Guard(name, "UPDATE", f"OLD.origin <> NEW.origin OR OLD.publication_id <> NEW.publication_id", SAY_KEPT, "_origin")
    yield Guard(name, "UPDATE", f"{differs('OLD.signed_text_id', 'NEW.signed_text_id')} AND NOT {resubmitted}", SAY_FROZEN, "_text")
    yield Guard(name, "UPDATE", reset, SAY_KEPT, "_dates")
    yield Guard(name, "UPDATE", f"OLD.state <> NEW.state AND ((({illegal})) OR ({made_here}))", SAY_MOVE, "_move")
    yield Guard(name, "DELETE", f"OLD.state <> '{State.DRAFT}'", SAY_FROZEN)


def removed(signed_text, part_id):
    """Return SQL that is true when a part of a signed text has been removed. part_id: SQL without quotes for a column, or a word."""
    wanted = part_id if "(" in part_id else f"'{part_id}'"
    return (
        f"EXISTS (SELECT 1 FROM {table('publishing.Removal')} r JOIN {table('publishing.SignedPart')} p ON p.id = r.part_id"
        f" WHERE p.signed_text_id = {signed_text} AND REPLACE(p.part_id, '-', '') = {wanted})"
    )


def plain_uid(column):
    """Return SQL for a uid without its hyphens: SQLite keeps it so, PostgreSQL does not."""
    return f"REPLACE(CAST({column} AS CHAR(36)), '-', '')"


def differs(old, new):
    """Return SQL that is true when two columns differ, empty values included."""
    return f"({old} <> {new} OR ({old} IS NULL) <> ({new} IS NULL))"


def part_of_edition_guards():
    """Sections, blocks, attachments and answers of a frozen edition do not change; what was removed may be emptied."""
    edition, section, answer = table("publishing.Edition"), table("publishing.Section"), table("publishing.Answer")
    attachment, block = table("publishing.Attachment"), table("publishing.SectionBlock")

    def frozen(row):
        return f"EXISTS (SELECT 1 FROM {edition} e WHERE e.id = {row}.edition_id AND e.state <> '{State.DRAFT}')"

    def gone(part_id):
        return f"EXISTS (SELECT 1 FROM {edition} e WHERE e.id = OLD.edition_id AND {removed('e.signed_text_id', part_id)})"

    uid = plain_uid("OLD.uid")
    emptied = {
        section: f"NEW.body = '' AND NEW.heading IN (OLD.heading, '{REMOVED_HEADING}') AND NEW.edition_id = OLD.edition_id AND {gone(uid)}",
        attachment: f"NEW.alt = '' AND NEW.sha256 = '' AND NEW.edition_id = OLD.edition_id AND {gone(uid)}",
        answer: f"NEW.reason = '' AND NEW.status = OLD.status AND NEW.code = OLD.code AND NEW.edition_id = OLD.edition_id AND {gone('answers')}",
    }
    for name, allowed in emptied.items():
        yield Guard(name, "INSERT", frozen("NEW"), SAY_FROZEN)
        yield Guard(name, "UPDATE", f"({frozen('OLD')} OR {frozen('NEW')}) AND NOT ({allowed})", SAY_FROZEN)
        yield Guard(name, "DELETE", frozen("OLD"), SAY_FROZEN)

    def held(row):
        return (
            f"EXISTS (SELECT 1 FROM {section} s JOIN {edition} e ON e.id = s.edition_id"
            f" WHERE s.id = {row}.section_id AND e.state <> '{State.DRAFT}')"
        )

    yield Guard(block, "INSERT", held("NEW"), SAY_FROZEN)
    yield Guard(block, "UPDATE", f"{held('OLD')} OR {held('NEW')}", SAY_FROZEN)
    yield Guard(block, "DELETE", held("OLD"), SAY_FROZEN)


def publication_guards():
    """A publication keeps its address and kind once anything of it was submitted; a scheme is agreed once."""
    name = table("publishing.Publication")
    used = f"EXISTS (SELECT 1 FROM {table('publishing.SignedText')} t WHERE t.publication_id = OLD.id)"
    moved = "OLD.kind <> NEW.kind OR OLD.slug <> NEW.slug OR OLD.partnership_id <> NEW.partnership_id"
    yield Guard(name, "UPDATE", f"({moved}) AND {used}", SAY_KEPT)
    yield Guard(name, "DELETE", used, SAY_KEPT)
    scheme = table("publishing.Scheme")
    fixed = " OR ".join(differs(f"OLD.{c}", f"NEW.{c}") for c in ("partnership_id", "number", "in_force_from", "signed_text_id"))
    yield Guard(scheme, "UPDATE", f"{fixed} OR OLD.agreed_at IS NOT NULL", SAY_KEPT)
    yield Guard(scheme, "DELETE", "1 = 1", SAY_KEPT)


#: Rows that are added and then neither changed nor deleted, by anyone.
APPEND_ONLY = (
    "publishing.SignedText", "publishing.SignedPart", "publishing.SignOff", "publishing.SignOffConfirmation", "publishing.Removal",
    "publishing.JournalRow", "publishing.Record", "publishing.Approval", "publishing.SchemeRule", "accounts.AuditRow",
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
    lock = f"PERFORM 1 FROM {table('partnerships.Post')} WHERE id = NEW.post_id FOR UPDATE;"
    yield Guard(appointment, "INSERT", overlap, SAY_HOLDERS, first=lock)
    yield Guard(appointment, "UPDATE", overlap, SAY_HOLDERS, first=lock)


# Installing ----------------------------------------------------------------------------------------------------------


def when(guard):
    """An INSERT, and on PostgreSQL a change that must wait for others, is asked about afterwards: the row is there by then."""
    return "AFTER" if guard.event == "INSERT" else "BEFORE"


def sqlite_body(guard):
    """Return the statement that makes a guard's trigger, as SQLite keeps it."""
    return (
        f"CREATE TRIGGER {guard.name} {when(guard)} {guard.event} ON {guard.table} WHEN {guard.condition}"
        f" BEGIN SELECT RAISE(ABORT, '{guard.says}'); END"
    )


def postgresql_body(guard):
    """Return the body of a guard's trigger function, as PostgreSQL keeps it."""
    returned = "OLD" if guard.event == "DELETE" else "NEW"
    return f" BEGIN {guard.first} IF {guard.condition} THEN {raising(guard.says)} END IF; RETURN {returned}; END "


def raising(words):
    """Return the PL/pgSQL statement that refuses with words."""
    return f"RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation';"


def postgresql_guards():
    """Yield (trigger, table, event clause, body) for every guard, and against TRUNCATE, which passes row triggers by."""
    for guard in guards():
        yield guard.name, guard.table, f"{when(guard)} {guard.event} ON {guard.table} FOR EACH ROW", postgresql_body(guard)
    for name in sorted({guard.table for guard in guards() if guard.event == "DELETE"}):
        yield f"masa_{name}_truncate", name, f"BEFORE TRUNCATE ON {name} FOR EACH STATEMENT", f" BEGIN {raising(SAY_KEPT)} END "


def statements(vendor):
    """Yield every statement that installs the guards on an engine."""
    if vendor == "sqlite":
        for guard in guards():
            yield f"DROP TRIGGER IF EXISTS {guard.name}"
            yield sqlite_body(guard)
        return
    for name, on, clause, body in postgresql_guards():
        yield f"DROP TRIGGER IF EXISTS {name} ON {on}"
        yield f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $masa${body}$masa$"
        yield f"CREATE TRIGGER {name} {clause} EXECUTE FUNCTION {name}()"


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
        for name, (on, _) in installed(connection).items():
            cursor.execute(f"DROP TRIGGER {name}" if connection.vendor == "sqlite" else f"DROP TRIGGER {name} ON {on}")


def installed(connection):
    """Return ``{trigger: (table, body)}`` of the guards that the database holds and obeys."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'masa\\_%' ESCAPE '\\'")
        else:
            cursor.execute(
                "SELECT t.tgname, c.relname, p.prosrc FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgname LIKE 'masa\\_%'"
            )
        return {name: (on, body) for name, on, body in cursor.fetchall()}


def wanted(vendor):
    """Return ``{trigger: body}`` of the guards that a database of this kind should hold."""
    if vendor == "sqlite":
        return {guard.name: sqlite_body(guard) for guard in guards()}
    return {name: body for name, _, _, body in postgresql_guards()}


def missing(using="default"):
    """Return the names of guards that the database should hold and does not, or not as they should be, in order."""
    connection = connections[using]
    held = {name: body for name, (_, body) in installed(connection).items()}
    return sorted(name for name, body in wanted(connection.vendor).items() if held.get(name) != body)


@register("database")
def check_guards(app_configs, databases, **_options):
    """System check (run by ``migrate`` and ``check --database``): every guard is in place. A warning, since migrating mends it."""
    missed = []
    for using in databases or []:
        if table("publishing.Edition") in connections[using].introspection.table_names() and (gone := missing(using)):
            missed.append(Warning(f"Triggers are missing from the database: {', '.join(gone)}.", hint="Run manage.py migrate.", id="publishing.W001"))
    return missed
