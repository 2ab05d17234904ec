"""Permissions: the roles that actors have in a playlist, and the rules that the rows of commands/table.py name."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import NamedTuple

from django.conf import settings
from msgspec import Struct

from playlist import types
from playlist.errors import DomainError, forbidden, removed_from_room
from playlist.identity import Actor
from playlist.models import MAIN_SLUG, Participant, Playlist, User


class Role(Enum):
    """An actor's role in one playlist."""

    SYSTEM = "system"
    HOST = "host"
    COHOST = "cohost"
    PARTICIPANT = "participant"
    #: A user, but not a participant of the playlist.
    STRANGER = "stranger"
    #: No identity at all.
    ANONYMOUS = "anonymous"
    #: A screen that the playlist's wall link opened, and one that belongs to another playlist.
    WALL = "wall"
    ELSEWHERE = "elsewhere"
    BANNED = "banned"
    #: The account is deleted or disabled.
    INVALID = "invalid"


class Verdict(Enum):
    YES = "yes"
    #: Only with the actor's own things.
    OWN = "own"
    NO = "no"


class Rule(Struct, frozen=True):
    """The verdict on each role.

    `guests` names the right that lets participants do it; `others` is the verdict on those without that right, and
    on all participants where `guests` is None.
    """

    host: Verdict
    guests: types.Right | None
    others: Verdict
    anonymous: Verdict
    #: As the host's, unless it is given.
    cohost: Verdict | None = None
    #: Whether a stranger may do it in a locked room, too.
    opens_locked: bool = False

    @property
    def asks_for_owner(self) -> bool:
        """Whether the verdict can depend on the owner of the thing."""
        return Verdict.OWN in (self.host, self.on_cohost, self.others, self.anonymous)

    @property
    def on_cohost(self) -> Verdict:
        return self.host if self.cohost is None else self.cohost

    @property
    def reason(self) -> str:
        """The reason for which those are refused to whom it says NO, or OWN with what is not theirs."""
        if self.host is not Verdict.YES:
            return "server_only"
        return "hosts_only" if self.on_cohost is Verdict.YES else "host_only"

    def on_participant(self, rights: types.GuestRights) -> Verdict:
        return Verdict.YES if self.guests is not None and rights.allow(self.guests) else self.others


EVERYBODY = Rule(Verdict.YES, None, Verdict.YES, Verdict.YES)
ADDING = Rule(Verdict.YES, "add", Verdict.NO, Verdict.YES)
VOTING = Rule(Verdict.YES, "vote", Verdict.NO, Verdict.YES)
VOTING_DOWN = Rule(Verdict.YES, "downvote", Verdict.NO, Verdict.YES)
MOVING = Rule(Verdict.YES, "move", Verdict.NO, Verdict.YES)
REMOVING = Rule(Verdict.YES, "remove_any", Verdict.OWN, Verdict.YES)
STEERING = Rule(Verdict.YES, "playback", Verdict.NO, Verdict.YES)
OWN_OR_HOST = Rule(Verdict.YES, None, Verdict.OWN, Verdict.OWN)
LEADING = Rule(Verdict.YES, None, Verdict.NO, Verdict.NO)
HOST = Rule(Verdict.YES, None, Verdict.NO, Verdict.NO, cohost=Verdict.NO)
CLAIMING = Rule(Verdict.YES, None, Verdict.YES, Verdict.NO, opens_locked=True)
IDENTIFIED = Rule(Verdict.YES, None, Verdict.YES, Verdict.NO)
SYSTEM = Rule(Verdict.NO, None, Verdict.NO, Verdict.NO)


class Membership(NamedTuple):
    """An actor's role, whether the actor is a participant (staff need not be), and the address they joined from.

    Those who have not joined yet would do so from the address that they act from.
    """

    role: Role
    is_member: bool
    address: str

    def joined(self) -> Membership:
        """The membership of the same actor after joining."""
        return self._replace(role=Role.PARTICIPANT if self.role is Role.STRANGER else self.role, is_member=True)


