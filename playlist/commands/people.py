"""The participants of a playlist: join and remove."""

from __future__ import annotations

from playlist import types
from playlist.change import Change
from playlist.commands.removals import items_remove
from playlist.commands.undo import restore_all
from playlist.errors import forbidden, not_in_the_room
from playlist.identity import Actor, user_key
from playlist.models import Participant, User
from playlist.permissions import Role, is_host, public_role, role_of


def participant_join(change: Change, actor: Actor, command: types.ParticipantJoin) -> types.Participant:
    """Become a participant. The batch writes the row, as it does for every actor's first command."""
    assert actor.user_id is not None
    role = role_of(change.playlist, actor)
    return types.Participant(id=actor.user_id, name=actor.name, role=public_role(role))


def participant_remove(change: Change, actor: Actor, command: types.ParticipantRemove) -> None:
    """Remove a user from the playlist, and on request all items that the user added.

    Without `ban` they may come back, unless they were banned before; an explicit false lifts that, and brings back the
    songs that were removed with the ban, as far as they can be within a day. A person who has left already can still
    be banned, and their songs removed. Raises NOT_FOUND for somebody who was never here, FORBIDDEN for a host, and for
    a cohost unless the host asks.
    """
    playlist = change.playlist
    is_staff = User.objects.filter(pk=command.user_id, is_staff=True).exists()
    if is_host(playlist, command.user_id, is_staff=is_staff):
        raise forbidden("host", "The host cannot be removed.")
    member = Participant.objects.filter(playlist=playlist, user_id=command.user_id).first()
    if member is not None and member.role == Participant.Role.COHOST and role_of(playlist, actor) is Role.COHOST:
        raise forbidden("host_only", "Only the host removes a cohost.")
    theirs = playlist.items.filter(added_by_key=user_key(command.user_id))
    if member is None and not theirs.exists():
        raise not_in_the_room()
    if command.remove_items:
        items_remove(change, actor, theirs.order_by("position"))
    if command.ban is True:
        Participant.objects.update_or_create(
            playlist=playlist,
            user_id=command.user_id,
            defaults={"banned_at": change.now, "role": Participant.Role.PARTICIPANT},
        )
    elif member is not None and (member.banned_at is None or command.ban is False):
        if member.banned_at is not None:
            restore_all(change, actor, user_key(command.user_id), member.banned_at)
        member.delete()
