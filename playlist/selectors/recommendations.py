"""Songs that would fit a playlist, each with a reason that names no person.

They start from some songs of the queue, the seeds. Each reason is one statement that reads a bounded part of an index:
the cost grows neither with the library nor with the histories. What is chosen depends only on the playlist and on what
plays there, so that everybody sees the same list until the next song starts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Literal, NamedTuple

from msgspec import UNSET, UnsetType

from playlist import sql, types
from playlist.models import Playlist, Track
from playlist.selectors.filters import Part, joined, rows_of
from playlist.selectors.library import track_from_model
from playlist.selectors.matches import first_and_last_id

#: The songs of the queue that suggestions start from.
SEEDS = 5
#: How many tracks are looked at for each seed and reason, and how many plays of each seed.
NEAR, PLAYS = 40, 40
#: The candidates that are looked at more closely.
CANDIDATES = 400
#: The people present whose favourites are asked for, and how many favourites.
PEOPLE, FAVORITES = 20, 200
#: So many songs of one artist come before the next of another.
IN_A_ROW = 2


class Seed(NamedTuple):
    track_id: str
    artist_id: int
    album_id: int | None
    genre: str


class Found(NamedTuple):
    """A candidate, and the seed that led to it."""

    track_id: str
    kind: types.RecommendationKind
    seed_id: str | UnsetType = UNSET


def recommendations(
    playlist: Playlist, present: Collection[int], now: datetime, limit: int
) -> list[types.Recommendation]:
    """Songs to add, the most varied reasons first. `present`: the ids of the users who are here."""
    seeds = seeds_of(playlist)
    chance = Random(f"{playlist.pk} {seeds[0].track_id if seeds else ''}")  # noqa: S311 - a choice of songs
    reasons = [
        played_together(seeds),
        favorites_of(present, chance),
        same("album", seeds, chance),
        same("artist", seeds, chance),
        same_genre(seeds, chance),
    ]
    found = list(islice(varied(reasons), CANDIDATES))
    artists = allowed(playlist, (one.track_id for one in found), now)
    chosen = spread([one for one in found if one.track_id in artists], artists)[:limit]
    tracks = Track.objects.select_related("artist", "album").in_bulk([one.track_id for one in chosen])
    return [
        types.Recommendation(
            track=track_from_model(tracks[one.track_id]),
            because=types.RecommendationReason(kind=one.kind, track_id=one.seed_id),
        )
        for one in chosen
        if one.track_id in tracks
    ]


def varied(reasons: Iterable[Iterable[Found]]) -> Iterator[Found]:
    """One of each reason in turn, each track once."""
    waiting = [iter(found) for found in reasons]
    seen: set[str] = set()
    while waiting:
        for found in list(waiting):
            following = next((one for one in found if one.track_id not in seen), None)
            if following is None:
                waiting.remove(found)
            else:
                seen.add(following.track_id)
                yield following


def spread(found: list[Found], artists: dict[str, int]) -> list[Found]:
    """The candidates in their order, except that the third song of an artist waits until others had a turn."""
    before: Counter[int] = Counter()
    turns: list[int] = []
    for one in found:
        artist = artists[one.track_id]
        turns.append(before[artist] // IN_A_ROW)
        before[artist] += 1
    return [one for _, one in sorted(zip(turns, found, strict=True), key=lambda turn: turn[0])]


def seeds_of(playlist: Playlist) -> list[Seed]:
    """What people added, or the server where nobody did: what plays, then what was started or added last."""
    newest = (
        "SELECT track_id, because_json = '' AS chosen, is_playing, coalesce(played_at, added_at) AS at"
        " FROM playlist_playlisttrack WHERE playlist_id = %s"
        " ORDER BY chosen DESC, is_playing DESC, at DESC LIMIT %s"
    )
    statement = (
        "SELECT item.chosen, track.id, track.artist_id, track.album_id, track.genre_folded"  # noqa: S608
        f" FROM ({newest}) item JOIN playlist_track track ON track.id = item.track_id"
        " ORDER BY item.chosen DESC, item.is_playing DESC, item.at DESC"
    )
    rows = rows_of(Part(statement, (playlist.pk, SEEDS)))
    return [Seed(*row) for chosen, *row in rows if chosen == rows[0][0]]


# ── Reasons ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def played_together(seeds: list[Seed]) -> list[Found]:
    """What rooms played right before or after a seed, the most often first; not what the server itself added there."""
    if not seeds:
        return []
    newest = (
        "track_id, playlist_id, id FROM playlist_play WHERE track_id = %s"
        " ORDER BY track_id DESC, playlist_id DESC, played_at DESC LIMIT %s"
    )
    plays = _all_of(Part(newest, (seed.track_id, PLAYS)) for seed in seeds)
    beside = ", ".join(
        "(SELECT CASE WHEN beside.added_by = '' THEN NULL ELSE beside.track_id END FROM playlist_play beside"  # noqa: S608
        f" WHERE beside.playlist_id = play.playlist_id AND beside.id {side} play.id"
        f" ORDER BY beside.id {order} LIMIT 1 OFFSET {steps})"
        for side, order in ((">", "ASC"), ("<", "DESC"))
        for steps in (0, 1)
    )
    rows = rows_of(Part(f"SELECT play.track_id, {beside} FROM ({plays.text}) play", plays.values))  # noqa: S608
    counted = Counter((other, seed_id) for seed_id, *others in rows for other in others if other)
    of_seeds = {seed.track_id for seed in seeds}
    return [
        Found(other, "played_together", seed_id)
        for (other, seed_id), _ in counted.most_common()
        if other not in of_seeds
    ]


def favorites_of(present: Collection[int], chance: Random) -> list[Found]:
    """What those present like, the most liked first; nothing while only one is there, whose taste it would tell."""
    if len(present) < 2:
        return []
    asked = chance.sample(sorted(present), min(PEOPLE, len(present)))
    rows = rows_of(
        Part(
            f"SELECT track_id, count(*) FROM playlist_favorite WHERE {sql.any_of('user_id')}"  # noqa: S608
            " GROUP BY track_id ORDER BY count(*) DESC, min(id) LIMIT %s",
            (sql.array(asked), FAVORITES),
        )
    )
    chance.shuffle(rows)
    rows.sort(key=lambda row: -row[1])
    return [Found(track_id, "favorite") for track_id, _ in rows]


def same(what: Literal["album", "artist"], seeds: list[Seed], chance: Random) -> list[Found]:
    """Songs of the seeds' albums or artists."""
    of_seed = {getattr(seed, f"{what}_id"): seed for seed in reversed(seeds)}
    kind: types.RecommendationKind = "same_album" if what == "album" else "same_artist"
    where = f"WHERE {what}_id = %s LIMIT %s"
    near = [(seed, Part(where, (name, NEAR))) for name, seed in of_seed.items() if name is not None]
    return _near(kind, near, chance)


