"""The playlist itself: creation, settings, deletion."""

from __future__ import annotations

import secrets
from typing import Any

import msgspec
from django.conf import settings
from django.db import IntegrityError, transaction
from msgspec import UnsetType
from msgspec.structs import replace

from playlist import allowances, types
from playlist.change import Change
from playlist.clock import database_now, to_ms
from playlist.errors import DomainError, forbidden, invalid
from playlist.identity import Actor, user_actor
from playlist.models import MAIN_SLUG, Checkpoint, Participant, Playlist, User
from playlist.ordering.fair import BEGINNING
from playlist.past import packed
from playlist.selectors.past import present
from playlist.selectors.playlists import playlist_record, with_totals

#: Letters and digits that sound different when a code is read aloud.
SLUG_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"

#: Public: easy to say. Unlisted: 31 ** 13 is more than 64 random bits.
SLUG_LENGTH = {"public": 6, "unlisted": 13}


def playlist_create(host: User, new: types.NewPlaylist) -> Playlist:
    """A new, empty playlist with `host` in it. The only write outside a batch, since there is nothing to lock yet.

    Raises VALIDATION_ERROR.
    """
    settings = _wanted(new, types.NO_RULES)
    visibility = str(settings.get("visibility", Playlist.Visibility.UNLISTED))
    while True:
        slug = "".join(secrets.choice(SLUG_ALPHABET) for _ in range(SLUG_LENGTH[visibility]))
        try:
            with transaction.atomic():
                now = database_now()
                playlist = Playlist(slug=slug, host=host, playback_changed_at_ms=to_ms(now), **settings)
                if playlist.order == Playlist.Order.FAIR:
                    playlist.fair = BEGINNING
                playlist.save(force_insert=True)
                Participant.objects.create(playlist=playlist, user=host, visited_at=now)
                beginning = packed(present(playlist.pk))
                Checkpoint.objects.create(playlist=playlist, revision=0, at=playlist.created_at, body=beginning)
        except IntegrityError:
            if not Playlist.objects.filter(slug=slug).exists():
                raise
        else:
            return playlist


def playlist_start(host: User, address: Actor, new: types.NewPlaylist) -> Playlist:
    """A new playlist, within the daily limits of this user and their address. Raises LIMIT_REACHED, RATE_LIMITED."""
    if Playlist.objects.filter(host=host).count() >= settings.ROOMS_PER_PERSON:
        limit = settings.ROOMS_PER_PERSON
        raise DomainError(
            "LIMIT_REACHED", f"One person can host {limit} rooms: delete one first.", {"limit": limit, "of": "rooms"}
        )
    with transaction.atomic():
        allowances.take("rooms", user_actor(host), settings.ROOMS_PER_PERSON_DAILY)
        allowances.take("rooms", address, settings.ROOMS_PER_ADDRESS_DAILY)
        return playlist_create(host, new)


#: `main` is there for everybody, so these settings never change.
_FIXED_FOR_MAIN = {"policy", "visibility", "locked"}


def playlist_update(change: Change, actor: Actor, command: types.PlaylistUpdate) -> types.PlaylistRecord:
    """Change settings and record which. Raises VALIDATION_ERROR, and FORBIDDEN for settings that `main` has to keep."""
    playlist = change.playlist
    wanted = _wanted(command, playlist.rules)
    changes = {name: value for name, value in wanted.items() if value != getattr(playlist, name)}
    if playlist.slug == MAIN_SLUG and _FIXED_FOR_MAIN & set(changes):
        raise forbidden("main", "The main playlist stays public, open and unlocked.")
    if changes:
        _set(change, changes)
    return playlist_now(change)


def playlist_now(change: Change) -> types.PlaylistRecord:
    """The playlist within this change, whose row is written at its end."""
    playlist = change.playlist
    row = with_totals(Playlist.objects.filter(pk=playlist.pk)).get()
    for name in (*types.SETTINGS, "host_id"):
        setattr(row, name, getattr(playlist, name))
    row.fair, row.skip = playlist.fair, playlist.skip
    row.revision = change.revision
    return playlist_record(row)


def settings_set(change: Change, settings: dict[str, object]) -> None:
    """Set settings, given by the names of undo.state.flat, and record which."""
    changes: dict[str, Any] = {}
    rules: dict[str, Any] = {}
    for name, value in settings.items():
        match name.split("."):
            case [setting]:
                changes[setting] = value
            case [_, rule]:
                rules[rule] = value
            case [_, group, right]:
                rules.setdefault(group, {})[right] = value
    if rules:
        after = types.rules_changed(change.playlist.rules, msgspec.convert(rules, types.RulesChanges))
        policy = types.policy_of(after.guests)
        changes |= {"rules": after} if policy == change.playlist.policy else {"policy": policy, "rules": after}
    fair = changes.pop("fair", None)
    _set(change, changes, BEGINNING if fair is None else msgspec.convert(fair, types.Fair))


def _set(change: Change, changes: dict[str, Any], turns: types.Fair = BEGINNING) -> None:
    """`turns`: those with which fair order begins, if it does."""
    playlist = change.playlist
    before = {name: getattr(playlist, name) for name in changes}
    was_fair = playlist.order == Playlist.Order.FAIR
    for name, value in changes.items():
        setattr(playlist, name, value)
    told = types.PlaylistChanges(**changes)
    if was_fair != (playlist.order == Playlist.Order.FAIR):
        before["fair"] = playlist.fair
        playlist.fair = None if was_fair else turns
        told = replace(told, fair=playlist.fair)
    change.record_over(before, types.PlaylistUpdated, playlist=told)


def _wanted(given: types.PlaylistSettings, rules: types.Rules) -> dict[str, Any]:
    """The given settings by name; `rules`, which are `rules` so far, with the policy that follows from them.

    Raises VALIDATION_ERROR if both a policy and rights of guests are given.
    """
    wanted: dict[str, Any] = given.given()
    changes = types.RulesChanges() if isinstance(given.rules, UnsetType) else given.rules
    if not isinstance(given.policy, UnsetType):
        if not isinstance(changes.guests, UnsetType):
            raise invalid("policy", "give either policy or rules.guests")
        rules = replace(rules, guests=types.PRESETS[given.policy])
    if "policy" in wanted or "rules" in wanted:
        wanted["rules"] = types.rules_changed(rules, changes)
        wanted["policy"] = types.policy_of(wanted["rules"].guests)
    return wanted


def playlist_delete(change: Change, actor: Actor, command: types.PlaylistDelete) -> None:
    """Delete the playlist with its queue and log. Raises FORBIDDEN for `main`."""
    if change.playlist.slug == MAIN_SLUG:
        raise forbidden("main", "The main playlist cannot be deleted.")
    Playlist.objects.filter(pk=change.playlist.pk).delete()
    change.deleted = True
