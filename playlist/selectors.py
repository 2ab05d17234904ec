"""Every read of the tables, as the resources of types.py. Nothing here writes, and nothing here knows HTTP."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import Count, Model, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from msgspec import UNSET, Raw, Struct, UnsetType

from playlist import search, sql, types
from playlist.clock import database_now, to_ms
from playlist.errors import DomainError, invalid
from playlist.identity import Actor
from playlist.models import (
    FOLDED_WIDTH,
    GENRE_WIDTH,
    Event,
    Participant,
    Play,
    Playlist,
    PlaylistTrack,
    SearchEntry,
    Track,
    Vote,
)
from playlist.ordering import playing_order
from playlist.permissions import Standing, check_read, places, standing_of

ModelT = TypeVar("ModelT", bound=Model)

#: The most rows that one page of anything has.
PAGE_LIMIT = 500


#: Who has more genres than this does not choose from a list.
GENRES_LISTED = 500


class Page(Generic[ModelT]):
    """Some rows in order, and the cursor of the page after them (None: this is the last)."""

    def __init__(self, rows: list[ModelT], next_cursor: str | None) -> None:
        self.rows = rows
        self.next_cursor = next_cursor


@contextmanager
def consistent_read() -> Iterator[None]:
    """All reads inside see one state of the database, and none of them waits for a writer.

    Never atomic() for this: on SQLite it would take the write lock. Inside a transaction it changes nothing.
    """
    if connection.in_atomic_block:
        yield
        return
    begin = "BEGIN" if connection.vendor == "sqlite" else "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


# ── Playlists ────────────────────────────────────────────────────────────────────────────────────────────────────────


def playlist_by_slug(slug: str) -> Playlist:
    """The row. A slug read out aloud works in capitals, too. Raises PLAYLIST_NOT_FOUND."""
    playlist = None if "\x00" in slug else sql.found(Playlist, "slug", slug.lower())  # PostgreSQL takes no NUL
    if playlist is None:
        raise playlist_not_found()
    return playlist


def playlist_not_found() -> DomainError:
    return DomainError("PLAYLIST_NOT_FOUND", "There is no such playlist.")


@lru_cache(maxsize=4096)
def playlist_id(slug: str) -> int:
    """The id behind a slug, remembered: slugs never change. It may be gone by now, which the writer finds out."""
    return playlist_by_slug(slug).pk


def readable_playlist(slug: str, actor: Actor) -> Playlist:
    """The row, if the actor may read it. Raises PLAYLIST_NOT_FOUND, AUTH_REQUIRED, FORBIDDEN."""
    playlist = playlist_by_slug(slug)
    check_read(standing_of(playlist, actor), playlist)
    return playlist


def with_totals(playlists: QuerySet[Playlist]) -> QuerySet[Playlist]:
    """Playlists with what `playlist_resource` needs, in one query however many there are."""
    items = PlaylistTrack.objects.filter(playlist=OuterRef("pk")).order_by().values("playlist")
    return playlists.select_related("host").annotate(
        item_count=Coalesce(Subquery(items.annotate(n=Count("pk")).values("n")), 0),
        total_seconds=Coalesce(Subquery(items.annotate(n=Sum("track__duration_seconds")).values("n")), 0),
        playing_id=Subquery(items.filter(is_playing=True).values("pk")[:1]),
    )


def playlist_resource(playlist: Playlist, join_url: str) -> types.Playlist:
    """The resource, from a row that `with_totals` read."""
    host = playlist.host
    row = cast(Any, playlist)
    return types.Playlist(
        id=playlist.pk,
        slug=playlist.slug,
        name=playlist.name,
        order=cast(types.PlaylistOrder, playlist.order),
        policy=cast(types.Policy, playlist.policy),
        locked=playlist.locked,
        max_queued_per_person=playlist.max_queued_per_person,
        visibility=cast(types.Visibility, playlist.visibility),
        revision=playlist.revision,
        host=types.Person(id=host.pk, name=host.shown_name) if host else None,
        playback=playback_of(playlist, row.playing_id),
        item_count=row.item_count,
        total_duration_seconds=row.total_seconds,
        join_url=join_url,
        created_at=playlist.created_at,
    )


def public_playlists(limit: int, cursor: str | None) -> Page[Playlist]:
    rows = with_totals(Playlist.objects.filter(visibility=Playlist.Visibility.PUBLIC))
    return keyset_page(rows, ("id",), limit, cursor)


def listed_playlists(rows: list[Playlist], join_url: Callable[[str], str]) -> list[types.ListedPlaylist]:
    """The resources of a page of `public_playlists`, by two queries. `join_url`: slug → address."""
    playing = PlaylistTrack.objects.filter(playlist__in=rows, is_playing=True)
    current = {
        item.playlist_id: track_from_model(item.track)
        for item in playing.select_related("track__artist", "track__album")
    }
    return [
        types.ListedPlaylist(
            **msgspec.structs.asdict(playlist_resource(row, join_url(row.slug))), now_playing=current.get(row.pk)
        )
        for row in rows
    ]


def playback_of(playlist: Playlist, playing_id: UUID | None) -> types.Playback:
    """The playback as it was when it last changed, the same for everybody who asks."""
    return types.Playback(
        state=cast(types.PlaybackState, playlist.playback_state),
        item_id=playing_id,
        position_seconds=playlist.playback_position_seconds,
        started_at_ms=playlist.playback_started_at_ms,
        server_time_ms=playlist.playback_changed_at_ms,
    )


def playback_now(playlist: Playlist) -> types.Playback:
    """The playback at this moment, by the server's clock."""
    with consistent_read():
        fresh = Playlist.objects.filter(pk=playlist.pk).first()
        if fresh is None:
            raise playlist_not_found()
        item = fresh.items.filter(is_playing=True).select_related("track").first()
        return playback_at(fresh, item, to_ms(database_now()))


