"""What undo reads: what events replaced, and which events they undo; and removed items that stay as long as the log."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playlist", "0022_rules")]

    operations = [
        # All of them null, so that no database writes the log anew.
        migrations.AddField("event", "before", models.TextField(null=True)),
        migrations.AddField("event", "undoes", models.PositiveBigIntegerField(null=True)),
        migrations.AddField("event", "chain", models.PositiveBigIntegerField(null=True)),
        migrations.AddField("event", "is_redo", models.BooleanField(null=True)),
        migrations.AddField("event", "voter_key", models.CharField(max_length=80, null=True)),
        migrations.AddIndex(
            "event",
            models.Index(
                condition=models.Q(("chain__isnull", False)),
                fields=["playlist", "chain", "revision"],
                name="event_by_chain",
            ),
        ),
        migrations.AddIndex(
            "event",
            models.Index(
                condition=models.Q(("type", "playlist.reordered")),
                fields=["playlist", "revision"],
                name="event_that_renumbers",
            ),
        ),
        # The unique constraint serves as the foreign key's index. SQLite would copy the log for AlterField.
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL("DROP INDEX IF EXISTS playlist_event_playlist_id_17423bae", migrations.RunSQL.noop)],
            [
                migrations.AlterField(
                    "event",
                    "playlist",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="playlist.playlist",
                    ),
                )
            ],
        ),
        migrations.AddField("removeditem", "title", models.CharField(db_default="", default="", max_length=500)),
        migrations.AddField("removeditem", "artist", models.CharField(db_default="", default="", max_length=500)),
        migrations.AddField("removeditem", "revision", models.PositiveBigIntegerField(null=True)),
    ]
