"""The AsyncAPI 3 document of everything live, generated from the frames' types.

https://www.asyncapi.com/docs/reference/specification/v3.0.0
"""

from __future__ import annotations

from functools import cache
from typing import Any, get_args

from playlist import schemas, types
from playlist.commands.table import SOCKET_COMMANDS
from realtime import frames

_EVENTS: tuple[type, ...] = get_args(types.AnyEvent)
#: In plain mode a reordering is the whole list, and a vote or a move the whole item.
_SINGLE_EVENTS: tuple[type, ...] = (
    *(kind for kind in _EVENTS if kind not in (types.PlaylistReordered, types.TrackVoted, types.TrackMoved)),
    frames.PlainReordered,
    frames.PlainVoted,
    frames.PlainMoved,
)
_V1_OUT: tuple[type, ...] = (
    frames.Welcome,
    frames.SnapshotPage,
    frames.ChangesFrame,
    frames.MyVotes,
    frames.Ack,
    frames.Nack,
    frames.Presence,
    frames.ServerPing,
    frames.ServerTime,
    frames.GoingAway,
    frames.ErrorFrame,
)
_V1_IN: tuple[type, ...] = (frames.Hello, frames.Pong, frames.Time)
_PLAIN_OUT: tuple[type, ...] = (*_SINGLE_EVENTS, frames.PlainPing, frames.PlainPong, frames.ErrorFrame)
_PLAIN_IN: tuple[type, ...] = (frames.Ping, frames.Pong)
_STREAM_OUT: tuple[type, ...] = (*_SINGLE_EVENTS, frames.PlainPing)


@cache
def document() -> dict[str, Any]:
    """The whole document, as JSON."""
    commands: dict[str, Any] = {f"{kind.__name__}Command": _command_frame(kind) for kind in SOCKET_COMMANDS.values()}
    kinds = {*_V1_OUT, *_V1_IN, *_PLAIN_OUT, *_PLAIN_IN, *_STREAM_OUT, *_EVENTS}
    messages = [*sorted(kind.__name__ for kind in kinds), *commands]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Playlist server, live",
            "version": str(frames.VERSION.rpartition(".v")[2]),
            "description": "Everybody in a room sees a change at once. Each change is an event with the next revision.",
        },
        "defaultContentType": "application/json",
        "channels": {
            "v1": _channel(
                "/ws/playlists/{slug}",
                "Subprotocol `playlist.v1`: exact resume, commands with an answer. For `main` also /ws.",
                [*_names(_V1_OUT), *_names(_V1_IN), *commands],
            ),
            "plain": _channel(
                "/ws/playlists/{slug}",
                "Without a subprotocol: each event is a frame. For `main` also /ws.",
                [*_names(_PLAIN_OUT), *(name for name in _names(_PLAIN_IN) if name not in _names(_PLAIN_OUT))],
            ),
            "stream": _channel(
                "/api/playlists/{slug}/stream",
                "Server-sent events: each event is one, with `REVISION.STAMP` as its id. For `main` also /api/stream.",
                _names(_STREAM_OUT),
            ),
        },
        "operations": {
            "sendV1": _operation("send", "v1", _names(_V1_OUT)),
            "receiveV1": _operation("receive", "v1", [*_names(_V1_IN), *commands]),
            "sendPlain": _operation("send", "plain", _names(_PLAIN_OUT)),
            "receivePlain": _operation("receive", "plain", _names(_PLAIN_IN)),
            "sendStream": _operation("send", "stream", _names(_STREAM_OUT)),
        },
        "components": {
            "messages": {name: {"name": name, "payload": schemas.reference(name)} for name in messages},
            "schemas": _plainly({**schemas.components({*kinds, *SOCKET_COMMANDS.values()}), **commands}),
        },
    }


def _command_frame(kind: type[types.AnyCommand]) -> dict[str, Any]:
    """A command as a frame: its own fields, and those that every command has."""
    own = schemas.components([kind])[kind.__name__]
    return {
        **own,
        "title": f"{kind.__name__}Command",
        "properties": {
            "type": {"enum": ["command"]},
            "op_id": {"type": "string", "minLength": 1, "maxLength": 64},
            **own["properties"],
        },
        "required": ["type", "op_id", *own["required"]],
    }


def _plainly(schema: Any) -> Any:
    """A discriminator is a field's name here, and no object as in OpenAPI."""
    if isinstance(schema, dict):
        told = {name: _plainly(value) for name, value in schema.items()}
        if isinstance(told.get("discriminator"), dict):
            told["discriminator"] = told["discriminator"]["propertyName"]
        return told
    return [_plainly(value) for value in schema] if isinstance(schema, list) else schema


def _names(kinds: tuple[type, ...]) -> list[str]:
    return [kind.__name__ for kind in kinds]


def _channel(address: str, description: str, names: list[str]) -> dict[str, Any]:
    return {
        "address": address,
        "description": description,
        "parameters": {"slug": {"description": "The playlist's slug.", "default": "main"}},
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
    }


def _operation(action: str, channel: str, names: list[str]) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in names],
    }
