"""What the server itself would add to a playlist: the choice of its fallback.

A rule that finds nothing gives way to the next: favourites to similar songs, those to anything in the library, and that
to what was played here longest ago.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import NamedTuple

from msgspec import UNSET, UnsetType

from playlist import types
from playlist.clock import database_now
from playlist.models import Playlist, PlaylistTrack, RemovedItem
from playlist.present import people_in
from playlist.selectors.filters import Part, rows_of
from playlist.selectors.reading import consistent_read
from playlist.selectors.recommendations import (
    NEAR,
    Found,
    allowed,
    favorites_of,
    has_sound,
    played_together,
    same,
    same_genre,
    seeds_of,
    some_title,
    varied,
)

#: The songs that one choice starts from, and the candidates that are looked at more closely.
SEEDS, CANDIDATES = 2, 60
#: One of so many is chosen by chance.
CHOICE = 12
#: How many songs of a queue come back; how many that were removed do not, and for how long.
REPLAYED, REMOVED, UNWANTED = 60, 500, timedelta(hours=12)
#: From so many titles on the library is looked through.
TITLES = 3


class Pick(NamedTuple):
    track_id: str
    because: types.Because


def picks(
    playlist: Playlist, fallback: types.Fallback, present: Collection[int], now: datetime, chance: Random
) -> list[Pick]:
    """Some songs that could be added, the first choice first. `present`: the ids of the users who are here."""
    choice = _Choice(playlist, now, chance)
    if fallback == "favorites" and (found := choice.favorites(present)):
        return found
    if fallback != "library" and (found := choice.similar()):
        return found
    return choice.library() or choice.replayed()


def finds_song(playlist_id: int) -> bool | None:
    """Whether there is a song by now for a playlist that stopped since nothing was left and its rule found nothing.

    None for every other playlist.
    """
    with consistent_read():
        playlist = Playlist.objects.filter(pk=playlist_id, ran_dry=True).first()
        if playlist is None or playlist.rules.fallback == "off":
            return None
        if playlist.items.filter(played_at__isnull=True).exists():
            return None
        chance = Random()  # noqa: S311 - a choice of songs
        return bool(picks(playlist, playlist.rules.fallback, people_in(playlist_id), database_now(), chance))


class _Choice:
    def __init__(self, playlist: Playlist, now: datetime, chance: Random) -> None:
        self._playlist = playlist
        self._now = now
        self._chance = chance
        self._seeds = seeds_of(playlist)
        # What was played before is removed when it comes again.
        removed = RemovedItem.objects.filter(playlist=playlist, played_at=None, removed_at__gt=now - UNWANTED)
        self._removed = set(removed.order_by("-removed_at").values_list("track_id", flat=True)[:REMOVED])

    def favorites(self, present: Collection[int]) -> list[Pick]:
        return self._found(favorites_of(present, self._chance), "favorite")

    def similar(self) -> list[Pick]:
        chance = self._chance
        seeds = chance.sample(self._seeds, min(SEEDS, len(self._seeds)))
        reasons = [played_together(seeds), same("artist", seeds, chance), same_genre(seeds, chance)]
        return self._found(varied(reasons), "similar")

    def _found(self, found: Iterable[Found], kind: types.BecauseKind) -> list[Pick]:
        return self._some([(one.track_id, one.seed_id) for one in islice(found, CANDIDATES)], kind)

    def library(self) -> list[Pick]:
        """Songs from some title on, then from the first."""
        listed = "deleted_at IS NULL" + (" AND audio_url IS NOT NULL" if has_sound() else "")
        for _ in range(TITLES):
            title = some_title(self._chance)
            ids: list[str] = []
            for side in (">=", "<"):
                where = f"WHERE {listed} AND sort_key {side} %s ORDER BY sort_key, id LIMIT %s"
                statement = f"SELECT id FROM playlist_track {where}"  # noqa: S608 - from the code
                ids += [track_id for (track_id,) in rows_of(Part(statement, (title, NEAR - len(ids))))]
            if found := self._some([(track_id, UNSET) for track_id in ids], "library"):
                return found
        return []

    def replayed(self) -> list[Pick]:
        """What was played here, the longest ago first."""
        played = PlaylistTrack.objects.filter(playlist=self._playlist, played_at__isnull=False, is_playing=False)
        ids = list(played.order_by("played_at").values_list("track_id", flat=True)[:REPLAYED])
        fitting = allowed(self._playlist, ids, self._now, played_too=True)
        return [
            Pick(track_id, types.Because(kind="library"))
            for track_id in ids
            if track_id in fitting and track_id not in self._removed
        ]

    def _some(self, found: list[tuple[str, str | UnsetType]], kind: types.BecauseKind) -> list[Pick]:
        """Some of these tracks, given with their seeds, in any order; the artist that plays now comes last."""
        fitting = allowed(self._playlist, (track_id for track_id, _ in found), self._now)
        some = [one for one in found if one[0] in fitting and one[0] not in self._removed][:CHOICE]
        self._chance.shuffle(some)
        current = PlaylistTrack.objects.filter(playlist=self._playlist, is_playing=True)
        now_playing = current.values_list("track__artist", flat=True).first()
        some.sort(key=lambda one: fitting[one[0]] == now_playing)
        return [Pick(track_id, types.Because(kind=kind, track_id=seed_id)) for track_id, seed_id in some]
