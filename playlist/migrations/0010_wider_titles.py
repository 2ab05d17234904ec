"""Titles, artists and albums of up to 500 characters, sorted by Unicode's rules where PostgreSQL knows them (ICU)."""

from django.db import migrations, models

# (table, column, type) of what lists are sorted by. The collation is the root of all languages'; a PostgreSQL that was
# built without ICU goes on to sort by the locale of the database.
_SORTED = (
    ("playlist_track", "sort_key", "varchar(500)"),
    ("playlist_track", "genre_folded", "varchar(100)"),
    ("playlist_artist", "folded", "varchar(500)"),
    ("playlist_album", "folded", "varchar(500)"),
)


def _collate(collation):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor != "postgresql":
            return
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu'")
            if cursor.fetchone() is None:
                return
        for table, column, kind in _SORTED:
            schema_editor.execute(f'ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind} COLLATE "{collation}"')

    return run


class Migration(migrations.Migration):
    dependencies = [("playlist", "0009_token_marks")]

    operations = [
        migrations.AlterField("artist", "name", models.CharField(max_length=500, unique=True)),
        migrations.AlterField("artist", "folded", models.CharField(db_index=True, editable=False, max_length=500)),
        migrations.AlterField("album", "title", models.CharField(max_length=500)),
        migrations.AlterField("album", "folded", models.CharField(db_index=True, editable=False, max_length=500)),
        migrations.AlterField("track", "title", models.CharField(max_length=500)),
        migrations.AlterField("track", "sort_key", models.CharField(editable=False, max_length=500)),
        migrations.RunPython(_collate("und-x-icu"), _collate("default")),
    ]