def playback_at(playlist: Playlist, item: PlaylistTrack | None, now_ms: int) -> types.Playback:
    """The playback as it stands at a time; `item` is the current one, with its track. It does not run over its end."""
    then = playback_of(playlist, item.pk if item else None)
    position_seconds = position_at(playlist, item, now_ms)
    return msgspec.structs.replace(then, position_seconds=position_seconds, server_time_ms=now_ms)


def position_at(playlist: Playlist, item: PlaylistTrack | None, now_ms: int) -> float:
    """Where the current item is at a time, in seconds."""
    if playlist.playback_started_at_ms is None or item is None:
        return playlist.playback_position_seconds
    passed_seconds = max(0, now_ms - playlist.playback_started_at_ms) / 1000
    return min(passed_seconds, float(item.track.duration_seconds))


def participants(playlist: Playlist) -> list[types.Participant]:
    """Who is in it, the host first, then as they came."""
    members = Participant.objects.filter(playlist=playlist, banned_at__isnull=True).select_related("user")
    found = [participant_resource(playlist, member) for member in members.order_by("id")]
    return sorted(found, key=lambda participant: participant.role != "host")


def participant_resource(playlist: Playlist, member: Participant) -> types.Participant:
    is_host = member.user_id == playlist.host_id or member.user.is_staff
    return types.Participant(id=member.user_id, name=member.user.shown_name, role="host" if is_host else "participant")


# ── Items ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_TRACK_COLUMNS = ("id", "title", "artist__name", "album__title", "duration_seconds", "genre", "cover_url", "audio_url")
_ITEM_COLUMNS = ("id", "position", "votes", "added_by", "added_at", "is_playing", "played_at")
_ITEM_AND_TRACK = (*_ITEM_COLUMNS, *(f"track__{column}" for column in _TRACK_COLUMNS))
_ITEMS_BY_ID = sql.CompiledQuery(
    lambda playlists, ids: (
        PlaylistTrack.objects.filter(playlist__in=playlists).filter(pk__in=ids).values_list(*_ITEM_AND_TRACK)
    )
)


