"""The AsyncAPI 3 document of everything live, generated from the frames' types.

https://www.asyncapi.com/docs/reference/specification/v3.0.0
"""

from __future__ import annotations

from functools import cache
from typing import get_args

from msgspec import Struct

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


class Way(Struct, frozen=True):
    """One way to listen, at two addresses: for any room, and for `main`."""

    key: str
    title: str
    server: str
    addresses: tuple[str, str]
    description: str
    sends: list[str]
    receives: list[str]

    def channels(self) -> dict[str, object]:
        """Key → channel."""
        of_any, of_main = self.addresses
        slug = {"slug": {"description": "The room's slug.", "default": "main"}}
        return {
            self.key: {**self._channel(of_any, self.description), "parameters": slug},
            f"{self.key}Main": self._channel(of_main, f"{self.description} For the playlist `main`."),
        }

    def _channel(self, address: str, description: str) -> dict[str, object]:
        return {
            "address": address,
            "description": description,
            "servers": [{"$ref": f"#/servers/{self.server}"}],
            "tags": [{"name": self.key}],
            "messages": {
                name: {"$ref": f"#/components/messages/{name}"} for name in dict.fromkeys([*self.sends, *self.receives])
            },
        }

    def operations(self) -> dict[str, object]:
        """Key → operation, of what the server sends and receives."""
        found: dict[str, object] = {}
        for suffix in ("", "Main"):
            for action, names in (("send", self.sends), ("receive", self.receives)):
                if names:
                    found[f"{action}{self.title}{suffix}"] = self._operation(action, f"{self.key}{suffix}", names)
        return found

    def _operation(self, action: str, channel: str, names: list[str]) -> dict[str, object]:
        return {
            "action": action,
            "summary": f"What the server {action}s",
            "description": self.description,
            "tags": [{"name": self.key}],
            "channel": {"$ref": f"#/channels/{channel}"},
            "messages": [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in names],
        }


def _server(protocol: str, description: str) -> dict[str, object]:
    host = {"default": "localhost:8000", "description": "Where this server is reached."}
    return {"host": "{host}", "protocol": protocol, "description": description, "variables": {"host": host}}


def _tag(way: Way) -> dict[str, str]:
    return {"name": way.key, "description": way.description}


@cache
def document() -> dict[str, object]:
    """The whole document, as JSON."""
    kinds = {*_V1_OUT, *_V1_IN, *_PLAIN_OUT, *_PLAIN_IN, *_STREAM_OUT, *_EVENTS}
    shapes = schemas.components({*kinds, *SOCKET_COMMANDS.values()})
    commands: dict[str, object] = {}
    for name in _names(tuple(SOCKET_COMMANDS.values())):
        commands[f"{name}Command"] = _command_frame(shapes.pop(name), f"{name}Command")
    messages = [*sorted(kind.__name__ for kind in kinds), *commands]
    ways = (
        Way(
            key="v1",
            title="V1",
            server="sockets",
            addresses=("/ws/playlists/{slug}", "/ws"),
            description="Subprotocol `playlist.v1`: exact resume, commands with an answer.",
            sends=_names(_V1_OUT),
            receives=[*_names(_V1_IN), *commands],
        ),
        Way(
            key="plain",
            title="Plain",
            server="sockets",
            addresses=("/ws/playlists/{slug}", "/ws"),
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
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Playlist server, live",
            "version": str(frames.VERSION.rpartition(".v")[2]),
            "description": "Everybody in a room sees a change at once. Each change is an event with the next revision.",
            "license": {"name": "MIT"},
            "tags": [_tag(way) for way in ways],
        },
        "defaultContentType": "application/json",
        "servers": {
            "sockets": _server("ws", "Sockets; wss behind a proxy that speaks TLS."),
            "streams": _server("http", "Server-sent events; https behind a proxy that speaks TLS."),
        },
        "channels": {key: channel for way in ways for key, channel in way.channels().items()},
        "operations": {key: operation for way in ways for key, operation in way.operations().items()},
        "components": {
            "messages": {
                name: {
                    "name": name,
                    "title": name,
                    "contentType": "application/json",
                    "payload": schemas.reference(name),
                }
                for name in messages
            },
            "schemas": _plainly({**shapes, **commands}),
        },
    }


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
