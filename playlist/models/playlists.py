"""Playlists and their participants."""

from __future__ import annotations

import secrets
from uuid import UUID

import msgspec
from django.db import models
from django.db.models.functions import Now

from playlist import types
from playlist.user import User

MAIN_SLUG = "main"


def new_stamp() -> str:
    """A random mark of 8 bytes, in hex, which tells two events of the same revision apart."""
    return secrets.token_hex(8)


class SkipVotes(msgspec.Struct, frozen=True):
    """The votes to skip the current item: the address of each voter, by the voter's key; and how many are needed."""

    item_id: UUID
    needed: int
    voters: dict[str, str]


class Playlist(models.Model):
    """A playlist, and the lock of everything in it. `revision` and `stamp` are those of its newest event."""

    class Order(models.TextChoices):
        MANUAL = "manual"
        VOTES = "votes"
        FAIR = "fair"

    class Policy(models.TextChoices):
        OPEN = "open"
        HOSTED = "hosted"
        CUSTOM = "custom"

    class Visibility(models.TextChoices):
        PUBLIC = "public"
        UNLISTED = "unlisted"

    class State(models.TextChoices):
        PLAYING = "playing"
        PAUSED = "paused"
        STOPPED = "stopped"

    slug = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=80)
    host = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="hosted_playlists")
    order = models.CharField(max_length=8, choices=Order.choices, default=Order.MANUAL)
    policy = models.CharField(max_length=8, choices=Policy.choices, default=Policy.OPEN)
    #: Read `rules`: the rights in it count only under the policy `custom`, since older servers set only `policy`.
    rules_json = models.TextField(default="{}", db_default="{}")
    #: Whether it has rows of `Blocked`, so that a room without any need not ask.
    has_blocked = models.BooleanField(default=False, db_default=False)
    visibility = models.CharField(max_length=8, choices=Visibility.choices, default=Visibility.UNLISTED, db_index=True)
    locked = models.BooleanField(default=False)
    max_queued_per_person = models.PositiveIntegerField(null=True, blank=True)
    revision = models.PositiveBigIntegerField(default=0)
    stamp = models.CharField(max_length=16, default=new_stamp)
    playback_state = models.CharField(max_length=8, choices=State.choices, default=State.STOPPED)
    playback_position_seconds = models.FloatField(default=0.0)
    playback_started_at_ms = models.BigIntegerField(null=True, blank=True)
    playback_changed_at_ms = models.BigIntegerField(default=0)
    #: `Clock.steps` when the playback was last set: times of another count are of another clock.
    playback_clock = models.PositiveIntegerField(default=0, db_default=0)
    volume = models.PositiveSmallIntegerField(default=100, db_default=100)
    #: When a process last kept this playlist's time, and when a speaker was last on; 0: never (life.py).
    alive_at_ms = models.BigIntegerField(default=0, db_default=0)
    speaker_at_ms = models.BigIntegerField(default=0, db_default=0)
    #: It stopped because nothing was left to play: what is added next plays at once, if somebody listens.
    ran_dry = models.BooleanField(default=False, db_default=False)
    #: Read `fair`.
    fair_json = models.TextField(default="", db_default="", blank=True)
    #: Read `skip`.
    skip_json = models.TextField(default="", db_default="", blank=True)
    #: When somebody was last taken out of it (forgetting.py): what was read of it before is not told any more.
    rewritten_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.name} ({self.slug})"

    @property
    def rules(self) -> types.Rules:
        return types.rules_kept(self.policy, self.rules_json)

    @rules.setter
    def rules(self, rules: types.Rules) -> None:
        self.rules_json = msgspec.json.encode(rules).decode()
        self.policy = types.policy_of(rules.guests)

    @property
    def fair(self) -> types.Fair | None:
        """The turns of fair order; None in any other order."""
        return msgspec.json.decode(self.fair_json, type=types.Fair) if self.fair_json else None

    @fair.setter
    def fair(self, fair: types.Fair | None) -> None:
        self.fair_json = msgspec.json.encode(fair).decode() if fair is not None else ""

    @property
    def skip(self) -> SkipVotes | None:
        """The votes to skip the current item; None if there are none."""
        return msgspec.json.decode(self.skip_json, type=SkipVotes) if self.skip_json else None

    @skip.setter
    def skip(self, skip: SkipVotes | None) -> None:
        self.skip_json = msgspec.json.encode(skip).decode() if skip is not None else ""


class Participant(models.Model):
    """A user's membership in a playlist. A ban is a membership that is refused.

    `role` tells cohosts from the others; the host is Playlist.host, whatever stands here.
    """

    class Role(models.TextChoices):
        COHOST = "cohost"
        PARTICIPANT = "participant"

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.PARTICIPANT, db_default="participant")
    joined_at = models.DateTimeField(auto_now_add=True)
    banned_at = models.DateTimeField(null=True, blank=True)
    #: The key of the address that they joined from; "" for hosts and those of earlier versions (neighbours.py).
    address = models.CharField(max_length=80, default="", db_default="", blank=True)
    #: When the user was last seen to come in (visits.py).
    visited_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("playlist", "user"), name="unique_participant_per_playlist"),
        ]
        indexes = [
            models.Index(fields=("playlist", "address"), name="participant_by_address"),
            models.Index(fields=("user", "-visited_at", "-id"), name="rooms_last_visited"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.playlist}"


class SecretLink(models.Model):
    """A link to a playlist that holds a secret, which makes the caller host, or a wall. Only its digest is kept."""

    class Kind(models.TextChoices):
        HOST = "host"
        DISPLAY = "display"

    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="secret_links", db_constraint=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("playlist", "kind"), name="unique_secret_link_per_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} link of {self.playlist}"
