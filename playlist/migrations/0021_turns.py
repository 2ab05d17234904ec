from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playlist", "0020_plays_by_track")]

    operations = [
        migrations.AddField("playlisttrack", "boosted_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("playlisttrack", "because_json", models.TextField(blank=True, db_default="", default="")),
        migrations.AddField("removeditem", "boosted_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("removeditem", "because_json", models.TextField(blank=True, db_default="", default="")),
        migrations.AddField("playlist", "fair_json", models.TextField(blank=True, db_default="", default="")),
    ]
