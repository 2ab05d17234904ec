"""The participants of a playlist, and the admission of readers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from msgspec import Struct

from playlist import types
from playlist.errors import DomainError, removed_from_room
from playlist.identity import Actor, AnyCredential, void_credentials
from playlist.models import Participant, Playlist, User
from playlist.permissions import (
    Membership,
    Role,
    check_read,
    is_host,
    member_role,
    memberships_of,
    public_role,
)
from playlist.selectors.playlists import playlist_by_slug
from playlist.walls import Wall


def participants(playlist: Playlist) -> list[types.Participant]:
    """The participants: the host first, then cohosts, then the others, each by the time they joined."""
    members = Participant.objects.filter(playlist=playlist, banned_at__isnull=True).select_related("user")
    found = [participant_resource(playlist, member) for member in members.order_by("id")]
    return sorted(found, key=lambda participant: RANKS.index(participant.role))


#: Roles in the order in which people are listed.
RANKS: tuple[types.Role, ...] = get_args(types.Role)


def participant_resource(playlist: Playlist, member: Participant) -> types.Participant:
    role = member_role(member.role, banned_at=None)
    if is_host(playlist, member.user_id, is_staff=member.user.is_staff):
        role = Role.HOST
    return types.Participant(id=member.user_id, name=member.user.shown_name, role=public_role(role))


class Admission(Struct, frozen=True):
    """An admitted reader: the playlist, the actor, and the role (None without an identity)."""

    playlist_id: int
    user_id: int | None
    name: str | None
    role: types.Role | None
    is_member: bool


class Watcher(Struct, frozen=True):
    """An actor who listens to a playlist, with the name and role at admission."""

    playlist_id: int
    user_id: int | None
    credential: AnyCredential | None
    was_member: bool


class Standing(Struct, frozen=True):
    """The present state of a watcher: the refusal if it may no longer listen, its role, whether it is a participant."""

    refusal: DomainError | None
    role: types.Role
    is_member: bool


def standings(watchers: Iterable[Watcher]) -> dict[Watcher, Standing]:
    """Judge all watchers again, with a few queries for any number.

    The refusal is AUTH_REQUIRED if the identity is no longer valid, else FORBIDDEN.
    """
    asked = set(watchers)
    void = void_credentials(watcher.credential for watcher in asked if watcher.credential is not None)
    playlists = Playlist.objects.only("host", "visibility").in_bulk({watcher.playlist_id for watcher in asked})
    user_ids = {watcher.user_id for watcher in asked if watcher.user_id is not None}
    rows = Participant.objects.filter(playlist__in=playlists, user__in=user_ids)
    members = {row[:2]: member_role(*row[2:]) for row in rows.values_list("playlist", "user", "role", "banned_at")}
    staff = set(User.objects.filter(pk__in=user_ids, is_staff=True).values_list("pk", flat=True))

    def standing(watcher: Watcher) -> Standing:
        playlist, user_id = playlists.get(watcher.playlist_id), watcher.user_id
        role = Role.STRANGER if user_id is None else members.get((watcher.playlist_id, user_id), Role.STRANGER)
        is_member = role not in (Role.STRANGER, Role.BANNED)
        refusal: DomainError | None = None
        if watcher.credential in void:
            is_wall = isinstance(watcher.credential, Wall)
            refusal = DomainError("AUTH_REQUIRED", "This wall has a new link." if is_wall else "You are logged out.")
        elif role is Role.BANNED or (watcher.was_member and not is_member):
            refusal = removed_from_room()
        elif playlist is not None:
            if user_id is None:
                role = Role.WALL if isinstance(watcher.credential, Wall) else Role.ANONYMOUS
            elif is_host(playlist, user_id, is_staff=user_id in staff):
                role = Role.HOST
            refusal = _refusal(role, playlist)
        return Standing(refusal, public_role(role), is_member)

    return {watcher: standing(watcher) for watcher in asked}


def _refusal(role: Role, playlist: Playlist) -> DomainError | None:
    try:
        check_read(role, playlist)
    except DomainError as refusal:
        return refusal
    return None


def admissions(asked: Iterable[tuple[str, Actor]]) -> dict[tuple[str, Actor], Admission | DomainError]:
    """Admit each of these actors as a reader of the playlist, or refuse.

    A refusal is PLAYLIST_NOT_FOUND, AUTH_REQUIRED or FORBIDDEN.
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
    refusal = _refusal(membership.role, playlist)
    if refusal is not None:
        return refusal
    role: types.Role | None = None
    if actor.user_id is not None:
        role = public_role(membership.role)
    return Admission(playlist.pk, actor.user_id, actor.name or None, role, membership.is_member)
