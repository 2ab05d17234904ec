"""A server of the version before 0005 knows nothing of removed items, and could delete no room that has some."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playlist", "0012_allowances")]

    operations = [
        migrations.AlterField(
            "removeditem",
            "playlist",
            models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="removed_items",
                to="playlist.playlist",
            ),
        ),
    ]
