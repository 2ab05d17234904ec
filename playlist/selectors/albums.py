"""Albums and artists, with what stands under their names, and tracks album by album.

Whatever has vanished from the disk, or is being deleted, does not count; an album without any other track is no album.
"""

from __future__ import annotations

from msgspec import Struct

from playlist import search, sql, types
from playlist.models import Track
from playlist.selectors.filters import Part, joined, rows_of
from playlist.selectors.matching import held_in
from playlist.selectors.pages import Page, Whole, cursor_read, cursor_text

_LISTED = "track.deleted_at IS NULL AND track.missing_since IS NULL"


class _ByName(Struct, array_like=True, frozen=True):
    """Where a page of albums or artists begins: behind this one."""

    folded: str
    id: Whole


def albums(query: str, artist_id: int | None, limit: int, cursor: str | None) -> Page[types.Album]:
    """Albums by title; the words of `query` are found in title and artist."""
    of_artist = [] if artist_id is None else [Part("named.artist_id = %s", (artist_id,))]
    found, following = _by_name("album", query, of_artist, limit, cursor)
    counted = rows_of(
        Part(
            "SELECT album.id, album.title, artist.name, artist.id, min(track.year), count(*),"  # noqa: S608
            " sum(CASE WHEN track.duration_ms > 0 THEN track.duration_ms ELSE 1000 * track.duration_seconds END),"
            " min(track.cover_url)"
            " FROM playlist_album album JOIN playlist_artist artist ON artist.id = album.artist_id"
            " JOIN playlist_track track ON track.album_id = album.id"
            f" WHERE {sql.any_of('album.id')} AND {_LISTED} GROUP BY album.id, album.title, artist.name, artist.id",
            (sql.array(found),),
        )
    )
    by_id = {
        row[0]: types.Album(
            id=row[0], title=row[1], artist=row[2], artist_id=row[3], year=row[4], track_count=row[5],
            duration_ms=int(row[6]), cover_url=row[7],
        )
        for row in counted
    }  # fmt: skip
    return Page([by_id[album_id] for album_id in found if album_id in by_id], following)


def artists(query: str, limit: int, cursor: str | None) -> Page[types.Artist]:
    """Artists that have tracks, by name."""
    found, following = _by_name("artist", query, [], limit, cursor)
    with_tracks = f"SELECT 1 FROM playlist_track track WHERE track.album_id = album.id AND {_LISTED}"  # noqa: S608
    counted = rows_of(
        Part(
            "SELECT artist.id, artist.name,"  # noqa: S608
            " (SELECT count(*) FROM playlist_album album"
            f" WHERE album.artist_id = artist.id AND EXISTS ({with_tracks})),"
            f" (SELECT count(*) FROM playlist_track track WHERE track.artist_id = artist.id AND {_LISTED})"
            f" FROM playlist_artist artist WHERE {sql.any_of('artist.id')}",
            (sql.array(found),),
        )
    )
    by_id = {row[0]: types.Artist(id=row[0], name=row[1], album_count=row[2], track_count=row[3]) for row in counted}
    return Page([by_id[artist_id] for artist_id in found if artist_id in by_id], following)


def _by_name(
    kind: str, query: str, conditions: list[Part], limit: int, cursor: str | None
) -> tuple[list[int], str | None]:
    """The ids of a page of albums or artists that have tracks, by name, and the cursor of the next page."""
    of_tracks = f"SELECT 1 FROM playlist_track track WHERE track.{kind}_id = named.id AND {_LISTED}"  # noqa: S608
    wanted = search.wanted(query)
    if query and not wanted.needles:
        return [], None
    conditions = [*conditions, *([held_in("named.text", wanted.needles)] if wanted.needles else [])]
    if cursor is not None:
        after = cursor_read(cursor, _ByName)
        conditions.append(Part("(named.folded, named.id) > (%s, %s)", (after.folded, after.id)))
    where = joined([*conditions, Part(f"EXISTS ({of_tracks})")], " AND ")
    statement = f"SELECT named.id, named.folded FROM playlist_{kind} named WHERE {where.text}"  # noqa: S608
    found = rows_of(Part(f"{statement} ORDER BY named.folded, named.id LIMIT %s", (*where.values, limit + 1)))
    ids = [row[0] for row in found[:limit]]
    if len(found) <= limit:
        return ids, None
    return ids, cursor_text(_ByName(found[limit - 1][1], ids[-1]))


class _ByAlbum(Struct, array_like=True, frozen=True):
    """Where a page of tracks by album begins. Those without an album come last, by title."""

    is_loose: bool
    name: str
    album_id: Whole
    disc: Whole
    number: Whole
    track_id: str


_IN_ALBUMS = (
    "SELECT album.folded, album.id, coalesce(playlist_track.disc_number, 0), coalesce(playlist_track.track_number, 0),"
    " playlist_track.id FROM playlist_album album CROSS JOIN playlist_track WHERE playlist_track.album_id = album.id"
)
_LOOSE = (
    "SELECT playlist_track.sort_key, 0, 0, 0, playlist_track.id FROM playlist_track"
    " WHERE playlist_track.album_id IS NULL"
)


def tracks_by_album(conditions: list[Part], limit: int, cursor: str | None) -> Page[Track]:
    """The tracks by title of their album, then as they stand in it."""
    after = None if cursor is None else cursor_read(cursor, _ByAlbum)
    found: list[_ByAlbum] = []
    if after is None or not after.is_loose:
        behind = [] if after is None else [
            Part("album.folded >= %s", (after.name,)),
            Part(
                "(album.folded, album.id, coalesce(playlist_track.disc_number, 0),"
                " coalesce(playlist_track.track_number, 0), playlist_track.id) > (%s, %s, %s, %s, %s)",
                (after.name, after.album_id, after.disc, after.number, after.track_id),
            ),
        ]  # fmt: skip
        found += _placed(False, _IN_ALBUMS, [*conditions, *behind], "1, 2, 3, 4, 5", limit + 1)
    if len(found) <= limit:
        behind = [] if after is None or not after.is_loose else [
            Part("(playlist_track.sort_key, playlist_track.id) > (%s, %s)", (after.name, after.track_id))
        ]  # fmt: skip
        found += _placed(True, _LOOSE, [*conditions, *behind], "1, 5", limit + 1 - len(found))
    tracks = Track.objects.select_related("artist", "album").in_bulk([place.track_id for place in found[:limit]])
    page = [tracks[place.track_id] for place in found[:limit] if place.track_id in tracks]
    return Page(page, cursor_text(found[limit - 1]) if len(found) > limit else None)


def _placed(is_loose: bool, statement: str, conditions: list[Part], order: str, limit: int) -> list[_ByAlbum]:
    where = joined(conditions, " AND ")
    whole = Part(f"{statement} AND {where.text} ORDER BY {order} LIMIT %s", (*where.values, limit))
    return [_ByAlbum(is_loose, *row) for row in rows_of(whole)]
