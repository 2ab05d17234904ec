"""The unique constraint of votes, the other way round: it finds all votes of an actor as well."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("playlist", "0005_removed_items")]

    operations = [
        migrations.RemoveConstraint("vote", "unique_vote_per_actor_and_item"),
        migrations.AddConstraint(
            "vote", models.UniqueConstraint(fields=("actor_key", "item"), name="unique_vote_per_actor_and_item")
        ),
    ]
