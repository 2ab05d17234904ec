"""Votes, many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from playlist import sql, types
from playlist.change import Change
from playlist.errors import DomainError, item_not_found
from playlist.identity import Actor
from playlist.models import PlaylistTrack, Vote
from playlist.selectors.items import items_by_id

_VALUE = {"up": 1, "down": -1, "none": 0}

Voter = tuple[UUID, str]


def votes_stored(items: Iterable[UUID], actor_keys: Iterable[str]) -> dict[Voter, int]:
    """The votes of these actors for these items, by (item, actor), in one query."""
    condition = f"{sql.any_of('item_id')} AND {sql.any_of('actor_key')}"
    values = (sql.array(items), sql.array(actor_keys))
    rows = sql.rows(Vote, ("item_id", "actor_key", "value"), condition, values)
    return {(sql.as_uuid(item_id), key): value for item_id, key, value in rows}


def track_votes(
    change: Change, votes: Sequence[tuple[Actor, str | None, types.TrackVote]]
) -> list[tuple[int, types.Item | DomainError]]:
    """Set many votes, each of (actor, idempotency key, command), in a constant number of queries.

    They take effect in order: each answer is the revision and the item after that vote. A vote without effect records
    nothing. The refusal is ITEM_NOT_FOUND.
    """
    items = items_by_id(change.playlist, (command.id for _, _, command in votes))
    keys = {actor.key for actor, _, _ in votes}
    stored = votes_stored(items, keys) if items else {}
    values = dict(stored)
    counts = {item_id: item.votes for item_id, item in items.items()}
    answers: list[tuple[int, types.Item | DomainError]] = []
    for actor, op_id, command in votes:
        item = items.get(command.id)
        if item is None:
            answers.append((change.revision, item_not_found()))
            continue
        place = (command.id, actor.key)
        value = _VALUE[command.direction]
        before = values.get(place, 0)
        difference = value - before
        values[place] = value
        if difference:
            counts[item.id] += difference
            change.act_for(actor, op_id)
            voted = types.VotedItem(id=item.id, votes=counts[item.id])
            change.record_over((before, value), types.TrackVoted, item=voted)
        now = msgspec.structs.replace(item, votes=counts[item.id], my_vote=value)
        answers.append((change.revision, now))
    votes_save(values, stored)
    changed = [(count, item_id) for item_id, count in counts.items() if count != items[item_id].votes]
    if changed:
        sql.update_each(PlaylistTrack, "votes", changed)
    return answers


def votes_save(values: dict[Voter, int], stored: dict[Voter, int]) -> None:
    """Bring the vote rows from `stored` to `values`: one statement to set, one to withdraw."""
    changed = {place: value for place, value in values.items() if value != stored.get(place, 0)}
    rows = [(*place, value) for place, value in changed.items() if value]
    conflict = "ON CONFLICT (item_id, actor_key) DO UPDATE SET value = excluded.value"
    sql.insert(Vote, ("item_id", "actor_key", "value"), rows, conflict=conflict)
    withdrawn = [place for place, value in changed.items() if not value]
    if withdrawn:
        _withdraw(withdrawn)


def _withdraw(places: list[Voter]) -> None:
    """Delete by (item, actor). Reads the ids first, because SQLite uses no index for a list of pairs."""
    candidates = Vote.objects.filter(
        item_id__in={item for item, _ in places}, actor_key__in={key for _, key in places}
    ).values_list("pk", "item_id", "actor_key")
    wanted = set(places)
    Vote.objects.filter(pk__in=[pk for pk, item, key in candidates if (item, key) in wanted]).delete()
