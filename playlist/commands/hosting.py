"""The roles in a playlist: cohosts, handing it over, and the links that make somebody host or a wall."""

from __future__ import annotations

from django.conf import settings

from playlist import secret_links, types
from playlist.change import Change
from playlist.commands.playlists import playlist_now
from playlist.errors import DomainError, forbidden, not_in_the_room
from playlist.identity import Actor
from playlist.models import MAIN_SLUG, Participant, Playlist, SecretLink, User
from playlist.selectors.people import participant_resource
from playlist.selectors.playlists import host_resource


def participant_update(change: Change, actor: Actor, command: types.ParticipantUpdate) -> types.Participant:
    """Give a participant another role; the role of host hands the playlist over.

    Raises NOT_FOUND for somebody who is not in the room, FORBIDDEN for the host and for everybody in `main`,
    LIMIT_REACHED for a new host who hosts too many rooms.
    """
    playlist = change.playlist
    _check_has_host(playlist)
    member = _member(playlist, command.user_id)
    if command.role == "host":
        _hand_over(change, member.user)
        secret_links.secret_links_forget(playlist)
    elif playlist.host_id == member.user_id:
        raise forbidden("host")
    else:
        _set_role(change, member, Participant.Role(command.role))
    member.refresh_from_db()
    return participant_resource(playlist, member)


def host_claim(change: Change, actor: Actor, command: types.HostClaim) -> types.PlaylistRecord:
    """Become host by the host link, which holds on: it is for every device of the host. Raises FORBIDDEN."""
    playlist = change.playlist
    assert actor.user_id is not None
    if secret_links.digest_if_right(playlist, SecretLink.Kind.HOST, command.secret) is None:
        raise secret_links.wrong_secret()
    _hand_over(change, User.objects.get(pk=actor.user_id))
    return playlist_now(change)


def host_link_renew(change: Change, actor: Actor, command: types.HostLinkRenew) -> types.LinkSecret:
    """Raises FORBIDDEN for `main`."""
    _check_has_host(change.playlist)
    return _renewed(change, SecretLink.Kind.HOST)


def display_link_renew(change: Change, actor: Actor, command: types.DisplayLinkRenew) -> types.LinkSecret:
    return _renewed(change, SecretLink.Kind.DISPLAY)


def _renewed(change: Change, kind: SecretLink.Kind) -> types.LinkSecret:
    return types.LinkSecret(secret=secret_links.secret_link_renew(change.playlist, kind, change.now))


def _check_has_host(playlist: Playlist) -> None:
    if playlist.slug == MAIN_SLUG:
        raise forbidden("main", "The main playlist has no host.")


def _member(playlist: Playlist, user_id: int) -> Participant:
    member = Participant.objects.filter(playlist=playlist, user_id=user_id, banned_at=None).select_related("user")
    found = member.first()
    if found is None:
        raise not_in_the_room()
    return found


def _hand_over(change: Change, new: User) -> None:
    """Make this user the host, and the host until now a cohost. Changes nothing for the host. Raises LIMIT_REACHED."""
    playlist, former = change.playlist, change.playlist.host
    if former == new:
        return
    if Playlist.objects.filter(host=new).count() >= settings.ROOMS_PER_PERSON:
        limit = settings.ROOMS_PER_PERSON
        raise DomainError("LIMIT_REACHED", f"One person can host {limit} rooms.", {"limit": limit, "of": "rooms"})
    playlist.host = new
    # Over no setting: it is not undone with the settings, but handed over again.
    change.record_over({}, types.PlaylistUpdated, playlist=types.PlaylistChanges(host=host_resource(playlist, new)))
    member, _ = Participant.objects.update_or_create(
        playlist=playlist, user=new, defaults={"role": Participant.Role.PARTICIPANT}
    )
    change.record(types.ParticipantChanged, participant=participant_resource(playlist, member))
    if former is not None:
        member, _ = Participant.objects.get_or_create(playlist=playlist, user=former)
        _set_role(change, member, Participant.Role.COHOST)


def _set_role(change: Change, member: Participant, role: Participant.Role) -> None:
    """Record it where others see a difference: staff are host in whatever role."""
    playlist = change.playlist
    before = participant_resource(playlist, member)
    member.role = role
    member.save(update_fields=["role"])
    after = participant_resource(playlist, member)
    if after != before:
        change.record(types.ParticipantChanged, participant=after)
