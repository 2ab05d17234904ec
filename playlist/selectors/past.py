"""How a playlist was: the nearest checkpoint before a revision, and the log from there on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from playlist import types
from playlist.errors import DomainError
from playlist.fold import DoesNotFollow
from playlist.models import Checkpoint, Event, PlaylistTrack, Vote
from playlist.past import Line, PastFolding
from playlist.selectors.log import head_of
from playlist.selectors.reading import consistent_read
from playlist.selectors.snapshot import snapshot
from playlist.stored import event_stored, past_unpacked

#: Lines of the log that are read at a time.
CHUNK = 1000


def past_at(playlist_id: int, revision: int) -> types.Past:
    """The playlist as it was at a revision.

    Reads one checkpoint and the lines behind it by index, whatever the length of the log. Raises PLAYLIST_NOT_FOUND,
    and NOT_FOUND with the `earliest` revision that can be told.
    """
    with consistent_read():
        newest = head_of(playlist_id).revision
        if revision == newest:
            return present(playlist_id)
        checkpoints = Checkpoint.objects.filter(playlist=playlist_id, revision__lte=revision).order_by("-revision")
        nearest = None if revision > newest else checkpoints.first()
        try:
            if nearest is None:
                raise DoesNotFollow(f"there is no checkpoint before revision {revision}")
            folding = PastFolding(past_unpacked(nearest.body))
            for line in lines(playlist_id, folding.revision, revision):
                folding.follow(line)
            if folding.revision != revision:
                raise DoesNotFollow(f"the log ends before revision {revision}")
        except DoesNotFollow as error:
            raise not_kept(playlist_id, revision) from error
        return folding.past()


def past_told(playlist_id: int, revision: int) -> types.ToldPast | None:
    """The same for whoever uses it later, under the playlist's lock; None where it cannot be told."""
    with consistent_read():
        try:
            return types.ToldPast(past_at(playlist_id, revision), head_of(playlist_id).rewritten_at)
        except DomainError:
            return None


def revision_at(playlist_id: int, moment: datetime) -> int:
    """The revision that the playlist had at a time. Raises what past_at does.

    Where the clock was set back, the later of two revisions that fit.
    """
    with consistent_read():
        before = Checkpoint.objects.filter(playlist=playlist_id, at__lte=moment).order_by("-revision")
        nearest = before.values_list("revision", flat=True).first()
        if nearest is None:
            raise not_kept(playlist_id, -1)
        following = Checkpoint.objects.filter(playlist=playlist_id, revision__gt=nearest).order_by("revision")
        end = following.values_list("revision", flat=True).first()
        log = Event.objects.filter(playlist=playlist_id, revision__gt=nearest, at__lte=moment)
        if end is not None:
            log = log.filter(revision__lt=end)
        return log.order_by("-revision").values_list("revision", flat=True).first() or nearest


def present(playlist_id: int) -> types.Past:
    """The playlist as the tables have it now, with the keys behind its items."""
    with consistent_read():
        votes: dict[object, dict[str, int]] = {}
        cast = Vote.objects.filter(item__playlist=playlist_id).order_by("pk")
        for item_id, key, value in cast.values_list("item_id", "actor_key", "value"):
            votes.setdefault(item_id, {})[key] = value
        items = PlaylistTrack.objects.filter(playlist=playlist_id).values_list("pk", "added_by_key")
        keys = {item_id: types.ItemKeys(adder, votes.get(item_id, {})) for item_id, adder in items}
        return types.Past(snapshot(playlist_id), keys)


def lines(playlist_id: int, after: int, until: int) -> Iterator[Line]:
    """The lines of the log behind a revision, up to another one. Raises DoesNotFollow at one of a later release."""
    while after < until:
        log = Event.objects.filter(playlist=playlist_id, revision__gt=after, revision__lte=min(until, after + CHUNK))
        chunk = list(log.order_by("revision").values_list("stamp", "body", "actor_key", "voter_key", "before"))
        for stamp, body, actor_key, *others in chunk:
            try:
                event = event_stored(body, playlist_id, actor_key)
            except msgspec.ValidationError as error:
                raise DoesNotFollow(f"a line of playlist {playlist_id} is of another release: {error}") from error
            yield Line(stamp, event, actor_key, *others)
        after += CHUNK


def not_kept(playlist_id: int, revision: int) -> DomainError:
    """The refusal for a revision that cannot be told, with the next one that can: the checkpoint behind it, or now."""
    following = Checkpoint.objects.filter(playlist=playlist_id, revision__gt=revision).order_by("revision")
    newest = head_of(playlist_id).revision
    earliest = following.values_list("revision", flat=True).first()
    said = "This is not kept any more." if revision <= newest else "This has not happened yet."
    return DomainError("NOT_FOUND", said, {"earliest": newest if earliest is None else earliest})
