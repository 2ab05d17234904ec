from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playlist", "0015_ran_dry")]

    operations = [
        migrations.AddField(
            "track", "duration_ms", models.PositiveIntegerField(db_default=0, default=0, editable=False)
        ),
        migrations.AddField("track", "track_number", models.PositiveIntegerField(editable=False, null=True)),
        migrations.AddField("track", "disc_number", models.PositiveIntegerField(editable=False, null=True)),
        migrations.AddField("track", "year", models.PositiveIntegerField(editable=False, null=True)),
        migrations.AddField("track", "gain_db", models.FloatField(editable=False, null=True)),
        migrations.AddField("track", "audio_version", models.CharField(editable=False, max_length=16, null=True)),
        migrations.AddField("track", "missing_since", models.DateTimeField(editable=False, null=True)),
        migrations.AddField(
            "track", "edited", models.CharField(blank=True, db_default="", default="", editable=False, max_length=200)
        ),
    ]
