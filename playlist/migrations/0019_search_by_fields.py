"""Fill the columns of the search with the words of each field, and make the indexes.

Rows are rewritten in chunks, each in a transaction of its own; a migration that was interrupted begins again.
"""

from collections import Counter

import msgspec
from django.db import migrations, transaction

from playlist.search import indexed_text, title_key, words_of

_CHUNK = 500

_SQLITE = (
    "DROP TABLE IF EXISTS playlist_search_index",
    """CREATE VIRTUAL TABLE playlist_search_index USING fts5(text, artist, album, content='playlist_searchentry',
        content_rowid='id', tokenize='trigram case_sensitive 1', detail=column)""",
    "INSERT INTO playlist_search_index(playlist_search_index) VALUES ('rebuild')",
    """CREATE TRIGGER IF NOT EXISTS playlist_search_added AFTER INSERT ON playlist_searchentry BEGIN
        INSERT INTO playlist_search_index(rowid, text, artist, album)
        VALUES (new.id, new.text, new.artist, new.album);
    END""",
    """CREATE TRIGGER IF NOT EXISTS playlist_search_removed AFTER DELETE ON playlist_searchentry BEGIN
        INSERT INTO playlist_search_index(playlist_search_index, rowid, text, artist, album)
        VALUES ('delete', old.id, old.text, old.artist, old.album);
    END""",
    """CREATE TRIGGER IF NOT EXISTS playlist_search_changed AFTER UPDATE OF text, artist, album
    ON playlist_searchentry BEGIN
        INSERT INTO playlist_search_index(playlist_search_index, rowid, text, artist, album)
        VALUES ('delete', old.id, old.text, old.artist, old.album);
        INSERT INTO playlist_search_index(rowid, text, artist, album)
        VALUES (new.id, new.text, new.artist, new.album);
    END""",
)
_SQLITE_BACK = (
    "DROP TRIGGER IF EXISTS playlist_search_added",
    "DROP TRIGGER IF EXISTS playlist_search_removed",
    "DROP TRIGGER IF EXISTS playlist_search_changed",
    "DROP TABLE IF EXISTS playlist_search_index",
)
_POSTGRESQL = (
    "DROP INDEX IF EXISTS playlist_search_near",
    # Without a list of what is pending, which every search would have to read.
    """CREATE INDEX playlist_search_near ON playlist_searchentry USING gin (title_grams, near_grams)
    WITH (fastupdate = off)""",
    "ANALYZE playlist_searchentry",
)
_POSTGRESQL_BACK = ("DROP INDEX playlist_search_near",)


def _fill_names(apps, schema_editor):
    connection = schema_editor.connection
    artists = apps.get_model("playlist", "Artist").objects.values_list("pk", "name")
    albums = apps.get_model("playlist", "Album").objects.values_list("pk", "title", "artist__name")
    for table, rows in (("artist", artists), ("album", albums)):
        after = 0
        while chunk := list(rows.filter(pk__gt=after).order_by("pk")[:_CHUNK]):
            with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
                cursor.executemany(
                    f"UPDATE playlist_{table} SET text = %s WHERE id = %s",  # noqa: S608 - one of two names
                    [(indexed_text(*names), pk) for pk, *names in chunk],
                )
            after = chunk[-1][0]


def _fill(apps, schema_editor):
    connection = schema_editor.connection
    entries = apps.get_model("playlist", "SearchEntry").objects.select_related("track__artist", "track__album")
    words = apps.get_model("playlist", "SearchWord").objects
    after = 0
    while True:
        with transaction.atomic(using=connection.alias):
            # An edit by the version before waits for the track, or is seen here.
            rows = entries.select_for_update(of=("track",)).filter(pk__gt=after).order_by("pk")
            chunk = list(rows[:_CHUNK])
            if not chunk:
                return
            fields = [_fields(entry.track) for entry in chunk]
            with connection.cursor() as cursor:
                cursor.executemany(
                    "UPDATE playlist_searchentry SET text = %s, artist = %s, album = %s, key = %s WHERE id = %s",
                    [
                        (*map(indexed_text, names), title_key(names[0]), entry.pk)
                        for entry, names in zip(chunk, fields, strict=True)
                    ],
                )
            found = sorted({word for names in fields for word in words_of(*names)})
            rows_of_words = [words.model(word=word, backwards=word[::-1], length=len(word)) for word in found]
            words.bulk_create(rows_of_words, ignore_conflicts=True, batch_size=300)
        after = chunk[-1].pk


def _fields(track):
    return track.title, track.artist.name, track.album.title if track.album else ""


def _count_plays(apps, schema_editor):
    plays = Counter()
    for track_json in apps.get_model("playlist", "Play").objects.values_list("track_json", flat=True).iterator():
        plays[msgspec.json.decode(track_json)["id"]] += 1
    statement = "UPDATE playlist_searchentry SET plays = %s, rank = %s WHERE track_id = %s"
    with transaction.atomic(using=schema_editor.connection.alias), schema_editor.connection.cursor() as cursor:
        cursor.executemany(statement, [(count, -min(7, count.bit_length()), track) for track, count in plays.items()])


def _run(on_sqlite, on_postgresql):
    def run(apps, schema_editor):
        connection = schema_editor.connection
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            for statement in on_sqlite if connection.vendor == "sqlite" else on_postgresql:
                cursor.execute(statement)

    return run


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("playlist", "0018_search_that_ranks")]

    operations = [
        migrations.RunPython(_fill_names, migrations.RunPython.noop),
        migrations.RunPython(_fill, migrations.RunPython.noop),
        migrations.RunPython(_count_plays, migrations.RunPython.noop),
        migrations.RunPython(_run(_SQLITE, _POSTGRESQL), _run(_SQLITE_BACK, _POSTGRESQL_BACK)),
    ]
