"""What a server of an earlier version does to the tables of this one, while they are replaced one after the other."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, models, transaction

from playlist import types, upkeep
from playlist.models import Checkpoint, RemovedItem
from tests.rooms import Room

#: The tables of the first version, from what is in them to what it is in: their constraints are known to every version.
FIRST_TABLES = (
    "playlist_vote",
    "playlist_playlisttrack",
    "playlist_participant",
    "playlist_play",
    "playlist_event",
    "playlist_operation",
)
DELETED_BY_EVERY_VERSION = ("playlist_playlist", "playlist_playlisttrack", "playlist_user")


@pytest.mark.pure
def test_later_tables_keep_no_older_server_from_deleting() -> None:
    for model in apps.get_app_config("playlist").get_models():
        if model._meta.db_table in (*FIRST_TABLES, "playlist_playlist"):
            continue
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and field.related_model._meta.db_table in DELETED_BY_EVERY_VERSION:
                _, _, _, named = field.deconstruct()
                assert named.get("db_constraint") is False, f"{model.__name__}.{field.name} needs db_constraint=False"


@pytest.mark.usefixtures("tracks")
def test_an_older_server_deletes_a_room_with_removed_items_and_checkpoints(room: Room) -> None:
    kept, removed = room.add("track-1", "track-2")
    room.do(types.TrackVote(id=kept, direction="up"))
    room.do(types.TrackRemove(id=removed))
    with transaction.atomic(), connection.cursor() as cursor:
        of_the_room = "SELECT id FROM playlist_playlisttrack WHERE playlist_id = %s"
        for table in FIRST_TABLES:
            rows = f"item_id IN ({of_the_room})" if table == "playlist_vote" else "playlist_id = %s"
            cursor.execute(f"DELETE FROM {table} WHERE {rows}", [room.id])
        cursor.execute("DELETE FROM playlist_playlist WHERE id = %s", [room.id])
    assert (RemovedItem.objects.count(), Checkpoint.objects.count()) == (1, 1)
    upkeep.prune()
    assert not RemovedItem.objects.exists()
    assert not Checkpoint.objects.exists()
