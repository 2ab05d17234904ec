"""The trigram index behind the library search: FTS5 on SQLite, pg_trgm on PostgreSQL."""

from django.db import migrations

# An external-content index: the text itself stays in playlist_searchentry, triggers keep the two together
# (https://www.sqlite.org/fts5.html#external_content_tables). The text is folded already, hence case_sensitive.
_SQLITE = (
    """CREATE VIRTUAL TABLE playlist_search_index USING fts5(
        text, content='playlist_searchentry', content_rowid='id', tokenize='trigram case_sensitive 1')""",
    """CREATE TRIGGER playlist_search_added AFTER INSERT ON playlist_searchentry BEGIN
        INSERT INTO playlist_search_index(rowid, text) VALUES (new.id, new.text);
    END""",
    """CREATE TRIGGER playlist_search_removed AFTER DELETE ON playlist_searchentry BEGIN
        INSERT INTO playlist_search_index(playlist_search_index, rowid, text) VALUES ('delete', old.id, old.text);
    END""",
    """CREATE TRIGGER playlist_search_changed AFTER UPDATE ON playlist_searchentry BEGIN
        INSERT INTO playlist_search_index(playlist_search_index, rowid, text) VALUES ('delete', old.id, old.text);
        INSERT INTO playlist_search_index(rowid, text) VALUES (new.id, new.text);
    END""",
    "INSERT INTO playlist_search_index(playlist_search_index) VALUES ('rebuild')",
)
_SQLITE_BACK = (
    "DROP TRIGGER playlist_search_added",
    "DROP TRIGGER playlist_search_removed",
    "DROP TRIGGER playlist_search_changed",
    "DROP TABLE playlist_search_index",
)
_POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX playlist_search_index ON playlist_searchentry USING gin (text gin_trgm_ops)",
)
_POSTGRESQL_BACK = ("DROP INDEX playlist_search_index",)


def _run(on_sqlite, on_postgresql):
    def run(apps, schema_editor):
        statements = on_sqlite if schema_editor.connection.vendor == "sqlite" else on_postgresql
        for statement in statements:
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("playlist", "0001_initial")]
    operations = [migrations.RunPython(_run(_SQLITE, _POSTGRESQL), _run(_SQLITE_BACK, _POSTGRESQL_BACK))]