def items_of(playlist: Playlist) -> list[types.Item]:
    """The items in playing order, without anybody's votes."""
    return playing_order(_items(PlaylistTrack.objects.filter(playlist=playlist)), playlist.order)  # type: ignore[arg-type]


def items_for(playlist: Playlist, actor: Actor) -> list[types.Item]:
    """The items in playing order, as `actor` sees them."""
    mine = votes_of(playlist, actor)
    return [msgspec.structs.replace(item, my_vote=mine.get(item.id, 0)) for item in items_of(playlist)]


def items_by_id(playlist: Playlist, ids: Iterable[UUID]) -> dict[UUID, types.Item]:
    """Those of the items that exist; one query, however many."""
    wanted = set(ids)
    found = _ITEMS_BY_ID.rows([playlist.pk], wanted) if wanted else []
    return {item.id: item for item in map(_item_from_row, found)}


def item_for(playlist: Playlist, item_id: UUID, actor: Actor) -> types.Item:
    """One item as `actor` sees it. Raises ITEM_NOT_FOUND."""
    item = items_by_id(playlist, [item_id]).get(item_id)
    if item is None:
        raise item_not_found()
    mine = Vote.objects.filter(item=item_id, actor_key=actor.key).values_list("value", flat=True).first()
    return msgspec.structs.replace(item, my_vote=mine or 0)


def item_not_found() -> DomainError:
    return DomainError("ITEM_NOT_FOUND", "This song is no longer in the queue.")


def votes_of(playlist: Playlist, actor: Actor) -> dict[UUID, int]:
    """The actor's votes in this playlist: item id → 1 or −1."""
    mine = Vote.objects.filter(item__playlist=playlist, actor_key=actor.key)
    return dict(mine.values_list("item_id", "value"))


def _items(rows: QuerySet[PlaylistTrack]) -> list[types.Item]:
    return [_item_from_row(row) for row in rows.values_list(*_ITEM_AND_TRACK)]


def _item_from_row(row: Sequence[Any]) -> types.Item:
    return item_resource(row[:7], track_resource(row[7:]))


def item_resource(row: Sequence[Any], track: types.Track, my_vote: int | UnsetType = UNSET) -> types.Item:
    """An item from its columns, in the order of _ITEM_COLUMNS."""
    item_id, position, votes, added_by, added_at, is_playing, played_at = row
    return types.Item(
        id=item_id,
        track_id=track.id,
        track=track,
        position=position,
        votes=votes,
        my_vote=my_vote,  # type: ignore[arg-type]
        added_by=added_by,
        added_at=added_at,
        is_playing=is_playing,
        played_at=played_at,
    )


def item_from_model(item: PlaylistTrack, track: types.Track, my_vote: int | UnsetType = UNSET) -> types.Item:
    """An item from a row in memory, which may not be saved yet."""
    return item_resource([getattr(item, column) for column in _ITEM_COLUMNS], track, my_vote)


def snapshot(playlist_id: int, join_url: str) -> types.Snapshot:
    """The whole playlist at one revision. Raises PLAYLIST_NOT_FOUND."""
    with consistent_read():
        playlist = with_totals(Playlist.objects.filter(pk=playlist_id)).first()
        if playlist is None:
            raise playlist_not_found()
        items = items_of(playlist)
    resource = playlist_resource(playlist, join_url)
    return types.Snapshot(
        revision=playlist.revision, stamp=playlist.stamp, playlist=resource, items=items, playback=resource.playback
    )


# ── History and log ──────────────────────────────────────────────────────────────────────────────────────────────────


def history(playlist: Playlist, limit: int, cursor: str | None) -> Page[Play]:
    """What played, newest first."""
    return keyset_page(Play.objects.filter(playlist=playlist), ("-id",), limit, cursor)


