"""Why a file could not be made into one that browsers play, and an index of what is still to be measured."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("music", "0001_files_and_scans")]

    operations = [
        migrations.AddField(
            "audiofile", "conversion_reason", models.CharField(blank=True, db_default="", default="", max_length=200)
        ),
        migrations.AddIndex(
            "audiofile", models.Index(fields=["id"], name="file_unmeasured", condition=Q(loudness_from=""))
        ),
    ]
