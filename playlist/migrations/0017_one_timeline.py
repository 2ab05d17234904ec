from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playlist", "0016_tracks_from_files")]

    operations = [
        migrations.AddField("playlist", "volume", models.PositiveSmallIntegerField(db_default=100, default=100)),
        migrations.AddField("playlist", "playback_clock", models.PositiveIntegerField(db_default=0, default=0)),
        migrations.AddField("playlist", "alive_at_ms", models.BigIntegerField(db_default=0, default=0)),
        migrations.AddField("playlist", "speaker_at_ms", models.BigIntegerField(db_default=0, default=0)),
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("steps", models.PositiveIntegerField()),
            ],
        ),
    ]
