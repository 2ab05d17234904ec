"""Fill an empty server with a library and a queue, of which the first songs sound; or generate a large library."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.core.management.base import BaseCommand, CommandError
from rich.progress import track as progress

from music import demo
from playlist import accounts, library, types
from playlist.identity import Actor, user_actor
from playlist.management import sample
from playlist.models import MAIN_SLUG, Playlist, Track
from playlist.submissions import Submission
from playlist.writer import get_writer

_CHUNK = 1000


class Command(BaseCommand):
    help = "Fill the library with 40 sample tracks and six tunes, and the main playlist if it was never used."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing when the library has any track")
        parser.add_argument(
            "--tracks", type=int, metavar="N", default=0, help="make up tracks until the library has track-1 to track-N"
        )
        parser.add_argument("--remove", action="store_true", help="take all of them away again, also from queues")

    def handle(self, *, if_empty: bool, tracks: int, remove: bool, **_: object) -> None:
        if tracks < 0:
            raise CommandError("--tracks takes a number of tracks")
        if remove:
            self.stdout.write(f"Removed {demo.remove() + _remove_samples()} tracks from the library.")
            return
        if if_empty and Track.objects.exists():
            return
        added = library.tracks_import(sample.library())
        added += self._make_up(tracks)
        tunes = demo.seed()
        self.stdout.write(f"Added {added} tracks to the library, which has {len(tunes)} tunes to hear.")
        main = Playlist.objects.get(slug=MAIN_SLUG)
        if main.revision == 0:
            queue = [*zip(tunes, sample.TUNE_VOTES, strict=False), *sample.QUEUE]
            _fill(main.pk, queue)
            self.stdout.write(f"Queued {len(queue)} of them.")

    def _make_up(self, total: int) -> int:
        starts = range(len(sample.library()) + 1, total + 1, _CHUNK)
        return sum(
            library.tracks_import(
                [sample.made_up_track(number) for number in range(start, min(start + _CHUNK, total + 1))]
            )
            for start in progress(starts, description="Making up tracks", disable=not starts)
        )


def _remove_samples() -> int:
    """The samples, and what was made up: entries without a file that nobody added."""
    numbered = Track.objects.filter(pk__regex=r"^track-[0-9]{1,7}$", added_by=None, audio_version=None)
    ids = list(numbered.values_list("pk", flat=True))
    for track_id in progress(ids, description="Removing tracks", disable=len(ids) < _CHUNK):
        demo.delete(track_id)
    return len(ids)


def _fill(playlist_id: int, queue: Sequence[tuple[str, int]]) -> None:
    """Queue, vote and play through the writer, as people would, so that the log records it."""
    people = [user_actor(accounts.guest_create(name)) for name in sample.PEOPLE]
    items = [
        _submit(playlist_id, people[index % len(people)], types.TrackAdd(track_id=track_id))["id"]
        for index, (track_id, _) in enumerate(queue)
    ]
    for item, (_, votes) in zip(items, queue, strict=True):
        direction: types.Direction = "up" if votes > 0 else "down"
        for actor in people[: abs(votes)]:
            _submit(playlist_id, actor, types.TrackVote(id=UUID(item), direction=direction))
    _submit(playlist_id, people[0], types.PlaybackPlay(item_id=UUID(items[0])))


def _submit(playlist_id: int, actor: Actor, command: types.AnyCommand) -> Any:
    return msgspec.json.decode(get_writer().submit_and_wait(playlist_id, Submission(actor, (command,))).answer)
