"""A server of the version before 0005 knows nothing of removed items, and could delete no room that has some.

Nor a user who added a track, one from before 0013.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playlist", "0013_track_added_by")]

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
        migrations.AlterField(
            "track",
            "added_by",
            models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
