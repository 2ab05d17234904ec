"""Why a file could not be made into one that browsers play, and indexes of what is still to be done."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("music", "0001_files_and_scans")]

    operations = [
        migrations.AddField(
            "audiofile", "conversion_reason", models.CharField(blank=True, db_default="", default="", max_length=200)
        ),
        migrations.AddIndex("audiofile", models.Index(fields=["loudness_from", "id"], name="file_by_loudness")),
        migrations.AddIndex("audiofile", models.Index(fields=["format", "id"], name="file_by_format")),
    ]