def same_genre(seeds: list[Seed], chance: Random) -> list[Found]:
    """Songs of the seeds' genres: from some title on, then from the first."""
    of_seed = {seed.genre: seed for seed in reversed(seeds) if seed.genre}
    if not of_seed:
        return []
    title = some_title(chance)
    where = (
        "WHERE genre_folded = %s AND deleted_at IS NULL AND sort_key {side} %s"
        " ORDER BY genre_folded, sort_key, id LIMIT %s"
    )
    found: list[Found] = []
    for side in (">=", "<"):
        near = [(seed, Part(where.format(side=side), (genre, title, NEAR))) for genre, seed in of_seed.items()]
        found += _near("same_genre", near, chance)
    return found


def _near(kind: types.RecommendationKind, near: list[tuple[Seed, Part]], chance: Random) -> list[Found]:
    """The tracks for which the condition of a seed holds, in any order."""
    if not near:
        return []
    parts = [
        Part(f"{number} AS seed, id FROM playlist_track {where.text}", where.values)
        for number, (_, where) in enumerate(near)
    ]
    rows = rows_of(_all_of(parts))
    chance.shuffle(rows)
    of_seeds = {seed.track_id for seed, _ in near}
    return [Found(track_id, kind, near[number][0].track_id) for number, track_id in rows if track_id not in of_seeds]