def played_resource(play: Play) -> types.Played:
    track = msgspec.json.decode(play.track_json, type=types.Track)
    return types.Played(
        id=play.item_id, track_id=track.id, track=track, added_by=play.added_by, played_at=play.played_at
    )


def events_since(playlist: Playlist, since: int, limit: int) -> types.EventPage:
    """The stretch of the log after revision `since`, or from where the log begins if that is later."""
    with consistent_read():
        newest = heads([playlist.pk]).get(playlist.pk)
        if newest is None:
            raise playlist_not_found()
        head = newest.revision
        log = Event.objects.filter(playlist=playlist, revision__gt=since)
        lines = list(log.order_by("revision").values_list("revision", "body")[:limit])
    first, last = (lines[0][0] - 1, lines[-1][0]) if lines else (head, head)
    # The lines are stored as they are sent: no reason to take them apart on the way.
    events = cast("list[types.AnyEvent]", [Raw(body.encode()) for _, body in lines])
    return types.EventPage(from_=first, revision=last, complete=last == head, events=events)


# ── For the live part: the log from a position, and what the fan-out looks after ────────────────────────────────────


class Head(Struct, frozen=True):
    """The newest event of a playlist: its revision and stamp."""

    revision: int
    stamp: str


class Resume(Struct, frozen=True):
    """What a reader who was away gets: the lines that they missed, or the reason why a snapshot is needed."""

    reason: str | None
    lines: list[types.LogLine]


class Running(Struct, frozen=True):
    """An item that plays, and in how many seconds it is over by the database's clock."""

    item_id: UUID
    started_at_ms: int
    ends_in_seconds: float


class Admission(Struct, frozen=True):
    """A reader who was let in: to which playlist, as whom, and in which role (None without an identity)."""

    playlist_id: int
    user_id: int | None
    name: str | None
    role: types.Role | None
    is_member: bool


def heads(playlist_ids: Iterable[int]) -> dict[int, Head]:
    """The heads of those playlists that exist, in one query."""
    rows = Playlist.objects.filter(pk__in=list(playlist_ids)).values_list("pk", "revision", "stamp")
    return {pk: Head(revision, stamp) for pk, revision, stamp in rows}


def log_after(playlist_id: int, revision: int, limit: int) -> list[types.LogLine]:
    """The lines after a revision, in order."""
    columns = ("revision", "stamp", "type", "actor_key", "body")
    condition = "playlist_id = %s AND revision > %s ORDER BY revision LIMIT %s"
    return [types.LogLine(*row) for row in sql.rows(Event, columns, condition, (playlist_id, revision, limit))]


def resume(playlist_id: int, revision: int, stamp: str, limit: int) -> Resume:
    """Exact or refused: the lines after (revision, stamp), if that is in the log and at most `limit` follow."""
    with consistent_read():
        head = heads([playlist_id]).get(playlist_id)
        if head is None:
            raise playlist_not_found()
        if revision > head.revision:
            return Resume("cursor_ahead", [])
        known = Event.objects.filter(playlist=playlist_id, revision=revision).values_list("stamp", flat=True).first()
        if revision == head.revision:
            known = head.stamp
        if known is None:
            return Resume("expired", [])
        if known != stamp:
            return Resume("history_changed", [])
        if head.revision - revision > limit:
            return Resume("too_many", [])
        return Resume(None, log_after(playlist_id, revision, limit))


#: Begins with the actors, who have voted for a few: the plus keeps SQLite from looking at every item of the playlist.
_VOTES_OF_ACTORS = """
    SELECT vote.actor_key, vote.item_id, vote.value
    FROM playlist_vote vote JOIN playlist_playlisttrack item ON item.id = vote.item_id
    WHERE vote.actor_key IN ({actors}) AND +item.playlist_id = %s
"""


