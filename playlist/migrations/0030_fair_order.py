from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playlist", "0029_blocked")]

    operations = [
        migrations.AlterField(
            "playlist",
            "order",
            models.CharField(
                choices=[("manual", "Manual"), ("votes", "Votes"), ("fair", "Fair")], default="manual", max_length=8
            ),
        ),
    ]
