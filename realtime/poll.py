"""The poll finds changes whose nudge was lost, restored databases, deleted playlists and removed people."""

from __future__ import annotations

from playlist import metrics
from playlist.reading import read
from playlist.selectors.log import Head, heads
from playlist.selectors.people import Watcher, standings
from playlist.visits import visits_note
from realtime.fanout import Fanout
from realtime.feed import Feed


async def poll(fanout: Fanout) -> None:
    """Compare all feeds with the database, in a query for their heads and a few for the people in them."""
    feeds = dict(fanout.feeds)
    if not feeds:
        fanout.here.clear()
        return
    # Heads from before the table is read: a feed may read on in the meantime.
    before = {playlist_id: feed.head for playlist_id, feed in feeds.items()}
    now = await read(heads, list(feeds))
    for playlist_id, feed in feeds.items():
        await _compare(feed, before[playlist_id], now.get(playlist_id))
    await _judge_again(fanout, feeds)


async def _compare(feed: Feed, was: Head, head: Head | None) -> None:
    if head is None:
        for member in list(feed.members):
            member.end(4404, "This playlist was deleted.")
    elif (
        head.revision < was.revision
        or (head.revision == was.revision and head.stamp != was.stamp)
        or head.rewritten_at != was.rewritten_at
    ):
        await feed.start_over("history_changed")
    else:
        if head.revision > feed.wanted:
            metrics.FOUND_BY_POLL.inc(head.revision - feed.wanted)
        feed.nudged(head.revision)


async def _judge_again(fanout: Fanout, feeds: dict[int, Feed]) -> None:
    """End readers that may no longer listen; learn the roles of the others, and note the visits of those who are new.

    They may not when they were removed, logged out or deactivated, are strangers to an unlisted room, or walls of an
    old link.
    """
    # Readers from before the tables are read: others may join in the meantime.
    watchers = [
        (feed, member, Watcher(playlist_id, visitor.admission.user_id, visitor.credential, member.is_member))
        for playlist_id, feed in feeds.items()
        for member in feed.members
        for visitor in [member.visitor]
    ]
    here: set[tuple[int, int]] = set()
    judged = await read(standings, {watcher for _, _, watcher in watchers})
    for feed, member, watcher in watchers:
        standing = judged[watcher]
        if standing.refusal is not None:
            code = 4401 if standing.refusal.code == "AUTH_REQUIRED" and watcher.credential is not None else 4403
            member.end(code, standing.refusal.message)
        else:
            member.is_member = standing.is_member
            fanout.role_known(feed, member, standing.role)
            if standing.is_member and watcher.user_id is not None and not member.visitor.is_wall:
                here.add((watcher.playlist_id, watcher.user_id))
    if here - fanout.here:
        await read(visits_note, here - fanout.here)
    fanout.here = here
