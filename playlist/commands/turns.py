"""Fair order: whose turn it is, and the songs of one person among themselves."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import UnsetType

from playlist import types
from playlist.change import Change
from playlist.errors import DomainError
from playlist.identity import Actor, adder_of
from playlist.models import PlaylistTrack
from playlist.ordering.fair import given_back, started


def turn_taken(change: Change, item: PlaylistTrack) -> types.Fair | None:
    """Let the item's adder have had a turn, as it has just been started. Returns the turns from then on."""
    playlist, fair = change.playlist, change.playlist.fair
    if fair is None:
        return None
    waiting = playlist.items.filter(played_at__isnull=True).values_list("added_by_key", flat=True).distinct()
    people = {adder_of(playlist.pk, key) for key in waiting} - {None}
    adder = adder_of(playlist.pk, item.added_by_key)
    playlist.fair = started(fair, adder, [person for person in people if person is not None])
    return playlist.fair


def turn_given_back(change: Change, item: PlaylistTrack) -> None:
    """Let the item's adder have the turn again that this item took."""
    playlist, fair = change.playlist, change.playlist.fair
    if fair is not None:
        playlist.fair = given_back(fair, adder_of(playlist.pk, item.added_by_key))


def refuse_place(change: Change) -> None:
    """Raises CONFLICT where turns decide, so that nobody can choose a place."""
    if change.playlist.order == "fair":
        raise DomainError("CONFLICT", "Everybody plays in turn here: only your own songs can change places.", TURNS)


#: The details of that refusal.
TURNS = {"order": "fair"}


def own_moved(change: Change, actor: Actor, item: PlaylistTrack, command: types.TrackMove) -> None:
    """Move one of the actor's waiting songs among the others of theirs.

    They exchange their positions, so that nobody gains a place on somebody else. Raises CONFLICT for what is not the
    actor's, or does not wait.
    """
    mine = list(change.playlist.items.filter(added_by_key=actor.key, played_at__isnull=True).order_by("position"))
    others = [other for other in mine if other.pk != item.pk]
    if len(others) == len(mine):
        refuse_place(change)
    index = _index_among(change, actor, others, command)
    places = [each.position for each in mine]
    for each, position in zip([*others[:index], item, *others[index:]], places, strict=True):
        if each.position != position:
            before, each.position = each.position, position
            each.save(update_fields=["position"])
            change.record_over(before, types.TrackMoved, item=types.MovedItem(id=each.pk, position=position))


def _index_among(change: Change, actor: Actor, others: Sequence[PlaylistTrack], command: types.TrackMove) -> int:
    """How many of the actor's other waiting songs come before the wanted place."""
    if not isinstance(command.position, UnsetType):
        wanted = command.position
        return sum(other.position <= wanted for other in others)
    after = command.after
    if isinstance(after, UnsetType) or after is None:
        return 0
    index = next((index for index, other in enumerate(others, 1) if other.pk == after), 0)
    if not index and not change.playlist.items.filter(pk=after, added_by_key=actor.key).exists():
        refuse_place(change)
    return index