def _all_of(parts: Iterable[Part]) -> Part:
    """One statement for several, each with a limit of its own, given as what follows SELECT."""
    whole = joined((Part(f"SELECT * FROM (SELECT {part.text}) near", part.values) for part in parts), " UNION ALL ")  # noqa: S608
    return Part(whole.text[1:-1], whole.values)


# ── What may be suggested ────────────────────────────────────────────────────────────────────────────────────────────


def allowed(playlist: Playlist, track_ids: Iterable[str], now: datetime, *, played_too: bool = False) -> dict[str, int]:
    """Those of the tracks that the rules let in, with their artists: none that stands in the queue, played or not.

    Where the library has anything that sounds, only what sounds. `played_too`: what was played may come again.
    """
    rules = playlist.rules
    queued = "SELECT 1 FROM playlist_playlisttrack item WHERE item.playlist_id = %s AND item.track_id = track.id"
    conditions = [
        Part(sql.any_of("track.id"), (sql.array(track_ids),)),
        Part("track.deleted_at IS NULL AND track.missing_since IS NULL"),
        Part(f"NOT EXISTS ({queued}{' AND item.played_at IS NULL' if played_too else ''})", (playlist.pk,)),
    ]
    if has_sound():
        conditions.append(Part("track.audio_url IS NOT NULL"))
    if playlist.has_blocked:
        blocked = (
            "SELECT 1 FROM playlist_blocked blocked WHERE blocked.playlist_id = %s AND"
            " (blocked.kind = 'tracks' AND blocked.target = track.id"
            " OR blocked.kind = 'artists' AND blocked.target = CAST(track.artist_id AS varchar(64)))"
        )
        conditions.append(Part(f"NOT EXISTS ({blocked})", (playlist.pk,)))
    if rules.max_track_seconds is not None:
        lasts_ms = "CASE WHEN track.duration_ms > 0 THEN track.duration_ms ELSE 1000 * track.duration_seconds END"
        conditions.append(Part(f"{lasts_ms} <= %s", (1000 * rules.max_track_seconds,)))
    if rules.repeat_after_minutes is not None:
        played = (
            "SELECT 1 FROM playlist_play play"
            " WHERE play.track_id = track.id AND play.playlist_id = %s AND play.played_at > %s"
        )
        since = now - timedelta(minutes=rules.repeat_after_minutes)
        conditions.append(Part(f"NOT EXISTS ({played})", (playlist.pk, since)))
    where = joined(conditions, " AND ")
    statement = f"SELECT track.id, track.artist_id FROM playlist_track track WHERE {where.text}"  # noqa: S608
    return dict(rows_of(Part(statement, where.values)))


def has_sound() -> bool:
    """Whether the library has files, even if they are gone for the moment."""
    files = "SELECT 1 FROM playlist_track WHERE audio_url IS NOT NULL AND deleted_at IS NULL"
    return bool(rows_of(Part(f"{files} ORDER BY sort_key, id LIMIT 1")))


def some_title(chance: Random) -> str:
    """The title of some track, in the form by which the library is sorted."""
    statement = (
        "SELECT track.sort_key FROM playlist_searchentry e JOIN playlist_track track ON track.id = e.track_id"
        " WHERE e.id >= %s ORDER BY e.id LIMIT 1"
    )
    rows = rows_of(Part(statement, (chance.randint(*first_and_last_id()),)))
    return rows[0][0] if rows else ""
