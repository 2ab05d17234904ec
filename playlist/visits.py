"""Visits: when somebody last came into a playlist, by which the list of their own rooms is sorted.

They are noted some at a time and after the fact, so that coming in waits for no write.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from playlist.clock import database_now
from playlist.models import Participant


def visits_note(visits: Iterable[tuple[int, int]]) -> None:
    """Note visits, given as (playlist id, user id). A row that somebody else has locked is left out."""
    by_playlist: dict[int, set[int]] = {}
    for playlist_id, user_id in visits:
        by_playlist.setdefault(playlist_id, set()).add(user_id)
    now = database_now()
    for playlist_id, user_ids in by_playlist.items():
        members = Participant.objects.filter(playlist_id=playlist_id, user_id__in=user_ids)
        with transaction.atomic():
            free = list(members.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True))
            Participant.objects.filter(pk__in=free).update(visited_at=now)
