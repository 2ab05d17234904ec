import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playlist", "0028_boosts")]

    operations = [
        migrations.AddField("playlist", "has_blocked", models.BooleanField(db_default=False, default=False)),
        migrations.CreateModel(
            name="Blocked",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("tracks", "Tracks"), ("artists", "Artists")], max_length=8)),
                ("target", models.CharField(max_length=64)),
                (
                    "playlist",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="blocked",
                        to="playlist.playlist",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("playlist", "kind", "target"), name="unique_blocked_thing")
                ],
            },
        ),
    ]
