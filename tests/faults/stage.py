"""What a fault is given, and what it says of itself."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct, field

from tests.faults.crowd import Crowd
from tests.faults.world import World

#: The p99 of who behaves, in milliseconds, while others do not.
HEALTHY_MS = 500


class Stage(Struct):
    """Where a fault happens. All chance comes from `choice`, so that a seed tells everything."""

    world: World
    crowd: Crowd
    choice: random.Random
    #: All repetitions, or just enough to see that it works.
    thorough: bool
    #: A snapshot from the beginning of the history that counts.
    before: dict[str, Any]
    #: Counted on the way, for the report.
    seen: dict[str, Any] = field(default_factory=dict)

    def times(self, thorough: int, short: int) -> int:
        return thorough if self.thorough else short


class Scenario(Struct, frozen=True):
    """`breaks` runs while the crowd lives."""

    about: str
    breaks: Callable[[Stage], Awaitable[None]]
    servers: int = 2
    database: str = "postgresql"
    redis: bool = True
    people: int = 12
    #: Whether people come through proxies, whose lines can be cut.
    proxied: bool = False
    #: Whether somebody who behaves is watched: nothing but other people is wrong here.
    witnessed: bool = False
    environment: dict[str, str] = {}
    #: How many files and connections a server may have open; None for as many as the system allows.
    descriptors: int | None = None
    in_ci: bool = False
