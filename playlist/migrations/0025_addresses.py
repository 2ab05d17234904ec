from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playlist", "0024_checkpoints")]

    operations = [
        migrations.AddField(
            "participant", "address", models.CharField(blank=True, db_default="", default="", max_length=80)
        ),
        migrations.AddIndex("participant", models.Index(fields=["playlist", "address"], name="participant_by_address")),
    ]
