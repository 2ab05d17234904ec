"""The AsyncAPI document: whole, and generated from what the server speaks."""

from __future__ import annotations

from typing import Any, get_args

from jsonschema import Draft7Validator
from msgspec import Struct

from playlist import types
from playlist.commands.table import SOCKET_COMMANDS
from realtime import frames
from tests.api.client import Api


def the_document() -> dict[str, Any]:
    answer = Api().get("asyncapi.json")
    assert answer.status == 200
    loaded: dict[str, Any] = answer.json
    return loaded


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for value in node.values() for found in references(value)]
    return [found for value in node for found in references(value)] if isinstance(node, list) else []


def test_everything_that_is_referred_to_is_there() -> None:
    document = the_document()
    assert document["asyncapi"].startswith("3.")
    found = references(document)
    assert len(found) > 100
    for reference in found:
        node: Any = document
        for name in reference.removeprefix("#/").split("/"):
            node = node[name]
    for schema in document["components"]["schemas"].values():
        Draft7Validator.check_schema(schema)


def test_everything_that_is_there_is_referred_to() -> None:
    document = the_document()
    found = set(references(document))
    assert {f"#/components/schemas/{name}" for name in document["components"]["schemas"]} <= found
    assert all(operation["description"] for operation in document["operations"].values())


def test_every_address_is_a_channel_at_a_server() -> None:
    document = the_document()
    addresses = {channel["address"] for channel in document["channels"].values()}
    assert addresses == {"/ws", "/ws/playlists/{slug}", "/api/stream", "/api/playlists/{slug}/stream"}
    for channel in document["channels"].values():
        assert channel["servers"]
        assert channel["tags"]
        assert ("parameters" in channel) == ("{slug}" in channel["address"])
    assert {server["protocol"] for server in document["servers"].values()} == {"ws", "http"}
    assert {tag["name"] for tag in document["info"]["tags"]} == {"v1", "plain", "stream"}


def test_every_frame_and_every_command_is_in_it() -> None:
    document = the_document()
    told = {
        value
        for name in document["channels"]["v1"]["messages"]
        for value in document["components"]["schemas"][name]["properties"]["type"]["enum"]
    }
    kinds = [kind for kind in vars(frames).values() if isinstance(kind, type) and issubclass(kind, Struct)]
    tags = {str(kind.__struct_config__.tag) for kind in kinds if kind.__struct_config__.tag}
    events = {str(kind.__struct_config__.tag) for kind in get_args(types.AnyEvent)}
    assert tags - events == told - {"command"}, "plain mode has events with more in them"
    commands = {
        schema["properties"]["command"]["enum"][0]
        for name, schema in document["components"]["schemas"].items()
        if name.endswith("Command")
    }
    assert commands == set(SOCKET_COMMANDS) < {str(kind.__struct_config__.tag) for kind in get_args(types.AnyCommand)}
