"""Rights that are taken away end or narrow the sockets that are open, whatever they were opened with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from knox.models import AuthToken
from websockets.asyncio.client import ClientConnection, connect

from playlist import accounts, types
from playlist.identity import Credential, session_identity, token_identity
from playlist.models import Participant, User
from playlist.selectors.people import Watcher, standings
from tests.api.client import Api
from tests.realtime.client import inside, subprotocols
from tests.realtime.conftest import FAST
from tests.rooms import Room
from tests.servers import Server, serving


@pytest.fixture
def attentive(tracks: list[str]) -> Iterator[Server]:
    """A server that looks often."""
    with serving(environment={**FAST, "POLL_SECONDS": "0.2"}) as server:
        yield server


class Eve:
    """Somebody in a room, with a token and a session."""

    def __init__(self, room: Room) -> None:
        api = Api(cookies=True)
        joined = api.post(f"playlists/{room.slug}/join", {"name": "Eve"})
        self.user_id = int(joined.json["participant"]["id"])
        self.token = str(joined.json["token"])
        (self.cookie,) = [
            f"{name}={morsel.value}" for name, morsel in api.cookies.items() if name.startswith("sessionid")
        ]
        self.session_key = self.cookie.partition("=")[2]

    @property
    def row(self) -> User:
        return User.objects.get(pk=self.user_id)

    def new_password(self) -> None:
        user = self.row
        user.set_password("another one, and long enough")
        user.save()


async def listening(server: Server, room: Room, *, token: str | None = None, cookie: str = "") -> ClientConnection:
    headers = {"Cookie": cookie, "Origin": f"http://127.0.0.1:{server.port}"} if cookie else {}
    socket = await connect(
        f"ws://127.0.0.1:{server.port}/ws/playlists/{room.slug}",
        subprotocols=subprotocols(token),
        additional_headers=headers,
    )
    await socket.send('{"type": "hello"}')
    assert "welcome" in str(await socket.recv())
    return socket


TAKEN: dict[str, tuple[Callable[[Room, Eve], object], dict[str, int | None]]] = {
    "the token is revoked": (lambda room, eve: AuthToken.objects.all().delete(), {"token": 4401, "session": None}),
    "the session is logged out": (lambda room, eve: Session.objects.all().delete(), {"token": None, "session": 4401}),
    "a new password": (lambda room, eve: eve.new_password(), {"token": 4401, "session": 4401}),
    "the account is switched off": (
        lambda room, eve: User.objects.filter(pk=eve.user_id).update(is_active=False),
        {"token": 4401, "session": 4401},
    ),
    "the room becomes unlisted": (
        lambda room, eve: room.do(types.PlaylistUpdate(visibility="unlisted")),
        {"token": None, "session": None, "nobody": 4403},
    ),
    "they are removed": (
        lambda room, eve: room.do(types.ParticipantRemove(user_id=eve.user_id)),
        {"token": 4403, "session": 4403, "nobody": None},
    ),
}


@pytest.mark.parametrize("what", TAKEN)
async def test_what_is_taken_away_ends_the_sockets_it_concerns_and_no_others(
    attentive: Server, room: Room, what: str
) -> None:
    take_away, expected = TAKEN[what]
    eve = await inside(Eve, room)
    ways: dict[str, Any] = {"token": {"token": eve.token}, "session": {"cookie": eve.cookie}, "nobody": {}}
    sockets = {way: await listening(attentive, room, **ways[way]) for way in expected}
    await inside(take_away, room, eve)
    for way, code in expected.items():
        if code is not None:
            await sockets[way].wait_closed()
            assert sockets[way].close_code == code, way
    after = await inside(room.add, "track-1")
    for way, code in expected.items():
        if code is None:
            async for text in sockets[way]:
                if "track.added" in str(text):
                    break
            assert sockets[way].close_code is None, way
            await sockets[way].close()
    assert after


def test_everybody_is_judged_by_as_many_queries_however_many_they_are(room: Room) -> None:
    def watchers(count: int) -> list[Watcher]:
        found = []
        for _ in range(count):
            eve = Eve(room)
            identified = token_identity(eve.token.encode()), session_identity(eve.session_key)
            for _, credential in filter(None, identified):
                found.append(Watcher(room.id, eve.user_id, credential, was_member=True))
        return found

    asked: dict[int, int] = {}
    for count in (1, 5):
        mine = watchers(count)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            judged = standings(mine)
        asked[count] = len(queries)
        assert all(standing.refusal is None and standing.is_member for standing in judged.values())
        assert len(judged) == 2 * count
    assert asked[1] == asked[5]


def test_a_session_that_goes_on_under_a_new_password_still_holds(room: Room) -> None:
    """A person who changes their password stays logged in where they did it."""
    eve = Eve(room)
    identified = session_identity(eve.session_key)
    assert identified is not None
    before = Credential(eve.user_id, "another mark", session_key=eve.session_key)
    watcher = Watcher(room.id, eve.user_id, before, was_member=True)
    assert standings([watcher])[watcher].refusal is None


def test_a_stranger_who_was_let_in_while_the_room_was_public_is_one_when_it_is_not(room: Room) -> None:
    stranger = accounts.guest_create("Mallory")
    watcher = Watcher(room.id, stranger.pk, None, was_member=False)
    assert standings([watcher])[watcher].refusal is None
    room.do(types.PlaylistUpdate(visibility="unlisted"))
    refusal = standings([watcher])[watcher].refusal
    assert refusal is not None
    assert refusal.code == "FORBIDDEN"
    Participant.objects.create(playlist=room.row, user=stranger)
    assert standings([watcher])[watcher].refusal is None
    host = Watcher(room.id, room.host.user_id, None, was_member=True)
    assert standings([host])[host].refusal is None
