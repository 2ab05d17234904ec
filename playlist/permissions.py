"""Who may do what: one table, one question. A command without a row here cannot be run."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from django.conf import settings
from msgspec import Struct

from playlist.errors import DomainError
from playlist.identity import Actor
from playlist.models import MAIN_SLUG, Participant, Playlist, User


class Standing(Enum):
    """What an actor is in one playlist."""

    SYSTEM = "system"
    HOST = "host"
    PARTICIPANT = "participant"
    #: Known by name, but not (yet) in the playlist.
    STRANGER = "stranger"
    #: No identity at all.
    ANONYMOUS = "anonymous"
    BANNED = "banned"
    #: The account is gone or switched off.
    INVALID = "invalid"


class May(Enum):
    YES = "yes"
    #: Only to what they added themselves.
    OWN = "own"
    NO = "no"


class Row(Struct, frozen=True):
    """Who may run a command. `open` and `hosted` are for participants, by the playlist's policy."""

    host: May
    open: May
    hosted: May
    anonymous: May


_EVERYBODY = Row(May.YES, May.YES, May.YES, May.YES)
_ITEMS = Row(May.YES, May.YES, May.OWN, May.YES)
_PLAYBACK = Row(May.YES, May.YES, May.NO, May.YES)
_HOST = Row(May.YES, May.NO, May.NO, May.NO)
_IDENTIFIED = Row(May.YES, May.YES, May.YES, May.NO)
_SYSTEM = Row(May.NO, May.NO, May.NO, May.NO)

TABLE: dict[str, Row] = {
    "track.add": _EVERYBODY,
    "track.vote": _EVERYBODY,
    "track.remove": _ITEMS,
    # Who took the item out: the command judges that.
    "track.restore": _EVERYBODY,
    "track.move": _ITEMS,
    "playback.play": _PLAYBACK,
    "playback.pause": _PLAYBACK,
    "playback.next": _PLAYBACK,
    "playback.previous": _PLAYBACK,
    "playback.seek": _PLAYBACK,
    "playlist.update": _HOST,
    "playlist.delete": _HOST,
    "participant.remove": _HOST,
    "participant.join": _IDENTIFIED,
    "playback.ended": _SYSTEM,
    "track.refresh": _SYSTEM,
    "track.purge": _SYSTEM,
}


class Place(NamedTuple):
    """What an actor is in a playlist, and whether they are among its participants: staff need not be."""

    standing: Standing
    is_member: bool


def places(playlist: Playlist, actors: list[Actor]) -> dict[str, Place]:
    """The place of each actor by `actor.key`, read afresh: two queries, however many actors."""
    user_ids = {actor.user_id for actor in actors if actor.user_id is not None}
    users: dict[int, bool] = {}
    members: dict[int, bool] = {}
    if user_ids:
        users = dict(User.objects.filter(pk__in=user_ids, is_active=True).values_list("pk", "is_staff"))
        memberships = Participant.objects.filter(playlist=playlist, user_id__in=user_ids)
        members = {
            user_id: banned_at is not None for user_id, banned_at in memberships.values_list("user", "banned_at")
        }
    return {actor.key: Place(_standing(playlist, actor, users, members), actor.user_id in members) for actor in actors}


def standing_of(playlist: Playlist, actor: Actor) -> Standing:
    return places(playlist, [actor])[actor.key].standing


def _standing(playlist: Playlist, actor: Actor, users: dict[int, bool], members: dict[int, bool]) -> Standing:
    if actor.user_id is None:
        return Standing.SYSTEM if actor.key == "system" else Standing.ANONYMOUS
    if actor.user_id not in users:
        return Standing.INVALID
    if users[actor.user_id] or actor.user_id == playlist.host_id:
        return Standing.HOST
    if actor.user_id not in members:
        return Standing.STRANGER
    return Standing.BANNED if members[actor.user_id] else Standing.PARTICIPANT


def may(standing: Standing, command: str, playlist: Playlist) -> May:
    """Whether somebody of this standing may run a command. Raises AUTH_REQUIRED or FORBIDDEN when not at all."""
    if standing is Standing.SYSTEM:
        return May.YES
    row = TABLE[command]
    if standing is Standing.ANONYMOUS:
        if playlist.slug != MAIN_SLUG or not settings.OPEN_MAIN or row.anonymous is May.NO:
            raise DomainError("AUTH_REQUIRED", "Join with a name first.")
        return row.anonymous
    refuse_invalid(standing)
    if standing is Standing.HOST:
        verdict = row.host
    elif standing is Standing.STRANGER and playlist.locked:
        raise DomainError("FORBIDDEN", "The room is locked: nobody new can join.", {"reason": "locked"})
    else:
        verdict = row.open if playlist.policy == Playlist.Policy.OPEN else row.hosted
    if verdict is May.NO:
        raise DomainError("FORBIDDEN", "Only the host may do this.", {"reason": "host_only"})
    return verdict


def check_read(standing: Standing, playlist: Playlist) -> None:
    """Raises AUTH_REQUIRED or FORBIDDEN unless somebody of this standing may read, listen and connect."""
    if standing is not Standing.ANONYMOUS:
        refuse_invalid(standing)
    if playlist.visibility == Playlist.Visibility.PUBLIC:
        return
    if standing is Standing.ANONYMOUS:
        raise DomainError("AUTH_REQUIRED", "Join with a name first.")
    if standing is Standing.STRANGER:
        raise DomainError("FORBIDDEN", "Join the room first.")


def refuse_invalid(standing: Standing) -> None:
    if standing is Standing.INVALID:
        raise DomainError("AUTH_REQUIRED", "This account is no longer active.")
    if standing is Standing.BANNED:
        raise DomainError("FORBIDDEN", "The host removed you from this room.", {"reason": "removed"})
