"""The people in a playlist, and the readers who are let in."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from playlist import types
from playlist.errors import DomainError
from playlist.identity import Actor
from playlist.models import Participant, Playlist
from playlist.permissions import Membership, Role, check_read, is_host, memberships_of, public_role
from playlist.selectors.playlists import playlist_by_slug


def participants(playlist: Playlist) -> list[types.Participant]:
    """Who is in it, the host first, then as they came."""
    members = Participant.objects.filter(playlist=playlist, banned_at__isnull=True).select_related("user")
    found = [participant_resource(playlist, member) for member in members.order_by("id")]
    return sorted(found, key=lambda participant: participant.role != "host")


def participant_resource(playlist: Playlist, member: Participant) -> types.Participant:
    role = Role.HOST if is_host(playlist, member.user_id, is_staff=member.user.is_staff) else Role.PARTICIPANT
    return types.Participant(id=member.user_id, name=member.user.shown_name, role=public_role(role))


class Admission(Struct, frozen=True):
    """A reader who was let in: to which playlist, as whom, and in which role (None without an identity)."""

    playlist_id: int
    user_id: int | None
    name: str | None
    role: types.Role | None
    is_member: bool


def memberships(playlist_ids: Iterable[int], user_ids: Iterable[int]) -> dict[tuple[int, int], bool]:
    """(playlist, user) → whether they are banned, for those who are in it or were put out for good."""
    rows = Participant.objects.filter(playlist__in=list(playlist_ids), user__in=list(user_ids))
    found = rows.values_list("playlist", "user", "banned_at")
    return {(playlist, user): banned_at is not None for playlist, user, banned_at in found}


def admissions(asked: Iterable[tuple[str, Actor]]) -> dict[tuple[str, Actor], Admission | DomainError]:
    """Let each of these actors listen to the playlist of this slug, or say why not.

    Instead of an admission there may be PLAYLIST_NOT_FOUND, AUTH_REQUIRED or FORBIDDEN.
    """
    by_slug: dict[str, list[Actor]] = {}
    for slug, actor in asked:
        by_slug.setdefault(slug, []).append(actor)
    found: dict[tuple[str, Actor], Admission | DomainError] = {}
    for slug, actors in by_slug.items():
        try:
            playlist = playlist_by_slug(slug)
        except DomainError as refusal:
            found.update(dict.fromkeys([(slug, actor) for actor in actors], refusal))
            continue
        found_memberships = memberships_of(playlist, actors)
        for actor in actors:
            found[slug, actor] = _admission(playlist, actor, found_memberships[actor.key])
    return found


def _admission(playlist: Playlist, actor: Actor, membership: Membership) -> Admission | DomainError:
    try:
        check_read(membership.role, playlist)
    except DomainError as refusal:
        return refusal
    role: types.Role | None = None
    if actor.user_id is not None:
        role = public_role(membership.role)
    return Admission(playlist.pk, actor.user_id, actor.name or None, role, membership.is_member)