def memberships_of(playlist: Playlist, actors: list[Actor]) -> dict[str, Membership]:
    """The membership of each actor by `actor.key`, read afresh: two queries, however many actors."""
    user_ids = {actor.user_id for actor in actors if actor.user_id is not None}
    users: dict[int, bool] = {}
    members: dict[int, Role] = {}
    addresses: dict[int | None, str] = {}
    if user_ids:
        users = dict(User.objects.filter(pk__in=user_ids, is_active=True).values_list("pk", "is_staff"))
        rows = Participant.objects.filter(playlist=playlist, user_id__in=user_ids)
        for user_id, kept, banned_at, address in rows.values_list("user", "role", "banned_at", "address"):
            members[user_id] = member_role(kept, banned_at)
            addresses[user_id] = address
    return {
        actor.key: Membership(
            _role(playlist, actor, users, members),
            actor.user_id in members,
            addresses.get(actor.user_id, actor.address),
        )
        for actor in actors
    }


def role_of(playlist: Playlist, actor: Actor) -> Role:
    return memberships_of(playlist, [actor])[actor.key].role


def member_role(kept: str, banned_at: datetime | None) -> Role:
    """The role that a row of models.Participant gives to a user who is not host."""
    return Role.BANNED if banned_at is not None else Role(kept)


def _role(playlist: Playlist, actor: Actor, users: dict[int, bool], members: dict[int, Role]) -> Role:
    if actor.wall_of is not None:
        return Role.WALL if actor.wall_of == playlist.slug else Role.ELSEWHERE
    if actor.user_id is None:
        return Role.SYSTEM if actor.key == "system" else Role.ANONYMOUS
    if actor.user_id not in users:
        return Role.INVALID
    if is_host(playlist, actor.user_id, is_staff=users[actor.user_id]):
        return Role.HOST
    return members.get(actor.user_id, Role.STRANGER)


def is_host(playlist: Playlist, user_id: int, *, is_staff: bool) -> bool:
    """Whether the user is host here: the playlist's own host is, and staff are everywhere."""
    return is_staff or user_id == playlist.host_id


def leads(role: Role) -> bool:
    """Whether it is the host's or a cohost's."""
    return role in (Role.HOST, Role.COHOST)


def public_role(role: Role) -> types.Role:
    """The role as the playlist's participants see it."""
    if role is Role.HOST:
        return "host"
    return "cohost" if role is Role.COHOST else "participant"


def judge(role: Role, rule: Rule, playlist: Playlist) -> Verdict:
    """The rule's verdict on this role, YES or OWN. Raises AUTH_REQUIRED or FORBIDDEN if it is NO."""
    if role is Role.SYSTEM:
        return Verdict.YES
    if role is Role.ANONYMOUS:
        if playlist.slug != MAIN_SLUG or not settings.OPEN_MAIN or rule.anonymous is Verdict.NO:
            raise DomainError("AUTH_REQUIRED", "Join with a name first.")
        return rule.anonymous
    refuse_invalid(role)
    if role is Role.WALL:
        raise forbidden("wall")
    if role is Role.HOST:
        verdict = rule.host
    elif role is Role.COHOST:
        verdict = rule.on_cohost
    elif role is Role.STRANGER and playlist.locked and not rule.opens_locked:
        raise forbidden("locked")
    else:
        verdict = rule.on_participant(playlist.rules.guests)
    if verdict is Verdict.NO:
        raise refused_by(rule)
    return verdict


def refused_by(rule: Rule) -> DomainError:
    """FORBIDDEN; `right` is the one that would be needed, null if no guest can have it."""
    return forbidden(rule.reason, right=rule.guests)


def check_read(role: Role, playlist: Playlist) -> None:
    """Raises AUTH_REQUIRED or FORBIDDEN unless this role may read, listen and connect."""
    if role is not Role.ANONYMOUS:
        refuse_invalid(role)
    if playlist.visibility == Playlist.Visibility.PUBLIC:
        return
    if role is Role.ANONYMOUS:
        raise DomainError("AUTH_REQUIRED", "Join with a name first.")
    if role is Role.STRANGER:
        raise forbidden("join")


def refuse_invalid(role: Role) -> None:
    if role is Role.INVALID:
        raise DomainError("AUTH_REQUIRED", "This account is no longer active.")
    if role is Role.BANNED:
        raise removed_from_room()
    if role is Role.ELSEWHERE:
        raise forbidden("wall", "This wall belongs to another room.")
