"""The search index of every script: the texts folded anew, and on PostgreSQL trigrams of our own.

pg_trgm knows letters and digits only, and those of the database's locale only: no signs, no emoji, under the locale "C"
nothing but ASCII. So a trigger keeps the trigrams of each text in `grams`, as numbers, under an ordinary GIN index.
Django does not know of the column, and neither does the version before, whose entries get theirs all the same.

Rows are rewritten in chunks, each in a transaction of its own; a migration that was interrupted begins again.
"""

from django.db import migrations, transaction

from playlist.search import indexed_text, sort_key
from playlist.text import fold

_CHUNK = 500
_FOLDED, _GENRE = 500, 100  # widths

_POSTGRESQL = (
    # Two different trigrams may have one number: whoever asks the index looks at the text as well.
    """CREATE OR REPLACE FUNCTION playlist_grams(indexed text) RETURNS integer[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT array_agg(DISTINCT (((a * 7919 + b) * 7919 + c) % 2147483647)::integer)
        FROM (
            SELECT code AS a, lead(code) OVER following AS b, lead(code, 2) OVER following AS c
            FROM (
                SELECT ascii(letter)::bigint AS code, place
                FROM unnest(string_to_array(indexed, NULL)) WITH ORDINALITY AS letters (letter, place)
            ) AS codes
            WINDOW following AS (ORDER BY place)
        ) AS trigrams
        WHERE c IS NOT NULL
    $$""",
    """CREATE OR REPLACE FUNCTION playlist_keep_grams() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.grams := playlist_grams(NEW.text);
        RETURN NEW;
    END $$""",
    # Workers that have to be started first take longer than any search.
    "ALTER TABLE playlist_searchentry ADD COLUMN IF NOT EXISTS grams integer[]",
    "ALTER TABLE playlist_searchentry SET (parallel_workers = 0)",
    "DROP TRIGGER IF EXISTS playlist_search_grams ON playlist_searchentry",
    """CREATE TRIGGER playlist_search_grams BEFORE INSERT OR UPDATE OF text ON playlist_searchentry
    FOR EACH ROW EXECUTE FUNCTION playlist_keep_grams()""",
)
_POSTGRESQL_INDEX = (
    # Without a list of what is pending, which every search would have to read.
    "CREATE INDEX IF NOT EXISTS playlist_search_grams ON playlist_searchentry USING gin (grams) WITH (fastupdate = off)",
    "DROP INDEX IF EXISTS playlist_search_index",
    "ANALYZE playlist_searchentry",
)
_POSTGRESQL_BACK = (
    "DROP TRIGGER playlist_search_grams ON playlist_searchentry",
    "ALTER TABLE playlist_searchentry DROP COLUMN grams",
    "ALTER TABLE playlist_searchentry RESET (parallel_workers)",
    "DROP FUNCTION playlist_keep_grams()",
    "DROP FUNCTION playlist_grams(text)",
    "CREATE INDEX playlist_search_index ON playlist_searchentry USING gin (text gin_trgm_ops)",
)


def _run(statements):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            with schema_editor.connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)

    return run


def _fold_again(apps, schema_editor):
    connection = schema_editor.connection
    for model, source in (("Artist", "name"), ("Album", "title")):
        for rows in _chunks(apps.get_model("playlist", model).objects.all(), connection, "self"):
            _write(connection, rows, folded=lambda row, source=source: fold(getattr(row, source))[:_FOLDED])
    entries = apps.get_model("playlist", "SearchEntry").objects.select_related("track__artist", "track__album")
    # An edit by the version before waits for the track, or is seen here.
    for rows in _chunks(entries, connection, "track"):
        _write(
            connection,
            [entry.track for entry in rows],
            sort_key=lambda track: sort_key(track.title)[:_FOLDED],
            genre_folded=lambda track: fold(track.genre)[:_GENRE],
        )
        _write(connection, rows, text=lambda entry: _text(entry.track))


def _text(track):
    return indexed_text(track.title, track.artist.name, track.album.title if track.album else "")


def _chunks(rows, connection, locked):
    """The rows by id, a chunk after the other, each in a transaction that lasts until the next one is asked for."""
    after = 0
    while True:
        with transaction.atomic(using=connection.alias):
            chunk = list(rows.select_for_update(of=(locked,)).filter(pk__gt=after).order_by("pk")[:_CHUNK])
            if not chunk:
                return
            yield chunk
        after = chunk[-1].pk


def _write(connection, rows, **columns):
    """Set these columns, given as functions of a row."""
    assigned = ", ".join(f"{name} = %s" for name in columns)
    statement = f"UPDATE {rows[0]._meta.db_table} SET {assigned} WHERE id = %s"  # noqa: S608 - names from the code
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(*(value(row) for value in columns.values()), row.pk) for row in rows])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("playlist", "0010_wider_titles")]

    operations = [
        migrations.RunPython(_run(_POSTGRESQL), _run(_POSTGRESQL_BACK)),
        migrations.RunPython(_fold_again, migrations.RunPython.noop),
        migrations.RunPython(_run(_POSTGRESQL_INDEX), migrations.RunPython.noop),
    ]
