"""The fold of what is never published: the actor keys behind the items, beside the snapshot that everybody may see.

Pure. An event tells the new number of votes; whose vote it was follows from the key in the log and the number before.
"""

from __future__ import annotations

import zlib

import msgspec
from msgspec import Struct

from playlist import types
from playlist.fold import DoesNotFollow, Folding

#: The key of the server itself, which adds items of nobody.
_NOBODY = "system"

_KEYS = msgspec.json.Decoder(types.ItemKeys)


class Line(Struct, frozen=True):
    """A line of the log, as the fold of the past needs it.

    `voter_key`: the person whose vote it set, unless it was the actor's own. `before`: the types.ItemKeys of an item
    that came back, None for one that is new; other events say other things there.
    """

    stamp: str
    event: types.AnyEvent
    actor_key: str
    voter_key: str | None
    before: str | None


class PastFolding:
    """A past that goes along with the log."""

    def __init__(self, past: types.Past) -> None:
        self._folding = Folding(past.snapshot)
        self._adders = {item_id: keys.adder for item_id, keys in past.keys.items()}
        self._votes = {item_id: dict(keys.votes) for item_id, keys in past.keys.items()}
        self._stamp = past.snapshot.stamp

    @property
    def revision(self) -> int:
        return self._folding.revision

    def follow(self, line: Line) -> None:
        """Take the next line. Raises DoesNotFollow unless it is that, or where an earlier version wrote too little."""
        event = line.event
        match event:
            case types.TrackAdded():
                self._add(event.item, line)
            case types.TrackRemoved():
                self._adders.pop(event.id, None)
                self._votes.pop(event.id, None)
            case types.TrackVoted():
                self._vote(event.item, line.voter_key or line.actor_key)
            case _:
                pass  # the other events change neither who added an item nor who voted for it
        self._folding.follow(event)
        self._stamp = line.stamp

    def _add(self, item: types.Item, line: Line) -> None:
        if line.before is not None:
            keys = _KEYS.decode(line.before)
        else:
            keys = types.ItemKeys(line.actor_key if item.adder is not None else _NOBODY)
        if sum(keys.votes.values()) != item.votes:
            raise DoesNotFollow(f"the log does not say who voted for {item.id}")
        self._adders[item.id] = keys.adder
        self._votes[item.id] = dict(keys.votes)

    def _vote(self, item: types.VotedItem, voter_key: str) -> None:
        before = self._folding.item(item.id).votes
        votes = self._votes[item.id]
        value = votes.pop(voter_key, 0) + item.votes - before
        if value not in (-1, 0, 1):
            raise DoesNotFollow(f"a vote for {item.id} counts {value}")
        if value:
            votes[voter_key] = value

    def past(self) -> types.Past:
        """The playlist as it stands."""
        keys = {item_id: types.ItemKeys(adder, dict(self._votes[item_id])) for item_id, adder in self._adders.items()}
        return types.Past(self._folding.snapshot(self._stamp), keys)


def packed(past: types.Past) -> bytes:
    return deflated(msgspec.json.encode(past))


def deflated(body: bytes) -> bytes:
    return zlib.compress(body, 3)


def inflated(body: bytes | memoryview) -> bytes:
    return zlib.decompress(body)
