"""The generated schema is valid, complete, and what the server really does (schemathesis)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast, get_args

import pytest
import schemathesis
from django.test import Client
from django.urls import get_resolver
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from playlist import types
from playlist_backend.wsgi import application
from tests.api.client import Api, account

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]


def the_schema() -> dict[str, Any]:
    answer = Api().get("schema?format=json", Accept="application/vnd.oai.openapi+json")
    assert answer.status == 200
    loaded: dict[str, Any] = answer.json
    return loaded


def test_the_schema_is_valid_openapi_3_1() -> None:
    schema = the_schema()
    assert schema["openapi"].startswith("3.1")
    validate(schema)


def test_every_address_is_in_the_schema() -> None:
    paths = the_schema()["paths"]
    for pattern in get_resolver("playlist.rest.urls").url_patterns:
        path = str(pattern.pattern).replace("<str:", "{").replace("<int:", "{").replace(">", "}")
        assert f"/api/{path}" in paths or path in ("schema", "docs"), path
    for operations in paths.values():
        for operation in operations.values():
            assert operation["summary"]


def every_part(node: Any) -> Iterator[dict[str, Any]]:
    """Every object within a document, itself included."""
    if isinstance(node, dict):
        yield node
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from every_part(value)


def test_generators_of_clients_find_everything_spelled_out() -> None:
    schema = the_schema()
    assert schema["servers"][0]["url"] == "/"
    assert schema["info"]["license"]["identifier"] == "MIT"
    events = schema["components"]["schemas"]["EventPage"]["properties"]["events"]["items"]
    assert len(events["oneOf"]) == len(events["discriminator"]["mapping"]) == len(get_args(types.AnyEvent))
    assert schema["components"]["schemas"]["ErrorBody"]["properties"]["details"]["additionalProperties"] is True
    parts = list(every_part(schema))
    assert all("type" in part for part in parts if isinstance(part.get("enum"), list))
    assert not [part for part in parts if "anyOf" in part and "discriminator" in part]
    times = ("at", "added_at", "played_at", "created_at")
    for part in parts:
        for name in times:
            if name in part.get("properties", {}):
                assert "date-time" in str(part["properties"][name]), part["title"]


def test_every_parameter_is_described_and_every_body_that_must_be_there_is_required() -> None:
    schema = the_schema()
    shapes = schema["components"]["schemas"]
    for operations in schema["paths"].values():
        for operation in operations.values():
            assert all(parameter["description"] for parameter in operation.get("parameters", ())), operation["summary"]
            if body := operation.get("requestBody"):
                content = body["content"].get("application/json")
                needed = shapes[content["schema"]["$ref"].rpartition("/")[2]]["required"] if content else ["the file"]
                assert body["required"] == bool(needed), operation["summary"]
    parameters = schema["paths"]["/api/playlist/{item_id}"]["get"]["parameters"]
    assert parameters[0]["schema"] == shapes["Item"]["properties"]["id"] == {"type": "string", "format": "uuid"}


def test_the_schema_says_who_must_be_somebody() -> None:
    paths = the_schema()["paths"]
    for path, method, needs in (
        ("/api/playlist", "post", False),
        ("/api/playlists", "get", False),
        ("/api/stream", "get", False),
        ("/api/playlists", "post", True),
        ("/api/tracks", "post", True),
        ("/api/user/me", "get", True),
    ):
        operation = paths[path][method]
        assert ({} not in operation["security"]) == needs, path
        assert {"bearer": []} in operation["security"]
    tags = {tag["name"] for tag in the_schema()["tags"]}
    for operations in paths.values():
        for operation in operations.values():
            assert operation["description"]
            assert set(operation["tags"]) <= tags


def test_the_streams_are_in_the_schema() -> None:
    for path in ("/api/stream", "/api/playlists/{slug}/stream"):
        operation = the_schema()["paths"][path]["get"]
        assert "text/event-stream" in operation["responses"]["200"]["content"]


def test_the_documentation_works_offline() -> None:
    client = Client(SERVER_NAME="localhost")
    for path in ("/api/docs/", "/api/docs"):
        page = client.get(path)
        assert page.status_code == 200
        text = page.content.decode()
        assert "swagger-ui" in text
        assert "http://" not in text.replace("http://localhost", "").replace("http://www.w3.org", "")
        assert "https://" not in text
    assert client.get("/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js").status_code == 200


@pytest.mark.once
@pytest.mark.usefixtures("tracks")
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_the_server_does_what_the_schema_says(settings: Any, mode: GenerationMode) -> None:
    """Whatever is sent: no 5xx, no status and no body that the schema does not have."""
    settings.REST_WRITES_BURST = 10**9
    anna = account("anna")
    item = anna.post("playlist", {"track_id": "track-1"}).json["id"]
    schema = schemathesis.openapi.from_dict(the_schema())
    schema.app = application
    known = {"slug": "main", "item_id": item, "track_id": "track-2", "user_id": anna.get("user/me").json["user"]["id"]}
    for result in schema.get_all_operations():
        operation = cast(Any, result).ok()
        if operation.path.endswith(("/stream", "/upload")):
            continue  # the loop answers it, in front of Django
        try:
            _try(operation, known, anna.token, mode)
        except Unsatisfiable:  # nothing can be wrong about a few texts in an address
            assert mode is GenerationMode.NEGATIVE
            assert not list(operation.body)


def _try(operation: Any, known: dict[str, Any], token: str | None, mode: GenerationMode) -> None:
    ends_the_session = operation.path == "/api/user/logout"

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(case=operation.as_strategy(generation_mode=mode))
    def attempt(case: Any) -> None:
        case.path_parameters = {
            name: known.get(name, value) if len(str(value)) % 2 else value
            for name, value in (case.path_parameters or {}).items()
        }
        headers = {"Host": "localhost"}
        if token and not ends_the_session and len(str(case.body)) % 3:
            headers["Authorization"] = f"Bearer {token}"
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS)

    attempt()
