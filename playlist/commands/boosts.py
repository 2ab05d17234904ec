"""Boosts: a song that plays next, out of turn. Hosts boost without limit, everybody else some songs an hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.conf import settings
from django.db.models import Q

from playlist import types
from playlist.change import Change
from playlist.commands.positions import item_place, position_behind
from playlist.errors import DomainError
from playlist.identity import Actor
from playlist.models import Boost, PlaylistTrack
from playlist.permissions import Role, leads, role_of
from playlist.selectors.items import item_for, item_row
from playlist.selectors.limits import BOOST_LASTS


def track_boost(change: Change, actor: Actor, command: types.TrackBoost) -> types.Item:
    """Let a waiting item play next; in manual order that is a move behind what plays.

    What would change nothing costs nothing. Raises ITEM_NOT_FOUND, CONFLICT if it does not wait any more, and
    NO_BOOSTS_LEFT.
    """
    item = item_row(change.playlist, command.id)
    if item.is_playing or item.played_at is not None:
        raise DomainError("CONFLICT", "This song has been started already.", {"is_playing": item.is_playing})
    if change.playlist.order == "manual":
        current = change.playlist.items.filter(is_playing=True).values_list("pk", flat=True).first()
        position = position_behind(change, item, current)
        if position != item.position:
            _spend(change, actor)
            item_place(change, item, position, is_boost=True)
    elif item.boosted_at is None:
        _spend(change, actor)
        item_boost(change, item, change.now)
    return item_for(change.playlist, item.pk, actor)


def item_boost(change: Change, item: PlaylistTrack, boosted_at: datetime | None) -> None:
    """Set when an item was boosted, None for not at all, and record it."""
    before, item.boosted_at = item.boosted_at, boosted_at
    item.save(update_fields=["boosted_at"])
    change.record_over((before,), types.TrackBoosted, item=types.BoostedItem(id=item.pk, boosted_at=boosted_at))


def _spend(change: Change, actor: Actor) -> None:
    """Count one more boost of the actor. Raises NO_BOOSTS_LEFT.

    A boost in the future comes from a clock that was set back since, and does not count.
    """
    role = role_of(change.playlist, actor)
    if leads(role) or role is Role.SYSTEM:
        return
    allowed, address = change.playlist.rules.boosts_per_hour, change.address_of(actor.key)
    near = Q(actor_key=actor.key) | (Q(address=address) & ~Q(address=""))
    lately = Boost.objects.filter(near, playlist=change.playlist, at__gt=change.now - BOOST_LASTS, at__lte=change.now)
    spent = list(lately.order_by("at").values_list("actor_key", "at"))
    own = [at for key, at in spent if key == actor.key]
    if refusal := refusal_of(own, allowed) or refusal_of([at for _, at in spent], allowed * settings.ADDRESS_PEOPLE):
        raise refusal
    Boost.objects.create(playlist=change.playlist, actor_key=actor.key, address=address, at=change.now)


def refusal_of(spent: Sequence[datetime], allowed: int) -> DomainError | None:
    """NO_BOOSTS_LEFT if all boosts of the last hour are spent, given when each was. `next_at` is null for none ever."""
    if len(spent) < allowed:
        return None
    if not allowed:
        return DomainError("NO_BOOSTS_LEFT", "Only the host and cohosts boost songs here.", {"next_at": None})
    next_at = msgspec.to_builtins(spent[len(spent) - allowed] + BOOST_LASTS)
    return DomainError("NO_BOOSTS_LEFT", "All boosts of this hour are spent.", {"next_at": next_at})
