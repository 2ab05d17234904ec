"""Forgetting a person: what they did stays, and that it was they does not (docs/decisions/0027-forgetting.md).

Room by room, under the playlist's lock, in small transactions while the server runs. The key that takes the place of
theirs is kept until the end, so a forgetting that was interrupted goes on where it was.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import models, transaction
from django.db.models import Q, QuerySet
from knox.models import AuthToken
from msgspec import Struct

from playlist import bulk, checkpoints, sql, types
from playlist.change import Change
from playlist.clock import database_now
from playlist.identity import adder_of, user_key
from playlist.lease import Lease, LostTurn
from playlist.models import (
    Allowance,
    Checkpoint,
    Event,
    Forgetting,
    Operation,
    Play,
    Playlist,
    PlaylistTrack,
    RemovedItem,
    User,
    Vote,
)
from playlist.past import deflated, inflated
from playlist.pseudonym import SOMEBODY, Pseudonym

logger = logging.getLogger(__name__)

#: Rows that are changed in one transaction.
_CHUNK = 100
#: The ids of people who never were; JavaScript can hold them.
_FIRST_ID, _LAST_ID = 2**51, 2**53 - 1
#: The ends of the names of columns in which JSON is kept.
_JSON = ("_json", "body", "before", "answer")
_COPIED: tuple[type[models.Model], ...] = (PlaylistTrack, RemovedItem, Vote)


class Forgotten(Struct):
    """How many rows were changed, in how many playlists."""

    rows: int = 0
    playlists: int = 0

    def __str__(self) -> str:
        return f"Changed rows: {self.rows}, rooms: {self.playlists}."


def person_forget(user_id: int) -> Forgotten:
    """Forget a user, who may be deleted already, and delete the account. It can be repeated, also after a crash.

    Raises LostTurn if another process has begun to make checkpoints meanwhile; the daily upkeep finishes it.
    """
    user = User.objects.filter(pk=user_id).first()
    if user is not None:
        # Judged under each playlist's lock: nothing new comes from them.
        User.objects.filter(pk=user_id).update(is_active=False)
        AuthToken.objects.filter(user=user).delete()
    replacement = _FIRST_ID + secrets.randbelow(_LAST_ID - _FIRST_ID)
    job, is_new = Forgetting.objects.get_or_create(user_id=user_id, defaults={"replacement_id": replacement})
    done = Forgotten()
    for playlist_id in list(Playlist.objects.order_by("pk").values_list("pk", flat=True)):
        changed = _forget_in(playlist_id, job, user)
        if changed or not is_new:
            changed += _forget_in(playlist_id, job, user, is_known_no_more=True)
        done.rows += changed
        done.playlists += changed > 0
    Allowance.objects.filter(key__endswith=f":{user_key(user_id)}").delete()
    LogEntry.objects.filter(object_id=str(user_id), content_type__model="user").update(object_repr=SOMEBODY)
    if user is not None:
        for log in (AccessAttempt, AccessFailureLog, AccessLog):
            log.objects.filter(username__in={user.username, user.name}).delete()
        user.delete()
    job.delete()
    return done


def forgetting_resume() -> int:
    """Finish what was interrupted. Returns how many people."""
    begun = list(Forgetting.objects.values_list("user_id", flat=True))
    finished = 0
    for user_id in begun:
        try:
            person_forget(user_id)
        except LostTurn:
            logger.warning("Somebody is not forgotten yet: other processes make checkpoints")
        else:
            finished += 1
    return finished


def _forget_in(playlist_id: int, job: Forgetting, user: User | None, *, is_known_no_more: bool = False) -> int:
    """The number of changed rows.

    `is_known_no_more`: the log is without them, so what was brought back by it meanwhile is the last of them. From here
    on nobody goes by what was read before.
    """
    before, after = user_key(job.user_id), user_key(job.replacement_id)
    mark = str(adder_of(playlist_id, before)), str(adder_of(playlist_id, after))
    pseudonym = Pseudonym((before, after), mark, (job.user_id, job.replacement_id))
    # No checkpoint may be made meanwhile from what is known no more.
    with checkpoints.turn() as lease:
        with _locked(playlist_id) as playlist:
            if playlist is not None and playlist.host_id == job.user_id:
                _leave_without_host(playlist)
            if is_known_no_more:
                Playlist.objects.filter(pk=playlist_id).update(rewritten_at=database_now())
            # Removing and restoring copy these from one another, so they change together.
            changed = sum(_replace(_about(model, playlist_id, pseudonym), pseudonym) for model in _COPIED)
            _claim_plays(playlist_id, pseudonym, user)
        for model in _others():
            changed += _replace_by_and_by(_about(model, playlist_id, pseudonym), pseudonym, playlist_id, lease)
        return changed + _change_checkpoints(pseudonym, playlist_id, lease)


@contextmanager
def _locked(playlist_id: int) -> Iterator[Playlist | None]:
    """A short transaction under the playlist's lock, and a pause in which others get it. None if it is gone."""
    with bulk.turn(), transaction.atomic(durable=True):
        held = sql.locked(Playlist, playlist_id)
        yield None if held is None else held[0]
    time.sleep(bulk.PAUSE_SECONDS)