def votes_of_actors(playlist_id: int, actor_keys: Iterable[str]) -> dict[str, dict[UUID, int]]:
    """All votes of these actors in a playlist: actor key → item id → 1 or −1."""
    votes: dict[str, dict[UUID, int]] = {key: {} for key in actor_keys}
    if not votes:
        return votes
    with connection.cursor() as cursor:
        cursor.execute(_VOTES_OF_ACTORS.format(actors=", ".join(["%s"] * len(votes))), [*votes, playlist_id])
        for key, item_id, value in cursor.fetchall():
            votes[key][item_id if isinstance(item_id, UUID) else UUID(item_id)] = value
    return votes


def running(playlist_id: int) -> Running | None:
    """What plays in a playlist right now; None when nothing does, or when it is paused."""
    with consistent_read():
        playlist = Playlist.objects.filter(pk=playlist_id, playback_state=Playlist.State.PLAYING).first()
        item = PlaylistTrack.objects.filter(playlist=playlist_id, is_playing=True).select_related("track").first()
        now_ms = to_ms(database_now())
    if playlist is None or item is None or playlist.playback_started_at_ms is None:
        return None
    ends_at_ms = playlist.playback_started_at_ms + 1000 * item.track.duration_seconds
    return Running(item.pk, playlist.playback_started_at_ms, (ends_at_ms - now_ms) / 1000)


def memberships(playlist_ids: Iterable[int], user_ids: Iterable[int]) -> dict[tuple[int, int], bool]:
    """(playlist, user) → whether they are banned, for those who are in it or were put out for good."""
    rows = Participant.objects.filter(playlist__in=list(playlist_ids), user__in=list(user_ids))
    found = rows.values_list("playlist", "user", "banned_at")
    return {(playlist, user): banned_at is not None for playlist, user, banned_at in found}


def admissions(asked: Iterable[tuple[str, Actor]]) -> dict[tuple[str, Actor], Admission | DomainError]:
    """Let each of these actors listen to the playlist of this slug, or say why not.

    Instead of an admission there may be PLAYLIST_NOT_FOUND, AUTH_REQUIRED or FORBIDDEN.
    """
    by_slug: dict[str, list[Actor]] = {}
    for slug, actor in asked:
        by_slug.setdefault(slug, []).append(actor)
    found: dict[tuple[str, Actor], Admission | DomainError] = {}
    for slug, actors in by_slug.items():
        try:
            playlist = playlist_by_slug(slug)
        except DomainError as refusal:
            found.update(dict.fromkeys([(slug, actor) for actor in actors], refusal))
            continue
        standings = places(playlist, actors)
        for actor in actors:
            found[slug, actor] = _admission(playlist, actor, *standings[actor.key])
    return found


def _admission(playlist: Playlist, actor: Actor, standing: Standing, is_member: bool) -> Admission | DomainError:
    try:
        check_read(standing, playlist)
    except DomainError as refusal:
        return refusal
    role: types.Role | None = None
    if actor.user_id is not None:
        role = "host" if standing is Standing.HOST else "participant"
    return Admission(playlist.pk, actor.user_id, actor.name or None, role, is_member)


# ── Library ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def track_resource(row: Sequence[Any]) -> types.Track:
    """A track from its columns, in the order of _TRACK_COLUMNS."""
    track_id, title, artist, album, duration_seconds, genre, cover_url, audio_url = row
    return types.Track(
        id=track_id,
        title=title,
        artist=artist,
        album=album or "",
        duration_seconds=duration_seconds,
        genre=genre,
        cover_url=cover_url,
        audio_url=audio_url,
    )


def track_from_model(track: Track) -> types.Track:
    """A track from a row that was read with its artist and album."""
    columns = (track.pk, track.title, track.artist.name, track.album.title if track.album else "")
    return track_resource((*columns, track.duration_seconds, track.genre, track.cover_url, track.audio_url))


def track_by_id(track_id: str) -> Track:
    """The row with artist and album. Raises TRACK_NOT_FOUND."""
    found = live_tracks().filter(pk=track_id).first()
    if found is None:
        raise track_not_found()
    return found


def track_not_found() -> DomainError:
    return DomainError("TRACK_NOT_FOUND", "There is no such track in the library.")


