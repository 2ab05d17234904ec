"""People who know only the single playlist: they vote over REST, and listen at a socket that tells single events.

That much every server of the kind offers, the tutorials' as well, so all of them can be held against it.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.faults.world import World
from tests.servers import DEADLINE, Server

_VOTES = """
import json
from django.db.models import Sum
from playlist.models import PlaylistTrack
items = PlaylistTrack.objects.filter(playlist__slug="main", is_playing=False).annotate(total=Sum("vote_rows__value"))
print(json.dumps({str(item.pk): [item.votes, item.total or 0] for item in items}))
"""
#: How long a change may take to everybody.
DELIVERY_SECONDS = 10


class PassersBy:
    """Voters, each with an address of their own, and listeners, who stay connected all the time."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.seed = seed
        self.is_over = False
        #: Item → its votes before anybody came.
        self.items: dict[str, int] = {}
        self.statuses: Counter[int] = Counter()
        #: Voter and item → the last vote that was acknowledged: 1 or -1.
        self.acked: dict[tuple[int, str], int] = {}
        self._told: list[dict[str, int]] = []
        self._sockets: list[ClientConnection] = []
        self._listening: list[asyncio.Task[None]] = []

    async def gather(self, listeners: int) -> PassersBy:
        votes = await asyncio.to_thread(self.world.in_shell, _VOTES)
        self.items = {item: total for item, (_, total) in votes.items()}
        for number in range(listeners):
            server = self.world.alive[number % len(self.world.alive)]
            socket = await connect(f"ws://127.0.0.1:{server.port}/ws", ping_interval=None)
            told: dict[str, int] = {}
            self._sockets.append(socket)
            self._told.append(told)
            self._listening.append(asyncio.create_task(self._listen(socket, told)))
        return self

    async def _listen(self, socket: ClientConnection, told: dict[str, int]) -> None:
        try:
            async for text in socket:
                event = json.loads(text)
                if event["type"] == "track.voted":
                    told[event["item"]["id"]] = event["item"]["votes"]
        except ConnectionClosed:
            pass

    async def live(self, voters: int) -> None:
        """Until `is_over`; whoever got no answer votes the same again."""
        await asyncio.gather(*(self._vote(number) for number in range(voters)))

    async def _vote(self, voter: int) -> None:
        choice = random.Random(f"{self.seed}-{voter}")
        while not self.is_over:
            item, value = choice.choice(list(self.items)), choice.choice((1, -1))
            give_up_at = time.monotonic() + DEADLINE
            while (status := await asyncio.to_thread(self._ask, voter, item, value, choice)) != 200:
                assert time.monotonic() < give_up_at, f"no vote was taken any more: {status}"
                await asyncio.sleep(0.2)
            self.acked[voter, item] = value
            await asyncio.sleep(choice.uniform(0.05, 0.3))

    def _ask(self, voter: int, item: str, value: int, choice: random.Random) -> int:
        server: Server = choice.choice(self.world.alive)
        try:
            status, _, _ = server.request(
                "POST",
                f"/api/playlist/{item}/vote",
                {"direction": "up" if value > 0 else "down"},
                {"X-Forwarded-For": f"10.0.0.{voter}"},
            )
        except OSError:
            return 0
        self.statuses[status] += 1
        return status

    async def check(self) -> dict[str, Any]:
        """I3, I4, I5 and I8, as far as they can be seen from here. Raises AssertionError for what is broken."""
        votes = await asyncio.to_thread(self.world.in_shell, _VOTES)
        assert all(shown == total for shown, total in votes.values()), "I5: votes are not the sum of their rows"
        expected = Counter(self.items)
        for (_, item), value in self.acked.items():
            expected[item] += value
        lost = [item for item, count in expected.items() if votes[item][1] != count]
        assert not lost, f"I4: {len(lost)} items have not the votes that were acknowledged"
        touched = {item for _, item in self.acked}
        give_up_at = time.monotonic() + DELIVERY_SECONDS
        while wrong := sum(any(told.get(item) != expected[item] for item in touched) for told in self._told):
            assert time.monotonic() < give_up_at, f"I3: {wrong} of {len(self._told)} listeners differ from the server"
            await asyncio.sleep(0.1)
        failed = {status: count for status, count in self.statuses.items() if status >= 500 and status != 503}
        assert not failed, f"I8: {failed}"
        return {"votes": len(self.acked), "listeners": len(self._told)}

    async def leave(self) -> None:
        for socket in self._sockets:
            await socket.close()
        await asyncio.gather(*self._listening)
