"""One account under all spellings of its name: `username_folded`, unique.

Earlier versions let accounts differ by capitals (on SQLite beyond ASCII, on PostgreSQL all) or by Unicode form. All of
them stay and are found by their exact names; the oldest of several is found by any other spelling, too.
"""

import logging

from django.contrib.auth.hashers import is_password_usable
from django.db import migrations, models

from playlist.text import caseless

_CHUNK, _WIDTH = 500, 450

logger = logging.getLogger(__name__)


def _fold(apps, schema_editor):
    users = apps.get_model("playlist", "User").objects.using(schema_editor.connection.alias)
    holders = {}
    after = 0
    while chunk := list(users.filter(pk__gt=after).order_by("pk").only("pk", "username", "password")[:_CHUNK]):
        after = chunk[-1].pk
        claiming = []
        for user in chunk:
            if not is_password_usable(user.password):
                continue  # a guest
            folded = caseless(user.username)[:_WIDTH]
            holder = holders.setdefault(folded, user)
            if holder is user:
                user.username_folded = folded
                claiming.append(user)
            else:
                logger.warning(
                    "The accounts %r (id %d) and %r (id %d) have the same name but for capitals or its Unicode form. "
                    "Both keep working under their exact names; any other spelling finds %r.",
                    *(holder.username, holder.pk, user.username, user.pk, holder.username),
                )
        users.bulk_update(claiming, ["username_folded"])


class Migration(migrations.Migration):
    dependencies = [("playlist", "0006_found_by_index")]

    operations = [
        migrations.AlterModelManagers("user", []),
        migrations.AddField(
            "user", "username_folded", models.CharField(editable=False, max_length=_WIDTH, null=True, unique=True)
        ),
        migrations.RunPython(_fold, migrations.RunPython.noop),
    ]
