from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playlist", "0014_track_added_by")]

    operations = [
        migrations.AddField("playlist", "ran_dry", models.BooleanField(db_default=False, default=False)),
    ]
