"""Which password a person's tokens were given for: all that there are were given for the present one."""

import hashlib

from django.db import migrations, models

_CHUNK = 500


def _mark(apps, schema_editor):
    users = apps.get_model("playlist", "User").objects.using(schema_editor.connection.alias)
    after = 0
    while chunk := list(users.filter(pk__gt=after).order_by("pk").only("pk", "password")[:_CHUNK]):
        after = chunk[-1].pk
        for user in chunk:
            user.token_mark = hashlib.sha256(user.password.encode()).hexdigest()[:32]
        users.bulk_update(chunk, ["token_mark"])


class Migration(migrations.Migration):
    dependencies = [("playlist", "0008_forget_addresses")]

    operations = [
        migrations.AddField("user", "token_mark", models.CharField(db_default="", editable=False, max_length=32)),
        migrations.RunPython(_mark, migrations.RunPython.noop),
    ]
