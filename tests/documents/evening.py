"""What a program does with the client that openapi-python-client makes; prints what it saw of the server at argv[1]."""

from __future__ import annotations

import json
import sys
from http import HTTPStatus
from uuid import UUID

from playlist_client import AuthenticatedClient, Client
from playlist_client.api.library import get_tracks
from playlist_client.api.people import post_guests
from playlist_client.api.playlists import get_playlists_slug_events
from playlist_client.api.queue import get_playlist_item_id, post_playlist, post_playlist_item_id_vote
from playlist_client.models import (
    EventPage,
    GuestAnswer,
    Item,
    NewGuest,
    NewItem,
    TrackAdded,
    VoteInput,
    VoteInputDirection,
)


def evening(base: str) -> dict[str, object]:
    stranger = Client(base)
    # The generator overlooks the {} in `security`: somebody without any identity.
    guest = post_guests.sync(client=stranger, body=NewGuest(name="Anna"))  # type: ignore[arg-type]
    assert isinstance(guest, GuestAnswer)
    anna = AuthenticatedClient(base, token=guest.token)
    tracks = get_tracks.sync(client=anna, search="Song 1")
    assert isinstance(tracks, list)
    added = post_playlist.sync(client=anna, body=NewItem(track_id=tracks[0].id))
    assert isinstance(added, Item)
    up = VoteInput(direction=VoteInputDirection.UP)
    voted = post_playlist_item_id_vote.sync(added.id, client=anna, body=up)
    assert isinstance(voted, Item)
    page = get_playlists_slug_events.sync("main", client=anna, since=0)
    assert isinstance(page, EventPage)
    titles = [event.item.track.title if isinstance(event, TrackAdded) else event.type_.value for event in page.events]
    refused = get_playlist_item_id.sync_detailed(UUID(int=0), client=anna)
    assert refused.status_code is HTTPStatus.NOT_FOUND
    return {"votes": voted.votes, "titles": titles, "refused": refused.status_code, "year": added.added_at.year}


if __name__ == "__main__":
    print(json.dumps(evening(sys.argv[1])))
