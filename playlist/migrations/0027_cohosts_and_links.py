import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playlist", "0026_forgetting")]

    operations = [
        migrations.AddField(
            "participant",
            "role",
            models.CharField(
                choices=[("cohost", "Cohost"), ("participant", "Participant")],
                db_default="participant",
                default="participant",
                max_length=16,
            ),
        ),
        migrations.AddField(
            "participant",
            "visited_at",
            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AddIndex(
            "participant",
            models.Index(fields=["user", "-visited_at", "-id"], name="rooms_last_visited"),
        ),
        migrations.CreateModel(
            name="SecretLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("host", "Host"), ("display", "Display")], max_length=8)),
                ("digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                (
                    "playlist",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="secret_links",
                        to="playlist.playlist",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "secretlink",
            models.UniqueConstraint(fields=("playlist", "kind"), name="unique_secret_link_per_kind"),
        ),
        # Nothing is known of earlier visits but when they began.
        migrations.RunSQL("UPDATE playlist_participant SET visited_at = joined_at", migrations.RunSQL.noop),
    ]
