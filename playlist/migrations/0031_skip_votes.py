from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playlist", "0030_fair_order")]

    operations = [
        migrations.AddField("playlist", "skip_json", models.TextField(blank=True, db_default="", default="")),
    ]
