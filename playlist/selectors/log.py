"""The log from a position, and the history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from msgspec import Raw, Struct

from playlist import sql, types
from playlist.errors import playlist_not_found
from playlist.models import Event, Play, Playlist
from playlist.selectors.pages import Page, keyset_page
from playlist.selectors.reading import consistent_read
from playlist.stored import line_published, track_stored


def history(playlist: Playlist, limit: int, cursor: str | None) -> Page[Play]:
    """The tracks that were played, newest first."""
    return keyset_page(Play.objects.filter(playlist=playlist), ("-id",), limit, cursor)


def played_resource(play: Play) -> types.Played:
    track = track_stored(play.track_json, play.played_at)
    return types.Played(
        id=play.item_id, track_id=track.id, track=track, added_by=play.added_by, played_at=play.played_at
    )


def events_since(playlist: Playlist, since: int, limit: int) -> types.EventPage:
    """The part of the log after revision `since`, or from its first line if that is later."""
    with consistent_read():
        head = head_of(playlist.pk).revision
        lines = _log_published(playlist.pk, since, limit)
    first, last = (lines[0].revision - 1, lines[-1].revision) if lines else (head, head)
    events = cast("list[types.AnyEvent]", [Raw(line.body.encode()) for line in lines])
    return types.EventPage(from_=first, revision=last, complete=last == head, events=events)


class Head(Struct, frozen=True):
    """The newest event of a playlist: its revision and stamp. `rewritten_at`: that of models.Playlist."""

    revision: int
    stamp: str
    rewritten_at: datetime | None = None

    @property
    def rewritten_until(self) -> int:
        """The revision up to which only the times in the log tell what came before the rewriting; −1 for none."""
        return -1 if self.rewritten_at is None else self.revision


class Resume(Struct, frozen=True):
    """The answer to a returning reader: the missed lines, or the reason why it needs a snapshot."""

    reason: types.SnapshotReason | None
    lines: list[types.LogLine]


def heads(playlist_ids: Iterable[int]) -> dict[int, Head]:
    """The heads of the playlists that exist, in one query."""
    rows = Playlist.objects.filter(pk__in=list(playlist_ids)).values_list("pk", "revision", "stamp", "rewritten_at")
    return {pk: Head(revision, stamp, rewritten_at) for pk, revision, stamp, rewritten_at in rows}


def head_of(playlist_id: int) -> Head:
    """The head of one playlist. Raises PLAYLIST_NOT_FOUND."""
    head = heads([playlist_id]).get(playlist_id)
    if head is None:
        raise playlist_not_found()
    return head


def log_after(playlist_id: int, revision: int, limit: int) -> list[types.LogLine]:
    """The lines after a revision, in order."""
    columns = ("revision", "stamp", "type", "actor_key", "body", "voter_key")
    condition = "playlist_id = %s AND revision > %s ORDER BY revision LIMIT %s"
    return [types.LogLine(*row) for row in sql.rows(Event, columns, condition, (playlist_id, revision, limit))]


def resume(playlist_id: int, revision: int, stamp: str, limit: int) -> Resume:
    """The lines after (revision, stamp), if the log has that event and at most `limit` lines follow."""
    with consistent_read():
        head = head_of(playlist_id)
        if revision > head.revision:
            return Resume("cursor_ahead", [])
        event = Event.objects.filter(playlist=playlist_id, revision=revision).values_list("stamp", "at").first()
        known, at = event or (None, None)
        if revision == head.revision:
            known = head.stamp
        if known is None:
            return Resume("expired", [])
        # A reader that came so far before somebody was forgotten still has their name.
        if known != stamp or (head.rewritten_at is not None and (at is None or at <= head.rewritten_at)):
            return Resume("history_changed", [])
        if head.revision - revision > limit:
            return Resume("too_many", [])
        return Resume(None, _log_published(playlist_id, revision, limit))


def _log_published(playlist_id: int, revision: int, limit: int) -> list[types.LogLine]:
    """The lines after a revision as they are sent: they are stored so, unless an earlier release stored them."""
    return [line_published(line, playlist_id) for line in log_after(playlist_id, revision, limit)]
