"""Decides whether a caller may hear a track, by identity, signed address, or the queue of `main` or of their wall.

Reads the database.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote

from django.conf import settings
from msgspec import Struct

from music.signing import LINK_SECONDS, is_signed, signed_query
from music.sources import Source, source_of
from playlist.callers import Caller, identity_of
from playlist.errors import DomainError, removed_from_room
from playlist.identity import Actor, user_actor, wall_actor
from playlist.models import MAIN_SLUG, Participant, PlaylistTrack, User
from playlist.reading import read
from playlist.types.fields import Moment
from playlist.walls import walls_held


class Listener(Struct, frozen=True):
    """A caller as the database knows them."""

    actor: Actor
    #: A guest who was removed from the only room they were in: nothing is left that their identity stands for.
    is_banned: bool


def listener_of(caller: Caller) -> Listener:
    """Raises AUTH_REQUIRED for a bad token."""
    actor, _ = identity_of(caller)
    return _listener(actor)


def _listener(actor: Actor) -> Listener:
    return Listener(actor, is_banned=actor.user_id is not None and _is_banned(actor.user_id))


def _is_banned(user_id: int) -> bool:
    bans = list(Participant.objects.filter(user_id=user_id).values_list("banned_at", flat=True))
    return bool(bans) and None not in bans and User.objects.get(pk=user_id).is_guest


class Taking:
    """How many files each caller is taking: a listener may pause for ever, and holds three descriptors meanwhile."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    @contextmanager
    def one_more(self, actor: Actor) -> Iterator[None]:
        """Raises RATE_LIMITED beyond AUDIO_AT_ONCE."""
        if self._counts[actor.key] >= settings.AUDIO_AT_ONCE:
            raise DomainError("RATE_LIMITED", "So many songs at once are more than anybody hears.")
        self._counts[actor.key] += 1
        try:
            yield
        finally:
            self._counts[actor.key] -= 1
            if not self._counts[actor.key]:
                del self._counts[actor.key]


class Heard(NamedTuple):
    """What a caller may hear, and who that is."""

    source: Source
    actor: Actor


class Lookups:
    """Remembers decisions for some seconds, since a player asks for one song in many pieces."""

    SECONDS = 3.0
    _REMEMBERED = 4096

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[tuple[object, ...], tuple[float, Heard]] = {}

    async def heard(self, caller: Caller, track_id: str, query: Mapping[str, str], *, anew: bool = False) -> Heard:
        """The file, if the caller may hear it; `anew` forgets what was remembered of it. Raises DomainError."""
        key = (caller.token, caller.session_key, caller.address, caller.walls, track_id)
        at, known = self._known.get(key, (0.0, None))
        is_signed_for = "signature" in query  # its time ends to the second
        if known is not None and not anew and not is_signed_for and self._clock() - at < self.SECONDS:
            return known
        found = await read(_look_up, caller, track_id, query)
        if len(self._known) >= self._REMEMBERED:
            self._known.clear()
        if not is_signed_for:
            self._known[key] = (self._clock(), found)
        return found


def _look_up(caller: Caller, track_id: str, query: Mapping[str, str]) -> Heard:
    source = source_of(track_id)
    listener = listener_of(caller)
    try:
        check_may_hear(listener, track_id, source.version, query)
    except DomainError as refusal:
        wall = None if refusal.code != "AUTH_REQUIRED" else _wall_that_plays(caller, track_id)
        if wall is None:
            raise
        return Heard(source, wall)
    return Heard(source, listener.actor)


def _wall_that_plays(caller: Caller, track_id: str) -> Actor | None:
    """A wall that this browser is, in whose queue the track stands."""
    slugs = (wall.slug for wall in walls_held(caller.walls))
    return next((wall_actor(slug) for slug in slugs if _stands_in(slug, track_id)), None)


def check_may_hear(listener: Listener, track_id: str, version: str, query: Mapping[str, str]) -> None:
    """Raises AUTH_REQUIRED, or FORBIDDEN for the removed, and for an address that was not signed or has run out."""
    if "signature" in query and is_signed(query, track_id, version):
        return
    if listener.is_banned:
        raise removed_from_room()
    if listener.actor.user_id is not None or (settings.OPEN_MAIN and _stands_in(MAIN_SLUG, track_id)):
        return
    wall_of = listener.actor.wall_of
    if wall_of is not None and _stands_in(wall_of, track_id):
        return
    if "signature" in query:
        raise DomainError("FORBIDDEN", "This address has run out, or is not complete.")
    raise DomainError("AUTH_REQUIRED", "Say your name first: then you can hear it.")


def _stands_in(slug: str, track_id: str) -> bool:
    return PlaylistTrack.objects.filter(playlist__slug=slug, track_id=track_id).exists()


class AudioLink(Struct, frozen=True):
    """An address that opens the audio of one track to whoever has it, until then."""

    url: str
    until: Moment


def audio_link(track_id: str, person: User, base_url: str) -> AudioLink:
    """Sign an address below `base_url`. Raises TRACK_NOT_FOUND, NO_AUDIO, FORBIDDEN."""
    source = source_of(track_id)
    check_may_hear(_listener(user_actor(person)), track_id, source.version, {})
    until = int(time.time()) + LINK_SECONDS
    query = signed_query(track_id, source.version, person, until)
    return AudioLink(f"{base_url}/media/audio/{quote(track_id, safe='')}?{query}", datetime.fromtimestamp(until, UTC))
