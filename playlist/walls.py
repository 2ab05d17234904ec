"""Walls: screens that the wall link of a playlist opened. A wall is no user; it reads the playlist and plays its sound.

Its token holds as long as the link does. It is made from the link's digest, so there is nothing to store, and a new
link ends all walls of the one before.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.utils.crypto import salted_hmac
from msgspec import Struct

from playlist.models import SecretLink

_TOKEN = re.compile(r"wall\.(?P<slug>[0-9a-z]{1,32})\.(?P<seal>[0-9A-Za-z_-]{43})")
#: Cookies of walls that count in one request: a browser may have shown several rooms.
_MOST = 16


class Wall(Struct, frozen=True):
    """What a wall shows of itself. Only `walls_held` says whether its link holds."""

    slug: str
    seal: str

    @property
    def token(self) -> str:
        return f"wall.{self.slug}.{self.seal}"


def wall_of_link(slug: str, digest: str) -> Wall:
    """The wall that the link with this digest opens."""
    seal = salted_hmac("playlist.wall", f"{slug} {digest}", algorithm="sha256").digest()
    return Wall(slug, base64.urlsafe_b64encode(seal).decode().rstrip("="))


def wall_in(token: str) -> Wall | None:
    """The wall that a token names; None for a token of another kind."""
    found = _TOKEN.fullmatch(token)
    return None if found is None else Wall(found["slug"], found["seal"])


def walls_in(cookies: Mapping[str, str]) -> tuple[Wall, ...]:
    """The walls that a browser is. Each room has a cookie of its own."""
    named = [value for name, value in cookies.items() if name.startswith(settings.WALL_COOKIE_PREFIX)]
    return tuple(wall for wall in map(wall_in, named[:_MOST]) if wall is not None)


def walls_held(walls: Iterable[Wall]) -> set[Wall]:
    """Those whose link holds. One query for any number of them, none for none."""
    asked = set(walls)
    if not asked:
        return set()
    links = SecretLink.objects.filter(kind=SecretLink.Kind.DISPLAY, playlist__slug__in={wall.slug for wall in asked})
    digests = dict(links.values_list("playlist__slug", "digest"))
    return {
        wall
        for wall in asked
        if (digest := digests.get(wall.slug)) is not None
        and hmac.compare_digest(wall_of_link(wall.slug, digest).seal, wall.seal)
    }
