"""Voting to skip: people who want the playing song to end.

The people who are present are those that the process saw which took the vote. The event holds the number of votes that
were needed, so the log alone explains why a song was skipped.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil

from django.conf import settings

from playlist import types
from playlist.change import Change
from playlist.commands.current import advance, playback_as_it_is, position_seconds
from playlist.commands.following import expected_item, other_is_current
from playlist.commands.turns import turn_given_back
from playlist.errors import DomainError, forbidden
from playlist.identity import Actor, user_id_of, user_key
from playlist.models import PlaylistTrack, SkipVotes
from playlist.neighbours import people_counted


def playback_skip(change: Change, actor: Actor, command: types.PlaybackSkip) -> types.Playback:
    """Set whether the actor wants the current item to be skipped; the vote that is enough starts the next item.

    Raises FORBIDDEN where the room does not vote on it, CONFLICT if another item is current, LIMIT_REACHED.
    """
    share = change.playlist.rules.skip_share
    if share is None:
        raise forbidden("no_skip_votes")
    current = expected_item(change, command)
    if current is None or current.pk != command.item_id:
        raise other_is_current(current)
    before = change.playlist.skip or SkipVotes(item_id=current.pk, needed=0, voters={})
    voters = {key: address for key, address in before.voters.items() if key != actor.key}
    if command.want:
        voters[actor.key] = change.address_of(actor.key)
        _check_address(voters, actor.key)
    needed = needed_of(share, _people(change, voters))
    after = SkipVotes(item_id=current.pk, needed=needed, voters=voters)
    if after != before and (voters or before.voters):
        change.playlist.skip = after if voters else None
        change.record(types.PlaybackSkipVoted, item_id=current.pk, votes=len(voters), needed=needed, want=command.want)
    if command.want and len(voters) >= needed:
        return _skip(change, current)
    return playback_as_it_is(change, current)


def needed_of(share: float, people: int) -> int:
    """The number of votes that skip, where so many are present or have voted."""
    return max(1, ceil(Fraction(str(share)) * people))


def _people(change: Change, voters: Iterable[str]) -> int:
    """How many are present or have voted. Those of one address count as they may vote, or they could never skip."""
    keys = {user_key(user_id) for user_id in change.present} | set(voters)
    if len(keys) <= settings.ADDRESS_PEOPLE:
        return len(keys)
    users = {user_id for key in keys if (user_id := user_id_of(key)) is not None}
    return len(keys) - len(users) + people_counted(change.playlist, users)


def _skip(change: Change, current: PlaylistTrack) -> types.Playback:
    if 2000 * position_seconds(change, current) < current.track.exact_duration_ms:
        turn_given_back(change, current)
    return advance(change, current)


def _check_address(voters: dict[str, str], actor_key: str) -> None:
    """Raises LIMIT_REACHED if those of one address would have more votes than one address may."""
    address = voters[actor_key]
    if address and sum(other == address for other in voters.values()) > settings.ADDRESS_PEOPLE:
        limit = settings.ADDRESS_PEOPLE
        message = f"Those who joined from one address have {limit} votes to skip."
        raise DomainError("LIMIT_REACHED", message, {"limit": limit, "by": "address", "of": "skip_votes"})
