"""The full-text index beside the table of search entries: FTS5 on SQLite, a generated column on PostgreSQL.

Everything here may run twice. On SQLite a migration that remakes the table drops its triggers, so they are put back
after every migration, and the index is then built anew.
"""
from django.db import connections, transaction

TABLE, INDEX = "bundle_searchentry", "bundle_searchentry_fts"
_OLD = f"INSERT INTO {INDEX}({INDEX}, rowid, heading, text) VALUES ('delete', old.id, old.heading, old.text);"
_NEW = f"INSERT INTO {INDEX}(rowid, heading, text) VALUES (new.id, new.heading, new.text);"
TRIGGERS = {
    "search_entry_added": f"AFTER INSERT ON {TABLE} BEGIN {_NEW} END",
    "search_entry_removed": f"AFTER DELETE ON {TABLE} BEGIN {_OLD} END",
    "search_entry_changed": f"AFTER UPDATE ON {TABLE} BEGIN {_OLD} {_NEW} END",
}
# Words are what stands between everything else, as on SQLite: an address or a name with hyphens is found by its words.
_WORDS = "to_tsvector('english', regexp_replace({}, '[\\W_]+', ' ', 'g'))"
POSTGRESQL = [
    f"ALTER TABLE {TABLE} ADD COLUMN words tsvector GENERATED ALWAYS AS"
    f" (setweight({_WORDS.format('heading')}, 'A') || setweight({_WORDS.format('text')}, 'B')) STORED",
    f"CREATE INDEX {TABLE}_words ON {TABLE} USING gin (words)",
]
SQLITE = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {INDEX} USING fts5("
    f"heading, text, content='{TABLE}', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2')"
)


def install(using="default", **_signal):
    """Put the index in place if its table is there."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            install_on_sqlite(cursor)
        elif "words" not in {column.name for column in connection.introspection.get_table_description(cursor, TABLE)}:
            for sql in POSTGRESQL:
                cursor.execute(sql)


def install_on_sqlite(cursor):
    """Make the index and its triggers; where a trigger was missing, the index may be behind and is built anew."""
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
    missing = TRIGGERS.keys() - {name for name, in cursor.fetchall()}
    cursor.execute(SQLITE)
    for name in sorted(missing):
        cursor.execute(f"CREATE TRIGGER {name} {TRIGGERS[name]}")
    if missing:
        cursor.execute(f"INSERT INTO {INDEX}({INDEX}) VALUES ('rebuild')")


def remove(using="default"):
    """Take the index away: for a migration that is undone."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in sorted(TRIGGERS):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(f"DROP TABLE IF EXISTS {INDEX}")
        else:
            cursor.execute(f"ALTER TABLE {TABLE} DROP COLUMN IF EXISTS words")