def _leave_without_host(playlist: Playlist) -> None:
    change = Change(playlist, database_now())
    playlist.host = None
    change.record_over({}, types.PlaylistUpdated, playlist=types.PlaylistChanges(host=None))
    change.write()


def _claim_plays(playlist_id: int, pseudonym: Pseudonym, user: User | None) -> None:
    """Give plays of earlier versions, which have no key, that of their item's adder, or of whoever bears the name."""
    before, after = pseudonym.key
    items = [
        *PlaylistTrack.objects.filter(playlist=playlist_id, added_by_key=after).values_list("pk", flat=True),
        *RemovedItem.objects.filter(playlist=playlist_id, added_by_key=after).values_list("pk", flat=True),
    ]
    theirs = Q(item_id__in=items) if user is None else Q(item_id__in=items) | Q(added_by=user.shown_name)
    Play.objects.filter(theirs, playlist=playlist_id, added_by_key="").update(added_by_key=before)


def _others() -> list[type[models.Model]]:
    """The other tables of what is in a playlist; the log and the answers come last, since they tell of the rest."""
    last: list[type[models.Model]] = [Operation, Event]
    found = [model for model in apps.get_app_config("playlist").get_models() if _path(model)]
    return [*(model for model in found if model not in {*_COPIED, *last, Checkpoint}), *last]


def _path(model: type[models.Model]) -> str:
    """How the rows of this table are found by a playlist's id; "" if they are in none."""
    if model is Playlist:
        return "pk"
    for field in model._meta.concrete_fields:
        if field.related_model is Playlist:
            return field.name
        if field.related_model is PlaylistTrack:
            return f"{field.name}__playlist"
    return ""


def _texts(model: type[models.Model], *endings: str) -> list[str]:
    """The columns of text with such names."""
    columns = [
        field.name for field in model._meta.concrete_fields if isinstance(field, models.CharField | models.TextField)
    ]
    return [name for name in columns if name.endswith(endings)]


def _about(model: type[models.Model], playlist_id: int, pseudonym: Pseudonym) -> QuerySet[models.Model]:
    """The rows of a table that may speak of the person, in order."""
    about = Q(pk__in=[])
    for name in _texts(model, "_key"):
        about |= Q(**{name: pseudonym.key[0]})
    for name in _texts(model, *_JSON):
        for trace in pseudonym.traces():
            about |= Q(**{f"{name}__contains": trace})
    return model._default_manager.filter(about, **{_path(model): playlist_id}).order_by("pk")


def _replace_by_and_by(rows: QuerySet[models.Model], pseudonym: Pseudonym, playlist_id: int, lease: Lease) -> int:
    """Replace the person in these rows, a few at a time. Returns how many were changed."""
    changed = 0
    ids = list(rows.values_list("pk", flat=True))
    for first in range(0, len(ids), _CHUNK):
        with _locked(playlist_id):
            changed += _replace(rows.filter(pk__in=ids[first : first + _CHUNK]), pseudonym)
        lease.keep()
    return changed


def _replace(rows: QuerySet[models.Model], pseudonym: Pseudonym) -> int:
    keys, jsons = _texts(rows.model, "_key"), _texts(rows.model, *_JSON)
    return sum(_replace_in(row, keys, jsons, pseudonym) for row in rows)


def _replace_in(row: models.Model, keys: list[str], jsons: list[str], pseudonym: Pseudonym) -> bool:
    """Whether the row changed. What stands beside a key is the name of its owner."""
    changes: dict[str, str] = {}
    for name in keys:
        if getattr(row, name) == pseudonym.key[0]:
            changes[name] = pseudonym.key[1]
            if hasattr(row, name.removesuffix("_key")):
                changes[name.removesuffix("_key")] = SOMEBODY
    for name in jsons:
        kept = getattr(row, name)
        if kept and (replaced := pseudonym.applied(kept)) != kept:
            changes[name] = replaced
    for name, value in changes.items():
        setattr(row, name, value)
    if changes:
        row.save(update_fields=list(changes))
    return bool(changes)


def _change_checkpoints(pseudonym: Pseudonym, playlist_id: int, lease: Lease) -> int:
    rows, changed = Checkpoint.objects.filter(playlist=playlist_id), 0
    for pk in list(rows.order_by("revision").values_list("pk", flat=True)):
        row = rows.filter(pk=pk).first()
        if row is not None:
            kept = inflated(row.body)
            replaced = pseudonym.applied(kept).encode()
            if replaced != kept:
                rows.filter(pk=pk).update(body=deflated(replaced))
                changed += 1
            lease.keep()
    return changed
