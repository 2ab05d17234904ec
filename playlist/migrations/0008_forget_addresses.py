"""Earlier versions kept the addresses of people who logged in, in clear and for ever, in the tables of axes."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def forget(apps: Any, schema_editor: Any) -> None:
    for model in ("AccessAttempt", "AccessLog", "AccessFailureLog"):
        apps.get_model("axes", model).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("playlist", "0007_usernames"),
        ("axes", "0010_accessattemptexpiration"),
    ]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
