"""Commands on a playlist itself and on the people in it."""

from __future__ import annotations

import secrets

import msgspec
from django.db import IntegrityError, transaction
from msgspec import UnsetType

from playlist import types
from playlist.commands import items
from playlist.errors import DomainError
from playlist.events import Change
from playlist.identity import Actor, user_key
from playlist.models import MAIN_SLUG, Participant, Playlist, User

#: Letters and digits that nobody mistakes for one another when a code is read out aloud.
SLUG_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
#: Public: easy to say. Unlisted: 31 ** 13 is more than 64 random bits.
SLUG_LENGTH = {"public": 6, "unlisted": 13}


def playlist_create(host: User, new: types.NewPlaylist) -> Playlist:
    """A new, empty playlist with `host` in it. The only write outside a batch, as there is nothing to lock yet."""
    while True:
        slug = "".join(secrets.choice(SLUG_ALPHABET) for _ in range(SLUG_LENGTH[new.visibility]))
        try:
            with transaction.atomic():
                playlist = Playlist.objects.create(slug=slug, host=host, **msgspec.structs.asdict(new))
                Participant.objects.create(playlist=playlist, user=host)
        except IntegrityError:
            if not Playlist.objects.filter(slug=slug).exists():
                raise
        else:
            return playlist


def playlist_update(change: Change, actor: Actor, command: types.PlaylistUpdate) -> None:
    """Change settings; an event says which ones."""
    playlist = change.playlist
    changes = {
        name: value
        for name, value in msgspec.structs.asdict(command).items()
        if not isinstance(value, UnsetType) and value != getattr(playlist, name)
    }
    for name, value in changes.items():
        setattr(playlist, name, value)
    if changes:
        change.record(types.PlaylistUpdated, playlist=types.PlaylistChanges(**changes))


def playlist_delete(change: Change, actor: Actor, command: types.PlaylistDelete) -> None:
    """Delete the playlist with its queue and log. Raises FORBIDDEN for `main`."""
    if change.playlist.slug == MAIN_SLUG:
        raise DomainError("FORBIDDEN", "The main playlist cannot be deleted.")
    Playlist.objects.filter(pk=change.playlist.pk).delete()
    change.deleted = True


def participant_join(change: Change, actor: Actor, command: types.ParticipantJoin) -> types.Participant:
    """Become a participant. The row itself is written by the batch, as for the first command of anybody."""
    assert actor.user_id is not None
    role: types.Role = "host" if actor.user_id == change.playlist.host_id else "participant"
    return types.Participant(id=actor.user_id, name=actor.name, role=role)


def participant_remove(change: Change, actor: Actor, command: types.ParticipantRemove) -> None:
    """Put somebody out of the playlist, with everything they added if asked. Without `ban` they may come back.

    Raises NOT_FOUND when they are not in it, FORBIDDEN for the host.
    """
    member = Participant.objects.filter(playlist=change.playlist, user_id=command.user_id).first()
    if member is None:
        raise not_in_the_room()
    if command.user_id == change.playlist.host_id:
        raise DomainError("FORBIDDEN", "The host cannot be removed.")
    if command.remove_items:
        theirs = change.playlist.items.filter(added_by_key=user_key(command.user_id))
        items.remove_all(change, list(theirs.order_by("position")))
    if command.ban:
        member.banned_at = change.now
        member.save(update_fields=["banned_at"])
    else:
        member.delete()


def not_in_the_room() -> DomainError:
    return DomainError("NOT_FOUND", "This person is not in the room.")
