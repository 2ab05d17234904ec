from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playlist", "0021_turns")]

    operations = [
        migrations.AddField("playlist", "rules_json", models.TextField(db_default="{}", default="{}")),
        migrations.AlterField(
            "playlist",
            "policy",
            models.CharField(
                choices=[("open", "Open"), ("hosted", "Hosted"), ("custom", "Custom")], default="open", max_length=8
            ),
        ),
    ]
