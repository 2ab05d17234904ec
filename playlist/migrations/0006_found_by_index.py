"""Two unique constraints the other way round, so that their indexes also find what is asked for all the time.

All votes of an actor, whatever the length of the queue; and the operations with certain keys, however many the playlist
remembers.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playlist", "0005_removed_items")]

    operations = [
        migrations.RemoveConstraint("vote", "unique_vote_per_actor_and_item"),
        migrations.AddConstraint(
            "vote", models.UniqueConstraint(fields=("actor_key", "item"), name="unique_vote_per_actor_and_item")
        ),
        migrations.RemoveConstraint("operation", "unique_operation_key"),
        migrations.AddConstraint(
            "operation", models.UniqueConstraint(fields=("playlist", "key", "actor_key"), name="unique_operation_key")
        ),
    ]
