"""The evenings of a room: what was played without a long break."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from playlist import types
from playlist.models import Play, Playlist, PlaylistTrack
from playlist.selectors.log import played_resource

#: A longer silence ends an evening.
BREAK = timedelta(hours=4)
#: Songs of one evening; a longer one is told in parts.
MOST = 1000


class Heard(Struct, frozen=True):
    """One start of a track. `votes` are those that its item has by now, None once the item is gone."""

    played_at: datetime
    track: types.Track
    added_by: str
    votes: int | None


class Evening(Struct, frozen=True):
    """What was played, in the order in which it was."""

    heard: list[Heard]
    #: Where the evening before ended; None if this is the first.
    earlier: int | None

    @property
    def duration_ms(self) -> int:
        """The length of all its songs together."""
        return sum(each.track.duration_ms for each in self.heard)


def evening_of(playlist: Playlist, before: int | None = None) -> Evening:
    """The last evening, or the last one of the plays before a number, which an Evening gives as `earlier`."""
    plays = Play.objects.filter(playlist=playlist).order_by("-id")
    if before is not None:
        plays = plays.filter(pk__lt=before)
    newest = list(plays[: MOST + 1])
    count = next(
        (n for n in range(1, len(newest)) if newest[n - 1].played_at - newest[n].played_at > BREAK),
        len(newest),
    )
    evening = newest[: min(count, MOST)]
    heard = heard_in(playlist, evening)
    return Evening(heard, evening[-1].pk if len(newest) > len(evening) else None)


def heard_in(playlist: Playlist, newest: Sequence[Play]) -> list[Heard]:
    """These plays, newest first, in the order in which they were."""
    items = PlaylistTrack.objects.filter(playlist=playlist, pk__in={play.item_id for play in newest})
    votes = dict(items.values_list("pk", "votes"))
    return [
        Heard(told.played_at, told.track, told.added_by, votes.get(told.id))
        for told in map(played_resource, reversed(newest))
    ]
