"""The AsyncAPI 3 document of everything live, generated from the frames' types.

https://www.asyncapi.com/docs/reference/specification/v3.0.0
"""

from __future__ import annotations

from functools import cache
from typing import get_args

from playlist import schemas, types
from playlist.commands.table import SOCKET_COMMANDS
from realtime import frames
from realtime.ways import Way

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
_V1_IN: tuple[type, ...] = (frames.Hello, frames.Pong, frames.Time, frames.Speaker)
_PLAIN_OUT: tuple[type, ...] = (*_SINGLE_EVENTS, frames.PlainPing, frames.PlainPong, frames.ErrorFrame)
_PLAIN_IN: tuple[type, ...] = (frames.Ping, frames.Pong)
_STREAM_OUT: tuple[type, ...] = (*_SINGLE_EVENTS, frames.PlainPing)


@cache
def document() -> dict[str, object]:
    """The whole document, as JSON."""
    kinds = {*_V1_OUT, *_V1_IN, *_PLAIN_OUT, *_PLAIN_IN, *_STREAM_OUT, *_EVENTS}
    shapes = schemas.components({*kinds, *SOCKET_COMMANDS.values()})
    commands: dict[str, object] = {}
    for name in _names(tuple(SOCKET_COMMANDS.values())):
        commands[f"{name}Command"] = _command_frame(shapes.pop(name), f"{name}Command")
    messages = [*sorted(kind.__name__ for kind in kinds), *commands]
    ways = _ways(list(commands))
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Playlist server, live",
            "version": str(frames.VERSION.rpartition(".v")[2]),
            "description": "Everybody in a room sees a change at once. Each change is an event with the next revision.",
            "license": {"name": "MIT"},
            "tags": [{"name": way.key, "description": way.description} for way in ways],
        },
        "defaultContentType": "application/json",
        "servers": {
            "sockets": _server("ws", "Sockets; wss behind a proxy that speaks TLS."),
            "streams": _server("http", "Server-sent events; https behind a proxy that speaks TLS."),
        },
        "channels": {key: channel for way in ways for key, channel in way.channels().items()},
        "operations": {key: operation for way in ways for key, operation in way.operations().items()},
        "components": {
            "messages": {name: _message(name) for name in messages},
            "schemas": _plainly({**shapes, **commands}),
        },
    }


def _ways(commands: list[str]) -> tuple[Way, ...]:
    """The ways to listen; `commands` are the names of the frames that only `playlist.v1` takes."""
    sockets = ("/ws/playlists/{slug}", "/ws")
    return (
        Way(
            key="v1",
            title="V1",
            server="sockets",
            addresses=sockets,
            description="Subprotocol `playlist.v1`: exact resume, commands with an answer.",
            sends=_names(_V1_OUT),
            receives=[*_names(_V1_IN), *commands],
        ),
        Way(
            key="plain",
            title="Plain",
            server="sockets",
            addresses=sockets,
            description="Without a subprotocol: each event is a frame.",
            sends=_names(_PLAIN_OUT),
            receives=_names(_PLAIN_IN),
        ),
        Way(
            key="stream",
            title="Stream",
            server="streams",
            addresses=("/api/playlists/{slug}/stream", "/api/stream"),
            description="Server-sent events: each event is one, with `REVISION.STAMP` as its id.",
            sends=_names(_STREAM_OUT),
            receives=[],
        ),
    )


def _server(protocol: str, description: str) -> dict[str, object]:
    host = {"default": "localhost:8000", "description": "Where this server is reached."}
    return {"host": "{host}", "protocol": protocol, "description": description, "variables": {"host": host}}


def _message(name: str) -> dict[str, object]:
    return {"name": name, "title": name, "contentType": "application/json", "payload": schemas.reference(name)}


def _command_frame(own: schemas.Document, title: str) -> dict[str, object]:
    """A command as a frame: its own fields, and those that every command has."""
    return {
        **own,
        "title": title,
        "properties": {
            "type": {"type": "string", "enum": ["command"]},
            "op_id": {"type": "string", "minLength": 1, "maxLength": 64},
            **own["properties"],
        },
        "required": ["type", "op_id", *own["required"]],
    }


def _plainly(schema: object) -> object:
    """AsyncAPI names the discriminating field itself, where OpenAPI has an object."""
    if isinstance(schema, dict):
        told = {name: _plainly(value) for name, value in schema.items()}
        discriminator = told.get("discriminator")
        if isinstance(discriminator, dict):
            told["discriminator"] = discriminator["propertyName"]
        return told
    return [_plainly(value) for value in schema] if isinstance(schema, list) else schema


def _names(kinds: tuple[type, ...]) -> list[str]:
    return [kind.__name__ for kind in kinds]
