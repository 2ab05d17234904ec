"""Plays by their track, with which rules look up when it was played, and recommendations what was played beside it."""

import django.db.models.deletion
from django.db import migrations, models


def _fill(apps, schema_editor):
    told = "track_json::json ->> 'id'"
    if schema_editor.connection.vendor == "sqlite":
        told = "json_extract(track_json, '$.id')"
    schema_editor.execute(f"UPDATE playlist_play SET track_id = {told} WHERE track_id = ''")  # noqa: S608 - from the code


class Migration(migrations.Migration):
    dependencies = [("playlist", "0019_search_by_fields")]

    operations = [
        migrations.AddField("play", "track_id", models.CharField(db_default="", default="", max_length=64)),
        migrations.RunPython(_fill, migrations.RunPython.noop),
        migrations.AlterField(
            "play",
            "playlist",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="plays",
                to="playlist.playlist",
            ),
        ),
        migrations.AddIndex("play", models.Index(fields=["playlist", "id"], name="play_by_playlist")),
        migrations.AddIndex("play", models.Index(fields=["track_id", "playlist", "played_at"], name="play_by_track")),
    ]
