"""The queue, mounted twice: for any playlist, and at /api/playlist for `main`."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from msgspec import UnsetType
from rest_framework.request import Request

from playlist import types
from playlist.errors import invalid, item_not_found
from playlist.parsing import parse_command
from playlist.rest.answers import answer, entity_tag, not_modified, tagged
from playlist.rest.authentication import actor_of
from playlist.rest.openapi import operation
from playlist.rest.requests import body_of
from playlist.rest.view import View, submit
from playlist.selectors.items import item_for, items_for
from playlist.selectors.playlists import playlist_by_slug, readable_playlist
from playlist.selectors.queue import queue_explained
from playlist.selectors.reading import consistent_read


def item_id_from(text: str) -> UUID:
    """The item id in a path. Raises ITEM_NOT_FOUND if it is not a UUID."""
    try:
        return UUID(text)
    except ValueError:
        raise item_not_found() from None


class ItemAdd(View):
    """Adding at /api/playlist/add, for older clients."""

    @operation(
        "Add a track to the queue; with `track_ids` (200 at most) several in a row, answered by an array of items",
        body=types.NewItem,
        answers={201: types.Item},
        errors=[
            "MISSING_TRACK_ID",
            "TRACK_NOT_FOUND",
            "NO_AUDIO",
            "PLAYLIST_NOT_FOUND",
            "DUPLICATE_TRACK",
            "LIMIT_REACHED",
            "TOO_LONG",
            "PLAYED_RECENTLY",
            "BLOCKED",
            "CONFLICT",
            "OP_CONFLICT",
        ],
        writes=True,
        keyed=True,
        tag="queue",
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        if isinstance(request.data, dict) and "track_ids" in request.data:
            return answer(submit(request, slug, parse_command(request.data, types.TracksAdd)), 201)
        return answer(submit(request, slug, parse_command(request.data, types.TrackAdd)), 201)


class ItemList(ItemAdd):
    @operation(
        "The queue in playing order",
        answers={200: types.Item},
        many=True,
        errors=["PLAYLIST_NOT_FOUND"],
        tag="queue",
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        actor = actor_of(request)
        etag = entity_tag(readable_playlist(slug, actor), actor)
        if unchanged := not_modified(request, etag):
            return unchanged
        with consistent_read():
            playlist = playlist_by_slug(slug)
            items = items_for(playlist, actor)
        return tagged(answer(items), entity_tag(playlist, actor))


class Queue(View):
    @operation(
        "What is still to play, in playing order: when it starts if nothing changes, and why it stands there",
        answers={200: types.Queued},
        many=True,
        errors=["PLAYLIST_NOT_FOUND"],
        tag="queue",
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        return answer(queue_explained(readable_playlist(slug, actor_of(request))))


class ItemDetail(View):
    @operation("One item", answers={200: types.Item}, errors=["PLAYLIST_NOT_FOUND", "ITEM_NOT_FOUND"], tag="queue")
    def get(self, request: Request, slug: str, item_id: str) -> HttpResponse:
        actor = actor_of(request)
        playlist = readable_playlist(slug, actor)
        return answer(item_for(playlist, item_id_from(item_id), actor))

    @operation(
        "Move an item, play it, pause it",
        body=types.ItemChanges,
        answers={200: types.Item},
        errors=["PLAYLIST_NOT_FOUND", "ITEM_NOT_FOUND", "CONFLICT", "OP_CONFLICT"],
        writes=True,
        keyed=True,
        tag="queue",
    )
    def patch(self, request: Request, slug: str, item_id: str) -> HttpResponse:
        target = item_id_from(item_id)
        commands = _commands_for(target, body_of(request, types.ItemChanges))
        if not commands:
            return self.get(request, slug, item_id)
        # A move by itself is answered by its item, and is the same payload under its key as `track.move` on a socket.
        alone = len(commands) == 1 and isinstance(commands[0], types.TrackMove)
        return answer(submit(request, slug, *commands, answer_item=None if alone else target))

    @operation(
        "Remove an item; if it plays, the next one starts",
        answers={204: None},
        errors=["VALIDATION_ERROR", "PLAYLIST_NOT_FOUND", "ITEM_NOT_FOUND", "OP_CONFLICT", "RATE_LIMITED"],
        keyed=True,
        tag="queue",
    )
    def delete(self, request: Request, slug: str, item_id: str) -> HttpResponse:
        submit(request, slug, types.TrackRemove(id=item_id_from(item_id)))
        return HttpResponse(status=204)


def _commands_for(item_id: UUID, changes: types.ItemChanges) -> list[types.AnyCommand]:
    """The commands of a PATCH: a move, a play or pause, or both."""
    commands: list[types.AnyCommand] = []
    moves = [name for name in ("position", "after") if not isinstance(getattr(changes, name), UnsetType)]
    if len(moves) == 2:
        raise invalid("position", "give either position or after")
    if moves:
        commands.append(types.TrackMove(id=item_id, position=changes.position, after=changes.after))
    if changes.is_playing is True:
        commands.append(types.PlaybackPlay(item_id=item_id))
    elif changes.is_playing is False:
        commands.append(types.PlaybackPause(item_id=item_id))
    return commands


class ItemRestore(View):
    @operation(
        "Restore a removed item to its place, with its votes; for its remover, the host and cohosts",
        answers={200: types.Item},
        errors=[
            "VALIDATION_ERROR",
            "FORBIDDEN",
            "PLAYLIST_NOT_FOUND",
            "ITEM_NOT_FOUND",
            "TRACK_NOT_FOUND",
            "DUPLICATE_TRACK",
            "LIMIT_REACHED",
            "TOO_LONG",
            "PLAYED_RECENTLY",
            "BLOCKED",
            "OP_CONFLICT",
            "RATE_LIMITED",
        ],
        keyed=True,
        tag="queue",
    )
    def post(self, request: Request, slug: str, item_id: str) -> HttpResponse:
        return answer(submit(request, slug, types.TrackRestore(id=item_id_from(item_id))))


class ItemBoost(View):
    @operation(
        "Let a waiting item play next; the host and cohosts without limit, others `boosts_per_hour`",
        answers={200: types.Item},
        errors=[
            "VALIDATION_ERROR",
            "PLAYLIST_NOT_FOUND",
            "ITEM_NOT_FOUND",
            "CONFLICT",
            "NO_BOOSTS_LEFT",
            "OP_CONFLICT",
            "RATE_LIMITED",
        ],
        keyed=True,
        tag="queue",
    )
    def post(self, request: Request, slug: str, item_id: str) -> HttpResponse:
        return answer(submit(request, slug, types.TrackBoost(id=item_id_from(item_id))))


class ItemVote(View):
    @operation(
        "Vote: up, down or none; the last one counts",
        body=types.VoteInput,
        answers={200: types.Item},
        errors=["INVALID_DIRECTION", "PLAYLIST_NOT_FOUND", "ITEM_NOT_FOUND", "OP_CONFLICT"],
        writes=True,
        keyed=True,
        tag="queue",
    )
    def post(self, request: Request, slug: str, item_id: str) -> HttpResponse:
        target = item_id_from(item_id)
        direction = parse_command({**_object(request.data), "id": str(target)}, types.TrackVote)
        return answer(submit(request, slug, direction))


def _object(body: object) -> dict[str, object]:
    if not isinstance(body, dict):
        raise invalid("body", "must be an object")
    return body
