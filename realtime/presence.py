"""Presence: a count, some names and the speakers, sent at most once a second and never logged.

Each process publishes its own readers when they change, and every 15 s as a lease. A process that was silent for 45 s
is forgotten, so the readers of one that died do not stay for long.
"""

from __future__ import annotations

import asyncio
import uuid

import msgspec
from django.conf import settings
from msgspec import Struct

from playlist import present
from playlist.selectors.people import RANKS
from playlist.text import fold
from playlist.types import LogLine, Participant, ParticipantChanged, Role
from realtime.encoding import Packet, packet
from realtime.fanout import Fanout
from realtime.feed import Feed
from realtime.frames import Presence as PresenceFrame
from realtime.frames import SpeakerName
from realtime.line import Line
from realtime.regularly import regularly

_changed_in = msgspec.json.Decoder(ParticipantChanged)
TELL_SECONDS = 1.0
NAMES_TOLD = 50
SPEAKERS_TOLD = 10


class Told(Struct, frozen=True, tag="playlist.presence", tag_field="type"):
    """The readers that one process holds in one playlist: people as (id, name, role), and a count of the nameless.

    `speakers`: the names of the devices that play its sound, which an older process does not tell.
    """

    process: str
    playlist_id: int
    people: list[tuple[int, str, Role]]
    nameless: int
    speakers: list[str] = []


#: Not the id of any playlist: a process has started, and wants to be told of all.
ALL = 0


class Asked(Struct, frozen=True, tag="playlist.presence_asked", tag_field="type"):
    """A process has opened this playlist and wants to be told at once."""

    playlist_id: int


class Held(Struct, frozen=True):
    """The readers of one process in one playlist, without walls: people by id, and how many have no identity."""

    people: dict[int, Participant]
    nameless: int
    speakers: list[str]
    heard_at: float = 0.0


class Known:
    """One playlist that is watched somewhere: the readers of the other processes, and the presence sent last."""

    def __init__(self) -> None:
        self.others: dict[str, Held] = {}
        self.told: Packet | None = None

    def forget(self, silent_since: float) -> None:
        """Forget processes that have been silent since then."""
        self.others = {process: held for process, held in self.others.items() if held.heard_at >= silent_since}


class Presence:
    """The readers of every process. Those of playlists that only others watch count for votes that are cast here."""

    def __init__(self, fanout: Fanout, line: Line) -> None:
        self._fanout = fanout
        self._line = line
        self._process = uuid.uuid4().hex
        self._known: dict[int, Known] = {}
        self._changed: set[int] = set()
        fanout.on_opened.append(self._opened)
        fanout.on_closed.append(self._closed)
        fanout.on_readers_changed.append(lambda feed: self._changed.add(feed.playlist_id))
        fanout.on_delivered.append(self._delivered)
        line.on(Told, self._heard)
        line.on(Asked, self._asked)
        fanout.spawn(line.send(Asked(ALL)))
        self._loop = asyncio.get_running_loop()
        self._lease_at = self._loop.time() + settings.PRESENCE_LEASE_SECONDS
        fanout.spawn(regularly(self._tell_all, TELL_SECONDS, "Presence cannot be told"))

    async def _tell_all(self) -> None:
        """Publish what has changed here, tell the readers, and forget what nobody watches any more."""
        now = self._loop.time()
        if now >= self._lease_at:
            self._lease_at = now + settings.PRESENCE_LEASE_SECONDS
            self._changed.update(self._fanout.feeds)
        changed, self._changed = self._changed, set()
        for playlist_id in changed:
            await self._publish(playlist_id)
        for feed in list(self._fanout.feeds.values()):
            self._tell(feed, now)
        for playlist_id in [pk for pk in self._known if pk not in self._fanout.feeds]:
            self._known[playlist_id].forget(silent_since=now - settings.PRESENCE_FORGET_SECONDS)
            self._note_elsewhere(playlist_id)

    async def _publish(self, playlist_id: int) -> None:
        held = self._held(self._fanout.feeds.get(playlist_id))
        people = [(person.id, person.name, person.role) for person in held.people.values()]
        await self._line.send(Told(self._process, playlist_id, people, held.nameless, held.speakers))

    @staticmethod
    def _held(feed: Feed | None) -> Held:
        """The readers of this process."""
        people: dict[int, Participant] = {}
        nameless = 0
        for member in feed.members if feed is not None else ():
            person = member.person
            if member.visitor.is_wall:
                continue
            if person is None:
                nameless += 1
            else:
                people[person.id] = person
        speakers = [member.speaker or "" for member in feed.speakers] if feed is not None else []
        return Held(people, nameless, _shown(speakers))

    def _heard(self, told: Told) -> None:
        if told.process == self._process:
            return
        known = self._known.setdefault(told.playlist_id, Known())
        people = {user_id: Participant(id=user_id, name=name, role=role) for user_id, name, role in told.people}
        known.others[told.process] = Held(people, told.nameless, told.speakers, self._loop.time())
        if told.playlist_id not in self._fanout.feeds:
            self._note_elsewhere(told.playlist_id)

    def _note_elsewhere(self, playlist_id: int) -> None:
        """Note who is present in a playlist that nobody watches here; forget it if nobody is."""
        held = [held for held in self._known[playlist_id].others.values() if held.people]
        if held:
            present.saw(playlist_id, {user_id for each in held for user_id in each.people})
        else:
            del self._known[playlist_id]
            present.forget(playlist_id)

    def _opened(self, feed: Feed) -> None:
        """Ask the others at once, instead of waiting for the next lease."""
        self._known.setdefault(feed.playlist_id, Known())
        self._fanout.spawn(self._line.send(Asked(feed.playlist_id)))

    def _closed(self, feed: Feed) -> None:
        self._known[feed.playlist_id].told = None
        self._note_elsewhere(feed.playlist_id)

    def _delivered(self, feed: Feed, lines: list[LogLine]) -> None:
        """Show people in the roles that they have just been given."""
        for line in lines:
            if line.type == "participant.changed":
                changed = _changed_in.decode(line.body).participant
                for member in list(feed.members):
                    if member.person is not None and member.person.id == changed.id:
                        self._fanout.role_known(feed, member, changed.role)

    def _asked(self, asked: Asked) -> None:
        if asked.playlist_id == ALL:
            self._changed.update(self._fanout.feeds)
        elif asked.playlist_id in self._fanout.feeds:
            self._changed.add(asked.playlist_id)

    def _tell(self, feed: Feed, now: float) -> None:
        known = self._known[feed.playlist_id]
        known.forget(silent_since=now - settings.PRESENCE_FORGET_SECONDS)
        own = self._held(feed)
        people, nameless, speakers = own.people, own.nameless, list(own.speakers)
        for held in known.others.values():
            people.update(held.people)
            nameless += held.nameless
            speakers += held.speakers
        present.saw(feed.playlist_id, people)
        named = sorted(people.values(), key=lambda person: (RANKS.index(person.role), fold(person.name), person.id))
        told = packet(
            PresenceFrame(
                online=len(people) + nameless,
                participants=named[:NAMES_TOLD],
                speakers=[SpeakerName(name=name) for name in _shown(speakers)],
            )
        )
        is_new = known.told is None or known.told.frame != told.frame
        if is_new:
            known.told = told
        for member in list(feed.members):
            if member.speaks_v1 and (is_new or not member.knows_presence):
                member.give(told)


def _shown(speakers: list[str]) -> list[str]:
    """The first names in a fixed order, so that presence changes only when they do."""
    return sorted(speakers, key=lambda name: (fold(name), name))[:SPEAKERS_TOLD]
