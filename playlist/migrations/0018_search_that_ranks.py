"""Tables and columns for a search that ranks, for favourites and for the orders of the library.

SQLite's index goes: the next migration fills the columns and makes it anew. PostgreSQL's stays and answers meanwhile.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_SQLITE = (
    "DROP TRIGGER IF EXISTS playlist_search_added",
    "DROP TRIGGER IF EXISTS playlist_search_removed",
    "DROP TRIGGER IF EXISTS playlist_search_changed",
    "DROP TABLE IF EXISTS playlist_search_index",
)
_SQLITE_BACK = (
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
_POSTGRESQL = (
    'ALTER TABLE playlist_searchentry ALTER COLUMN key TYPE varchar(200) COLLATE "C"',
    'ALTER TABLE playlist_searchword ALTER COLUMN word TYPE varchar(40) COLLATE "C"',
    'ALTER TABLE playlist_searchword ALTER COLUMN backwards TYPE varchar(40) COLLATE "C"',
    # The trigrams of the title, of title and artist, of all three: each class of matches has an index of its own.
    "ALTER TABLE playlist_searchentry ADD COLUMN title_grams integer[], ADD COLUMN near_grams integer[]",
    """CREATE OR REPLACE FUNCTION playlist_keep_grams() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.title_grams := coalesce(playlist_grams(NEW.text), '{}');
        NEW.near_grams := NEW.title_grams || coalesce(playlist_grams(NEW.artist), '{}');
        NEW.grams := NEW.near_grams || coalesce(playlist_grams(NEW.album), '{}');
        RETURN NEW;
    END $$""",
    "DROP TRIGGER playlist_search_grams ON playlist_searchentry",
    """CREATE TRIGGER playlist_search_grams BEFORE INSERT OR UPDATE OF text, artist, album ON playlist_searchentry
    FOR EACH ROW EXECUTE FUNCTION playlist_keep_grams()""",
)
_POSTGRESQL_BACK = (
    "DROP TRIGGER playlist_search_grams ON playlist_searchentry",
    """CREATE OR REPLACE FUNCTION playlist_keep_grams() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.grams := playlist_grams(NEW.text);
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER playlist_search_grams BEFORE INSERT OR UPDATE OF text ON playlist_searchentry
    FOR EACH ROW EXECUTE FUNCTION playlist_keep_grams()""",
    "ALTER TABLE playlist_searchentry DROP COLUMN title_grams, DROP COLUMN near_grams",
)


def _run(vendor, statements):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == vendor:
            for statement in statements:
                schema_editor.execute(statement, params=None)

    return run


_LISTED = models.Q(deleted_at__isnull=True)


class Migration(migrations.Migration):
    dependencies = [("playlist", "0017_one_timeline")]

    operations = [
        migrations.RunPython(_run("sqlite", _SQLITE), _run("sqlite", _SQLITE_BACK)),
        migrations.AddField("searchentry", "artist", models.TextField(db_default="", default="")),
        migrations.AddField("searchentry", "album", models.TextField(db_default="", default="")),
        migrations.AddField("searchentry", "key", models.CharField(db_default="", default="", max_length=200)),
        migrations.AddField("searchentry", "plays", models.PositiveIntegerField(db_default=0, default=0)),
        migrations.AddField("searchentry", "rank", models.SmallIntegerField(db_default=0, default=0)),
        migrations.AddField("artist", "text", models.TextField(db_default="", default="", editable=False)),
        migrations.AddField("album", "text", models.TextField(db_default="", default="", editable=False)),
        migrations.CreateModel(
            "SearchWord",
            [
                ("word", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("backwards", models.CharField(db_index=True, max_length=40)),
                ("length", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.RunPython(_run("postgresql", _POSTGRESQL), _run("postgresql", _POSTGRESQL_BACK)),
        migrations.AddIndex("searchentry", models.Index(fields=["rank", "key", "id"], name="search_by_rank")),
        migrations.CreateModel(
            "Favorite",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "track",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="favorites",
                        to="playlist.track",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="favorites",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "-id"], name="favorite_by_age")],
                "constraints": [models.UniqueConstraint(fields=("user", "track"), name="unique_favorite")],
            },
        ),
        migrations.AddIndex(
            "track", models.Index(condition=_LISTED, fields=["-created_at", "-id"], name="track_by_age")
        ),
        migrations.AddIndex(
            "track",
            models.Index(
                condition=models.Q(audio_url__isnull=False, deleted_at__isnull=True),
                fields=["sort_key", "id"],
                name="track_with_audio",
            ),
        ),
    ]