def live_tracks() -> QuerySet[Track]:
    """The library as people see it: without what is being deleted."""
    return Track.objects.filter(deleted_at__isnull=True).select_related("artist", "album")


def tracks(*, query: str, genre: str, artist: str, album: str, limit: int, cursor: str | None) -> Page[Track]:
    """A page of the library by title. All filters must match; case and accents do not matter to any of them."""
    found = live_tracks()
    if query:
        found = found.filter(pk__in=matching_track_ids(query))
    if genre:
        found = found.filter(genre_folded=search.fold(genre)[:GENRE_WIDTH])
    if artist:
        found = found.filter(artist__folded=search.fold(artist)[:FOLDED_WIDTH])
    if album:
        found = found.filter(album__folded=search.fold(album)[:FOLDED_WIDTH])
    return keyset_page(found, ("sort_key", "id"), limit, cursor)


def genres() -> list[str]:
    """The names of the genres there are tracks of, at most GENRES_LISTED; of several spellings one.

    A query a genre, each one step in the index, instead of one that reads the whole library: a loose index scan
    (https://wiki.postgresql.org/wiki/Loose_indexscan).
    """
    following = "deleted_at IS NULL AND genre_folded > %s ORDER BY genre_folded, sort_key, id LIMIT 1"
    names: list[str] = []
    folded = ""
    while len(names) < GENRES_LISTED and (rows := sql.rows(Track, ("genre_folded", "genre"), following, (folded,))):
        ((folded, name),) = rows
        names.append(name)
    return names


def matching_track_ids(query: str) -> QuerySet[SearchEntry, str]:
    """The ids of the tracks whose title, artist and album hold all words of `query`. Reads the trigram index only."""
    needles = search.needles(query)
    entries = SearchEntry.objects.all()
    if not needles:
        entries = entries.none()
    elif connection.vendor == "sqlite":
        match = " AND ".join(f'"{needle}"' for needle in needles)
        full_text = "SELECT rowid FROM playlist_search_index WHERE playlist_search_index MATCH %s"
        entries = entries.filter(pk__in=RawSQL(full_text, [match]))  # noqa: S611 - the query is a parameter
    else:
        for needle in needles:
            entries = entries.filter(text__contains=needle)
    return entries.values_list("track_id", flat=True)


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def keyset_page(rows: QuerySet[ModelT], order: Sequence[str], limit: int, cursor: str | None) -> Page[ModelT]:
    """A page of `rows` in the order of these columns ("-" before a name: descending), together unique.

    Keyset pagination (https://use-the-index-luke.com/no-offset): a page costs the same wherever it lies, and what is
    added or removed meanwhile neither repeats nor hides a row. Raises VALIDATION_ERROR for a cursor that is not ours.
    """
    if cursor is not None:
        rows = rows.filter(_after(order, _cursor_values(cursor, order)))
    found = list(rows.order_by(*order)[: limit + 1])
    if len(found) <= limit:
        return Page(found, None)
    last = found[limit - 1]
    return Page(found[:limit], _cursor_text([getattr(last, column.lstrip("-")) for column in order]))


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """(a, b) > (x, y), written so that an index on (a, b) serves it."""
    column, value = order[0].lstrip("-"), values[0]
    beyond = "lt" if order[0].startswith("-") else "gt"
    if len(order) == 1:
        return Q(**{f"{column}__{beyond}": value})
    return Q(**{f"{column}__{beyond}e": value}) & (Q(**{f"{column}__{beyond}": value}) | _after(order[1:], values[1:]))


def _cursor_text(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(values)).decode().rstrip("=")


def _cursor_values(cursor: str, order: Sequence[str]) -> list[Any]:
    try:
        values = msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=list[str | int])
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        values = []
    wanted = [int if column.lstrip("-") == "id" and len(order) == 1 else str for column in order]
    if [type(value) for value in values] != wanted or any("\x00" in str(value) for value in values):
        raise invalid("cursor", "is not one that this server gave")
    return values
