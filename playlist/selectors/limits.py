"""What the limits of a room count: what is blocked, what was started lately, and which addresses people joined from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings
from django.db.models import Max, Q

from playlist.identity import SYSTEM, Actor, user_id_of, user_key
from playlist.models import Blocked, Boost, Participant, Play, Playlist, RemovedItem, Track
from playlist.permissions import Role, leads, role_of
from playlist.undo.limits import Limits

#: A boost counts for so long, and no `repeat_after_minutes` is longer than the other.
BOOST_LASTS, LONGEST_REPEAT = timedelta(hours=1), timedelta(days=7)


def blocked_among(playlist: Playlist, tracks: Collection[Track]) -> dict[str, Literal["track", "artist"]]:
    """Which of the tracks are blocked, by themselves or by their artist."""
    if not playlist.has_blocked or not tracks:
        return {}
    kind, ids, artists = Blocked.Kind, [track.pk for track in tracks], {str(track.artist_id) for track in tracks}
    near = Q(kind=kind.TRACKS, target__in=ids) | Q(kind=kind.ARTISTS, target__in=artists)
    found = set(Blocked.objects.filter(near, playlist=playlist).values_list("kind", "target"))
    by_track: dict[str, Literal["track", "artist"]] = {}
    for track in tracks:
        if (kind.TRACKS, track.pk) in found:
            by_track[track.pk] = "track"
        elif (kind.ARTISTS, str(track.artist_id)) in found:
            by_track[track.pk] = "artist"
    return by_track


def last_started(playlist: Playlist, track_ids: Iterable[str], since: datetime) -> dict[str, datetime]:
    """When each of the tracks was started last, as far as that was after `since`."""
    plays = Play.objects.filter(playlist=playlist, track_id__in=track_ids, played_at__gt=since).order_by()
    return dict(plays.values_list("track_id").annotate(Max("played_at")))


def limits_for(
    playlist: Playlist,
    removed: Iterable[RemovedItem],
    library: Mapping[str, Track],
    now: datetime,
    *,
    addresses: Mapping[str, str],
    boosts: frozenset[datetime] | None = None,
) -> Limits:
    """The limits for removed items that may come back. `addresses`: of people whose joining is in no table yet."""
    coming = [row for row in removed if row.played_at is None and row.added_by_key != SYSTEM.key]
    tracks = [library[track_id] for track_id in {row.track_id for row in coming} & library.keys()]
    return Limits(
        now=now,
        durations_ms={track.pk: track.exact_duration_ms for track in tracks},
        started_at=last_started(playlist, [track.pk for track in tracks], now - LONGEST_REPEAT) if tracks else {},
        blocked=frozenset(blocked_among(playlist, tracks)),
        addresses=_addresses_near(playlist, {row.added_by_key for row in coming}, addresses),
        people_at_address=settings.ADDRESS_PEOPLE,
        boosts=boosts,
    )


def _addresses_near(playlist: Playlist, adder_keys: set[str], joining: Mapping[str, str]) -> dict[str, str]:
    """The addresses of these people, "" where it is not known, and of all others who joined from the same ones."""
    if not adder_keys:
        return {}
    here = Participant.objects.filter(playlist=playlist)
    theirs = here.filter(user_id__in=[user_id for key in adder_keys if (user_id := user_id_of(key)) is not None])
    known = dict.fromkeys(adder_keys, "")
    known |= {user_key(user_id): address for user_id, address in theirs.values_list("user_id", "address")}
    known |= {key: address for key, address in joining.items() if key in adder_keys}
    known |= {key: key for key in adder_keys if user_id_of(key) is None}
    wanted = {address for address in known.values() if address}
    neighbours = here.filter(address__in=wanted).values_list("user_id", "address")
    return {
        **{address: address for address in wanted},  # callers without an identity
        **{key: address for key, address in joining.items() if address in wanted},
        **{user_key(user_id): address for user_id, address in neighbours},
        **known,
    }


def boosts_spent(playlist: Playlist, actor: Actor, now: datetime) -> frozenset[datetime] | None:
    """When the actor boosted within the last hour; None for those who boost without a limit."""
    role = role_of(playlist, actor)
    if leads(role) or role is Role.SYSTEM:
        return None
    lately = Boost.objects.filter(playlist=playlist, actor_key=actor.key, at__gt=now - BOOST_LASTS, at__lte=now)
    return frozenset(lately.values_list("at", flat=True))
