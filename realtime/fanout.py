"""The one fan-out of a process: reads the log once per playlist, encodes once, and feeds every socket of it.

A nudge only says that there is more to read. Lost, doubled or disordered nudges change nothing but latency, since a
room reads from its own position, and a poll finds what no nudge told of. Everything here runs on the event loop.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from channels.layers import get_channel_layer
from django.conf import settings
from django.db import DatabaseError

from playlist import metrics, nudge
from playlist.batched_read import BatchedRead
from playlist.errors import playlist_not_found
from playlist.identity import Actor
from playlist.reading import read
from playlist.selectors import log
from playlist.selectors.people import Admission, admissions, memberships
from playlist.types import LogLine
from realtime.room import Connection, Room

logger = logging.getLogger(__name__)

#: The channel-layer group in which processes tell one another of new revisions.
GROUP = "playlist.nudges"
#: Connections that are looked after in one go; then whatever is urgent has its turn.
_TICKED_AT_ONCE = 100


class Fanout:
    """All rooms of this process, and its line to the other processes."""

    def __init__(self) -> None:
        self.rooms: dict[int, Room] = {}
        self.draining = False
        self._opening: dict[int, asyncio.Task[Room]] = {}
        self._loop = asyncio.get_running_loop()
        self._layer: Any = get_channel_layer()
        self._published: dict[int, int] = {}
        self._publishing: set[int] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._ending: set[asyncio.Task[Any]] = set()
        self.on_members_changed: list[Callable[[Room], None]] = []
        self.on_room_opened: list[Callable[[Room], None]] = []
        self.on_delivered: list[Callable[[Room, list[LogLine]], None]] = []
        self.on_message: dict[str, Callable[[dict[str, Any]], None]] = {
            "playlist.nudge": self._heard,
            "playlist.echo": self._echoed,
        }
        self._listening = asyncio.Event()
        self._echoes: dict[str, asyncio.Future[None]] = {}
        nudge.listen(self._committed)
        self.connections: set[Connection] = set()
        #: Who may come in: (slug, actor). Raises PLAYLIST_NOT_FOUND, AUTH_REQUIRED, FORBIDDEN.
        self.admit = BatchedRead[tuple[str, Actor], Admission](admissions, self.spawn)
        self.spawn(self._listen())
        self.spawn(self._poll())
        self.spawn(self._tick())

    def end(self, work: Awaitable[Any]) -> None:
        """Like spawn, for the end of a connection, which `drain` waits for."""
        task = self.spawn(work)
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def spawn(self, work: Awaitable[Any]) -> asyncio.Task[Any]:
        """Run something beside; the fan-out keeps hold of it until it is done."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # ── Rooms ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def open(self, playlist_id: int) -> Room:
        """The room of a playlist, opened if this is its first reader. Raises PLAYLIST_NOT_FOUND."""
        room = self.rooms.get(playlist_id)
        if room is not None:
            return room
        opening = self._opening.get(playlist_id)
        if opening is None:
            opening = self._opening[playlist_id] = asyncio.ensure_future(self._open(playlist_id))
            opening.add_done_callback(lambda _: self._opening.pop(playlist_id, None))
        return await asyncio.shield(opening)

    async def _open(self, playlist_id: int) -> Room:
        head = (await read(log.heads, [playlist_id])).get(playlist_id)
        if head is None:
            raise playlist_not_found()
        room = Room(playlist_id, head, self)
        self._opened(room)
        return room

    def _opened(self, room: Room) -> None:
        self.rooms[room.playlist_id] = room
        for opened in self.on_room_opened:
            opened(room)

    def joined(self, room: Room, connection: Connection) -> None:
        """A reader with a connection of its own has come; `leave` when it goes."""
        if room.playlist_id not in self.rooms:  # the last one before has left just now
            self._opened(room)
        room.members.add(connection)
        self.connections.add(connection)
        metrics.CONNECTIONS.labels(connection.kind).inc()
        metrics.ROOMS.set(len(self.rooms))
        for changed in self.on_members_changed:
            changed(room)

    def leave(self, room: Room, connection: Connection) -> None:
        """A reader is gone; the last one takes the room with it."""
        if connection not in self.connections:
            return
        room.members.discard(connection)
        self.connections.discard(connection)
        metrics.CONNECTIONS.labels(connection.kind).dec()
        for changed in self.on_members_changed:
            changed(room)
        if not room.members and self.rooms.get(room.playlist_id) is room:
            del self.rooms[room.playlist_id]
        metrics.ROOMS.set(len(self.rooms))

    async def start_over(self, room: Room, reason: str) -> None:
        """The log does not go on where the room is: everybody gets a snapshot."""
        head = (await read(log.heads, [room.playlist_id])).get(room.playlist_id)
        if head is None:
            return
        room.recent.clear()
        room.head = head
        room.wanted = head.revision
        room._snapshot = None
        room._catch_ups.clear()
        for member in list(room.members):
            member.start_over(reason)

    def delivered(self, room: Room, lines: list[LogLine]) -> None:
        for listener in self.on_delivered:
            listener(room, lines)

    async def _tick(self) -> None:
        """Once a second each connection looks after itself: pings, deadlines, readers that are stuck."""
        while True:
            await asyncio.sleep(1)
            now = self._loop.time()
            for number, connection in enumerate(list(self.connections)):
                if number % _TICKED_AT_ONCE == 0:
                    await asyncio.sleep(0)
                try:
                    connection.tick(now)
                except Exception:
                    logger.exception("A connection could not be looked after")

    async def drain(self, within_seconds: float) -> None:
        """Before the process ends: everybody is told when to come back, and let go."""
        self.draining = True
        for connection in list(self.connections):
            connection.go_away(retry_ms=random.randrange(500, 4000))  # noqa: S311 - spreads them, no secret
        give_up_at = self._loop.time() + within_seconds
        while self._ending and self._loop.time() < give_up_at:
            await asyncio.wait(self._ending, timeout=give_up_at - self._loop.time())

    # ── Nudges ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _committed(self, playlist_id: int, revision: int) -> None:
        """From the writer's thread. The loop publishes: a group_send from another thread can arrive seconds late."""
        if self._loop.is_closed():
            nudge.forget(self._committed)
            return
        self._loop.call_soon_threadsafe(self._nudged_here, playlist_id, revision)

    def _nudged_here(self, playlist_id: int, revision: int) -> None:
        self._nudged(playlist_id, revision)
        if revision > self._published.get(playlist_id, 0):
            self._published[playlist_id] = revision
            if playlist_id not in self._publishing:
                self._publishing.add(playlist_id)
                self.spawn(self._publish(playlist_id))

    async def _publish(self, playlist_id: int) -> None:
        """Tell the other processes; while one nudge is on its way, those that follow are one."""
        try:
            sent = 0
            while sent < self._published[playlist_id]:
                sent = self._published[playlist_id]
                await self.send({"type": "playlist.nudge", "playlist_id": playlist_id, "revision": sent})
        finally:
            self._publishing.discard(playlist_id)
            self._published.pop(playlist_id, None)

    async def send(self, message: dict[str, Any]) -> None:
        """To all processes, this one among them. A layer that is away costs latency only."""
        try:
            await self._layer.group_send(GROUP, message)
        except Exception as error:
            metrics.LAYER_ERRORS.inc()
            logger.warning("The other processes cannot be told: %s", error)

    async def hears_itself(self, within_seconds: float) -> bool:
        """Whether the layer brings back what it was given: then the processes hear one another."""
        nonce = uuid4().hex
        heard = self._echoes[nonce] = self._loop.create_future()
        try:
            async with asyncio.timeout(within_seconds):
                await self._listening.wait()
                await self.send({"type": "playlist.echo", "nonce": nonce})
                await heard
        except TimeoutError:
            return False
        finally:
            del self._echoes[nonce]
        return True

    def _echoed(self, message: dict[str, Any]) -> None:
        heard = self._echoes.get(message["nonce"])
        if heard is not None and not heard.done():
            heard.set_result(None)

    async def _listen(self) -> None:
        """Hear the other processes, for ever: a layer that fails is asked again."""
        while True:
            try:
                channel = await self._layer.new_channel()
                await self._layer.group_add(GROUP, channel)
                self._listening.set()
                renew_at = self._loop.time() + settings.MEMBERSHIP_RENEWAL_SECONDS
                while True:
                    message = await self._layer.receive(channel)
                    handler = self.on_message.get(message.get("type", ""))
                    if handler is not None:
                        handler(message)
                    if self._loop.time() > renew_at:
                        await self._layer.group_add(GROUP, channel)
                        renew_at = self._loop.time() + settings.MEMBERSHIP_RENEWAL_SECONDS
            except Exception as error:
                self._listening.clear()
                logger.warning("The other processes cannot be heard: %s", error)
                await asyncio.sleep(1)

    def _heard(self, message: dict[str, Any]) -> None:
        self._nudged(int(message["playlist_id"]), int(message["revision"]))

    def _nudged(self, playlist_id: int, revision: int) -> None:
        room = self.rooms.get(playlist_id)
        if room is not None:
            room.nudged(revision)

    # ── The poll ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _poll(self) -> None:
        """Find what no nudge told of: new revisions, a restored database, deleted playlists, removed people."""
        while True:
            await asyncio.sleep(settings.POLL_SECONDS)
            try:
                await self.poll_once()
            except DatabaseError as error:
                logger.warning("The watched playlists cannot be polled: %s", error)
            except Exception:
                logger.exception("The poll failed")

    async def poll_once(self) -> None:
        rooms = dict(self.rooms)
        if not rooms:
            return
        # Where they were before the table is read: a room may read on while that is under way.
        before = {playlist_id: room.head for playlist_id, room in rooms.items()}
        heads = await read(log.heads, list(rooms))
        for playlist_id, room in rooms.items():
            head, was = heads.get(playlist_id), before[playlist_id]
            if head is None:
                for member in list(room.members):
                    member.end(4404, "This playlist was deleted.")
            elif head.revision < was.revision or (head.revision == was.revision and head.stamp != was.stamp):
                await self.start_over(room, "history_changed")
            else:
                if head.revision > room.wanted:
                    metrics.FOUND_BY_POLL.inc(head.revision - room.wanted)
                room.nudged(head.revision)
        await self._put_out(rooms)

    async def _put_out(self, rooms: dict[int, Room]) -> None:
        """Let go of who was removed or banned since they came."""
        # Who they were before the tables are read: somebody may join, and come, while that is under way.
        people = [
            (playlist_id, member, member.user_id, member.is_member)
            for playlist_id, room in rooms.items()
            for member in room.members
            if member.user_id is not None
        ]
        if not people:
            return
        banned = await read(memberships, list(rooms), {user_id for _, _, user_id, _ in people})
        for playlist_id, member, user_id, was_member in people:
            is_banned = banned.get((playlist_id, user_id))
            if is_banned or (is_banned is None and was_member):
                member.end(4403, "The host removed you from this room.")
            elif is_banned is False:
                member.is_member = True


_fanout: Fanout | None = None
#: What lives beside the fan-out of a process and hears what it does.
on_start: list[Callable[[Fanout], Any]] = []


def get_fanout() -> Fanout:
    """The fan-out of this process; the first call on a loop starts it."""
    global _fanout
    loop = asyncio.get_running_loop()
    if _fanout is None or _fanout._loop is not loop:
        _fanout = Fanout()
        for started in on_start:
            started(_fanout)
    return _fanout


def now_ms() -> int:
    """This server's clock in Unix milliseconds, for pings and clock offsets."""
    return time.time_ns() // 1_000_000
