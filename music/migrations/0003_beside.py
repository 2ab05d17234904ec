"""What lies beside a file, and whether its cover is to be made again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("music", "0002_background")]

    operations = [
        migrations.AddField("audiofile", "beside", models.BigIntegerField(db_default=0, default=0)),
        migrations.AddField("audiofile", "cover_unwritten", models.BooleanField(db_default=False, default=False)),
    ]
