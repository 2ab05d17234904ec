"""Who is here. A count and some names, told at most once a second; never in the log.

Each process tells the others whom it holds: when that changes, and every 15 s as a lease. A process that was silent for
45 s is forgotten, so nobody is shown for long who was on one that died.
"""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from django.conf import settings
from msgspec import Struct

from playlist import types
from playlist.text import fold
from realtime import protocol
from realtime.fanout import Fanout
from realtime.room import Room

TELL_SECONDS = 1.0
NAMES_TOLD = 50


class Held(Struct, frozen=True):
    """Whom one process holds in one playlist: people by id, and how many without an identity."""

    people: dict[int, types.Participant]
    nameless: int
    heard_at: float


class Presence:
    """Whom each process holds, and what the members of each room were told last."""

    def __init__(self, fanout: Fanout) -> None:
        self._fanout = fanout
        self._process = uuid.uuid4().hex
        self._held: dict[int, dict[str, Held]] = {}
        self._changed: set[int] = set()
        self._told: dict[int, str] = {}
        fanout.on_room_opened.append(self._ask)
        fanout.on_members_changed.append(lambda room: self._changed.add(room.playlist_id))
        fanout.on_message["playlist.presence"] = self._heard
        fanout.on_message["playlist.presence_asked"] = self._asked
        fanout.spawn(self._run())

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        lease_at = loop.time() + settings.PRESENCE_LEASE_SECONDS
        while True:
            await asyncio.sleep(TELL_SECONDS)
            now = loop.time()
            if now >= lease_at:
                lease_at = now + settings.PRESENCE_LEASE_SECONDS
                self._changed.update(self._fanout.rooms)
            changed, self._changed = self._changed, set()
            for playlist_id in changed:
                await self._publish(playlist_id)
            for room in list(self._fanout.rooms.values()):
                self._tell(room, now)
            for playlist_id in [known for known in self._held if known not in self._fanout.rooms]:
                self._held.pop(playlist_id)
                self._told.pop(playlist_id, None)

    async def _publish(self, playlist_id: int) -> None:
        people, nameless = self._own(playlist_id)
        told = [[person.id, person.name, person.role] for person in people.values()]
        await self._fanout.send(
            {
                "type": "playlist.presence",
                "process": self._process,
                "playlist_id": playlist_id,
                "people": told,
                "nameless": nameless,
            }
        )

    def _own(self, playlist_id: int) -> tuple[dict[int, types.Participant], int]:
        """Whom this process holds."""
        room = self._fanout.rooms.get(playlist_id)
        people: dict[int, types.Participant] = {}
        nameless = 0
        for member in room.members if room is not None else ():
            person = member.person
            if person is None:
                nameless += 1
            else:
                people[person.id] = person
        return people, nameless

    def _heard(self, message: dict[str, Any]) -> None:
        playlist_id = message["playlist_id"]
        if playlist_id not in self._fanout.rooms or message["process"] == self._process:
            return
        people = {
            user_id: types.Participant(id=user_id, name=name, role=role) for user_id, name, role in message["people"]
        }
        held = Held(people, message["nameless"], asyncio.get_running_loop().time())
        self._held.setdefault(playlist_id, {})[message["process"]] = held

    def _ask(self, room: Room) -> None:
        """Who watches a playlist newly does not wait for the next lease."""
        self._fanout.spawn(self._fanout.send({"type": "playlist.presence_asked", "playlist_id": room.playlist_id}))

    def _asked(self, message: dict[str, Any]) -> None:
        if message["playlist_id"] in self._fanout.rooms:
            self._changed.add(message["playlist_id"])

    def _tell(self, room: Room, now: float) -> None:
        others = self._held.get(room.playlist_id, {})
        for process in [
            process for process, held in others.items() if now - held.heard_at > settings.PRESENCE_FORGET_SECONDS
        ]:
            del others[process]
        people, nameless = self._own(room.playlist_id)
        for held in others.values():
            people.update(held.people)
            nameless += held.nameless
        named = sorted(people.values(), key=lambda person: (person.role != "host", fold(person.name), person.id))
        frame = protocol.Presence(online=len(people) + nameless, participants=named[:NAMES_TOLD])
        text = protocol.encode(frame)
        unchanged = self._told.get(room.playlist_id) == text
        self._told[room.playlist_id] = text
        for member in list(room.members):
            if not unchanged or not member.knows_presence:
                member.tell_presence(text)
