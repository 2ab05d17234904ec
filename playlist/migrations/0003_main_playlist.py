"""The playlist `main`, which always exists: public, open, without a host."""

from django.db import migrations

from playlist.clock import database_now, to_ms
from playlist.models import MAIN_SLUG, new_stamp


def create_main(apps, schema_editor):
    apps.get_model("playlist", "Playlist").objects.get_or_create(
        slug=MAIN_SLUG,
        defaults={
            "name": "Main",
            "visibility": "public",
            "stamp": new_stamp(),
            "playback_changed_at_ms": to_ms(database_now()),
        },
    )


class Migration(migrations.Migration):
    dependencies = [("playlist", "0002_search_index")]
    operations = [migrations.RunPython(create_main, migrations.RunPython.noop)]
