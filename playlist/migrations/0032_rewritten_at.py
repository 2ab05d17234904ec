from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playlist", "0031_skip_votes")]

    operations = [
        migrations.AddField("playlist", "rewritten_at", models.DateTimeField(editable=False, null=True)),
    ]
