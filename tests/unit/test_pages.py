"""A snapshot in pages: each within the limit, whoever gets the last one, and nothing lost or twice."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from playlist import types
from playlist.links import playlist_shown
from realtime.encoding import EncodedPages, pages_of
from realtime.frames import SnapshotPage

pytestmark = pytest.mark.pure

LIMIT = 256 * 1024
NOW = datetime(2026, 1, 1, tzinfo=UTC)
PLAYBACK = types.Playback(
    state="stopped", item_id=None, position_seconds=0, started_at_ms=None, server_time_ms=0, volume=100, clock=0
)


def item(title: str) -> types.Item:
    track = types.Track(
        id="track-1", title=title, artist="A", album="", duration_seconds=1, genre="", cover_url=None, audio_url=None,
        duration_ms=1000, artist_id=1, album_id=None, track_number=None, disc_number=None, year=None, gain_db=None,
        audio_version=None, missing=False, added_at=NOW,
    )  # fmt: skip
    return types.Item(
        id=uuid4(), track_id="track-1", track=track, position=1.0, votes=0, added_by="", adder="a", added_at=NOW,
        is_playing=False, played_at=None, boosted_at=None, because=None,
    )  # fmt: skip


def snapshot(items: list[types.Item]) -> types.Snapshot:
    playlist = types.PlaylistRecord(
        id=1, slug="main", name="Ж" * 80, order="manual", policy="open", locked=False, max_queued_per_person=None,
        visibility="public", rules=types.NO_RULES, revision=1, host=None, fair=None, skip=None, playback=PLAYBACK,
        item_count=len(items),
        total_duration_seconds=0, created_at=NOW,
    )  # fmt: skip
    return types.Snapshot(revision=1, stamp="s", playlist=playlist, items=items, playback=PLAYBACK)


def paged(
    whole: types.Snapshot, reason: types.SnapshotReason = "initial", limit_bytes: int = LIMIT
) -> list[SnapshotPage]:
    return pages_of(whole, playlist_shown(whole.playlist, "https://example.org", ""), reason, limit_bytes)


@hypothesis_settings(deadline=None)
@given(st.integers(0, 4000), st.integers(1, 200))
def test_every_page_is_within_the_limit_with_votes_for_everything(count: int, width: int) -> None:
    items = [item("ж" * width)] * count
    votes: dict[UUID, int] = {uuid4(): -1 for _ in items}
    pages = paged(snapshot(items))
    encoded = EncodedPages(pages)
    texts = [str(packet.message["text"]) for packet in (*encoded.before, encoded.last(votes))]
    assert max(len(text.encode()) for text in texts) <= LIMIT
    told = [json.loads(text) for text in texts]
    assert [page["page"] for page in told] == list(range(1, len(told) + 1))
    assert {page["pages"] for page in told} == {len(told)}
    assert sum(len(page["items"]) for page in told) == count
    assert len(told[-1]["my_votes"]) == count


def test_the_first_page_has_room_for_the_turns_of_many_people() -> None:
    whole = snapshot([item("A song with a name of usual length")] * 600)
    turns = {f"{number:024}": 1 for number in range(2000)}
    playlist = msgspec.structs.replace(whole.playlist, fair=types.Fair(round=0, turns=turns))
    encoded = EncodedPages(paged(msgspec.structs.replace(whole, playlist=playlist)))
    assert max(len(str(packet.message["text"])) for packet in (*encoded.before, encoded.last({}))) <= LIMIT


def test_a_room_of_400_songs_comes_in_one_piece() -> None:
    assert len(paged(snapshot([item("A song with a name of usual length")] * 400))) == 1
