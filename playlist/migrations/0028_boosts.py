import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playlist", "0027_cohosts_and_links")]

    operations = [
        migrations.CreateModel(
            name="Boost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("actor_key", models.CharField(max_length=80)),
                ("address", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "playlist",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="boosts",
                        to="playlist.playlist",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["playlist", "at"], name="boost_by_time")]},
        ),
    ]
