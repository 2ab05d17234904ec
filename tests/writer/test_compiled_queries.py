"""Queries whose text is kept say what the ORM says."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db.models import QuerySet

from playlist.models import PlaylistTrack, Vote
from playlist.selectors.items import items_by_id
from playlist.sql import CompiledQuery
from playlist.types import TrackVote
from tests.rooms import DORA, Room

COLUMNS = ("id", "votes", "is_playing", "added_at", "played_at", "track__album__title")


def _items(playlists: list[int], ids: list[UUID]) -> QuerySet[PlaylistTrack, tuple[object, ...]]:
    return PlaylistTrack.objects.filter(playlist__in=playlists).filter(pk__in=ids).values_list(*COLUMNS)


@pytest.mark.parametrize("counts", [(1, 5, 2), (5, 1)])
def test_it_finds_what_the_orm_finds_however_many_values(room: Room, counts: tuple[int, ...]) -> None:
    ids = room.add(*(f"track-{number}" for number in range(1, 6)))
    room.do(TrackVote(id=ids[1], direction="up"))
    query = CompiledQuery(_items)
    for count in counts:
        wanted = [*ids[:count], uuid4()]
        assert sorted(query.rows([room.id], wanted)) == sorted(_items([room.id], wanted))
    assert query.rows([room.id + 1], ids) == []


def test_a_query_that_takes_its_values_in_another_order_is_refused(room: Room) -> None:
    (item,) = room.add("track-1")
    turned_round = CompiledQuery(lambda keys, items: Vote.objects.filter(item_id__in=items).filter(actor_key__in=keys))
    with pytest.raises(ValueError, match="takes"):
        turned_round.rows([DORA.key], [item])


def test_nothing_is_asked_for_no_items(room: Room) -> None:
    assert items_by_id(room.row, []) == {}
